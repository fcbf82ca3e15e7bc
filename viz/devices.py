"""Devices to compute on: which there are, which one was chosen, and how their memory runs out."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor

_ACCELERATORS: dict[str, Callable[[], bool]] = {
    "cuda": torch.cuda.is_available,
    "mps": torch.backends.mps.is_available,
    "xpu": torch.xpu.is_available,
}
# By default NVIDIA's convolutions round every factor to 10 bits (TF32): a 1×1 convolution would
# then differ from its own matrix product in the fourth digit.
torch.backends.cudnn.allow_tf32 = False
_CACHED_NUMBERS = 256 * 1024  # a megabyte, the second-level cache of a core
_NO_ROOM = ("out of memory", "allocate memory", "not enough memory", "alloc_failed")


@lru_cache(maxsize=1)
def available() -> tuple[str, ...]:
    """Names of the devices torch reports, the fastest first; the CPU is always the last.

    >>> available()[-1]
    'cpu'
    """
    return (*(name for name, is_there in _ACCELERATORS.items() if is_there()), "cpu")


def chosen(name: str) -> torch.device:
    """The device of that name if it is available, else the fastest one.

    >>> chosen("cpu"), chosen("abacus") == chosen("")
    (device(type='cpu'), True)
    """
    return torch.device(name if name in available() else available()[0])


def title(device: torch.device) -> str:
    """The name of a device on the badge.

    >>> title(torch.device("cpu"))
    'CPU'
    """
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type.upper()


def synchronize(device: torch.device) -> None:
    """Waits until an accelerator has done all its work, so that time can be measured."""
    if device.type in _ACCELERATORS:
        torch.accelerator.synchronize(device)


def at_once(device: torch.device, numbers: int) -> int:
    """How many pieces of work, of `numbers` float32 each, to do together: what a CPU's cache holds.

    Work that leaves the cache between two steps is several times slower.

    >>> at_once(torch.device("cpu"), 64 * 1024), at_once(torch.device("cpu"), 10**9)
    (4, 1)
    """
    return max(1, _CACHED_NUMBERS // max(1, numbers)) if device.type == "cpu" else sys.maxsize


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that a device is out of memory, in any of torch's wordings.

    >>> is_out_of_memory(torch.OutOfMemoryError()), is_out_of_memory(ValueError("shape"))
    (True, False)
    """
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError) and any(words in str(error).lower() for words in _NO_ROOM)
    )


def timed(function: Callable[[], Tensor], device: torch.device) -> tuple[Tensor, float]:
    """The result and its milliseconds, measured on the second run: the first one warms up."""
    function()
    return timed_once(function, device)


def timed_once(function: Callable[[], Tensor], device: torch.device) -> tuple[Tensor, float]:
    """The result of one run and its milliseconds."""
    synchronize(device)
    started = time.perf_counter()
    result = function()
    synchronize(device)
    return result, 1e3 * (time.perf_counter() - started)
