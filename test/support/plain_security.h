/* SPDX-License-Identifier: MIT
 *
 * The least that can stand behind the seam of host/security.h: no handshake, no cipher, a message
 * is a datagram with one byte in front that says what it is. It shows what another library has to
 * fill in. Never for use.
 */
#ifndef PLAIN_SECURITY_H
#define PLAIN_SECURITY_H

#include "security.h"

extern const struct security_library plain_security;

#endif
