/* Actions of a milestone rule: when, and what. */
#include "json/sla_inner.h"

enum {
	NAME_CHARACTERS = 120,
	SUBJECT_CHARACTERS = 300,
	BODY_CHARACTERS = 20000,
	RECIPIENTS = 50,
	PERCENT_MAX = 1000
};

static const char *const when_texts[] = {
	[ENT_SLA_ON_TIME] = "time",           [ENT_SLA_ON_STARTED] = "started",
	[ENT_SLA_ON_PAUSED] = "paused",       [ENT_SLA_ON_RESUMED] = "resumed",
	[ENT_SLA_ON_COMPLETED] = "completed", [ENT_SLA_ON_MET] = "met",
	[ENT_SLA_ON_MET_LATE] = "met_late",   [ENT_SLA_ON_CANCELLED] = "cancelled",
	[ENT_SLA_ON_REOPENED] = "reopened",
};
/* What `on` may say: all but the first, whose members are `at`. */
static const struct ent_names ons = { when_texts + 1, ENT_COUNT(when_texts) - 1 };

/* ---- texts ---- */

static void read_text(struct ent_sla_reader *r, const struct ent_sla_member *member,
                      const struct ent_node *node, const char *place, void *out)
{
	ent_sla_text(r, member, node, place, out);
	if (node->kind == ENT_JSON_STRING) {
		ent_template_text_check(node->text, ent_sla_things, ENT_SLA_THINGS, place,
		                        r->error);
	}
}

/* ---- when ---- */

static void read_on(struct ent_sla_reader *r, const struct ent_sla_member *member,
                    const struct ent_node *node, const char *place, void *out)
{
	struct ent_sla_action *action = out;
	unsigned at = 0;
	ent_sla_word(r, member, node, place, &at);
	action->when = at + 1;
}

static bool read_percent(ent_str text, int32_t *out)
{
	int64_t number;
	if (text.len < 2 || text.ptr[text.len - 1] != '%' ||
	    !ent_str_int((ent_str){ text.ptr, text.len - 1 }, &number) || number < 1 ||
	    number > PERCENT_MAX) {
		return false;
	}
	*out = (int32_t)number;
	return true;
}

/* "-PT30M", "PT1H", "PT0S", "75%". */
static void read_at(struct ent_sla_reader *r, const struct ent_sla_member *member,
                    const struct ent_node *node, const char *place, void *out)
{
	struct ent_sla_action *action = out;
	ent_str text = node->text;
	(void)member;
	if (node->kind != ENT_JSON_STRING) {
		ent_note(r->error, ENT_E_TYPE, place, ent_json_shown(node),
		         "give an offset such as -PT30M, or a share such as 75%%");
		return;
	}
	action->when = ENT_SLA_ON_TIME;
	if (text.len > 0 && text.ptr[text.len - 1] == '%') {
		if (!read_percent(text, &action->percent)) {
			ent_note(r->error, ENT_E_RANGE, place, text, "give 1%% to %d%%",
			         PERCENT_MAX);
		}
		return;
	}
	action->is_before = text.len > 0 && text.ptr[0] == '-';
	ent_str rest = { text.ptr + action->is_before, text.len - action->is_before };
	if (!ent_duration_parse(rest, &action->offset)) {
		action->offset = ENT_DURATION_NONE;
		ent_note(r->error, ENT_E_FORMAT, place, text,
		         "give -PT30M (before the target), PT1H (behind it), PT0S or 75%%");
	}
}

/* ---- what ---- */

/* What people may change of a case, and one value says for cases of any account. */
static bool is_settable(const struct ent_field *field)
{
	bool free = field->rule == ENT_R_OPTIONAL || field->rule == ENT_R_REQUIRED;
	switch (field->kind) {
	case ENT_K_BOOL:
	case ENT_K_INT:
	case ENT_K_COUNT:
	case ENT_K_TEXT:
	case ENT_K_DATE:
	case ENT_K_INSTANT:
	case ENT_K_DURATION:
	case ENT_K_ENUM:
		return free && ent_type_at(&ent_case_type, field) > ENT_AT_METADATA;
	case ENT_K_ID:
		return free && !field->target->owned;
	default:
		return false;
	}
}

static void read_field(struct ent_sla_reader *r, const struct ent_sla_member *member,
                       const struct ent_node *node, const char *place, void *out)
{
	(void)member;
	const struct ent_field *field =
		node->kind == ENT_JSON_STRING ? ent_type_field(&ent_case_type, node->text) : NULL;
	if (field == NULL || !is_settable(field)) {
		ent_note(r->error, node->kind == ENT_JSON_STRING ? ENT_E_UNKNOWN_VALUE : ENT_E_TYPE,
		         place, ent_json_shown(node),
		         "name a field of the case that people change, such as priority");
		return;
	}
	*(const struct ent_field **)out = field;
}

/* The value is read when its field is known. */
static void keep_value(struct ent_sla_reader *r, const struct ent_sla_member *member,
                       const struct ent_node *node, const char *place, void *out)
{
	(void)r;
	(void)member;
	(void)node;
	(void)place;
	(void)out;
}

static void read_value(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                       struct ent_sla_action *action)
{
	struct ent_case *scratch = ENT_NEW(r->arena, struct ent_case, 1);
	struct ent_error own;
	char room[64];
	ent_error_clear(&own);
	ent_type_clear(&ent_case_type, scratch);
	if (!ent_json_set(action->field, scratch, node, ENT_JSON_UPDATE, r->arena, &own)) {
		ent_note(r->error, own.issues[0].code, place, ent_json_shown(node), "%s",
		         own.issues[0].remedy);
		return;
	}
	action->value = ent_field_get(action->field, scratch, room);
	action->value.text = ent_text_copy(r->arena, action->value.text);
}

static void read_priority(struct ent_sla_reader *r, const struct ent_sla_member *member,
                          const struct ent_node *node, const char *place, void *out)
{
	unsigned at = 0;
	ent_sla_word(r, member, node, place, &at);
	*(ent_str *)out = ent_str_of(ent_case_priority_names.text[at]);
}

/* ---- members ---- */

#define ROW(name_, read_, ...)                               \
	{                                                    \
		.name = #name_, .read = (read_), __VA_ARGS__ \
	}
#define AT(member_) .offset = offsetof(struct ent_sla_action, member_)

enum member {
	NAME,
	ON,
	WHEN_AT,
	CONDITION,
	DO,
	TO,
	SUBJECT,
	BODY,
	ENDPOINT,
	FIELD,
	VALUE,
	TEAM,
	ASSIGNEE,
	DUE_IN,
	PRIORITY,
	MEMBERS
};

static const struct ent_sla_member members[MEMBERS] = {
	[NAME] = ROW(name, ent_sla_text, AT(name), .limit = NAME_CHARACTERS),
	[ON] = ROW(on, read_on, .more = &ons),
	[WHEN_AT] = ROW(at, read_at, .more = NULL),
	[CONDITION] = ROW(condition, ent_sla_expression, AT(condition)),
	[DO] = ROW(do, ent_sla_word, AT(what), .more = &ent_sla_do_names),
	[TO] = ROW(to, ent_sla_texts, AT(to), .limit = RECIPIENTS),
	[SUBJECT] = ROW(subject, read_text, AT(subject), .limit = SUBJECT_CHARACTERS),
	[BODY] = ROW(body, read_text, AT(body), .limit = BODY_CHARACTERS),
	[ENDPOINT] = ROW(endpoint_id, ent_sla_id, AT(endpoint_id), .more = "whe"),
	[FIELD] = ROW(field, read_field, AT(field)),
	[VALUE] = ROW(value, keep_value, AT(value)),
	[TEAM] = ROW(team_id, ent_sla_id, AT(team_id), .more = "tem"),
	[ASSIGNEE] = ROW(assignee_id, ent_sla_id, AT(assignee_id), .more = "usr"),
	[DUE_IN] = ROW(due_in, ent_sla_duration, AT(due_in)),
	[PRIORITY] = ROW(priority, read_priority, AT(priority), .more = &ent_case_priority_names),
};

#define BIT(member_) (UINT64_C(1) << (member_))
#define COMMON (BIT(NAME) | BIT(ON) | BIT(WHEN_AT) | BIT(CONDITION) | BIT(DO))

static const struct {
	uint64_t needed, allowed;
} of_do[] = {
	[ENT_SLA_EMAIL] = { BIT(TO) | BIT(SUBJECT) | BIT(BODY), 0 },
	[ENT_SLA_WEBHOOK] = { BIT(ENDPOINT), 0 },
	[ENT_SLA_SET] = { BIT(FIELD), BIT(VALUE) }, /* null empties it */
	[ENT_SLA_ASSIGN] = { 0, BIT(TEAM) | BIT(ASSIGNEE) },
	[ENT_SLA_TASK] = { BIT(SUBJECT), BIT(BODY) | BIT(DUE_IN) | BIT(ASSIGNEE) },
	[ENT_SLA_OPEN_CASE] = { BIT(SUBJECT),
	                        BIT(BODY) | BIT(PRIORITY) | BIT(TEAM) | BIT(ASSIGNEE) },
};

/* ---- an action ---- */

static void check_members(struct ent_sla_reader *r, uint64_t given, const char *place,
                          const struct ent_sla_action *action)
{
	uint64_t needed = of_do[action->what].needed;
	uint64_t allowed = needed | of_do[action->what].allowed | COMMON;
	for (size_t i = 0; i < MEMBERS; i++) {
		const char *there = ent_sla_below(r, place, members[i].name);
		if ((needed & ~given & BIT(i)) != 0) {
			ent_note(r->error, ENT_E_REQUIRED, there, NO_TEXT, "%s needs it",
			         ent_sla_do_names.text[action->what]);
		} else if ((given & ~allowed & BIT(i)) != 0) {
			ent_note(r->error, ENT_E_INVALID, there, NO_TEXT,
			         "%s does not take it: leave it out",
			         ent_sla_do_names.text[action->what]);
		}
	}
	if (action->what == ENT_SLA_ASSIGN && (given & (BIT(TEAM) | BIT(ASSIGNEE))) == 0) {
		ent_note(r->error, ENT_E_REQUIRED, ent_sla_below(r, place, "team_id"), NO_TEXT,
		         "give team_id, assignee_id or both");
	}
}

/* Longest and shortest it can be, in seconds. */
static int64_t seconds(ent_duration d, int64_t days_of_month)
{
	return (d.months * days_of_month + d.days) * (int64_t)86400 + d.seconds;
}

/* A warning that would always lie before the start. */
static void check_lead(struct ent_sla_reader *r, const char *place,
                       const struct ent_sla_action *action, const struct ent_milestone_rule *rule)
{
	char text[ENT_DURATION_ROOM];
	bool comparable = rule->unit != ENT_TARGET_BUSINESS_DAYS;
	for (size_t i = 0; i <= rule->target_count && comparable; i++) {
		bool last = i == rule->target_count;
		ent_duration allowed = last ? rule->allowed : rule->targets[i].allowed;
		if (ent_duration_is_none(allowed) ||
		    seconds(action->offset, 28) <= seconds(allowed, 31)) {
			continue;
		}
		ent_duration_format(allowed, text);
		ent_note(r->error, ENT_E_RANGE, place, NO_TEXT,
		         "a target allows only %s: warn later, or by a share such as 75%%", text);
		return;
	}
}

static void check_when(struct ent_sla_reader *r, uint64_t given, const char *place,
                       const struct ent_sla_action *action, const struct ent_milestone_rule *rule)
{
	const char *there = ent_sla_below(r, place, "at");
	if (((given & BIT(ON)) != 0) == ((given & BIT(WHEN_AT)) != 0)) {
		bool both = (given & BIT(ON)) != 0;
		ent_note(r->error, both ? ENT_E_INVALID : ENT_E_REQUIRED, there, NO_TEXT,
		         "give either on, such as met, or at, such as -PT30M");
		return;
	}
	ent_duration offset = action->offset;
	if ((given & BIT(ON)) != 0 || action->percent > 0 || ent_duration_is_none(offset)) {
		return;
	}
	if (rule->unit != ENT_TARGET_CALENDAR && (offset.days != 0 || offset.months != 0)) {
		ent_note(r->error, ENT_E_RANGE, there, NO_TEXT,
		         "only a rule in calendar time has offsets of days: give hours");
	} else if (action->is_before) {
		check_lead(r, there, action, rule);
	}
}

static bool is_address(ent_str text)
{
	struct ent_cut cut = ent_str_cut(text, '@');
	return cut.found && cut.head.len > 0 && cut.tail.len > 0 &&
	       !ent_str_cut(cut.tail, '@').found && !ent_str_cut(text, ' ').found;
}

static void check_to(struct ent_sla_reader *r, const char *place, const struct ent_node *node,
                     struct ent_words to)
{
	static const char *const roles[] = { "assignee", "team", "contact", "account" };
	const char *there = ent_sla_below(r, place, "to");
	bool many = node != NULL && node->kind == ENT_JSON_ARRAY;
	for (size_t i = 0; i < to.count; i++) {
		bool good = to.items[i].ptr == NULL || is_address(to.items[i]);
		for (size_t k = 0; k < ENT_COUNT(roles); k++) {
			good = good || ent_str_is(to.items[i], roles[k]);
		}
		if (!good) {
			ent_note(r->error, ENT_E_FORMAT, many ? ent_sla_item(r, there, i) : there,
			         to.items[i],
			         "give an address, or assignee, team, contact or account");
		}
	}
	if (many && to.count == 0) {
		ent_note(r->error, ENT_E_REQUIRED, there, NO_TEXT, "say who is written to");
	}
}

static ent_str word_of(const struct ent_node *node, const char *name)
{
	const struct ent_node *member = ent_json_member(node, name);
	bool text = member != NULL && member->kind == ENT_JSON_STRING;
	return text ? member->text : NO_TEXT;
}

/* What belongs to what it does, once that is known. */
static void finish(struct ent_sla_reader *r, const struct ent_node *node, uint64_t given,
                   const char *place, struct ent_sla_action *action)
{
	static const struct ent_node null = { .kind = ENT_JSON_NULL };
	check_members(r, given, place, action);
	if (action->what == ENT_SLA_EMAIL) {
		check_to(r, place, ent_json_member(node, "to"), action->to);
	}
	if (action->what == ENT_SLA_SET && action->field != NULL) {
		const struct ent_node *value = ent_json_member(node, "value");
		read_value(r, value == NULL ? &null : value, ent_sla_below(r, place, "value"),
		           action);
	}
}

static void read_action(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                        const struct ent_milestone_rule *rule, struct ent_sla_action *action)
{
	action->due_in = ENT_DURATION_NONE;
	uint64_t given = ent_sla_object(r, node, place, members, MEMBERS, action);
	if (node->kind != ENT_JSON_OBJECT) {
		return;
	}
	check_when(r, given, place, action, rule);
	if ((given & BIT(DO)) == 0) {
		ent_note(r->error, ENT_E_REQUIRED, ent_sla_below(r, place, "do"), NO_TEXT,
		         "say what is done: email, webhook, set, assign, task or open_case");
		return;
	}
	if (ent_names_find(&ent_sla_do_names, word_of(node, "do"), &(unsigned){ 0 })) {
		finish(r, node, given, place, action);
	}
	if (action->name.len == 0) {
		ent_str when = word_of(node, (given & BIT(ON)) != 0 ? "on" : "at");
		action->name = ent_text_format(
			r->arena, "%s %.*s", ent_sla_do_names.text[action->what],
			(int)(when.len < 40 ? when.len : 40), when.len == 0 ? "" : when.ptr);
	}
}

/* ---- all of a rule ---- */

static bool is_taken(const struct ent_sla_action *actions, size_t count, ent_str name)
{
	for (size_t i = 0; i < count; i++) {
		if (ent_str_eq(actions[i].name, name)) {
			return true;
		}
	}
	return false;
}

static void check_name(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                       struct ent_sla_action *actions, size_t at)
{
	if (!is_taken(actions, at, actions[at].name)) {
		return;
	}
	if (word_of(node, "name").len > 0) {
		ent_note(r->error, ENT_E_DUPLICATE, ent_sla_below(r, place, "name"),
		         actions[at].name, "another action of the rule has this name");
		return;
	}
	ent_str base = actions[at].name;
	for (int n = 2; is_taken(actions, at, actions[at].name); n++) {
		actions[at].name = ent_text_format(r->arena, "%s %d", base.ptr, n);
	}
}

void ent_sla_actions(struct ent_sla_reader *r, const struct ent_node *node, const char *place,
                     struct ent_milestone_rule *rule)
{
	if (!ent_sla_is_array(r, node, ENT_SLA_ACTIONS_MAX, place, "give an array of actions")) {
		return;
	}
	struct ent_sla_action *actions = ENT_NEW(r->arena, struct ent_sla_action, node->count);
	size_t at = 0;
	for (const struct ent_node *n = node->first; n != NULL; n = n->next, at++) {
		const char *there = ent_sla_item(r, place, at);
		read_action(r, n, there, rule, &actions[at]);
		check_name(r, n, there, actions, at);
	}
	rule->actions = actions;
	rule->action_count = at;
}
