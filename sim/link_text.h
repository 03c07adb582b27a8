/* SPDX-License-Identifier: MIT
 *
 * A link as text, "nbiot-ce1,loss=5%,down.delay=400:1600": the one place that knows the words. The
 * same tables read it and explain it (atcoap help link, docs/link.md). */
#ifndef SIM_LINK_TEXT_H
#define SIM_LINK_TEXT_H

#include "link.h"

/* Room for what sim_link_parse() says is wrong, NUL included. */
#define SIM_LINK_ERROR_MAX 320u

/* Read text[0..len) on top of *config, left to right: what comes later wins. A preset, which stands
 * first, replaces all of it. Returns false, and says what is wrong and what would do; config is then
 * unchanged. */
bool sim_link_parse(struct sim_link_config *config, const char *text, size_t len,
                    char error[SIM_LINK_ERROR_MAX]);

/* A key of the language. */
struct sim_link_key {
    const char *name;
    const char *form;    /* what stands behind the = */
    const char *meaning; /* with units */
    bool per_direction;  /* also up.NAME and down.NAME */
};

/* The i-th key, or NULL behind the last. */
const struct sim_link_key *sim_link_key(size_t i);

struct sim_link_preset {
    const char *name;
    const char *text;    /* what it stands for */
    const char *meaning; /* and where the numbers come from */
};

const struct sim_link_preset *sim_link_preset(size_t i);

#endif
