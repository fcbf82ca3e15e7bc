"""A server of our own on a free port, which may be stopped and started again."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90


class Served:
    """A script under one address, served as the README says.

    Args:
        log: where it writes.
        script: what is served.
    """

    def __init__(self, log: IO[bytes], script: str = "app.py") -> None:
        self._log = log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/"
        self._command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            script,
            "--server.port",
            str(port),
        ]

    def start(self) -> None:
        """Returns when it answers."""
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdout=self._log, stderr=subprocess.STDOUT
        )
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, f"the server ended: {self.said()}"
            try:
                with urlopen(f"{self.address}_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(self.address)

    def stop(self, *, at_once: bool = False) -> None:
        """Ends it; `at_once` as when the machine goes down."""
        if at_once:
            self._process.kill()
        else:
            self._process.terminate()
        self._process.wait(timeout=SECONDS)

    def said(self) -> str:
        """What it has written so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")


@contextmanager
def served(script: str = "app.py") -> Iterator[Served]:
    """A running server, ended afterwards."""
    with tempfile.TemporaryFile() as log:
        server = Served(log, script)
        server.start()
        try:
            yield server
        finally:
            server.stop()
