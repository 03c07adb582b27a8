# SPDX-License-Identifier: MIT
"""CoAP inside DTLS with pre-shared keys, against libcoap's servers on OpenSSL and
on GnuTLS: the session of BG96 5.2, requests of every kind, two servers at once,
and connections that are opened again."""

import os
import stat

from harness import At, Modem, Relay, SecureServer, Terminal, run_tests
from modules import (
    Bg96,
    discover,
    get_root,
    get_separate,
    observe,
    put_get_delete,
    upload,
    use_dtls,
)

READY = r"^atcoap: pty (\S+)$"

# The note's file. The key is hex digits, so it is the bytes of KEY.
PSK = "864508030012428&313233343446473839"
KEY = "12344FG89"

# What a datagram of a handshake begins with.
HANDSHAKE = (20, 22)


def start(modem):
    return At(Terminal(modem.expect(READY).group(1))).hush()


def no_secret_shows(modem, *secrets):
    for secret in secrets:
        for text in (secret, secret.encode().hex(), secret.encode().hex().upper()):
            assert not any(text in line for line in modem.lines), (text, modem.lines)


def note_session(library):
    """Line by line as the note has it, but for the server's name."""
    with SecureServer(library, KEY, "-d", "0") as server, Modem("-v") as modem:
        at = start(modem)
        at.ok('AT+QCOAPCFG="pdpctxid",0,1')
        at.ok('AT+QCOAPCFG="trans",0,4,5')
        at.ok('AT+QCOAPCFG="dtls",0,1,0')
        at.ok('AT+QSSLCFG="dtls",0,1')
        at.ok('AT+QSSLCFG="dtlsversion",0,1')
        assert upload(at, "UFS:0_server.psk", PSK) == "+QFUPL: 34,322e"
        at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{server.secure_port}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        at.ok("AT+QCOAPHEADER=0,1234,1")
        at.ok('AT+QCOAPOPTION=0,0,0,11,"19"')
        at.ok("AT+QCOAPOPTION=0,0,1,12,40")
        at.prompt("AT+QCOAPSEND=0,1,2,1,20")
        at.write("Hello, CoAP Message!")
        assert at.reply() == ["OK"]
        at.urc(r"\+QCOAPACK: 0,1,1234,0")
        at.urc(r"\+QCOAPRECV: 0,\d+,4\.04,6,[0-9A-F]{12},0,9\nNot Found")
        at.ok("AT+QCOAPCLOSE=0")
        at.urc(r"\+QCOAPCLOSE: 0,0")
        at.silence(0.1)
        assert modem.stop() == 0
        no_secret_shows(modem, PSK, "864508030012428&", "313233343446473839", KEY)


def test_key_written_through_a_handle_openssl(place):
    """AT+QFOPEN and AT+QFWRITE, in two pieces, in place of an upload; nothing of it in the log."""
    with SecureServer("openssl", KEY) as server, Modem("-v", f"--files={place}/ufs") as modem:
        at = start(modem)
        assert at.command('AT+QFOPEN="0_server.psk",1') == ["+QFOPEN: 3000", "OK"]
        for piece, written in ((PSK[:20], "20,20"), (PSK[20:], "14,34")):
            at.write(f"AT+QFWRITE=3000,{len(piece)}\r")
            assert at.line() == "CONNECT"
            at.write(piece)
            assert at.reply() == [f"+QFWRITE: {written}", "OK"]
        at.ok("AT+QFSEEK=3000,0")
        at.write("AT+QFREAD=3000\r")
        at.exact(b"\r\nCONNECT 34\r\n" + PSK.encode() + b"\r\nOK\r\n")
        at.ok("AT+QFCLOSE=3000")
        at.ok('AT+QCOAPCFG="dtls",0,1,0')
        module = Bg96(at, server.secure_port)
        get_root(module)
        module.close()
        assert modem.stop() == 0
        no_secret_shows(modem, PSK, PSK[:20], PSK[20:], KEY)


def session(library, talk):
    with SecureServer(library, KEY) as server, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        module = Bg96(at, server.secure_port)
        talk(module)
        module.close()
        at.silence(0.1)
        assert modem.stop() == 0
        said = [line for line in modem.lines if line.startswith("atcoap: ")]
        assert [line for line in said if "lint" not in line] == said[:1], modem.lines


def test_note_session_openssl(place):
    note_session("openssl")


def test_note_session_gnutls(place):
    note_session("gnutls")


def test_get_openssl(place):
    session("openssl", get_root)


def test_get_gnutls(place):
    session("gnutls", get_root)


def test_discover_openssl(place):
    session("openssl", discover)


def test_separate_response_openssl(place):
    session("openssl", get_separate)


def test_separate_response_gnutls(place):
    session("gnutls", get_separate)


def test_observe_openssl(place):
    session("openssl", observe)


def test_observe_gnutls(place):
    session("gnutls", observe)


def test_put_get_delete_openssl(place):
    session("openssl", put_get_delete)


def test_put_get_delete_gnutls(place):
    session("gnutls", put_get_delete)


def test_two_servers_with_keys_of_their_own(place):
    """At once, on two clients and two contexts; a plain one beside them."""
    with SecureServer("openssl", "first key") as first, SecureServer(
        "gnutls", "the second"
    ) as second, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, "one&first key")
        use_dtls(at, 4, 3, "two&the second")
        clients = [
            Bg96(at, first.secure_port, 0),
            Bg96(at, second.port, 2),
            Bg96(at, second.secure_port, 4),
        ]
        for _ in range(3):
            for client in clients:
                get_root(client)
        for client in clients:
            client.close()
        assert modem.stop() == 0


def test_name_of_the_server(place):
    """A name is resolved, and sent; an address is not."""
    with SecureServer("openssl", KEY) as server, Relay(server.secure_port) as relay:
        for name, sent in (("localhost", True), ("127.0.0.1", False)):
            del relay.seen[:]
            with Modem("--bind=127.0.0.1") as modem:
                at = start(modem)
                use_dtls(at, 0, 0, PSK)
                at.ok(f'AT+QCOAPOPEN=0,"{name}",{relay.port}')
                at.urc(r"\+QCOAPOPEN: 0,(0|-5)", 20)
                assert modem.stop() == 0
            hellos = [data for client, data in relay.seen if client]
            if hellos:  # a bare machine may not know localhost
                assert (b"localhost" in hellos[0]) == sent, hellos[0]


def test_ipv6(place):
    with SecureServer("openssl", KEY, host="::1") as server, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        module = Bg96(at, server.secure_port, host="::1")
        get_root(module)
        module.close()
        assert modem.stop() == 0


def test_restart_of_the_module_says_goodbye(place):
    with SecureServer("openssl", KEY) as server, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        Bg96(at, server.secure_port)
        at.ok("AT+CFUN=1,1")
        server.expect("alert read:warning:close notify")
        while at.line(5) != "APP RDY":
            pass
        use_dtls(at, 0, 0)
        get_root(Bg96(at, server.secure_port))
        assert modem.stop() == 0


def test_detach_says_goodbye(place):
    with SecureServer("openssl", KEY) as server, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        Bg96(at, server.secure_port)
        at.ok("AT+CGATT=0")
        server.expect("alert read:warning:close notify")
        assert modem.stop() == 0


def open_again(library, *settings):
    """Opens, uses, closes and opens again. How many datagrams of the handshake the
    server sent each time, and what -v says."""
    counts = []
    with SecureServer(library, KEY) as server, Relay(server.secure_port) as relay, Modem(
        "-v"
    ) as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        for setting in settings:
            at.ok(f"AT+QSSLCFG={setting}")
        for _ in range(2):
            del relay.seen[:]
            module = Bg96(at, relay.port)
            counts.append(
                sum(not client and data[0] in HANDSHAKE for client, data in relay.seen)
            )
            get_root(module)
            module.close()
        assert modem.stop() == 0
        return counts, [line for line in modem.lines if "handshake" in line]


def test_reopened_openssl_is_resumed(place):
    counts, lines = open_again("openssl")
    assert counts == [3, 2], counts
    assert "a full handshake" in lines[0] and "resumed by a short" in lines[1], lines


def test_reopened_gnutls_is_full(place):
    _, lines = open_again("gnutls")
    assert len(lines) == 2 and all("a full handshake" in line for line in lines), lines


def test_not_resumed_if_told_so(place):
    _, lines = open_again("openssl", '"session",0,0')
    assert len(lines) == 2 and all("a full handshake" in line for line in lines), lines


def test_cipher_suites(place):
    """The second suite, which OpenSSL does not take from libcoap, works on GnuTLS."""
    for suite in ("0XC0A8", "0X00AE", "0XFFFF"):
        _, lines = open_again("gnutls", f'"ciphersuite",0,{suite}')
        assert len(lines) == 2, lines


def test_many_times(place):
    with SecureServer("openssl", KEY) as server, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        before = None
        for _ in range(50):
            module = Bg96(at, server.secure_port)
            module.close()
            count = len(os.listdir(f"/proc/{modem.child.pid}/fd"))
            assert before in (None, count), (before, count)
            before = count
        assert modem.stop() == 0


def test_large_payload(place):
    with SecureServer("openssl", KEY) as server, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        module = Bg96(at, server.secure_port)
        text = "0123456789abcdef" * 64
        module.request(3, [(11, "big")], payload=text)
        assert module.answer().code == "2.01"
        module.request(1, [(11, "big")])
        assert module.answer().payload == text
        module.close()


def test_ends_with_a_goodbye(place):
    with SecureServer("openssl", KEY) as server, Modem() as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        Bg96(at, server.secure_port)
        assert modem.stop() == 0
        server.expect("alert read:warning:close notify")


def test_key_log(place):
    """Made only when asked for, readable by nobody else, even if it was before."""
    path = place + "/keys"
    with open(path, "w", encoding="ascii") as file:
        file.write("# mine\n")
    os.chmod(path, 0o644)
    with SecureServer("openssl", KEY) as server, Modem(f"--keylog={path}") as modem:
        at = start(modem)
        use_dtls(at, 0, 0, PSK)
        Bg96(at, server.secure_port).close()
        assert modem.stop() == 0
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    with open(path, encoding="ascii") as file:
        lines = file.read().splitlines()
    assert lines[0] == "# mine" and len(lines) == 2, lines
    words = lines[1].split(" ")
    assert words[0] == "CLIENT_RANDOM" and [len(word) for word in words[1:]] == [64, 96]


if __name__ == "__main__":
    run_tests(globals())
