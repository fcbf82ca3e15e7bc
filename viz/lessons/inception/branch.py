"""The two layers of a branch that has a reduction, and what they are without one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

import torch
from torch import Tensor, nn

from viz.layers.convolution import Convolution
from viz.layers.merging import as_matrix, merged
from viz.layers.pointwise import Pointwise
from viz.lessons.inception.module import KERNELS, layer
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Scene

T = TypeVar("T", bound=nn.Module)


def reduction(branch: str, setting: Setting) -> Pointwise:
    """The 1×1 before the k×k of the branch `three` or `five`, also where it is switched off."""
    return _conv(f"reduce_{branch}", replace(setting, reduced=True), Pointwise)


def after_reduction(branch: str, setting: Setting) -> Convolution:
    """The k×k that reads the reduction."""
    return _conv(branch, replace(setting, reduced=True), Convolution)


def dense(branch: str, setting: Setting) -> Convolution:
    """The k×k of the naive module, which reads all input channels."""
    return _conv(branch, replace(setting, reduced=False), Convolution)


def kernel_of(branch: str, kernel: str, setting: Setting) -> nn.Conv2d:
    """The k×k alone, `dense`, or the reduction and the k×k after it as one layer, `merged`."""
    if kernel == "dense":
        return dense(branch, setting)
    return merged(reduction(branch, setting), after_reduction(branch, setting))


@lru_cache(maxsize=64)
def singular_values(branch: str, kernel: str, weights: Setting) -> tuple[float, ...]:
    """Those of a kernel as a matrix; `weights` is what `weights_of` gives."""
    matrix = as_matrix(kernel_of(branch, kernel, weights).weight).double()
    squares: list[float] = torch.linalg.eigvalsh(matrix.T @ matrix).flip(0).clamp(min=0).tolist()
    return tuple(square**0.5 for square in squares)


def weights_of(setting: Setting) -> Setting:
    """The fields that the weights of these layers depend on, all others as in a new Setting."""
    fields = ("inputs", "reduce_three", "three", "reduce_five", "five", "seed")
    return replace(Setting(), **{name: getattr(setting, name) for name in fields})


def input_of_module(scene: Scene[Setting]) -> Tensor:
    """The maps that all branches read, `(C, H, W)`."""
    return scene.input_of(scene.setting.path[0])


def most_rank(branch: str, setting: Setting) -> int:
    """The largest rank of any k×k of a branch, as a matrix with a column for each input channel."""
    rows: int = getattr(setting, branch) * side_of(branch) ** 2
    return min(setting.inputs, rows)


def side_of(branch: str) -> int:
    """The side of its kernels."""
    return KERNELS[branch]


def _conv(box: str, setting: Setting, kind: type[T]) -> T:
    found = layer(box, setting).get_submodule("conv")
    assert isinstance(found, kind)
    return found
