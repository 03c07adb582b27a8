# SPDX-License-Identifier: MIT
"""A thousand modems of one process against libcoap's server. Each stores a text of its own and asks for
it several times, by AT commands; every answer must come to its own modem. With both kinds of endpoints,
without losses and with one datagram in ten lost by the server."""

import os
import re
import subprocess

from harness import PROGRAM, Server, free_port_pair, run_tests

DRIVE = os.path.join(os.path.dirname(PROGRAM), "test", "fleet_drive")
MODEMS = 1000
ROUNDS = 3


def drive(dialect, endpoints, *server_options):
    """What the modems count, by name."""
    with Server("-d", str(MODEMS + 10), *server_options, find_port=free_port_pair) as server:
        run = subprocess.run(
            [DRIVE, dialect, endpoints, str(server.port), str(MODEMS), str(ROUNDS), "120"],
            capture_output=True,
            text=True,
            timeout=150,
        )
    assert run.returncode == 0, run.stdout + run.stderr[:2000]
    counts = {name: int(n) for name, n in re.findall(r"(\w+) (\d+)", run.stdout)}
    assert counts["right"] == MODEMS * ROUNDS, run.stdout
    assert counts["wrong"] == counts["strays"] == counts["failed"] == 0, run.stdout
    assert counts["received"] >= MODEMS * (ROUNDS + 1), run.stdout
    return counts


def test_bg96_with_a_socket_each(place):
    drive("bg96", "sockets")


def test_bg96_with_one_socket(place):
    drive("bg96", "shared")


def test_bc95_with_a_socket_each(place):
    drive("bc95", "sockets")


def test_bc95_with_one_socket(place):
    drive("bc95", "shared")


def test_losses_are_sent_again_with_a_socket_each(place):
    assert drive("bg96", "sockets", "-l", "10%")["retransmitted"] >= MODEMS * ROUNDS // 20


def test_losses_are_sent_again_with_one_socket(place):
    assert drive("bg96", "shared", "-l", "10%")["retransmitted"] >= MODEMS * ROUNDS // 20


if __name__ == "__main__":
    run_tests(globals())
