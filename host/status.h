/* SPDX-License-Identifier: MIT
 *
 * What the program's exit status says.
 */
#ifndef ATCOAP_HOST_STATUS_H
#define ATCOAP_HOST_STATUS_H

enum status {
    STATUS_GOOD = 0,
    STATUS_EXPECTATION = 1, /* something a test expected did not happen */
    STATUS_USAGE = 2,       /* usage, configuration or script error */
    STATUS_SYSTEM = 3       /* internal or system error */
};

#endif
