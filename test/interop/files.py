# SPDX-License-Identifier: MIT
"""The module's file store: kept in a folder or forgotten, and never in a log."""

import os
import subprocess

from harness import PROGRAM, Modem, run_tests

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


def test_a_profile_and_settings_over_two_runs(place):
    """AT&W and AT+QCFG of one run are those of the next one in that folder, and of no other."""
    folder = place + "/ufs"
    first = b'ATE0V1;+CREG=2;+QCFG="band",0,80,80000;+CGDCONT=2,"IP","iot";+QICSGP=3,1,"a","b","c",1\r'
    asked = b'ATI;+CREG?;+QCFG="band";+CGDCONT?;+QICSGP=3\r'
    out, _ = talk(first + b"ATS5=35&W\rATS5=8\r", f"--files={folder}")
    assert out.endswith(b"\r\nOK\r\n"), out
    out, _ = talk(asked + b"ATS5?\r", f"--files={folder}")
    assert not out.startswith(b"ATI"), out  # the echo is off from the first byte
    for line in (
        b'+CREG: 2,1,"213D","318886E",9',
        b'+QCFG: "band",0xf,0x80,0x80000',
        b'+CGDCONT: 2,"IP","iot","0.0.0.0",0,0',
        b'+QICSGP: 1,"a","b","c",1',
        b"035",
    ):
        assert b"\r\n" + line + b"\r\n" in out, (line, out)
    out, _ = talk(asked)
    assert out.startswith(b"ATI") and b"+CREG: 0,1" in out and b"iot" not in out, out
    # what --set says of one run is nothing to keep
    other = f"--files={place}/other"
    talk(b'AT+QCFG="nwscanmode",3\r', other, "--set", "echo=off")
    out, _ = talk(b'AT+QCFG="nwscanmode"\r', other)
    assert out.startswith(b'AT+QCFG="nwscanmode"\r') and b'"nwscanmode",3' in out, out


def test_a_file_is_changed_in_place(place):
    """The same bytes with a folder and in memory, and nothing unfinished is left in the folder."""
    session = (
        b'ATE0\rAT+QFOPEN="f"\rAT+QFWRITE=3000,10\r0123456789'
        b"AT+QFSEEK=3000,4\rAT+QFWRITE=3000,2\rab"
        b"AT+QFSEEK=3000,2\rAT+QFREAD=3000,6\rAT+QFTUCAT=3000\rAT+QFLST\r"
    )
    in_memory, _ = talk(session)
    assert b"\r\nCONNECT 6\r\n23ab67\r\nOK\r\n" in in_memory, in_memory
    assert b'\r\n+QFLST: "f",8\r\n' in in_memory, in_memory
    os.mkdir(place + "/ufs")
    with open(place + "/ufs/other", "wb") as file:
        file.write(b"x")
    in_folder, _ = talk(session, f"--files={place}/ufs")
    assert in_folder == in_memory.replace(b'",8\r\n', b'",8\r\n+QFLST: "other",1\r\n')
    assert sorted(os.listdir(place + "/ufs")) == ["f", "other"]
    with open(place + "/ufs/f", "rb") as file:
        assert file.read() == b"0123ab67"


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


def test_a_folder_belongs_to_one_module(place):
    with Modem(f"--files={place}") as first:
        first.expect(r"pty (\S+)")
        with Modem(f"--files={place}") as second:
            second.expect("another module keeps its files there")
            assert second.wait() == 3
        assert first.stop() == 0
    with Modem(f"--files={place}") as third:
        third.expect(r"pty (\S+)")
        assert third.stop() == 0


def test_content_is_not_in_the_log(place):
    """Typed, echoed or read back, in one chunk with other lines or not."""
    for echo in (b"ATE1\r", b"ATE0\r"):
        session = echo + UPLOAD[5:] + b'AT+QFDWL="UFS:0_server.psk"\rATI\r'
        out, err = talk(session, "-v")
        assert SECRET in out
        assert b"> AT+QFUPL" in err and b" bytes>" in err, err
        for piece in (SECRET, b"864508030012428", b"313233343446473839"):
            assert piece not in err, err


def test_content_is_not_in_the_log_however_a_line_ends(place):
    """LF, another character of ATS3, and a handle; all in one chunk."""
    for start, end in ((b"", b"\r"), (b"", b"\n"), (b"ATS3=30\r", b"\x1e")):
        lines = (
            b'AT+QFUPL="a.psk",34' + end + SECRET,
            b'AT+QFOPEN="b.psk"' + end + b"AT+QFWRITE=3000,34" + end + SECRET,
            b"AT+QFSEEK=3000,0" + end + b"AT+QFREAD=3000" + end + b"ATI" + end,
        )
        out, err = talk(start + b"".join(lines), "-v")
        assert out.count(SECRET) >= 1, out
        assert b"> AT+QFWRITE" in err, err
        for piece in (SECRET, b"864508030012428", b"313233343446473839"):
            assert piece not in err, (end, err)


if __name__ == "__main__":
    run_tests(globals())
