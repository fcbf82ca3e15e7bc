"""What stands below the canvas of the lesson on the 1×1 convolution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from viz.ui.controls import control, put
from viz.ui.jobs import asked, measured, packed
from viz.ui.lesson import Inputs
from viz.ui.numbers import exact, number, table
from viz.ui.panels import panels as show_panels
from viz.ui.stepper import Reading, stepper
from viz.ui.text import _

SEEN_FOLD = 0.05  # of all pixels; a fold of fewer is not seen from the last row


def step(inputs: Inputs) -> None:
    """One output pixel at a time: what a 1×1 reads, and what a 3×3 beside it reads."""
    found = _found("step", replace(inputs, setting=_around_the_unit(inputs)), "stepping")
    if found is None:
        return
    colour = inputs.setting.bank == "rgb"
    readings = [
        Reading(_("1×1"), 1, 0, _array(found.pointwise_weight), _array(found.pointwise)),
        Reading(_("3×3, the same matrix"), 1, 1, _array(found.window_weight), _array(found.window)),
    ]
    stepper(
        _array(found.crop),
        readings,
        key="stepper",
        channel_names=found.inputs,
        output_names=found.outputs,
        colour=colour,
        alt=_("A 1×1 and a 3×3 convolution over the same pixels of the picture"),
    )
    if found.note:
        st.caption(_(found.note[0], **found.note[1]))


def _around_the_unit(inputs: Inputs) -> Any:
    """The crop lies around the unit that was clicked on the maps, if one was."""
    unit = inputs.view.unit_index
    if unit is None:
        return inputs.setting
    height, width = inputs.focus.pixels.shape[1:]
    row, column = (1000 * (at + 0.5) / n for at, n in zip(unit[1:], (height, width), strict=True))
    return replace(inputs.setting, crop_row=f"{row:.0f}", crop_column=f"{column:.0f}")


def space(inputs: Inputs) -> None:
    """The picture's pixels as points: before the matrix, and behind it."""
    from viz.figures.space import cloud, spans

    found = _found("space", inputs, "space")
    if found is None:
        return
    photo, before, after = st.columns((1, 1.4, 1.4), gap="medium")
    with photo:
        _photo(inputs)
        st.markdown(_in_numbers(inputs, found))
    colours, lit = _array(found.colours), _array(found.lit)
    shown = found.folded if inputs.setting.relu else found.after
    title = _("After the matrix, folded by the ReLU") if inputs.setting.relu else _("After it")
    points_before, points_after = _array(found.before), _array(found.after)
    clouds = (
        (before, "before", points_before, found.axes_before, _("Before the matrix"), ()),
        (after, "after", _array(shown), found.axes_after, title, (_array(found.folded),)),
    )
    for column, key, points, names, words, others in clouds:
        wide = spans(points, points_after, *others) if others else spans(points)
        figure = cloud(points, colours, lit, names, title=words, ranges=wide, height=420)
        alt = _("{n} pixels as points in the space of {names}", n=len(lit), names=", ".join(names))
        column.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})
    with after:
        control(inputs, "relu")
        _offer_a_fold(inputs, found.moved)


def _photo(inputs: Inputs) -> None:
    from viz.run import Panel

    panel = Panel(_("Draw a rectangle"), inputs.focus.pixels, kind="colour")
    buffer = packed("photo", inputs, [panel])
    if buffer is None:
        return
    top, left, bottom, right = (round(1000 * part) for part in inputs.setting.rectangle)
    show_panels(
        buffer,
        key="photo",
        height_px=240,
        columns=1,
        region=(top, left, bottom, right),
        on_region=lambda region: put(inputs, region=".".join(map(str, region))),
    )


def _in_numbers(inputs: Inputs, found: Any) -> str:
    before, after = (
        _strongest(_array(c)) for c in (found.covariance_before, found.covariance_after)
    )
    return _(
        "**{lit}** of {n} points are lit. Strongest correlation of two channels: **{before}** before, "
        "**{after}** after. A ReLU moves **{moved} %** of all pixels.",
        lit=int(_array(found.lit).sum()),
        n=len(found.lit),
        before=before,
        after=after,
        moved=number(100 * found.moved),
    )


def _strongest(covariance: np.ndarray[Any, Any]) -> str:
    """The largest correlation of two channels that vary at all, or a dash."""
    spread = np.sqrt(np.diag(covariance))
    varying = spread > 1e-6
    scaled = covariance[np.ix_(varying, varying)] / np.outer(spread[varying], spread[varying])
    apart = scaled[~np.eye(len(scaled), dtype=bool)]
    if not apart.size:
        return "–"
    return f"{apart[np.abs(apart).argmax()]:.2f}".replace("-0.00", "0.00").replace("-", "−")


def ways(inputs: Inputs) -> None:
    """The same matrix written in five ways, raced."""
    from viz import devices
    from viz.run.race import RUNS, raced

    def work() -> Any:
        experiment, setting, pixels = inputs.experiment, inputs.setting, inputs.focus.pixels
        chain = experiment.network(setting, pixels)
        given = experiment.reaching("pointwise", chain, pixels)
        racing = dict.fromkeys([devices.chosen(inputs.view.device), devices.chosen("cpu")])
        return raced(experiment.ways(setting, pixels), given, tuple(racing))

    rows = asked("ways", inputs, work)
    if rows is None:
        return
    names = list(rows[0].milliseconds)
    head = [_("Way"), "", _("Pixels"), _("Largest difference"), _("Rounding allows"), *names]
    lines = [
        [
            f"{'✓' if row.within else '✗'} **{row.name}**",
            _(row.sentence),
            exact(row.pixels),
            number(row.difference),
            number(row.bound),
            *(f"{row.milliseconds[name]:.2f} ms" for name in names),
        ]
        for row in rows
    ]
    st.markdown(table(head, lines, words=2))
    st.caption(
        _(
            "Differences are from the first way, on the same pixels; milliseconds are the best of {n} runs.",
            n=RUNS,
        )
    )


def merge(inputs: Inputs) -> None:
    """Two layers, their product, and a ReLU between them."""
    from viz.run import Panel

    left, right = st.columns(2)
    with left:
        control(inputs, "second")
    found = _found("merge", inputs, "merged")
    if found is None:
        return
    with right:
        _offer_a_fold(inputs, found.folded)
    verdict = _("equal to rounding") if found.within else _("not equal")
    names = _numbered(found.through_both)
    panels = [
        Panel(_("First matrix"), found.first[None], kind="weight", scale="matrix"),
        Panel(_("Second matrix"), found.second[None], kind="weight", scale="matrix"),
        Panel(_("Second · first = one matrix"), found.product[None], kind="weight", scale="matrix"),
        Panel(_("Through both layers"), found.through_both, names, scale="maps"),
        Panel(
            _("Through the product"),
            found.through_product,
            names,
            scale="maps",
            note=_(
                "{verdict}: differs by at most {difference}, rounding allows {bound}",
                verdict=verdict,
                difference=number(found.largest_difference),
                bound=number(found.bound),
            ),
        ),
        Panel(
            _("With a ReLU between them"),
            found.with_relu,
            names,
            scale="maps",
            note=_(
                "differs by up to {difference}; the ReLU cuts something off at {folded} % of the pixels",
                difference=number(found.largest_relu_difference),
                folded=number(100 * found.folded),
            ),
        ),
    ]
    buffer = packed("merged", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="merged", height_px=230)


def groups(inputs: Inputs) -> None:
    """What every number of groups costs, and what two layers reach with and without a shuffle."""
    from viz.run import Panel

    setting = inputs.experiment.resolved(inputs.setting)
    left, right = st.columns((2, 1))
    with left:
        control(inputs, "groups")
    with right:
        if setting.groups > 1:
            control(inputs, "shuffle")
        if setting.bank == "rgb":
            st.button(
                _("Take 16 oriented maps"),
                on_click=lambda: put(inputs, bank="gabor", pointwise_recipe="random", stage=""),
            )
    rows = inputs.experiment.grouped(setting, *inputs.focus.pixels.shape[1:])
    lines = []
    for row in rows:
        mark = "**" if row.groups == setting.groups else ""
        cells = [row.groups, row.reads, row.parameters, row.macs]
        share = f"1/{row.share.denominator}" if row.share.denominator > 1 else "1"
        lines.append([f"{mark}{cell}{mark}" for cell in [*map(exact, cells), share]])
    head = [
        _("Groups"),
        _("Channels an output reads"),
        _("Parameters"),
        _("MACs"),
        _("Share of dense"),
    ]
    st.markdown(table(head, lines, words=0))
    found = _found("reach", inputs, "reach")
    if found is None:
        return
    panels = [
        Panel(
            title,
            matrix[None],
            kind="weight",
            scale="matrix",
            note=_("{n} % of the weights are not 0", n=number(100 * share)),
        )
        for title, matrix, share in (
            (_("One grouped layer"), found.one, found.share_of_one),
            (_("Two, one after the other"), found.two, found.share_of_two),
            (_("Two, with a channel shuffle between"), found.shuffled, found.share_of_shuffled),
        )
    ]
    buffer = packed("reached", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="reached", height_px=220)


def fewer(inputs: Inputs) -> None:
    """The textbook example, counted from the layer itself."""
    for column, name in zip(
        st.columns(3), ("fewer_inputs", "fewer_outputs", "fewer_side_px"), strict=True
    ):
        with column:
            control(inputs, name)
    found = inputs.experiment.fewer(inputs.setting)
    sizes = [" × ".join(map(str, shape)) for shape in (found.input_shape, found.output_shape)]
    layer = inputs.setting.fewer_inputs, inputs.setting.fewer_outputs
    st.markdown(f"`nn.Conv2d({layer[0]}, {layer[1]}, 1, bias=False)`: **{sizes[0]} → {sizes[1]}**")
    shown = (
        (_("Weights"), found.pointwise.parameters),
        (_("Weights and biases"), found.with_bias.parameters),
        (_("MACs"), found.pointwise.macs),
    )
    for column, (label, count) in zip(st.columns(len(shown)), shown, strict=True):
        column.metric(label, exact(count))
    st.markdown(
        _(
            "In float32 the maps take **{before}** bytes before the layer and **{after}** after it. "
            "A 3×3 in its place: **{parameters}** weights and **{macs}** MACs, {times} times as many.",
            before=exact(found.input_bytes),
            after=exact(found.output_bytes),
            parameters=exact(found.window.parameters),
            macs=exact(found.window.macs),
            times=number(found.window.macs / found.pointwise.macs),
        )
    )


def _offer_a_fold(inputs: Inputs, share: float) -> None:
    """Where nothing negative comes out a ReLU does nothing; there are weights with which it does."""
    if share >= SEEN_FOLD or not float(inputs.focus.pixels.max()):
        return
    st.button(
        _("Take weights that fold"),
        on_click=lambda: put(
            inputs,
            pointwise_recipe="random",
            pointwise_seed=0,
            pointwise_outputs=0,
            pointwise_edits=(),
            groups=1,
        ),
    )


PARTS = {
    "step": step,
    "space": space,
    "ways": ways,
    "merge": merge,
    "groups": groups,
    "fewer": fewer,
}


def _found(what: str, inputs: Inputs, name: str) -> Any:
    """What the experiment's function of this name measures on this picture."""
    measure = getattr(inputs.experiment, name)
    return measured(what, inputs, lambda pixels: measure(inputs.setting, pixels))


def _array(tensor: Any) -> np.ndarray[Any, Any]:
    return np.asarray(tensor)


def _numbered(maps: Any) -> Sequence[str]:
    return [str(n + 1) for n in range(len(maps))]
