/* SPDX-License-Identifier: MIT */
#include "dialects.h"

#include <strings.h>

static const struct {
    const char *name;
    const struct atc_dialect *dialect;
    const char *model; /* NULL: the dialect's */
} dialects[] = {
    {"bg96", &atc_dialect_bg96, NULL},
    {"bc95", &atc_dialect_bc95, NULL},
    {"bc95-g", &atc_dialect_bc95, NULL},
    {"bc68", &atc_dialect_bc95, "BC68"},
};

const struct atc_dialect *dialects_find(const char *name)
{
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++)
        if (strcasecmp(name, dialects[i].name) == 0)
            return dialects[i].dialect;
    return NULL;
}

const char *dialects_model(const char *name)
{
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++)
        if (strcasecmp(name, dialects[i].name) == 0)
            return dialects[i].model;
    return NULL;
}

const char *dialects_name(const struct atc_dialect *dialect)
{
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++)
        if (dialects[i].dialect == dialect)
            return dialects[i].name;
    return "?";
}
