"""A 1×1 and the k×k after it as one k×k: equal, until a ReLU or a bias is between them."""

from __future__ import annotations

from torch import Tensor

from viz.lessons.blocks import Block, Panel, Panels, Prose
from viz.lessons.inception.branch import input_of_module, side_of
from viz.lessons.inception.merging import AtTheBorder, Merged, Pair, at_the_border, compared, pair
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Scene, Section, always
from viz.lessons.opening import Suggestion
from viz.numbers import exact, number
from viz.text import Text, text


def show(scene: Scene[Setting]) -> list[Block]:
    """The kernels of one output, and its map by both layers, by one, with a ReLU, with a bias."""
    x, branch = input_of_module(scene), scene.setting.branch
    layers = pair(branch, scene.setting).to(x.device)
    found, biased = compared(layers, x), at_the_border(layers, x)
    at = int((found.with_relu - found.both).flatten(1).norm(dim=1).argmax())
    return [
        Prose(_sentence(layers, branch), "heading"),
        _maps(found, biased, at, branch),
        _kernels(layers, at, branch),
    ]


def _sentence(layers: Pair, branch: str) -> Text:
    weights = layers.first.weight.numel() + layers.then.weight.numel()
    return text(
        "Without a ReLU between them, a 1×1 and a {k}×{k} are **one {k}×{k}**: {one} weights in place of {two}.",
        k=side_of(branch),
        one=exact(layers.once.weight.numel()),
        two=exact(weights),
    )


def _maps(found: Merged, biased: AtTheBorder, at: int, branch: str) -> Panels:
    k = side_of(branch)

    def panel(title: Text, maps: Tensor, note: Text | str = "", scale: str = "maps") -> Panel:
        return Panel(title, maps[at : at + 1], [str(at + 1)], scale=scale, note=note)

    equal = text(
        "{verdict}: differs by at most {largest}, rounding allows {bound}",
        verdict=text("equal to rounding") if found.within else text("not equal"),
        largest=number(found.largest),
        bound=number(found.bound),
    )
    relu = (
        text("not equal: off by {changed} % over all outputs", changed=number(100 * found.changed))
        if found.changed
        else text("nothing here: no number between the layers is negative")
    )
    border = text(
        "largest of all outputs: {outside} in a border of {width} px, {inside} inside, where rounding allows {bound}",
        outside=number(biased.outside),
        width=biased.width_px,
        inside=number(biased.inside),
        bound=number(biased.bound),
    )
    panels = [
        panel(text("1×1, then {k}×{k}", k=k), found.both),
        panel(text("One {k}×{k}", k=k), found.once, equal),
        panel(text("1×1, ReLU, {k}×{k}", k=k), found.with_relu),
        panel(text("What the ReLU changes"), found.with_relu - found.both, relu, ""),
        Panel(text("What a bias changes"), biased.difference, [""], note=border),
    ]
    return Panels("merged_maps", panels, height_px=300, columns=5, narrowest_px=150)


def _kernels(layers: Pair, at: int, branch: str) -> Panels:
    k = side_of(branch)
    summed = text(
        "each is the sum of the {m} kernels, weighed by one column of the 1×1",
        m=layers.first.out_channels,
    )
    panels = [
        Panel(
            text("The 1×1, {m} × {c}", m=layers.first.out_channels, c=layers.first.in_channels),
            layers.first.rows[None],
            [""],
            kind="weight",
        ),
        Panel(
            text("The {k}×{k} of output {n}", k=k, n=at + 1), layers.then.weight[at], kind="weight"
        ),
        Panel(
            text("Merged: one {k}×{k} of output {n}", k=k, n=at + 1),
            layers.once.weight[at],
            kind="weight",
            note=summed,
        ),
    ]
    return Panels("merged_kernels", panels, height_px=260)


SECTION = Section(
    show,
    always("branch"),
    views=(
        Suggestion("The 5×5 branch", {"branch": "five"}),
        Suggestion("Another draw of weights", {"seed": 3}),
    ),
)
