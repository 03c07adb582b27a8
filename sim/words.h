/* SPDX-License-Identifier: MIT
 *
 * Words and numbers of the little languages that configure sim: link_text.c, uart_text.c. Numbers are
 * decimal and exact: no fraction that the unit cannot hold is rounded away. */
#ifndef SIM_WORDS_H
#define SIM_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest time that may be given: a day. */
#define SIM_TIME_MAX_MS 86400000u

struct sim_text {
    const char *at;
    size_t len;
};

/* What may stand behind a number, and what one of it is. */
struct sim_unit {
    const char *word;
    uint64_t worth;
};

bool sim_text_is(struct sim_text t, const char *word);

/* Cut off what stands before the mark, or all. Returns whether the mark was there. */
bool sim_text_cut(struct sim_text *rest, struct sim_text *part, char mark);

/* Digits at the front. Returns how many, 0 also if they are more than max. */
size_t sim_text_digits(struct sim_text *t, uint64_t *number, uint64_t max);

/* "12", "0.5": the number in thousandths or the like, one being so many of them. False if a digit
 * behind the point is worth less than one. */
bool sim_text_decimal(struct sim_text *t, uint64_t *value, uint64_t one, uint64_t max);

/* A number and a unit, all of t. */
bool sim_text_unit(struct sim_text t, const struct sim_unit *units, size_t count, uint32_t *value,
                   uint32_t max);

/* "300", "2s", "1.5h": a time in ms, all of t, up to SIM_TIME_MAX_MS. */
bool sim_text_time(struct sim_text t, uint32_t *value);

/* "0.5%": a share in parts of SIM_PPM, all of t. */
bool sim_text_percent(struct sim_text t, uint32_t *ppm);

#endif
