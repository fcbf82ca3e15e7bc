"""A bottleneck as a kernel of low rank: what a rank costs in weights, and in the output."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from viz.figures.curves import curves
from viz.lessons.blocks import Chart, Columns, Panel, Panels, Prose
from viz.lessons.inception.branch import (
    input_of_module,
    kernel_of,
    most_rank,
    side_of,
    singular_values,
    weights_of,
)
from viz.lessons.inception.low_rank import (
    best_for_maps,
    best_in_weights,
    output_errors,
    tails,
    through,
)
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.numbers import number
from viz.settings import Allowed
from viz.text import Text, text

MOST_RANKS = 24  # of the curves
ROUNDING = 1e-5
WEIGHTS, OUTPUT, FITTED = (
    text("weights: the singular values left out"),
    text("output, best in weights"),
    text("output, fitted to these maps"),
)


def show(scene: Scene[Setting]) -> Long:
    """The output at a rank beside the dense one, then singular values and errors at all ranks."""
    setting, x = scene.setting, input_of_module(scene)
    layer = kernel_of(setting.branch, setting.kernel, setting)
    side = side_of(setting.branch)
    wanted: Tensor = layer.to(x.device)(x)
    by_weights = best_in_weights(layer.weight)
    yield None
    by_maps = best_for_maps(layer.weight, x)
    yield None
    most = most_rank(setting.branch, setting)
    rank = min(setting.rank, most)
    ranks = _ranks(most, rank)
    errors = {
        WEIGHTS: tails(by_weights.strengths, ranks),
        OUTPUT: output_errors(by_weights, x, wanted, side, ranks),
    }
    yield None
    errors[FITTED] = output_errors(by_maps, x, wanted, side, ranks)
    yield None
    titles = {"dense": text("Dense {k}×{k}", k=side), "merged": text("Merged {k}×{k}", k=side)}
    outputs = {
        text("Rank {r}, best in weights", r=rank): through(by_weights, rank, x, side),
        text("Rank {r}, fitted", r=rank): through(by_maps, rank, x, side),
    }
    return [
        Prose(_sentence(setting, errors, ranks.index(rank), rank), "heading"),
        _maps(titles[setting.kernel], wanted, outputs),
        Columns([[_spectrum(setting, rank)], [_errors(ranks, errors, rank)]]),
    ]


def _ranks(channels: int, rank: int) -> list[int]:
    """All ranks, or so many of them and the chosen one."""
    few = {max(1, round(n * channels / MOST_RANKS)) for n in range(1, MOST_RANKS + 1)}
    return sorted(few | {rank})


def _sentence(setting: Setting, errors: dict[Text, list[float]], at: int, rank: int) -> Text:
    if max(errors[WEIGHTS][at], errors[OUTPUT][at]) <= ROUNDING:
        return text(
            "Rank **{rank}** of {all}: nothing is lost. A 1×1 to {rank} channels and a {k}×{k} after it are this kernel.",
            rank=rank,
            all=setting.inputs,
            k=side_of(setting.branch),
        )
    return text(
        "Rank **{rank}** of {all}: the weights are off by {weights} %, the output by **{output} %**. "
        "Fitted to these maps, the output is off by **{fitted} %**.",
        rank=rank,
        all=setting.inputs,
        weights=_percent(errors[WEIGHTS][at]),
        output=_percent(errors[OUTPUT][at]),
        fitted=_percent(errors[FITTED][at]),
    )


def _percent(share: float) -> str:
    return number(100 * share, 2) if share > ROUNDING else "0"


def _maps(title: Text, wanted: Tensor, outputs: dict[Text, Tensor]) -> Panels:
    """One map of the kernel itself and of each bottleneck: that in which the first errs most."""
    first, *_ = outputs.values()
    at = int((first - wanted).flatten(1).norm(dim=1).argmax())
    panels = [Panel(title, wanted[at : at + 1], [str(at + 1)], scale="maps")]
    for name, output in outputs.items():
        error = output - wanted
        off = _percent(float(error.norm() / wanted.norm()) if wanted.any() else 0.0)
        panels += [
            Panel(name, output[at : at + 1], [str(at + 1)], scale="maps"),
            Panel(
                text("Its error"),
                error[at : at + 1],
                [str(at + 1)],
                scale="maps",
                note=text("off by {off} % over all outputs", off=off),
            ),
        ]
    return Panels("rank_maps", panels, height_px=260, columns=5, narrowest_px=150)


def _spectrum(setting: Setting, rank: int) -> Chart:
    titles = {
        "dense": text("{k}×{k} alone", k=side_of(setting.branch)),
        "merged": text("1×1 merged into it"),
    }
    strengths = {
        title: singular_values(setting.branch, kernel, weights_of(setting))
        for kernel, title in titles.items()
    }
    lines = {
        "x": list(range(1, setting.inputs + 1)),
        "lines": strengths,
        "x_title": text("number of the singular value"),
        "y_title": text("singular value"),
        "thick": (titles[setting.kernel],),
        "at": float(rank),
    }
    alt = text("Singular values of the kernel without and with a 1×1 before it")
    return Chart("singular_values", curves, lines, alt)


def _errors(ranks: Sequence[int], errors: dict[Text, list[float]], rank: int) -> Chart:
    lines = {
        "x": list(ranks),
        "lines": errors,
        "x_title": text("rank: channels between the 1×1 and the k×k"),
        "y_title": text("error, as a share of the whole"),
        "thick": (OUTPUT,),
        "at": float(rank),
    }
    alt = text("Error of the weights and of the output against the rank")
    return Chart("rank_errors", curves, lines, alt)


SECTION = Section(
    show,
    always("branch", "kernel", "rank"),
    limits=lambda setting: {"rank": Allowed(most=most_rank(setting.branch, setting))},
    views=(
        Suggestion("Rank 2", {"rank": 2}),
        Suggestion("The merged kernel at its own rank", {"kernel": "merged"}),
    ),
)
