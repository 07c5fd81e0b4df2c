#include "app/outbox.h"

#include "app/inner.h"
#include "app/record.h"
#include "base/text.h"
#include "core/mail.h"
#include "core/webhook.h"
#include "json/json.h"

enum { DATA_MAX = 64 << 10 }; /* of before and after together; more is fetched by dataref */

/* ---- who wants what ---- */

static enum ent_code load_endpoints(struct ent_call *call, struct ent_endpoints *out,
                                    struct ent_error *error)
{
	struct ent_list rows;
	enum ent_code code = ent_row_select(
		call->db, &ent_webhook_endpoint_type,
		ENT_STR("WHERE t.disabled = $1 AND t.event_types <> '' ORDER BY t.id"),
		ENT_ARGS(ent_arg_bool(false)), call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	const struct ent_webhook_endpoint *row = rows.items;
	struct ent_endpoint *items = ENT_NEW(call->arena, struct ent_endpoint, rows.count);
	for (size_t i = 0; i < rows.count; i++) {
		items[i] =
			(struct ent_endpoint){ row[i].id, row[i].account_id, row[i].event_types };
	}
	*out = (struct ent_endpoints){ items, rows.count };
	return ENT_OK;
}

static enum ent_code endpoints_of(struct ent_call *call, const struct ent_endpoints **out,
                                  struct ent_error *error)
{
	struct ent_wanted *wanted = ent_app_wanted(call->app);
	if (call->endpoints != NULL) {
		*out = call->endpoints;
		return ENT_OK;
	}
	struct ent_endpoints *found = ENT_NEW(call->arena, struct ent_endpoints, 1);
	*out = found;
	if (ent_app_may_cache(call->app) && ent_wanted_get(wanted, call->arena, found)) {
		call->endpoints = found;
		return ENT_OK;
	}
	enum ent_code code = load_endpoints(call, found, error);
	if (code == ENT_OK) {
		call->endpoints = found;
	}
	if (code == ENT_OK && ent_call_may_keep(call)) {
		ent_wanted_put(wanted, call->epoch, found);
	}
	return code;
}

enum ent_code ent_outbox_warm(struct ent_call *call, struct ent_error *error)
{
	const struct ent_endpoints *endpoints;
	return endpoints_of(call, &endpoints, error);
}

/* ---- rows ---- */

static ent_str id_text(struct ent_arena *arena, ent_id id, const char *prefix)
{
	char text[ENT_ID_ROOM];
	size_t len = ent_id_format(id, prefix, text);
	return ent_text_copy(arena, (ent_str){ text, len });
}

/* `order`: the record in whose order it is sent to `target`, or none. */
static enum ent_code write(struct ent_call *call, struct ent_delivery *row, ent_str target,
                           ent_str order, struct ent_error *error)
{
	if (ent_id_is_none(row->id)) {
		row->id = ent_app_id(call->app);
	}
	if (row->message_id.len == 0) {
		row->message_id = id_text(call->arena, row->id, "dlv");
	}
	call->has_outbox = true;
	row->created_at = call->now;
	row->next_attempt_at = row->state == ENT_DELIVERY_PENDING ? call->now : ENT_INSTANT_NONE;
	row->queue = ent_text_format(call->arena, "%.*s %.*s", (int)target.len, target.ptr,
	                             (int)order.len, order.len > 0 ? order.ptr : "");
	return ent_row_insert(call->db, &ent_delivery_type, row, call->arena, error);
}

static enum ent_code write_webhook(struct ent_call *call, struct ent_delivery *row, ent_str order,
                                   struct ent_error *error)
{
	row->kind = ENT_DELIVERY_WEBHOOK;
	return write(call, row, id_text(call->arena, row->endpoint_id, "whe"), order, error);
}

/* ---- CloudEvents ---- */

struct cloud_event {
	ent_str id, type, subject;
	ent_instant time;
	int64_t seq;
	ent_id account_id;
};

static void member(struct ent_text *out, const char *name, ent_str value)
{
	if (value.len > 0) {
		ent_json_comma(out);
		ent_json_name(out, name);
		ent_json_string(out, value);
	}
}

/* Up to and without `data`. */
static void begin_event(struct ent_text *out, const struct cloud_event *event)
{
	char time[ENT_INSTANT_ROOM];
	char account[ENT_ID_ROOM];
	size_t len = ent_instant_format(event->time, time);
	ent_text_char(out, '{');
	member(out, "specversion", ENT_STR("1.0"));
	member(out, "id", event->id);
	member(out, "source", ENT_STR("/v1/events"));
	ent_text_addf(out, ",\"type\":\"entitled.%.*s\"", (int)event->type.len, event->type.ptr);
	member(out, "subject", event->subject);
	member(out, "time", (ent_str){ time, len });
	member(out, "datacontenttype", ENT_STR("application/json"));
	ent_text_addf(out, ",\"sequence\":\"%019lld\"", (long long)event->seq);
	if (!ent_id_is_none(event->account_id)) {
		len = ent_id_format(event->account_id, "acc", account);
		member(out, "partitionkey", (ent_str){ account, len });
	}
}

static void add_json(struct ent_text *out, const char *name, ent_str json)
{
	ent_json_comma(out);
	ent_json_name(out, name);
	ent_text_add(out, json.len > 0 ? json : ENT_STR("null"));
}

static ent_str body_of(struct ent_call *call, const struct ent_event *event, ent_str id)
{
	struct ent_text out = ent_text_begin(call->arena);
	begin_event(&out,
	            &(struct cloud_event){ id, event->type, event->subject_id, event->created_at,
	                                   event->seq, event->account_id });
	bool is_large = event->before.text.len + event->after.text.len > DATA_MAX;
	if (is_large) {
		ent_text_addf(&out, ",\"dataref\":\"/v1/events/%.*s\"", (int)id.len, id.ptr);
	}
	ent_text_add(&out, ENT_STR(",\"data\":{"));
	if (!ent_id_is_none(event->account_id)) {
		char account[ENT_ID_ROOM];
		size_t len = ent_id_format(event->account_id, "acc", account);
		member(&out, "account_id", (ent_str){ account, len });
	}
	member(&out, "subject_type", event->subject_type);
	member(&out, "subject_id", event->subject_id);
	member(&out, "actor", event->actor);
	member(&out, "reason", event->reason);
	if (!is_large) {
		add_json(&out, "before", event->before.text);
		add_json(&out, "after", event->after.text);
	}
	ent_text_add(&out, ENT_STR("}}"));
	return ent_text_end(&out);
}

static bool wants(const struct ent_endpoint *endpoint, const struct ent_event *event)
{
	bool of_account = ent_id_is_none(endpoint->account_id) ||
	                  ent_id_eq(endpoint->account_id, event->account_id);
	return of_account && ent_event_is_wanted(endpoint->event_types, event->type);
}

enum ent_code ent_outbox_event(struct ent_call *call, const struct ent_event *event,
                               ent_str order, struct ent_error *error)
{
	const struct ent_endpoints *endpoints;
	enum ent_code code = endpoints_of(call, &endpoints, error);
	ent_str body = { NULL, 0 };
	ent_str id = body;
	for (size_t i = 0; code == ENT_OK && i < endpoints->count; i++) {
		if (!wants(&endpoints->items[i], event)) {
			continue;
		}
		if (body.ptr == NULL) {
			id = id_text(call->arena, event->id, "evt");
			body = body_of(call, event, id);
		}
		struct ent_delivery row;
		ent_type_clear(&ent_delivery_type, &row);
		row.account_id = event->account_id;
		row.endpoint_id = endpoints->items[i].id;
		row.event_id = event->id;
		row.message_id = id;
		row.event_type = event->type;
		row.subject_id = event->subject_id;
		row.body = body;
		row.seq = event->seq;
		code = write_webhook(call, &row, order, error);
	}
	return code;
}

/* ---- of a use case's own ---- */

/* The account is locked, so that the order of the rows is that of its events. */
static enum ent_code begin_row(struct ent_call *call, const struct ent_matter *matter,
                               struct ent_delivery *row, struct ent_error *error)
{
	enum ent_code code = ent_call_lock(call, matter->account_id, error);
	if (code != ENT_OK) {
		return code;
	}
	ent_type_clear(&ent_delivery_type, row);
	row->account_id = matter->account_id;
	row->event_id = matter->event_id;
	row->event_type = matter->event_type;
	row->seq = ent_call_head(call, matter->account_id)->seq;
	if (!ent_id_is_none(matter->subject_id)) {
		row->subject_id =
			id_text(call->arena, matter->subject_id, matter->subject_type->prefix);
	}
	return ENT_OK;
}

static void kill(struct ent_delivery *row, const char *why)
{
	row->state = ENT_DELIVERY_DEAD;
	row->last_error = ent_str_of(why);
}

enum ent_code ent_outbox_mail(struct ent_call *call, const struct ent_mail *mail,
                              struct ent_error *error)
{
	struct ent_delivery row;
	enum ent_code code = begin_row(call, &mail->matter, &row, error);
	if (code != ENT_OK) {
		return code;
	}
	row.kind = ENT_DELIVERY_EMAIL;
	row.mail_subject = ent_mail_subject(mail->subject, call->arena);
	row.body = mail->body;
	if (mail->to_count == 0 || mail->to_count > ENT_MAIL_TO_MAX) {
		kill(&row, mail->to_count == 0 ? "there is nobody to send it to"
		                               : "there are too many to send it to");
		return write(call, &row, ENT_STR("mail"), row.subject_id, error);
	}
	for (size_t i = 0; i < mail->to_count && code == ENT_OK; i++) {
		struct ent_delivery one = row;
		one.recipient = ent_mail_clip(mail->to[i], 254);
		if (!ent_mail_is_address(mail->to[i])) {
			kill(&one, "this is not an e-mail address");
		}
		code = write(call, &one,
		             ent_text_format(call->arena, "%.*s", (int)one.recipient.len,
		                             one.recipient.len > 0 ? one.recipient.ptr : ""),
		             row.subject_id, error);
	}
	return code;
}

enum ent_code ent_outbox_webhook_row(struct ent_call *call, ent_id endpoint,
                                     const struct ent_matter *matter, ent_str data,
                                     struct ent_delivery *out, struct ent_error *error)
{
	struct ent_webhook_endpoint to;
	enum ent_code code = begin_row(call, matter, out, error);
	if (code != ENT_OK) {
		return code;
	}
	out->id = ent_app_id(call->app);
	out->endpoint_id = endpoint;
	code = ent_row_get(call->db, &ent_webhook_endpoint_type, ENT_ID_NONE, endpoint, call->arena,
	                   &to, error);
	if (code == ENT_E_NOT_FOUND) {
		kill(out, "there is no such endpoint");
	} else if (code != ENT_OK) {
		return code;
	} else if (to.disabled) {
		kill(out, "the endpoint is disabled");
	}
	struct cloud_event event = { id_text(call->arena, out->id, "dlv"),
		                     matter->event_type,
		                     out->subject_id,
		                     call->now,
		                     out->seq,
		                     matter->account_id };
	struct ent_text text = ent_text_begin(call->arena);
	begin_event(&text, &event);
	add_json(&text, "data", data.len > 0 ? data : ENT_STR("{}"));
	ent_text_char(&text, '}');
	out->body = ent_text_end(&text);
	return write_webhook(call, out, out->subject_id, error);
}

enum ent_code ent_outbox_webhook(struct ent_call *call, ent_id endpoint,
                                 const struct ent_matter *matter, ent_str data,
                                 struct ent_error *error)
{
	struct ent_delivery row;
	return ent_outbox_webhook_row(call, endpoint, matter, data, &row, error);
}
