#include "base/hash.h"

#include "test.h"

TEST(hash_depends_on_every_bit)
{
	char bytes[40];
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		memset(bytes, 0x5a, sizeof(bytes));
		uint64_t want = ent_hash((ent_str){ bytes, len }, 7);
		CHECK(want == ent_hash((ent_str){ bytes, len }, 7));
		CHECK(want != ent_hash((ent_str){ bytes, len }, 8));
		CHECK(len == 0 || want != ent_hash((ent_str){ bytes, len - 1 }, 7));
		for (size_t bit = 0; bit < len * 8; bit++) {
			bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
			CHECK(want != ent_hash((ent_str){ bytes, len }, 7));
			bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
		}
	}
}

TEST(hash_checksum_is_text)
{
	char one[ENT_CHECKSUM_ROOM];
	char two[ENT_CHECKSUM_ROOM];
	ent_checksum(ENT_STR("a"), one);
	ent_checksum(ENT_STR("b"), two);
	CHECK_INT(strspn(one, "0123456789abcdef"), 32);
	CHECK_INT(strlen(one), 32);
	CHECK(strcmp(one, two) != 0);
	CHECK(strncmp(one, one + 16, 16) != 0);
}
