#include "core/mail.h"

#include "test.h"

TEST(mail_addresses)
{
	static const char *const good[] = {
		"a@b", "first.last+tag@mail.example.com", "o'x@e-x.org",
	};
	static const char *const bad[] = {
		"", "@", "a@", "@b", "a b@c", "a@b c", "a@b\r\nRCPT TO:<x@y>", "<a@b>",
		"a@b>", "\"a\"@b", "a,b@c", "a@b@c", "a@.b", "a@b.", "-f@b", "a@b_c", "ü@b",
		"a@[1.2.3.4]",
	};
	for (size_t i = 0; i < ENT_COUNT(good); i++) {
		ROW(good[i]);
		CHECK(ent_mail_is_address(ent_str_of(good[i])));
	}
	for (size_t i = 0; i < ENT_COUNT(bad); i++) {
		ROW(bad[i]);
		CHECK(!ent_mail_is_address(ent_str_of(bad[i])));
	}
}

TEST(mail_subject_is_one_line)
{
	struct ent_arena arena = test_arena();
	CHECK_TEXT(ent_mail_subject(ENT_STR("  a\r\nBcc: b\t\tc \x7f"), &arena).ptr, "a Bcc: b c");
	CHECK_TEXT(ent_mail_subject(ENT_STR("\r\n"), &arena).ptr, "");
}

TEST(mail_message)
{
	struct ent_arena arena = test_arena();
	struct ent_mail_message message = {
		.from = ENT_STR("desk@example.com"),
		.to = ENT_STR("a@b"),
		.subject = ENT_STR("Hello"),
		.body = ENT_STR("Hi\nthere"),
		.id = ENT_STR("dlv_1"),
		.date = { INT64_C(1709285400) * 1000000 },
	};
	CHECK_TEXT(ent_mail_write(&message, &arena).ptr,
	           "Date: Fri, 1 Mar 2024 09:30:00 +0000\r\nFrom: desk@example.com\r\nTo: a@b\r\n"
	           "Message-ID: <dlv_1@example.com>\r\nSubject: Hello\r\n"
	           "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
	           "Content-Type: text/plain; charset=utf-8\r\n"
	           "Content-Transfer-Encoding: base64\r\n\r\nSGkNCnRoZXJl\r\n");
	message.subject = ENT_STR("Grüße aus dem Süden, mit einem sehr langen Betreff, ja");
	ent_str text = ent_mail_write(&message, &arena);
	CHECK(strstr(text.ptr, "Subject: =?UTF-8?B?R3LDvMOfZSBhdXMgZGVtIFPDvGRlbiwgbWl0IGVpbmVt") !=
	      NULL);
	CHECK(strstr(text.ptr, "?=\r\n =?UTF-8?B?") != NULL);
	for (const char *line = text.ptr; line != NULL; line = strstr(line, "\r\n")) {
		line += line[0] == '\r' ? 2 : 0;
		const char *end = strstr(line, "\r\n");
		CHECK(end == NULL || end - line <= 78);
	}
}
