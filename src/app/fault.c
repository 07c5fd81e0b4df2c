/* fault.c - all that is wrong with a record at once: a body of which some fields could not be read
 * may mean what cannot be in others, too. */
#include "app/entity.h"
#include "app/inner.h"
#include "app/reference.h"
#include "base/text.h"

struct faults {
	struct ent_call *call;
	const struct ent_type *type;
	const void *before;
	void *object;
	const struct ent_set *given;
	struct ent_error *error; /* begins with what could not be read */
	size_t unread;           /* that many issues */
	struct ent_error more;   /* of the check that runs now */
};

/* ---- what was not read ---------------------------------------------------------------------- */

/* An unknown member may be a known one misspelt. */
static bool may_mean(ent_str member, ent_str field)
{
	return ent_str_edits(member, field) <= ENT_EDITS_NEAR || ent_str_begins(field, member) ||
	       ent_str_begins(member, field);
}

static bool is_unread(const struct faults *f, ent_str field)
{
	for (size_t i = 0; i < f->unread; i++) {
		const struct ent_issue *issue = &f->error->issues[i];
		ent_str member = ent_issue_member(issue);
		bool is_kept = issue->code == ENT_E_FIXED || issue->code == ENT_E_READ_ONLY;
		if (!is_kept && (ent_str_eq(member, field) ||
		                 (issue->code == ENT_E_UNKNOWN_FIELD && may_mean(member, field)))) {
			return true;
		}
	}
	return false;
}

/* Checks know that a field may be left out; of one that may not, a text alone can be empty. */
static bool can_be_checked(const struct faults *f)
{
	for (size_t i = 0; i < f->type->count; i++) {
		const struct ent_field *field = &f->type->fields[i];
		bool needed = field->rule == ENT_R_FIXED || field->rule == ENT_R_REQUIRED;
		if (needed && field->kind != ENT_K_TEXT &&
		    is_unread(f, ent_str_of(field->name))) {
			return false;
		}
	}
	return true;
}

/* ---- which issues count --------------------------------------------------------------------- */

static const struct {
	const struct ent_type *type;
	const char *field, *others;
} judged[] = {
#define ENT_JUDGED(type, field, others) { &ent_##type##_type, #field, others },
#include "app/judged.def"
};

/* Does what was noted on this field follow from nothing that was not read? */
static bool is_sound(const struct faults *f, ent_str field)
{
	for (size_t i = 0; i < ENT_COUNT(judged); i++) {
		if (judged[i].type != f->type || !ent_str_is(field, judged[i].field)) {
			continue;
		}
		bool sound = !is_unread(f, field);
		ent_str others = ent_str_of(judged[i].others);
		while (others.len > 0 && sound) {
			struct ent_cut cut = ent_str_cut(others, ' ');
			sound = !is_unread(f, cut.head);
			others = cut.tail;
		}
		return sound;
	}
	return false;
}

/* Take over what the check has noted. Only a failure of ours stops the rest. */
static enum ent_code take(struct faults *f, enum ent_code code, bool all_sound)
{
	size_t count = f->more.issue_count < ENT_ISSUE_MAX ? f->more.issue_count : ENT_ISSUE_MAX;
	for (size_t i = 0; i < count; i++) {
		const struct ent_issue *issue = &f->more.issues[i];
		if (all_sound || is_sound(f, ent_issue_member(issue))) {
			ent_note(f->error, issue->code, issue->pointer, ent_str_of(issue->value),
			         "%s", issue->remedy);
		}
	}
	if (code != ENT_OK && ent_code_http(code) >= 500) {
		*f->error = f->more;
		return code;
	}
	ent_error_clear(&f->more);
	return ENT_OK;
}

/* ---- the checks ----------------------------------------------------------------------------- */

/* References that were not read are none, or as they were: there is nothing to look up. */
static enum ent_code check_references(struct faults *f)
{
	enum ent_code code =
		ent_reference_check(f->call, f->type, f->before, f->object, &f->more);
	return take(f, code, true);
}

static enum ent_code check_external(struct faults *f)
{
	if (!ent_type_is_record(f->type) || is_unread(f, ENT_STR("external_id")) ||
	    is_unread(f, ENT_STR("external_system"))) {
		return ENT_OK;
	}
	enum ent_code code =
		ent_record_check_external(f->call, f->type, f->before, f->object, &f->more);
	return take(f, code, true);
}

static enum ent_code check_own(struct faults *f, const struct ent_entity *entity)
{
	if (entity->check == NULL || !can_be_checked(f)) {
		return ENT_OK;
	}
	enum ent_code code = entity->check(f->call, f->before, f->object, f->given, &f->more);
	return take(f, code, false);
}

/* Whose a new record is to be. False: nobody knows, or it is none of the caller's. */
static bool is_placed(struct faults *f, const struct ent_entity *entity, enum ent_code *code)
{
	bool sees = true;
	if (f->before != NULL) {
		return true;
	}
	if (entity->prepare != NULL) {
		enum ent_code prepared = entity->prepare(f->call, f->object, &f->more);
		*code = take(f, prepared, false);
		sees = prepared == ENT_OK;
	}
	if (*code == ENT_OK && sees) {
		enum ent_code seen = ent_record_enter(f->call, f->type, f->object, &f->more);
		*code = take(f, seen, true);
		sees = seen == ENT_OK;
	}
	return *code == ENT_OK && sees;
}

enum ent_code ent_record_faults(struct ent_call *call, const struct ent_type *type,
                                const void *before, void *object, const struct ent_set *given,
                                struct ent_error *error)
{
	const struct ent_entity *entity = ent_entity_of(type);
	struct faults *f = ENT_NEW(call->arena, struct faults, 1);
	*f = (struct faults){ .call = call, .type = type, .before = before, .object = object,
		              .given = given, .error = error, .unread = error->issue_count };
	ent_error_clear(&f->more);
	enum ent_code code = ENT_OK;
	assert(entity != NULL && error->issue_count > 0);
	const char *needed = ent_text_format(call->arena, "%s.create", type->name).ptr;
	bool stops = error->issues[0].pointer[0] == '\0' || /* no object at all */
	             error->issue_count >= ENT_ISSUE_MAX ||
	             (before == NULL && ent_call_may(call, needed, &f->more) != ENT_OK);
	if (stops || !is_placed(f, entity, &code)) {
		return code == ENT_OK ? ent_noted(error) : code;
	}
	if (before == NULL) {
		((struct ent_record *)object)->id = ent_app_id(call->app);
	}
	code = check_references(f);
	if (code == ENT_OK) {
		code = check_external(f);
	}
	if (code == ENT_OK) {
		code = check_own(f, entity);
	}
	return code == ENT_OK ? ent_noted(error) : code;
}
