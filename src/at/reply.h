/* SPDX-License-Identifier: MIT
 *
 * How replies are framed: CR LF text CR LF, the lines of one reply joined by one CR LF, a blank
 * line only before the final result. Source: D-07.
 */
#ifndef ATC_REPLY_H
#define ATC_REPLY_H

#include "out.h"

/* Begin an information line; first tells whether it is the reply's first. */
void atc_reply_begin(struct atc_out *out, bool first);

/* End it. */
void atc_reply_end(struct atc_out *out);

/* A line in a frame of its own: a final result, a URC. */
void atc_reply_line(struct atc_out *out, const char *text);

/* A final +CME ERROR with a number. */
void atc_reply_cme(struct atc_out *out, unsigned number);

#endif
