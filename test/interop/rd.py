# SPDX-License-Identifier: MIT
"""Registration at a resource directory, libcoap's: a POST with a Content-Format
and four queries, and the name of the new resource in two Location-Path options.
The session of BC95 5.3, and the same on BG96."""

from harness import At, Modem, Process, Relay, Terminal, free_udp_port, run_tests
from modules import CONTENT_FORMAT, GET, URI_PATH, URI_QUERY, Bg96

READY = r"^atcoap: pty (\S+)$"
DIRECTORY = "coap-rd-notls"

ENDPOINT = "ep=I@#@G7pjZBAQUoVav0yXQcQ6v4Ad1nFGXcKhnTWYJt3AE0TpZSj3xDrYMOm6NmohixF@#@M100000089"
QUERIES = (ENDPOINT, "b=U", "lt=2700", "d=test")
PAYLOAD = '</>;rt="oma.lwm2m",</0'

POST = 2


class Directory(Process):
    """Ready when it says so."""

    def __init__(self):
        self.port = free_udp_port()
        super().__init__([DIRECTORY, "-A", "127.0.0.1", "-p", str(self.port), "-v", "7"])
        try:
            self.expect(r"created UDP +endpoint")
        except AssertionError:
            self.stop()
            raise


def register(at, port):
    """The commands of BC95 5.3."""
    queries = ",".join(f'15,"{query}"' for query in QUERIES)
    at.ok(f'AT+QCOAPOPTION=6,11,"rd",12,"40",{queries}')
    at.send(f"AT+QCOAPSEND=0,2,127.0.0.1,{port}", PAYLOAD.encode().hex())


def test_bc95(place):
    with Directory() as directory, Relay(directory.port) as relay:
        with Modem("--dialect=bc95") as modem:
            at = At(Terminal(modem.expect(READY).group(1))).hush()
            at.ok(f"AT+QCOAPCREATE={free_udp_port()}")

            at.ok('AT+QCOAPCFG="Showrspopt",1')
            register(at, relay.port)
            answer = at.urc(r'\+QCOAPURC: "rsp",2,2\.01,(\d+),2,8,"rd",8,"([^"]+)"')
            assert at.ok("AT+QCOAPDATASTATUS?") == ["+QCOAPDATASTATUS: 4"]

            at.ok('AT+QCOAPCFG="Showra",1')
            register(at, relay.port)
            again = at.urc(
                rf'\+QCOAPURC: "rsp",127\.0\.0\.1,{relay.port},2,2\.01,(\d+),2,8,"rd",8,"([^"]+)"'
            )
            assert int(again.group(1)) == int(answer.group(1)) + 1

            at.ok('AT+QCOAPCFG="Showra",0')
            at.ok('AT+QCOAPCFG="Showrspopt",0')
            register(at, relay.port)
            at.urc(r'\+QCOAPURC: "rsp",2,2\.01,\d+')

            # The name is good for what it was given for.
            at.ok(f'AT+QCOAPOPTION=2,11,"rd",11,"{again.group(2)}"')
            at.send(f"AT+QCOAPSEND=0,1,127.0.0.1,{relay.port}")
            at.urc(r'\+QCOAPURC: "rsp",2,2\.05,\d+.*')
            at.silence(0.1)
            at.port.close()

        sent = [data for is_sent, data in relay.seen if is_sent]
        for data in sent[:3]:
            assert data[:2] == bytes([0x40, POST]), data  # CON, no token
            assert data.endswith(b"\xff" + PAYLOAD.encode()), data
            assert bytes([0x12 - 1, 40]) in data and ENDPOINT.encode() in data, data


def test_bg96(place):
    with Directory() as directory, Modem() as modem:
        at = At(Terminal(modem.expect(READY).group(1))).hush()
        module = Bg96(at, directory.port)
        options = [(URI_PATH, "rd"), (CONTENT_FORMAT, "40")]
        module.request(
            POST, options + [(URI_QUERY, query) for query in QUERIES], payload=PAYLOAD
        )
        answer = module.answer()
        assert answer.code == "2.01", vars(answer)
        numbers, values = zip(*answer.options)
        assert numbers == (8, 8) and values[0] == "rd", answer.options

        # The directory forgets nothing here: it crashes on DELETE (libcoap 4.3.1).
        module.request(GET, [(URI_PATH, value) for value in values])
        assert module.answer().code == "2.05"
        module.close()
        at.port.close()


if __name__ == "__main__":
    run_tests(globals())
