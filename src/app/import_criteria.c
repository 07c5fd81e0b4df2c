/* Criteria of Salesforce's entitlement processes as expressions. */
#include "app/import_inner.h"
#include "app/import_process.h"

enum { ITEMS_MAX = 50, VALUES_MAX = 50 };

/* ---- what a field is called here ------------------------------------------------------------ */

enum sort { TEXT, WORD, PRIORITY, CLOSED };

struct known {
	const char *api, *ours;
	enum sort sort;
};

static const struct known fields[] = {
	{ "Case.Priority", "priority", PRIORITY },
	{ "Case.Status", "status", WORD },
	{ "Case.Origin", "channel", WORD },
	{ "Case.Subject", "title", TEXT },
	{ "Case.Description", "description", TEXT },
	{ "Case.IsClosed", "state", CLOSED },
	{ "Account.Name", "account.name", TEXT },
	{ "Account.SLA__c", "account.tier", WORD },
	{ "Contact.Name", "contact.name", TEXT },
	{ "Contact.Email", "contact.email", TEXT },
	{ "Asset.Name", "asset.name", TEXT },
	{ "Entitlement.Name", "entitlement.name", TEXT },
	{ "Entitlement.Type", "entitlement.type", TEXT },
};

/* Not texts that an import keeps in the metadata: identifiers, times, and who. */
static const char *const unread[] = { "Id",          "AccountId", "ContactId",    "AssetId",
	                              "ProductId",   "OwnerId",   "RecordTypeId", "EntitlementId",
	                              "CreatedDate", "ClosedDate" };

static const char *const roots[] = { "Case", "Account", "Contact", "Asset", "Entitlement" };
static const char *const our_roots[] = { "", "account.", "contact.", "asset.", "entitlement." };

static bool is_unread(ent_str name)
{
	bool found = false;
	for (size_t i = 0; i < ENT_COUNT(unread); i++) {
		found = found || ent_str_is(name, unread[i]);
	}
	return found;
}

static void add_quoted(struct ent_text *out, ent_str text)
{
	ent_text_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '"' || c == '\\') {
			ent_text_char(out, '\\');
		}
		ent_text_char(out, c == '\n' || c == '\t' || c == '\r' ? ' ' : c);
	}
	ent_text_char(out, '"');
}

/* "Case.Region__c" as metadata["Region__c"]: where imports keep what we have no field for. */
static bool find_field(ent_str field, struct ent_arena *arena, struct known *out)
{
	for (size_t i = 0; i < ENT_COUNT(fields); i++) {
		if (ent_str_is(field, fields[i].api)) {
			*out = fields[i];
			return true;
		}
	}
	struct ent_cut cut = ent_str_cut(field, '.');
	for (size_t i = 0; i < ENT_COUNT(roots); i++) {
		if (ent_str_is(cut.head, roots[i]) && cut.tail.len > 0 && !is_unread(cut.tail)) {
			struct ent_text name = ent_text_begin(arena);
			ent_text_addf(&name, "%smetadata[", our_roots[i]);
			add_quoted(&name, cut.tail);
			ent_text_char(&name, ']');
			*out = (struct known){ "", ent_text_end(&name).ptr, TEXT };
			return true;
		}
	}
	return false;
}

/* ---- one item ------------------------------------------------------------------------------- */

struct item {
	struct known field;
	ent_str operation;
	ent_str given;              /* "High, Medium": any of them */
	ent_str values[VALUES_MAX]; /* as they are called here */
	size_t count;
	struct ent_error *error;
};

static enum ent_code refuse(const struct item *item, ent_str value, const char *remedy)
{
	return ent_refuse(item->error, ENT_E_UNKNOWN_VALUE, "/criteria", value, "%s", remedy);
}

/* "High, Medium" as "high" and "normal". */
static enum ent_code read_values(struct item *item, struct ent_arena *arena)
{
	enum ent_case_priority priority;
	ent_str rest = item->given;
	while (rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ',');
		ent_str value = ent_str_trim(cut.head);
		rest = cut.tail;
		if (value.len == 0) {
			continue;
		}
		if (item->count == VALUES_MAX) {
			return refuse(item, item->given, "give fewer values");
		}
		if (item->field.sort == WORD) {
			value = ent_import_word(arena, value);
		} else if (item->field.sort == PRIORITY) {
			if (!ent_import_priority(value, &priority)) {
				return refuse(item, value, "give Critical, High, Medium or Low");
			}
			value = ent_str_of(ent_case_priority_names.text[priority]);
		}
		item->values[item->count++] = value;
	}
	return ENT_OK;
}

/* before value between value … after */
static void add_values(const struct item *item, ent_str before, ent_str between,
                       struct ent_text *out)
{
	for (size_t i = 0; i < item->count; i++) {
		ent_text_add(out, i == 0 ? before : between);
		add_quoted(out, item->values[i]);
	}
	ent_text_char(out, ')');
}

static enum ent_code closed(const struct item *item, bool is_not, struct ent_arena *arena,
                            ent_str *out)
{
	bool truth;
	if (!ent_import_bool(item->given, &truth)) {
		return refuse(item, item->given, "give true or false");
	}
	*out = ent_text_format(arena, "state %s \"open\"", truth != is_not ? "!=" : "=");
	return ENT_OK;
}

/* name in ("a", "b") */
static enum ent_code equals(const struct item *item, bool is_not, struct ent_arena *arena,
                            ent_str *out)
{
	const char *name = item->field.ours;
	if (item->field.sort == CLOSED) {
		return closed(item, is_not, arena, out);
	}
	if (item->count == 0) {
		*out = ent_text_format(arena, "%s is %snull", name, is_not ? "not " : "");
		return ENT_OK;
	}
	ent_str before = ent_text_format(arena, "%s %sin (", name, is_not ? "not " : "");
	struct ent_text text = ent_text_begin(arena);
	add_values(item, before, ENT_STR(", "), &text);
	*out = ent_text_end(&text);
	return ENT_OK;
}

/* (name contains "a" or name contains "b") */
static enum ent_code matches(const struct item *item, const char *operator, bool is_not,
                             struct ent_arena *arena, ent_str *out)
{
	const char *name = item->field.ours;
	if (item->count == 0 || item->field.sort == CLOSED || item->field.sort == PRIORITY) {
		return refuse(item, item->operation, "such a comparison is not read: use equals");
	}
	ent_str before = ent_text_format(arena, "%s(%s %s ", is_not ? "not " : "", name, operator);
	ent_str between = ent_text_format(arena, " or %s %s ", name, operator);
	struct ent_text text = ent_text_begin(arena);
	add_values(item, before, between, &text);
	*out = ent_text_end(&text);
	return ENT_OK;
}

static enum ent_code read_item(const struct ent_xml *node, struct ent_arena *arena, ent_str *out,
                               struct ent_error *error)
{
	ent_str field = ent_xml_text(node, "field");
	ent_str other = ent_xml_text(node, "valueField");
	struct item item = { .operation = ent_xml_text(node, "operation"),
		             .given = ent_xml_text(node, "value"),
		             .error = error };
	if (other.len > 0) {
		return refuse(&item, other, "a comparison with another field is not read");
	}
	if (!find_field(field, arena, &item.field)) {
		return refuse(&item, field, "this field has no counterpart");
	}
	enum ent_code code = read_values(&item, arena);
	if (code != ENT_OK) {
		return code;
	}
	if (ent_str_is(item.operation, "equals")) {
		return equals(&item, false, arena, out);
	}
	if (ent_str_is(item.operation, "notEqual")) {
		return equals(&item, true, arena, out);
	}
	if (ent_str_is(item.operation, "contains")) {
		return matches(&item, "contains", false, arena, out);
	}
	if (ent_str_is(item.operation, "notContain")) {
		return matches(&item, "contains", true, arena, out);
	}
	if (ent_str_is(item.operation, "startsWith")) {
		return matches(&item, "starts_with", false, arena, out);
	}
	return refuse(&item, item.operation, "this operation is not read");
}

/* ---- together ------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* One word or number of "1 AND (2 OR 3)" at the beginning of *rest. */
static ent_str next_word(ent_str *rest)
{
	size_t len = 1;
	bool letter = is_letter(rest->ptr[0]);
	bool digit = is_digit(rest->ptr[0]);
	while (len < rest->len &&
	       ((letter && is_letter(rest->ptr[len])) || (digit && is_digit(rest->ptr[len])))) {
		len++;
	}
	ent_str word = { rest->ptr, len };
	*rest = (ent_str){ rest->ptr + len, rest->len - len };
	return word;
}

static bool add_word(ent_str word, const ent_str *items, size_t count, struct ent_text *out)
{
	static const char *const words[] = { "and", "or", "not" };
	int64_t number;
	for (size_t i = 0; i < ENT_COUNT(words); i++) {
		if (ent_import_same_word(word, ent_str_of(words[i])) && is_letter(word.ptr[0])) {
			ent_text_addf(out, " %s ", words[i]);
			return true;
		}
	}
	if (word.len == 1 && (word.ptr[0] == '(' || word.ptr[0] == ')' || word.ptr[0] == ' ')) {
		ent_text_char(out, word.ptr[0]);
		return true;
	}
	if (!is_digit(word.ptr[0]) || !ent_str_int(word, &number) || number < 1 ||
	    (size_t)number > count) {
		return false;
	}
	ent_text_char(out, '(');
	ent_text_add(out, items[number - 1]);
	ent_text_char(out, ')');
	return true;
}

static enum ent_code join(ent_str filter, const ent_str *items, size_t count,
                          struct ent_arena *arena, ent_str *out, struct ent_error *error)
{
	struct ent_text text = ent_text_begin(arena);
	ent_str rest = filter;
	while (rest.len > 0) {
		ent_str word = next_word(&rest);
		if (!add_word(word, items, count, &text)) {
			return ent_refuse(error, ENT_E_UNKNOWN_VALUE, "/criteria", filter,
			                  "give numbers of items, AND, OR, NOT and brackets");
		}
	}
	for (size_t i = 0; filter.len == 0 && i < count; i++) {
		ent_text_addf(&text, i > 0 ? " and " : "");
		ent_text_add(&text, items[i]);
	}
	*out = ent_text_end(&text);
	return ENT_OK;
}

enum ent_code ent_process_criteria(const struct ent_xml *node, const char *items,
                                   const char *filter, struct ent_arena *arena, ent_str *out,
                                   struct ent_error *error)
{
	ent_str texts[ITEMS_MAX];
	size_t count = 0;
	enum ent_code code = ENT_OK;
	*out = (ent_str){ NULL, 0 };
	for (const struct ent_xml *item = ent_xml_child(node, items);
	     item != NULL && code == ENT_OK; item = ent_xml_again(item)) {
		if (count == ITEMS_MAX) {
			return ent_refuse(error, ENT_E_LIMIT, "/criteria", item->name,
			                  "give at most %d items", ITEMS_MAX);
		}
		code = read_item(item, arena, &texts[count++], error);
	}
	if (code != ENT_OK || count == 0) {
		return code;
	}
	return join(ent_xml_text(node, filter), texts, count, arena, out, error);
}
