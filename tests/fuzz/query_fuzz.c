/* fuzz: api - any text as the query string of every list, as a cursor and as a part of a
 * path: understood or refused with a reason, never anything else. */
#include "api/request.h"
#include "app/list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY_BYTES = 4 << 20 };

static char memory[MEMORY_BYTES];

struct input {
	const struct ent_route *route;
	ent_str text;
};

static void check_query(const struct input *input, struct ent_arena *arena)
{
	struct ent_http_exchange exchange = { .query = input->text };
	struct ent_request request = { .exchange = &exchange, .match = { .route = input->route } };
	struct ent_call call = { .arena = arena };
	struct ent_error error;
	ent_error_clear(&error);
	enum ent_code code = ent_request_query(&request, &call, &error);
	assert(code == ENT_OK || ent_code_http(code) == 400);
	assert(code == error.code || code == ENT_OK);
	if (code == ENT_OK) {
		assert(request.query.limit >= 1 && request.query.limit <= ENT_LIMIT_MAX);
		assert(request.query.sort_count <= ENT_SORT_MAX);
		ent_list_patterns(request.query.filters, arena);
	}
}

/* Of a list sorted by its label and when it was made; the id comes last by itself. */
static void check_cursor(const struct input *input, struct ent_arena *arena)
{
	const struct ent_type *type = input->route->type;
	struct ent_query query = { .limit = 1, .cursor = input->text, .sort_count = 1 };
	query.sort[0].field = ent_type_field(type, ent_str_of(type->label));
	enum ent_kind kind = query.sort[0].field->kind;
	bool is_text = kind == ENT_K_TEXT || kind == ENT_K_ENUM;
	uint32_t mark = ent_list_mark(type, &query);
	struct ent_value keys[ENT_SORT_MAX + 1];
	if (ent_cursor_read(&query, mark, keys, arena)) {
		query.cursor = ent_cursor_make(keys, 2, mark, arena);
		assert(ent_cursor_read(&query, mark, keys, arena));
	}
	keys[0] = is_text ? ent_arg_text(input->text) : ent_arg_int(7);
	keys[1] = ent_arg_int((int64_t)input->text.len);
	query.cursor = ent_cursor_make(keys, 2, mark, arena);
	assert(ent_cursor_read(&query, mark, keys, arena) ||
	       (is_text && !ent_str_is_text(input->text)));
}

static struct ent_budget budget = { .high = memory, .fail_at = -1 };

static void run(void *arg)
{
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	struct ent_arena scratch = arena;
	check_query(arg, &scratch);
	scratch = arena;
	check_cursor(arg, &scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t count;
	const struct ent_route *routes = ent_routes(&count);
	if (size < 1 || size > 8192) {
		return 0;
	}
	struct input input = { .route = &routes[data[0] % count],
		               .text = { (const char *)data + 1, size - 1 } };
	if (input.route->type == NULL) {
		return 0;
	}
	assert(ent_guard(&budget, run, &input) || size > 4096);
	return 0;
}
