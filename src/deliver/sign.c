#include "deliver/sign.h"

#include <sodium.h>
#include <stdio.h>

enum { KEY_MAX = 128 };

static bool key_of(ent_str secret, uint8_t key[static KEY_MAX], size_t *len)
{
	ent_str prefix = ENT_STR("whsec_");
	return ent_str_begins(secret, prefix) &&
	       sodium_base642bin(key, KEY_MAX, secret.ptr + prefix.len, secret.len - prefix.len,
	                         NULL, len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       *len > 0;
}

static void update(crypto_auth_hmacsha256_state *state, ent_str text)
{
	crypto_auth_hmacsha256_update(state, (const unsigned char *)text.ptr, text.len);
}

bool ent_webhook_sign(ent_str secret, ent_str id, int64_t timestamp, ent_str body,
                      struct ent_arena *arena, ent_str *out)
{
	uint8_t key[KEY_MAX];
	uint8_t mac[crypto_auth_hmacsha256_BYTES];
	char text[sodium_base64_ENCODED_LEN(sizeof(mac), sodium_base64_VARIANT_ORIGINAL)];
	char time[32];
	size_t len;
	crypto_auth_hmacsha256_state state;
	if (!key_of(secret, key, &len)) {
		return false;
	}
	int digits = snprintf(time, sizeof(time), ".%lld.", (long long)timestamp);
	crypto_auth_hmacsha256_init(&state, key, len);
	update(&state, id);
	update(&state, (ent_str){ time, (size_t)digits });
	update(&state, body);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2base64(text, sizeof(text), mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
	sodium_memzero(key, sizeof(key));
	*out = ent_text_format(arena, "v1,%s", text);
	return true;
}
