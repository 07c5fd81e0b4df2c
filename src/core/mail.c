#include "core/mail.h"

enum {
	ADDRESS_MAX = 254,
	SUBJECT_MAX = 500,
	LINE_BYTES = 57, /* 76 characters of base64 */
	WORD_BYTES = 42  /* an encoded word has at most 75 characters with its frame of 12 */
};

bool ent_mail_is_address(ent_str text)
{
	struct ent_cut cut = ent_str_cut(text, '@');
	ent_str host = cut.tail;
	if (!cut.found || cut.head.len == 0 || cut.head.len > 64 || host.len == 0 ||
	    text.len > ADDRESS_MAX) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c <= ' ' || c > '~' || memchr("\"(),:;<>\\", c, 9) != NULL) {
			return false;
		}
	}
	for (size_t i = 0; i < host.len; i++) {
		char c = host.ptr[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool at_end = i == 0 || i + 1 == host.len;
		if (!is_letter && !(c >= '0' && c <= '9') && (at_end || (c != '.' && c != '-'))) {
			return false;
		}
	}
	return cut.head.ptr[0] != '-'; /* nor an option of somebody's sendmail */
}

ent_str ent_mail_clip(ent_str text, size_t max)
{
	size_t characters = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (((unsigned char)text.ptr[i] & 0xc0) != 0x80 && characters++ == max) {
			return (ent_str){ text.ptr, i };
		}
	}
	return text;
}

ent_str ent_mail_subject(ent_str text, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	bool is_parted = false;
	bool is_first = true;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c <= ' ' || c == 0x7f) {
			is_parted = true;
			continue;
		}
		if (is_parted && !is_first) {
			ent_text_char(&out, ' ');
		}
		is_parted = false;
		is_first = false;
		ent_text_char(&out, (char)c);
	}
	return ent_mail_clip(ent_text_end(&out), SUBJECT_MAX);
}

/* ---- base64 ---- */

static void add_base64(struct ent_text *out, ent_str bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < bytes.len; i += 3) {
		uint32_t three = 0;
		for (size_t k = 0; k < 3; k++) {
			uint32_t byte = i + k < bytes.len ? (unsigned char)bytes.ptr[i + k] : 0;
			three = three << 8 | byte;
		}
		for (size_t k = 0; k < 4; k++) {
			bool is_there = i + k <= bytes.len; /* k digits need k-1 bytes */
			ent_text_char(out, is_there ? digits[three >> (18 - 6 * k) & 63] : '=');
		}
	}
}

static bool is_ascii(ent_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= 0x80) {
			return false;
		}
	}
	return true;
}

/* The longest front of at most `max` bytes that ends with a character's end. */
static size_t front(ent_str text, size_t max)
{
	if (text.len <= max) {
		return text.len;
	}
	while (max > 0 && ((unsigned char)text.ptr[max] & 0xc0) == 0x80) {
		max--;
	}
	return max;
}

static void add_subject(struct ent_text *out, ent_str subject)
{
	bool is_plain =
		is_ascii(subject) && subject.len <= 66 && !ent_str_contains(subject, ENT_STR("=?"));
	ent_text_add(out, ENT_STR("Subject:"));
	if (is_plain) {
		ent_text_char(out, ' ');
		ent_text_add(out, subject);
	}
	for (bool first = true; !is_plain && subject.len > 0; first = false) {
		size_t len = front(subject, WORD_BYTES);
		len = len == 0 ? WORD_BYTES : len; /* no UTF-8: cut anywhere */
		ent_text_add(out, first ? ENT_STR(" =?UTF-8?B?") : ENT_STR("\r\n =?UTF-8?B?"));
		add_base64(out, (ent_str){ subject.ptr, len });
		ent_text_add(out, ENT_STR("?="));
		subject = (ent_str){ subject.ptr + len, subject.len - len };
	}
	ent_text_add(out, ENT_STR("\r\n"));
}

static void add_date(struct ent_text *out, ent_instant at)
{
	static const char days[][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int64_t day = at.us / ENT_DAY_US - (at.us % ENT_DAY_US < 0);
	int64_t second = (at.us - day * ENT_DAY_US) / ENT_SECOND_US;
	ent_date date = { (int32_t)day };
	struct ent_civil civil = ent_date_civil(date);
	ent_text_addf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
	              days[ent_date_weekday(date)], civil.day, months[civil.month - 1], civil.year,
	              (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

/* MIME wants CRLF in texts, also inside of base64. */
static ent_str with_crlf(ent_str body, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	for (size_t i = 0; i < body.len; i++) {
		if (body.ptr[i] == '\n' && (i == 0 || body.ptr[i - 1] != '\r')) {
			ent_text_char(&out, '\r');
		}
		ent_text_char(&out, body.ptr[i]);
	}
	return ent_text_end(&out);
}

ent_str ent_mail_write(const struct ent_mail_message *message, struct ent_arena *arena)
{
	ent_str host = ent_str_cut(message->from, '@').tail;
	ent_str body = with_crlf(message->body, arena);
	struct ent_text out = ent_text_begin(arena);
	add_date(&out, message->date);
	ent_text_addf(&out, "From: %.*s\r\nTo: %.*s\r\nMessage-ID: <%.*s@%.*s>\r\n",
	              (int)message->from.len, message->from.ptr, (int)message->to.len,
	              message->to.ptr, (int)message->id.len, message->id.ptr, (int)host.len,
	              host.ptr);
	add_subject(&out, message->subject);
	ent_text_add(&out, ENT_STR("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
	                           "Content-Type: text/plain; charset=utf-8\r\n"
	                           "Content-Transfer-Encoding: base64\r\n\r\n"));
	for (size_t at = 0; at < body.len; at += LINE_BYTES) {
		size_t left = body.len - at;
		add_base64(&out, (ent_str){ body.ptr + at,
		                            left < LINE_BYTES ? left : LINE_BYTES });
		ent_text_add(&out, ENT_STR("\r\n"));
	}
	return ent_text_end(&out);
}
