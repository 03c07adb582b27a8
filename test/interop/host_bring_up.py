# SPDX-License-Identifier: MIT
"""hosts/bring_up.c: asks until the module is registered and attached, after it has set bands, contexts
and the operator and has switched the radio off and on. It does nothing wrong, so --strict is quiet."""

from harness import run_tests
from hosting import Case, on_all_ways, run_cases


def test_bring_up(place):
    run_cases(
        on_all_ways("bring_up", ("bc95", "bg96")),
        ["registered after a while", "POST 2.01", "GET 2.05 17"],
        stored=(("up", "time"), b"17"),
        strict=True,
    )


def test_it_relies_on_the_blanks(place):
    Case("bring_up", "bc95").needs("colon=note", r"bring_up: AT\+NBAND\?")


if __name__ == "__main__":
    run_tests(globals())
