/* fuzz: core - any bytes as an expression about cases. Faults lie within the text; what is
 * accepted prints, compiles again and prints the same, and both come to the same result. */
#include "core/expression.h"
#include "core/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 22];
static struct ent_budget budget = { .fail_at = -1 };

static void check_faults(const struct ent_expression_faults *faults, ent_str text)
{
	assert(faults->count > 0 && faults->count <= ENT_ISSUE_MAX);
	for (size_t i = 0; i < faults->count; i++) {
		const struct ent_expression_fault *f = &faults->items[i];
		assert(f->at <= text.len && f->length <= text.len - f->at);
		assert(ent_str_eq(f->found, (ent_str){ text.ptr + f->at, f->length }));
		assert(f->line > 0 && f->column > 0 && f->reason.len > 0);
	}
}

static void check_results(const struct ent_expression *e, const struct ent_expression *again,
                          struct ent_arena arena)
{
	static const ent_id products[] = { { 1 }, { 2 } };
	struct ent_case one;
	struct ent_account account;
	struct ent_entitlement entitlement;
	ent_type_clear(&ent_case_type, &one);
	ent_type_clear(&ent_account_type, &account);
	ent_type_clear(&ent_entitlement_type, &entitlement);
	one.title = ENT_STR("Printer prints prints");
	one.product_id.value = 2;
	account.tier = ENT_STR("gold");
	entitlement.products = (struct ent_ids){ products, 2 };
	entitlement.overage_price = (ent_money){ 5000000, "EUR" };
	const void *none[ENT_CASE_ROOTS] = { NULL };
	const void *some[ENT_CASE_ROOTS] = { [ENT_ROOT_CASE] = &one,
		                             [ENT_ROOT_ACCOUNT] = &account,
		                             [ENT_ROOT_ENTITLEMENT] = &entitlement };
	assert(ent_expression_eval(e, none) == ent_expression_eval(again, none));
	assert(ent_expression_eval(e, some) == ent_expression_eval(again, some));
	size_t count;
	const struct ent_expression_step *steps = ent_expression_explain(e, some, &arena, &count);
	assert(count > 0 && steps[0].result == ent_expression_eval(e, some));
}

static ent_str print(const struct ent_expression *e, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_expression_print(e, &out);
	return ent_text_end(&out);
}

static void run(void *arg)
{
	const ent_str *text = arg;
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	const struct ent_expression *e;
	const struct ent_expression *again;
	struct ent_expression_faults faults;
	if (!ent_expression_check(*text, &ent_case_scope, &arena, &e, &faults)) {
		check_faults(&faults, *text);
		return;
	}
	ent_str printed = print(e, &arena);
	if (!ent_expression_check(printed, &ent_case_scope, &arena, &again, &faults)) {
		assert(faults.items[0].code == ENT_E_LIMIT); /* what fits can be longer in full */
		return;
	}
	assert(ent_str_eq(printed, print(again, &arena)));
	check_results(e, again, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ent_str text = { (const char *)data, size };
	budget.high = memory;
	bool fits = ent_guard(&budget, run, &text);
	assert(fits);
	return 0;
}
