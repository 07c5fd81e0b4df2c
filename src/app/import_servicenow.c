/* Contracts and entitlements of ServiceNow: ast_contract and service_entitlement, standards.md B17,
 * servicenow.md 2.12. */
#include "app/import_allowance.h"
#include "app/import_price.h"

#include <string.h>

/* ---- contracts --------------------------------------------------------------------------- */

static enum ent_code finish_contract(struct ent_import_work *work, struct ent_error *error)
{
	static const struct ent_import_option states[] = {
		{ "draft", "Draft", "draft" },
		{ "active", "Active", "active" },
		{ "expired", "Expired", "expired" },
		{ "cancelled", "Canceled", "cancelled" },
		{ "cancelled", "Cancelled", "cancelled" },
	};
	const struct ent_contract *contract = work->object;
	const char *word =
		ent_import_choose(work, ENT_SLOT_STATUS, states, ENT_COUNT(states), error);
	work->slots[word == NULL ? ENT_SLOT_STAGE : ENT_SLOT_STATE] =
		ent_str_of(word == NULL ? "live" : word);
	ent_import_currency(work, error);
	ent_import_clause(work, "Terms and conditions", error);
	if (contract->name.len == 0) {
		ent_note(error, ENT_E_REQUIRED, "/name", (ent_str){ NULL, 0 },
		         "short_description must be given");
	}
	return ENT_OK;
}

/* ---- entitlements ------------------------------------------------------------------------ */

static void add_channel(struct ent_entitlement *e, ent_str channel, struct ent_arena *arena)
{
	struct ent_entitlement_channel *rows =
		ENT_NEW(arena, struct ent_entitlement_channel, e->channels.count + 1);
	if (e->channels.count > 0) {
		memcpy(rows, e->channels.items, e->channels.count * sizeof(*rows));
	}
	ent_type_clear(&ent_entitlement_channel_type, &rows[e->channels.count]);
	rows[e->channels.count].channel = channel;
	e->channels = (struct ent_children){ rows, e->channels.count + 1 };
}

/* Those that are named and no others. */
static void give_channels(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_entitlement *e = work->object;
	struct ent_arena *arena = work->call->arena;
	ent_str text = work->slots[ENT_SLOT_CHANNELS];
	for (struct ent_cut cut = { .tail = text, .found = text.len > 0 }; cut.found;) {
		cut = ent_str_cut(cut.tail, ',');
		ent_str channel = ent_import_word(arena, ent_str_trim(cut.head));
		if (channel.len > 0) {
			add_channel(e, channel, arena);
		}
	}
	if (e->channels.count == 0) {
		return;
	}
	const struct ent_field *field = ENT_FIELD_OF(entitlement, channels);
	if ((int64_t)e->channels.count > field->limit) {
		ent_note(error, ENT_E_LIMIT, "/#CHANNELS", text, "too many of them");
	}
	ent_import_give(work, field);
	e->other_channels = ENT_CHANNELS_DENY;
	ent_import_give(work, ENT_FIELD_OF(entitlement, other_channels));
}

/* One that is not active was called off, or is over, or has not begun: its dates say which. */
static void settle_state(struct ent_import_work *work, struct ent_error *error)
{
	bool told = work->slots[ENT_SLOT_STATUS].len > 0;
	bool active = ent_import_truth(work, ENT_SLOT_STATUS, error);
	const struct ent_entitlement *e = work->object;
	ent_date today = { (int32_t)(work->call->now.us / ENT_DAY_US) };
	bool runs = (ent_date_is_none(e->starts_on) || e->starts_on.day <= today.day) &&
	            (ent_date_is_none(e->ends_on) || e->ends_on.day >= today.day);
	ent_import_claim(work, !told ? NULL : active ? "active" : runs ? "cancelled" : NULL);
}

static enum ent_code finish_entitlement(struct ent_import_work *work, struct ent_error *error)
{
	static const struct ent_import_option units[] = {
		{ "cases", "Cases", "cases" },
		{ "hours", "Hours", "hours" },
	};
	bool told = work->slots[ENT_SLOT_PER_UNIT].len > 0;
	bool counted = ent_import_truth(work, ENT_SLOT_PER_UNIT, error);
	const char *unit =
		ent_import_choose(work, ENT_SLOT_ALLOTMENT_TYPE, units, ENT_COUNT(units), error);
	ent_import_allowance(work, ent_str_of(told && !counted ? "none" : unit), error);
	give_channels(work, error);
	settle_state(work, error);
	return ENT_OK;
}

/* ---- objects ----------------------------------------------------------------------------- */

enum object { CONTRACT, ENTITLEMENT };

static const struct ent_import_object objects[] = {
	[CONTRACT] = { .name = "ast_contract",
	               .alias = "contract",
	               .type = &ent_contract_type,
	               .finish = finish_contract,
	               .is_one_way = true },
	[ENTITLEMENT] = { .name = "service_entitlement",
	                  .alias = "entitlement",
	                  .type = &ent_entitlement_type,
	                  .finish = finish_entitlement,
	                  .is_one_way = true },
};

static const struct ent_import_sign signs[] = {
	{ "service_entitlement", "total_units", NULL },
	{ "service_entitlement", "per_unit", NULL },
	{ "ast_contract", "starts", NULL },
	{ "ast_contract", "vendor_contract", NULL },
};

static const struct ent_import_mapping columns[] = {
#define ENT_SN(object_, api_, label_, how_, name_) \
	{ &objects[object_], api_, label_, ENT_HOW_##how_, #name_ },
#include "app/servicenow.def"
};

static bool begins(ent_str text, const char *prefix)
{
	return ent_str_begins(text, ent_str_of(prefix));
}

static bool is_custom(ent_str header)
{
	return begins(header, "u_");
}

/* dv_account: what people read of account; used if that is not there itself. */
static ent_str plain(ent_str header, const struct ent_csv_row *all)
{
	ent_str base = { header.ptr + 3, header.len - 3 };
	if (header.len <= 3 || !begins(header, "dv_")) {
		return header;
	}
	for (size_t i = 0; i < all->count; i++) {
		if (ent_import_same_word(all->fields[i], base)) {
			return header;
		}
	}
	return base;
}

const struct ent_import_source ent_servicenow_source = {
	.system = "servicenow",
	ENT_IMPORT_TABLES,
	.is_added = is_custom,
	.plain = plain,
	.has_names = true,
};
