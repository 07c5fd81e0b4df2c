/* Commands for whoever runs the server: migrate, user, key, describe. */
#include "cli/cli.h"

#include "api/api.h"
#include "app/record.h"
#include "base/text.h"
#include "store/describe.h"
#include "json/json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- migrate ---- */

int ent_cli_migrate(int argc, char **argv)
{
	const char *database = NULL;
	bool check = false;
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ "--check", NULL, ENT_OPTION_FLAG, &check,
		  "Only look; exit status 1 if something is missing" },
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read("migrate", "", "Bring the database's tables up to date",
	                              options, argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	struct ent_app_config config = { .database = ent_cli_database(database),
		                         .create = !check,
		                         .clock = ENT_INSTANT_NONE };
	struct ent_app *app;
	struct ent_error error;
	if (ent_app_open(&config, &app, &error) != ENT_OK) {
		return ent_cli_fail(&error);
	}
	struct ent_migration_report report = { 0, 0 };
	struct ent_store *store = ent_app_store(app);
	enum ent_code code = check ? ent_store_migrate_check(store, &report, &error)
	                           : ent_store_migrate(store, &report, &error);
	status = code == ENT_OK ? 0 : ent_cli_fail(&error);
	if (status == 0) {
		/* without its name: a URL may hold a password */
		printf("the database is at migration %d of %d\n", report.present, report.newest);
	}
	ent_app_close(app);
	return status;
}

/* ---- creating records from options ---- */

struct creating {
	const struct ent_type *type;
	ent_str json;    /* what to create */
	char shown[128]; /* what to print of it: a secret or an id */
};

static enum ent_code create(struct ent_call *call, void *arg, struct ent_error *error)
{
	struct creating *creating = arg;
	const struct ent_type *type = creating->type;
	const struct ent_node *node;
	void *object = ent_arena_alloc(call->arena, 1, type->size, 16);
	struct ent_set given;
	ent_type_clear(type, object);
	enum ent_code code = ent_json_parse(creating->json, call->arena, &node, error);
	if (code == ENT_OK) {
		code = ent_json_read(type, node, ENT_JSON_CREATE, call->arena, object, &given,
		                     error);
	}
	if (code == ENT_OK) {
		code = ent_record_create(call, type, object, &given, error);
	}
	if (code == ENT_OK && type == &ent_api_key_type) {
		ent_str secret = ((struct ent_api_key *)object)->secret;
		snprintf(creating->shown, sizeof(creating->shown), "%.*s", (int)secret.len,
		         secret.ptr);
	} else if (code == ENT_OK) {
		ent_id_format(*(ent_id *)object, type->prefix, creating->shown);
	}
	return code;
}

static int create_record(const char *database, bool migrate, struct creating *creating)
{
	struct ent_app *app = ent_cli_open(ent_cli_database(database), migrate);
	if (app == NULL) {
		return 1;
	}
	struct ent_call model = ent_cli_call(app);
	struct ent_error error;
	enum ent_code code = ent_app_run(app, ENT_WRITE, &model, create, creating, &error);
	int status = code == ENT_OK ? 0 : ent_cli_fail(&error);
	if (status == 0) {
		puts(creating->shown);
	}
	ent_app_close(app);
	return status;
}

static void add_member(struct ent_text *json, const char *name, const char *value)
{
	if (value != NULL) {
		ent_json_comma(json);
		ent_json_name(json, name);
		ent_json_string(json, ent_str_of(value));
	}
}

static bool read_password(char *out, size_t size)
{
	size_t len = 0;
	ssize_t n = 1;
	while (len < size - 1 && n > 0) {
		n = read(STDIN_FILENO, out + len, size - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	while (len > 0 && (out[len - 1] == '\n' || out[len - 1] == '\r')) {
		len--;
	}
	out[len] = '\0';
	return len > 0;
}

static int expects_create(const char *command, int rest, char **argv)
{
	if (rest == 1 && strcmp(argv[0], "create") == 0) {
		return 0;
	}
	fprintf(stderr, "entitled %s: say `entitled %s create`\n", command, command);
	return 2;
}

int ent_cli_user(int argc, char **argv)
{
	const char *database = NULL, *email = NULL, *name = NULL, *role = "viewer", *contact = NULL;
	bool from_stdin = false;
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ "--email", "ADDRESS", ENT_OPTION_TEXT, &email, "With which to sign in" },
		{ "--name", "NAME", ENT_OPTION_TEXT, &name, "For people; default the address" },
		{ "--role", "ROLE", ENT_OPTION_TEXT, &role,
		  "viewer agent sales_agent order_agent manager admin customer; default viewer" },
		{ "--contact", "ID", ENT_OPTION_TEXT, &contact,
		  "The contact that a customer signs in as" },
		{ "--password-stdin", NULL, ENT_OPTION_FLAG, &from_stdin,
		  "Read the password from standard input" },
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read("user", "create", "Create somebody who signs in", options,
	                              argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	status = expects_create("user", rest, argv);
	if (status != 0) {
		return status;
	}
	char password[512] = "";
	if (from_stdin && !read_password(password, sizeof(password))) {
		fprintf(stderr, "entitled user: no password on standard input\n");
		return 2;
	}
	struct ent_arena arena;
	if (!ent_cli_room(&arena)) {
		return 1;
	}
	struct ent_text json = ent_text_begin(&arena);
	ent_text_char(&json, '{');
	add_member(&json, "email", email);
	add_member(&json, "name", name == NULL ? email : name);
	add_member(&json, "role", role);
	add_member(&json, "contact_id", contact);
	add_member(&json, "password", from_stdin ? password : NULL);
	ent_text_char(&json, '}');
	struct creating creating = { .type = &ent_user_type, .json = ent_text_end(&json) };
	status = create_record(database, false, &creating);
	if (status == 0 && !from_stdin) {
		fputs("entitled user: without --password-stdin they cannot sign in yet\n", stderr);
	}
	return status;
}

int ent_cli_key(int argc, char **argv)
{
	const char *database = NULL, *name = NULL, *role = "integration", *expires = NULL;
	struct ent_option_list scopes = { .count = 0 };
	struct ent_option_list accounts = { .count = 0 };
	const struct ent_option options[] = {
		ENT_OPTION_DB(database),
		{ "--name", "NAME", ENT_OPTION_TEXT, &name, "What it is for" },
		{ "--role", "ROLE", ENT_OPTION_TEXT, &role,
		  "What it may do at most; default integration" },
		{ "--scope", "SCOPE", ENT_OPTION_LIST, &scopes,
		  "A permission such as case.create, case.*, *.read or *; repeat for more" },
		{ "--account", "ID", ENT_OPTION_LIST, &accounts,
		  "It sees this account only; repeat for more" },
		{ "--expires", "TIME", ENT_OPTION_TEXT, &expires, "When it stops working" },
		{ NULL, NULL, ENT_OPTION_FLAG, NULL, NULL },
	};
	int rest;
	int status = ent_options_read("key", "create", "Create a key for a program; prints it once",
	                              options, argc, argv, &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	status = expects_create("key", rest, argv);
	if (status != 0) {
		return status;
	}
	struct ent_arena arena;
	if (!ent_cli_room(&arena)) {
		return 1;
	}
	struct ent_text json = ent_text_begin(&arena);
	ent_text_char(&json, '{');
	add_member(&json, "name", name);
	add_member(&json, "role", role);
	add_member(&json, "expires_at", expires);
	const struct ent_option_list *lists[] = { &scopes, &accounts };
	static const char *const names[] = { "scopes", "accounts" };
	for (size_t k = 0; k < ENT_COUNT(lists); k++) {
		ent_json_comma(&json);
		ent_json_name(&json, names[k]);
		ent_text_char(&json, '[');
		for (size_t i = 0; i < lists[k]->count; i++) {
			ent_json_comma(&json);
			ent_json_string(&json, ent_str_of(lists[k]->items[i]));
		}
		ent_text_char(&json, ']');
	}
	ent_text_char(&json, '}');
	struct creating creating = { .type = &ent_api_key_type, .json = ent_text_end(&json) };
	status = create_record(database, false, &creating);
	if (status == 0 && scopes.count == 0) {
		fputs("entitled key: without --scope it may do nothing; '*' is everything\n",
		      stderr);
	}
	return status;
}

/* ---- describe ---- */

static void write_schema(struct ent_text *out)
{
	size_t count;
	const struct ent_type *const *types = ent_types(&count);
	for (size_t i = 0; i < count; i++) {
		ent_describe_table(types[i], out);
	}
}

int ent_cli_describe(int argc, char **argv)
{
	enum { DESCRIBE_BYTES = 64 << 20 };
	const struct ent_option options[] = { { NULL, NULL, ENT_OPTION_FLAG, NULL, NULL } };
	int rest;
	int status = ent_options_read("describe", "openapi|meta|schema",
	                              "Print what the program knows of itself", options, argc, argv,
	                              &rest);
	if (status != 0 || rest < 0) {
		return status;
	}
	struct ent_budget budget;
	struct ent_arena arena;
	if (rest != 1 || !ent_arena_reserve(DESCRIBE_BYTES, &budget, &arena)) {
		fprintf(stderr, "entitled describe: say openapi, meta or schema\n");
		return 2;
	}
	ent_str text = { NULL, 0 };
	if (strcmp(argv[0], "openapi") == 0) {
		text = ent_openapi_write(&arena);
	} else if (strcmp(argv[0], "meta") == 0) {
		text = ent_meta_write(&arena);
	} else if (strcmp(argv[0], "schema") == 0) {
		struct ent_text out = ent_text_begin(&arena);
		write_schema(&out);
		text = ent_text_end(&out);
	}
	if (text.ptr == NULL) {
		fprintf(stderr,
		        "entitled describe: there is no \"%s\"; say openapi, meta or schema\n",
		        argv[0]);
		return 2;
	}
	fwrite(text.ptr, 1, text.len, stdout);
	putchar('\n');
	return ferror(stdout) != 0;
}
