#include "app/action.h"
#include "app/case.h"

/* Have the entitlement that *c names cover it; none: nothing does. */
static enum ent_code link(struct ent_call *call, const struct ent_case *before, struct ent_case *c,
                          const char *verb, struct ent_error *error)
{
	struct ent_charging charging = { .call = call };
	struct ent_coverage_answer answer = { .chosen = NULL };
	enum ent_code code = ent_case_must_be_open(before, verb, error);
	if (code != ENT_OK || ent_id_eq(before->entitlement_id, c->entitlement_id)) {
		return code;
	}
	if (!ent_id_is_none(c->entitlement_id)) {
		code = ent_case_cover(&charging, before, c, "/entitlement_id", &answer, error);
	}
	if (code == ENT_OK) {
		code = ent_case_relink(&charging, before, c, &answer, error);
	}
	return code == ENT_OK ? ent_case_store(&charging, before, c, verb, error) : code;
}

enum ent_code ent_case_link(struct ent_call *call, ent_id id, int64_t version, const void *input,
                            void *out, struct ent_error *error)
{
	const struct ent_input_link *asked = input;
	struct ent_case *c = out;
	enum ent_code code = ent_case_hold(call, "case.link", id, version, asked->reason, c, error);
	struct ent_case before = *c;
	if (code == ENT_OK) {
		c->entitlement_id = asked->entitlement_id;
		code = link(call, &before, c, "linked", error);
	}
	return code;
}

enum ent_code ent_case_unlink(struct ent_call *call, ent_id id, int64_t version, const void *input,
                              void *out, struct ent_error *error)
{
	const struct ent_input_reason *asked = input;
	struct ent_case *c = out;
	enum ent_code code = ent_case_hold(call, "case.link", id, version, asked->reason, c, error);
	struct ent_case before = *c;
	if (code == ENT_OK) {
		c->entitlement_id = ENT_ID_NONE;
		code = link(call, &before, c, "unlinked", error);
	}
	return code;
}

/* dynamics 3.5 "do not decrement", and back. */
enum ent_code ent_case_override_terms(struct ent_call *call, ent_id id, int64_t version,
                                      const void *input, void *out, struct ent_error *error)
{
	const struct ent_input_override *asked = input;
	struct ent_charging charging = { .call = call };
	struct ent_case *c = out;
	enum ent_code code = ent_case_hold(call, "entitlement.override_terms", id, version,
	                                   asked->reason, c, error);
	struct ent_case before = *c;
	if (code != ENT_OK || c->override_terms == asked->override_terms) {
		return code;
	}
	if (!ent_id_is_none(c->merged_into_id)) {
		return ent_fail(error, ENT_E_STATE, "%.*s was merged into another one",
		                (int)c->number.len, c->number.ptr);
	}
	code = ent_charging_apply(&charging, c,
	                          asked->override_terms ? ENT_CHARGE_OVERRIDE_ON
	                                                : ENT_CHARGE_OVERRIDE_OFF,
	                          error);
	if (code == ENT_OK) {
		c->override_terms = asked->override_terms;
		code = ent_case_store(&charging, &before, c,
		                      asked->override_terms ? "terms_overridden" : "terms_restored",
		                      error);
	}
	return code;
}
