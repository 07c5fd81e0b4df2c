#include "store/zoneinfo.h"

#include "test.h"

#include <pthread.h>
#include <unistd.h>

TEST(zoneinfo_finds_zones_once)
{
	struct ent_error error = { 0 };
	const struct ent_zone *berlin = NULL;
	const struct ent_zone *again = NULL;
	CHECK_INT(ent_zoneinfo_find(ENT_STR("Europe/Berlin"), &berlin, &error), ENT_OK);
	CHECK_INT(ent_zoneinfo_find(ENT_STR("Europe/Berlin"), &again, &error), ENT_OK);
	CHECK(berlin != NULL && berlin == again);
	CHECK_TEXT(berlin->name.ptr, "Europe/Berlin");
	CHECK_INT(ent_zone_offset(berlin, (ent_instant){ 1751328000 * ENT_SECOND_US }), 7200);
	CHECK_INT(ent_zoneinfo_find(ENT_STR("UTC"), &again, &error), ENT_OK);
	CHECK(again == &ent_zone_utc);
}

TEST(zoneinfo_refuses_what_is_no_zone)
{
	static const struct {
		const char *why;
		const char *name;
	} rows[] = {
		{ "empty", "" },
		{ "root", "/" },
		{ "folder", "Europe" },
		{ "folder with slash", "Europe/" },
		{ "two slashes", "Europe//Berlin" },
		{ "absolute", "/Europe/Berlin" },
		{ "outside", "../etc/passwd" },
		{ "by way of the parent", "Europe/../Europe/Berlin" },
		{ "behind a zone", "Europe/Berlin/x" },
		{ "unknown", "Europe/Atlantis" },
		{ "lower case", "europe/berlin" },
		{ "line feed", "Europe/Berlin\n" },
		{ "blank", "a b" },
		{ "UTF-8", "M\xc3\xbcnchen" },
		{ "not UTF-8", "\xff" },
		{ "a second set", "posix/UTC" },
		{ "with leap seconds", "right/UTC" },
		{ "of this machine", "localtime" },
		{ "of this machine too", "posixrules" },
		{ "not set up", "Factory" },
		{ "a table", "zone.tab" },
		{ "a table without dot", "leapseconds" },
		{ "long", "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	};
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		ROW(rows[i].why);
		struct ent_error error = { 0 };
		const struct ent_zone *zone = NULL;
		CHECK_INT(ent_zoneinfo_find(ent_str_of(rows[i].name), &zone, &error),
		          ENT_E_UNKNOWN_VALUE);
		CHECK(zone == NULL);
		CHECK(strstr(error.detail, "Europe/Berlin\" or \"UTC\"") != NULL);
	}
}

static const char *const names[] = { "America/New_York", "Asia/Tokyo",   "Africa/Cairo",
	                             "America/Lima",     "Asia/Kolkata", "Pacific/Apia",
	                             "Asia/Nowhere",     "Europe/Paris" };

static void *find_all(void *arg)
{
	const struct ent_zone **found = arg;
	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < ENT_COUNT(names); i++) {
			struct ent_error error = { 0 };
			const struct ent_zone *zone = NULL;
			bool ok = ent_zoneinfo_find(ent_str_of(names[i]), &zone, &error) == ENT_OK;
			found[i] = ok ? zone : NULL;
		}
	}
	return NULL;
}

TEST(zoneinfo_answers_all_threads_alike)
{
	static const struct ent_zone *found[4][ENT_COUNT(names)];
	pthread_t threads[4];
	for (size_t i = 0; i < 4; i++) {
		CHECK_INT(pthread_create(&threads[i], NULL, find_all, found[i]), 0);
	}
	for (size_t i = 0; i < 4; i++) {
		CHECK_INT(pthread_join(threads[i], NULL), 0);
	}
	for (size_t k = 0; k < ENT_COUNT(names); k++) {
		ROW(names[k]);
		CHECK((found[0][k] != NULL) == (strcmp(names[k], "Asia/Nowhere") != 0));
		for (size_t i = 1; i < 4; i++) {
			CHECK(found[i][k] == found[0][k]);
		}
	}
}

TEST(zoneinfo_looks_where_it_is_told)
{
	struct ent_error error = { 0 };
	const struct ent_zone *zone = NULL;
	char folder[] = "/tmp/ent_zones_XXXXXX";
	char link[64];
	CHECK(mkdtemp(folder) != NULL);
	snprintf(link, sizeof(link), "%s/Ours", folder);
	CHECK_INT(symlink("/usr/share/zoneinfo/Asia/Tokyo", link), 0);
	setenv("TZDIR", folder, 1);
	CHECK_INT(ent_zoneinfo_find(ENT_STR("Ours"), &zone, &error), ENT_OK);
	CHECK(zone != NULL && ent_zone_offset(zone, (ent_instant){ 0 }) == 32400);
	CHECK_INT(ent_zoneinfo_find(ENT_STR("Asia/Seoul"), &zone, &error), ENT_E_UNKNOWN_VALUE);
	unlink(link);
	rmdir(folder);

	char longest[600];
	memset(longest, 'x', sizeof(longest));
	longest[599] = '\0';
	setenv("TZDIR", longest, 1);
	CHECK_INT(ent_zoneinfo_find(ENT_STR("Asia/Seoul"), &zone, &error), ENT_E_SYSTEM);
	unsetenv("TZDIR");
	CHECK_INT(ent_zoneinfo_find(ENT_STR("Asia/Seoul"), &zone, &error), ENT_OK);
}
