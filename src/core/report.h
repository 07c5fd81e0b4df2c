/* report.h - the rows of reports, described like entities, and the arithmetic of movements.
 *
 * docs/reports.md. Pure.
 */
#ifndef ENT_CORE_REPORT_H
#define ENT_CORE_REPORT_H

#include "core/price_amount.h"

struct ent_report_expiring {
#include "core/entity/as_member.h"
#include "core/report/expiring.def"
};
extern const struct ent_type ent_report_expiring_type;

struct ent_report_expiring_windows {
#include "core/entity/as_member.h"
#include "core/report/expiring_windows.def"
};
extern const struct ent_type ent_report_expiring_windows_type;

struct ent_report_states {
#include "core/entity/as_member.h"
#include "core/report/states.def"
};
extern const struct ent_type ent_report_states_type;

struct ent_report_renewal_rate {
#include "core/entity/as_member.h"
#include "core/report/renewal_rate.def"
};
extern const struct ent_type ent_report_renewal_rate_type;

struct ent_report_arr_movement {
#include "core/entity/as_member.h"
#include "core/report/arr_movement.def"
};
extern const struct ent_type ent_report_arr_movement_type;

struct ent_report_ramp_forecast {
#include "core/entity/as_member.h"
#include "core/report/ramp_forecast.def"
};
extern const struct ent_type ent_report_ramp_forecast_type;

struct ent_report_usage {
#include "core/entity/as_member.h"
#include "core/report/usage.def"
};
extern const struct ent_type ent_report_usage_type;

struct ent_report_usage_accounts {
#include "core/entity/as_member.h"
#include "core/report/usage_accounts.def"
};
extern const struct ent_type ent_report_usage_accounts_type;

struct ent_report_uncovered_assets {
#include "core/entity/as_member.h"
#include "core/report/uncovered_assets.def"
};
extern const struct ent_type ent_report_uncovered_assets_type;

struct ent_report_gap_days {
#include "core/entity/as_member.h"
#include "core/report/gap_days.def"
};
extern const struct ent_type ent_report_gap_days_type;

struct ent_report_sla_compliance {
#include "core/entity/as_member.h"
#include "core/report/sla_compliance.def"
};
extern const struct ent_type ent_report_sla_compliance_type;

struct ent_report_sla_breaches {
#include "core/entity/as_member.h"
#include "core/report/sla_breaches.def"
};
extern const struct ent_type ent_report_sla_breaches_type;

struct ent_report_uncovered_cases {
#include "core/entity/as_member.h"
#include "core/report/uncovered_cases.def"
};
extern const struct ent_type ent_report_uncovered_cases_type;

struct ent_input_report {
#include "core/entity/as_member.h"
#include "core/input/report.def"
};
extern const struct ent_type ent_input_report_type;

#endif
