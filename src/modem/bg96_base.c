/* SPDX-License-Identifier: MIT
 *
 * The BG96: base and file commands.
 */
#include "base.h"
#include "bg96.h"
#include "files.h"
#include "verbs.h"

static uint8_t handle_qpowd(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    atc_verb_reset_all(e);
    atc_urc_text(e, "POWERED DOWN");
    e->off = true;
    return ATC_OK;
}

/* The revision stands behind a word in ATI and alone in AT+CGMR. */
#define REVISION_WORD "Revision: "

const char atc_bg96_revision[] = REVISION_WORD "BG96MAR01A01M1G";

static uint8_t handle_model(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    atc_reply_text(e, atc_base_model_text(e));
    return ATC_OK;
}

static uint8_t handle_revision(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    atc_reply_text(e, atc_bg96_revision + sizeof REVISION_WORD - 1);
    return ATC_OK;
}

static bool has_sim(const struct atc_engine *e)
{
    return e->radio.fun != 0;
}

/* There is no PIN to enter. Source: D-152. */
static uint8_t handle_cpin(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out;

    if (!has_sim(e))
        return ATC_CAUSE_SIM;
    if (call->form == ATC_FORM_WRITE)
        return ATC_CAUSE_NOT_ALLOWED;
    out = atc_reply_base(e, "CPIN");
    atc_put_text(&out, "READY");
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* 1 SIM, 2 short messages, 4 phone book. */
static uint8_t handle_qinistat(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    atc_base_number(e, "QINISTAT", has_sim(e) ? 7 : 0);
    return ATC_OK;
}

static uint8_t handle_qccid(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out;

    (void)call;
    if (!has_sim(e))
        return ATC_CAUSE_SIM;
    out = atc_reply_base(e, "QCCID");
    atc_put_text(&out, "89860025128306012474");
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- the port ---------------------------------------------------------------------------------- */

static const uint32_t rates[] = {4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600};

/* The speed changes behind the OK; AT&W keeps it. */
static uint8_t handle_ipr(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_READ) {
        atc_base_number(e, "IPR", e->baud);
        return ATC_OK;
    }
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        if (rates[i] == call->args.arg[0].number) {
            atc_engine_speed(e, rates[i]);
            return ATC_OK;
        }
    }
    return ATC_CAUSE_PARAMETER;
}

/* Where URCs go. There is one port: the word is kept, no more. */
static const char *const urc_ports[] = {"usbat", "usbmodem", "uart1"};

static uint8_t handle_urc_port(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out;

    if (atc_given(call, 1)) {
        for (size_t i = 0; i < sizeof urc_ports / sizeof urc_ports[0]; i++) {
            if (!atc_text_is(call->args.arg[1].text, urc_ports[i]))
                continue;
            e->kept.urc_port = (uint8_t)i;
            atc_kept_changed(e);
            return ATC_OK;
        }
        return ATC_CAUSE_PARAMETER;
    }
    out = atc_reply_base(e, "QURCCFG");
    atc_put_text(&out, "\"urcport\",");
    atc_put_quoted(&out, urc_ports[e->kept.urc_port]);
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* --- the clock --------------------------------------------------------------------------------- */

/* Whether the network sets the clock: 0 no, 1 yes, 3 yes and as local time. Here it always does. */
static uint8_t handle_ctzu(struct atc_engine *e, const struct atc_call *call)
{
    if (call->form == ATC_FORM_READ) {
        atc_base_number(e, "CTZU", e->kept.zone_mode);
        return ATC_OK;
    }
    if (call->args.arg[0].number == 2)
        return ATC_CAUSE_PARAMETER;
    e->kept.zone_mode = (uint8_t)call->args.arg[0].number;
    atc_kept_changed(e);
    return ATC_OK;
}

static uint8_t handle_cclk(struct atc_engine *e, const struct atc_call *call)
{
    return atc_base_cclk(e, call, "\"");
}

/* <fun> is 0, 1 or 4. */
static uint8_t handle_cfun(struct atc_engine *e, const struct atc_call *call)
{
    const uint32_t fun = call->args.arg[0].number;

    if (call->form == ATC_FORM_WRITE && (fun == 2 || fun == 3))
        return ATC_CAUSE_PARAMETER;
    return atc_base_cfun(e, call);
}
/* --- tables ----------------------------------------------------------------------------------- */

/* clang-format off */
static const struct atc_param cfun_params[] = {
    {.name = ATC_DOC("fun"), .min = 0, .max = 4, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("rst"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param cpin_params[] = {
    {.name = ATC_DOC("pin"), .min = 4, .max = 8, .kind = ATC_KIND_WORD},
    {.name = ATC_DOC("new_pin"), .min = 4, .max = 8, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
};

static const struct atc_param ipr_params[] = {
    {.name = ATC_DOC("rate"), .min = 4800, .max = 921600, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param urc_port_params[] = {
    {.name = ATC_DOC("\"urcport\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("urc_port"), .min = 1, .max = 8, .kind = ATC_KIND_STRING, .flags = ATC_OPTIONAL},
};

static const struct atc_param ctzu_params[] = {
    {.name = ATC_DOC("mode"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cclk_params[] = {
    {.name = ATC_DOC("time"), .min = 17, .max = 20, .kind = ATC_KIND_STRING},
};

static const struct atc_param upload_params[] = {
    {.name = ATC_DOC("filename"), .min = 1, .max = 255, .kind = ATC_KIND_STRING},
    {.name = ATC_DOC("file_size"), .min = 1, .max = UINT32_MAX, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("timeout"), .min = 1, .max = 65535, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("ackmode"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param file_params[] = {
    {.name = ATC_DOC("filename"), .min = 1, .max = 255, .kind = ATC_KIND_STRING},
};

#define HANDLE                                                                         \
    {                                                                                  \
        .name = ATC_DOC("filehandle"), .min = 0, .max = 65535, .kind = ATC_KIND_INTEGER \
    }

static const struct atc_param open_params[] = {
    {.name = ATC_DOC("filename"), .min = 1, .max = 255, .kind = ATC_KIND_STRING},
    {.name = ATC_DOC("mode"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param handle_params[] = {
    HANDLE,
};

static const struct atc_param read_params[] = {
    HANDLE,
    {.name = ATC_DOC("length"), .min = 1, .max = UINT32_MAX, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param write_params[] = {
    HANDLE,
    {.name = ATC_DOC("length"), .min = 1, .max = UINT32_MAX, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("timeout"), .min = 1, .max = 65535, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param seek_params[] = {
    HANDLE,
    {.name = ATC_DOC("offset"), .min = 0, .max = UINT32_MAX, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("position"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param qpowd_params[] = {
    {.name = ATC_DOC("mode"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER},
};
/* clang-format on */

static const struct atc_command commands[] = {
    {
        .name = "QFUPL",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 4,
        .params = upload_params,
        .test_reply = "<filename>[,(1-<freesize>)[,(1-65535)[,(0,1)]]]",
        .base = true,
        .reply_max_ms = 5000,
        .handler = atc_files_upload,
        .body = ATC_BODY_CONNECT,
        .payload = atc_files_piece,
        .source = ATC_DOC("BG96 FILE manual, BG96 5.2"),
    },
    {
        .name = "QFDWL",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 1,
        .params = file_params,
        .test_reply = "<filename>",
        .base = true,
        .reply_max_ms = 5000,
        .handler = atc_files_download,
        .source = ATC_DOC("BG96 FILE manual"),
    },
    {
        .name = "QFLST",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE | ATC_FORM_EXECUTE,
        .param_count = 1,
        .params = file_params,
        .test_reply = "<filename>",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_files_list,
        .source = ATC_DOC("BG96 FILE manual"),
    },
    {
        .name = "QFDEL",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 1,
        .params = file_params,
        .test_reply = "<filename>",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_files_delete,
        .source = ATC_DOC("BG96 FILE manual"),
    },
    {
        .name = "QFLDS",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE | ATC_FORM_EXECUTE,
        .param_count = 1,
        .params = file_params,
        .test_reply = "<name_pattern>",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_files_space,
        .source = ATC_DOC("BG96 FILE manual"),
    },
    {
        .name = "QFOPEN",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 2,
        .params = open_params,
        .test_reply = "<filename>[,(0-2)]",
        .base = true,
        .reply_max_ms = 5000,
        .handler = atc_opened_open,
        .source = ATC_DOC("BG96 FILE manual, D-156"),
    },
    {
        .name = "QFREAD",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 2,
        .params = read_params,
        .test_reply = "<filehandle>[,<length>]",
        .base = true,
        .reply_max_ms = 5000,
        .handler = atc_opened_read,
        .source = ATC_DOC("BG96 FILE manual, D-156"),
    },
    {
        .name = "QFWRITE",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = write_params,
        .test_reply = "<filehandle>[,<length>[,(1-65535)]]",
        .base = true,
        .reply_max_ms = 5000,
        .handler = atc_opened_write,
        .body = ATC_BODY_CONNECT,
        .payload = atc_files_piece,
        .source = ATC_DOC("BG96 FILE manual, D-156"),
    },
    {
        .name = "QFSEEK",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = seek_params,
        .test_reply = "<filehandle>,<offset>[,(0-2)]",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_opened_seek,
        .source = ATC_DOC("BG96 FILE manual, D-156"),
    },
    {
        .name = "QFPOSITION",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 1,
        .params = handle_params,
        .test_reply = "<filehandle>",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_opened_position,
        .source = ATC_DOC("BG96 FILE manual, D-156"),
    },
    {
        .name = "QFTUCAT",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 1,
        .params = handle_params,
        .test_reply = "<filehandle>",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_opened_cut,
        .source = ATC_DOC("BG96 FILE manual, D-156"),
    },
    {
        .name = "QFCLOSE",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 1,
        .params = handle_params,
        .test_reply = "<filehandle>",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_opened_close,
        .source = ATC_DOC("BG96 FILE manual, D-156"),
    },
    {
        .name = "CFUN",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 2,
        .params = cfun_params,
        .test_reply = "(0-1,4),(0-1)",
        .base = true,
        .reply_max_ms = 15000,
        .handler = handle_cfun,
        .source = ATC_DOC("27.007 8.2"),
    },
    {
        .name = "GMI",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_base_manufacturer,
        .source = ATC_DOC("BG96 AT manual 2.2"),
    },
    {
        .name = "CGMI",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_base_manufacturer,
        .source = ATC_DOC("BG96 AT manual 2.3"),
    },
    {
        .name = "GMM",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_model,
        .source = ATC_DOC("BG96 AT manual 2.4"),
    },
    {
        .name = "GMR",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_revision,
        .source = ATC_DOC("BG96 AT manual 2.6"),
    },
    {
        .name = "CGMR",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_revision,
        .source = ATC_DOC("BG96 AT manual 2.7"),
    },
    {
        .name = "GSN",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_base_imei,
        .source = ATC_DOC("BG96 AT manual 2.8"),
    },
    {
        .name = "CGSN",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_base_imei,
        .source = ATC_DOC("27.007 5.4"),
    },
    {
        .name = "CPIN",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 2,
        .params = cpin_params,
        .base = true,
        .reply_max_ms = 5000,
        .handler = handle_cpin,
        .source = ATC_DOC("27.007 8.3, D-152"),
    },
    {
        .name = "QINISTAT",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .test_reply = "(0-7)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_qinistat,
        .source = ATC_DOC("BG96 AT manual 5.9"),
    },
    {
        .name = "QCCID",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_qccid,
        .source = ATC_DOC("BG96 AT manual 5.7"),
    },
    {
        .name = "IPR",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = ipr_params,
        .test_reply = "(),(4800,9600,19200,38400,57600,115200,230400,460800,921600)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ipr,
        .source = ATC_DOC("V.250 6.2.10"),
    },
    {
        .name = "QURCCFG",
        .key = "urcport",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 2,
        .params = urc_port_params,
        .test_reply = "\"urcport\",(\"usbat\",\"usbmodem\",\"uart1\")",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_urc_port,
        .source = ATC_DOC("BG96 AT manual 2.25"),
    },
    {
        .name = "CTZU",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = ctzu_params,
        .test_reply = "(0,1,3)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_ctzu,
        .source = ATC_DOC("27.007 8.40"),
    },
    {
        .name = "CCLK",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = cclk_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_cclk,
        .source = ATC_DOC("27.007 8.15"),
    },
    {
        .name = "QPOWD",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE | ATC_FORM_EXECUTE,
        .param_count = 1,
        .params = qpowd_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_qpowd,
        .source = ATC_DOC("BG96 AT manual 13.1"),
    },
};

const struct atc_table atc_bg96_base = {commands, sizeof commands / sizeof commands[0]};

const char *const atc_bg96_boot[] = {
    "RDY",     "+CFUN: 1", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE",
    "APP RDY", NULL,
};
const char *const atc_bg96_ready[] = {"+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE",
                                      "+QIND: PB DONE", NULL};
