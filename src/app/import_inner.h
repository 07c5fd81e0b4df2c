/* import_inner.h - what the files of the import share.
 *
 * import.c runs; import_table.c recognises tables and their columns; import_cell.c reads
 * cells; import_refer.c finds what they refer to; import_row.c creates and changes;
 * import_history.c, import_case.c and import_contract.c bring the past; import_source.h has the
 * systems that tables come from: import_salesforce.c knows Salesforce, import_hours.c its business
 * hours, import_holiday.c its holidays, import_milestone.c its milestones,
 * import_service_contract.c its contracts.
 * import_process.h is another way in, for metadata.
 */
#ifndef ENT_APP_IMPORT_INNER_H
#define ENT_APP_IMPORT_INNER_H

#include "app/import.h"

/* Cells that are no field of ours; what they mean depends on the object. */
enum ent_import_slot {
#define ENT_IMPORT_SLOT(name) ENT_SLOT_##name,
#include "app/import_slot.def"
	ENT_SLOT_COUNT
};
bool ent_import_slot_named(const char *name, enum ent_import_slot *out);

enum ent_import_how {
	ENT_HOW_SKIP,  /* known, and not wanted */
	ENT_HOW_FIELD, /* by the kind of the field; references by any identifier */
	ENT_HOW_NOT,   /* the opposite of a BOOL */
	ENT_HOW_WORD,  /* a label as a word: "Web Form" as web_form */
	ENT_HOW_DAYS,  /* a number of days as a DURATION */
	ENT_HOW_KEY,   /* the external id of the record */
	ENT_HOW_META,  /* kept under its own name */
	ENT_HOW_SLOT
};

struct ent_import_column {
	ent_str header;
	enum ent_import_how how;
	const struct ent_field *field; /* NULL for SKIP, META, SLOT */
	enum ent_import_slot slot;
};

struct ent_import_work;

/* A kind of table. */
struct ent_import_object {
	const char *name;  /* "account", "EntitlementContact" */
	const char *alias; /* also called so; NULL */
	const struct ent_type *type;
	/* After the cells: what follows from the slots. Notes. */
	enum ent_code (*finish)(struct ent_import_work *work, struct ent_error *error);
	bool adds_contact; /* of an entitlement: no record of its own */
	/* How a row is stored that is more or less than a record; NULL: ent_import_store(). */
	enum ent_code (*store)(struct ent_import_work *work, enum ent_import_status *status,
	                       ent_id *out, struct ent_error *error);
	bool keeps_added; /* it has a place for columns that are not known, though it has `store` */
	bool is_one_way;  /* there is no export */
};

struct ent_import_reader;

/* A row on its way in. */
struct ent_import_work {
	const struct ent_import_reader *reader;
	struct ent_call *call;
	ent_str system;
	void *object; /* of the type */
	struct ent_set given;
	ent_str slots[ENT_SLOT_COUNT]; /* trimmed; empty: not given */
	struct ent_pair *metadata;
	size_t metadata_count;
	bool waits;       /* refers to a row of its own table that is not there yet */
	ent_str waits_for; /* "system:identifier" of each, a line each */
	bool last_chance; /* there will be no other try: say so */
	bool is_ambiguous; /* the last name that was looked for is that of several */
	ent_str notice;   /* of a row that came in: what it is not quite */
};

/* Add to the notice. */
void ent_import_remark(struct ent_import_work *work, const char *format, ...)
	ENT_PRINTF(2, 3);

/* A table that is read. */
struct ent_import_reader {
	const struct ent_import_options *options;
	const struct ent_import_object *object;
	struct ent_import_file *file;
	struct ent_csv csv;
	struct ent_csv_row header;
	struct ent_csv_row first_row; /* where the rows begin */
	struct ent_import_column columns[ENT_CSV_COLUMNS_MAX];
	struct ent_arena arena; /* of the header */
	struct ent_import_cache *cache;
	const struct ent_zone *zone; /* of days that are written as instants; NULL: as written */
};

/* ---- tables: import_table.c -------------------------------------------------------------- */

const struct ent_import_object *ent_native_object(ent_str name);
/* What the names of its columns say; NULL. */
const struct ent_import_object *ent_native_guess(const struct ent_csv_row *header);
/* What Salesforce calls one of ours; NULL: it has none. */
const struct ent_import_object *ent_salesforce_of(const struct ent_import_object *native);
/* Fills in *column by its header. false: it is not known. */
bool ent_native_column(const struct ent_import_object *object, struct ent_import_column *column,
                       struct ent_arena *arena);

/* Equal but for case, blanks, _ and -. */
bool ent_import_same_word(ent_str a, ent_str b);

/* Recognise the object and read the header. */
ENT_CHECK enum ent_code ent_import_open(struct ent_import_reader *reader, struct ent_error *error);
/* Its place in the order of dependence. */
int ent_import_order(const struct ent_import_reader *reader);

/* ---- cells: import_cell.c ---------------------------------------------------------------- */

/* Read all cells of a row into *work; notes what is wrong under the field's pointer. */
ENT_CHECK enum ent_code ent_import_cells(struct ent_import_work *work,
                                         const struct ent_csv_row *row, struct ent_error *error);
/* Note what is wrong with a field. */
void ent_import_note(const struct ent_field *field, enum ent_code code, ent_str value,
                     const char *remedy, struct ent_error *error);
/* import_list.c: IDS, WORDS, MAP, CHILDREN. */
ENT_CHECK enum ent_code ent_import_list(struct ent_import_work *work, const struct ent_field *field,
                                        ent_str text, struct ent_error *error);
/* The column that a pointer ("/total") is about; NULL. */
const struct ent_import_column *ent_import_column_of(const struct ent_import_reader *reader,
                                                     const char *pointer);
/* Set a field that no column is for. */
void ent_import_give(struct ent_import_work *work, const struct ent_field *field);
void ent_import_keep(struct ent_import_work *work, ent_str name, ent_str value); /* metadata */
/* A whole number, also "3.0" or empty (none). Notes. */
ent_count ent_import_count(struct ent_import_work *work, enum ent_import_slot slot,
                           struct ent_error *error);
/* "Medium", "P3"; false: no such word. */
bool ent_import_priority(ent_str text, enum ent_case_priority *out);
/* "First Response": what it is called in Salesforce's own examples; else a custom one. */
enum ent_milestone_kind ent_import_milestone_kind(ent_str name);
/* "Web Form" as web_form. */
ent_str ent_import_word(struct ent_arena *arena, ent_str text);

/* ---- references: import_refer.c ---------------------------------------------------------- */

struct ent_import_cache *ent_import_cache_open(void); /* NULL: no memory */
void ent_import_cache_close(struct ent_import_cache *cache);
void ent_import_cache_clear(struct ent_import_cache *cache);

/* The record that `text` names: our identifier, or an external one of the row's system, or
 * system:identifier. None if there is none. */
ENT_CHECK enum ent_code ent_import_find(struct ent_import_work *work, const struct ent_type *type,
                                        ent_str text, ent_id *out, struct ent_error *error);
/* The same; notes what is missing under `pointer`, or sets work->waits. */
ENT_CHECK enum ent_code ent_import_refer(struct ent_import_work *work, const struct ent_type *type,
                                         ent_str text, const char *pointer, ent_id *out,
                                         struct ent_error *error);

/* ---- rows: import_row.c, import_history.c, import_case.c, import_contract.c --------------- */

/* Create or change the record. */
ENT_CHECK enum ent_code ent_import_store(struct ent_import_work *work,
                                         enum ent_import_status *status, ent_id *out,
                                         struct ent_error *error);

/* Create with its past; bring the state of a present one up to date. */
ENT_CHECK enum ent_code ent_import_create_entitlement(struct ent_import_work *work,
                                                      struct ent_error *error);
ENT_CHECK enum ent_code ent_import_change_entitlement(struct ent_import_work *work,
                                                      const struct ent_entitlement *present,
                                                      bool *changed, struct ent_error *error);
ENT_CHECK enum ent_code ent_import_create_case(struct ent_import_work *work,
                                               struct ent_error *error);
ENT_CHECK enum ent_code ent_import_change_case(struct ent_import_work *work,
                                               const struct ent_case *present, bool *changed,
                                               struct ent_error *error);
/* Contracts and lines of the past: put into force, suspended, cancelled as slots STAGE, STATE and
 * CANCELLED_AT say; a remark where slot CLAIM, or else STATE, contradicts the dates. */
ENT_CHECK enum ent_code ent_import_create_contract(struct ent_import_work *work,
                                                   struct ent_error *error);
ENT_CHECK enum ent_code ent_import_change_contract(struct ent_import_work *work, ent_id id,
                                                   bool *changed, struct ent_error *error);
ENT_CHECK enum ent_code ent_import_create_line(struct ent_import_work *work,
                                               struct ent_error *error);
ENT_CHECK enum ent_code ent_import_change_line(struct ent_import_work *work, ent_id id,
                                               bool *changed, struct ent_error *error);
/* The state in slot STATE by its position in `names`; `otherwise` where there is none. Notes. */
unsigned ent_import_state(struct ent_import_work *work, const struct ent_names *names,
                          unsigned otherwise, struct ent_error *error);
/* Add the contact in slot CONTACT to the entitlement in slot ENTITLEMENT. */
ENT_CHECK enum ent_code ent_import_add_contact(struct ent_import_work *work,
                                               enum ent_import_status *status, ent_id *out,
                                               struct ent_error *error);
/* What follows from the cells of Salesforce's BusinessHours, and a Holiday, which goes into the set
 * that slot SET names. */
ENT_CHECK enum ent_code ent_import_finish_hours(struct ent_import_work *work,
                                                struct ent_error *error);
ENT_CHECK enum ent_code ent_import_store_holiday(struct ent_import_work *work,
                                                 enum ent_import_status *status, ent_id *out,
                                                 struct ent_error *error);
/* What follows from the cells of Salesforce's ServiceContract and ContractLineItem. */
ENT_CHECK enum ent_code ent_import_finish_service_contract(struct ent_import_work *work,
                                               struct ent_error *error);
ENT_CHECK enum ent_code ent_import_finish_line_item(struct ent_import_work *work,
                                                    struct ent_error *error);
/* A CaseMilestone that was completed, on the case that slot CASE names. */
ENT_CHECK enum ent_code ent_import_store_milestone(struct ent_import_work *work,
                                                   enum ent_import_status *status, ent_id *out,
                                                   struct ent_error *error);
/* Change fields of an entitlement that is in force and so locked. */
ENT_CHECK enum ent_code ent_import_amend(struct ent_import_work *work, ent_id id,
                                         const struct ent_set *fields, struct ent_error *error);

#endif
