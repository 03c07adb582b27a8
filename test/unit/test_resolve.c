/* SPDX-License-Identifier: MIT
 *
 * Which of a name's addresses the program takes (D-63). libuv's look-up is played here: the answer
 * is a list of the test's own.
 */
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "resolve.h"

static struct {
    uv_getaddrinfo_t *request;
    uv_getaddrinfo_cb done;
    int family;
    char name[ATC_NAME_MAX + 1];
} asked;

static struct atc_event answered;
static unsigned answers, freed;

int uv_getaddrinfo(uv_loop_t *loop, uv_getaddrinfo_t *request, uv_getaddrinfo_cb done,
                   const char *node, const char *service, const struct addrinfo *hints)
{
    (void)loop;
    (void)service;
    asked.request = request;
    asked.done = done;
    asked.family = hints->ai_family;
    (void)snprintf(asked.name, sizeof asked.name, "%s", node);
    return 0;
}

void uv_freeaddrinfo(struct addrinfo *list)
{
    (void)list;
    freed++;
}

static void take_answer(void *ctx, const struct atc_event *event)
{
    (void)ctx;
    answered = *event;
    answers++;
}

/* A list of addresses, as one word: 4 is 192.0.2.n, 6 is 2001:db8::n, n counting from 1. */
static struct addrinfo *list_of(const char *families)
{
    static struct addrinfo list[8];
    static struct sockaddr_in v4[8];
    static struct sockaddr_in6 v6[8];
    const size_t count = strlen(families);

    for (size_t i = 0; i < count; i++) {
        const bool is_v4 = families[i] == '4';

        v4[i] = (struct sockaddr_in){.sin_family = AF_INET,
                                     .sin_addr.s_addr = htonl(0xC0000201u + (uint32_t)i)};
        v6[i] = (struct sockaddr_in6){.sin6_family = AF_INET6};
        memcpy(&v6[i].sin6_addr, "\x20\x01\x0d\xb8", 4);
        v6[i].sin6_addr.s6_addr[15] = (uint8_t)(i + 1);
        list[i] = (struct addrinfo){.ai_family = is_v4 ? AF_INET : AF_INET6,
                                    .ai_addr = is_v4 ? (struct sockaddr *)&v4[i]
                                                     : (struct sockaddr *)&v6[i],
                                    .ai_next = i + 1 < count ? &list[i + 1] : NULL};
    }
    return count > 0 ? list : NULL;
}

static void ask(struct resolve *resolve, const char *name)
{
    const struct atc_order order = {
        .kind = ATC_ORDER_RESOLVE, .id = 7, .data = (const uint8_t *)name, .len = strlen(name)};

    assert_true(resolve_ask(resolve, &order));
    assert_true(resolve_is_busy(resolve));
}

/* IPv4 first, wherever it stands in the list, else IPv6, else no address. */
static void test_D_63_ipv4_before_ipv6(void **state)
{
    static const struct {
        const char *families;
        int status;
        const char *expected; /* "": no address */
    } cases[] = {
        {"4", 0, "192.0.2.1:0"},    {"6", 0, "[2001:db8::1]:0"},
        {"46", 0, "192.0.2.1:0"},   {"64", 0, "192.0.2.2:0"},
        {"6664", 0, "192.0.2.4:0"}, {"66", 0, "[2001:db8::1]:0"},
        {"644", 0, "192.0.2.2:0"},  {"", 0, ""},
        {"", UV_EAI_NONAME, ""},    {"", UV_EAI_AGAIN, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct resolve resolve;
        char text[ADDR_TEXT_MAX] = "";

        resolve_init(&resolve, NULL, take_answer, NULL);
        answers = freed = 0;
        ask(&resolve, "coap.example");
        assert_string_equal(asked.name, "coap.example");
        assert_int_equal(asked.family, AF_UNSPEC);
        assert_int_equal(answers, 0);
        asked.done(asked.request, cases[i].status, list_of(cases[i].families));
        assert_int_equal(answers, 1);
        assert_int_equal(freed, 1);
        assert_int_equal(answered.order, 7);
        assert_false(resolve_is_busy(&resolve));
        if (cases[i].expected[0] == '\0') {
            assert_int_equal(answered.kind, ATC_EVENT_DONE);
            assert_int_equal(answered.cause, ATC_CAUSE_NAME);
            continue;
        }
        assert_int_equal(answered.kind, ATC_EVENT_RESOLVED);
        addr_text(text, &answered.peer);
        assert_string_equal(text, cases[i].expected);
    }
}

/* Sockets bound to one family look up no other. */
static void test_one_family(void **state)
{
    struct resolve resolve;

    (void)state;
    resolve_init(&resolve, NULL, take_answer, NULL);
    resolve.family = ATC_FAMILY_IPV6;
    ask(&resolve, "a");
    assert_int_equal(asked.family, AF_INET6);
    resolve.family = ATC_FAMILY_IPV4;
    ask(&resolve, "a");
    assert_int_equal(asked.family, AF_INET);
}

/* More questions than there is room for, and a name that ends early, are not asked. */
static void test_limits(void **state)
{
    struct resolve resolve;
    struct atc_order order = {.kind = ATC_ORDER_RESOLVE, .data = (const uint8_t *)"a\0b", .len = 3};

    (void)state;
    resolve_init(&resolve, NULL, take_answer, NULL);
    assert_false(resolve_ask(&resolve, &order));
    assert_false(resolve_is_busy(&resolve));
    order.len = 1;
    for (unsigned i = 0; i < RESOLVE_MAX; i++)
        assert_true(resolve_ask(&resolve, &order));
    assert_false(resolve_ask(&resolve, &order));
    asked.done(asked.request, UV_EAI_NONAME, NULL);
    assert_true(resolve_ask(&resolve, &order));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_D_63_ipv4_before_ipv6),
        cmocka_unit_test(test_one_family),
        cmocka_unit_test(test_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
