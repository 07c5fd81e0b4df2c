#include "app/case.h"
#include "app/coverage.h"

/* ---- asking ---------------------------------------------------------------------------- */

/* What it would cost: 1, but nothing where the charge stays as it is or there is none. */
static int64_t units_asked(const struct ent_case *before, const struct ent_case *c)
{
	bool stays = before != NULL && ent_id_eq(before->entitlement_id, c->entitlement_id) &&
	             !ent_id_is_none(c->entitlement_id) && ent_str_eq(before->channel, c->channel);
	return c->override_terms || stays ? 0 : 1;
}

static struct ent_coverage_question question_of(const struct ent_case *before,
                                                const struct ent_case *c)
{
	struct ent_coverage_question question = {
		.account_id = c->account_id,
		.contact_id = c->contact_id,
		.product_id = c->product_id,
		.asset_id = c->asset_id,
		.entitlement_id = c->entitlement_id,
		.channel = c->channel,
		.at = ENT_INSTANT_NONE,
		.units = units_asked(before, c),
	};
	if (before != NULL) {
		question.held_id = before->entitlement_id;
		question.held_units = before->units_charged + before->units_reserved;
		question.held_channel = before->channel;
	}
	return question;
}

static bool is_locked(const struct ent_call *call, ent_id account)
{
	for (const struct ent_head *head = call->heads; head != NULL; head = head->next) {
		if (ent_id_eq(head->account_id, account)) {
			return true;
		}
	}
	return false;
}

/* An entitlement of an account above this one is read again once that is locked, so that
 * its balance is what it will be charged to. Each round locks one more account. */
static enum ent_code decide(struct ent_call *call, const struct ent_coverage_question *question,
                            struct ent_coverage_answer *out, struct ent_error *error)
{
	for (;;) {
		enum ent_code code = ent_coverage_decide(call, question, ENT_COVERAGE_STORED, out,
		                                         error);
		if (code != ENT_OK || out->chosen == NULL) {
			return code;
		}
		ent_id owner = out->chosen->right->account_id;
		if (is_locked(call, owner)) {
			return ENT_OK;
		}
		code = ent_call_lock(call, owner, error);
		if (code != ENT_OK) {
			return code;
		}
	}
}

static enum ent_code refuse(const struct ent_coverage_answer *answer, ent_id named,
                            const char *pointer, struct ent_error *error)
{
	for (size_t i = 0; i < answer->count; i++) {
		if (ent_id_eq(answer->candidates[i].right->id, named)) {
			return ent_coverage_refuse(&answer->candidates[i], pointer, error);
		}
	}
	char text[ENT_ID_ROOM];
	ent_str id = { text, ent_id_format(named, "ent", text) };
	return ent_refuse(error, ENT_E_WRONG_ACCOUNT, pointer, id,
	                  "name one of the account, or one above it that covers descendants");
}

enum ent_code ent_case_cover(struct ent_charging *charging, const struct ent_case *before,
                             const struct ent_case *c, const char *pointer,
                             struct ent_coverage_answer *out, struct ent_error *error)
{
	struct ent_coverage_question question = question_of(before, c);
	enum ent_code code = decide(charging->call, &question, out, error);
	if (code != ENT_OK) {
		return code;
	}
	if (out->chosen != NULL) {
		ent_charging_take(charging, out->chosen->right->full);
	} else if (!ent_id_is_none(c->entitlement_id)) {
		return refuse(out, c->entitlement_id, pointer, error);
	}
	return ENT_OK;
}

/* ---- linking ----------------------------------------------------------------------------- */

void ent_case_set_cover(struct ent_case *c, const struct ent_coverage_answer *answer)
{
	const struct ent_coverage_candidate *chosen = answer == NULL ? NULL : answer->chosen;
	bool covered = chosen != NULL;
	c->entitlement_id = covered ? chosen->right->id : ENT_ID_NONE;
	c->contract_id = covered && chosen->right->contract != NULL
	                         ? chosen->right->contract->contract_id
	                         : ENT_ID_NONE;
	c->coverage = covered ? ENT_COVERAGE_COVERED : ENT_COVERAGE_NONE;
	c->coverage_rule = (ent_str){ NULL, 0 };
	if (covered) {
		c->coverage_rule = ent_str_of(ent_choice_text(answer->rule));
	}
	c->contact_not_verified = covered && chosen->contact_not_verified;
}

enum ent_code ent_case_relink(struct ent_charging *charging, const struct ent_case *before,
                              struct ent_case *c, const struct ent_coverage_answer *answer,
                              struct ent_error *error)
{
	struct ent_case old = *before;
	enum ent_code code = ent_charging_apply(charging, &old, ENT_CHARGE_UNLINKED, error);
	if (code != ENT_OK) {
		return code;
	}
	ent_case_set_cover(c, answer);
	c->units_charged = 0;
	c->units_reserved = 0;
	return ent_charging_apply(charging, c, ENT_CHARGE_LINKED, error);
}
