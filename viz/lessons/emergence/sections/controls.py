"""The same learning on photographs, and on pictures that lack their edges or their content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from viz.figures.curves import curves
from viz.figures.strips import mean_and_spread, strips
from viz.images import dead_leaves, photographs, resized
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose, Table, Words
from viz.lessons.emergence.fits import shares, shares_above
from viz.lessons.emergence.setting import Setting
from viz.lessons.scene import Scene
from viz.lessons.section import Section
from viz.numbers import exact, number
from viz.text import Text, text
from viz.training.control_pictures import amplitude_slope, one_over_f_noise, phase_scrambled
from viz.training.filter_sources import APART, PATCHES, PICTURE_PX, luminance
from viz.training.filter_variants import GOOD_FIT, VARIANTS
from viz.training.shipped_filters import FILTERS, SCRIPT, SEEDS, shipped

TITLES = {
    "photographs": text("Photographs"),
    "scrambled": text("Scrambled phases"),
    "noise": text("1/f noise"),
    "leaves": text("Dead leaves"),
}
LINES = {
    "photographs": text("photographs"),
    "scrambled": text("scrambled"),
    "noise": text("1/f noise"),
    "leaves": text("dead leaves"),
}
HAVE_EDGES = ("photographs", "leaves")
LIMITS = [n / 20 for n in range(6, 17)]
EDGES = {
    "photographs": text("yes"),
    "scrambled": text("no"),
    "noise": text("no"),
    "leaves": text("yes"),
}
METHODS = {
    "fewer": text("{n} filters", n=VARIANTS["fewer"].filters),
    "more": text("{n} filters", n=VARIANTS["more"].filters),
    "half": text("{n} patches", n=exact(VARIANTS["half"].patches)),
    "longer": text("{n} iterations", n=VARIANTS["longer"].iterations),
    "contrast": text("patches of equal contrast"),
    "features": text("features in place of filters"),
}
PHOTOGRAPH = "camera"


def show(scene: Scene[Setting]) -> list[Block]:
    """What is learned from, the filters, and the share of them that are Gabor-like."""
    seed = scene.setting.filters_seed
    examples = _examples(seed)
    return [
        Prose(_heading(), "heading"),
        _pictures_and_filters(examples, seed),
        Columns([[_shares()], [_of_every_limit()]]),
        Prose(_of_choices()),
        _table(examples),
        Prose(_of_pca()),
        Prose(_caption(), "caption"),
    ]


def _heading() -> Text:
    """What the numbers say, if they say it clearly."""
    found = {source: _percent(shares(source, "ica")) for source in TITLES}
    with_edges = min(min(shares(source, "ica")) for source in HAVE_EDGES)
    without = max(max(shares(each, "ica")) for each in TITLES if each not in HAVE_EDGES)
    if with_edges <= without:
        return text("These numbers do not tell edges from the spectrum")
    return text(
        "Edges, not the spectrum: **{photographs}** of the filters of photographs are Gabor‑like, and **{scrambled}** with the same spectrum but no edges",
        **found,
    )


def _percent(of_seeds: list[float]) -> str:
    mean, spread = mean_and_spread([100 * each for each in of_seeds])
    return f"{mean:.0f} ± {spread:.0f} %"


def _pictures_and_filters(examples: Mapping[str, Tensor], seed: int) -> Block:
    pictures = [
        Panel(TITLES[source], _grey(picture), kind="colour") for source, picture in examples.items()
    ]
    filters = [_filters(source, seed) for source in TITLES]
    return Panels("control_filters", [*pictures, *filters], height_px=240, columns=4)


def _grey(picture: Tensor) -> Tensor:
    """As red, green and blue; what leaves the range of a picture is scaled to come back into it."""
    if picture.min() < 0 or picture.max() > 1:
        picture = 0.5 + (picture - picture.mean()) / (6 * picture.std())
    return picture.clamp(0, 1).expand(3, -1, -1)


def _examples(seed: int) -> Mapping[str, Tensor]:
    """One of the pictures of each source."""
    pixels = next(each.pixels for each in photographs() if each.slug == PHOTOGRAPH)
    photograph, first = luminance(resized(pixels, PICTURE_PX)), APART * seed
    return {
        "photographs": photograph,
        "scrambled": phase_scrambled(photograph, first),
        "noise": one_over_f_noise(PICTURE_PX, first).float(),
        "leaves": luminance(dead_leaves(PICTURE_PX, first)),
    }


def _filters(source: str, seed: int) -> Panel:
    filters = shipped().filters[source, "ica", seed]
    scaled = filters / filters.abs().amax((1, 2), keepdim=True)
    note = text("{share} Gabor‑like", share=_percent(shares(source, "ica")))
    return Panel(
        text("Filters: {source}", source=LINES[source]),
        scaled,
        kind="weight",
        note=note,
        scale="filters",
    )


def _shares() -> Block:
    values = {TITLES[each]: [100 * share for share in shares(each, "ica")] for each in TITLES}
    arguments = {
        "values": values,
        "notes": {TITLES[each]: _percent(shares(each, "ica")) for each in TITLES},
        "highlighted": [TITLES[each] for each in HAVE_EDGES],
        "axis_title": text("Gabor‑like filters, % of {n}", n=FILTERS),
        "ticks": (0, 20, 40, 60, 80, 100),
        "is_log": False,
    }
    alt = text(
        "Share of Gabor‑like filters for four seeds: photographs {photographs}, scrambled {scrambled}, noise {noise}, dead leaves {leaves}",
        **{source: _percent(shares(source, "ica")) for source in TITLES},
    )
    return Chart("control_shares", strips, arguments, alt)


def _of_every_limit() -> Block:
    """The share above every limit of R²: the order does not depend on the one that is chosen."""
    lines = {LINES[each]: [100 * n for n in shares_above(each, "ica", LIMITS)] for each in TITLES}
    arguments = {
        "x": LIMITS,
        "lines": lines,
        "x_title": text("least R² that counts; dotted: {limit}", limit=GOOD_FIT),
        "y_title": text("Gabor‑like filters, %"),
        "thick": [LINES[each] for each in HAVE_EDGES],
        "at": GOOD_FIT,
        "x_ticks": (0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    }
    alt = text("Share of filters above every limit of R², mean of {n} seeds", n=len(SEEDS))
    return Chart("control_limits", curves, arguments, alt)


def _table(examples: Mapping[str, Tensor]) -> Table:
    """What each source has, then its share for every choice of the method."""
    rows: list[list[Words]] = [
        [text("Edges"), *EDGES.values()],
        [
            text("Slope of the spectrum (1/f: −1)"),
            *(number(amplitude_slope(each), 2) for each in examples.values()),
        ],
        [text("**ICA, as above**"), *(_percent(shares(each, "ica")) for each in TITLES)],
    ]
    for name, said in METHODS.items():
        found = [shipped().shares[name, source].tolist() for source in TITLES]
        rows.append([text("ICA, {change}", change=said), *map(_percent, found)])
    rows.append([text("**PCA**"), *(_percent(shares(each, "pca")) for each in TITLES)])
    return Table([text("Gabor‑like filters"), *TITLES.values()], rows)


def _of_choices() -> Text:
    """Whether the order of the sources depends on how the filters are learned."""
    ordered = [_is_ordered([shipped().shares[name, each] for each in TITLES]) for name in VARIANTS]
    kept = sum([_is_ordered([torch.tensor(shares(each, "ica")) for each in TITLES]), *ordered])
    counts = {"n": kept, "all": len(ordered) + 1}
    if kept < len(ordered) + 1:
        return text(
            "**Does it depend on our choices?** Yes: only with {n} of {all} choices of the method is every draw with edges above every draw without.",
            **counts,
        )
    return text(
        "**Does it depend on our choices?** The shares do, their order does not: with each of {all} choices of the method, every draw with edges is above every draw without.",
        **counts,
    )


def _is_ordered(of_sources: Sequence[Tensor]) -> bool:
    """Whether all shares with edges are above all others, the sources being those of `TITLES`."""
    found = dict(zip(TITLES, of_sources, strict=True))
    least = min(float(found[each].min()) for each in HAVE_EDGES)
    return all(least > float(found[each].max()) for each in TITLES if each not in HAVE_EDGES)


def _of_pca() -> Text:
    found = {each: _percent(shares(each, "pca")) for each in ("photographs", "scrambled")}
    return text(
        "**PCA cannot tell photographs from their scrambled copies**: {photographs} and {scrambled}. Principal components follow from the spectrum alone; "
        "some of them are gratings, which a wide Gabor function fits.",
        **found,
    )


def _caption() -> Text:
    found = shipped()
    return text(
        "Gabor‑like: a Gabor function explains more than {limit} of the filter's energy (R²). The slope is that of log amplitude against log frequency, of the picture above. A dot is a draw, one of {seeds}: other patches, other random pictures, another start. The thick mark is their mean; the bar, as ±, "
        "reaches one standard deviation to either side. {n} pictures a source, {px} px, {patches} patches. Learned on {day} by `{script}`, torch {torch}.",
        limit=GOOD_FIT,
        seeds=len(SEEDS),
        n=len(photographs()),
        px=PICTURE_PX,
        patches=exact(PATCHES),
        day=found.made.isoformat(),
        script=SCRIPT,
        torch=found.torch_version,
    )


SECTION = Section(show, own_data=lambda _: True)
