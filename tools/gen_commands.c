/* SPDX-License-Identifier: MIT
 *
 * Writes docs/commands.md: what the tables of the dialects say about each command, unsolicited
 * result, result code, option and setting. With --check nothing is written; the status says whether
 * the file is what would be.
 *
 * usage: gen_commands [--check] FILE
 */
#define _POSIX_C_SOURCE 200809L
#include "gen_commands.h"

#include <stdlib.h>
#include <string.h>

_Noreturn void atc_assert_failed(const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: an assertion of the core failed\n", file, line);
    abort();
}

/* --- the page --------------------------------------------------------------------------------- */

static void put_introduction(FILE *out)
{
    (void)fputs("<!-- Made by tools/gen_commands from the tables in src/modem: do not edit. -->\n"
                "\n"
                "# AT commands\n"
                "\n"
                "Every command, unsolicited result, result code, option and setting there is. "
                "`atcoap help commands NAME`\n"
                "prints the same. A range is what is checked; what it leaves open stands in "
                "[deviations.md](deviations.md).\n"
                "The notes are the BC95-G&BC68 CoAP Application Note V1.0 (BC95) and the BG96 CoAP "
                "Application Note V1.0\n"
                "(BG96). Examples are played on a module without echo, with `atcoap serve`'s "
                "resources at 192.0.2.1; the blank\n"
                "lines between replies are left out.\n",
                out);
}

/* The dialects' sections, each as "BG96: options". */
enum section {
    SECTION_COAP,
    SECTION_BASE,
    SECTION_URCS,
    SECTION_RESULTS,
    SECTION_OPTIONS,
    SECTION_TRAITS
};
enum { SECTION_COUNT = SECTION_TRAITS + 1 };

static void section_heading(char out[64], const struct atc_dialect *d, enum section section)
{
    static const char *const names[SECTION_COUNT] = {
        [SECTION_COAP] = "CoAP commands",       [SECTION_BASE] = "base commands",
        [SECTION_URCS] = "unsolicited results", [SECTION_RESULTS] = "result codes",
        [SECTION_OPTIONS] = "options",          [SECTION_TRAITS] = "in numbers",
    };

    (void)snprintf(out, 64, "%s: %s", gen_title(d), names[section]);
}

static void put_command_links(FILE *out, const struct atc_dialect *d, bool base)
{
    const struct atc_command *row = NULL;
    char heading[96];

    for (size_t i = 0; (row = atc_dialect_row(d, i)) != NULL; i++) {
        const struct manual_text *text = manual_text(d, row);

        if (row->base != base || text == NULL)
            continue;
        gen_command_heading(heading, d, row);
        (void)fputs("  - ", out);
        gen_link(out, heading);
        (void)fprintf(out, ": %s\n", text->meaning);
    }
}

static void put_contents(FILE *out)
{
    char heading[64];

    gen_heading(out, 2, "Contents");
    for (size_t i = 0; manual_dialects[i] != NULL; i++) {
        for (unsigned section = 0; section < SECTION_COUNT; section++) {
            section_heading(heading, manual_dialects[i], (enum section)section);
            (void)fputs("- ", out);
            gen_link(out, heading);
            (void)fputs("\n", out);
            if (section <= SECTION_BASE)
                put_command_links(out, manual_dialects[i], section == SECTION_BASE);
        }
    }
    (void)fputs("- ", out);
    gen_link(out, "Settings");
    (void)fputs("\n", out);
}

static bool put_section(FILE *out, const struct atc_dialect *d, enum section section)
{
    char heading[64];

    section_heading(heading, d, section);
    gen_heading(out, 2, heading);
    switch (section) {
    case SECTION_COAP:
        return gen_commands(out, d, false);
    case SECTION_BASE:
        return gen_commands(out, d, true);
    case SECTION_URCS:
        gen_urcs(out, d);
        break;
    case SECTION_RESULTS:
        (void)fputs("`<err>` is the number in `+CME ERROR: <err>`. What is not listed reads "
                    "`ERROR`. When each number comes, or\nwhy it never does, is in "
                    "[codes.md](codes.md).\n\n",
                    out);
        gen_results(out, d);
        break;
    case SECTION_OPTIONS:
        gen_options(out, d);
        break;
    case SECTION_TRAITS:
        gen_traits(out, d);
        break;
    }
    return true;
}

static bool put_page(FILE *out)
{
    put_introduction(out);
    put_contents(out);
    for (size_t i = 0; manual_dialects[i] != NULL; i++) {
        for (unsigned section = 0; section < SECTION_COUNT; section++) {
            if (!put_section(out, manual_dialects[i], (enum section)section))
                return false;
        }
    }
    gen_heading(out, 2, "Settings");
    (void)fputs(
        "`atcoap run --set KEY=VALUE`, or a line `set KEY=VALUE` in a transcript. The first "
        "value is the default,\nunless the meaning names another.\n\n",
        out);
    gen_settings(out);
    return true;
}

/* Take out blanks at the end of lines and blank lines behind blank lines. Returns how much is left. */
static size_t tidy(char *page, size_t len)
{
    size_t end = 0;

    for (size_t i = 0; i < len; i++) {
        while (page[i] == '\n' && end > 0 && page[end - 1] == ' ')
            end--;
        if (end >= 2 && page[i] == '\n' && page[end - 1] == '\n' && page[end - 2] == '\n')
            continue;
        page[end++] = page[i];
    }
    return end;
}

/* --- the file --------------------------------------------------------------------------------- */

static char *make_page(size_t *len)
{
    char *page = NULL;
    FILE *out = open_memstream(&page, len);
    bool good = false;

    if (out == NULL)
        return NULL;
    good = put_page(out);
    if (fclose(out) != 0 || !good) {
        free(page);
        return NULL;
    }
    *len = tidy(page, *len);
    return page;
}

static int write_page(const char *path, const char *page, size_t len)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(page, 1, len, file) != len || fclose(file) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

/* Whether the file is the page; says the first line that differs. */
static int check_page(const char *path, const char *page, size_t len)
{
    FILE *file = fopen(path, "rb");
    size_t line = 1;

    if (file == NULL) {
        perror(path);
        return 1;
    }
    for (size_t i = 0; i <= len; i++) {
        const int expected = i < len ? (unsigned char)page[i] : EOF;

        // NOLINTNEXTLINE(clang-analyzer-unix.Stream): behind the end all is over
        if (fgetc(file) != expected) {
            (void)fprintf(stderr,
                          "%s:%zu is not what the tables say. Write it anew: "
                          "cmake --build --preset release --target commands_page\n",
                          path, line);
            (void)fclose(file);
            return 1;
        }
        line += expected == '\n';
    }
    (void)fclose(file);
    return 0;
}

int main(int argc, char **argv)
{
    const bool check = argc == 3 && strcmp(argv[1], "--check") == 0;
    size_t len = 0;
    char *page = NULL;
    int status = 1;

    if (argc != 2 && !check) {
        (void)fputs("usage: gen_commands [--check] FILE\n", stderr);
        return 2;
    }
    if (!manual_check())
        return 1;
    page = make_page(&len);
    if (page != NULL)
        status = check ? check_page(argv[2], page, len) : write_page(argv[1], page, len);
    free(page);
    return status;
}
