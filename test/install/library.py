# SPDX-License-Identifier: MIT
"""The installed library: a small program is built against it, once with what
pkg-config says and once with CMake's find_package, and asks a module what it
is."""

import os
import re

from installed import COMPILER, FLAGS, PLACE, find, install, run
from harness import run_tests

USER = os.path.join(PLACE, "user")
ANSWER = "ATI\r\r\nQuectel\r\nBG96\r\n"


def pkg_config(prefix, *options):
    folder = os.path.join(prefix, os.path.dirname(find(prefix, "atcoap.pc")))
    settings = dict(os.environ, PKG_CONFIG_PATH=folder)
    return run(["pkg-config", *options, "atcoap"], env=settings).split()


def build(place, *flags):
    program = os.path.join(place, "hello")
    run(
        [COMPILER, *FLAGS, "-std=c11", "-Wall", "-Wextra", "-Werror"]
        + [os.path.join(USER, "hello.c"), "-o", program, *flags]
    )
    return program


def test_pkg_config(place):
    prefix = install(place)
    cflags = pkg_config(prefix, "--cflags")
    assert any(flag.startswith("-DATC_MESSAGE_MAX=") for flag in cflags), cflags
    program = build(place, *cflags, *pkg_config(prefix, "--libs"))
    assert run([program]).startswith(ANSWER)


def test_pkg_config_in_another_place(place):
    """The package says where it is, not where it was installed first."""
    moved = os.path.join(place, "moved")
    os.rename(install(place), moved)
    program = build(place, *pkg_config(moved, "--cflags", "--libs"))
    assert run([program]).startswith(ANSWER)


def test_find_package(place):
    folder = os.path.join(place, "build")
    run(
        ["cmake", "-S", USER, "-B", folder, f"-DCMAKE_PREFIX_PATH={install(place)}"]
        + [f"-DCMAKE_C_COMPILER={COMPILER}", f"-DCMAKE_C_FLAGS={' '.join(FLAGS)}"]
    )
    run(["cmake", "--build", folder])
    assert run([os.path.join(folder, "hello")]).startswith(ANSWER)


def test_other_limits_are_noticed(place):
    """A program that is compiled without the library's limits is refused."""
    prefix = install(place)
    flags = [
        flag
        for flag in pkg_config(prefix, "--cflags", "--libs")
        if not flag.startswith("-D")
    ]
    run([build(place, *flags)], status=9)


def test_the_library_holds_the_core_alone(place):
    prefix = install(place)
    archive = os.path.join(prefix, find(prefix, "libatcoap.a"))
    names = re.findall(r"^[0-9a-f]+ [A-TV-Z] (\S+)$", run(["nm", "-g", archive]), re.M)
    foreign = [name for name in names if not name.startswith("atc_")]
    assert names and not [n for n in foreign if not n.startswith("_")], foreign


def test_headers(place):
    prefix = install(place)
    assert find(prefix, "atcoap.h") == "include/atcoap/atcoap.h"
    assert sorted(os.listdir(prefix + "/include/atcoap")) == ["atcoap.h", "config.h"]


if __name__ == "__main__":
    run_tests(globals())
