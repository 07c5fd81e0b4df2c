/* The calendars of a simulation, and their names as identifiers. */
#include "json/calendar.h"
#include "json/sla_script.h"

enum { CALENDARS_MAX = 100, HOURS_YEARS = 5 };

bool ent_sim_find_zone(struct ent_sim *sim, ent_str name, const char *place,
                       const struct ent_zone **out)
{
	struct ent_error ignored;
	ent_error_clear(&ignored);
	if (name.len == 0 || ent_str_is(name, "floating") || ent_str_is(name, "UTC")) {
		*out = &ent_zone_utc;
		return true;
	}
	if (sim->world->find_zone(sim->world->arg, name, out, &ignored) != ENT_OK) {
		ent_note(sim->reader.error, ENT_E_UNKNOWN_VALUE, place, name,
		         "give an IANA zone such as Europe/Berlin");
		return false;
	}
	return true;
}

static int32_t first_year(const struct ent_sim *sim)
{
	bool has = sim->c != NULL && !ent_instant_is_none(sim->c->created_at);
	return has ? ent_date_civil(ent_zone_date(&ent_zone_utc, sim->c->created_at)).year : 2026;
}

static void add_revision(struct ent_sim *sim, struct ent_sim_calendar *calendar,
                         const struct ent_node *node, const char *place)
{
	struct ent_sla_reader *r = &sim->reader;
	struct ent_timetable *table = ENT_NEW(r->arena, struct ent_timetable, 1);
	size_t faults = r->error->issue_count;
	ent_calendar_read(node, place, r->arena, table, r->error);
	if (r->error->issue_count > faults ||
	    !ent_sim_find_zone(sim, table->time_zone, ent_sla_below(r, place, "timezone"),
	                       &table->zone)) {
		return;
	}
	struct ent_sla_clock *all = ENT_NEW(r->arena, struct ent_sla_clock, calendar->count + 1);
	for (size_t i = 0; i < calendar->count; i++) {
		all[i] = calendar->revisions[i];
	}
	int32_t year = first_year(sim);
	year = year > ENT_YEAR_MAX - HOURS_YEARS ? ENT_YEAR_MAX - HOURS_YEARS : year;
	all[calendar->count] = (struct ent_sla_clock){
		.calendar_id = { calendar - sim->calendars + 1 },
		.revision = (int64_t)calendar->count + 1,
		.hours = ent_hours_compile(table, year, year + HOURS_YEARS, r->arena),
		.zone = table->zone,
		.name = calendar->name,
	};
	calendar->revisions = all;
	calendar->count++;
}

static struct ent_sim_calendar *calendar_named(const struct ent_sim *sim, ent_str name)
{
	for (size_t i = 0; i < sim->calendar_count; i++) {
		if (ent_str_eq(sim->calendars[i].name, name)) {
			return &sim->calendars[i];
		}
	}
	return NULL;
}

static const char *below_name(struct ent_sim *sim, const char *place, ent_str name)
{
	struct ent_pointer pointer = ent_pointer_of("");
	pointer.len = 0;
	ent_pointer_add(&pointer, name);
	return ent_text_format(sim->reader.arena, "%s%s", place, pointer.text).ptr;
}

void ent_sim_read_calendars(struct ent_sim *sim, const struct ent_node *node)
{
	if (node == NULL || node->count > CALENDARS_MAX) {
		if (node != NULL) {
			ent_note(sim->reader.error, ENT_E_LIMIT, "/calendars", NO_TEXT,
			         "give at most %d", CALENDARS_MAX);
		}
		return;
	}
	sim->calendars = ENT_NEW(sim->reader.arena, struct ent_sim_calendar, node->count);
	sim->calendar_count = node->count;
	size_t at = 0;
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		sim->calendars[at].name = n->name;
		add_revision(sim, &sim->calendars[at++], n, below_name(sim, "/calendars", n->name));
	}
}

void ent_sim_new_hours(struct ent_sim *sim, const struct ent_node *node, const char *place)
{
	for (const struct ent_node *n = node->first; n != NULL; n = n->next) {
		struct ent_sim_calendar *calendar = calendar_named(sim, n->name);
		const char *there = below_name(sim, place, n->name);
		if (calendar == NULL) {
			ent_note(sim->reader.error, ENT_E_NO_SUCH_RECORD, there, NO_TEXT,
			         "name one of /calendars");
		} else {
			add_revision(sim, calendar, n, there);
		}
	}
}

enum ent_code ent_sim_find_clock(void *arg, ent_id calendar, int64_t revision,
                                 struct ent_sla_clock *out, struct ent_error *error)
{
	struct ent_sim *sim = arg;
	if (ent_id_is_none(calendar)) {
		*out = (struct ent_sla_clock){ .zone = sim->zone };
		return ENT_OK;
	}
	if (calendar.value <= (int64_t)sim->calendar_count) {
		const struct ent_sim_calendar *known = &sim->calendars[calendar.value - 1];
		*out = known->revisions[revision > 0 ? revision - 1 : (int64_t)known->count - 1];
		return ENT_OK;
	}
	if (sim->world->find_clock != NULL) {
		return sim->world->find_clock(sim->world->arg, calendar, revision, out, error);
	}
	return ent_fail(error, ENT_E_NO_SUCH_RECORD,
	                "a calendar_id names no calendar: give the "
	                "calendar itself under /calendars");
}

ent_id ent_sim_calendar_of_case(const struct ent_sim *sim)
{
	const struct ent_entitlement *entitlement = sim->objects[ENT_SLA_ENTITLEMENT];
	const struct ent_account *account = sim->objects[ENT_SLA_ACCOUNT];
	if (!ent_id_is_none(sim->c->calendar_id)) {
		return sim->c->calendar_id;
	}
	if (entitlement != NULL && !ent_id_is_none(entitlement->calendar_id)) {
		return entitlement->calendar_id;
	}
	if (account != NULL && !ent_id_is_none(account->calendar_id)) {
		return account->calendar_id;
	}
	return sim->calendar_id;
}

/* ---- names of calendars as identifiers ---- */

static void name_to_id(struct ent_sim *sim, struct ent_node *node, const char *place,
                       const char *prefix)
{
	char room[ENT_ID_ROOM];
	const struct ent_sim_calendar *calendar = calendar_named(sim, node->text);
	node->name = ENT_STR("calendar_id");
	if (calendar == NULL) {
		ent_note(sim->reader.error, ENT_E_NO_SUCH_RECORD,
		         ent_sla_below(&sim->reader, place, "calendar"), node->text,
		         "name one of /calendars");
		node->kind = ENT_JSON_NULL;
		return;
	}
	ent_id id = { calendar - sim->calendars + 1 };
	size_t len = ent_id_format(id, prefix, room);
	node->text = ent_text_copy(sim->reader.arena, (ent_str){ room, len });
}

static void rename_rules(struct ent_sim *sim, struct ent_node *rules, const char *place)
{
	const struct ent_node **link = &rules->first;
	size_t at = 0;
	for (const struct ent_node *n = rules->first; n != NULL; n = n->next, at++) {
		struct ent_node *copy = ENT_NEW(sim->reader.arena, struct ent_node, 1);
		*copy = *ent_sim_with_ids(sim, n, ent_sla_item(&sim->reader, place, at), "cal");
		*link = copy;
		link = &copy->next;
	}
}

const struct ent_node *ent_sim_with_ids(struct ent_sim *sim, const struct ent_node *object,
                                        const char *place, const char *prefix)
{
	struct ent_arena *arena = sim->reader.arena;
	if (object->kind != ENT_JSON_OBJECT) {
		return object;
	}
	struct ent_node *whole = ENT_NEW(arena, struct ent_node, 1);
	*whole = *object;
	const struct ent_node **link = &whole->first;
	for (const struct ent_node *n = object->first; n != NULL; n = n->next) {
		struct ent_node *copy = ENT_NEW(arena, struct ent_node, 1);
		*copy = *n;
		if (ent_str_is(n->name, "calendar") && n->kind == ENT_JSON_STRING) {
			name_to_id(sim, copy, place, prefix);
		} else if (ent_str_is(n->name, "rules") && n->kind == ENT_JSON_ARRAY) {
			rename_rules(sim, copy, ent_sla_below(&sim->reader, place, "rules"));
		}
		*link = copy;
		link = &copy->next;
	}
	return whole;
}
