#include "base/error.h"

#include "test.h"

TEST(error_is_one_statement)
{
	struct ent_error error = { .issue_count = 3 };
	CHECK_INT(ent_fail(&error, ENT_E_RANGE, "%s is %d", "n", 5), ENT_E_RANGE);
	CHECK_INT(error.code, ENT_E_RANGE);
	CHECK_INT(error.issue_count, 0);
	CHECK_TEXT(error.detail, "n is 5");
}

TEST(error_has_names_for_every_code)
{
	for (int i = 0; i < ENT_CODE_COUNT; i++) {
		const char *name = ent_code_name((enum ent_code)i);
		ROW(name);
		CHECK(strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name) && name[0] != 0);
		CHECK(ent_code_title((enum ent_code)i)[0] != 0);
		int http = ent_code_http((enum ent_code)i);
		CHECK(i == 0 ? http == 200 : http >= 400 && http < 600);
		for (int k = 0; k < i; k++) {
			CHECK(strcmp(name, ent_code_name((enum ent_code)k)) != 0);
		}
	}
	CHECK_TEXT(ent_code_name(ENT_E_NOT_FOUND), "not_found");
	CHECK_TEXT(ent_code_title(ENT_E_NOT_FOUND), "not found");
	CHECK_INT(ent_code_http(ENT_E_NOT_FOUND), 404);
}

TEST(error_collects_issues)
{
	struct ent_error error = { 0 };
	CHECK_INT(ent_noted(&error), ENT_OK);
	ent_note(&error, ENT_E_RANGE, "/days", ENT_STR("99"), "at most %d", 31);
	CHECK_INT(ent_noted(&error), ENT_E_RANGE);
	CHECK_TEXT(error.detail, "days: at most 31");
	CHECK_TEXT(error.issues[0].value, "99");
	ent_note(&error, ENT_E_REQUIRED, "/name", (ent_str){ NULL, 0 }, "give a name");
	CHECK_INT(ent_noted(&error), ENT_E_INVALID);
	CHECK_TEXT(error.detail, "2 values are not valid");
	CHECK_TEXT(error.issues[1].value, "");
	CHECK_TEXT(error.issues[1].remedy, "give a name");
	ent_error_clear(&error);
	CHECK_INT(ent_noted(&error), ENT_OK);
	CHECK_INT(ent_refuse(&error, ENT_E_TYPE, "", ENT_STR("x"), "not an object"), ENT_E_TYPE);
	CHECK_TEXT(error.detail, "not an object");
}

TEST(error_counts_what_does_not_fit)
{
	struct ent_error error = { 0 };
	for (int i = 0; i < 20; i++) {
		ent_note(&error, ENT_E_RANGE, "/n", ENT_STR("1"), "%d", i);
	}
	CHECK_INT(error.issue_count, 20);
	CHECK_TEXT(error.issues[ENT_ISSUE_MAX - 1].remedy, "15");
	CHECK_INT(ent_noted(&error), ENT_E_INVALID);
	CHECK_TEXT(error.detail, "20 values are not valid");
	ent_error_nest(&error, 0, "/a"); /* those that did not fit have no pointer */
	CHECK_TEXT(error.issues[ENT_ISSUE_MAX - 1].pointer, "/a/n");
}

TEST(error_nests_pointers)
{
	struct ent_error error = { 0 };
	ent_note(&error, ENT_E_RANGE, "/name", ENT_STR(""), "x");
	ent_note(&error, ENT_E_RANGE, "/days", ENT_STR(""), "x");
	ent_note(&error, ENT_E_RANGE, "", ENT_STR(""), "x");
	ent_error_nest(&error, 1, "/grants/0");
	CHECK_TEXT(error.issues[0].pointer, "/name");
	CHECK_TEXT(error.issues[1].pointer, "/grants/0/days");
	CHECK_TEXT(error.issues[2].pointer, "/grants/0");
}

TEST(error_cuts_texts_between_characters)
{
	char longest[200];
	memset(longest, 'a', sizeof(longest));
	struct ent_error error = { 0 };
	for (size_t shift = 0; shift < 4; shift++) { /* an euro sign across the end of value[] */
		memcpy(longest + 43 + shift, "\xe2\x82\xac", 3);
		ent_error_clear(&error);
		ent_note(&error, ENT_E_RANGE, "/n", (ent_str){ longest, sizeof(longest) }, "x");
		CHECK(ent_str_is_text(ent_str_of(error.issues[0].value)));
		CHECK_INT(strlen(error.issues[0].value), shift < 2 ? 47 : 43 + shift);
		memset(longest, 'a', sizeof(longest));
	}
	longest[199] = '\0';
	longest[0] = '/';
	ent_note(&error, ENT_E_RANGE, longest, ENT_STR(""), "%s", longest);
	CHECK_INT(strlen(error.issues[1].pointer), sizeof(error.issues[1].pointer) - 1);
	CHECK_INT(strlen(error.issues[1].remedy), sizeof(error.issues[1].remedy) - 1);
	ent_error_nest(&error, 1, "/b");
	CHECK(strncmp(error.issues[1].pointer, "/b/aaa", 6) == 0);
	CHECK_INT(strlen(error.issues[1].pointer), sizeof(error.issues[1].pointer) - 1);
}
