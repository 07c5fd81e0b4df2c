/* The demo's entitlements: what is offered, who has which, and what happened to them. */
#include "app/demo_inner.h"

enum offer { GOLD, SILVER, BRONZE, MONTHLY, EXPERT, VISITS, NAMED, WORKSHOP, PHONE, TRAINING };

static const struct {
	const char *name, *type;
	enum ent_term_unit unit;
	int64_t total; /* 0: unlimited */
	enum ent_term_reset reset;
	int64_t roll_over;
	bool restricted, covers_descendants;
	enum ent_kb_access kb_access;
	int64_t priority;
	int64_t price_micro; /* of a unit beyond the total */
} offers[] = {
	[GOLD] = { "Premium support", "premium", ENT_UNIT_CASES, 0, ENT_RESET_NONE, 0, false, true,
	           ENT_KB_PREMIUM, 50, 0 },
	[SILVER] = { "Business support, 40 cases", "business", ENT_UNIT_CASES, 40, ENT_RESET_NONE,
	             0, false, true, ENT_KB_STANDARD, 30, 95000000 },
	[BRONZE] = { "Basic support, 6 cases", "basic", ENT_UNIT_CASES, 6, ENT_RESET_NONE, 0, true,
	             false, ENT_KB_STANDARD, 10, 0 },
	[MONTHLY] = { "Helpdesk, 4 cases a month", "helpdesk", ENT_UNIT_CASES, 4, ENT_RESET_MONTHLY,
	              2, true, false, ENT_KB_STANDARD, 20, 0 },
	[EXPERT] = { "Expert hours, 20 hours", "expert", ENT_UNIT_MINUTES, 1200, ENT_RESET_NONE, 0,
	             false, false, ENT_KB_PREMIUM, 40, 2500000 },
	[VISITS] = { "On-site visits, 6 a year", "field", ENT_UNIT_VISITS, 6, ENT_RESET_NONE, 0,
	             true, false, ENT_KB_NONE, 5, 380000000 },
	[NAMED] = { "Named users, 15 cases", "named", ENT_UNIT_CASES, 15, ENT_RESET_NONE, 0, false,
	            false, ENT_KB_STANDARD, 60, 0 },
	[WORKSHOP] = { "Workshop care", "workshop", ENT_UNIT_CASES, 12, ENT_RESET_NONE, 0, true,
	               false, ENT_KB_PREMIUM, 80, 0 },
	[PHONE] = { "Phone support", "phone", ENT_UNIT_CASES, 10, ENT_RESET_QUARTERLY, 0, true,
	            false, ENT_KB_STANDARD, 15, 0 },
	[TRAINING] = { "Training days", "training", ENT_UNIT_CUSTOM, 3, ENT_RESET_NONE, 0, true,
	               false, ENT_KB_NONE, 1, 0 },
};

/* ---- making one -------------------------------------------------------------------------- */

static struct ent_children channel_rows(struct ent_arena *arena, size_t offer)
{
	static const struct {
		enum offer offer;
		const char *channel;
		int64_t total;
	} rows[] = {
		{ EXPERT, "phone", 900 }, { EXPERT, "email", 300 }, { VISITS, "onsite", 6 },
		{ PHONE, "phone", 10 },   { PHONE, "email", 0 },
	};
	struct ent_entitlement_channel *out =
		ENT_NEW(arena, struct ent_entitlement_channel, ENT_COUNT(rows));
	size_t count = 0;
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		if (rows[i].offer == offer) {
			ent_type_clear(&ent_entitlement_channel_type, &out[count]);
			out[count].channel = ent_str_of(rows[i].channel);
			out[count++].total.n = rows[i].total;
		}
	}
	return (struct ent_children){ out, count };
}

/* Marcie asks about 3D printers, Jackson about 4K displays. */
static struct ent_children grant_rows(const struct ent_demo *demo, struct ent_arena *arena)
{
	struct ent_entitlement_grant *rows = ENT_NEW(arena, struct ent_entitlement_grant, 2);
	for (size_t i = 0; i < 2; i++) {
		ent_type_clear(&ent_entitlement_grant_type, &rows[i]);
		rows[i].contact_id = demo->contacts[i].id;
	}
	rows[0].product_id = demo->products[ENT_DEMO_PRINTERS_3D];
	rows[1].product_id = demo->products[ENT_DEMO_DISPLAYS_4K];
	return (struct ent_children){ rows, 2 };
}

static struct ent_ids named_contacts(const struct ent_demo *demo, struct ent_arena *arena,
                                     size_t account)
{
	ent_id *ids = ENT_NEW(arena, ent_id, 3);
	size_t count = 0;
	for (size_t i = 0; i < demo->contact_count && count < 3; i++) {
		if (demo->contacts[i].account == account) {
			ids[count++] = demo->contacts[i].id;
		}
	}
	return (struct ent_ids){ ids, count };
}

static enum ent_code make_right(struct ent_demo *demo, struct ent_call *call,
                                const struct ent_demo_step *step, struct ent_error *error)
{
	struct ent_demo_right *right = &demo->rights[step->n];
	struct ent_entitlement e;
	ent_type_clear(&ent_entitlement_type, &e);
	e.account_id = demo->accounts[right->account];
	e.name = ent_str_of(offers[right->offer].name);
	e.type = ent_str_of(offers[right->offer].type);
	e.starts_on.day = demo->options->today.day + right->starts;
	if (right->days > 0) {
		e.ends_on.day = e.starts_on.day + right->days - 1;
	}
	e.unit = offers[right->offer].unit;
	e.unlimited = offers[right->offer].total == 0;
	e.total.n = e.unlimited ? ENT_COUNT_NONE.n : offers[right->offer].total;
	e.reset = offers[right->offer].reset;
	if (offers[right->offer].roll_over > 0) {
		e.roll_over.n = offers[right->offer].roll_over;
	}
	e.restricted = offers[right->offer].restricted;
	e.covers_descendants = offers[right->offer].covers_descendants;
	e.kb_access = offers[right->offer].kb_access;
	e.priority = offers[right->offer].priority;
	e.channels = channel_rows(call->arena, right->offer);
	if (offers[right->offer].price_micro > 0) {
		e.overage_price = (ent_money){ offers[right->offer].price_micro, "EUR" };
	}
	if (right->offer == GOLD || right->offer == EXPERT) { /* none where there are no policies */
		e.sla_policy_id = demo->sla_policies[ENT_DEMO_SLA_PREMIUM];
	}
	if (right->offer == VISITS || right->offer == PHONE) {
		e.other_channels = ENT_CHANNELS_DENY;
	}
	if (right->offer == NAMED) {
		e.contacts = named_contacts(demo, call->arena, right->account);
		e.contact_policy = ENT_CONTACT_STRICT;
	}
	if (right->offer == WORKSHOP) {
		e.grants = grant_rows(demo, call->arena);
	}
	return ent_demo_create(call, &ent_entitlement_type, &e, &right->id, error);
}

/* ---- what happens to it ------------------------------------------------------------------ */

static enum ent_code act(struct ent_demo *demo, struct ent_call *call, const char *action,
                         ent_id id, const void *input, ent_id *made, struct ent_error *error)
{
	struct ent_entitlement out;
	if (!demo->options->add) {
		call->who = &demo->who[1];
	}
	const struct ent_action_row *row = ent_action_of(&ent_entitlement_type, ent_str_of(action));
	enum ent_code code = row->act(call, id, 0, input, &out, error);
	*made = out.id;
	return code;
}

enum happening { ACTIVATE, MAKE_DEFAULT, SUSPEND, CANCEL, TOP_UP, AMEND, CONSUME, RENEW };

static enum ent_code happen(struct ent_demo *demo, struct ent_call *call,
                            const struct ent_demo_step *step, struct ent_error *error)
{
	const struct ent_input_reason none = { .reason = { NULL, 0 } };
	const struct ent_input_suspend suspend = {
		.starts_at = ENT_INSTANT_NONE,
		.ends_at = ENT_INSTANT_NONE,
		.reason = ENT_STR("invoice 2 months overdue"),
		.extend_term = true,
	};
	const struct ent_input_cancel cancel = {
		.at = ENT_INSTANT_NONE,
		.reason = ENT_STR("business closed"),
	};
	const struct ent_input_top_up top_up = {
		.units = { 10 },
		.ends_on = { demo->options->today.day + 90 },
		.reason = ENT_STR("order 77120"),
	};
	const struct ent_input_amend amend = {
		.changes = { ENT_STR("{\"total\":60}") },
		.effective_on = ENT_DATE_NONE,
		.reason = ENT_STR("ten more workplaces"),
	};
	const struct ent_input_consume consume = {
		.units = { 1 },
		.channel = { NULL, 0 },
		.reason = ENT_STR("training held on site"),
	};
	const struct ent_input_renew renew = {
		.starts_on = ENT_DATE_NONE,
		.start_rule = ENT_RENEWAL_AFTER_END,
		.early = true,
		.activate = true,
		.reason = ENT_STR("renewed for another year"),
	};
	static const char *const names[] = {
		[ACTIVATE] = "activate", [MAKE_DEFAULT] = "set_default",
		[SUSPEND] = "suspend",   [CANCEL] = "cancel",
		[TOP_UP] = "top_up",     [AMEND] = "amend",
		[CONSUME] = "consume",   [RENEW] = "renew",
	};
	const void *const inputs[] = {
		[ACTIVATE] = &none,   [MAKE_DEFAULT] = &none, [SUSPEND] = &suspend,
		[CANCEL] = &cancel,   [TOP_UP] = &top_up,     [AMEND] = &amend,
		[CONSUME] = &consume, [RENEW] = &renew,
	};
	ent_id ignored;
	return act(demo, call, names[step->detail], demo->rights[step->n].id, inputs[step->detail],
	           &ignored, error);
}

/* ---- plans ------------------------------------------------------------------------------- */

static size_t add_right(struct ent_demo *demo, size_t account, enum offer offer, int32_t starts,
                        int32_t days)
{
	assert(demo->right_count < ENT_DEMO_RIGHTS_MAX);
	demo->rights[demo->right_count] = (struct ent_demo_right){
		.account = account, .offer = offer, .starts = starts, .days = days
	};
	int32_t made = starts - 10;
	made = made > -3 ? -3 : made < -ENT_DEMO_PAST_DAYS ? -ENT_DEMO_PAST_DAYS : made;
	ent_demo_plan(demo, ent_demo_at(demo, made, 570), make_right, demo->right_count, 0);
	return demo->right_count++;
}

static void plan_activation(struct ent_demo *demo, size_t n, bool is_default)
{
	int32_t first = demo->rights[n].starts;
	int32_t day = first - 10;
	day = day > -3 ? -3 : day < -ENT_DEMO_PAST_DAYS ? -ENT_DEMO_PAST_DAYS : day;
	ent_demo_plan(demo, ent_demo_at(demo, day, 580), happen, n, ACTIVATE);
	if (is_default) {
		day = first < -ENT_DEMO_PAST_DAYS ? -ENT_DEMO_PAST_DAYS : first;
		ent_demo_plan(demo, ent_demo_at(demo, day, 21 * 60), happen, n, MAKE_DEFAULT);
	}
}

static size_t add_live(struct ent_demo *demo, size_t account, enum offer offer, int32_t starts,
                       int32_t days, bool is_default)
{
	size_t n = add_right(demo, account, offer, starts, days);
	plan_activation(demo, n, is_default);
	return n;
}

static void name_in_cases(struct ent_demo *demo, size_t n, int cases, const char *channel)
{
	demo->rights[n].cases = cases;
	demo->rights[n].channel = channel;
}

/* This year's and last year's. */
static void plan_usual(struct ent_demo *demo, size_t account, enum offer offer)
{
	int32_t starts = -30 - (int32_t)ent_demo_random(demo, 300);
	add_live(demo, account, offer, starts - 365, 365, true);
	add_live(demo, account, offer, starts, 365, true);
}

/* Accounts that show one thing each; their rows in demo_words.def. */
enum {
	LAKESIDE = 0,
	HALDEN = 3,
	CASTINGS = 5,
	MARLOW = 6,
	OSTRAVA = 10,
	HOTEL = 12,
	BIRCHWOOD = 14,
	TAMARIND = 16,
	BAKERY = 20,
	NISHIMURA = 23,
	CASTLEGATE = 24,
	ALPENGLOW = 28,
	HARBOUR = 29,
	LARKSPUR = 34,
	WILLOW = 36
};

static void plan_special(struct ent_demo *demo)
{
	add_live(demo, LAKESIDE, WORKSHOP, -200, 365, false);
	add_right(demo, HALDEN, EXPERT, 30, 365); /* a draft */
	ent_demo_plan(demo, ent_demo_at(demo, -6, 600), happen,
	              add_live(demo, CASTINGS, BRONZE, -170, 365, true), SUSPEND);
	size_t n = add_live(demo, MARLOW, SILVER, -250, 365, true);
	ent_demo_plan(demo, ent_demo_at(demo, -100, 700), happen, n, AMEND);
	ent_demo_plan(demo, ent_demo_at(demo, -20, 710), happen, n, TOP_UP);
	name_in_cases(demo, add_live(demo, OSTRAVA, BRONZE, -120, 365, true), 5, NULL);
	add_live(demo, HOTEL, PHONE, -220, 365, true);
	add_live(demo, BIRCHWOOD, NAMED, -300, 365, false);
	name_in_cases(demo, add_live(demo, TAMARIND, VISITS, -180, 365, false), 4, "onsite");
	name_in_cases(demo, add_live(demo, BAKERY, BRONZE, -150, 365, true), 6, NULL);
	n = add_live(demo, NISHIMURA, TRAINING, -190, 365, false);
	ent_demo_plan(demo, ent_demo_at(demo, -90, 900), happen, n, CONSUME);
	ent_demo_plan(demo, ent_demo_at(demo, -41, 900), happen, n, CONSUME);
	add_live(demo, CASTLEGATE, MONTHLY, -280, 0, true);
	ent_demo_plan(demo, ent_demo_at(demo, -45, 820), happen,
	              add_live(demo, ALPENGLOW, BRONZE, -210, 365, true), CANCEL);
	ent_demo_plan(demo, ent_demo_at(demo, -12, 650), happen,
	              add_live(demo, HARBOUR, SILVER, -345, 365, true), RENEW);
	add_live(demo, LARKSPUR, BRONZE, -395, 365, true);
	add_live(demo, WILLOW, BRONZE, 14, 365, false);
}

static bool is_special(size_t account)
{
	static const size_t alone[] = { CASTINGS,   MARLOW,    OSTRAVA, HOTEL,    BAKERY,
		                        CASTLEGATE, ALPENGLOW, HARBOUR, LARKSPUR, WILLOW };
	for (size_t i = 0; i < ENT_COUNT(alone); i++) {
		if (alone[i] == account) {
			return true;
		}
	}
	return false;
}

void ent_demo_plan_rights(struct ent_demo *demo)
{
	static const struct {
		int parent;
		char tier; /* its first letter */
	} companies[] = {
#define ENT_COMPANY(name, domain, parent, tier, ...) { parent, tier[0] },
#include "app/demo_words.def"
	};
	plan_special(demo);
	for (size_t i = 0; i < ENT_COUNT(companies); i++) {
		/* What belongs to others is mostly covered by theirs. */
		bool inherits = companies[i].parent >= 0 && i % 3 != 0;
		if (is_special(i) || inherits || companies[i].tier == '\0') {
			continue;
		}
		plan_usual(demo, i,
		           companies[i].tier == 'g'   ? GOLD
		           : companies[i].tier == 's' ? SILVER
		                                      : BRONZE);
		if (companies[i].tier == 'g') {
			int32_t starts = -30 - (int32_t)ent_demo_random(demo, 300);
			name_in_cases(demo, add_live(demo, i, EXPERT, starts, 365, false),
			              1 + (int)ent_demo_random(demo, 6),
			              i % 2 == 0 ? "phone" : "email");
		}
	}
}
