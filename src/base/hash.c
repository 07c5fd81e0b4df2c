#include "base/hash.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t turn(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void mix(struct state *s)
{
	s->v0 += s->v1;
	s->v1 = turn(s->v1, 13) ^ s->v0;
	s->v0 = turn(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = turn(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = turn(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = turn(s->v1, 17) ^ s->v2;
	s->v2 = turn(s->v2, 32);
}

/* Little-endian, `count` <= 8. */
static uint64_t word(const char *p, size_t count)
{
	uint64_t x = 0;
	for (size_t i = 0; i < count; i++) {
		x |= (uint64_t)(unsigned char)p[i] << 8 * i;
	}
	return x;
}

static uint64_t whole_word(const char *p)
{
	uint64_t x;
	memcpy(&x, p, 8);
	return le64toh(x);
}

static void take(struct state *s, uint64_t x)
{
	s->v3 ^= x;
	mix(s);
	s->v0 ^= x;
}

uint64_t ent_hash(ent_str bytes, uint64_t seed)
{
	struct state s = { seed ^ UINT64_C(0x736f6d6570736575), UINT64_C(0x646f72616e646f6d),
		           seed ^ UINT64_C(0x6c7967656e657261), UINT64_C(0x7465646279746573) };
	size_t i = 0;
	for (; bytes.len - i >= 8; i += 8) {
		take(&s, whole_word(bytes.ptr + i));
	}
	take(&s, word(bytes.ptr + i, bytes.len - i) | (uint64_t)bytes.len << 56);
	s.v2 ^= 0xff;
	mix(&s);
	mix(&s);
	mix(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

void ent_checksum(ent_str bytes, char out[static ENT_CHECKSUM_ROOM])
{
	snprintf(out, ENT_CHECKSUM_ROOM, "%016llx%016llx", (unsigned long long)ent_hash(bytes, 1),
	         (unsigned long long)ent_hash(bytes, 2));
}
