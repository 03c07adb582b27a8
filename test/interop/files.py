# SPDX-License-Identifier: MIT
"""The module's file store: kept in a folder or forgotten, and never in a log."""

import os
import subprocess

from harness import PROGRAM, run_tests

SECRET = b"864508030012428&313233343446473839"
UPLOAD = b'ATE0\rAT+QFUPL="UFS:0_server.psk",34\r' + SECRET
LIST = b'ATE0\rAT+QFLST="*"\r'
LISTED = b'+QFLST: "UFS:0_server.psk",34\r\n'


def talk(data, *options):
    done = subprocess.run(
        [PROGRAM, "run", "--stdio", *options],
        input=data,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=20,
    )
    assert done.returncode == 0, done
    return done.stdout, done.stderr


def test_memory_forgets(place):
    assert LISTED in talk(UPLOAD + LIST)[0]
    assert LISTED not in talk(LIST)[0]


def test_a_folder_keeps(place):
    folder = place + "/ufs"
    out, _ = talk(UPLOAD, f"--files={folder}")
    assert b"+QFUPL: 34,322e" in out, out
    assert LISTED in talk(LIST, f"--files={folder}")[0]
    out, _ = talk(b'ATE0\rAT+QFDWL="0_server.psk"\r', f"--files={folder}")
    assert b"CONNECT\r\n" + SECRET in out, out


def test_only_the_last_folder_is_made(place):
    done = subprocess.run(
        [PROGRAM, "run", "--stdio", f"--files={place}/no/ufs"],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=10,
    )
    assert done.returncode == 3
    assert b"--files=" in done.stderr
    assert not os.path.exists(place + "/no")


def test_content_is_not_in_the_log(place):
    """Typed, echoed or read back, in one chunk with other lines or not."""
    for echo in (b"ATE1\r", b"ATE0\r"):
        session = echo + UPLOAD[5:] + b'AT+QFDWL="UFS:0_server.psk"\rATI\r'
        out, err = talk(session, "-v")
        assert SECRET in out
        assert b"> AT+QFUPL" in err and b" bytes>" in err, err
        for piece in (SECRET, b"864508030012428", b"313233343446473839"):
            assert piece not in err, err


if __name__ == "__main__":
    run_tests(globals())
