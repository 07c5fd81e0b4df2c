/* reminder_check.c - rules of reminders are judged. */
#include "app/reminder.h"

#include "base/text.h"
#include "core/mail.h"

struct rule {
	enum ent_reminder_kind kind;
	ent_count days, percent;
	struct ent_words recipients;
};

static bool is_recipient(ent_str word)
{
	return ent_str_is(word, "administrator") || ent_str_is(word, "account") ||
	       ent_str_is(word, "contacts") ||
	       (ent_str_begins(word, ENT_STR("contact:")) && word.len > strlen("contact:")) ||
	       ent_mail_is_address(word);
}

static void check(const struct rule *rule, size_t at, struct ent_arena scratch,
                  struct ent_error *error)
{
	bool low = rule->kind == ENT_REMIND_LOW_BALANCE;
	ent_count needed = low ? rule->percent : rule->days;
	ent_count other = low ? rule->days : rule->percent;
	if (ent_count_is_none(needed)) {
		ent_note(
			error, ENT_E_REQUIRED,
			ent_text_format(&scratch, "/reminders/%zu/%s", at, low ? "percent" : "days")
				.ptr,
			(ent_str){ NULL, 0 }, "must be given");
	}
	if (!ent_count_is_none(other)) {
		ent_note(
			error, ENT_E_INVALID,
			ent_text_format(&scratch, "/reminders/%zu/%s", at, low ? "days" : "percent")
				.ptr,
			(ent_str){ NULL, 0 }, "leave it out for %s",
			ent_reminder_kind_names.text[rule->kind]);
	}
	for (size_t i = 0; i < rule->recipients.count; i++) {
		if (!is_recipient(rule->recipients.items[i])) {
			ent_note(error, ENT_E_UNKNOWN_VALUE,
			         ent_text_format(&scratch, "/reminders/%zu/recipients/%zu", at, i)
			                 .ptr,
			         rule->recipients.items[i],
			         "give administrator, account, contacts, contact:<role> or an "
			         "address");
		}
	}
}

#define CHECK_ALL(type, rows, scratch, error)                                              \
	do {                                                                               \
		const type *items_ = (rows).items;                                         \
		for (size_t i_ = 0; i_ < (rows).count; i_++) {                             \
			struct rule rule_ = { items_[i_].kind, items_[i_].days,            \
				              items_[i_].percent, items_[i_].recipients }; \
			check(&rule_, i_, scratch, error);                                 \
		}                                                                          \
	} while (0)

void ent_reminder_check_contract(const struct ent_contract *contract, struct ent_arena scratch,
                                 struct ent_error *error)
{
	CHECK_ALL(struct ent_contract_reminder, contract->reminders, scratch, error);
}

void ent_reminder_check_settings(const struct ent_settings *settings, struct ent_arena scratch,
                                 struct ent_error *error)
{
	CHECK_ALL(struct ent_settings_reminder, settings->reminders, scratch, error);
}
