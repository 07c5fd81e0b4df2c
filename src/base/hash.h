/* hash.h - SipHash-1-3 of bytes: for hash tables and for telling texts apart.
 *
 * Not for secrets: app/ has BLAKE2b for those.
 */
#ifndef ENT_BASE_HASH_H
#define ENT_BASE_HASH_H

#include "base/str.h"

/* The same bytes and seed give the same hash on every machine, for ever. */
uint64_t ent_hash(ent_str bytes, uint64_t seed);

enum { ENT_CHECKSUM_ROOM = 33 };
/* 128 bits as 32 digits of base 16: notices a changed file. NUL-terminated. */
void ent_checksum(ent_str bytes, char out[static ENT_CHECKSUM_ROOM]);

#endif
