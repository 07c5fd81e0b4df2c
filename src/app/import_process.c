/* Entitlement processes of Salesforce as versions of policies. */
#include "app/import_process.h"

#include "app/import_inner.h"
#include "core/sla_rule.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>

/* Its file, while it is read. */
struct reading {
	const struct ent_xml *root;
	const struct ent_process_names *names;
	struct ent_arena *arena;
	struct ent_error *error;
	size_t actions;       /* that stand for those of workflows */
	size_t types_missing; /* milestone types */
	bool starts_elsewhere;
};

enum { MINUTES_MAX = 10000000, TRIGGER_MAX = 1000000, LABEL_MAX = 40, ROOM = 120 };

static ent_str format_json(struct reading *r, ent_str text)
{
	struct ent_text out = ent_text_begin(r->arena);
	ent_json_string(&out, text);
	return ent_text_end(&out);
}

/* What is a formula, or code, cannot be told here; without it the rule would be another one. */
static enum ent_code refuse_code(struct reading *r, const struct ent_xml *node,
                                 const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		ent_str text = ent_xml_text(node, names[i]);
		if (text.len > 0) {
			return ent_refuse(
				r->error, ENT_E_UNKNOWN_VALUE, "/milestones", text,
				"formulas and classes (%s) are not read: use filter items",
				names[i]);
		}
	}
	return ENT_OK;
}

static enum ent_code read_number(struct reading *r, const struct ent_xml *node, const char *name,
                                 int64_t least, int64_t most, int64_t *out)
{
	ent_str text = ent_xml_text(node, name);
	if (!ent_str_int(text, out) || *out < least || *out > most) {
		return ent_refuse(r->error, ENT_E_RANGE, "/milestones", text,
		                  "%s: give a whole number from %lld to %lld", name,
		                  (long long)least, (long long)most);
	}
	return ENT_OK;
}

/* At most `max` bytes of it, and no part of a character. */
static ent_str shortened(ent_str text, size_t max)
{
	size_t len = text.len < max ? text.len : max;
	while (len > 0 && len < text.len && ((unsigned char)text.ptr[len] & 0xc0) == 0x80) {
		len--;
	}
	return (ent_str){ text.ptr, len };
}

/* ---- actions -------------------------------------------------------------------------------- */

/* What a workflow did is not in this file: a task stands in its place, at the same moment.
 * `when`: "at":"-PT30M" or "on":"completed". */
static void add_actions(struct reading *r, const struct ent_xml *first, const char *when,
                        const char *moment, struct ent_text *out)
{
	for (const struct ent_xml *a = first; a != NULL; a = ent_xml_again(a)) {
		ent_str type = ent_xml_text(a, "type");
		ent_str name = ent_xml_text(a, "name");
		name = shortened(name, LABEL_MAX);
		type = shortened(type, LABEL_MAX);
		char label[ROOM];
		int len = snprintf(label, sizeof(label), "%.*s %.*s", (int)type.len,
		                   type.len > 0 ? type.ptr : "", (int)name.len,
		                   name.len > 0 ? name.ptr : "");
		ent_json_comma(out);
		ent_text_addf(out, "{\"%s\":\"%s\",\"do\":\"task\",\"subject\":", when, moment);
		ent_json_string(out, (ent_str){ label, (size_t)len });
		ent_text_addf(out, ",\"name\":");
		snprintf(label + len, sizeof(label) - (size_t)len, " #%zu", ++r->actions);
		ent_json_string(out, ent_str_of(label));
		ent_text_char(out, '}');
	}
}

/* Negative: before the target. A day is 24 open hours, as it is there. */
static enum ent_code add_trigger(struct reading *r, const struct ent_xml *trigger,
                                 struct ent_text *out)
{
	static const struct {
		const char *unit;
		int minutes;
	} units[] = { { "Minutes", 1 }, { "Hours", 60 }, { "Days", 1440 } };
	ent_str unit = ent_xml_text(trigger, "workflowTimeTriggerUnit");
	int64_t length, minutes = 0;
	char moment[ROOM];
	enum ent_code code =
		read_number(r, trigger, "timeLength", -TRIGGER_MAX, TRIGGER_MAX, &length);
	for (size_t i = 0; i < ENT_COUNT(units); i++) {
		minutes = ent_str_is(unit, units[i].unit) ? units[i].minutes : minutes;
	}
	if (code == ENT_OK && minutes == 0) {
		code = ent_refuse(r->error, ENT_E_UNKNOWN_VALUE, "/timeTriggers", unit,
		                  "give Minutes, Hours or Days");
	}
	if (code != ENT_OK) {
		return code;
	}
	minutes *= length < 0 ? -length : length;
	snprintf(moment, sizeof(moment), "%sPT%lldM", length < 0 ? "-" : "", (long long)minutes);
	add_actions(r, ent_xml_child(trigger, "actions"), "at", length == 0 ? "PT0S" : moment, out);
	return ENT_OK;
}

static enum ent_code actions_of(struct reading *r, const struct ent_xml *milestone, ent_str *out)
{
	struct ent_text text = ent_text_begin(r->arena);
	enum ent_code code = ENT_OK;
	const struct ent_xml *trigger = ent_xml_child(milestone, "timeTriggers");
	ent_text_char(&text, '[');
	for (; trigger != NULL && code == ENT_OK; trigger = ent_xml_again(trigger)) {
		code = add_trigger(r, trigger, &text);
	}
	add_actions(r, ent_xml_child(milestone, "successActions"), "on", "completed", &text);
	ent_text_char(&text, ']');
	*out = ent_text_end(&text);
	return code;
}

/* ---- a milestone ---------------------------------------------------------------------------- */

struct rule {
	ent_str name, hours, criteria,
		actions; /* all but the criteria as JSON; hours may be none */
	enum ent_milestone_kind kind;
	const char *recurrence;
	int64_t minutes;
	bool starts_by_criteria;
};

static enum ent_code find_recurrence(struct reading *r, ent_str name, const char **out)
{
	static const struct {
		const char *theirs, *ours;
	} words[] = { { "none", "none" },
		      { "recursIndependently", "independent" },
		      { "recursChained", "sequential" } };
	ent_str given = r->names->recurrence(r->names->arg, name);
	*out = "none";
	if (given.ptr == NULL) {
		r->types_missing++;
		return ENT_OK;
	}
	for (size_t i = 0; i < ENT_COUNT(words); i++) {
		if (ent_str_is(given, words[i].theirs)) {
			*out = words[i].ours;
			return ENT_OK;
		}
	}
	return given.len == 0 ? ENT_OK
	                      : ent_refuse(r->error, ENT_E_UNKNOWN_VALUE, "/recurrenceType", given,
	                                   "give none, recursIndependently or recursChained");
}

/* The business hours of this name as a member of JSON; none: no text. */
static enum ent_code hours_of(struct reading *r, const struct ent_xml *node, ent_str *out)
{
	ent_str name = ent_xml_text(node, "businessHours");
	ent_str id;
	*out = (ent_str){ NULL, 0 };
	if (name.len == 0) {
		return ENT_OK;
	}
	enum ent_code code = r->names->hours(r->names->arg, name, &id, r->error);
	if (code == ENT_OK) {
		*out = ent_text_format(r->arena, ",\"calendar_id\":\"%.*s\"", (int)id.len, id.ptr);
	}
	return code;
}

/* Milestones of one type for several priorities are several rules here: "Answer", "Answer 2". */
static ent_str name_of(struct reading *r, const struct ent_xml *milestone)
{
	ent_str name = ent_xml_text(milestone, "milestoneName");
	size_t before = 0;
	const struct ent_xml *m = ent_xml_child(r->root, "milestones");
	for (; m != milestone; m = ent_xml_again(m)) {
		before += ent_str_eq(ent_xml_text(m, "milestoneName"), name);
	}
	return before == 0 ? name
	                   : ent_text_format(r->arena, "%.*s %zu", (int)name.len,
	                                     name.len > 0 ? name.ptr : "", before + 1);
}

static enum ent_code read_rule(struct reading *r, const struct ent_xml *m, struct rule *out)
{
	static const char *const code_names[] = { "minutesCustomClass", "milestoneCriteriaFormula",
		                                  "milestoneCompletionCriteria" };
	ent_str type = ent_xml_text(m, "milestoneName");
	ent_str by = ent_xml_text(m, "useCriteriaStartTime");
	*out = (struct rule){ .kind = ent_import_milestone_kind(type) };
	if (type.len == 0) {
		return ent_refuse(r->error, ENT_E_REQUIRED, "/milestones", type,
		                  "each milestone needs its milestoneName");
	}
	out->name = format_json(r, name_of(r, m));
	enum ent_code code = refuse_code(r, m, code_names, ENT_COUNT(code_names));
	if (code == ENT_OK) {
		code = read_number(r, m, "minutesToComplete", 1, MINUTES_MAX, &out->minutes);
	}
	if (code == ENT_OK) {
		code = find_recurrence(r, type, &out->recurrence);
	}
	if (code == ENT_OK) { /* what recurs begins anew by its criteria, there as well */
		out->starts_by_criteria =
			ent_str_is(by, "true") || strcmp(out->recurrence, "none") != 0;
		code = hours_of(r, m, &out->hours);
	}
	if (code == ENT_OK) {
		code = ent_process_criteria(m, "milestoneCriteriaFilterItems",
		                            "criteriaBooleanFilter", r->arena, &out->criteria,
		                            r->error);
	}
	if (code == ENT_OK) {
		code = actions_of(r, m, &out->actions);
	}
	return code;
}

static void write_rule(const struct rule *rule, struct ent_text *out)
{
	ent_json_comma(out);
	ent_text_addf(out, "{\"name\":%.*s,\"kind\":\"%s\",\"recurrence\":\"%s\"",
	              (int)rule->name.len, rule->name.ptr,
	              ent_milestone_kind_names.text[rule->kind], rule->recurrence);
	if (rule->starts_by_criteria) {
		ent_text_addf(out, ",\"start\":\"criteria\"");
	}
	if (rule->criteria.len > 0 || rule->starts_by_criteria) {
		ent_text_addf(out, ",\"criteria\":");
		ent_json_string(out, rule->criteria.len > 0 ? rule->criteria : ENT_STR("true"));
	}
	ent_text_addf(out, ",\"target\":\"PT%lldM\"", (long long)rule->minutes);
	ent_text_add(out, rule->hours);
	ent_text_addf(out, ",\"actions\":%.*s}", (int)rule->actions.len, rule->actions.ptr);
}

/* What is wrong with a part, noted with the others: "/milestones/1/criteria", and what it is called
 * there. Fails for what is no fault of the file. */
static enum ent_code pass_on(struct reading *r, const struct ent_error *error, const char *where,
                             ent_str name)
{
	const struct ent_issue *issue = &error->issues[0];
	char pointer[sizeof(issue->pointer)];
	if (error->issue_count == 0) {
		*r->error = *error;
		return error->code;
	}
	bool is_all = strcmp(issue->pointer, "/milestones") == 0;
	snprintf(pointer, sizeof(pointer), "%s%s", where, is_all ? "" : issue->pointer);
	ent_note(r->error, issue->code, pointer, ent_str_of(issue->value), "%.*s: %s",
	         (int)shortened(name, LABEL_MAX).len, name.len > 0 ? name.ptr : "", issue->remedy);
	return ENT_OK;
}

/* Each milestone for itself, so that all that cannot be read is told at once. */
static enum ent_code try_rule(struct reading *r, const struct ent_xml *m, size_t at,
                              struct rule *out)
{
	struct ent_error error;
	struct reading own = *r;
	char where[ROOM];
	ent_error_clear(&error);
	own.error = &error;
	snprintf(where, sizeof(where), "/milestones/%zu", at);
	enum ent_code code = read_rule(&own, m, out);
	r->actions = own.actions;
	r->types_missing = own.types_missing;
	return code == ENT_OK ? ENT_OK
	                      : pass_on(r, &error, where, ent_xml_text(m, "milestoneName"));
}

static enum ent_code read_rules(struct reading *r, ent_str *out)
{
	struct rule *rules = ENT_NEW(r->arena, struct rule, ENT_SLA_RULES_MAX);
	size_t count = 0;
	enum ent_code code = ENT_OK;
	for (const struct ent_xml *m = ent_xml_child(r->root, "milestones");
	     m != NULL && code == ENT_OK; m = ent_xml_again(m)) {
		if (count == ENT_SLA_RULES_MAX) {
			return ent_refuse(r->error, ENT_E_LIMIT, "/milestones", m->name,
			                  "give at most %d milestones", ENT_SLA_RULES_MAX);
		}
		code = try_rule(r, m, count, &rules[count]);
		count++;
	}
	if (code == ENT_OK) {
		code = ent_noted(r->error);
	}
	if (code == ENT_OK && count == 0) {
		return ent_refuse(r->error, ENT_E_REQUIRED, "/milestones", (ent_str){ NULL, 0 },
		                  "the process has no milestones");
	}
	struct ent_text text = ent_text_begin(r->arena);
	ent_text_char(&text, '[');
	for (size_t i = 0; i < count && code == ENT_OK; i++) {
		write_rule(&rules[i], &text);
	}
	ent_text_char(&text, ']');
	*out = ent_text_end(&text);
	return code;
}

/* ---- the process ---------------------------------------------------------------------------- */

/* "The case is closed" is what ours end by anyway. */
static enum ent_code read_exit(struct reading *r, ent_str *out)
{
	static const char *const code_names[] = { "exitCriteriaFormula" };
	struct ent_error error;
	struct reading own = *r;
	ent_error_clear(&error);
	own.error = &error;
	enum ent_code code = refuse_code(&own, r->root, code_names, 1);
	if (code == ENT_OK) {
		code = ent_process_criteria(r->root, "exitCriteriaFilterItems",
		                            "exitCriteriaBooleanFilter", r->arena, out, &error);
	}
	if (code != ENT_OK) {
		return pass_on(r, &error, "/exitCriteria", ENT_STR("exit criteria"));
	}
	if (ent_str_is(*out, "state != \"open\"")) {
		*out = (ent_str){ NULL, 0 };
	}
	return ENT_OK;
}

static enum ent_code check_head(struct reading *r, struct ent_process *out)
{
	ent_str object = ent_xml_text(r->root, "SObjectType");
	ent_str start = ent_xml_text(r->root, "entryStartDateField");
	ent_str number = ent_xml_text(r->root, "versionNumber");
	if (object.len > 0 && !ent_str_is(object, "Case")) {
		return ent_refuse(r->error, ENT_E_UNKNOWN_VALUE, "/SObjectType", object,
		                  "only processes of cases are read");
	}
	r->starts_elsewhere = start.len > 0 && !ent_str_is(start, "Case.CreatedDate") &&
	                      !ent_str_is(start, "Case.SlaStartDate");
	out->number = 1;
	out->is_active = ent_str_is(ent_xml_text(r->root, "active"), "true");
	out->is_default = ent_str_is(ent_xml_text(r->root, "isVersionDefault"), "true");
	return number.len == 0 ? ENT_OK
	                       : read_number(r, r->root, "versionNumber", 1, 100000, &out->number);
}

static void write_policy(struct reading *r, struct ent_process *out)
{
	struct ent_text text = ent_text_begin(r->arena);
	ent_text_addf(&text, "{\"name\":");
	ent_json_string(&text, out->name);
	ent_text_addf(&text, ",\"description\":");
	ent_str description = ent_xml_text(r->root, "description");
	ent_json_string(&text, description.len > 0 ? description : (ent_str){ NULL, 0 });
	ent_text_char(&text, '}');
	out->policy = ent_text_end(&text);
}

static void write_version(struct reading *r, ent_str hours, ent_str exit, ent_str rules,
                          struct ent_process *out)
{
	ent_str notes = ent_xml_text(r->root, "versionNotes");
	struct ent_text text = ent_text_begin(r->arena);
	ent_text_addf(&text, "{\"notes\":");
	ent_json_string(&text, notes.len > 0 ? notes : (ent_str){ NULL, 0 });
	ent_text_addf(&text, ",\"exit_criteria\":");
	ent_json_string(&text, exit.len > 0 ? exit : (ent_str){ NULL, 0 });
	ent_text_add(&text, hours.len > 0 ? hours : ENT_STR(",\"calendar_id\":null"));
	ent_text_addf(&text, ",\"rules\":%.*s}", (int)rules.len, rules.ptr);
	out->version = ent_text_end(&text);
}

static void write_notice(struct reading *r, struct ent_process *out)
{
	struct ent_text text = ent_text_begin(r->arena);
	if (r->actions > 0) {
		ent_text_addf(&text, "%zu actions of workflows are not in it: tasks stand for them",
		              r->actions);
	}
	if (r->types_missing > 0) {
		ent_text_addf(&text, "%s%zu milestones have no milestone type here: not recurring",
		              r->actions > 0 ? "; " : "", r->types_missing);
	}
	if (r->starts_elsewhere) {
		ent_text_addf(&text, "%sclocks begin when the case is opened (sla_start_at)",
		              r->actions + r->types_missing > 0 ? "; " : "");
	}
	out->notice = ent_text_end(&text);
}

/* ---- what nothing is made of ---------------------------------------------------------------- */

static bool is_word(ent_str name, const char *words)
{
	ent_str rest = ent_str_of(words);
	bool found = false;
	while (!found && rest.len > 0) {
		struct ent_cut cut = ent_str_cut(rest, ' ');
		found = ent_str_eq(cut.head, name);
		rest = cut.tail;
	}
	return found;
}

void ent_process_passed_over(const struct ent_xml *root,
                             void (*tell)(void *arg, const char *path, ent_str name), void *arg)
{
	static const char of_process[] =
		"SObjectType active businessHours description entryStartDateField "
		"exitCriteriaBooleanFilter exitCriteriaFilterItems exitCriteriaFormula "
		"isVersionDefault milestones name versionMaster versionNotes versionNumber";
	static const char of_milestone[] =
		"businessHours criteriaBooleanFilter milestoneCompletionCriteria "
		"milestoneCriteriaFilterItems milestoneCriteriaFormula milestoneName "
		"minutesCustomClass minutesToComplete successActions timeTriggers "
		"useCriteriaStartTime";
	for (const struct ent_xml *x = root->first; x != NULL; x = x->next) {
		if (!is_word(x->name, of_process)) {
			tell(arg, "", x->name);
		}
		const struct ent_xml *y = ent_str_is(x->name, "milestones") ? x->first : NULL;
		for (; y != NULL; y = y->next) {
			if (!is_word(y->name, of_milestone)) {
				tell(arg, "milestones/", y->name);
			}
		}
	}
}

enum ent_code ent_process_read(const struct ent_xml *root, ent_str name,
                               const struct ent_process_names *names, struct ent_arena *arena,
                               struct ent_process *out, struct ent_error *error)
{
	struct reading r = { .root = root, .names = names, .arena = arena, .error = error };
	ent_str hours, exit, rules, own = ent_xml_text(root, "name");
	ent_str master = ent_xml_text(root, "versionMaster");
	char id[19];
	*out = (struct ent_process){ .name = own.len > 0 ? own : name };
	out->key = master.len > 0 ? master : out->name;
	if (ent_salesforce_id(master, id)) { /* of its first version, as it is in other tables */
		out->key = ent_text_copy(arena, ent_str_of(id));
	}
	enum ent_code code = check_head(&r, out);
	if (code == ENT_OK) {
		code = hours_of(&r, root, &hours);
	}
	if (code == ENT_OK) {
		code = read_exit(&r, &exit);
	}
	if (code == ENT_OK) {
		code = read_rules(&r, &rules);
	}
	if (code == ENT_OK) {
		write_policy(&r, out);
		write_version(&r, hours, exit, rules, out);
		write_notice(&r, out);
	}
	return code;
}
