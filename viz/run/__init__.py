"""The verbs that cross to a device and back. Everything else in the house is indifferent to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from viz import devices, packing
from viz.arithmetic import Arithmetic, arithmetic
from viz.images import Picture
from viz.reads import holes
from viz.run.proof import ProofRow, compare
from viz.run.queue import Busy, Superseded, WorkQueue
from viz.run.race import Raced, raced
from viz.run.stages import forward, side_by_side
from viz.run.strips import Panel, strip
from viz.trace import LayerRow, layer_rows

__all__ = [
    "QUEUE",
    "Busy",
    "Panel",
    "ProofRow",
    "Raced",
    "Superseded",
    "WorkQueue",
    "atlas",
    "compare",
    "forward",
    "maps",
    "measured",
    "raced",
    "side_by_side",
    "strip",
    "unit_arithmetic",
]

T = TypeVar("T")


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
    classes = "classes" in (header or {})
    blocks["maps"] = maps or packing.pack(done[stage].maps, shown_px, classes=classes)
    beside = (header or {}).get("groups")
    if beside:  # the numbers that a pool reads, for the bars at one pixel
        blocks[beside["block"]] = packing.pack(done[beside["stage"]].maps, shown_px)
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
    """Shape, parameters, MACs and receptive field of every stage, the picture first.

    Where the boxes of the units are not what is read, a fact also has `viz.reads.holes`.
    """
    facts: dict[str, dict[str, Any]] = {"picture": _fact(list(input_shape), [])}
    shape = list(input_shape)
    rows = layer_rows(network, input_shape)
    read = holes(network, input_shape, rows)
    for name, _ in network.named_children():
        of_stage = [row for row in rows if row.name.split(".")[0] == name]
        shape = list(of_stage[-1].output_shape) if of_stage else shape
        facts[name] = _fact(shape, of_stage)
        facts[name].update(read.get(of_stage[-1].name, {}) if of_stage else {})
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


@torch.inference_mode()
def measured(measure: Callable[[Tensor], T], picture: Picture, device: torch.device) -> T:
    """What a lesson measures on a picture, with every tensor brought back to the CPU.

    Args:
        measure: pixels `(3, H, W)` on the device -> a tensor, or dataclasses, tuples, lists and
            dictionaries of them.
    """
    try:
        return _on_cpu(measure(picture.pixels.to(device)))
    except (RuntimeError, MemoryError) as error:
        if not devices.is_out_of_memory(error):
            raise
    return measure(picture.pixels)


def _on_cpu(found: Any) -> Any:
    if isinstance(found, Tensor):
        return found.cpu()
    if is_dataclass(found) and not isinstance(found, type):
        values = {of.name: _on_cpu(getattr(found, of.name)) for of in fields(found)}
        return replace(found, **values)
    if isinstance(found, dict):
        return {name: _on_cpu(value) for name, value in found.items()}
    if isinstance(found, list | tuple) and not hasattr(found, "_fields"):
        return type(found)(_on_cpu(value) for value in found)
    return found
