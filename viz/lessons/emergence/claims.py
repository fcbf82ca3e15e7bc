"""The lesson's claims about learned filters and the 1×1 on top of them."""

from __future__ import annotations

import torch
from torch import Tensor

from viz.layers.pointwise import Pointwise
from viz.layers.recipes import grey_rows
from viz.layers.reflection import reflected
from viz.lessons.built import Built
from viz.lessons.claim import Claim, Path, seen_on
from viz.lessons.emergence.responses import Responses, trained_on, varies
from viz.lessons.emergence.setting import Setting
from viz.lessons.layer_claims import pointwise_claims
from viz.lessons.ways import magnitude, middle, product


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The lesson's claims; those about patches only where the picture has enough of them."""
    matrix = built.mixing("pointwise").matrix.cpu()
    made = pointwise_claims(built.before("pointwise"), matrix, swapped=False)
    made += _bank_claims(_kernels(built), matrix)
    learned = trained_on(built.setting, pixels)
    if varies(learned):
        made += [_uncorrelated_claim(learned), _turn_claim(learned)]
    return seen_on(pixels, made)


def _kernels(built: Built[Setting]) -> Tensor:
    """The bank, `(n, 13, 13)`."""
    return built.network.get_parameter("bank.learned.weight")[:, 0].cpu()


def windows(side_px: int) -> Path:
    """What every unit of the middle reads of the brightness, a channel for each of its pixels."""
    luminance = Pointwise(grey_rows(1))

    def read(pixels: Tensor) -> Tensor:
        around = reflected(luminance(pixels), side_px // 2)
        slid = around.unfold(1, side_px, 1).unfold(2, side_px, 1)[0]
        return middle(slid.flatten(2).movedim(2, 0), 32)

    return read


def _bank_claims(kernels: Tensor, matrix: Tensor) -> list[Claim]:
    rows = kernels.flatten(1)
    bank, mixed, once = product(rows), product(matrix), product(matrix @ rows)
    sizes = magnitude(rows), magnitude(matrix)
    rest = (windows(kernels.shape[-1]), lambda x: sizes[1](sizes[0](x)), sum(rows.shape))
    return [
        Claim(
            "Without a ReLU between them, the filters and the 1×1 are one bank of other filters.",
            *(lambda x: mixed(bank(x)), once, True, *rest),
            methods=("filters, then 1×1", "one bank"),
        ),
        Claim(
            "With a ReLU between them they are not.",
            *(lambda x: mixed(bank(x).relu()), once, False, *rest),
            methods=("ReLU between them", "one bank"),
        ),
    ]


def _uncorrelated_claim(learned: Responses) -> Claim:
    """Both methods whiten: over the patches they learned from, no two responses are correlated."""
    return Claim(
        "Responses of two filters to the patches that they were learned from are never correlated.",
        learned.correlations,
        lambda x: torch.eye(len(learned.filters)).to(x.device),
        given=lambda _: learned.patches,
        magnitude=learned.correlation_magnitude,
        terms=4,
        methods=("correlations", "identity matrix"),
    )


def _turn_claim(learned: Responses) -> Claim:
    return Claim(
        "ICA only turns the principal components, scaled to equal variance: it sees what they see.",
        learned.turn_by_its_transpose,
        lambda x: torch.eye(len(learned.independent)).to(x.device),
        given=lambda _: learned.patches,
        magnitude=learned.turn_magnitude,
        terms=4,
        methods=("turn × its transpose", "identity matrix"),
    )
