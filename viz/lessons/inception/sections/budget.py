"""The budget desk: every width on a slider, and what each branch then costs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import NamedTuple

from viz.figures.branch_bars import branch_bars
from viz.lessons.blocks import Chart, Prose, Table, Words
from viz.lessons.inception.costs import Counted, counted, total
from viz.lessons.inception.googlenet import column, fields_of, named
from viz.lessons.inception.module import BRANCH_NAMES, BRANCHES
from viz.lessons.inception.published import Published, published
from viz.lessons.inception.setting import Setting
from viz.lessons.inception.timing import milliseconds
from viz.lessons.lesson import Long, Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.networks.googlenet import MODULES
from viz.numbers import exact, magnitude, number
from viz.text import Text, text

CALLED: dict[str, Words] = {**BRANCH_NAMES, "pool": text("pool")}


class Priced(NamedTuple):
    """A module: what it is called, the counts of its branches, and the milliseconds they took."""

    name: Text
    counts: dict[str, Counted]
    times: dict[str, float]


class Quantity(NamedTuple):
    """What a pair of bars shows: its name, a branch's share of it, and how a number is written."""

    name: Text
    of: Callable[[Priced, str], float]
    written: Callable[[float], str]


def show(scene: Scene[Setting]) -> Long:
    """GoogLeNet to choose from, the bars of both modules, the counts, and the printed ones."""
    return _in_steps(scene)  # quick enough for a page without progress, but others go between


def _in_steps(scene: Scene[Setting]) -> Long:
    reduced = yield from _priced(scene, text("reduced"), True)
    naive = yield from _priced(scene, text("naive"), False)
    modules = [reduced, naive]
    return [
        column(scene.setting),
        Prose(_summary(scene.setting, modules)),
        _bars(modules),
        _table(modules),
        Prose(text("What the paper prints"), "heading"),
        _printed(),
        Prose(
            text(
                "Printed: table 1 of Szegedy et al. 2014. K is 1,024 there and M a million; biases are not counted, and a "
                "multiply-add counts once. ≠ marks a print that does not belong to the printed channels."
            ),
            "caption",
        ),
    ]


def _priced(scene: Scene[Setting], name: Text, switched_on: bool) -> Generator[None, None, Priced]:
    setting = replace(scene.setting, reduced=switched_on, projected=switched_on)
    found = counted(setting.widths, reduced=switched_on, projected=switched_on)
    maps = scene.input_of(scene.setting.path[0])
    return Priced(name, found, (yield from milliseconds(setting, maps)))


def _summary(setting: Setting, modules: Sequence[Priced]) -> Text:
    """The exact multiply-adds of both modules, and the printed ones if the paper has this module."""
    reduced, naive = (total(module.counts).macs for module in modules)
    counts = text(
        "**{reduced}** MACs, {share} % of the naive module's {naive}.",
        reduced=exact(reduced),
        share=number(100 * reduced / naive),
        naive=exact(naive),
    )
    found = [each for each in published() if each.module.name == named(setting)]
    if not found:
        return text("These widths: {counts}", counts=counts)
    (each,) = found
    return text(
        "GoogLeNet's {name}: {counts} The paper prints {macs} MACs and {weights} weights; {why}.",
        name=each.module.name,
        counts=counts,
        macs=each.printed_macs,
        weights=each.printed_weights,
        why=each.why or text("print agrees"),
    )


def _bars(modules: Sequence[Priced]) -> Chart:
    names, written = list[Text](), list[str]()
    parts: dict[str, list[float]] = {branch: [] for branch in BRANCHES}
    hover: dict[str, list[str]] = {branch: [] for branch in BRANCHES}
    for quantity in QUANTITIES:
        whole = _sum(quantity, modules[-1])
        for module in modules:
            names.append(text("{quantity}, {module}", quantity=quantity.name, module=module.name))
            written.append(quantity.written(_sum(quantity, module)))
            for branch in BRANCHES:
                value = quantity.of(module, branch)
                parts[branch].append(value / whole)
                hover[branch].append(_whole(value, quantity))
    arguments = {
        "names": names,
        "parts": parts,
        "called": CALLED,
        "written": written,
        "hover": hover,
        "axis_title": text("share of the naive module"),
    }
    alt = text(
        "MACs of the reduced module {reduced}, of the naive one {naive}, divided into their branches",
        reduced=exact(total(modules[0].counts).macs),
        naive=exact(total(modules[1].counts).macs),
    )
    return Chart("budget", branch_bars, arguments, alt)


def _sum(quantity: Quantity, module: Priced) -> float:
    return sum(quantity.of(module, branch) for branch in BRANCHES)


def _whole(value: float, quantity: Quantity) -> str:
    return exact(int(value)) if value == int(value) else quantity.written(value)


def _table(modules: Sequence[Priced]) -> Table:
    """The exact counts of each branch of the reduced module, and both totals."""
    head = ["Branch", "Output channels", "Weights", "Biases", "MACs", "Activations, bytes", "ms"]
    reduced, naive = modules
    rows: list[list[Words]] = [
        _row(CALLED[branch], reduced.counts[branch], reduced.times[branch]) for branch in BRANCHES
    ]
    whole = {text("**reduced**"): reduced, text("**naive**"): naive}
    rows += [
        _row(name, total(module.counts), sum(module.times.values()))
        for name, module in whole.items()
    ]
    return Table([text(name) for name in head], rows)


def _row(name: Words, found: Counted, ms: float) -> list[Words]:
    counts = (found.outputs, found.weights, found.biases, found.macs, found.activation_bytes)
    return [name, *map(exact, counts), f"{ms:.2f}"]


def _printed() -> Table:
    head = ["Module", "", "Why", "Weights", "printed", "MACs", "printed"]
    return Table([text(name) for name in head], [_print(each) for each in published()], words=3)


def _print(each: Published) -> list[Words]:
    exact_counts = (each.exact.weights, each.exact.macs)
    weights, macs = map(exact, exact_counts)
    return [
        each.module.name,
        "≠" if each.why else "=",
        each.why or text("print agrees"),
        *(weights, each.printed_weights, macs, each.printed_macs),
    ]


def _megabytes(value: float) -> str:
    return f"{value / 1e6:.2f} MB"


QUANTITIES = (
    Quantity(text("MACs"), lambda of, branch: of.counts[branch].macs, lambda n: magnitude(int(n))),
    Quantity(
        text("weights"), lambda of, branch: of.counts[branch].weights, lambda n: magnitude(int(n))
    ),
    Quantity(
        text("activations"), lambda of, branch: of.counts[branch].activation_bytes, _megabytes
    ),
    Quantity(text("time"), lambda of, branch: of.times[branch], lambda ms: f"{ms:.1f} ms"),
    Quantity(
        text("outputs"), lambda of, branch: of.counts[branch].outputs, lambda n: exact(int(n))
    ),
)
SECTION: Section[Setting] = Section(
    show,
    always(
        "side_px",
        "inputs",
        "one",
        "projection",
        "reduce_three",
        "three",
        "reduce_five",
        "five",
    ),
    is_cached=False,  # times are measured again
    opening=fields_of(MODULES[0]),
    views=(
        Suggestion("GoogLeNet's 5b", fields_of(MODULES[-1])),
        Suggestion("Reductions that do not pay", {"inputs": 16, "reduce_five": 48}),
    ),
)
