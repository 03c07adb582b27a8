# SPDX-License-Identifier: MIT
"""The CoAP side's sockets: local ports, both IP families, names."""

import re
import socket

from harness import At, Modem, Terminal, free_udp_port, run_tests

READY = r"^atcoap: pty (\S+)$"


def start(modem):
    return At(Terminal(modem.expect(READY).group(1))).hush()


def test_D_23_local_port_in_use_names_the_remedy(place):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        with Modem("--dialect=bc95") as modem:
            at = start(modem)
            at.ok("AT+CMEE=1")
            assert at.command(f"AT+QCOAPCREATE={port}") == ["+CME ERROR: 3"]
            modem.expect(rf"^atcoap: .*{port}.*--local-port=any")
        with Modem("--dialect=bc95", "--local-port=any") as modem:
            start(modem).ok(f"AT+QCOAPCREATE={port}")


def test_local_port_is_the_one_asked_for_and_given_back(place):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(5)
        with Modem("--dialect=bc95") as modem:
            at = start(modem)
            first, second = free_udp_port(), free_udp_port()
            for port in (first, second, first):
                at.ok(f"AT+QCOAPCREATE={port}")
                at.send(f"AT+QCOAPSEND=1,1,127.0.0.1,{peer.getsockname()[1]}")
                assert peer.recvfrom(2000)[1] == ("127.0.0.1", port)
                at.ok("AT+QCOAPDEL")


def test_ipv6_and_ipv4_from_one_socket(place):
    with Modem("--dialect=bc95", "--local-port=any") as modem:
        at = start(modem)
        at.ok("AT+QCOAPCREATE=5683")
        at.ok('AT+QCOAPCFG="Showra",1')
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with socket.socket(family, socket.SOCK_DGRAM) as peer:
                peer.bind((address, 0))
                peer.settimeout(5)
                port = peer.getsockname()[1]
                at.send(f'AT+QCOAPSEND=0,1,"{address}",{port}')
                data, source = peer.recvfrom(2000)
                peer.sendto(bytes([0x60, 0x45]) + data[2:4] + b"\xffhi", source)
                at.urc(
                    rf'\+QCOAPURC: "rsp",{re.escape(address)},{port},2,2.05,\d+,2,6869'
                )


def test_bind_address_is_used(place):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(5)
        with Modem("--bind=127.0.0.2") as modem:
            at = start(modem)
            at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{peer.getsockname()[1]}')
            at.urc(r"\+QCOAPOPEN: 0,0")
            at.send("AT+QCOAPSEND=0,1,1,0")
            assert peer.recvfrom(2000)[1][0] == "127.0.0.2"


def knows(name):
    """Whether this machine has an address for the name; a bare one has no hosts file."""
    try:
        return bool(socket.getaddrinfo(name, None))
    except socket.gaierror:
        return False


def test_D_63_names_resolve_or_fail(place):
    with Modem() as modem:
        at = start(modem)
        at.ok('AT+QCOAPOPEN=0,"localhost",5683')
        at.urc(r"\+QCOAPOPEN: 0,0" if knows("localhost") else r"\+QCOAPOPEN: 0,-5", 20)
        at.ok('AT+QCOAPOPEN=1,"no.such.name.invalid",5683')
        at.urc(r"\+QCOAPOPEN: 1,-5", timeout=70)


def test_icmp_errors_disturb_nobody(place):
    """Port unreachable must not end the client or hide a later answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        port = peer.getsockname()[1]
        peer.close()
        with Modem() as modem:
            at = start(modem)
            at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{port}')
            at.urc(r"\+QCOAPOPEN: 0,0")
            for mid in (1, 2, 3):
                at.ok(f"AT+QCOAPHEADER=0,{mid},1")
                at.send("AT+QCOAPSEND=0,1,1,0")
                at.urc(rf"\+QCOAPACK: 0,1,{mid},0")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as later:
                later.bind(("127.0.0.1", port))
                later.settimeout(5)
                at.ok("AT+QCOAPHEADER=0,4,0,1,AA")
                at.send("AT+QCOAPSEND=0,1,1,0")
                at.urc(r"\+QCOAPACK: 0,1,4,0")
                data, source = later.recvfrom(2000)
                assert data == bytes([0x51, 1, 0, 4, 0xAA])
                later.sendto(bytes([0x51, 0x45, 0, 9, 0xAA]), source)
                at.urc(r"\+QCOAPRECV: 0,9,2\.05,1,AA,0,0")


def test_catalogue_L12_empty_datagrams(place):
    """A datagram of no bytes is no end of anything: the next one is read."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer, Modem() as modem:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(5)
        at = start(modem)
        at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{peer.getsockname()[1]}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        at.ok("AT+QCOAPHEADER=0,7,0,1,AA")
        at.send("AT+QCOAPSEND=0,1,1,0")
        at.urc(r"\+QCOAPACK: 0,1,7,0")
        source = peer.recvfrom(2000)[1]
        for mid in (1, 2):
            for _ in range(3):
                peer.sendto(b"", source)
            peer.sendto(bytes([0x40, 0, 0, mid]), source)
            assert peer.recvfrom(2000)[0] == bytes([0x70, 0, 0, mid])
        assert at.command("AT") == ["OK"]


if __name__ == "__main__":
    run_tests(globals())
