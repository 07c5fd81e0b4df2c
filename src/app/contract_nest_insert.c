/* contract_nest_insert.c - what was read and judged becomes rows. */
#include "app/contract_nest_inner.h"
#include "app/entitlement.h"
#include "app/entitlement_act.h"
#include "base/text.h"

bool ent_nest_is_reading(const struct ent_call *call)
{
	return call->nest != NULL && call->nest->is_reading;
}

size_t ent_nest_lines(const struct ent_call *call)
{
	return call->nest == NULL ? 0 : call->nest->line_count;
}

static enum ent_code insert_lines(struct ent_call *call, const struct ent_contract *contract,
                                  ent_instant *next, struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	int64_t number = contract->line_count - (int64_t)call->nest->line_count;
	for (struct nested_line *l = call->nest->lines; l != NULL && code == ENT_OK; l = l->next) {
		ent_instant at = ent_contract_next_line(call, contract, l->root, &l->line);
		next->us = at.us < next->us ? at.us : next->us;
		l->line.number = ent_contract_line_number(call, contract, ++number);
		code = ent_record_insert(call, &ent_contract_line_type, &l->line, "created", error);
	}
	return code;
}

static enum ent_code insert_rights(struct ent_call *call, const struct ent_contract *contract,
                                   struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	for (struct nested_right *r = call->nest->rights; r != NULL && code == ENT_OK;
	     r = r->next) {
		struct ent_entitlement *e = &r->entitlement;
		code = ent_entitlement_number(call, &e->number, error);
		if (code == ENT_OK) {
			code = ent_record_insert(call, &ent_entitlement_type, e, "created", error);
		}
		if (code == ENT_OK && contract->stage == ENT_STAGE_LIVE) {
			code = ent_act_begin(call, e, error);
		}
	}
	return code;
}

static enum ent_code insert_covers(struct ent_call *call, const struct ent_contract *contract,
                                   struct ent_error *error)
{
	enum ent_code code = ENT_OK;
	if (call->nest->covers_contract) {
		code = ent_contract_mark(call, &ent_contract_type, contract->account_id,
		                         contract->id, ENT_CONTRACT_COVERAGE, error);
	}
	for (struct nested_cover *c = call->nest->covers; c != NULL && code == ENT_OK;
	     c = c->next) {
		code = ent_record_insert(call, &ent_contract_coverage_type, &c->row, "created",
		                         error);
	}
	return code;
}

enum ent_code ent_nest_insert(struct ent_call *call, struct ent_contract *contract,
                              struct ent_error *error)
{
	ent_instant next = ENT_INSTANT_END;
	if (call->nest == NULL) {
		return ENT_OK;
	}
	enum ent_code code = insert_lines(call, contract, &next, error);
	if (code == ENT_OK) {
		code = insert_rights(call, contract, error);
	}
	if (code == ENT_OK) {
		code = insert_covers(call, contract, error);
	}
	if (code == ENT_OK) {
		code = ent_contract_expect(call, contract, next, error);
	}
	call->nest = NULL;
	return code;
}
