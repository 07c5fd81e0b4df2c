/* What is JSON and what is not, in the manner of JSONTestSuite: y_ must be read, n_ refused. */
#include "json/json.h"
#include "test.h"

#define FIFTY "12345678901234567890123456789012345678901234567890"
#define DOCUMENT(name, text) { name, text, sizeof(text) - 1 }

static const struct document {
	const char *name;
	const char *text;
	size_t len;
} documents[] = {
	/* arrays */
	DOCUMENT("y_array_empty", "[]"),
	DOCUMENT("y_array_blanks_inside", "[ \t\r\n]"),
	DOCUMENT("y_array_one", "[1]"),
	DOCUMENT("y_array_blanks_around", " \n[ 1 , 2 ]\t "),
	DOCUMENT("y_array_mixed", "[null, 1, \"1\", {}, [], true, false]"),
	DOCUMENT("y_array_nested", "[[[[]]],[]]"),
	DOCUMENT("y_array_of_empty_text", "[\"\"]"),
	DOCUMENT("y_array_several_nulls", "[1,null,null,null,2]"),
	DOCUMENT("n_array_unclosed", "["),
	DOCUMENT("n_array_unclosed_after_value", "[1"),
	DOCUMENT("n_array_unclosed_after_comma", "[1,"),
	DOCUMENT("n_array_trailing_comma", "[1,]"),
	DOCUMENT("n_array_leading_comma", "[,1]"),
	DOCUMENT("n_array_only_comma", "[,]"),
	DOCUMENT("n_array_double_comma", "[1,,2]"),
	DOCUMENT("n_array_no_comma", "[1 2]"),
	DOCUMENT("n_array_colon", "[\"a\":1]"),
	DOCUMENT("n_array_closed_twice", "[1]]"),
	DOCUMENT("n_array_closed_as_object", "[1}"),
	DOCUMENT("n_array_never_opened", "1]"),
	DOCUMENT("n_array_star", "[*]"),
	DOCUMENT("n_array_comma_after", "[1],"),
	DOCUMENT("n_array_unclosed_nested", "[[1]"),
	DOCUMENT("n_array_form_feed", "[\f]"),
	DOCUMENT("n_array_vertical_tab", "[\v1]"),
	DOCUMENT("n_array_no_break_space", "[\xc2\xa0]"),
	/* objects */
	DOCUMENT("y_object_empty", "{}"),
	DOCUMENT("y_object_blanks", " { } "),
	DOCUMENT("y_object_one", "{\"a\":1}"),
	DOCUMENT("y_object_blanks_everywhere", "{ \"a\" : 1 , \"b\" : 2 }"),
	DOCUMENT("y_object_empty_name", "{\"\":0}"),
	DOCUMENT("y_object_escaped_name", "{\"a\\u0062\":1}"),
	DOCUMENT("y_object_names_differ_in_case", "{\"a\":1,\"A\":2}"),
	DOCUMENT("y_object_same_name_deeper", "{\"a\":{\"a\":{\"a\":1}}}"),
	DOCUMENT("y_object_long_names", "{\"abcdefghijklmnop\":1,\"abcdefghijklmnoq\":2}"),
	DOCUMENT("y_object_lines", "{\n\"a\": \"b\"\n}"),
	DOCUMENT("n_object_unclosed", "{"),
	DOCUMENT("n_object_unclosed_after_name", "{\"a\""),
	DOCUMENT("n_object_unclosed_after_colon", "{\"a\":"),
	DOCUMENT("n_object_unclosed_after_value", "{\"a\":1"),
	DOCUMENT("n_object_unclosed_after_comma", "{\"a\":1,"),
	DOCUMENT("n_object_trailing_comma", "{\"a\":1,}"),
	DOCUMENT("n_object_leading_comma", "{,\"a\":1}"),
	DOCUMENT("n_object_two_commas", "{\"a\":1,,\"b\":2}"),
	DOCUMENT("n_object_no_colon", "{\"a\" 1}"),
	DOCUMENT("n_object_two_colons", "{\"a\"::1}"),
	DOCUMENT("n_object_equals", "{\"a\"=1}"),
	DOCUMENT("n_object_no_value", "{\"a\":}"),
	DOCUMENT("n_object_no_name", "{:1}"),
	DOCUMENT("n_object_bare_name", "{a:1}"),
	DOCUMENT("n_object_single_quotes", "{'a':1}"),
	DOCUMENT("n_object_number_as_name", "{1:1}"),
	DOCUMENT("n_object_null_as_name", "{null:1}"),
	DOCUMENT("n_object_only_value", "{1}"),
	DOCUMENT("n_object_only_name", "{\"a\"}"),
	DOCUMENT("n_object_closed_as_array", "{\"a\":1]"),
	DOCUMENT("n_object_closed_twice", "{\"a\":1}}"),
	DOCUMENT("n_object_comment", "{\"a\":1/* */}"),
	DOCUMENT("n_object_line_comment", "{\"a\":1} // x"),
	DOCUMENT("n_object_hash_comment", "{} # x"),
	DOCUMENT("n_object_semicolon", "{\"a\":1;\"b\":2}"),
	DOCUMENT("n_object_same_name", "{\"a\":1,\"a\":1}"),
	DOCUMENT("n_object_same_name_apart", "{\"a\":1,\"b\":2,\"c\":3,\"a\":4}"),
	DOCUMENT("n_object_same_name_escaped", "{\"a\":1,\"\\u0061\":1}"),
	DOCUMENT("n_object_same_empty_name", "{\"\":1,\"\":1}"),
	DOCUMENT("n_object_same_name_deeper", "[{\"x\":{\"a\":1,\"a\":2}}]"),
	DOCUMENT("n_object_name_not_utf8", "{\"\xff\":1}"),
	DOCUMENT("n_object_name_control", "{\"a\nb\":1}"),
	/* numbers */
	DOCUMENT("y_number_zero", "0"),
	DOCUMENT("y_number_minus_zero", "-0"),
	DOCUMENT("y_number_whole", "1234567890"),
	DOCUMENT("y_number_negative", "-17"),
	DOCUMENT("y_number_fraction", "0.5"),
	DOCUMENT("y_number_fraction_of_zeros", "1.000"),
	DOCUMENT("y_number_exponent", "1e5"),
	DOCUMENT("y_number_capital_exponent", "1E5"),
	DOCUMENT("y_number_plus_exponent", "1e+5"),
	DOCUMENT("y_number_minus_exponent", "1E-5"),
	DOCUMENT("y_number_zero_exponent", "0e0"),
	DOCUMENT("y_number_exponent_leading_zero", "1e05"),
	DOCUMENT("y_number_all_parts", "-12.345e-67"),
	DOCUMENT("y_number_beyond_double", "1e99999"),
	DOCUMENT("y_number_many_digits", "123456789012345678901234567890.123456789"),
	DOCUMENT("y_number_100_long", FIFTY FIFTY),
	DOCUMENT("n_number_101_long", FIFTY FIFTY "1"),
	DOCUMENT("n_number_plus", "+1"),
	DOCUMENT("n_number_leading_zero", "01"),
	DOCUMENT("n_number_minus_leading_zero", "-01"),
	DOCUMENT("n_number_two_zeros", "00"),
	DOCUMENT("n_number_only_minus", "-"),
	DOCUMENT("n_number_two_minus", "--1"),
	DOCUMENT("n_number_minus_blank", "- 1"),
	DOCUMENT("n_number_only_point", "."),
	DOCUMENT("n_number_no_whole", ".5"),
	DOCUMENT("n_number_minus_no_whole", "-.5"),
	DOCUMENT("n_number_no_fraction", "1."),
	DOCUMENT("n_number_no_fraction_exponent", "1.e5"),
	DOCUMENT("n_number_two_points", "1.2.3"),
	DOCUMENT("n_number_no_exponent", "1e"),
	DOCUMENT("n_number_no_exponent_plus", "1e+"),
	DOCUMENT("n_number_no_exponent_minus", "[1E-]"),
	DOCUMENT("n_number_two_exponents", "1e5e5"),
	DOCUMENT("n_number_fraction_of_exponent", "1e5.5"),
	DOCUMENT("n_number_hex", "0x1F"),
	DOCUMENT("n_number_nan", "NaN"),
	DOCUMENT("n_number_infinity", "Infinity"),
	DOCUMENT("n_number_minus_infinity", "-Infinity"),
	DOCUMENT("n_number_suffix", "1a"),
	DOCUMENT("n_number_blank_inside", "1 000"),
	DOCUMENT("n_number_underscore", "1_000"),
	DOCUMENT("n_number_comma", "1,5"),
	DOCUMENT("n_number_full_width", "\xef\xbc\x91"),
	/* strings */
	DOCUMENT("y_string_empty", "\"\""),
	DOCUMENT("y_string_plain", "\"abc\""),
	DOCUMENT("y_string_exactly_eight", "\"abcdefgh\""),
	DOCUMENT("y_string_longer_than_a_word", "\"abcdefghijklmnopqrstuvwxyz\""),
	DOCUMENT("y_string_simple_escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	DOCUMENT("y_string_unicode_escape", "\"\\u00e9\\u20AC\\uFFFF\""),
	DOCUMENT("y_string_surrogate_pair", "\"\\ud83d\\uDE00\""),
	DOCUMENT("y_string_last_pair", "\"\\udbff\\udfff\""),
	DOCUMENT("y_string_escaped_control", "\"\\u0001\\u001f\""),
	DOCUMENT("y_string_escaped_backslash_u", "\"\\\\u0000\""),
	DOCUMENT("y_string_delete", "\"\x7f\""),
	DOCUMENT("y_string_two_bytes", "\"\xc2\x80\xdf\xbf\""),
	DOCUMENT("y_string_three_bytes", "\"\xe0\xa0\x80\xed\x9f\xbf\xef\xbf\xbf\""),
	DOCUMENT("y_string_four_bytes", "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""),
	DOCUMENT("y_string_line_separators", "\"\xe2\x80\xa8\xe2\x80\xa9\""),
	DOCUMENT("y_string_bom_inside", "\"\xef\xbb\xbf\""),
	DOCUMENT("y_string_slash", "\"/\""),
	DOCUMENT("y_string_like_comment", "\"a/*b*/c\""),
	DOCUMENT("n_string_unended", "\"abc"),
	DOCUMENT("n_string_only_quote", "\""),
	DOCUMENT("n_string_ends_in_escape", "\"abc\\"),
	DOCUMENT("n_string_escaped_quote", "\"abc\\\""),
	DOCUMENT("n_string_single_quotes", "'abc'"),
	DOCUMENT("n_string_bare", "abc"),
	DOCUMENT("n_string_escape_x", "\"\\x41\""),
	DOCUMENT("n_string_escape_a", "\"\\a\""),
	DOCUMENT("n_string_escape_quote", "\"\\'\""),
	DOCUMENT("n_string_escape_digit", "\"\\0\""),
	DOCUMENT("n_string_escape_capital_u", "\"\\U0041\""),
	DOCUMENT("n_string_escape_nul", "\"\\\0\""),
	DOCUMENT("n_string_escape_utf8", "\"\\\xc3\xa9\""),
	DOCUMENT("n_string_unicode_three_digits", "\"\\u004\""),
	DOCUMENT("n_string_unicode_no_digits", "\"\\u\""),
	DOCUMENT("n_string_unicode_bad_digit", "\"\\u00g1\""),
	DOCUMENT("n_string_unicode_sign", "\"\\u+041\""),
	DOCUMENT("n_string_unicode_braces", "\"\\u{41}\""),
	DOCUMENT("n_string_unicode_at_end", "\"\\u12"),
	DOCUMENT("n_string_escaped_nul", "\"\\u0000\""),
	DOCUMENT("n_string_high_surrogate_alone", "\"\\ud800\""),
	DOCUMENT("n_string_high_surrogate_and_text", "\"\\ud800abcdef\""),
	DOCUMENT("n_string_high_surrogate_twice", "\"\\ud800\\ud800\""),
	DOCUMENT("n_string_high_surrogate_and_letter", "\"\\ud800\\u0041\""),
	DOCUMENT("n_string_high_surrogate_half", "\"\\ud83d\\ude\""),
	DOCUMENT("n_string_low_surrogate_alone", "\"\\udc00\""),
	DOCUMENT("n_string_surrogates_reversed", "\"\\ude00\\ud83d\""),
	DOCUMENT("n_string_raw_line_feed", "\"a\nb\""),
	DOCUMENT("n_string_raw_tab", "\"\t\""),
	DOCUMENT("n_string_raw_nul", "\"a\0b\""),
	DOCUMENT("n_string_raw_control", "\"\x1f\""),
	DOCUMENT("n_string_raw_control_after_words", "\"abcdefghijklmnop\x01\""),
	DOCUMENT("n_string_stray_continuation", "\"\x80\""),
	DOCUMENT("n_string_overlong_two", "\"\xc0\xaf\""),
	DOCUMENT("n_string_overlong_three", "\"\xe0\x80\xaf\""),
	DOCUMENT("n_string_overlong_four", "\"\xf0\x80\x80\xaf\""),
	DOCUMENT("n_string_truncated_two", "\"\xc3\""),
	DOCUMENT("n_string_truncated_three", "\"\xe2\x82\""),
	DOCUMENT("n_string_truncated_four", "\"\xf0\x9f\x98\""),
	DOCUMENT("n_string_utf8_surrogate", "\"\xed\xa0\x80\""),
	DOCUMENT("n_string_beyond_unicode", "\"\xf4\x90\x80\x80\""),
	DOCUMENT("n_string_byte_fe", "\"\xfe\""),
	DOCUMENT("n_string_latin1", "\"caf\xe9\""),
	DOCUMENT("n_string_bad_after_words", "\"abcdefghijklmnopqrstuvw\xe9\""),
	DOCUMENT("n_string_two", "\"a\" \"b\""),
	/* words and the whole */
	DOCUMENT("y_word_null", "null"),
	DOCUMENT("y_word_true", " true"),
	DOCUMENT("y_word_false", "false "),
	DOCUMENT("n_word_capital", "True"),
	DOCUMENT("n_word_upper", "NULL"),
	DOCUMENT("n_word_cut", "nul"),
	DOCUMENT("n_word_cut_in_array", "[tru]"),
	DOCUMENT("n_word_longer", "nulls"),
	DOCUMENT("n_word_two", "true false"),
	DOCUMENT("n_word_undefined", "undefined"),
	DOCUMENT("n_whole_empty", ""),
	DOCUMENT("n_whole_blank", " \n"),
	DOCUMENT("n_whole_bom", "\xef\xbb\xbf{}"),
	DOCUMENT("n_whole_bom_only", "\xef\xbb\xbf"),
	DOCUMENT("n_whole_utf16", "\xff\xfe{\0}\0"),
	DOCUMENT("n_whole_two_values", "{}{}"),
	DOCUMENT("n_whole_lines", "{}\n{}"),
	DOCUMENT("n_whole_nul_after", "{}\0"),
	DOCUMENT("n_whole_nul_before", "\0{}"),
	DOCUMENT("n_whole_nul", "\0"),
	DOCUMENT("n_whole_nul_in_array", "[1\0]"),
	DOCUMENT("n_whole_garbage", "{}x"),
	DOCUMENT("n_whole_xml", "<a/>"),
	DOCUMENT("n_whole_closing", "]"),
	DOCUMENT("n_whole_bytes", "\x80\x81"),
};

TEST(json_conformance)
{
	CHECK(ENT_COUNT(documents) >= 150);
	for (size_t i = 0; i < ENT_COUNT(documents); i++) {
		const struct document *row = &documents[i];
		ROW(row->name);
		/* A copy that ends where the document does, for the sanitizer. */
		char *copy = malloc(row->len + (row->len == 0));
		memcpy(copy, row->text, row->len);
		struct ent_arena arena = test_arena();
		struct ent_error error = { 0 };
		const struct ent_node *node = NULL;
		enum ent_code code =
			ent_json_parse((ent_str){ copy, row->len }, &arena, &node, &error);
		CHECK_INT(code, row->name[0] == 'y' ? ENT_OK : ENT_E_SYNTAX);
		CHECK((node != NULL) == (code == ENT_OK));
		CHECK((strncmp(error.detail, "byte ", 5) == 0) == (code != ENT_OK));
		free(copy);
	}
}

/* What is cut off anywhere is refused, unless a number is cut. */
TEST(json_cut_anywhere)
{
	static const char whole[] =
		"{\"a\":[1,-2.5e+7,\"x\\u00e9\\ud83d\\ude00\"],"
		"\"b\":{\"c\":null,\"d\":true},\"e\":\"f\"}";
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		char *copy = malloc(len + 1);
		memcpy(copy, whole, len);
		struct ent_arena arena = test_arena();
		struct ent_error error = { 0 };
		const struct ent_node *node;
		CHECK_INT(ent_json_parse((ent_str){ copy, len }, &arena, &node, &error),
		          ENT_E_SYNTAX);
		free(copy);
	}
}
