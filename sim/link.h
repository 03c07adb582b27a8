/* SPDX-License-Identifier: MIT
 *
 * The way between one modem and its servers: what happens to each datagram, and when the network
 * is there at all. docs/link.md says what each knob means and draws where the link sits.
 *
 * A link decides, a flight (flight.h) holds what is on its way, carry.h joins the two. So the same
 * link serves a world on virtual time and a socket on real time.
 *
 * Integers only: the same seed decides the same with every compiler. Each knob of each direction has
 * a stream of random numbers of its own, and takes the same count of them from it for every
 * datagram, whether it is switched on or not. So neither another knob that is turned nor one that a
 * later version adds changes what this one decides for the n-th datagram. */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "atcoap/atcoap.h"
#include "random.h"

enum sim_direction {
    SIM_UP,  /* modem to peer */
    SIM_DOWN /* peer to modem */
};

/* Lengths of one link's lists. */
#define SIM_DROP_MAX  16u /* numbers behind drop= */
#define SIM_PHASE_MAX 16u /* steps of a coverage schedule */
#define SIM_QUEUE_MAX 64u /* datagrams that a queue can be told to hold */

/* What IPv4 and UDP put in front of a datagram: mtu, rate and queue count these bytes too.
 * Source: RFC 791 3.1, RFC 768. */
#define SIM_HEADERS_LEN 28u

/* In place of a client: what the modem itself sends, as a ping. */
#define SIM_SESSION_NONE ATC_SESSION_MAX

/* From min to max, both included and each as likely; exactly min if max is not above it. */
struct sim_range {
    uint32_t min_ms, max_ms;
};

/* One direction. All 0: nothing happens. */
struct sim_path_config {
    uint32_t loss_ppm; /* lost each for itself, in parts of SIM_PPM */
    /* Losses in bursts: a burst begins with one chance and ends with the other, each per datagram;
     * within it burst_loss_ppm are lost, or all if that is 0. Source: Gilbert 1960, Elliott 1963. */
    uint32_t burst_start_ppm, burst_end_ppm, burst_loss_ppm;
    uint32_t drop[SIM_DROP_MAX]; /* these are lost; the first datagram is number 1 */
    uint32_t drop_count;
    uint32_t dup_ppm;     /* arrives twice, the copy with a delay of its own */
    uint32_t reorder_ppm; /* held back by reorder_ms, so that later ones overtake it */
    uint32_t reorder_ms;
    struct sim_range delay;
    uint32_t tail_ms;     /* the mean of a further delay with a long tail, see link_path.c */
    uint32_t rate;        /* bit/s; 0: any number at once */
    uint32_t queue_bytes; /* what waits for its turn, and what is being sent; 0: no limit */
    uint32_t queue_count; /* the same in datagrams, up to SIM_QUEUE_MAX */
    uint32_t mtu;         /* bytes of the largest packet, headers included; 0: no limit */
};

enum sim_coverage { SIM_COVERAGE_IN, SIM_COVERAGE_OUT, SIM_COVERAGE_DETACH };

struct sim_phase {
    uint8_t coverage; /* enum sim_coverage */
    uint32_t for_ms;  /* 0: for good; else the schedule starts again behind its last phase */
};

struct sim_link_config {
    struct sim_path_config path[2]; /* by enum sim_direction */
    struct sim_phase phase[SIM_PHASE_MAX];
    uint32_t phase_count;
    struct sim_range rrc;   /* from idle to connected */
    uint32_t rrc_idle_ms;   /* idle again after so long without a datagram; 0: always connected */
    uint32_t psm_active_ms; /* power saving begins so long after idle does (T3324) */
    uint32_t psm_period_ms; /* and ends, if the modem does not send, so long after idle (T3412) */
    uint32_t psm_buffer;    /* datagrams that the network keeps for a modem that sleeps */
    bool psm;
    bool psm_deaf;   /* the UART sleeps as well */
    uint32_t nat_ms; /* the mapping is forgotten when nothing passed for so long; 0: never */
};

/* What happens to the next datagram of a path, whatever the dice say. Used up by it. */
enum sim_once { SIM_ONCE_NONE, SIM_ONCE_DROP, SIM_ONCE_DUP, SIM_ONCE_DELAY, SIM_ONCE_REORDER };

/* Why a datagram is lost. New ones at the end. */
enum sim_why {
    SIM_WHY_NONE,
    SIM_WHY_LOSS,
    SIM_WHY_BURST,
    SIM_WHY_LISTED, /* drop=, or an action that asked for it */
    SIM_WHY_COVERAGE,
    SIM_WHY_DETACHED,
    SIM_WHY_QUEUE,
    SIM_WHY_MTU,
    SIM_WHY_NAT,
    SIM_WHY_PSM,   /* more came than the network keeps for a modem that sleeps */
    SIM_WHY_LOCAL, /* this machine could not carry it */
    SIM_WHY_COUNT
};

/* The knobs with dice. A stream's number is twice this plus the direction: new ones at the end. */
enum sim_knob {
    SIM_KNOB_LOSS,
    SIM_KNOB_BURST, /* begins or ends */
    SIM_KNOB_BURST_LOSS,
    SIM_KNOB_DUP,
    SIM_KNOB_REORDER,
    SIM_KNOB_DELAY,
    SIM_KNOB_TAIL,
    SIM_KNOB_RRC,
    SIM_KNOB_COUNT
};

struct sim_path {
    struct sim_path_config config;
    struct sim_random random[SIM_KNOB_COUNT];
    enum sim_once once;
    uint32_t once_ms;
    bool in_burst;
    uint32_t offered, lost, duplicated;    /* datagrams so far */
    uint64_t busy_us;                      /* the last of the queue has left by then */
    uint64_t last_ms;                      /* what keeps its order does not arrive before */
    uint64_t leaves_us[SIM_QUEUE_MAX + 1]; /* a ring: when those of the queue have left */
    uint32_t leaves_first, leaves_count;
};

/* The address translator's entry for one client of the modem. */
struct sim_mapping {
    uint64_t used_ms;
    uint32_t generation; /* how often the outer port has changed */
    bool open, known;
};

struct sim_link {
    struct sim_link_config config;
    struct sim_path path[2];                     /* by enum sim_direction */
    struct sim_mapping nat[ATC_SESSION_MAX + 1]; /* by client; the last is SIM_SESSION_NONE */
    uint32_t numbers;                            /* datagrams so far, copies and both directions */
    uint32_t phase;                              /* of the schedule */
    uint64_t phase_end_ms;                       /* ATC_NEVER: it stays */
    uint64_t ready_ms;                           /* connected from then */
    uint64_t idle_ms;                            /* until then */
    uint32_t kept;                               /* datagrams for a modem that sleeps */
    bool out, detached;                          /* whatever the schedule says */
    bool woke;
};

/* Which datagram a decision is about. */
struct sim_offer {
    enum sim_direction direction;
    uint8_t session; /* the client of the modem, or SIM_SESSION_NONE */
    size_t len;
    uint32_t number; /* 0; or that of one which has been kept till now */
};

#define SIM_COPIES_MAX 2
struct sim_fate {
    enum sim_why why;    /* lost, if not SIM_WHY_NONE */
    bool kept;           /* the modem sleeps: offer it again when sim_link_woke() says so */
    uint32_t generation; /* of the translator's entry for that client */
    unsigned count;      /* copies that arrive: 0, 1 or 2 */
    uint64_t at_ms[SIM_COPIES_MAX];
    uint32_t number[SIM_COPIES_MAX];
};

/* What the modem notices of the network. */
struct sim_link_state {
    bool covered, attached;
    uint8_t rrc;          /* enum atc_rrc: AUTO if the link knows no idle mode */
    uint8_t registration; /* sim_link_notice(): what it was before coverage went */
};

/* A perfect link: nothing is lost and nothing takes time. The dice come from that stream of the
 * seed. */
void sim_link_init(struct sim_link *link, uint64_t seed, uint64_t stream);

/* Another configuration from now on: the schedule starts, the modem is connected. The dice and the
 * counts go on. */
void sim_link_config(struct sim_link *link, const struct sim_link_config *config, uint64_t now_ms);

/* Ask for something to happen to the next datagram of that direction. time_ms: of SIM_ONCE_DELAY, by
 * how much it is late; of SIM_ONCE_REORDER, 0 for what the configuration says, or a second. */
void sim_link_once(struct sim_link *link, enum sim_direction direction, enum sim_once once,
                   uint32_t time_ms);

/* Coverage comes or goes, the packet service is there or not, on top of any schedule. What is on
 * its way already still arrives. */
void sim_link_cover(struct sim_link *link, bool covered);
void sim_link_attach(struct sim_link *link, bool attached);

/* The translator forgets all it knows: what servers send is lost until the modem sends, which gives
 * it another port. */
void sim_link_nat_expire(struct sim_link *link);

/* A client of the modem is gone, and what the translator knew of it. */
void sim_link_forget(struct sim_link *link, uint8_t session);

/* What happens to a datagram that sets out now. */
struct sim_fate sim_link_decide(struct sim_link *link, const struct sim_offer *offer,
                                uint64_t now_ms);

/* One that was kept is gone. sim_link_decide() does so itself for one that is offered again. */
void sim_link_unkeep(struct sim_link *link);

/* Let time pass: schedule, idle mode, power saving. */
void sim_link_tick(struct sim_link *link, uint64_t now_ms);

/* When sim_link_state() changes next by itself, or ATC_NEVER. */
uint64_t sim_link_deadline_ms(const struct sim_link *link, uint64_t now_ms);

struct sim_link_state sim_link_state(const struct sim_link *link, uint64_t now_ms);

/* Whether sim_link_notice() would have anything to say. */
bool sim_link_has_news(const struct sim_link *link, const struct sim_link_state *noticed,
                       uint64_t now_ms);

/* Put into *network what has changed since *noticed, which is brought up to date. Returns whether
 * anything has that the modem would notice. */
bool sim_link_notice(const struct sim_link *link, struct sim_link_state *noticed,
                     struct atc_network *network, uint64_t now_ms);

/* Whether the modem has left power saving since the last call. */
bool sim_link_woke(struct sim_link *link);

/* Whether bytes of the TE are lost now, for the UART sleeps. */
bool sim_link_is_deaf(const struct sim_link *link, uint64_t now_ms);

/* "loss", "burst" ... as records name it; "" for SIM_WHY_NONE. */
const char *sim_why_name(enum sim_why why);

/* --- one direction, link_path.c --------------------------------------------------------------- */

/* The dice of one datagram: all of them each time. */
struct sim_dice {
    enum sim_why why;
    bool doubled;
    uint32_t delay_ms[SIM_COPIES_MAX];
    uint64_t hold_ms; /* behind its turn */
    uint32_t rrc_ms;
};

struct sim_dice sim_path_throw(struct sim_path *path, const struct sim_range *rrc);

/* Take a place in the queue of a path at that moment. Returns false if there is none; else left_ms
 * is when the last bit has left. */
bool sim_path_queue(struct sim_path *path, uint64_t *left_ms, size_t len, uint64_t at_ms);

/* When the copies of one that has left arrive. */
void sim_path_arrive(struct sim_path *path, struct sim_fate *fate, const struct sim_dice *dice,
                     uint64_t left_ms);

#endif
