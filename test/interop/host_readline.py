# SPDX-License-Identifier: MIT
"""hosts/readline.py: pyserial's readline() with a time-out; also behind a bad network, and with a name
for a server. It does nothing wrong, so --strict is quiet, but for the option that the BG96's note
does not list though it speaks of observation."""

import socket
import subprocess

from harness import Modem, Server, run_tests
from hosting import Case, host_command, on_all_ways, run_cases

TOLD = ["Quectel", "POST 2.01 ", "GET 2.05 42 lux", "observe 2.05 2.05 2.05"]
STORED = (("rpi",), b"42 lux")


def test_bc95(place):
    run_cases(on_all_ways("readline", ("bc95",)), TOLD, stored=STORED, strict=True)


def test_bg96(place):
    run_cases(
        on_all_ways("readline", ("bg96",)), TOLD, stored=STORED, findings=("unlisted-option",)
    )


def test_narrow_band(place):
    """A module inside a building, ten times as fast as real. Answers take seconds; the first request
    and the second answer are lost."""
    link = ("--link=nbiot-ce1,up.drop=1,down.drop=2", "--speed=10", "--seed=4", "-v")
    run_cases(
        [Case("readline", kind, "60", options=link, timeout=120) for kind in ("bc95", "bg96")],
        TOLD,
        stored=STORED,
        said=(r"link: datagram 1 up is lost", r"link: datagram \d+ down is lost"),
    )


def test_name(place):
    """The server by its name; where there is no such name the host is told that there is not."""
    try:
        socket.getaddrinfo("localhost", None, socket.AF_INET)
        run_cases([Case("readline", "bg96", name="localhost")], TOLD, stored=STORED)
    except socket.gaierror:
        Case("readline", "bg96", "80", name="localhost", timeout=120).needs("head=once", "not opened")


def test_no_such_name(place):
    case = Case("readline", "bg96", "80", name="no.such.name.invalid", timeout=120)
    case.needs("head=once", "ModemError: not opened")


def test_one_after_the_other(place):
    """The module stays on while programs come and go: the next finds it as the last one left it."""
    for module in ("bc95", "bg96"):
        link = f"{place}/ttyUSB0"
        command = host_command("readline").split()
        how = (f"--pty={link}", f"--dialect={module}", "--local-port=any")
        with Server() as server, Modem(*how) as modem:
            modem.expect(r"^atcoap: pty \S+ link ")
            for code in ("2.01", "2.04"):
                told = [TOLD[0], f"POST {code} ", *TOLD[2:]]
                done = subprocess.run(
                    [*command, link, module, "127.0.0.1", str(server.port)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    timeout=60,
                    check=False,
                )
                assert (done.returncode, done.stdout.decode().splitlines()) == (0, told), done
            assert modem.stop() == 0


if __name__ == "__main__":
    run_tests(globals())
