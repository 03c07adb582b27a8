# SPDX-License-Identifier: MIT
"""A server that loses three of ten datagrams it sends: every CON GET ends in one
result, nearly all of them well, and nothing is reported twice."""

import re
import time
from collections import Counter

from harness import At, Modem, Server, Terminal, free_udp_port, run_tests

READY = r"^atcoap: pty (\S+)$"
LOSS = ("-l", "30%")

# One request in 400 loses all five answers and ends, after up to 47 s, badly. Among
# 800 that more than 8 do is a matter of one run in thousands.
REQUESTS = 800
QUICK = ("--set=ack-timeout=1000", "--set=max-retransmit=4")
CLIENTS = 6
AT_ONCE = 4  # for each client
LIMIT_S = 100


def next_urc(at, end):
    if at.urcs:
        return at.urcs.pop(0)
    return at.line(max(0.1, end - time.monotonic()))


class Requests:
    """Requests of six clients, each with an ID and a token of its own, and what
    the module said about them."""

    def __init__(self, at):
        self.at = at
        self.sent = 0
        self.open = {client: set() for client in range(CLIENTS)}  # IDs
        self.results = {}  # by ID: 0, -11 ...
        self.acks = Counter()
        self.answers = Counter()
        self.retries = 0

    def send(self, client):
        self.sent += 1
        mid = self.sent
        self.at.ok(f"AT+QCOAPHEADER={client},{mid},0,4,{mid:08X}")
        self.at.send(f"AT+QCOAPSEND={client},0,1,1")
        self.open[client].add(mid)

    def take(self, urc):
        ack = re.fullmatch(r"\+QCOAPACK: (\d),0,(\d+),(-?\d+)", urc)
        answer = re.fullmatch(r"\+QCOAPRECV: (\d),(\d+),2\.05,4,([0-9A-F]{8}),.*", urc, re.S)
        retry = re.fullmatch(r"\+QCOAPIND: \d,0,\d+,\d,0", urc)
        assert ack or answer or retry, urc
        self.retries += bool(retry)
        if ack:
            client, mid, result = (int(part) for part in ack.groups())
            self.acks[mid] += 1
            self.results[mid] = result
            self.open[client].discard(mid)
        elif answer:
            mid = int(answer.group(2))
            assert int(answer.group(3), 16) == mid, urc
            self.answers[mid] += 1

    def run(self):
        end = time.monotonic() + LIMIT_S
        while self.sent < REQUESTS or any(self.open.values()):
            for client, waiting in self.open.items():
                while len(waiting) < AT_ONCE and self.sent < REQUESTS:
                    self.send(client)
            self.take(next_urc(self.at, end))
        # The last answer stands behind its ACK.
        while len(self.answers) < list(self.results.values()).count(0):
            self.take(next_urc(self.at, end))


def test_six_clients(place):
    with Server(*LOSS) as server:
        with Modem("--dialect=bg96", *QUICK, f"--set=nstart={AT_ONCE}") as modem:
            at = At(Terminal(modem.expect(READY).group(1))).hush()
            for client in range(CLIENTS):
                at.ok(f'AT+QCOAPOPEN={client},"127.0.0.1",{server.port}')
                at.urc(rf"\+QCOAPOPEN: {client},0")
                at.ok(f'AT+QCOAPOPTION={client},0,0,11,"time"')
            requests = Requests(at)
            requests.run()
            at.silence(2)
            at.port.close()

    good = list(requests.results.values()).count(0)
    print(f"       {good} of {REQUESTS} answered, {requests.retries} retransmissions")
    assert set(requests.results.values()) <= {0, -11}, requests.results
    assert sorted(requests.acks) == list(range(1, REQUESTS + 1))
    assert set(requests.acks.values()) == {1}
    assert set(requests.answers.values()) == {1}
    assert all(requests.results[mid] == 0 for mid in requests.answers)
    assert good == len(requests.answers) >= 0.99 * REQUESTS
    assert requests.retries > REQUESTS * 0.2  # the losses were real


def test_one_context(place):
    """BC95 has one CON at a time; DATASTATUS and the URC agree."""
    with Server(*LOSS) as server:
        with Modem("--dialect=bc95", QUICK[0], "--set=max-retransmit=6") as modem:
            at = At(Terminal(modem.expect(READY).group(1))).hush()
            at.ok(f"AT+QCOAPCREATE={free_udp_port()}")
            for number in range(8):
                at.ok(f"AT+QCOAPHEAD=5,{number},2,{number:04X}")
                at.ok('AT+QCOAPOPTION=1,11,"time"')
                at.send(f"AT+QCOAPSEND=0,1,127.0.0.1,{server.port}")
                at.urc(rf'\+QCOAPURC: "rsp",2,2\.05,{number},\d+,.+', timeout=80)
                assert at.ok("AT+QCOAPDATASTATUS?") == ["+QCOAPDATASTATUS: 4"]
            at.silence(2)
            at.port.close()


if __name__ == "__main__":
    run_tests(globals())
