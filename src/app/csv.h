/* csv.h - tables of text: RFC 4180 with what is met in practice.
 *
 * Reading: a BOM, Excel's line "sep=;", CRLF or LF, line breaks and separators inside of
 * quotes. A quote in the middle of a field that does not begin with one is itself.
 * Memory is needed for one row at a time.
 */
#ifndef ENT_APP_CSV_H
#define ENT_APP_CSV_H

#include "base/error.h"
#include "base/text.h"

enum {
	ENT_CSV_COLUMNS_MAX = 500,
	ENT_CSV_FIELD_MAX = 1 << 20,
	ENT_CSV_ROW_MAX = 16 << 20 /* bytes */
};

struct ent_csv {
	ent_str text;
	size_t at;    /* of the next row */
	int64_t line; /* its line, from 1 */
	char separator;
};

struct ent_csv_row {
	ent_str *fields; /* into the text, or where quotes were doubled into the arena */
	size_t count;    /* 0: there is no other row */
	size_t at;       /* where it begins: for ent_csv_seek() */
	int64_t line;
	bool is_blank; /* nothing but blanks in all fields */
};

/* `separator` 0: that of , ; tab | which is most frequent in the first row. */
void ent_csv_begin(struct ent_csv *csv, ent_str text, char separator);

/* The next row. After a failure the reader is behind the bad row, so that it can go on.
 * SYNTAX (with the line), LIMIT, FORMAT (no UTF-8) */
ENT_CHECK enum ent_code ent_csv_next(struct ent_csv *csv, struct ent_arena *arena,
                                     struct ent_csv_row *out, struct ent_error *error);

/* Go back to a row. */
void ent_csv_seek(struct ent_csv *csv, size_t at, int64_t line);

/* Write a field, quoted where it must be, behind a separator unless it is the first of its
 * row. `guard`: what a spreadsheet would take for a formula gets a ' in front. */
void ent_csv_field(struct ent_text *out, bool first, ent_str field, bool guard);
void ent_csv_end(struct ent_text *out);

#endif
