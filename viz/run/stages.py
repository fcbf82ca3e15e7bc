"""Runs a picture through a network stage by stage: timed, cached, in pieces if memory is short."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Generator, Hashable
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar, cast

import torch
from torch import Tensor, nn
from torch.func import functional_call

from viz import devices
from viz.bounded_cache import BoundedCache
from viz.geometry import ReceptiveField, Window
from viz.images import Picture
from viz.layers.crop import GrownSquare
from viz.layers.part import Part
from viz.layers.same_padding import SamePad
from viz.run.facts import described
from viz.text import Message
from viz.trace import Maps, read

T = TypeVar("T")
P = ParamSpec("P")
CPU = torch.device("cpu")
PIECES = 8  # that work is split into if a device is out of memory


class Stage(NamedTuple):
    """The output of a stage, the milliseconds it took, and a notice for the visitor, if any."""

    maps: Tensor
    ms: float
    notice: str = ""


MAX_COLD_MS = 1000  # what takes longer is not slow because it is new

_MS: BoundedCache[Hashable, float] = BoundedCache(1024, size_of=lambda _: 1)
_KNOWN: BoundedCache[Hashable, bool] = BoundedCache(4096, size_of=lambda _: 1)  # kinds that ran
_DONE: BoundedCache[Hashable, Stage] = BoundedCache(
    128 * 2**20, size_of=lambda stage: stage.maps.nbytes
)
REDUCED: Message = "The device ran out of memory; this was computed in smaller pieces."
ON_CPU: Message = "The device ran out of memory; this was computed on the CPU."


Slices = Generator[None, None, T]  # work in slices: other jobs may run between them


def finished(slices: Slices[T]) -> T:
    """The result of work in slices, done without a pause.

    >>> finished(forward_slices(nn.Sequential(), Picture("", torch.ones(3, 1, 1), ""), CPU)).keys()
    dict_keys(['picture'])
    """
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return cast(T, end.value)


def unsliced(work: Callable[P, Slices[T]]) -> Callable[P, T]:
    """The same work as one function, done without a pause."""

    @wraps(work)
    def whole(*args: P.args, **kwargs: P.kwargs) -> T:
        return finished(work(*args, **kwargs))

    return whole


def forward_slices(
    network: nn.Sequential,
    picture: Picture,
    device: torch.device,
    *,
    upto: str = "",
    wanted: Collection[str] | None = None,
) -> Slices[dict[str, Stage]]:
    """Runs the picture through the network; only stages that are not cached are computed.

    There is a pause after every stage that is computed; `forward` makes none.

    Args:
        upto: the last stage to compute; every stage if there is none of that name.
        wanted: stages whose maps are kept; None for all. Other maps are freed after the next stage.

    Returns:
        `picture` and one Stage for each child of the network, in data order; maps `(C, H, W)`.
    """
    pixels = _on(device, picture.pixels)
    stages = {"picture": Stage(pixels, 0.0)}
    key: Hashable = (picture.key, tuple(pixels.shape), str(device))
    maps = pixels
    for name, module in network.named_children():
        if upto in stages:
            break
        key = (key, fingerprint(module))
        stage = _DONE.get(key)
        if stage is None:
            stage = _timed(module, maps, device)
            _DONE.put(key, stage)
            yield
        maps = stage.maps
        held = wanted is None or name in wanted
        stages[name] = stage if held else stage._replace(maps=maps.new_empty(0))
    return stages


forward = unsliced(forward_slices)


def _on(device: torch.device, pixels: Tensor) -> Tensor:
    """The pixels on the device or, if it has no room even for them, where they are."""
    for _ in range(2):
        try:
            return pixels.to(device)
        except (RuntimeError, MemoryError) as error:
            if not devices.is_out_of_memory(error):
                raise
        forget(device)
    return pixels


def forget(device: torch.device) -> None:
    """Evicts the stages that are cached on a device."""
    _DONE.drop_if(lambda stage: stage.maps.device.type == device.type)


def fingerprint(module: nn.Module) -> bytes:
    """Equal for modules that compute the same: their description and all their weights.

    The description of a part of a network says which weights it has.
    """
    digest = hashlib.blake2b(described(module).encode(), digest_size=16)
    if isinstance(module, Part):
        return digest.digest()
    for weight in module.state_dict().values():
        digest.update(weight.contiguous().cpu().numpy().tobytes())
    return digest.digest()


def _timed(module: nn.Module, x: Tensor, device: torch.device) -> Stage:
    """Runs a module; one that is new to this process runs again, for its first time says nothing."""
    maps, notice, ms = _run(module, x, device)
    kinds = (*(type(each) for each in module.modules()), tuple(x.shape), str(device))
    if _KNOWN.get(kinds) is None and not notice and ms < MAX_COLD_MS:
        maps, notice, ms = _run(module, x, device)
    _KNOWN.put(kinds, True)
    _MS.put((described(module), tuple(x.shape), str(device)), ms)
    return Stage(maps, ms, notice)


def _run(module: nn.Module, x: Tensor, device: torch.device) -> tuple[Tensor, str, float]:
    """Output, notice and milliseconds."""
    devices.synchronize(device)
    started = time.perf_counter()
    maps, notice = with_what_fits(module, x, device)
    devices.synchronize(device)
    return maps, notice, 1e3 * (time.perf_counter() - started)


def last_ms(
    network: nn.Sequential, facts: dict[str, dict[str, Any]], device: torch.device
) -> dict[str, float]:
    """The milliseconds of the last run of equal stages; stages that never ran are left out.

    Args:
        facts: see `stage_facts`; stages are equal if their description and input shape are.
    """
    found = {}
    for (name, module), before in zip(network.named_children(), facts.values(), strict=False):
        ms = _MS.get((described(module), tuple(before["shape"]), str(device)))
        if ms is not None:
            found[name] = ms
    return found


def with_what_fits(module: nn.Module, x: Tensor, device: torch.device) -> tuple[Tensor, str]:
    """`module(x)`, in pieces or on the CPU if memory is short, and a notice that says so.

    Before it is split, the cache on the device is evicted and the whole is tried once more.

    Raises:
        Whatever the module raises that is not about memory.
    """

    def whole() -> Tensor:
        return module.to(device)(x.to(device))

    def in_the_room_of_others() -> Tensor:
        forget(device)
        return whole()

    attempts: tuple[tuple[Callable[[], Tensor], str], ...] = (
        (whole, ""),
        (in_the_room_of_others, ""),
        (lambda: in_pieces(module.to(device), x.to(device)), REDUCED),
        (lambda: module.to("cpu")(x.cpu()), ON_CPU),
    )
    for attempt, notice in attempts[:-1]:
        try:
            return attempt(), notice
        except (RuntimeError, MemoryError) as error:
            if not devices.is_out_of_memory(error):
                raise
    attempt, notice = attempts[-1]
    return attempt(), notice


def in_pieces(module: nn.Module, x: Tensor, pieces: int = PIECES) -> Tensor:
    """`module(x)` with a fraction of the memory at a time; pieces are gathered on the CPU.

    A layer whose units each read one row is split into bands of rows that begin at a multiple of
    its stride; a convolution of one group is split by output channels. Other layers are not split.
    """
    if isinstance(module, nn.Sequential):
        for layer in module:
            x = in_pieces(layer, x, pieces)
        return x
    device = next((weight.device for weight in module.parameters()), x.device)
    stride = _stride_of_rows(module, x)
    if stride:
        rows = stride * max(1, -(-x.shape[-2] // (stride * pieces)))
        return torch.cat([module(band.to(device)).cpu() for band in x.split(rows, dim=-2)], dim=-2)
    if isinstance(module, nn.Conv2d) and module.groups == 1:
        return _by_outputs(module, x.to(device), pieces)
    whole: Tensor = module(x.to(device)).cpu()
    return whole


def _stride_of_rows(layer: nn.Module, x: Tensor) -> int:
    """The stride in rows of a layer whose units each read one existing row; 0 for any other."""
    if isinstance(layer, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d | GrownSquare | SamePad):
        return 0  # gives as many rows for a band as for the whole map
    try:
        channels, height, width = x.shape[-3:]
        maps = read(layer, Maps(channels, (height, width), ReceptiveField()))
    except ValueError:
        return 0  # unknown layers and vectors are not split
    stride = maps.field.rows.stride
    alone = maps.field.rows == Window(stride=stride) and maps.extent[0] == -(-height // stride)
    return stride if alone and not maps.flat else 0


def _by_outputs(module: nn.Conv2d, x: Tensor, pieces: int) -> Tensor:
    names, weights = zip(*module.named_parameters(), strict=True)
    parts = zip(*(weight.chunk(pieces) for weight in weights), strict=True)
    named = (dict(zip(names, part, strict=True)) for part in parts)
    return torch.cat([functional_call(module, part, (x,)).cpu() for part in named], dim=-3)
