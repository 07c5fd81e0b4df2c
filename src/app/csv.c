#include "app/csv.h"

#include <string.h>

/* ---- the beginning ----------------------------------------------------------------------- */

static bool is_break(ent_str text, size_t at)
{
	return text.ptr[at] == '\n' ||
	       (text.ptr[at] == '\r' && at + 1 < text.len && text.ptr[at + 1] == '\n');
}

static char find_separator(ent_str text)
{
	static const char candidates[] = { ',', ';', '\t', '|' };
	size_t counts[sizeof(candidates)] = { 0 };
	bool quoted = false;
	for (size_t i = 0; i < text.len && (quoted || text.ptr[i] != '\n'); i++) {
		quoted ^= text.ptr[i] == '"';
		for (size_t k = 0; k < sizeof(candidates) && !quoted; k++) {
			counts[k] += text.ptr[i] == candidates[k];
		}
	}
	size_t best = 0;
	for (size_t k = 1; k < sizeof(candidates); k++) {
		best = counts[k] > counts[best] ? k : best;
	}
	return candidates[best];
}

void ent_csv_begin(struct ent_csv *csv, ent_str text, char separator)
{
	*csv = (struct ent_csv){ .text = text, .line = 1, .separator = separator };
	if (ent_str_begins(text, ENT_STR("\xEF\xBB\xBF"))) {
		csv->at = 3;
	}
	ent_str rest = { text.ptr + csv->at, text.len - csv->at };
	bool told = ent_str_begins(rest, ENT_STR("sep=")) && rest.len > 5 &&
	            strchr(",;\t|", rest.ptr[4]) != NULL && is_break(rest, 5);
	if (told) {
		csv->at += rest.ptr[5] == '\n' ? 6 : 7;
		csv->line = 2;
		csv->separator = separator != 0 ? separator : rest.ptr[4];
	} else if (separator == 0) {
		csv->separator = find_separator(rest);
	}
}

void ent_csv_seek(struct ent_csv *csv, size_t at, int64_t line)
{
	assert(at <= csv->text.len);
	csv->at = at;
	csv->line = line;
}

/* ---- a field ----------------------------------------------------------------------------- */

static enum ent_code bad(int64_t line, enum ent_code code, const char *what,
                         struct ent_error *error)
{
	return ent_fail(error, code, "line %lld: %s", (long long)line, what);
}

static ent_str unquote(ent_str inside, size_t doubled, struct ent_arena *arena)
{
	if (doubled == 0) {
		return inside;
	}
	char *out = ent_arena_bytes(arena, inside.len - doubled);
	size_t len = 0;
	for (size_t i = 0; i < inside.len; i++) {
		out[len++] = inside.ptr[i];
		i += inside.ptr[i] == '"';
	}
	return (ent_str){ out, len };
}

/* Behind the opening quote. */
static enum ent_code read_quoted(struct ent_csv *csv, struct ent_arena *arena, ent_str *out,
                                 struct ent_error *error)
{
	ent_str text = csv->text;
	size_t begin = csv->at;
	size_t doubled = 0;
	int64_t line = csv->line;
	for (;; csv->at++) {
		if (csv->at >= text.len) {
			return bad(line, ENT_E_SYNTAX, "a quote is opened and not closed", error);
		}
		char c = text.ptr[csv->at];
		bool twice = c == '"' && csv->at + 1 < text.len && text.ptr[csv->at + 1] == '"';
		csv->line += c == '\n';
		if (c == '"' && !twice) {
			break;
		}
		csv->at += twice;
		doubled += twice;
	}
	size_t len = csv->at - begin;
	csv->at++;
	bool ends = csv->at >= text.len || text.ptr[csv->at] == csv->separator ||
	            is_break(text, csv->at);
	if (!ends) {
		return bad(csv->line, ENT_E_SYNTAX, "text behind a closing quote", error);
	}
	if (len - doubled > ENT_CSV_FIELD_MAX) {
		return bad(line, ENT_E_LIMIT, "a field of more than 1 MiB", error);
	}
	*out = unquote((ent_str){ text.ptr + begin, len }, doubled, arena);
	return ENT_OK;
}

static enum ent_code read_field(struct ent_csv *csv, struct ent_arena *arena, ent_str *out,
                                struct ent_error *error)
{
	ent_str text = csv->text;
	size_t begin = csv->at;
	if (begin < text.len && text.ptr[begin] == '"') {
		csv->at++;
		return read_quoted(csv, arena, out, error);
	}
	while (csv->at < text.len && text.ptr[csv->at] != csv->separator &&
	       !is_break(text, csv->at)) {
		csv->at++;
	}
	*out = (ent_str){ text.ptr + begin, csv->at - begin };
	return out->len > ENT_CSV_FIELD_MAX
	               ? bad(csv->line, ENT_E_LIMIT, "a field of more than 1 MiB", error)
	               : ENT_OK;
}

/* ---- a row ------------------------------------------------------------------------------- */

static void skip_line(struct ent_csv *csv)
{
	while (csv->at < csv->text.len && csv->text.ptr[csv->at] != '\n') {
		csv->at++;
	}
	if (csv->at < csv->text.len) {
		csv->at++;
		csv->line++;
	}
}

/* Fields into `fields`, up to the end of the row. */
static enum ent_code read_fields(struct ent_csv *csv, struct ent_arena *arena, ent_str *fields,
                                 size_t *count, struct ent_error *error)
{
	size_t begin = csv->at;
	bool more = true;
	while (more) {
		if (*count == ENT_CSV_COLUMNS_MAX) {
			return bad(csv->line, ENT_E_LIMIT, "more than 500 columns", error);
		}
		enum ent_code code = read_field(csv, arena, &fields[*count], error);
		if (code != ENT_OK) {
			return code;
		}
		if (!ent_str_is_text(fields[*count])) {
			return bad(csv->line, ENT_E_FORMAT,
			           "not UTF-8; save it as UTF-8 or convert it with iconv", error);
		}
		if (csv->at - begin > ENT_CSV_ROW_MAX) {
			return bad(csv->line, ENT_E_LIMIT, "a row of more than 16 MiB", error);
		}
		++*count;
		more = csv->at < csv->text.len && csv->text.ptr[csv->at] == csv->separator;
		csv->at += more;
	}
	return ENT_OK;
}

enum ent_code ent_csv_next(struct ent_csv *csv, struct ent_arena *arena, struct ent_csv_row *out,
                           struct ent_error *error)
{
	ent_str fields[ENT_CSV_COLUMNS_MAX];
	size_t count = 0;
	struct ent_csv_row row = { .at = csv->at, .line = csv->line, .is_blank = true };
	*out = row;
	if (csv->at >= csv->text.len) {
		return ENT_OK;
	}
	enum ent_code code = read_fields(csv, arena, fields, &count, error);
	if (code != ENT_OK) {
		skip_line(csv);
		return code;
	}
	skip_line(csv);
	row.fields = ENT_NEW(arena, ent_str, count);
	row.count = count;
	for (size_t i = 0; i < count; i++) {
		row.fields[i] = fields[i];
		row.is_blank = row.is_blank && ent_str_trim(fields[i]).len == 0;
	}
	*out = row;
	return ENT_OK;
}

/* ---- writing ----------------------------------------------------------------------------- */

static bool is_number(ent_str field)
{
	for (size_t i = 1; i < field.len; i++) {
		bool digit = field.ptr[i] >= '0' && field.ptr[i] <= '9';
		if (!digit && field.ptr[i] != '.') {
			return false;
		}
	}
	return field.len > 1;
}

static bool is_formula(ent_str field)
{
	bool sign = field.len > 0 && (field.ptr[0] == '-' || field.ptr[0] == '+');
	return field.len > 0 && strchr("=+-@\t\r", field.ptr[0]) != NULL &&
	       !(sign && is_number(field));
}

void ent_csv_field(struct ent_text *out, bool first, ent_str field, bool guard)
{
	bool guarded = guard && is_formula(field);
	bool quoted = first && field.len == 0; /* else a row of one would be no row */
	for (size_t i = 0; i < field.len && !quoted; i++) {
		char c = field.ptr[i];
		quoted = c == '"' || c == ',' || c == '\n' || c == '\r' || c == ';' || c == '\t' ||
		         c == '|';
	}
	bool padded = field.len > 0 && (field.ptr[0] == ' ' || field.ptr[field.len - 1] == ' ');
	quoted = quoted || padded || ent_str_begins(field, ENT_STR("\xEF\xBB\xBF")) ||
	         ent_str_begins(field, ENT_STR("sep="));
	if (!first) {
		ent_text_char(out, ',');
	}
	if (quoted) {
		ent_text_char(out, '"');
	}
	if (guarded) {
		ent_text_char(out, '\'');
	}
	for (size_t i = 0; i < field.len; i++) {
		if (field.ptr[i] == '"') {
			ent_text_char(out, '"');
		}
		ent_text_char(out, field.ptr[i]);
	}
	if (quoted) {
		ent_text_char(out, '"');
	}
}

void ent_csv_end(struct ent_text *out)
{
	ent_text_char(out, '\n');
}
