/* SPDX-License-Identifier: MIT */
#include "resolve.h"

#include <netdb.h>
#include <string.h>

void resolve_init(struct resolve *resolve, uv_loop_t *uv, resolve_answer *answer, void *ctx)
{
    memset(resolve, 0, sizeof *resolve);
    resolve->uv = uv;
    resolve->answer = answer;
    resolve->ctx = ctx;
}

static const struct addrinfo *find_family(const struct addrinfo *list, int family)
{
    while (list != NULL && list->ai_family != family)
        list = list->ai_next;
    return list;
}

static void on_addresses(uv_getaddrinfo_t *request, int status, struct addrinfo *list)
{
    struct resolve_question *question = request->data;
    struct resolve *resolve = question->resolve;
    struct atc_event event = {
        .kind = ATC_EVENT_DONE, .order = question->order, .cause = ATC_CAUSE_NAME};
    const struct addrinfo *found = NULL;

    if (status == 0)
        found = find_family(list, AF_INET);
    if (status == 0 && found == NULL)
        found = find_family(list, AF_INET6);
    if (found != NULL) {
        event.kind = ATC_EVENT_RESOLVED;
        event.cause = ATC_OK;
        addr_from_sockaddr(&event.peer, found->ai_addr);
    }
    uv_freeaddrinfo(list);
    question->open = false;
    resolve->answer(resolve->ctx, &event);
}

static struct resolve_question *free_place(struct resolve *resolve)
{
    for (size_t i = 0; i < RESOLVE_MAX; i++) {
        if (!resolve->questions[i].open)
            return &resolve->questions[i];
    }
    return NULL;
}

static int wanted_family(const struct resolve *resolve)
{
    if (resolve->family == ATC_FAMILY_NONE)
        return AF_UNSPEC;
    return resolve->family == ATC_FAMILY_IPV4 ? AF_INET : AF_INET6;
}

bool resolve_ask(struct resolve *resolve, const struct atc_order *order)
{
    const struct addrinfo wanted = {.ai_family = wanted_family(resolve), .ai_socktype = SOCK_DGRAM};
    struct resolve_question *question = free_place(resolve);
    char name[ATC_NAME_MAX + 1];

    /* A NUL inside would make another name of it. */
    if (question == NULL || order->len > ATC_NAME_MAX ||
        memchr(order->data, '\0', order->len) != NULL)
        return false;
    memcpy(name, order->data, order->len);
    name[order->len] = '\0';
    question->resolve = resolve;
    question->request.data = question;
    if (uv_getaddrinfo(resolve->uv, &question->request, on_addresses, name, NULL, &wanted) != 0)
        return false;
    question->order = order->id;
    question->open = true;
    return true;
}

bool resolve_is_busy(const struct resolve *resolve)
{
    for (size_t i = 0; i < RESOLVE_MAX; i++) {
        if (resolve->questions[i].open)
            return true;
    }
    return false;
}
