#include "app/reminder.h"

#include "app/agenda.h"
#include "app/outbox.h"
#include "app/renewal.h"
#include "base/text.h"
#include "core/price_contract.h"
#include "json/json.h"

enum { RULES = 50 };

struct rule {
	enum ent_reminder_kind kind;
	int64_t amount; /* days, or percent */
	struct ent_words recipients;
};

/* Something that somebody may be reminded of. */
struct occasion {
	enum ent_reminder_kind kind;
	ent_date on;     /* the day; of a balance: none */
	int64_t percent; /* of a balance: what is used */
	const struct ent_type *type;
	ent_id about;   /* a line or an entitlement; none: the contract */
	int64_t period; /* of a balance */
	ent_str name;
};

struct reminding {
	struct ent_call *call;
	const struct ent_contract *contract;
	const struct ent_zone *zone;
	ent_date today;
	bool goes_on; /* or was ended on purpose: nobody has to hear of its end */
	struct rule rules[RULES];
	size_t count;
	ent_instant next;
};

/* ---- when to look ----------------------------------------------------------------------- */

static enum ent_code set(struct ent_call *call, struct ent_contract *contract, ent_instant at,
                         struct ent_error *error)
{
	ent_agenda_set(call, ENT_AGENDA_REMINDER, contract->account_id, contract->id,
	               contract->reminds_at, at);
	contract->reminds_at = at;
	return ent_db_exec(
		call->db,
		ENT_STR("UPDATE contract SET reminds_at = $1 WHERE account_id = $2 AND id = $3"),
		ENT_ARGS(ent_instant_is_none(at) ? ent_value_null() : ent_arg_int(at.us),
	                 ent_arg_id(contract->account_id), ent_arg_id(contract->id)),
		ENT_ANY_ROWS, call->arena, error);
}

enum ent_code ent_reminder_expect(struct ent_call *call, struct ent_contract *contract,
                                  struct ent_error *error)
{
	const struct ent_settings *settings;
	enum ent_code code = ent_call_settings(call, &settings, error);
	if (code != ENT_OK) {
		return code;
	}
	bool any = contract->stage == ENT_STAGE_LIVE &&
	           settings->reminder_count + contract->reminder_count > 0;
	bool was = !ent_instant_is_none(contract->reminds_at);
	return any || was ? set(call, contract, any ? call->now : ENT_INSTANT_NONE, error) : ENT_OK;
}

void ent_reminder_look(struct ent_call *call, ent_id account, ent_id contract)
{
	ent_agenda_set(call, ENT_AGENDA_REMINDER, account, contract, ENT_INSTANT_NONE, call->now);
}

/* ---- rules ------------------------------------------------------------------------------ */

static void add_rule(struct reminding *r, enum ent_reminder_kind kind, ent_count days,
                     ent_count percent, struct ent_words recipients)
{
	ent_count amount = kind == ENT_REMIND_LOW_BALANCE ? percent : days;
	if (r->count < RULES && !ent_count_is_none(amount)) {
		r->rules[r->count++] = (struct rule){ kind, amount.n, recipients };
	}
}

static enum ent_code load_rules(struct reminding *r, struct ent_error *error)
{
	const struct ent_contract_reminder *own = r->contract->reminders.items;
	struct ent_list list;
	for (size_t i = 0; i < r->contract->reminders.count; i++) {
		add_rule(r, own[i].kind, own[i].days, own[i].percent, own[i].recipients);
	}
	if (r->contract->reminders.count > 0) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_row_select(r->call->db, &ent_settings_reminder_type, ENT_STR("ORDER BY t.id"),
	                       NULL, 0, r->call->arena, &list, error);
	const struct ent_settings_reminder *rows = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		add_rule(r, rows[i].kind, rows[i].days, rows[i].percent, rows[i].recipients);
	}
	return code;
}

static bool has_rule(const struct reminding *r, enum ent_reminder_kind kind)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->rules[i].kind == kind) {
			return true;
		}
	}
	return false;
}

/* ---- telling ---------------------------------------------------------------------------- */

static const char *words_of(enum ent_reminder_kind kind)
{
	static const char *const words[] = {
		[ENT_REMIND_EXPIRY] = "ends",
		[ENT_REMIND_NOTICE] = "can be given notice of until",
		[ENT_REMIND_RAMP_STEP] = "has another price from",
		[ENT_REMIND_LOW_BALANCE] = "has used",
	};
	return words[kind];
}

static ent_str what_of(const struct reminding *r, const struct occasion *o)
{
	char day[11] = "";
	ent_str number = r->contract->number;
	if (o->kind == ENT_REMIND_LOW_BALANCE) {
		return ent_text_format(r->call->arena,
		                       "%.*s: \"%.*s\" has used %lld %% of its units",
		                       (int)number.len, number.ptr, (int)o->name.len, o->name.ptr,
		                       (long long)o->percent);
	}
	ent_date_format(o->on, day);
	return ent_text_format(r->call->arena, "%.*s: \"%.*s\" %s %s", (int)number.len, number.ptr,
	                       (int)o->name.len, o->name.ptr, words_of(o->kind), day);
}

static enum ent_code tell(struct reminding *r, const struct occasion *o, const struct rule *rule,
                          struct ent_error *error)
{
	struct ent_text text = ent_text_begin(r->call->arena);
	char day[11];
	char id[ENT_ID_ROOM];
	ent_text_addf(&text, "{\"kind\":\"%s\"", ent_reminder_kind_names.text[o->kind]);
	if (o->kind == ENT_REMIND_LOW_BALANCE) {
		ent_text_addf(&text, ",\"percent\":%lld,\"used_percent\":%lld",
		              (long long)rule->amount, (long long)o->percent);
	} else {
		ent_date_format(o->on, day);
		ent_text_addf(&text, ",\"on\":\"%s\",\"days\":%lld", day, (long long)rule->amount);
	}
	if (!ent_id_is_none(o->about)) {
		ent_id_format(o->about, o->type->prefix, id);
		ent_text_addf(&text, ",\"%s_id\":\"%s\"", o->type->name, id);
	}
	ent_text_char(&text, '}');
	return ent_event_append(r->call, r->contract->account_id, &ent_contract_type,
	                        r->contract->id, "reminded", (ent_str){ NULL, 0 },
	                        ent_text_end(&text), error);
}

static enum ent_code add_addresses(struct reminding *r, const char *sql, ent_id id, ent_str role,
                                   ent_str *to, size_t *count, struct ent_error *error)
{
	struct ent_rows rows;
	struct ent_value args[] = { ent_arg_id(id), ent_value_text(role) };
	if (ent_id_is_none(id)) {
		return ENT_OK;
	}
	enum ent_code code = ent_db_run(r->call->db, ent_str_of(sql), args, role.len > 0 ? 2 : 1,
	                                r->call->arena, &rows, error);
	for (const struct ent_row *row = code == ENT_OK ? rows.first : NULL;
	     row != NULL && *count < ENT_MAIL_TO_MAX; row = row->next) {
		if (row->cell[0].kind == ENT_K_TEXT && row->cell[0].text.len > 0) {
			to[(*count)++] = row->cell[0].text;
		}
	}
	return code;
}

static enum ent_code add_recipient(struct reminding *r, ent_str word, ent_str *to, size_t *count,
                                   struct ent_error *error)
{
#define CONTACTS                                                                                \
	"SELECT c.email FROM contract_contact k JOIN contact c ON c.account_id = k.account_id " \
	"AND c.id = k.contact_id WHERE k.contract_id = $1"
	const struct ent_contract *c = r->contract;
	struct ent_cut cut = ent_str_cut(word, ':');
	ent_str none = { NULL, 0 };
	if (ent_str_is(word, "administrator")) {
		return add_addresses(r, "SELECT email FROM \"user\" WHERE id = $1",
		                     c->administrator_id, none, to, count, error);
	}
	if (ent_str_is(word, "account")) {
		return add_addresses(r, "SELECT email FROM account WHERE id = $1", c->account_id,
		                     none, to, count, error);
	}
	if (ent_str_is(word, "contacts")) {
		return add_addresses(r, CONTACTS " ORDER BY k.id", c->id, none, to, count, error);
	}
	if (cut.found && ent_str_is(cut.head, "contact")) {
		return add_addresses(r, CONTACTS " AND k.role = $2 ORDER BY k.id", c->id, cut.tail,
		                     to, count, error);
	}
#undef CONTACTS
	if (*count < ENT_MAIL_TO_MAX) {
		to[(*count)++] = word;
	}
	return ENT_OK;
}

static enum ent_code send(struct reminding *r, const struct occasion *o, const struct rule *rule,
                          struct ent_error *error)
{
	ent_str *to = ENT_NEW(r->call->arena, ent_str, ENT_MAIL_TO_MAX);
	struct ent_mail mail = {
		.matter = { .account_id = r->contract->account_id,
		            .subject_type = &ent_contract_type,
		            .subject_id = r->contract->id,
		            .event_type = ENT_STR("contract.reminded") },
		.to = to,
		.subject = what_of(r, o),
	};
	enum ent_code code = tell(r, o, rule, error);
	for (size_t i = 0; i < rule->recipients.count && code == ENT_OK; i++) {
		code = add_recipient(r, rule->recipients.items[i], to, &mail.to_count, error);
	}
	mail.body = ent_text_format(r->call->arena, "%.*s.\n\nContract %.*s, \"%.*s\".\n",
	                            (int)mail.subject.len, mail.subject.ptr,
	                            (int)r->contract->number.len, r->contract->number.ptr,
	                            (int)r->contract->name.len, r->contract->name.ptr);
	return code == ENT_OK && mail.to_count > 0 ? ent_outbox_mail(r->call, &mail, error) : code;
}

/* Remember it; *fresh: nobody was reminded of it before. */
static enum ent_code remember(struct reminding *r, const struct occasion *o,
                              const struct rule *rule, bool *fresh, struct ent_error *error)
{
	struct ent_text key = ent_text_begin(r->call->arena);
	struct ent_rows rows;
	ent_text_addf(&key, "%s:%lld:%lld:%lld:%lld", ent_reminder_kind_names.text[o->kind],
	              (long long)o->about.value, (long long)o->on.day, (long long)o->period,
	              (long long)rule->amount);
	for (size_t i = 0; i < rule->recipients.count; i++) {
		ent_text_char(&key, ' ');
		ent_text_add(&key, rule->recipients.items[i]);
	}
	ent_str what = ent_text_end(&key);
	enum ent_code code = ent_db_run(
		r->call->db,
		ENT_STR("INSERT INTO reminded (account_id, contract_id, what, at) VALUES "
	                "($1, $2, $3, $4) ON CONFLICT (account_id, contract_id, what) DO NOTHING "
	                "RETURNING at"),
		ENT_ARGS(ent_arg_id(r->contract->account_id), ent_arg_id(r->contract->id),
	                 ent_value_text(what), ent_arg_int(r->call->now.us)),
		r->call->arena, &rows, error);
	*fresh = code == ENT_OK && rows.count > 0;
	return code;
}

/* Has the time of this rule come? If not, when. */
static bool is_due(const struct reminding *r, const struct occasion *o, const struct rule *rule,
                   ent_instant *at)
{
	*at = ENT_INSTANT_END;
	if (rule->kind != o->kind) {
		return false;
	}
	if (o->kind == ENT_REMIND_LOW_BALANCE) {
		return o->percent >= rule->amount;
	}
	*at = ent_zone_day_begins(r->zone, (ent_date){ o->on.day - (int32_t)rule->amount });
	return at->us <= r->call->now.us;
}

static enum ent_code consider(struct reminding *r, const struct occasion *o,
                              struct ent_error *error)
{
	bool low = o->kind == ENT_REMIND_LOW_BALANCE;
	int64_t nearest = low ? INT64_MIN : INT64_MAX;
	enum ent_code code = ENT_OK;
	if (!low && o->on.day < r->today.day) {
		return ENT_OK; /* over */
	}
	for (size_t i = 0; i < r->count; i++) {
		ent_instant at;
		int64_t amount = r->rules[i].amount;
		if (is_due(r, o, &r->rules[i], &at)) {
			bool nearer = low ? amount > nearest : amount < nearest;
			nearest = nearer ? amount : nearest;
		} else {
			r->next = at.us < r->next.us ? at : r->next;
		}
	}
	bool of_end = o->kind == ENT_REMIND_EXPIRY || o->kind == ENT_REMIND_NOTICE;
	if (of_end && r->goes_on) {
		return ENT_OK;
	}
	for (size_t i = 0; i < r->count && code == ENT_OK; i++) {
		ent_instant at;
		bool fresh = false;
		if (is_due(r, o, &r->rules[i], &at)) {
			code = remember(r, o, &r->rules[i], &fresh, error);
		}
		if (code == ENT_OK && fresh && r->rules[i].amount == nearest) {
			code = send(r, o, &r->rules[i], error);
		}
	}
	return code;
}

/* Another contract in force follows, or it was cancelled, merged or ended sooner. Days on which
 * somebody would be told are looked at all the same: what follows may be cancelled until then. */
static enum ent_code find_follower(struct reminding *r, struct ent_error *error)
{
	const struct ent_contract *c = r->contract;
	struct ent_rows rows;
	r->goes_on = c->ends_early || !ent_instant_is_none(c->cancelled_at);
	if (r->goes_on) {
		return ENT_OK;
	}
	enum ent_code code = ent_db_run(
		r->call->db,
		ENT_STR("SELECT id FROM contract WHERE account_id = $1 AND renewed_from_id = $2 "
	                "AND stage = $3 AND cancelled_at IS NULL LIMIT 1"),
		ENT_ARGS(ent_arg_id(c->account_id), ent_arg_id(c->id),
	                 ent_value_text(
				 ent_str_of(ent_entitlement_stage_names.text[ENT_STAGE_LIVE]))),
		r->call->arena, &rows, error);
	r->goes_on = code == ENT_OK && rows.count > 0;
	return code;
}

/* ---- occasions -------------------------------------------------------------------------- */

static enum ent_code consider_ends(struct reminding *r, struct ent_error *error)
{
	const struct ent_contract *c = r->contract;
	struct occasion o = { .kind = ENT_REMIND_EXPIRY, .on = c->ends_on, .name = c->name };
	if (ent_date_is_none(c->ends_on)) {
		return ENT_OK;
	}
	enum ent_code code = consider(r, &o, error);
	if (code == ENT_OK && !ent_count_is_none(c->notice_days)) {
		o.kind = ENT_REMIND_NOTICE;
		o.on.day = c->ends_on.day - (int32_t)c->notice_days.n;
		code = consider(r, &o, error);
	}
	return code;
}

static enum ent_code consider_steps(struct reminding *r, const struct ent_contract_line *line,
                                    struct ent_error *error)
{
	struct ent_price_rules rules = ent_price_rules_of(r->contract, ENT_DATE_NONE);
	struct ent_pricing pricing = { &rules, r->call->arena, NULL };
	struct ent_price_line priced = ent_price_line_of(r->contract, NULL, line, r->call->arena);
	struct ent_children steps;
	struct ent_error ignored;
	enum ent_code code = ENT_OK;
	ent_error_clear(&ignored);
	if (line->ramp == ENT_RAMP_NONE || !ent_instant_is_none(line->cancelled_at) ||
	    ent_price_ramp(&priced, &pricing, &steps, &ignored) != ENT_OK) {
		return ENT_OK;
	}
	const struct ent_price_segment *items = steps.items;
	for (size_t i = 1; i < steps.count && code == ENT_OK; i++) {
		struct occasion o = { .kind = ENT_REMIND_RAMP_STEP,
			              .on = items[i].starts_on,
			              .type = &ent_contract_line_type,
			              .about = line->id,
			              .name = line->name };
		code = consider(r, &o, error);
	}
	return code;
}

/* One that went with a ramp that was cut has the same steps once more. */
static bool is_below_ramp(const struct ent_contract_tree *tree,
                          const struct ent_contract_line *line)
{
	const struct ent_contract_line *above = ent_contract_tree_line(tree, line->parent_id);
	return above != NULL && above->ramp != ENT_RAMP_NONE;
}

static enum ent_code consider_ramps(struct reminding *r, struct ent_error *error)
{
	struct ent_contract_tree tree;
	if (!has_rule(r, ENT_REMIND_RAMP_STEP)) {
		return ENT_OK;
	}
	enum ent_code code = ent_contract_tree_load(r->call, r->contract->id, true, &tree, error);
	for (size_t i = 0; code == ENT_OK && i < tree.count; i++) {
		if (!is_below_ramp(&tree, &tree.lines[i])) {
			code = consider_steps(r, &tree.lines[i], error);
		}
	}
	return code;
}

static enum ent_code consider_balances(struct reminding *r, struct ent_error *error)
{
	struct ent_list list;
	if (!has_rule(r, ENT_REMIND_LOW_BALANCE)) {
		return ENT_OK;
	}
	enum ent_code code = ent_row_select(
		r->call->db, &ent_entitlement_type,
		ENT_STR("WHERE t.account_id = $1 AND t.contract_id = $2 AND t.stage = 'live' AND "
	                "t.ledger_granted > 0 ORDER BY t.id"),
		ENT_ARGS(ent_arg_id(r->contract->account_id), ent_arg_id(r->contract->id)),
		r->call->arena, &list, error);
	const struct ent_entitlement *items = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		struct occasion o = { .kind = ENT_REMIND_LOW_BALANCE,
			              .on = ENT_DATE_NONE,
			              .percent = items[i].ledger_consumed * 100 /
			                         items[i].ledger_granted,
			              .type = &ent_entitlement_type,
			              .about = items[i].id,
			              .period = items[i].ledger_period,
			              .name = items[i].name };
		code = items[i].unlimited ? ENT_OK : consider(r, &o, error);
	}
	return code;
}

static enum ent_code look(struct ent_call *call, struct ent_contract *contract, ent_instant was,
                          struct ent_error *error)
{
	struct reminding *r = ENT_NEW(call->arena, struct reminding, 1);
	contract->reminds_at = was;
	r->call = call;
	r->contract = contract;
	r->next = ENT_INSTANT_END;
	enum ent_code code = ent_contract_zone(call, contract, &r->zone, error);
	bool live = contract->stage == ENT_STAGE_LIVE &&
	            !ent_contract_is_terminal(ent_contract_own_state(call, contract));
	if (code == ENT_OK && live) {
		r->today = ent_zone_date(r->zone, call->now);
		code = load_rules(r, error);
		if (code == ENT_OK) {
			code = find_follower(r, error);
		}
		if (code == ENT_OK) {
			code = consider_ends(r, error);
		}
		if (code == ENT_OK) {
			code = consider_ramps(r, error);
		}
		if (code == ENT_OK) {
			code = consider_balances(r, error);
		}
	}
	bool never = r->next.us == INT64_MAX;
	return code == ENT_OK ? set(call, contract, never ? ENT_INSTANT_NONE : r->next, error)
	                      : code;
}

enum ent_code ent_reminder_handle(struct ent_call *call, const struct ent_agenda_item *items,
                                  size_t count, struct ent_error *error)
{
	return ent_contract_visit_all(call, items, count, look, error);
}
