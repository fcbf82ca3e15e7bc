"""Freed memory goes back to the system, and nothing breaks where it cannot."""

from __future__ import annotations

import ctypes
import platform
import subprocess
import sys

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
