/* SPDX-License-Identifier: MIT
 *
 * How replies are framed: CR LF text CR LF, the lines of one reply joined by one CR LF, a blank
 * line only before the final result. With ATV0 there is nothing in front, and results are numbers
 * with a CR. Source: D-07, V.250 6.2, D-150.
 */
#ifndef ATC_REPLY_H
#define ATC_REPLY_H

#include "out.h"

/* ATV, ATQ, ATS3 and ATS4. */
struct atc_framing {
    uint8_t cr;   /* S3: what stands for CR */
    uint8_t lf;   /* S4: what stands for LF */
    bool numeric; /* ATV0 */
    bool quiet;   /* ATQ1: results are not printed; information and URCs are */
};

/* The framing at start: ATV1, ATQ0, ATS3=13, ATS4=10. */
extern const struct atc_framing atc_framing_factory;

/* The results that have a number. */
enum atc_final { ATC_FINAL_OK = 0, ATC_FINAL_CONNECT = 1, ATC_FINAL_ERROR = 4 };

/* Begin an information line or a URC; first tells whether it is the reply's first. */
void atc_reply_begin(struct atc_out *out, const struct atc_framing *framing, bool first);

/* End it. */
void atc_reply_end(struct atc_out *out, const struct atc_framing *framing);

/* A line in a frame of its own: a URC. */
void atc_reply_line(struct atc_out *out, const struct atc_framing *framing, const char *text);

/* A result. */
void atc_reply_final(struct atc_out *out, const struct atc_framing *framing, enum atc_final final);

/* A final +CME ERROR, with a number, or in words if words is not NULL. */
void atc_reply_cme(struct atc_out *out, const struct atc_framing *framing, unsigned number,
                   const char *words);

#endif
