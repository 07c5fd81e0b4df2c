/* The demo's contracts: one of each kind, and what became of them by the operations that everybody
 * uses, each done on its day. */
#include "app/action.h"
#include "app/demo_inner.h"
#include "base/text.h"
#include "core/input.h"
#include "json/json.h"

#include <stdlib.h>

enum contract {
#define ENT_CONTRACT(key, ...) key,
#define ENT_CONTRACT_LATER(key) key,
#include "app/demo_contract.def"
	CONTRACTS
};
_Static_assert((int)CONTRACTS <= (int)ENT_DEMO_CONTRACTS_MAX, "too many contracts");

static const char *const keys[CONTRACTS] = {
#define ENT_CONTRACT(key, ...) [key] = #key,
#define ENT_CONTRACT_LATER(key) [key] = #key,
#include "app/demo_contract.def"
};

static const struct {
	size_t account;
	int32_t starts;
	const char *name, *reference, *term, *header, *lines;
} contracts[] = {
#define ENT_CONTRACT(key, ...) [key] = { __VA_ARGS__ },
#include "app/demo_contract.def"
};

static const struct {
	enum contract contract;
	int32_t day;
	const char *action, *input;
	enum contract makes;
} acts[] = {
#define ENT_ACT(...) { __VA_ARGS__ },
#include "app/demo_contract.def"
};

static const char *const products[] = {
#define ENT_PRODUCT(key, ...) #key,
#include "app/demo_words.def"
};

/* ---- JSON with words for identifiers and days -------------------------------------------- */

static size_t place_of(const char *const *words, size_t count, ent_str word)
{
	for (size_t i = 0; i < count; i++) {
		if (ent_str_is(word, words[i])) {
			return i;
		}
	}
	assert(false);
	return 0;
}

struct filling {
	const struct ent_demo *demo;
	const struct ent_rows *lines; /* of the contract that it is about; NULL: it has none */
	struct ent_text out;
};

static void add_id(struct filling *f, const struct ent_type *type, ent_id id)
{
	char room[ENT_ID_ROOM];
	size_t len = ent_id_format(id, type->prefix, room);
	ent_text_add(&f->out, (ent_str){ room, len });
}

static void add_day(struct filling *f, long days)
{
	char room[11];
	ent_date_format((ent_date){ f->demo->options->today.day + (int32_t)days }, room);
	ent_text_add(&f->out, ent_str_of(room));
}

static ent_id line_at(const struct ent_rows *lines, long n)
{
	const struct ent_row *row = lines->first;
	while (n-- > 0) {
		row = row->next;
	}
	return (ent_id){ row->cell[0].number };
}

/* A word behind its sign; returns where it ends. */
static const char *fill_word(struct filling *f, const char *p)
{
	const struct ent_demo *demo = f->demo;
	char sign = *p++;
	size_t len = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
	ent_str word = { p, len };
	char *end;
	switch (sign) {
	case '$':
		add_id(f, &ent_product_type,
		       demo->products[place_of(products, ENT_COUNT(products), word)]);
		return p + len;
	case '&':
		add_id(f, &ent_contract_type, demo->contracts[place_of(keys, CONTRACTS, word)]);
		return p + len;
	case '%':
		add_id(f, &ent_contract_line_type, line_at(f->lines, strtol(p, &end, 10)));
		return end;
	case '#':
		add_id(f, &ent_account_type, demo->accounts[strtol(p, &end, 10)]);
		return end;
	default:
		add_day(f, strtol(p, &end, 10));
		return end;
	}
}

static ent_str fill_in(const struct ent_demo *demo, const char *json, const struct ent_rows *lines,
                       struct ent_arena *arena)
{
	struct filling f = { demo, lines, ent_text_begin(arena) };
	for (const char *p = json; *p != '\0';) {
		if (strchr("$&%#@", *p) != NULL) {
			p = fill_word(&f, p);
		} else {
			ent_text_char(&f.out, *p == '\'' ? '"' : *p);
			p++;
		}
	}
	return ent_text_end(&f.out);
}

static enum ent_code read(ent_str json, const struct ent_type *type, enum ent_json_use use,
                          struct ent_arena *arena, void *out, struct ent_error *error)
{
	const struct ent_node *node;
	struct ent_set given;
	enum ent_code code = ent_json_parse(json, arena, &node, error);
	return code == ENT_OK ? ent_json_read(type, node, use, arena, out, &given, error) : code;
}

/* ---- made --------------------------------------------------------------------------------- */

static enum ent_code make(struct ent_demo *demo, struct ent_call *call,
                          const struct ent_demo_step *step, struct ent_error *error)
{
	size_t n = step->n;
	struct ent_contract *contract = ENT_NEW(call->arena, struct ent_contract, 1);
	ent_type_clear(&ent_contract_type, contract);
	contract->account_id = demo->accounts[contracts[n].account];
	contract->name = ent_str_of(contracts[n].name);
	contract->starts_on.day = demo->options->today.day + contracts[n].starts;
	contract->currency = ENT_STR("EUR");
	if (contracts[n].reference != NULL) {
		contract->reference = ent_str_of(contracts[n].reference);
	}
	if (contracts[n].term != NULL &&
	    !ent_duration_parse(ent_str_of(contracts[n].term), &contract->term)) {
		return ent_fail(error, ENT_E_SYSTEM, "no term");
	}
	enum ent_code code =
		read(fill_in(demo, contracts[n].header, NULL, call->arena), &ent_contract_type,
	             ENT_JSON_UPDATE, call->arena, contract, error);
	contract->lines.text = fill_in(demo, contracts[n].lines, NULL, call->arena);
	return code == ENT_OK ? ent_demo_create(call, &ent_contract_type, contract,
	                                        &demo->contracts[n], error)
	                      : code;
}

/* ---- what became of them ------------------------------------------------------------------ */

static enum ent_code lines_at_top(struct ent_call *call, ent_id contract, struct ent_rows *out,
                                  struct ent_error *error)
{
	return ent_db_run(call->db,
	                  ENT_STR("SELECT id FROM contract_line WHERE contract_id = $1 AND "
	                          "parent_id IS NULL ORDER BY id"),
	                  ENT_ARGS(ent_arg_id(contract)), call->arena, out, error);
}

/* The contract that renews this one. */
static enum ent_code find_made(struct ent_call *call, ent_id contract, ent_id *out,
                               struct ent_error *error)
{
	struct ent_rows rows;
	enum ent_code code =
		ent_db_run(call->db, ENT_STR("SELECT id FROM contract WHERE renewed_from_id = $1"),
	                   ENT_ARGS(ent_arg_id(contract)), call->arena, &rows, error);
	if (code == ENT_OK) {
		out->value = rows.first->cell[0].number;
	}
	return code;
}

static enum ent_code act(struct ent_demo *demo, struct ent_call *call,
                         const struct ent_demo_step *step, struct ent_error *error)
{
	ent_id id = demo->contracts[acts[step->n].contract];
	const struct ent_action_row *action =
		ent_action_of(&ent_contract_type, ent_str_of(acts[step->n].action));
	void *input = ent_arena_alloc(call->arena, 1, action->input->size, 16);
	void *out = ent_arena_alloc(call->arena, 1, action->result->size, 16);
	struct ent_rows lines;
	ent_type_clear(action->input, input);
	if (!demo->options->add) {
		call->who = &demo->who[1];
	}
	enum ent_code code = lines_at_top(call, id, &lines, error);
	if (code == ENT_OK) {
		code = read(fill_in(demo, acts[step->n].input, &lines, call->arena), action->input,
		            ENT_JSON_CREATE, call->arena, input, error);
	}
	if (code == ENT_OK) {
		code = action->act(call, id, 0, input, out, error);
	}
	return code == ENT_OK && acts[step->n].makes != NONE
	               ? find_made(call, id, &demo->contracts[acts[step->n].makes], error)
	               : code;
}

void ent_demo_plan_contracts(struct ent_demo *demo)
{
	for (size_t n = 0; n < ENT_COUNT(contracts); n++) {
		int32_t made = contracts[n].starts - 10;
		made = made > -3 ? -3 : made < -ENT_DEMO_PAST_DAYS ? -ENT_DEMO_PAST_DAYS : made;
		ent_demo_plan(demo, ent_demo_at(demo, made, 560), make, n, 0);
	}
	for (size_t n = 0; n < ENT_COUNT(acts); n++) {
		ent_demo_plan(demo, ent_demo_at(demo, acts[n].day, 600), act, n, 0);
	}
}
