#include "json/sla.h"

#include "json/sla_inner.h"

enum { PAUSE_STATUSES = 50 };

void ent_sla_rules_read(const struct ent_node *node, const char *prefix, struct ent_arena *arena,
                        struct ent_sla_version *out, struct ent_error *error)
{
	struct ent_sla_reader reader = { arena, error };
	ent_sla_rules(&reader, node, prefix, out);
}

/* ---- a whole version ---- */

static void read_rules(struct ent_sla_reader *r, const struct ent_sla_member *member,
                       const struct ent_node *node, const char *place, void *out)
{
	(void)member;
	ent_sla_rules(r, node, place, out);
}

#define AT(member_) .offset = offsetof(struct ent_sla_version, member_)

static const struct ent_sla_member version_members[] = {
	{ .name = "rules", .read = read_rules },
	{ .name = "calendar_id", .read = ent_sla_id, AT(calendar_id), .more = "cal" },
	{ .name = "pause_statuses",
	  .read = ent_sla_statuses,
	  AT(pause_statuses),
	  .limit = PAUSE_STATUSES },
	{ .name = "pause_criteria", .read = ent_sla_expression, AT(pause) },
	{ .name = "exit_criteria", .read = ent_sla_expression, AT(exit) },
};

void ent_sla_version_read(const struct ent_node *node, const char *prefix, struct ent_arena *arena,
                          struct ent_sla_version *out, struct ent_error *error)
{
	struct ent_sla_reader reader = { arena, error };
	*out = (struct ent_sla_version){ 0 };
	uint64_t given = ent_sla_object(&reader, node, prefix, version_members,
	                                ENT_COUNT(version_members), out);
	if (node->kind == ENT_JSON_OBJECT && (given & 1) == 0) {
		ent_note(error, ENT_E_REQUIRED, ent_sla_below(&reader, prefix, "rules"), NO_TEXT,
		         "give an array of rules");
	}
}

/* ---- stored ---- */

/* An expression of a column of its own. */
static void compile(struct ent_sla_reader *r, ent_str text, const char *place,
                    const struct ent_expression **out)
{
	size_t first = r->error->issue_count;
	if (text.len > 0 &&
	    ent_expression_compile(text, &ent_sla_scope, r->arena, out, r->error) != ENT_OK) {
		ent_error_nest(r->error, first, place);
	}
}

static struct ent_words copy_words(struct ent_words words, struct ent_arena *arena)
{
	ent_str *items = ENT_NEW(arena, ent_str, words.count);
	for (size_t i = 0; i < words.count; i++) {
		items[i] = ent_text_copy(arena, words.items[i]);
	}
	return (struct ent_words){ items, words.count };
}

enum ent_code ent_sla_version_check(const struct ent_sla_policy_version *row,
                                    struct ent_arena *arena, struct ent_sla_version *out,
                                    struct ent_error *error)
{
	struct ent_sla_reader reader = { arena, error };
	const struct ent_node *node = NULL;
	*out = (struct ent_sla_version){
		.id = row->id,
		.sla_policy_id = row->sla_policy_id,
		.calendar_id = row->calendar_id,
		.pause_statuses = copy_words(row->pause_statuses, arena),
	};
	compile(&reader, row->pause_criteria, "/pause_criteria", &out->pause);
	compile(&reader, row->exit_criteria, "/exit_criteria", &out->exit);
	enum ent_code code = ent_json_parse(row->rules.text, arena, &node, error);
	if (code == ENT_OK) {
		ent_sla_rules(&reader, node, "/rules", out);
		code = ent_noted(error);
	}
	return code;
}

enum ent_code ent_sla_version_load(const struct ent_sla_policy_version *row,
                                   struct ent_arena *arena, struct ent_sla_version *out,
                                   struct ent_error *error)
{
	struct ent_error own;
	ent_error_clear(&own);
	enum ent_code code = ent_sla_version_check(row, arena, out, &own);
	if (code != ENT_OK) {
		char id[ENT_ID_ROOM];
		ent_id_format(row->id, ent_sla_policy_version_type.prefix, id);
		return ent_fail(error, ENT_E_STORAGE, "the rules of %s: %s", id, own.detail);
	}
	return ENT_OK;
}
