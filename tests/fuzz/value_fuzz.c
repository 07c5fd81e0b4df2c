/* fuzz: core - any text as each small value: what is accepted is written in one
 * form only, and that form reads back the same. */
#include "core/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_date(ent_str text)
{
	ent_date date;
	char room[16];
	if (ent_date_parse(text, &date)) {
		ent_date_format(date, room);
		assert(ent_str_is(text, room));
	}
}

static void check_instant(ent_str text)
{
	ent_instant one;
	ent_instant two;
	char room[ENT_INSTANT_ROOM];
	if (ent_instant_parse(text, &one)) {
		ent_str written = { room, ent_instant_format(one, room) };
		assert(ent_instant_parse(written, &two) && one.us == two.us);
	}
}

static void check_duration(ent_str text)
{
	ent_duration one;
	ent_duration two;
	char room[ENT_DURATION_ROOM];
	if (ent_duration_parse(text, &one)) {
		ent_str written = { room, ent_duration_format(one, room) };
		assert(ent_duration_parse(written, &two));
		assert(one.months == two.months && one.days == two.days);
		assert(one.seconds == two.seconds);
	}
}

static void check_decimal(ent_str text)
{
	ent_decimal one;
	ent_decimal two;
	char room[ENT_DECIMAL_ROOM];
	if (ent_decimal_parse(text, &one)) {
		ent_str written = { room, ent_decimal_format(one, room) };
		assert(ent_decimal_parse(written, &two) && one.micro == two.micro);
	}
}

static void check_id(ent_str text)
{
	ent_id id;
	char room[ENT_ID_ROOM];
	if (ent_id_parse(text, "ent", &id)) {
		ent_str written = { room, ent_id_format(id, "ent", room) };
		assert(ent_str_eq(written, text));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ent_str text = { (const char *)data, size };
	check_date(text);
	check_instant(text);
	check_duration(text);
	check_decimal(text);
	check_id(text);
	if (ent_str_is_text(text)) {
		assert(ent_str_characters(text) <= size);
	}
	return 0;
}
