# SPDX-License-Identifier: MIT
"""Cases of the ETSI CoAP plugtests that the modules of the notes can play, by both of them: the host
does what the case asks for, and every datagram that passes is read twice, here and by tshark; both
must agree, and be what the case wants. docs/conformance.md lists them from CASES and NOT_PLAYED."""

import os
import socket
import threading
import time

import modules
from dtls_capture import tshark, write_capture
from harness import PROGRAM, At, Modem, Process, Relay, SecureServer, Server, Terminal, run_tests
from modules import use_dtls

READY = r"^atcoap: pty (\S+)$"
GET, POST, PUT, DELETE = 1, 2, 3, 4
CON, NON, ACK, RST = range(4)
TYPES = ("CON", "NON", "ACK", "RST")
IF_MATCH, ETAG, IF_NONE_MATCH, OBSERVE, LOCATION_PATH, URI_PATH = 1, 4, 5, 6, 8, 11
CONTENT_FORMAT, MAX_AGE, URI_QUERY, ACCEPT, LOCATION_QUERY, BLOCK2, BLOCK1 = 12, 14, 15, 17, 20, 23, 27

CASES = {
    "TD_COAP_CORE_01": ("GET as CON", "2.05 in the ACK", "libcoap"),
    "TD_COAP_CORE_02": ("DELETE as CON", "2.02 in the ACK", "libcoap"),
    "TD_COAP_CORE_03": ("PUT as CON, new and again", "2.01 and 2.04 in the ACK", "libcoap"),
    "TD_COAP_CORE_04": ("POST as CON", "2.04 in the ACK", "atcoap serve"),
    "TD_COAP_CORE_05": ("GET as NON", "2.05 in a NON", "libcoap"),
    "TD_COAP_CORE_06": ("DELETE as NON", "2.02 in a NON", "libcoap"),
    "TD_COAP_CORE_07": ("PUT as NON, new and again", "2.01 and 2.04 in a NON", "libcoap"),
    "TD_COAP_CORE_08": ("POST as NON", "2.04 in a NON", "atcoap serve"),
    "TD_COAP_CORE_09": (
        "GET of a slow resource",
        "an empty ACK, then 2.05 in a CON, acknowledged",
        "libcoap",
    ),
    "TD_COAP_CORE_10": ("GET with a token", "the token comes back with 2.05", "libcoap"),
    "TD_COAP_CORE_11": (
        "GET of a slow resource with a token",
        "the token comes back in the separate CON",
        "libcoap",
    ),
    "TD_COAP_CORE_12": ("GET without a token", "2.05 without a token", "libcoap"),
    "TD_COAP_CORE_13": ("GET with three Uri-Path options", "the resource of that path", "libcoap"),
    "TD_COAP_CORE_14": (
        "GET with three Uri-Query options",
        "2.05; the server got them in order",
        "scripted peer",
    ),
    "TD_COAP_CORE_15": (
        "GET while the request, or its ACK, is lost",
        "sent again the same; one 2.05",
        "atcoap serve",
    ),
    "TD_COAP_CORE_16": (
        "GET of a slow resource while each datagram is lost in turn",
        "one 2.05",
        "atcoap serve",
    ),
    "TD_COAP_CORE_17": ("GET of a slow resource as NON", "2.05 in a NON", "scripted peer"),
    "TD_COAP_CORE_18": (
        "POST that makes a resource",
        "2.01 with three Location-Path options",
        "scripted peer",
    ),
    "TD_COAP_CORE_19": (
        "POST answered with Location-Query",
        "2.01, both queries shown",
        "scripted peer",
    ),
    "TD_COAP_CORE_20": (
        "GET with Accept 0, then 41",
        "2.05 in the format asked for",
        "scripted peer",
    ),
    "TD_COAP_CORE_21": (
        "GET, then GET with its ETag, before and after a change",
        "2.03 with the ETag; 2.05 with a new one",
        "scripted peer",
    ),
    "TD_COAP_CORE_22": (
        "PUT with If-Match: the right ETag, then an old one",
        "2.04; 4.12",
        "scripted peer",
    ),
    "TD_COAP_CORE_23": ("PUT with If-None-Match, twice", "2.01; 4.12", "scripted peer"),
    "TD_COAP_CORE_31": ("ping", "RST, told to the host", "libcoap"),
    "TD_COAP_LINK_01": ("GET /.well-known/core", "2.05, Content-Format 40", "libcoap"),
    "TD_COAP_LINK_02": ("the same with ?rt=Type1", "links of that type alone", "scripted peer"),
    "TD_COAP_LINK_03": ("the same with ?rt=*", "links that have a type", "scripted peer"),
    "TD_COAP_LINK_04": ("the same with ?rt=Type2", "links of that type alone", "scripted peer"),
    "TD_COAP_LINK_05": (
        "the same with ?if=If*",
        "links whose interface begins so",
        "scripted peer",
    ),
    "TD_COAP_LINK_06": ("the same with ?sz=*", "links that have a size", "scripted peer"),
    "TD_COAP_LINK_07": ("the same with ?href=/link1", "that link alone", "scripted peer"),
    "TD_COAP_LINK_08": ("the same with ?href=/link*", "links that begin so", "scripted peer"),
    "TD_COAP_LINK_09": (
        "GET of a resource that lists others, then of one of these",
        "2.05 each",
        "scripted peer",
    ),
    "TD_COAP_BLOCK_01": (
        "GET in blocks of 64 bytes, asked for from the first",
        "all of it, block by block (D-185: by the host)",
        "scripted peer",
    ),
    "TD_COAP_BLOCK_02": (
        "GET whose first answer is a block",
        "the host asks for the rest",
        "scripted peer",
    ),
    "TD_COAP_BLOCK_03": (
        "PUT in blocks of 64 bytes",
        "2.31 for each but the last, 2.04",
        "scripted peer",
    ),
    "TD_COAP_BLOCK_04": (
        "POST in blocks of 64 bytes",
        "2.31 for each but the last, 2.01 with its place",
        "scripted peer",
    ),
    "TD_COAP_BLOCK_05": (
        "POST in blocks, answered in blocks",
        "2.31, then 2.04 in blocks the host asks for",
        "scripted peer",
    ),
    "TD_COAP_BLOCK_06": (
        "GET asked for in blocks of 16 bytes",
        "blocks of 16 to the end",
        "scripted peer",
    ),
    "TD_COAP_OBS_01": ("observe, notified by CON", "each shown and acknowledged", "scripted peer"),
    "TD_COAP_OBS_02": ("observe by NON, notified by NON", "each shown", "atcoap serve"),
    "TD_COAP_OBS_04": (
        "observe; no notification within Max-Age",
        "the host registers again, with its token",
        "scripted peer",
    ),
    "TD_COAP_OBS_05": (
        "observe; the host closes, notifications go on",
        "no answer any more",
        "scripted peer",
    ),
    "TD_COAP_OBS_06": (
        "observe; the host opens anew and has forgotten",
        "RST for the next notification",
        "scripted peer",
    ),
    "TD_COAP_OBS_07": (
        "observe; the resource is deleted",
        "4.04 as the last notification",
        "scripted peer",
    ),
    "TD_COAP_OBS_08": (
        "observe; the content changes its format",
        "4.06 as the last notification",
        "scripted peer",
    ),
    "TD_COAP_OBS_09": (
        "observe; somebody changes the resource",
        "the new value at once",
        "scripted peer",
    ),
    "TD_COAP_OBS_10": (
        "observe, and GET the same without Observe",
        "both answered, the observation goes on",
        "scripted peer",
    ),
    "TD_COAP_OBS_11": (
        "observe by CON; ACKs get lost, so notifications come again",
        "acknowledged again, each shown once",
        "scripted peer",
    ),
    "TD_COAP_OBS_12": (
        "observe; Observe 1 with its token",
        "the answer has no Observe, and the next CON gets RST",
        "scripted peer",
    ),
    "TD_COAP_OBS_13": (
        "observe a resource of several blocks",
        "the host asks for the rest of each, with another token",
        "scripted peer",
    ),
    "TD_COAP_OBS_14": (
        "observe a resource of one or of several blocks; it changes between two of them",
        "the host asks for the rest where there is one; the ETag tells it to start anew",
        "scripted peer",
    ),
    "TD_COAP_DTLS_01": (
        "GET over DTLS with the right key",
        "2.05, nothing in the clear",
        "libcoap on OpenSSL",
    ),
    "TD_COAP_DTLS_02": ("OPEN with a wrong key", "-9", "libcoap on OpenSSL"),
    "TD_COAP_DTLS_03": (
        "GET over DTLS on a link that loses a fifth",
        "2.05 in the end",
        "libcoap on OpenSSL",
    ),
}

NOT_PLAYED = {
    "TD_COAP_DTLS_04 to 07": "raw public keys: neither note has them",
}


class Message:
    """One datagram, read."""

    def __init__(self, data):
        self.type, self.tkl = data[0] >> 4 & 3, data[0] & 15
        self.code = f"{data[1] >> 5}.{data[1] & 31:02}"
        self.mid = data[2] << 8 | data[3]
        self.token = data[4 : 4 + self.tkl].hex().upper()
        self.options, self.payload = [], b""
        at, number = 4 + self.tkl, 0
        while at < len(data):
            if data[at] == 0xFF:
                self.payload = data[at + 1 :]
                break
            delta, length = data[at] >> 4, data[at] & 15
            at += 1
            extended = []
            for value in (delta, length):
                size = max(value - 12, 0)
                extra = int.from_bytes(data[at : at + size], "big")
                extended.append(value if size == 0 else extra + (13, 269)[size - 1])
                at += size
            number += extended[0]
            self.options.append((number, data[at : at + extended[1]]))
            at += extended[1]

    def values(self, number):
        return [value for known, value in self.options if known == number]

    def uint(self, number):
        """The first value of an option as a number, None without it."""
        found = self.values(number)
        return int.from_bytes(found[0], "big") if found else None

    def path(self):
        return "/" + b"/".join(self.values(URI_PATH)).decode()


def uint(value):
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def build(type_, code, mid, token="", options=(), payload=b""):
    """One datagram; code as c.dd, options as (number, bytes)."""
    c, dd = code.split(".")
    token = bytes.fromhex(token)
    data = bytes([0x40 | type_ << 4 | len(token), int(c) << 5 | int(dd)]) + mid.to_bytes(2, "big") + token
    before = 0
    for number, value in sorted(options, key=lambda option: option[0]):
        nibbles, extra = [], b""
        for part in (number - before, len(value)):
            nibbles.append(part if part < 13 else 13)
            extra += b"" if part < 13 else bytes([part - 13])
        data += bytes([nibbles[0] << 4 | nibbles[1]]) + extra + value
        before = number
    return data + (b"\xff" + payload if payload else b"")


class Peer:
    """A server that a case has written: answer(message) is (code, options, payload), or a list of
    datagrams. It keeps all datagrams as a Relay does."""

    def __init__(self, answer):
        self.answer = answer
        self.seen, self.client, self.mid, self.ended = [], None, 0x7000, False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.ended:
            try:
                data, self.client = self.socket.recvfrom(65536)
            except OSError:
                continue
            self.seen.append((True, data))
            message = Message(data)
            if message.code.startswith("0.") and message.code != "0.00":
                self.reply(message, self.answer(message))
            elif message.type == CON:
                self.send(build(RST, "0.00", message.mid))

    def reply(self, message, answer):
        if isinstance(answer, list):
            for data in answer:
                self.send(data)
            return
        code, options, payload = answer
        type_, mid = (ACK, message.mid) if message.type == CON else (NON, self.next_mid())
        self.send(build(type_, code, mid, message.token, options, payload))

    def next_mid(self):
        self.mid += 1
        return self.mid

    def send(self, data):
        self.seen.append((False, data))
        self.socket.sendto(data, self.client)

    def notify(self, type_, token, options, payload=b"", code="2.05"):
        """A message of its own accord; returns its ID."""
        self.send(build(type_, code, self.next_mid(), token, options, payload))
        return self.mid

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.ended = True
        self.thread.join()
        self.socket.close()


class Bc95(modules.Bc95):
    def request(self, method, options=(), token="", payload="", type_=CON):
        if token:
            self.at.ok(f"AT+QCOAPHEAD=2,{len(token) // 2},{token}")
        if options:
            values = ",".join(f'{number},"{value}"' for number, value in options)
            self.at.ok(f"AT+QCOAPOPTION={len(options)},{values}")
        self.at.send(f"AT+QCOAPSEND={type_},{method},127.0.0.1,{self.port}", payload)

    def ping(self):
        self.at.send(f"AT+QCOAPSEND=0,0,127.0.0.1,{self.port}")
        self.at.urc(r'\+QCOAPURC: "rsp",3,0,\d+(,0)?')

    def reopen(self):
        self.close()
        self.at.ok(f"AT+QCOAPCREATE={self.local}")

    def __init__(self, at, port):
        super().__init__(at, port)
        self.close()
        self.local = modules.free_udp_port()
        at.ok(f"AT+QCOAPCREATE={self.local}")


class Bg96(modules.Bg96):
    def request(self, method, options=(), token="", payload="", type_=CON):
        for slot in range(self.slots):
            self.at.ok(f"AT+QCOAPOPTION={self.id},1,{slot}")
        self.slots = len(options)
        for slot, (number, value) in enumerate(options):
            text = "" if number == IF_NONE_MATCH else f',"{value}"'
            self.at.ok(f"AT+QCOAPOPTION={self.id},0,{slot},{number}{text}")
        self.mid += 1
        token = f",0,{len(token) // 2},{token}" if token else ",0"
        self.at.ok(f"AT+QCOAPHEADER={self.id},{self.mid}{token}")
        self.at.send(f"AT+QCOAPSEND={self.id},{type_},{method},{(1 << self.slots) - 1}", payload)
        while not self.at.urc(r"\+QCOAP(IND|ACK): .*", 20).group().startswith("+QCOAPACK"):
            pass  # a repetition, on a bad link

    def ping(self):
        self.at.send(f"AT+QCOAPSEND={self.id},0,0,0")
        self.at.urc(rf"\+QCOAPACK: {self.id},0,\d+,-3")

    def reopen(self):
        self.close()
        self.slots = 0
        self.at.ok(f'AT+QCOAPOPEN={self.id},"127.0.0.1",{self.port}')
        self.at.urc(rf"\+QCOAPOPEN: {self.id},0")

    def __init__(self, at, port):
        super().__init__(at, port)
        self.port = port


MODULES = {"bc95": Bc95, "bg96": Bg96}


class Bed:
    """A module, its server, and all that passes between."""

    def __init__(self, place, dialect, peer, seen, *options):
        self.place, self.dialect, self.seen, self.peer = place, dialect, seen, peer
        settings = ("--set=options=any", "--set=content-format=any")
        self.modem = Modem(f"--dialect={dialect}", *settings, *options)
        self.at = At(Terminal(self.modem.expect(READY).group(1))).hush()
        self.module = MODULES[dialect](self.at, peer.port)

    def answer(self, code, payload=None, timeout=10):
        """The next response must be so; BC95 reports an empty ACK before a separate one."""
        answer = self.module.answer(timeout)
        if answer.code == "0":
            answer = self.module.answer(timeout)
        assert answer.code == code, vars(answer)
        if payload is not None:
            assert answer.payload == payload, vars(answer)
        return answer

    def ask(self, method, options, code, payload=None, **how):
        self.module.request(method, options, **how)
        return self.answer(code, payload)

    def wait(self, count):
        """Until so many datagrams have passed."""
        end = time.monotonic() + 10
        while len(self.seen) < count:
            assert time.monotonic() < end, self.passed()
            time.sleep(0.01)

    def messages(self):
        return [Message(data) for _, data in self.seen]

    def passed(self):
        return [f"{'>' if sent else '<'} {TYPES[m.type]} {m.code}"
                for (sent, _), m in zip(list(self.seen), self.messages())]

    def check(self, *wanted):
        """What passed is this, says our reading and says tshark."""
        self.wait(len(wanted))
        assert self.passed() == list(wanted), self.passed()
        self.check_tshark()

    def check_tshark(self):
        capture = os.path.join(self.place, "case.pcap")
        seen = list(self.seen)
        write_capture(capture, seen)
        names = ("coap.type", "coap.code", "coap.mid", "coap.token", "_ws.malformed")
        fields = [word for name in names for word in ("-e", name)]
        rows = tshark(capture, "-d", "udp.port==5684,coap", "-T", "fields", *fields)
        assert len(rows) == len(seen), rows
        for line, (_, data) in zip(rows, seen):
            type_, code, mid, token, bad = (line + "\t" * 4).split("\t")[:5]
            m = Message(data)
            read = (int(type_), int(code), int(mid, 0), token.replace(":", "").upper(), bad)
            assert read == (m.type, data[1], m.mid, m.token, ""), (line, data.hex())

    def close(self):
        self.at.port.close()
        assert self.modem.stop() == 0


class Own(Process):
    """atcoap serve."""

    def __init__(self):
        super().__init__([PROGRAM, "serve", "--port=0"])
        self.port = int(self.expect(r"coap://127\.0\.0\.1:(\d+)").group(1))


def play(place, dialect, case, server, answer=None, options=()):
    """A case against its server."""
    if server == "scripted peer":
        with Peer(answer) as peer:
            run(case, Bed(place, dialect, peer, peer.seen, *options))
        return
    with (Server("-d", "20") if server == "libcoap" else Own()) as process, Relay(process.port) as relay:
        run(case, Bed(place, dialect, relay, relay.seen, *options))


def run(case, bed):
    with bed.modem:
        case(bed)
        bed.close()


# --- CORE ---------------------------------------------------------------------------------------

TEST = [(URI_PATH, "test")]
NEW = [(URI_PATH, "test"), (CONTENT_FORMAT, "0")]


def both_ways(type_, code):
    """What passes for a request and its answer."""
    return [f"> {TYPES[type_]} 0.{code[0]:02}", f"< {'ACK' if type_ == CON else 'NON'} {code[1]}"]


def put_first(bed, type_):
    bed.ask(PUT, NEW, "2.01", payload=None, type_=type_)


def TD_COAP_CORE_01(bed, type_=CON):
    bed.ask(GET, [], "2.05", type_=type_)
    bed.check(*both_ways(type_, (GET, "2.05")))


def TD_COAP_CORE_02(bed, type_=CON):
    put_first(bed, type_)
    bed.ask(DELETE, TEST, "2.02", type_=type_)
    bed.check(*both_ways(type_, (PUT, "2.01")), *both_ways(type_, (DELETE, "2.02")))


def TD_COAP_CORE_03(bed, type_=CON):
    put_first(bed, type_)
    bed.module.request(PUT, NEW, payload="again", type_=type_)
    bed.answer("2.04")
    bed.check(*both_ways(type_, (PUT, "2.01")), *both_ways(type_, (PUT, "2.04")))
    assert bed.messages()[2].payload == b"again"
    assert bed.messages()[2].uint(CONTENT_FORMAT) == 0


def TD_COAP_CORE_04(bed, type_=CON):
    bed.module.request(POST, [(URI_PATH, "echo"), (CONTENT_FORMAT, "0")], payload="some", type_=type_)
    bed.answer("2.04", "some")
    bed.check(*both_ways(type_, (POST, "2.04")))


def TD_COAP_CORE_05(bed):
    TD_COAP_CORE_01(bed, NON)


def TD_COAP_CORE_06(bed):
    TD_COAP_CORE_02(bed, NON)


def TD_COAP_CORE_07(bed):
    TD_COAP_CORE_03(bed, NON)


def TD_COAP_CORE_08(bed):
    TD_COAP_CORE_04(bed, NON)


SLOW = [(URI_PATH, "async"), (URI_QUERY, "1")]


def TD_COAP_CORE_09(bed, token=""):
    bed.ask(GET, SLOW, "2.05", token=token)
    bed.check("> CON 0.01", "< ACK 0.00", "< CON 2.05", "> ACK 0.00")
    sent, ack, answer, our_ack = bed.messages()
    assert ack.mid == sent.mid and our_ack.mid == answer.mid
    assert sent.token == answer.token == token and our_ack.token == "", answer.token


def TD_COAP_CORE_10(bed):
    bed.ask(GET, [], "2.05", token="0102030405060708")
    bed.check("> CON 0.01", "< ACK 2.05")
    assert [m.token for m in bed.messages()] == ["0102030405060708"] * 2


def TD_COAP_CORE_11(bed):
    TD_COAP_CORE_09(bed, "C0FFEE")


def TD_COAP_CORE_12(bed):
    bed.ask(GET, [], "2.05")
    bed.check("> CON 0.01", "< ACK 2.05")
    assert [m.token for m in bed.messages()] == ["", ""]


def TD_COAP_CORE_13(bed):
    path = [(URI_PATH, "seg1"), (URI_PATH, "seg2"), (URI_PATH, "seg3")]
    bed.module.request(PUT, path + [(CONTENT_FORMAT, "0")], payload="deep")
    bed.answer("2.01")
    bed.ask(GET, path, "2.05", "deep")
    bed.check("> CON 0.03", "< ACK 2.01", "> CON 0.01", "< ACK 2.05")
    assert bed.messages()[2].path() == "/seg1/seg2/seg3"


def TD_COAP_CORE_14(bed):
    queries = ["first=1", "second=2", "third=3"]
    bed.ask(GET, [(URI_PATH, "query")] + [(URI_QUERY, q) for q in queries], "2.05", "&".join(queries))
    bed.check("> CON 0.01", "< ACK 2.05")


def answer_14(message):
    text = b"&".join(message.values(URI_QUERY))
    return "2.05", [(CONTENT_FORMAT, b"")], text


def TD_COAP_CORE_15(bed):
    """The link loses the first way up, then the answer to the second request."""
    for _ in range(2):
        bed.ask(GET, [(URI_PATH, "hello")], "2.05")
    assert not bed.at.urcs or all("QCOAPIND" in urc for urc in bed.at.urcs), bed.at.urcs
    again = [m for m in bed.messages() if m.code == "0.01"]
    assert len(again) == 3 and again[1].mid == again[2].mid, bed.passed()
    bed.check_tshark()


def TD_COAP_CORE_16(bed):
    """The link loses the request, its ACK, the response and our ACK, one after the other."""
    bed.ask(GET, [(URI_PATH, "separate")], "2.05")
    bed.check_tshark()


def TD_COAP_CORE_17(bed):
    bed.ask(GET, [(URI_PATH, "separate")], "2.05", "late", type_=NON)
    bed.check("> NON 0.01", "< NON 2.05")


def answer_17(message):
    time.sleep(0.5)
    return "2.05", [(CONTENT_FORMAT, b"")], b"late"


def TD_COAP_CORE_18(bed):
    bed.module.request(POST, NEW, payload="some")
    wanted = [(LOCATION_PATH, f"location{number}") for number in (1, 2, 3)]
    assert bed.answer("2.01").options == wanted
    bed.check("> CON 0.02", "< ACK 2.01")


def answer_18(message):
    return "2.01", [(LOCATION_PATH, b"location%d" % number) for number in (1, 2, 3)], b""


def TD_COAP_CORE_19(bed):
    answer = bed.ask(POST, [(URI_PATH, "location-query")], "2.01")
    assert answer.options == [(LOCATION_QUERY, "first=1"), (LOCATION_QUERY, "second=2")], answer.options
    bed.check("> CON 0.02", "< ACK 2.01")


def answer_19(message):
    return "2.01", [(LOCATION_QUERY, b"first=1"), (LOCATION_QUERY, b"second=2")], b""


def TD_COAP_CORE_20(bed):
    for accept, text in (("0", "plain"), ("41", "<a/>")):
        answer = bed.ask(GET, [(URI_PATH, "multi-format"), (ACCEPT, accept)], "2.05", text)
        assert dict(answer.options)[CONTENT_FORMAT] == accept, answer.options
    bed.check(*["> CON 0.01", "< ACK 2.05"] * 2)


def answer_20(message):
    xml = message.uint(ACCEPT) == 41
    return "2.05", [(CONTENT_FORMAT, uint(41 if xml else 0))], b"<a/>" if xml else b"plain"


class Store:
    """One resource with an ETag, that can be there or not."""

    def __init__(self, value=b"one"):
        self.value, self.version = value, 1

    def __call__(self, message):
        tag = bytes([self.version])
        if message.code == "0.01":
            if tag in message.values(ETAG):
                return "2.03", [(ETAG, tag)], b""
            return "2.05", [(ETAG, tag), (CONTENT_FORMAT, b"")], self.value
        if message.values(IF_MATCH) and tag not in message.values(IF_MATCH):
            return "4.12", [], b""
        if message.values(IF_NONE_MATCH) and self.value is not None:
            return "4.12", [], b""
        code = "2.01" if self.value is None else "2.04"
        self.value, self.version = message.payload, self.version + 1
        return code, [], b""


def TD_COAP_CORE_21(bed):
    tag = dict(bed.ask(GET, TEST, "2.05", "one").options)[ETAG]
    valid = bed.ask(GET, TEST + [(ETAG, tag)], "2.03")
    assert dict(valid.options)[ETAG] == tag and not valid.payload
    bed.module.request(PUT, NEW, payload="two")
    bed.answer("2.04")
    fresh = bed.ask(GET, TEST + [(ETAG, tag)], "2.05", "two")
    assert dict(fresh.options)[ETAG] != tag
    bed.check("> CON 0.01", "< ACK 2.05", "> CON 0.01", "< ACK 2.03", "> CON 0.03", "< ACK 2.04",
              "> CON 0.01", "< ACK 2.05")


def TD_COAP_CORE_22(bed):
    tag = dict(bed.ask(GET, TEST, "2.05").options)[ETAG]
    for code in ("2.04", "4.12"):
        bed.module.request(PUT, NEW + [(IF_MATCH, tag)], payload="changed")
        bed.answer(code)
    bed.check("> CON 0.01", "< ACK 2.05", "> CON 0.03", "< ACK 2.04", "> CON 0.03", "< ACK 4.12")


def TD_COAP_CORE_23(bed):
    for code in ("2.01", "4.12"):
        bed.module.request(PUT, NEW + [(IF_NONE_MATCH, "")], payload="mine")
        bed.answer(code)
    bed.check("> CON 0.03", "< ACK 2.01", "> CON 0.03", "< ACK 4.12")
    assert bed.messages()[0].values(IF_NONE_MATCH) == [b""]


def TD_COAP_CORE_31(bed):
    bed.module.ping()
    bed.check("> CON 0.00", "< RST 0.00")


# --- LINK ---------------------------------------------------------------------------------------

CORE = [(URI_PATH, ".well-known"), (URI_PATH, "core")]
LINKS = {
    "/link1": {"rt": "Type1 Type2", "if": "If1"},
    "/link2": {"rt": "Type2 Type3", "if": "If2", "sz": "200"},
    "/link3": {"rt": "Type1 Type3"},
    "/other": {"if": "foo"},
    "/plain": {},
}


def link(name):
    return f"<{name}>" + "".join(f';{key}="{value}"' for key, value in LINKS[name].items())


def filtered(query):
    key, _, wanted = query.partition("=")
    for name, attributes in LINKS.items():
        value = name if key == "href" else attributes.get(key)
        begins = wanted.endswith("*") and value is not None and value.startswith(wanted[:-1])
        if begins or wanted in (value or "").split():
            yield link(name)


def answer_link(message):
    if message.path() != "/.well-known/core":
        text = "</set/1>,</set/2>" if message.path() == "/set" else "leaf"
        return "2.05", [(CONTENT_FORMAT, uint(40) if text[0] == "<" else b"")], text.encode()
    text = ",".join(filtered(message.values(URI_QUERY)[0].decode()))
    return "2.05", [(CONTENT_FORMAT, uint(40))], text.encode()


def TD_COAP_LINK_01(bed):
    answer = bed.ask(GET, CORE, "2.05")
    assert dict(answer.options)[CONTENT_FORMAT] == "40" and "</time>" in answer.payload
    bed.check("> CON 0.01", "< ACK 2.05")
    assert bed.messages()[0].path() == "/.well-known/core"


def ask_links(bed, query, *names):
    bed.ask(GET, CORE + [(URI_QUERY, query)], "2.05", ",".join(map(link, names)))
    bed.check("> CON 0.01", "< ACK 2.05")
    assert bed.messages()[0].values(URI_QUERY) == [query.encode()]


def TD_COAP_LINK_02(bed):
    ask_links(bed, "rt=Type1", "/link1", "/link3")


def TD_COAP_LINK_03(bed):
    ask_links(bed, "rt=*", "/link1", "/link2", "/link3")


def TD_COAP_LINK_04(bed):
    ask_links(bed, "rt=Type2", "/link1", "/link2")


def TD_COAP_LINK_05(bed):
    ask_links(bed, "if=If*", "/link1", "/link2")


def TD_COAP_LINK_06(bed):
    ask_links(bed, "sz=*", "/link2")


def TD_COAP_LINK_07(bed):
    ask_links(bed, "href=/link1", "/link1")


def TD_COAP_LINK_08(bed):
    ask_links(bed, "href=/link*", "/link1", "/link2", "/link3")


def TD_COAP_LINK_09(bed):
    answer = bed.ask(GET, [(URI_PATH, "set")], "2.05", "</set/1>,</set/2>")
    first = answer.payload.split(">")[0][2:]
    bed.ask(GET, [(URI_PATH, part) for part in first.split("/")], "2.05", "leaf")
    bed.check(*["> CON 0.01", "< ACK 2.05"] * 2)


# --- BLOCK --------------------------------------------------------------------------------------

LARGE = "".join(f"{line:03} 0123456789abcdefghijklmnopqr\n" for line in range(5))  # 165 bytes


def block(number, more, szx):
    return number << 4 | more << 3 | szx


class Blocks:
    """A resource of several blocks: asked for, and put together."""

    def __init__(self, code="2.04", reply=None, szx=2):
        self.code, self.reply, self.szx, self.got = code, reply, szx, b""

    def part(self, message, text, code, options):
        asked = message.uint(BLOCK2)
        number, szx = (0, self.szx) if asked is None else (asked >> 4, min(asked & 7, self.szx))
        size = 16 << szx
        piece = text[number * size : (number + 1) * size]
        more = len(text) > (number + 1) * size
        return code, options + [(CONTENT_FORMAT, b""), (BLOCK2, uint(block(number, more, szx)))], piece

    def __call__(self, message):
        if message.code == "0.01":
            return self.part(message, LARGE.encode(), "2.05", [])
        sent = message.uint(BLOCK1)
        if sent is not None:
            self.got = (self.got if sent >> 4 else b"") + message.payload
            if sent >> 3 & 1:
                return "2.31", [(BLOCK1, uint(sent))], b""
            if self.got != LARGE.encode():
                return "4.08", [], b""
        echo = [] if sent is None else [(BLOCK1, uint(sent))]
        if self.reply:
            return self.part(message, self.reply, self.code, echo)
        place = [(LOCATION_PATH, b"new")] if self.code == "2.01" else []
        return self.code, echo + place, b""


def fetch(bed, path, szx, ask_first, first=None, method=GET, code="2.05"):
    """All blocks of a resource, as a host does it."""
    text, number, more = "", 0, True
    while more:
        options = [(URI_PATH, path)]
        if number or ask_first:
            options.append((BLOCK2, str(block(number, 0, szx))))
        answer = first or bed.ask(method, options, code)
        first = None
        value = int(dict(answer.options)[BLOCK2])
        assert value >> 4 == number, value
        szx, more = value & 7, value >> 3 & 1
        text += answer.payload
        number += 1
    return text, number


def upload(bed, method, last, szx=2):
    """LARGE in blocks; returns the answer to the last."""
    size = 16 << szx
    count = -(-len(LARGE) // size)
    for number in range(count):
        more = number < count - 1
        this = (BLOCK1, str(block(number, more, szx)))
        piece = LARGE[number * size : (number + 1) * size]
        bed.module.request(method, [(URI_PATH, "large"), (CONTENT_FORMAT, "0"), this], payload=piece)
        answer = bed.answer("2.31" if more else last)
        assert dict(answer.options)[BLOCK1] == str(block(number, more, szx)), answer.options
    return answer


def TD_COAP_BLOCK_01(bed):
    assert fetch(bed, "large", 2, True) == (LARGE, 3)
    bed.check(*["> CON 0.01", "< ACK 2.05"] * 3)
    assert [m.uint(BLOCK2) for m in bed.messages()] == [2, 10, 18, 26, 34, 34]


def TD_COAP_BLOCK_02(bed):
    assert fetch(bed, "large", 2, False) == (LARGE, 3)
    bed.check(*["> CON 0.01", "< ACK 2.05"] * 3)
    assert [m.uint(BLOCK2) for m in bed.messages()] == [None, 10, 18, 26, 34, 34]


def TD_COAP_BLOCK_03(bed):
    upload(bed, PUT, "2.04")
    bed.check("> CON 0.03", "< ACK 2.31", "> CON 0.03", "< ACK 2.31", "> CON 0.03", "< ACK 2.04")


def TD_COAP_BLOCK_04(bed):
    answer = upload(bed, POST, "2.01")
    assert (LOCATION_PATH, "new") in answer.options
    bed.check("> CON 0.02", "< ACK 2.31", "> CON 0.02", "< ACK 2.31", "> CON 0.02", "< ACK 2.01")


def TD_COAP_BLOCK_05(bed):
    answer = upload(bed, POST, "2.04")
    assert fetch(bed, "large", 2, False, answer, POST, "2.04") == ("y" * 100, 2)
    bed.check(*["> CON 0.02", "< ACK 2.31"] * 2, *["> CON 0.02", "< ACK 2.04"] * 2)


def TD_COAP_BLOCK_06(bed):
    assert fetch(bed, "large", 0, True) == (LARGE, -(-len(LARGE) // 16))
    bed.check(*["> CON 0.01", "< ACK 2.05"] * -(-len(LARGE) // 16))


# --- OBS ----------------------------------------------------------------------------------------

WATCH = [(OBSERVE, "0"), (URI_PATH, "obs")]
TOKEN = "0B5E"
START = ["> CON 0.01", "< ACK 2.05"]


def answer_observe(message):
    options = [(CONTENT_FORMAT, b""), (MAX_AGE, uint(1))]
    if message.uint(OBSERVE) == 0:
        options.append((OBSERVE, uint(1)))
    return "2.05", options, b"value"


def register(bed):
    answer = bed.ask(GET, WATCH, "2.05", "value", token=TOKEN)
    assert answer.has(OBSERVE)


def notified(bed, type_, number, text, code="2.05"):
    """A notification, and that the host is told."""
    options = [(OBSERVE, uint(number)), (CONTENT_FORMAT, b"")] if code == "2.05" else []
    bed.peer.notify(type_, TOKEN, options, text.encode(), code)
    bed.answer(code, text or None)


def TD_COAP_OBS_01(bed):
    register(bed)
    for number in (2, 3, 4):
        notified(bed, CON, number, f"change {number}")
        bed.wait(2 * number)
    bed.check(*START, *["< CON 2.05", "> ACK 0.00"] * 3)


def TD_COAP_OBS_02(bed):
    for _ in range(3):
        if bed.messages():
            bed.answer("2.05")
        else:
            bed.ask(GET, [(OBSERVE, "0"), (URI_PATH, "time")], "2.05", token=TOKEN, type_=NON)
    assert bed.passed()[:4] == ["> NON 0.01"] + ["< NON 2.05"] * 3, bed.passed()
    bed.check_tshark()


def TD_COAP_OBS_04(bed):
    register(bed)
    bed.at.silence(1.2)
    register(bed)
    bed.check(*START * 2)
    assert len({m.token for m in bed.messages()}) == 1


def TD_COAP_OBS_05(bed):
    register(bed)
    bed.module.close()
    bed.peer.notify(CON, TOKEN, [(OBSERVE, uint(2))], b"gone")
    bed.at.silence(0.3)
    bed.check(*START, "< CON 2.05")


def TD_COAP_OBS_06(bed):
    register(bed)
    if bed.dialect == "bg96":
        bed.module.reopen()
        bed.module.ping()  # the new socket has another port
    else:
        bed.module.reopen()
    before = len(bed.seen)
    bed.peer.notify(CON, TOKEN, [(OBSERVE, uint(2))], b"gone")
    bed.wait(before + 2)
    assert bed.passed()[before:] == ["< CON 2.05", "> RST 0.00"], bed.passed()
    bed.at.silence(0.1)
    bed.check_tshark()


def TD_COAP_OBS_07(bed, code="4.04"):
    register(bed)
    notified(bed, CON, 0, "", code)
    bed.wait(4)
    bed.peer.notify(CON, TOKEN, [(OBSERVE, uint(3))], b"more")
    bed.check(*START, f"< CON {code}", "> ACK 0.00", "< CON 2.05", "> RST 0.00")


def TD_COAP_OBS_08(bed):
    TD_COAP_OBS_07(bed, "4.06")


def TD_COAP_OBS_09(bed):
    register(bed)
    notified(bed, CON, 2, "put by another")
    bed.check(*START, "< CON 2.05", "> ACK 0.00")


def TD_COAP_OBS_10(bed):
    register(bed)
    bed.ask(GET, [(URI_PATH, "obs")], "2.05", "value", token="AA")
    notified(bed, CON, 2, "still")
    bed.check(*START * 2, "< CON 2.05", "> ACK 0.00")


def TD_COAP_OBS_11(bed):
    register(bed)
    for number in (2, 3):
        notified(bed, CON, number, f"change {number}")
        bed.wait(4 * number - 4)
        bed.peer.send(bed.seen[-2][1])
        bed.wait(4 * number - 2)
    bed.at.silence(0.1)
    bed.check(*START, *["< CON 2.05", "> ACK 0.00"] * 4)


def TD_COAP_OBS_12(bed):
    register(bed)
    answer = bed.ask(GET, [(OBSERVE, "1"), (URI_PATH, "obs")], "2.05", token=TOKEN)
    assert not answer.has(OBSERVE)
    bed.peer.notify(CON, TOKEN, [(OBSERVE, uint(2))], b"more")
    bed.check(*START * 2, "< CON 2.05", "> RST 0.00")
    bed.at.silence(0.1)


class Observed(Blocks):
    """Blocks with an ETag, observed; changes behind the first block of a fetch if told to."""

    def __init__(self, changes=False):
        super().__init__()
        self.version, self.changes = 1, changes

    def text(self):
        return chr(96 + self.version) * 100

    def __call__(self, message):
        observe = [(OBSERVE, uint(1))] if message.uint(OBSERVE) == 0 else []
        if self.changes and message.uint(BLOCK2):
            self.version, self.changes = 2, False
        tag = [(ETAG, bytes([self.version]))]
        return self.part(message, self.text().encode(), "2.05", observe + tag)


def rest_of(bed, answer):
    """The second block under another token, and whether it belongs to the first."""
    more = bed.ask(GET, [(URI_PATH, "obs"), (BLOCK2, "18")], "2.05", token="B10C")
    return more.payload, dict(more.options)[ETAG] == dict(answer.options)[ETAG]


def TD_COAP_OBS_13(bed):
    first = bed.ask(GET, WATCH, "2.05", "a" * 64, token=TOKEN)
    assert rest_of(bed, first) == ("a" * 36, True)
    options = [(OBSERVE, uint(2)), (CONTENT_FORMAT, b""), (ETAG, b"\1"), (BLOCK2, uint(10))]
    bed.peer.notify(CON, TOKEN, options, b"a" * 64)
    assert rest_of(bed, bed.answer("2.05", "a" * 64)) == ("a" * 36, True)
    bed.check(*START * 2, "< CON 2.05", "> ACK 0.00", *START)


def TD_COAP_OBS_14(bed):
    first = bed.ask(GET, WATCH, "2.05", "a" * 64, token=TOKEN)
    assert rest_of(bed, first) == ("b" * 36, False)
    notified(bed, CON, 2, "short")
    bed.wait(6)
    anew = bed.ask(GET, [(URI_PATH, "obs")], "2.05", "b" * 64, token="B10C")
    assert rest_of(bed, anew) == ("b" * 36, True)
    bed.check(*START * 2, "< CON 2.05", "> ACK 0.00", *START * 2)


# --- DTLS ---------------------------------------------------------------------------------------

KEY = "12344FG89"


def secure(key, *options):
    """Open a client with that key; the result, what passed, and the answer to a GET."""
    with SecureServer("openssl", KEY) as server, Relay(server.secure_port) as relay:
        with Modem("--dialect=bg96", *options) as modem:
            at = At(Terminal(modem.expect(READY).group(1))).hush()
            use_dtls(at, 0, 0, "me&" + key.encode().hex())
            at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{relay.port}')
            result = at.urc(r"\+QCOAPOPEN: 0,(-?\d+)", 60).group(1)
            if result == "0":
                at.send("AT+QCOAPSEND=0,0,1,0")
                while not at.urc(r"\+QCOAP.*", 60).group().startswith("+QCOAPRECV"):
                    pass
            assert modem.stop() == 0
            return result, [data for _, data in relay.seen]


def TD_COAP_DTLS_01():
    result, seen = secure(KEY)
    assert result == "0"
    assert all(20 <= data[0] <= 23 for data in seen) and any(data[0] == 23 for data in seen)


def TD_COAP_DTLS_02():
    result, seen = secure("wrong key", "--speed=10")
    assert result == "-9" and not any(data[0] == 23 for data in seen)


def TD_COAP_DTLS_03():
    result, _ = secure(KEY, "--link=loss=20%", "--speed=10", "--seed=7")
    assert result == "0"


# --- all of them ---------------------------------------------------------------------------------


def answer_of(name):
    """How the scripted peer answers in a case."""
    own = {
        "14": answer_14, "17": answer_17, "18": answer_18, "19": answer_19, "20": answer_20,
        "21": Store(), "22": Store(), "23": Store(None),
    }
    if "CORE" in name:
        return own[name[-2:]]
    if "LINK" in name:
        return answer_link
    if "BLOCK" in name:
        return Blocks(*{"04": ["2.01"], "05": ["2.04", b"y" * 100]}.get(name[-2:], []))
    return Observed(name.endswith("14")) if name[-2:] in ("13", "14") else answer_observe


LOSSES = {
    "TD_COAP_CORE_15": ["up.drop=1,down.drop=2"],
    "TD_COAP_CORE_16": ["up.drop=1", "down.drop=1", "down.drop=2", "up.drop=2"],
}


def player(name, dialect):
    server = CASES[name][2]

    def test(place):
        case = globals()[name]
        for losses in LOSSES.get(name, [None]):
            options = [f"--link={losses}", "--speed=8"] if losses else []
            answer = answer_of(name) if server == "scripted peer" else None
            play(place, dialect, case, server, answer, options)

    return test


for known in CASES:
    if "DTLS" in known:
        globals()[f"test_{known}_bg96"] = lambda place, known=known: globals()[known]()
    else:
        for module in MODULES:
            globals()[f"test_{known}_{module}"] = player(known, module)

if __name__ == "__main__":
    run_tests(globals())
