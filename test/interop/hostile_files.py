# SPDX-License-Identifier: MIT
"""Nothing the TE names or sends leads out of the folder of --files, or leaves half a file there."""

import os
import signal
import stat
import subprocess
import time

from harness import PROGRAM, run_tests

LIMIT = 1024 * 1024  # bytes of the store, docs/deviations.md D-117


def talk(data, folder):
    """What the module on stdio says, with echo off and numbers for errors."""
    done = subprocess.run(
        [PROGRAM, "run", "--stdio", f"--files={folder}"],
        input=b"ATE0\r" + data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=30,
    )
    assert done.returncode == 0, done
    return done.stdout.split(b"OK\r\n", 1)[1]


def upload(name, content):
    return b'AT+QFUPL="%s",%d\r%s' % (name, len(content), content)


def everything_below(place):
    found = []
    for root, folders, files in os.walk(place):
        found += [os.path.join(root, name) for name in folders + files]
    return sorted(found)


def test_names_that_lead_elsewhere(place):
    folder = place + "/ufs"
    talk(b"AT\r", folder)
    before = everything_below(place)
    for name in (
        b"UFS:../../etc/passwd", b"../x", b"..", b".", b".hidden", b"UFS:.hidden", b"/etc/passwd",
        b"UFS:/x", b"a/b", b"a\\b", b"UFS:", b"a:b", b"a*b", b"a b", b"a\x00b",
        b"a\\00b", b"\xc3\xa4", b"n" * 81,
    ):
        for command in (b'AT+QFUPL="%s",3\r', b'AT+QFDWL="%s"\r', b'AT+QFDEL="%s"\r'):
            said = talk(command % name, folder)
            # A backslash that no two hex digits follow is no string at all (D-82).
            code = b"50" if name == b"a\\b" else b"406"
            assert said == b"\r\n+CME ERROR: %s\r\n" % code, (name, command, said)
    assert everything_below(place) == before


def test_the_longest_name(place):
    name = b"n" * 80
    said = talk(upload(name, b"abc") + b"AT+QFLST\r", place + "/ufs")
    assert b"+QFUPL: 3," in said and b'+QFLST: "%s",3\r\n' % name in said, said


def test_links_are_no_files(place):
    """Neither read nor listed, written through or followed out of the folder."""
    folder = place + "/ufs"
    secret = place + "/secret"
    os.mkdir(folder)
    with open(secret, "w") as file:
        file.write("not for the module")
    os.symlink(secret, folder + "/link")
    os.symlink(place, folder + "/out")
    os.symlink(place + "/made", folder + "/dangling")
    said = talk(b'AT+QFLST;+QFDWL="link"\r', folder)
    assert said == b"\r\n+CME ERROR: 405\r\n", said
    talk(upload(b"link", b"abc"), folder)
    talk(upload(b"dangling", b"abc"), folder)
    assert open(secret).read() == "not for the module"
    assert not os.path.exists(place + "/made")


def test_files_are_private_and_whole(place):
    folder = place + "/ufs"
    talk(upload(b"key", b"id&secret"), folder)
    assert stat.S_IMODE(os.stat(folder + "/key").st_mode) == 0o600
    assert open(folder + "/key", "rb").read() == b"id&secret"
    assert os.listdir(folder) == ["key"]


def test_D_117_a_crash_leaves_the_old_or_the_new(place):
    """Killed in the middle of an upload: nothing of it is a file, and the next run cleans up."""
    folder = place + "/ufs"
    talk(upload(b"old", b"abc"), folder)
    module = subprocess.Popen(
        [PROGRAM, "run", "--stdio", f"--files={folder}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    module.stdin.write(b'AT+QFUPL="new",5000\r' + b"x" * 3000)
    module.stdin.flush()
    deadline = time.monotonic() + 10
    while len(os.listdir(folder)) == 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    module.send_signal(signal.SIGKILL)
    module.wait()
    assert not os.path.exists(folder + "/new")
    assert talk(b"AT+QFLST\r", folder) == b'\r\n+QFLST: "old",3\r\n\r\nOK\r\n'
    assert os.listdir(folder) == ["old"]


def test_a_full_store(place):
    folder = place + "/ufs"
    os.mkdir(folder)
    with open(folder + "/big", "wb") as file:
        file.truncate(LIMIT - 10)
    said = talk(b'AT+QFLDS="UFS"\rAT+QFUPL="more",11\r', folder)
    assert b"+QFLDS: 10,%d\r\n" % LIMIT in said and said.endswith(b"+CME ERROR: 420\r\n"), said
    assert b"+QFUPL: 10," in talk(upload(b"fits", b"0123456789"), folder)
    assert sorted(os.listdir(folder)) == ["big", "fits"]


def test_uploads_of_another_length(place):
    """Cut short: what came is kept. Longer than announced: the rest is no command. Nothing: no file."""
    folder = place + "/ufs"
    module = subprocess.Popen(
        [PROGRAM, "run", "--stdio", f"--files={folder}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    module.stdin.write(b'ATE0\rAT+QFUPL="short",10,1\rabc')
    module.stdin.flush()
    time.sleep(1.5)
    module.stdin.write(b'\rAT+QFUPL="long",3\rabcAT\xff+junk\rAT+QFUPL="none",5,1\r')
    module.stdin.flush()
    time.sleep(1.5)
    said, _ = module.communicate(b"\rAT+QFLST\r", timeout=20)
    assert b"+QFUPL: 3," in said and b"+CME ERROR: 421" in said, said
    assert said.endswith(b'+QFLST: "long",3\r\n+QFLST: "short",3\r\n\r\nOK\r\n'), said


if __name__ == "__main__":
    run_tests(globals())
