/* SPDX-License-Identifier: MIT
 *
 * atcoap test: plays transcripts and says which of them passed. */
#ifndef ATCOAP_HOST_SCRIPT_H
#define ATCOAP_HOST_SCRIPT_H

/* argv[0] is "test". Returns the program's exit status. */
int script_main(int argc, char **argv);

#endif
