/* Cases: what is given, what covers them, their life. */
#include "app/desk.h"

static void refused_at(struct desk *desk, const char *pointer)
{
	CHECK(desk->error.issue_count > 0);
	CHECK_TEXT(desk->error.issues[0].pointer, pointer);
}

static int64_t events(struct desk *desk, const char *type)
{
	char sql[128];
	snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM event WHERE type = '%s'", type);
	return desk_number(desk, sql);
}

/* ---- what is given ----------------------------------------------------------------- */

DESK_TEST(case_is_numbered_and_told)
{
	struct ent_case a = desk_case(desk, ENT_ID_NONE);
	struct ent_case b = desk_case(desk, ENT_ID_NONE);
	CHECK_INT(desk_open_case(desk, &a), ENT_OK);
	CHECK_TEXT(desk->number, "CAS-000001");
	CHECK_INT(desk_open_case(desk, &b), ENT_OK);
	CHECK_TEXT(desk->number, "CAS-000002");
	CHECK_INT(a.state, ENT_CASE_OPEN);
	CHECK_INT(a.coverage, ENT_COVERAGE_NONE);
	CHECK_INT(events(desk, "case.opened"), 2);
}

DESK_TEST(case_words_are_checked)
{
	struct ent_case c = desk_case(desk, ENT_ID_NONE);
	c.channel = ENT_STR("Phone!");
	CHECK_INT(desk_open_case(desk, &c), ENT_E_FORMAT);
	refused_at(desk, "/channel");
	c.channel = ENT_STR("phone");
	c.status = ENT_STR("On hold");
	CHECK_INT(desk_open_case(desk, &c), ENT_E_FORMAT);
	refused_at(desk, "/status");
	c.status = ENT_STR("on_hold");
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	desk_settings(desk, "channels = 'email web'");
	c.title = ENT_STR("It does not print at all");
	CHECK_INT(desk_patch(desk, &c), ENT_OK); /* what was there may stay */
	struct ent_case other = desk_case(desk, ENT_ID_NONE);
	other.channel = ENT_STR("phone");
	CHECK_INT(desk_open_case(desk, &other), ENT_E_UNKNOWN_VALUE);
	other.channel = ENT_STR("web");
	CHECK_INT(desk_open_case(desk, &other), ENT_OK);
}

DESK_TEST(case_refers_within_its_account)
{
	ent_id stranger = desk_account(desk, ENT_ID_NONE);
	ent_id product = desk_product(desk, ENT_ID_NONE);
	struct ent_case c = desk_case(desk, ENT_ID_NONE);
	c.contact_id = desk_contact(desk, stranger);
	c.asset_id = desk_asset(desk, stranger, product);
	c.entitlement_id = desk_entitlement(desk, &(struct desk_terms){ .account = stranger });
	CHECK_INT(desk_open_case(desk, &c), ENT_E_INVALID);
	CHECK_INT(desk->error.issue_count, 2);
	CHECK_INT(desk->error.issues[0].code, ENT_E_WRONG_ACCOUNT);
	c = desk_case(desk, c.entitlement_id);
	CHECK_INT(desk_open_case(desk, &c), ENT_E_WRONG_ACCOUNT);
	refused_at(desk, "/entitlement_id");
	c = desk_case(desk, (ent_id){ 4711 });
	CHECK_INT(desk_open_case(desk, &c), ENT_E_NO_SUCH_RECORD);
	refused_at(desk, "/entitlement_id");
}

DESK_TEST(case_product_is_the_asset_s)
{
	ent_id family = desk_product(desk, ENT_ID_NONE);
	ent_id model = desk_product(desk, family);
	ent_id other = desk_product(desk, family);
	struct ent_case c = desk_case(desk, ENT_ID_NONE);
	c.asset_id = desk_asset(desk, desk->account, model);
	c.product_id = other;
	CHECK_INT(desk_open_case(desk, &c), ENT_E_INVALID);
	refused_at(desk, "/product_id");
	c.product_id = model;
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	c.product_id = family;
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	c.product_id = other;
	CHECK_INT(desk_patch(desk, &c), ENT_E_INVALID);
	c.product_id = desk_product(desk, model);
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	c.asset_id = desk_asset(desk, desk->account, ENT_ID_NONE);
	c.product_id = other;
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
}

DESK_TEST(case_has_one_level_of_children)
{
	struct ent_case parent = desk_case(desk, ENT_ID_NONE);
	struct ent_case child = desk_case(desk, ENT_ID_NONE);
	struct ent_case below = desk_case(desk, ENT_ID_NONE);
	CHECK_INT(desk_open_case(desk, &parent), ENT_OK);
	child.parent_id = parent.id;
	CHECK_INT(desk_open_case(desk, &child), ENT_OK);
	below.parent_id = child.id;
	CHECK_INT(desk_open_case(desk, &below), ENT_E_CASE_DEPTH);
	below.parent_id = ENT_ID_NONE;
	CHECK_INT(desk_open_case(desk, &below), ENT_OK);
	parent.parent_id = below.id; /* it has a child itself */
	CHECK_INT(desk_patch(desk, &parent), ENT_E_CASE_DEPTH);
	parent.parent_id = parent.id;
	CHECK_INT(desk_patch(desk, &parent), ENT_E_CYCLE);
	CHECK_INT(desk_do(desk, "cancel", &below), ENT_OK);
	child.parent_id = below.id;
	CHECK_INT(desk_patch(desk, &child), ENT_E_STATE);
	refused_at(desk, "/parent_id");
	parent.parent_id = ENT_ID_NONE;
	CHECK_INT(desk_delete(desk, &parent), ENT_E_IN_USE);
}

DESK_TEST(case_customer_asks_in_the_own_name)
{
	ent_id me = desk_contact(desk, desk->account);
	ent_id other = desk_contact(desk, desk->account);
	ent_id account = desk->account;
	desk_role(desk, ENT_ROLE_CUSTOMER);
	desk->who.contact_id = me;
	desk->who.accounts = (struct ent_ids){ &account, 1 };
	struct ent_case c = desk_case(desk, ENT_ID_NONE);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK(ent_id_eq(c.contact_id, me));
	c = desk_case(desk, ENT_ID_NONE);
	c.contact_id = other;
	CHECK_INT(desk_open_case(desk, &c), ENT_E_FORBIDDEN);
	refused_at(desk, "/contact_id");
	CHECK_INT(desk_patch(desk, &c), ENT_E_FORBIDDEN);
	CHECK_INT(desk_do(desk, "cancel", &c), ENT_E_FORBIDDEN);
}

/* ---- coverage when it is opened ------------------------------------------------------- */

DESK_TEST(case_gets_what_the_rules_choose)
{
	ent_id product = desk_product(desk, ENT_ID_NONE);
	ent_id any = desk_entitlement(desk, &(struct desk_terms){ .total = 5 });
	ent_id exact = desk_entitlement(desk, &(struct desk_terms){ .product = product });
	struct ent_case c = desk_case(desk, ENT_ID_NONE);
	c.product_id = product;
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK(ent_id_eq(c.entitlement_id, exact));
	CHECK_INT(c.coverage, ENT_COVERAGE_COVERED);
	CHECK_TEXT(desk->rule, "product");
	CHECK_INT(c.units_charged, 1);
	c = desk_case(desk, any);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK_TEXT(desk->rule, "named");
	CHECK_INT(desk_balance(desk, any).remaining, 4);
	desk_settings(desk, "default_on_create = FALSE");
	c = desk_case(desk, ENT_ID_NONE);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK(ent_id_is_none(c.entitlement_id));
	CHECK_TEXT(desk->rule, "");
}

DESK_TEST(case_named_entitlement_must_fit)
{
	ent_id product = desk_product(desk, ENT_ID_NONE);
	ent_id marcie = desk_contact(desk, desk->account);
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .product = product,
		                                                .contact = marcie });
	struct ent_case c = desk_case(desk, e);
	c.product_id = desk_product(desk, ENT_ID_NONE);
	c.contact_id = desk_contact(desk, desk->account);
	CHECK_INT(desk_open_case(desk, &c), ENT_E_NOT_COVERED);
	CHECK_INT(desk->error.issue_count, 2);
	refused_at(desk, "/entitlement_id");
	CHECK_INT(desk_number(desk, "SELECT COUNT(*) FROM \"case\""), 0);
	c.product_id = ENT_ID_NONE;
	c.contact_id = ENT_ID_NONE;
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK(c.contact_not_verified);
	/* later it must still fit: dynamics 4.1 */
	c.product_id = desk_product(desk, ENT_ID_NONE);
	CHECK_INT(desk_patch(desk, &c), ENT_E_NOT_COVERED);
	refused_at(desk, "/product_id");
	c.product_id = product;
	c.contact_id = marcie;
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK(!c.contact_not_verified);
	CHECK_INT(desk_balance(desk, e).remaining, 9);
}

/* One of the account above, which is locked and charged too. */
DESK_TEST(case_is_covered_from_above)
{
	ent_id child = desk_account(desk, desk->account);
	ent_id e = desk_entitlement(desk, &(struct desk_terms){
		.total = 2, .restricted = true, .covers_descendants = true });
	ent_id own = desk_entitlement(desk, &(struct desk_terms){ .total = 7 });
	struct ent_case c = desk_case(desk, ENT_ID_NONE);
	c.account_id = child;
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK(ent_id_eq(c.entitlement_id, e));
	struct ent_case named = desk_case(desk, e);
	named.account_id = child;
	CHECK_INT(desk_open_case(desk, &named), ENT_OK);
	CHECK_INT(desk_balance(desk, e).available, 0);
	struct ent_case more = desk_case(desk, e);
	more.account_id = child;
	CHECK_INT(desk_open_case(desk, &more), ENT_E_TERMS_EXHAUSTED);
	more.entitlement_id = own; /* does not cover the accounts below */
	CHECK_INT(desk_open_case(desk, &more), ENT_E_WRONG_ACCOUNT);
	CHECK_INT(desk_do(desk, "cancel", &c), ENT_OK);
	CHECK_INT(desk_balance(desk, e).available, 1);
	more.entitlement_id = e;
	CHECK_INT(desk_open_case(desk, &more), ENT_OK);
}

/* One that has ended covers nothing new, but gives back what it took. */
DESK_TEST(case_outlives_its_entitlement)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .total = 3, .days = 1 });
	struct ent_case a = desk_case(desk, e);
	struct ent_case b = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &a), ENT_OK);
	CHECK_INT(desk_open_case(desk, &b), ENT_OK);
	desk_wait(desk, 1);
	struct ent_case late = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &late), ENT_E_NOT_COVERED);
	late.entitlement_id = ENT_ID_NONE;
	CHECK_INT(desk_open_case(desk, &late), ENT_OK);
	CHECK_INT(late.coverage, ENT_COVERAGE_NONE);
	CHECK_INT(desk_link(desk, &late, e), ENT_E_NOT_COVERED);
	a.title = ENT_STR("It prints sometimes");
	CHECK_INT(desk_patch(desk, &a), ENT_OK);
	a.product_id = desk_product(desk, ENT_ID_NONE);
	CHECK_INT(desk_patch(desk, &a), ENT_E_NOT_COVERED);
	a.product_id = ENT_ID_NONE;
	CHECK_INT(desk_do(desk, "cancel", &a), ENT_OK);
	CHECK_INT(desk_resolve(desk, &b, -1), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, 2);
}

/* ---- coverage when it changes ---------------------------------------------------------- */

DESK_TEST(case_uncovered_is_looked_up_again)
{
	ent_id product = desk_product(desk, ENT_ID_NONE);
	struct ent_case c = desk_case(desk, ENT_ID_NONE);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .product = product });
	c.title = ENT_STR("Another title");
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK_INT(c.coverage, ENT_COVERAGE_NONE); /* nothing that coverage depends on */
	desk_settings(desk, "default_on_update = FALSE");
	c.channel = ENT_STR("web");
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK_INT(c.coverage, ENT_COVERAGE_NONE);
	desk_settings(desk, "default_on_update = TRUE");
	c.product_id = product;
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK(ent_id_eq(c.entitlement_id, e));
	CHECK_INT(c.units_charged, 1);
	CHECK_TEXT(desk->rule, "only");
}

DESK_TEST(case_link_by_change)
{
	ent_id a = desk_entitlement(desk, &(struct desk_terms){ .total = 5 });
	ent_id b = desk_entitlement(desk, &(struct desk_terms){
		.total = 1, .restricted = true, .charge_on = ENT_CHARGE_RESOLUTION });
	struct ent_case c = desk_case(desk, a);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	c.entitlement_id = b;
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK_INT(desk_balance(desk, a).remaining, 5);
	CHECK_INT(desk_balance(desk, b).available, 0);
	CHECK_INT(c.units_reserved, 1);
	struct ent_case other = desk_case(desk, a);
	CHECK_INT(desk_open_case(desk, &other), ENT_OK);
	CHECK_INT(desk_link(desk, &other, b), ENT_E_TERMS_EXHAUSTED);
	desk_read(desk, &other);
	CHECK(ent_id_eq(other.entitlement_id, a));
	c.entitlement_id = ENT_ID_NONE;
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK_INT(c.coverage, ENT_COVERAGE_NONE);
	CHECK_INT(desk_balance(desk, b).available, 1);
	/* a sales agent may neither change nor link, an agent both */
	desk_role(desk, ENT_ROLE_AGENT);
	CHECK_INT(desk_link(desk, &other, b), ENT_OK);
	CHECK_INT(events(desk, "case.linked"), 1);
	CHECK_INT(desk_do(desk, "unlink", &other), ENT_OK);
	CHECK_INT(events(desk, "case.unlinked"), 1);
	CHECK_INT(desk_do(desk, "unlink", &other), ENT_OK); /* it is so already */
	CHECK_INT(events(desk, "case.unlinked"), 1);
	CHECK_INT(desk_override(desk, &other, true), ENT_E_FORBIDDEN);
}

/* What it holds itself does not stand in its way. */
DESK_TEST(case_change_does_not_need_another_unit)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .total = 1, .restricted = true });
	struct ent_case c = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	c.product_id = desk_product(desk, ENT_ID_NONE);
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	c.channel = ENT_STR("web");
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK_INT(c.units_charged, 1);
	CHECK_INT(desk_balance(desk, e).available, 0);
}

/* ---- life --------------------------------------------------------------------------------- */

DESK_TEST(case_closed_is_locked)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .total = 5 });
	struct ent_case c = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	CHECK_INT(desk_resolve(desk, &c, -1), ENT_OK);
	struct ent_case changed = c;
	changed.channel = ENT_STR("phone");
	changed.entitlement_id = ENT_ID_NONE;
	CHECK_INT(desk_patch(desk, &changed), ENT_E_INVALID);
	CHECK_INT(desk->error.issue_count, 2);
	CHECK_INT(desk->error.issues[0].code, ENT_E_STATE);
	c.title = ENT_STR("It does not print: paper");
	c.status = ENT_STR("archived");
	CHECK_INT(desk_patch(desk, &c), ENT_OK);
	CHECK_INT(desk_link(desk, &c, e), ENT_E_STATE);
	CHECK_INT(desk_do(desk, "unlink", &c), ENT_E_STATE);
	CHECK_INT(desk_do(desk, "cancel", &c), ENT_E_STATE);
	CHECK_INT(desk_resolve(desk, &c, -1), ENT_E_STATE);
	CHECK_INT(desk_do(desk, "reactivate", &c), ENT_E_STATE);
	CHECK_INT(desk_do(desk, "reopen", &c), ENT_OK);
	CHECK_INT(desk_do(desk, "reopen", &c), ENT_E_STATE);
	CHECK(ent_instant_is_none(c.resolved_at));
	CHECK_INT(desk_do(desk, "cancel", &c), ENT_OK);
	CHECK_INT(desk_do(desk, "reopen", &c), ENT_E_STATE);
	CHECK_INT(desk_do(desk, "reactivate", &c), ENT_OK);
	CHECK(ent_instant_is_none(c.cancelled_at));
	CHECK_INT(desk_number(desk, "SELECT COUNT(*) FROM event WHERE type = 'case.reopened' AND "
	                            "reason = 'because'"), 1);
}

DESK_TEST(case_version_is_asked_for)
{
	struct ent_case c = desk_case(desk, ENT_ID_NONE);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	struct ent_case old = c;
	CHECK_INT(desk_resolve(desk, &c, -1), ENT_OK);
	CHECK_INT(desk_do(desk, "reopen", &old), ENT_E_PRECONDITION_FAILED);
	CHECK_INT(desk_do(desk, "reopen", &c), ENT_OK);
}

DESK_TEST(case_with_open_activities_stays_open)
{
	struct ent_case c = desk_case(desk, ENT_ID_NONE);
	CHECK_INT(desk_open_case(desk, &c), ENT_OK);
	desk_activity(desk, &c, ENT_ACTIVITY_OPEN, -1, -1);
	CHECK_INT(desk_resolve(desk, &c, -1), ENT_E_OPEN_ACTIVITIES);
	CHECK_INT(desk_do(desk, "cancel", &c), ENT_E_OPEN_ACTIVITIES);
	desk_read(desk, &c);
	CHECK_INT(c.state, ENT_CASE_OPEN);
}

DESK_TEST(case_closes_its_children_where_set)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){
		.total = 9, .charge_on = ENT_CHARGE_RESOLUTION });
	ent_id own = desk_entitlement(desk, &(struct desk_terms){
		.unit = ENT_UNIT_MINUTES, .total = 100, .charge_on = ENT_CHARGE_RESOLUTION });
	struct ent_case parent = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &parent), ENT_OK);
	struct ent_case a = desk_case(desk, e);
	struct ent_case b = desk_case(desk, own);
	a.parent_id = parent.id;
	b.parent_id = parent.id;
	CHECK_INT(desk_open_case(desk, &a), ENT_OK);
	CHECK_INT(desk_open_case(desk, &b), ENT_OK);
	CHECK_INT(desk_resolve(desk, &parent, -1), ENT_E_OPEN_CHILDREN);
	desk_settings(desk, "close_children = TRUE");
	CHECK_INT(desk_resolve(desk, &parent, 7), ENT_E_MINUTES_REQUIRED); /* those of b */
	desk_activity(desk, &b, ENT_ACTIVITY_DONE, 25, -1);
	CHECK_INT(desk_resolve(desk, &parent, 7), ENT_OK);
	CHECK_INT(desk_balance(desk, e).remaining, 7);
	CHECK_INT(desk_balance(desk, own).remaining, 75);
	desk_read(desk, &a);
	desk_read(desk, &b);
	CHECK_INT(a.state, ENT_CASE_RESOLVED);
	CHECK_INT(b.billable_minutes.n, 25);
	CHECK_INT(events(desk, "case.resolved"), 3);
	CHECK_INT(desk_do(desk, "reopen", &a), ENT_OK);
	CHECK_INT(desk_do(desk, "reopen", &parent), ENT_OK);
	CHECK_INT(desk_do(desk, "cancel", &parent), ENT_OK);
	desk_read(desk, &a);
	CHECK_INT(a.state, ENT_CASE_CANCELLED);
	CHECK_INT(desk_balance(desk, e).available, 9);
}

DESK_TEST(case_override_says_why)
{
	ent_id e = desk_entitlement(desk, &(struct desk_terms){ .total = 1, .restricted = true });
	struct ent_case a = desk_case(desk, e);
	struct ent_case b = desk_case(desk, e);
	CHECK_INT(desk_open_case(desk, &a), ENT_OK);
	CHECK_INT(desk_override(desk, &a, true), ENT_OK);
	CHECK_INT(desk_open_case(desk, &b), ENT_OK);
	CHECK_INT(desk_override(desk, &a, false), ENT_E_TERMS_EXHAUSTED);
	CHECK_INT(desk_override(desk, &b, true), ENT_OK);
	CHECK_INT(desk_override(desk, &a, false), ENT_OK);
	CHECK_INT(desk_override(desk, &a, false), ENT_OK); /* it is so already */
	CHECK_INT(desk_number(desk, "SELECT COUNT(*) FROM event WHERE reason = 'our fault' AND "
	                            "type LIKE 'case.terms_%'"), 3);
	CHECK_INT(desk_number(desk, "SELECT COUNT(*) FROM term_posting WHERE "
	                            "reason = 'our fault'"), 3);
}
