"""Servers that are measured: started on a free loopback port, ended afterwards."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from cpus import NATIVE, Cpu

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 90


def streamlit(script: str, python: str = sys.executable) -> list[str]:
    """The command that serves a script as the README serves the app, without its port."""
    return [python, "-m", "streamlit", "run", script, "--server.port"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], cpu: Cpu = NATIVE, **environment: str) -> Iterator[str]:
    """The address of `command`, which is started with a free port as its last argument."""
    with started(command, cpu, environment) as (address, process):
        wait_for(address, process)
        yield address


@contextmanager
def started(
    command: Sequence[str], cpu: Cpu = NATIVE, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Address and process, without waiting until it answers; what went wrong in it is shown."""
    port = free_port()
    here = {**os.environ, "PYTHONPATH": str(ROOT), **cpu.environment, **(environment or {})}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, str(port)], cwd=ROOT, env=here, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield f"http://127.0.0.1:{port}/", process
        finally:
            died = process.poll() is not None
            _end(process)
            log.seek(0)
            said = log.read().decode(errors="replace")
            if died or "Traceback" in said:
                sys.stderr.write(said[-4000:])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(address: str, process: subprocess.Popen[bytes], every_s: float = 0.02) -> None:
    """Returns as soon as the address answers.

    Raises:
        RuntimeError: if the process ends first.
        TimeoutError: if nothing answers in time.
    """
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(every_s)
    raise TimeoutError(address)
