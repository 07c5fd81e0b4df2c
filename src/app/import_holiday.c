/* Holidays of Salesforce: entries of a holiday set, found again by their identifier.
 *
 * Recurring ones are told to ical/ as events with an RRULE, so there is one place that knows what
 * may stay a rule and what is listed. */
#include "app/import_inner.h"
#include "ical/ical.h"
#include "json/calendar.h"

#include <string.h>

enum { YEARS_LISTED = 10, MINUTES_OF_DAY = 1440, EVERY_DAY = 127 };

/* ---- what the row says ----------------------------------------------------------------- */

struct holiday {
	ent_str name;
	bool is_whole, recurs, has_end;
	ent_date date, until; /* the first or only date; the last on which it may recur */
	int64_t from, to;     /* minutes of the day */
	ent_str kind;         /* "Yearly" */
	int64_t day, month, mask, nth, interval;
};

static ent_date read_date(struct ent_import_work *work, enum ent_import_slot slot,
                          const char *pointer, bool *given, struct ent_error *error)
{
	ent_date out = ENT_DATE_NONE;
	ent_str text = work->slots[slot];
	*given = text.len > 0;
	if (*given && !ent_import_date(text, work->reader->options->date_order, &out)) {
		ent_note(error, ENT_E_FORMAT, pointer, text,
		         "give a date like 2026-02-28, or tell --date-order");
	}
	return out;
}

static int64_t read_number(struct ent_import_work *work, enum ent_import_slot slot,
                           int64_t otherwise, struct ent_error *error)
{
	ent_count count = ent_import_count(work, slot, error);
	return ent_count_is_none(count) ? otherwise : count.n;
}

static bool read_truth(struct ent_import_work *work, enum ent_import_slot slot, const char *pointer,
                       bool otherwise, struct ent_error *error)
{
	bool truth = otherwise;
	if (work->slots[slot].len > 0 && !ent_import_bool(work->slots[slot], &truth)) {
		ent_note(error, ENT_E_FORMAT, pointer, work->slots[slot], "give true or false");
	}
	return truth;
}

/* "January", "First": their number from 1; else `otherwise`. */
static int64_t read_word(struct ent_import_work *work, enum ent_import_slot slot,
                         const char *pointer, const char *const *words, int64_t count,
                         struct ent_error *error)
{
	ent_str text = work->slots[slot];
	int64_t number = 0;
	for (int64_t i = 0; i < count; i++) {
		if (ent_import_same_word(text, ent_str_of(words[i]))) {
			return i + 1;
		}
	}
	if (text.len > 0 && (!ent_str_int(text, &number) || number < 1 || number > count)) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, pointer, text, "give a word such as %s",
		         words[0]);
	}
	return number;
}

static void read_recurrence(struct ent_import_work *work, struct holiday *h,
                            struct ent_error *error)
{
	static const char *const months[] = { "January",   "February", "March",    "April",
		                              "May",       "June",     "July",     "August",
		                              "September", "October",  "November", "December" };
	static const char *const nths[] = { "First", "Second", "Third", "Fourth", "Last" };
	bool given;
	ent_date start = read_date(work, ENT_SLOT_RECURS_FROM, "/#RECURS_FROM", &given, error);
	h->date = given ? start : h->date;
	h->until = read_date(work, ENT_SLOT_RECURS_UNTIL, "/#RECURS_UNTIL", &h->has_end, error);
	h->kind = work->slots[ENT_SLOT_RECURRENCE_TYPE];
	if (h->kind.len > 6 && strncmp(h->kind.ptr, "Recurs", 6) == 0) {
		h->kind = (ent_str){ h->kind.ptr + 6, h->kind.len - 6 };
	}
	h->day = read_number(work, ENT_SLOT_DAY_OF_MONTH, 0, error);
	h->mask = read_number(work, ENT_SLOT_DAY_MASK, 0, error);
	h->interval = read_number(work, ENT_SLOT_INTERVAL, 1, error);
	h->month = read_word(work, ENT_SLOT_MONTH, "/#MONTH", months, ENT_COUNT(months), error);
	h->nth = read_word(work, ENT_SLOT_INSTANCE, "/#INSTANCE", nths, ENT_COUNT(nths), error);
	h->nth = h->nth == (int64_t)ENT_COUNT(nths) ? -1 : h->nth;
	if (h->mask < 0 || h->mask > EVERY_DAY) {
		ent_note(error, ENT_E_RANGE, "/#DAY_MASK", work->slots[ENT_SLOT_DAY_MASK],
		         "give the sum of 1 for Sunday to 64 for Saturday");
	}
	if (h->interval < 1 || h->interval > 1000) {
		ent_note(error, ENT_E_RANGE, "/#INTERVAL", work->slots[ENT_SLOT_INTERVAL],
		         "give 1 to 1000");
	}
}

static void read_times(struct ent_import_work *work, struct holiday *h, struct ent_error *error)
{
	h->from = read_number(work, ENT_SLOT_START_MINUTES, 0, error);
	h->to = read_number(work, ENT_SLOT_END_MINUTES, MINUTES_OF_DAY, error);
	h->is_whole = read_truth(work, ENT_SLOT_IS_ALL_DAY, "/#IS_ALL_DAY",
	                         work->slots[ENT_SLOT_START_MINUTES].len == 0, error);
	h->to = h->to == 0 ? MINUTES_OF_DAY : h->to;
	if (!h->is_whole && (h->from < 0 || h->from >= h->to || h->to > MINUTES_OF_DAY)) {
		ent_note(error, ENT_E_RANGE, "/#START_MINUTES", work->slots[ENT_SLOT_START_MINUTES],
		         "give minutes since midnight, first when it begins, then when it ends");
	}
}

static enum ent_code read_holiday(struct ent_import_work *work, struct holiday *h,
                                  struct ent_error *error)
{
	bool given;
	*h = (struct holiday){ .name = work->slots[ENT_SLOT_NAME] };
	h->date = read_date(work, ENT_SLOT_DATE, "/#DATE", &given, error);
	h->recurs = read_truth(work, ENT_SLOT_IS_RECURRENCE, "/#IS_RECURRENCE",
	                       work->slots[ENT_SLOT_RECURRENCE_TYPE].len > 0, error);
	read_times(work, h, error);
	if (h->recurs) {
		read_recurrence(work, h, error);
	}
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK && ent_date_is_none(h->date)) {
		ent_note(error, ENT_E_REQUIRED, h->recurs ? "/#RECURS_FROM" : "/#DATE",
		         (ent_str){ NULL, 0 }, "the date must be given");
	}
	if (((const struct ent_record *)work->object)->external_id.len == 0) {
		ent_note(error, ENT_E_REQUIRED, "/external_id", (ent_str){ NULL, 0 },
		         "the Id must be given");
	}
	return ent_noted(error);
}

/* ---- as events --------------------------------------------------------------------------- */

enum rule { DAILY, WEEKDAYS, WEEKLY, MONTHLY, MONTHLY_NTH, YEARLY, YEARLY_NTH, RULES };

static enum rule rule_of(const struct holiday *h)
{
	static const char *const names[] = { "Daily",      "EveryWeekday", "Weekly",   "Monthly",
		                             "MonthlyNth", "Yearly",       "YearlyNth" };
	enum rule rule = DAILY;
	while (rule < RULES && !ent_import_same_word(h->kind, ent_str_of(names[rule]))) {
		rule++;
	}
	return rule;
}

/* What the rule needs is there. */
static enum ent_code check_rule(struct ent_import_work *work, const struct holiday *h,
                                enum rule rule, struct ent_error *error)
{
	const ent_str none = { NULL, 0 };
	bool by_day = rule == MONTHLY || rule == YEARLY;
	bool nth = rule == MONTHLY_NTH || rule == YEARLY_NTH;
	if (rule == RULES) {
		return ent_refuse(error, ENT_E_UNKNOWN_VALUE, "/#RECURRENCE_TYPE",
		                  work->slots[ENT_SLOT_RECURRENCE_TYPE],
		                  "give one such as RecursYearly");
	}
	if (by_day && (h->day < 1 || h->day > 31)) {
		ent_note(error, ENT_E_RANGE, "/#DAY_OF_MONTH", none, "give a day from 1 to 31");
	}
	if ((nth || rule == WEEKLY) && h->mask == 0) {
		ent_note(error, ENT_E_REQUIRED, "/#DAY_MASK", none, "give the days of the week");
	}
	if (nth && h->nth == 0) {
		ent_note(error, ENT_E_REQUIRED, "/#INSTANCE", none, "give First to Fourth or Last");
	}
	if ((rule == YEARLY || rule == YEARLY_NTH) && h->month == 0) {
		ent_note(error, ENT_E_REQUIRED, "/#MONTH", none, "give the month");
	}
	return ent_noted(error);
}

static void add_stamp(struct ent_text *out, ent_date date)
{
	struct ent_civil c = ent_date_civil(date);
	ent_text_addf(out, "%04d%02d%02d", c.year, c.month, c.day);
}

/* BYDAY=MO,TU; with a position of its own if there is one day: BYDAY=4TH. */
static void add_days(struct ent_text *out, int64_t mask, int64_t nth)
{
	static const char *const days[] = { "SU", "MO", "TU", "WE", "TH", "FR", "SA" };
	bool one = (mask & (mask - 1)) == 0;
	const char *before = ";BYDAY=";
	for (int i = 0; i < 7; i++) {
		if ((mask >> i & 1) != 0) {
			ent_text_addf(out, "%s", before);
			if (one && nth != 0) {
				ent_text_addf(out, "%lld", (long long)nth);
			}
			ent_text_addf(out, "%s", days[i]);
			before = ",";
		}
	}
	if (!one && nth != 0) {
		ent_text_addf(out, ";BYSETPOS=%lld", (long long)nth);
	}
}

static void add_rule(struct ent_text *out, const struct holiday *h, enum rule rule, int64_t month)
{
	static const char *const frequencies[] = { "DAILY",   "WEEKLY", "WEEKLY", "MONTHLY",
		                                   "MONTHLY", "YEARLY", "YEARLY" };
	bool yearly = month != 0;
	ent_text_addf(out, "RRULE:FREQ=%s", yearly ? "YEARLY" : frequencies[rule]);
	if (h->interval > 1 && rule != WEEKDAYS) {
		ent_text_addf(out, ";INTERVAL=%lld", (long long)h->interval);
	}
	if (yearly) {
		ent_text_addf(out, ";BYMONTH=%lld", (long long)month);
	}
	if (rule == MONTHLY || rule == YEARLY) {
		ent_text_addf(out, ";BYMONTHDAY=%lld", (long long)h->day);
	} else if (rule == WEEKDAYS || rule == WEEKLY) {
		add_days(out, rule == WEEKDAYS ? 62 : h->mask, 0);
		ent_text_addf(out, ";WKST=SU");
	} else if (rule != DAILY) {
		add_days(out, h->mask, h->nth);
	}
	if (h->has_end) {
		ent_text_addf(out, ";UNTIL=");
		add_stamp(out, h->until);
	}
	ent_text_addf(out, "\r\n");
}

/* `rule` is RULES: once, from h->date to `last`. */
static void add_event(struct ent_text *out, const struct holiday *h, ent_date last, enum rule rule,
                      int64_t month)
{
	static const char *const names[] = { "DTSTART", "DTEND" };
	ent_text_addf(out, "BEGIN:VEVENT\r\n");
	for (int i = 0; i < 2; i++) {
		bool next = i == 1 && (h->is_whole || h->to == MINUTES_OF_DAY);
		int64_t minutes = i == 0 ? h->from : next ? 0 : h->to;
		ent_text_addf(out, "%s%s:", names[i], h->is_whole ? ";VALUE=DATE" : "");
		add_stamp(out, (ent_date){ (i == 0 ? h->date.day : last.day) + next });
		if (!h->is_whole) {
			ent_text_addf(out, "T%02d%02d00", (int)(minutes / 60), (int)(minutes % 60));
		}
		ent_text_addf(out, "\r\n");
	}
	if (rule != RULES) {
		add_rule(out, h, rule, month);
	}
	ent_text_addf(out, "END:VEVENT\r\n");
}

/* What recurs each month for ever is twelve rules of years, which need no list. */
static void add_events(struct ent_text *out, const struct holiday *h, enum rule rule)
{
	bool monthly = rule == MONTHLY || rule == MONTHLY_NTH;
	bool run = rule == DAILY && h->interval == 1 && h->is_whole && h->has_end;
	if (!h->recurs || run) {
		add_event(out, h, run ? h->until : h->date, RULES, 0);
		return;
	}
	if (!monthly || h->interval > 1 || h->has_end) {
		add_event(out, h, h->date, rule,
		          rule == YEARLY || rule == YEARLY_NTH ? h->month : 0);
		return;
	}
	for (int month = 1; month <= 12; month++) {
		if (rule == MONTHLY_NTH || h->day <= ent_month_days(2000, month)) {
			add_event(out, h, h->date, rule, month);
		}
	}
}

static enum ent_code as_entries(struct ent_import_work *work, const struct holiday *h,
                                struct ent_ical *out, struct ent_error *error)
{
	struct ent_arena *arena = work->call->arena;
	enum rule rule = h->recurs ? rule_of(h) : DAILY;
	enum ent_code code = check_rule(work, h, h->recurs ? rule : DAILY, error);
	if (code != ENT_OK) {
		return code;
	}
	int32_t year = ent_date_civil(ent_zone_date(&ent_zone_utc, work->call->now)).year;
	struct ent_text text = ent_text_begin(arena);
	ent_text_addf(&text, "BEGIN:VCALENDAR\r\n");
	add_events(&text, h, rule);
	ent_text_addf(&text, "END:VCALENDAR\r\n");
	struct ent_ical_question question = {
		.text = ent_text_end(&text),
		.zone = &ent_zone_utc,
		.from = ent_date_make(year - 1, 1, 1),
		.until = ent_date_make(year + YEARS_LISTED, 1, 1),
	};
	code = ent_ical_read(&question, arena, out, error);
	if (code == ENT_OK && out->skipped_count > 0) {
		return ent_refuse(error, ENT_E_INVALID, h->recurs ? "/#RECURRENCE_TYPE" : "/#DATE",
		                  (ent_str){ NULL, 0 }, "%s", out->skipped[0].reason);
	}
	bool listed = h->recurs &&
	              (out->holiday_count == 0 || out->holidays[0].first.form == ENT_DAY_ONCE);
	if (code == ENT_OK && out->holiday_count == 0) {
		work->notice = ent_text_format(arena, "none of its dates lies in %d to %d",
		                               year - 1, year + YEARS_LISTED - 1);
	} else if (listed && (!h->has_end || h->until.day >= question.until.day)) {
		work->notice = ent_text_format(arena, "no rule of ours: listed until the end of %d",
		                               year + YEARS_LISTED - 1);
	}
	return code;
}

/* ---- into their set ---------------------------------------------------------------------- */

/* The set of that name; none if there is none. */
static enum ent_code find_set(struct ent_import_work *work, ent_str name, ent_id *out,
                              struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(work->call->db, ENT_STR("SELECT id FROM holiday_set WHERE name = $1"),
	                   ENT_ARGS(ent_arg_text(name)), work->call->arena, &rows, error);
	*out = (ent_id){ code == ENT_OK && rows.count > 0 ? rows.first->cell[0].number : 0 };
	return code;
}

static enum ent_code create_set(struct ent_import_work *work, ent_str name, ent_id *out,
                                struct ent_error *error)
{
	static const char *const given_names[] = { "name", "external_system", "external_id" };
	struct ent_holiday_set set;
	struct ent_set given = { { 0 } };
	ent_type_clear(&ent_holiday_set_type, &set);
	if (ent_field_set(ENT_FIELD_OF(holiday_set, name), &set, ent_value_text(name), error)) {
		set.external_system = work->system;
		set.external_id = name;
	}
	for (size_t i = 0; i < ENT_COUNT(given_names); i++) {
		const struct ent_field *field =
			ent_type_field(&ent_holiday_set_type, ent_str_of(given_names[i]));
		ent_set_add(&given, ent_type_at(&ent_holiday_set_type, field));
	}
	enum ent_code code = ent_noted(error);
	if (code == ENT_OK) {
		code = ent_record_create(work->call, &ent_holiday_set_type, &set, &given, error);
	}
	*out = set.id;
	return code;
}

struct put {
	ent_str key;
	ent_str name;
	const struct ent_ical *entries;
	bool had, changed;
};

/* What the set has, with the entries in the place of those that came from the same row. */
static enum ent_code put(void *arg, struct ent_arena *arena, void *object, struct ent_set *given,
                         struct ent_error *error)
{
	struct put *p = arg;
	struct ent_holiday_set *set = object;
	struct ent_calendar_version kept = { .holiday_count = 0 };
	const struct ent_node *list = NULL;
	enum ent_code code = ENT_OK;
	if (set->holidays.text.ptr != NULL) {
		code = ent_json_parse(set->holidays.text, arena, &list, error);
	}
	if (code == ENT_OK && list != NULL) {
		ent_holidays_read(list, "/holidays", arena, &kept, error);
		code = ent_noted(error);
	}
	if (code != ENT_OK) {
		return code;
	}
	size_t fresh = p->entries->holiday_count;
	struct ent_holiday *all = ENT_NEW(arena, struct ent_holiday, kept.holiday_count + fresh);
	size_t count = 0;
	p->had = false;
	for (size_t i = 0; i <= kept.holiday_count; i++) {
		bool end = i == kept.holiday_count;
		bool own = !end && ent_str_eq(kept.holidays[i].external_id, p->key);
		for (size_t k = 0; k < fresh && (own || end) && !p->had; k++) {
			all[count] = p->entries->holidays[k];
			all[count].name = p->name;
			all[count++].external_id = p->key;
		}
		p->had = p->had || own;
		if (!end && !own) {
			all[count++] = kept.holidays[i];
		}
	}
	struct ent_text out = ent_text_begin(arena);
	ent_holidays_write(all, count, &out);
	ent_str text = ent_text_end(&out);
	p->changed = !ent_str_eq(text, set->holidays.text) && (count > 0 || kept.holiday_count > 0);
	set->holidays.text = text;
	ent_set_add(given, ent_type_at(&ent_holiday_set_type, ENT_FIELD_OF(holiday_set, holidays)));
	return ENT_OK;
}

enum ent_code ent_import_store_holiday(struct ent_import_work *work, enum ent_import_status *status,
                                       ent_id *out, struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct ent_holiday_set set;
	struct ent_set given = { { 0 } };
	struct holiday holiday;
	struct ent_ical entries;
	ent_str name = work->slots[ENT_SLOT_SET];
	enum ent_code code = read_holiday(work, &holiday, error);
	if (code == ENT_OK) {
		code = as_entries(work, &holiday, &entries, error);
	}
	if (name.len == 0) {
		name = ent_text_format(call->arena, "Holidays of %.*s", (int)work->system.len,
		                       work->system.ptr);
	}
	if (code == ENT_OK) {
		code = find_set(work, name, out, error);
	}
	if (code == ENT_OK && ent_id_is_none(*out)) {
		code = create_set(work, name, out, error);
	}
	if (code == ENT_OK) {
		code = ent_record_get(call, &ent_holiday_set_type, *out, &set, error);
	}
	struct put p = { .key = ((const struct ent_record *)work->object)->external_id,
		         .name = holiday.name,
		         .entries = &entries };
	if (code == ENT_OK) {
		code = put(&p, call->arena, &set, &given, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	*status = !p.changed ? ENT_IMPORT_UNCHANGED
	          : p.had    ? ENT_IMPORT_UPDATED
	                     : ENT_IMPORT_CREATED;
	return p.changed ? ent_record_update(call, &ent_holiday_set_type, *out, 0, put, &p, &set,
	                                     error)
	                 : ENT_OK;
}
