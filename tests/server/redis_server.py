"""A Redis server of our own, in memory only, which may be stopped and started again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = shutil.which("redis-server")
SECONDS = 20


class RedisServer:
    """On a free port of this machine.

    Args:
        folder: where it runs.
    """

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._folder = folder
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Returns when it answers."""
        assert PROGRAM
        options = {"port": self._port, "bind": "127.0.0.1", "save": "", "appendonly": "no"}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = subprocess.Popen(
            [PROGRAM, *words], cwd=self._folder, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + SECONDS
        while self.ask(b"PING") != b"+PONG":
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends it at once; nothing is kept."""
        self._process.kill()
        self._process.wait()

    def hang(self) -> None:
        """Lets it answer nobody, though it is there."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Lets it answer again."""
        self._process.send_signal(signal.SIGCONT)

    def ask(self, command: bytes) -> bytes:
        """One line of its answer; empty if there is none."""
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=5) as line:
                line.sendall(command + b"\r\n")
                return line.recv(4096).strip()
        except OSError:
            return b""


@contextmanager
def redis_served(folder: Path) -> Iterator[RedisServer]:
    """One that is there while this is open; without the program the test is left out."""
    if PROGRAM is None and os.environ.get("CI") != "true":
        pytest.skip("no redis-server (apt-get install redis-server)")
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
