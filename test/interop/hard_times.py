# SPDX-License-Identifier: MIT
"""What a real machine does to the module: a port that is closed in the middle of anything and opened
again, a host that does not read for a minute, a disk that is full, a flood of datagrams."""

import json
import os
import resource
import signal
import socket
import subprocess
import threading
import time

from harness import PROGRAM, At, Modem, Pipes, Terminal, free_udp_port, run_tests

READY = r"^atcoap: pty (/dev/pts/\d+)$"
PING = bytes([0x40, 0, 0x12, 0x34])


def resident_kb(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def peer():
    """A server that is ours alone: a socket that answers nothing by itself."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    s.settimeout(5)
    return s


# --- a port that is closed and opened again ----------------------------------------------------

# What was typed when the port went away. The server's port stands for {port}.
STATES = {
    "bc95": [
        b"",
        b"A",
        b"AT+QCOAPC",
        b'AT+QCOAPOPTION=1,11,"half',
        b"AT+CGATT?\r",
        b"AT+QCOAPSEND=0,2,127.0.0.1,{port}\r",
        b"AT+QCOAPSEND=0,2,127.0.0.1,{port}\rhalf a payload",
        b"AT+QCOAPSEND=0,2,127.0.0.1,{port}\rall of it\x1a",
        b"AT+NRB\r",
    ],
    "bg96": [
        b"",
        b"AT+QCOAPOPEN=0,\"127.0.0.1\",{port}",
        b"AT+QCOAPSEND=0,0,2,0\r",
        b"AT+QCOAPSEND=0,0,2,0\rhalf a payload",
        b"AT+QCOAPSEND=0,0,2,0,500\r",
        b"AT+QCOAPSEND=0,0,2,0,500\rhalf a payload",
        b"AT+QCOAPSEND=0,0,2,0,4\rwhole",
        b'AT+QFUPL="f",800,60\r',
        b'AT+QFUPL="f",800,60\rhalf a file',
        b'AT+QFUPL="g",3,60\rabcAT+QFDWL="g"\r',
        b"AT+CFUN=1,1\r",
    ],
}

SETUP = {
    "bc95": ["AT+QCOAPCREATE={local}"],
    "bg96": ['AT+QCOAPOPEN=0,"127.0.0.1",{port}'],
}


def comes_back(path):
    """A new host: cancel, then AT, then as many bytes as any data may want, then AT again. The module may
    be in the middle of a restart."""
    terminal = Terminal(path)
    end = time.monotonic() + 20
    try:
        for filler in [b"", b"x" * 1100] + 30 * [b""]:
            at = At(terminal)
            terminal.write(filler + b"\x1b\r")
            at.forget()
            terminal.write(b"AT\r")
            try:
                while b"\r\nOK\r\n" not in at.buffer:
                    at.fill(min(end, time.monotonic() + 0.5))
                return True
            except AssertionError:
                pass
        return False
    finally:
        terminal.close()


def test_the_port_closed_in_every_state(place):
    with peer() as server:
        port = server.getsockname()[1]
        for dialect, states in STATES.items():
            for typed in states:
                with Modem(f"--dialect={dialect}") as modem:
                    path = modem.expect(READY).group(1)
                    first = Terminal(path)
                    at = At(first).hush()
                    for line in SETUP[dialect]:
                        at.ok(line.format(port=port, local=free_udp_port()))
                    at.forget()
                    first.write(typed.replace(b"{port}", str(port).encode()))
                    first.close()
                    assert comes_back(path), (dialect, typed)
                    assert modem.stop() == 0


def test_the_port_closed_while_things_arrive(place):
    """What comes while nobody has opened the port waits for the next one, as far as there is room."""
    with peer() as server, Modem() as modem:
        path = modem.expect(READY).group(1)
        first = Terminal(path)
        at = At(first).hush()
        at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{server.getsockname()[1]}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        at.send("AT+QCOAPSEND=0,1,1,0")
        _, client = server.recvfrom(2048)
        first.close()
        for mid in range(20):
            server.sendto(bytes([0x50, 1, 0x77, mid]), client)
        assert comes_back(path)
        assert modem.stop() == 0


# --- a host that does not read -----------------------------------------------------------------


def test_nobody_reads_for_a_minute(place):
    """Requests come all the time, 20 a second of the module's; a minute of it is two seconds of ours.
    What finds no room is counted, the module does not grow, and then it goes on."""
    out = place + "/out"
    with peer() as server, Modem("--speed=30", f"--out={out}") as modem:
        path = modem.expect(READY).group(1)
        terminal = Terminal(path)
        at = At(terminal).hush()
        at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{server.getsockname()[1]}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        at.send("AT+QCOAPSEND=0,1,1,0")
        _, client = server.recvfrom(2048)
        at.forget()
        before = resident_kb(modem.child.pid)
        for mid in range(1200):
            head = bytes([0x50, 2, mid >> 8, mid & 255, 0xFF])
            server.sendto(head + b"a reading, of some length" * 8, client)
            time.sleep(2 / 1200)
        assert resident_kb(modem.child.pid) - before < 1024
        at.forget()
        assert at.command("AT") == ["OK"]
        at.send("AT+QCOAPSEND=0,1,1,0")
        assert server.recvfrom(2048)[1] == client
        assert modem.stop() == 0
    with open(out + "/result.json", encoding="utf-8") as file:
        counters = json.load(file)["counters"]
    assert counters["received"] == 1200, counters
    assert counters["URC lost: queue full"] > 100, counters


# --- a disk that is full -----------------------------------------------------------------------


def test_a_disk_full_for_files(place):
    """The system takes 4,000 bytes of a file and no more: the upload fails with an error of the module's,
    what was there stays, and smaller files still fit."""
    store = place + "/files"

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))

    with Modem(
        "--stdio",
        f"--files={store}",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=limit,
    ) as modem:
        at = At(Pipes(modem.child)).hush()

        def upload(name, count):
            at.write(f'AT+QFUPL="{name}",{count},5\r')
            assert at.line() == "CONNECT"
            at.write("y" * count)
            return at.reply()

        assert upload("small", 1000)[-1] == "OK"
        assert upload("large", 9000)[-1].startswith("+CME ERROR: 4"), "the disk was full"
        assert [line.split(",")[0] for line in at.ok("AT+QFLST")] == ['+QFLST: "small"']
        assert upload("other", 1000)[-1] == "OK"
        modem.child.stdin.close()
        assert modem.wait() == 0, modem.lines
    assert sorted(name for name in os.listdir(store) if not name.startswith(".")) == [
        "other",
        "small",
    ]


def test_signals_of_the_child(place):
    """What the program ignores for its own sake its child does not."""
    done = subprocess.run(
        [PROGRAM, "run", f"--out={place}/out", "--exec=grep SigIgn /proc/self/status # {}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=10,
    )
    ignored = int(done.stdout.split()[1], 16)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        assert not ignored >> (number - 1) & 1, (number, hex(ignored))


# --- a flood -----------------------------------------------------------------------------------


def test_a_flood_of_datagrams(place):
    """A hundred thousand datagrams from three hundred sockets, as fast as they go. The module answers AT
    meanwhile, sends back less than it gets, and does not grow."""
    local = free_udp_port()
    with Modem("--dialect=bc95") as modem:
        path = modem.expect(READY).group(1)
        at = At(Terminal(path)).hush()
        at.ok(f"AT+QCOAPCREATE={local}")
        sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(300)]
        sent = 0
        asked = 0
        before = resident_kb(modem.child.pid)

        def flood():
            nonlocal sent
            request = bytes([0x40, 1, 0, 0, 0xB6]) + b"nosuch"
            for number in range(100_000):
                mid = bytes([number >> 8 & 255, number & 255])
                data = PING[:2] + mid if number % 2 else request[:2] + mid + request[4:]
                sockets[number % 300].sendto(data, ("127.0.0.1", local))
                sent += len(data)

        thread = threading.Thread(target=flood)
        thread.start()
        while thread.is_alive():
            assert at.command("AT") == ["OK"]
            asked += 1
            time.sleep(0.01)
        thread.join()
        assert asked > 3, asked
        assert resident_kb(modem.child.pid) - before < 1024
        got = 0
        for s in sockets:
            s.setblocking(False)
            try:
                while True:
                    got += len(s.recv(2048))
            except BlockingIOError:
                pass
            s.close()
        assert 0 < got < sent, (got, sent)
        assert modem.stop() == 0


if __name__ == "__main__":
    run_tests(globals())
