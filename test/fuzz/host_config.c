/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a configuration file: it is refused, or every option it names is one of the table and
 * got a value that stands in the file. And any text as --link and --uart: refused with a reason, the
 * configuration unchanged, or taken, and then taken again on top of itself it changes nothing.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config.h"
#include "input.h"
#include "link_text.h"
#include "uart_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

struct target {
    const uint8_t *data;
    size_t len;
    unsigned taken;
    const struct option *rows;
};

/* Whether the file holds that text. */
static bool holds(const struct target *t, const char *text)
{
    return text[0] == '\0' || memmem(t->data, t->len, text, strlen(text)) != NULL;
}

static int take(void *target, const struct option *option, const char *value)
{
    struct target *t = target;

    t->taken++;
    if (option->takes == OPTION_NEEDED && (value == NULL || (!option->keyed && !holds(t, value))))
        abort();
    if (option->takes == OPTION_NONE && value != NULL)
        abort();
    if (value != NULL && strcmp(value, "wrong") == 0)
        return options_wrong(option, value, "anything else");
    return 0;
}

static const struct option rows[] = {
    {.meaning = "A heading"},
    {.name = "dialect", .letter = 'd', .takes = OPTION_NEEDED, .value = "NAME", .take = take},
    {.name = "verbose", .letter = 'v', .takes = OPTION_NONE, .take = take},
    {.name = "pty", .takes = OPTION_OPTIONAL, .value = "PATH", .take = take},
    {.name = "set", .takes = OPTION_NEEDED, .value = "KEY=VALUE", .keyed = true, .take = take},
    {.name = "config", .takes = OPTION_NEEDED, .value = "FILE", .early = true, .take = take},
};

static void read_file(const uint8_t *data, size_t len)
{
    const struct options options = {rows, sizeof rows / sizeof rows[0], "run"};
    struct target target = {data, len, 0, rows};
    struct config config = {0};
    const int file = memfd_create("config", 0);
    FILE *const loud = stderr;
    char path[64];
    int status;

    if (file < 0 || write(file, data, len) != (ssize_t)len)
        abort();
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    stderr = fopen("/dev/null", "w"); /* what is wrong with it is said there */
    status = config_read(&config, &options, &target, path);
    (void)fclose(stderr);
    stderr = loud;
    FUZZ_REQUIRE(status == 0 || status == 2 || status == 3);
    config_free(&config);
    FUZZ_REQUIRE(close(file) == 0);
}

static void read_link(const char *text, size_t len)
{
    static struct sim_link_config before, once, twice;
    char error[SIM_LINK_ERROR_MAX] = "";

    memset(&before, 0, sizeof before);
    before.rrc_idle_ms = 7;
    once = before;
    if (!sim_link_parse(&once, text, len, error)) {
        FUZZ_REQUIRE(error[0] != '\0' && memcmp(&once, &before, sizeof once) == 0);
        return;
    }
    twice = once;
    FUZZ_REQUIRE(sim_link_parse(&twice, text, len, error));
    FUZZ_REQUIRE(memcmp(&once, &twice, sizeof once) == 0);
}

static void read_uart(const char *text, size_t len)
{
    static struct sim_uart_config before, once, twice;
    char error[SIM_UART_ERROR_MAX] = "";

    memset(&before, 0, sizeof before);
    once = before;
    if (!sim_uart_parse(&once, text, len, error)) {
        FUZZ_REQUIRE(error[0] != '\0' && memcmp(&once, &before, sizeof once) == 0);
        return;
    }
    twice = once;
    FUZZ_REQUIRE(sim_uart_parse(&twice, text, len, error));
    FUZZ_REQUIRE(memcmp(&once, &twice, sizeof once) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct input in = {data, len};
    const unsigned choice = next(&in) % 4u;

    if (choice < 2)
        read_file(in.at, in.left);
    else if (choice == 2)
        read_link((const char *)in.at, in.left);
    else
        read_uart((const char *)in.at, in.left);
    return 0;
}
