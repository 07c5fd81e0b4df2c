/* fuzz: core - a text with places: checking and filling end, the bound holds, values add no
 * line, and what is refused stays as it is. */
#include "core/template_text.h"
#include "core/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char memory[1 << 20];
	enum { MAX = 300 };
	struct ent_budget budget = { .high = memory, .fail_at = -1 };
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	struct ent_case c;
	struct ent_error error;
	if (size > 4096) {
		return 0;
	}
	ent_type_clear(&ent_case_type, &c);
	c.id = (ent_id){ 12345678 };
	c.title = ENT_STR("a\r\nBcc: b");
	c.created_at = (ent_instant){ 1 };
	const struct ent_template_thing things[] = { { "case", &ent_case_type, &c },
		                                     { "account", &ent_account_type, NULL } };
	ent_str text = { (const char *)data, size };
	ent_error_clear(&error);
	ent_template_text_check(text, things, 2, "/body", &error);
	ent_str out = ent_template_text_fill(text, things, 2, &ent_zone_utc, false, MAX, &arena);
	assert(out.len <= MAX);
	bool had = memchr(text.ptr, '\n', text.len) != NULL ||
	           memchr(text.ptr, '\r', text.len) != NULL;
	bool has = memchr(out.ptr, '\n', out.len) != NULL || memchr(out.ptr, '\r', out.len) != NULL;
	assert(had || !has);
	return 0;
}
