/* background.h - what the server does by itself: boundary events, sweeping, the log. */
#ifndef ENT_APP_BACKGROUND_H
#define ENT_APP_BACKGROUND_H

#include "app/app.h"

struct ent_background;

ENT_CHECK enum ent_code ent_background_start(struct ent_app *app, struct ent_background **out,
                                             struct ent_error *error);
/* Wait for what is being done, then end. */
void ent_background_stop(struct ent_background *background);

#endif
