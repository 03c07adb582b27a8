# SPDX-License-Identifier: MIT
"""Ways for DTLS to fail, each for real: every OPEN ends in -9 in time, the reason
is told without a secret, and the client is free again."""

import os
import socket
import threading
import time

from harness import At, Modem, SecureServer, Terminal, free_udp_port, run_tests
from modules import Bg96, get_root, upload, use_dtls

READY = r"^atcoap: pty (\S+)$"
KEY = "12344FG89"
GOOD = "864508030012428&" + KEY.encode().hex()
WRONG = "864508030012428&" + b"another key".hex()
SECRETS = (KEY, KEY.encode().hex(), "another key", b"another key".hex())

# A handshake that is left to run into its limit; the shortest there is.
LIMIT_S = 10


class Peer:
    """A UDP socket that answers every datagram with the same bytes, or with
    nothing; heard counts them."""

    def __init__(self, answer=b""):
        self.answer = answer
        self.heard = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]
        self.last = None
        self.client = None
        self.ended = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.ended:
            try:
                self.last, self.client = self.socket.recvfrom(65536)
            except OSError:
                continue
            self.heard += 1
            if self.answer:
                self.socket.sendto(self.answer, self.client)

    def wait(self):
        """Until it has heard something: that, and whose it was."""
        end = time.monotonic() + 5
        while self.client is None:
            assert time.monotonic() < end
            time.sleep(0.01)
        return self.last, self.client

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.ended = True
        self.thread.join()
        self.socket.close()


def start(modem):
    return At(Terminal(modem.expect(READY).group(1))).hush()


def open_client(at, client, port):
    at.ok(f'AT+QCOAPOPEN={client},"127.0.0.1",{port}')


def fails_at_once(at, client, port):
    begun = time.monotonic()
    open_client(at, client, port)
    at.urc(rf"\+QCOAPOPEN: {client},-9")
    assert time.monotonic() - begun < LIMIT_S / 2
    assert at.command("AT+QCOAPOPEN?") == ["OK"]


def told(modem, client, *words):
    """One line about the client, with or without -v, that has these words."""
    modem.expect(rf"^atcoap: client {client}: no DTLS .*")
    lines = [line for line in modem.lines if line.startswith(f"atcoap: client {client}:")]
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0], lines
    for secret in SECRETS:
        assert not any(secret in line for line in modem.lines), secret


def works(at, client, context, server):
    """The same client, with what it should have had."""
    at.command(f'AT+QFDEL="{context}_server.psk"')
    use_dtls(at, client, context, GOOD)
    module = Bg96(at, server.secure_port, client)
    get_root(module)
    module.close()


def test_no_file(place):
    with SecureServer("openssl", KEY) as server, Modem() as modem:
        at = start(modem)
        use_dtls(at, 1, 2)
        fails_at_once(at, 1, server.secure_port)
        told(modem, 1, "no file", "AT+QFUPL")
        works(at, 1, 2, server)


def test_file_that_is_none(place):
    """Nothing is sent for want of a key."""
    for content in ("no ampersand", "&" + KEY, "identity&", "i&" + "k" * 65):
        with Peer() as peer, Modem("-v") as modem:
            at = start(modem)
            use_dtls(at, 0, 0, content)
            fails_at_once(at, 0, peer.port)
            told(modem, 0, "not identity&key")
            assert modem.stop() == 0
            assert peer.heard == 0


def test_no_common_suite(place):
    with SecureServer("openssl", KEY) as server, Modem("-v") as modem:
        at = start(modem)
        use_dtls(at, 0, 0, GOOD)
        at.ok('AT+QSSLCFG="ciphersuite",0,0X00AE')
        fails_at_once(at, 0, server.secure_port)
        told(modem, 0, "alert 40", "cipher suite")
        at.ok('AT+QSSLCFG="ciphersuite",0,0XFFFF')
        works(at, 0, 0, server)


def test_alert_about_the_identity(place):
    """As RFC 4279 has it said; libcoap's servers take every identity."""
    alert = bytes([21, 254, 253]) + bytes(8) + bytes([0, 2, 2, 115])
    with Peer(alert) as peer, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, GOOD)
        fails_at_once(at, 0, peer.port)
        told(modem, 0, "alert 115", "unknown PSK identity")


def test_version_that_is_not_spoken(place):
    with SecureServer("openssl", KEY) as server, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, GOOD)
        at.ok('AT+QSSLCFG="dtlsversion",0,0')
        fails_at_once(at, 0, server.secure_port)
        told(modem, 0, "DTLS 1.0")


def identities(place):
    """libcoap's list of who has which key; everybody else has the key of -k."""
    path = place + "/identities"
    with open(path, "w", encoding="ascii") as file:
        file.write(f"hint,somebody,{KEY}\n")
    return path


def test_handshakes_that_never_end(place):
    """Six clients at once: a wrong key, to both libraries; an identity that is not
    known; a server that is silent, one that is plain, and one that is not there."""
    with SecureServer("openssl", KEY) as openssl, SecureServer(
        "gnutls", KEY
    ) as gnutls, SecureServer(
        "openssl", "nobody has this", "-i", identities(place)
    ) as strict, Peer() as silent, Modem(
        "-v"
    ) as modem:
        at = start(modem)
        upload(at, "0_server.psk", WRONG)
        upload(at, "1_server.psk", GOOD)
        upload(at, "2_server.psk", GOOD.replace("864508030012428", "somebody"))
        for context in range(3):
            at.ok(f'AT+QSSLCFG="negotiatetime",{context},{LIMIT_S}')
        use_dtls(at, 5, 2)
        Bg96(at, strict.secure_port, 5).close()  # somebody is let in
        cases = [
            (0, openssl.secure_port, "is the key right?"),
            (0, gnutls.secure_port, "is the key right?"),
            (1, strict.secure_port, "is the key right?"),
            (1, silent.port, "no answer from the server"),
            (1, openssl.port, "no DTLS"),
            (1, free_udp_port(), "no answer from the server"),
        ]
        begun = time.monotonic()
        for client, (context, port, _) in enumerate(cases):
            use_dtls(at, client, context)
            open_client(at, client, port)
        ended = {}
        while len(ended) < len(cases):
            match = at.urc(r"\+QCOAPOPEN: (\d),-9", LIMIT_S + 2)
            ended[int(match.group(1))] = time.monotonic() - begun
        assert max(ended.values()) < LIMIT_S + 3, ended
        for client in (3, 4, 5):
            assert ended[client] > LIMIT_S - 0.5, ended
        assert silent.heard == 4, silent.heard  # after 0, 1, 3 and 7 s
        for client, (_, _, reason) in enumerate(cases):
            told(modem, client, reason)
        assert at.command("AT+QCOAPOPEN?") == ["OK"]
        works(at, 0, 0, openssl)
        works(at, 4, 1, gnutls)
        assert modem.stop() == 0


def test_close_in_the_middle(place):
    with SecureServer("openssl", KEY) as server, Peer() as silent, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, GOOD)
        open_client(at, 0, silent.port)
        silent.wait()
        at.ok("AT+QCOAPCLOSE=0")
        at.urc(r"\+QCOAPOPEN: 0,-3")
        at.urc(r"\+QCOAPCLOSE: 0,0")
        at.silence(1.2)
        assert silent.heard == 1
        works(at, 0, 0, server)
        open_client(at, 0, silent.port)
        assert modem.stop() == 0  # in the middle of the next one


def test_forged_datagrams_do_no_harm(place):
    """Noise from the server's own address; from others, whatever it is."""
    goodbye = bytes([21, 254, 253]) + bytes(8) + bytes([0, 2, 1, 0])
    with SecureServer("openssl", KEY) as server, Peer() as silent, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, GOOD)
        use_dtls(at, 1, 0)
        open_client(at, 1, silent.port)
        hello, source = silent.wait()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for size in (0, 1, 12, 13, 100, 2000):
                silent.socket.sendto(bytes([64]) + os.urandom(size), source)
                stranger.sendto(hello[:13] + os.urandom(size), source)
                stranger.sendto(goodbye, source)
        at.silence(0.3)
        get_root(Bg96(at, server.secure_port, 0))
        assert f'+QCOAPOPEN: 1,"127.0.0.1",{silent.port},2' in at.ok("AT+QCOAPOPEN?")
        assert modem.stop() == 0


if __name__ == "__main__":
    run_tests(globals())
