/* coverage.h - coverage questions and answers as JSON, for the API and the command line. */
#ifndef ENT_API_COVERAGE_H
#define ENT_API_COVERAGE_H

#include "app/coverage.h"
#include "json/json.h"

/* {"account_id": …, "product_id": …, …}; notes what is wrong with it. */
ENT_CHECK enum ent_code ent_coverage_read(const struct ent_node *node,
                                          struct ent_coverage_question *out,
                                          struct ent_error *error);

void ent_coverage_write(const struct ent_coverage_answer *answer, ent_id account, ent_instant at,
                        struct ent_text *out);

#endif
