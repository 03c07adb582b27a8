/* SPDX-License-Identifier: MIT
 *
 * The settings of V.250 that shape the AT line itself, and the profile that keeps them: ATV, ATQ,
 * ATS3, ATS4, ATS5, AT&F, AT&W, ATZ. Source: V.250 6.1 and 6.2, D-150, D-151.
 */
#include "base.h"

enum { BACKSPACE = 8 };

/* How many reports a profile holds: the first ones of the dialect that AT&W keeps. */
enum { LEVEL_COUNT = sizeof(((struct atc_profile *)0)->level) };

static bool has_level(const struct atc_engine *e, unsigned index)
{
    ATC_ASSERT(e->cfg.dialect->report_count >= LEVEL_COUNT);
    return index < LEVEL_COUNT && e->cfg.dialect->reports[index].saved;
}

static void use(struct atc_engine *e, const struct atc_profile *profile)
{
    e->framing.cr = profile->cr;
    e->framing.lf = profile->lf;
    e->framing.quiet = profile->quiet != 0;
    e->framing.numeric = profile->numeric != 0;
    e->line.end = profile->cr;
    e->line.erase = profile->erase;
    e->echo = profile->echo == ATC_ECHO_AS_SET ? e->cfg.settings.echo == ATC_ON
                                               : profile->echo == ATC_ECHO_ON;
    for (unsigned i = 0; has_level(e, i); i++) {
        if (e->cfg.dialect->reports[i].levels >> profile->level[i] & 1u)
            e->radio.level[i] = profile->level[i];
    }
}

static struct atc_profile factory(enum atc_profile_echo echo)
{
    const struct atc_profile profile = {
        .cr = atc_framing_factory.cr,
        .lf = atc_framing_factory.lf,
        .erase = BACKSPACE,
        .echo = (uint8_t)echo,
    };

    return profile;
}

void atc_v250_init(struct atc_engine *e)
{
    e->kept.profile = factory(ATC_ECHO_AS_SET);
    use(e, &e->kept.profile);
}

void atc_v250_restart(struct atc_engine *e)
{
    const bool echo = e->echo;

    use(e, &e->kept.profile);
    e->echo = echo;
}

void atc_v250_loaded(struct atc_engine *e)
{
    use(e, &e->kept.profile);
}

/* --- handlers --------------------------------------------------------------------------------- */

static uint32_t digit_of(const struct atc_call *call)
{
    return atc_given(call, 0) ? call->args.arg[0].number : 0;
}

static uint8_t handle_verbose(struct atc_engine *e, const struct atc_call *call)
{
    e->framing.numeric = digit_of(call) == 0;
    return ATC_OK;
}

static uint8_t handle_quiet(struct atc_engine *e, const struct atc_call *call)
{
    e->framing.quiet = digit_of(call) == 1;
    return ATC_OK;
}

/* An S-parameter is read as three digits. Source: V.250 5.3.2. */
static void reply_s(struct atc_engine *e, uint8_t value)
{
    struct atc_out out = atc_reply_open(e);

    atc_put_byte(&out, (uint8_t)('0' + value / 100));
    atc_put_byte(&out, (uint8_t)('0' + value / 10 % 10));
    atc_put_byte(&out, (uint8_t)('0' + value % 10));
    atc_reply_close(e, &out);
}

static uint8_t handle_s(struct atc_engine *e, const struct atc_call *call, uint8_t *value)
{
    if (call->form == ATC_FORM_S_READ)
        reply_s(e, *value);
    else
        *value = (uint8_t)digit_of(call);
    return ATC_OK;
}

static uint8_t handle_s3(struct atc_engine *e, const struct atc_call *call)
{
    const uint8_t cause = handle_s(e, call, &e->framing.cr);

    e->line.end = e->framing.cr;
    return cause;
}

static uint8_t handle_s4(struct atc_engine *e, const struct atc_call *call)
{
    return handle_s(e, call, &e->framing.lf);
}

static uint8_t handle_s5(struct atc_engine *e, const struct atc_call *call)
{
    return handle_s(e, call, &e->line.erase);
}

static uint8_t handle_factory(struct atc_engine *e, const struct atc_call *call)
{
    const struct atc_profile profile = factory(ATC_ECHO_ON);

    (void)call;
    use(e, &profile);
    e->cmee = e->cfg.dialect->cmee_default;
    return ATC_OK;
}

static uint8_t handle_save(struct atc_engine *e, const struct atc_call *call)
{
    struct atc_profile *profile = &e->kept.profile;

    (void)call;
    profile->cr = e->framing.cr;
    profile->lf = e->framing.lf;
    profile->quiet = e->framing.quiet;
    profile->numeric = e->framing.numeric;
    profile->erase = e->line.erase;
    profile->echo = e->echo;
    for (unsigned i = 0; has_level(e, i); i++)
        profile->level[i] = e->radio.level[i];
    e->kept.baud = e->baud;
    atc_kept_changed(e);
    return ATC_OK;
}

static uint8_t handle_restore(struct atc_engine *e, const struct atc_call *call)
{
    (void)call;
    use(e, &e->kept.profile);
    return ATC_OK;
}

/* Lines of a serial port and words of a dialled call: there are none, and nothing prints the value. */
static uint8_t handle_unused(struct atc_engine *e, const struct atc_call *call)
{
    (void)e;
    (void)call;
    return ATC_OK;
}

/* --- table ------------------------------------------------------------------------------------ */

/* clang-format off */
static const struct atc_param switch_params[] = {
    {.name = ATC_DOC("value"), .min = 0, .max = 1, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param dtr_params[] = {
    {.name = ATC_DOC("value"), .min = 0, .max = 2, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param progress_params[] = {
    {.name = ATC_DOC("value"), .min = 0, .max = 4, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

static const struct atc_param profile_params[] = {
    {.name = ATC_DOC("value"), .min = 0, .max = 0, .kind = ATC_KIND_INTEGER, .flags = ATC_OPTIONAL},
};

/* Control characters only: a line must be able to hold a command. Source: D-150. */
static const struct atc_param control_params[] = {
    {.name = ATC_DOC("value"), .min = 0, .max = 31, .kind = ATC_KIND_INTEGER},
};

static const struct atc_param character_params[] = {
    {.name = ATC_DOC("value"), .min = 0, .max = 127, .kind = ATC_KIND_INTEGER},
};
/* clang-format on */

static const struct atc_command commands[] = {
    {
        .name = "V",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = switch_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_verbose,
        .source = ATC_DOC("V.250 6.2.6, D-150"),
    },
    {
        .name = "Q",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = switch_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_quiet,
        .source = ATC_DOC("V.250 6.2.5, D-150"),
    },
    {
        .name = "S3",
        .forms = ATC_FORM_S_READ | ATC_FORM_S_WRITE,
        .param_count = 1,
        .params = control_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_s3,
        .source = ATC_DOC("V.250 6.2.1, D-150"),
    },
    {
        .name = "S4",
        .forms = ATC_FORM_S_READ | ATC_FORM_S_WRITE,
        .param_count = 1,
        .params = character_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_s4,
        .source = ATC_DOC("V.250 6.2.2, D-150"),
    },
    {
        .name = "S5",
        .forms = ATC_FORM_S_READ | ATC_FORM_S_WRITE,
        .param_count = 1,
        .params = character_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_s5,
        .source = ATC_DOC("V.250 6.2.3"),
    },
    {
        .name = "X",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = progress_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_unused,
        .source = ATC_DOC("V.250 6.2.7, D-155"),
    },
    {
        .name = "&C",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = switch_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_unused,
        .source = ATC_DOC("V.250 6.2.8, D-155"),
    },
    {
        .name = "&D",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = dtr_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_unused,
        .source = ATC_DOC("V.250 6.2.9, D-155"),
    },
    {
        .name = "&F",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = profile_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_factory,
        .source = ATC_DOC("V.250 6.1.2, D-151"),
    },
    {
        .name = "&W",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = profile_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_save,
        .source = ATC_DOC("AT manual 2.13, D-151"),
    },
    {
        .name = "Z",
        .forms = ATC_FORM_BASIC,
        .param_count = 1,
        .params = profile_params,
        .base = true,
        .reply_max_ms = 300,
        .handler = handle_restore,
        .source = ATC_DOC("V.250 6.1.1, D-151"),
    },
};

const struct atc_table atc_v250 = {commands, sizeof commands / sizeof commands[0]};
