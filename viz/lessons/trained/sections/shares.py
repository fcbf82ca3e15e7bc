"""The share of 1×1 layers: counted layer by layer."""

from __future__ import annotations

from torch import nn

from viz.figures.branch_bars import branch_bars
from viz.lessons.blocks import Block, Chart, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.trained.networks import Trained, notes, usable
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.shares import Share, shares, total
from viz.numbers import exact, magnitude
from viz.text import Text, text

NAMES = {
    "one": "1×1",
    "three": "3×3",
    "five": "≥ 5×5",
    "linear": "linear",
}
HUES = {"one": "one", "three": "three", "five": "five", "linear": "pool"}


def show(scene: Scene[Setting]) -> list[Block]:
    """The shares in words, as bars, and in exact numbers."""
    trained = usable(scene.setting.network)
    assert trained is not None
    found = shares(trained)
    said = [Prose(note, "caption") for note in notes()]
    return [Prose(_in_words(trained, found)), _bars(found), _table(found), *said]


def _in_words(trained: Trained, found: dict[str, Share]) -> Text:
    convolutions, all_layers = _convolutions(found), total(found.values())
    one, both = found["one"], found["one"].weights + found["linear"].weights
    counted = text(
        "**{ones} of {n}** convolutions of {name} are 1×1. They hold **{weights} %** of its weights and do **{macs} %** of its multiply-adds (MACs).",
        ones=one.layers,
        n=convolutions.layers,
        name=trained.title,
        weights=_percent(one.weights, all_layers.weights),
        macs=_percent(one.macs, all_layers.macs),
    )
    linear = [each for each in trained.all_pieces if isinstance(each.main.layer, nn.Linear)]
    if not linear or not all(piece.is_pointwise for piece in linear):
        return counted
    return text(
        "{counted} The linear layer at its end reads single pixels, so it is a 1×1 too: with it {both} % of the weights.",
        counted=counted,
        both=_percent(both, all_layers.weights),
    )


def _convolutions(found: dict[str, Share]) -> Share:
    return total(share for kind, share in found.items() if kind != "linear")


def _percent(part: int, whole: int) -> int:
    return round(100 * part / max(1, whole))


def _bars(found: dict[str, Share]) -> Chart:
    whole, names = total(found.values()), {kind: text(name) for kind, name in NAMES.items()}
    kinds = [kind for kind, share in found.items() if share.layers]
    arguments = {
        "names": [text("layers"), text("weights"), text("MACs")],
        "parts": {
            HUES[kind]: [of / max(1, all_) for of, all_ in zip(found[kind], whole, strict=True)]
            for kind in kinds
        },
        "called": {HUES[kind]: names[kind] for kind in kinds},
        "written": [magnitude(of, digits=3) for of in whole],
        "hover": {HUES[kind]: [exact(of) for of in found[kind]] for kind in kinds},
    }
    alt = text(
        "Of {n} layers with weights {ones} are 1×1", n=whole.layers, ones=found["one"].layers
    )
    return Chart("shares", branch_bars, arguments, alt)


def _table(found: dict[str, Share]) -> Table:
    head = [text(name) for name in ("Kernel", "Layers", "Weights", "MACs")]
    rows: list[list[Words]] = [
        [text(NAMES[kind]), *map(exact, share)] for kind, share in found.items() if share.layers
    ]
    return Table(head, [*rows, [text("All"), *map(exact, total(found.values()))]])


SECTION = Section(show)
