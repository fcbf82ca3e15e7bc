"""The lesson's claims about the open layer, and about the last one."""

from __future__ import annotations

from functools import cache, reduce
from itertools import product

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.batch_norm import as_pointwise
from viz.layers.pointwise import Pointwise, mix_channels
from viz.layers.sliding import sliding
from viz.lessons.chain import before
from viz.lessons.claim import Claim
from viz.lessons.layer_claims import pointwise_claims
from viz.lessons.lesson import Built
from viz.lessons.trained.setting import Setting
from viz.text import text

LOOPED = 16  # outputs of a loop in Python


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """What the open layer is: a matrix, one with its normalisation, or each channel alone."""
    if "layer" not in dict(built.network.named_children()):
        return []
    given = before("layer", built.network)
    layers = dict(built.network.get_submodule("layer").named_children())
    first = next((each for each in layers.values() if isinstance(each, nn.Conv2d)), None)
    norm = next((each for each in layers.values() if isinstance(each, nn.BatchNorm2d)), None)
    if isinstance(first, Pointwise) and first.groups == 1 and first.stride == (1, 1):
        made = pointwise_claims(given, first.matrix[:LOOPED], swapped=False)
        return [*made, *([] if norm is None else [_folded(given, first, norm)])]
    if first is not None and first.groups == first.in_channels > 1:
        return [_alone(given, layers, first)]
    return []


def _folded(given: nn.Module, mix: Pointwise, norm: nn.BatchNorm2d) -> Claim:
    scales = as_pointwise(norm)
    assert scales.bias is not None
    assert norm.running_mean is not None
    rows, bias = scales.rows * mix.matrix, scales.bias
    if mix.bias is not None:
        bias = bias + scales.rows[:, 0] * mix.bias
    weight, shift = cache(rows.to), cache(bias.to)
    size, mean = cache(mix.matrix.abs().to), cache(norm.running_mean.abs().to)
    large = cache(scales.rows.abs().to)

    def magnitude(x: Tensor) -> Tensor:
        device = x.device
        sums = mix_channels(x.abs(), size(device)) + mean(device)[:, None, None]
        return large(device)[:, :, None] * sums + shift(device).abs()[:, None, None]

    return Claim(
        "The 1×1 and the normalisation after it are one 1×1 with a bias.",
        lambda x: norm.to(x.device)(mix.to(x.device)(x)),
        lambda x: mix_channels(x, weight(x.device), shift(x.device)),
        given=given,
        magnitude=magnitude,
        terms=mix.in_channels + 3,
        methods=("1×1, then normalised", "one 1×1"),
    )


def _alone(given: nn.Module, layers: dict[str, nn.Module], conv: nn.Conv2d) -> Claim:
    """Also with a stride: then every s-th row and column is read."""
    leading = nn.Sequential(given, *_pads(layers))
    weight, (rows, columns) = cache(conv.weight.to), conv.kernel_size
    scale = cache(conv.weight.abs().to)

    def filtered(x: Tensor, by: Tensor) -> Tensor:
        padding = sliding(conv).before
        return F.conv2d(x, by, None, conv.stride, padding, conv.dilation, conv.groups)

    def shifted(x: Tensor) -> Tensor:
        places = product(range(rows), range(columns))
        parts = (weight(x.device)[:, 0, i, j, None, None] * _seen(x, conv, i, j) for i, j in places)
        return reduce(torch.add, parts)

    return Claim(
        text(
            "A depthwise {rows}×{columns} mixes no channels: each map is {n} copies of one map, shifted, weighted and added.",
            rows=rows,
            columns=columns,
            n=rows * columns,
        ),
        lambda x: filtered(x, weight(x.device)),
        shifted,
        given=leading,
        magnitude=lambda x: filtered(x.abs(), scale(x.device)),
        terms=rows * columns,
        methods=("depthwise conv2d", "shifted maps"),
    )


def _pads(layers: dict[str, nn.Module]) -> list[nn.Module]:
    """What stands before the convolution."""
    names = list(layers)
    at = next(at for at, name in enumerate(names) if isinstance(layers[name], nn.Conv2d))
    return [layers[name] for name in names[:at]]


def _seen(x: Tensor, conv: nn.Conv2d, i: int, j: int) -> Tensor:
    """What all units read with one tap of the kernel."""
    slides = sliding(conv)
    (top, left), (bottom, right) = slides.before, slides.after
    padded = F.pad(x, (left, right, top, bottom))
    starts = i * slides.dilation[0], j * slides.dilation[1]
    spans = [d * (k - 1) for k, d in zip(slides.kernel, slides.dilation, strict=True)]
    ends = [
        n - span + start for n, span, start in zip(padded.shape[1:], spans, starts, strict=True)
    ]
    (down, across), (first, left_most) = slides.stride, starts
    return padded[:, first : ends[0] : down, left_most : ends[1] : across]
