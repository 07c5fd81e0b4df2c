/* people.h - who is it? Passwords, sessions, keys.
 *
 * Tokens (of keys and sessions) are 32 random bytes; only their BLAKE2b hash is stored.
 * Passwords are argon2id. Signing in is throttled by name and by address.
 */
#ifndef ENT_APP_PEOPLE_H
#define ENT_APP_PEOPLE_H

#include "app/app.h"

/* The principal who shows this key or session token. UNAUTHENTICATED; with call->db NULL
 * BUSY for what is not in memory. *looked_up: the key was found in the store, not in
 * memory, which is at least once a minute: time to note its use. */
ENT_CHECK enum ent_code ent_people_by_key(struct ent_call *call, ent_str token,
                                          struct ent_principal *out, bool *looked_up,
                                          struct ent_error *error);
ENT_CHECK enum ent_code ent_people_by_session(struct ent_call *call, ent_str token,
                                              struct ent_principal *out, struct ent_error *error);

/* Whoever a user or key (the other is none) is now, for work that goes on without them.
 * UNAUTHENTICATED. */
ENT_CHECK enum ent_code ent_people_again(struct ent_call *call, ent_id user_id, ent_id key_id,
                                         struct ent_principal *out, struct ent_error *error);
/* people_principal.c: what they may do. UNAUTHENTICATED a customer without a contact. */
ENT_CHECK enum ent_code ent_principal_of_user(struct ent_call *call, const struct ent_user *user,
                                              struct ent_principal *out, struct ent_error *error);
struct ent_principal ent_principal_of_key(const struct ent_api_key *key, struct ent_arena *arena);
bool ent_key_is_valid(const struct ent_api_key *key, ent_instant now);

/* The CSRF token of a session: derived from it, so nothing is stored. */
ent_str ent_people_csrf(ent_str session_token, struct ent_arena *arena);
bool ent_people_csrf_fits(ent_str session_token, ent_str csrf);

struct ent_login {
	ent_str email;
	ent_str password;
	/* Found by ent_people_check_password(): */
	ent_id user_id;
	bool is_right;
	/* Made by ent_people_sign_in(): */
	ent_str token;
	ent_str csrf;
	ent_instant expires_at;
};

/* First half, reading: slow on purpose (argon2id), also for names that do not exist.
 * LOGIN_THROTTLED. */
ENT_CHECK enum ent_code ent_people_check_password(struct ent_call *call, struct ent_login *login,
                                                  struct ent_error *error);
/* Second half, writing: notes a failure, or opens a session. BAD_CREDENTIALS is told by
 * login->is_right, because a note of it has to be committed. */
ENT_CHECK enum ent_code ent_people_sign_in(struct ent_call *call, struct ent_login *login,
                                           struct ent_error *error);
ENT_CHECK enum ent_code ent_people_sign_out(struct ent_call *call, ent_str token,
                                            struct ent_error *error);

/* argon2id of a password, as text. */
ENT_CHECK enum ent_code ent_people_hash(ent_str password, struct ent_arena *arena, ent_str *out,
                                        struct ent_error *error);

/* Note that a key was used; at most one write a minute and key. For the border, after it
 * has found a key in the store. */
ENT_CHECK enum ent_code ent_people_note_use(struct ent_call *call, ent_id key,
                                            struct ent_error *error);

/* Delete sessions, attempts and idempotency records that are past their time. */
ENT_CHECK enum ent_code ent_people_sweep(struct ent_call *call, struct ent_error *error);

/* Nobody gives, or takes over, what they do not have: else a key that may make keys could do
 * everything. Notes FORBIDDEN for permissions and accounts of the record as it was (NULL: it is
 * new) or as it is to be. */
ENT_CHECK enum ent_code ent_user_check_reach(struct ent_call *call, const struct ent_user *before,
                                             const struct ent_user *user, struct ent_error *error);
ENT_CHECK enum ent_code ent_key_check_reach(struct ent_call *call, const struct ent_api_key *before,
                                            const struct ent_api_key *key,
                                            struct ent_error *error);

/* BLAKE2b-256 of a token, in bytes and in hex. */
void ent_token_hash(ent_str token, uint8_t out[static 32]);
ent_str ent_token_hash_hex(ent_str token, struct ent_arena *arena);

#endif
