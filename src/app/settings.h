/* settings.h - the one record of how the organisation works. */
#ifndef ENT_APP_SETTINGS_H
#define ENT_APP_SETTINGS_H

#include "app/app.h"

extern const ent_id ent_settings_id;

#endif
