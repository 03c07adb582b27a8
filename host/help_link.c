/* SPDX-License-Identifier: MIT */
#include "help_link.h"

#include <stdio.h>
#include <string.h>

#include "help_text.h"
#include "link_text.h"
#include "status.h"

enum { LINK_COLUMN = 26 };

static void print_keys(bool per_direction)
{
    const struct sim_link_key *key = NULL;
    char name[64];

    for (size_t i = 0; (key = sim_link_key(i)) != NULL; i++) {
        if (key->per_direction != per_direction)
            continue;
        (void)snprintf(name, sizeof name, "%s=%s", key->name, key->form);
        help_row(stdout, name, LINK_COLUMN, key->meaning, strlen(key->meaning));
    }
}

/* What a preset stands for, in lines that end behind a comma. */
static void print_text(const char *text)
{
    enum { INDENT = 16 };

    while (*text != '\0') {
        size_t len = strlen(text);

        while (len > (size_t)(HELP_WIDTH - INDENT))
            for (len--; len > 0 && text[len - 1] != ',';)
                len--;
        (void)printf("%*s%.*s\n", INDENT, "", (int)len, text);
        text += len;
    }
}

static void print_presets(void)
{
    const struct sim_link_preset *preset = NULL;

    for (size_t i = 0; (preset = sim_link_preset(i)) != NULL; i++) {
        help_row(stdout, preset->name, 14, preset->meaning, strlen(preset->meaning));
        print_text(preset->text);
    }
}

int help_link(void)
{
    (void)fputs("A link for atcoap run --link, demo --link and for the line \"link\" of a\n"
                "transcript: PRESET, or KEY=VALUE, or both with commas between, the preset\n"
                "first; what stands later wins. up.KEY=VALUE and down.KEY=VALUE are for one\n"
                "direction. Times are ms, or have ms, s, m, h or d behind them. The page\n"
                "docs/link.md says more.\n"
                "\nKeys, for each direction\n",
                stdout);
    print_keys(true);
    (void)fputs("\nKeys, for the link as a whole\n", stdout);
    print_keys(false);
    (void)fputs("\nPresets\n", stdout);
    print_presets();
    return STATUS_GOOD;
}
