/* SPDX-License-Identifier: MIT
 *
 * A link as text: what is read, and what is said about what cannot be. */
#include "check.h"
#include "link_text.h"

static bool read_link(struct sim_link_config *config, const char *text, char *error)
{
    memset(config, 0, sizeof *config);
    error[0] = '\0';
    return sim_link_parse(config, text, strlen(text), error);
}

static struct sim_link_config good(const char *text)
{
    struct sim_link_config config;
    char error[SIM_LINK_ERROR_MAX];

    EXPECT(read_link(&config, text, error), "%s: %s", text, error);
    return config;
}

static void test_values(void **state)
{
    struct sim_link_config c = good("loss=5%,down.loss=0.0001%,up.dup=12.5%");

    (void)state;
    assert_int_equal(c.path[SIM_UP].loss_ppm, 50000);
    assert_int_equal(c.path[SIM_DOWN].loss_ppm, 1);
    assert_int_equal(c.path[SIM_UP].dup_ppm, 125000);
    assert_int_equal(c.path[SIM_DOWN].dup_ppm, 0);
    c = good("delay=400:1600,up.delay=1.5s,tail=2m,reorder-by=1h");
    assert_int_equal(c.path[SIM_DOWN].delay.min_ms, 400);
    assert_int_equal(c.path[SIM_DOWN].delay.max_ms, 1600);
    assert_int_equal(c.path[SIM_UP].delay.min_ms, 1500);
    assert_int_equal(c.path[SIM_UP].delay.max_ms, 1500);
    assert_int_equal(c.path[SIM_UP].tail_ms, 120000);
    assert_int_equal(c.path[SIM_UP].reorder_ms, 3600000);
    c = good("rate=62.5k,queue=1.5kB,down.rate=1M,down.queue=64,mtu=48");
    assert_int_equal(c.path[SIM_UP].rate, 62500);
    assert_int_equal(c.path[SIM_UP].queue_bytes, 1500);
    assert_int_equal(c.path[SIM_DOWN].rate, 1000000);
    assert_int_equal(c.path[SIM_DOWN].queue_count, 64);
    assert_int_equal(c.path[SIM_DOWN].queue_bytes, 0);
    assert_int_equal(c.path[SIM_DOWN].mtu, 48);
    c = good("drop=2,5,down.drop=7,loss=1%");
    assert_int_equal(c.path[SIM_UP].drop_count, 2);
    assert_int_equal(c.path[SIM_UP].drop[1], 5);
    assert_int_equal(c.path[SIM_DOWN].drop_count, 1);
    assert_int_equal(c.path[SIM_DOWN].drop[0], 7);
    assert_int_equal(c.path[SIM_DOWN].loss_ppm, 10000);
}

static void test_shared_values(void **state)
{
    struct sim_link_config c = good("coverage=30s:90s,nat=30s,rrc=1s:4s");

    (void)state;
    assert_int_equal(c.phase_count, 2);
    assert_int_equal(c.phase[1].coverage, SIM_COVERAGE_OUT);
    assert_int_equal(c.phase[1].for_ms, 90000);
    assert_int_equal(c.nat_ms, 30000);
    assert_int_equal(c.rrc.max_ms, 4000);
    assert_int_equal(c.rrc_idle_ms, 10000);
    c = good("coverage=in:1m/out:30s/detach,psm=20s:1h,psm-buffer=3,psm-uart=deaf");
    assert_int_equal(c.phase_count, 3);
    assert_int_equal(c.phase[2].coverage, SIM_COVERAGE_DETACH);
    assert_int_equal(c.phase[2].for_ms, 0);
    assert_true(c.psm && c.psm_deaf);
    assert_int_equal(c.psm_active_ms, 20000);
    assert_int_equal(c.psm_period_ms, 3600000);
    assert_int_equal(c.psm_buffer, 3);
    c = good("nbiot-psm,psm=off,nat=off,coverage=always,rate=off,queue=off,mtu=off");
    assert_false(c.psm);
    assert_int_equal(c.path[SIM_UP].rate, 0);
    assert_int_equal(c.path[SIM_UP].mtu, 0);
}

/* What stands later wins, over a preset as well. */
static void test_presets(void **state)
{
    (void)state;
    for (size_t i = 0; sim_link_preset(i) != NULL; i++)
        (void)good(sim_link_preset(i)->name);
    const struct sim_link_config plain = good("nbiot-ce1"), bad = good("nbiot-ce1,loss=5%");
    assert_int_equal(plain.path[SIM_UP].loss_ppm, 10000);
    assert_int_equal(bad.path[SIM_UP].loss_ppm, 50000);
    assert_int_equal(bad.path[SIM_UP].delay.max_ms, 1600);
    struct sim_link_config changed = bad;
    char error[SIM_LINK_ERROR_MAX];
    assert_true(sim_link_parse(&changed, "loss=20%", 8, error)); /* on top of it */
    assert_int_equal(changed.path[SIM_UP].loss_ppm, 200000);
    assert_int_equal(changed.path[SIM_UP].delay.max_ms, 1600);
    assert_true(sim_link_parse(&changed, "lan", 3, error)); /* in its place */
    assert_int_equal(changed.path[SIM_UP].loss_ppm, 0);
    const struct sim_link_config psm = good("nbiot-psm"), ce0 = good("nbiot-ce0");
    assert_int_equal(psm.path[SIM_UP].rate, ce0.path[SIM_UP].rate);
}

/* Each error names the key, the form that is allowed, or what may have been meant. */
static void test_errors(void **state)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "preset"},
        {"nbiot-ce3", "no preset \"nbiot-ce3\"; did you mean nbiot-ce0? All"},
        {"zzzzzzzzzz", "no preset \"zzzzzzzzzz\". All: atcoap help link"},
        {"los=5%", "no key \"los\"; did you mean loss?"},
        {"up.los=5%", "did you mean loss?"},
        {"loss=5", "loss=5: give loss=5%"},
        {"loss=101%", "loss"},
        {"loss=0.00001%", "loss"},
        {"loss=-1%", "loss"},
        {"loss=", "loss=: give"},
        {"loss", "loss=: give loss=5%"},
        {"up.loss", "loss=: give loss=5%"},
        {"psm=1", "until so long after it became idle (T3412); off)"}, /* whole, not cut */
        {"rate=1k,queue=0", "more is lost; off)"},
        {"lan,loss", "give loss=5%"},
        {"delay=2:1", "delay=2:1: give delay=400:1600"},
        {"delay=1.5", "delay"},
        {"delay=25h", "delay"},
        {"delay=1:", "delay"},
        {"rate=0", "rate"},
        {"rate=2G", "rate"},
        {"queue=65,rate=1k", "queue"},
        {"queue=0B,rate=1k", "queue"},
        {"queue=8", "queue needs rate"},
        {"mtu=47", "mtu"},
        {"mtu=65536", "mtu"},
        {"drop=0", "drop"},
        {"drop=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "drop"},
        {"burst-start=1%", "burst-start needs burst-end"},
        {"coverage=in/out:5s", "coverage"},
        {"coverage=30s:0", "coverage"},
        {"coverage=in:1/in:1/in:1/in:1/in:1/in:1/in:1/in:1/in:1/in:1/in:1/in:1/in:1/in:1/in:1/in:1/"
         "in:1",
         "coverage"},
        {"psm=20s", "psm=20s: give psm=20s:1h"},
        {"psm=20s:20s", "psm"},
        {"psm=0:999", "psm"},
        {"psm-buffer=1001", "psm-buffer"},
        {"psm-uart=deaf", "psm-uart needs psm"},
        {"psm-uart=no", "psm-uart"},
        {"nat=0", "nat"},
        {"up.nat=1s", "up. and down."},
        {"loss=5%,lan", "a preset stands first"},
        {"loss=5%,", "behind the last comma"},
        {"lan,,loss=5%", "a preset stands first"},
        {"delay=99999999999999999999", "delay"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sim_link_config config, before;
        char error[SIM_LINK_ERROR_MAX];

        EXPECT(!read_link(&config, rows[i].text, error), "%s is taken", rows[i].text);
        EXPECT(strstr(error, rows[i].says) != NULL, "%s: %s", rows[i].text, error);
        memset(&before, 0, sizeof before);
        assert_memory_equal(&config, &before, sizeof before);
    }
}

/* Every text that is cut short, or has one other letter, is read or refused; none harms. */
static void test_damaged(void **state)
{
    static const char text[] =
        "nbiot-ce1,up.loss=5%,drop=1,2,coverage=in:1m/out,psm=2s:1h,queue=5B";
    char damaged[sizeof text];
    struct sim_link_config config;
    char error[SIM_LINK_ERROR_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++) {
        memcpy(damaged, text, sizeof text);
        damaged[i] = '\0';
        if (!read_link(&config, damaged, error))
            assert_true(error[0] != '\0');
        for (unsigned c = 1; c < 256 && i + 1 < sizeof text; c++) {
            memcpy(damaged, text, sizeof text);
            damaged[i] = (char)c;
            if (!read_link(&config, damaged, error))
                assert_true(error[0] != '\0');
        }
    }
}

/* The page about links knows every key and every preset. */
static void test_page(void **state)
{
    static char page[65536];
    FILE *file = fopen(TEST_DIR "/../docs/link.md", "rb");

    (void)state;
    assert_non_null(file);
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    (void)fclose(file);
    char name[64];
    for (size_t i = 0; sim_link_key(i) != NULL; i++) {
        (void)snprintf(name, sizeof name, "| `%s=", sim_link_key(i)->name);
        EXPECT(strstr(page, name) != NULL, "%s", name);
    }
    for (size_t i = 0; sim_link_preset(i) != NULL; i++) {
        (void)snprintf(name, sizeof name, "| `%s` |", sim_link_preset(i)->name);
        EXPECT(strstr(page, name) != NULL, "%s", name);
        EXPECT(strstr(page, sim_link_preset(i)->text) != NULL, "%s", sim_link_preset(i)->text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),  cmocka_unit_test(test_shared_values),
        cmocka_unit_test(test_presets), cmocka_unit_test(test_errors),
        cmocka_unit_test(test_damaged), cmocka_unit_test(test_page),
    };

    return cmocka_run_group_tests_name("sim link text", tests, NULL, NULL);
}
