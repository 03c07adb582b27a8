/* SPDX-License-Identifier: MIT
 *
 * The program's addresses: literals as people type them, as they are shown, and as the system has them,
 * with the interface of a link-local one (D-184).
 */
#include <arpa/inet.h>
#include <net/if.h>

#include "addr.h"
#include "check.h"

static void test_literals(void **state)
{
    static const struct {
        const char *text, *shown; /* NULL: no literal */
    } cases[] = {
        {"192.0.2.1", "192.0.2.1:5683"},
        {"::1", "[::1]:5683"},
        {"2001:DB8:0::1", "[2001:db8::1]:5683"},
        {"fe80::1", "[fe80::1]:5683"},
        {"fe80::1%2", "[fe80::1%2]:5683"},
        {"ff02::fd%4294967295", "[ff02::fd%4294967295]:5683"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%4294967295",
         "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:5683"},
        {"fe80::1%", NULL},
        {"fe80::1%0", NULL},
        {"fe80::1%4294967296", NULL},
        {"fe80::1%2x", NULL},
        {"fe80::1%no such interface", NULL},
        {"192.0.2.1%1", NULL},
        {"%1", NULL},
        {"", NULL},
        {"[::1]", NULL},
        {"coap.example", NULL},
        {"fe80:0000:0000:0000:0000:0000:0000:0000:0000:0000%1", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char shown[ADDR_TEXT_MAX];
        struct atc_addr addr;

        EXPECT(addr_parse(&addr, cases[i].text) == (cases[i].shown != NULL), "%s", cases[i].text);
        if (cases[i].shown == NULL)
            continue;
        addr.port = 5683;
        addr_text(shown, &addr);
        assert_string_equal(shown, cases[i].shown);
    }
}

static void test_interface_by_name(void **state)
{
    struct if_nameindex *all = if_nameindex();
    struct atc_addr addr;

    (void)state;
    assert_non_null(all);
    for (const struct if_nameindex *at = all; at->if_index != 0; at++) {
        char text[64];

        (void)snprintf(text, sizeof text, "fe80::1%%%s", at->if_name);
        EXPECT(addr_parse(&addr, text), "%s", text);
        assert_int_equal(addr.scope, at->if_index);
    }
    if_freenameindex(all);
}

/* To the system and back: nothing is lost, but for what a mapped address hides. */
static void test_system(void **state)
{
    static const char *const texts[] = {"192.0.2.1", "2001:db8::1", "fe80::1%7", "::"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        for (unsigned mapped = 0; mapped < 2; mapped++) {
            struct sockaddr_storage storage;
            struct atc_addr addr, back;

            assert_true(addr_parse(&addr, texts[i]));
            addr.port = 5684;
            assert_int_equal(addr_to_sockaddr(&storage, &addr, mapped == 1),
                             i == 0 && mapped == 0 ? sizeof(struct sockaddr_in)
                                                   : sizeof(struct sockaddr_in6));
            addr_from_sockaddr(&back, (const struct sockaddr *)&storage);
            assert_memory_equal(&back, &addr, sizeof addr);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_interface_by_name),
        cmocka_unit_test(test_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
