"""Freed memory goes back to the system, and nothing breaks where it cannot."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from viz import memory
from viz.assets import ROOT

# 800 blocks below the size that glibc maps on its own; the last one is kept and holds the rest.
PROGRAM = """
import ctypes
from viz import memory

def resident_mb():
    status = open("/proc/self/status").read()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
libc.free.argtypes = [ctypes.c_void_p]
blocks = [libc.malloc(100_000) for _ in range(800)]
for block in blocks:
    ctypes.memset(block, 1, 100_000)
for block in blocks[:-1]:
    libc.free(block)
before = resident_mb()
memory.give_back()
print(before - resident_mb())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps freed memory so")
def test_what_is_freed_goes_back_to_the_system():
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 60


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_where_the_c_library_is_another_one_nothing_is_done(monkeypatch, error: type[Exception]):
    def missing(_: object) -> object:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", missing)
    memory.keep_few_arenas()
    memory.give_back()


def test_what_is_available_is_what_the_system_says():
    found = memory.available_bytes()
    if sys.platform == "linux":
        assert found is not None
        assert 2**20 < found < 2**50


def _files(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name.replace("_", ".", 1)).write_text(text)


def test_a_container_may_have_less_than_the_machine(monkeypatch, tmp_path: Path):
    machine = tmp_path / "meminfo"
    machine.write_text("MemTotal: 64000 kB\nMemAvailable:   4000 kB\n")
    monkeypatch.setattr(memory, "_MEMORY", machine)
    monkeypatch.setattr(memory, "_CONTAINER", tmp_path)
    assert memory.available_bytes() == 4000 * 1024
    _files(tmp_path, memory_max="3000000\n", memory_current="1000000\n")
    _files(tmp_path, memory_stat="anon 7\ninactive_file 250000\n")
    assert memory.available_bytes() == 2_250_000
    _files(tmp_path, memory_max="max\n")
    assert memory.available_bytes() == 4000 * 1024


def test_other_systems_do_not_say(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(memory, "_MEMORY", tmp_path / "none")
    assert memory.available_bytes() is None
