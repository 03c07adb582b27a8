/* SPDX-License-Identifier: MIT
 *
 * Any text as a transcript: it is refused in one of its lines, or played. What it becomes when all that
 * comes out is accepted is a transcript again, which passes. So the whole program of a test, with its
 * virtual world, runs on whatever a file holds.
 */
#include <string.h>

#include "input.h"
#include "script_play.h"
#include "script_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { TEXT_MAX = 4096, ACCEPTED_MAX = 1 << 20 };

/* Play a transcript. Returns what came of it; accepted may be NULL. */
static enum script_verdict play(const struct script *script, struct script_buf *accepted,
                                unsigned *line)
{
    static struct script_world world;
    struct script_result result;
    struct script_target target;

    memset(&world, 0, sizeof world);
    script_world_target(&world, NULL, &target);
    script_play(script, &target, accepted, &result);
    FUZZ_REQUIRE((result.verdict == SCRIPT_PASSED) == (result.message.len == 0));
    *line = result.line;
    script_buf_free(&world.found);
    script_buf_free(&result.message);
    return result.verdict;
}

/* Whether what is accepted must pass: where the lint is to find something, or lines come in any order,
 * accepting changes what is asked for; without a step nothing is left, and orders are not written as
 * they are read. */
static bool is_plain(const struct script *script)
{
    bool steps = false;

    for (size_t i = 0; i < script->count; i++) {
        const enum script_kind kind = script->lines[i].kind;

        if (kind == SCRIPT_ANY_ORDER)
            return false;
        steps = steps || kind == SCRIPT_TE_IN || kind == SCRIPT_NET_IN || kind == SCRIPT_NET_ACT ||
                kind == SCRIPT_CLOCK;
    }
    return steps && !script->setup.linted && !script->setup.orders;
}

static void accept(const struct script *script)
{
    struct script_buf text = {0};
    struct script again;
    unsigned line;

    if (play(script, &text, &line) == SCRIPT_PASSED && text.len < ACCEPTED_MAX) {
        const char *why = script_parse(&again, script_span_buf(&text), 1);

        if (why != NULL || play(&again, NULL, &line) != SCRIPT_PASSED) {
            (void)dprintf(2, "%.*s\nline %u: %s\n", (int)text.len, text.data, line,
                          why != NULL ? why : "accepted, and does not pass");
            abort();
        }
        script_free(&again);
    }
    script_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct script_span text = {(const char *)data, len};
    struct script script;
    unsigned line;
    const char *why;

    if (len > TEXT_MAX)
        return 0;
    why = script_parse(&script, text, 1);
    if (why != NULL) {
        FUZZ_REQUIRE(script.error_line > 0 && why[0] != '\0');
    } else {
        FUZZ_REQUIRE(play(&script, NULL, &line) != SCRIPT_FAILED || line <= script.count);
        if (is_plain(&script))
            accept(&script);
    }
    script_free(&script);
    return 0;
}
