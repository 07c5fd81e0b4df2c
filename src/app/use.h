/* use.h - what may not be deleted, because something names it. */
#ifndef ENT_APP_USE_H
#define ENT_APP_USE_H

#include "app/app.h"

/* IN_USE, naming one record that uses it, if a column of use.def holds this id. */
ENT_CHECK enum ent_code ent_use_refuse(struct ent_call *call, const struct ent_type *type,
                                       ent_id id, struct ent_error *error);

#endif
