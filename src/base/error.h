/* SPDX-License-Identifier: MIT
 *
 * What parsing a datagram can return; the public header has the same numbers and meanings, and a
 * static assert in the engine compares them.
 */
#ifndef ATC_ERROR_H
#define ATC_ERROR_H

enum { ATC_BAD_VERSION = -3, ATC_BAD_FORMAT = -4 };

#endif
