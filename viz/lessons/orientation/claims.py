"""The lesson's claims about its layers, for this picture."""

from __future__ import annotations

from copy import deepcopy

from torch import Tensor, nn

from viz.layers.correlation import correlate
from viz.layers.cross_channel_pooling import pool_channels
from viz.layers.gabor import GaborBank
from viz.layers.pointwise import mix_channels
from viz.layers.recipes import grey_rows
from viz.lessons.claim import Claim, seen_on
from viz.lessons.layer_claims import pointwise_claims, pooling_claim
from viz.lessons.lesson import Built
from viz.lessons.orientation.setting import Setting
from viz.lessons.ways import convolution, magnitude


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The claims for the pooling that is chosen; a difference only if this picture shows it."""
    setting, given = built.setting, built.before("pooling")
    made = _of_max(given, setting) if setting.pooling == "max" else _of_pointwise(built, given)
    made += _of_polarity(built)
    if setting.rectifier == "none" and setting.pooling != "max":
        made.append(_one_filter(built))
    return seen_on(pixels, made)


def _of_max(given: nn.Module, setting: Setting) -> list[Claim]:
    return [pooling_claim(given, setting.phases, "max")]


def _of_pointwise(built: Built[Setting], given: nn.Module) -> list[Claim]:
    matrix = built.mixing("pooling").matrix
    made = pointwise_claims(given, matrix, swapped=False)
    if not built.setting.pooling_edits:
        group = matrix.shape[1] // matrix.shape[0]
        made.append(
            Claim(
                "The mean over each group of channels is a 1×1 with equal weights in blocks.",
                convolution(matrix),
                lambda x: pool_channels(x, group, mode="mean"),
                given=given,
                magnitude=magnitude(matrix),
                terms=matrix.shape[1],
                methods=("1×1 in blocks", "group mean"),
            )
        )
    return made


def _of_polarity(built: Built[Setting]) -> list[Claim]:
    """The negative of the picture turns signs; a square does not see signs, a ReLU does."""
    bank = (
        built.before("rectifier") if built.setting.rectifier != "none" else built.before("pooling")
    )
    filters = deepcopy(bank)  # goes where x is; the bank itself is also `given`, on the CPU
    largest = _bank(built).weight.abs().sum((1, 2, 3))[:, None, None]
    turned = Claim(
        "On the negative of the picture, every filter gives the opposite numbers.",
        lambda x: -filters.to(x.device)(x),
        lambda x: filters.to(x.device)(1 - x),
        magnitude=lambda x: _everywhere(largest, x),
        terms=_bank(built).weight[0].numel() + 3,
        methods=("minus the maps", "maps of the negative"),
    )
    return [turned, *_of_signs(built, bank)]


def _of_signs(built: Built[Setting], bank: nn.Module) -> list[Claim]:
    if built.setting.rectifier == "none":
        return []
    squared = built.setting.rectifier == "square"
    layer = built.network.get_submodule("rectifier")
    return [
        Claim(
            "A square does not see the sign." if squared else "A ReLU sees the sign.",
            layer,
            lambda x: layer(-x),
            squared,
            given=bank,
            methods=("maps", "their opposite"),
        )
    ]


def _one_filter(built: Built[Setting]) -> Claim:
    """Without a rectifier, bank and 1×1 are one bank of other filters."""
    bank, layer = _bank(built), built.mixing("pooling")
    mixed = mix_channels(bank.weight[:, 0], layer.matrix)
    largest = mixed.abs().sum((1, 2))[:, None, None] + mix_channels(
        bank.weight[:, 0].abs(), layer.matrix.abs()
    ).sum((1, 2), keepdim=True)

    def at_once(x: Tensor) -> Tensor:
        return correlate(mix_channels(x, grey_rows(1).to(x.device)), mixed.to(x.device))

    return Claim(
        "Without a rectifier between them, the filters and the 1×1 are one layer of other filters.",
        nn.Sequential(built.before("pooling"), layer),
        at_once,
        magnitude=lambda x: _everywhere(largest, x),
        terms=bank.weight[0].numel() + layer.matrix.shape[1],
        methods=("filters, then 1×1", "mixed filters"),
    )


def _bank(built: Built[Setting]) -> GaborBank:
    return next(layer for layer in built.network.modules() if isinstance(layer, GaborBank))


def _everywhere(largest: Tensor, x: Tensor) -> Tensor:
    """The same bound at every pixel: brightness is at most 1."""
    return largest.to(x.device).expand(-1, *x.shape[-2:])
