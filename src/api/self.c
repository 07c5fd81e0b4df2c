/* PATCH /v1/users/me: one's own name, looks and password. */
#include "api/inner.h"

#include "app/people.h"
#include "app/self.h"
#include "base/text.h"

#include <string.h>

static enum ent_code read_body(struct ent_request *request, struct ent_call *call,
                               struct ent_input_self *out, struct ent_set *given,
                               struct ent_error *error)
{
	if (request->who.who != ENT_WHO_USER) {
		return ent_fail(error, ENT_E_FORBIDDEN, "a key is nobody's account: sign in");
	}
	ent_type_clear(&ent_input_self_type, out);
	enum ent_code code = ent_request_read(request, call, &ent_input_self_type, ENT_JSON_CREATE,
	                                      out, given, error);
	if (code != ENT_OK && error->issue_count == 0) {
		return code;
	}
	if (out->password.len > 0 && out->current_password.len == 0 &&
	    !ent_error_is_in(error, "current_password")) {
		ent_note(error, ENT_E_REQUIRED, "/current_password", (ent_str){ NULL, 0 },
		         "give the present password with a new one");
	}
	if (out->password.len > 0 && ent_str_characters(out->password) < 12) {
		ent_note(error, ENT_E_RANGE, "/password", (ent_str){ NULL, 0 },
		         "give at least 12 characters");
	}
	return ent_noted(error);
}

/* What is slow, outside of the transaction that writes: two passwords. */
static enum ent_code prepare(struct ent_request *request, struct ent_call *call,
                             const struct ent_input_self *input, struct ent_error *error)
{
	struct ent_user user;
	ent_str hash;
	if (input->password.len == 0) {
		return ENT_OK;
	}
	enum ent_code code = ent_row_get(call->db, &ent_user_type, ENT_ID_NONE, request->who.id,
	                                 call->arena, &user, error);
	struct ent_login login = { .password = input->current_password };
	if (code == ENT_OK) {
		login.email = user.email;
		code = ent_people_check_password(call, &login, error);
	}
	if (code == ENT_OK) {
		code = ent_people_hash(input->password, call->arena, &hash, error);
	}
	if (code != ENT_OK) {
		return code;
	}
	assert(login.email.len < sizeof(request->login.email) &&
	       hash.len < sizeof(request->hashed));
	request->login.is_right = login.is_right;
	request->login.user_id = login.user_id;
	memcpy(request->login.email, login.email.ptr, login.email.len);
	request->login.email[login.email.len] = '\0';
	memcpy(request->hashed, hash.ptr, hash.len);
	request->hashed[hash.len] = '\0';
	return ENT_OK;
}

/* A failure is kept, so that it counts; else a new session follows the old ones, which the new
 * password has ended. */
static enum ent_code settle_password(struct ent_request *request, struct ent_call *call,
                                     struct ent_error *error)
{
	struct ent_login login = {
		.email = ent_str_of(request->login.email),
		.is_right = request->login.is_right,
		.user_id = request->login.user_id,
	};
	enum ent_code code = ent_people_sign_in(call, &login, error);
	if (code == ENT_OK && login.is_right && request->session.len > 0) {
		ent_session_cookie(request, call, login.token,
		                   (login.expires_at.us - call->now.us) / ENT_SECOND_US);
	}
	return code;
}

static void reply_user(struct ent_request *request, struct ent_call *call,
                       const struct ent_user *user)
{
	struct ent_text out = ent_text_begin(call->arena);
	ent_text_add(&out, ENT_STR("{\"object\":\"user\","));
	ent_json_members(&ent_user_type, user, NULL, &out);
	ent_text_char(&out, '}');
	ent_reply_json(request, 200, ent_text_end(&out));
	request->reply.version = user->version;
}

static enum ent_code change(struct ent_request *request, struct ent_call *call,
                            const struct ent_input_self *input, const struct ent_set *given,
                            struct ent_error *error)
{
	struct ent_user user;
	int64_t version;
	bool is_password = input->password.len > 0;
	enum ent_code code = ent_request_version(request, call, &version, error);
	if (code == ENT_OK && is_password && !request->login.is_right) {
		code = settle_password(request, call, error);
		return code == ENT_OK ? ent_reply_refused_login(request, call, error) : code;
	}
	if (code == ENT_OK) {
		code = ent_self_update(call, version, input, given, &user, error);
	}
	if (code == ENT_OK) {
		reply_user(request, call, &user);
	}
	return code == ENT_OK && is_password ? settle_password(request, call, error) : code;
}

enum ent_code ent_handle_update_self(struct ent_request *request, struct ent_call *call,
                                     struct ent_error *error)
{
	struct ent_input_self input;
	struct ent_set given;
	enum ent_code code = read_body(request, call, &input, &given, error);
	if (code != ENT_OK) {
		return code;
	}
	return request->phase == ENT_PHASE_PREPARE ? prepare(request, call, &input, error)
	                                           : change(request, call, &input, &given, error);
}
