/* SPDX-License-Identifier: MIT
 *
 * The command atcoap serve: the embedded server alone, until a signal ends it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "entropy.h"
#include "options.h"
#include "serve_port.h"
#include "status.h"

struct serve_run {
    struct atc_addr address;
    struct serve_key key;
    bool secure; /* there is a key */
    uint32_t delay_ms;
    bool verbose;
    bool help;
    uv_loop_t uv;
    uv_signal_t interrupt, terminate;
    struct log log;
    struct serve_port plain, dtls;
};

static int take_port(void *target, const struct option *option, const char *value)
{
    struct serve_run *run = target;
    uint64_t port = 0;
    if (!options_number(&port, value, UINT16_MAX))
        return options_wrong(option, value, "give a port, 0-65535; 0 picks a free one");
    run->address.port = (uint16_t)port;
    return STATUS_GOOD;
}

static int take_bind(void *target, const struct option *option, const char *value)
{
    struct serve_run *run = target;
    const uint16_t port = run->address.port;
    if (!addr_parse(&run->address, value))
        return options_wrong(option, value,
                             "give an address, as in 127.0.0.1, ::1, 0.0.0.0 (any IPv4) or :: "
                             "(any at all)");
    run->address.port = port;
    return STATUS_GOOD;
}

static int take_delay(void *target, const struct option *option, const char *value)
{
    struct serve_run *run = target;
    uint64_t delay_ms = 0;
    if (!options_number(&delay_ms, value, SERVE_DELAY_MAX_MS))
        return options_wrong(option, value, "give milliseconds, 0-600000");
    run->delay_ms = (uint32_t)delay_ms;
    return STATUS_GOOD;
}

static int take_psk(void *target, const struct option *option, const char *value)
{
    struct serve_run *run = target;
    const char *fault = serve_key_read(&run->key, value);
    if (fault != NULL) /* the value may be a key: it is not repeated */
        return options_wrong(option, "(not shown)", fault);
    run->secure = true;
    return STATUS_GOOD;
}

static int take_verbose(void *target, const struct option *option, const char *value)
{
    struct serve_run *run = target;
    (void)option;
    (void)value;
    run->verbose = true;
    return STATUS_GOOD;
}

static int take_help(void *target, const struct option *option, const char *value)
{
    struct serve_run *run = target;
    (void)option;
    (void)value;
    run->help = true;
    return STATUS_GOOD;
}

static const struct option rows[] = {
    {.name = "port",
     .takes = OPTION_NEEDED,
     .value = "PORT",
     .meaning = "listen there; 5683 without it, 0 picks a free port",
     .take = take_port},
    {.name = "bind",
     .takes = OPTION_NEEDED,
     .value = "ADDRESS",
     .meaning = "listen on that address; 127.0.0.1 without it,\n"
                "0.0.0.0 is any IPv4 address, :: any address at all",
     .take = take_bind},
    {.name = "psk",
     .takes = OPTION_NEEDED,
     .value = "ID:KEY",
     .meaning = "DTLS for that identity and key, on the port behind:\n"
                "5684; an even number of hex digits is a key in hex",
     .take = take_psk},
    {.name = "delay",
     .takes = OPTION_NEEDED,
     .value = "MS",
     .meaning = "hear every datagram so much later, as behind a slow\n"
                "radio; above 2000 a module sends again",
     .take = take_delay},
    {.name = "verbose",
     .letter = 'v',
     .meaning = "a line on stderr for each datagram",
     .take = take_verbose},
    {.name = "help", .letter = 'h', .meaning = "this text", .take = take_help},
};

static const struct options table = {rows, sizeof rows / sizeof rows[0], "serve"};

static void print_help(FILE *out)
{
    (void)fputs("usage: atcoap serve [options]\n"
                "\n"
                "A CoAP server to talk to, on this machine. It says on stderr where it is, and\n"
                "runs until Ctrl+C or SIGTERM.\n"
                "\n",
                out);
    options_help(&table, out);
    (void)fputs("\n"
                "Resources\n"
                "  /                 GET: what this is\n"
                "  /hello            GET: a greeting; ?name=x greets x\n"
                "  /time             GET: seconds since the start; observable, a second apart\n"
                "  /echo             GET, POST, PUT, DELETE: the payload comes back\n"
                "  /rd               POST: 2.01 and a Location-Path of its own, rd/1, rd/2, ...\n"
                "  /separate         GET: an empty ACK at once, the answer a second later\n"
                "  /large            GET: 1024 bytes; ?n=BYTES so many, up to 4096\n"
                "  /push             POST: sends a request to you, such as\n"
                "                    ?path=/t/d&method=get&type=con&token=0102\n"
                "  /.well-known/core GET: the list of these\n"
                "\n"
                "Examples\n"
                "  atcoap serve -v\n"
                "  atcoap serve --psk=device1:secretPSK\n"
                "  coap-client-notls -m get coap://127.0.0.1/hello\n"
                "\n"
                "More: docs/server.md\n",
                out);
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    uv_stop(signal->loop);
}

static void start_signal(uv_loop_t *uv, uv_signal_t *handle, int number)
{
    (void)uv_signal_init(uv, handle);
    (void)uv_signal_start(handle, on_signal, number);
}

static int say_why(const struct serve_run *run, int error)
{
    char address[ADDR_TEXT_MAX];
    addr_text(address, &run->address);
    if (error == UV_EADDRINUSE)
        log_note("%s is in use by another program; --port=0 picks a free port", address);
    else
        log_note("cannot listen on %s: %s", address, uv_strerror(error));
    return STATUS_SYSTEM;
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
    (void)ctx;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static int open_port(struct serve_run *run, struct serve_port *port, const struct serve_key *key,
                     uint64_t seed)
{
    char address[ADDR_TEXT_MAX];
    const int error = serve_port_open(port, &run->uv, &run->address, key, seed, &run->log);
    if (error != 0)
        return say_why(run, error);
    port->serve.delay_ms = run->delay_ms;
    addr_text(address, &port->address);
    log_note("serve %s://%s", key != NULL ? "coaps" : "coap", address);
    return STATUS_GOOD;
}

static int start(struct serve_run *run)
{
    struct entropy entropy;
    uint64_t seed = 0;
    log_start(&run->log, run->verbose);
    entropy_system(&entropy);
    if (!entropy_fill(&entropy, (uint8_t *)&seed, sizeof seed)) {
        log_note("the system has no random bytes");
        return STATUS_SYSTEM;
    }
    start_signal(&run->uv, &run->interrupt, SIGINT);
    start_signal(&run->uv, &run->terminate, SIGTERM);
    const int status = open_port(run, &run->plain, NULL, seed);
    if (status != STATUS_GOOD || !run->secure)
        return status;
    if (run->address.port != 0) /* 0 is a free one, again */
        run->address.port++;
    return open_port(run, &run->dtls, &run->key, ~seed);
}

int serve_main(int argc, char **argv)
{
    static struct serve_run run = {
        .address = {.family = ATC_FAMILY_IPV4, .ip = {127, 0, 0, 1}, .port = SERVE_PORT}};
    int status = options_read(&table, &run, argc, argv);
    if (status != STATUS_GOOD)
        return status;
    if (run.help) {
        print_help(stdout);
        return STATUS_GOOD;
    }
    if (uv_loop_init(&run.uv) != 0)
        return STATUS_SYSTEM;
    status = start(&run);
    if (status == STATUS_GOOD)
        (void)uv_run(&run.uv, UV_RUN_DEFAULT);
    serve_secure_close(run.dtls.secure);
    run.dtls.secure = NULL;
    uv_walk(&run.uv, close_handle, NULL);
    (void)uv_run(&run.uv, UV_RUN_DEFAULT);
    (void)uv_loop_close(&run.uv);
    return status;
}
