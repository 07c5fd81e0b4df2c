/* Random walks: thousands of events over several cases and entitlements, held against a
 * naive count of what each case should hold. */
#include "app/desk.h"

enum { ENTITLEMENTS = 4, CASES = 7, CHANNELS = 3, STEPS = 2000, BATCH = 50 };

static const struct desk_terms kinds[ENTITLEMENTS] = {
	{ .total = 3 },
	{ .total = 5, .restricted = true, .phone = 4, .email = 3 },
	{ .total = 4, .restricted = true, .charge_on = ENT_CHARGE_RESOLUTION, .phone = 3 },
	{ .unit = ENT_UNIT_MINUTES, .total = 100, .restricted = true,
	  .charge_on = ENT_CHARGE_RESOLUTION, .email = 41 },
};

static const char *const channels[CHANNELS] = { NULL, "phone", "email" };

struct model_case {
	struct ent_case c;
	bool exists, is_target, over;
	enum ent_case_state state;
	int e;       /* -1: none */
	int channel; /* that the units were taken from */
	int64_t used, reserved;
};

struct model {
	ent_id ids[ENTITLEMENTS];
	int64_t orphaned[ENTITLEMENTS][CHANNELS]; /* used by cases that are gone */
	struct model_case cases[CASES];
	uint64_t random;
	int done[16], refused;
};

static int pick(struct model *m, int below)
{
	return (int)test_random(&m->random, (uint64_t)below);
}

static int64_t sum(const struct model *m, int e, int channel, bool used, bool reserved)
{
	int64_t units = 0;
	for (int k = 0; k < CHANNELS; k++) {
		units += used && (channel < 0 || channel == k) ? m->orphaned[e][k] : 0;
	}
	for (int i = 0; i < CASES; i++) {
		const struct model_case *c = &m->cases[i];
		if (c->exists && c->e == e && (channel < 0 || c->channel == channel)) {
			units += (used ? c->used : 0) + (reserved ? c->reserved : 0);
		}
	}
	return units;
}

/* What could still be taken on this channel. */
static int64_t left(const struct model *m, int e, int channel)
{
	const struct desk_terms *kind = &kinds[e];
	const int64_t rows[CHANNELS] = { 0, kind->phone, kind->email };
	int64_t whole = kind->total - sum(m, e, -1, true, true);
	int64_t row = rows[channel] == 0 ? INT64_MAX
	                                 : rows[channel] - 1 - sum(m, e, channel, true, true);
	return !kind->restricted ? INT64_MAX : whole < row ? whole : row;
}

static void release(struct model_case *c)
{
	c->used = 0;
	c->reserved = 0;
}

/* Take the unit of an open (or, at creation, resolved) case; false: there is none. */
static bool take(const struct model *m, struct model_case *c)
{
	if (c->e < 0 || c->over) {
		return true;
	}
	if (left(m, c->e, c->channel) < 1) {
		return false;
	}
	bool creation = kinds[c->e].charge_on == ENT_CHARGE_CREATION;
	*(creation ? &c->used : &c->reserved) = 1;
	return true;
}

static void finish(const struct model *m, struct model_case *c, int64_t minutes)
{
	if (c->e < 0 || c->over || kinds[c->e].charge_on == ENT_CHARGE_CREATION) {
		return;
	}
	c->reserved = 0;
	c->used = kinds[c->e].unit == ENT_UNIT_MINUTES ? minutes : left(m, c->e, c->channel) > 0;
}

static void begin_again(const struct model *m, struct model_case *c)
{
	if (c->e >= 0 && !c->over && kinds[c->e].charge_on == ENT_CHARGE_RESOLUTION) {
		release(c);
		c->reserved = left(m, c->e, c->channel) > 0;
	}
}

/* ---- the steps: each does it to the desk and says whether the model would ------------------ */

static void set_channel(struct model_case *c, int channel)
{
	c->channel = channel;
	c->c.channel = ent_str_of(channels[channel]);
}

static enum ent_code open_one(struct desk *desk, struct model *m, struct model_case *c, bool *may)
{
	*c = (struct model_case){ .exists = true, .e = pick(m, ENTITLEMENTS + 1) - 1 };
	c->c = desk_case(desk, c->e < 0 ? ENT_ID_NONE : m->ids[c->e]);
	set_channel(c, pick(m, CHANNELS));
	*may = take(m, c);
	return desk_open_case(desk, &c->c);
}

static enum ent_code link_one(struct desk *desk, struct model *m, struct model_case *c, bool *may)
{
	int e = pick(m, ENTITLEMENTS);
	*may = c->state == ENT_CASE_OPEN;
	if (*may && e != c->e) {
		release(c);
		c->e = e;
		*may = take(m, c);
	}
	return desk_link(desk, &c->c, m->ids[e]);
}

static enum ent_code unlink_one(struct desk *desk, struct model *m, struct model_case *c, bool *may)
{
	(void)m;
	*may = c->state == ENT_CASE_OPEN;
	release(c);
	c->e = -1;
	return desk_do(desk, "unlink", &c->c);
}

static enum ent_code resolve_one(struct desk *desk, struct model *m, struct model_case *c,
                                 bool *may)
{
	int64_t minutes = pick(m, 60);
	*may = c->state == ENT_CASE_OPEN;
	finish(m, c, minutes);
	c->state = ENT_CASE_RESOLVED;
	return desk_resolve(desk, &c->c, minutes);
}

static enum ent_code reopen_one(struct desk *desk, struct model *m, struct model_case *c, bool *may)
{
	*may = c->state == ENT_CASE_RESOLVED;
	begin_again(m, c);
	c->state = ENT_CASE_OPEN;
	return desk_do(desk, "reopen", &c->c);
}

static enum ent_code cancel_one(struct desk *desk, struct model *m, struct model_case *c, bool *may)
{
	(void)m;
	*may = c->state == ENT_CASE_OPEN;
	release(c);
	c->state = ENT_CASE_CANCELLED;
	return desk_do(desk, "cancel", &c->c);
}

static enum ent_code reactivate_one(struct desk *desk, struct model *m, struct model_case *c,
                                    bool *may)
{
	*may = c->state == ENT_CASE_CANCELLED && take(m, c);
	c->state = ENT_CASE_OPEN;
	return desk_do(desk, "reactivate", &c->c);
}

static enum ent_code override_one(struct desk *desk, struct model *m, struct model_case *c,
                                  bool *may)
{
	bool was = c->over;
	bool on = pick(m, 2) == 1;
	bool charged = c->state == ENT_CASE_OPEN ||
	               (c->state == ENT_CASE_RESOLVED && c->e >= 0 &&
	                kinds[c->e].charge_on == ENT_CHARGE_CREATION);
	*may = true;
	c->over = on;
	if (on && !was) {
		release(c);
	} else if (!on && was && charged) {
		*may = take(m, c);
	}
	return desk_override(desk, &c->c, on);
}

static enum ent_code move_one(struct desk *desk, struct model *m, struct model_case *c, bool *may)
{
	int channel = pick(m, CHANNELS);
	bool moves = channel != c->channel;
	*may = c->state == ENT_CASE_OPEN || !moves;
	set_channel(c, channel);
	if (*may && moves) {
		release(c);
		*may = take(m, c);
	}
	return desk_patch(desk, &c->c);
}

/* What a closed case used stays used. */
static void bury(struct model *m, struct model_case *c)
{
	if (c->e >= 0 && c->state != ENT_CASE_OPEN) {
		m->orphaned[c->e][c->channel] += c->used;
	}
	c->exists = false;
}

static enum ent_code delete_one(struct desk *desk, struct model *m, struct model_case *c, bool *may)
{
	*may = true;
	if (c->is_target) {
		return ENT_OK; /* others refer to it */
	}
	bury(m, c);
	return desk_delete(desk, &c->c);
}

static enum ent_code merge_one(struct desk *desk, struct model *m, struct model_case *c, bool *may)
{
	struct model_case *target = &m->cases[pick(m, CASES)];
	if (!target->exists || target == c) {
		*may = false;
		return ENT_E_CYCLE;
	}
	*may = target->state == ENT_CASE_OPEN;
	enum ent_code code = desk_merge(desk, &target->c, &c->c.id, 1);
	if (*may) {
		bury(m, c);
		target->is_target = true;
	}
	return code;
}

typedef enum ent_code step(struct desk *desk, struct model *m, struct model_case *c, bool *may);
static step *const steps[] = { link_one, link_one, unlink_one, resolve_one, resolve_one,
	                       reopen_one, reopen_one, cancel_one, reactivate_one, override_one,
	                       move_one, move_one, delete_one, merge_one };

static void compare(struct desk *desk, const struct model *m)
{
	for (int e = 0; e < ENTITLEMENTS; e++) {
		struct desk_balance got = desk_balance(desk, m->ids[e]);
		CHECK_INT(got.consumed, sum(m, e, -1, true, false));
		CHECK_INT(got.reserved, sum(m, e, -1, false, true));
		CHECK_INT(got.remaining, kinds[e].total - got.consumed);
		if (kinds[e].phone > 0) {
			CHECK_INT(got.phone, kinds[e].phone - 1 - sum(m, e, 1, true, true));
		}
		if (kinds[e].email > 0) {
			CHECK_INT(got.email, kinds[e].email - 1 - sum(m, e, 2, true, true));
		}
		/* minutes may go below zero, cases of a restricted one never */
		CHECK(!kinds[e].restricted || kinds[e].unit == ENT_UNIT_MINUTES ||
		      got.available >= 0);
	}
}

static void walk(struct desk *desk, void *arg)
{
	struct model *m = arg;
	for (int i = 0; i < BATCH; i++) {
		struct model before = *m;
		struct model_case *c = &m->cases[pick(m, CASES)];
		int which = c->exists ? pick(m, ENT_COUNT(steps)) : -1;
		bool may;
		enum ent_code code = (which < 0 ? open_one : steps[which])(desk, m, c, &may);
		char row[64];
		snprintf(row, sizeof(row), "step %d of case %d", which, (int)(c - m->cases));
		ROW(row);
		CHECK_INT(code == ENT_OK, may);
		if (!may) {
			uint64_t random = m->random;
			*m = before;
			m->random = random;
			m->refused++;
		} else {
			m->done[which + 1]++;
			CHECK(!c->exists || c->c.units_charged == c->used);
			CHECK(!c->exists || c->c.units_reserved == c->reserved);
		}
		compare(desk, m);
		ROW("");
	}
}

DESK_TEST(case_walk_never_drifts)
{
	static struct model m;
	m = (struct model){ .random = 20260302 };
	desk_settings(desk, "default_on_create = FALSE, default_on_update = FALSE");
	for (int e = 0; e < ENTITLEMENTS; e++) {
		m.ids[e] = desk_entitlement(desk, &kinds[e]);
	}
	int share = helper_dialect == ENT_POSTGRES ? 4 : 1; /* it takes longer there */
	for (int i = 0; i < STEPS / BATCH / share; i++) {
		desk_batch(desk, walk, &m);
		if (i % 10 == 0) {
			desk_verify(desk);
		}
	}
	CHECK(m.refused > 50 / share); /* the walk has been to the limits */
	for (size_t i = 0; i <= ENT_COUNT(steps); i++) {
		CHECK(m.done[i] > 4 / share);
	}
}
