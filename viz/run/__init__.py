"""The functions that move work to a device and back. No other code depends on the device."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from viz import devices, packing
from viz.arithmetic import Arithmetic, arithmetic
from viz.images import Picture
from viz.run.facts import stage_facts
from viz.run.proof import ProofRow, compare, compare_slices
from viz.run.queue import Busy, Superseded, Ticket, WorkQueue
from viz.run.stages import Stage, finished, forward, last_ms

__all__ = [
    "PICTURES",
    "QUEUE",
    "Busy",
    "ProofRow",
    "Superseded",
    "Ticket",
    "WorkQueue",
    "canvas_buffer",
    "compare",
    "compare_slices",
    "finished",
    "forward",
    "maps",
    "stage_facts",
    "unit_arithmetic",
]

# One thread less than there are cores: the page must stay responsive. A program that computes the
# maps again to compare them needs as many, for the order of a sum depends on it.
THREADS = max(1, torch.get_num_threads() - 1)


COARSER = 2  # of the maps that a pool reads: a quarter of the bytes


def _prepare_worker() -> None:
    torch.set_num_threads(THREADS)


# For a hall where everybody drags at once. A waiting request holds some kilobytes, or some 800 if
# all cells of two matrices are set by hand.
_LIMIT = 256
_FROM_ONE_ADDRESS = 224  # a hall may share one address; the rest is for others

QUEUE = WorkQueue(
    _LIMIT,
    prepare=_prepare_worker,
    from_one_address=_FROM_ONE_ADDRESS,
    around_slices=torch.inference_mode,
)
# Pictures are small, and a page is blank without them, so they do not wait for maps.
PICTURES = WorkQueue(_LIMIT, from_one_address=_FROM_ONE_ADDRESS)


@torch.inference_mode()
def maps(
    network: nn.Sequential, picture: Picture, device: torch.device
) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """Every stage's maps as arrays `(C, H, W)` float32, `picture` first."""
    stages = forward(network, picture, device)
    # copies, so that changes of an array do not change the cached stages
    return {name: stage.maps.cpu().numpy().copy() for name, stage in stages.items()}


@torch.inference_mode()
def canvas_buffer(
    network: nn.Sequential,
    picture: Picture,
    device: torch.device,
    shown_px: int | None = None,
    *,
    stage: str = "",
    filters: dict[str, Tensor] | None = None,
    maps: packing.Block | None = None,
    header: dict[str, Any] | None = None,
    compare_cpu: bool = False,
    done: dict[str, Stage] | None = None,
) -> bytes:
    """The maps of one stage, and the facts of all for the stage bar, as one buffer for the canvas.

    Stages after it are not computed: their shapes and counts are known anyway, and their
    milliseconds are those of their last run, if there was one.

    Args:
        shown_px: longer side a map is drawn with; larger maps are averaged down to it.
        stage: which stage's maps; the last one if there is none of that name.
        filters: stacks `(N, h, w)` that go before the maps, by name.
        maps: maps to draw instead of the stage's own.
        header: further entries of the header.
        compare_cpu: also measure every stage on the CPU, where the device is another one.
        done: the stages up to that one, if they are computed already.

    Returns:
        See `packing.join`; the header has `stage`, `stages`, `device`, `ms`, `notice`.
    """
    stages = ["picture", *dict(network.named_children())]
    stage = stage if stage in stages else stages[-1]
    done = done or forward(network, picture, device, upto=stage)
    facts = stage_facts(network, tuple(picture.pixels.shape))
    on_cpu = {}
    if compare_cpu and device.type != "cpu":
        on_cpu = forward(network.to("cpu"), picture, torch.device("cpu"), upto=stage)
    for name, ms in last_ms(network, facts, device).items():
        facts[name]["ms"] = round(ms, 3)
    for name, one in done.items():
        facts[name]["ms"] = round(one.ms, 3)
        if name in on_cpu:
            facts[name]["cpu_ms"] = round(on_cpu[name].ms, 3)
    blocks = {name: packing.pack(stack) for name, stack in (filters or {}).items()}
    classes = "classes" in (header or {})
    blocks["maps"] = maps or packing.pack(done[stage].maps, shown_px, classes=classes)
    beside = (header or {}).get("groups")
    if beside:  # the numbers that a pool reads, for the bars until the exact ones are there
        coarse_px = shown_px and max(1, shown_px // COARSER)
        read = packing.pack(done[beside["stage"]].maps, coarse_px)
        blocks[beside["block"]] = read
        # of the numbers, not of their averages: the same bars in every window
        beside["range"] = [min(read.least or read.low), max(read.most or read.high)]
    return packing.join(
        {
            "stage": stage,
            "stages": facts,
            "device": devices.title(device),
            "ms": round(sum(one.ms for one in done.values()), 3),
            "notice": next((one.notice for one in done.values() if one.notice), ""),
            **(header or {}),
        },
        blocks,
    )


@torch.inference_mode()
def unit_arithmetic(
    network: nn.Sequential,
    picture: Picture,
    device: torch.device,
    stage: str,
    unit: tuple[int, int, int],
) -> tuple[Arithmetic, float]:
    """The terms of one number, and the same number in the map.

    Raises:
        ValueError: if the stage's map has no such unit.
    """
    done = forward(network, picture, device)
    names = list(done)
    before = done[names[names.index(stage) - 1]].maps.cpu()
    taken = arithmetic(network.get_submodule(stage).to("cpu"), before, unit)
    return taken, float(done[stage].maps[unit])
