#include "deliver/address.h"

#include <string.h>

struct range {
	uint8_t prefix[16];
	int bits;
};

/* RFC 6890 and its successors; 192.88.99.0/24 are old 6to4 relays. */
static const struct range four[] = {
	{ { 0 }, 8 },
	{ { 10 }, 8 },
	{ { 100, 64 }, 10 },
	{ { 127 }, 8 },
	{ { 169, 254 }, 16 },
	{ { 172, 16 }, 12 },
	{ { 192, 0, 0 }, 24 },
	{ { 192, 0, 2 }, 24 },
	{ { 192, 88, 99 }, 24 },
	{ { 192, 168 }, 16 },
	{ { 198, 18 }, 15 },
	{ { 198, 51, 100 }, 24 },
	{ { 203, 0, 113 }, 24 },
	{ { 224 }, 4 },
	{ { 240 }, 4 },
};

/* Global unicast is 2000::/3; these lie in it and are not. */
static const struct range six[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },       /* protocol assignments, Teredo, ORCHID */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x3f, 0xff }, 20 },             /* documentation */
};

static bool is_in(const struct range *range, const uint8_t *bytes)
{
	int whole = range->bits / 8;
	int rest = range->bits % 8;
	return memcmp(range->prefix, bytes, (size_t)whole) == 0 &&
	       (rest == 0 || (range->prefix[whole] ^ bytes[whole]) >> (8 - rest) == 0);
}

static bool is_public_four(const uint8_t *bytes)
{
	for (size_t i = 0; i < ENT_COUNT(four); i++) {
		if (is_in(&four[i], bytes)) {
			return false;
		}
	}
	return true;
}

static bool is_public_six(const uint8_t *bytes)
{
	static const struct range global = { { 0x20 }, 3 };
	static const struct range relayed = { { 0x20, 0x02 }, 16 };                /* 6to4 */
	static const struct range translated = { { 0x00, 0x64, 0xff, 0x9b }, 96 }; /* NAT64 */
	static const struct range mapped = { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }, 96 };
	if (is_in(&mapped, bytes) || is_in(&translated, bytes)) {
		return is_public_four(bytes + 12);
	}
	if (is_in(&relayed, bytes) && !is_public_four(bytes + 2)) {
		return false;
	}
	for (size_t i = 0; i < ENT_COUNT(six); i++) {
		if (is_in(&six[i], bytes)) {
			return false;
		}
	}
	return is_in(&global, bytes);
}

bool ent_address_is_public(const uint8_t *bytes, size_t len)
{
	return len == 4 ? is_public_four(bytes) : len == 16 && is_public_six(bytes);
}
