#include "http/static.h"

#include "test.h"

#include "base/text.h"

/* A tar under construction. */
static char tar[8192];
static size_t tar_size;

static void put(const char *name, char kind, const char *body)
{
	char *header = tar + tar_size;
	size_t size = strlen(body);
	memset(header, 0, 1024);
	snprintf(header, 100, "%s", name);
	snprintf(header + 124, 12, "%011o", (unsigned)size);
	header[156] = kind;
	memcpy(header + 512, body, size);
	tar_size += size > 0 ? 1024 : 512;
}

static void begin(void)
{
	memset(tar, 0, sizeof(tar));
	tar_size = 0;
}

static enum ent_code load(struct ent_arena *arena, struct ent_static *pages)
{
	struct ent_error error = { 0 };
	return ent_static_tar((ent_str){ tar, sizeof(tar) }, arena, pages, &error);
}

static struct ent_static site(struct ent_arena *arena)
{
	struct ent_static pages = { NULL, 0 };
	begin();
	put("assets/", '5', "");
	put("assets/a-1.js", '0', "let a;");
	put("assets/a-1.js.LICENSE.txt", '0', "free");
	put("assets/a-1.js.gz", '0', "zipped");
	put("index.html", '0', "<p>home");
	put("./docs/index.html", '\0', "<p>docs");
	put("alone.gz", '0', "as it is");
	CHECK_INT(load(arena, &pages), ENT_OK);
	return pages;
}

TEST(static_tar_becomes_files)
{
	struct ent_arena arena = test_arena();
	struct ent_static pages = site(&arena);
	CHECK_INT((long long)pages.count, 5);
	const struct ent_static_file *a = ent_static_find(&pages, ENT_STR("/assets/a-1.js"));
	CHECK(a != NULL);
	CHECK(ent_str_is(a->body, "let a;"));
	CHECK(ent_str_is(a->gzip, "zipped"));
	CHECK_TEXT(a->type, "text/javascript; charset=utf-8");
	CHECK(ent_static_find(&pages, ENT_STR("/assets/a-1.js.gz")) == NULL);
	CHECK(ent_static_find(&pages, ENT_STR("/docs/index.html")) != NULL);
	a = ent_static_find(&pages, ENT_STR("/alone.gz"));
	CHECK(a != NULL);
	CHECK_TEXT(a->type, "application/octet-stream");
}

TEST(static_tar_damaged_is_refused)
{
	static const struct {
		const char *name;
		const char *file;
		char kind;
		size_t at; /* a byte to change */
		char to;
	} rows[] = {
		{ "sound", "a", '0', 0, 'a' },
		{ "size is no number", "a", '0', 130, 'x' },
		{ "size beyond the end", "a", '0', 124, '7' },
		{ "a link", "a", '2', 0, 'a' },
		{ "a long name", "a", 'L', 0, 'a' },
		{ "outside", "../a", '0', 0, '.' },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arena arena = test_arena();
		struct ent_static pages = { NULL, 0 };
		ROW(rows[i].name);
		begin();
		put(rows[i].file, rows[i].kind, "body");
		tar[rows[i].at] = rows[i].to;
		CHECK_INT(load(&arena, &pages), i == 0 ? ENT_OK : ENT_E_FORMAT);
	}
}

TEST(static_nothing_built_is_no_pages)
{
	struct ent_arena arena = test_arena();
	struct ent_static pages;
	struct ent_error error = { 0 };
	CHECK_INT(ent_static_tar(ENT_STR(""), &arena, &pages, &error), ENT_OK);
	CHECK_INT((long long)pages.count, 0);
	CHECK(ent_static_find(&pages, ENT_STR("/")) == NULL);
}

TEST(static_embedded_pages_are_sound)
{
	struct ent_arena arena = test_arena();
	struct ent_static pages;
	struct ent_error error = { 0 };
	CHECK_INT(ent_static_embedded(&arena, &pages, &error), ENT_OK);
}

TEST(static_folder_is_read_like_a_tar)
{
	struct ent_arena arena = test_arena();
	struct ent_static pages;
	struct ent_error error = { 0 };
	CHECK_INT(ent_static_folder(ENT_SOURCE_DIR "/web/pages", &arena, &pages, &error), ENT_OK);
	CHECK(ent_static_find(&pages, ENT_STR("/reference/index.html")) != NULL);
	CHECK(ent_static_find(&pages, ENT_STR("/reference/errors/index.html")) != NULL);
	CHECK_INT(ent_static_folder("/nowhere", &arena, &pages, &error), ENT_E_SYSTEM);
}

static ent_str header_of(const struct ent_http_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->header_count; i++) {
		if (ent_str_is(reply->headers[i].name, name)) {
			return reply->headers[i].value;
		}
	}
	return (ent_str){ NULL, 0 };
}

TEST(static_answers)
{
	static const struct {
		const char *name;
		const char *method;
		const char *path;
		const char *codings;
		int status; /* 0: not a page */
		const char *body;
		const char *cache;
		const char *location;
		const char *accept;
	} rows[] = {
		{ "home", "GET", "/", "", 200, "<p>home", "no-cache", "", "*/*" },
		{ "HEAD too", "HEAD", "/", "", 200, "<p>home", "no-cache", "", "*/*" },
		{ "a folder", "GET", "/docs/", "", 200, "<p>docs", "no-cache", "", "*/*" },
		{ "a folder without slash", "GET", "/docs", "", 308, "", "", "/docs/", "*/*" },
		{ "two slashes lead nowhere", "GET", "//docs", "", 0, "", "", "", "*/*" },
		{ "an asset", "GET", "/assets/a-1.js", "", 200, "let a;",
		  "public, max-age=31536000, immutable", "", "*/*" },
		{ "zipped", "GET", "/assets/a-1.js", "br;q=1, gzip;q=0.8", 200, "zipped",
		  "public, max-age=31536000, immutable", "", "*/*" },
		{ "not zipped", "GET", "/assets/a-1.js", "gzip;q=0", 200, "let a;",
		  "public, max-age=31536000, immutable", "", "*/*" },
		{ "nothing to zip", "GET", "/", "gzip", 200, "<p>home", "no-cache", "", "*/*" },
		{ "not a page", "GET", "/v1/cases", "", 0, "", "", "", "*/*" },
		{ "not a reading", "POST", "/", "", 0, "", "", "", "*/*" },
		{ "a view", "GET", "/cases/cas_1", "", 200, "<p>home", "no-cache", "",
		  "text/html,*/*" },
		{ "a view, not for programs", "GET", "/cases/cas_1", "", 0, "", "", "", "*/*" },
		{ "the API is no view", "GET", "/v1/nothing", "", 0, "", "", "", "text/html" },
		{ "nor the reference", "GET", "/reference/x", "", 0, "", "", "", "text/html" },
		{ "nor a file", "GET", "/assets/b.js", "", 0, "", "", "", "text/html" },
		{ "nor another host", "GET", "//docs/x", "", 0, "", "", "", "text/html" },
		{ "nor a change", "POST", "/cases", "", 0, "", "", "", "text/html" },
	};
	struct ent_arena arena = test_arena();
	struct ent_static pages = site(&arena);
	static struct ent_http_exchange exchange;
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_static_room room;
		struct ent_http_reply reply = { 0 };
		ROW(rows[i].name);
		exchange.method = ent_str_of(rows[i].method);
		exchange.path = ent_str_of(rows[i].path);
		exchange.headers[0].name = ENT_STR("accept-encoding");
		exchange.headers[0].value = ent_str_of(rows[i].codings);
		exchange.headers[1].name = ENT_STR("accept");
		exchange.headers[1].value = ent_str_of(rows[i].accept);
		exchange.header_count = 2;
		CHECK(ent_static_answer(&pages, &exchange, &room, &reply) == (rows[i].status != 0));
		CHECK_INT(reply.status, rows[i].status);
		CHECK(ent_str_is(reply.body, rows[i].body));
		CHECK(ent_str_is(header_of(&reply, "cache-control"), rows[i].cache));
		CHECK(ent_str_is(header_of(&reply, "location"), rows[i].location));
	}
}

TEST(static_answers_304_to_who_has_it)
{
	struct ent_arena arena = test_arena();
	struct ent_static pages = site(&arena);
	struct ent_static_room room;
	struct ent_http_reply reply;
	static struct ent_http_exchange exchange;
	exchange.method = ENT_STR("GET");
	exchange.path = ENT_STR("/index.html");
	exchange.header_count = 0;
	CHECK(ent_static_answer(&pages, &exchange, &room, &reply));
	ent_str etag = header_of(&reply, "etag");
	exchange.headers[0].name = ENT_STR("if-none-match");
	exchange.headers[0].value =
		ent_text_format(&arena, "\"x\", W/%.*s", (int)etag.len, etag.ptr);
	exchange.header_count = 1;
	CHECK(ent_static_answer(&pages, &exchange, &room, &reply));
	CHECK_INT(reply.status, 304);
	CHECK_INT((long long)reply.body.len, 0);
	CHECK(ent_str_eq(header_of(&reply, "etag"), etag));
}

TEST(static_only_the_reference_may_write_styles)
{
	struct ent_arena arena = test_arena();
	static struct ent_http_exchange exchange;
	static const char *const paths[] = { "/reference/", "/" };
	struct ent_static pages = { NULL, 0 };
	begin();
	put("index.html", '0', "<p>home");
	put("reference/index.html", '0', "<p>reference");
	CHECK_INT(load(&arena, &pages), ENT_OK);
	for (size_t i = 0; i < ENT_COUNT(paths); i++) {
		struct ent_static_room room;
		struct ent_http_reply reply;
		ROW(paths[i]);
		exchange.method = ENT_STR("GET");
		exchange.path = ent_str_of(paths[i]);
		CHECK(ent_static_answer(&pages, &exchange, &room, &reply));
		ent_str policy = header_of(&reply, "content-security-policy");
		CHECK(ent_str_contains(policy, ENT_STR("default-src 'self'")));
		CHECK(ent_str_contains(policy, ENT_STR("unsafe-inline")) == (i == 0));
	}
}
