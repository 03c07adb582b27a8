/* SPDX-License-Identifier: MIT
 *
 * The BC95-G and BC68: one CoAP context on a local port of its own, many servers.
 *
 * Rows stand in the order of the note "BC95-G&BC68 CoAP Application Note V1.0". Its single context
 * is client 0 of the engine.
 */
#include "bc95.h"
#include "base.h"
#include "verbs.h"

enum { CONTEXT = 0 };

/* --- 2.1 to 2.3: context and resources -------------------------------------------------------- */

static uint8_t handle_create(struct atc_engine *e, const struct atc_call *call)
{
    if (call->step > 0)
        return atc_verb_bound(e, CONTEXT);
    return atc_verb_bind(e, CONTEXT, (uint16_t)call->args.arg[0].number);
}

static uint8_t handle_del(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    return atc_verb_delete(e, CONTEXT);
}

static uint8_t handle_addres(struct atc_engine *e, const struct atc_call *call)
{
    const struct atc_arg *resource = &call->args.arg[1];

    if (call->args.arg[0].number != (uint32_t)atc_text_len(resource->text))
        return ATC_CAUSE_PARAMETER;
    return atc_verb_resource(e, resource);
}

/* --- 2.4: header ------------------------------------------------------------------------------ */

/* What a <mode> of AT+QCOAPHEAD says about message ID and token. */
static const struct {
    bool mid;
    uint8_t token;
} head_modes[] = {
    [1] = {false, ATC_TOKEN_AUTO}, [2] = {false, ATC_TOKEN_GIVEN}, [3] = {true, ATC_TOKEN_NONE},
    [4] = {true, ATC_TOKEN_AUTO},  [5] = {true, ATC_TOKEN_GIVEN},
};

/* Where <tkl> and <token> stand: mode 2 may leave out the empty place of <msgid>, as the note's
 * example does (D-25). */
static unsigned token_place(const struct atc_call *call)
{
    const bool short_form = call->args.arg[0].number == 2 && call->args.count == 3;

    return short_form ? 1 : 2;
}

/* Token and its length, from argument at on. */
static bool read_token(struct atc_header *header, const struct atc_call *call, unsigned at)
{
    uint32_t tkl;

    if (call->args.count != at + 2 || !call->args.arg[at].given || call->args.arg[at].quoted ||
        !atc_text_number(&tkl, call->args.arg[at].text, ATC_TOKEN_MAX) || tkl == 0 ||
        !atc_text_is_hex(call->args.arg[at + 1].text) || call->args.arg[at + 1].text.len != 2 * tkl)
        return false;
    header->tkl = (uint8_t)tkl;
    (void)atc_text_unhex(header->token, call->args.arg[at + 1].text);
    return true;
}

static bool read_mid(struct atc_header *header, const struct atc_call *call)
{
    uint32_t mid;

    if (!atc_given(call, 1) || call->args.arg[1].quoted ||
        !atc_text_number(&mid, call->args.arg[1].text, 65535))
        return false;
    header->mid = (uint16_t)mid;
    return true;
}

static uint8_t handle_head(struct atc_engine *e, const struct atc_call *call)
{
    const unsigned mode = (unsigned)call->args.arg[0].number;
    struct atc_header header = {
        .given = true, .mid_given = head_modes[mode].mid, .token_mode = head_modes[mode].token};
    const unsigned last = header.mid_given ? 2 : 1;

    if (header.mid_given && !read_mid(&header, call))
        return ATC_CAUSE_PARAMETER;
    if (header.token_mode == ATC_TOKEN_GIVEN) {
        const unsigned at = token_place(call);

        if ((at == 2 && !header.mid_given && atc_given(call, 1)) || !read_token(&header, call, at))
            return ATC_CAUSE_PARAMETER;
    } else if (call->args.count > last) {
        return ATC_CAUSE_PARAMETER;
    }
    if (e->session[CONTEXT].state != ATC_SESSION_CONNECTED)
        return ATC_CAUSE_NOT_ALLOWED;
    return atc_verb_header(e, CONTEXT, &header);
}

/* --- 2.5 to 2.7: options, data, status -------------------------------------------------------- */

static uint8_t handle_option(struct atc_engine *e, const struct atc_call *call)
{
    return atc_verb_option_list(e, CONTEXT, &call->args.arg[1], (unsigned)call->args.arg[0].number);
}

/* 0, 1 to 4, or a response code without its dot: 205 is 2.05. Returns false for anything else. */
static bool read_code(uint8_t *code, uint32_t number)
{
    if (number >= 100 && number % 100 > 31)
        return false;
    *code = number < 100 ? (uint8_t)number : ATC_CODE(number / 100, number % 100);
    return number < 5 || number >= 200;
}

/* A server that can be sent to. Source: D-31. */
static bool is_usable(const struct atc_addr *peer)
{
    static const uint8_t zero[16];
    static const uint8_t broadcast[4] = {255, 255, 255, 255};

    if (memcmp(peer->ip, zero, sizeof zero) == 0)
        return false;
    return peer->family != ATC_FAMILY_IPV4 || memcmp(peer->ip, broadcast, sizeof broadcast) != 0;
}

/* A name of letters, digits, hyphens and dots that is not a number gone wrong. Source: D-31. */
static bool is_name(struct atc_span text)
{
    bool letters = false;

    for (size_t i = 0; i < text.len; i++) {
        const uint8_t upper = atc_upper(text.at[i]);
        const bool letter = upper >= 'A' && upper <= 'Z';

        if (!letter && !(upper >= '0' && upper <= '9') && upper != '-' && upper != '.')
            return false;
        letters = letters || letter;
    }
    return letters;
}

/* Ask for the payload of a message to that peer. */
static uint8_t ask_payload(struct atc_engine *e, const struct atc_call *call,
                           const struct atc_addr *peer, uint8_t type, uint8_t code)
{
    uint8_t cause;

    if (!is_usable(peer))
        return ATC_CAUSE_PARAMETER;
    cause = atc_verb_send(e, CONTEXT, peer, type, code, 0);
    if (cause != ATC_OK)
        return cause;
    return atc_engine_ask(e, call, ATC_BODY_OPEN, 2 * ATC_PAYLOAD_MAX);
}

static uint8_t handle_send(struct atc_engine *e, const struct atc_call *call)
{
    const uint8_t type = (uint8_t)call->args.arg[0].number;
    const struct atc_span server = call->args.arg[2].text;
    struct atc_addr peer = {.port = (uint16_t)call->args.arg[3].number};
    uint8_t code, cause;

    if (!read_code(&code, call->args.arg[1].number) || !atc_verb_may_send(type, code))
        return ATC_CAUSE_PARAMETER;
    if (atc_text_addr(&peer, server))
        return ask_payload(e, call, &peer, type, code);
    if (e->cfg.settings.names != ATC_ON || !is_name(server))
        return ATC_CAUSE_PARAMETER;
    if (call->step == 0) {
        cause = atc_verb_send(e, CONTEXT, &peer, type, code, 0);
        return cause != ATC_OK ? cause : atc_verb_find(e, CONTEXT, server);
    }
    cause = atc_verb_found(e, CONTEXT, &peer);
    return cause != ATC_OK ? cause : ask_payload(e, call, &peer, type, code);
}

static uint8_t handle_datastatus(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_open(e);

    (void)call;
    atc_put_text(&out, "+QCOAPDATASTATUS: ");
    atc_put_number(&out, e->session[CONTEXT].status);
    e->session[CONTEXT].status_unread = false;
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- 2.8: configuration ----------------------------------------------------------------------- */

/* Print or set one of the two switches; the forms without a key have nothing to say. */
static uint8_t configure(struct atc_engine *e, const struct atc_call *call, bool *value)
{
    struct atc_out out;

    if (call->form == ATC_FORM_READ)
        return ATC_OK;
    if (atc_given(call, 1)) {
        if (e->messages.endpoint[CONTEXT].waiting > 0)
            atc_engine_remark(e, CONTEXT, ATC_REMARK_CFG_LATE, 0);
        *value = call->args.arg[1].number == 1;
        return ATC_OK;
    }
    out = atc_reply_open(e);
    atc_put_text(&out, "+QCOAPCFG: ");
    atc_put_quoted(&out, call->row->key);
    atc_put_next(&out, *value ? 1 : 0);
    atc_reply_close(e, &out);
    return ATC_OK;
}

static uint8_t handle_showra(struct atc_engine *e, const struct atc_call *call)
{
    return configure(e, call, &e->show_address);
}

static uint8_t handle_showrspopt(struct atc_engine *e, const struct atc_call *call)
{
    return configure(e, call, &e->show_options);
}

/* --- tables ----------------------------------------------------------------------------------- */

static const struct atc_param create_params[] = {
    {.name = ATC_DOC("local_port"), .min = 1, .max = 65535, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param addres_params[] = {
    {.name = ATC_DOC("length"), .min = 1, .max = 50, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("resource"), .min = 1, .max = 50, .kind = ATC_KIND_STRING},
};

/* Behind <mode> each mode has arguments of its own; the handler reads them. */
static const struct atc_param head_params[] = {
    {.name = ATC_DOC("mode"), .min = 1, .max = 5, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("msgid"),
     .min = 0,
     .max = 65535,
     .kind = ATC_KIND_VALUE,
     .flags = ATC_OPTIONAL | ATC_SHOWN_BARE},
    {.name = ATC_DOC("tkl"),
     .min = 1,
     .max = 8,
     .kind = ATC_KIND_VALUE,
     .flags = ATC_OPTIONAL | ATC_SHOWN_BARE},
    {.name = ATC_DOC("token"),
     .min = 1,
     .max = 8,
     .kind = ATC_KIND_VALUE,
     .flags = ATC_OPTIONAL | ATC_SHOWN_BARE},
};

static const struct atc_param option_params[] = {
    {.name = ATC_DOC("opt_count"), .min = 1, .max = 12, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("opt_name"), .min = 0, .max = 65535, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("opt_value"),
     .min = 0,
     .max = 180,
     .kind = ATC_KIND_VALUE,
     .flags = ATC_SHOWN_QUOTED},
};

static const struct atc_param send_params[] = {
    {.name = ATC_DOC("type"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("method/rspcode"), .min = 0, .max = 505, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("ip_addr"),
     .min = 1,
     .max = 255,
     .kind = ATC_KIND_WORD,
     .flags = ATC_SHOWN_BARE},
    {.name = ATC_DOC("port"), .min = 1, .max = 65535, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param showra_params[] = {
    {.name = ATC_DOC("\"Showra\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("Showra"),
     .min = 0,
     .max = 1,
     .kind = ATC_KIND_INTEGER,
     .flags = ATC_OPTIONAL},
};

static const struct atc_param showrspopt_params[] = {
    {.name = ATC_DOC("\"Showrspopt\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("Showrspopt"),
     .min = 0,
     .max = 1,
     .kind = ATC_KIND_INTEGER,
     .flags = ATC_OPTIONAL},
};

static const struct atc_command commands[] = {
    {
        .name = "QCOAPCREATE",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 1,
        .params = create_params,
        .test_reply = "<1-65535>",
        .reply_max_ms = 300,
        .handler = handle_create,
        .source = ATC_DOC("BC95 2.1"),
    },
    {
        .name = "QCOAPDEL",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .reply_max_ms = 300,
        .handler = handle_del,
        .source = ATC_DOC("BC95 2.2"),
    },
    {
        .name = "QCOAPADDRES",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 2,
        .params = addres_params,
        .test_reply = "<1-50>,\"<resource>\"",
        .reply_max_ms = 300,
        .handler = handle_addres,
        .source = ATC_DOC("BC95 2.3"),
    },
    {
        .name = "QCOAPHEAD",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 4,
        .params = head_params,
        .test_reply = "<mode>[,[<msgid>][,<tkl>,<token>]]",
        .reply_max_ms = 300,
        .handler = handle_head,
        .source = ATC_DOC("BC95 2.4"),
    },
    {
        .name = "QCOAPOPTION",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .repeat_from = 1,
        .params = option_params,
        .test_reply = "<opt_count>,<opt_name>,\"<opt_value>\"[,...]",
        .reply_max_ms = 300,
        .handler = handle_option,
        .source = ATC_DOC("BC95 2.5"),
    },
    {
        .name = "QCOAPSEND",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 4,
        .body = ATC_BODY_PROMPT,
        .params = send_params,
        .test_reply = "<type>,<method/rspcode>,<ip_addr>,<port>",
        .reply_max_ms = 300,
        .handler = handle_send,
        .payload = atc_verb_payload,
        .source = ATC_DOC("BC95 2.6"),
    },
    {
        .name = "QCOAPDATASTATUS",
        .forms = ATC_FORM_TEST | ATC_FORM_READ,
        .reply_max_ms = 300,
        .handler = handle_datastatus,
        .source = ATC_DOC("BC95 2.7"),
    },
    {
        .name = "QCOAPCFG",
        .key = "Showra",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 2,
        .params = showra_params,
        .reply_max_ms = 300,
        .handler = handle_showra,
        .source = ATC_DOC("BC95 2.8"),
    },
    {
        .name = "QCOAPCFG",
        .key = "Showrspopt",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 2,
        .params = showrspopt_params,
        .reply_max_ms = 300,
        .handler = handle_showrspopt,
        .source = ATC_DOC("BC95 2.8"),
    },
};

static const struct atc_urc_field response_fields[] = {
    {ATC_FIELD_PEER, ATC_IF_SHOW_ADDRESS},
    {ATC_FIELD_TYPE, ATC_ALWAYS},
    {ATC_FIELD_CODE_OR_0, ATC_ALWAYS},
    {ATC_FIELD_MID, ATC_ALWAYS},
    {ATC_FIELD_OPTION_COUNT, ATC_IF_SHOW_OPTIONS},
    {ATC_FIELD_OPTIONS_QUOTED, ATC_IF_SHOW_OPTIONS},
    {ATC_FIELD_PAYLOAD_CUT, ATC_IF_PAYLOAD},
};

static const struct atc_urc_field request_fields[] = {
    {ATC_FIELD_PEER, ATC_IF_SHOW_ADDRESS},  {ATC_FIELD_TYPE, ATC_ALWAYS},
    {ATC_FIELD_METHOD, ATC_ALWAYS},         {ATC_FIELD_MID, ATC_ALWAYS},
    {ATC_FIELD_MODE, ATC_ALWAYS},           {ATC_FIELD_TOKEN, ATC_IF_TOKEN},
    {ATC_FIELD_OPTIONS_QUOTED, ATC_ALWAYS}, {ATC_FIELD_PAYLOAD, ATC_IF_PAYLOAD},
};

static const struct atc_urc urcs[ATC_URC_COUNT] = {
    [ATC_URC_RESPONSE] = {"+QCOAPURC: \"rsp\",", 7, response_fields, ATC_DOC("BC95 3.1, D-37")},
    [ATC_URC_REQUEST] = {"+QCOAPURC: \"req\",", 8, request_fields, ATC_DOC("BC95 3.2, D-41")},
};

/* Source: BC95 4 tab.3 and tab.4, D-20. */
static const struct atc_result results[ATC_CAUSE_COUNT] = {
    [ATC_CAUSE_PARAMETER] = {.cme = 50}, [ATC_CAUSE_NOT_ALLOWED] = {.cme = 3},
    [ATC_CAUSE_MEMORY] = {.cme = 23},    [ATC_CAUSE_NO_NETWORK] = {.cme = 30},
    [ATC_CAUSE_ABORTED] = {.cme = 52},   [ATC_CAUSE_BUSY] = {.cme = 159},
    [ATC_CAUSE_FAILURE] = {.cme = 300},  [ATC_CAUSE_UNSUPPORTED] = {.cme = 3},
    [ATC_CAUSE_SOCKET] = {.cme = 3},
};

/* Source: BC95 2.5. */
static const uint8_t options[] = {1,  3,  4,  5,  6,  7,  8,  11, 12, 14,
                                  15, 17, 20, 23, 27, 28, 35, 39, 60};

static const char *const boot[] = {"REBOOT_CAUSE_APPLICATION_AT", "Neul ", "OK", NULL};
static const char *const ready[] = {NULL};

static const struct atc_param cmee_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
};

/* What errors look like is the notes' business, too. */
static const struct atc_command errors[] = {
    {
        .name = "CMEE",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = cmee_params,
        .test_reply = "(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_base_cmee,
        .source = ATC_DOC("BC95 4, D-15"),
    },
};

static const struct atc_table coap = {commands, sizeof commands / sizeof commands[0]};

static const struct atc_table error_table = {errors, sizeof errors / sizeof errors[0]};

static const struct atc_table *const tables[] = {&coap,     &error_table, &atc_bc95_base,
                                                 &atc_echo, &atc_common,  NULL};

static const struct atc_table *const coap_tables[] = {&coap, &error_table, &atc_echo, NULL};

/* What both have that are made below. */
/* clang-format off */
#define TRAITS \
    .prompt = "\r\n>", \
    .urcs = urcs, \
    .results = results, \
    .options = options, \
    .option_count = sizeof options, \
    .value_min = 1, \
    .value_max = 180, \
    .session_count = 1, \
    .cmee_default = 0, \
    .token_len = 8, \
    .token_by_default = false, \
    .echo_cr = false, \
    .tight_colon = true, \
    .closed_formats = true, \
    .lost_on_detach = false, \
    .line_errors = ATC_ERRORS_CME, \
    .one_server = false, \
    .reports_empty = true, \
    .requests = ATC_REQUESTS_RESOURCES, \
    .overlong = ATC_OVERLONG_CUT, \
    .typed = ATC_TYPED_HEX_OR_TEXT, \
    .non_answers_non = false, \
    .max_retransmit = 4, \
    .ack_timeout_ms = 2000
/* clang-format on */

const struct atc_dialect atc_dialect_bc95 = {
    .name = "bc95",
    .manufacturer = "Quectel",
    .model = "BC95GHB-02-STD_900",
    .revision = "Revision:BC95GJBR01A01",
    .boot = boot,
    .ready = ready,
    .reports = atc_bc95_reports,
    .report_count = ATC_BC95_REPORT_COUNT,
    .platform = &atc_platform_module,
    .kept = atc_bc95_kept,
    .kept_count = ATC_BC95_KEPT_COUNT,
    .probed = atc_bc95_probed,
    .pdp =
        {
            .non_ip = "NONIP",
            .lost = NULL,
            .first = 0,
            .type_default = ATC_PDP_IP,
            .default_bearer = true,
            .shows_addr = false,
        },
    .clock_start_s = 0, /* 1970-01-01 */
    .tables = tables,
    TRAITS,
};

const struct atc_dialect atc_dialect_bc95_coap = {
    .name = "bc95-coap",
    .platform = &atc_platform_bare,
    .tables = coap_tables,
    TRAITS,
};
