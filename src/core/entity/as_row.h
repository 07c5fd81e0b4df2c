/* A line of a .def as a row of the descriptor of ENT_STRUCT,
 * whose type is ENT_SELF. No guard. */
#define ENT_FIELD(type, name, rule, limit, show, meaning) \
	ENT_FIELD_ROW(ENT_STRUCT, type, name, rule, limit, show, meaning)
#define ENT_REF(target, name, rule, show, meaning) \
	ENT_REF_ROW(ENT_STRUCT, target, name, rule, show, meaning)
#define ENT_REFS(target, name, rule, limit, show, meaning) \
	ENT_REFS_ROW(ENT_STRUCT, target, name, rule, limit, show, meaning)
#define ENT_ENUM(type, name, rule, show, meaning) \
	ENT_ENUM_ROW(ENT_STRUCT, type, name, rule, show, meaning)
#define ENT_JSON(shape, name, rule, limit, show, meaning) \
	ENT_JSON_ROW(ENT_STRUCT, shape, name, rule, limit, show, meaning)
#define ENT_MANY(child, name, rule, limit, show, meaning) \
	ENT_MANY_ROW(ENT_STRUCT, child, name, rule, limit, show, meaning)
