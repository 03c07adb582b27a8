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

/* <stat>, from n = 2 on the cell, from n = 4 on the timers. */
static void put_registration(const struct atc_engine *e, struct atc_out *out, uint8_t level)
{
    atc_put_number(out, e->radio.registration);
    if (level >= 2 && atc_radio_registered(e)) {
        atc_put_text(out, ",\"");
        atc_put_hex_number(out, e->radio.cell.tac, 1);
        atc_put_text(out, "\",\"");
        atc_put_hex_number(out, e->radio.cell.id, 1);
        atc_put_text(out, "\",9");
    }
    if (level == 4 && atc_radio_registered(e))
        atc_put_text(out, ",,,\"00000000\",\"00000000\"");
}

const struct atc_report atc_bg96_reports[ATC_BG96_REPORT_COUNT] = {
    {
        .name = "CEREG",
        .changes = ATC_CHANGE_REGISTRATION | ATC_CHANGE_CELL,
        .levels = 0x17, /* 0, 1, 2, 4 */
        .cell_from = 2,
        .put = put_registration,
        .source = ATC_DOC("27.007 10.1.22"),
    },
};

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
static const struct atc_param cmee_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cereg_params[] = {
    {.name = ATC_DOC("n"), .min = 0, .max = 4, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param cfun_params[] = {
    {.name = ATC_DOC("fun"), .min = 0, .max = 4, .kind = ATC_KIND_INTEGER},
    {.name = ATC_DOC("rst"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
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
    {
        .name = "CEREG",
        .forms = ATC_FORM_TEST | ATC_FORM_READ | ATC_FORM_WRITE,
        .param_count = 1,
        .params = cereg_params,
        .test_reply = "(0-2,4)",
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_radio_report,
        .source = ATC_DOC("27.007 10.1.22"),
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
        .name = "CGSN",
        .forms = ATC_FORM_TEST | ATC_FORM_EXECUTE,
        .base = true,
        .reply_max_ms = 300,
        .handler = atc_base_imei,
        .source = ATC_DOC("27.007 5.4"),
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

/* Source: 27.007 9.2.1. */
const struct atc_cme_text atc_bg96_texts[] = {
    {3, "operation not allowed"},
    {4, "operation not supported"},
    {23, "memory failure"},
    {30, "no network service"},
    {50, "incorrect parameters"},
    {100, "unknown"},
    {405, "file not found"},
    {406, "invalid file name"},
    {407, "file already exists"},
    {412, "write file fail"},
    {420, "no space left"},
    {421, "timeout"},
    {0, NULL},
};

const char *const atc_bg96_boot[] = {
    "RDY",     "+CFUN: 1", "+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE", "+QIND: PB DONE",
    "APP RDY", NULL,
};
const char *const atc_bg96_ready[] = {"+CPIN: READY", "+QUSIM: 1", "+QIND: SMS DONE",
                                      "+QIND: PB DONE", NULL};
