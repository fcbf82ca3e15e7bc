"""Our layers against the plainest torch for the same numbers, and against the memory they must move.

`PATH/TO/python tests/bench/layers.py`, with the Python of an environment that has torch and, for the
picture, matplotlib (this folder's requirements.txt). Each way to measure has a process of its own.
Writes one section of docs/performance.md, and docs/layers.svg.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import log
from pathlib import Path
from statistics import median
from typing import NamedTuple

import cpus
import quiet
import report
import torch
import torch.nn.functional as F
from cpus import Cpu
from torch import Tensor

sys.path.insert(0, str(report.ROOT))
from viz import devices
from viz.layers.cross_channel_pooling import maxout, pool_channels
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.log_mean_exp_pooling import LogMeanExpPool
from viz.layers.pointwise import mix_channels
from viz.layers.recipes import random_rows

CHANNELS, SIDE = 64, 224
GROUP = 4
GROWTH = {"channels": (8, 16, 32, 64, 128), "side": (56, 112, 224, 448)}
COPIED = 256 * 2**20  # bytes, far more than any cache holds
HERE = "--here"
MIN_S = 0.02  # a timing lasts at least so long
LONG_S = 0.5  # a call that takes so long is its own timing
Way = Callable[[], Tensor]
Growth = dict[
    str, dict[str, list[tuple[int, float]]]
]  # what grows -> layer -> how far, milliseconds


@dataclass(frozen=True)
class Case:
    """One layer at one size: our way, others to the same numbers, and the bytes it cannot avoid."""

    name: str
    ours: Way
    plain: dict[str, Way]
    bytes: int


def cases(channels: int, side: int, device: torch.device) -> list[Case]:
    """Every layer on `channels` maps of `side`×`side`; the banks make that many of one map."""
    torch.manual_seed(0)
    x = torch.rand(channels, side, side, device=device)
    weight = random_rows(channels, channels, 0).to(device)
    kernel = weight[:, :, None, None]
    pieces = random_rows(channels, channels, 1).to(device).view(-1, GROUP, channels)
    one = x[:1]
    moved = x.nbytes
    return [
        Case(
            "1×1", lambda: mix_channels(x, weight),
            {"conv2d": lambda: F.conv2d(x, kernel)}, 2 * moved,
        ),
        Case(
            "1×1, stride 2", lambda: mix_channels(x, weight, stride=2),
            {"conv2d": lambda: F.conv2d(x, kernel, stride=2)}, 2 * moved // 4,
        ),
        Case(
            f"max over {GROUP}", lambda: pool_channels(x, GROUP),
            {
                "max_pool3d": lambda: F.max_pool3d(x[None], (GROUP, 1, 1))[0],
                "loop": lambda: _loop(x, torch.maximum),
            },
            moved + moved // GROUP,
        ),
        Case(
            f"mean over {GROUP}", lambda: pool_channels(x, GROUP, mode="mean"),
            {
                "avg_pool3d": lambda: F.avg_pool3d(x[None], (GROUP, 1, 1))[0],
                "loop": lambda: _loop(x, torch.add) / GROUP,
            },
            moved + moved // GROUP,
        ),
        Case(
            f"maxout of {GROUP}", lambda: maxout(x, pieces),
            {"conv2d, loop": lambda: _maxout(x, pieces)}, moved + moved // GROUP,
        ),
        Case(
            "log-mean-exp, 3×3", lambda: LogMeanExpPool(3, 10.0)(x),
            {"unfold, logsumexp": lambda: _log_mean_exp(x)}, 2 * moved,
        ),
        _bank(one, channels, 21),
        _bank(one, channels, 31),
    ]  # fmt: skip


def _loop(x: Tensor, join: Callable[[Tensor, Tensor], Tensor]) -> Tensor:
    """Cross-channel pooling one output channel, one input channel at a time."""
    out = []
    for first in range(0, len(x), GROUP):
        value = x[first]
        for channel in x[first + 1 : first + GROUP]:
            value = join(value, channel)
        out.append(value)
    return torch.stack(out)


def _log_mean_exp(x: Tensor) -> Tensor:
    """The logsumexp of every window."""
    windows = x.unfold(-2, 3, 1).unfold(-2, 3, 1)
    return ((10 * windows).logsumexp((-2, -1)) - log(9)) / 10


def _maxout(x: Tensor, pieces: Tensor) -> Tensor:
    """The largest of one 1×1 convolution for each piece."""
    value = F.conv2d(x, pieces[:, 0, :, None, None])
    for piece in range(1, pieces.shape[1]):
        value = torch.maximum(value, F.conv2d(x, pieces[:, piece, :, None, None]))
    return value


def _bank(one: Tensor, filters: int, size_px: int) -> Case:
    """A bank, whichever way it takes: sliding kernels or spectra, kept from picture to picture."""
    bank = GaborBank(GaborParameters(filters // 4, 4, 8.0, 4.0, size_px, 1.0)).to(one.device)
    edges = [size_px // 2] * 4  # mirrored, as the bank does
    plain: dict[str, Way] = {
        "conv2d": lambda: F.conv2d(F.pad(one, edges, mode="reflect"), bank.weight),
    }
    moved = (1 + filters) * one.nbytes
    return Case(f"Gabor bank, {size_px}×{size_px}", lambda: bank(one), plain, moved)


# --- measuring -----------------------------------------------------------------------------------


class Result(NamedTuple):
    """Milliseconds of our way and of the others, and the share of the copy bandwidth ours uses."""

    name: str
    bytes: int
    ms: float
    plain_ms: dict[str, float]
    times: dict[str, float]
    share: float


class Measured(NamedTuple):
    """What one process has measured; JSON carries it to the one that writes.

    Attributes:
        results, bandwidths: by device, the fastest first.
        growth: milliseconds of every layer on the fastest, see `grown`.
    """

    results: dict[str, list[Result]]
    bandwidths: dict[str, float]
    growth: Growth


@torch.inference_mode()
def measured(case: Case, device: torch.device, bandwidth: float, rounds: int) -> Result:
    """All ways in shuffled order, round by round; ratios are formed inside a round.

    A way that takes very long is timed in the first round only.
    """
    same(case)
    ways = {"": case.ours, **case.plain}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name in random.sample(list(ways), len(ways)):
            if max(seconds[name], default=0) < LONG_S:
                seconds[name].append(timed(ways[name], device))
    ours = seconds.pop("")
    times = {
        name: median(b / a for a, b in zip(ours, each, strict=False))
        for name, each in seconds.items()
    }
    plain_ms = {name: 1e3 * median(each) for name, each in seconds.items()}
    share = case.bytes / median(ours) / bandwidth
    return Result(case.name, case.bytes, 1e3 * median(ours), plain_ms, times, share)


def same(case: Case) -> None:
    """Raises AssertionError if two ways do not give the same numbers to rounding."""
    ours = case.ours()
    for name, way in case.plain.items():
        apart = float((ours - way()).abs().max())
        assert apart <= 1e-4 * float(ours.abs().max()), f"{case.name} and {name} part by {apart}"


def timed(way: Way, device: torch.device) -> float:
    """Seconds of one call: the mean over as many as make a timing long enough."""
    first = _seconds(way, device, 1)
    if first >= LONG_S:
        return first
    calls = 1
    while (taken := _seconds(way, device, calls)) < MIN_S:
        calls = max(2 * calls, int(1.2 * calls * MIN_S / max(taken, 1e-6)))
    return taken / calls


def _seconds(way: Way, device: torch.device, calls: int) -> float:
    devices.synchronize(device)
    began = time.perf_counter()
    for _ in range(calls):
        way()
    devices.synchronize(device)
    return time.perf_counter() - began


@torch.inference_mode()
def copy_bandwidth(device: torch.device) -> float:
    """Bytes a second that copying a large tensor reads and writes, the best of several."""
    source = torch.ones(COPIED // 4, device=device)
    target = torch.empty_like(source)
    return 2 * COPIED / min(timed(lambda: target.copy_(source), device) for _ in range(5))


# --- words and picture ---------------------------------------------------------------------------


def rows(measured: Mapping[Cpu, Measured]) -> list[list[str]]:
    """One line a layer, a device and a way to measure."""
    return [
        [
            f"{result.name} ({device})",
            cpu.words,
            report.figure(result.ms, " ms"),
            ", ".join(f"{n} {report.figure(ms, ' ms')}" for n, ms in result.plain_ms.items()),
            ", ".join(report.figure(times, "×") for times in result.times.values()),
            report.size(result.bytes),
            f"{100 * result.share:.0f} %",
        ]
        for same in zip(*(_results(each) for each in measured.values()), strict=True)
        for cpu, (device, result) in zip(measured, same, strict=True)
    ]


def _results(measured: Measured) -> list[tuple[str, Result]]:
    return [(device, result) for device, each in measured.results.items() for result in each]


def plot(growth: Growth, device: str, file: Path) -> None:
    """Milliseconds against channels and against pixels, both on logarithmic axes."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "layers"  # the same figures give the same file
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(11, 4.6), sharey=True, facecolor="white")
    titles = {
        "channels": f"{SIDE}×{SIDE} pixels, more channels",
        "side": f"{CHANNELS} channels, more pixels",
    }
    for axis, (what, lines) in zip(axes, growth.items(), strict=True):
        for marker, (name, points) in zip("os^vDPX", lines.items(), strict=True):
            axis.loglog(*zip(*points, strict=True), marker=marker, markersize=5, label=name)
        marks = [at for at, _ in next(iter(lines.values()))]
        axis.set_xticks(marks, [str(at) if what == "channels" else f"{at}²" for at in marks])
        axis.minorticks_off()
        axis.set(title=titles[what], xlabel="channels" if what == "channels" else "pixels")
        axis.grid(alpha=0.3)
    axes[0].set_ylabel(f"milliseconds ({device})")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="center right", frameon=False)
    figure.tight_layout(rect=(0, 0, 0.83, 1))
    figure.savefig(file, metadata={"Date": None})


def grown(device: torch.device, bandwidth: float, rounds: int) -> Growth:
    """Milliseconds of every layer for growing channels, and for growing pictures."""
    lines: Growth = {"channels": {}, "side": {}}
    for what, values in GROWTH.items():
        for value in values:
            channels, side = (value, SIDE) if what == "channels" else (CHANNELS, value)
            for case in cases(channels, side, device):
                ours = Case(case.name, case.ours, {}, case.bytes)
                ms = measured(ours, device, bandwidth, rounds).ms
                lines[what].setdefault(case.name, []).append((value, ms))
    return lines


def section(measured: Mapping[Cpu, Measured], meanwhile: str) -> str:
    head = ["layer", "", "ours", "plain torch", "plain / ours", "must move", "of copy bandwidth"]
    copied = [
        f"copy bandwidth, {cpu.words}: {device} {each / 1e9:.3g} GB/s"
        for cpu, found in measured.items()
        for device, each in found.bandwidths.items()
    ]
    return "\n\n".join(
        [
            "## Layers",
            "\n".join(f"* {line}" for line in [*report.machine(), *copied, meanwhile]),
            report.table(head, rows(measured)),
            HOW,
            "![Milliseconds of every layer against channels and against pixels](layers.svg)",
        ]
    )


HOW = f"""{CHANNELS} channels of {SIDE}×{SIDE} in float32; a bank makes {CHANNELS} maps of one. Times are medians of shuffled rounds; ratios are formed within a round.
All methods were checked to give the same numbers before they were timed. "Must move" is the bytes that go into and out of the layer once.
The last column divides the rate of these bytes by the copy bandwidth of the same run: near 100 %, memory sets the pace; far below,
arithmetic does; above 100 % is possible where all data fits in a cache. A bank uses spectra or `conv2d`, depending on its size."""


def measured_here(rounds: int, growth_rounds: int) -> Measured:
    """Every layer on every device of this process; how they grow on the fastest, if at all."""
    results, bandwidths = {}, {}
    for name in devices.available():
        device = torch.device(name)
        title = devices.title(device)
        bandwidths[title] = copy_bandwidth(device)
        found = cases(CHANNELS, SIDE, device)
        results[title] = [measured(case, device, bandwidths[title], rounds) for case in found]
    fastest = torch.device(devices.available()[0])
    bandwidth = bandwidths[devices.title(fastest)]
    growth = grown(fastest, bandwidth, growth_rounds) if growth_rounds else {}
    return Measured(results, bandwidths, growth)


def measured_in(cpu: Cpu, rounds: int, growth_rounds: int) -> Measured:
    """The same in a process that sees the processor in one way."""
    command = [
        sys.executable,
        __file__,
        "--rounds",
        str(rounds),
        "--growth-rounds",
        str(growth_rounds),
    ]
    environment = {**os.environ, **cpu.environment}
    said = subprocess.run(
        [*command, HERE], env=environment, stdout=subprocess.PIPE, check=True
    ).stdout
    return from_json(said)


def from_json(text: bytes) -> Measured:
    """What a process has printed that measured."""
    results, bandwidths, growth = json.loads(text)
    return Measured(
        {device: [Result(*each) for each in found] for device, found in results.items()},
        bandwidths,
        growth,
    )


def draw(measured: Measured, file: Path) -> None:
    """How the layers grow, on the fastest device; without matplotlib, or rounds, it stays as it was."""
    if not measured.growth:
        return
    if find_spec("matplotlib"):
        plot(measured.growth, next(iter(measured.bandwidths)), file)
    else:
        print(f"no matplotlib here: {file.name} is not drawn anew", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--growth-rounds", type=int, default=3)
    options.add_argument(HERE, action="store_true", help="measure in this process and print it")
    cpus.add_option(options)
    report.add_option(options)
    chosen = options.parse_args(arguments)
    if chosen.here:
        print(json.dumps(measured_here(chosen.rounds, chosen.growth_rounds)))
        return
    before = quiet.usage()
    growth = [chosen.growth_rounds, 0]  # the picture shows the first way to measure
    found = {
        cpu: measured_in(cpu, chosen.rounds, rounds)
        for cpu, rounds in zip(cpus.chosen(chosen.cpu), growth, strict=False)
    }
    text = section(found, quiet.sentence(before, quiet.usage()))
    report.put_section("layers", text, chosen.out / report.MARKDOWN.name)
    draw(next(iter(found.values())), chosen.out / "layers.svg")
    print(text)


if __name__ == "__main__":
    main()
