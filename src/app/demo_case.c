/* The demo's cases: asked, talked about, worked on, closed. */
#include "app/demo_inner.h"
#include "base/text.h"

static const struct {
	enum ent_demo_product family;
	const char *title, *description, *resolution;
} problems[] = {
#define ENT_PROBLEM(family, title, description, resolution) \
	{ ENT_DEMO_##family, title, description, resolution },
#include "app/demo_words.def"
};

static const enum ent_demo_product families[] = {
#define ENT_PRODUCT(key, name, code, kind, family) ENT_DEMO_##family,
#include "app/demo_words.def"
};

static const char *const channels[] = { "phone", "phone", "email", "email", "web", "chat" };
static const char *const questions[] = {
	"Is there any news? We need it by the end of the week.",
	"I have attached the log you asked for.",
	"That worked once, but it is back now.",
	"Please call me before 16:00, I will be next to it.",
	"Thank you, that was quick!",
};
static const char *const answers[] = {
	"Thank you for your message. We are looking into it.",
	"Could you please send us the log from the day it happened?",
	"A technician will call you tomorrow between 9 and 11.",
	"We could reproduce it here and have found the cause.",
	"The part is on its way; it should arrive on Thursday.",
};
static const char *const notes[] = {
	"Same symptom as at two other customers, see the list of known problems.",
	"Warranty checked: still covered.",
	"Customer was friendly but is under time pressure.",
};

enum { FIRST_AGENT = 2, AGENTS = 3 };

static void work_as_agent(struct ent_demo *demo, struct ent_call *call, size_t n)
{
	if (!demo->options->add) {
		call->who = &demo->who[FIRST_AGENT + demo->cases[n].agent];
	}
}

/* ---- steps ------------------------------------------------------------------------------- */

static enum ent_code open_case(struct ent_demo *demo, struct ent_call *call,
                               const struct ent_demo_step *step, struct ent_error *error)
{
	static const char *const statuses[] = { "new", "in_progress", "on_hold",
		                                "waiting_for_customer" };
	struct ent_demo_case *plan = &demo->cases[step->n];
	struct ent_case c;
	ent_type_clear(&ent_case_type, &c);
	work_as_agent(demo, call, step->n);
	c.account_id = demo->accounts[plan->account];
	c.contact_id = demo->contacts[plan->contact].id;
	c.title = ent_str_of(problems[plan->problem].title);
	c.description = ent_str_of(problems[plan->problem].description);
	c.priority = plan->priority;
	c.channel = ent_str_of(plan->channel);
	c.status = step->detail < 0 ? (ent_str){ NULL, 0 } : ent_str_of(statuses[step->detail]);
	if (plan->asset >= 0) {
		c.asset_id = demo->assets[plan->asset].id;
	} else if (plan->product != ENT_DEMO_NONE) {
		c.product_id = demo->products[plan->product];
	}
	if (plan->right >= 0) {
		c.entitlement_id = demo->rights[plan->right].id;
	}
	if (plan->parent >= 0) {
		c.parent_id = demo->cases[plan->parent].id;
	}
	if (!demo->options->add) {
		bool network = problems[plan->problem].family >= ENT_DEMO_DISPLAYS;
		c.team_id = demo->teams[plan->agent == 0 ? 0 : network ? 2 : 1];
		c.assignee_id = demo->users[FIRST_AGENT + plan->agent];
	}
	return ent_demo_create(call, &ent_case_type, &c, &plan->id, error);
}

static enum ent_code comment(struct ent_demo *demo, struct ent_call *call,
                             const struct ent_demo_step *step, struct ent_error *error)
{
	const struct ent_demo_case *plan = &demo->cases[step->n];
	const struct ent_demo_contact *contact = &demo->contacts[plan->contact];
	size_t which = (size_t)step->detail / 3;
	struct ent_principal customer = ent_principal_system;
	struct ent_case_comment c;
	ent_id ignored;
	ent_type_clear(&ent_case_comment_type, &c);
	c.case_id = plan->id;
	switch (step->detail % 3) {
	case 0:
		c.body = ent_str_of(answers[which % ENT_COUNT(answers)]);
		work_as_agent(demo, call, step->n);
		break;
	case 1:
		c.body = ent_str_of(questions[which % ENT_COUNT(questions)]);
		c.from_customer = true;
		customer.name =
			ent_text_format(call->arena, "%s %s", contact->first, contact->last);
		call->who = &customer;
		break;
	default:
		c.body = ent_str_of(notes[which % ENT_COUNT(notes)]);
		c.internal = true;
		work_as_agent(demo, call, step->n);
	}
	enum ent_code code = ent_demo_create(call, &ent_case_comment_type, &c, &ignored, error);
	call->who = demo->model.who;
	return code;
}

/* detail: 0 work that is done, 1 work that is still open */
static enum ent_code work(struct ent_demo *demo, struct ent_call *call,
                          const struct ent_demo_step *step, struct ent_error *error)
{
	static const char *const subjects[] = { "Call with the customer", "Remote session",
		                                "Visit on site", "Order of spare parts" };
	static const enum ent_activity_kind kinds[] = { ENT_ACTIVITY_CALL, ENT_ACTIVITY_TIME_ENTRY,
		                                        ENT_ACTIVITY_VISIT, ENT_ACTIVITY_TASK };
	const struct ent_demo_case *plan = &demo->cases[step->n];
	size_t kind = (size_t)plan->minutes % ENT_COUNT(kinds);
	struct ent_case_activity a;
	ent_id ignored;
	ent_type_clear(&ent_case_activity_type, &a);
	work_as_agent(demo, call, step->n);
	a.case_id = plan->id;
	a.kind = kinds[kind];
	a.subject = ent_str_of(subjects[kind]);
	a.state = step->detail == 0 ? ENT_ACTIVITY_DONE : ENT_ACTIVITY_OPEN;
	if (step->detail == 0) {
		a.minutes.n = plan->minutes + 5;
		a.billable_minutes.n = plan->minutes;
	} else {
		a.due_at.us = step->at_us + 3 * ENT_DAY_US;
	}
	return ent_demo_create(call, &ent_case_activity_type, &a, &ignored, error);
}

enum ending { RESOLVE, CANCEL, REOPEN, OVERRIDE };

static enum ent_code end(struct ent_demo *demo, struct ent_call *call,
                         const struct ent_demo_step *step, struct ent_error *error)
{
	const struct ent_demo_case *plan = &demo->cases[step->n];
	const struct ent_input_resolve resolve = {
		.resolution = ent_str_of(problems[plan->problem].resolution),
		.billable_minutes = { plan->minutes },
		.reason = { NULL, 0 },
	};
	const struct ent_input_reason cancel = { .reason = ENT_STR("asked twice by mistake") };
	const struct ent_input_reason reopen = { .reason = ENT_STR("it is back") };
	const struct ent_input_override override = {
		.override_terms = true,
		.reason = ENT_STR("goodwill: our own mistake"),
	};
	static const char *const names[] = { "resolve", "cancel", "reopen", "override_terms" };
	const void *const inputs[] = { &resolve, &cancel, &reopen, &override };
	struct ent_case out;
	work_as_agent(demo, call, step->n);
	if (step->detail == OVERRIDE && !demo->options->add) {
		call->who = &demo->who[1];
	}
	const struct ent_action_row *row =
		ent_action_of(&ent_case_type, ent_str_of(names[step->detail]));
	return row->act(call, plan->id, 0, inputs[step->detail], &out, error);
}

/* The case `detail` turns out to be the same as `n`. */
static enum ent_code merge(struct ent_demo *demo, struct ent_call *call,
                           const struct ent_demo_step *step, struct ent_error *error)
{
	const struct ent_input_merge input = {
		.cases = { &demo->cases[step->detail].id, 1 },
		.reason = ENT_STR("the same problem"),
	};
	struct ent_case out;
	work_as_agent(demo, call, step->n);
	return ent_action_of(&ent_case_type, ENT_STR("merge"))
	        ->act(call, demo->cases[step->n].id, 0, &input, &out, error);
}

/* ---- plans ------------------------------------------------------------------------------- */

/* During the office hours of a working day. */
static ent_instant office_hours(struct ent_demo *demo, int64_t day)
{
	ent_date date = { (int32_t)(demo->options->today.day + day) };
	int64_t back = ent_date_weekday(date) - 4;
	return ent_demo_at(demo, day - (back > 0 ? back : 0), 6 * 60 + ent_demo_random(demo, 660));
}

static bool is_of_family(enum ent_demo_product product, enum ent_demo_product family)
{
	while (product != ENT_DEMO_NONE && product != family) {
		product = families[product];
	}
	return product == family;
}

/* A problem that this asset can have; of a service if there is none. */
static size_t problem_of(struct ent_demo *demo, int asset)
{
	for (int tries = 0; tries < 60; tries++) {
		size_t n = (size_t)ent_demo_random(demo, ENT_COUNT(problems));
		bool service = problems[n].family == ENT_DEMO_SERVICES;
		if (asset < 0 ? service || tries > 20
		              : is_of_family(demo->assets[asset].product, problems[n].family)) {
			return n;
		}
	}
	return ENT_COUNT(problems) - 1;
}

static size_t add_case(struct ent_demo *demo, size_t account, ent_instant at)
{
	static const enum ent_case_priority priorities[] = {
		ENT_PRIORITY_NORMAL, ENT_PRIORITY_NORMAL,   ENT_PRIORITY_NORMAL,
		ENT_PRIORITY_NORMAL, ENT_PRIORITY_LOW,      ENT_PRIORITY_HIGH,
		ENT_PRIORITY_HIGH,   ENT_PRIORITY_CRITICAL,
	};
	assert(demo->case_count < ENT_DEMO_CASES_MAX);
	struct ent_demo_case *c = &demo->cases[demo->case_count];
	int asset = ent_demo_random(demo, 10) < 8 ? ent_demo_asset_of(demo, account) : -1;
	int64_t day = at.us / ENT_DAY_US - demo->options->today.day;
	if (asset >= 0 && demo->assets[asset].installed >= day) {
		asset = -1; /* not there yet */
	}
	*c = (struct ent_demo_case){
		.account = account,
		.contact = (size_t)ent_demo_contact_of(demo, account),
		.problem = problem_of(demo, asset),
		.asset = asset,
		.right = -1,
		.parent = -1,
		.product = ENT_DEMO_NONE,
		.priority = priorities[ent_demo_random(demo, ENT_COUNT(priorities))],
		.channel = channels[ent_demo_random(demo, ENT_COUNT(channels))],
		.agent = (size_t)ent_demo_random(demo, AGENTS),
		.minutes = 10 + 5 * ent_demo_random(demo, 20),
	};
	if (asset < 0) {
		c->product = problems[c->problem].family;
	}
	return demo->case_count++;
}

static ent_instant later(struct ent_demo *demo, ent_instant at, int64_t minutes)
{
	ent_instant out = { at.us + (1 + ent_demo_random(demo, minutes)) * ENT_MINUTE_US };
	int64_t last = ent_demo_at(demo, 0, -1).us;
	return out.us < last ? out : (ent_instant){ last };
}

static ent_instant plan_talk(struct ent_demo *demo, size_t n, ent_instant at)
{
	int64_t count = ent_demo_random(demo, 4);
	if (ent_demo_random(demo, 8) > 0) { /* mostly answered first */
		at = later(demo, at, 240);
		ent_demo_plan(demo, at, comment, n, 3 * ent_demo_random(demo, 5));
	}
	for (int64_t i = 0; i < count; i++) {
		at = later(demo, at, 500);
		ent_demo_plan(demo, at, comment, n, ent_demo_random(demo, 15));
	}
	if (ent_demo_random(demo, 3) == 0) {
		at = later(demo, at, 200);
		ent_demo_plan(demo, at, work, n, 0);
	}
	return at;
}

/* Most that are older than two weeks are closed. Is it? */
static bool plan_end(struct ent_demo *demo, size_t n, ent_instant at)
{
	int64_t last = ent_demo_at(demo, 0, -1).us;
	int64_t chance = ent_demo_random(demo, 100);
	ent_instant when = { at.us + (120 + ent_demo_random(demo, 9 * 1440)) * ENT_MINUTE_US };
	bool old = at.us < last - 14 * ENT_DAY_US;
	if (when.us >= last || (old && chance >= 96)) {
		if (chance % 2 == 0) {
			ent_demo_plan(demo, later(demo, at, 60), work, n, 1);
		}
		return false;
	}
	ent_demo_plan(demo, when, end, n, chance < 5 ? CANCEL : RESOLVE);
	if (chance >= 5 && chance < 9) {
		ent_demo_plan(demo, later(demo, when, 900), end, n, REOPEN);
		ent_demo_plan(demo, later(demo, (ent_instant){ when.us + ENT_DAY_US }, 2000), end,
		              n, RESOLVE);
	} else if (chance >= 94) {
		ent_demo_plan(demo, later(demo, at, 100), end, n, OVERRIDE);
	}
	return true;
}

static void plan_usual(struct ent_demo *demo, size_t account, int64_t day)
{
	ent_instant at = office_hours(demo, day);
	size_t n = add_case(demo, account, at);
	bool closed = plan_end(demo, n, plan_talk(demo, n, at));
	ent_demo_plan(demo, at, open_case, n, closed ? -1 : 1 + ent_demo_random(demo, 3));
}

/* A case that names its entitlement. */
static void plan_named(struct ent_demo *demo, size_t n, int64_t day)
{
	const struct ent_demo_right *right = &demo->rights[n];
	ent_instant at = office_hours(demo, day);
	size_t i = add_case(demo, right->account, at);
	demo->cases[i].right = (int)n;
	demo->cases[i].minutes = 30 + 10 * ent_demo_random(demo, 20);
	if (right->channel != NULL) {
		demo->cases[i].channel = right->channel;
	}
	ent_demo_plan(demo, at, open_case, i, -1);
	at = plan_talk(demo, i, at);
	ent_demo_plan(demo, later(demo, at, 300), end, i, RESOLVE);
}

/* Spread over what has passed of its term. */
static void plan_all_named(struct ent_demo *demo)
{
	for (size_t n = 0; n < demo->right_count; n++) {
		const struct ent_demo_right *right = &demo->rights[n];
		int64_t from = right->starts + 4;
		for (int i = 0; i < right->cases; i++) {
			plan_named(demo, n, from + (-2 - from) * (i + 1) / (right->cases + 1));
		}
	}
}

/* Two of one customer that turn out to be one, and a case with a part. */
static void plan_families(struct ent_demo *demo)
{
	ent_instant at = office_hours(demo, -4);
	for (int i = 0; i < 2; i++) {
		size_t first = add_case(demo, i == 0 ? 7 : 18, at);
		size_t second = add_case(demo, i == 0 ? 7 : 18, at);
		demo->cases[second].problem = demo->cases[first].problem;
		demo->cases[second].asset = demo->cases[first].asset;
		demo->cases[second].product = demo->cases[first].product;
		ent_demo_plan(demo, at, open_case, first, 1);
		if (i == 1) {
			demo->cases[second].parent = (int)first;
		}
		ent_instant then = { at.us + ENT_HOUR_US };
		ent_demo_plan(demo, then, open_case, second, 0);
		if (i == 0) {
			then.us += ENT_HOUR_US;
			ent_demo_plan(demo, then, merge, first, (int64_t)second);
		}
	}
}

/* From people and companies that have nothing, or have it no longer. */
static void plan_uncovered(struct ent_demo *demo)
{
	static const size_t accounts[] = { 38, 39, 34 };
	for (size_t i = 0; i < ENT_COUNT(accounts); i++) {
		ent_instant at = office_hours(demo, -2 - (int64_t)i);
		size_t n = add_case(demo, accounts[i], at);
		demo->cases[n].asset = -1;
		demo->cases[n].product = ENT_DEMO_SERVICES;
		demo->cases[n].problem = ENT_COUNT(problems) - 1 - i;
		ent_demo_plan(demo, at, open_case, n, 0);
	}
}

void ent_demo_plan_cases(struct ent_demo *demo)
{
	plan_all_named(demo);
	plan_uncovered(demo);
	plan_families(demo);
	for (int64_t i = 0; demo->case_count < ENT_DEMO_CASES; i++) {
		/* Where there is more bought there is more asked: two draws, the smaller row. */
		size_t a = (size_t)ent_demo_random(demo, ENT_DEMO_ACCOUNTS);
		size_t b = (size_t)ent_demo_random(demo, ENT_DEMO_ACCOUNTS);
		size_t account = a < b ? a : b;
		int64_t day = -1 - ent_demo_random(demo, 370);
		if (i % 6 == 0) {
			day = -1 - ent_demo_random(demo, 10);
		}
		if (account == 10 || account == 20) { /* theirs are counted */
			account++;
		}
		plan_usual(demo, account, day);
	}
}
