# SPDX-License-Identifier: MIT
"""Values that survive a restart, over two runs of the program; the time; pings."""

import os
import socket
import subprocess
import termios
import time

from harness import PROGRAM, At, Modem, run_tests

SET = (
    b"ATE0\rAT+CFUN=0\rAT+NBAND=20,8\rAT+CFUN=1\rAT+CPSMS=1,,,01000001,00000101\r"
    b'AT+CGDCONT=0,"IP","internet"\rAT+NATSPEED=115200,0,1\rAT+NCDP=192.0.2.9\r'
)
READ = b"ATE0\rAT+NBAND?\rAT+CPSMS?\rAT+CGDCONT?\rAT+NATSPEED?\rAT+NCDP?\r"
READINGS = (
    b"+NBAND:20,8\r\n",
    b'+CPSMS:1,,,"01000001","00000101"\r\n',
    b'+CGDCONT:0,"IP","internet"',
    b"+NATSPEED:115200\r\n",
    b"+NCDP:192.0.2.9,5683\r\n",
)
FACTORY = b"+NBAND:5,8,3,28,20,1\r\n"


class Line:
    """The other end of a serial line."""

    def __init__(self, fd):
        self.fd = fd

    def write(self, data):
        os.write(self.fd, data)

    def close(self):
        pass


def talk(data, *options, dialect="bc95"):
    done = subprocess.run(
        [PROGRAM, "run", "--stdio", f"--dialect={dialect}", *options],
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=20,
    )
    assert done.returncode == 0, done
    return done.stdout


def test_a_second_run_has_the_values_of_the_first(place):
    folder = f"--files={place}/ufs"
    assert b"ERROR" not in talk(SET, folder)
    out = talk(READ, folder)
    for reading in READINGS:
        assert reading in out, (reading, out)
    assert FACTORY in talk(READ)


def test_a_name_of_the_other_module(place):
    folder = f"--files={place}/ufs"
    talk(b'ATE0\rAT+CGDCONT=1,"IP","internet"\r', folder, dialect="bg96")
    assert b'+CGDCONT: 1,"IP","internet"' in talk(b"AT+CGDCONT?\r", folder, dialect="bg96")


def test_it_is_no_file(place):
    folder = f"--files={place}/ufs"
    talk(b'AT+CGDCONT=1,"IP","internet"\r', folder, dialect="bg96")
    out = talk(
        b'ATE0\rAT+CMEE=0\rAT+QFLST="*"\rAT+QFLDS\rAT+QFDWL=".kept"\rAT+QFDEL=".kept"\rAT+QFDEL="*"\r',
        folder,
        dialect="bg96",
    )
    assert b"kept" not in out and b"+QFLDS: 0,0\r\n" in out and out.count(b"ERROR") == 2, out
    assert b'"internet"' in talk(b"AT+CGDCONT?\r", folder, dialect="bg96")


def test_what_others_put_there(place):
    """Any bytes: the module starts as from the factory."""
    folder = place + "/ufs"
    talk(SET, f"--files={folder}")
    kept = folder + "/.kept"
    with open(kept, "rb") as file:
        good = file.read()
    assert b"bands=20,8\n" in good, good
    for content in (b"", b"\0" * 2000, b"bands=99\n", b"bands=20,8", os.urandom(1000), b"=" * 1024):
        with open(kept, "wb") as file:
            file.write(content)
        out = talk(READ, f"--files={folder}")
        assert (b"+NBAND:20,8\r\n" if b"20,8" in content else FACTORY) in out, (content, out)
        assert b"ERROR" not in out, out


def test_a_store_that_fails(place):
    """A folder in place of the file: commands work, and nothing is kept."""
    folder = place + "/ufs"
    os.makedirs(folder + "/.kept")
    out = talk(SET + READ[5:], f"--files={folder}")
    assert b"ERROR" not in out and b"+NBAND:20,8\r\n" in out, out
    assert FACTORY in talk(READ, f"--files={folder}")
    assert os.listdir(folder + "/.kept") == [] and os.listdir(folder) == [".kept"]


def test_a_run_keeps_for_its_next_client(place):
    with Modem("--tcp=0", "--dialect=bc95") as modem:
        port = int(modem.expect(r"127\.0\.0\.1:(\d+)").group(1))
        for data, wanted in ((SET, b"OK\r\n"), (READ, READINGS[0])):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
                client.settimeout(10)
                client.sendall(data + b"AT+CGMI\r")
                said = b""
                while b"Quectel\r\n\r\nOK" not in said:
                    said += client.recv(4096)
                assert wanted in said, said


def test_the_time_is_that_of_the_machine(place):
    os.environ["TZ"] = "HERE-05:45"  # 23 quarter hours to the east
    try:
        out = talk(b"ATE0\rAT+CCLK?\r")
    finally:
        del os.environ["TZ"]
    then = out.split(b"+CCLK:")[1][:20].decode()
    said = time.mktime(time.strptime(then[:17], "%y/%m/%d,%H:%M:%S")) - time.timezone
    assert then.endswith("+23"), out
    assert abs(said - (time.time() + 23 * 900)) < 30, out


def test_the_speed_of_a_serial_line(place):
    """AT+NATSPEED changes it behind the OK; nothing heard at the new one: the old one is back."""
    master, slave = os.openpty()

    def wait_for(speed):
        end = time.monotonic() + 10
        while termios.tcgetattr(slave)[4] != speed:
            assert time.monotonic() < end, termios.tcgetattr(slave)[4]
            time.sleep(0.01)

    with Modem(f"--serial={os.ttyname(slave)},19200", "--dialect=bc95") as modem:
        at = At(Line(master)).hush()
        wait_for(termios.B19200)
        assert at.command("AT+NATSPEED?") == ["+NATSPEED:19200", "OK"]
        assert at.command("AT+NATSPEED=57600,1") == ["OK"]
        wait_for(termios.B57600)
        wait_for(termios.B19200)
        assert at.command("AT+NATSPEED=115200,30") == ["OK"]
        wait_for(termios.B115200)
        assert at.command("AT") == ["OK"]
        modem.stop()
    os.close(master)
    os.close(slave)


def in_a_network_of_its_own(allowed, data):
    """The program where these groups may ping, or none; None if there can be no such place."""
    script = (
        'ip link set lo up && { [ -z "$1" ] || echo "$1" >/proc/sys/net/ipv4/ping_group_range; } && '
        'shift && sleep 1 | cat "$1" - | "$2" run --stdio --dialect=bc95'
    )
    try:
        done = subprocess.run(
            ["unshare", "-rn", "sh", "-c", script, "sh", allowed, data, PROGRAM],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
        )
    except FileNotFoundError:
        return None
    return done.stdout or None


def test_pings(place):
    with open(place + "/in", "wb") as file:
        file.write(b"ATE0\rAT+NPING=127.0.0.1\r")
    out = in_a_network_of_its_own("0 0", place + "/in")
    if out is None:  # no right to make one: what this machine allows
        out = talk(b"ATE0\rAT+NPING=127.0.0.1,12,1000\r")
        assert b"OK\r\n" in out, out
        return
    assert b"\r\n+NPING:127.0.0.1,64,0\r\n" in out, out
    out = in_a_network_of_its_own("", place + "/in")
    assert b"\r\n+NPINGERR:2\r\n" in out, out


if __name__ == "__main__":
    run_tests(globals())
