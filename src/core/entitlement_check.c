#include "core/entitlement_check.h"

#include "core/terms.h"

#include <string.h>

static const ent_str no_value = { NULL, 0 };

/* What entitlements and templates have in common. */
struct allowance {
	enum ent_term_unit unit;
	ent_str unit_name;
	ent_count total;
	bool unlimited;
	enum ent_term_reset reset;
	ent_count roll_over;
	enum ent_charge_on charge_on;
	bool restricted;
	ent_money overage_price;
};

struct channel {
	ent_str name;
	ent_count total;
};

#define ALLOWANCE_OF(o)                                                              \
	{ .unit = (o)->unit, .unit_name = (o)->unit_name, .total = (o)->total,       \
	  .unlimited = (o)->unlimited, .reset = (o)->reset,                          \
	  .roll_over = (o)->roll_over, .charge_on = (o)->charge_on,                  \
	  .restricted = (o)->restricted, .overage_price = (o)->overage_price }

bool ent_channel_is_valid(ent_str channel)
{
	if (channel.len < 1 || channel.len > 40) {
		return false;
	}
	for (size_t i = 0; i < channel.len; i++) {
		char c = channel.ptr[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
			return false;
		}
	}
	return true;
}

void ent_entitlement_default(struct ent_entitlement *e, bool charge_on_given)
{
	if (e->unit == ENT_UNIT_MINUTES && !charge_on_given) {
		e->charge_on = ENT_CHARGE_RESOLUTION;
	}
}

void ent_template_default(struct ent_entitlement_template *t, bool charge_on_given)
{
	if (t->unit == ENT_UNIT_MINUTES && !charge_on_given) {
		t->charge_on = ENT_CHARGE_RESOLUTION;
	}
}

/* Where nothing is counted, nothing about counting can be said. */
static void check_uncounted(const struct allowance *a, struct ent_error *error)
{
	const struct {
		bool given;
		const char *pointer;
	} rows[] = {
		{ !ent_count_is_none(a->total), "/total" },
		{ a->unlimited, "/unlimited" },
		{ a->reset != ENT_RESET_NONE, "/reset" },
		{ a->restricted, "/restricted" },
		{ a->overage_price.currency[0] != '\0', "/overage_price" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		if (rows[i].given) {
			ent_note(error, ENT_E_INVALID, rows[i].pointer, no_value,
			         "leave it out, or give a unit other than none");
		}
	}
}

static void check_counted(const struct allowance *a, struct ent_error *error)
{
	if (a->unlimited && !ent_count_is_none(a->total)) {
		ent_note(error, ENT_E_INVALID, "/total", no_value,
		         "leave it out, or do not set unlimited");
	}
	if (!a->unlimited && ent_count_is_none(a->total)) {
		ent_note(error, ENT_E_TOTAL_REQUIRED, "/total", no_value,
		         "say how many units, or set unlimited");
	}
	if (a->unit == ENT_UNIT_MINUTES && a->charge_on == ENT_CHARGE_CREATION) {
		ent_note(error, ENT_E_HOURS_ON_CREATION, "/charge_on", ENT_STR("creation"),
		         "must be resolution where minutes are counted");
	}
}

static void check_allowance(const struct allowance *a, struct ent_error *error)
{
	if (a->unit == ENT_UNIT_NONE) {
		check_uncounted(a, error);
	} else {
		check_counted(a, error);
	}
	if (a->unit_name.len > 0 && a->unit != ENT_UNIT_CUSTOM) {
		ent_note(error, ENT_E_INVALID, "/unit_name", a->unit_name,
		         "leave it out unless unit is custom");
	}
	if (!ent_count_is_none(a->roll_over) && (a->reset == ENT_RESET_NONE || a->unlimited)) {
		ent_note(error, ENT_E_INVALID, "/roll_over", no_value,
		         "leave it out unless a total is reset");
	}
	if (a->overage_price.currency[0] != '\0' && a->overage_price.micro < 0) {
		ent_note(error, ENT_E_RANGE, "/overage_price/amount", no_value,
		         "cannot be negative");
	}
}

/* ---- channels -------------------------------------------------------------------------- */

enum { CHANNELS_CHECKED = 100 }; /* more are refused by their field's limit */

struct channels {
	const void *rows;
	size_t count;
	bool of_template;
};

static struct channel channel_at(const struct channels *list, size_t i)
{
	if (list->of_template) {
		const struct ent_template_channel *row = list->rows;
		return (struct channel){ row[i].channel, row[i].total };
	}
	const struct ent_entitlement_channel *row = list->rows;
	return (struct channel){ row[i].channel, row[i].total };
}

/* Does the list have this very channel with this total? */
static bool has_same(const struct channels *list, const struct channel *channel)
{
	for (size_t i = 0; i < list->count; i++) {
		struct channel other = channel_at(list, i);
		if (ent_str_eq(other.name, channel->name)) {
			return other.total.n == channel->total.n;
		}
	}
	return false;
}

static bool is_repeated(const struct channels *list, size_t at)
{
	ent_str name = channel_at(list, at).name;
	for (size_t i = 0; i < at; i++) {
		if (ent_str_eq(channel_at(list, i).name, name)) {
			return true;
		}
	}
	return false;
}

/* "/channels/12/total" */
static const char *point_at(char out[static 40], size_t index, const char *member)
{
	static const char prefix[] = "/channels/";
	size_t len = sizeof(prefix) - 1;
	memcpy(out, prefix, len);
	if (index >= 10) {
		out[len++] = (char)('0' + index / 10 % 10);
	}
	out[len++] = (char)('0' + index % 10);
	memcpy(out + len, member, strlen(member) + 1);
	return out;
}

static void check_channel(const struct allowance *a, const struct channels *list,
                          const struct channels *before, size_t i, struct ent_error *error)
{
	struct channel channel = channel_at(list, i);
	char pointer[40];
	if (!ent_channel_is_valid(channel.name)) {
		ent_note(error, ENT_E_FORMAT, point_at(pointer, i, "/channel"), channel.name,
		         "use 1 to 40 of a-z, 0-9 and _");
	} else if (is_repeated(list, i)) {
		ent_note(error, ENT_E_DUPLICATE, point_at(pointer, i, "/channel"), channel.name,
		         "give each channel once");
	}
	if (ent_count_is_none(channel.total)) {
		return;
	}
	if (a->unit == ENT_UNIT_NONE && channel.total.n != 0) {
		ent_note(error, ENT_E_INVALID, point_at(pointer, i, "/total"), no_value,
		         "leave it out, or 0 to close the channel, where nothing is counted");
	}
	if (a->unit == ENT_UNIT_NONE || a->unlimited || ent_count_is_none(a->total) ||
	    channel.total.n <= a->total.n) {
		return;
	}
	if (before != NULL && has_same(before, &channel)) {
		ent_note(error, ENT_E_TOTAL_BELOW_CHANNEL, "/total", no_value,
		         "must be at least the %lld of channel %.*s", (long long)channel.total.n,
		         (int)channel.name.len, channel.name.ptr);
	} else {
		ent_note(error, ENT_E_CHANNEL_ABOVE_TOTAL, point_at(pointer, i, "/total"), no_value,
		         "must be at most the total of %lld", (long long)a->total.n);
	}
}

static void check_channels(const struct allowance *a, const struct channels *list,
                           const struct channels *before, struct ent_error *error)
{
	for (size_t i = 0; i < list->count && i < CHANNELS_CHECKED; i++) {
		check_channel(a, list, before, i, error);
	}
}

/* ---- what is used --------------------------------------------------------------------- */

static bool is_bounded(const struct ent_entitlement *e)
{
	return e->unit != ENT_UNIT_NONE && !e->unlimited && !ent_count_is_none(e->total);
}

/* A channel may be closed at any time, but else not lowered below what is used. */
static void check_used_channels(const struct ent_entitlement *e,
                                const struct ent_entitlement *before, struct ent_error *error)
{
	const struct ent_entitlement_channel *rows = e->channels.items;
	char pointer[40];
	for (size_t i = 0; i < e->channels.count && i < CHANNELS_CHECKED; i++) {
		const struct ent_entitlement_channel *old =
			ent_terms_channel(before, rows[i].channel);
		int64_t total = rows[i].total.n;
		if (old == NULL || ent_count_is_none(rows[i].total) || total == 0) {
			continue;
		}
		int64_t used = old->consumed + (e->restricted ? old->reserved : 0);
		bool lowered = ent_count_is_none(old->total) || total < old->total.n;
		if (lowered && total < used) {
			ent_note(error, ENT_E_TOTAL_BELOW_USED, point_at(pointer, i, "/total"),
			         no_value, "must be at least the %lld used", (long long)used);
		}
	}
}

/* dynamics 3.1: a lower total moves the balance; it may not go below zero by that. */
static void check_used(const struct ent_entitlement *e, const struct ent_entitlement *before,
                       struct ent_error *error)
{
	if (ent_instant_is_none(before->ledger_ends_at) || !is_bounded(e)) {
		return;
	}
	int64_t old = is_bounded(before) ? before->total.n : 0;
	int64_t left = before->ledger_granted + e->total.n - old - before->ledger_consumed -
	               (e->restricted ? before->ledger_reserved : 0);
	if (left < 0 && (e->total.n < old || !is_bounded(before))) {
		ent_note(error, ENT_E_TOTAL_BELOW_USED, "/total", no_value,
		         "must be at least %lld", (long long)(e->total.n - left));
	}
	check_used_channels(e, before, error);
}

/* ---- whole records ---------------------------------------------------------------------- */

void ent_entitlement_check(const struct ent_entitlement *e, const struct ent_entitlement *before,
                           struct ent_error *error)
{
	struct allowance allowance = ALLOWANCE_OF(e);
	struct channels list = { e->channels.items, e->channels.count, false };
	struct channels old = { NULL, 0, false };
	if (!ent_date_is_none(e->starts_on) && !ent_date_is_none(e->ends_on) &&
	    e->starts_on.day > e->ends_on.day) {
		ent_note(error, ENT_E_START_AFTER_END, "/ends_on", no_value,
		         "must not be before the first day");
	}
	if (before != NULL) {
		old = (struct channels){ before->channels.items, before->channels.count, false };
	}
	check_allowance(&allowance, error);
	check_channels(&allowance, &list, before == NULL ? NULL : &old, error);
	if (before != NULL) {
		check_used(e, before, error);
	}
}

void ent_template_check(const struct ent_entitlement_template *t,
                        const struct ent_entitlement_template *before, struct ent_error *error)
{
	struct allowance allowance = ALLOWANCE_OF(t);
	struct channels list = { t->channels.items, t->channels.count, true };
	struct channels old = { NULL, 0, true };
	if (before != NULL) {
		old = (struct channels){ before->channels.items, before->channels.count, true };
	}
	check_allowance(&allowance, error);
	check_channels(&allowance, &list, before == NULL ? NULL : &old, error);
}
