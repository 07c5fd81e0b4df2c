/* eval.h - the core without a database: one JSON object a line in, one a line out.
 *
 *     {"id":1,"op":"coverage.check",…} -> {"id":1,"ok":true,"result":{…}}
 *                                      or {"id":1,"ok":false,"error":{code,detail,pointer,errors}}
 */
#ifndef ENT_CLI_EVAL_H
#define ENT_CLI_EVAL_H

#include "base/text.h"
#include "json/json.h"

/* Answer one line into `out` (without a newline). Whatever it is, it is answered. */
void ent_eval_line(ent_str line, struct ent_arena *arena, struct ent_text *out);

/* What an operation gets and gives: its result as JSON text. */
typedef enum ent_code ent_eval_op(const struct ent_node *input, struct ent_arena *arena,
                                  ent_str *result, struct ent_error *error);

#define ENT_EVAL(name, function, summary) ent_eval_op function;
#include "cli/eval.def"

#endif
