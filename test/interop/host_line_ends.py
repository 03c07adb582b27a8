# SPDX-License-Identifier: MIT
"""hosts/line_ends.py: everything it types ends in CR, in CR LF or in LF; echo on. With
CR the lint has nothing to say but that the BG96's note does not list Observe."""

from harness import run_tests
from hosting import Case, on_all_ways, run_cases

FINDINGS = {"cr": (), "crlf": ("line-feed-before-data",), "lf": ("line-feed-ends-line",)}


def lines_ending_in(kind):
    run_cases(
        on_all_ways("line_ends", ("bc95",), kind),
        ["POST 2.01", "GET 2 2.05 6 743D2D342E35", "observe 2.05 2.05 2.05"],
        stored=(("ends",), b"t=-4.5"),
        strict=kind == "cr",
        findings=FINDINGS[kind],
    )
    run_cases(
        on_all_ways("line_ends", ("bg96",), kind),
        ["POST 2.01", "PUT 2.04", "GET 2.05 6 t=-5.5", "observe 2.05 2.05 2.05"],
        stored=(("ends",), b"t=-5.5"),
        findings=(*FINDINGS[kind], "unlisted-option"),
        said=() if FINDINGS[kind] else (r"lint: 1 finding in",),
    )


def test_cr(place):
    lines_ending_in("cr")


def test_cr_lf(place):
    lines_ending_in("crlf")


def test_lf(place):
    lines_ending_in("lf")


def test_it_relies_on_them(place):
    Case("line_ends", "bc95", "lf").needs("line-end=cr", "line_ends: no")
    Case("line_ends", "bg96", "crlf").needs("body-lf=keep", "line_ends: ")


if __name__ == "__main__":
    run_tests(globals())
