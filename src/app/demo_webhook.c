/* The demo's webhook endpoints. None of their addresses exists (RFC 2606), so a server that runs on
 * the demo fails at one of them and tries again; the other one was disabled, and what waited for it
 * is dead. */
#include "app/demo_inner.h"

static const struct {
	int32_t made, disabled; /* days from today; 0: it is not */
	const char *name, *url, *description;
	const char *events[3];
} endpoints[ENT_DEMO_ENDPOINTS] = {
	{ -24,
	  -15,
	  "Ticket mirror",
	  "https://mirror.brightline.example/hooks",
	  "Switched off with the old intranet",
	  { "case.opened", NULL } },
	{ -2,
	  0,
	  "Warehouse system",
	  "https://warehouse.brightline.example/entitled",
	  "Orders spare parts; its address is to be corrected",
	  { "case.resolved", "contract.*", NULL } },
};

static enum ent_code make(struct ent_demo *demo, struct ent_call *call,
                          const struct ent_demo_step *step, struct ent_error *error)
{
	size_t n = step->n;
	ent_str *words = ENT_NEW(call->arena, ent_str, ENT_COUNT(endpoints[n].events));
	struct ent_webhook_endpoint endpoint;
	ent_type_clear(&ent_webhook_endpoint_type, &endpoint);
	for (; endpoints[n].events[endpoint.event_types.count] != NULL;
	     endpoint.event_types.count++) {
		words[endpoint.event_types.count] =
			ent_str_of(endpoints[n].events[endpoint.event_types.count]);
	}
	endpoint.event_types.items = words;
	endpoint.name = ent_str_of(endpoints[n].name);
	endpoint.url = ent_str_of(endpoints[n].url);
	endpoint.description = ent_str_of(endpoints[n].description);
	call->who = &demo->who[0];
	return ent_demo_create(call, &ent_webhook_endpoint_type, &endpoint, &demo->endpoints[n],
	                       error);
}

static enum ent_code switch_off(void *arg, struct ent_arena *arena, void *object,
                                struct ent_set *given, struct ent_error *error)
{
	(void)arg;
	(void)arena;
	(void)given;
	(void)error;
	((struct ent_webhook_endpoint *)object)->disabled = true;
	return ENT_OK;
}

static enum ent_code disable(struct ent_demo *demo, struct ent_call *call,
                             const struct ent_demo_step *step, struct ent_error *error)
{
	struct ent_webhook_endpoint out;
	call->who = &demo->who[0];
	return ent_record_update(call, &ent_webhook_endpoint_type, demo->endpoints[step->n], 0,
	                         switch_off, NULL, &out, error);
}

void ent_demo_plan_webhooks(struct ent_demo *demo)
{
	for (size_t i = 0; i < ENT_COUNT(endpoints); i++) {
		ent_demo_plan(demo, ent_demo_at(demo, endpoints[i].made, 430), make, i, 0);
		if (endpoints[i].disabled != 0) {
			/* the last of a week, so that the transactions behind it know of it */
			ent_demo_plan(demo, ent_demo_at(demo, endpoints[i].disabled, 9), disable, i,
			              0);
		}
	}
}
