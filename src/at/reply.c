/* SPDX-License-Identifier: MIT */
#include "reply.h"

void atc_reply_begin(struct atc_out *out, bool first)
{
    if (first)
        atc_put_text(out, "\r\n");
}

void atc_reply_end(struct atc_out *out)
{
    atc_put_text(out, "\r\n");
}

void atc_reply_line(struct atc_out *out, const char *text)
{
    atc_reply_begin(out, true);
    atc_put_text(out, text);
    atc_reply_end(out);
}

void atc_reply_cme(struct atc_out *out, unsigned number)
{
    atc_reply_begin(out, true);
    atc_put_text(out, "+CME ERROR: ");
    atc_put_number(out, number);
    atc_reply_end(out);
}
