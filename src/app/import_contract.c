/* What contracts and their lines bring along besides fields: where they are in their life. The
 * state follows from dates, so a table can only say what does not: that one is a draft,
 * cancelled, suspended. Where it says something else than the dates, they win and it is told. */
#include "app/contract.h"
#include "app/import_inner.h"
#include "base/text.h"

static const ent_str why = { "import", 6 };

/* What the row says. */
struct told {
	bool has_stage;
	unsigned stage;
	bool has_state;
	unsigned state; /* it is to have */
	bool has_claim;
	unsigned claim; /* it is said to have */
	bool has_approval;
	unsigned approval;
	ent_instant cancelled_at;
	bool cancels;
};

static bool find_word(struct ent_import_work *work, enum ent_import_slot slot,
                      const struct ent_names *names, unsigned *out, const char *pointer,
                      struct ent_error *error)
{
	ent_str text = work->slots[slot];
	bool known = ent_names_find(names, ent_import_word(work->call->arena, text), out);
	if (text.len > 0 && !known) {
		ent_note(error, ENT_E_UNKNOWN_VALUE, pointer, text, "give one such as %s",
		         names->text[1]);
	}
	return text.len > 0 && known;
}

static enum ent_code read_told(struct ent_import_work *work, struct told *out,
                               struct ent_error *error)
{
	ent_str cancelled = work->slots[ENT_SLOT_CANCELLED_AT];
	*out = (struct told){ .cancelled_at = ENT_INSTANT_NONE };
	out->has_state = find_word(work, ENT_SLOT_STATE, &ent_contract_state_names, &out->state,
	                           "/#STATE", error);
	out->has_claim = find_word(work, ENT_SLOT_CLAIM, &ent_contract_state_names, &out->claim,
	                           "/#STATE", error);
	out->has_stage = find_word(work, ENT_SLOT_STAGE, &ent_entitlement_stage_names, &out->stage,
	                           "/#STAGE", error);
	out->has_approval = find_word(work, ENT_SLOT_APPROVAL, &ent_approval_state_names,
	                              &out->approval, "/#APPROVAL", error);
	if (cancelled.len > 0 &&
	    !ent_import_instant(cancelled, work->reader->options->date_order, &out->cancelled_at)) {
		ent_note(error, ENT_E_FORMAT, "/#CANCELLED_AT", cancelled,
		         "give a time like 2026-02-28T09:30:00Z");
	}
	if (!out->has_claim && out->has_state) {
		out->has_claim = true;
		out->claim = out->state;
	}
	if (!out->has_stage && out->has_state) {
		out->stage = out->state == ENT_CONTRACT_DRAFT       ? ENT_STAGE_DRAFT
		             : out->state == ENT_CONTRACT_CANCELLED ? ENT_STAGE_CANCELLED
		                                                    : ENT_STAGE_LIVE;
		out->has_stage = true;
	}
	out->cancels = (out->has_stage && out->stage == ENT_STAGE_CANCELLED) ||
	               (out->has_state && out->state == ENT_CONTRACT_CANCELLED) ||
	               !ent_instant_is_none(out->cancelled_at);
	return ent_noted(error);
}

/* Dates win; what the table says is not kept silent. */
static void compare(struct ent_import_work *work, const struct told *told,
                    enum ent_contract_state state)
{
	bool agrees = told->claim == state || (told->claim == ENT_CONTRACT_PARTLY_SUSPENDED &&
	                                       state == ENT_CONTRACT_ACTIVE);
	if (told->has_claim && !agrees) {
		ent_import_remark(work,
		                  "state_dates_mismatch: it is said to be %s; by its dates "
		                  "it is %s",
		                  ent_contract_state_names.text[told->claim],
		                  ent_contract_state_names.text[state]);
	}
}

/* ---- suspensions and cancellation: alike for contracts and lines ------------------------- */

/* When it was cancelled: as told, with its end where that has passed, else now. *ends_early: by
 * its end. */
static ent_instant cancelled_when(const struct ent_call *call, const struct told *told,
                                  ent_instant ends_at, bool *ends_early)
{
	bool ended = !ent_instant_is_none(ends_at) && ends_at.us <= call->now.us;
	if (!ent_instant_is_none(told->cancelled_at)) {
		return told->cancelled_at;
	}
	*ends_early = *ends_early || ended;
	return ended ? ENT_INSTANT_NONE : call->now;
}

/* ---- contracts --------------------------------------------------------------------------- */

static void suspend_contract(const struct ent_call *call, struct ent_contract *contract)
{
	size_t count = contract->suspensions.count;
	struct ent_contract_suspension *rows =
		ENT_NEW(call->arena, struct ent_contract_suspension, count + 1);
	const struct ent_contract_suspension *old = contract->suspensions.items;
	for (size_t i = 0; i < count; i++) {
		rows[i] = old[i];
	}
	ent_type_clear(&ent_contract_suspension_type, &rows[count]);
	rows[count].starts_at = call->now;
	rows[count].reason = why;
	contract->suspensions = (struct ent_children){ rows, count + 1 };
	contract->extra_rows |= ENT_CONTRACT_SUSPENSIONS;
}

static void resume_contract(const struct ent_call *call, struct ent_contract *contract)
{
	size_t count = contract->suspensions.count;
	struct ent_contract_suspension *rows =
		ENT_NEW(call->arena, struct ent_contract_suspension, count);
	const struct ent_contract_suspension *old = contract->suspensions.items;
	for (size_t i = 0; i < count; i++) {
		rows[i] = old[i];
		bool holds =
			rows[i].starts_at.us <= call->now.us &&
			(ent_instant_is_none(rows[i].ends_at) || rows[i].ends_at.us > call->now.us);
		rows[i].ends_at = holds ? call->now : rows[i].ends_at;
	}
	contract->suspensions = (struct ent_children){ rows, count };
}

static bool is_cancelled(const struct ent_call *call, const struct ent_contract *contract)
{
	return !ent_instant_is_none(contract->cancelled_at) ||
	       ent_contract_own_state(call, contract) == ENT_CONTRACT_CANCELLED;
}

/* Out of its draft, if it is told to be. */
static enum ent_code begin(struct ent_call *call, struct ent_contract *contract,
                           const struct told *told, const char **verb, struct ent_error *error)
{
	bool is_draft = contract->stage == ENT_STAGE_DRAFT;
	if (is_draft && told->has_approval) {
		contract->approval = told->approval;
	}
	if (!is_draft || !told->has_stage || told->stage == ENT_STAGE_DRAFT) {
		return ENT_OK;
	}
	if (contract->approval_required) { /* it was in force where it comes from */
		contract->approval = ENT_APPROVAL_APPROVED;
	}
	enum ent_code code = ent_contract_begin(call, contract, error);
	*verb = ent_contract_begun(call, contract);
	return code;
}

/* From what it is to what the row says. */
static enum ent_code settle_contract(struct ent_call *call, struct ent_contract *contract,
                                     const struct told *told, const char **verb,
                                     struct ent_error *error)
{
	enum ent_code code = begin(call, contract, told, verb, error);
	enum ent_contract_state state = ent_contract_own_state(call, contract);
	if (told->cancels && contract->stage != ENT_STAGE_DRAFT && !is_cancelled(call, contract)) {
		contract->cancelled_at =
			cancelled_when(call, told, contract->ends_at, &contract->ends_early);
		*verb = "cancelled";
	} else if (told->has_state && told->state == ENT_CONTRACT_SUSPENDED &&
	           state == ENT_CONTRACT_ACTIVE) {
		suspend_contract(call, contract);
		*verb = "suspended";
	} else if (told->has_state && told->state == ENT_CONTRACT_ACTIVE &&
	           state == ENT_CONTRACT_SUSPENDED) {
		resume_contract(call, contract);
		*verb = "resumed";
	}
	if (code == ENT_OK && contract->stage == ENT_STAGE_LIVE) {
		code = ent_contract_expect(call, contract, ent_contract_next_own(call, contract),
		                           error);
	}
	return code;
}

static enum ent_code save_contract(struct ent_import_work *work, const struct ent_contract *before,
                                   struct ent_contract *contract, const struct told *told,
                                   bool *changed, struct ent_error *error)
{
	struct ent_call *call = work->call;
	const char *verb = "updated";
	enum ent_code code = settle_contract(call, contract, told, &verb, error);
	if (code != ENT_OK) {
		return code;
	}
	compare(work, told, ent_contract_own_state(call, contract));
	struct ent_set set = ent_record_diff(&ent_contract_type, before, contract, *call->arena);
	*changed = *changed || !ent_set_is_empty(&set);
	return ent_record_save(call, &ent_contract_type, before, contract, verb, error);
}

enum ent_code ent_import_create_contract(struct ent_import_work *work, struct ent_error *error)
{
	struct ent_contract *contract = work->object;
	struct told told;
	bool changed = false;
	enum ent_code code = read_told(work, &told, error);
	if (code != ENT_OK) {
		return code;
	}
	bool keep = contract->keep_draft;
	contract->keep_draft = keep || told.has_stage; /* out of its draft below, if at all */
	code = ent_record_create(work->call, &ent_contract_type, contract, &work->given, error);
	if (code != ENT_OK) {
		return code;
	}
	struct ent_contract *before =
		ent_record_copy(work->call->arena, &ent_contract_type, contract);
	contract->keep_draft = keep;
	return save_contract(work, before, contract, &told, &changed, error);
}

enum ent_code ent_import_change_contract(struct ent_import_work *work, ent_id id, bool *changed,
                                         struct ent_error *error)
{
	struct ent_contract *contract = ENT_NEW(work->call->arena, struct ent_contract, 1);
	struct told told;
	enum ent_code code = read_told(work, &told, error);
	if (code == ENT_OK &&
	    (told.has_stage || told.has_claim || told.has_approval || told.cancels)) {
		code = ent_record_hold(work->call, &ent_contract_type, id, 0, contract, error);
		if (code == ENT_OK) {
			const struct ent_contract *before =
				ent_record_copy(work->call->arena, &ent_contract_type, contract);
			code = save_contract(work, before, contract, &told, changed, error);
		}
	}
	return code;
}

/* ---- lines ------------------------------------------------------------------------------- */

struct around {
	struct ent_contract contract;
	struct ent_contract_line root;
};

static enum ent_code load_around(struct ent_call *call, const struct ent_contract_line *line,
                                 struct around *out, struct ent_error *error)
{
	out->root = *line;
	enum ent_code code =
		ent_record_load(call, &ent_contract_type, line->contract_id, &out->contract, error);
	if (code == ENT_OK && !ent_id_eq(line->root_id, line->id)) {
		code = ent_record_load(call, &ent_contract_line_type, line->root_id, &out->root,
		                       error);
	}
	return code;
}

static void suspend_line(const struct ent_call *call, struct ent_contract_line *line)
{
	size_t count = line->suspensions.count;
	struct ent_line_suspension *rows =
		ENT_NEW(call->arena, struct ent_line_suspension, count + 1);
	const struct ent_line_suspension *old = line->suspensions.items;
	for (size_t i = 0; i < count; i++) {
		rows[i] = old[i];
	}
	ent_type_clear(&ent_line_suspension_type, &rows[count]);
	rows[count].starts_at = call->now;
	rows[count].reason = why;
	line->suspensions = (struct ent_children){ rows, count + 1 };
	line->extra_rows |= ENT_CONTRACT_SUSPENSIONS;
}

/* A line has no draft of its own, and no life where its contract has none. */
static const char *settle_line(const struct ent_call *call, struct ent_contract_line *line,
                               const struct around *around, const struct told *told)
{
	const struct ent_contract *contract = &around->contract;
	enum ent_contract_state header = ent_contract_own_state(call, contract);
	enum ent_contract_state state =
		ent_contract_line_state(call, contract, &around->root, line);
	if (told->cancels && state != ENT_CONTRACT_CANCELLED &&
	    ent_instant_is_none(line->cancelled_at) && header != ENT_CONTRACT_DRAFT) {
		line->cancelled_at = cancelled_when(call, told, line->ends_at, &line->ends_early);
		return "cancelled";
	}
	if (told->has_state && told->state == ENT_CONTRACT_SUSPENDED &&
	    state == ENT_CONTRACT_ACTIVE) {
		suspend_line(call, line);
		return "suspended";
	}
	return "updated";
}

static enum ent_code save_line(struct ent_import_work *work, struct ent_contract_line *line,
                               const struct told *told, bool *changed, struct ent_error *error)
{
	struct ent_call *call = work->call;
	struct around *around = ENT_NEW(call->arena, struct around, 1);
	struct ent_contract_line *before =
		ent_record_copy(call->arena, &ent_contract_line_type, line);
	enum ent_code code = load_around(call, line, around, error);
	if (code != ENT_OK) {
		return code;
	}
	const char *verb = settle_line(call, line, around, told);
	bool is_root = ent_id_eq(line->root_id, line->id);
	const struct ent_contract_line *root = is_root ? line : &around->root;
	compare(work, told, ent_contract_line_state(call, &around->contract, root, line));
	struct ent_set set = ent_record_diff(&ent_contract_line_type, before, line, *call->arena);
	if (ent_set_is_empty(&set)) {
		return ENT_OK;
	}
	*changed = true;
	code = ent_record_save(call, &ent_contract_line_type, before, line, verb, error);
	if (code == ENT_OK && line->suspensions.count > before->suspensions.count) {
		code = ent_contract_mark(call, &ent_contract_type, line->account_id,
		                         line->contract_id, ENT_CONTRACT_LINE_SUSPENSIONS, error);
	}
	return code == ENT_OK
	               ? ent_contract_expect(
				 call, &around->contract,
				 ent_contract_next_line(call, &around->contract, root, line), error)
	               : code;
}

enum ent_code ent_import_create_line(struct ent_import_work *work, struct ent_error *error)
{
	struct told told;
	bool changed = false;
	enum ent_code code = read_told(work, &told, error);
	if (code == ENT_OK) {
		code = ent_record_create(work->call, &ent_contract_line_type, work->object,
		                         &work->given, error);
	}
	return code == ENT_OK && (told.cancels || told.has_claim)
	               ? save_line(work, work->object, &told, &changed, error)
	               : code;
}

enum ent_code ent_import_change_line(struct ent_import_work *work, ent_id id, bool *changed,
                                     struct ent_error *error)
{
	struct ent_contract_line *line = ENT_NEW(work->call->arena, struct ent_contract_line, 1);
	struct told told;
	enum ent_code code = read_told(work, &told, error);
	if (code == ENT_OK && (told.cancels || told.has_claim)) {
		code = ent_record_hold(work->call, &ent_contract_line_type, id, 0, line, error);
		if (code == ENT_OK) {
			code = save_line(work, line, &told, changed, error);
		}
	}
	return code;
}
