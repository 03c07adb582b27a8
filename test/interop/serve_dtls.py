# SPDX-License-Identifier: MIT
"""The embedded server's DTLS: libcoap's clients on OpenSSL and GnuTLS, a module, many
clients at once, and those it must not let in."""

import re
import socket
import subprocess
import time

from harness import PROGRAM, At, Modem, Process, Terminal, run_tests
from modules import Bg96, upload, use_dtls

SECURE = r"^atcoap: serve coaps://(.+):(\d+)$"


class Serve(Process):
    """atcoap serve with a key, ready for requests on both ports."""

    def __init__(self, psk, *options):
        super().__init__([PROGRAM, "serve", "--port=0", f"--psk={psk}", "-v", *options])
        match = self.expect(SECURE)
        self.host, self.port = match.group(1), int(match.group(2))


def client(library, server, identity, key, path="hello", wait=3):
    """What libcoap's client prints."""
    done = subprocess.run(
        [f"coap-client-{library}", "-v", "0", "-B", str(wait), "-u", identity, "-k", key]
        + ["-m", "get", f"coaps://{server.host}:{server.port}/{path}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=30,
        check=False,
    )
    return done.stdout.decode().rstrip("\n")


def test_clients_of_other_people(place):
    with Serve("device1:secretPSK") as server:
        for library in ("openssl", "gnutls"):
            assert client(library, server, "device1", "secretPSK", "hello?name=x") == "hello x"
            server.expect(r"DTLS 127\.0\.0\.1:\d+: connected")
            server.expect(r"DTLS 127\.0\.0\.1:\d+: closed")
        assert client("openssl", server, "device1", "secretPSK", "separate", wait=5) != ""
        assert not any("secretPSK" in line for line in server.lines), server.lines
        assert server.stop() == 0


def test_hex_key(place):
    with Serve("a:3132333435363738") as server:
        assert client("openssl", server, "a", "12345678") == "hello word from server"
        assert server.stop() == 0


def test_wrong_ones_stay_out(place):
    with Serve("device1:secretPSK") as server:
        assert client("openssl", server, "device1", "another") == ""
        server.expect(r"refused: it has another key")
        assert client("openssl", server, "device2", "secretPSK") == ""
        server.expect(r"refused: it has another identity")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(0.3)
            for data in (b"", b"x", bytes(20), bytes([22]) + bytes(30), b"\x40\x01\x00\x01" * 90):
                s.sendto(data, (server.host, server.port))
            try:
                assert s.recv(2000)[0] == 21  # an alert at most
            except OSError:
                pass
        assert client("openssl", server, "device1", "secretPSK") == "hello word from server"
        assert server.stop() == 0


def test_a_cookie_comes_first(place):
    """Whoever does not answer at its address gets no more than it sent, and takes no place."""
    body = b"\xfe\xfd" + 32 * b"\x11" + bytes.fromhex("00 00 0004 c0a8 00ff 0100")
    length = len(body).to_bytes(3, "big")
    hello = b"\x16\xfe\xfd" + bytes(8) + (len(body) + 12).to_bytes(2, "big")
    hello += b"\x01" + length + bytes(2) + bytes(3) + length + body
    with Serve("device1:secretPSK") as server:
        for _ in range(200):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                s.settimeout(2)
                s.sendto(hello, (server.host, server.port))
                answer = s.recv(2000)
                assert answer[0] == 22 and answer[13] == 3, answer.hex()  # HelloVerifyRequest
                assert len(answer) <= len(hello)
        assert client("openssl", server, "device1", "secretPSK") == "hello word from server"
        assert server.stop() == 0


def test_a_module(place):
    with Serve("device1:secretPSK") as server, Modem("-v") as modem:
        at = At(Terminal(modem.expect(r"^atcoap: pty (\S+)$").group(1))).hush()
        use_dtls(at, 0, 0, "device1&secretPSK")
        for number in range(3):
            module = Bg96(at, server.port)
            module.request(1, [(11, "hello"), (15, f"name={number}")])
            assert module.answer().payload == f"hello {number}"
            module.close()
        module = Bg96(at, server.port)
        module.request(1, [(6, "0"), (11, "time")], token="01")
        module.answer()
        module.answer(timeout=4)
        assert server.stop() == 0  # says goodbye
        end = 100
        while at.ok("AT+QCOAPOPEN?")[0].endswith(",3"):
            end -= 1
            assert end > 0
        assert modem.stop() == 0


def test_more_clients_than_places(place):
    """Eleven modules with six clients each are gone without a word: 66 connections stay."""
    with Serve("device1:secretPSK") as server:
        for _ in range(11):
            with Modem() as modem:
                at = At(Terminal(modem.expect(r"^atcoap: pty (\S+)$").group(1))).hush()
                for number in range(6):
                    use_dtls(at, number, 0, "device1&secretPSK" if number == 0 else None)
                    Bg96(at, server.port, number)
                modem.child.kill()
                modem.child.wait()
        end = time.monotonic() + 10
        while sum("connected" in line for line in server.lines) < 66:
            assert time.monotonic() < end, server.lines
            time.sleep(0.01)
        assert client("openssl", server, "device1", "secretPSK") == "hello word from server"
        assert server.stop() == 0


def test_wrong_keys_are_told(place):
    for psk, words in (
        ("device1", "give ID:KEY"),
        (":x", "give ID:KEY"),
        ("x:", "give ID:KEY"),
        ("x" * 129 + ":y", "128 bytes"),
        ("x:" + "y" * 65, "64 bytes"),
        ("x:" + "11" * 65, "64 bytes"),
    ):
        done = subprocess.run(
            [PROGRAM, "serve", f"--psk={psk}"], stderr=subprocess.PIPE, timeout=10, check=False
        )
        said = done.stderr.decode()
        assert done.returncode == 2 and words in said, (psk, said)
        assert not re.search("y{5}|(11){5}", said), said


if __name__ == "__main__":
    run_tests(globals())
