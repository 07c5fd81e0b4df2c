/* view.h - who sees a list that somebody keeps. */
#ifndef ENT_APP_VIEW_H
#define ENT_APP_VIEW_H

#include "app/app.h"

/* Is it the caller's own, or shared? Others do not exist for them. */
bool ent_view_is_seen(const struct ent_call *call, const struct ent_view *view);

#endif
