#include "app/use.h"

#include "base/text.h"

#include <string.h>

enum how { ONE, MANY, TEXT };

static const struct {
	const struct ent_type *named;
	const struct ent_type *namer;
	const char *column;
	enum how how;
} uses[] = {
#define ENT_USE(named_, namer_, column_, how_) \
	{ .named = &ent_##named_##_type,       \
	  .namer = &ent_##namer_##_type,       \
	  .column = #column_,                  \
	  .how = how_ },
#include "app/use.def"
};

/* The first of them, or none. */
static enum ent_code find(struct ent_call *call, size_t at, ent_id id, ent_id *out,
                          struct ent_error *error)
{
	enum how how = uses[at].how;
	char border[ENT_ID_ROOM];
	struct ent_text sql = ent_text_begin(call->arena);
	ent_text_addf(&sql, "SELECT id FROM \"%s\" WHERE ", uses[at].namer->name);
	if (how == MANY) {
		ent_text_addf(&sql, "' ' || %s || ' ' LIKE $1", uses[at].column);
	} else if (how == TEXT) {
		ent_text_addf(&sql, "%s LIKE $1 ESCAPE '!'", uses[at].column);
	} else {
		ent_text_addf(&sql, "%s = $1", uses[at].column);
	}
	ent_text_add(&sql, ENT_STR(" ORDER BY id LIMIT 1"));
	ent_str text = ent_text_end(&sql);
	struct ent_value wanted = ent_arg_id(id);
	if (how == MANY) {
		wanted = ent_arg_text(
			ent_text_format(call->arena, "%% %lld %%", (long long)id.value));
	} else if (how == TEXT) { /* of "cal_0123", the '_' is no wildcard */
		const char *prefix = uses[at].named->prefix;
		ent_id_format(id, prefix, border);
		wanted = ent_arg_text(ent_text_format(call->arena, "%%%s!_%s%%", prefix,
		                                      border + strlen(prefix) + 1));
	}
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db, text, &wanted, 1, call->arena, &rows, error);
	*out = (ent_id){ code == ENT_OK && rows.count > 0 ? rows.first->cell[0].number : 0 };
	return code;
}

enum ent_code ent_use_refuse(struct ent_call *call, const struct ent_type *type, ent_id id,
                             struct ent_error *error)
{
	for (size_t i = 0; i < ENT_COUNT(uses); i++) {
		ent_id user = ENT_ID_NONE;
		enum ent_code code =
			uses[i].named == type ? find(call, i, id, &user, error) : ENT_OK;
		if (code != ENT_OK) {
			return code;
		}
		if (!ent_id_is_none(user)) {
			char text[ENT_ID_ROOM];
			ent_id_format(user, uses[i].namer->prefix, text);
			return ent_fail(error, ENT_E_IN_USE, "%s %s uses this %s",
			                uses[i].namer->name, text, type->name);
		}
	}
	return ENT_OK;
}
