/* SPDX-License-Identifier: MIT
 *
 * The BG96: six CoAP clients, each connected to one server.
 *
 * Rows stand in the order of the note "BG96 CoAP Application Note V1.0".
 */
#include "bg96.h"
#include "base.h"
#include "verbs.h"

static unsigned client_of(const struct atc_call *call, unsigned at)
{
    return (unsigned)call->args.arg[at].number;
}

/* --- 3.3.1: configuration --------------------------------------------------------------------- */

/* Begin the reply of a query: the key in quotes. */
static struct atc_out open_query(struct atc_engine *e, const char *key)
{
    struct atc_out out = atc_reply_open(e);

    atc_put_text(&out, "+QCOAPCFG: ");
    atc_put_quoted(&out, key);
    return out;
}

static uint8_t handle_pdpcid(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_session *s = &e->session[client_of(call, 1)];
    struct atc_out out;

    if (atc_given(call, 2)) {
        s->pdp = (uint8_t)call->args.arg[2].number;
        return ATC_OK;
    }
    out = open_query(e, "pdpcid");
    atc_put_next(&out, s->pdp);
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* A slip of 5.2, accepted and answered as "pdpcid". Source: D-60. */
static uint8_t handle_pdpctxid(struct atc_engine *e, const struct atc_call *call)
{
    atc_engine_remark(e, client_of(call, 1), ATC_REMARK_KEY_SLIP, 0);
    return handle_pdpcid(e, call);
}

static uint8_t handle_dtls(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_session *s = &e->session[client_of(call, 1)];
    struct atc_out out;

    if (atc_given(call, 3))
        s->dtls_context = (uint8_t)call->args.arg[3].number;
    if (atc_given(call, 2)) {
        s->dtls = call->args.arg[2].number == 1;
        return ATC_OK;
    }
    out = open_query(e, call->row->key);
    atc_put_next(&out, s->dtls ? 1 : 0);
    if (s->dtls)
        atc_put_next(&out, s->dtls_context);
    atc_reply_close(e, &out);
    return ATC_OK;
}

static uint8_t handle_trans(struct atc_engine *e, const struct atc_call *call)
{
    const unsigned client = client_of(call, 1);
    const struct atc_params *params = &e->messages.endpoint[client].params;
    struct atc_out out;

    if (atc_given(call, 2)) {
        atc_verb_params(e, client, call->args.arg[2].number * 1000u,
                        (uint8_t)call->args.arg[3].number);
        return ATC_OK;
    }
    out = open_query(e, call->row->key);
    atc_put_next(&out, params->ack_timeout_ms / 1000u);
    atc_put_next(&out, params->max_retransmit);
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- 3.3.2, 3.3.3: connection ----------------------------------------------------------------- */

/* <status> of a client. Source: D-76. */
static unsigned status_of(const struct atc_session *s)
{
    return s->state == ATC_SESSION_LOST ? 0 : s->state;
}

static void reply_client(struct atc_engine *e, unsigned client)
{
    const struct atc_session *s = &e->session[client];
    struct atc_out out = atc_reply_open(e);

    atc_put_text(&out, "+QCOAPOPEN: ");
    atc_put_number(&out, client);
    atc_put_text(&out, ",\"");
    atc_put_escaped(&out, atc_pool_span(&e->pool, s->name));
    atc_put_byte(&out, '"');
    atc_put_next(&out, s->port);
    atc_put_next(&out, status_of(s));
    atc_reply_close(e, &out);
}

/* A line for each client that is not idle, one a step. */
static uint8_t list_clients(struct atc_engine *e, const struct atc_call *call)
{
    if (call->step == e->cfg.dialect->session_count)
        return ATC_OK;
    if (e->session[call->step].state != ATC_SESSION_IDLE)
        reply_client(e, call->step);
    return ATC_MORE;
}

/* Names and addresses are printable; anything else would be printed back three times as long. */
static bool is_server(struct atc_span text)
{
    while (text.len > 0) {
        const int byte = atc_text_next(&text);

        if (byte < 0x20 || byte >= 0x7F || byte == '"' || byte == '\\')
            return false;
    }
    return true;
}

static uint8_t handle_open(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_READ)
        return list_clients(e, call);
    if (!is_server(call->args.arg[1].text))
        return ATC_CAUSE_PARAMETER;
    return atc_verb_open(e, client_of(call, 0), &call->args.arg[1],
                         (uint16_t)call->args.arg[2].number);
}

static uint8_t handle_close(struct atc_engine *e, const struct atc_call *call)
{
    return atc_verb_close(e, client_of(call, 0));
}

/* --- 3.3.4, 3.3.5: header and options --------------------------------------------------------- */

static uint8_t handle_header(struct atc_engine *e, const struct atc_call *call)
{
    const bool automatic = call->args.arg[2].number == 1;
    const uint32_t tkl = atc_given(call, 3) ? call->args.arg[3].number : 0;
    struct atc_header header = {
        .given = true,
        .mid_given = true,
        .mid = (uint16_t)call->args.arg[1].number,
        .token_mode = automatic ? ATC_TOKEN_AUTO
                      : tkl > 0 ? ATC_TOKEN_GIVEN
                                : ATC_TOKEN_NONE,
        .tkl = (uint8_t)tkl,
    };

    if (automatic && call->args.count > 3)
        return ATC_CAUSE_PARAMETER;
    if (tkl > 0 && (!atc_given(call, 4) || call->args.arg[4].text.len != 2 * tkl))
        return ATC_CAUSE_PARAMETER;
    if (tkl == 0 && atc_given(call, 4) && call->args.arg[4].text.len > 0)
        return ATC_CAUSE_PARAMETER;
    if (tkl > 0)
        (void)atc_text_unhex(header.token, call->args.arg[4].text);
    return atc_verb_header(e, client_of(call, 0), &header);
}

/* Strings are shown quoted and numbers bare. Source: 5.1 and table 2. */
static void remark_on_option(struct atc_engine *e, const struct atc_call *call)
{
    const unsigned client = client_of(call, 0);
    const struct atc_arg *value = &call->args.arg[4];
    const struct atc_option_row *row = atc_option_row(call->args.arg[3].number);

    if (row == NULL)
        return;
    if (row->number == ATC_OPT_OBSERVE)
        atc_engine_remark(e, client, ATC_REMARK_OPTION_UNLISTED, 0);
    if (atc_given(call, 4) && ((row->format == ATC_FORMAT_UINT && value->quoted) ||
                               (row->format == ATC_FORMAT_STRING && !value->quoted)))
        atc_engine_remark(e, client, ATC_REMARK_QUOTES, 0);
}

static uint8_t handle_option(struct atc_engine *e, const struct atc_call *call)
{
    static const struct atc_arg no_value;
    const unsigned client = client_of(call, 0);
    const unsigned slot = (unsigned)call->args.arg[2].number;

    if (call->args.arg[1].number == 1)
        return call->args.count == 3 ? atc_verb_option_remove(e, client, slot)
                                     : (uint8_t)ATC_CAUSE_PARAMETER;
    if (!atc_given(call, 3))
        return ATC_CAUSE_PARAMETER;
    remark_on_option(e, call);
    return atc_verb_option_add(e, client, slot, call->args.arg[3].number,
                               atc_given(call, 4) ? &call->args.arg[4] : &no_value);
}

/* --- 3.3.6: data ------------------------------------------------------------------------------ */

static uint8_t handle_send(struct atc_engine *e, const struct atc_call *call)
{
    const unsigned client = client_of(call, 0);
    const uint8_t type = (uint8_t)call->args.arg[1].number;
    const uint8_t code = (uint8_t)call->args.arg[2].number;
    const bool counted = atc_given(call, 4);
    uint8_t cause;

    if (!atc_verb_may_send(type, code))
        return ATC_CAUSE_PARAMETER;
    if (code == ATC_CODE_EMPTY && counted && call->args.arg[4].number > 0)
        return ATC_CAUSE_PARAMETER;
    cause = atc_verb_send(e, client, &e->session[client].peer, type, code,
                          (uint8_t)call->args.arg[3].number);
    if (cause != ATC_OK)
        return cause;
    return atc_engine_ask(e, call, counted ? call->args.arg[4].number : ATC_BODY_OPEN,
                          ATC_PAYLOAD_MAX);
}

/* --- tables ----------------------------------------------------------------------------------- */

#define CLIENT_ID                                                                 \
    {                                                                             \
        .name = ATC_DOC("clientID"), .min = 0, .max = 5, .kind = ATC_KIND_INTEGER \
    }

/* clang-format off */
static const struct atc_param pdpcid_params[] = {
    {.name = ATC_DOC("\"pdpcid\""), .kind = ATC_KIND_KEY},
    CLIENT_ID,
    {.name = ATC_DOC("PDP_cid"), .min = 1, .max = 16, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param pdpctxid_params[] = {
    {.name = ATC_DOC("\"pdpctxid\""), .kind = ATC_KIND_KEY},
    CLIENT_ID,
    {.name = ATC_DOC("PDP_cid"), .min = 1, .max = 16, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param dtls_params[] = {
    {.name = ATC_DOC("\"dtls\""), .kind = ATC_KIND_KEY},
    CLIENT_ID,
    {.name = ATC_DOC("DTLS_enable"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("DTLS_contextID"), .min = 0, .max = 5, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param trans_params[] = {
    {.name = ATC_DOC("\"trans\""), .kind = ATC_KIND_KEY},
    CLIENT_ID,
    {.name = ATC_DOC("timeout"), .min = 2, .max = 60, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("retry_count"), .min = 4, .max = 8, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL | ATC_PAIRED},
};

static const struct atc_param open_params[] = {
    CLIENT_ID,
    {.name = ATC_DOC("CoAP_server"), .min = 1, .max = 255, .kind = ATC_KIND_WORD, .flags = ATC_SHOWN_QUOTED},
    {.name = ATC_DOC("port"), .min = 1, .max = 65535, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param close_params[] = {
    CLIENT_ID,
};

static const struct atc_param header_params[] = {
    CLIENT_ID,
    {.name = ATC_DOC("msgID"), .min = 0, .max = 65535, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("mode"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("TKL"), .min = 0, .max = 8, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("token"), .min = 0, .max = 8, .kind = ATC_KIND_HEX, .flags = ATC_OPTIONAL},
};

static const struct atc_param option_params[] = {
    CLIENT_ID,
    {.name = ATC_DOC("mode"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("opt_index"), .min = 0, .max = 7, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("opt_number"), .min = 0, .max = 65535, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("opt_value"), .min = 0, .max = 1034, .kind = ATC_KIND_VALUE, .flags = ATC_OPTIONAL},
};

static const struct atc_param send_params[] = {
    CLIENT_ID,
    {.name = ATC_DOC("type"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("code_value"), .min = 0, .max = 165, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("opt_bitmask"), .min = 0, .max = 255, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("payload_length"), .min = 0, .max = 1024, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};
/* clang-format on */

static const struct atc_command commands[] = {
    {
        .name = "QCOAPCFG",
        .key = "pdpcid",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .errors = ATC_ERRORS_PLAIN,
        .params = pdpcid_params,
        .test_reply = "\"pdpcid\",(0-5),(1-16)",
        .reply_max_ms = 300,
        .handler = handle_pdpcid,
        .source = ATC_DOC("BG96 3.3.1"),
    },
    {
        .name = "QCOAPCFG",
        .key = "dtls",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 4,
        .errors = ATC_ERRORS_PLAIN,
        .params = dtls_params,
        .test_reply = "\"dtls\",(0-5),(0,1),(0-5)",
        .reply_max_ms = 300,
        .handler = handle_dtls,
        .source = ATC_DOC("BG96 3.3.1"),
    },
    {
        .name = "QCOAPCFG",
        .key = "trans",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 4,
        .errors = ATC_ERRORS_PLAIN,
        .params = trans_params,
        .test_reply = "\"trans\",(0-5),(2-60),(4-8)",
        .reply_max_ms = 300,
        .handler = handle_trans,
        .source = ATC_DOC("BG96 3.3.1"),
    },
    {
        .name = "QCOAPCFG",
        .key = "pdpctxid",
        .forms = ATC_FORM_WRITE,
        .param_count = 3,
        .errors = ATC_ERRORS_PLAIN,
        .params = pdpctxid_params,
        .reply_max_ms = 300,
        .handler = handle_pdpctxid,
        .source = ATC_DOC("BG96 5.2, D-60"),
    },
    {
        .name = "QCOAPOPEN",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 3,
        .errors = ATC_ERRORS_PLAIN,
        .params = open_params,
        .test_reply = "(0-5),<CoAP_server>,(1-65535)",
        .reply_max_ms = 300,
        .handler = handle_open,
        .source = ATC_DOC("BG96 3.3.2"),
    },
    {
        .name = "QCOAPCLOSE",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 1,
        .errors = ATC_ERRORS_PLAIN,
        .params = close_params,
        .test_reply = "(0-5)",
        .reply_max_ms = 300,
        .handler = handle_close,
        .source = ATC_DOC("BG96 3.3.3"),
    },
    {
        .name = "QCOAPHEADER",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 5,
        .errors = ATC_ERRORS_PLAIN,
        .params = header_params,
        .test_reply = "(0-5),(0-65535),(0,1),(0-8),<token>",
        .reply_max_ms = 300,
        .handler = handle_header,
        .source = ATC_DOC("BG96 3.3.4"),
    },
    {
        .name = "QCOAPOPTION",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 5,
        .errors = ATC_ERRORS_PLAIN,
        .params = option_params,
        .test_reply = "(0-5),(0,1),(0-7),<opt_number>,<opt_value>",
        .reply_max_ms = 300,
        .handler = handle_option,
        .source = ATC_DOC("BG96 3.3.5"),
    },
    {
        .name = "QCOAPSEND",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 5,
        .body = ATC_BODY_COUNTED,
        .errors = ATC_ERRORS_PLAIN,
        .params = send_params,
        .test_reply = "(0-5),(0-3),<code_value>,<opt_bitmask>,(0-1024)",
        .reply_max_ms = 300,
        .handler = handle_send,
        .payload = atc_verb_payload,
        .source = ATC_DOC("BG96 3.3.6"),
    },
};

static const struct atc_urc_field received_fields[] = {
    {ATC_FIELD_CLIENT, ATC_ALWAYS},       {ATC_FIELD_MID, ATC_ALWAYS},
    {ATC_FIELD_CODE, ATC_ALWAYS},         {ATC_FIELD_TOKEN, ATC_ALWAYS},
    {ATC_FIELD_OPTION_COUNT, ATC_ALWAYS}, {ATC_FIELD_OPTIONS, ATC_ALWAYS},
    {ATC_FIELD_PAYLOAD_RAW, ATC_ALWAYS},
};

static const struct atc_urc_field delivery_fields[] = {
    {ATC_FIELD_CLIENT, ATC_ALWAYS},
    {ATC_FIELD_TYPE, ATC_ALWAYS},
    {ATC_FIELD_MID, ATC_ALWAYS},
    {ATC_FIELD_RESULT, ATC_ALWAYS},
};

static const struct atc_urc_field retry_fields[] = {
    {ATC_FIELD_CLIENT, ATC_ALWAYS},  {ATC_FIELD_TYPE, ATC_ALWAYS},   {ATC_FIELD_MID, ATC_ALWAYS},
    {ATC_FIELD_RETRIES, ATC_ALWAYS}, {ATC_FIELD_RESULT, ATC_ALWAYS},
};

static const struct atc_urc_field result_fields[] = {
    {ATC_FIELD_CLIENT, ATC_ALWAYS},
    {ATC_FIELD_RESULT, ATC_ALWAYS},
};

static const struct atc_urc urcs[ATC_URC_COUNT] = {
    [ATC_URC_RESPONSE] = {"+QCOAPRECV: ", 7, received_fields, ATC_DOC("BG96 3.4.1, D-72")},
    [ATC_URC_REQUEST] = {"+QCOAPRECV: ", 7, received_fields, ATC_DOC("BG96 3.4.1, D-72")},
    [ATC_URC_DELIVERY] = {"+QCOAPACK: ", 4, delivery_fields, ATC_DOC("BG96 3.4.2, D-70")},
    [ATC_URC_RETRY] = {"+QCOAPIND: ", 5, retry_fields, ATC_DOC("BG96 3.4.3, D-71")},
    [ATC_URC_OPENED] = {"+QCOAPOPEN: ", 2, result_fields, ATC_DOC("BG96 3.3.2, D-63")},
    [ATC_URC_CLOSED] = {"+QCOAPCLOSE: ", 2, result_fields, ATC_DOC("BG96 3.3.3, D-64")},
};

/* <err> of base commands, <result>, <err> of AT+QIGETERROR. Source: BG96 4, D-15, D-63, D-70, D-154. */
static const struct atc_result results[ATC_CAUSE_COUNT] = {
    [ATC_CAUSE_PARAMETER] = {50, -1, 552},     [ATC_CAUSE_NOT_ALLOWED] = {3, -3, 572},
    [ATC_CAUSE_MEMORY] = {23, -8, 553},        [ATC_CAUSE_NO_NETWORK] = {30, -4, 561},
    [ATC_CAUSE_ABORTED] = {3, -3, 571},        [ATC_CAUSE_BUSY] = {3, -2, 568},
    [ATC_CAUSE_FAILURE] = {100, -8, 550},      [ATC_CAUSE_UNSUPPORTED] = {4, -3, 555},
    [ATC_CAUSE_NAME] = {3, -5, 565},           [ATC_CAUSE_PDP] = {3, -6, 561},
    [ATC_CAUSE_SOCKET] = {3, -7, 554},         [ATC_CAUSE_DTLS] = {3, -9, 550},
    [ATC_CAUSE_OCCUPIED] = {3, -10, 572},      [ATC_CAUSE_IN_PROGRESS] = {3, -2, 568},
    [ATC_CAUSE_SEND] = {3, -11, 558},          [ATC_CAUSE_RESET] = {3, -3, 550},
    [ATC_CAUSE_FILE_MISSING] = {405, -9, 550}, [ATC_CAUSE_FILE_EXISTS] = {407, -9, 550},
    [ATC_CAUSE_FILE_NAME] = {406, -9, 550},    [ATC_CAUSE_FILE_FULL] = {420, -9, 550},
    [ATC_CAUSE_FILE_TIMEOUT] = {421, -9, 550}, [ATC_CAUSE_FILE_STORE] = {412, -9, 550},
    [ATC_CAUSE_SIM] = {13, -4, 561},           [ATC_CAUSE_FILE_HANDLE] = {416, -9, 550},
    [ATC_CAUSE_FILE_OPENS] = {413, -9, 550},   [ATC_CAUSE_FILE_IN_USE] = {426, -9, 550},
    [ATC_CAUSE_FILE_MODE] = {409, -9, 550},    [ATC_CAUSE_FILE_EMPTY] = {402, -9, 550},
    [ATC_CAUSE_FILE_RANGE] = {401, -9, 550},
};

/* Source: BG96 3.3.5 and D-66 for 6, Observe. */
static const uint8_t options[] = {1, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 17, 20, 35, 39, 60};

static const struct atc_param cmee_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER},
};

/* What errors look like is the notes' business, too. */
static const struct atc_command errors[] = {
    {
        .name = "CMEE",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = cmee_params,
        .test_reply = "(0-2)",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_base_cmee,
        .source = ATC_DOC("27.007 9.1, D-15"),
    },
};

/* Source: 27.007 9.2.1. */
static const struct atc_cme_text texts[] = {
    {3, "operation not allowed"},
    {4, "operation not supported"},
    {13, "SIM failure"},
    {23, "memory failure"},
    {30, "no network service"},
    {50, "incorrect parameters"},
    {100, "unknown"},
    {401, "larger than the size of the file"},
    {402, "read zero byte"},
    {405, "file not found"},
    {406, "invalid file name"},
    {407, "file already exists"},
    {409, "write file fail"},
    {412, "file system fail"},
    {413, "too many files opened"},
    {416, "invalid file descriptor"},
    {420, "no space left"},
    {421, "timeout"},
    {426, "file already opened"},
    {0, NULL},
};

static const struct atc_table coap = {commands, sizeof commands / sizeof commands[0]};

static const struct atc_table error_table = {errors, sizeof errors / sizeof errors[0]};

static const struct atc_table *const tables[] = {&coap,
                                                 &error_table,
                                                 &atc_bg96_ssl,
                                                 &atc_bg96_base,
                                                 &atc_bg96_network,
                                                 &atc_bg96_packet,
                                                 &atc_bg96_qcfg,
                                                 &atc_v250,
                                                 &atc_echo,
                                                 &atc_common,
                                                 NULL};

static const struct atc_table *const coap_tables[] = {&coap, &error_table, &atc_echo, NULL};

static const struct atc_kept_row kept[] = {
    {.name = "baud", ATC_KEPT_NUMBER(baud), .min = 1200, .max = 3000000, .initial = 115200},
    {.name = "psm", ATC_KEPT_NUMBER(psm), .max = 1},
    {.name = "active-time", ATC_KEPT_NUMBER(active_time), .max = 255, .initial = ATC_BG96_ACTIVE},
    {.name = "periodic-tau", ATC_KEPT_NUMBER(periodic_tau), .max = 255, .initial = ATC_BG96_TAU},
    {.name = "edrx", ATC_KEPT_NUMBER(edrx[ATC_EDRX_NB1].on), .max = 1},
    {.name = "edrx-value",
     ATC_KEPT_NUMBER(edrx[ATC_EDRX_NB1].value),
     .max = 15,
     .initial = ATC_BG96_EDRX},
    {.name = "edrx-m1", ATC_KEPT_NUMBER(edrx[ATC_EDRX_M1].on), .max = 1},
    {.name = "edrx-m1-value",
     ATC_KEPT_NUMBER(edrx[ATC_EDRX_M1].value),
     .max = 15,
     .initial = ATC_BG96_EDRX},
    {.name = "nwscanmode", ATC_KEPT_NUMBER(scan_mode), .max = 3},
    {.name = "nwscanseq",
     ATC_KEPT_NUMBER(scan_sequence),
     .min = 100,
     .max = 1030303,
     .initial = 1020301},
    {.name = "iotopmode", ATC_KEPT_NUMBER(iot_mode), .max = 2, .initial = 2},
    {.name = "servicedomain", ATC_KEPT_NUMBER(domain), .max = 2, .initial = 2},
    {.name = "roamservice", ATC_KEPT_NUMBER(roaming), .min = 1, .max = 255, .initial = 255},
    {.name = "band-gsm", ATC_KEPT_NUMBER(gsm_bands[1]), .min = 1, .max = 0xF, .initial = 0xF},
    {.name = "band-m1-high", ATC_KEPT_NUMBER(m1_bands[0]), .max = 0x40, .initial = 0x40},
    {.name = "band-m1", ATC_KEPT_NUMBER(m1_bands[1]), .max = 0x0A0E189F, .initial = 0x0A0E189F},
    {.name = "band-nb1", ATC_KEPT_NUMBER(nb1_bands[1]), .max = 0x0A0E189F, .initial = 0x0A0E189F},
    {.name = "urcport", ATC_KEPT_NUMBER(urc_port), .max = 2},
    {.name = "ctzu", ATC_KEPT_NUMBER(zone_mode), .max = 3},
    {.name = "profile-e",
     ATC_KEPT_NUMBER(profile.echo),
     .max = ATC_ECHO_AS_SET,
     .initial = ATC_ECHO_AS_SET},
    {.name = "profile-q", ATC_KEPT_NUMBER(profile.quiet), .max = 1},
    {.name = "profile-numeric", ATC_KEPT_NUMBER(profile.numeric), .max = 1},
    {.name = "profile-s3", ATC_KEPT_NUMBER(profile.cr), .max = 31, .initial = 13},
    {.name = "profile-s4", ATC_KEPT_NUMBER(profile.lf), .max = 127, .initial = 10},
    {.name = "profile-s5", ATC_KEPT_NUMBER(profile.erase), .max = 127, .initial = 8},
    {.name = "profile-cereg", ATC_KEPT_NUMBER(profile.level[0]), .max = 4},
    {.name = "profile-creg", ATC_KEPT_NUMBER(profile.level[1]), .max = 2},
    {.name = "profile-cgreg", ATC_KEPT_NUMBER(profile.level[2]), .max = 2},
};

/* What both have that are made below. */
/* clang-format off */
#define TRAITS \
    .prompt = "\r\n> ", \
    .urcs = urcs, \
    .results = results, \
    .texts = texts, \
    .options = options, \
    .option_count = sizeof options, \
    .value_max = 1034, \
    .session_count = 6, \
    .cmee_default = 1, \
    .token_len = 6, \
    .token_by_default = true, \
    .echo_cr = true, \
    .repeats_line = true, \
    .tight_colon = false, \
    .closed_formats = false, \
    .lost_on_detach = true, \
    .line_errors = ATC_ERRORS_PLAIN, \
    .one_server = true, \
    .reports_empty = false, \
    .requests = ATC_REQUESTS_ALL, \
    .overlong = ATC_OVERLONG_REFUSE, \
    .typed = ATC_TYPED_RAW, \
    .non_answers_non = true, \
    .max_retransmit = 5, \
    .ack_timeout_ms = 2000
/* clang-format on */

const struct atc_dialect atc_dialect_bg96 = {
    .name = "bg96",
    .manufacturer = "Quectel",
    .model = "BG96",
    .revision = atc_bg96_revision,
    .boot = atc_bg96_boot,
    .ready = atc_bg96_ready,
    .probed = atc_bg96_probed,
    .reports = atc_bg96_reports,
    .report_count = ATC_BG96_REPORT_COUNT,
    .platform = &atc_platform_module,
    .kept = kept,
    .kept_count = sizeof kept / sizeof kept[0],
    .pdp =
        {
            .non_ip = "Non-IP",
            .lost = "+QIURC: \"pdpdeact\",",
            .first = 1,
            .type_default = ATC_PDP_NONE,
            .default_bearer = false,
            .shows_addr = true,
        },
    .clock_start_s = 315964800, /* 1980-01-06 */
    .tables = tables,
    TRAITS,
};

const struct atc_dialect atc_dialect_bg96_coap = {
    .name = "bg96-coap",
    .platform = &atc_platform_bare,
    .tables = coap_tables,
    TRAITS,
};
