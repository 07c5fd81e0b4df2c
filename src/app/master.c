/* Accounts, contacts, products, assets, teams: what they check of their own. */
#include "app/entity.h"
#include "base/text.h"
#include "store/zoneinfo.h"

void ent_check_zone(ent_str name, const char *pointer, struct ent_error *error)
{
	const struct ent_zone *zone;
	struct ent_error ignored;
	if (name.len > 0 && ent_zoneinfo_find(name, &zone, &ignored) != ENT_OK) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, pointer, name,
		         "give an IANA zone such as Europe/Berlin");
	}
}

enum ent_code ent_settle_zone(struct ent_call *call, ent_str *name, ent_id account,
                              const struct ent_zone **out, struct ent_error *error)
{
	struct ent_error unknown;
	ent_error_clear(&unknown);
	*out = NULL;
	enum ent_code code = ent_call_zone(call, *name, account, out, &unknown);
	if (code == ENT_E_UNKNOWN_VALUE) {
		*out = NULL;
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/time_zone", *name,
		         "give a time zone of the IANA database, e.g. Europe/Berlin");
		return ENT_OK;
	}
	if (code != ENT_OK) {
		*error = unknown;
		return code;
	}
	*name = (*out)->name;
	return ENT_OK;
}

/* One '@' with something on both sides and no blank: the mail server knows the rest. */
static bool is_plausible(ent_str email)
{
	struct ent_cut cut = ent_str_cut(email, '@');
	return cut.found && cut.head.len > 0 && cut.tail.len > 0 &&
	       !ent_str_cut(cut.tail, '@').found && !ent_str_cut(email, ' ').found;
}

static void check_email(ent_str email, struct ent_error *error)
{
	if (email.len > 0 && !is_plausible(email)) {
		ent_note(error, ENT_E_FORMAT, "/email", email,
		         "give an address like name@example.com");
	}
}

static void check_country(ent_str country, struct ent_error *error)
{
	bool good = country.len == 0 || country.len == 2;
	for (size_t i = 0; i < country.len; i++) {
		good = good && country.ptr[i] >= 'A' && country.ptr[i] <= 'Z';
	}
	if (!good) {
		ent_note(error, ENT_E_FORMAT, "/country", country,
		         "give two capital letters like DE");
	}
}

/* No record may be above itself, and trees stay shallow enough to walk. */
static enum ent_code check_tree(struct ent_call *call, const struct ent_type *type, ent_id id,
                                ent_id parent, struct ent_error *error)
{
	if (ent_id_is_none(parent)) {
		return ENT_OK;
	}
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ent_text_format(call->arena,
	                        "WITH RECURSIVE up(id, parent_id, depth) AS ("
	                        "SELECT id, parent_id, CAST(0 AS BIGINT) FROM %s WHERE id = $1 "
	                        "UNION ALL SELECT a.id, a.parent_id, up.depth + 1 FROM %s a "
	                        "JOIN up ON a.id = up.parent_id WHERE up.depth < %d) "
	                        "SELECT id FROM up",
	                        type->name, type->name, ENT_PATH_MAX),
		ENT_ARGS(ent_arg_id(parent)), call->arena, &rows, error);
	for (const struct ent_row *row = rows.first; code == ENT_OK && row != NULL;
	     row = row->next) {
		if (row->cell[0].number == id.value) {
			ent_note(error, ENT_E_CYCLE, "/parent_id", (ent_str){ NULL, 0 },
			         "name one that is not below this %s", type->name);
			return ENT_OK;
		}
	}
	if (code == ENT_OK && rows.count + 1 >= ENT_PATH_MAX) {
		ent_note(error, ENT_E_LIMIT, "/parent_id", (ent_str){ NULL, 0 },
		         "trees are at most %d deep", ENT_PATH_MAX - 1);
	}
	return code;
}

/* Is the value of this column taken by another record? Notes DUPLICATE. */
enum ent_code ent_check_unique(struct ent_call *call, const struct ent_type *type, ent_id id,
                                  const char *column, ent_str value, struct ent_error *error)
{
	if (value.len == 0) {
		return ENT_OK;
	}
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ent_text_format(call->arena, "SELECT id FROM \"%s\" WHERE %s = $1 AND id <> $2",
	                        type->name, column),
		ENT_ARGS(ent_arg_text(value), ent_arg_id(id)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		ent_note(error, ENT_E_DUPLICATE, ent_text_format(call->arena, "/%s", column).ptr,
		         value, "another %s has it", type->name);
	}
	return code;
}

/* Two changes of one tree must not make a cycle together: they go one after the other. */
static enum ent_code lock_tree(struct ent_call *call, ent_id before, ent_id after,
                               struct ent_error *error)
{
	return ent_id_eq(before, after) ? ENT_OK : ent_call_lock(call, ENT_ID_NONE, error);
}

/* Who sees some trees only can add to them, and nothing that they would not see. */
static void check_place(const struct ent_call *call, const struct ent_account *account,
                        struct ent_error *error)
{
	const struct ent_principal *who = call->who;
	bool below = who->account_trees && !ent_id_is_none(account->parent_id);
	if (who->accounts.count > 0 && !below) {
		ent_note(error, ENT_E_FORBIDDEN, "/parent_id", (ent_str){ NULL, 0 },
		         "name an account whose tree you see");
	}
}

ENT_HOOK_CHECK(ent_account_judge)
{
	(void)given;
	const struct ent_account *account = object;
	const struct ent_account *old = before;
	if (old == NULL) {
		check_place(call, account, error);
	}
	ent_check_zone(account->time_zone, "/time_zone", error);
	check_email(account->email, error);
	check_country(account->country, error);
	enum ent_code code = lock_tree(call, old == NULL ? ENT_ID_NONE : old->parent_id,
	                               account->parent_id, error);
	return code == ENT_OK
	               ? check_tree(call, &ent_account_type, account->id, account->parent_id, error)
	               : code;
}

ENT_HOOK_CHECK(ent_contact_judge)
{
	(void)call;
	(void)before;
	(void)given;
	check_email(((const struct ent_contact *)object)->email, error);
	return ENT_OK;
}

ENT_HOOK_CHECK(ent_product_judge)
{
	(void)given;
	(void)before;
	const struct ent_product *product = object;
	enum ent_code code =
		check_tree(call, &ent_product_type, product->id, product->parent_id, error);
	return code == ENT_OK ? ent_check_unique(call, &ent_product_type, product->id, "code",
	                                     product->code, error)
	                      : code;
}

ENT_HOOK_CHECK(ent_asset_judge)
{
	(void)given;
	(void)before;
	const struct ent_asset *asset = object;
	if (!ent_date_is_none(asset->installed_on) && !ent_date_is_none(asset->ends_on) &&
	    asset->ends_on.day < asset->installed_on.day) {
		ent_note(error, ENT_E_START_AFTER_END, "/ends_on", (ent_str){ NULL, 0 },
		         "give a day that is not before installed_on");
	}
	return check_tree(call, &ent_asset_type, asset->id, asset->parent_id, error);
}

ENT_HOOK_CREATE(ent_asset_create)
{
	enum ent_code code = ent_record_insert(call, &ent_asset_type, object, "created", error);
	return code == ENT_OK ? ent_template_convert(call, object, error) : code;
}

ENT_HOOK_CHECK(ent_team_judge)
{
	(void)given;
	(void)before;
	const struct ent_team *team = object;
	return ent_check_unique(call, &ent_team_type, team->id, "name", team->name, error);
}
