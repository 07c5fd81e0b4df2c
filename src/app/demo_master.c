/* The demo's products, accounts, contacts and assets. */
#include "app/demo_inner.h"
#include "base/text.h"

static const struct company {
	const char *name, *domain;
	int parent;
	const char *tier, *zone, *country, *address;
} companies[] = {
#define ENT_COMPANY(...) { __VA_ARGS__ },
#include "app/demo_words.def"
};

static const struct product {
	const char *name, *code;
	enum ent_product_kind kind;
	enum ent_demo_product family;
} products[] = {
#define ENT_PRODUCT(key, name, code, kind, family) \
	{ name, code, ENT_PRODUCT_##kind, ENT_DEMO_##family },
#include "app/demo_words.def"
};

static const char *const first_names[] = {
#define ENT_FIRST(name) name,
#include "app/demo_words.def"
};
static const char *const last_names[] = {
#define ENT_LAST(name) name,
#include "app/demo_words.def"
};
static const char *const posts[] = {
#define ENT_POST(title) title,
#include "app/demo_words.def"
};

static const enum ent_demo_product owned[] = {
	ENT_DEMO_FORGE_S,  ENT_DEMO_FORGE_XL,  ENT_DEMO_LASER_20,
	ENT_DEMO_LASER_60, ENT_DEMO_VISTA_27,  ENT_DEMO_VISTA_32,
	ENT_DEMO_WALL_55,  ENT_DEMO_SWITCH_24, ENT_DEMO_BEACON,
};

/* ---- steps ------------------------------------------------------------------------------- */

static enum ent_code make_product(struct ent_demo *demo, struct ent_call *call,
                                  const struct ent_demo_step *step, struct ent_error *error)
{
	const struct product *p = &products[step->n];
	struct ent_product product;
	ent_type_clear(&ent_product_type, &product);
	product.name = ent_str_of(p->name);
	product.code = ent_str_of(p->code);
	if (demo->options->add) { /* codes are unique, and the database may have these */
		product.code = (ent_str){ NULL, 0 };
	}
	product.kind = p->kind;
	if (p->family != ENT_DEMO_NONE) {
		product.parent_id = demo->products[p->family];
	}
	return ent_demo_create(call, &ent_product_type, &product, &demo->products[step->n], error);
}

static enum ent_code make_account(struct ent_demo *demo, struct ent_call *call,
                                  const struct ent_demo_step *step, struct ent_error *error)
{
	const struct company *c = &companies[step->n];
	struct ent_account account;
	bool person = c->tier[0] == '\0';
	ent_type_clear(&ent_account_type, &account);
	account.name = ent_str_of(c->name);
	account.kind = person ? ENT_ACCOUNT_CONSUMER : ENT_ACCOUNT_BUSINESS;
	if (c->parent >= 0) {
		account.parent_id = demo->accounts[c->parent];
	}
	account.number = ent_text_format(call->arena, "C-%05zu", 10010 + step->n * 7);
	account.tier = person ? (ent_str){ NULL, 0 } : ent_str_of(c->tier);
	account.time_zone = ent_str_of(c->zone);
	account.email = ent_text_format(call->arena, "%s@%s.example", person ? "mail" : "office",
	                                c->domain);
	account.phone = ent_text_format(call->arena, "+1 555 %04zu", 100 + step->n * 13);
	account.address = ent_str_of(c->address);
	account.country = ent_str_of(c->country);
	return ent_demo_create(call, &ent_account_type, &account, &demo->accounts[step->n], error);
}

static enum ent_code make_contact(struct ent_demo *demo, struct ent_call *call,
                                  const struct ent_demo_step *step, struct ent_error *error)
{
	struct ent_demo_contact *c = &demo->contacts[step->n];
	struct ent_contact contact;
	char number[8] = "";
	if (c->number > 0) {
		number[0] = (char)('1' + c->number);
	}
	ent_type_clear(&ent_contact_type, &contact);
	contact.account_id = demo->accounts[c->account];
	contact.name = ent_text_format(call->arena, "%s %s", c->first, c->last);
	struct ent_text email = ent_text_begin(call->arena);
	ent_text_addf(&email, "%s.%s%s@%s.example", c->first, c->last, number,
	              companies[c->account].domain);
	contact.email = ent_text_end(&email);
	for (char *p = email.begin; *p != '\0'; p++) {
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
	}
	contact.phone = ent_text_format(call->arena, "+1 555 %04zu", 2000 + step->n * 17);
	contact.title = c->post == NULL ? (ent_str){ NULL, 0 } : ent_str_of(c->post);
	return ent_demo_create(call, &ent_contact_type, &contact, &c->id, error);
}

static enum ent_code make_asset(struct ent_demo *demo, struct ent_call *call,
                                const struct ent_demo_step *step, struct ent_error *error)
{
	struct ent_demo_asset *a = &demo->assets[step->n];
	const struct product *product = &products[a->product];
	struct ent_asset asset;
	ent_type_clear(&ent_asset_type, &asset);
	asset.account_id = demo->accounts[a->account];
	asset.name = ent_str_of(product->name);
	asset.product_id = demo->products[a->product];
	asset.serial_number =
		ent_text_format(call->arena, "%s-%06lld", product->code + 4, (long long)a->serial);
	asset.contact_id = demo->contacts[a->contact].id;
	asset.installed_on.day = demo->options->today.day + a->installed;
	asset.purchased_on.day = asset.installed_on.day - 9;
	if (a->quantity > 1) {
		asset.quantity.n = a->quantity;
	}
	return ent_demo_create(call, &ent_asset_type, &asset, &a->id, error);
}

/* A warranty that every new 3D printer brings with it, and two to make entitlements of. */
static enum ent_code make_template(struct ent_demo *demo, struct ent_call *call,
                                   const struct ent_demo_step *step, struct ent_error *error)
{
	static const char *const names[] = { "Warranty, 24 months", "Basic support, 6 cases",
		                             "Expert hours, 20 hours" };
	struct ent_entitlement_template t;
	ent_type_clear(&ent_entitlement_template_type, &t);
	t.name = ent_text_format(call->arena, demo->options->add ? "%s (demo %llu)" : "%s",
	                         names[step->n], (unsigned long long)demo->options->seed);
	t.term = (ent_duration){ step->n == 0 ? 24 : 12, 0, 0 };
	ent_id *covered = ENT_NEW(call->arena, ent_id, 1);
	*covered = demo->products[ENT_DEMO_PRINTERS_3D];
	struct ent_template_channel *rows = ENT_NEW(call->arena, struct ent_template_channel, 1);
	ent_type_clear(&ent_template_channel_type, rows);
	rows->channel = ENT_STR("phone");
	rows->total.n = 900;
	if (step->n == 0) {
		t.type = ENT_STR("warranty");
		t.products = (struct ent_ids){ covered, 1 };
		t.conversion = ENT_CONVERSION_ONE_PER_LINE;
		t.activate = true;
	} else if (step->n == 1) {
		t.type = ENT_STR("basic");
		t.unit = ENT_UNIT_CASES;
		t.total.n = 6;
		t.restricted = true;
	} else {
		t.type = ENT_STR("expert");
		t.unit = ENT_UNIT_MINUTES;
		t.total.n = 1200;
		t.charge_on = ENT_CHARGE_RESOLUTION;
		t.channels = (struct ent_children){ rows, 1 };
	}
	ent_id ignored;
	return ent_demo_create(call, &ent_entitlement_template_type, &t, &ignored, error);
}

/* ---- plans ------------------------------------------------------------------------------- */

static void add_contact(struct ent_demo *demo, size_t account, const char *first, const char *last,
                        const char *post)
{
	assert(demo->contact_count < ENT_DEMO_CONTACTS_MAX);
	struct ent_demo_contact *c = &demo->contacts[demo->contact_count];
	*c = (struct ent_demo_contact){ account, first, last, post, 0, ENT_ID_NONE };
	for (size_t i = 0; i < demo->contact_count; i++) {
		const struct ent_demo_contact *other = &demo->contacts[i];
		c->number +=
			other->account == account && other->first == first && other->last == last;
	}
	ent_demo_plan(demo, ent_demo_at(demo, -ENT_DEMO_PAST_DAYS, 540), make_contact,
	              demo->contact_count++, 0);
}

static void plan_contacts(struct ent_demo *demo, size_t account)
{
	if (account == 0) { /* the two whom the documentation speaks of */
		add_contact(demo, 0, "Marcie", "Holloway", "Workshop lead");
		add_contact(demo, 0, "Jackson", "Reed", "Designer");
	}
	bool person = companies[account].tier[0] == '\0';
	int64_t count = person ? 1 : 3 + ent_demo_random(demo, 4);
	for (int64_t i = 0; i < count; i++) {
		const char *first = first_names[ent_demo_random(demo, ENT_COUNT(first_names))];
		const char *last = last_names[ent_demo_random(demo, ENT_COUNT(last_names))];
		const char *post = posts[ent_demo_random(demo, ENT_COUNT(posts))];
		add_contact(demo, account, first, last, person ? NULL : post);
	}
}

static void add_asset(struct ent_demo *demo, size_t account, enum ent_demo_product product)
{
	assert(demo->asset_count < ENT_DEMO_ASSETS_MAX);
	struct ent_demo_asset *a = &demo->assets[demo->asset_count];
	*a = (struct ent_demo_asset){
		.account = account,
		.contact = (size_t)ent_demo_contact_of(demo, account),
		.product = product,
		.serial = 240000 + ent_demo_random(demo, 90000),
		.installed = -20 - (int32_t)ent_demo_random(demo, 900),
		.quantity = product == ENT_DEMO_BEACON ? 4 + ent_demo_random(demo, 20) : 1,
	};
	/* What was bought before the story begins is there from its first day. */
	int32_t known = a->installed < -ENT_DEMO_PAST_DAYS ? -ENT_DEMO_PAST_DAYS : a->installed;
	ent_demo_plan(demo, ent_demo_at(demo, known, 550), make_asset, demo->asset_count++, 0);
}

static void plan_assets(struct ent_demo *demo, size_t account)
{
	if (account == 0) {
		add_asset(demo, 0, ENT_DEMO_FORGE_XL);
		add_asset(demo, 0, ENT_DEMO_VISTA_32);
	}
	int64_t count = companies[account].tier[0] == '\0' ? 1 : 2 + ent_demo_random(demo, 4);
	for (int64_t i = 0; i < count; i++) {
		add_asset(demo, account, owned[ent_demo_random(demo, ENT_COUNT(owned))]);
	}
}

void ent_demo_plan_masters(struct ent_demo *demo)
{
	ent_instant first = ent_demo_at(demo, -ENT_DEMO_PAST_DAYS, 480);
	for (size_t i = 0; i < ENT_COUNT(products); i++) {
		ent_demo_plan(demo, first, make_product, i, 0);
	}
	for (size_t i = 0; i < 3; i++) {
		ent_demo_plan(demo, first, make_template, i, 0);
	}
	for (size_t i = 0; i < ENT_COUNT(companies); i++) {
		ent_demo_plan(demo, first, make_account, i, 0);
	}
	for (size_t i = 0; i < ENT_COUNT(companies); i++) {
		plan_contacts(demo, i);
		plan_assets(demo, i);
	}
}
