#include "core/report.h"

#define ENT_REPORT_ROW(name_)                                          \
	const struct ent_type ent_report_##name_##_type = {            \
		.name = "report_" #name_, .fields = name_##_fields,    \
		.count = ENT_COUNT(name_##_fields),                    \
		.size = sizeof(struct ent_report_##name_),             \
		.label = "name", .search = "", .meaning = "A row of a report", \
	};

#define ENT_STRUCT struct ent_report_expiring
#define ENT_SELF   ent_report_expiring_type
static const struct ent_field expiring_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/expiring.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(expiring)

#define ENT_STRUCT struct ent_report_expiring_windows
#define ENT_SELF   ent_report_expiring_windows_type
static const struct ent_field expiring_windows_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/expiring_windows.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(expiring_windows)

#define ENT_STRUCT struct ent_report_states
#define ENT_SELF   ent_report_states_type
static const struct ent_field states_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/states.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(states)

#define ENT_STRUCT struct ent_report_renewal_rate
#define ENT_SELF   ent_report_renewal_rate_type
static const struct ent_field renewal_rate_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/renewal_rate.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(renewal_rate)

#define ENT_STRUCT struct ent_report_arr_movement
#define ENT_SELF   ent_report_arr_movement_type
static const struct ent_field arr_movement_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/arr_movement.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(arr_movement)

#define ENT_STRUCT struct ent_report_ramp_forecast
#define ENT_SELF   ent_report_ramp_forecast_type
static const struct ent_field ramp_forecast_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/ramp_forecast.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(ramp_forecast)

#define ENT_STRUCT struct ent_report_usage
#define ENT_SELF   ent_report_usage_type
static const struct ent_field usage_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/usage.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(usage)

#define ENT_STRUCT struct ent_report_usage_accounts
#define ENT_SELF   ent_report_usage_accounts_type
static const struct ent_field usage_accounts_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/usage_accounts.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(usage_accounts)

#define ENT_STRUCT struct ent_report_uncovered_assets
#define ENT_SELF   ent_report_uncovered_assets_type
static const struct ent_field uncovered_assets_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/uncovered_assets.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(uncovered_assets)

#define ENT_STRUCT struct ent_report_gap_days
#define ENT_SELF   ent_report_gap_days_type
static const struct ent_field gap_days_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/gap_days.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(gap_days)

#define ENT_STRUCT struct ent_report_sla_compliance
#define ENT_SELF   ent_report_sla_compliance_type
static const struct ent_field sla_compliance_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/sla_compliance.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(sla_compliance)

#define ENT_STRUCT struct ent_report_sla_breaches
#define ENT_SELF   ent_report_sla_breaches_type
static const struct ent_field sla_breaches_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/sla_breaches.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(sla_breaches)

#define ENT_STRUCT struct ent_report_uncovered_cases
#define ENT_SELF   ent_report_uncovered_cases_type
static const struct ent_field uncovered_cases_fields[] = {
#include "core/entity/as_row.h"
#include "core/report/uncovered_cases.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
ENT_REPORT_ROW(uncovered_cases)

#define ENT_STRUCT struct ent_input_report
#define ENT_SELF   ent_input_report_type
static const struct ent_field input_fields[] = {
#include "core/entity/as_row.h"
#include "core/input/report.def"
};
#undef ENT_STRUCT
#undef ENT_SELF
const struct ent_type ent_input_report_type = {
	.name = "input_report",
	.fields = input_fields,
	.count = ENT_COUNT(input_fields),
	.size = sizeof(struct ent_input_report),
	.label = "as_of",
	.search = "",
	.meaning = "What is asked of a report",
};
