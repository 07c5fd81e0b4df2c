/* The way back: columns of salesforce.def, so that a customer can leave again. */
#include "app/export_inner.h"
#include "app/import_source.h"

#include <string.h>

size_t ent_export_salesforce_header(const struct ent_import_object *object, ent_str *out)
{
	const struct ent_import_mapping *sources = ent_salesforce_source.columns;
	size_t columns = 0;
	for (size_t i = 0; i < ent_salesforce_source.column_count; i++) {
		if (sources[i].object == object && sources[i].how != ENT_HOW_SKIP) {
			out[columns++] = ent_str_of(sources[i].api);
		}
	}
	return columns;
}

/* ---- cells that are no field ------------------------------------------------------------- */

static ent_str truth(bool yes)
{
	return yes ? ENT_STR("true") : ENT_STR("false");
}

static ent_str number(struct ent_export_row *row, ent_count count)
{
	return ent_count_is_none(count)
	               ? (ent_str){ NULL, 0 }
	               : ent_text_format(row->call->arena, "%lld", (long long)count.n);
}

static ent_str kept(const struct ent_export_row *row, const char *name)
{
	const struct ent_record *head = row->record;
	for (size_t i = 0; i < head->metadata.count; i++) {
		if (ent_str_is(head->metadata.pairs[i].name, name)) {
			return head->metadata.pairs[i].value;
		}
	}
	return (ent_str){ NULL, 0 };
}

static ent_str account_slot(const struct ent_export_row *row, enum ent_import_slot slot)
{
	const struct ent_account *account = row->record;
	return slot == ENT_SLOT_STREET      ? account->address
	       : slot == ENT_SLOT_IS_PERSON ? truth(account->kind == ENT_ACCOUNT_CONSUMER)
	                                    : (ent_str){ NULL, 0 };
}

/* The last word is the family name. */
static ent_str contact_slot(const struct ent_export_row *row, enum ent_import_slot slot)
{
	const struct ent_contact *contact = row->record;
	ent_str name = contact->name;
	size_t at = name.len;
	while (at > 0 && name.ptr[at - 1] != ' ') {
		at--;
	}
	if (slot == ENT_SLOT_LAST_NAME) {
		return (ent_str){ name.ptr + at, name.len - at };
	}
	return slot == ENT_SLOT_FIRST_NAME && at > 0 ? (ent_str){ name.ptr, at - 1 }
	                                             : (ent_str){ NULL, 0 };
}

static ent_str asset_slot(struct ent_export_row *row, enum ent_import_slot slot)
{
	static const char *const statuses[] = {
		[ENT_ASSET_IN_USE] = "Installed",
		[ENT_ASSET_ORDERED] = "Purchased",
		[ENT_ASSET_IN_STOCK] = "In Stock",
		[ENT_ASSET_RETIRED] = "Obsolete",
	};
	const struct ent_asset *asset = row->record;
	return slot == ENT_SLOT_QUANTITY ? number(row, asset->quantity)
	                                 : ent_str_of(statuses[asset->status]);
}

static ent_str entitlement_slot(struct ent_export_row *row, enum ent_import_slot slot)
{
	const struct ent_entitlement *e = row->record;
	bool counted = e->unit == ENT_UNIT_CASES;
	if (slot == ENT_SLOT_PER_INCIDENT) {
		return truth(counted);
	}
	return !counted                     ? (ent_str){ NULL, 0 }
	       : slot == ENT_SLOT_REMAINING ? number(row, e->remaining)
	                                    : number(row, e->total);
}

static ent_str template_slot(struct ent_export_row *row, enum ent_import_slot slot)
{
	const struct ent_entitlement_template *t = row->record;
	bool counted = t->unit == ENT_UNIT_CASES;
	return slot == ENT_SLOT_PER_INCIDENT ? truth(counted)
	       : counted                     ? number(row, t->total)
	                                     : (ent_str){ NULL, 0 };
}

static ent_str case_slot(struct ent_export_row *row, enum ent_import_slot slot)
{
	static const char *const priorities[] = {
		[ENT_PRIORITY_NORMAL] = "Medium",
		[ENT_PRIORITY_LOW] = "Low",
		[ENT_PRIORITY_HIGH] = "High",
		[ENT_PRIORITY_CRITICAL] = "Critical",
	};
	const struct ent_case *c = row->record;
	bool closed = c->state != ENT_CASE_OPEN;
	ent_instant end = c->state == ENT_CASE_RESOLVED ? c->resolved_at : c->cancelled_at;
	char text[ENT_INSTANT_ROOM];
	switch (slot) {
	case ENT_SLOT_NUMBER:
		return kept(row, "CaseNumber").len > 0 ? kept(row, "CaseNumber") : c->number;
	case ENT_SLOT_STATUS:
		return closed ? ENT_STR("Closed") : c->status.len > 0 ? c->status : ENT_STR("New");
	case ENT_SLOT_IS_CLOSED:
		return truth(closed);
	case ENT_SLOT_PRIORITY:
		return ent_str_of(priorities[c->priority]);
	case ENT_SLOT_RESOLVED_AT:
		if (!closed || ent_instant_is_none(end)) {
			return (ent_str){ NULL, 0 };
		}
		ent_instant_format(end, text);
		return ent_text_format(row->call->arena, "%s", text);
	default:
		return (ent_str){ NULL, 0 };
	}
}

static enum ent_code slot_cell(struct ent_export_row *row, enum ent_import_slot slot, ent_str *out,
                               struct ent_error *error)
{
	const struct ent_type *type = row->object->type;
	if (type == &ent_case_type && slot == ENT_SLOT_ENTITLEMENT) {
		const struct ent_case *c = row->record;
		return ent_export_refer(row, &ent_entitlement_type, c->entitlement_id, out, error);
	}
	*out = type == &ent_account_type       ? account_slot(row, slot)
	       : type == &ent_contact_type     ? contact_slot(row, slot)
	       : type == &ent_asset_type       ? asset_slot(row, slot)
	       : type == &ent_entitlement_type ? entitlement_slot(row, slot)
	       : type == &ent_case_type        ? case_slot(row, slot)
	                                       : template_slot(row, slot);
	return ENT_OK;
}

/* ---- cells ------------------------------------------------------------------------------- */

static ent_str days_cell(struct ent_export_row *row, const struct ent_field *field)
{
	const ent_duration *term = ent_field_at(field, row->record);
	if (ent_duration_is_none(*term)) {
		return (ent_str){ NULL, 0 };
	}
	int64_t months = term->months; /* years of 365 days, other months of 30 */
	int64_t days = months / 12 * 365 + months % 12 * 30 + term->days + term->seconds / 86400;
	return ent_text_format(row->call->arena, "%lld", (long long)days);
}

static enum ent_code source_cell(struct ent_export_row *row,
                                 const struct ent_import_mapping *source, ent_str *out,
                                 struct ent_error *error)
{
	const struct ent_type *type = row->object->type;
	enum ent_import_slot slot = ENT_SLOT_ID;
	*out = (ent_str){ NULL, 0 };
	switch (source->how) {
	case ENT_HOW_KEY:
		return ent_export_refer(row, type, ((const struct ent_record *)row->record)->id,
		                        out, error);
	case ENT_HOW_META:
		*out = kept(row, source->name);
		return ENT_OK;
	case ENT_HOW_SLOT:
		return ent_import_slot_named(source->name, &slot) ? slot_cell(row, slot, out, error)
		                                                  : ENT_OK;
	default:
		break;
	}
	const struct ent_field *field = ent_type_field(type, ent_str_of(source->name));
	if (source->how == ENT_HOW_DAYS) {
		*out = days_cell(row, field);
	} else if (source->how == ENT_HOW_NOT) {
		*out = truth(!*(const bool *)ent_field_at(field, row->record));
	} else {
		return ent_export_cell(row, field, out, error);
	}
	return ENT_OK;
}

enum ent_code ent_export_salesforce_cells(struct ent_export_row *row, struct ent_error *error)
{
	const struct ent_import_mapping *sources = ent_salesforce_source.columns;
	enum ent_code code = ENT_OK;
	row->count = 0;
	for (size_t i = 0; i < ent_salesforce_source.column_count && code == ENT_OK; i++) {
		if (sources[i].object == row->object && sources[i].how != ENT_HOW_SKIP) {
			code = source_cell(row, &sources[i], &row->cells[row->count++], error);
		}
	}
	return code;
}
