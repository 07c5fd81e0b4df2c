/* Moving the virtual clock of `serve --clock`. */
#include "api/inner.h"

#include "app/agenda.h"
#include "base/text.h"

static enum ent_code read_instant(const struct ent_request *request, ent_instant now,
                                  ent_instant *out, struct ent_error *error)
{
	const struct ent_node *node = ent_json_member(request->body, "to");
	if (node == NULL || node->kind != ENT_JSON_STRING) {
		ent_note(error, ENT_E_REQUIRED, "/to", (ent_str){ NULL, 0 }, "give a time");
	} else if (!ent_instant_parse(node->text, out)) {
		ent_note(error, ENT_E_FORMAT, "/to", node->text,
		         "give a time like 2026-01-31T09:30:00Z");
	} else if (out->us < now.us) {
		ent_note(error, ENT_E_RANGE, "/to", node->text, "a clock does not go back");
	}
	return ent_noted(error);
}

enum ent_code ent_handle_move_clock(struct ent_request *request, struct ent_call *call,
                                    struct ent_error *error)
{
	struct ent_agenda_report report = { .handled = 0 };
	ent_instant to;
	char now[ENT_INSTANT_ROOM];
	if (!ent_app_is_virtual(call->app)) {
		return ent_fail(error, ENT_E_STATE, "only serve --clock has a clock to move");
	}
	enum ent_code code = read_instant(request, ent_app_now(call->app), &to, error);
	if (code == ENT_OK) {
		code = ent_agenda_run_until(call->app, to, &report, error);
	}
	if (code == ENT_OK) {
		ent_instant_format(ent_app_now(call->app), now);
		ent_reply_json(request, 200,
		               ent_text_format(call->arena,
		                               "{\"object\":\"clock\",\"now\":\"%s\","
		                               "\"instants\":%zu,\"handled\":%zu,\"failed\":%zu}",
		                               now, report.instants, report.handled,
		                               report.failed));
	}
	return code;
}
