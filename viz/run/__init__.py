"""The verbs that cross to a device and back. Everything else in the house is indifferent to it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from viz import devices, packing
from viz.arithmetic import Arithmetic, arithmetic
from viz.experiments.claim import Claim
from viz.images import Picture
from viz.run.queue import Busy, Superseded, WorkQueue
from viz.run.stages import forward, side_by_side
from viz.trace import LayerRow, layer_rows

__all__ = [
    "QUEUE",
    "Busy",
    "ProofRow",
    "Superseded",
    "WorkQueue",
    "atlas",
    "compare",
    "forward",
    "maps",
    "side_by_side",
    "unit_arithmetic",
]

EPS = 1.2e-7  # spacing of float32 at 1


def _prepare_worker() -> None:
    """One thread less than there are cores: the page itself must keep answering."""
    torch.set_num_threads(max(1, torch.get_num_threads() - 1))


QUEUE = WorkQueue(limit=64, workers=1, prepare=_prepare_worker)


@torch.inference_mode()
def maps(
    network: nn.Sequential, picture: Picture, device: torch.device
) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """Every stage's maps as arrays `(C, H, W)` float32, `picture` first."""
    stages = forward(network, picture, device)
    # copies: what the stages remember must not change under whoever changes an array
    return {name: stage.maps.cpu().numpy().copy() for name, stage in stages.items()}


@torch.inference_mode()
def atlas(
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
) -> bytes:
    """The maps of one stage, and what the rail says of all, as one buffer for the canvas.

    Args:
        shown_px: longer side a map is drawn with; larger maps are averaged down to it.
        stage: which stage's maps; the last one if there is none of that name.
        filters: stacks `(N, h, w)` that go before the maps, by name.
        maps: what to draw in place of the stage's own maps.
        header: what else the header says.
        compare_cpu: also measure every stage on the CPU, where the device is another one.

    Returns:
        See `packing.join`; the header has `stage`, `stages`, `device`, `ms`, `notice`.
    """
    done = forward(network, picture, device)
    stage = stage if stage in done else next(reversed(done))
    facts = stage_facts(network, tuple(picture.pixels.shape))
    on_cpu = {}
    if compare_cpu and device.type != "cpu":
        on_cpu = forward(network.to("cpu"), picture, torch.device("cpu"))
    for name, fact in facts.items():
        fact["ms"] = round(done[name].ms, 3)
        if name in on_cpu:
            fact["cpu_ms"] = round(on_cpu[name].ms, 3)
    blocks = {name: packing.pack(stack) for name, stack in (filters or {}).items()}
    blocks["maps"] = maps or packing.pack(done[stage].maps, shown_px)
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


def stage_facts(network: nn.Sequential, input_shape: tuple[int, ...]) -> dict[str, dict[str, Any]]:
    """Shape, parameters, MACs and receptive field of every stage, the picture first."""
    facts: dict[str, dict[str, Any]] = {"picture": _fact(list(input_shape), [])}
    shape = list(input_shape)
    rows = layer_rows(network, input_shape)
    for name, _ in network.named_children():
        of_stage = [row for row in rows if row.name.split(".")[0] == name]
        shape = list(of_stage[-1].output_shape) if of_stage else shape
        facts[name] = _fact(shape, of_stage)
    return facts


def _fact(shape: list[int], rows: Sequence[LayerRow]) -> dict[str, Any]:
    """One stage's line of the rail; its field is that of its last layer."""
    field = rows[-1].receptive_field if rows else None
    return {
        "shape": shape,
        "parameters": sum(row.parameters for row in rows),
        "macs": sum(row.macs for row in rows),
        "size": field.size if field else (1, 1),
        "stride": field.stride if field else (1, 1),
        "padding": field.padding if field else (0, 0),
    }


@torch.inference_mode()
def unit_arithmetic(
    network: nn.Sequential,
    picture: Picture,
    device: torch.device,
    stage: str,
    unit: tuple[int, int, int],
) -> tuple[Arithmetic, float]:
    """One number taken apart, and the number as the map has it.

    Raises:
        ValueError: if the stage's map has no such unit.
    """
    done = forward(network, picture, device)
    names = list(done)
    before = done[names[names.index(stage) - 1]].maps.cpu()
    taken = arithmetic(network.get_submodule(stage).to("cpu"), before, unit)
    return taken, float(done[stage].maps[unit])


@dataclass(frozen=True)
class ProofRow:
    """How a claim came out.

    Attributes:
        sentence, equal: the claim, and whether it says that both ways agree.
        within: whether they agree to within rounding at every output.
        difference, bound: the largest difference, and what rounding allows there.
        left_ms, right_ms: milliseconds of both ways.
    """

    sentence: str
    equal: bool
    within: bool
    difference: float
    bound: float
    left_ms: float
    right_ms: float

    @property
    def holds(self) -> bool:
        """Whether the claim does what it says."""
        return self.within == self.equal


@torch.inference_mode()
def compare(claims: Sequence[Claim], picture: Picture, device: torch.device) -> list[ProofRow]:
    """Computes both ways of every claim on this picture.

    The rounding bound is max(4, n)·eps·Σ|w·x| of each output that sums n products, eps = 1.2e-7:
    each way rounds at most n times, by half an eps of what it has summed.
    """
    return [_row_where_it_fits(claim, claim.given(picture.pixels), device) for claim in claims]


def _row_where_it_fits(claim: Claim, given: Tensor, device: torch.device) -> ProofRow:
    try:
        return _row(claim, given.to(device), device)
    except (RuntimeError, MemoryError) as error:
        if not devices.is_out_of_memory(error):
            raise
    return _row(claim, given.cpu(), torch.device("cpu"))


def _row(claim: Claim, given: Tensor, device: torch.device) -> ProofRow:
    left, left_ms = _measured(lambda: claim.left(given), device)
    right, right_ms = _measured(lambda: claim.right(given), device)
    difference = (left - right).abs().flatten()
    allowed = torch.zeros_like(difference)
    if claim.magnitude is not None:
        allowed = max(4, claim.terms) * EPS * claim.magnitude(given).flatten()
    within = bool((difference <= allowed).all())
    worst = torch.where(difference == difference.max(), allowed, -1).argmax()
    return ProofRow(
        claim.sentence,
        claim.equal,
        within,
        float(difference[worst]),
        float(allowed[worst]),
        left_ms,
        right_ms,
    )


def _measured(way: Any, device: torch.device) -> tuple[Tensor, float]:
    """The result and its milliseconds, measured on the second run: the first one warms up."""
    way()
    devices.synchronize(device)
    started = time.perf_counter()
    result = way()
    devices.synchronize(device)
    return result, 1e3 * (time.perf_counter() - started)
