# SPDX-License-Identifier: MIT
"""Both modules as their user sees them, and what to do with libcoap's server:
the same for each module, with and without DTLS."""

import re

from harness import free_udp_port

GET, PUT, DELETE = 1, 3, 4
OBSERVE, URI_PATH, CONTENT_FORMAT, URI_QUERY = 6, 11, 12, 15


class Answer:
    """A message of the server as the module reported it."""

    def __init__(self, code, mid, options, payload, type_=None, token=None):
        self.code = code
        self.mid = mid
        self.options = options
        self.payload = payload
        self.type = type_
        self.token = token

    def has(self, number):
        return any(known == number for known, _ in self.options)


def split_fields(text, count):
    """The first count fields of a list, quoted ones unquoted, and the rest."""
    fields = []
    while len(fields) < count:
        match = re.match(r'(?:"([^"]*)"|([^,]*))(?:,|$)', text, re.DOTALL)
        fields.append(match.group(2) if match.group(1) is None else match.group(1))
        text = text[match.end() :]
    return fields, text


class Bc95:
    """A context, and what belongs to the next SEND."""

    def __init__(self, at, port):
        self.at = at
        self.port = port
        at.ok("AT+CMEE=1")
        at.ok(f"AT+QCOAPCREATE={free_udp_port()}")
        at.ok('AT+QCOAPCFG="Showrspopt",1')

    def close(self):
        self.at.ok("AT+QCOAPDEL")

    def request(self, method, options=(), token="", payload=""):
        if token:
            self.at.ok(f"AT+QCOAPHEAD=2,{len(token) // 2},{token}")
        if options:
            values = ",".join(f'{number},"{value}"' for number, value in options)
            self.at.ok(f"AT+QCOAPOPTION={len(options)},{values}")
        self.at.send(f"AT+QCOAPSEND=0,{method},127.0.0.1,{self.port}", payload)

    def answer(self, timeout=5):
        match = self.at.urc(r'\+QCOAPURC: "rsp",(\d),([0-9.]+),(\d+)(?:,(.*))?', timeout)
        rest = match.group(4) or ""
        options = []
        text = None
        if rest:
            (count,), rest = split_fields(rest, 1)
            for _ in range(int(count)):
                pair, rest = split_fields(rest, 2)
                options.append((int(pair[0]), pair[1]))
        if rest:
            (length,), text = split_fields(rest, 1)
            if dict(options).get(CONTENT_FORMAT) not in ("0", "41", "50"):
                text = bytes.fromhex(text).decode()
            assert len(text) == int(length), text
        return Answer(
            match.group(2), int(match.group(3)), options, text, int(match.group(1))
        )

    def delivered(self):
        lines = self.at.ok("AT+QCOAPDATASTATUS?")
        assert lines == ["+QCOAPDATASTATUS: 4"], lines

    def separate(self):
        """The empty ACK is reported too."""
        ack = self.answer()
        assert (ack.type, ack.code) == (2, "0"), vars(ack)
        self.delivered()
        answer = self.answer()
        assert answer.type == 0, vars(answer)
        return answer


class Bg96:
    """A client, whose option slots are filled anew for each request."""

    def __init__(self, at, port, client=0, timeout=10, host="127.0.0.1"):
        self.at = at
        self.id = client
        self.slots = 0
        self.mid = 1000 * (client + 1)
        at.ok(f'AT+QCOAPOPEN={client},"{host}",{port}')
        at.urc(rf"\+QCOAPOPEN: {client},0", timeout)
        lines = at.ok("AT+QCOAPOPEN?")
        assert f'+QCOAPOPEN: {client},"{host}",{port},3' in lines, lines

    def close(self):
        self.at.ok(f"AT+QCOAPCLOSE={self.id}")
        self.at.urc(rf"\+QCOAPCLOSE: {self.id},0")

    def request(self, method, options=(), token="", payload=""):
        for slot in range(self.slots):
            self.at.ok(f"AT+QCOAPOPTION={self.id},1,{slot}")
        self.slots = len(options)
        for slot, (number, value) in enumerate(options):
            self.at.ok(f'AT+QCOAPOPTION={self.id},0,{slot},{number},"{value}"')
        self.mid += 1
        if token:
            self.at.ok(f"AT+QCOAPHEADER={self.id},{self.mid},0,{len(token) // 2},{token}")
        else:
            self.at.ok(f"AT+QCOAPHEADER={self.id},{self.mid},1")
        mask = (1 << self.slots) - 1
        self.at.send(f"AT+QCOAPSEND={self.id},0,{method},{mask}", payload)
        self.at.urc(rf"\+QCOAPACK: {self.id},0,{self.mid},0")

    def answer(self, timeout=5):
        match = self.at.urc(
            rf"\+QCOAPRECV: {self.id},(\d+),([0-9.]+),(\d),([0-9A-F]*),(\d+),(.*)", timeout
        )
        assert len(match.group(4)) == 2 * int(match.group(3))
        rest = match.group(6)
        options = []
        for _ in range(int(match.group(5))):
            pair, rest = split_fields(rest, 2)
            options.append((int(pair[0]), pair[1]))
        length, _, text = rest.partition("\n")
        assert int(length) == len(text), rest
        return Answer(
            match.group(2), int(match.group(1)), options, text, None, match.group(4)
        )

    def delivered(self):
        """QCOAPACK has told."""

    def separate(self):
        """The ACK came as QCOAPACK, before this."""
        return self.answer()


def upload(at, name, content):
    """A file into the module."""
    at.write(f'AT+QFUPL="{name}",{len(content)}\r')
    line = at.line()
    assert line == "CONNECT", line
    at.write(content)
    lines = at.reply()
    assert lines[0].startswith(f"+QFUPL: {len(content)},") and lines[-1] == "OK", lines
    return lines[0]


def use_dtls(at, client, context, psk=None):
    """The client takes the context's key; psk is the content of its file."""
    at.ok(f'AT+QCOAPCFG="dtls",{client},1,{context}')
    at.ok(f'AT+QSSLCFG="dtls",{context},1')
    at.ok(f'AT+QSSLCFG="dtlsversion",{context},1')
    if psk is not None:
        upload(at, f"UFS:{context}_server.psk", psk)


def get_root(module):
    module.request(GET)
    answer = module.answer()
    assert answer.code == "2.05", vars(answer)
    assert answer.payload.startswith("This is a test server made with libcoap")
    module.delivered()


def discover(module):
    module.request(GET, [(URI_PATH, ".well-known"), (URI_PATH, "core")])
    answer = module.answer()
    assert answer.code == "2.05", vars(answer)
    assert dict(answer.options)[CONTENT_FORMAT] == "40"
    assert "</time>" in answer.payload and "</async>" in answer.payload


def get_separate(module):
    module.request(GET, [(URI_PATH, "async"), (URI_QUERY, "1")], token="A1B2C3D4")
    answer = module.separate()
    assert (answer.code, answer.payload) == ("2.05", "done"), vars(answer)
    assert answer.token in (None, "A1B2C3D4")


def observe(module):
    module.request(GET, [(OBSERVE, "0"), (URI_PATH, "time")], token="0B5E")
    last = -1
    for _ in range(4):  # the answer and three notifications
        answer = module.answer(timeout=10)
        assert answer.code == "2.05" and answer.payload, vars(answer)
        assert answer.token in (None, "0B5E")
        number = int(dict(answer.options)[OBSERVE])
        assert number > last, (number, last)
        last = number
    module.request(GET, [(OBSERVE, "1"), (URI_PATH, "time")], token="0B5E")
    for _ in range(5):  # a notification may have been on its way
        answer = module.answer()
        if not answer.has(OBSERVE):
            break
    assert answer.code == "2.05" and not answer.has(OBSERVE), vars(answer)
    module.at.silence(2.5)


def put_get_delete(module):
    path = (URI_PATH, "fresh")
    text = (CONTENT_FORMAT, "0")
    for method, code in ((PUT, "2.01"), (PUT, "2.04")):
        module.request(method, [path, text], payload="twenty-one degrees")
        assert module.answer().code == code
    module.request(GET, [path])
    answer = module.answer()
    assert (answer.code, answer.payload) == ("2.05", "twenty-one degrees")
    module.request(DELETE, [path])
    assert module.answer().code == "2.02"
    module.request(GET, [path])
    assert module.answer().code == "4.04"
