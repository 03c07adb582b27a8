# SPDX-License-Identifier: MIT
"""hosts/platform.c: registers at libcoap's server and answers what libcoap's client asks: a value is
read, written and observed, a resource that is not there the module answers itself. All of it is done
well, so --strict is quiet."""

import concurrent.futures
import subprocess

from harness import PROGRAM, Process, Server, free_udp_port, run_tests
from hosting import host_command


def client(*words):
    """What libcoap's client prints; the verdict of a response that is an error included."""
    done = subprocess.run(
        ["coap-client-notls", "-B", "15", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=30,
        check=True,
    )
    return done.stdout.decode().split()


def session(address, timing):
    with Server(host=address) as server:
        port = free_udp_port()
        host = f"{host_command('platform')} {{}} bc95 {address} {server.port} {port} 4"
        how = ("--dialect=bc95", "--strict", f"--timing={timing}", f"--exec={host}")
        uri = f"coap://[{address}]:{port}" if ":" in address else f"coap://{address}:{port}"
        with Process([PROGRAM, "run", *how]) as run:
            run.expect("^registered$")
            assert client("-m", "get", uri + "/3/0/9") == ["92"]
            assert client("-m", "put", "-e", "set=21", uri + "/19/1/0") == []
            assert client("-m", "get", uri + "/3/0/10")[0] == "4.04"
            # The last one answers the end of the observation.
            seen = client("-s", "2", "-m", "get", uri + "/19/0/0")
            assert "".join(seen) in ("T1T2T3", "T1T2T392"), seen
            assert run.wait() == 0, run.lines
    said = [line for line in run.lines if line[:1].isdigit()]
    assert said == ["1 /3/0/9", "3 /19/1/0 7365743D3231", "1 /19/0/0", "1 /19/0/0"], run.lines


def test_platform(place):
    ways = [(a, t) for a in ("127.0.0.1", "::1") for t in ("instant", "typical")]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(lambda way: session(*way), ways))


if __name__ == "__main__":
    run_tests(globals())
