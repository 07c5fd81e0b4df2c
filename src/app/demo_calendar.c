/* The demo's calendars: three offices, and who is never closed. */
#include "app/demo_inner.h"

static const struct {
	const char *name, *holidays;
} sets[ENT_DEMO_HOLIDAY_SETS] = {
	{ "Germany",
	  "[{\"date\":\"*-01-01\",\"name\":\"New Year\"},{\"date\":\"easter-2\",\"name\":\"Good "
	  "Friday\"},{\"date\":\"easter+1\",\"name\":\"Easter Monday\"},{\"date\":\"*-05-01\","
	  "\"name\":\"Labour Day\"},{\"date\":\"easter+39\",\"name\":\"Ascension Day\"},"
	  "{\"date\":\"easter+50\",\"name\":\"Whit Monday\"},{\"date\":\"*-10-03\",\"name\":"
	  "\"German Unity Day\"},{\"date\":\"*-12-24\",\"from\":\"12:00\",\"name\":\"Christmas "
	  "Eve\"},{\"date\":\"*-12-25\",\"days\":2,\"name\":\"Christmas\"}]" },
	{ "United States",
	  "[{\"date\":\"*-01-01\",\"name\":\"New Year\"},{\"date\":\"*-05-mon-1\",\"name\":"
	  "\"Memorial Day\"},{\"date\":\"*-07-04\",\"name\":\"Independence Day\"},{\"date\":"
	  "\"*-09-mon1\",\"name\":\"Labor Day\"},{\"date\":\"*-11-thu4\",\"days\":2,\"name\":"
	  "\"Thanksgiving\"},{\"date\":\"*-12-25\",\"name\":\"Christmas\"}]" },
};

static const struct {
	const char *name, *description, *time_zone, *week;
	int set; /* -1: none */
} calendars[ENT_DEMO_CALENDARS] = {
	{ "Berlin office", "First line in Europe", "Europe/Berlin",
	  "\"mon-thu 08:00-12:00,12:45-17:30; fri 08:00-15:00\"", 0 },
	{ "New York office", "First line in the Americas", "America/New_York",
	  "\"mon-fri 09:00-17:00\"", 1 },
	{ "Tokyo office", "First line in Asia, with an evening shift", "Asia/Tokyo",
	  "\"mon-thu 09:00-18:00; fri 09:00-18:00,22:00-02:00\"", -1 },
	{ "Around the clock", "For whoever has bought it", "Etc/UTC", "\"mon-sun 00:00-24:00\"",
	  -1 },
};

static enum ent_code make_set(struct ent_demo *demo, struct ent_call *call,
                              const struct ent_demo_step *step, struct ent_error *error)
{
	struct ent_holiday_set set;
	ent_type_clear(&ent_holiday_set_type, &set);
	set.name = ent_str_of(sets[step->n].name);
	set.holidays.text = ent_str_of(sets[step->n].holidays);
	return ent_demo_create(call, &ent_holiday_set_type, &set, &demo->holiday_sets[step->n],
	                       error);
}

static enum ent_code make_calendar(struct ent_demo *demo, struct ent_call *call,
                                   const struct ent_demo_step *step, struct ent_error *error)
{
	struct ent_calendar c;
	ent_type_clear(&ent_calendar_type, &c);
	c.name = ent_str_of(calendars[step->n].name);
	c.description = ent_str_of(calendars[step->n].description);
	c.time_zone = ent_str_of(calendars[step->n].time_zone);
	c.week.text = ent_str_of(calendars[step->n].week);
	if (calendars[step->n].set >= 0) {
		c.holiday_sets = (struct ent_ids){ &demo->holiday_sets[calendars[step->n].set], 1 };
	}
	return ent_demo_create(call, &ent_calendar_type, &c, &demo->calendars[step->n], error);
}

void ent_demo_plan_calendars(struct ent_demo *demo)
{
	ent_instant first = ent_demo_at(demo, -ENT_DEMO_PAST_DAYS, 0);
	for (size_t i = 0; i < ENT_COUNT(sets); i++) {
		ent_demo_plan(demo, first, make_set, i, 0);
	}
	for (size_t i = 0; i < ENT_COUNT(calendars); i++) {
		ent_demo_plan(demo, first, make_calendar, i, 0);
	}
}
