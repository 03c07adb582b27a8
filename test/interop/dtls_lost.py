# SPDX-License-Identifier: MIT
"""A server that goes away: noticed by its goodbye, or by a message that nobody
acknowledges; nothing hangs, and the client can be opened again."""

import signal
import time

from harness import At, Modem, SecureServer, Terminal, run_tests
from modules import Bg96, get_root, use_dtls

READY = r"^atcoap: pty (\S+)$"
KEY = "12344FG89"
PSK = "864508030012428&" + KEY.encode().hex()


def start(modem):
    return At(Terminal(modem.expect(READY).group(1))).hush()


def is_lost(at, port):
    """Listed with 0, refused, and free to be opened again."""
    assert at.ok("AT+QCOAPOPEN?") == [f'+QCOAPOPEN: 0,"127.0.0.1",{port},0']
    assert at.command("AT+QCOAPSEND=0,0,1,0") == ["ERROR"]


def wait_lost(at, port):
    end = time.monotonic() + 5
    while at.ok("AT+QCOAPOPEN?") != [f'+QCOAPOPEN: 0,"127.0.0.1",{port},0']:
        assert time.monotonic() < end
    is_lost(at, port)


def goodbye(library):
    with Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        with SecureServer(library, KEY) as server:
            module = Bg96(at, server.secure_port)
            get_root(module)
            server.child.send_signal(signal.SIGINT)
            server.wait()
        wait_lost(at, server.secure_port)
        with SecureServer(library, KEY, port=server.port):
            again = Bg96(at, server.secure_port)
            get_root(again)
            again.close()
        assert modem.stop() == 0


def test_goodbye_openssl(place):
    goodbye("openssl")


def test_goodbye_gnutls(place):
    goodbye("gnutls")


def killed(library):
    """No goodbye; the new server on that port knows nothing of the connection."""
    with Modem("--set=ack-timeout=1000", "--set=max-retransmit=1") as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        with SecureServer(library, KEY) as server:
            module = Bg96(at, server.secure_port)
            get_root(module)
            server.child.kill()
            server.wait()
        with SecureServer(library, KEY, port=server.port):
            at.ok("AT+QCOAPHEADER=0,77,1")
            at.send("AT+QCOAPSEND=0,0,1,0")
            at.urc(r"\+QCOAPIND: 0,0,77,1,0")
            at.urc(r"\+QCOAPACK: 0,0,77,-11", 15)
            is_lost(at, server.secure_port)
            again = Bg96(at, server.secure_port)
            get_root(again)
            again.close()
        assert modem.stop() == 0


def test_killed_openssl(place):
    killed("openssl")


def test_killed_gnutls(place):
    killed("gnutls")


def test_killed_and_closed(place):
    """CLOSE of a connection whose server is dead does not wait for anything."""
    with Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        with SecureServer("openssl", KEY) as server:
            module = Bg96(at, server.secure_port)
            server.child.kill()
            server.wait()
        begun = time.monotonic()
        module.close()
        assert time.monotonic() - begun < 5  # a handshake would wait longer
        assert at.command("AT+QCOAPOPEN?") == ["OK"]
        assert modem.stop() == 0


def test_goodbye_during_observation(place):
    with Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        with SecureServer("openssl", KEY) as server:
            module = Bg96(at, server.secure_port)
            module.request(1, [(6, "0"), (11, "time")], token="01")
            assert module.answer().code == "2.05"
            server.child.send_signal(signal.SIGINT)
            server.wait()
        end = time.monotonic() + 5
        while at.ok("AT+QCOAPOPEN?")[0].endswith(",3"):
            assert time.monotonic() < end
            at.urcs.clear()
        is_lost(at, server.secure_port)
        assert modem.stop() == 0


if __name__ == "__main__":
    run_tests(globals())
