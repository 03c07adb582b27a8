# SPDX-License-Identifier: MIT
"""hosts/extra_ctrl_z.c: ends a payload of a given length with Ctrl+Z and CR LF all the same."""

from harness import run_tests
from hosting import on_all_ways, run_cases


def test_extra_ctrl_z(place):
    run_cases(
        on_all_ways("extra_ctrl_z", ("bg96",)),
        ["GET 2.05 a", "GET 2.05 p=1013.25", "GET 2.05 AT+QCOAPCLOSE=0"],
        stored=(("counted",), b"AT+QCOAPCLOSE=0"),
        findings=("bytes-behind-data", "line-feed-before-data"),
    )


if __name__ == "__main__":
    run_tests(globals())
