/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "gen_commands.h"
#include "option.h"

/* --- unsolicited results ---------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *meaning;
} fields[] = {
    [ATC_FIELD_CLIENT] = {"<clientID>", "the client"},
    [ATC_FIELD_PEER] = {"<ip_addr>,<port>", "where it came from"},
    [ATC_FIELD_TYPE] = {"<type>", "0 CON, 1 NON, 2 ACK, 3 RST"},
    [ATC_FIELD_CODE] = {"<code>", "as in 2.05"},
    [ATC_FIELD_CODE_OR_0] = {"<rspcode>", "as in 2.05; 0 for an empty message"},
    [ATC_FIELD_METHOD] = {"<method>", "1 GET, 2 POST, 3 PUT, 4 DELETE"},
    [ATC_FIELD_MID] = {"<msgid>", "message ID"},
    [ATC_FIELD_MODE] = {"<mode>", "what follows, as two hex digits: bit 0 a token, bits 1 to 6 how "
                                  "many options, bit 7 data"},
    [ATC_FIELD_TOKEN] = {"<tkl>,<token>", "bytes of the token, and the token in hex"},
    [ATC_FIELD_OPTION_COUNT] = {"<opt_count>", "how many options follow"},
    [ATC_FIELD_OPTIONS_QUOTED] = {"<opt_number>,\"<opt_value>\"",
                                  "each option, every value quoted"},
    [ATC_FIELD_OPTIONS] = {"<opt_number>,<opt_value>", "each option, strings quoted, others bare"},
    [ATC_FIELD_PAYLOAD] = {"<length>,<data>", "bytes of the payload, and the payload: text for "
                                              "Content-Format 0, 41 and 50, else hex; cut to 1,024 "
                                              "bytes"},
    [ATC_FIELD_PAYLOAD_CUT] = {"<length>,<data>",
                               "bytes of the payload, and the payload: text for Content-Format 0, "
                               "41 and 50, else hex; cut to `rsp-max` bytes"},
    [ATC_FIELD_PAYLOAD_RAW] = {"<payload_length>",
                               "bytes of the payload, which follows as it is on "
                               "a line of its own"},
    [ATC_FIELD_RETRIES] = {"<retry_times>", "how often it has been sent again"},
    [ATC_FIELD_RESULT] = {"<result>", "a result code"},
};

static const char *const occasions[ATC_URC_COUNT] = {
    [ATC_URC_RESPONSE] = "a response came, or an ACK or RST",
    [ATC_URC_REQUEST] = "a request came",
    [ATC_URC_DELIVERY] = "what became of a message",
    [ATC_URC_RETRY] = "a CON message was sent again",
    [ATC_URC_OPENED] = "what became of an OPEN",
    [ATC_URC_CLOSED] = "what became of a CLOSE",
};

/* When a URC comes. A dialect that reports no Empty message has none for an ACK or RST alone. */
static const char *occasion(const struct atc_dialect *d, unsigned kind)
{
    if (kind == ATC_URC_RESPONSE && !d->reports_empty)
        return "a response came";
    return occasions[kind];
}

static bool is_list(const struct atc_urc_field *field)
{
    return field->field == ATC_FIELD_OPTIONS || field->field == ATC_FIELD_OPTIONS_QUOTED;
}

static const char *condition(const struct atc_urc_field *field)
{
    switch ((enum atc_when)field->when) {
    case ATC_ALWAYS:
        return is_list(field) ? "for each option" : "always";
    case ATC_IF_SHOW_ADDRESS:
        return "if Showra is 1";
    case ATC_IF_SHOW_OPTIONS:
        return is_list(field) ? "for each option, if Showrspopt is 1" : "if Showrspopt is 1";
    case ATC_IF_TOKEN:
        return "if there is a token";
    case ATC_IF_PAYLOAD:
        return "if there is a payload";
    }
    return "";
}

/* The line of a URC, what may be missing in brackets together with its comma: in front of the first
 * field that is always there the comma stands behind, later in front. */
static void put_urc_line(FILE *out, const struct atc_urc *urc)
{
    bool begun = false;

    (void)fprintf(out, "    %s", urc->head);
    for (unsigned i = 0; i < urc->field_count; i++) {
        const struct atc_urc_field *field = &urc->fields[i];
        const bool optional = field->when != ATC_ALWAYS || is_list(field);

        (void)fprintf(out, "%s%s%s%s%s%s", optional ? "[" : "", begun ? "," : "",
                      fields[field->field].name, is_list(field) ? "..." : "",
                      optional && !begun ? "," : "", optional ? "]" : "");
        begun = begun || !optional;
    }
    (void)fputs("\n\n", out);
}

static void put_urc_fields(FILE *out, const struct atc_urc *urc)
{
    (void)fputs("| field | when | meaning |\n| --- | --- | --- |\n", out);
    for (unsigned i = 0; i < urc->field_count; i++)
        (void)fprintf(out, "| `%s` | %s | %s |\n", fields[urc->fields[i].field].name,
                      condition(&urc->fields[i]), fields[urc->fields[i].field].meaning);
    (void)fputs("\n", out);
}

/* Whether two kinds of one dialect are reported alike. */
static bool is_like(const struct atc_urc *a, const struct atc_urc *b)
{
    return a->head != NULL && b->head != NULL && a->fields == b->fields &&
           strcmp(a->head, b->head) == 0;
}

static void put_urc(FILE *out, const struct atc_dialect *d, unsigned kind)
{
    const struct atc_urc *urc = &d->urcs[kind];
    char heading[64];

    (void)snprintf(heading, sizeof heading, "%.*s (%s)", (int)strcspn(urc->head + 1, ",: ") + 1,
                   urc->head, gen_title(d));
    if (strchr(urc->head, '"') != NULL)
        (void)snprintf(heading, sizeof heading, "%.*s (%s)", (int)strlen(urc->head) - 1, urc->head,
                       gen_title(d));
    gen_heading(out, 3, heading);
    (void)fprintf(out, "When: %s", occasion(d, kind));
    for (unsigned other = kind + 1; other < ATC_URC_COUNT; other++)
        if (is_like(urc, &d->urcs[other]))
            (void)fprintf(out, "; %s", occasion(d, other));
    (void)fputs(".\n\n", out);
    put_urc_line(out, urc);
    put_urc_fields(out, urc);
    gen_source(out, urc->source, NULL);
}

void gen_urcs(FILE *out, const struct atc_dialect *d)
{
    for (unsigned kind = 0; kind < ATC_URC_COUNT; kind++) {
        bool shown = d->urcs[kind].head == NULL;

        for (unsigned other = 0; other < kind; other++)
            shown = shown || is_like(&d->urcs[kind], &d->urcs[other]);
        if (!shown)
            put_urc(out, d, kind);
    }
}

/* --- result codes ----------------------------------------------------------------------------- */

static const char *text_of(const struct atc_dialect *d, int cme)
{
    for (const struct atc_cme_text *text = d->texts; text != NULL && text->text != NULL; text++) {
        if (text->cme == cme)
            return text->text;
    }
    return "";
}

/* Whether the dialect has URCs with a result. */
static bool has_results(const struct atc_dialect *d)
{
    return d->results[ATC_CAUSE_PARAMETER].result != 0;
}

void gen_results(FILE *out, const struct atc_dialect *d)
{
    const bool wide = has_results(d);

    (void)fputs(wide ? "| what is wrong | `<err>` | in words | `<result>` |\n"
                       "| --- | --- | --- | --- |\n| nothing | | | 0 |\n"
                     : "| what is wrong | `<err>` |\n| --- | --- |\n",
                out);
    for (unsigned cause = 1; cause < ATC_CAUSE_COUNT; cause++) {
        const struct atc_result *result = &d->results[cause];

        if (result->cme == 0 && result->result == 0)
            continue;
        (void)fprintf(out, "| %s | %d |", atc_cause_name(cause), result->cme);
        if (wide)
            (void)fprintf(out, " %s | %d |", text_of(d, result->cme), result->result);
        (void)fputs("\n", out);
    }
}

/* --- options ---------------------------------------------------------------------------------- */

static const char *const formats[] = {
    [ATC_FORMAT_EMPTY] = "none",
    [ATC_FORMAT_OPAQUE] = "hex digits",
    [ATC_FORMAT_UINT] = "decimal number",
    [ATC_FORMAT_STRING] = "text",
};

static bool lists_option(const struct atc_dialect *d, unsigned number)
{
    return memchr(d->options, (int)number, d->option_count) != NULL;
}

/* What two of the numbers may be, and how another is made up. Source: D-29. */
static void put_closed_values(FILE *out, const struct atc_dialect *d)
{
    if (!d->closed_formats)
        return;
    (void)fputs(
        "\nContent-Format and Accept are 0 text/plain, 40 application/link-format, 41 "
        "application/xml,\n42 application/octet-stream, 47 application/exi or 50 "
        "application/json; with\n`content-format=any` any number. A Block value is NUM x 16 "
        "+ M x 8 + SZX, with SZX 0 to 6.\n",
        out);
}

void gen_options(FILE *out, const struct atc_dialect *d)
{
    const struct atc_option_row *row = NULL;

    (void)fputs("| number | name | value | bytes | several | source |\n"
                "| --- | --- | --- | --- | --- | --- |\n",
                out);
    for (size_t i = 0; (row = atc_option_at(i)) != NULL; i++) {
        const unsigned max = row->max < d->value_max ? row->max : d->value_max;
        const unsigned min = row->format == ATC_FORMAT_OPAQUE && row->min < d->value_min
                                 ? d->value_min
                                 : row->min;

        if (!lists_option(d, row->number))
            continue;
        (void)fprintf(out, "| %u | %s | %s | ", row->number, row->name, formats[row->format]);
        if (min == max)
            (void)fprintf(out, "%u", max);
        else
            (void)fprintf(out, "%u-%u", min, max);
        (void)fprintf(out, " | %s | %s |\n", row->repeatable ? "yes" : "no", row->source);
    }
    put_closed_values(out, d);
}

/* --- traits ----------------------------------------------------------------------------------- */

static void put_lines(FILE *out, const char *name, const char *const *lines)
{
    if (lines[0] == NULL)
        return;
    (void)fprintf(out, "| %s | ", name);
    for (const char *const *line = lines; *line != NULL; line++)
        (void)fprintf(out, "%s`%s`", line == lines ? "" : ", ", *line);
    (void)fputs(" |\n", out);
}

void gen_traits(FILE *out, const struct atc_dialect *d)
{
    (void)fprintf(out,
                  "| what | value |\n| --- | --- |\n"
                  "| clients | %u |\n"
                  "| prompt | `%s` |\n"
                  "| largest payload typed | %d bytes |\n"
                  "| a payload typed too long | %s |\n"
                  "| a payload of hex digits | %s |\n"
                  "| token that the module chooses | %u bytes |\n"
                  "| without a header | %s |\n"
                  "| first time-out of a CON | %lu ms, up to half of it more |\n"
                  "| retransmissions of a CON | %u |\n"
                  "| AT+CMEE at start | %u |\n"
                  "| echo of the CR | %s |\n",
                  d->session_count, d->prompt + 2, ATC_PAYLOAD_MAX,
                  d->overlong == ATC_OVERLONG_CUT ? "is cut" : "is an error",
                  d->typed == ATC_TYPED_RAW ? "is text"
                                            : "stands for bytes, unless Content-Format is text",
                  d->token_len, d->token_by_default ? "a token is chosen" : "there is no token",
                  (unsigned long)d->ack_timeout_ms, d->max_retransmit, d->cmee_default,
                  d->echo_cr ? "yes" : "no");
    put_lines(out, "a restart prints", d->boot);
    put_lines(out, "AT+CFUN=1 prints", d->ready);
}

/* --- settings --------------------------------------------------------------------------------- */

void gen_settings(FILE *out)
{
    const struct atc_setting_info *info = NULL;

    (void)fputs("| key | values | meaning | decision |\n| --- | --- | --- | --- |\n", out);
    for (size_t i = 0; (info = atc_setting_info(i)) != NULL; i++) {
        (void)fprintf(out, "| `%s` | ", info->key);
        gen_cell(out, info->values);
        (void)fputs(" | ", out);
        gen_cell(out, info->meaning);
        (void)fputs(" | ", out);
        gen_decision_links(out, info->source);
        (void)fputs(" |\n", out);
    }
}
