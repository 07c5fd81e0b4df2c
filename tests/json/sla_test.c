#include "core/sla.h"
#include "test.h"
#include "json/sla.h"

#include <string.h>

/* Rows are written with ' for ". */
static ent_str quoted(const char *text, struct ent_arena *arena)
{
	char *copy = ent_arena_bytes(arena, strlen(text) + 1);
	size_t len = strlen(text);
	for (size_t i = 0; i <= len; i++) {
		copy[i] = (char)(text[i] == '\'' ? '"' : text[i]);
	}
	return (ent_str){ copy, len };
}

static void read_rules(const char *text, struct ent_arena *arena, struct ent_sla_version *out,
                       struct ent_error *error)
{
	const struct ent_node *node = NULL;
	CHECK_INT(ent_json_parse(quoted(text, arena), arena, &node, error), ENT_OK);
	*out = (struct ent_sla_version){ 0 };
	ent_sla_rules_read(node, "/rules", arena, out, error);
}

/* "code pointer; code pointer" of what was noted, or "". */
static const char *notes(const char *text, struct ent_arena *arena)
{
	struct ent_error error = { 0 };
	struct ent_sla_version version;
	read_rules(text, arena, &version, &error);
	struct ent_text all = ent_text_begin(arena);
	for (size_t i = 0; i < error.issue_count && i < ENT_ISSUE_MAX; i++) {
		ent_text_addf(&all, "%s%s %s", i == 0 ? "" : "; ",
		              ent_code_name(error.issues[i].code), error.issues[i].pointer + 6);
	}
	return ent_text_end(&all).ptr;
}

/* One rule with these members beside name and target. */
#define RULE(members) "[{'name':'r','target':'PT4H'" members "}]"
#define ACTION(members) RULE(",'actions':[{" members "}]")

struct row {
	const char *text, *noted;
};

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct ent_arena arena = test_arena();
		ROW(rows[i].text);
		CHECK_TEXT(notes(rows[i].text, &arena), rows[i].noted);
	}
}

TEST(sla_rules_are_refused_with_the_place)
{
	static const struct row rows[] = {
		{ "[]", "" },
		{ "{}", "type " },
		{ "[5]", "type /0" },
		{ "[{}]", "required /0/name; required /0/target" },
		{ RULE(""), "" },
		{ "[{'name':'','target':'PT4H'}]", "required /0/name" },
		{ "[{'name':'a','target':'PT4H'},{'name':'a','target':'PT4H'}]",
		  "duplicate /1/name" },
		{ RULE(",'tagret':1"), "unknown_field /0/tagret" },
		{ RULE(",'a/b~':1"), "unknown_field /0/a~1b~0" },
		{ RULE(",'kind':'first'"), "unknown_value /0/kind" },
		{ RULE(",'kind':1,'pausable':'no'"), "type /0/kind; type /0/pausable" },
		{ RULE(",'kind':null,'criteria':null,'actions':null"), "" },
		{ RULE(",'recurrence':'independent'"), "invalid /0/start" },
		{ RULE(",'recurrence':'sequential','start':'criteria'"), "required /0/criteria" },
		{ RULE(",'recurrence':'sequential','start':'criteria',"
		       "'criteria':'awaiting_response'"),
		  "" },
		{ RULE(",'start':'field'"), "required /0/start_field" },
		{ RULE(",'start_field':'created_at'"), "invalid /0/start_field" },
		{ RULE(",'start':'field','start_field':'created_at'"), "" },
		{ RULE(",'start':'field','start_field':'title'"), "unknown_value /0/start_field" },
		{ RULE(",'start':'field','start_field':'next_due_at'"),
		  "unknown_value /0/start_field" },
		{ RULE(",'start':'field','start_field':'next_warn_at'"),
		  "unknown_value /0/start_field" },
		{ RULE(",'criteria':'priority = 1'"), "type /0/criteria" },
		{ RULE(",'criteria':'priorty = 1','pause_criteria':'tier'"),
		  "unknown_field /0/criteria; unknown_field /0/pause_criteria" },
		{ RULE(",'pause_statuses':['on hold',5]"),
		  "format /0/pause_statuses/0; type /0/pause_statuses/1" },
		{ RULE(",'pause_statuses':['on_hold'],'pausable':false"), "invalid /0/pausable" },
		{ RULE(",'warn_percent':0"), "range /0/warn_percent" },
		{ RULE(",'warn_percent':101"), "range /0/warn_percent" },
		{ RULE(",'warn_percent':80.5"), "range /0/warn_percent" },
		{ RULE(",'calendar_id':'acc_0sa58zm5r0000'"), "format /0/calendar_id" },
		{ RULE(",'reopen':'restart'"), "" },
	};
	check_rows(rows, ENT_COUNT(rows));
}

TEST(sla_targets_fit_their_unit)
{
	static const struct row rows[] = {
		{ "[{'name':'r','target':'4h'}]", "format /0/target" },
		{ "[{'name':'r','target':'PT0S'}]", "range /0/target" },
		{ "[{'name':'r','target':'P1D'}]", "range /0/target" },
		{ "[{'name':'r','target':'P1M'}]", "range /0/target" },
		{ "[{'name':'r','target':'P1DT1H','unit':'calendar'}]", "" },
		{ "[{'name':'r','target':'P1M','unit':'calendar'}]", "" },
		{ "[{'name':'r','target':'P101Y','unit':'calendar'}]", "range /0/target" },
		{ "[{'name':'r','target':'P2D','unit':'business_days'}]", "" },
		{ "[{'name':'r','target':'P0D','unit':'business_days','day_mode':'end_of_day'}]",
		  "" },
		{ "[{'name':'r','target':'PT4H','unit':'business_days'}]", "range /0/target" },
		{ "[{'name':'r','target':'P2DT1H','unit':'business_days'}]", "range /0/target" },
		{ RULE(",'day_mode':'end_of_day'"), "invalid /0/day_mode" },
		{ "[{'name':'r','targets':[]}]", "" },
		{ "[{'name':'r','targets':[{'priority':'high','target':'PT1H'},"
		  "{'priority':['low','normal'],'tier':['gold','Gold Plus'],'target':'PT2H'}]}]",
		  "" },
		{ "[{'name':'r','targets':[{},{'target':'P1D'},{'target':'PT1H','prio':1}]}]",
		  "required /0/targets/0/target; unknown_field /0/targets/2/prio; "
		  "range /0/targets/1/target" },
		{ "[{'name':'r','targets':[{'priority':['high','urgent',5],'target':'PT1H'}]}]",
		  "unknown_value /0/targets/0/priority/1; type /0/targets/0/priority/2" },
		{ "[{'name':'r','targets':[{'tier':'','target':'PT1H'}]}]",
		  "required /0/targets/0/tier" },
	};
	check_rows(rows, ENT_COUNT(rows));
}

TEST(sla_actions_are_refused_with_the_place)
{
	static const struct row rows[] = {
		{ ACTION(""), "required /0/actions/0/at; required /0/actions/0/do" },
		{ ACTION("'at':'-PT30M','on':'met','do':'assign','team_id':'tem_0sa58zm5r0000'"),
		  "invalid /0/actions/0/at" },
		{ ACTION("'at':'-PT30M','do':'assign','team_id':'tem_0sa58zm5r0000'"), "" },
		{ ACTION("'at':'-PT5H','do':'task','subject':'x'"), "range /0/actions/0/at" },
		{ ACTION("'at':'-PT4H','do':'task','subject':'x'"), "" },
		{ ACTION("'at':'PT5H','do':'task','subject':'x'"), "" },
		{ ACTION("'at':'P1D','do':'task','subject':'x'"), "range /0/actions/0/at" },
		{ ACTION("'at':'PT0S','do':'task','subject':'x'"), "" },
		{ ACTION("'at':'1000%','do':'task','subject':'x'"), "" },
		{ ACTION("'at':'0%','do':'task','subject':'x'"), "range /0/actions/0/at" },
		{ ACTION("'at':'1001%','do':'task','subject':'x'"), "range /0/actions/0/at" },
		{ ACTION("'at':'soon','do':'task','subject':'x'"), "format /0/actions/0/at" },
		{ ACTION("'at':30,'do':'task','subject':'x'"), "type /0/actions/0/at" },
		{ ACTION("'on':'late','do':'task','subject':'x'"),
		  "unknown_value /0/actions/0/on" },
		{ ACTION("'on':'met','do':'call'"), "unknown_value /0/actions/0/do" },
		{ ACTION("'on':'met','do':'email'"),
		  "required /0/actions/0/to; required /0/actions/0/subject; "
		  "required /0/actions/0/body" },
		{ ACTION("'on':'met','do':'email','to':['assignee','boss','a@example.com'],"
		         "'subject':'s','body':'b'"),
		  "format /0/actions/0/to/1" },
		{ ACTION("'on':'met','do':'email','to':'contact','subject':'s','body':'b'"), "" },
		{ ACTION("'on':'met','do':'email','to':[],'subject':'s','body':'b'"),
		  "required /0/actions/0/to" },
		{ ACTION("'on':'met','do':'webhook'"), "required /0/actions/0/endpoint_id" },
		{ ACTION("'on':'met','do':'assign'"), "required /0/actions/0/team_id" },
		{ ACTION("'on':'met','do':'assign','team_id':'usr_0sa58zm5r0000'"),
		  "format /0/actions/0/team_id" },
		{ ACTION("'on':'met','do':'set','field':'priority','value':'high'"), "" },
		{ ACTION("'on':'met','do':'set','field':'priority','value':'urgent'"),
		  "unknown_value /0/actions/0/value" },
		{ ACTION("'on':'met','do':'set','field':'status'"), "" },
		{ ACTION("'on':'met','do':'set','field':'title'"), "required /0/actions/0/value" },
		{ ACTION("'on':'met','do':'set','field':'state','value':'open'"),
		  "unknown_value /0/actions/0/field" },
		{ ACTION("'on':'met','do':'set','field':'metadata','value':'open'"),
		  "unknown_value /0/actions/0/field" },
		{ ACTION("'on':'met','do':'set','field':'contact_id','value':null"),
		  "unknown_value /0/actions/0/field" },
		{ ACTION("'on':'met','do':'task','subject':'x','to':'assignee'"),
		  "invalid /0/actions/0/to" },
		{ ACTION("'on':'met','do':'task','subject':'x','due_in':'P1D'"), "" },
		{ ACTION("'on':'met','do':'open_case','subject':'x','priority':'high'"), "" },
		{ ACTION("'on':'met','do':'open_case','subject':'x','priority':'urgent'"),
		  "unknown_value /0/actions/0/priority" },
		{ ACTION("'on':'met','do':'task','subject':'x','condition':'prio = 1'"),
		  "unknown_field /0/actions/0/condition" },
		{ RULE(",'actions':[{'name':'a','on':'met','do':'task','subject':'x'},"
		       "{'name':'a','on':'met','do':'task','subject':'x'}]"),
		  "duplicate /0/actions/1/name" },
		{ "[{'name':'r','unit':'calendar','target':'P2D','actions':"
		  "[{'at':'-P3D','do':'task','subject':'x'},{'at':'-P1D','do':'task',"
		  "'subject':'x'}]}]",
		  "range /0/actions/0/at" },
	};
	check_rows(rows, ENT_COUNT(rows));
}

TEST(sla_rules_mean_what_they_say)
{
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	struct ent_sla_version version;
	read_rules("[{'name':'answer','kind':'first_response','unit':'business_days',"
	           "'day_mode':'into_hours','targets':[{'priority':['high','critical'],"
	           "'tier':'gold','target':'P1D'}],'criteria':'account.tier = null',"
	           "'actions':[{'at':'-PT30M','do':'set','field':'assignee_id',"
	           "'value':'usr_0sa58zm5r0000'},{'at':'75%','do':'task','subject':'hurry'},"
	           "{'at':'75%','do':'task','subject':'hurry'}]}]",
	           &arena, &version, &error);
	CHECK_INT(ent_noted(&error), ENT_OK);
	CHECK_INT(version.rule_count, 1);
	const struct ent_milestone_rule *rule = &version.rules[0];
	CHECK_INT(rule->kind, ENT_MILESTONE_FIRST_RESPONSE);
	CHECK_INT(rule->unit, ENT_TARGET_BUSINESS_DAYS);
	CHECK_INT(rule->day_mode, ENT_DAY_INTO_HOURS);
	CHECK(rule->is_pausable && ent_duration_is_none(rule->allowed));
	CHECK_INT(rule->warn_percent, 75);
	CHECK_INT(rule->target_count, 1);
	CHECK_INT(rule->targets[0].priorities,
	          1U << ENT_PRIORITY_HIGH | 1U << ENT_PRIORITY_CRITICAL);
	CHECK_TEXT(rule->targets[0].tiers.items[0].ptr, "gold");
	CHECK_INT(rule->targets[0].allowed.days, 1);
	CHECK(rule->criteria != NULL && rule->completion == NULL);
	CHECK_INT(rule->action_count, 3);
	CHECK(rule->actions[0].is_before);
	CHECK_INT(rule->actions[0].offset.seconds, 1800);
	CHECK_TEXT(rule->actions[0].value.text.ptr, "usr_0sa58zm5r0000");
	CHECK_INT(rule->actions[1].percent, 75);
	CHECK_TEXT(rule->actions[1].name.ptr, "task 75%");
	CHECK_TEXT(rule->actions[2].name.ptr, "task 75% 2");
}

TEST(sla_version_is_read_whole)
{
	static const struct row rows[] = {
		{ "{'rules':[]}", "" },
		{ "{}", "required /rules" },
		{ "[]", "type " },
		{ "{'rules':[],'pause_statuses':['on_hold'],'pause_criteria':'status = \\'x\\'',"
		  "'exit_criteria':'nothing','calendar':{}}",
		  "unknown_field /exit_criteria; unknown_field /calendar" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_error error = { 0 };
		struct ent_sla_version version;
		const struct ent_node *node = NULL;
		ROW(rows[i].text);
		CHECK_INT(ent_json_parse(quoted(rows[i].text, &arena), &arena, &node, &error),
		          ENT_OK);
		ent_sla_version_read(node, "", &arena, &version, &error);
		struct ent_text all = ent_text_begin(&arena);
		for (size_t k = 0; k < error.issue_count; k++) {
			ent_text_addf(&all, "%s%s %s", k == 0 ? "" : "; ",
			              ent_code_name(error.issues[k].code), error.issues[k].pointer);
		}
		CHECK_TEXT(ent_text_end(&all).ptr, rows[i].noted);
	}
}

TEST(sla_stored_version_is_loaded)
{
	struct ent_arena arena = test_arena();
	struct ent_error error = { 0 };
	struct ent_sla_version version;
	struct ent_sla_policy_version row;
	ent_type_clear(&ent_sla_policy_version_type, &row);
	row.id.value = 77;
	row.exit_criteria = ENT_STR("priority = \"low\"");
	row.rules.text = quoted(RULE(""), &arena);
	CHECK_INT(ent_sla_version_load(&row, &arena, &version, &error), ENT_OK);
	CHECK_INT(version.id.value, 77);
	CHECK(version.exit != NULL && version.pause == NULL);
	row.rules.text = quoted(RULE(",'kind':5"), &arena);
	CHECK_INT(ent_sla_version_load(&row, &arena, &version, &error), ENT_E_STORAGE);
}
