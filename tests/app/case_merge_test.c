/* Merging cases, and what hangs on them: comments, activities. */
#include "app/desk.h"

static struct ent_case_comment comment_on(const struct ent_case *c)
{
	struct ent_case_comment comment;
	ent_type_clear(&ent_case_comment_type, &comment);
	comment.case_id = c->id;
	comment.body = ENT_STR("Have you switched it on?");
	return comment;
}

static enum ent_code say(struct desk *desk, const struct ent_case *c, bool internal, ent_id *id)
{
	struct ent_case_comment comment = comment_on(c);
	comment.internal = internal;
	enum ent_code code = desk_make(desk, &ent_case_comment_type, &comment);
	*id = comment.id;
	return code;
}

static struct ent_case opened(struct desk *desk, ent_id entitlement)
{
	struct ent_case c = desk_case(desk, entitlement);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	return c;
}

static int64_t hanging_on(struct desk *desk, const char *table, const struct ent_case *c)
{
	char sql[128];
	snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s WHERE case_id = %lld", table,
	         (long long)c->id.value);
	return desk_number(desk, sql);
}

/* ---- merging ------------------------------------------------------------------------ */

DESK_TEST(case_merge_moves_and_gives_back)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .total = 5 });
	ent_id r = desk_entitlement(desk, &(struct desk_terms){
		.total = 5, .charge_on = ENT_CHARGE_RESOLUTION });
	struct ent_case target = opened(desk, e);
	struct ent_case a = opened(desk, e);
	struct ent_case b = opened(desk, r);
	struct ent_case done = opened(desk, e);
	struct ent_case child = desk_case(desk, e);
	child.parent_id = a.id;
	CHECK_INT(desk_open_case(desk, &child), ENT_OK);
	CHECK_INT(desk_resolve(desk, &done, -1), ENT_OK);
	ent_id id;
	CHECK_INT(say(desk, &a, false, &id), ENT_OK);
	CHECK_INT(say(desk, &b, true, &id), ENT_OK);
	CHECK_INT(say(desk, &target, false, &id), ENT_OK);
	desk_activity(desk, &b, ENT_ACTIVITY_OPEN, 10, -1);
	CHECK_INT(desk_balance(desk, e).remaining, 1);
	desk_read(desk, &target); /* the answer has changed it */

	const ent_id ids[] = { a.id, b.id, done.id, b.id };
	CHECK_INT(desk_merge(desk, &target, ids, 4), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, 2); /* done stays charged */
	CHECK_INT(desk_balance(desk, r).available, 5);
	CHECK_INT(hanging_on(desk, "case_comment", &target), 3);
	CHECK_INT(hanging_on(desk, "case_activity", &target), 1);
	desk_read(desk, &a);
	desk_read(desk, &done);
	desk_read(desk, &child);
	CHECK_INT(a.state, ENT_CASE_CANCELLED);
	CHECK(ent_id_eq(a.merged_into_id, target.id));
	CHECK_INT(done.units_charged, 1);
	CHECK(ent_id_eq(child.parent_id, target.id));
	CHECK_INT(child.state, ENT_CASE_OPEN);
	CHECK_INT(desk_number(desk, "SELECT COUNT(*) FROM event WHERE type = 'case.merged'"), 1);
	CHECK_INT(desk_number(desk, "SELECT COUNT(*) FROM event WHERE type = 'case.merged_away'"),
	          3);
	CHECK_INT(desk_resolve(desk, &target, -1), ENT_E_OPEN_CHILDREN);
}

DESK_TEST(case_merged_is_done_with)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .total = 5 });
	struct ent_case target = opened(desk, e);
	struct ent_case a = opened(desk, e);
	CHECK_INT(desk_merge(desk, &target, &a.id, 1), ENT_OK);
	desk_read(desk, &a);
	ent_id id;
	CHECK_INT(desk_do(desk, "reactivate", &a), ENT_E_STATE);
	CHECK_INT(desk_do(desk, "reopen", &a), ENT_E_STATE);
	CHECK_INT(desk_override(desk, &a, true), ENT_E_STATE);
	CHECK_INT(desk_link(desk, &a, e), ENT_E_STATE);
	CHECK_INT(say(desk, &a, false, &id), ENT_E_STATE);
	CHECK_INT(desk_merge(desk, &a, &target.id, 1), ENT_E_STATE);
	CHECK_INT(desk_merge(desk, &target, &a.id, 1), ENT_E_STATE);
	CHECK_INT(desk_delete(desk, &target), ENT_E_IN_USE);
}

DESK_TEST(case_merge_refusals)
{
	ent_id stranger = desk_account(desk, ENT_ID_NONE);
	struct ent_case target = opened(desk, ENT_ID_NONE);
	struct ent_case foreign = desk_case(desk, ENT_ID_NONE);
	foreign.account_id = stranger;
	CHECK_INT(desk_open_case(desk, &foreign), ENT_OK);
	const ent_id ids[] = { target.id, foreign.id, { 4711 } };
	CHECK_INT(desk_merge(desk, &target, ids, 3), ENT_E_INVALID);
	CHECK_INT(desk->error.issue_count, 3);
	CHECK_TEXT(desk->error.issues[1].pointer, "/cases/1");
	CHECK_INT(desk->error.issues[0].code, ENT_E_CYCLE);
	CHECK_INT(desk->error.issues[1].code, ENT_E_WRONG_ACCOUNT);
	CHECK_INT(desk->error.issues[2].code, ENT_E_NO_SUCH_RECORD);
	CHECK_INT(desk_merge(desk, &target, NULL, 0), ENT_E_REQUIRED);
	struct ent_case other = opened(desk, ENT_ID_NONE);
	CHECK_INT(desk_resolve(desk, &target, -1), ENT_OK);
	CHECK_INT(desk_merge(desk, &target, &other.id, 1), ENT_E_STATE);
}

DESK_TEST(case_merge_keeps_one_level)
{
	struct ent_case top = opened(desk, ENT_ID_NONE);
	struct ent_case target = desk_case(desk, ENT_ID_NONE);
	target.parent_id = top.id;
	CHECK_INT(desk_open_case(desk, &target), ENT_OK);
	struct ent_case sibling = desk_case(desk, ENT_ID_NONE);
	sibling.parent_id = top.id;
	CHECK_INT(desk_open_case(desk, &sibling), ENT_OK);
	struct ent_case parent = opened(desk, ENT_ID_NONE);
	struct ent_case child = desk_case(desk, ENT_ID_NONE);
	child.parent_id = parent.id;
	CHECK_INT(desk_open_case(desk, &child), ENT_OK);
	CHECK_INT(desk_merge(desk, &target, &parent.id, 1), ENT_E_CASE_DEPTH);
	/* its own parent is merged into it: the siblings become its children */
	CHECK_INT(desk_merge(desk, &target, &top.id, 1), ENT_OK);
	CHECK(ent_id_is_none(target.parent_id));
	desk_read(desk, &sibling);
	CHECK(ent_id_eq(sibling.parent_id, target.id));
	CHECK_INT(desk_merge(desk, &target, &parent.id, 1), ENT_OK);
	desk_read(desk, &child);
	CHECK(ent_id_eq(child.parent_id, target.id));
}

/* ---- comments -------------------------------------------------------------------------- */

static enum ent_code read_comment(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_case_comment comment;
	enum ent_code code = ent_record_get(call, &ent_case_comment_type, *(ent_id *)arg, &comment,
	                                    error);
	if (code == ENT_OK) {
		CHECK(ent_str_is(comment.author, "Somebody"));
	}
	return code;
}

static enum ent_code list_comments(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_query query = { .limit = 50 };
	struct ent_page page;
	enum ent_code code = ent_record_list(call, &ent_case_comment_type, &query, &page, error);
	*(size_t *)arg = page.list.count;
	return code;
}

DESK_TEST(case_comment_internal_is_not_for_customers)
{
	struct ent_case c = opened(desk, ENT_ID_NONE);
	ent_id account = desk->account;
	ent_id open, internal, own;
	size_t count;
	desk_role(desk, ENT_ROLE_AGENT);
	CHECK_INT(say(desk, &c, false, &open), ENT_OK);
	CHECK_INT(say(desk, &c, true, &internal), ENT_OK);
	desk_role(desk, ENT_ROLE_CUSTOMER);
	desk->who.accounts = (struct ent_ids){ &account, 1 };
	CHECK_INT(say(desk, &c, true, &own), ENT_E_FORBIDDEN);
	CHECK_INT(say(desk, &c, false, &own), ENT_OK);
	CHECK_INT(desk_run(desk, ENT_READ, read_comment, &open), ENT_OK);
	CHECK_INT(desk_run(desk, ENT_READ, read_comment, &internal), ENT_E_NOT_FOUND);
	CHECK_INT(desk_run(desk, ENT_READ, list_comments, &count), ENT_OK);
	CHECK_INT(count, 2);
	/* a case of somebody else does not exist */
	ent_id stranger = { 4711 };
	desk->who.accounts = (struct ent_ids){ &stranger, 1 };
	CHECK_INT(say(desk, &c, false, &own), ENT_E_NO_SUCH_RECORD);
	CHECK_TEXT(desk->error.issues[0].pointer, "/case_id");
}

/* ---- activities --------------------------------------------------------------------------- */

static enum ent_code make_open(void *arg, struct ent_arena *arena, void *object,
                               struct ent_set *given, struct ent_error *error)
{
	(void)arena;
	(void)given;
	(void)error;
	((struct ent_case_activity *)object)->state = ENT_ACTIVITY_OPEN;
	((struct ent_case_activity *)object)->minutes.n += *(int64_t *)arg;
	return ENT_OK;
}

struct changing {
	ent_id id;
	int64_t minutes;
};

static enum ent_code open_again(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct changing *changing = arg;
	struct ent_case_activity activity;
	return ent_record_update(call, &ent_case_activity_type, changing->id, 0, make_open,
	                         &changing->minutes, &activity, error);
}

DESK_TEST(case_activity_on_a_closed_case_is_done)
{
	struct ent_case c = opened(desk, ENT_ID_NONE);
	struct changing changing = { desk_activity(desk, &c, ENT_ACTIVITY_DONE, 10, -1), 5 };
	CHECK_INT(desk_resolve(desk, &c, -1), ENT_OK);
	struct ent_case_activity activity;
	ent_type_clear(&ent_case_activity_type, &activity);
	activity.case_id = c.id;
	activity.subject = ENT_STR("Call back");
	CHECK_INT(desk_make(desk, &ent_case_activity_type, &activity), ENT_E_STATE);
	CHECK_TEXT(desk->error.issues[0].pointer, "/state");
	ent_id late = desk_activity(desk, &c, ENT_ACTIVITY_DONE, 10, -1);
	/* what was billed stays as it was */
	CHECK_INT(desk_run(desk, ENT_WRITE, open_again, &changing), ENT_E_INVALID);
	CHECK_INT(desk->error.issue_count, 3);
	changing.id = late;
	CHECK_INT(desk_run(desk, ENT_WRITE, open_again, &changing), ENT_E_STATE);
	CHECK_INT(desk_do(desk, "reopen", &c), ENT_OK);
	CHECK_INT(desk_run(desk, ENT_WRITE, open_again, &changing), ENT_OK);
}
