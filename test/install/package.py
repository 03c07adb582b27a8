# SPDX-License-Identifier: MIT
"""The Debian package: it builds, says what it needs, and its program runs from
where it is unpacked."""

import glob
import os
import re
import shutil

from installed import BUILD, FLAGS, run
from harness import run_tests

TOOLS = ("cpack", "dpkg-deb", "dpkg-shlibdeps", "file")


def pack(place):
    """Build the package; returns its path."""
    run(["cpack", "-G", "DEB", "-B", place, "--config", f"{BUILD}/CPackConfig.cmake"])
    (package,) = glob.glob(f"{place}/*.deb")
    return package


def field(package, name):
    return run(["dpkg-deb", "-f", package, name]).strip()


def test_package(place):
    package = pack(place)
    assert re.fullmatch(r"atcoap_0\.[0-9.]+_[a-z0-9]+\.deb", os.path.basename(package))
    assert field(package, "Package") == "atcoap"
    if not any("sanitize" in flag for flag in FLAGS):
        depends = field(package, "Depends")
        for library in ("libc6", "libuv1", "libmbedtls", "libinih1"):
            assert library in depends, (library, depends)

    content = run(["dpkg-deb", "-c", package])
    for path in (
        "./usr/bin/atcoap",
        "./usr/include/atcoap/atcoap.h",
        "./usr/share/man/man1/atcoap.1",
        "./usr/share/bash-completion/completions/atcoap",
        "./usr/share/doc/atcoap/copyright",
        "./usr/share/doc/atcoap/docs/commands.md",
        "./usr/share/doc/atcoap/examples/shell.c",
    ):
        assert re.search(rf" {re.escape(path)}$", content, re.M), (path, content)
    assert re.search(r"/libatcoap\.a$", content, re.M)
    assert re.search(r"/pkgconfig/atcoap\.pc$", content, re.M)
    assert re.search(r"/cmake/atcoap/atcoapConfig\.cmake$", content, re.M)
    assert not re.search(r"\.pyc$|__pycache__|\.o$", content, re.M), content

    unpacked = os.path.join(place, "unpacked")
    run(["dpkg-deb", "-x", package, unpacked])
    assert run([f"{unpacked}/usr/bin/atcoap", "--version"]).startswith("atcoap 0.")


if __name__ == "__main__":
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        print(f"skipped: no {', '.join(missing)} (Debian packages dpkg-dev, file, cmake)")
    else:
        run_tests(globals())
