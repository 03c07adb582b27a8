/* SPDX-License-Identifier: MIT
 *
 * The dialects by name, as people write them: also the names of modules that speak the same. */
#ifndef ATCOAP_HOST_DIALECTS_H
#define ATCOAP_HOST_DIALECTS_H

#include "atcoap/atcoap.h"

/* In any case of letters. NULL: there is none of that name. */
const struct atc_dialect *dialects_find(const char *name);

/* What the module of that name calls itself, if its dialect is also another's; NULL: as the dialect
 * says. */
const char *dialects_model(const char *name);

/* The name of a dialect. */
const char *dialects_name(const struct atc_dialect *dialect);

/* What to say when there is none. */
#define DIALECTS_KNOWN "bg96, or bc95 (also bc95-g and bc68)"

#endif
