/* expression.h - what is known of an expression, as JSON. */
#ifndef ENT_JSON_EXPRESSION_H
#define ENT_JSON_EXPRESSION_H

#include "core/expression.h"
#include "json/json.h"

/* Is it valid, what is its canonical text, what does it read? Or all that is wrong:
 *     {"valid":true,"expression":"priority = \"high\"","reads":{"case":["priority"]}}
 *     {"valid":false,"faults":[{"code":"unknown_field","at":0,"length":4,"line":1,"column":1,
 *                               "found":"prio","reason":"case has no field prio; did …"}]}
 * `at` and `length` are bytes of UTF-8, `column` counts characters. */
ent_str ent_expression_check_json(ent_str text, const struct ent_expression_scope *scope,
                                  struct ent_arena *arena);

/* What ent_expression_explain() said:
 *     [{"depth":0,"expression":"…","result":false,"fields":"priority is \"normal\""}, …] */
ent_str ent_expression_explain_json(const struct ent_expression *e, const void *const *objects,
                                    struct ent_arena *arena);

#endif
