# SPDX-License-Identifier: MIT
"""Ways to the module's port beside the PTY alone: a serial line, a command that
is run with it, a descriptor that tells when it is ready, and a module that waits
for its client."""

import fcntl
import os
import pty
import signal
import subprocess
import sys
import termios
import time

from harness import PROGRAM, At, Connection, Modem, Terminal, run_tests

READY = r"^atcoap: pty (/dev/pts/\d+)$"
READY_TCP = r"^atcoap: tcp (.+):(\d+)$"
WOKEN = r"a client has come"

# A driver's test: talks to the port it is given, and says which that was.
DRIVER = """
import os, sys
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
os.write(port, b"ATE0\\r")
got = b""
while not got.endswith(b"OK\\r\\n"):
    got += os.read(port, 100)
print("talked to", sys.argv[1])
sys.exit(int(sys.argv[2]))
"""


class Master:
    """The TE's end of a serial line made of a PTY."""

    def __init__(self, fd):
        self.fd = fd

    def write(self, data):
        os.write(self.fd, data)


def run(*options, **how):
    """The program to its end: status, stdout, stderr."""
    done = subprocess.run(
        [PROGRAM, "run", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=20,
        **how,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def driver(place):
    path = place + "/driver.py"
    with open(path, "w", encoding="ascii") as file:
        file.write(DRIVER)
    return f"{sys.executable} {path}"


def serial_line():
    """Both ends: the master's descriptor, and the path of the line."""
    master, slave = pty.openpty()
    path = os.ttyname(slave)
    return master, slave, path


def test_serial_line(place):
    master, slave, path = serial_line()
    with Modem(f"--serial={path},9600") as modem:
        modem.expect(f"^atcoap: serial {path}$")
        mode = termios.tcgetattr(slave)
        assert mode[4:6] == [termios.B9600, termios.B9600]
        assert not mode[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
        at = At(Master(master)).hush()
        assert at.command("AT") == ["OK"]
        os.write(master, b"AT\r" * 1000)
        at.exact(b"\r\nOK\r\n" * 1000)
        assert modem.stop() == 0


def test_serial_line_is_left_as_it_was(place):
    master, slave, path = serial_line()
    before = termios.tcgetattr(slave)
    with Modem(f"--serial={path}") as modem:
        modem.expect("^atcoap: serial ")
        assert termios.tcgetattr(slave)[4] == termios.B115200
        assert modem.stop() == 0
    assert termios.tcgetattr(slave) == before
    os.close(master)


def test_serial_line_that_goes_away(place):
    master, slave, path = serial_line()
    with Modem(f"--serial={path}") as modem:
        modem.expect("^atcoap: serial ")
        os.close(slave)
        os.close(master)
        modem.expect(f"^atcoap: the serial line {path} is gone")
        assert modem.wait() == 3


def test_serial_mistakes(place):
    for value, status, word in (
        ("/dev/null", 3, "not a serial line"),
        (place + "/none", 3, "No such file"),
        ("/dev/ttyS0,9601", 2, "115200"),
        (",9600", 2, "DEV[,BAUD]"),
    ):
        done = run(f"--serial={value}")
        assert done[0] == status and word in done[2], (value, done)


def test_exec_talks_to_the_pty(place):
    for status in (0, 1, 42):
        done = run("--exec", f"{driver(place)} {{}} {status}")
        assert done[0] == status, done
        assert done[1].startswith("talked to /dev/pts/"), done


def test_exec_gets_the_link(place):
    link = place + "/modem0"
    done = run(f"--pty={link}", "--exec", f"{driver(place)} {{}} 0; echo {{}} {{}}")
    assert done[:2] == (0, f"talked to {link}\n{link} {link}\n"), done
    assert not os.path.lexists(link)


def test_exec_gets_host_and_port(place):
    done = run("--tcp=0", "--exec", "echo {}")
    where = done[2].split()[-1]
    assert where.startswith("127.0.0.1:") and done[:2] == (0, where + "\n"), done


def test_exec_of_nothing_that_exists(place):
    done = run("--exec", "no-such-command-anywhere {}")
    assert done[0] == 127, done


def test_exec_killed_by_a_signal(place):
    assert run("--exec", "kill -KILL $$")[0] == 128 + signal.SIGKILL


def test_exec_wants_a_port_to_open(place):
    for attach in ("--stdio", "--serial=/dev/ttyS0"):
        done = run(attach, "--exec", "true {}")
        assert done[0] == 2 and "--pty or --tcp" in done[2], done


def test_exec_gets_our_signals(place):
    """And so does what it has started."""
    inner = "trap 'echo inner; exit' TERM INT HUP; echo up; while :; do sleep 0.05; done"
    outer = f'trap "exit 7" TERM INT HUP; sh -c "{inner}"; sleep 9'
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with Modem("--exec", outer) as modem:
            modem.expect("^up$")
            modem.child.send_signal(number)
            modem.expect("^inner$")
            assert modem.wait() == 7, number


def own_terminal():
    """In the child: standard input is its terminal."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_exec_on_a_terminal(place):
    """Ctrl+C reaches the command once, and it may read from the terminal."""
    master, slave = pty.openpty()
    wait = 'while [ -z "$n" ]; do sleep 0.05; done; sleep 0.3'
    command = f'trap "echo int; n=1" INT; read line; echo "read $line"; {wait}; exit 9'
    with Modem("--exec", command, stdin=slave, preexec_fn=own_terminal) as modem:
        modem.expect(READY)
        os.write(master, b"word\n")
        modem.expect("^read word$")
        os.write(master, b"\x03")
        assert modem.wait() == 9
        assert modem.lines.count("int") == 1, modem.lines
    with Modem("--exec", "sleep 9", stdin=slave, preexec_fn=own_terminal) as modem:
        modem.expect(READY)
        assert modem.stop() == 128 + signal.SIGTERM
    os.close(slave)
    os.close(master)


def test_exec_has_plain_signals(place):
    """A writer into a closed pipe dies of it, whatever we ignore ourselves."""
    done = run("--exec", f"{sys.executable} -c 'import signal; signal.signal(13, signal.SIG_DFL)'")
    assert done[0] == 0
    done = run("--exec", "(while :; do echo y; done; echo survived >&2) | head -n 1")
    assert done[0] == 0 and "survived" not in done[2], done


def test_exec_clients_in_turn_on_tcp(place):
    talk = "exec 3<>/dev/tcp/${0%:*}/${0##*:}; printf 'ATE0\\r' >&3; head -c 6 <&3 >/dev/null"
    done = run("--tcp=0", "--exec", f'for i in 1 2 3; do bash -c "{talk}" {{}}; done'.replace("$", "\\$"))
    assert done[0] == 0, done
    assert done[2].count("tcp client") == 6, done


def ready_pipe():
    reader, writer = os.pipe()
    return os.fdopen(reader, "rb"), writer


def test_ready_fd(place):
    for option in ("--pty", f"--pty={place}/modem0"):
        reader, writer = ready_pipe()
        with Modem(option, f"--ready-fd={writer}", pass_fds=[writer]) as modem:
            os.close(writer)
            path = reader.read().decode()  # to its end: so it was closed
            assert path.endswith("\n"), path
            at = At(Terminal(path[:-1])).hush()
            assert at.command("AT") == ["OK"]
            assert modem.stop() == 0
        reader.close()


def test_ready_fd_of_tcp_and_serial(place):
    master, slave, line = serial_line()
    for option in ("--tcp=0", f"--serial={line}"):
        reader, writer = ready_pipe()
        with Modem(option, f"--ready-fd={writer}", pass_fds=[writer]) as modem:
            os.close(writer)
            where = reader.read().decode()[:-1]
            if option == "--tcp=0":
                At(Connection(int(where.rpartition(":")[2]))).hush()
            else:
                assert where == line
            assert modem.stop() == 0
        reader.close()
    os.close(slave)
    os.close(master)


def test_ready_fd_may_be_stdout(place):
    done = run("--ready-fd=1", "--exec", "true")
    assert done[0] == 0 and done[1].startswith("/dev/pts/") and done[1].count("\n") == 1


def test_ready_fd_mistakes(place):
    for options in (["--ready-fd=99"], ["--ready-fd=x"], ["--stdio", "--ready-fd=1"]):
        done = run(*options)
        assert done[0] == 2 and "--ready-fd" in done[2], done


def test_ready_fd_that_nobody_reads(place):
    reader, writer = ready_pipe()
    reader.close()
    done = run(f"--ready-fd={writer}", "--exec", "true", pass_fds=[writer])
    os.close(writer)
    assert done[0] == 0 and "--ready-fd" in done[2], done


def stays_off(modem):
    time.sleep(0.3)
    assert not any(WOKEN in line for line in modem.lines), modem.lines


def test_wait_client_on_a_pty(place):
    link = place + "/modem0"
    with Modem(f"--pty={link}", "--wait-client", "-v") as modem:
        modem.expect("^atcoap: pty ")
        os.stat(link)
        stays_off(modem)
        fd = os.open(link, os.O_RDWR | os.O_NOCTTY)
        modem.expect(WOKEN)  # by the opening alone
        os.close(fd)
        at = At(Terminal(link)).hush()
        assert at.command("AT") == ["OK"]
        assert modem.stop() == 0


def test_wait_client_that_never_comes(place):
    with Modem("--wait-client") as modem:
        modem.expect(READY)
        assert modem.stop() == 0


def test_wait_client_on_tcp(place):
    with Modem("--tcp=0", "--wait-client", "-v") as modem:
        port = int(modem.expect(READY_TCP).group(2))
        stays_off(modem)
        at = At(Connection(port))
        modem.expect(WOKEN)
        assert at.hush().command("AT") == ["OK"]
        at.port.close()
        again = At(Connection(port))  # the same module, with its echo off
        again.write("AT\r")
        again.exact(b"\r\nOK\r\n")
        assert sum(WOKEN in line for line in modem.lines) == 1
        assert modem.stop() == 0


def test_wait_client_on_a_serial_line(place):
    master, slave, path = serial_line()
    with Modem(f"--serial={path}", "--wait-client", "-v") as modem:
        modem.expect("^atcoap: serial ")
        stays_off(modem)
        os.write(master, b"AT\r")
        modem.expect(WOKEN)
        at = At(Master(master))
        at.exact(b"AT\r\r\nOK\r\n")
        assert modem.stop() == 0
    os.close(slave)
    os.close(master)


def test_wait_client_with_exec_and_seed(place):
    """The same numbers as without waiting."""
    command = f"{driver(place)} {{}} 0"
    done = run("--wait-client", "--seed=1", "--exec", command)
    assert done[0] == 0 and done[1].startswith("talked to"), done


def test_timing(place):
    took = {}
    for timing in ("instant", "max"):
        start = time.monotonic()
        done = subprocess.run(
            [PROGRAM, "run", "--stdio", "--dialect=bc95", f"--timing={timing}"],
            input=b"AT+QCOAPDATASTATUS?\r",
            stdout=subprocess.PIPE,
            timeout=20,
        )
        assert done.returncode == 0
        took[timing] = time.monotonic() - start
    assert took["max"] > took["instant"] + 0.25, took
    done = run("--timing=slow")
    assert done[0] == 2 and "typical" in done[2], done


if __name__ == "__main__":
    run_tests(globals())
