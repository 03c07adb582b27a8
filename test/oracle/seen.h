/* SPDX-License-Identifier: MIT
 *
 * What a test program tried, a line each, for the count of what is tested (tools/coverage_report).
 * Written only if the environment names a file in ATCOAP_SEEN.
 */
#ifndef SEEN_H
#define SEEN_H

/* Add a line; format as for printf(). */
__attribute__((format(printf, 1, 2))) void seen(const char *format, ...);

#endif
