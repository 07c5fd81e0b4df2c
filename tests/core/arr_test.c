/* Movements of what a year brings: a table, chains, periods, and what must hold of all. */
#include "core/arr.h"

#include "test.h"

static const struct {
	const char *name;
	struct ent_arr_point before, after;
	bool has_been;
	struct ent_arr_moved moved;
} rows[] = {
	{ "nothing", { 0, 0, 0 }, { 0, 0, 0 }, 0, { 0 } },
	{ "new", { 0, 0, 0 }, { 1200, 1, 0 }, 0, { .new = 1200, .closing = 1200 } },
	{ "won back", { 0, 0, 0 }, { 1200, 1, 0 }, 1, { .won_back = 1200, .closing = 1200 } },
	{ "churn", { 1200, 1, 0 }, { 0, 0, 0 }, 1, { .opening = 1200, .churn = -1200 } },
	{ "as before", { 1200, 1, 0 }, { 1200, 1, 0 }, 1, { .opening = 1200, .closing = 1200 } },
	{ "a dearer renewal",
	  { 1200, 1, 0 },
	  { 1320, 1, 0 },
	  1,
	  { .opening = 1200, .uplift = 120, .closing = 1320 } },
	{ "a cheaper renewal",
	  { 1200, 1, 0 },
	  { 900, 1, 0 },
	  1,
	  { .opening = 1200, .downsell = -300, .closing = 900 } },
	{ "renewed with more",
	  { 1200, 2, 0 },
	  { 1800, 3, 0 },
	  1,
	  { .opening = 1200, .upsell = 600, .closing = 1800 } },
	{ "renewed dearer and with less: 2 at 600, then 1 at 700",
	  { 1200, 2, 0 },
	  { 700, 1, 0 },
	  1,
	  { .opening = 1200, .uplift = 200, .downsell = -700, .closing = 700 } },
	{ "changed: all of it is upsell",
	  { 1200, 100, 0 },
	  { 1400, 100, 1 },
	  1,
	  { .opening = 1200, .upsell = 200, .closing = 1400 } },
	{ "changed: all of it is downsell",
	  { 1200, 100, 0 },
	  { 600, 10, 1 },
	  1,
	  { .opening = 1200, .downsell = -600, .closing = 600 } },
};

TEST(arr_movements)
{
	for (size_t i = 0; i < ENT_COUNT(rows); i++) {
		struct ent_arr_moved moved = { 0 };
		ROW(rows[i].name);
		CHECK(ent_arr_move(&rows[i].before, &rows[i].after, rows[i].has_been, &moved));
		CHECK(memcmp(&moved, &rows[i].moved, sizeof(moved)) == 0);
	}
	struct ent_arr_moved full = { .opening = INT64_MAX };
	CHECK(!ent_arr_move(&rows[3].before, &rows[3].after, true, &full));
}

TEST(arr_random_movements_add_up)
{
	uint64_t state = 20261124;
	for (int n = 0; n < 100000; n++) {
		struct ent_arr_moved m = { 0 };
		struct ent_arr_point p[2];
		for (size_t i = 0; i < 2; i++) {
			bool none = test_random(&state, 4) == 0;
			p[i].arr = none ? 0 : (int64_t)test_random(&state, 1000000);
			p[i].quantity = (int64_t)test_random(&state, 50) * ENT_MICRO;
			p[i].is_changed = test_random(&state, 3) == 0;
		}
		CHECK(ent_arr_move(&p[0], &p[1], test_random(&state, 2) == 0, &m));
		CHECK_INT(m.opening + m.new + m.won_back + m.upsell + m.uplift + m.downsell +
		                  m.churn,
		          m.closing);
		CHECK(m.downsell <= 0 && m.churn <= 0 && m.upsell >= 0 && m.uplift >= 0);
	}
}

/* Beside walking from edge to edge until nothing changes. */
TEST(arr_chains_join_what_follows)
{
	enum { IDS = 60, EDGES = 45 };
	uint64_t state = 20261125;
	for (int n = 0; n < 300; n++) {
		struct ent_arena arena = test_arena();
		int64_t ids[IDS];
		int group[IDS];
		struct ent_chain_edge edges[EDGES];
		struct ent_chains chains;
		for (int i = 0; i < IDS; i++) {
			ids[i] = 10 + 3 * i;
			group[i] = i;
		}
		for (int i = 0; i < EDGES; i++) {
			edges[i].from = ids[test_random(&state, IDS)];
			edges[i].to =
				test_random(&state, 10) == 0 ? 11 : ids[test_random(&state, IDS)];
		}
		ent_chains_join(ids, IDS, edges, EDGES, &arena, &chains);
		for (int pass = 0; pass < IDS; pass++) {
			for (int i = 0; i < EDGES; i++) {
				int64_t a = (edges[i].from - 10) / 3;
				int64_t b = (edges[i].to - 10) / 3;
				if (edges[i].to != 11) {
					int least = group[a] < group[b] ? group[a] : group[b];
					group[a] = group[b] = least;
				}
			}
		}
		for (int i = 0; i < IDS; i++) {
			for (int k = 0; k < IDS; k++) {
				bool same = ent_chain_of(&chains, (ent_id){ ids[i] }) ==
				            ent_chain_of(&chains, (ent_id){ ids[k] });
				CHECK(same == (group[i] == group[k]));
			}
		}
		CHECK_INT(ent_chain_of(&chains, (ent_id){ 11 }), -1);
	}
}

static const struct {
	const char *from, *to;
	enum ent_report_period by;
	size_t count;
	const char *second, *last;
} spans[] = {
	{ "2025-01-15", "2025-03-10", ENT_BY_MONTH, 3, "2025-02-01", "2025-03-01" },
	{ "2025-01-15", "2025-12-31", ENT_BY_QUARTER, 4, "2025-04-01", "2025-10-01" },
	{ "2024-02-29", "2026-01-01", ENT_BY_YEAR, 3, "2025-01-01", "2026-01-01" },
	{ "2026-11-18", "2026-12-01", ENT_BY_WEEK, 3, "2026-11-23", "2026-11-30" },
	{ "1969-12-30", "1970-01-12", ENT_BY_WEEK, 3, "1970-01-05", "1970-01-12" },
	{ "2025-01-01", "2060-01-01", ENT_BY_MONTH, 0, "", "" },
};

TEST(arr_periods_follow_the_calendar)
{
	static struct ent_period periods[ENT_PERIODS_MAX];
	for (size_t i = 0; i < ENT_COUNT(spans); i++) {
		ent_date from, to;
		char text[11];
		ROW(spans[i].from);
		CHECK(ent_date_parse(ent_str_of(spans[i].from), &from));
		CHECK(ent_date_parse(ent_str_of(spans[i].to), &to));
		size_t count = ent_periods(from, to, spans[i].by, periods);
		CHECK_INT((long long)count, (long long)spans[i].count);
		if (count == 0) {
			continue;
		}
		CHECK_INT(periods[0].first.day, from.day);
		CHECK_INT(periods[count - 1].last.day, to.day);
		ent_date_format(periods[1].first, text);
		CHECK_TEXT(text, spans[i].second);
		ent_date_format(periods[count - 1].first, text);
		CHECK_TEXT(text, spans[i].last);
		for (ent_date day = from; day.day <= to.day; day.day++) {
			int64_t at = ent_period_of(periods, count, day);
			CHECK(at >= 0 && periods[at].first.day <= day.day &&
			      day.day <= periods[at].last.day);
		}
		CHECK_INT(ent_period_of(periods, count, (ent_date){ to.day + 1 }), -1);
		CHECK_INT(ent_period_of(periods, count, (ent_date){ from.day - 1 }), -1);
	}
}
