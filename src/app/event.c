#include "app/inner.h"
#include "app/outbox.h"
#include "app/pile.h"
#include "app/record.h"
#include "base/text.h"

#include <sodium.h>
#include <string.h>

enum { HASH_BYTES = 32 };

/* Length first, so that no two lists of columns make the same bytes. */
static void hash_text(crypto_generichash_state *state, ent_str text)
{
	uint8_t length[8];
	uint64_t len = text.ptr == NULL ? UINT64_MAX : text.len;
	for (size_t i = 0; i < sizeof(length); i++) {
		length[i] = (uint8_t)(len >> (8 * i));
	}
	crypto_generichash_update(state, length, sizeof(length));
	if (text.len > 0) {
		crypto_generichash_update(state, (const unsigned char *)text.ptr, text.len);
	}
}

static ent_str decimal(int64_t number, struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	ent_text_int(&text, number);
	return ent_text_end(&text);
}

ent_str ent_event_hash(const struct ent_event *event, struct ent_arena *arena)
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
	hash_text(&state, event->prev_hash.len > 0 ? event->prev_hash : ENT_STR(""));
	const struct ent_type *type = &ent_event_type;
	for (size_t i = 0; i < type->count; i++) {
		const struct ent_field *field = &type->fields[i];
		if (ent_str_is(ent_str_of(field->name), "prev_hash") ||
		    ent_str_is(ent_str_of(field->name), "hash")) {
			continue;
		}
		struct ent_value value = ent_field_to_column(field, event, arena);
		hash_text(&state, value.kind == ENT_K_INT
		                          ? decimal(value.number, arena)
		                          : value.text);
	}
	uint8_t hash[HASH_BYTES];
	crypto_generichash_final(&state, hash, sizeof(hash));
	char *hex = ent_arena_bytes(arena, 2 * HASH_BYTES + 1);
	sodium_bin2hex(hex, 2 * HASH_BYTES + 1, hash, HASH_BYTES);
	return (ent_str){ hex, 2 * HASH_BYTES };
}

static ent_str id_text(struct ent_call *call, const struct ent_type *type, ent_id id)
{
	char text[ENT_ID_ROOM];
	size_t len = ent_id_format(id, type->prefix, text);
	return ent_text_copy(call->arena, (ent_str){ text, len });
}

enum ent_code ent_event_tell(struct ent_call *call, const struct ent_occurrence *what,
                             struct ent_error *error)
{
	enum ent_code code = ent_call_lock(call, what->account, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_head *head = ent_call_head(call, what->account);
	struct ent_event *event = ENT_NEW(call->arena, struct ent_event, 1);
	*event = (struct ent_event){
		.id = ent_app_id(call->app),
		.account_id = what->account,
		.seq = head->seq + 1,
		.created_at = call->now,
		.type = ent_text_format(call->arena, "%s.%s", what->subject->name, what->verb),
		.subject_type = ent_str_of(what->subject->name),
		.subject_id = id_text(call, what->subject, what->id),
		.actor = call->who->actor,
		.origin = call->origin,
		.request_id = call->request_id,
		.reason = call->reason,
		.before = { what->before },
		.after = { what->after },
		.prev_hash = head->hash,
	};
	event->hash = ent_event_hash(event, call->arena);
	head->seq = event->seq;
	head->hash = event->hash;
	head->is_changed = true;
	call->has_events = true;
	code = ent_pile_insert(call, &ent_event_type, event, error);
	if (code != ENT_OK) {
		return code;
	}
	ent_str order = ent_id_is_none(what->case_id)
	                        ? event->subject_id
	                        : id_text(call, &ent_case_type, what->case_id);
	return ent_outbox_event(call, event, order, error);
}

enum ent_code ent_event_append(struct ent_call *call, ent_id account,
                               const struct ent_type *subject, ent_id id, const char *verb,
                               ent_str before, ent_str after, struct ent_error *error)
{
	struct ent_occurrence what = { account, subject, id, ENT_ID_NONE, verb, before, after };
	return ent_event_tell(call, &what, error);
}
