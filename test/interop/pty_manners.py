# SPDX-License-Identifier: MIT
"""How the PTY and its link behave: ready before it is announced, made and
removed without harm to what is not ours, and patient with its clients."""

import os
import re
import signal
import subprocess

from harness import PROGRAM, At, Modem, Server, Terminal, is_raw, run_tests

READY = r"^atcoap: pty (/dev/pts/\d+)$"
READY_LINK = r"^atcoap: pty (/dev/pts/\d+) link (.+)$"


def test_announces_a_raw_slave(place):
    with Modem() as modem:
        path = modem.expect(READY).group(1)
        assert is_raw(path)
        at = At(Terminal(path))
        at.write("AT\r")
        at.exact(b"AT\r\r\nOK\r\n")
        assert modem.stop() == 0


def test_link_is_made_and_removed(place):
    link = place + "/modem0"
    with Modem(f"--pty={link}") as modem:
        match = modem.expect(READY_LINK)
        assert match.group(2) == link
        assert os.readlink(link) == match.group(1)
        assert os.listdir(place) == ["modem0"]
        at = At(Terminal(link)).hush()
        assert at.command("AT") == ["OK"]
        assert modem.stop() == 0
    assert not os.path.lexists(link)


def test_sigint_ends_it_with_status_0(place):
    link = place + "/modem0"
    with Modem(f"--pty={link}") as modem:
        modem.expect(READY_LINK)
        modem.child.send_signal(signal.SIGINT)
        assert modem.wait() == 0
    assert not os.path.lexists(link)


def test_dangling_link_is_replaced(place):
    link = place + "/modem0"
    os.symlink("/dev/pts/nobody", link)
    with Modem(f"--pty={link}") as modem:
        path = modem.expect(READY_LINK).group(1)
        assert os.readlink(link) == path
        assert os.listdir(place) == ["modem0"]


def test_foreign_things_are_not_replaced(place):
    link = place + "/modem0"
    other = place + "/other"
    open(other, "w").close()
    for make in (lambda: os.symlink(other, link), lambda: open(link, "w").close()):
        make()
        done = subprocess.run(
            [PROGRAM, "run", f"--pty={link}"], stderr=subprocess.PIPE, timeout=10
        )
        assert done.returncode == 2
        assert b"--pty=LINK" in done.stderr, done.stderr
        assert os.path.exists(link)
        os.unlink(link)


def test_link_in_a_missing_folder_is_a_system_error(place):
    done = subprocess.run(
        [PROGRAM, "run", f"--pty={place}/no/modem0"], stderr=subprocess.PIPE, timeout=10
    )
    assert done.returncode == 3, done


def test_link_of_another_is_left_alone(place):
    link = place + "/modem0"
    with Modem(f"--pty={link}") as modem:
        modem.expect(READY_LINK)
        os.unlink(link)
        os.symlink("/dev/null", link)
        assert modem.stop() == 0
    assert os.readlink(link) == "/dev/null"


def test_close_and_reopen(place):
    with Modem() as modem:
        path = modem.expect(READY).group(1)
        first = Terminal(path)
        At(first).hush()
        first.close()
        for _ in range(3):
            again = Terminal(path)
            at = At(again)
            at.write("AT\r")
            at.exact(b"\r\nOK\r\n")
            again.close()
        assert modem.stop() == 0


def test_catalogue_T18_reopened_in_each_state(place):
    """A TE that goes away in the middle of a line, of data entry, of an upload or while the module
    waits finds everything as it left it."""
    with Modem("--dialect=bg96") as modem, Server() as server:
        path = modem.expect(READY).group(1)

        def turn(leave, text):
            """Type, go away; the next TE goes on."""
            leave.port.close()
            at = At(Terminal(path))
            at.write(text)
            return at

        at = At(Terminal(path)).hush()
        at.write("AT+CG")
        at = turn(at, "MM\r")
        at.exact(b"\r\nBG96\r\n\r\nOK\r\n")
        at.ok(f'AT+QCOAPOPEN=0,"127.0.0.1",{server.port}')
        at.urc(r"\+QCOAPOPEN: 0,0")
        at.prompt("AT+QCOAPSEND=0,1,1,0")
        at = turn(at, "\x1a")
        assert at.reply() == ["OK"]
        at.urc(r"\+QCOAPACK: 0,1,\d+,0")
        at.urc(r"\+QCOAPRECV: 0,.*")
        at.write('AT+QFUPL="a",6\r')
        at.exact(b"\r\nCONNECT\r\n")
        at.write("abc")
        at = turn(at, "def")
        assert at.line().startswith("+QFUPL: 6,")
        assert at.line() == "OK"
        at.prompt("AT+QCOAPSEND=0,0,1,0,3")
        at.write("ab")
        at = turn(at, "c")
        assert at.reply() == ["OK"]
        at.urc(r"\+QCOAPACK: 0,0,\d+,0")
        at.urc(r"\+QCOAPRECV: 0,.*")
        at = turn(at, "AT+QCOAPOPEN?\r")
        assert at.line() == f'+QCOAPOPEN: 0,"127.0.0.1",{server.port},3'
        assert at.line() == "OK"
        assert modem.stop() == 0


def wake_ups(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status.read(), re.M).group(1))


def resident_kb(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def test_unread_output_is_bounded_and_costs_nothing(place):
    """A TE that writes and never reads is stopped by the system's buffer, and
    the module neither grows nor spins; read at last, it goes on."""
    with Modem() as modem:
        path = modem.expect(READY).group(1)
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        before = resident_kb(modem.child.pid)
        written = 0
        stuck = 0
        while stuck < 20:
            try:
                written += os.write(fd, b"AT\r" * 100)
                stuck = 0
            except BlockingIOError:
                stuck += 1
                signal.sigtimedwait([], 0.01)
        assert written < 100000, written
        wakes = wake_ups(modem.child.pid)
        signal.sigtimedwait([], 0.5)
        assert wake_ups(modem.child.pid) - wakes <= 3
        assert resident_kb(modem.child.pid) - before < 512
        os.close(fd)

        # Somebody else opens, reads what is left, and is served.
        at = At(Terminal(path))
        at.forget()
        assert at.hush().command("AT") == ["OK"]
        assert modem.stop() == 0


if __name__ == "__main__":
    run_tests(globals())
