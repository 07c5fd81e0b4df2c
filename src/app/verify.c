#include "app/verify_inner.h"

#include "app/ledger.h"
#include "app/record.h"
#include "base/text.h"
#include "core/life.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* read at once */
enum { ACCOUNTS = ENT_VERIFY_ACCOUNTS, ENTITLEMENTS = 20, CASES = 500, EVENTS = 500 };

void ent_verify_note(struct ent_verifying *v, const char *kind, const char *prefix, ent_id id,
                     const char *format, ...)
{
	v->seen.findings++;
	if (v->count == ENT_VERIFY_FINDINGS) {
		return;
	}
	struct ent_finding *finding = &v->findings[v->count++];
	*finding = (struct ent_finding){ .kind = kind, .account_id = v->account };
	ent_id_format(id, prefix, finding->subject);
	va_list args;
	va_start(args, format);
	vsnprintf(finding->detail, sizeof(finding->detail), format, args);
	va_end(args);
}

/* ---- entitlements --------------------------------------------------------------------------- */

static void compare(struct ent_verifying *v, const char *kind, const char *prefix, ent_id id,
                    const char *what, int64_t stored, int64_t counted)
{
	if (stored != counted) {
		ent_verify_note(v, kind, prefix, id, "%s is %lld, its postings say %lld", what,
		                (long long)stored, (long long)counted);
	}
}

static void compare_figures(struct ent_verifying *v, const struct ent_entitlement *stored,
                            const struct ent_entitlement *counted)
{
	const char *prefix = ent_entitlement_type.prefix;
	compare(v, "balance", prefix, stored->id, "granted", stored->ledger_granted,
	        counted->ledger_granted);
	compare(v, "balance", prefix, stored->id, "consumed", stored->ledger_consumed,
	        counted->ledger_consumed);
	compare(v, "balance", prefix, stored->id, "reserved", stored->ledger_reserved,
	        counted->ledger_reserved);
	compare(v, "balance", prefix, stored->id, "period", stored->ledger_period,
	        counted->ledger_period);
	if (stored->ledger_ends_at.us != counted->ledger_ends_at.us) {
		ent_verify_note(v, "balance", prefix, stored->id,
		                "its period or a lot ends at another instant than is stored");
	}
	const struct ent_entitlement_channel *rows = stored->channels.items;
	const struct ent_entitlement_channel *others = counted->channels.items;
	for (size_t i = 0; i < stored->channels.count; i++) {
		compare(v, "channel", ent_entitlement_channel_type.prefix, rows[i].id, "consumed",
		        rows[i].consumed, others[i].consumed);
		compare(v, "channel", ent_entitlement_channel_type.prefix, rows[i].id, "reserved",
		        rows[i].reserved, others[i].reserved);
	}
	const struct ent_term_lot *lots = stored->lots.items;
	const struct ent_term_lot *copies = counted->lots.items;
	for (size_t i = 0; i < stored->lots.count; i++) {
		compare(v, "lot", ent_term_lot_type.prefix, lots[i].id, "units", lots[i].units,
		        copies[i].units);
		compare(v, "lot", ent_term_lot_type.prefix, lots[i].id, "consumed",
		        lots[i].consumed, copies[i].consumed);
		compare(v, "lot", ent_term_lot_type.prefix, lots[i].id, "expired", lots[i].expired,
		        copies[i].expired);
	}
}

static enum ent_code check_entitlement(struct ent_call *call, struct ent_verifying *v,
                                       const struct ent_entitlement *e, struct ent_error *error)
{
	const struct ent_zone *zone;
	struct ent_list postings;
	struct ent_error unknown;
	ent_error_clear(&unknown);
	if (ent_ledger_zone(call, e, &zone, &unknown) != ENT_OK) {
		ent_verify_note(v, "dates", ent_entitlement_type.prefix, e->id, "its zone: %.100s",
		                unknown.detail);
		return ENT_OK;
	}
	struct ent_entitlement *copy = ent_ledger_snapshot(e, call->arena);
	ent_life_dates(copy, zone);
	if (copy->starts_at.us != e->starts_at.us || copy->ends_at.us != e->ends_at.us) {
		ent_verify_note(v, "dates", ent_entitlement_type.prefix, e->id,
		                "its first and last instants are not those of its days in %s",
		                zone->name.ptr);
	}
	bool is_kept = ent_instant_is_none(e->due_at) || e->due_at.us > call->now.us;
	if (is_kept && e->kept_state != ent_life_state(e, call->now)) {
		ent_verify_note(v, "state", ent_entitlement_type.prefix, e->id,
		                "lists find it by another state than it is in");
	}
	enum ent_code code =
		ent_row_select(call->db, &ent_term_posting_type,
	                       ENT_STR("WHERE account_id = $1 AND entitlement_id = $2 ORDER BY id"),
	                       ENT_ARGS(ent_arg_id(e->account_id), ent_arg_id(e->id)), call->arena,
	                       &postings, error);
	if (code == ENT_OK) {
		ent_terms_replay(copy, zone, postings.items, postings.count);
		compare_figures(v, e, copy);
		v->seen.postings += (int64_t)postings.count;
		v->seen.entitlements++;
	}
	return code;
}

static enum ent_code entitlements(struct ent_call *call, struct ent_verifying *v,
                                  struct ent_error *error)
{
	struct ent_list list;
	enum ent_code code =
		ent_row_select(call->db, &ent_entitlement_type,
	                       ENT_STR("WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3"),
	                       ENT_ARGS(ent_arg_id(v->account), ent_arg_int(v->after.value),
	                                ent_arg_int(ENTITLEMENTS)),
	                       call->arena, &list, error);
	if (code == ENT_OK) {
		code = ent_record_children(call, &ent_entitlement_type, &list, error);
	}
	const struct ent_entitlement *items = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		struct ent_arena scratch = *call->arena;
		/* the postings of each are let go */
		struct ent_call one = ent_call_within(call, &scratch);
		code = check_entitlement(&one, v, &items[i], error);
		ent_call_end(&one);
		v->next.after = items[i].id;
	}
	v->next.is_done = code == ENT_OK && list.count < ENTITLEMENTS;
	return code;
}

/* ---- cases ----------------------------------------------------------------------------------- */

/* What is standing: not taken back by a later posting of the same case. */
#define STANDING(kind)                                                                        \
	"COALESCE((SELECT SUM(p.units) FROM term_posting p WHERE p.account_id = e.account_id" \
	" AND p.case_id = c.id AND p.entitlement_id = e.id AND p.kind = '" kind "'"           \
	" AND NOT EXISTS (SELECT 1 FROM term_posting r WHERE r.account_id = p.account_id"     \
	" AND r.case_id = c.id AND r.reverses_id = p.id)), 0)"

static enum ent_code cases(struct ent_call *call, struct ent_verifying *v, struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT c.id, c.units_charged, c.units_reserved, "
	                "CAST(" STANDING(
				"consume") " AS BIGINT), "
	                                   "CAST(" STANDING(
						   "reserve") " AS BIGINT) "
	                                                      "FROM \"case\" c LEFT JOIN "
	                                                      "entitlement e ON e.id = "
	                                                      "c.entitlement_id "
	                                                      "WHERE c.account_id = $1 AND c.id > "
	                                                      "$2 ORDER BY c.id LIMIT $3"),
		ENT_ARGS(ent_arg_id(v->account), ent_arg_int(v->after.value), ent_arg_int(CASES)),
		call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		ent_id id = { row->cell[0].number };
		compare(v, "case", ent_case_type.prefix, id, "units_charged", row->cell[1].number,
		        row->cell[3].number);
		compare(v, "case", ent_case_type.prefix, id, "units_reserved", row->cell[2].number,
		        row->cell[4].number);
		v->next.after = id;
		v->seen.cases++;
	}
	v->next.is_done = rows.count < CASES;
	return ENT_OK;
}

/* ---- events ---------------------------------------------------------------------------------- */

static void check_event(struct ent_verifying *v, const struct ent_event *event,
                        struct ent_arena scratch)
{
	const char *prefix = ent_event_type.prefix;
	if (event->seq != v->next.seq + 1) {
		ent_verify_note(v, "event", prefix, event->id,
		                "it is number %lld after number %lld", (long long)event->seq,
		                (long long)v->next.seq);
	}
	if (!ent_str_is(event->prev_hash, v->next.hash) &&
	    !(event->prev_hash.len == 0 && v->next.hash[0] == '\0')) {
		ent_verify_note(v, "event", prefix, event->id,
		                "it does not follow the event before it");
	}
	if (!ent_str_eq(event->hash, ent_event_hash(event, &scratch))) {
		ent_verify_note(v, "event", prefix, event->id,
		                "its hash is not that of its content");
	}
	v->next.seq = event->seq;
	snprintf(v->next.hash, sizeof(v->next.hash), "%.*s", (int)event->hash.len,
	         event->hash.len > 0 ? event->hash.ptr : "");
}

static enum ent_code check_head(struct ent_call *call, struct ent_verifying *v,
                                struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT seq, COALESCE(hash, '') FROM account_head WHERE account_id = $1"),
		ENT_ARGS(ent_arg_int(v->account.value)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count == 0) {
		ent_verify_note(v, "event", ent_account_type.prefix, v->account,
		                "the account has no head");
	} else if (code == ENT_OK && (rows.first->cell[0].number != v->next.seq ||
	                              !ent_str_is(rows.first->cell[1].text, v->next.hash))) {
		ent_verify_note(v, "event", ent_account_type.prefix, v->account,
		                "its head is at number %lld, its last event is %lld, or their "
		                "hashes differ",
		                (long long)rows.first->cell[0].number, (long long)v->next.seq);
	}
	return code;
}

static enum ent_code events(struct ent_call *call, struct ent_verifying *v, struct ent_error *error)
{
	struct ent_list list;
	enum ent_code code = ent_row_select(
		call->db, &ent_event_type,
		ENT_STR("WHERE account_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"),
		ENT_ARGS(ent_arg_int(v->account.value), ent_arg_int(v->seq), ent_arg_int(EVENTS)),
		call->arena, &list, error);
	const struct ent_event *items = list.items;
	for (size_t i = 0; code == ENT_OK && i < list.count; i++) {
		check_event(v, &items[i], *call->arena);
		v->seen.events++;
	}
	v->next.is_done = code == ENT_OK && list.count < EVENTS;
	if (v->next.is_done) {
		code = check_head(call, v, error);
	}
	return code;
}

/* ---- the account itself ---------------------------------------------------------------------- */

static enum ent_code account(struct ent_call *call, struct ent_verifying *v,
                             struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(call->db,
	                   ENT_STR("SELECT a.default_entitlement_id FROM account a "
	                           "LEFT JOIN entitlement e ON e.account_id = a.id "
	                           "AND e.id = a.default_entitlement_id "
	                           "WHERE a.id = $1 AND a.default_entitlement_id IS NOT NULL AND "
	                           "e.id IS NULL"),
	                   ENT_ARGS(ent_arg_id(v->account)), call->arena, &rows, error);
	if (code == ENT_OK && rows.count > 0) {
		ent_verify_note(v, "default", ent_account_type.prefix, v->account,
		                "its default entitlement is not one of its own");
	}
	v->seen.accounts = !ent_id_is_none(v->account);
	v->next.is_done = true;
	if (code == ENT_OK) {
		code = ent_verify_contracts(call, v, error);
	}
	return code == ENT_OK ? ent_verify_due(call, v, error) : code;
}

/* ---- the walk -------------------------------------------------------------------------------- */

typedef enum ent_code look(struct ent_call *call, struct ent_verifying *v, struct ent_error *error);

struct step {
	struct ent_verifying *v;
	look *look;
};

static enum ent_code run_step(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct step *step = arg;
	struct ent_verifying *v = step->v;
	v->count = 0;
	v->seen = (struct ent_verify_result){ 0 };
	v->next.after = v->after;
	v->next.seq = v->seq;
	memcpy(v->next.hash, v->hash, sizeof(v->hash));
	v->next.is_done = false;
	return step->look(call, v, error);
}

static void take_over(struct ent_verifying *v)
{
	for (size_t i = 0; i < v->count; i++) {
		v->report(v->arg, &v->findings[i]);
	}
	v->result->accounts += v->seen.accounts;
	v->result->entitlements += v->seen.entitlements;
	v->result->postings += v->seen.postings;
	v->result->cases += v->seen.cases;
	v->result->events += v->seen.events;
	v->result->findings += v->seen.findings;
	v->after = v->next.after;
	v->seq = v->next.seq;
	memcpy(v->hash, v->next.hash, sizeof(v->hash));
	v->is_done = v->next.is_done;
}

static enum ent_code walk(struct ent_verifying *v, look *use, struct ent_error *error)
{
	struct step step = { v, use };
	struct ent_call model = { .now = ent_app_now(v->app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("verify") };
	enum ent_code code;
	v->after = ENT_ID_NONE;
	v->seq = 0;
	v->hash[0] = '\0';
	do {
		code = ent_app_run(v->app, ENT_READ, &model, run_step, &step, error);
		if (code == ENT_OK) {
			take_over(v);
		}
	} while (code == ENT_OK && !v->is_done);
	return code;
}

/* The next accounts; 0, the organisation, is the first. */
static enum ent_code find_accounts(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct ent_verifying *v = arg;
	struct ent_rows rows;
	int64_t last = v->account_count == 0 ? -1 : v->accounts[v->account_count - 1].value;
	enum ent_code code = ent_db_run(
		call->db,
		ENT_STR("SELECT account_id FROM account_head WHERE account_id > $1 UNION "
	                "SELECT id FROM account WHERE id > $1 ORDER BY 1 LIMIT $2"),
		ENT_ARGS(ent_arg_int(last), ent_arg_int(ACCOUNTS)), call->arena, &rows, error);
	if (code != ENT_OK) {
		return code;
	}
	v->account_count = 0;
	for (const struct ent_row *row = rows.first; row != NULL; row = row->next) {
		v->accounts[v->account_count++] = (ent_id){ row->cell[0].number };
	}
	return ENT_OK;
}

enum ent_code ent_verify(struct ent_app *app, ent_verify_report *report, void *arg,
                         struct ent_verify_result *out, struct ent_error *error)
{
	static look *const looks[] = { account, entitlements, cases, ent_verify_clocks, events };
	struct ent_verifying v = { .app = app, .report = report, .arg = arg, .result = out };
	struct ent_call model = { .now = ent_app_now(app),
		                  .who = &ent_principal_system,
		                  .origin = ENT_STR("verify") };
	*out = (struct ent_verify_result){ 0 };
	enum ent_code code;
	do {
		code = ent_app_run(app, ENT_READ, &model, find_accounts, &v, error);
		for (size_t i = 0; code == ENT_OK && i < v.account_count; i++) {
			v.account = v.accounts[i];
			for (size_t k = 0; code == ENT_OK && k < ENT_COUNT(looks); k++) {
				code = walk(&v, looks[k], error);
			}
		}
	} while (code == ENT_OK && v.account_count == ACCOUNTS);
	return code;
}
