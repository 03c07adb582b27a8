# SPDX-License-Identifier: MIT
"""The demonstration: as plain text without a terminal, and on one as a user has it."""

import difflib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from harness import PROGRAM, run_tests

SESSIONS = ("BC95: requests", "BC95: a registration", "BG96: a client")


def plain(*options, env=None):
    """What it prints without a terminal."""
    done = subprocess.run(
        [PROGRAM, "demo", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=100,
        check=False,
        env=dict(os.environ, **(env or {})),
    )
    assert done.returncode == 0, done
    assert done.stderr == b"", done.stderr
    return done.stdout.decode("ascii")


class Screen:
    """The demonstration on a terminal of 80 columns, or however many."""

    def __init__(self, *options, columns=80, env=None):
        self.seen = b""
        self.fd, slave = pty.openpty()
        self.slave = slave
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        environment = dict(os.environ, TERM="xterm")
        environment.pop("NO_COLOR", None)
        environment.update(env or {})
        self.child = subprocess.Popen(
            [PROGRAM, "demo", *options],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
            # Its controlling terminal, so that a hang-up reaches it.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        os.close(self.slave)
        os.close(self.fd)

    def type(self, keys):
        os.write(self.fd, keys if isinstance(keys, bytes) else keys.encode())

    def read(self, timeout):
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        self.seen += os.read(self.fd, 65536)
        return True

    def expect(self, text, timeout=10):
        """Wait for the text behind what was expected before; returns what came up to its end."""
        end = time.monotonic() + timeout
        text = text if isinstance(text, bytes) else text.encode()
        while text not in self.seen:
            left = end - time.monotonic()
            if left <= 0 or not self.read(left):
                raise AssertionError(f"no {text!r} in {self.seen[-2000:]!r}")
        at = self.seen.index(text) + len(text)
        found, self.seen = self.seen[:at], self.seen[at:]
        return found

    def to_prompt(self):
        """Cut the sessions short, and wait for the prompt."""
        self.expect("q: leave")
        self.type("\r")
        self.expect("Your turn")
        self.expect("quit)")
        return self

    def wait(self):
        """The exit status; the terminal must be as it was."""
        end = time.monotonic() + 10
        while self.child.poll() is None and time.monotonic() < end:
            self.read(0.05)
        status = self.child.wait(1)
        assert termios.tcgetattr(self.slave) == self.before
        return status


def check_sessions(text, sessions):
    for title in SESSIONS:
        assert (title in text) == (title in sessions), title
    assert "\x1b" not in text
    for line in text.split("\n"):
        assert len(line) < 80, line
    assert "ERROR" not in text


def test_virtual_time_repeats_every_byte(place):
    first = plain("--time=virtual")
    check_sessions(first, SESSIONS)
    assert first == plain("--time=virtual")
    begin = time.monotonic()
    plain("--time=virtual")
    assert time.monotonic() - begin < 20  # hours of virtual time


def test_what_the_sessions_show(place):
    text = plain("--time=virtual")
    for line in (
        "> AT+QCOAPDATASTATUS? ",
        "< +QCOAPDATASTATUS: 1 ",
        "< +QCOAPDATASTATUS: 4 ",
        "> ^Z ",
        "-> CON GET / mid=5566",
        '< +QCOAPURC: "req",127.0.0.1,5683,0,1,',
        "-> NON 2.05 mid=",
        '< +QCOAPOPEN: 0,"127.0.0.1",5683,3 ',
        "< +QCOAPACK: 0,1,1234,0 ",
        "<- NON 4.04 ",
        "< Not Found ",
        "< hello word from server ",
        "< +QCOAPCLOSE: 0,0 ",
    ):
        assert line in text, line
    places = re.findall(r"location=/rd/(\d+)", text)
    assert len(places) == 2 and places[0] != places[1]


def test_one_dialect_alone(place):
    check_sessions(plain("--time=virtual", "--dialect=bc95"), SESSIONS[:2])
    check_sessions(plain("--time=virtual", "--dialect", "BG96"), SESSIONS[2:])


def test_real_time_prints_the_same_but_for_chance(place):
    """Both dialects at once, for it takes as long as it takes."""

    def shape(text):
        # Message IDs, tokens, the port and the time differ, and with them where lines break.
        text = re.sub(r"[\s|]+", "", text).replace("bytes", "byte")
        return re.sub(r"[0-9A-F]+", "#", text)

    children = {
        dialect: subprocess.Popen(
            [PROGRAM, "demo", f"--dialect={dialect}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        for dialect in ("bc95", "bg96")
    }
    for dialect, child in children.items():
        text = child.communicate(timeout=100)[0].decode()
        assert child.returncode == 0
        expected = plain("--time=virtual", f"--dialect={dialect}")
        assert shape(text) == shape(expected), "\n".join(
            difflib.unified_diff(expected.split("\n"), text.split("\n"), lineterm="")
        )


def test_typing_history_and_leaving(place):
    with Screen("--dialect=bg96", env={"NO_COLOR": "1"}) as screen:
        screen.to_prompt()
        screen.type("AT\r")
        screen.expect("> AT ")
        screen.expect("< OK")
        screen.expect("bg96> ")
        screen.type("\x1b[A")  # up
        screen.expect("bg96> AT")
        screen.type("\r")
        screen.expect("> AT ")
        screen.expect("< OK")
        # AX+CSQ: home, right, delete, then type; and the end of the line is dropped.
        screen.type("AX+CSQ rest\x1b[H\x1b[C\x1b[3~T\x05" + 5 * "\x7f" + "\r")
        screen.expect("> AT+CSQ ")
        screen.expect("< +CSQ: ")
        screen.type("nonsense\x15ATI\x1b[D\x1b[D\x02\x1b[F\x08i\r")
        screen.expect("> ATi ")
        screen.expect("Quectel")
        screen.type("quit\r")
        assert screen.wait() == 0


def test_hints_lead_to_an_answer(place):
    with Screen("--dialect=bc95", env={"NO_COLOR": "1"}) as screen:
        screen.to_prompt()
        for command in ("AT+QCOAPCREATE=", "AT+QCOAPOPTION=", "AT+QCOAPSEND="):
            screen.type("\t\r")
            screen.expect("> " + command)
        screen.expect("data> your payload; Ctrl+Z sends it, ESC cancels")
        screen.type("\x1a")
        screen.expect("> ^Z")
        screen.expect("-> CON GET /hello")
        screen.expect("<- ACK 2.05")
        screen.expect('+QCOAPURC: "rsp",2,2.05,')
        screen.type("\x04")
        assert screen.wait() == 0


def test_escape_cancels_data(place):
    with Screen("--dialect=bc95", env={"NO_COLOR": "1"}) as screen:
        screen.to_prompt()
        screen.type("AT+CMEE=1\rAT+QCOAPCREATE=56830\rAT+QCOAPSEND=0,1,127.0.0.1,5683\r")
        screen.expect("data> ")
        screen.type("ab")
        screen.expect("data> ab")
        screen.type("\x1b[D")  # an arrow key is no ESC
        time.sleep(0.1)
        screen.type("\x1b")
        screen.expect("> ab^[")
        screen.expect("< +CME ERROR: 52")
        screen.type("quit\r")
        assert screen.wait() == 0


def test_a_pasted_session(place):
    """Lines and data in one piece; a length announced ends the data without Ctrl+Z."""
    with Screen("--dialect=bg96", env={"NO_COLOR": "1"}) as screen:
        found = screen.expect("in one program")
        port = re.search(rb"coap://127\.0\.0\.1:(\d+)", found).group(1).decode()
        screen.to_prompt()
        screen.type(
            f'AT+QCOAPOPEN=0,"127.0.0.1",{port}\rAT+QCOAPOPTION=0,0,0,11,"echo"\r'
            "AT+QCOAPSEND=0,0,2,1,5\rhelloAT+CSQ\r"
        )
        screen.expect("> hello ")
        screen.expect("< OK")
        screen.expect("> AT+CSQ ")
        screen.expect("< +QCOAPRECV: 0,")
        screen.expect("< hello ")
        screen.type("\x03")
        assert screen.wait() == 0


def test_results_do_not_destroy_the_line_being_typed(place):
    with Screen("--dialect=bg96", env={"NO_COLOR": "1"}) as screen:
        found = screen.expect("in one program")
        port = re.search(rb"coap://127\.0\.0\.1:(\d+)", found).group(1).decode()
        screen.to_prompt()
        screen.type(
            f'AT+QCOAPOPEN=0,"127.0.0.1",{port}\rAT+QCOAPOPTION=0,0,0,11,"time"\r'
            "AT+QCOAPOPTION=0,0,1,6,0\rAT+QCOAPSEND=0,0,1,3,0\r"
        )
        screen.expect("+QCOAPRECV: 0,")
        screen.type("AT+CG")
        screen.expect("bg96> AT+CG")
        screen.expect("+QCOAPRECV: 0,")
        screen.expect("bg96> AT+CG")
        screen.type("SN\r")
        screen.expect("> AT+CGSN ")
        screen.expect("< OK")
        screen.type("quit\r")
        assert screen.wait() == 0


def test_help(place):
    with Screen("--dialect=bc95", env={"NO_COLOR": "1"}) as screen:
        screen.to_prompt()
        screen.type("help commands\r")
        for word in ("AT+QCOAPCREATE=56830", "AT+QCOAPSEND=", "Keys", "Ctrl+Z"):
            screen.expect(word)
        screen.type("help qcoaphead\r")
        screen.expect("bc95> help qcoaphead")
        screen.expect("QCOAPHEAD")
        screen.expect("bc95> ")
        screen.type("help nonsense\r")
        screen.expect("nonsense")
        screen.type("quit\r")
        assert screen.wait() == 0


def test_signals_leave_the_terminal_as_it_was(place):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        with Screen() as screen:
            screen.expect("q: leave")
            screen.child.send_signal(number)
            assert screen.wait() == 0, number
        with Screen() as screen:
            screen.to_prompt()
            screen.child.send_signal(number)
            assert screen.wait() == 0, number


def test_stopping_gives_the_terminal_back_meanwhile(place):
    with Screen() as screen:
        screen.to_prompt()
        screen.child.send_signal(signal.SIGTSTP)
        assert os.waitpid(screen.child.pid, os.WUNTRACED)[1] & 0xFF == 0x7F
        assert termios.tcgetattr(screen.slave) == screen.before
        while screen.read(0.1):
            pass
        screen.seen = b""
        screen.child.send_signal(signal.SIGCONT)
        screen.expect("bg96> ")
        assert termios.tcgetattr(screen.slave) != screen.before
        screen.type("quit\r")
        assert screen.wait() == 0


def test_a_terminal_that_goes_ends_it(place):
    screen = Screen()
    screen.to_prompt()
    os.close(screen.slave)
    os.close(screen.fd)
    assert screen.child.wait(10) == 0


def test_leaving_a_session(place):
    for key in ("q", "\x03", "\x04"):
        with Screen() as screen:
            screen.expect("q: leave")
            screen.type(key)
            assert screen.wait() == 0


def test_colours(place):
    for env, coloured in (
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
    ):
        with Screen("--time=virtual", env=env) as screen:
            while screen.child.poll() is None:
                screen.read(0.05)
            while screen.read(0.1):
                pass
            assert (b"\x1b[" in screen.seen) == coloured, env
            assert screen.wait() == 0


def test_width_of_the_terminal(place):
    widest = []
    for columns in (48, 80, 120):
        with Screen("--time=virtual", columns=columns, env={"NO_COLOR": "1"}) as screen:
            while screen.child.poll() is None:
                screen.read(0.05)
            while screen.read(0.1):
                pass
            lines = screen.seen.decode().split("\r\n")
            widest.append(max(len(line) for line in lines[3:]))
            assert widest[-1] < columns
    assert widest[0] < widest[1] < widest[2]


def test_wrong_options(place):
    for options, words in (
        (["--dialect=sim800"], "bg96"),
        (["--time=fast"], "give real or virtual"),
        (["--tmie=real"], "did you mean --time"),
    ):
        done = subprocess.run(
            [PROGRAM, "demo", *options], stderr=subprocess.PIPE, timeout=10, check=False
        )
        assert done.returncode == 2, (options, done)
        assert words in done.stderr.decode(), (options, done)


if __name__ == "__main__":
    run_tests(globals())
