/* SPDX-License-Identifier: MIT
 *
 * The smallest user of the installed library: asks a module what it is. */
#include <atcoap/atcoap.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void atc_assert_failed(const char *file, int line);

_Noreturn void atc_assert_failed(const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d\n", file, line);
    abort();
}

static bool no_random(void *ctx, uint8_t *buf, size_t len)
{
    return ctx != NULL && buf != NULL && len == 0;
}

int main(void)
{
    static struct atc_modem modem;
    struct atc_config config = {.dialect = &atc_dialect_bg96, .random = no_random};
    const uint8_t *said = NULL;
    size_t len = 0;

    atc_settings_default(&config.settings);
    if (atc_init(&modem, &config, 0) != 0)
        return 9; /* built with other limits than the library */
    (void)atc_te_write(&modem, (const uint8_t *)"ATI\r", 4, 0);
    for (said = atc_te_peek(&modem, &len); len > 0; said = atc_te_peek(&modem, &len)) {
        (void)fwrite(said, 1, len, stdout);
        atc_te_drop(&modem, len);
    }
    return 0;
}
