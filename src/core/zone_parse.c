#include "base/text.h"
#include "core/zone.h"
#include "core/zone_rule.h"

#include <string.h>

enum {
	HEAD = 44,
	TYPE = 6,         /* octets of a local time type */
	TIMES_MAX = 2000, /* as in the reference implementation; the files have up to 236 */
	TYPES_MAX = 256,
	OFFSET_MIN = -89999, /* RFC 8536 3.2 */
	OFFSET_MAX = 93599,
	DAY_S = 86400,
	/* Rules are written out for the cycle that repeats, the two years before the
	 * last change listed, the one after it, and a margin at the end. */
	RULE_YEARS = 406
};

struct counts {
	uint32_t isut, isstd, leap, time, type, chars;
};

/* The 64-bit data of a file, cut into its arrays. */
struct file {
	char version;
	struct counts n;
	const unsigned char *times, *indices, *types, *chars, *isstd, *isut;
	ent_str footer;
};

/* A table that grows; offset[count] is the newest offset. */
struct table {
	int64_t *at;
	int32_t *offset;
	size_t count;
};

static uint32_t get32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t get64(const unsigned char *p)
{
	return (int64_t)((uint64_t)get32(p) << 32 | get32(p + 4));
}

static bool read_head(const unsigned char *p, size_t len, char version, struct counts *out)
{
	if (len < HEAD || memcmp(p, "TZif", 4) != 0 || (char)p[4] != version) {
		return false;
	}
	*out = (struct counts){ get32(p + 20), get32(p + 24), get32(p + 28),
		                get32(p + 32), get32(p + 36), get32(p + 40) };
	return true;
}

static uint64_t block_size(const struct counts *n, uint64_t word)
{
	return n->time * (word + 1) + n->type * UINT64_C(6) + n->chars + n->leap * (word + 4) +
	       n->isstd + n->isut;
}

/* Cut the file; false if it is not one or ends too early. */
static bool cut(ent_str bytes, struct file *out)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;
	size_t len = bytes.len;
	if (len < HEAD || p[4] < '2' || p[4] > '4') {
		return false;
	}
	struct file file = { .version = (char)p[4] };
	struct counts old; /* of the 32-bit block, which is passed over */
	if (!read_head(p, len, file.version, &old) || block_size(&old, 4) > len - HEAD) {
		return false;
	}
	p += HEAD + block_size(&old, 4);
	len -= HEAD + (size_t)block_size(&old, 4);
	if (!read_head(p, len, file.version, &file.n) || block_size(&file.n, 8) > len - HEAD) {
		return false;
	}
	len -= HEAD + (size_t)block_size(&file.n, 8);
	file.times = p + HEAD;
	file.indices = file.times + file.n.time * (size_t)8;
	file.types = file.indices + file.n.time;
	file.chars = file.types + file.n.type * (size_t)TYPE;
	file.isstd = file.chars + file.n.chars + file.n.leap * (size_t)12;
	file.isut = file.isstd + file.n.isstd;
	const unsigned char *foot = file.isut + file.n.isut;
	if (len < 2 || foot[0] != '\n' || foot[len - 1] != '\n') {
		return false;
	}
	file.footer = (ent_str){ (const char *)foot + 1, len - 2 };
	*out = file;
	return true;
}

static int32_t type_offset(const struct file *file, size_t type)
{
	return (int32_t)get32(file->types + type * TYPE);
}

static const char *check_types(const struct file *file)
{
	const struct counts *n = &file->n;
	if (n->type < 1 || n->type > TYPES_MAX || n->chars < 1 ||
	    (n->isstd != 0 && n->isstd != n->type) || (n->isut != 0 && n->isut != n->type)) {
		return "wrong counts";
	}
	for (size_t i = 0; i < n->type; i++) {
		const unsigned char *type = file->types + i * TYPE;
		int32_t offset = type_offset(file, i);
		if (offset < OFFSET_MIN || offset > OFFSET_MAX) {
			return "an offset beyond a day";
		}
		if (type[4] > 1 || type[5] >= n->chars ||
		    memchr(file->chars + type[5], 0, n->chars - type[5]) == NULL) {
			return "a broken local time type";
		}
	}
	for (size_t i = 0; i < n->type; i++) {
		unsigned char isstd = n->isstd > 0 ? file->isstd[i] : 0;
		unsigned char isut = n->isut > 0 ? file->isut[i] : 0;
		if (isstd > 1 || isut > isstd) {
			return "a broken indicator";
		}
	}
	return NULL;
}

static const char *check_times(const struct file *file)
{
	int64_t least = -(INT64_C(1) << 59); /* RFC 8536 3.2: not before the Big Bang */
	int64_t most = ent_date_make(ENT_YEAR_MAX + 1, 1, 1).day * (int64_t)DAY_S;
	if (file->n.time > TIMES_MAX) {
		return "too many changes";
	}
	for (size_t i = 0; i < file->n.time; i++) {
		int64_t at = get64(file->times + i * 8);
		if (at < least || at >= most || (i > 0 && at <= get64(file->times + (i - 1) * 8))) {
			return "changes out of order";
		}
		if (file->indices[i] >= file->n.type) {
			return "a broken local time type";
		}
	}
	return NULL;
}

/* NULL, or what is wrong. Without a footer *rule is the last offset for ever. */
static const char *check(ent_str bytes, struct file *file, struct ent_zone_rule *rule)
{
	if (!cut(bytes, file)) {
		return "not a whole TZif file of version 2 to 4";
	}
	if (file->n.leap > 0) {
		return "it counts leap seconds";
	}
	const char *wrong = check_types(file);
	if (wrong == NULL) {
		wrong = check_times(file);
	}
	if (wrong != NULL) {
		return wrong;
	}
	if (file->footer.len == 0) {
		size_t last = file->n.time > 0 ? file->indices[file->n.time - 1] : 0;
		*rule = (struct ent_zone_rule){ .standard = type_offset(file, last) };
	} else if (!ent_zone_rule_parse(file->footer, file->version > '2', rule)) {
		return "a broken rule at its end";
	}
	return NULL;
}

static void add(struct table *table, struct ent_zone_step step)
{
	if (table->offset[table->count] != step.offset) {
		table->at[table->count] = step.at;
		table->offset[++table->count] = step.offset;
	}
}

/* Write out what the rule makes of the time after `from`, the last change
 * listed. *now becomes the offset the rule itself gives at `from`. A change at
 * the very time of the one before replaces it: so summer time can be permanent. */
static bool expand(const struct ent_zone_rule *rule, int64_t from, struct table *table,
                   int32_t *now)
{
	int32_t year = ent_date_civil((ent_date){ (int32_t)(from / DAY_S) }).year - 2;
	struct ent_zone_step steps[2];
	ent_zone_rule_steps(rule, year, steps);
	struct ent_zone_step held = steps[1];
	for (int i = 1; i < RULE_YEARS; i++) {
		ent_zone_rule_steps(rule, year + i, steps);
		for (int k = 0; k < 2; k++) {
			if (steps[k].at < held.at) {
				return false;
			}
			if (steps[k].at > held.at && held.at > from) {
				add(table, held);
			}
			if (steps[k].at > from && held.at <= from) {
				*now = held.offset;
				add(table, (struct ent_zone_step){ from, held.offset });
			}
			held = steps[k];
		}
	}
	return true;
}

/* Two changes must be so far apart that no local time occurs three times. */
static bool are_apart(const struct table *table)
{
	for (size_t i = 1; i < table->count; i++) {
		const int32_t *offset = table->offset + i;
		int64_t before = offset[0] - (int64_t)offset[-1];
		int64_t after = offset[1] - (int64_t)offset[0];
		if (table->at[i] - table->at[i - 1] <=
		    (before < 0 ? -before : before) + (after < 0 ? -after : after)) {
			return false;
		}
	}
	return true;
}

/* NULL, or what is wrong. */
static const char *fill(const struct file *file, const struct ent_zone_rule *rule,
                        struct table *table, int64_t *repeat)
{
	int64_t from = ent_date_make(ENT_YEAR_MIN, 1, 1).day * (int64_t)DAY_S;
	bool listed = false; /* is there a change that the rule must agree with? */
	table->offset[0] = type_offset(file, 0);
	for (size_t i = 0; i < file->n.time; i++) {
		int64_t at = get64(file->times + i * 8);
		add(table, (struct ent_zone_step){ at, type_offset(file, file->indices[i]) });
		listed = at >= from;
		from = listed ? at : from;
	}
	size_t count = table->count;
	int32_t last = table->offset[count];
	int32_t now = rule->standard;
	*repeat = INT64_MAX;
	if (rule->changes) {
		if (!expand(rule, from, table, &now)) {
			return "a rule whose changes overlap";
		}
		*repeat = from + 366 * DAY_S + ENT_ZONE_CYCLE;
	} else if (!listed) {
		add(table, (struct ent_zone_step){ from, now });
	}
	if (listed && now != last) {
		return "a rule that contradicts its last change";
	}
	return are_apart(table) ? NULL : "changes too close to each other";
}

enum ent_code ent_zone_parse(ent_str bytes, ent_str name, struct ent_arena *arena,
                             const struct ent_zone **out, struct ent_error *error)
{
	struct file file = { 0 };
	struct ent_zone_rule rule = { 0 };
	const char *wrong = check(bytes, &file, &rule);
	if (wrong != NULL) {
		return ent_fail(error, ENT_E_FORMAT, "unusable time zone file: %s", wrong);
	}
	size_t room = file.n.time + 1 + (rule.changes ? 2 * (size_t)RULE_YEARS : 0);
	struct ent_zone *zone = ENT_NEW(arena, struct ent_zone, 1);
	struct table table = {
		.at = ENT_NEW(arena, int64_t, room),
		.offset = ENT_NEW(arena, int32_t, room + 1),
	};
	wrong = fill(&file, &rule, &table, &zone->repeat);
	if (wrong != NULL) {
		return ent_fail(error, ENT_E_FORMAT, "unusable time zone file: %s", wrong);
	}
	int64_t *wall = ENT_NEW(arena, int64_t, table.count);
	for (size_t i = 0; i < table.count; i++) {
		wall[i] = table.at[i] + table.offset[i + 1];
	}
	zone->name = ent_text_copy(arena, name);
	zone->at = table.at;
	zone->wall = wall;
	zone->offset = table.offset;
	zone->count = table.count;
	*out = zone;
	return ENT_OK;
}
