#include "app/due.h"
#include "app/entitlement.h"
#include "app/entitlement_act.h"
#include "app/entity.h"
#include "base/text.h"
#include "core/entitlement_check.h"

#include <stdio.h>

/* What an asset may make of one template; the rest of its quantity needs no rows. */
enum { UNITS_MAX = 1000 };

/* ---- templates ------------------------------------------------------------------------------ */

static enum ent_code check_name(struct ent_call *call, const struct ent_entitlement_template *t,
                                struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT id FROM entitlement_template WHERE name = $1 AND id <> $2"),
		ENT_ARGS(ent_arg_text(t->name), ent_arg_int(t->id.value)), call->arena, &rows,
		error);
	if (code == ENT_OK && rows.count > 0) {
		ent_note(error, ENT_E_DUPLICATE, "/name", t->name,
		         "another template has this name; give another");
	}
	return code;
}

static const struct ent_template_channel *find_channel(const struct ent_entitlement_template *t,
                                                       ent_str channel)
{
	const struct ent_template_channel *rows = t->channels.items;
	for (size_t i = 0; i < t->channels.count; i++) {
		if (ent_str_eq(rows[i].channel, channel)) {
			return &rows[i];
		}
	}
	return NULL;
}

/* The row of a channel is the one with its word. */
static enum ent_code check_channels(struct ent_call *call,
                                    const struct ent_entitlement_template *before,
                                    struct ent_entitlement_template *t, struct ent_error *error)
{
	const struct ent_settings *settings;
	struct ent_template_channel *rows = t->channels.items;
	enum ent_code code = ent_call_settings(call, &settings, error);
	for (size_t i = 0; i < t->channels.count && code == ENT_OK; i++) {
		const struct ent_template_channel *old =
			before == NULL ? NULL : find_channel(before, rows[i].channel);
		rows[i].id = old == NULL ? ENT_ID_NONE : old->id;
		rows[i].template_id = t->id;
		if (old == NULL && settings->channels.count > 0 &&
		    !ent_words_has(settings->channels, rows[i].channel)) {
			char pointer[64];
			snprintf(pointer, sizeof(pointer), "/channels/%zu/channel", i);
			ent_note(error, ENT_E_UNKNOWN_VALUE, pointer, rows[i].channel,
			         "give one of the channels in the settings");
		}
	}
	return code;
}

ENT_HOOK_CHECK(ent_template_judge)
{
	struct ent_entitlement_template *t = object;
	size_t charge_on = ent_type_at(&ent_entitlement_template_type,
	                               ENT_FIELD_OF(entitlement_template, charge_on));
	if (before == NULL) {
		ent_template_default(t, ent_set_has(given, charge_on));
	}
	enum ent_code code = check_name(call, t, error);
	if (code == ENT_OK) {
		code = check_channels(call, before, t, error);
	}
	if (code == ENT_OK) {
		ent_template_check(t, before, error);
	}
	return code;
}

/* ---- what an asset makes of them ------------------------------------------------------------- */

/* Templates of this product or of a family above it. */
static enum ent_code find_templates(struct ent_call *call, ent_id product, struct ent_list *out,
                                    struct ent_error *error)
{
	struct ent_rows up;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("WITH RECURSIVE up(id, parent_id, depth) AS ("
	                "SELECT id, parent_id, 0 FROM product WHERE id = $1 UNION ALL "
	                "SELECT p.id, p.parent_id, up.depth + 1 FROM product p "
	                "JOIN up ON p.id = up.parent_id WHERE up.depth < 32) SELECT id FROM up"),
		ENT_ARGS(ent_arg_id(product)), call->arena, &up, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_text tail = ent_text_begin(call->arena);
	ent_text_addf(&tail, "WHERE conversion <> 'none' AND NOT inactive AND (FALSE");
	for (const struct ent_row *row = up.first; row != NULL; row = row->next) {
		ent_text_addf(&tail, " OR ' ' || products || ' ' LIKE '%% %lld %%'",
		              (long long)row->cell[0].number);
	}
	ent_text_addf(&tail, ") ORDER BY id");
	code = ent_row_select(call->db, &ent_entitlement_template_type, ent_text_end(&tail), NULL,
	                      0, call->arena, out, error);
	if (code == ENT_OK) {
		code = ent_record_children(call, &ent_entitlement_template_type, out, error);
	}
	return code;
}

struct conversion {
	struct ent_call *call;
	const struct ent_asset *asset;
	const struct ent_entitlement_template *template;
	struct ent_rows made; /* source keys that there are */
};

static bool is_made(const struct conversion *c, ent_str key)
{
	const struct ent_row *row = c->made.first;
	while (row != NULL && !ent_str_eq(row->cell[0].text, key)) {
		row = row->next;
	}
	return row != NULL;
}

static enum ent_code first_day(const struct conversion *c, ent_date *out, struct ent_error *error)
{
	const struct ent_asset *asset = c->asset;
	const struct ent_zone *zone;
	*out = ent_date_is_none(asset->installed_on) ? asset->purchased_on : asset->installed_on;
	if (!ent_date_is_none(*out)) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_call_zone(c->call, (ent_str){ NULL, 0 }, asset->account_id, &zone, error);
	if (code == ENT_OK) {
		*out = ent_zone_date(zone, c->call->now);
	}
	return code;
}

static enum ent_code make(const struct conversion *c, ent_str key, struct ent_error *error)
{
	static const struct ent_set nothing = { { 0 } };
	struct ent_call *call = c->call;
	struct ent_entitlement *e = ENT_NEW(call->arena, struct ent_entitlement, 1);
	ent_type_clear(&ent_entitlement_type, e);
	e->account_id = c->asset->account_id;
	e->asset_id = c->asset->id;
	e->template_id = c->template->id;
	e->name = c->template->name;
	e->source_key = key;
	enum ent_code code = first_day(c, &e->starts_on, error);
	if (code == ENT_OK) {
		ent_template_fill(c->template, &nothing, e, call->arena);
		code = ent_entitlement_tidy(call, NULL, e, error);
	}
	if (code == ENT_OK) {
		ent_entitlement_check(e, NULL, error);
		code = ent_noted(error);
	}
	if (code == ENT_OK) {
		code = ent_entitlement_number(call, &e->number, error);
	}
	if (code == ENT_OK) {
		code = ent_record_insert(call, &ent_entitlement_type, e, "created", error);
	}
	if (code == ENT_OK && c->template->activate) {
		code = ent_act_begin(call, e, error);
	}
	return code;
}

static enum ent_code convert_one(struct conversion *c, struct ent_error *error)
{
	char asset[ENT_ID_ROOM], template[ENT_ID_ROOM];
	ent_id_format(c->asset->id, ent_asset_type.prefix, asset);
	ent_id_format(c->template->id, ent_entitlement_template_type.prefix, template);
	bool per_unit = c->template->conversion == ENT_CONVERSION_ONE_PER_UNIT;
	int64_t units =
		per_unit && !ent_count_is_none(c->asset->quantity) ? c->asset->quantity.n : 1;
	if (units > UNITS_MAX) {
		return ent_refuse(error, ENT_E_LIMIT, "/quantity", (ent_str){ NULL, 0 },
		                  "the template \"%.60s\" makes at most %d entitlements",
		                  c->template->name.ptr, UNITS_MAX);
	}
	enum ent_code code = ENT_OK;
	for (int64_t n = 1; n <= units && code == ENT_OK; n++) {
		ent_str key = per_unit ? ent_text_format(c->call->arena, "%s:%s:%lld", asset,
		                                         template, (long long)n)
		                       : ent_text_format(c->call->arena, "%s:%s", asset, template);
		if (!is_made(c, key)) {
			code = make(c, key, error);
		}
	}
	return code;
}

enum ent_code ent_template_convert(struct ent_call *call, const struct ent_asset *asset,
                                   struct ent_error *error)
{
	struct conversion c = { .call = call, .asset = asset };
	struct ent_list templates;
	if (ent_id_is_none(asset->product_id)) {
		return ENT_OK;
	}
	enum ent_code code = find_templates(call, asset->product_id, &templates, error);
	if (code != ENT_OK || templates.count == 0) {
		return code;
	}
	code = ent_call_lock(call, asset->account_id, error);
	if (code == ENT_OK) {
		code = ent_db_run(
			call->db,
			ENT_STR("SELECT source_key FROM entitlement WHERE account_id = $1 "
		                "AND asset_id = $2 AND source_key IS NOT NULL"),
			ENT_ARGS(ent_arg_id(asset->account_id), ent_arg_id(asset->id)), call->arena,
			&c.made, error);
	}
	const struct ent_entitlement_template *list = templates.items;
	for (size_t i = 0; i < templates.count && code == ENT_OK; i++) {
		c.template = &list[i];
		code = convert_one(&c, error);
	}
	return code;
}
