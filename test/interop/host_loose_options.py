# SPDX-License-Identifier: MIT
"""hosts/loose_options.c: options without quotes and out of order, and a whole path in one value. What
the server has then stands at the path of three segments."""

from harness import run_tests
from hosting import Case, on_all_ways, run_cases


def test_loose_options(place):
    run_cases(
        on_all_ways("loose_options", ("bc95", "bg96")),
        ["POST 2.01", "GET 2.05 19.5"],
        stored=(("house", "loose", "t1"), b"19.5"),
        findings=("path-in-one-value", "quotes"),
    )


def test_it_relies_on_split_paths(place):
    for module in ("bc95", "bg96"):
        Case("loose_options", module).needs("split-path=off", "loose_options: ,5,8")


if __name__ == "__main__":
    run_tests(globals())
