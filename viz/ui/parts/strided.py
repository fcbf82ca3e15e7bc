"""What stands below the canvas of the lesson on the strided 1×1."""

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

QUIET = {"displayModeBar": False}
UNREAD_GREY = 0.55
STRIDES = (2, 4, 8)
MOST_SORTED = 16  # channels whose values are sorted on every photograph


def reads(inputs: Inputs) -> None:
    """The positions that the strided layer reads and those it never does."""
    from viz.run import Panel

    experiment, setting = inputs.experiment, inputs.setting

    def measure(pixels: Any) -> Any:
        maps, layer = experiment.at_the_stride(setting, pixels)
        return maps, layer(maps)

    found = measured("reads", inputs, measure)
    if found is None:
        return
    maps, kept = found
    reading = experiment.reading(*maps.shape[1:], setting.stride)
    st.markdown(_counted_reading(reading))
    st.markdown(_last_reads(reading))
    in_colour = setting.bank == "rgb"
    shown = maps if in_colour else maps[:1]
    as_picture = in_colour and len(kept) == 3
    kind: Any = "colour" if in_colour else "map"
    rows, columns = reading.outputs
    left = _("What the layer makes of it: {rows} × {columns}", rows=rows, columns=columns)
    panels = [
        Panel(_("Read, and never read (grey)"), _masked(shown, reading.mask), kind=kind),
        Panel(left, kept if as_picture else kept[:1], kind="colour" if as_picture else "map"),
    ]
    buffer = packed("read maps", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="read_pixels", height_px=420, columns=2)


def _masked(maps: Any, mask: Any) -> Any:
    """The maps, grey where nothing is read."""
    return maps * mask + UNREAD_GREY * ~mask


def _counted_reading(reading: Any) -> str:
    rows, columns = reading.outputs
    return _(
        "Of {height} × {width} positions of the map that reaches the layer it reads **{read}** of {all}, "
        "**{percent} %** (1/s² is {square} %), and makes {rows} × {columns}.",
        height=reading.rows.length,
        width=reading.columns.length,
        read=exact(reading.pixels_read),
        all=exact(reading.pixels),
        percent=number(100 * float(reading.share), 4),
        square=number(100 / reading.stride**2, 4),
        rows=rows,
        columns=columns,
    )


def _last_reads(reading: Any) -> str:
    """Which row and column is the last one read, and what lies behind it."""
    if reading.stride == 1:
        return _("With stride 1 every position is read.")
    said = [
        _(
            "The last row read is **{row}** of 0 to {end}, the last column **{column}** of 0 to {right}.",
            row=reading.rows.read[-1],
            end=reading.rows.length - 1,
            column=reading.columns.read[-1],
            right=reading.columns.length - 1,
        )
    ]
    if any(reading.incomplete):
        said.append(
            _(
                "The stride does not divide both sides: the last block is incomplete, and its first row or column is still read."
            )
        )
    return " ".join(said)


def lost(inputs: Inputs) -> None:
    """The strided 1×1 beside three other ways to a map of the same size."""
    from viz.run import Panel

    experiment, setting = inputs.experiment, inputs.setting
    zone = _zone_plate(inputs)
    ways = measured("lost", inputs, lambda pixels: experiment.downsamplers(setting, pixels))
    plates = asked("zone", inputs, lambda: experiment.downsamplers(_plain(setting), zone))
    if ways is None or plates is None:
        return
    stride = {"s": setting.stride}
    names = [_(experiment.TITLES[way.name], **stride) for way in ways]
    lines = [
        [
            name,
            exact(way.parameters),
            exact(way.macs),
            f"{number(100 * way.relative)} %",
            f"{number(100 * plate.relative)} %",
        ]
        for name, way, plate in zip(names, ways, plates, strict=True)
    ]
    head = [
        _("Way"),
        _("Parameters"),
        _("MACs"),
        _("Error on this picture"),
        _("Error on the zone plate"),
    ]
    st.markdown(table(head, lines))
    st.caption(
        _(
            "Error: drawn large again, bilinearly and with each way's units where they belong, less the 1×1 at every "
            "pixel; root mean square, as a share of that map's own."
        )
    )
    as_picture = len(ways[0].large) == 3 and setting.bank == "rgb"
    kind: Any = "colour" if as_picture else "map"
    maps = experiment.channel_names(setting)["strided"]
    panels = [
        Panel(name, way.large, maps, kind=kind, scale="" if as_picture else "large")
        for name, way in zip(names, ways, strict=True)
    ]
    panels += [
        Panel(_("Zone plate: {way}", way=name), plate.maps[:1], scale="zone")
        for name, plate in zip(names, plates, strict=True)
    ]
    buffer = packed("lost maps", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="lost_maps", height_px=220, columns=4)
    _spectra(inputs)


def _zone_plate(inputs: Inputs) -> Any:
    from viz import images

    plate = images.find("zone_plate")
    assert plate is not None, "it is shipped"
    return images.at_working_size(plate, inputs.view.working_size_px).pixels


def _plain(setting: Any) -> Any:
    """The same stride on the zone plate itself: its rings are what is looked at, not its mixture."""
    return type(setting)(stride=setting.stride)


def _spectra(inputs: Inputs) -> None:
    """What frequencies there are before the stride, and after each way."""
    from viz.run import Panel

    experiment, setting = inputs.experiment, inputs.setting

    def measure(pixels: Any) -> Any:
        before, _after = experiment.around_the_stride(setting, pixels)
        above = experiment.power_above(before, setting.stride)
        return experiment.spectra_of_ways(setting, pixels), above

    found = measured("spectra", inputs, measure)
    if found is None:
        return
    spectra, above = found
    names = {
        "before": _("Frequencies of map 1 at every pixel"),
        **{way: _(title, s=setting.stride) for way, title in experiment.TITLES.items()},
    }
    panels = [Panel(names[way], plane, scale="spectra") for way, plane in spectra.items()]
    buffer = packed("spectrum maps", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="spectrum_maps", height_px=180, columns=5)
    st.caption(
        _(
            "Frequency 0 in the middle, ±½ cycle per pixel at the edges; after the stride nothing above ±1/{n} can be held. "
            "Powers of ten above 10⁻⁵.",
            n=2 * setting.stride,
        )
    )
    st.markdown(
        _(
            "**{percent} %** of what varies in map 1, in the middle of the picture, lies above what stride {s} can hold. "
            "It does not vanish: it comes back at lower frequencies, in the extreme as a constant.",
            percent=number(100 * float(above[0])),
            s=setting.stride,
        )
    )


def saying(inputs: Inputs) -> None:
    """Whether little non-spatial information is lost: values and covariances, before and after."""
    from viz.figures.histograms import covariances, histograms

    experiment, setting = inputs.experiment, inputs.setting

    def measure(pixels: Any) -> Any:
        around = {
            s: experiment.around_the_stride(replace(setting, stride=s), pixels)
            for s in {*STRIDES, setting.stride}
        }
        return {s: experiment.non_spatial(*maps) for s, maps in sorted(around.items())}

    found = measured("saying", inputs, measure)
    if found is None:
        return
    here = found[setting.stride]
    sentence = (
        _("On this picture, at stride {s}, the saying **holds**.")
        if here.kept
        else _("On this picture, at stride {s}, the saying **does not hold**.")
    )
    left, right = st.columns((3, 1), vertical_alignment="center")
    left.markdown(f"### {sentence.format(s=setting.stride)}")
    with right:
        _other_picture(inputs)
    lines = [
        [
            f"**{s}**" if s == setting.stride else str(s),
            f"{number(100 * float(one.distances.max()))} %",
            f"{number(100 * float(one.covariance_change))} %",
            _("holds") if one.kept else _("does not hold"),
        ]
        for s, one in found.items()
    ]
    head = [_("Stride"), _("Values moved by"), _("Covariance changed by"), _("The saying")]
    st.markdown(table(head, lines, words=0))
    st.caption(
        _(
            "Values: the Wasserstein distance of the worst channel, as a share of its range. Covariance: Frobenius norm "
            "of the change, as a share. It holds where both are at most {percent} %.",
            percent=number(100 * experiment.KEPT_WITHIN),
        )
    )
    _on_the_photographs(inputs)
    names = experiment.channel_names(setting)["strided"][:16]
    words = (_("before"), _("after"))
    edges, before, after = (np.asarray(part)[:16] for part in (here.edges, here.before, here.after))
    figure = histograms(edges, before, after, names, words=words, share=_("share of values"))
    alt = _("Histograms of {n} channels before and after the stride", n=len(names))
    st.plotly_chart(figure, key="histograms", alt=alt, config=QUIET)
    before, after = (
        np.asarray(part)[:16, :16] for part in (here.covariance_before, here.covariance_after)
    )
    figure = covariances(before, after, names, words=words)
    alt = _("Covariances of {n} channels before and after the stride", n=len(names))
    st.plotly_chart(figure, key="covariances", alt=alt, config=QUIET)


def _on_the_photographs(inputs: Inputs) -> None:
    """On how many of the shipped photographs the saying holds, at this size and stride."""
    from viz import images

    if inputs.experiment.arriving(inputs.setting)["out"] > MOST_SORTED:
        return  # it would take seconds

    def work() -> tuple[int, int]:
        sized = [
            images.at_working_size(one, inputs.view.working_size_px).pixels
            for one in images.photographs()
        ]
        setting = inputs.setting
        return inputs.experiment.held_by(sized, setting, setting.stride), len(sized)

    found = asked("photographs", inputs, work)
    if found is not None:
        st.markdown(
            _(
                "With these layers, at stride {s} and {px} px, it holds on **{n}** of the {all} photographs shipped here.",
                s=inputs.setting.stride,
                px=inputs.view.working_size_px,
                n=found[0],
                all=found[1],
            )
        )


def _other_picture(inputs: Inputs) -> None:
    """One click to where the saying fails, or back to a photo."""
    if inputs.focus.key == "stripes":
        st.button(_("Back to a photo"), on_click=lambda: put(inputs, picture="coffee", unit=""))
    else:
        st.button(
            _("Show where it fails"),
            on_click=lambda: put(
                inputs,
                picture="stripes",
                stride=2,
                bank="rgb",
                strided_recipe="identity",
                strided_outputs=0,
                strided_edits=(),
                unit="",
            ),
        )


def stacks(inputs: Inputs) -> None:
    """What stacks of strided layers read: exactly, with the holes."""
    from viz.run import Panel

    for column, name in zip(st.columns(3), ("again", "third", "window"), strict=True):
        with column:
            control(inputs, name)
    experiment, focus = inputs.experiment, inputs.focus

    def work() -> tuple[Any, Any, Any]:
        chain = experiment.network(inputs.setting, focus.pixels)
        own = experiment.unit_mask(chain, tuple(focus.pixels.shape))
        every = experiment.read_mask(chain, tuple(focus.pixels.shape))
        return own, every, _masked(focus.pixels, every)

    found = asked("stacks", inputs, work)
    if found is None:
        return
    own, every, photo = found
    three = experiment.read_mask(experiment.strided_stack(3, 2), (1, 24, 24))
    holes = experiment.unit_mask(experiment.stride_then_window(2), (1, 24, 24))
    classes = (_("never read"), _("read"))
    panels = [
        _mask(_("Three 1×1 of stride 2: 24 × 24 pixels"), three, classes),
        _mask(_("1×1 of stride 2, then 3×3: one unit's field"), holes.mask, classes),
        *(
            [_mask(_("One unit of the layers above"), own.mask, classes, own.inside)]
            if own.mask.numel() > 1
            else []
        ),
        Panel(
            _("All that the layers above read"),
            photo,
            kind="colour",
            note=_counted(int(every.sum()), every.numel()),
        ),
    ]
    buffer = packed("stack maps", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="stack_maps", height_px=230, columns=4)


def _mask(title: str, mask: Any, classes: Sequence[str], inside: int = 0) -> Any:
    from viz.run import Panel

    note = _counted(int(mask.sum()), inside or mask.numel())
    return Panel(title, mask[None].float(), kind="mask", classes=classes, note=note)


def _counted(read: int, of: int) -> str:
    return _(
        "{read} of {of} pixels are read, 1 in {n}",
        read=exact(read),
        of=exact(of),
        n=number(of / read) if read else "∞",
    )


def step(inputs: Inputs) -> None:
    """A strided 1×1 on a small grid, step by step, and the figure that gets it wrong."""
    from viz.run import Panel

    names = ("grid_rows", "grid_columns", "grid_stride")
    for column, name in zip(st.columns(3), names, strict=True):
        with column:
            control(inputs, name)
    experiment, setting = inputs.experiment, inputs.setting
    found = measured("step", inputs, lambda pixels: experiment.stepping(setting, pixels))
    if found is None:
        return
    title = _("1×1, stride {s}", s=found.stride)
    reading = Reading(title, found.stride, 0, np.asarray(found.weights), np.asarray(found.outputs))
    stepper(
        np.asarray(found.inputs),
        [reading],
        key="grid_stepper",
        channel_names=[_("grey")],
        output_names=[_("out")],
        colour=False,
        alt=_("A strided 1×1 over the middle of the picture, one number at a time"),
    )
    size = (setting.grid_rows, setting.grid_columns)
    st.download_button(
        _("Save it as a moving picture (.gif)"),
        lambda: _gif(size, setting.grid_stride),
        file_name=f"strided-{size[0]}x{size[1]}-stride-{setting.grid_stride}.gif",
        mime="image/gif",
        on_click="ignore",
    )
    wrong, right = experiment.misdrawn(*size, setting.grid_stride)
    classes = (_("never read"), _("read"))
    panels = [
        Panel(
            _(
                "As it circulates: {rows} × {columns}",
                rows=wrong.outputs[0],
                columns=wrong.outputs[1],
            ),
            wrong.mask[None].float(),
            kind="mask",
            classes=classes,
            note=_misdrawn(wrong, right),
        ),
        Panel(
            _(
                "As the layer reads: {rows} × {columns}",
                rows=right.outputs[0],
                columns=right.outputs[1],
            ),
            right.mask[None].float(),
            kind="mask",
            classes=classes,
            note=_(
                "rows {rows} and columns {columns}",
                rows=_listed(right.rows.read),
                columns=_listed(right.columns.read),
            ),
        ),
    ]
    buffer = packed("misdrawn", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="misdrawn", height_px=200, columns=2)


def _misdrawn(wrong: Any, right: Any) -> str:
    if wrong.rows.read == right.rows.read and wrong.columns.read == right.columns.read:
        return _("at stride 1 there is no difference")
    if not (wrong.rows.read and wrong.columns.read):
        return _("wrong: it would read nothing at all")
    if wrong.stride == 2:
        return _("wrong: it begins a row and a column too late")
    return _("wrong: it begins {n} rows and columns too late", n=wrong.stride - 1)


def _listed(positions: Sequence[int]) -> str:
    return ", ".join(map(str, positions))


def _gif(size: tuple[int, int], stride: int) -> bytes:
    from viz.export import stepping_gif

    return stepping_gif(size, stride)


PARTS = {"reads": reads, "lost": lost, "saying": saying, "stacks": stacks, "step": step}
