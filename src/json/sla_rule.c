/* A milestone rule: when it applies, when its clock starts, stops and is done, how long it has. */
#include "json/sla_inner.h"

#include <limits.h>

enum {
	NAME_CHARACTERS = 120,
	PAUSE_STATUSES = 50,
	TIERS = 50,
	DAYS_MAX = 36600,
	MONTHS_MAX = 1200
};

static const char *const day_mode_texts[] = { "keep_clock_time", "into_hours", "end_of_day" };
static const struct ent_names day_modes = { day_mode_texts, ENT_COUNT(day_mode_texts) };

/* ---- the field that a clock starts from ---- */

static void read_start_field(struct ent_sla_reader *r, const struct ent_sla_member *member,
                             const struct ent_node *node, const char *place, void *out)
{
	(void)member;
	const struct ent_field *field =
		node->kind == ENT_JSON_STRING ? ent_type_field(&ent_case_type, node->text) : NULL;
	bool good = field != NULL && field->kind == ENT_K_INSTANT && ent_field_is_shown(field) &&
	            field != ENT_FIELD_OF(case, next_due_at);
	if (!good) {
		ent_note(r->error, node->kind == ENT_JSON_STRING ? ENT_E_UNKNOWN_VALUE : ENT_E_TYPE,
		         place, ent_json_shown(node),
		         "name an instant of the case such as created_at or sla_start_at");
		return;
	}
	*(const struct ent_field **)out = field;
}

/* ---- the time allowed ---- */

bool ent_sla_fits_unit(struct ent_sla_reader *r, enum ent_target_unit unit, ent_duration duration,
                       const char *place)
{
	const char *remedy = NULL;
	if (unit == ENT_TARGET_BUSINESS && (duration.months != 0 || duration.days != 0)) {
		remedy = "business time has no days or months: give hours, or unit business_days";
	} else if (unit == ENT_TARGET_BUSINESS_DAYS &&
	           (duration.months != 0 || duration.seconds != 0)) {
		remedy = "business days are whole days such as P2D";
	} else if (duration.days > DAYS_MAX || duration.months > MONTHS_MAX) {
		remedy = "give at most 100 years";
	} else if (unit != ENT_TARGET_BUSINESS_DAYS && duration.months == 0 && duration.days == 0 &&
	           duration.seconds == 0) {
		remedy = "give more than nothing";
	}
	if (remedy != NULL) {
		char text[ENT_DURATION_ROOM];
		ent_str value = { text, ent_duration_format(duration, text) };
		ent_note(r->error, ENT_E_RANGE, place, value, "%s", remedy);
	}
	return remedy == NULL;
}

/* ---- the matrix ---- */

/* "high" or ["high", "critical"], as bits. */
static void read_priorities(struct ent_sla_reader *r, const struct ent_sla_member *member,
                            const struct ent_node *node, const char *place, void *out)
{
	const struct ent_sla_member word = { .more = &ent_case_priority_names };
	const struct ent_node *n = node->kind == ENT_JSON_ARRAY ? node->first : node;
	size_t at = 0;
	(void)member;
	while (n != NULL) {
		bool many = node->kind == ENT_JSON_ARRAY;
		unsigned priority = UINT_MAX;
		ent_sla_word(r, &word, n, many ? ent_sla_item(r, place, at++) : place, &priority);
		if (priority != UINT_MAX) {
			*(unsigned *)out |= 1U << priority;
		}
		n = many ? n->next : NULL;
	}
}

#define ROW(name_, read_, ...)                               \
	{                                                    \
		.name = #name_, .read = (read_), __VA_ARGS__ \
	}

static const struct ent_sla_member target_members[] = {
	ROW(target, ent_sla_duration, .offset = offsetof(struct ent_sla_target, allowed)),
	ROW(priority, read_priorities, .offset = offsetof(struct ent_sla_target, priorities)),
	ROW(tier, ent_sla_texts, .offset = offsetof(struct ent_sla_target, tiers), .limit = TIERS),
};

static void read_targets(struct ent_sla_reader *r, const struct ent_sla_member *member,
                         const struct ent_node *node, const char *place, void *out)
{
	struct ent_milestone_rule *rule = out;
	(void)member;
	if (!ent_sla_is_array(r, node, ENT_SLA_TARGETS_MAX, place,
	                      "give an array of {priority, tier, target}")) {
		return;
	}
	struct ent_sla_target *targets = ENT_NEW(r->arena, struct ent_sla_target, node->count);
	size_t at = 0;
	for (const struct ent_node *n = node->first; n != NULL; n = n->next, at++) {
		const char *there = ent_sla_item(r, place, at);
		targets[at].allowed = ENT_DURATION_NONE;
		uint64_t given = ent_sla_object(r, n, there, target_members,
		                                ENT_COUNT(target_members), &targets[at]);
		if (n->kind == ENT_JSON_OBJECT && (given & 1) == 0) {
			ent_note(r->error, ENT_E_REQUIRED, ent_sla_below(r, there, "target"),
			         NO_TEXT, "give the time allowed, such as PT4H");
		}
	}
	rule->targets = targets;
	rule->target_count = at;
}

/* ---- the rule ---- */

/* Actions need the unit and the targets: they are read after the rest. */
static void keep_actions(struct ent_sla_reader *r, const struct ent_sla_member *member,
                         const struct ent_node *node, const char *place, void *out)
{
	(void)r;
	(void)member;
	(void)node;
	(void)place;
	(void)out;
}

#define AT(member_) .offset = offsetof(struct ent_milestone_rule, member_)

static const struct ent_sla_member rule_members[] = {
	ROW(name, ent_sla_text, AT(name), .limit = NAME_CHARACTERS),
	ROW(kind, ent_sla_word, AT(kind), .more = &ent_milestone_kind_names),
	ROW(recurrence, ent_sla_word, AT(recurrence), .more = &ent_recurrence_names),
	ROW(start, ent_sla_word, AT(start), .more = &ent_milestone_start_names),
	ROW(start_field, read_start_field, AT(start_field)),
	ROW(criteria, ent_sla_expression, AT(criteria)),
	ROW(completion_criteria, ent_sla_expression, AT(completion)),
	ROW(pause_criteria, ent_sla_expression, AT(pause)),
	ROW(pause_statuses, ent_sla_statuses, AT(pause_statuses), .limit = PAUSE_STATUSES),
	ROW(pausable, ent_sla_bool, AT(is_pausable)),
	ROW(target, ent_sla_duration, AT(allowed)),
	ROW(unit, ent_sla_word, AT(unit), .more = &ent_target_unit_names),
	ROW(day_mode, ent_sla_word, AT(day_mode), .more = &day_modes),
	ROW(targets, read_targets, .offset = 0),
	ROW(calendar_id, ent_sla_id, AT(calendar_id), .more = "cal"),
	ROW(warn_percent, ent_sla_number, AT(warn_percent), .limit = 100),
	ROW(reopen, ent_sla_word, AT(reopen), .more = &ent_reopen_policy_names),
	ROW(actions, keep_actions, .offset = 0),
};

static bool has(uint64_t given, const char *name)
{
	size_t at = 0;
	while (strcmp(rule_members[at].name, name) != 0) {
		at++;
	}
	return (given >> at & 1) != 0;
}

static void require(struct ent_sla_reader *r, uint64_t given, const char *name, const char *place,
                    const char *remedy)
{
	if (!has(given, name)) {
		ent_note(r->error, ENT_E_REQUIRED, ent_sla_below(r, place, name), NO_TEXT, "%s",
		         remedy);
	}
}

static void refuse(struct ent_sla_reader *r, const char *name, const char *place,
                   const char *remedy)
{
	ent_note(r->error, ENT_E_INVALID, ent_sla_below(r, place, name), NO_TEXT, "%s", remedy);
}

/* Each message of the customer asks for an answer, unless the rule says otherwise. */
static void default_next_response(uint64_t given, struct ent_milestone_rule *rule)
{
	if (rule->kind == ENT_MILESTONE_NEXT_RESPONSE && !has(given, "start")) {
		rule->start = ENT_START_CRITERIA;
	}
	if (rule->kind == ENT_MILESTONE_NEXT_RESPONSE && !has(given, "recurrence") &&
	    rule->start == ENT_START_CRITERIA) {
		rule->recurrence = ENT_RECURRENCE_INDEPENDENT;
	}
}

/* Members that are only good together. */
static void check_start(struct ent_sla_reader *r, uint64_t given, const char *place,
                        const struct ent_milestone_rule *rule)
{
	if (rule->recurrence != ENT_RECURRENCE_NONE && rule->start != ENT_START_CRITERIA) {
		refuse(r, "start", place,
		       "what recurs starts each time its criteria match: criteria");
	}
	if (rule->start == ENT_START_CRITERIA && rule->kind != ENT_MILESTONE_NEXT_RESPONSE) {
		require(r, given, "criteria", place, "say what starts it, or give another start");
	}
	if (rule->start == ENT_START_FIELD) {
		require(r, given, "start_field", place, "name an instant of the case");
	} else if (has(given, "start_field")) {
		refuse(r, "start_field", place, "only with start field: leave it out");
	}
	if (rule->unit != ENT_TARGET_BUSINESS_DAYS && has(given, "day_mode")) {
		refuse(r, "day_mode", place, "only with unit business_days: leave it out");
	}
	if (!rule->is_pausable && (has(given, "pause_criteria") || has(given, "pause_statuses"))) {
		refuse(r, "pausable", place, "a clock that never pauses has no reasons to pause");
	}
}

static void check_time(struct ent_sla_reader *r, uint64_t given, const char *place,
                       const struct ent_milestone_rule *rule)
{
	if (!has(given, "target") && !has(given, "targets")) {
		ent_note(r->error, ENT_E_REQUIRED, ent_sla_below(r, place, "target"), NO_TEXT,
		         "give the time allowed such as PT4H, or targets by priority and tier");
	}
	if (!ent_duration_is_none(rule->allowed)) {
		(void)ent_sla_fits_unit(r, rule->unit, rule->allowed,
		                        ent_sla_below(r, place, "target"));
	}
	const char *matrix = ent_sla_below(r, place, "targets");
	for (size_t i = 0; i < rule->target_count; i++) {
		const char *there = ent_sla_below(r, ent_sla_item(r, matrix, i), "target");
		if (!ent_duration_is_none(rule->targets[i].allowed)) {
			(void)ent_sla_fits_unit(r, rule->unit, rule->targets[i].allowed, there);
		}
	}
}

static void read_rule(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                      struct ent_milestone_rule *rule)
{
	rule->is_pausable = true;
	rule->warn_percent = 75;
	rule->allowed = ENT_DURATION_NONE;
	uint64_t given =
		ent_sla_object(r, node, place, rule_members, ENT_COUNT(rule_members), rule);
	if (node->kind != ENT_JSON_OBJECT) {
		return;
	}
	require(r, given, "name", place, "name what is to be done");
	default_next_response(given, rule);
	check_start(r, given, place, rule);
	check_time(r, given, place, rule);
	if (has(given, "actions")) {
		ent_sla_actions(r, ent_json_member(node, "actions"),
		                ent_sla_below(r, place, "actions"), rule);
	}
}

static void check_name(struct ent_sla_reader *r, const struct ent_milestone_rule *rules, size_t at,
                       const char *place)
{
	for (size_t i = 0; i < at && rules[at].name.len > 0; i++) {
		if (ent_str_eq(rules[i].name, rules[at].name)) {
			ent_note(r->error, ENT_E_DUPLICATE, ent_sla_below(r, place, "name"),
			         rules[at].name, "rule %zu has this name; give another", i + 1);
			return;
		}
	}
}

void ent_sla_rules(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                   struct ent_sla_version *out)
{
	if (!ent_sla_is_array(r, node, ENT_SLA_RULES_MAX, place, "give an array of rules")) {
		return;
	}
	struct ent_milestone_rule *rules =
		ENT_NEW(r->arena, struct ent_milestone_rule, node->count);
	size_t at = 0;
	for (const struct ent_node *n = node->first; n != NULL; n = n->next, at++) {
		const char *there = ent_sla_item(r, place, at);
		read_rule(r, n, there, &rules[at]);
		check_name(r, rules, at, there);
	}
	out->rules = rules;
	out->rule_count = at;
}
