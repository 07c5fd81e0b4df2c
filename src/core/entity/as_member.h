/* A line of a .def as a member of the struct. No guard: included once an entity. */
#define ENT_FIELD(type, name, rule, limit, show, meaning)    type name;
#define ENT_REF(target, name, rule, show, meaning)           ent_id name;
#define ENT_REFS(target, name, rule, limit, show, meaning)   struct ent_ids name;
#define ENT_ENUM(type, name, rule, show, meaning)            enum ent_##type name;
#define ENT_JSON(shape, name, rule, limit, show, meaning)    struct ent_json name;
#define ENT_MANY(child, name, rule, limit, show, meaning)    struct ent_children name;
