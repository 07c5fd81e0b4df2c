/* openapi.h - the parts that openapi*.c write the description from. */
#ifndef ENT_API_OPENAPI_H
#define ENT_API_OPENAPI_H

#include "api/doc.h"
#include "api/route.h"

/* "api_key" as ApiKey, "input_top_up" as TopUpInput. */
struct ent_pascal {
	char text[64];
};
struct ent_pascal ent_pascal(const struct ent_type *type);

/* How a value of a described type is used. */
enum ent_use { ENT_USE_REPLY, ENT_USE_CREATE, ENT_USE_PATCH };

/* The schema of an identifier of this type, null too or not. */
void ent_openapi_id(struct ent_doc *doc, const struct ent_type *target, bool nullable);
/* "'enum':[…]" */
void ent_openapi_enum(struct ent_doc *doc, const struct ent_names *names, bool nullable);

/* Does `expand` take this reference? */
bool ent_openapi_is_expandable(const struct ent_field *field);

/* A JSON field's value: a reference to its shape; and the shapes themselves. */
void ent_openapi_shape(struct ent_doc *doc, const char *shape, bool patch, bool nullable);
void ent_openapi_shapes(struct ent_doc *doc);

/* components/schemas: of the tables, of filters, and of all else. */
void ent_openapi_schemas(struct ent_doc *doc);
void ent_openapi_filters(struct ent_doc *doc);
void ent_openapi_other_schemas(struct ent_doc *doc);
void ent_openapi_reports(struct ent_doc *doc);
/* The members of a described type, each after a comma where one is needed. */
void ent_openapi_fields(struct ent_doc *doc, const struct ent_type *type, enum ent_use use);

/* components/parameters, headers, responses, securitySchemes. */
void ent_openapi_shared(struct ent_doc *doc);

/* Of components/parameters: `expand` and `fields` of every type. */
void ent_openapi_shown(struct ent_doc *doc);

/* Members of an operation and of a path. */
void ent_openapi_parameters(struct ent_doc *doc, const struct ent_route *route);
void ent_openapi_path_parameters(struct ent_doc *doc, const struct ent_route *route);
void ent_openapi_body(struct ent_doc *doc, const struct ent_route *route);
void ent_openapi_responses(struct ent_doc *doc, const struct ent_route *route);

/* What a route that is none of an entity takes and gives: names of schemas. */
struct ent_openapi_other {
	const char *operation;
	const char *body; /* NULL: none */
	int status;
	const char *reply; /* NULL: none */
	bool versioned;    /* the reply has an ETag */
	bool cookie;       /* the reply sets one */
};
const struct ent_openapi_other *ent_openapi_other(const struct ent_route *route);

/* An example of a body as a fragment; NULL if there is none. */
const char *ent_openapi_example(const char *operation, bool reply);

bool ent_openapi_takes_body(const struct ent_route *route);
/* Is a version checked (If-Match), or shown (ETag, If-None-Match)? */
bool ent_openapi_takes_version(const struct ent_route *route);
bool ent_openapi_gives_version(const struct ent_route *route);

/* ---- filters, for the metadata too ------------------------------------------------- */

/* The operator's name; NULL beyond the last. */
const char *ent_filter_op_name(unsigned op);
/* Can this filterable field be asked about with it? As ent_query_filter() has it. */
bool ent_filter_op_fits(enum ent_filter_op op, const struct ent_field *field);

#endif
