/* fuzz: json - any bytes, read as any entity: what is accepted writes out and reads
 * back the same. The first byte picks the type. */
#include "core/type.h"
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char memory[1 << 22];
static struct ent_budget budget = { .fail_at = -1 };

struct input {
	const uint8_t *data;
	size_t size;
};

static ent_str write_node(const struct ent_node *node, struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	ent_json_node(&text, node);
	return ent_text_end(&text);
}

static ent_str write_object(const struct ent_type *type, const void *object,
                            struct ent_arena *arena)
{
	struct ent_text text = ent_text_begin(arena);
	ent_json_write(type, object, NULL, &text);
	return ent_text_end(&text);
}

static void *read_object(const struct ent_type *type, const struct ent_node *node,
                         enum ent_json_use use, struct ent_arena *arena)
{
	struct ent_error error = { 0 };
	struct ent_set given = { 0 };
	void *object = ent_arena_alloc(arena, 1, type->size, 16);
	ent_type_clear(type, object);
	return ent_json_read(type, node, use, arena, object, &given, &error) ? NULL : object;
}

static const struct ent_node *parse(ent_str text, struct ent_arena *arena)
{
	struct ent_error error = { 0 };
	const struct ent_node *node = NULL;
	return ent_json_parse(text, arena, &node, &error) ? NULL : node;
}

static void run(void *arg)
{
	const struct input *in = arg;
	struct ent_arena arena = { memory, memory + sizeof(memory), &budget };
	if (in->size == 0) {
		return;
	}
	ent_str bytes = { (const char *)in->data + 1, in->size - 1 };
	const struct ent_node *node = parse(bytes, &arena);
	if (node == NULL) {
		return;
	}
	ent_str plain = write_node(node, &arena);
	const struct ent_node *again = parse(plain, &arena);
	assert(again != NULL && ent_str_eq(write_node(again, &arena), plain));

	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	const struct ent_type *type = types[in->data[0] % count];
	(void)read_object(type, node, ENT_JSON_CREATE, &arena);
	(void)read_object(type, node, ENT_JSON_UPDATE, &arena);
	void *object = read_object(type, node, ENT_JSON_ANY, &arena);
	if (object != NULL) {
		ent_str one = write_object(type, object, &arena);
		const struct ent_node *written = parse(one, &arena);
		assert(written != NULL);
		void *copy = read_object(type, written, ENT_JSON_ANY, &arena);
		assert(copy != NULL && ent_str_eq(write_object(type, copy, &arena), one));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	return ent_guard(&budget, run, &in) ? 0 : -1; /* -1: too big; not for the corpus */
}
