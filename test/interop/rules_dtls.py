# SPDX-License-Identifier: MIT
"""What RFC 7252 9.1 asks of CoAP inside DTLS, against libcoap's server on OpenSSL, with a relay between
that looks at every datagram, holds back and slips in: rules 103 to 109, see test/rfc/README."""

import contextlib
import re
import time

from harness import At, Modem, Relay, SecureServer, Terminal, run_tests
from modules import Bg96, get_root, get_separate, observe, use_dtls

READY = r"^atcoap: pty (\S+)$"
KEY = "12344FG89"
PSK = "me&" + KEY.encode().hex()

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION = 20, 21, 22, 23


class Gate(Relay):
    """A relay that lets nothing through to the client while it is shut, and can say something in the
    server's place."""

    def __init__(self, port):
        self.shut = False
        self.client = None
        super().__init__(port)

    def _run(self):
        while not self.ended:
            try:
                data, source = self.socket.recvfrom(65536)
            except OSError:
                continue
            sent = source != self.server
            if sent:
                self.client = source
            self.seen.append((sent, data))
            if sent:
                self.socket.sendto(data, self.server)
            elif self.client is not None and not self.shut:
                self.socket.sendto(data, self.client)

    def say(self, data):
        self.socket.sendto(data, self.client)

    def records(self, sent=True, kind=None):
        """The records that the client sent, or the server: (type, epoch, number, bytes)."""
        found = []
        for from_client, data in list(self.seen):
            while from_client == sent and data:
                length = 13 + int.from_bytes(data[11:13], "big")
                assert len(data) >= length, data
                epoch = int.from_bytes(data[3:5], "big")
                number = int.from_bytes(data[5:11], "big")
                if kind in (None, data[0]):
                    found.append((data[0], epoch, number, data[:length]))
                data = data[length:]
        return found

    def wait(self, count, kind, sent=True, seconds=10):
        end = time.monotonic() + seconds
        while len(self.records(sent, kind)) < count:
            assert time.monotonic() < end, self.records(sent)
            time.sleep(0.02)


class Bed(contextlib.ExitStack):
    """Server, gate, module, and a client that speaks DTLS to the server through the gate."""

    def __enter__(self):
        with contextlib.ExitStack() as started:
            self.server = started.enter_context(SecureServer("openssl", KEY))
            self.gate = started.enter_context(Gate(self.server.secure_port))
            self.modem = started.enter_context(Modem())
            self.at = At(Terminal(self.modem.expect(READY).group(1))).hush()
            use_dtls(self.at, 0, 0, PSK)
            self.push(started.pop_all())
        return self

    def open(self):
        return Bg96(self.at, self.gate.port)

    def send_get(self, mid, token):
        """A CON GET that is not waited for."""
        self.at.ok(f"AT+QCOAPHEADER=0,{mid},0,{len(token) // 2},{token}")
        self.at.send("AT+QCOAPSEND=0,0,1,0")


def get_arrives(bed, mid, token):
    bed.at.urc(rf"\+QCOAPACK: 0,0,{mid},0")
    bed.at.urc(rf"\+QCOAPRECV: 0,{mid},2\.05,\d,{token},.*")


def test_rule_103_all_coap_is_application_data(place):
    """Requests, ACKs, an observation: once the handshake is over nothing leaves in another way, and
    nothing ever in plain."""
    with Bed() as bed:
        module = bed.open()
        ready = len(bed.gate.seen)
        get_root(module)
        get_separate(module)
        observe(module)
        sent = [data for from_client, data in bed.gate.seen[ready:] if from_client]
        assert len(sent) >= 5 and all(data[0] == APPLICATION for data in sent), sent
        module.close()
        for kind, epoch, _, data in bed.gate.records():
            assert kind in (CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION), data
            assert kind != APPLICATION or epoch == 1, data
            assert data[0] >> 6 != 1, "a plain CoAP message"


def test_rule_104_ack_and_rst_of_the_session_alone(place):
    """A plain ACK or RST, or a record of the last session that held an ACK, settles nothing."""
    with Bed() as bed:
        module = bed.open()
        bed.send_get(7, "AA")
        get_arrives(bed, 7, "AA")
        old = bed.gate.records(False, APPLICATION)[-1][3]
        module.close()
        bed.open()
        bed.gate.shut = True
        bed.send_get(7, "AA")
        for datagram in (b"\x60\x00\x00\x07", b"\x70\x00\x00\x07", old):
            bed.gate.say(datagram)
        # still in flight: the next CON is refused, and this one is sent again
        assert bed.at.command("AT+QCOAPSEND=0,0,1,0,0") == ["ERROR"]
        bed.at.silence(0.5)
        bed.gate.shut = False
        bed.at.urc(r"\+QCOAPIND: 0,0,7,1,0")
        get_arrives(bed, 7, "AA")


def test_rule_105_nothing_is_sent_again_in_another_epoch(place):
    """A CON in flight ends with its session: nothing of it leaves in the next."""
    with Bed() as bed:
        module = bed.open()
        bed.gate.shut = True
        bed.send_get(7, "AA")
        bed.at.ok("AT+QCOAPCLOSE=0")
        bed.at.urc(r"\+QCOAPACK: 0,0,7,-11")
        bed.at.urc(r"\+QCOAPCLOSE: 0,0")
        bed.gate.shut = False
        bed.open()
        count = len(bed.gate.records(True, APPLICATION))
        bed.at.silence(4)  # the first time-out is at most 3 s
        assert len(bed.gate.records(True, APPLICATION)) == count
        get_root(module)


def test_rule_106_each_resend_has_a_number_of_its_own(place):
    """The same message in records of different numbers: the server answers each, and the host hears
    of one."""
    with Bed() as bed:
        bed.open()
        bed.gate.shut = True
        before = len(bed.gate.records(True, APPLICATION))
        bed.send_get(7, "AA")
        bed.at.urc(r"\+QCOAPIND: 0,0,7,1,0")
        bed.gate.wait(before + 2, APPLICATION)
        (_, epoch, first, one), (_, again, second, two) = bed.gate.records(
            True, APPLICATION
        )[before:]
        assert epoch == again == 1 and second == first + 1, (first, second)
        assert len(one) == len(two) and one[13:] != two[13:]
        bed.gate.wait(2, APPLICATION, sent=False)
        answers = [data for _, _, _, data in bed.gate.records(False, APPLICATION)]
        bed.gate.shut = False
        for data in answers:
            bed.gate.say(data)
        get_arrives(bed, 7, "AA")
        bed.at.silence(0.5)


def test_rule_107_a_plain_answer_is_rejected(place):
    """The right ID and token, from the right address, but not inside the session."""
    with Bed() as bed:
        bed.open()
        bed.gate.shut = True
        bed.send_get(7, "AABB")
        for datagram in (
            b"\x62\x45\x00\x07\xaa\xbb\xffforged",
            b"\x52\x45\x12\x34\xaa\xbb\xffforged",
            b"\x42\x45\x12\x35\xaa\xbb\xffforged",
        ):
            bed.gate.say(datagram)
        bed.at.silence(0.5)
        bed.gate.shut = False
        bed.at.urc(r"\+QCOAPIND: 0,0,7,1,0")
        get_arrives(bed, 7, "AABB")
        sent = [data for from_client, data in bed.gate.seen if from_client]
        assert all(data[0] >> 6 != 1 for data in sent), "answered in plain"


def hello(gate):
    """Cipher suites and extensions of the first ClientHello."""
    kind, _, _, record = gate.records()[0]
    assert kind == HANDSHAKE and record[13] == 1, record
    body = record[13 + 12 :]
    at = 2 + 32
    at += 1 + body[at]  # session id
    at += 1 + body[at]  # cookie
    length = int.from_bytes(body[at : at + 2], "big")
    suites = [
        int.from_bytes(body[i : i + 2], "big") for i in range(at + 2, at + 2 + length, 2)
    ]
    at += 2 + length
    at += 1 + body[at] + 2  # compression methods, length of the extensions
    extensions = {}
    while at + 4 <= len(body):
        number = int.from_bytes(body[at : at + 2], "big")
        length = int.from_bytes(body[at + 2 : at + 4], "big")
        extensions[number] = body[at + 4 : at + 4 + length]
        at += 4 + length
    return suites, extensions


def test_rule_108_psk_aes_128_ccm_8_is_offered(place):
    """By default before anything else, and alone if that is what is set."""
    for setting, others in ((None, True), ("0XC0A8", False)):
        with Bed() as bed:
            if setting:
                bed.at.ok(f'AT+QSSLCFG="ciphersuite",0,{setting}')
            get_root(bed.open())
            suites, _ = hello(bed.gate)
            assert suites[0] == 0xC0A8, suites
            # 00FF is no suite but a sign: no renegotiation (RFC 5746)
            assert (len([s for s in suites if s != 0x00FF]) > 1) == others, suites


def test_rule_109_server_name(place):
    """A name is told to the server, an address is not."""
    with Bed() as bed:
        bed.modem.stop()
        for name, expected in (("localhost", b"localhost"), ("127.0.0.1", None)):
            del bed.gate.seen[:]
            with Modem("--bind=127.0.0.1") as modem:
                at = At(Terminal(modem.expect(READY).group(1))).hush()
                use_dtls(at, 0, 0, PSK)
                at.ok(f'AT+QCOAPOPEN=0,"{name}",{bed.gate.port}')
                result = at.urc(r"\+QCOAPOPEN: 0,(0|-5)", 20).group(1)
                if result == "-5":
                    print("   no address for localhost here: not tried")
                    continue
                _, extensions = hello(bed.gate)
                if expected is None:
                    assert 0 not in extensions, extensions
                else:
                    # one name, of type host_name (RFC 6066 3)
                    assert re.fullmatch(rb"\x00.\x00\x00.(.*)", extensions[0], re.S).group(
                        1
                    ) == expected, extensions


if __name__ == "__main__":
    run_tests(globals())
