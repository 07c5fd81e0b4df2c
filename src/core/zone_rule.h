/* zone_rule.h - the POSIX TZ text at the end of a TZif file: how the clock
 * goes on after the last change listed. Only zone*.c use it. */
#ifndef ENT_CORE_ZONE_RULE_H
#define ENT_CORE_ZONE_RULE_H

#include "core/value.h"

/* Years, and with them weekdays and rules, recur every 400 years. */
#define ENT_ZONE_CYCLE (INT64_C(146097) * 86400)

enum ent_zone_form {
	ENT_ZONE_JULIAN, /* "J60": day 1..365; 29 February is never counted */
	ENT_ZONE_DAY,    /* "59": day 0..365 */
	ENT_ZONE_WEEKDAY /* "M3.5.0": month, week (5 is the last), day (0 is Sunday) */
};

struct ent_zone_day {
	enum ent_zone_form form;
	int32_t month, week;
	int32_t day;
	int32_t time; /* seconds of local time after that day's 00:00; may leave the day */
};

struct ent_zone_rule {
	int32_t standard;           /* seconds east of UTC */
	int32_t summer;             /* the other offset; less than `standard` in Ireland */
	bool changes;               /* else `standard` for ever, and no more here is set */
	struct ent_zone_day begins; /* of summer, in standard time */
	struct ent_zone_day ends;   /* in summer time */
};

struct ent_zone_step {
	int64_t at; /* seconds UTC */
	int32_t offset;
};

/* `extended`: version 3 or later, where times are -167 to 167 hours. */
ENT_CHECK bool ent_zone_rule_parse(ent_str text, bool extended, struct ent_zone_rule *out);

/* Both changes of that year, in order of time. Only for a rule that changes. */
void ent_zone_rule_steps(const struct ent_zone_rule *rule, int32_t year,
                         struct ent_zone_step out[static 2]);

#endif
