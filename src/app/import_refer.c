/* What a cell refers to. Nearly all rows refer to something that a row before them did, so the
 * last answers are kept. */
#include "app/import_source.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRIES = 1 << 15 };

struct ent_import_cache {
	struct {
		uint64_t key[2];
		ent_id id;
	} entries[ENTRIES];
};

struct ent_import_cache *ent_import_cache_open(void)
{
	return calloc(1, sizeof(struct ent_import_cache));
}

void ent_import_cache_close(struct ent_import_cache *cache)
{
	free(cache);
}

void ent_import_cache_clear(struct ent_import_cache *cache)
{
	memset(cache, 0, sizeof(*cache));
}

/* ---- finding ----------------------------------------------------------------------------- */

static enum ent_code by_id(struct ent_import_work *work, const struct ent_type *type, ent_id id,
                           ent_id *out, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(work->call->db,
	                   ent_text_format(work->call->arena, "SELECT id FROM \"%s\" WHERE id = $1",
	                                   type->name),
	                   ENT_ARGS(ent_arg_id(id)), work->call->arena, &rows, error);
	if (code == ENT_OK) {
		*out = rows.count > 0 ? id : ENT_ID_NONE;
	}
	return code;
}

/* People are known by their e-mail address everywhere. */
static enum ent_code by_email(struct ent_import_work *work, ent_str text, ent_id *out,
                              struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(work->call->db, ENT_STR("SELECT id FROM \"user\" WHERE email = $1"),
	                   ENT_ARGS(ent_arg_text(text)), work->call->arena, &rows, error);
	if (code == ENT_OK) {
		out->value = rows.count > 0 ? rows.first->cell[0].number : 0;
	}
	return code;
}

/* As people call it, where a source has names for identifiers; only if one alone is called so. */
static enum ent_code by_name(struct ent_import_work *work, const struct ent_type *type,
                             ent_str text, ent_id *out, struct ent_error *error)
{
	static const struct {
		const struct ent_type *type;
		const char *columns[2];
	} names[] = {
		{ &ent_account_type, { "name", "number" } },
		{ &ent_contact_type, { "name", "email" } },
		{ &ent_product_type, { "name", "code" } },
		{ &ent_asset_type, { "name", "serial_number" } },
		{ &ent_contract_type, { "name", "reference" } },
	};
	enum ent_code code = ENT_OK;
	work->is_ambiguous = false;
	for (size_t i = 0; i < 2 * ENT_COUNT(names) && code == ENT_OK; i++) {
		if (names[i / 2].type != type || !ent_id_is_none(*out) || work->is_ambiguous) {
			continue;
		}
		struct ent_rows rows;
		ent_str sql = ent_text_format(work->call->arena,
		                              "SELECT id FROM \"%s\" WHERE %s = $1 LIMIT 2",
		                              type->name, names[i / 2].columns[i % 2]);
		code = ent_db_run(work->call->db, sql, ENT_ARGS(ent_arg_text(text)),
		                  work->call->arena, &rows, error);
		if (code == ENT_OK && rows.count == 1) {
			out->value = rows.first->cell[0].number;
		}
		work->is_ambiguous = code == ENT_OK && rows.count > 1;
	}
	return code;
}

/* As ent_export writes what has no external id: its own identifier, of system "entitled". */
static enum ent_code by_any(struct ent_import_work *work, const struct ent_type *type, ent_str text,
                            ent_id *out, struct ent_error *error)
{
	struct ent_cut cut = ent_str_cut(text, ':');
	ent_id own;
	bool is_own = ent_id_parse(text, type->prefix, &own);
	char salesforce[19];
	ent_str external = text;
	*out = ENT_ID_NONE;
	if (work->reader->options->from == ENT_FROM_SALESFORCE &&
	    ent_salesforce_id(text, salesforce)) {
		external = (ent_str){ salesforce, 18 };
	}
	enum ent_code code = is_own ? by_id(work, type, own, out, error) : ENT_OK;
	if (code == ENT_OK && ent_id_is_none(*out) && type == &ent_user_type) {
		code = by_email(work, text, out, error);
	}
	if (code == ENT_OK && ent_id_is_none(*out)) {
		code = ent_record_external(work->call, type, work->system, external, out, error);
	}
	if (code == ENT_OK && ent_id_is_none(*out) && is_own) {
		code = ent_record_external(work->call, type, ENT_STR("entitled"), text, out, error);
	}
	if (code == ENT_OK && ent_id_is_none(*out) && cut.found && cut.head.len > 0) {
		code = ent_record_external(work->call, type, cut.head, cut.tail, out, error);
	}
	const struct ent_import_source *source =
		ent_import_source_of(work->reader->options->from);
	work->is_ambiguous = false;
	if (code == ENT_OK && ent_id_is_none(*out) && source != NULL && source->has_names) {
		code = by_name(work, type, text, out, error);
	}
	return code;
}

enum ent_code ent_import_find(struct ent_import_work *work, const struct ent_type *type,
                              ent_str text, ent_id *out, struct ent_error *error)
{
	struct ent_import_cache *cache = work->reader->cache;
	uint64_t seed = ent_hash(ent_str_of(type->name), ent_hash(work->system, 1));
	uint64_t key[2] = { ent_hash(text, seed), ent_hash(text, ~seed) };
	size_t at = key[0] % ENTRIES;
	if (cache->entries[at].key[0] == key[0] && cache->entries[at].key[1] == key[1] &&
	    !ent_id_is_none(cache->entries[at].id)) {
		*out = cache->entries[at].id;
		return ENT_OK;
	}
	enum ent_code code = by_any(work, type, text, out, error);
	if (code == ENT_OK && !ent_id_is_none(*out)) {
		cache->entries[at].key[0] = key[0];
		cache->entries[at].key[1] = key[1];
		cache->entries[at].id = *out;
	}
	return code;
}

/* As the row that has it would call itself. */
static void wait_for(struct ent_import_work *work, ent_str text)
{
	char salesforce[19];
	if (work->reader->options->from == ENT_FROM_SALESFORCE &&
	    ent_salesforce_id(text, salesforce)) {
		text = (ent_str){ salesforce, 18 };
	}
	work->waits = true;
	work->waits_for = ent_text_format(
		work->call->arena, "%.*s%s%.*s:%.*s", (int)work->waits_for.len,
		work->waits_for.len > 0 ? work->waits_for.ptr : "",
		work->waits_for.len > 0 ? "\n" : "", (int)work->system.len, work->system.ptr,
		(int)text.len, text.ptr);
}

enum ent_code ent_import_refer(struct ent_import_work *work, const struct ent_type *type,
                               ent_str text, const char *pointer, ent_id *out,
                               struct ent_error *error)
{
	enum ent_code code = ent_import_find(work, type, text, out, error);
	if (code != ENT_OK || !ent_id_is_none(*out)) {
		return code;
	}
	const struct ent_import_object *object = work->reader->object;
	if (type == object->type && !object->adds_contact && !work->last_chance) {
		wait_for(work, text);
		return ENT_OK;
	}
	if (work->is_ambiguous) {
		ent_note(error, ENT_E_NO_SUCH_RECORD, pointer, text,
		         "more than one %s is called so: give its identifier", type->name);
	} else {
		ent_note(error, ENT_E_NO_SUCH_RECORD, pointer, text,
		         "there is no such %s; import it first", type->name);
	}
	return ENT_OK;
}
