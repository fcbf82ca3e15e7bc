"""Whether 1×1 layers over-fit less: errors against the number of examples, beside 3×3 layers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

from viz.figures.learning import Line, learning_curves
from viz.lessons.blocks import Block, Chart, Columns, Prose
from viz.lessons.lesson import Blocks, Long, Scene, Section
from viz.lessons.network_in_network.digit_errors import (
    Kernels,
    Outcomes,
    against_kernels,
    errors,
    kernel_cases,
    over_fits_less,
)
from viz.lessons.network_in_network.sections.trained import how_trained
from viz.lessons.network_in_network.setting import Setting
from viz.lessons.network_in_network.training_here import train_here
from viz.lessons.opening import Suggestion
from viz.numbers import exact
from viz.text import Text, text
from viz.training.digit_costs import counts
from viz.training.digit_runs import EXAMPLES, SEEDS, Equal, Head, Network, kernels
from viz.training.shipped_runs import shipped

SIDES: tuple[Equal, ...] = ("width", "parameters")


def show(scene: Scene[Setting]) -> Long:
    """Both comparisons with one head; what the visitor's seeds give is marked with rings."""
    head = cast(Head, scene.setting.overfit_head)
    draw = partial(_comparisons, head)
    here = yield from train_here(kernel_cases(head, scene.setting.overfit_seeds), draw)
    return [*draw(here), *how_trained(here, "overfit_seeds", _spread())]


def _spread() -> Text:
    return text(
        "A line is the mean over {seeds} seeds, each with other first weights; its band reaches one standard deviation to either side.",
        seeds=len(SEEDS),
    )


def _comparisons(head: Head, here: Outcomes) -> Blocks:
    outcomes = shipped().outcomes
    found = {equal: against_kernels(outcomes, head, equal) for equal in SIDES}
    sides = [
        [Prose(_title(head, equal)), _chart(head, equal, here), Prose(says(found[equal]))]
        for equal in SIDES
    ]
    return [Prose(verdict([*found.values()]), "heading"), Columns(sides)]


def verdict(sides: Sequence[Sequence[Kernels]]) -> Text:
    """Whether the statement holds in these comparisons."""
    every = [each for side in sides for each in side]
    less = [each for each in every if each.gap.is_clear and each.gap.mean < 0]
    if not less:
        return _fails([over_fits_less(side)[-1] for side in sides])
    if all(each.underfits for each in less):
        return text(
            "It does not hold: where the 1×1 networks over-fit less, they have not even learned their own examples."
        )
    if len(less) == len(every):
        return text("It holds: the 1×1 networks over-fit less than the 3×3 in every case.")
    return text("It holds only sometimes: it depends on the number of examples.")


def _fails(more: Sequence[Sequence[int]]) -> Text:
    """It does not hold anywhere, and with some numbers of examples the opposite does."""
    opposite = [n for n in EXAMPLES if all(n in side for side in more)]
    if not opposite:
        return text("It does not hold: the 1×1 networks over-fit no less than the 3×3.")
    return text(
        "It does not hold: the 1×1 networks over-fit no less than the 3×3, and more with {n} digits.",
        n=_listed(opposite),
    )


def says(found: Sequence[Kernels]) -> Text:
    """Where the 1×1 over-fits less, where more, and where no differently."""
    less, same, more = over_fits_less(found)
    said = [
        *([text("over-fits **less** with {n} digits", n=_listed(less))] if less else []),
        *([text("over-fits **more** with {n} digits", n=_listed(more))] if more else []),
        *([text("no clear difference with {n} digits", n=_listed(same))] if same else []),
    ]
    return text("1×1 against 3×3: {where}.", where=_joined(said))


def _listed(counts: Sequence[int]) -> str:
    return ", ".join(exact(each) for each in counts)


def _joined(parts: Sequence[Text]) -> Text:
    first, *others = parts
    for each in others:
        first = text("{first}; {next}", first=first, next=each)
    return first


def _title(head: Head, equal: Equal) -> Text:
    wide, pointwise = kernels(head, equal)
    counted = {
        "wide": wide.width,
        "n": exact(counts(*wide).parameters),
        "pointwise": pointwise.width,
        "m": exact(counts(*pointwise).parameters),
    }
    if equal == "width":
        return text(
            "**Equal widths**: {wide} channels; {n} parameters with 3×3, {m} with 1×1", **counted
        )
    return text(
        "**Equal parameters**: {n} with 3×3 ({wide} channels), {m} with 1×1 ({pointwise} channels)",
        **counted,
    )


def _chart(head: Head, equal: Equal, here: Outcomes) -> Block:
    wide, pointwise = kernels(head, equal)
    lines = {
        text("3×3 learned"): _line(wide, here, blue=False, test=False),
        text("1×1 learned"): _line(pointwise, here, blue=True, test=False),
        text("3×3 new"): _line(wide, here, blue=False, test=True),
        text("1×1 new"): _line(pointwise, here, blue=True, test=True),
    }
    arguments = {
        "examples": EXAMPLES,
        "lines": lines,
        "x_title": text("digits to learn from"),
        "y_title": text("errors, %"),
    }
    alt = text(
        "Errors on learned and on new digits against the number of digits, for 3×3 and 1×1 kernels. {title}",
        title=_title(head, equal),
    )
    return Chart(f"overfit_{equal}", learning_curves, arguments, alt)


def _line(network: Network, here: Outcomes, *, blue: bool, test: bool) -> Line:
    def of(outcomes: Outcomes) -> list[tuple[float, ...]]:
        found = [errors(outcomes, network, n) for n in EXAMPLES]
        return [each.test if test else each.training for each in found]

    return Line(of(shipped().outcomes), blue, thick=test, rings=of(here))


def _controls(setting: Setting) -> tuple[str, ...]:
    return ("overfit_head", *(["overfit_seeds"] if setting.overfit_seeds else []))


SECTION = Section(
    show,
    _controls,
    own_data=lambda _: True,
    views=(
        Suggestion("Global average pooling", {"overfit_head": "averaged"}),
        Suggestion("Train here with one seed", {"overfit_seeds": 1}),
    ),
)
