#include "app/feed.h"

#include "app/inner.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum {
	LOOK_MAX = 20000, /* rows in one look */
	NEWS_MAX = 4096,  /* new ones that are told one by one */
	ID_MS_SHIFT = 22,
	LATE_SQLITE_MS = 100, /* who writes there waits for the others before it makes ids */
	LATE_MS = 2000,       /* on PostgreSQL */
	LATE_DEEP_MS = 15000
};

struct ent_feed {
	int64_t newest; /* id of the newest event seen; 0: it has not looked yet */
	int64_t floor;  /* no later look goes back beyond where the first one began */
	int64_t *seen;  /* the newest ones, rising */
	size_t count;
};

/* ---- life ---- */

struct ent_feed *ent_feed_open(void)
{
	return calloc(1, sizeof(struct ent_feed));
}

void ent_feed_restart(struct ent_feed *feed)
{
	free(feed->seen);
	*feed = (struct ent_feed){ .newest = 0 };
}

void ent_feed_close(struct ent_feed *feed)
{
	if (feed != NULL) {
		free(feed->seen);
		free(feed);
	}
}

/* ---- rows ---- */

/* The permission to read records of this type; false if there is none. */
static bool permission_of(struct ent_call *call, ent_str type, size_t *out)
{
	ent_str name = ent_text_format(call->arena, "%.*s.read", (int)type.len, type.ptr);
	for (*out = 0; *out < ent_permission_count(); ++*out) {
		if (ent_str_is(name, ent_permission_name(*out))) {
			return true;
		}
	}
	return false;
}

static void read_row(struct ent_call *call, const struct ent_row *row, struct ent_news *out)
{
	*out = (struct ent_news){
		.id = { row->cell[0].number },
		.account_id =
			row->cell[1].number == 0 ? ENT_ID_NONE : (ent_id){ row->cell[1].number },
		.seq = row->cell[2].number,
		.at = { row->cell[3].number },
		.type = row->cell[4].text,
		.subject_type = row->cell[5].text,
		.subject_id = row->cell[6].text,
	};
	out->subject = ent_type_named(out->subject_type);
	if (out->subject != NULL && !permission_of(call, out->subject_type, &out->permission)) {
		out->subject = NULL;
	}
}

static enum ent_code select_behind(struct ent_call *call, int64_t id, size_t max,
                                   struct ent_rows *out, struct ent_error *error)
{
	return ent_db_run(call->db,
	                  ENT_STR("SELECT id, account_id, seq, created_at, type, subject_type, "
	                          "subject_id FROM \"event\" WHERE id > $1 ORDER BY id LIMIT $2"),
	                  ENT_ARGS(ent_arg_int(id), ent_arg_int((int64_t)max + 1)), call->arena,
	                  out, error);
}

/* ---- looking ---- */

static int64_t late(const struct ent_call *call, bool is_deep)
{
	bool is_sqlite = ent_store_dialect(ent_app_store(call->app)) == ENT_SQLITE;
	int64_t ms = is_sqlite ? LATE_SQLITE_MS : is_deep ? LATE_DEEP_MS : LATE_MS;
	return ms << ID_MS_SHIFT;
}

static bool was_seen(const struct ent_feed *feed, size_t *at, int64_t id)
{
	while (*at < feed->count && feed->seen[*at] < id) {
		++*at;
	}
	return *at < feed->count && feed->seen[*at] == id;
}

/* The ids of both, rising, without what is so old that no look goes back to it. */
static void unite(const struct ent_feed *feed, const struct ent_rows *rows, int64_t oldest,
                  struct ent_arena *arena, struct ent_feed_look *out)
{
	const struct ent_row *row = rows->first;
	size_t left = rows->count;
	size_t at = 0;
	out->ids = ENT_NEW(arena, int64_t, feed->count + rows->count + 1);
	while (at < feed->count || left > 0) {
		bool is_row =
			left > 0 && (at == feed->count || row->cell[0].number <= feed->seen[at]);
		int64_t id = is_row ? row->cell[0].number : feed->seen[at];
		at += at < feed->count && feed->seen[at] == id;
		if (is_row) {
			row = row->next;
			left--;
		}
		if (id > oldest) {
			out->ids[out->id_count++] = id;
		}
	}
}

static void take_new(const struct ent_feed *feed, struct ent_call *call,
                     const struct ent_rows *rows, struct ent_feed_look *out)
{
	struct ent_news *items = ENT_NEW(call->arena, struct ent_news, NEWS_MAX);
	const struct ent_row *row = rows->first;
	size_t at = 0;
	out->items = items;
	out->is_too_much = rows->count > LOOK_MAX;
	for (size_t i = 0; i < rows->count && !out->is_too_much; i++, row = row->next) {
		if (was_seen(feed, &at, row->cell[0].number)) {
			continue;
		}
		out->is_too_much = out->count == NEWS_MAX;
		if (!out->is_too_much) {
			read_row(call, row, &items[out->count++]);
		}
	}
	if (out->is_too_much) {
		out->count = 0;
	}
}

enum ent_code ent_feed_read(const struct ent_feed *feed, struct ent_call *call, bool is_deep,
                            struct ent_feed_look *out, struct ent_error *error)
{
	struct ent_rows rows;
	int64_t now = ent_app_id(call->app).value;
	/* the clock of another process may be ahead: nothing is behind what comes from there */
	int64_t known = feed->newest != 0 && feed->newest < now ? feed->newest : now;
	int64_t behind = known - late(call, is_deep || feed->newest == 0);
	behind = behind > feed->floor ? behind : feed->floor;
	*out = (struct ent_feed_look){ .newest = feed->newest,
		                       .floor = feed->newest == 0 ? behind : feed->floor };
	enum ent_code code = select_behind(call, behind, LOOK_MAX, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	take_new(feed, call, &rows, out);
	unite(feed, &rows, known - 2 * late(call, true), call->arena, out);
	if (out->id_count > 0 && out->ids[out->id_count - 1] > out->newest) {
		out->newest = out->ids[out->id_count - 1];
	}
	if (out->newest == 0) {
		out->newest = known - late(call, true);
	}
	out->last = (ent_id){ out->newest < now ? out->newest : known };
	return ENT_OK;
}

enum ent_code ent_feed_saw(struct ent_feed *feed, const struct ent_feed_look *look,
                           struct ent_error *error)
{
	int64_t *seen = calloc(look->id_count + 1, sizeof(*seen));
	if (seen == NULL) {
		return ent_fail(error, ENT_E_OUT_OF_MEMORY, "no memory for %zu ids",
		                look->id_count);
	}
	memcpy(seen, look->ids, look->id_count * sizeof(*seen));
	free(feed->seen);
	*feed = (struct ent_feed){ look->newest, look->floor, seen, look->id_count };
	return ENT_OK;
}

enum ent_code ent_feed_since(struct ent_call *call, ent_id id, size_t max,
                             struct ent_feed_look *out, struct ent_error *error)
{
	struct ent_rows rows;
	bool is_sqlite = ent_store_dialect(ent_app_store(call->app)) == ENT_SQLITE;
	*out = (struct ent_feed_look){ .last = id };
	enum ent_code code = select_behind(
		call, is_sqlite ? id.value : id.value - late(call, false), max, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	out->is_too_much = rows.count > max;
	out->count = out->is_too_much ? 0 : rows.count;
	struct ent_news *items = ENT_NEW(call->arena, struct ent_news, out->count + 1);
	const struct ent_row *row = rows.first;
	for (size_t i = 0; i < out->count; i++, row = row->next) {
		read_row(call, row, &items[i]);
	}
	out->items = items;
	return ENT_OK;
}

/* ---- who may hear of it ---- */

/* Is it one that customers see? One that was deleted is told to nobody. */
static enum ent_code is_open(struct ent_call *call, const struct ent_news *news, bool *out,
                             struct ent_error *error)
{
	ent_id id;
	struct ent_rows rows;
	*out = false;
	if (!ent_id_parse(news->subject_id, ent_case_comment_type.prefix, &id)) {
		return ENT_OK;
	}
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT internal FROM case_comment WHERE account_id = $1 AND id = $2"),
		ENT_ARGS(ent_arg_id(news->account_id), ent_arg_id(id)), call->arena, &rows, error);
	*out = code == ENT_OK && rows.count > 0 && rows.first->cell[0].number == 0;
	return code;
}

enum ent_code ent_feed_sees(struct ent_call *call, const struct ent_news *news, bool *out,
                            struct ent_error *error)
{
	bool is_customer = call->who->role == ENT_ROLE_CUSTOMER;
	*out = news->subject != NULL && ent_may(call->who, news->permission) &&
	       !(is_customer && ent_str_is(news->type, "milestone.action"));
	enum ent_code code = ENT_OK;
	if (*out && (news->subject->owned || news->subject == &ent_account_type)) {
		code = ent_call_sees(call, news->account_id, out, error);
	}
	if (code == ENT_OK && *out && is_customer && news->subject == &ent_case_comment_type) {
		code = is_open(call, news, out, error);
	}
	return code;
}
