"""Several servers behind nginx with Redis, started by the script that operators use."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READY_S = 90
ESTABLISHED = "01"  # in /proc/net/tcp
NEEDED = ("nginx", "redis-server")


@dataclass
class Hall:
    """What runs.

    Attributes:
        netloc: where browsers come in.
        ports: of the servers.
        redis_port: of Redis.
        starter: the process of the script.
        log: all that it has said.
    """

    netloc: str
    ports: list[int]
    redis_port: int
    starter: subprocess.Popen[bytes]
    log: Path
    stopped: list[int] = field(default_factory=list)

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def process(self, name: str) -> int:
        """The newest process of a name, such as `server 1`."""
        return int(re.findall(rf"^{name}: process (\d+)$", self.said, re.MULTILINE)[-1])

    def connections(self, port: int) -> int:
        """How many connections a server has."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        here = f":{port:04X}"
        return sum(row[1].endswith(here) and row[3] == ESTABLISHED for row in rows)

    def kill(self, name: str) -> None:
        """Ends a process without a warning, as an accident does."""
        os.kill(self.process(name), signal.SIGKILL)

    def restart_all(self) -> None:
        """Asks for a rolling restart, and waits for its end."""
        before = self.said.count("All servers have been restarted.")
        self.starter.send_signal(signal.SIGHUP)
        self.wait_until("All servers have been restarted.", before + 1)

    def wait_until(self, words: str, times: int = 1) -> None:
        deadline = time.monotonic() + READY_S
        while self.said.count(words) < times:
            assert self.starter.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.1)


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def first_of_two() -> int:
    """A port whose neighbour is free as well."""
    while True:
        (port,) = free_ports(1)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return int(port)


@contextmanager
def started(folder: Path, replicas: int = 2) -> Iterator[Hall]:
    """A hall that is ready; without nginx and Redis the test is left out, but not in CI."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    missing = [name for name in NEEDED if shutil.which(name, path=path) is None]
    if missing and os.environ.get("CI") != "true":
        pytest.skip(f"no {' and no '.join(missing)} here")
    folder.chmod(0o755)  # nginx that root starts works as another user
    (port, redis_port), first = free_ports(2), first_of_two()
    log = folder / "log"
    command = [sys.executable, str(ROOT / "deploy" / "start"), "--replicas", str(replicas)]
    command += ["--port", str(port), "--first-port", str(first), "--redis-port", str(redis_port)]
    command += ["--state", str(folder / "state")]
    with log.open("wb") as out:
        starter = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    ports = [first + number for number in range(replicas)]
    hall = Hall(f"127.0.0.1:{port}", ports, redis_port, starter, log)
    try:
        hall.wait_until("All are ready.")
        yield hall
    finally:
        starter.terminate()
        starter.wait(READY_S)
