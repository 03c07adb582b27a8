/* SPDX-License-Identifier: MIT
 *
 * What somebody may have meant who mistyped a name. */
#ifndef SIM_NEAREST_H
#define SIM_NEAREST_H

/* The name of the list (ending in NULL) most like word, or NULL if none is. Names have at most 32
 * letters. */
const char *sim_nearest(const char *word, const char *const *names);

#endif
