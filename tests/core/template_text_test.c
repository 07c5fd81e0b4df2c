#include "core/template_text.h"

#include "core/type.h"
#include "test.h"

static struct ent_case a_case(void)
{
	static const struct ent_pair pairs[] = { { { "region", 6 }, { "n\northern", 9 } } };
	struct ent_case c;
	ent_type_clear(&ent_case_type, &c);
	c.id = (ent_id){ 1 };
	c.version = 3;
	c.number = ENT_STR("CAS-000001");
	c.title = ENT_STR("Grüße\r\nBcc: x");
	c.metadata = (struct ent_map){ pairs, 1 };
	c.created_at = (ent_instant){ INT64_C(1709285400) * 1000000 }; /* 2024-03-01T09:30Z */
	return c;
}

#define THINGS(c)                                          \
	{                                                  \
		{ "case", &ent_case_type, &(c) },          \
		{                                          \
			"account", &ent_account_type, NULL \
		}                                          \
	}

TEST(template_fills_places)
{
	static const struct {
		const char *text;
		size_t max;
		const char *want;
	} rows[] = {
		{ "", 99, "" },
		{ "no place { } {x} }}", 99, "no place { } {x} }}" },
		/* places */
		{ "{{case.number}}", 99, "CAS-000001" },
		{ "<{{ case.number }}>", 99, "<CAS-000001>" },
		/* values of each kind */
		{ "{{case.title}}", 99, "Grüße  Bcc: x" },
		{ "{{case.version}} {{case.priority}}", 99, "3 normal" },
		{ "{{case.created_at}}", 99, "2024-03-01 09:30 +00:00" },
		{ "[{{account.name}}{{case.resolution}}]", 99, "[]" },
		{ "{{case.metadata.region}}|{{case.metadata.none}}", 99, "n orthern|" },
		/* what would be refused stays as it is */
		{ "{{case.nothing}} {{case}} {{x.y}}", 99, "{{case.nothing}} {{case}} {{x.y}}" },
		{ "a {{case.number", 99, "a {{case.number" },
		{ "{{case.number.x}}", 99, "{{case.number.x}}" },
		{ "{{case.metadata}}", 99, "{{case.metadata}}" },
		{ "{{case.number}}{{case.number}}", 99, "CAS-000001CAS-000001" },
	};
	struct ent_case c = a_case();
	const struct ent_template_thing things[] = THINGS(c);
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		ROW(rows[i].text);
		ent_str got = ent_template_text_fill(ent_str_of(rows[i].text), things, 2,
		                                     &ent_zone_utc, false, rows[i].max, &arena);
		CHECK_TEXT(got.ptr, rows[i].want);
	}
}

TEST(template_keeps_lines_where_asked_and_ends_at_its_bound)
{
	struct ent_case c = a_case();
	const struct ent_template_thing things[] = THINGS(c);
	struct ent_arena arena = test_arena();
	ent_str text = ENT_STR("{{case.title}}!");
	CHECK_TEXT(ent_template_text_fill(text, things, 2, &ent_zone_utc, true, 99, &arena).ptr,
	           "Grüße \nBcc: x!");
	/* "Gr" and the two bytes of each letter behind it */
	CHECK_TEXT(ent_template_text_fill(text, things, 2, &ent_zone_utc, true, 3, &arena).ptr,
	           "Gr");
	CHECK_TEXT(ent_template_text_fill(text, things, 2, &ent_zone_utc, true, 4, &arena).ptr,
	           "Grü");
	CHECK_TEXT(ent_template_text_fill(text, things, 2, &ent_zone_utc, true, 0, &arena).ptr, "");
}

TEST(template_refuses_with_the_place)
{
	static const struct {
		const char *text;
		const char *want; /* part of what is noted; NULL: nothing is */
	} rows[] = {
		{ "{{case.number}} {{account.name}} {", NULL },
		{ "ü {{case.nothing}}", "character 3: there is no such field" },
		{ "{{contract.name}}", "character 1: there is no such record here" },
		/* names */
		{ "{{case}}", "character 1: name a field" },
		{ "{{}}", "character 1: there is no such record here" },
		{ "x{{case.number", "character 2: close it" },
		{ "{{case.metadata}}", "character 1: name one of its texts" },
		{ "{{case.title.x}}", "character 1: this field has no parts" },
	};
	const struct ent_template_thing things[] = { { "case", &ent_case_type, NULL },
		                                     { "account", &ent_account_type, NULL } };
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_error error;
		ROW(rows[i].text);
		ent_error_clear(&error);
		ent_template_text_check(ent_str_of(rows[i].text), things, 2, "/body", &error);
		CHECK_INT(error.issue_count, rows[i].want == NULL ? 0 : 1);
		if (error.issue_count > 0 && rows[i].want != NULL) {
			CHECK(strstr(error.issues[0].remedy, rows[i].want) != NULL);
			CHECK_TEXT(error.issues[0].pointer, "/body");
		}
	}
}
