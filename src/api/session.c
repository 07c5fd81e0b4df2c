/* Signing in and out; the settings. */
#include "api/inner.h"

#include "app/people.h"
#include "app/settings.h"
#include "base/text.h"

#include <string.h>

/* ---- signing in ---- */

static enum ent_code read_login(struct ent_request *request, struct ent_login *login,
                                struct ent_error *error)
{
	static const char *const names[] = { "email", "password" };
	ent_str *const values[] = { &login->email, &login->password };
	for (size_t i = 0; i < ENT_COUNT(names); i++) {
		const struct ent_node *node = ent_json_member(request->body, names[i]);
		char pointer[16] = "/";
		memcpy(pointer + 1, names[i], strlen(names[i]) + 1);
		if (node == NULL || node->kind != ENT_JSON_STRING || node->text.len == 0 ||
		    node->text.len > 254) {
			bool is_text = node == NULL || node->kind == ENT_JSON_STRING;
			ent_note(error, is_text ? ENT_E_REQUIRED : ENT_E_TYPE, pointer,
			         (ent_str){ NULL, 0 }, "give a text");
		} else {
			*values[i] = node->text;
		}
	}
	return ent_noted(error);
}

static enum ent_code check_login(struct ent_request *request, struct ent_call *call,
                                 struct ent_error *error)
{
	struct ent_login login = { .is_right = false };
	enum ent_code code = read_login(request, &login, error);
	if (code == ENT_OK) {
		code = ent_people_check_password(call, &login, error);
	}
	if (code == ENT_OK) {
		request->login.is_right = login.is_right;
		request->login.user_id = login.user_id;
		memcpy(request->login.email, login.email.ptr, login.email.len);
		request->login.email[login.email.len] = '\0';
	}
	return code;
}

void ent_session_cookie(struct ent_request *request, struct ent_call *call, ent_str token,
                        int64_t seconds)
{
	bool secure = request->api->config.secure_cookie;
	ent_reply_header(request, "set-cookie",
	                 ent_text_format(call->arena,
	                                 "%sentitled_session=%.*s; Path=/; HttpOnly; SameSite=Lax; "
	                                 "Max-Age=%lld%s",
	                                 secure ? "__Host-" : "", (int)token.len, token.ptr,
	                                 (long long)seconds, secure ? "; Secure" : ""));
}

enum ent_code ent_reply_refused_login(struct ent_request *request, struct ent_call *call,
                                      struct ent_error *error)
{
	ent_fail(error, ENT_E_BAD_CREDENTIALS, "name or password is wrong");
	request->reply.status = 401;
	request->reply.type = "application/problem+json";
	request->reply.body = ent_problem_write(401, error, request->id, call->arena);
	ent_reply_header(request, "www-authenticate", ENT_STR("Bearer realm=\"entitled\""));
	ent_error_clear(error);
	return ENT_OK;
}

static enum ent_code open_session(struct ent_request *request, struct ent_call *call,
                                  struct ent_error *error)
{
	struct ent_login login = {
		.email = ent_str_of(request->login.email),
		.is_right = request->login.is_right,
		.user_id = request->login.user_id,
	};
	enum ent_code code = ent_people_sign_in(call, &login, error);
	if (code != ENT_OK) {
		return code;
	}
	if (!login.is_right) {
		return ent_reply_refused_login(request, call, error);
	}
	struct ent_user user;
	code = ent_row_get(call->db, &ent_user_type, ENT_ID_NONE, login.user_id, call->arena, &user,
	                   error);
	if (code != ENT_OK) {
		return code;
	}
	char time[ENT_INSTANT_ROOM];
	size_t len = ent_instant_format(login.expires_at, time);
	struct ent_text out = ent_text_begin(call->arena);
	ent_text_add(&out, ENT_STR("{\"object\":\"session\",\"csrf_token\":"));
	ent_json_string(&out, login.csrf);
	ent_text_add(&out, ENT_STR(",\"expires_at\":"));
	ent_json_string(&out, (ent_str){ time, len });
	ent_text_add(&out, ENT_STR(",\"user\":{\"object\":\"user\","));
	ent_json_members(&ent_user_type, &user, NULL, &out);
	ent_text_add(&out, ENT_STR("}}"));
	ent_reply_json(request, 201, ent_text_end(&out));
	ent_session_cookie(request, call, login.token,
	           (login.expires_at.us - call->now.us) / ENT_SECOND_US);
	return ENT_OK;
}

enum ent_code ent_handle_sign_in(struct ent_request *request, struct ent_call *call,
                                 struct ent_error *error)
{
	return request->phase == ENT_PHASE_PREPARE ? check_login(request, call, error)
	                                           : open_session(request, call, error);
}

enum ent_code ent_handle_sign_out(struct ent_request *request, struct ent_call *call,
                                  struct ent_error *error)
{
	if (request->session.len == 0) {
		return ent_fail(error, ENT_E_FORBIDDEN,
		                "a key has no session to end: to end the key, revoke it");
	}
	enum ent_code code = ent_people_sign_out(call, request->session, error);
	request->reply.status = 204;
	ent_session_cookie(request, call, ENT_STR(""), 0);
	return code;
}

static void add_member(struct ent_text *out, const char *name, ent_str value)
{
	ent_text_addf(out, ",\"%s\":", name);
	ent_json_string(out, value);
}

/* What a page needs to greet somebody: their contact, zone and language, and the organisation's
 * name and channels, which are settings that not everybody may read. */
struct greeting {
	struct ent_user user; /* empty with a key */
	const struct ent_settings *settings;
};

static enum ent_code load_greeting(struct ent_call *call, const struct ent_principal *who,
                                   struct greeting *out, struct ent_error *error)
{
	out->user = (struct ent_user){ .id = ENT_ID_NONE };
	enum ent_code code = ent_call_settings(call, &out->settings, error);
	if (code == ENT_OK && who->who == ENT_WHO_USER) {
		code = ent_row_get(call->db, &ent_user_type, ENT_ID_NONE, who->id, call->arena,
		                   &out->user, error);
	}
	return code;
}

static void add_greeting(struct ent_text *out, const struct ent_principal *who,
                         const struct greeting *greeting)
{
	const struct ent_settings *settings = greeting->settings;
	ent_str zone = greeting->user.time_zone;
	char id[ENT_ID_ROOM];
	size_t len = 0;
	if (!ent_id_is_none(who->contact_id)) {
		len = ent_id_format(who->contact_id, "con", id);
	}
	add_member(out, "contact_id", (ent_str){ len > 0 ? id : NULL, len });
	add_member(out, "time_zone", zone.len > 0 ? zone : settings->time_zone);
	add_member(out, "language", greeting->user.language);
	add_member(out, "theme", ent_str_of(ent_theme_names.text[greeting->user.theme]));
	add_member(out, "density", ent_str_of(ent_density_names.text[greeting->user.density]));
	add_member(out, "organisation", settings->organisation);
	ent_text_add(out, ENT_STR(",\"channels\":["));
	for (size_t i = 0; i < settings->channels.count; i++) {
		ent_json_comma(out);
		ent_json_string(out, settings->channels.items[i]);
	}
	ent_text_char(out, ']');
}

static void add_accounts(struct ent_text *out, struct ent_ids accounts)
{
	ent_text_add(out, ENT_STR(",\"accounts\":["));
	for (size_t i = 0; i < accounts.count; i++) {
		char id[ENT_ID_ROOM];
		size_t len = ent_id_format(accounts.items[i], "acc", id);
		ent_json_comma(out);
		ent_json_string(out, (ent_str){ id, len });
	}
	ent_text_char(out, ']');
}

enum ent_code ent_handle_get_session(struct ent_request *request, struct ent_call *call,
                                     struct ent_error *error)
{
	const struct ent_principal *who = &request->who;
	ent_str csrf = request->session.len > 0 ? ent_people_csrf(request->session, call->arena)
	                                        : (ent_str){ NULL, 0 };
	struct greeting greeting;
	enum ent_code code = load_greeting(call, who, &greeting, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_text out = ent_text_begin(call->arena);
	ent_text_addf(&out, "{\"object\":\"session\",\"who\":\"%s\",\"id\":",
	              who->who == ENT_WHO_USER ? "user" : "key");
	ent_json_string(&out, who->actor);
	ent_text_add(&out, ENT_STR(",\"name\":"));
	ent_json_string(&out, who->name);
	ent_text_addf(&out, ",\"role\":\"%s\",\"permissions\":[", ent_role_names.text[who->role]);
	for (size_t i = 0; i < ent_permission_count(); i++) {
		if (ent_may(who, i)) {
			ent_json_comma(&out);
			ent_json_string(&out, ent_str_of(ent_permission_name(i)));
		}
	}
	ent_text_char(&out, ']');
	add_accounts(&out, who->accounts);
	ent_text_addf(&out, ",\"account_trees\":%s,\"csrf_token\":",
	              who->account_trees ? "true" : "false");
	ent_json_string(&out, csrf);
	add_greeting(&out, who, &greeting);
	ent_text_char(&out, '}');
	ent_reply_json(request, 200, ent_text_end(&out));
	return ENT_OK;
}

/* ---- settings ---- */

static void reply_settings(struct ent_request *request, struct ent_call *call,
                           const struct ent_settings *settings)
{
	struct ent_text out = ent_text_begin(call->arena);
	ent_text_add(&out, ENT_STR("{\"object\":\"settings\","));
	ent_json_members(&ent_settings_type, settings, NULL, &out);
	ent_text_char(&out, '}');
	ent_reply_json(request, 200, ent_text_end(&out));
	request->reply.version = settings->version;
}

enum ent_code ent_handle_get_settings(struct ent_request *request, struct ent_call *call,
                                      struct ent_error *error)
{
	struct ent_settings settings;
	enum ent_code code =
		ent_record_get(call, &ent_settings_type, ent_settings_id, &settings, error);
	if (code == ENT_OK) {
		reply_settings(request, call, &settings);
	}
	return code;
}

static enum ent_code patch(void *arg, struct ent_arena *arena, void *object, struct ent_set *given,
                           struct ent_error *error)
{
	return ent_json_read(&ent_settings_type, arg, ENT_JSON_UPDATE, arena, object, given, error);
}

enum ent_code ent_handle_update_settings(struct ent_request *request, struct ent_call *call,
                                         struct ent_error *error)
{
	struct ent_settings settings;
	int64_t version;
	if (request->body == NULL) {
		return ent_fail(error, ENT_E_SYNTAX, "send a JSON object as the body");
	}
	enum ent_code code = ent_request_version(request, call, &version, error);
	if (code == ENT_OK) {
		code = ent_record_update(call, &ent_settings_type, ent_settings_id, version, patch,
		                         (void *)(uintptr_t)request->body, &settings, error);
	}
	if (code == ENT_OK) {
		reply_settings(request, call, &settings);
	}
	return code;
}
