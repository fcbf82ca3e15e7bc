"""What to predict about a 1×1 convolution: weights, maps that change, negative numbers, fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from viz.lessons.pointwise.setting import Setting
from viz.lessons.question import Number, OneOf, Question, one_of
from viz.lessons.scene import Scene
from viz.numbers import exact, number
from viz.text import text
from viz.trace import receptive_field

FIRST_ONLY = {"relu": False, "shuffle": False, "second": False, "stage": "pointwise"}
OUTPUTS = (8, 5, 12)  # to ask about
RECIPES = {"opponent": text("opponent colours"), "sepia": text("sepia")}
SHARES = (
    text("none"),
    text("less than a quarter"),
    text("about half"),
    text("more than three quarters"),
)
SHOWN = 5  # maps at most among the options


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """Up to five questions; each asks about a matrix or a layer that is not on the canvas."""
    asked = (_changed_maps, _negative, _weights, _groups, _field)
    return [question for about in asked for question in about(scene)]


def maps_changed(before: Tensor, after: Tensor) -> tuple[int, ...]:
    """The maps that differ anywhere by more than rounding.

    Args:
        before, after: `(O, H, W)`.

    >>> maps_changed(torch.zeros(3, 2, 2), torch.eye(3)[1][:, None, None].expand(3, 2, 2))
    (1,)
    """
    scale = float(before.abs().max())
    return tuple((after - before).abs().amax((1, 2)).gt(1e-6 * scale).nonzero().flatten().tolist())


def _changed_maps(scene: Scene[Setting]) -> Iterator[Question]:
    """Which maps one weight changes: the one of its row."""
    layer, inputs, names = (
        scene.mixing("pointwise"),
        scene.input_of("pointwise"),
        scene.channels("pointwise").names,
    )
    if not 1 < len(names) <= SHOWN:
        return
    row, column = _strongest(layer.matrix, inputs)
    edits = {(r, c): v for r, c, v in scene.setting.pointwise_edits} | {(row, column): 0}
    fields = {"pointwise_edits": tuple((*cell, value) for cell, value in sorted(edits.items()))}
    after = scene.changed(**fields).output_of("pointwise")
    changed = maps_changed(scene.output_of("pointwise"), after)
    if len(changed) != 1:
        return  # on a black picture no weight changes anything
    from_names = scene.built.outline["pointwise"].arriving.names
    yield Question(
        "changed_maps",
        text(
            "The weight in row {row}, column {column} becomes 0. Which maps change?",
            row=names[row],
            column=from_names[column],
        ),
        OneOf(
            (*(text("only map {name}", name=name) for name in names), text("all maps")),
            changed[0],
            (
                *(text("A row makes one map; this is the weight of another row.") for _ in names),
                text("Each map is made by its own row, and no other row has changed."),
            ),
        ),
        text(
            "Row {row} makes map {row}, and column {column} says how much of map {column} goes in: {weight} before, 0 now.",
            row=names[row],
            column=from_names[column],
            weight=number(float(layer.matrix[row, column])),
        ),
        {**fields, **FIRST_ONLY},
    )


def _strongest(matrix: Tensor, inputs: Tensor) -> tuple[int, int]:
    """The cell whose product with its input is largest on average, off the diagonal if it can be."""
    terms = matrix.abs() * inputs.abs().mean((1, 2))
    off = terms - 2 * terms.max() * torch.eye(*terms.shape, device=terms.device)
    best = off if off.max() > 0 else terms
    return divmod(int(best.argmax()), terms.shape[1])


def _negative(scene: Scene[Setting]) -> Iterator[Question]:
    """How much a ReLU sets to 0 after opponent colours, or after sepia, which has no negative weight."""
    recipe = "opponent" if scene.setting.pointwise_recipe != "opponent" else "sepia"
    fields = {
        "bank": "rgb",
        "pointwise_recipe": recipe,
        "pointwise_outputs": 0,
        "pointwise_edits": (),
        "groups": 1,
    }
    after = scene.changed(**fields, relu=True)
    maps = after.input_of("relu")
    share = float((maps < 0).float().mean())
    right = 0 if share == 0 else 1 if share < 0.25 else 2 if share <= 0.75 else 3
    weights = after.mixing("pointwise").matrix
    reason = text("Of the numbers, {percent} % are negative.", percent=number(100 * share))
    yield Question(
        "negative",
        text(
            "How many of the numbers does a ReLU set to 0 after {recipe}?", recipe=RECIPES[recipe]
        ),
        OneOf(SHARES, right, tuple(reason for _ in SHARES)),
        text(
            "{n} of the {all} weights are negative; {percent} % of the numbers are, and these become 0.",
            n=int((weights < 0).sum()),
            all=weights.numel(),
            percent=number(100 * share),
        ),
        {**fields, **FIRST_ONLY, "relu": True, "stage": "relu"},
    )


def _weights(scene: Scene[Setting]) -> Iterator[Question]:
    outputs = next(n for n in OUTPUTS if n != scene.setting.pointwise_outputs)
    fields = {
        "bank": "gabor",
        "pointwise_recipe": "random",
        "pointwise_outputs": outputs,
        "groups": 1,
        "pointwise_edits": (),
    }
    layer = scene.changed(**fields).mixing("pointwise")
    inputs, right = layer.matrix.shape[1], sum(p.numel() for p in layer.parameters())
    yield Question(
        "weights",
        text(
            "A 1×1 makes {outputs} maps of {inputs} oriented maps. How many weights has it?",
            outputs=outputs,
            inputs=inputs,
        ),
        Number(
            right,
            text("weights"),
            text("{said} is not rows times columns. The size of the picture does not matter."),
        ),
        text(
            "{outputs} rows of {inputs} weights: {right}.",
            outputs=outputs,
            inputs=inputs,
            right=right,
        ),
        {**fields, **FIRST_ONLY},
    )


def _groups(scene: Scene[Setting]) -> Iterator[Question]:
    groups = next(n for n in (4, 8, 2) if n != scene.setting.groups)
    fields = {
        "bank": "gabor",
        "pointwise_recipe": "random",
        "pointwise_outputs": 0,
        "pointwise_edits": (),
    }
    layer = scene.changed(**fields, groups=groups).mixing("pointwise")
    (outputs, inputs), right = layer.matrix.shape, layer.rows.numel()
    wrong = {
        outputs * inputs: text("In one group every map reads all {inputs}.", inputs=inputs),
        outputs * inputs // groups**2: text("That is one group; there are {n} of them.", n=groups),
        outputs: text("That is depthwise: each map reads a single one."),
    }
    yield Question(
        "groups",
        text(
            "A 1×1 makes {outputs} maps of {inputs}, in {n} groups. How many weights has it?",
            outputs=outputs,
            inputs=inputs,
            n=groups,
        ),
        one_of(right, wrong, exact),
        text(
            "Each of the {outputs} rows has a weight for the {n} maps of its own group: {right}.",
            outputs=outputs,
            n=inputs // groups,
            right=right,
        ),
        {**fields, **FIRST_ONLY, "groups": groups},
    )


def _field(scene: Scene[Setting]) -> Iterator[Question]:
    """Two 1×1 see no more than one."""
    bank = "gabor" if scene.setting.second else scene.setting.bank
    fields = {"bank": bank, "relu": False, "shuffle": False, "second": True}
    after, shape = scene.changed(**fields).built.network, tuple(scene.pixels.shape)
    right = receptive_field(after, shape).size[0]
    wrong = {
        right + 1: text("A layer of one pixel adds none."),
        right + 2: text("A 3×3 would add two; a 1×1 adds none."),
        2 * right + 2: text("Fields do not double: a 1×1 adds nothing."),
    }
    yield Question(
        "field",
        text("A second 1×1 follows. How tall is then the receptive field of one unit?"),
        one_of(right, wrong, lambda size: f"{size} px"),
        text("Each 1×1 reads one position, so the field stays at {right} px.", right=right),
        {**fields, "stage": "second"},
    )
