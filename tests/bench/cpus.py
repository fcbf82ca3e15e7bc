"""The two ways in which every script measures: the machine as it is, and as a laptop would be.

Most laptops have AVX2 and no AVX-512; a server's processes share the cores. The variables that
pretend so go to the servers and to whatever else is measured, never to a script itself.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass

LAPTOP = {"OMP_NUM_THREADS": "1", "ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}


@dataclass(frozen=True, eq=False)
class Cpu:
    """One way to measure.

    Attributes:
        name: what `--cpu` calls it.
        words: what it is called in a table.
        environment: what is set for the measured processes.
    """

    name: str
    words: str
    environment: Mapping[str, str]


NATIVE = Cpu("native", "as it is", {})
AVX2 = Cpu("avx2", "AVX2, one thread", LAPTOP)
CPUS = {cpu.name: cpu for cpu in (NATIVE, AVX2)}


def add_option(options: argparse.ArgumentParser) -> None:
    """Adds `--cpu`: one way, or both in one run."""
    options.add_argument("--cpu", choices=["both", *CPUS], default="both", help="how to measure")


def chosen(name: str, environment: Mapping[str, str] = os.environ) -> tuple[Cpu, ...]:
    """The ways that `--cpu` asks for.

    Raises:
        ValueError: if the machine as it is cannot be measured, for a variable already restricts it.

    >>> [cpu.words for cpu in chosen("both", {})]
    ['as it is', 'AVX2, one thread']
    """
    found = tuple(CPUS.values()) if name == "both" else (CPUS[name],)
    restricted = sorted(LAPTOP.keys() & environment.keys())
    if restricted and NATIVE in found:
        raise ValueError(f"unset {', '.join(restricted)}, or take --cpu avx2")
    return found
