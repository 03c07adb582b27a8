/* SPDX-License-Identifier: MIT */
#include "reply.h"

const struct atc_framing atc_framing_factory = {.cr = '\r', .lf = '\n'};

void atc_reply_begin(struct atc_out *out, const struct atc_framing *framing, bool first)
{
    if (first && !framing->numeric) {
        atc_put_byte(out, framing->cr);
        atc_put_byte(out, framing->lf);
    }
}

void atc_reply_end(struct atc_out *out, const struct atc_framing *framing)
{
    atc_put_byte(out, framing->cr);
    atc_put_byte(out, framing->lf);
}

void atc_reply_line(struct atc_out *out, const struct atc_framing *framing, const char *text)
{
    atc_reply_begin(out, framing, true);
    atc_put_text(out, text);
    atc_reply_end(out, framing);
}

/* A result has no LF behind it if results are numbers. Source: V.250 5.7.1. */
static void end_result(struct atc_out *out, const struct atc_framing *framing)
{
    atc_put_byte(out, framing->cr);
    if (!framing->numeric)
        atc_put_byte(out, framing->lf);
}

static const char *text_of(enum atc_final final)
{
    switch (final) {
    case ATC_FINAL_OK:
        return "OK";
    case ATC_FINAL_CONNECT:
        return "CONNECT";
    case ATC_FINAL_ERROR:
        break;
    }
    return "ERROR";
}

void atc_reply_final(struct atc_out *out, const struct atc_framing *framing, enum atc_final final)
{
    if (framing->quiet)
        return;
    atc_reply_begin(out, framing, true);
    if (framing->numeric)
        atc_put_number(out, (unsigned) final);
    else
        atc_put_text(out, text_of(final));
    end_result(out, framing);
}

void atc_reply_cme(struct atc_out *out, const struct atc_framing *framing, unsigned number,
                   const char *words)
{
    if (framing->quiet)
        return;
    atc_reply_begin(out, framing, true);
    atc_put_text(out, "+CME ERROR: ");
    if (words != NULL)
        atc_put_text(out, words);
    else
        atc_put_number(out, number);
    end_result(out, framing);
}
