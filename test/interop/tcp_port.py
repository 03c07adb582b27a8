# SPDX-License-Identifier: MIT
"""A TCP port as the module's port: clients in turn, one at a time."""

import socket
import struct
import subprocess

from harness import PROGRAM, At, Connection, Modem, run_tests

READY = r"^atcoap: tcp (.+):(\d+)$"


def test_listens_on_loopback_and_picks_a_port(place):
    with Modem("--tcp=0") as modem:
        match = modem.expect(READY)
        assert match.group(1) == "127.0.0.1"
        at = At(Connection(int(match.group(2))))
        at.write("AT\r")
        at.exact(b"AT\r\r\nOK\r\n")
        assert modem.stop() == 0


def test_ipv6(place):
    with Modem("--tcp=[::1]:0") as modem:
        match = modem.expect(READY)
        assert match.group(1) == "[::1]"
        At(Connection(int(match.group(2)), "::1")).hush()


def test_clients_in_turn(place):
    with Modem("--tcp", "127.0.0.1:0") as modem:
        port = int(modem.expect(READY).group(2))
        first = Connection(port)
        At(first).hush()
        for _ in range(20):
            second = Connection(port)
            second.write(b"AT\r")
            first.close()
            At(second).exact(b"\r\nOK\r\n")
            first = second


def test_second_client_waits(place):
    with Modem("--tcp=0") as modem:
        port = int(modem.expect(READY).group(2))
        first = At(Connection(port)).hush()
        second = At(Connection(port))
        second.write("AT\r")
        second.silence(0.2)
        assert first.command("AT") == ["OK"]
        first.port.close()
        second.exact(b"\r\nOK\r\n")


def test_half_closed_client_gets_its_replies(place):
    """printf 'AT\\r' | nc: the end of input comes before the reply is out."""
    with Modem("--tcp=0") as modem:
        port = int(modem.expect(READY).group(2))
        for reply in (b"ATE0\r\r\nOK\r\n\r\nOK\r\n", b"\r\nOK\r\n\r\nOK\r\n"):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
                s.sendall(b"ATE0\rAT\r")
                s.shutdown(socket.SHUT_WR)
                got = b""
                while data := s.recv(4096):
                    got += data
                assert got == reply, got


def test_reset_connection_makes_room(place):
    with Modem("--tcp=0") as modem:
        port = int(modem.expect(READY).group(2))
        first = Connection(port)
        At(first).hush()
        first.socket.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        first.write(b"AT\r")
        first.close()
        second = At(Connection(port))
        second.forget()
        assert second.hush().command("AT") == ["OK"]


def test_port_in_use(place):
    with Modem("--tcp=0") as modem:
        port = modem.expect(READY).group(2)
        done = subprocess.run(
            [PROGRAM, "run", f"--tcp={port}"], stderr=subprocess.PIPE, timeout=10
        )
        assert done.returncode == 3
        assert b"--tcp=0" in done.stderr, done.stderr


if __name__ == "__main__":
    run_tests(globals())
