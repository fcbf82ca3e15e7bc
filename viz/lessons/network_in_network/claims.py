"""The lesson's claims about the block, for this picture."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz.layers.pointwise import mix_channels
from viz.layers.reflection import reflected
from viz.lessons.claim import Claim, seen_on
from viz.lessons.lesson import Built
from viz.lessons.network_in_network.perceptron import Block, Perceptron, block, perceptron
from viz.lessons.network_in_network.setting import PHASES, PIECES, Setting
from viz.lessons.ways import CROP_PX, middle
from viz.text import text
from viz.training.pixel_classes import networks


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The lesson's claims about these weights, with all ReLUs or with none between the 1×1 layers.

    A difference is only claimed where this picture shows it.
    """
    given, layers, whole = built.before("hidden"), perceptron(built), block(built)
    made = [
        _linear_claim(given, layers),
        _patches_claim(whole),
        _field_claim(whole),
        _shuffled_claim(given, layers),
        _average_claim(built.before("outputs"), layers.outputs),
        _logistic_claim(built.setting),
    ]
    if _compares(built.setting):
        made.append(_logic_claim(given, layers))
    return seen_on(pixels, [*made, *_merged_claims(given, layers)])


def _linear_claim(given: nn.Module, layers: Perceptron) -> Claim:
    return Claim(
        "The 1×1 layers are one perceptron of nn.Linear layers, applied to every pixel's channels.",
        layers.convolved,
        layers.at_every_pixel,
        given=given,
        magnitude=layers.magnitude,
        terms=layers.terms,
        methods=("conv2d 1×1, twice", "nn.Linear, per pixel"),
    )


def _patches_claim(whole: Block) -> Claim:
    return Claim(
        "The whole block is one perceptron of three nn.Linear layers that slides over the patches.",
        whole.convolved,
        whole.at_every_patch,
        given=lambda pixels: _patches_of(pixels, whole),
        magnitude=whole.magnitude,
        terms=whole.terms,
        methods=("three convolutions", "nn.Linear, per patch"),
    )


def _field_claim(whole: Block) -> Claim:
    side = whole.kernels.shape[-1]
    return Claim(
        text(
            "The 1×1 layers do not enlarge the receptive field: "
            "each result needs only its own {side}×{side} pixels.",
            side=side,
        ),
        whole.convolved,
        whole.one_patch_at_a_time,
        given=lambda pixels: _patches_of(pixels, whole),
        magnitude=whole.magnitude,
        terms=whole.terms,
        methods=("on the picture", "on each patch alone"),
    )


def _patches_of(pixels: Tensor, whole: Block) -> Tensor:
    """The middle of the picture with a margin, so that few patches are whole."""
    margin = whole.kernels.shape[-1] // 2
    return middle(reflected(pixels, margin), CROP_PX + 2 * margin)


def _shuffled_claim(given: nn.Module, layers: Perceptron) -> Claim:
    def shuffled(x: Tensor) -> Tensor:
        order = torch.randperm(x[0].numel(), generator=torch.Generator().manual_seed(0))
        return x.flatten(1)[:, order.to(x.device)].view_as(x)

    return Claim(
        "The 1×1 layers do not know where a pixel is: shuffled before or after, the maps are equal.",
        lambda x: layers.convolved(shuffled(x)),
        lambda x: shuffled(layers.convolved(x)),
        given=given,
        magnitude=lambda x: shuffled(layers.magnitude(x)),
        terms=layers.terms,
        methods=("pixels shuffled before", "pixels shuffled after"),
    )


def _average_claim(given: nn.Module, matrix: Tensor) -> Claim:
    def mean(x: Tensor) -> Tensor:
        return x.cpu().double().mean((-2, -1))  # so that only the 1×1 rounds

    return Claim(
        "The last 1×1 and global average pooling commute.",
        lambda x: mean(mix_channels(x, matrix.to(x.device))),
        lambda x: matrix.double() @ mean(x),
        given=given,
        magnitude=lambda x: matrix.double().abs() @ mean(x.abs()),
        terms=matrix.shape[1],
        methods=("1×1, then the mean", "the mean, then 1×1"),
    )


def _logistic_claim(setting: Setting) -> Claim:
    """Of the linear 1×1 that learns the painted classes, with its first weights."""
    made = networks(3, PIECES[setting.classifier_parameters], setting.training_seed)["linear"]
    weight, bias = (made.get_parameter(name).detach() for name in ("weight", "bias"))

    def cross_entropies(x: Tensor) -> Tensor:
        scores = F.conv2d(x[None], weight.to(x.device), bias.to(x.device))
        classes = torch.arange(2, device=x.device)[:, None, None, None].expand(2, 1, *x.shape[1:])
        return torch.cat([F.cross_entropy(scores, each, reduction="none") for each in classes])

    def softplus(x: Tensor) -> Tensor:
        lead = mix_channels(x, (weight[1:] - weight[:1])[:, :, 0, 0].to(x.device))
        lead = lead + (bias[1] - bias[0]).to(x.device)
        return F.softplus(torch.cat([lead, -lead]))

    def magnitude(x: Tensor) -> Tensor:
        of_scores = F.conv2d(x.abs()[None], weight.abs().to(x.device), bias.abs().to(x.device))
        both = 1 + of_scores.sum(1)  # 1 for the logarithm and the exponential
        return both.expand(2, -1, -1)

    return Claim(
        "A linear 1×1 for two classes is logistic regression: its loss is the softplus of one number.",
        cross_entropies,
        softplus,
        magnitude=magnitude,
        terms=2 * (3 + 1),
        methods=("loss of two scores", "softplus of one score"),
    )


def _compares(setting: Setting) -> bool:
    """Whether the weights are those that compare two orientations."""
    by_hand = setting.hidden_edits or setting.outputs_edits
    return setting.weights == "logic" and not by_hand


def _logic_claim(given: nn.Module, layers: Perceptron) -> Claim:
    return Claim(
        "“Or” and “and” are the larger and the smaller of two strengths, “not” is the rest.",
        layers.convolved,
        compared,
        given=given,
        magnitude=layers.magnitude,
        terms=layers.terms,
        methods=("conv2d 1×1, twice", "max, min, difference"),
    )


def compared(filters: Tensor) -> Tensor:
    """The comparisons of all pairs of orientations, from the maps of the filters."""
    strengths = filters.unflatten(0, (-1, PHASES)).sum(1)
    along, across = strengths.chunk(2)
    rest = along - across
    found = [torch.maximum(along, across), torch.minimum(along, across), rest, -rest]
    return torch.stack(found, dim=1).flatten(0, 1).relu()


def _merged_claims(given: nn.Module, layers: Perceptron) -> list[Claim]:
    def linear(x: Tensor) -> Tensor:
        return layers.convolved(x, relu=False)

    return [
        Claim(
            "Without the ReLU between them, the two 1×1 layers are one.",
            linear,
            layers.once,
            given=given,
            magnitude=layers.magnitude,
            terms=layers.terms,
            methods=("two layers", "one layer"),
        ),
        Claim(
            "With the ReLU between them they are not.",
            layers.convolved,
            lambda x: layers.once(x).relu(),
            equal=False,
            given=given,
            magnitude=layers.magnitude,
            terms=layers.terms,
            methods=("two with a ReLU", "one layer"),
        ),
    ]
