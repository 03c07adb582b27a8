/* SPDX-License-Identifier: MIT
 *
 * The BG96: AT+QCFG, how it searches for a network. Checked, kept and printed; D-155.
 */
#include "bg96.h"

/* The word of a query's reply: "key". */
static struct atc_out open_qcfg(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_out out = atc_reply_base(e, "QCFG");

    atc_put_quoted(&out, call->row->key);
    return out;
}

/* Query or set a number that fits a byte. <effect>, now or after a restart, makes no difference:
 * there is one radio. */
static uint8_t configure(struct atc_engine *e, const struct atc_call *call, uint8_t *value)
{
    struct atc_out out;

    if (atc_given(call, 1)) {
        *value = (uint8_t)call->args.arg[1].number;
        atc_kept_changed(e);
        return ATC_OK;
    }
    if (call->args.count > 1)
        return ATC_CAUSE_PARAMETER;
    out = open_qcfg(e, call);
    atc_put_next(&out, *value);
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* 0 automatic, 1 GSM, 3 LTE. */
static uint8_t handle_scan_mode(struct atc_engine *e, const struct atc_call *call)
{
    if (atc_given(call, 1) && call->args.arg[1].number == 2)
        return ATC_CAUSE_PARAMETER;
    return configure(e, call, &e->kept.scan_mode);
}

static uint8_t handle_iot_mode(struct atc_engine *e, const struct atc_call *call)
{
    return configure(e, call, &e->kept.iot_mode);
}

static uint8_t handle_domain(struct atc_engine *e, const struct atc_call *call)
{
    return configure(e, call, &e->kept.domain);
}

/* 1 no, 2 yes, 255 as the SIM says. */
static uint8_t handle_roaming(struct atc_engine *e, const struct atc_call *call)
{
    if (atc_given(call, 1) && call->args.arg[1].number > 2 && call->args.arg[1].number < 255)
        return ATC_CAUSE_PARAMETER;
    return configure(e, call, &e->kept.roaming);
}

/* Up to three of 00 automatic, 01 GSM, 02 LTE Cat M1, 03 NB-IoT, as a number: 020301. */
static bool is_scan_sequence(struct atc_span text)
{
    if (text.len % 2 != 0)
        return false;
    for (size_t i = 0; i < text.len; i += 2) {
        if (text.at[i] != '0' || text.at[i + 1] < '0' || text.at[i + 1] > '3')
            return false;
    }
    return true;
}

/* It is kept with a 1 in front, so that the 00s it may begin with count: 1020301. */
static uint8_t handle_scan_sequence(struct atc_engine *e, const struct atc_call *call)
{
    uint32_t number = 0, unit = 1;
    struct atc_out out;

    if (atc_given(call, 1)) {
        if (!is_scan_sequence(call->args.arg[1].text))
            return ATC_CAUSE_PARAMETER;
        (void)atc_text_number(&number, call->args.arg[1].text, UINT32_MAX);
        for (size_t i = 0; i < call->args.arg[1].text.len; i++)
            unit *= 10;
        e->kept.scan_sequence = unit + number;
        atc_kept_changed(e);
        return ATC_OK;
    }
    if (call->args.count > 1)
        return ATC_CAUSE_PARAMETER;
    out = open_qcfg(e, call);
    atc_put_byte(&out, ',');
    while (e->kept.scan_sequence / unit >= 100)
        unit *= 100;
    for (unit /= 100; unit > 0; unit /= 100) {
        atc_put_byte(&out, '0');
        atc_put_number(&out, e->kept.scan_sequence / unit % 10);
    }
    atc_reply_close(e, &out);
    return ATC_OK;
}

/* The bands there are: GSM, Cat M1, NB1; of each the upper and the lower half of a mask. */
static const uint32_t all_bands[3][2] = {{0, 0xF}, {0x40, 0x0A0E189F}, {0, 0x0A0E189F}};

/* A mask of bands: hex with or without 0x, at most limit_high and limit_low. */
static bool read_mask(uint32_t mask[2], struct atc_span text, const uint32_t limit[2])
{
    uint32_t high = 0, low = 0;
    size_t at = text.len > 2 && text.at[0] == '0' && atc_upper(text.at[1]) == 'X' ? 2 : 0;

    if (text.len - at > 16)
        return false;
    for (; at < text.len; at++) {
        const uint8_t digit = atc_upper(text.at[at]);

        if (!atc_is_hex_digit(digit))
            return false;
        high = high << 4 | low >> 28;
        low = low << 4 | (uint32_t)(digit <= '9' ? digit - '0' : digit - 'A' + 10);
    }
    if ((high & ~limit[0]) != 0 || (low & ~limit[1]) != 0)
        return false;
    mask[0] = high;
    mask[1] = low;
    return true;
}

static void put_mask(struct atc_out *out, const uint32_t mask[2])
{
    bool leading = true;

    atc_put_text(out, ",0x");
    for (unsigned i = 0; i < 16; i++) {
        const unsigned digit = mask[i / 8] >> (28 - 4 * (i % 8)) & 15u;

        leading = leading && digit == 0 && i < 15;
        if (!leading)
            atc_put_byte(out, (uint8_t)(digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
}

/* <gsm>, <m1>, <nb1>; 0 leaves that one as it is. */
static uint8_t handle_bands(struct atc_engine *e, const struct atc_call *call)
{
    uint32_t *const masks[3] = {e->kept.gsm_bands, e->kept.m1_bands, e->kept.nb1_bands};
    uint32_t mask[3][2];
    struct atc_out out;

    if (call->args.count == 1) {
        out = open_qcfg(e, call);
        for (unsigned i = 0; i < 3; i++)
            put_mask(&out, masks[i]);
        atc_reply_close(e, &out);
        return ATC_OK;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (!atc_given(call, i + 1) ||
            !read_mask(mask[i], call->args.arg[i + 1].text, all_bands[i]))
            return ATC_CAUSE_PARAMETER;
    }
    for (unsigned i = 0; i < 3; i++) {
        if ((mask[i][0] | mask[i][1]) != 0)
            memcpy(masks[i], mask[i], sizeof mask[i]);
    }
    atc_kept_changed(e);
    return ATC_OK;
}

/* --- tables ----------------------------------------------------------------------------------- */

/* clang-format off */
static const struct atc_param scan_mode_params[] = {
    {.name = ATC_DOC("\"nwscanmode\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("scanmode"), .min = 0, .max = 3, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param scan_sequence_params[] = {
    {.name = ATC_DOC("\"nwscanseq\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("scanseq"), .min = 2, .max = 6, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param iot_mode_params[] = {
    {.name = ATC_DOC("\"iotopmode\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("mode"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param domain_params[] = {
    {.name = ATC_DOC("\"servicedomain\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("service"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param roaming_params[] = {
    {.name = ATC_DOC("\"roamservice\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("roammode"), .min = 1, .max = 255, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param bands_params[] = {
    {.name = ATC_DOC("\"band\""), .kind = ATC_KIND_KEY},
    {.name = ATC_DOC("GSM_bands"), .min = 1, .max = 18, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("M1_bands"), .min = 1, .max = 18, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("NB1_bands"), .min = 1, .max = 18, .kind = ATC_KIND_WORD, .flags = ATC_OPTIONAL},
    {.name = ATC_DOC("effect"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};
/* clang-format on */

static const struct atc_command commands[] = {
    {
        .name = "QCFG",
        .key = "nwscanmode",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = scan_mode_params,
        .test_reply = "\"nwscanmode\",(0,1,3),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_scan_mode,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "nwscanseq",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = scan_sequence_params,
        .test_reply = "\"nwscanseq\",(00-03),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_scan_sequence,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "iotopmode",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = iot_mode_params,
        .test_reply = "\"iotopmode\",(0-2),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_iot_mode,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "servicedomain",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = domain_params,
        .test_reply = "\"servicedomain\",(0-2),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_domain,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "roamservice",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 3,
        .params = roaming_params,
        .test_reply = "\"roamservice\",(1,2,255),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_roaming,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
    {
        .name = "QCFG",
        .key = "band",
        .forms = ATC_FORM_TEST | ATC_FORM_WRITE,
        .param_count = 5,
        .params = bands_params,
        .test_reply = "\"band\",(0-f),(0-400a0e189f),(0-a0e189f),(0,1)",
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_bands,
        .source = ATC_DOC("BG96 AT manual 4.3"),
    },
};

const struct atc_table atc_bg96_qcfg = {commands, sizeof commands / sizeof commands[0]};
