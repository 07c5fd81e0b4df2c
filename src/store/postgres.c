#include "store/inner.h"

enum ent_code ent_postgres_open(const char *url, struct ent_store *store, struct ent_db **out,
                                struct ent_error *error)
{
	(void)url;
	(void)store;
	(void)out;
	return ent_fail(error, ENT_E_STORAGE, "PostgreSQL: not yet");
}

enum ent_code ent_watch_start(struct ent_store *store, struct ent_error *error)
{
	(void)store;
	return ent_fail(error, ENT_E_STORAGE, "PostgreSQL: not yet");
}

void ent_watch_stop(struct ent_store *store)
{
	(void)store;
}

bool ent_watch_listening(const struct ent_store *store)
{
	(void)store;
	return false;
}
