/* SPDX-License-Identifier: MIT */
#include "serve_port.h"

#include <string.h>

#include "serve_text.h"

static uint64_t now_ms(void)
{
    return uv_hrtime() / 1000000u;
}

/* One line: which way, whose datagram, what it says. */
static void log_message(const struct serve_port *port, enum log_way way,
                        const struct atc_addr *asker, const void *data, size_t len)
{
    struct script_buf line = {0};
    char address[ADDR_TEXT_MAX];
    if (!port->log->verbose)
        return;
    addr_text(address, asker);
    serve_text(&line, data, len);
    log_detail(port->log, "%c %s %.*s", way == LOG_IN ? '<' : '>', address, (int)line.len,
               line.data);
    script_buf_free(&line);
}

/* A datagram, plain or a record, goes out. */
static void send_bytes(void *ctx, const struct atc_addr *peer, const uint8_t *data, size_t len)
{
    struct serve_port *port = ctx;
    uv_buf_t buf = uv_buf_init((char *)(uintptr_t)data, (unsigned)len);
    struct sockaddr_storage to;
    if (addr_to_sockaddr(&to, peer, port->mapped) == 0)
        return;
    const int sent = uv_udp_try_send(&port->socket, &buf, 1, (const struct sockaddr *)&to);
    if (sent < 0) /* lost, as on any network */
        log_detail(port->log, "not sent: %s", uv_strerror(sent));
}

static void send_datagram(struct serve_port *port, const struct sim_datagram *d)
{
    log_message(port, LOG_OUT, &d->to, d->data, d->len);
    if (port->secure != NULL)
        serve_secure_send(port->secure, &d->to, d->data, d->len);
    else
        send_bytes(port, &d->to, d->data, d->len);
}

static void on_timer(uv_timer_t *timer);

static void flush(struct serve_port *port)
{
    for (const struct sim_datagram *d; (d = serve_take(&port->serve)) != NULL;)
        send_datagram(port, d);
    const uint64_t now = now_ms();
    uint64_t due_ms = serve_deadline_ms(&port->serve);
    if (port->secure != NULL && serve_secure_deadline_ms(port->secure) < due_ms)
        due_ms = serve_secure_deadline_ms(port->secure);
    if (due_ms == ATC_NEVER) {
        (void)uv_timer_stop(&port->timer);
        return;
    }
    uv_update_time(port->timer.loop);
    (void)uv_timer_start(&port->timer, on_timer, due_ms > now ? due_ms - now : 1, 0);
}

static void on_timer(uv_timer_t *timer)
{
    struct serve_port *port = timer->data;
    if (port->secure != NULL)
        serve_secure_tick(port->secure, now_ms());
    serve_tick(&port->serve, now_ms());
    flush(port);
}

/* A message came, plain or out of a record. */
static void hear(void *ctx, const struct atc_addr *from, const uint8_t *data, size_t len)
{
    struct serve_port *port = ctx;
    log_message(port, LOG_IN, from, data, len);
    serve_hear(&port->serve, from, data, len, now_ms());
}

static void tell(void *ctx, const struct atc_addr *who, const char *what)
{
    const struct serve_port *port = ctx;
    char address[ADDR_TEXT_MAX];
    addr_text(address, who);
    log_detail(port->log, "DTLS %s: %s", address, what);
}

static bool fill_random(void *ctx, uint8_t *buf, size_t len)
{
    struct serve_port *port = ctx;
    return entropy_fill(&port->entropy, buf, len);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct serve_port *port = handle->data;
    (void)suggested;
    *buf = uv_buf_init(port->buffer, sizeof port->buffer);
}

static void on_datagram(uv_udp_t *handle, ssize_t len, const uv_buf_t *buf,
                        const struct sockaddr *sender, unsigned flags)
{
    struct serve_port *port = handle->data;
    struct atc_addr from;
    (void)flags;
    if (len < 0)
        log_detail(port->log, "not received: %s", uv_strerror((int)len));
    if (len < 0 || sender == NULL) /* without a sender there is nothing more to read */
        return;
    addr_from_sockaddr(&from, sender);
    if (port->secure != NULL)
        serve_secure_feed(port->secure, &from, (const uint8_t *)buf->base, (size_t)len, now_ms());
    else
        hear(port, &from, (const uint8_t *)buf->base, (size_t)len);
    flush(port);
}

static int bind_socket(struct serve_port *port, const struct atc_addr *address)
{
    struct sockaddr_storage name;
    int len = sizeof name;
    (void)addr_to_sockaddr(&name, address, false);
    int error = uv_udp_bind(&port->socket, (const struct sockaddr *)&name, 0);
    if (error == 0)
        error = uv_udp_getsockname(&port->socket, (struct sockaddr *)&name, &len);
    if (error == 0)
        addr_from_sockaddr(&port->address, (const struct sockaddr *)&name);
    return error == 0 ? uv_udp_recv_start(&port->socket, on_room, on_datagram) : error;
}

static int start_dtls(struct serve_port *port, const struct serve_key *key)
{
    const struct serve_secure_hooks hooks = {
        .send = send_bytes, .hear = hear, .tell = tell, .random = fill_random, .ctx = port};
    if (key == NULL)
        return 0;
    entropy_system(&port->entropy);
    port->secure = serve_secure_open(key, &hooks);
    return port->secure != NULL ? 0 : UV_EINVAL;
}

int serve_port_open(struct serve_port *port, uv_loop_t *uv, const struct atc_addr *address,
                    const struct serve_key *key, uint64_t seed, const struct log *log)
{
    port->log = log;
    port->mapped = address->family == ATC_FAMILY_IPV6;
    port->socket.data = port;
    port->timer.data = port;
    int error = uv_udp_init(uv, &port->socket);
    if (error != 0)
        return error;
    (void)uv_timer_init(uv, &port->timer);
    error = bind_socket(port, address);
    if (error == 0)
        error = start_dtls(port, key);
    if (error != 0)
        serve_port_close(port);
    else
        serve_init(&port->serve, &port->address, seed, now_ms());
    return error;
}

void serve_port_close(struct serve_port *port)
{
    serve_secure_close(port->secure);
    port->secure = NULL;
    uv_close((uv_handle_t *)&port->socket, NULL);
    uv_close((uv_handle_t *)&port->timer, NULL);
}
