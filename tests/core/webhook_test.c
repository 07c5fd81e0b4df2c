#include "core/webhook.h"

#include "test.h"

TEST(webhook_words_name_events)
{
	static const struct {
		const char *words, *type;
		bool want;
	} rows[] = {
		{ "*", "case.opened", true },
		{ "*", "delivery.died", false },
		{ "*", "webhook_endpoint.updated", false },
		{ "delivery.*", "delivery.died", true },
		{ "delivery.died", "delivery.died", true },
		{ "case.*", "case.opened", true },
		{ "case.*", "case_comment.created", false },
		{ "case.opened", "case.resolved", false },
		{ "user.created case.resolved", "case.resolved", true },
		{ "", "case.opened", false },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_cut cut = ent_str_cut(ent_str_of(rows[i].words), ' ');
		const ent_str words[] = { cut.head, cut.tail };
		ROW(rows[i].words);
		CHECK_INT(ent_event_is_wanted((struct ent_words){ words, 2 },
		                              ent_str_of(rows[i].type)),
		          rows[i].want);
	}
	CHECK(ent_event_word_is_known(ENT_STR("*")));
	CHECK(ent_event_word_is_known(ENT_STR("case.*")));
	CHECK(ent_event_word_is_known(ENT_STR("entitlement.expired")));
	CHECK(!ent_event_word_is_known(ENT_STR("case")));
	CHECK(!ent_event_word_is_known(ENT_STR("case.")));
	CHECK(!ent_event_word_is_known(ENT_STR("no_such.thing")));
	CHECK(!ent_event_word_is_known(ENT_STR("case.Opened")));
}

TEST(webhook_addresses)
{
	static const char *const good[] = {
		"https://example.com", "http://h:1/", "https://[2001:db8::1]:8443/x?y=z",
		"https://example.com?a=b@c", "http://10.0.0.1/a@b",
		"https://xn--bcher-kva.example/",
	};
	static const char *const bad[] = {
		"", "https://", "ftp://h/", "HTTPS://h/", "https://u@h/", "https://u:p@h/",
		"https://h/#f", "https://h:0/", "https://h:65536/", "https://h:/",
		"https://h:x/", "https://[::1", "https://[]/", "https://[::1]x/",
		"https://h/a b", "https://h/\n", "https://h/ü", "https://h\\@g/", "//h/",
		"https:/h",
	};
	for (size_t i = 0; i < ENT_COUNT(good); i++) {
		ROW(good[i]);
		CHECK(ent_callback_url_fault(ent_str_of(good[i])) == NULL);
	}
	for (size_t i = 0; i < ENT_COUNT(bad); i++) {
		ROW(bad[i]);
		CHECK(ent_callback_url_fault(ent_str_of(bad[i])) != NULL);
	}
}

TEST(webhook_waits_longer_and_then_no_more)
{
	const struct ent_retries *all = &ent_retries_standard;
	CHECK_INT(ent_retry_wait_us(all, 1, 0, 0), 5 * ENT_SECOND_US);
	CHECK_INT(ent_retry_wait_us(all, 9, 0, 0), 86400 * ENT_SECOND_US);
	CHECK_INT(ent_retry_wait_us(all, 10, 0, 0), -1);
	CHECK_INT(ent_retry_wait_us(all, 1, 60, 0), 60 * ENT_SECOND_US);
	CHECK_INT(ent_retry_wait_us(all, 9, 60, 0), 86400 * ENT_SECOND_US);
	CHECK_INT(ent_retry_wait_us(all, 1, INT64_MAX, 0), 86400 * ENT_SECOND_US);
	CHECK_INT(ent_retry_wait_us(all, 1, -5, 0), 5 * ENT_SECOND_US);
	for (uint32_t chance = 0; chance < 5000; chance += 7) {
		int64_t wait = ent_retry_wait_us(all, 2, 0, chance);
		CHECK(wait >= 300 * ENT_SECOND_US && wait < 330 * ENT_SECOND_US);
	}
	struct ent_retries some;
	CHECK(ent_retries_parse(ENT_STR("0,0,10"), &some) && some.count == 3);
	CHECK(!ent_retries_parse(ENT_STR(""), &some));
	CHECK(!ent_retries_parse(ENT_STR("5,"), &some));
	CHECK(!ent_retries_parse(ENT_STR("5,4"), &some));
	CHECK(!ent_retries_parse(ENT_STR("-1"), &some));
	CHECK(!ent_retries_parse(ENT_STR("9999999"), &some));
	CHECK(!ent_retries_parse(ENT_STR("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"), &some));
}
