/* reminder.h - who is reminded of a contract, of what and when, once each.
 *
 * Rules are rows of the contract, else of the settings. What was reminded of is in the table
 * `reminded`, so nothing is told twice, however often it is looked at; of several rules that are
 * due for the same day the nearest one is told, so that nobody hears of a contract four times
 * when it is made or after downtime. A reminder is the event contract.reminded, which webhooks
 * hear of, and e-mails.
 */
#ifndef ENT_APP_REMINDER_H
#define ENT_APP_REMINDER_H

#include "app/contract.h"

/* The contract was saved, or units of an entitlement under it were used: look at it soon. */
ENT_CHECK enum ent_code ent_reminder_expect(struct ent_call *call, struct ent_contract *contract,
                                            struct ent_error *error);
void ent_reminder_look(struct ent_call *call, ent_id account, ent_id contract);

/* Note what is wrong with rules; at "/reminders/3/days". */
void ent_reminder_check_contract(const struct ent_contract *contract, struct ent_arena scratch,
                                 struct ent_error *error);
void ent_reminder_check_settings(const struct ent_settings *settings, struct ent_arena scratch,
                                 struct ent_error *error);

#endif
