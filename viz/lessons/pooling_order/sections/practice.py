"""The pool branch of an Inception module, and how its channels would grow without the 1×1."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from viz.figures.growth import paired_bars
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.lesson import Scene, Section
from viz.lessons.opening import Suggestion
from viz.lessons.pooling_order.growth import Counted, counted
from viz.lessons.pooling_order.pool_branch import PoolBranch, pool_branch
from viz.lessons.pooling_order.setting import Setting
from viz.numbers import exact, number
from viz.text import Text, text

MILLION = 1_000_000
DRAWN = 4  # maps of each panel, so that they are seen from the last row
SOME = text("At most {n} maps of each are drawn, evenly chosen.", n=DRAWN)


def show(scene: Scene[Setting]) -> list[Block]:
    """The branch on this picture, then the modules of GoogLeNet with and without its 1×1."""
    found = pool_branch(scene.input_of("orders"), scene.mixing("orders").matrix)
    return [
        Prose(_order(found)),
        _maps(found, scene.channels("bank").names),
        Prose(SOME, "caption"),
        *_growth(),
    ]


def _order(found: PoolBranch) -> Text:
    return text(
        "Nothing is merged: the 3×3 max comes first, then the 1×1 that takes **{inputs} channels to {outputs}**. "
        "The other order needs as many MACs and gives other numbers, here by up to **{swapped}**.",
        inputs=len(found.pooled),
        outputs=len(found.after),
        swapped=number(found.swapped),
    )


def _maps(found: PoolBranch, names: Sequence[str]) -> Panels:
    costs = text(
        "{parameters} weights, {macs} MACs",
        parameters=exact(found.mix.parameters),
        macs=exact(found.mix.macs),
    )
    free = text("same size; no weights, no MACs")
    numbers = [str(n + 1) for n in range(len(found.after))]
    panels = [
        _panel(text("Before"), found.before, names, "", "before"),
        _panel(text("After the 3×3 max"), found.pooled, names, free, "before"),
        _panel(text("After the 1×1"), found.after, numbers, costs, "after"),
    ]
    return Panels("pool_branch", panels, height_px=400, columns=3)


def _panel(title: Text, maps: Tensor, names: Sequence[str], note: Words, scale: str) -> Panel:
    """Some of the maps, evenly chosen."""
    step = -(-len(maps) // DRAWN)
    sized = text(
        "{title}: {channels} × {height} × {width}",
        title=title,
        **dict(zip(("channels", "height", "width"), maps.shape, strict=True)),
    )
    return Panel(sized, maps[::step], names[::step], note=note, scale=scale)


def _growth() -> list[Block]:
    kept, grown = counted(projected=True), counted(projected=False)
    return [
        Prose(text("GoogLeNet without the 1×1 after its pools"), "heading"),
        Prose(_in_words(kept, grown)),
        Columns([[_channels(kept, grown)], [_macs(kept, grown)]]),
        Columns([[_table(kept, grown)], [Prose(_printed(kept))]], widths=(3, 2), align="center"),
    ]


def _in_words(kept: Sequence[Counted], grown: Sequence[Counted]) -> Text:
    macs, more = (sum(each.macs for each in one) for one in (kept, grown))
    last = kept[-1].module.name
    cheaper = [a.module.name for a, b in zip(kept, grown, strict=True) if b.macs < a.macs]
    return text(
        "Each pool would pass on all channels that reach it, and each module would add its own: {last} would put out "
        "**{without}** channels instead of {with_}, **{times} times** as many. The nine modules would need {more} MACs "
        "instead of {macs}, {factor} times as many. Only {cheaper} would need fewer, for it computes one 1×1 less; the modules after it need more.",
        last=last,
        without=exact(grown[-1].outputs),
        with_=exact(kept[-1].outputs),
        times=number(grown[-1].outputs / kept[-1].outputs),
        more=exact(more),
        macs=exact(macs),
        factor=number(more / macs),
        cheaper=", ".join(cheaper),
    )


def _channels(kept: Sequence[Counted], grown: Sequence[Counted]) -> Chart:
    bars = {
        **_bars([[each.outputs for each in one] for one in (kept, grown)]),
        "written": [[exact(each.outputs) for each in one] for one in (kept, grown)],
        "axis_title": text("output channels of each module"),
    }
    alt = text(
        "Output channels of nine modules: with the 1×1 up to {with_}, without it growing to {without}",
        with_=exact(kept[-1].outputs),
        without=exact(grown[-1].outputs),
    )
    return Chart("growing_channels", paired_bars, bars, alt)


def _macs(kept: Sequence[Counted], grown: Sequence[Counted]) -> Chart:
    bars = {
        **_bars([[each.macs for each in one] for one in (kept, grown)]),
        "written": [[_millions(each.macs) for each in one] for one in (kept, grown)],
        "unit": "MACs",
        "axis_title": text("multiply-adds (MACs) of each module"),
    }
    alt = text(
        "Multiply-adds of nine modules with and without the 1×1: {with_} and {without} in the last one",
        with_=exact(kept[-1].macs),
        without=exact(grown[-1].macs),
    )
    return Chart("growing_macs", paired_bars, bars, alt)


def _bars(counts: Sequence[Sequence[int]]) -> dict[str, object]:
    labels = (text("with the 1×1"), text("without it"))
    names = [each.module.name for each in counted(projected=True)]
    return {"names": names, "counts": dict(zip(labels, counts, strict=True))}


def _millions(macs: int) -> str:
    return f"{macs / MILLION:.1f} M"


def _table(kept: Sequence[Counted], grown: Sequence[Counted]) -> Table:
    """The exact multiply-adds of each module."""
    head = ["Module", "MACs", "without the 1×1"]
    rows = [[a.module.name, exact(a.macs), exact(b.macs)] for a, b in zip(kept, grown, strict=True)]
    return Table([text(name) for name in head], rows)


def _printed(kept: Sequence[Counted]) -> Text:
    """Where the printed count is not that of the printed channels."""
    other = [each for each in kept if abs(each.macs / MILLION - each.module.printed_macs_m) >= 1]
    return text(
        "Exact counts of the channels in table 1 of Szegedy et al. 2014, “Going deeper with convolutions” "
        "(arXiv:1409.4842). The table prints whole millions of MACs; for {modules} its number does not belong to its channels.",
        modules=", ".join(f"{each.module.name} ({each.module.printed_macs_m} M)" for each in other),
    )


SECTION = Section(
    show,
    opening={
        "bank": "gabor",
        "pool_size": 3,
        "mix_recipe": "principal",
        "mix_outputs": 2,
    },
    views=(
        Suggestion("One channel left", {"mix_outputs": 1}),
        Suggestion("All eight channels", {"mix_outputs": 8}),
    ),
)
