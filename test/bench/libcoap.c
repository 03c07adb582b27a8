/* SPDX-License-Identifier: MIT
 *
 * libcoap, as its manual shows it: a server with the resource rd, and a client with a session for each
 * endpoint and one CON outstanding in a window of them.
 *
 * usage: bench_libcoap serve PORT
 *        bench_libcoap client ENDPOINTS WINDOW SECONDS PORT
 */
#include <arpa/inet.h>
#include <coap3/coap.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "score.h"

static coap_session_t **sessions;
static uint32_t session_count, window;
static uint32_t idle_first, idle_last; /* sessions is a ring of those without a request */
static uint32_t number;
static bool over;

static void fail(const char *what)
{
    (void)fprintf(stderr, "bench_libcoap: %s\n", what);
    exit(1);
}

static coap_address_t local(uint16_t port)
{
    coap_address_t address;

    coap_address_init(&address);
    address.size = sizeof address.addr.sin;
    address.addr.sin.sin_family = AF_INET;
    address.addr.sin.sin_port = htons(port);
    address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* --- the server ------------------------------------------------------------------------------- */

static void post(coap_resource_t *resource, coap_session_t *session, const coap_pdu_t *request,
                 const coap_string_t *query, coap_pdu_t *response)
{
    (void)resource;
    (void)session;
    (void)request;
    (void)query;
    coap_pdu_set_code(response, COAP_RESPONSE_CODE_CONTENT);
    (void)coap_add_option(response, load_response_option.number, load_response_option.len,
                          (const uint8_t *)load_response_option.value);
    (void)coap_add_data(response, LOAD_ANSWER_LEN, load_answer);
}

static void serve(uint16_t port)
{
    const coap_address_t here = local(port);
    coap_context_t *context = coap_new_context(NULL);
    coap_resource_t *resource = coap_resource_init(coap_make_str_const("rd"), 0);

    if (context == NULL || coap_new_endpoint(context, &here, COAP_PROTO_UDP) == NULL)
        fail("no endpoint");
    coap_register_request_handler(resource, COAP_REQUEST_POST, post);
    coap_add_resource(context, resource);
    while (coap_io_process(context, COAP_IO_WAIT) >= 0)
        ;
}

/* --- the client ------------------------------------------------------------------------------- */

static void ask(void)
{
    coap_session_t *session = sessions[idle_first++ % session_count];
    coap_pdu_t *pdu = coap_new_pdu(COAP_MESSAGE_CON, COAP_REQUEST_CODE_POST, session);
    uint8_t token[LOAD_TOKEN_LEN];

    number++;
    memcpy(token, &number, sizeof token);
    if (pdu == NULL || !coap_add_token(pdu, sizeof token, token))
        fail("no message");
    for (size_t i = 0; i < LOAD_OPTION_COUNT; i++) {
        if (coap_add_option(pdu, load_request_options[i].number, load_request_options[i].len,
                            (const uint8_t *)load_request_options[i].value) == 0)
            fail("no room for an option");
    }
    if (!coap_add_data(pdu, LOAD_PAYLOAD_LEN, load_payload) ||
        coap_send(session, pdu) == COAP_INVALID_MID)
        fail("not sent");
}

static coap_response_t take(coap_session_t *session, const coap_pdu_t *sent,
                            const coap_pdu_t *received, const coap_mid_t mid)
{
    (void)sent;
    (void)mid;
    if (coap_pdu_get_code(received) != COAP_RESPONSE_CODE_CONTENT)
        fail("not the answer that was expected");
    sessions[idle_last++ % session_count] = session;
    over = window == 1 ? score_one() : score_answered(1);
    if (!over)
        ask();
    return COAP_RESPONSE_OK;
}

static void run_client(double seconds, uint16_t port)
{
    const coap_address_t there = local(port);
    coap_context_t *context = coap_new_context(NULL);

    sessions = calloc(session_count, sizeof(coap_session_t *));
    if (context == NULL || sessions == NULL)
        fail("no memory");
    coap_register_response_handler(context, take);
    for (uint32_t i = 0; i < session_count; i++) {
        sessions[i] = coap_new_client_session(context, NULL, &there, COAP_PROTO_UDP);
        if (sessions[i] == NULL)
            fail("no session");
    }
    score_start(seconds);
    for (uint32_t i = 0; i < window; i++)
        ask();
    while (!over && coap_io_process(context, COAP_IO_WAIT) >= 0)
        ;
}

int main(int argc, char **argv)
{
    coap_startup();
    if (argc == 3 && strcmp(argv[1], "serve") == 0)
        serve((uint16_t)atoi(argv[2]));
    if (argc == 6 && strcmp(argv[1], "client") == 0) {
        session_count = (uint32_t)atoi(argv[2]);
        window = (uint32_t)atoi(argv[3]);
        run_client(atof(argv[4]), (uint16_t)atoi(argv[5]));
        score_print();
        return 0;
    }
    (void)fputs("usage: bench_libcoap serve PORT\n"
                "       bench_libcoap client ENDPOINTS WINDOW SECONDS PORT\n",
                stderr);
    return 2;
}
