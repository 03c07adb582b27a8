/* SPDX-License-Identifier: MIT
 *
 * atcoap help link: the keys and presets of a link, from the tables that read it.
 */
#ifndef ATCOAP_HOST_HELP_LINK_H
#define ATCOAP_HOST_HELP_LINK_H

/* Print them. Returns the exit status. */
int help_link(void);

#endif
