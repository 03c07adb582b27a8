# SPDX-License-Identifier: MIT
"""Both modules, each through a real PTY, against libcoap's server: plain and
separate responses, discovery, observation, and a resource that is made, read
and deleted."""

from harness import At, Modem, Server, Terminal, run_tests
from modules import Bc95, Bg96, discover, get_root, get_separate, observe, put_get_delete

READY = r"^atcoap: pty (\S+) link (.+)$"


def session(place, dialect, talk):
    """Run talk(module) on a fresh module and a fresh server."""
    link = f"{place}/modem0"
    with Server() as server, Modem(f"--pty={link}", f"--dialect={dialect}") as modem:
        modem.expect(READY)
        at = At(Terminal(link)).hush()
        module = (Bc95 if dialect == "bc95" else Bg96)(at, server.port)
        talk(module)
        module.close()
        at.silence(0.1)
        at.port.close()
        assert modem.stop() == 0


def test_bc95_get(place):
    session(place, "bc95", get_root)


def test_bg96_get(place):
    session(place, "bg96", get_root)


def test_bc95_discover(place):
    session(place, "bc95", discover)


def test_bg96_discover(place):
    session(place, "bg96", discover)


def test_bc95_separate_response(place):
    session(place, "bc95", get_separate)


def test_bg96_separate_response(place):
    session(place, "bg96", get_separate)


def test_bc95_observe(place):
    session(place, "bc95", observe)


def test_bg96_observe(place):
    session(place, "bg96", observe)


def test_bc95_put_get_delete(place):
    session(place, "bc95", put_get_delete)


def test_bg96_put_get_delete(place):
    session(place, "bg96", put_get_delete)


if __name__ == "__main__":
    run_tests(globals())
