/* Merge patches: what stays, what goes, what may be sent back. */
#include "sample.h"

#define ACCOUNT "\"acc_0123456789abc\""
#define PART_1  "prt_0000000000001"
#define PART_2  "prt_0000000000002"

static const char present[] =
	"{\"id\":\"smp_0123456789abc\",\"version\":3,\"account_id\":" ACCOUNT ",\"origin\":\"web\","
	"\"title\":\"old\",\"flag\":true,\"size\":5,\"quantity\":7,\"starts_on\":\"2026-01-31\","
	"\"due_at\":\"2026-01-31T09:30:00Z\","
	"\"price\":{\"amount\":\"12.50\",\"currency\":\"EUR\"},\"unit\":\"cases\","
	"\"products\":[\"prd_0123456789abc\"],\"scopes\":[\"a\",\"b\"],"
	"\"metadata\":{\"x\":\"1\",\"y\":\"2\"},\"changes\":{\"a\":[1.50]},\"secret_hash\":\"abc\","
	"\"parts\":[{\"id\":\"" PART_1 "\",\"name\":\"one\",\"total\":10,\"used\":4,\"left\":6},"
	"{\"id\":\"" PART_2 "\",\"name\":\"two\",\"left\":1}],\"remaining\":9}";

static void make_present(struct sample *object, struct ent_arena *arena)
{
	ent_type_clear(&sample_type, object);
	const char *outcome = sample_read(present, ENT_JSON_ANY, object, arena);
	CHECK(outcome[0] == '{');
}

static const char *whole(const struct sample *object, struct ent_arena *arena)
{
	struct ent_text out = ent_text_begin(arena);
	ent_json_write(&sample_type, object, NULL, &out);
	return ent_text_end(&out).ptr;
}

TEST(patch_outcomes)
{
	static const struct {
		const char *patch;
		const char *want;
	} rows[] = {
		{ "{}", "{}" },
		{ "{\"title\":\"new\"}", "{\"title\":\"new\"}" },
		{ "{\"flag\":null,\"size\":null,\"quantity\":null,\"starts_on\":null,\"unit\":null,"
		  "\"price\":null,\"products\":null,\"scopes\":null,\"metadata\":null,"
		  "\"parts\":null}",
		  "{\"flag\":false,\"size\":0,\"quantity\":null,\"starts_on\":null,\"price\":null,"
		  "\"unit\":\"none\",\"products\":[],\"scopes\":[],\"metadata\":{},\"parts\":[]}" },
		/* maps merge, lists replace, money merges */
		{ "{\"metadata\":{\"y\":\"3\"}}", "{\"metadata\":{\"x\":\"1\",\"y\":\"3\"}}" },
		{ "{\"metadata\":{\"x\":null,\"z\":\"4\"}}",
		  "{\"metadata\":{\"y\":\"2\",\"z\":\"4\"}}" },
		{ "{\"metadata\":{\"absent\":null}}", "{\"metadata\":{\"x\":\"1\",\"y\":\"2\"}}" },
		{ "{\"metadata\":{}}", "{\"metadata\":{\"x\":\"1\",\"y\":\"2\"}}" },
		{ "{\"metadata\":{\"a\":\"\",\"b\":\"\",\"x\":null}}",
		  "{\"metadata\":{\"y\":\"2\",\"a\":\"\",\"b\":\"\"}}" },
		{ "{\"metadata\":{\"a\":\"\",\"b\":\"\"}}",
		  "limit /metadata [] give at most 3 pairs" },
		{ "{\"products\":[]}", "{\"products\":[]}" },
		{ "{\"scopes\":[\"c\"]}", "{\"scopes\":[\"c\"]}" },
		{ "{\"price\":{\"amount\":\"9\"}}",
		  "{\"price\":{\"amount\":\"9.00\",\"currency\":\"EUR\"}}" },
		{ "{\"price\":{\"currency\":\"JPY\"}}",
		  "{\"price\":{\"amount\":\"12.5\",\"currency\":\"JPY\"}}" },
		/* children: by their id, anew, none */
		{ "{\"parts\":[{\"id\":\"" PART_2 "\",\"total\":3},{\"name\":\"new\"}]}",
		  "{\"parts\":[{\"id\":\"" PART_2 "\",\"name\":\"two\",\"total\":3,\"left\":1},"
		  "{\"id\":null,\"name\":\"new\",\"total\":null,\"left\":null}]}" },
		{ "{\"parts\":[{\"id\":\"" PART_1 "\",\"total\":null,\"left\":6}]}",
		  "{\"parts\":[{\"id\":\"" PART_1 "\",\"name\":\"one\",\"total\":null,"
		  "\"left\":6}]}" },
		{ "{\"parts\":[{\"id\":null,\"name\":\"new\"}]}",
		  "{\"parts\":[{\"id\":null,\"name\":\"new\",\"total\":null,\"left\":null}]}" },
		{ "{\"parts\":[{\"id\":\"" PART_1 "\"},{\"id\":\"" PART_1 "\"}]}",
		  "duplicate /parts/1/id [" PART_1 "] give it once" },
		{ "{\"parts\":[{\"id\":\"prt_0000000000003\"}]}",
		  "no_such_record /parts/0/id [prt_0000000000003] "
		  "name a present one, or leave it out to add one" },
		{ "{\"parts\":[{\"id\":\"prd_0000000000003\"}]}",
		  "format /parts/0/id [prd_0000000000003] "
		  "give an identifier like prt_0123456789abc" },
		{ "{\"parts\":[{\"id\":\"" PART_1 "\",\"left\":7,\"name\":null}]}",
		  "read_only /parts/0/left [7] is set by the server, leave it out\n"
		  "required /parts/0/name [null] must not be null" },
		/* what cannot be changed, unchanged and changed */
		{ "{\"id\":\"smp_0123456789abc\",\"version\":3,\"remaining\":9,\"origin\":\"web\","
		  "\"account_id\":" ACCOUNT ",\"changes\":{\"a\": [1.50]}}", "{}" },
		{ "{\"version\":4}", "read_only /version [4] is set by the server, leave it out" },
		{ "{\"version\":3.0}",
		  "read_only /version [3.0] is set by the server, leave it out" },
		{ "{\"remaining\":null}",
		  "read_only /remaining [null] is set by the server, leave it out" },
		{ "{\"changes\":{\"a\":[1.5]}}",
		  "read_only /changes [{...}] is set by the server, leave it out" },
		{ "{\"account_id\":\"acc_0123456789abd\",\"origin\":\"x\"}",
		  "fixed /account_id [acc_0123456789abd] cannot be changed, leave it out\n"
		  "fixed /origin [x] cannot be changed, leave it out" },
		{ "{\"account_id\":null}",
		  "fixed /account_id [null] cannot be changed, leave it out" },
		{ "{\"title\":null}", "required /title [null] must not be null" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct sample object;
		ROW(rows[i].patch);
		make_present(&object, &arena);
		CHECK_TEXT(sample_read(rows[i].patch, ENT_JSON_UPDATE, &object, &arena),
		           rows[i].want);
	}
}

TEST(patch_touches_only_what_is_given)
{
	struct ent_arena arena = test_arena();
	struct sample before, after;
	make_present(&before, &arena);
	after = before;
	CHECK_TEXT(sample_read("{\"title\":\"new\"}", ENT_JSON_UPDATE, &after, &arena),
	           "{\"title\":\"new\"}");
	CHECK(ent_str_is(after.title, "new"));
	after.title = before.title;
	CHECK_TEXT(whole(&after, &arena), whole(&before, &arena));
	CHECK(ent_str_is(after.secret_hash, "abc"));
}

TEST(patch_keeps_hidden_fields_of_children)
{
	struct ent_arena arena = test_arena();
	struct sample object;
	make_present(&object, &arena);
	CHECK(sample_read("{\"parts\":[{\"id\":\"" PART_1 "\",\"name\":\"x\"}]}", ENT_JSON_UPDATE,
	                  &object, &arena)[0] == '{');
	const struct part *part = object.parts.items;
	CHECK_INT(part->used, 4);
	CHECK(ent_str_is(part->name, "x"));
}

/* A bad value leaves its field as it was. */
TEST(patch_refused_leaves_fields)
{
	static const char *const patches[] = {
		"{\"title\":5}", "{\"flag\":0}", "{\"size\":1000}", "{\"unit\":\"x\"}",
		"{\"quantity\":-1}", "{\"starts_on\":\"x\"}",
		"{\"due_at\":\"2026-01-31T25:00:00Z\"}",
		"{\"term\":\"P1X\"}", "{\"rate\":\"1.\"}", "{\"products\":[\"x\"]}",
		"{\"scopes\":[\"c\",\" \"]}", "{\"metadata\":{\"x\":null,\"z\":5}}",
		"{\"parts\":[{\"id\":\"" PART_1 "\",\"name\":\"x\"},{\"name\":5}]}",
		"{\"price\":{\"amount\":\"9\",\"currency\":\"QQQ\"}}", "{\"version\":9}", "[]",
	};
	for (size_t i = 0; i < ENT_COUNT(patches); i++) {
		struct ent_arena arena = test_arena();
		struct sample before, after;
		ROW(patches[i]);
		make_present(&before, &arena);
		after = before;
		CHECK(sample_read(patches[i], ENT_JSON_UPDATE, &after, &arena)[0] != '{');
		CHECK_TEXT(whole(&after, &arena), whole(&before, &arena));
	}
}

static void read_and_write(void *arg)
{
	struct ent_arena arena = test_arena();
	struct sample object;
	make_present(&object, &arena);
	const char *patch =
		"{\"metadata\":{\"\\u0078\":\"\\n\"},\"version\":3,\"scopes\":[\"c\"],"
		"\"parts\":[{\"id\":\"" PART_2 "\",\"name\":\"x\"},{\"name\":\"y\"}]}";
	CHECK(sample_read(patch, ENT_JSON_UPDATE, &object, &arena)[0] == '{');
	*(size_t *)arg = strlen(whole(&object, &arena));
}

static void after_read_and_write(void *arg, bool ok)
{
	CHECK((*(size_t *)arg > 0) == ok);
}

TEST(patch_each_allocation_fails)
{
	size_t len = 0;
	CHECK(test_each_allocation_fails(read_and_write, after_read_and_write, &len) > 100);
}
