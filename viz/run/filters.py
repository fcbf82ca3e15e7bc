"""The content of the filters panel for a stage."""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from viz.kernels import NotLinear, bank_kernels, effective_kernels
from viz.layers.downsampling import window_of
from viz.layers.gabor import GaborBank
from viz.layers.pointwise import Pointwise, mixing_layer
from viz.text import Text, text


class Filters(NamedTuple):
    """Kernels, a mixing matrix, and a note about them.

    Attributes:
        stacks: `(N, h, w)` each: `kernels` and `matrix` where there are any.
        note: a sentence for the visitor, or empty.
        of_bank: whether the kernels are the bank's, not the stage's own.
        window_px: the side of a single kernel that serves every map; 0 where each has its own.
    """

    stacks: dict[str, Tensor]
    note: Text | None = None
    of_bank: bool = False
    window_px: int = 0


def filters(network: nn.Sequential, stage: str) -> Filters:
    """The content of the filters panel for a stage of the network, or for `picture`."""
    names = list(dict(network.named_children()))
    if stage == "picture":
        return Filters({}, text("The picture itself: nothing has filtered it yet."))
    upto = [network.get_submodule(name) for name in names[: names.index(stage) + 1]]
    mixes = _mixes(upto[-1])
    if mixes:  # a ReLU after the mixture is ignored: the kernel belongs to the mixture
        upto[-1] = mixing_layer(upto[-1])
    window = None if mixes else window_of(upto[-1])
    if window is not None:
        note = text("The same {n}×{n} kernel for every map.", n=len(window))
        return Filters({"kernels": window[None]}, note, window_px=len(window))
    found = _kernels(network, upto, mixes)
    if mixes:
        found.stacks["matrix"] = mixing_layer(upto[-1]).matrix[None]
    return found


def holds_bank(stage: nn.Module) -> bool:
    """Whether a stage filters with a bank of Gabor kernels."""
    return any(isinstance(layer, GaborBank) for layer in stage.modules())


def _mixes(stage: nn.Module) -> bool:
    """Whether a stage mixes channels; a bank's own 1×1 layers belong to its kernels."""
    return not holds_bank(stage) and any(isinstance(m, Pointwise) for m in stage.modules())


def _kernels(network: nn.Module, upto: list[nn.Module], mixes: bool) -> Filters:
    try:
        kernels = effective_kernels(upto)
    except NotLinear as barrier:
        bank = bank_kernels(network)
        if mixes or bank is None:
            note = "No kernel describes these maps: {layer} before the mixing is not linear."
            return Filters({}, text(note, layer=barrier.kind))
        note = "The bank's kernels. {layer} is not linear: after it, no kernel describes a map."
        return Filters({"kernels": bank}, text(note, layer=barrier.kind), of_bank=True)
    if kernels is None:
        return Filters({}, None if mixes else text("Red, green and blue are passed on unchanged."))
    return Filters({"kernels": kernels})
