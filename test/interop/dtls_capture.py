# SPDX-License-Identifier: MIT
"""What Wireshark makes of a capture: DTLS without complaint, and with the key log
the CoAP inside, of a full handshake and of a resumed one."""

import struct
import subprocess

from harness import At, Modem, Relay, SecureServer, Terminal, run_tests
from modules import Bg96, get_root, put_get_delete, use_dtls

READY = r"^atcoap: pty (\S+)$"
KEY = "12344FG89"
PSK = "864508030012428&" + KEY.encode().hex()

CLIENT = (bytes([192, 0, 2, 1]), 50000)
SERVER = (bytes([192, 0, 2, 2]), 5684)


def ip_packet(source, target, data):
    """An IPv4 and a UDP header in front, both without checksums."""
    udp = struct.pack("!HHHH", source[1], target[1], 8 + len(data), 0) + data
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0)
    return head + source[0] + target[0] + udp


def write_capture(path, seen):
    """A pcap file of bare IP packets, a millisecond apart."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for number, (sent, data) in enumerate(seen):
            ends = (CLIENT, SERVER) if sent else (SERVER, CLIENT)
            packet = ip_packet(*ends, data)
            file.write(struct.pack("<IIII", 0, number * 1000, len(packet), len(packet)))
            file.write(packet)


def tshark(path, *arguments):
    """The lines it prints."""
    done = subprocess.run(
        ["tshark", "-n", "-r", path, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=60,
    )
    assert done.returncode == 0, done
    return done.stdout.decode().splitlines()


def coap(path, *arguments):
    fields = ["-e", "coap.type", "-e", "coap.code", "-e", "coap.mid", "-e", "coap.token"]
    return [
        line.split("\t")
        for line in tshark(path, "-Y", "coap", "-T", "fields", *fields, *arguments)
    ]


def record(place, library, *settings):
    """Two connections, the second resumed if the server can."""
    capture, keys = place + "/capture.pcap", place + "/keys"
    with SecureServer(library, KEY) as server, Relay(server.secure_port) as relay, Modem(
        f"--keylog={keys}"
    ) as modem:
        at = At(Terminal(modem.expect(READY).group(1))).hush()
        use_dtls(at, 0, 0, PSK)
        for setting in settings:
            at.ok(f"AT+QSSLCFG={setting}")
        for talk in (get_root, put_get_delete):
            module = Bg96(at, relay.port)
            talk(module)
            module.close()
        assert modem.stop() == 0
        write_capture(capture, list(relay.seen))
    return capture, keys


def shows_everything(capture, keys):
    assert coap(capture) == []
    messages = coap(capture, "-o", f"tls.keylog_file:{keys}")
    # One GET, then PUT, PUT, GET, DELETE, GET: each with its answer of the same ID.
    assert len(messages) == 12, messages
    for request, answer in zip(messages[::2], messages[1::2]):
        assert request[0] == "0" and answer[0] == "2", (request, answer)
        assert request[2:] == answer[2:], (request, answer)
    codes = [int(message[1]) for message in messages]
    assert codes == [1, 69, 3, 65, 3, 68, 1, 69, 4, 66, 1, 132], codes
    assert tshark(capture, "-Y", "_ws.malformed") == []


def test_openssl(place):
    shows_everything(*record(place, "openssl"))


def test_gnutls(place):
    shows_everything(*record(place, "gnutls"))


def test_second_suite(place):
    shows_everything(*record(place, "gnutls", '"ciphersuite",0,0X00AE'))


if __name__ == "__main__":
    run_tests(globals())
