/* SPDX-License-Identifier: MIT
 *
 * Any text as events.jsonl: what is no event is counted, the rest is drawn. The SVG is well-formed as
 * far as brackets and quotes go, holds no byte that XML forbids, and the drawings no control byte that
 * a terminal would obey.
 */
#include <string.h>

#include "input.h"
#include "ladder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Whether text is elements and text in turn, elements closed and attributes in quotes. */
static void require_svg(const char *text, size_t len)
{
    long depth = 0;
    bool in_tag = false, closing = false;
    char quote = 0;

    for (size_t i = 0; i < len; i++) {
        const char c = text[i];

        FUZZ_REQUIRE((unsigned char)c >= 0x20 || c == '\n' || c == '\t');
        if (!in_tag) {
            FUZZ_REQUIRE(c != '>' || i == 0 || text[i - 1] != '-');
            if (c != '<')
                continue;
            in_tag = true;
            closing = i + 1 < len && text[i + 1] == '/';
            if (i + 1 < len && (text[i + 1] == '?' || text[i + 1] == '!'))
                depth--; /* has no end of its own */
        } else if (quote != 0) {
            FUZZ_REQUIRE(c != '<');
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            in_tag = false;
            depth += closing ? -1 : text[i - 1] == '/' ? 0 : 1;
            FUZZ_REQUIRE(depth >= 0);
        } else {
            FUZZ_REQUIRE(c != '<');
        }
    }
    FUZZ_REQUIRE(depth == 0 && !in_tag);
}

static void require_text(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        FUZZ_REQUIRE(((unsigned char)text[i] >= 0x20 && text[i] != 0x7F) || text[i] == '\n');
}

static void draw(const struct ladder *l, void (*how)(const struct ladder *l, FILE *out),
                 void (*require)(const char *text, size_t len))
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    FUZZ_REQUIRE(out != NULL);
    how(l, out);
    FUZZ_REQUIRE(fclose(out) == 0 && len > 0);
    require(text, len);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct input in = {data, len};
    const unsigned choice = next(&in);
    const struct ladder_filter filter = {
        .from_us = (choice & 1u) != 0 ? 1000 : 0,
        .to_us = (choice & 2u) != 0 ? 9000000 : UINT64_MAX,
        .client = (choice & 4u) != 0 ? 0 : -1,
        .mid = (choice & 8u) != 0 ? 1 : -1,
    };
    struct ladder l;
    size_t lines = 0;

    ladder_init(&l);
    while (in.left > 0) {
        const uint8_t *end = memchr(in.at, '\n', in.left);
        const size_t line_len = end == NULL ? in.left : (size_t)(end - in.at);
        size_t taken = end == NULL ? in.left : line_len + 1;

        FUZZ_REQUIRE(ladder_add(&l, (const char *)in.at, line_len));
        lines++;
        (void)next_bytes(&in, &taken);
    }
    FUZZ_REQUIRE(l.event_count + l.skipped + l.bad <= lines);
    FUZZ_REQUIRE(ladder_arrange(&l, &filter, (choice & 16u) != 0));
    draw(&l, ladder_draw_svg, require_svg);
    draw(&l, ladder_draw_text, require_text);
    ladder_free(&l);
    return 0;
}
