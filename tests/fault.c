#include "fault.h"

static bool is_due(struct fault_db *f)
{
	return f->fail_at >= 0 && f->fail_at-- == 0;
}

static enum ent_code inject(const struct fault_db *f, struct ent_error *error)
{
	return ent_fail(error, f->code, "injected");
}

static enum ent_code run(struct ent_db *db, ent_str sql, const struct ent_value *args, size_t count,
                         struct ent_arena *arena, struct ent_rows *rows, struct ent_error *error)
{
	struct fault_db *f = (struct fault_db *)db;
	if (is_due(f)) {
		return inject(f, error);
	}
	return ent_db_run(f->inner, sql, args, count, arena, rows, error);
}

static enum ent_code exec(struct ent_db *db, ent_str sql, const struct ent_value *args,
                          size_t count, int64_t expect, struct ent_arena *arena,
                          struct ent_error *error)
{
	struct fault_db *f = (struct fault_db *)db;
	if (is_due(f)) {
		return inject(f, error);
	}
	return ent_db_exec(f->inner, sql, args, count, expect, arena, error);
}

static enum ent_code begin(struct ent_db *db, enum ent_access access, struct ent_error *error)
{
	struct fault_db *f = (struct fault_db *)db;
	enum ent_code code =
		is_due(f) ? inject(f, error) : f->inner->ops->begin(f->inner, access, error);
	db->depth = f->inner->depth;
	return code;
}

static enum ent_code commit(struct ent_db *db, struct ent_error *error)
{
	struct fault_db *f = (struct fault_db *)db;
	enum ent_code code = is_due(f) ? inject(f, error) : f->inner->ops->commit(f->inner, error);
	db->depth = f->inner->depth;
	return code;
}

static void rollback(struct ent_db *db)
{
	struct fault_db *f = (struct fault_db *)db;
	f->inner->ops->rollback(f->inner);
	db->depth = f->inner->depth;
}

static enum ent_code notify(struct ent_db *db, int64_t id, struct ent_error *error)
{
	struct fault_db *f = (struct fault_db *)db;
	return f->inner->ops->notify(f->inner, id, error);
}

static void close_nothing(struct ent_db *db)
{
	(void)db;
}

static const struct ent_db_ops ops = { run, exec, begin, commit, rollback, notify, close_nothing };

struct fault_db fault_around(struct ent_db *inner)
{
	struct ent_db db = { &ops, inner->dialect, inner->depth };
	return (struct fault_db){ db, inner, -1, ENT_E_STORAGE };
}
