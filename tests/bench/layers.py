"""Our layers against the plainest torch for the same numbers, and against the memory they must move.

`PATH/TO/python tests/bench/layers.py`, with the Python of an environment that has this folder's
requirements.txt. Writes one section of docs/performance.md, and docs/layers.svg.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import quiet
import report
import torch
import torch.nn.functional as F
from torch import Tensor

sys.path.insert(0, str(report.ROOT))
from viz import devices
from viz.layers.cross_channel_pooling import maxout, pool_channels
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import mix_channels
from viz.layers.recipes import random_rows

CHANNELS, SIDE = 64, 224
GROUP = 4
GROWTH = {"channels": (8, 16, 32, 64, 128), "side": (56, 112, 224, 448)}
COPIED = 256 * 2**20  # bytes, far more than any cache holds
LEAST_S = 0.02  # a timing lasts at least so long
Way = Callable[[], Tensor]


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


def _maxout(x: Tensor, pieces: Tensor) -> Tensor:
    """The largest of one 1×1 convolution for each piece."""
    value = F.conv2d(x, pieces[:, 0, :, None, None])
    for piece in range(1, pieces.shape[1]):
        value = torch.maximum(value, F.conv2d(x, pieces[:, piece, :, None, None]))
    return value


def _bank(one: Tensor, filters: int, size_px: int) -> Case:
    """A bank: sliding kernels up to 23 px, spectra from 25 px on (kept from picture to picture)."""
    bank = GaborBank(GaborParameters(filters // 4, 4, 8.0, 4.0, size_px, 1.0)).to(one.device)
    pad = size_px // 2
    plain: dict[str, Way] = {"conv2d": lambda: F.conv2d(one, bank.weight, padding=pad)}
    if size_px < 25:  # it is conv2d itself, so the plain way is a loop over the filters
        plain = {
            "loop": lambda: torch.cat([F.conv2d(one, k[None], padding=pad) for k in bank.weight])
        }
    moved = (1 + filters) * one.nbytes
    return Case(f"Gabor bank, {size_px}×{size_px}", lambda: bank(one), plain, moved)


# --- measuring -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """Milliseconds of our way and of the others, and the share of the copy bandwidth ours uses."""

    case: Case
    ms: float
    plain_ms: dict[str, float]
    times: dict[str, float]
    share: float


@torch.inference_mode()
def measured(case: Case, device: torch.device, bandwidth: float, rounds: int) -> Result:
    """All ways in shuffled order, round by round; ratios are formed inside a round."""
    same(case)
    ways = {"": case.ours, **case.plain}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name in random.sample(list(ways), len(ways)):
            seconds[name].append(timed(ways[name], device))
    ours = seconds.pop("")
    times = {
        name: median(b / a for a, b in zip(ours, each, strict=True))
        for name, each in seconds.items()
    }
    plain_ms = {name: 1e3 * median(each) for name, each in seconds.items()}
    share = case.bytes / median(ours) / bandwidth
    return Result(case, 1e3 * median(ours), plain_ms, times, share)


def same(case: Case) -> None:
    """Raises AssertionError if two ways do not give the same numbers to rounding."""
    ours = case.ours()
    for name, way in case.plain.items():
        apart = float((ours - way()).abs().max())
        assert apart <= 1e-4 * float(ours.abs().max()), f"{case.name} and {name} part by {apart}"


def timed(way: Way, device: torch.device) -> float:
    """Seconds of one call: the mean over as many as make a timing long enough."""
    way()
    calls = 1
    while True:
        devices.synchronize(device)
        began = time.perf_counter()
        for _ in range(calls):
            way()
        devices.synchronize(device)
        taken = time.perf_counter() - began
        if taken >= LEAST_S:
            return taken / calls
        calls = max(2 * calls, int(1.2 * calls * LEAST_S / max(taken, 1e-6)))


@torch.inference_mode()
def copy_bandwidth(device: torch.device) -> float:
    """Bytes a second that copying a large tensor reads and writes, the best of several."""
    source = torch.ones(COPIED // 4, device=device)
    target = torch.empty_like(source)
    return 2 * COPIED / min(timed(lambda: target.copy_(source), device) for _ in range(5))


# --- words and picture ---------------------------------------------------------------------------


def rows(device: str, results: Sequence[Result]) -> list[list[str]]:
    """One line a layer."""
    return [
        [
            f"{result.case.name} ({device})",
            report.figure(result.ms, " ms"),
            ", ".join(f"{n} {report.figure(ms, ' ms')}" for n, ms in result.plain_ms.items()),
            ", ".join(report.figure(times, "×") for times in result.times.values()),
            report.size(result.case.bytes),
            f"{100 * result.share:.0f} %",
        ]
        for result in results
    ]


def plot(growth: dict[str, dict[str, list[tuple[int, float]]]], device: str, file: Path) -> None:
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


def grown(
    device: torch.device, bandwidth: float, rounds: int
) -> dict[str, dict[str, list[tuple[int, float]]]]:
    """Milliseconds of every layer for growing channels, and for growing pictures."""
    lines: dict[str, dict[str, list[tuple[int, float]]]] = {"channels": {}, "side": {}}
    for what, values in GROWTH.items():
        for value in values:
            channels, side = (value, SIDE) if what == "channels" else (CHANNELS, value)
            for case in cases(channels, side, device):
                ours = Case(case.name, case.ours, {}, case.bytes)
                ms = measured(ours, device, bandwidth, rounds).ms
                lines[what].setdefault(case.name, []).append((value, ms))
    return lines


def section(tables: list[list[str]], bandwidths: dict[str, float], meanwhile: str) -> str:
    head = ["layer", "ours", "plain torch", "plain / ours", "must move", "of copy bandwidth"]
    copied = ", ".join(f"{name} {each / 1e9:.3g} GB/s" for name, each in bandwidths.items())
    return "\n\n".join(
        [
            "## Layers",
            "\n".join(
                f"* {line}"
                for line in [*report.machine(), f"copy bandwidth: {copied}; {meanwhile}"]
            ),
            report.table(head, tables),
            HOW,
            "![Milliseconds of every layer against channels and against pixels](layers.svg)",
        ]
    )


HOW = f"""{CHANNELS} channels of {SIDE}×{SIDE} in float32; a bank makes {CHANNELS} maps of one. Medians of shuffled rounds, ratios formed inside a round;
all ways were seen to give the same numbers before they were timed. "Must move" is what goes in and out of the layer once, in bytes;
the last column is how much of the copy bandwidth, measured in the same run, that would be in the time the layer took: 100 % means that
memory alone sets the pace, little means that arithmetic does; more is possible where all fits in a cache. The bank of 21×21 is `conv2d` itself
and is compared with a loop over its filters; that of 31×31 multiplies spectra, those of the kernels being kept."""


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--growth-rounds", type=int, default=3)
    options.add_argument("--out", type=Path, default=report.MARKDOWN.parent)
    chosen = options.parse_args()
    tables, bandwidths, before = [], {}, quiet.usage()
    for name in devices.available():
        device = torch.device(name)
        title = devices.title(device)
        bandwidths[title] = copy_bandwidth(device)
        found = cases(CHANNELS, SIDE, device)
        results = [measured(case, device, bandwidths[title], chosen.rounds) for case in found]
        tables += rows(title, results)
    fastest = torch.device(devices.available()[0])
    title = devices.title(fastest)
    chosen.out.mkdir(exist_ok=True)
    growth = grown(fastest, bandwidths[title], chosen.growth_rounds)
    plot(growth, title, chosen.out / "layers.svg")
    text = section(tables, bandwidths, quiet.sentence(before, quiet.usage()))
    report.put_section("layers", text, chosen.out / report.MARKDOWN.name)
    print(text)


if __name__ == "__main__":
    main()
