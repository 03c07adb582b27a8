/* SPDX-License-Identifier: MIT
 *
 * What a link decides: each knob over a million datagrams, its dice as they have always fallen, and
 * what both directions share. */
#include "check.h"
#include "link.h"
#include "link_text.h"

#include <inttypes.h>

enum { MILLION = 1000000 };

static struct sim_link link;

static void configure(const char *text)
{
    struct sim_link_config config = {0};
    char error[SIM_LINK_ERROR_MAX] = "";

    EXPECT(sim_link_parse(&config, text, strlen(text), error), "%s: %s", text, error);
    sim_link_config(&link, &config, 0);
}

static void start(const char *text, uint64_t seed)
{
    sim_link_init(&link, seed, 0);
    configure(text);
}

static struct sim_fate decide_long(enum sim_direction direction, size_t len, uint64_t now_ms)
{
    const struct sim_offer offer = {.direction = direction, .len = len};

    return sim_link_decide(&link, &offer, now_ms);
}

static struct sim_fate decide(enum sim_direction direction, uint64_t now_ms)
{
    return decide_long(direction, 20, now_ms);
}

/* Within one part in a hundred. */
static void expect_near(uint64_t is, uint64_t should, const char *what)
{
    EXPECT(is * 100u >= should * 99u && is * 100u <= should * 101u, "%s: %" PRIu64 " not %" PRIu64,
           what, is, should);
}

static void test_perfect(void **state)
{
    (void)state;
    sim_link_init(&link, 1, 0);
    for (unsigned i = 0; i < 1000; i++) {
        const struct sim_fate fate = decide(SIM_UP, i);

        assert_int_equal(fate.count, 1);
        assert_int_equal(fate.why, SIM_WHY_NONE);
        assert_true(fate.at_ms[0] == i);
        assert_int_equal(fate.number[0], i + 1);
    }
    assert_true(sim_link_deadline_ms(&link, 0) == ATC_NEVER);
}

/* --- each knob, a million times --------------------------------------------------------------- */

static void test_loss(void **state)
{
    unsigned lost = 0;

    (void)state;
    start("down.loss=5%", 2);
    for (unsigned i = 0; i < MILLION; i++) {
        lost += decide(SIM_DOWN, i).why == SIM_WHY_LOSS;
        if (i % 16 == 0) /* the other direction has its own dice, and no trouble */
            assert_int_equal(decide(SIM_UP, i).count, 1);
    }
    expect_near(lost, MILLION / 20, "lost");
    assert_int_equal(link.path[SIM_DOWN].lost, lost);
    assert_int_equal(link.path[SIM_DOWN].offered, MILLION);
}

/* In the long run start / (start + end) of all datagrams are in a burst, 1 / end long. */
static void test_bursts(void **state)
{
    unsigned lost = 0, bursts = 0;
    bool was_lost = false;

    (void)state;
    start("burst-start=2%,burst-end=25%", 3);
    for (unsigned i = 0; i < MILLION; i++) {
        const bool is_lost = decide(SIM_UP, i).why == SIM_WHY_BURST;

        lost += is_lost;
        bursts += is_lost && !was_lost;
        was_lost = is_lost;
    }
    expect_near(lost, MILLION * UINT64_C(2) / 27, "lost");
    expect_near(lost * UINT64_C(100) / bursts, 400, "length of a burst in hundredths");
    start("burst-start=2%,burst-end=25%,burst-loss=50%", 3);
    lost = 0;
    for (unsigned i = 0; i < MILLION; i++)
        lost += decide(SIM_UP, i).why == SIM_WHY_BURST;
    expect_near(lost, MILLION / 27, "lost of half");
}

static void test_copies(void **state)
{
    unsigned doubled = 0;

    (void)state;
    start("dup=10%,delay=5:50", 4);
    for (unsigned i = 0; i < MILLION; i++) {
        const struct sim_fate fate = decide(SIM_UP, i * UINT64_C(100));

        doubled += fate.count == 2;
        if (fate.count == 2)
            assert_int_equal(fate.number[1], fate.number[0] + 1);
    }
    expect_near(doubled, MILLION / 10, "doubled");
    assert_int_equal(link.path[SIM_UP].duplicated, doubled);
}

/* So many, and only these, are overtaken. */
static void test_D_205_reordering(void **state)
{
    uint64_t first_ms = ATC_NEVER;
    unsigned overtaken = 0;
    static uint64_t at_ms[MILLION];

    (void)state;
    start("reorder=2%,reorder-by=30,delay=0:9", 5);
    for (unsigned i = 0; i < MILLION; i++)
        at_ms[i] = decide(SIM_UP, i * UINT64_C(3)).at_ms[0];
    for (unsigned i = MILLION; i-- > 0;) {
        overtaken += at_ms[i] > first_ms;
        first_ms = at_ms[i] < first_ms ? at_ms[i] : first_ms;
    }
    expect_near(overtaken, MILLION / 50, "overtaken");
    start("delay=0:500,tail=100", 5);
    for (uint64_t i = 0, last_ms = 0; i < 10000; i++) {
        const uint64_t now_ms = decide(SIM_UP, i).at_ms[0];

        assert_true(now_ms >= last_ms);
        last_ms = now_ms;
    }
}

static void test_delay(void **state)
{
    uint64_t sum_ms = 0;
    unsigned below = 0;

    (void)state;
    start("delay=400:1600", 6);
    for (unsigned i = 0; i < MILLION; i++) {
        const uint64_t now_ms = i * UINT64_C(2000);
        const uint64_t took_ms = decide(SIM_UP, now_ms).at_ms[0] - now_ms;

        assert_true(took_ms >= 400 && took_ms <= 1600);
        sum_ms += took_ms;
        below += took_ms < 700;
    }
    expect_near(sum_ms / MILLION, 1000, "mean");
    expect_near(below, MILLION / 4, "in the first quarter");
    start("delay=70", 6);
    assert_true(decide(SIM_UP, 1).at_ms[0] == 71);
}

static void test_tail(void **state)
{
    uint64_t sum_ms = 0, most_ms = 0;
    unsigned above_half = 0, above_six = 0;

    (void)state;
    start("tail=1000", 7);
    for (unsigned i = 0; i < MILLION; i++) {
        const uint64_t now_ms = i * UINT64_C(100000);
        const uint64_t took_ms = decide(SIM_UP, now_ms).at_ms[0] - now_ms;

        sum_ms += took_ms;
        above_half += took_ms > 603;
        above_six += took_ms > 6000;
        most_ms = took_ms > most_ms ? took_ms : most_ms;
    }
    expect_near(sum_ms / MILLION, 1000, "mean");
    expect_near(above_half, MILLION / 2, "above the median");
    EXPECT(above_six > MILLION / 120 && above_six < MILLION / 80, "%u above six times", above_six);
    EXPECT(most_ms > 25000 && most_ms < 28115, "%" PRIu64 " at most", most_ms);
}

/* A datagram every millisecond, two of three too many. */
static void test_rate(void **state)
{
    unsigned passed = 0;
    uint64_t last_ms = 0;

    (void)state;
    start("rate=128k,queue=10", 8); /* (20 + 28) x 8 bits take 3 ms */
    for (unsigned i = 0; i < MILLION; i++) {
        const struct sim_fate fate = decide(SIM_UP, i);

        assert_true(fate.count == 1 || fate.why == SIM_WHY_QUEUE);
        if (fate.count == 0)
            continue;
        passed++;
        assert_true(fate.at_ms[0] <= i + 30u);
        last_ms = fate.at_ms[0];
    }
    expect_near(passed, MILLION / 3, "passed");
    expect_near(last_ms, MILLION, "end");
}

static void test_idle_delay(void **state)
{
    uint64_t sum_ms = 0;

    (void)state;
    start("rrc=1s:3s,rrc-idle=5s", 9);
    for (unsigned i = 1; i <= MILLION; i++)
        sum_ms += decide(SIM_UP, i * UINT64_C(10000)).at_ms[0] - i * UINT64_C(10000);
    expect_near(sum_ms / MILLION, 2000, "mean");
}

/* --- seeds ------------------------------------------------------------------------------------ */

/* Which of the first 64 the text does it to. */
static uint64_t pattern(const char *text, enum sim_direction direction,
                        bool (*is)(const struct sim_fate *fate, uint64_t now_ms))
{
    uint64_t bits = 0;

    start(text, 42);
    for (unsigned i = 0; i < 64; i++) {
        const struct sim_fate fate = decide(direction, i * UINT64_C(100000));

        bits |= (uint64_t)is(&fate, i * UINT64_C(100000)) << i;
    }
    return bits;
}

static bool is_lost(const struct sim_fate *fate, uint64_t now_ms)
{
    (void)now_ms;
    return fate->count == 0;
}

static bool is_doubled(const struct sim_fate *fate, uint64_t now_ms)
{
    (void)now_ms;
    return fate->count == 2;
}

static bool is_late(const struct sim_fate *fate, uint64_t now_ms)
{
    return fate->at_ms[0] >= now_ms + 500;
}

/* The dice of seed 42. Whoever breaks this breaks every seed that somebody has noted down. */
static void test_golden(void **state)
{
    static const struct {
        const char *text;
        bool (*is)(const struct sim_fate *fate, uint64_t now_ms);
        uint64_t up, down;
    } rows[] = {
        {"loss=50%", is_lost, 0x95a9475e33563c98, 0x5e67d99fba076b35},
        {"burst-start=20%,burst-end=20%", is_lost, 0x063e4093fa0f03cf, 0xfffffff07101c00e},
        {"burst-start=50%,burst-end=10%,burst-loss=50%", is_lost, 0x64877088ca059980,
         0x06d4df4e82e00e0c},
        {"dup=50%", is_doubled, 0x00259b611c84efa9, 0x469da6164fede707},
        {"reorder=50%,reorder-by=500", is_late, 0x6f3bfe2d5357be06, 0x07ed47fced9bb94a},
        {"delay=0:999", is_late, 0x0469ead4f87652c3, 0xadb245dfa51565fd},
        {"tail=800", is_late, 0x64ca00bb36c2a40b, 0x371eb99e4f842825},
        {"rrc=0:999,rrc-idle=1", is_late, 0x09295b3052ea4b32, 0x0c8597d128b204c2},
        {"drop=2,5,64", is_lost, 0x8000000000000012, 0x8000000000000012},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const uint64_t up = pattern(rows[i].text, SIM_UP, rows[i].is);
        const uint64_t down = pattern(rows[i].text, SIM_DOWN, rows[i].is);

        EXPECT(up == rows[i].up && down == rows[i].down, "%s: 0x%016" PRIx64 ", 0x%016" PRIx64,
               rows[i].text, up, down);
    }
}

/* What one knob does to the n-th datagram does not depend on the others. */
static void test_knobs_are_apart(void **state)
{
    static const char *const others[] = {"dup=50%",
                                         "delay=5:500,tail=100",
                                         "reorder=30%",
                                         "rate=1M,queue=64",
                                         "burst-start=0%,burst-end=1%",
                                         "rrc=0:10,rrc-idle=1s",
                                         "down.loss=90%,down.dup=90%"};
    const uint64_t alone = pattern("up.loss=30%", SIM_UP, is_lost);
    char text[80];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        (void)snprintf(text, sizeof text, "up.loss=30%%,%s", others[i]);
        EXPECT(pattern(text, SIM_UP, is_lost) == alone, "%s", text);
    }
    start("mtu=48,up.loss=30%", 42); /* those that are too long throw their dice, too */
    uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i++)
        bits |= (uint64_t)(decide_long(SIM_UP, i % 2 ? 20 : 21, i).why == SIM_WHY_LOSS) << i;
    assert_true(bits == (alone & 0xaaaaaaaaaaaaaaaa));
}

/* --- the rest --------------------------------------------------------------------------------- */

static void test_once(void **state)
{
    (void)state;
    sim_link_init(&link, 4, 0);
    sim_link_once(&link, SIM_UP, SIM_ONCE_DROP, 0);
    assert_int_equal(decide(SIM_DOWN, 0).count, 1);
    assert_int_equal(decide(SIM_UP, 0).why, SIM_WHY_LISTED);
    assert_int_equal(decide(SIM_UP, 0).count, 1);
    sim_link_once(&link, SIM_UP, SIM_ONCE_DELAY, 700);
    assert_true(decide(SIM_UP, 5).at_ms[0] == 705);
    assert_true(decide(SIM_UP, 5).at_ms[0] == 5);
    sim_link_once(&link, SIM_UP, SIM_ONCE_REORDER, 0);
    assert_true(decide(SIM_UP, 5).at_ms[0] == 1005);
    assert_true(decide(SIM_UP, 6).at_ms[0] == 6);
    /* It overrules the dice. */
    start("up.loss=100%", 4);
    sim_link_once(&link, SIM_UP, SIM_ONCE_DUP, 0);
    assert_int_equal(decide(SIM_UP, 0).count, 2);
    assert_int_equal(decide(SIM_UP, 0).count, 0);
}

static void test_mtu(void **state)
{
    (void)state;
    start("mtu=128", 1);
    assert_int_equal(decide_long(SIM_UP, 100, 0).count, 1);
    assert_int_equal(decide_long(SIM_UP, 101, 0).why, SIM_WHY_MTU);
    assert_int_equal(decide_long(SIM_DOWN, 101, 0).why, SIM_WHY_MTU);
}

/* The queue in bytes: what is being sent counts as far as it has not left. */
static void test_queue_bytes(void **state)
{
    (void)state;
    start("rate=8k,queue=200B", 1); /* a byte takes a millisecond */
    assert_true(decide_long(SIM_UP, 72, 0).at_ms[0] == 100);
    assert_true(decide_long(SIM_UP, 72, 0).at_ms[0] == 200);
    assert_int_equal(decide_long(SIM_UP, 0, 0).why, SIM_WHY_QUEUE);
    assert_true(decide_long(SIM_UP, 0, 28).at_ms[0] == 228);
    assert_int_equal(decide_long(SIM_UP, 0, 28).why, SIM_WHY_QUEUE);
    start("rate=8k,queue=2", 1);
    assert_true(decide_long(SIM_UP, 72, 0).at_ms[0] == 100);
    assert_true(decide_long(SIM_UP, 72, 0).at_ms[0] == 200);
    assert_int_equal(decide_long(SIM_UP, 72, 99).why, SIM_WHY_QUEUE);
    assert_true(decide_long(SIM_UP, 72, 100).at_ms[0] == 300);
}

/* The longest queue there is, and a rate with none: every one passes in its turn. */
static void test_queue_limits(void **state)
{
    (void)state;
    start("rate=8k,queue=64", 1);
    for (unsigned i = 0; i < SIM_QUEUE_MAX; i++)
        assert_true(decide_long(SIM_UP, 72, 0).at_ms[0] == (i + 1) * UINT64_C(100));
    assert_int_equal(decide_long(SIM_UP, 72, 0).why, SIM_WHY_QUEUE);
    start("rate=8k", 1);
    for (unsigned i = 0; i < 1000; i++)
        assert_true(decide_long(SIM_UP, 72, 0).at_ms[0] == (i + 1) * UINT64_C(100));
}

static void test_coverage(void **state)
{
    (void)state;
    sim_link_init(&link, 5, 0);
    sim_link_cover(&link, false);
    assert_int_equal(decide(SIM_UP, 0).why, SIM_WHY_COVERAGE);
    assert_int_equal(decide(SIM_DOWN, 0).why, SIM_WHY_COVERAGE);
    assert_false(sim_link_state(&link, 0).covered);
    sim_link_cover(&link, true);
    assert_int_equal(decide(SIM_UP, 0).count, 1);
    sim_link_attach(&link, false);
    assert_int_equal(decide(SIM_UP, 0).why, SIM_WHY_DETACHED);
}

/* In and out in turn; and steps of which the last one stays. */
static void test_schedule(void **state)
{
    (void)state;
    start("coverage=30s:90s", 5);
    for (uint64_t s = 0; s < 1000; s++) {
        const bool covered = s % 120 < 30;

        assert_int_equal(decide(SIM_UP, s * 1000).count, covered);
        assert_int_equal(sim_link_state(&link, s * 1000).covered, covered);
        assert_true(sim_link_deadline_ms(&link, s * 1000) ==
                    (s / 120 * 120 + (covered ? 30 : 120)) * 1000);
    }
    start("coverage=in:10s/detach:5s/out", 5);
    sim_link_tick(&link, 12000);
    assert_false(sim_link_state(&link, 12000).attached);
    assert_int_equal(decide(SIM_DOWN, 12000).why, SIM_WHY_DETACHED);
    assert_int_equal(decide(SIM_DOWN, 15000).why, SIM_WHY_COVERAGE);
    assert_true(sim_link_state(&link, 15000).attached);
    assert_true(sim_link_deadline_ms(&link, 15000) == ATC_NEVER);
}

/* The first datagram after a while waits for the connection, the next ones do not. */
static void test_D_206_idle_mode(void **state)
{
    (void)state;
    start("rrc=2s,rrc-idle=10s", 6);
    assert_int_equal(sim_link_state(&link, 0).rrc, ATC_RRC_CONNECTED);
    assert_true(decide(SIM_UP, 9000).at_ms[0] == 9000);
    assert_true(decide(SIM_DOWN, 18999).at_ms[0] == 18999);
    assert_int_equal(sim_link_state(&link, 28998).rrc, ATC_RRC_CONNECTED);
    assert_true(sim_link_deadline_ms(&link, 28998) == 28999);
    assert_int_equal(sim_link_state(&link, 28999).rrc, ATC_RRC_IDLE);
    assert_true(decide(SIM_DOWN, 30000).at_ms[0] == 32000);
    assert_true(decide(SIM_UP, 31000).at_ms[0] == 32000);
    assert_int_equal(sim_link_state(&link, 31999).rrc, ATC_RRC_IDLE);
    assert_true(sim_link_deadline_ms(&link, 31000) == 32000);
    assert_int_equal(sim_link_state(&link, 32000).rrc, ATC_RRC_CONNECTED);
    sim_link_init(&link, 6, 0);
    assert_int_equal(sim_link_state(&link, 99999).rrc, ATC_RRC_AUTO);
}

static struct sim_fate offer_again(uint32_t number, uint64_t now_ms)
{
    const struct sim_offer offer = {SIM_DOWN, 0, 20, number};

    return sim_link_decide(&link, &offer, now_ms);
}

static void test_power_saving(void **state)
{
    (void)state;
    start("rrc-idle=10s,psm=20s:60s,psm-buffer=2,psm-uart=deaf", 7);
    assert_int_equal(decide(SIM_DOWN, 19999).count, 1); /* idle again at 29,999 */
    assert_int_equal(sim_link_state(&link, 49998).rrc, ATC_RRC_IDLE);
    assert_false(sim_link_is_deaf(&link, 49998));
    assert_int_equal(sim_link_state(&link, 49999).rrc, ATC_RRC_ASLEEP);
    assert_true(sim_link_is_deaf(&link, 49999));
    const struct sim_fate first = decide(SIM_DOWN, 50000), second = decide(SIM_DOWN, 50000);
    assert_true(first.kept && second.kept && first.count == 0);
    assert_int_equal(decide(SIM_DOWN, 50000).why, SIM_WHY_PSM);
    assert_false(sim_link_woke(&link));
    /* It wakes by itself, */
    assert_true(sim_link_deadline_ms(&link, 50000) == 89999);
    sim_link_tick(&link, 89999);
    assert_true(sim_link_woke(&link));
    assert_false(sim_link_woke(&link));
    assert_int_equal(offer_again(first.number[0], 89999).count, 1);
    assert_int_equal(offer_again(second.number[0], 89999).number[0], second.number[0]);
    assert_int_equal(link.kept, 0);
    /* or because it sends. */
    assert_true(decide(SIM_DOWN, 125000).kept);
    assert_int_equal(decide(SIM_UP, 126000).count, 1);
    assert_true(sim_link_woke(&link));
    assert_false(sim_link_is_deaf(&link, 126000));
}

static void test_translation(void **state)
{
    (void)state;
    start("nat=30s", 8);
    assert_int_equal(decide(SIM_DOWN, 0).why, SIM_WHY_NAT); /* nobody has sent yet */
    assert_int_equal(decide(SIM_UP, 0).generation, 0);
    assert_int_equal(decide(SIM_DOWN, 30000).count, 1); /* either direction keeps it alive */
    assert_int_equal(decide(SIM_DOWN, 60000).count, 1);
    assert_int_equal(decide(SIM_DOWN, 90001).why, SIM_WHY_NAT);
    assert_int_equal(decide(SIM_UP, 90002).generation, 1);
    assert_int_equal(decide(SIM_DOWN, 90003).count, 1);
    sim_link_nat_expire(&link);
    assert_int_equal(decide(SIM_DOWN, 90004).why, SIM_WHY_NAT);
    assert_int_equal(decide(SIM_UP, 90005).generation, 2);
    /* Each client has its own entry. */
    const struct sim_offer other = {SIM_DOWN, 1, 20, 0};
    assert_int_equal(sim_link_decide(&link, &other, 90006).why, SIM_WHY_NAT);
    /* Without nat= only that action makes it forget. */
    start("loss=0%", 8);
    assert_int_equal(decide(SIM_DOWN, 0).count, 1);
    sim_link_nat_expire(&link);
    assert_int_equal(decide(SIM_DOWN, 1).why, SIM_WHY_NAT);
    assert_int_equal(decide(SIM_UP, 2).count, 1);
    assert_int_equal(decide(SIM_DOWN, 3).count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_perfect),
        cmocka_unit_test(test_loss),
        cmocka_unit_test(test_bursts),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_D_205_reordering),
        cmocka_unit_test(test_delay),
        cmocka_unit_test(test_tail),
        cmocka_unit_test(test_rate),
        cmocka_unit_test(test_idle_delay),
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_knobs_are_apart),
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_mtu),
        cmocka_unit_test(test_queue_bytes),
        cmocka_unit_test(test_queue_limits),
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_schedule),
        cmocka_unit_test(test_D_206_idle_mode),
        cmocka_unit_test(test_power_saving),
        cmocka_unit_test(test_translation),
    };

    return cmocka_run_group_tests_name("sim link", tests, NULL, NULL);
}
