/* Lists of entity-tags, as If-Match has them, and what Allow tells. */
#include "api/inner.h"
#include "test.h"

static const struct {
	const char *list, *want; /* the versions, or "none": it is no list */
} lists[] = {
	{ "", "" }, { " , ,", "" }, { "\"v1\"", "1" }, { "\"v1\",\"v2\"", "1 2" },
	{ ", \"v1\"\t,, \"v12\" ,", "1 12" }, { "\"a, b\", \"v3\"", "3" },
	{ "W/\"v1\", \"v2\"", "2" }, { "\"W/\", \"\", \"v\"", "" },
	{ "\"v0\", \"v-1\", \"v01\", \"v1x\", \"x1\"", "" },
	{ "\"v9223372036854775807\", \"v9223372036854775808\"", "9223372036854775807" },
	{ "\"v1\" \"v2\"", "none" }, { "\"v1\"\"v2\"", "none" }, { "v1", "none" },
	{ "\"v1\", v2", "none" }, { "\"v1", "none" }, { "\"v1\", \"", "none" },
	{ "w/\"v1\"", "none" }, { "W/", "none" }, { "W/\"", "none" },
	{ "\"v1\", *", "none" },
};

TEST(match_reads_lists_of_entity_tags)
{
	for (size_t i = 0; i < ENT_COUNT(lists); i++) {
		ROW(lists[i].list);
		ent_str list = ent_str_of(lists[i].list);
		int64_t versions[16];
		char got[120] = "none";
		size_t count;
		if (ent_etags_read(list, versions, &count)) {
			CHECK(count <= list.len / 4);
			size_t len = 0;
			got[0] = '\0';
			for (size_t k = 0; k < count; k++) {
				len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%lld",
				                        k > 0 ? " " : "", (long long)versions[k]);
			}
		}
		CHECK_TEXT(got, lists[i].want);
	}
}

TEST(route_allows_what_is_there)
{
	static const struct {
		const char *method, *path, *want;
	} rows[] = {
		{ "PUT", "/v1/accounts", "GET, HEAD, POST, OPTIONS" },
		{ "PUT", "/v1/users/me", "GET, HEAD, PATCH, DELETE, OPTIONS" },
		{ "GET", "/v1/cases/x/resolve", "POST, OPTIONS" },
		{ "HEAD", "/v1/cases/x/resolve", "POST, OPTIONS" },
		{ "OPTIONS", "*", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" },
		{ "GET", "*", "" },
		{ "OPTIONS", "/v1/nothing", "" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].path);
		struct ent_route_match match =
			ent_route_find(ent_str_of(rows[i].method), ent_str_of(rows[i].path));
		CHECK(match.route == NULL);
		CHECK_TEXT(match.allow, rows[i].want);
	}
}
