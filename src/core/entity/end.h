/* Ends every entity's .def: the macros that gave its lines a meaning. No guard. */
#undef ENT_FIELD
#undef ENT_REF
#undef ENT_REFS
#undef ENT_ENUM
#undef ENT_JSON
#undef ENT_MANY
