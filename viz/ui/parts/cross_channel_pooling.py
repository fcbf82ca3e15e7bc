"""What stands below the canvas of the lesson on cross-channel pooling."""

from __future__ import annotations

from typing import Any

import streamlit as st

from viz.ui.controls import control
from viz.ui.jobs import measured, packed
from viz.ui.lesson import Inputs
from viz.ui.numbers import exact, number, table
from viz.ui.panels import panels as show_panels
from viz.ui.text import _

QUIET = {"displayModeBar": False}


def pixel(inputs: Inputs) -> None:
    """One pixel's 50 numbers in their groups, the winner of each lit."""
    from viz.figures.groups import group_bars

    setting, experiment = inputs.setting, inputs.experiment
    place = _place(inputs)
    seen = _found("pixel", inputs, lambda maps: experiment.one_pixel(setting, maps, *place))
    if seen is None:
        return
    figure = group_bars(
        seen.values,
        seen.group,
        seen.winners,
        seen.names,
        group_names=experiment.group_names(setting),
        degrees=seen.degrees,
        axis_title=_("response, in its own standard deviations"),
    )
    alt = _(
        "{all} numbers of the pixel in row {row}, column {column}, in groups of {n}",
        all=experiment.CHANNELS,
        row=seen.row,
        column=seen.column,
        n=seen.group,
    )
    st.plotly_chart(figure, key="pixel_bars", alt=alt, config=QUIET)
    lit = {
        "max": _("Lit: the largest of each group, which is what is kept."),
        "mean": _("Lit: the largest of each group; what is kept above is the mean."),
    }.get(setting.kind, _("Lit: what a group max would keep; the layer above reads all of them."))
    where = _("The pixel in row {row}, column {column}.", row=seen.row, column=seen.column)
    st.caption(f"{where} {lit} {_('A click on the maps above brings another pixel.')}")


def winners(inputs: Inputs) -> None:
    """Which channel of each group wins at every pixel, and how often."""
    from viz.figures.groups import shares
    from viz.run import Panel

    setting, experiment = inputs.setting, inputs.experiment
    maps = _found("winners", inputs, lambda maps: experiment.winner_maps(setting, maps))
    often = _found("shares", inputs, lambda maps: experiment.winner_shares(setting, maps))
    if maps is None or often is None:
        return
    names = experiment.group_names(setting)
    panel = Panel(
        _("Who wins in each group"),
        maps,
        names,
        kind="class",
        classes=experiment.classes(setting),
    )
    buffer = packed("winner maps", inputs, [panel])
    if buffer is not None:
        show_panels(buffer, key="winner_maps", height_px=360, columns=1)
    figure = shares(
        often.tolist(),
        experiment.channel_names(setting)["order"],
        classes=experiment.classes(setting),
        group_names=names,
        axis_title=_("wins, % of the pixels"),
    )
    alt = _(
        "How often each of {n} channels wins its group of {group}",
        n=experiment.CHANNELS,
        group=setting.group,
    )
    st.plotly_chart(figure, key="winner_shares", alt=alt, config=QUIET)


RUNGS = {
    "max": "Group max",
    "maxout": "Maxout",
    "fitted": "1×1, fitted",
    "parametric": "1×1 and ReLU, fitted",
}


def ladder(inputs: Inputs) -> None:
    """The same 50 maps through a max without weights, maxout, and a 1×1."""
    from viz.run import Panel

    for column, name in zip(st.columns(3), ("pieces", "units", "maxout_weights"), strict=True):
        with column:
            control(inputs, name)
    setting, experiment = inputs.setting, inputs.experiment
    rungs = _found("ladder", inputs, lambda maps: experiment.ladder(setting, maps))
    if rungs is None:
        return
    at, name = _map(inputs)
    panels = []
    for rung in rungs:
        note = _("{n} parameters, {macs} MACs", n=exact(rung.parameters), macs=exact(rung.macs))
        if rung.error is not None and rung.name != "max":
            note = _("{costs}; {error} from the group max", costs=note, error=number(rung.error))
        title = _(RUNGS[rung.name])
        panels.append(Panel(title, _one(rung.maps, at), scale="pooled", note=note))
    panels += [
        Panel(
            _("{layer}, less group max", layer=_(RUNGS[rung.name])),
            _one(rung.residual, at),
            scale="residual",
        )
        for rung in rungs[1:]
        if rung.residual is not None
    ]
    buffer = packed("ladder maps", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="ladder_maps", height_px=220, columns=4)
    st.caption(
        _(
            "Map {name} of each; a click on another map above brings that one. The numbers are of all maps: 0 from the "
            "group max is equal to it, 1 is as far off as each map's own mean would be.",
            name=name,
        )
    )
    _pieces(inputs)


def _pieces(inputs: Inputs) -> None:
    """What one maxout unit makes of one channel, the others held at this pixel's numbers."""
    from viz.figures.curves import curves

    setting, experiment = inputs.setting, inputs.experiment
    row, column = _place(inputs)
    seen = _found(
        "pieces", inputs, lambda maps: experiment.piecewise_at(setting, maps, row, column, 0)
    )
    if seen is None:
        return
    name = experiment.channel_names(setting)["bank"][seen.channel]
    lines = {_("piece {n}", n=n + 1): piece.tolist() for n, piece in enumerate(seen.pieces)}
    figure = curves(
        seen.x.tolist(),
        {**lines, _("maxout"): seen.largest.tolist()},
        x_title=_("channel {name}", name=name),
        y_title=_("unit 1"),
        thick=(_("maxout"),),
        at=seen.now,
    )
    alt = _("Unit 1 of maxout as a function of one channel: {n} straight pieces", n=len(lines))
    st.plotly_chart(figure, key="piecewise", alt=alt, config=QUIET)


def shuffle(inputs: Inputs) -> None:
    """The channels in another order: what that wrecks, and what it does not."""
    from viz.run import Panel

    control(inputs, "shuffle_seed")
    setting, experiment = inputs.setting, inputs.experiment
    seen = _found("shuffle", inputs, lambda maps: experiment.shuffled(setting, maps))
    if seen is None:
        return
    wrecked = _("{error} from it, correlation {r}")
    at, name = _map(inputs)
    panels = [
        Panel(
            _("Group max, map {name}", name=name),
            _one(seen.wanted, at),
            scale="pooled",
            note=_("what it should be"),
        ),
        Panel(
            _("Group max, channels shuffled"),
            _one(seen.wrecked, at),
            scale="pooled",
            note=wrecked.format(
                error=number(seen.wrecked_error), r=number(seen.wrecked_correlation, 2)
            ),
        ),
        Panel(
            _("1×1, fitted"),
            _one(seen.fitted, at),
            scale="pooled",
            note=_("{error} from it", error=number(seen.fitted_error)),
        ),
        Panel(
            _("1×1, channels shuffled, fitted anew"),
            _one(seen.refitted, at),
            scale="pooled",
            note=wrecked.format(
                error=number(seen.refitted_error), r=number(seen.refitted_correlation, 2)
            ),
        ),
    ]
    buffer = packed("shuffled maps", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="shuffled_maps", height_px=220, columns=4)
    st.caption(
        _(
            "A click on another map above brings that one. 0 from it is equal to it, 1 as far off as each map's own mean."
        )
    )


def units(inputs: Inputs) -> None:
    """How many maps each can make of 50, and at what price."""
    from viz.figures.curves import curves

    left, right = st.columns(2)
    with left:
        control(inputs, "units")
    with right:
        control(inputs, "pieces")
    pooled, free = inputs.experiment.limits_of_units(inputs.setting)
    channels = inputs.experiment.CHANNELS
    wanted = inputs.setting.units
    fitting = next((reach for reach in pooled if reach.maps == wanted), None)
    cost = free[wanted - 1].parameters
    can = _("gives {n} maps, without a parameter", n=wanted)
    cannot = _(
        "cannot give {n} maps of {all}: only {these}",
        n=wanted,
        all=channels,
        these=", ".join(str(reach.maps) for reach in reversed(pooled)),
    )
    lines = [
        [_("Group max"), can if fitting else cannot],
        [
            _("Maxout"),
            _("gives {n} maps for {parameters} parameters", n=wanted, parameters=exact(cost)),
        ],
    ]
    st.markdown(table(["", _("{n} maps of {all}", n=wanted, all=channels)], lines, words=2))
    figure = curves(
        [reach.maps for reach in free],
        {
            _("maxout of {k}", k=inputs.setting.pieces): [reach.parameters for reach in free],
            _("group max"): [
                0.0 if any(reach.maps == each.maps for each in pooled) else float("nan")
                for reach in free
            ],
        },
        x_title=_("maps made of {all}", all=channels),
        y_title=_("parameters"),
        at=float(wanted),
    )
    alt = _("Parameters of maxout against the number of its maps, 1 to {n}", n=len(free))
    st.plotly_chart(figure, key="reach", alt=alt, config=QUIET)


def phase(inputs: Inputs) -> None:
    """Pooling over phases, as a complex cell does: what a grating's phase still changes."""
    from viz.figures.curves import curves
    from viz.run import Panel

    experiment = inputs.experiment
    sweep = experiment.phases_swept()
    lines = {_(experiment.WAYS[way]): each.tolist() for way, each in sweep.responses.items()}
    figure = curves(
        sweep.phases_degrees.tolist(),
        lines,
        x_title=_("phase of the grating, degrees"),
        y_title=_("response, share of its largest"),
        x_ticks=(0, 90, 180, 270, 360),
        thick=(_(experiment.WAYS["energy"]),),
    )
    chart, said = st.columns((2, 1), vertical_alignment="center")
    alt = _("Three ways of pooling over phases against the phase of a grating")
    chart.plotly_chart(figure, key="sweep", alt=alt, config=QUIET)
    depths = [
        [_(experiment.WAYS[way]), number(depth)] for way, depth in sweep.modulation_depth.items()
    ]
    said.markdown(table(["", _("modulation depth")], depths))
    said.caption(
        _("(max − min) / (max + min) over the phase: 0 does not care, 1 goes down to nothing.")
    )
    seen = _found("phases", inputs, lambda maps: _pooled_both_ways(experiment, maps))
    if seen is None:
        return
    panels = [Panel(_(title), maps, names) for title, (maps, names) in seen.items()]
    buffer = packed("phase maps", inputs, panels)
    if buffer is not None:
        show_panels(buffer, key="phase_maps", height_px=240)


def _pooled_both_ways(experiment: Any, maps: Any) -> dict[str, tuple[Any, list[str]]]:
    """Of the middle wavelength: the phases of one orientation, and what each pooling makes of them."""
    middle = experiment.middle_wavelength()
    names = experiment.channel_names(experiment.Setting())["bank"]
    phases = [name.rsplit(" ", 1)[-1] for name in names[middle.channels]]
    energy = experiment.over_phases(maps, "energy")[middle.pooled_phases]
    return {
        "One orientation, both phases": (maps[middle.channels], names[middle.channels]),
        "Over the phases: mean of squares": (energy, []),
        "Over the orientations, phase by phase": (
            experiment.over_orientations(maps)[middle.pooled_orientations],
            phases,
        ),
    }


PARTS = {
    "pixel": pixel,
    "winners": winners,
    "ladder": ladder,
    "shuffle": shuffle,
    "units": units,
    "phase": phase,
}


def _found(what: str, inputs: Inputs, measure: Any) -> Any:
    """What `measure` makes of the 50 maps of the bank, on the chosen device."""

    def of_pixels(pixels: Any) -> Any:
        opening = inputs.experiment.Setting()  # the bank is the same in all, and nothing is fitted
        chain = inputs.experiment.network(opening, pixels).to(pixels.device)
        return measure(chain.get_submodule("bank")(pixels))

    return measured(what, inputs, of_pixels)


def _map(inputs: Inputs) -> tuple[int, str]:
    """Which of the pooled maps to look at, and its name: the one that was clicked, else the first."""
    names = inputs.experiment.group_names(inputs.setting)
    unit = inputs.view.unit_index if inputs.view.stage in ("", "pooling") else None
    at = min(unit[0], len(names) - 1) if unit else 0
    return at, names[at]


def _one(maps: Any, at: int) -> Any:
    """One map of several, the last one where there are not so many."""
    at = min(at, len(maps) - 1)
    return maps[at : at + 1]


def _place(inputs: Inputs) -> tuple[int, int]:
    """Row and column of the pixel that was clicked, else of the middle one."""
    height, width = inputs.focus.pixels.shape[1:]
    unit = inputs.view.unit_index or (0, height // 2, width // 2)
    return min(unit[1], height - 1), min(unit[2], width - 1)
