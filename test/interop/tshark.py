# SPDX-License-Identifier: MIT
"""The modules' datagrams, read by tshark: nothing malformed, no remark, and type,
code, message ID, token, options and payload as the module was told."""

import re
import socket
import struct
import threading

from dtls_capture import ip_packet, tshark
from harness import At, Modem, Terminal, free_udp_port, run_tests

READY = r"^atcoap: pty (\S+)$"
CON, NON, ACK, RST = range(4)

MODULE = (bytes([192, 0, 2, 1]), 50000)
SERVER = (bytes([192, 0, 2, 2]), 5683)

# How tshark calls the value of an option, by its number. The values of some are
# bytes; those of others are printed in words, an Accept of 0 by mistake as nothing.
FIELDS = {
    1: "if_match",
    3: "uri_host",
    4: "etag",
    6: "observe",
    7: "uri_port",
    8: "location_path",
    11: "uri_path",
    12: "ctype",
    14: "max_age",
    15: "uri_query",
    17: "accept",
    20: "location_query",
    35: "proxy_uri",
    39: "proxy_scheme",
    60: "size1",
}
OPAQUE = (1, 4)
WORDS = {
    (12, "0"): "text/plain; charset=utf-8",
    (12, "40"): "application/link-format",
    (17, "0"): "(null)",
    (17, "40"): "application/link-format",
}


class Sink:
    """Takes datagrams, and acknowledges each CON."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.seen = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            data, source = self.socket.recvfrom(65536)
            self.seen.append(data)
            if data[0] & 0x30 == CON << 4:
                self.socket.sendto(bytes([0x60, 0]) + data[2:4], source)


class Message:
    """What the module is told to send."""

    def __init__(self, mid, type_=NON, code=2, token="", options=(), payload=""):
        self.mid = mid
        self.type = type_
        self.code = code
        self.token = token
        self.options = list(options)
        self.payload = payload

    def c_dd(self):
        return f"{self.code >> 5}{self.code & 31:02}" if self.code > 31 else str(self.code)


def messages(longest_option, longest_proxy_uri, empty_hex):
    """The edges of everything a SEND can say, a message ID each."""
    mids = iter([0, 65535, *range(100, 1000)])
    for method in (1, 2, 3, 4):
        for type_ in (CON, NON):
            yield Message(next(mids), type_, method)
    for length in range(1, 9):
        yield Message(next(mids), token="A5" * length)
    for code in [65, 66, 67, 68, 69, 128, 129, 130, 131, 132, 133, 134]:
        yield Message(next(mids), NON, code, token="01", payload="x")
    for code in [140, 141, 143, 160, 161, 162, 163, 164, 165]:
        yield Message(next(mids), ACK, code, token="02")
    yield Message(next(mids), ACK, 0)
    yield Message(next(mids), RST, 0)
    for length in (1, 12, 13, 255, 1024):
        yield Message(next(mids), payload="z" * length)

    # Values at both ends, and around the lengths where an option's head grows.
    hexes = [(1, "11"), (1, "11" * 8), (4, "22"), (4, "33" * 8)]
    hexes += [(1, "")] if empty_hex else []
    numbers = [(6, 0), (6, 1), (7, 0), (7, 255), (7, 256), (7, 65535), (14, 0), (14, 65536)]
    numbers += [(14, 2**32 - 1), (60, 0), (60, 2**32 - 1)]
    texts = [(number, "t" * length) for number in (8, 11, 15, 20) for length in (1, 12, 13)]
    texts += [(number, "u" * longest_option) for number in (3, 8, 11, 15, 20, 39)]
    texts += [(35, "v" * length) for length in (1, 268, 269, 1034) if length <= longest_proxy_uri]
    texts += [(12, "0"), (12, "40"), (17, "0"), (17, "40"), (5, "")]
    for number, value in hexes + numbers + texts:
        yield Message(next(mids), options=[(number, str(value))])

    path = [(11, "a"), (11, "b"), (15, "q=1"), (15, "q=2")]
    every = [(3, "host"), (7, "5683"), *path, (12, "0"), (17, "40")]
    yield Message(next(mids), CON, 1, token="0102030405060708", options=path)
    yield Message(next(mids), CON, 2, options=every, payload="with everything")


def write_capture(path, seen):
    """A pcap file of bare IP packets, a second apart."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for number, data in enumerate(seen):
            packet = ip_packet(MODULE, SERVER, data)
            file.write(struct.pack("<IIII", number, 0, len(packet), len(packet)))
            file.write(packet)


def read_capture(path):
    """What tshark sees in each datagram: its fields by name, each a list."""
    names = ["type", "code", "mid", "token", "payload_length", "opt.desc"]
    names += [f"opt.{name}" for name in FIELDS.values()]
    fields = [word for name in names for word in ("-e", f"coap.{name}")]
    lines = tshark(path, "-T", "fields", "-E", "aggregator=|", *fields)
    return [
        {name: value.split("|") if value else [] for name, value in zip(names, line.split("\t"))}
        for line in lines
    ]


def expected(told, number):
    """The values of one option as tshark prints them."""
    values = [value for known, value in told.options if known == number]
    if number in OPAQUE:
        return [value.lower() for value in values if value]
    return [WORDS.get((number, value), value) for value in values]


def values_of(seen, number):
    values = seen[f"opt.{FIELDS[number]}"]
    if number in OPAQUE:
        return [value.replace(":", "") for value in values if value != "<MISSING>"]
    return values


def check(told, seen):
    """One datagram against the message that the module was told to send."""
    what = (vars(told), seen)
    assert seen["type"] == [str(told.type)] and seen["mid"] == [str(told.mid)], what
    assert seen["code"] == [str(told.code)], what
    assert "".join(seen["token"]).replace(":", "") == told.token.lower(), what
    assert seen["payload_length"] == ([str(len(told.payload))] if told.payload else []), what

    numbers = [int(re.search(r"Type (\d+)", desc).group(1)) for desc in seen["opt.desc"]]
    assert numbers == sorted(number for number, _ in told.options), what
    for number in FIELDS:
        assert values_of(seen, number) == expected(told, number), (number, what)


def remarks(path):
    """Datagrams that are malformed, odd, or no CoAP."""
    return tshark(path, "-Y", "_ws.malformed || _ws.expert || !coap")


def compare(place, sink, told):
    path = place + "/module.pcap"
    write_capture(path, sink.seen)
    assert not remarks(path), remarks(path)
    seen = read_capture(path)
    assert len(seen) == len(told), (len(seen), len(told))
    for message, fields in zip(told, seen):
        check(message, fields)
    print(f"       {len(told)} datagrams")


def test_bad_datagrams_are_remarked_upon(place):
    """Silence means something: a token cut short, an option's value, a length of 15."""
    bad = (bytes([0x48, 1, 0, 1]), bytes([0x40, 1, 0, 2, 0xB5, 0x61]), bytes([0x40, 1, 0, 3, 0xF0]))
    for data in bad:
        write_capture(place + "/bad.pcap", [data])
        assert remarks(place + "/bad.pcap"), data


def test_bg96(place):
    sink = Sink()
    told = list(messages(longest_option=255, longest_proxy_uri=1034, empty_hex=True))
    with Modem("--dialect=bg96") as modem:
        at = At(Terminal(modem.expect(READY).group(1))).hush()
        at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{sink.port}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        for message in told:
            token = f"{len(message.token) // 2},{message.token}" if message.token else "0"
            at.ok(f"AT+QCOAPHEADER=0,{message.mid},0,{token}")
            for slot, (number, value) in enumerate(message.options):
                at.ok(f'AT+QCOAPOPTION=0,0,{slot},{number},"{value}"')
            mask = (1 << len(message.options)) - 1
            at.send(f"AT+QCOAPSEND=0,{message.type},{message.code},{mask}", message.payload)
            at.urc(rf"\+QCOAPACK: 0,{message.type},{message.mid},0")
            for slot in range(len(message.options)):
                at.ok(f"AT+QCOAPOPTION=0,1,{slot}")
        at.port.close()
    compare(place, sink, told)


def test_bc95(place):
    sink = Sink()
    told = list(messages(longest_option=180, longest_proxy_uri=180, empty_hex=False))
    with Modem("--dialect=bc95") as modem:
        at = At(Terminal(modem.expect(READY).group(1))).hush()
        at.ok(f"AT+QCOAPCREATE={free_udp_port()}")
        for message in told:
            token = f",{len(message.token) // 2},{message.token}" if message.token else ""
            at.ok(f"AT+QCOAPHEAD={5 if token else 3},{message.mid}{token}")
            if message.options:
                values = ",".join(f'{number},"{value}"' for number, value in message.options)
                at.ok(f"AT+QCOAPOPTION={len(message.options)},{values}")
            at.send(
                f"AT+QCOAPSEND={message.type},{message.c_dd()},127.0.0.1,{sink.port}",
                message.payload,
            )
            if message.type == CON:
                at.urc(rf'\+QCOAPURC: "rsp",2,0,{message.mid}')
        at.silence(0.1)
        at.port.close()
    compare(place, sink, told)


if __name__ == "__main__":
    run_tests(globals())
