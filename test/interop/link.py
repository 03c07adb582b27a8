# SPDX-License-Identifier: MIT
"""A bad network between the module and real sockets: losses of a seed, delay, an
address translator, coverage, DTLS records, and time that runs faster."""

import re
import socket
import time

from harness import At, Modem, SecureServer, Server, Terminal, run_tests

READY = r"^atcoap: pty (\S+)$"


class Client:
    """A module behind a link, its client 0 open to a server."""

    def __init__(self, port, link, *options, dialect="bg96"):
        self.modem = Modem(f"--dialect={dialect}", f"--link={link}", *options)
        self.at = At(Terminal(self.modem.expect(READY).group(1))).hush()
        if port is not None:
            self.at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{port}')
            self.at.urc(r"\+QCOAPOPEN: 0,0")
            self.at.ok('AT+QCOAPOPTION=0,0,0,11,"time"')

    def get(self, mid, kind=0):
        self.at.ok(f"AT+QCOAPHEADER=0,{mid},0,4,{mid:08X}")
        self.at.send(f"AT+QCOAPSEND=0,{kind},1,1")

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.at.port.close()
        self.modem.__exit__(kind, value, trace)


def test_all_lost_at_speed(place):
    """Four retransmissions take 62 to 93 s of the module, which are five at most."""
    with Server() as server:
        with Client(server.port, "loss=100%", "--speed=20", "--set=max-retransmit=4") as client:
            start = time.monotonic()
            client.get(7)
            for number in range(1, 5):
                client.at.urc(rf"\+QCOAPIND: 0,0,7,{number},0", timeout=8)
            client.at.urc(r"\+QCOAPACK: 0,0,7,-11", timeout=8)
            took = time.monotonic() - start
            assert 2 < took < 30, took
            client.at.silence(0.3)


def outcome(server, seed):
    """What became of ten requests with that seed, and what the link said."""
    said = []
    with Client(server.port, "loss=30%", "--speed=10", f"--seed={seed}", "-v") as client:
        client.modem.expect(rf"^atcoap: seed {seed}$")
        for mid in range(1, 11):
            client.get(mid)
            while True:
                urc = client.at.urc(r".+", timeout=15).group(0)
                if not urc.startswith("+QCOAPRECV"):
                    said.append(urc)
                if re.match(rf"\+QCOAPACK: 0,0,{mid},-|\+QCOAPRECV: 0,{mid},", urc):
                    break
        verdicts = [line.split(" ", 1)[1] for line in client.modem.lines if " link: " in line]
    return said, [v for v in verdicts if "lost" in v]


def test_retransmission_copes(place):
    """Three of ten are lost, in each direction: the requests get through all the same, and the
    same seed loses the same datagrams."""
    with Server() as server:
        first, lost = outcome(server, 5)
        again, lost_again = outcome(server, 5)
        other, _ = outcome(server, 6)
        assert first == again and lost == lost_again, (first, again, lost, lost_again)
        assert first != other
        assert len(lost) >= 4, lost
        assert sum(urc.endswith(",0") and "QCOAPACK" in urc for urc in first) >= 9, first


def test_delay(place):
    with Server() as server:
        with Client(server.port, "up.delay=300,down.delay=500", "-v") as client:
            start = time.monotonic()
            client.get(9)
            client.at.urc(r"\+QCOAPACK: 0,0,9,0")
            assert 0.79 < time.monotonic() - start < 1.5
            client.at.urc(r"\+QCOAPRECV: 0,9,2\.05,.*")
            client.modem.expect(r"link: datagram 1 up sets out$")
            client.modem.expect(r"link: datagram 1 up arrives$")
            client.modem.expect(r"link: datagram 2 down arrives$")


def test_copies_are_not_reported(place):
    with Server() as server:
        with Client(server.port, "dup=100%,delay=20", "-v") as client:
            client.get(9, kind=1)
            client.at.urc(r"\+QCOAPACK: 0,1,9,0")
            client.at.urc(r"\+QCOAPRECV: 0,\d+,2\.05,.*")
            client.modem.expect(r"link: datagram 2 up is a copy of 1$")
            client.at.silence(0.5)


def test_other_port_after_expiry(place):
    """What comes late is lost; the next request comes from another port, and is answered there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(5)
        with Client(peer.getsockname()[1], "nat=500", "-v") as client:
            client.get(1, kind=1)
            client.at.urc(r"\+QCOAPACK: 0,1,1,0")
            first = peer.recvfrom(1000)[1]
            answer = bytes([0x54, 0x45, 0, 9, 0, 0, 0, 1])
            peer.sendto(answer, first)
            client.at.urc(r"\+QCOAPRECV: 0,9,2\.05,4,00000001,.*")
            time.sleep(0.7)
            peer.sendto(bytes([0x54, 0x45, 0, 10, 0, 0, 0, 1]), first)
            client.modem.expect(r"link: datagram \d+ down is lost: nat$")
            client.get(2, kind=1)
            client.at.urc(r"\+QCOAPACK: 0,1,2,0")
            second = peer.recvfrom(1000)[1]
            assert first != second
            peer.sendto(bytes([0x54, 0x45, 0, 11, 0, 0, 0, 2]), first)  # to nobody, and no ICMP
            peer.sendto(bytes([0x54, 0x45, 0, 12, 0, 0, 0, 2]), second)
            client.at.urc(r"\+QCOAPRECV: 0,12,2\.05,4,00000002,.*")
            try:
                peer.settimeout(0.2)
                raise AssertionError(peer.recvfrom(1000))
            except TimeoutError:
                pass


def test_too_many_on_their_way(place):
    """256 may be; what comes then is lost, and said to be."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(5)
        with Client(peer.getsockname()[1], "down.delay=3s", "-v") as client:
            client.get(1, kind=1)
            client.at.urc(r"\+QCOAPACK: 0,1,1,0")
            source = peer.recvfrom(1000)[1]
            for number in range(300):
                peer.sendto(bytes([0x50, 0x45, number >> 8, number & 255]), source)
                if number % 20 == 0:
                    time.sleep(0.01)  # the socket's buffer has an end, too
            client.modem.expect(r"link: datagram 258 down is lost: local$")
            assert not [line for line in client.modem.lines if "datagram 257 down is lost" in line]


def test_coverage(place):
    """The module notices."""
    with Client(None, "coverage=in:800/out:800/detach:600/in", "--dialect=bc95") as client:
        seen = []
        end = time.monotonic() + 4
        while time.monotonic() < end and seen != ["1", "2", "1"]:
            state = client.at.ok("AT+CEREG?")[-1][-1]
            if seen[-1:] != [state]:
                seen.append(state)
            time.sleep(0.05)
        assert seen == ["1", "2", "1"], seen


def test_dtls_records_are_lost(place):
    """The 2nd record up and the 3rd down: the handshake repeats them, and the data gets through."""
    with SecureServer("openssl", "secret-key") as server:
        modem = Modem("--link=up.drop=2,down.drop=3", "--speed=4", "-v")
        with modem:
            at = At(Terminal(modem.expect(READY).group(1))).hush()
            key = "user&secret-key"
            at.write(f'AT+QFUPL="0_server.psk",{len(key)}\r')
            at.line()
            at.write(key)
            at.reply()
            at.ok('AT+QCOAPCFG="dtls",0,1,0')
            at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{server.secure_port}')
            at.urc(r"\+QCOAPOPEN: 0,0", timeout=20)
            at.ok('AT+QCOAPOPTION=0,0,0,11,"time"')
            at.send("AT+QCOAPSEND=0,0,1,1")
            at.urc(r"\+QCOAPACK: 0,0,\d+,0", timeout=20)
            at.urc(r"\+QCOAPRECV: 0,\d+,2\.05,.*", timeout=20)
            modem.expect(r"link: datagram \d+ up is lost: listed$")
            modem.expect(r"link: datagram \d+ down is lost: listed$")
            at.port.close()


def test_power_saving(place):
    """Asleep, with its UART: what is typed is lost. The update wakes it."""
    link = "psm=500:2500,psm-uart=deaf"
    with Modem(f"--link={link}", "-v") as modem:
        at = At(Terminal(modem.expect(READY).group(1)))
        at.hush()
        time.sleep(1)
        at.write("AT\r")
        at.silence(0.5)
        modem.expect(r"link: the module sleeps, 3 bytes typed at it are lost$")
        end = time.monotonic() + 4
        while True:
            assert time.monotonic() < end
            at.write("AT\r")
            try:
                at.exact(b"\r\nOK\r\n", timeout=0.2)
                break
            except AssertionError:
                pass
        at.port.close()


def test_D_207_the_seed_is_said(place):
    with Modem() as modem:
        modem.expect(READY)
        assert not [line for line in modem.lines if "seed" in line]
    with Modem("--link=lan") as modem:
        modem.expect(r"^atcoap: seed \d{1,6}$")
        modem.expect(READY)


if __name__ == "__main__":
    run_tests(globals())
