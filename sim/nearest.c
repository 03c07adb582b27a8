/* SPDX-License-Identifier: MIT */
#include "nearest.h"

#include <string.h>

enum { WORD_MAX = 32 };

/* How many letters to change, add or leave out to make one word the other
 * (Levenshtein); both at most WORD_MAX long. */
static size_t distance(const char *a, const char *b)
{
    const size_t a_len = strlen(a), b_len = strlen(b);
    size_t row[WORD_MAX + 1];

    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);

            if (best > row[j] + 1)
                best = row[j] + 1;
            if (best > row[j - 1] + 1)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b_len];
}

const char *sim_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t least = 0;

    if (strlen(word) > WORD_MAX)
        return NULL;
    for (size_t i = 0; names[i] != NULL; i++) {
        const size_t far = distance(word, names[i]);

        if (nearest == NULL || far < least) {
            nearest = names[i];
            least = far;
        }
    }
    return nearest != NULL && least <= 1 + strlen(word) / 3 ? nearest : NULL;
}
