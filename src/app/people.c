#include "app/people.h"

#include "app/action.h"
#include "app/entity.h"
#include "app/inner.h"
#include "base/text.h"

#include <sodium.h>
#include <string.h>

enum {
	TOKEN_BYTES = 32,
	FAILURES_BY_NAME = 5,    /* in the window; then the name waits */
	FAILURES_BY_ORIGIN = 50, /* the same for an address, behind which many may sit */
};

#define WINDOW_US (15 * ENT_MINUTE_US)
#define PERSON_KEPT_US ENT_MINUTE_US /* then a key is looked up again, which notes its use */

/* ---- tokens ---- */

void ent_token_hash(ent_str token, uint8_t out[static 32])
{
	crypto_generichash(out, 32, (const unsigned char *)token.ptr, token.len, NULL, 0);
}

ent_str ent_token_hash_hex(ent_str token, struct ent_arena *arena)
{
	uint8_t hash[32];
	ent_token_hash(token, hash);
	char *hex = ent_arena_bytes(arena, 65);
	sodium_bin2hex(hex, 65, hash, sizeof(hash));
	return (ent_str){ hex, 64 };
}

static ent_str base64(const uint8_t *bytes, size_t count, const char *prefix,
                      struct ent_arena *arena)
{
	char text[64];
	sodium_bin2base64(text, sizeof(text), bytes, count,
	                  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return ent_text_format(arena, "%s%s", prefix, text);
}

static ent_str make_token(const char *prefix, struct ent_arena *arena)
{
	uint8_t bytes[TOKEN_BYTES];
	randombytes_buf(bytes, sizeof(bytes));
	return base64(bytes, sizeof(bytes), prefix, arena);
}

ent_str ent_people_csrf(ent_str token, struct ent_arena *arena)
{
	uint8_t hash[24];
	static const unsigned char label[crypto_generichash_KEYBYTES_MIN + 1] = "entitled's csrf.";
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)token.ptr, token.len, label,
	                   crypto_generichash_KEYBYTES_MIN);
	return base64(hash, sizeof(hash), "csrf_", arena);
}

bool ent_people_csrf_fits(ent_str session_token, ent_str csrf)
{
	char memory[128];
	struct ent_budget budget = { .high = memory, .fail_at = -1 };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	ent_str right = ent_people_csrf(session_token, &arena);
	return right.len == csrf.len && sodium_memcmp(right.ptr, csrf.ptr, right.len) == 0;
}

/* ---- principals ---- */

static enum ent_code unknown(struct ent_error *error)
{
	return ent_fail(error, ENT_E_UNAUTHENTICATED, "the key or session is not valid");
}

/* Who showed this token lately, from memory. BUSY if only the store can tell and there is
 * none at hand. */
static enum ent_code recall(struct ent_call *call, ent_str token, struct ent_principal *out,
                            bool *found, struct ent_error *error)
{
	uint8_t hash[ENT_TOKEN_HASH];
	ent_cache_token_hash(ent_app_cache(call->app), token, hash);
	*found = ent_app_may_cache(call->app) &&
	         ent_cache_get_person(ent_app_cache(call->app), hash, call->now, call->arena, out);
	return *found || call->db != NULL ? ENT_OK : ent_fail(error, ENT_E_BUSY, "not in memory");
}

static void remember(struct ent_call *call, ent_str token, ent_instant until,
                     const struct ent_principal *who)
{
	uint8_t hash[ENT_TOKEN_HASH];
	if (ent_call_may_keep(call)) {
		ent_cache_token_hash(ent_app_cache(call->app), token, hash);
		ent_cache_put_person(ent_app_cache(call->app), call->epoch, hash, until, who);
	}
}

enum ent_code ent_people_by_key(struct ent_call *call, ent_str token, struct ent_principal *out,
                                bool *looked_up, struct ent_error *error)
{
	bool found;
	*looked_up = false;
	enum ent_code code = recall(call, token, out, &found, error);
	if (code != ENT_OK || found) {
		return code;
	}
	struct ent_list keys;
	code = ent_row_select(call->db, &ent_api_key_type, ENT_STR("WHERE t.secret_hash = $1"),
	                      ENT_ARGS(ent_arg_text(ent_token_hash_hex(token, call->arena))),
	                      call->arena, &keys, error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_api_key *key = keys.items;
	if (keys.count == 0 || !ent_key_is_valid(key, call->now)) {
		return unknown(error);
	}
	*out = ent_principal_of_key(key, call->arena);
	ent_instant until = { call->now.us + PERSON_KEPT_US };
	if (!ent_instant_is_none(key->expires_at) && key->expires_at.us < until.us) {
		until = key->expires_at;
	}
	remember(call, token, until, out);
	*looked_up = true;
	return ENT_OK;
}

enum ent_code ent_people_by_session(struct ent_call *call, ent_str token, struct ent_principal *out,
                                    struct ent_error *error)
{
	bool found;
	enum ent_code code = recall(call, token, out, &found, error);
	if (code != ENT_OK || found) {
		return code;
	}
	struct ent_rows rows;
	code = ent_db_run(call->db,
	                  ENT_STR("SELECT user_id, expires_at FROM session WHERE token_hash = $1 "
	                          "AND expires_at > $2"),
	                  ENT_ARGS(ent_arg_text(ent_token_hash_hex(token, call->arena)),
	                           ent_arg_int(call->now.us)),
	                  call->arena, &rows, error);
	if (code != ENT_OK || rows.count == 0) {
		return code == ENT_OK ? unknown(error) : code;
	}
	struct ent_user user;
	code = ent_row_get(call->db, &ent_user_type, ENT_ID_NONE,
	                   (ent_id){ rows.first->cell[0].number }, call->arena, &user, error);
	if (code == ENT_E_NOT_FOUND || (code == ENT_OK && user.disabled)) {
		return unknown(error);
	}
	if (code == ENT_OK) {
		code = ent_principal_of_user(call, &user, out, error);
	}
	if (code == ENT_OK) {
		remember(call, token, (ent_instant){ rows.first->cell[1].number }, out);
	}
	return code;
}

/* ---- signing in ---- */

static ent_str lower(ent_str text, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		ent_text_char(&out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
	}
	return ent_text_end(&out);
}

enum ent_code ent_people_hash(ent_str password, struct ent_arena *arena, ent_str *out,
                              struct ent_error *error)
{
	char *text = ent_arena_bytes(arena, crypto_pwhash_STRBYTES);
	if (crypto_pwhash_str(text, password.ptr, password.len, crypto_pwhash_OPSLIMIT_INTERACTIVE,
	                      crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
		return ent_fail(error, ENT_E_SYSTEM, "no memory to hash a password");
	}
	*out = ent_str_of(text);
	return ENT_OK;
}

static enum ent_code throttle(struct ent_call *call, ent_str email, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(call->db,
	                                ENT_STR("SELECT COUNT(CASE WHEN name = $1 THEN 1 END), "
	                                        "COUNT(CASE WHEN origin = $2 THEN 1 END) "
	                                        "FROM login_attempt WHERE failed_at > $3"),
	                                ENT_ARGS(ent_arg_text(email), ent_arg_text(call->origin),
	                                         ent_arg_int(call->now.us - WINDOW_US)),
	                                call->arena, &rows, error);
	if (code == ENT_OK && (rows.first->cell[0].number >= FAILURES_BY_NAME ||
	                       rows.first->cell[1].number >= FAILURES_BY_ORIGIN)) {
		return ent_fail(error, ENT_E_LOGIN_THROTTLED,
		                "too many failures; try again in 15 minutes");
	}
	return code;
}

enum ent_code ent_people_check_password(struct ent_call *call, struct ent_login *login,
                                        struct ent_error *error)
{
	/* "nobody" with INTERACTIVE limits: as slow as a real one. */
	static const char nobody[crypto_pwhash_STRBYTES] =
		"$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	login->email = lower(login->email, call->arena);
	enum ent_code code = throttle(call, login->email, error);
	struct ent_list users = { NULL, 0 };
	if (code == ENT_OK) {
		code = ent_row_select(call->db, &ent_user_type, ENT_STR("WHERE t.email = $1"),
		                      ENT_ARGS(ent_arg_text(login->email)), call->arena, &users,
		                      error);
	}
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_user *user = users.items;
	bool known = users.count > 0 && user->password_hash.len > 0 && !user->disabled;
	char hash[crypto_pwhash_STRBYTES] = "";
	if (known && user->password_hash.len < sizeof(hash)) {
		memcpy(hash, user->password_hash.ptr, user->password_hash.len);
	} else {
		memcpy(hash, nobody, sizeof(hash));
	}
	bool fits = crypto_pwhash_str_verify(hash, login->password.ptr, login->password.len) == 0;
	login->is_right = known && fits;
	login->user_id = login->is_right ? user->id : ENT_ID_NONE;
	return ENT_OK;
}

static enum ent_code note_failure(struct ent_call *call, const struct ent_login *login,
                                  struct ent_error *error)
{
	return ent_db_exec(
		call->db,
		ENT_STR("INSERT INTO login_attempt (name, origin, failed_at) VALUES ($1, $2, $3)"),
		ENT_ARGS(ent_arg_text(login->email), ent_arg_text(call->origin),
	                 ent_arg_int(call->now.us)),
		1, call->arena, error);
}

enum ent_code ent_people_sign_in(struct ent_call *call, struct ent_login *login,
                                 struct ent_error *error)
{
	if (!login->is_right) {
		return note_failure(call, login, error);
	}
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code != ENT_OK) {
		return code;
	}
	login->token = make_token("es_", call->arena);
	login->csrf = ent_people_csrf(login->token, call->arena);
	login->expires_at.us = call->now.us + settings->session_hours * ENT_HOUR_US;
	code = ent_db_exec(call->db,
	                   ENT_STR("INSERT INTO session (token_hash, user_id, created_at, "
	                           "expires_at, csrf, origin) "
	                           "VALUES ($1, $2, $3, $4, '', $5)"),
	                   ENT_ARGS(ent_arg_text(ent_token_hash_hex(login->token, call->arena)),
	                            ent_arg_id(login->user_id), ent_arg_int(call->now.us),
	                            ent_arg_int(login->expires_at.us), ent_arg_text(call->origin)),
	                   1, call->arena, error);
	if (code == ENT_OK) {
		code = ent_db_exec(call->db,
		                   ENT_STR("UPDATE \"user\" SET last_login_at = $1 WHERE id = $2"),
		                   ENT_ARGS(ent_arg_int(call->now.us), ent_arg_id(login->user_id)),
		                   1, call->arena, error);
	}
	if (code == ENT_OK) {
		code = ent_db_exec(call->db, ENT_STR("DELETE FROM login_attempt WHERE name = $1"),
		                   ENT_ARGS(ent_arg_text(login->email)), ENT_ANY_ROWS, call->arena,
		                   error);
	}
	return code;
}

enum ent_code ent_people_sign_out(struct ent_call *call, ent_str token, struct ent_error *error)
{
	ent_call_touch(call, (ent_id){ ENT_CACHE_PEOPLE });
	return ent_db_exec(call->db, ENT_STR("DELETE FROM session WHERE token_hash = $1"),
	                   ENT_ARGS(ent_arg_text(ent_token_hash_hex(token, call->arena))),
	                   ENT_ANY_ROWS, call->arena, error);
}

enum ent_code ent_people_note_use(struct ent_call *call, ent_id key, struct ent_error *error)
{
	return ent_db_exec(call->db,
	                   ENT_STR("UPDATE api_key SET last_used_at = $1 WHERE id = $2 AND "
	                           "COALESCE(last_used_at, 0) < $3"),
	                   ENT_ARGS(ent_arg_int(call->now.us), ent_arg_id(key),
	                            ent_arg_int(call->now.us - ENT_MINUTE_US)),
	                   ENT_ANY_ROWS, call->arena, error);
}

enum ent_code ent_people_sweep(struct ent_call *call, struct ent_error *error)
{
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code == ENT_OK) {
		code = ent_db_exec(call->db, ENT_STR("DELETE FROM session WHERE expires_at <= $1"),
		                   ENT_ARGS(ent_arg_int(call->now.us)), ENT_ANY_ROWS, call->arena,
		                   error);
	}
	if (code == ENT_OK) {
		code = ent_db_exec(call->db,
		                   ENT_STR("DELETE FROM login_attempt WHERE failed_at <= $1"),
		                   ENT_ARGS(ent_arg_int(call->now.us - WINDOW_US)), ENT_ANY_ROWS,
		                   call->arena, error);
	}
	if (code == ENT_OK) {
		int64_t kept_us = settings->idempotency_hours * ENT_HOUR_US;
		code = ent_db_exec(call->db,
		                   ENT_STR("DELETE FROM idempotency WHERE created_at <= $1"),
		                   ENT_ARGS(ent_arg_int(call->now.us - kept_us)), ENT_ANY_ROWS,
		                   call->arena, error);
	}
	return code;
}

/* ---- users and keys as entities ---- */

static enum ent_code check_email(struct ent_call *call, struct ent_user *user,
                                 struct ent_error *error)
{
	user->email = lower(user->email, call->arena);
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db, ENT_STR("SELECT id FROM \"user\" WHERE email = $1 AND id <> $2"),
		ENT_ARGS(ent_arg_text(user->email), ent_arg_id(user->id)), call->arena, &rows,
		error);
	if (code == ENT_OK && rows.count > 0) {
		ent_note(error, ENT_E_DUPLICATE, "/email", user->email, "another user has it");
	}
	if (!ent_str_cut(user->email, '@').found || ent_str_cut(user->email, ' ').found) {
		ent_note(error, ENT_E_FORMAT, "/email", user->email,
		         "give an address like name@example.com");
	}
	return code;
}

ENT_HOOK_CHECK(ent_user_judge)
{
	(void)given;
	struct ent_user *user = object;
	enum ent_code code = check_email(call, user, error);
	if (code == ENT_OK) {
		code = ent_user_check_reach(call, before, user, error);
	}
	ent_check_zone(user->time_zone, "/time_zone", error);
	if (user->role == ENT_ROLE_CUSTOMER && ent_id_is_none(user->contact_id)) {
		ent_note(error, ENT_E_REQUIRED, "/contact_id", (ent_str){ NULL, 0 },
		         "a customer signs in as a contact: give which");
	}
	if (user->password.len > 0 && ent_str_characters(user->password) < 12) {
		ent_note(error, ENT_E_RANGE, "/password", (ent_str){ NULL, 0 },
		         "give at least 12 characters");
	} else if (code == ENT_OK && user->password.len > 0) {
		/* The border has done the slow part already, outside of the transaction. */
		code = call->password_hash.len > 0 ? ENT_OK
		                                   : ent_people_hash(user->password, call->arena,
		                                                     &call->password_hash, error);
		user->password_hash = call->password_hash;
	}
	return code;
}

/* A new password ends what was signed in with the old one, by whomever. */
ENT_HOOK_UPDATE(ent_user_update)
{
	struct ent_user *user = object;
	const struct ent_user *old = before;
	enum ent_code code = ENT_OK;
	if (!ent_str_eq(old->password_hash, user->password_hash)) {
		code = ent_db_exec(call->db, ENT_STR("DELETE FROM session WHERE user_id = $1"),
		                   ENT_ARGS(ent_arg_id(user->id)), ENT_ANY_ROWS, call->arena,
		                   error);
	}
	return code != ENT_OK ? code
	                      : ent_record_save(call, &ent_user_type, before, user, "updated",
	                                        error);
}

ENT_HOOK_CHECK(ent_key_judge)
{
	struct ent_api_key *key = object;
	size_t at = ent_type_at(&ent_api_key_type, ENT_FIELD_OF(api_key, role));
	if (before == NULL && !ent_set_has(given, at)) {
		key->role = ENT_ROLE_INTEGRATION;
	}
	for (size_t i = 0; i < key->scopes.count; i++) {
		if (!ent_scope_is_known(key->scopes.items[i])) {
			ent_note(error, ENT_E_UNKNOWN_VALUE,
			         ent_text_format(call->arena, "/scopes/%zu", i).ptr,
			         key->scopes.items[i],
			         "give permissions such as case.create, case.*, *.read or *");
		}
	}
	if (key->role == ENT_ROLE_CUSTOMER) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, "/role", ENT_STR("customer"),
		         "a key cannot be a customer; give a role of the staff");
	}
	return ent_key_check_reach(call, before, key, error);
}

ENT_HOOK_CREATE(ent_key_create)
{
	struct ent_api_key *key = object;
	ent_str secret = make_token("ek_", call->arena);
	key->secret_hash = ent_token_hash_hex(secret, call->arena);
	key->hint = ent_text_copy(call->arena, (ent_str){ secret.ptr, 8 });
	enum ent_code code = ent_record_insert(call, &ent_api_key_type, key, "created", error);
	key->secret = secret; /* after the event was written: shown once, kept nowhere */
	return code;
}

enum ent_code ent_api_key_revoke(struct ent_call *call, ent_id id, int64_t version,
                                 const void *input, void *out, struct ent_error *error)
{
	(void)input;
	struct ent_api_key *key = out;
	enum ent_code code = ent_call_may(call, "api_key.update", error);
	if (code == ENT_OK) {
		code = ent_record_hold(call, &ent_api_key_type, id, version, key, error);
	}
	if (code != ENT_OK || !ent_instant_is_none(key->revoked_at)) {
		return code;
	}
	struct ent_api_key *before = ent_record_copy(call->arena, &ent_api_key_type, key);
	key->revoked_at = call->now;
	return ent_record_save(call, &ent_api_key_type, before, key, "revoked", error);
}
