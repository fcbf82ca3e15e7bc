"""What holds of every lesson: any Setting can be built, says what it is, and keeps its claims."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import chdir
from dataclasses import fields, is_dataclass, replace
from itertools import count
from typing import Any

import plotly.graph_objects as go
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from looking import PICTURES, leaving, noise, shipped, shown
from marking import Marked, unmarked
from torch import Tensor

from viz import images, lessons, translations
from viz.arithmetic import arithmetic
from viz.images import Picture
from viz.layers import recipes
from viz.layers.chain import layers_of
from viz.layers.cross_channel_pooling import Maxout, WinningChannel
from viz.layers.pointwise import Pointwise
from viz.lessons import LESSONS
from viz.lessons.blocks import Block, Chart, Panels, Stepper
from viz.lessons.claim import UNNAMED
from viz.lessons.emergence import learning
from viz.lessons.fully_connected import finding, full_size
from viz.lessons.lesson import Lesson, Unit
from viz.lessons.network_in_network.sections import head
from viz.lessons.trained import tuned
from viz.lessons.trained.sections import drives
from viz.lessons.ways import magnitude
from viz.run import compare, header, stage_facts
from viz.run.panels import panels_buffer
from viz.run.sections import section
from viz.run.stages import fingerprint, finished
from viz.settings import ByHand, Cells, Choice, Setting, Word, as_text
from viz.source import program
from viz.text import Text
from viz.training import digit_runs, gabor_fit, orientation_classes
from viz.training.classifier import Schedule
from viz.training.shipped_filters import FILE
from viz.tuning import Sweep
from viz.ui.stepper import data as stepper_data
from viz.ui.text import said, translated
from viz.view import View

SIDES = st.integers(1, 12)
SLUGS = [entry.slug for entry in LESSONS]
ALL = {slug: lessons.load(slug) for slug in SLUGS}
every_lesson = pytest.mark.parametrize("lesson", ALL.values(), ids=SLUGS)
CPU = torch.device("cpu")

# What a clamp may change: everything else is built as it was asked for.
CLAMPED: dict[str, set[str]] = {
    "lab": {"pool_over", "group"},
    "pointwise": {"groups", "shuffle"},
    "cross_channel_pooling": set(),
    "strided": set(),
    "pooling_order": set(),
    "reduction": {"kept", "looked_at"},
    "network_in_network": set(),
    "inception": {"inputs", "box", "shown"},
    "fully_connected": set(),
    "receptive_field": {"layers"},  # those of the network that was chosen
    "orientation": set(),
    "emergence": set(),
    "trained": {"network", "layer", "first", "shown"},
}
MIXED = re.compile(r"\w+_(recipe|outputs)")


def drawn(data: st.DataObject, lesson: Lesson[Any]) -> Any:
    """Any legal Setting of the lesson."""
    return data.draw(st.from_type(lesson.setting))


@pytest.fixture(autouse=True)
def quick_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """A section shows networks that are hardly trained; how well they learn is tested elsewhere."""
    monkeypatch.setattr(finding, "perf_counter", count().__next__)  # a race has no times
    monkeypatch.setattr(full_size, "SIZES", ((2, 3, 3), 4, 5))  # not of 427 MB
    monkeypatch.setattr(head, "SCHEDULE", Schedule(steps=5))
    monkeypatch.setattr(orientation_classes, "STEPS", 2)  # of 60
    monkeypatch.setattr(learning, "ITERATIONS", 2)  # of 40
    monkeypatch.setattr(gabor_fit, "STEPS", 2)  # of 40
    monkeypatch.setattr(digit_runs, "SCHEDULE", Schedule(steps=2, batch=10))  # of up to 45
    monkeypatch.setattr(tuned, "SWEEP", Sweep.evenly(4, (4.0, 8.0), phases=4))
    monkeypatch.setattr(tuned, "LARGEST_PX", 32)
    monkeypatch.setattr(drives, "at_hand", lambda scene: [*images.photographs()[:2]])
    monkeypatch.setattr(drives, "SIZE_PX", 64)


# ── Whatever is asked for, something is built ───────────────────────────────────────────────────


@every_lesson
@given(data=st.data())
def test_what_is_clamped_can_be_built_and_differs_only_where_it_must(lesson, data):
    asked = drawn(data, lesson)
    clamped = lesson.outline(asked).setting
    assert lesson.outline(clamped).setting == clamped
    for name in lesson.setting.controls():
        if name not in CLAMPED[lesson.slug] and not MIXED.fullmatch(name):
            assert getattr(clamped, name) == getattr(asked, name), name


@every_lesson
@given(data=st.data(), height=SIDES, width=SIDES)
def test_every_stage_has_the_channels_that_are_said(lesson, data, height, width):
    setting, pixels = drawn(data, lesson), noise(height, width)
    maps, outline = leaving(lesson, setting, pixels), lesson.outline(setting)
    assert list(maps) == [stage.name for stage in outline.stages if stage.on]
    count = 3
    for stage in outline.stages:
        assert stage.arriving.size == count, stage.name
        if stage.on:
            assert maps[stage.name].isfinite().all()
            assert maps[stage.name].dtype == torch.float32
            count = len(maps[stage.name])
        assert stage.channels.size == count, stage.name
        assert all(stage.channels.names), stage.name
        assert 1 <= stage.channels.row_length <= count, stage.name


@every_lesson
@given(data=st.data(), height=SIDES, width=SIDES)
def test_the_stage_bar_tells_the_shapes_that_come(lesson, data, height, width):
    setting, pixels = drawn(data, lesson), noise(height, width)
    chain = lesson.network(setting, pixels)
    facts = stage_facts(chain, tuple(pixels.shape))
    assert list(facts) == ["picture", *dict(chain.named_children())]
    for name, maps in leaving(lesson, setting, pixels).items():
        assert facts[name]["shape"] == list(maps.shape)
        weights = sum(weight.numel() for weight in chain.get_submodule(name).parameters())
        assert facts[name]["parameters"] == weights


@every_lesson
@given(data=st.data())
def test_what_a_control_may_be_is_built_as_asked(lesson, data):
    """No control may offer what the network then does differently."""
    outline = lesson.outline(drawn(data, lesson))
    for stage in outline.stages:
        for name, allowed in stage.controls.items():
            value = getattr(outline.setting, name)
            assert not allowed.options or value in allowed.options, name
            assert allowed.most is None or value <= allowed.most, name
            most = [] if allowed.most is None else [type(value)(allowed.most)]
            for option in [*allowed.options, *most]:
                asked = replace(outline.setting, **{name: option})
                assert getattr(lesson.outline(asked).setting, name) == option, name


@every_lesson
@given(data=st.data())
def test_controls_exist_once_and_titles_can_be_put_into_words(lesson, data):
    outline = lesson.outline(drawn(data, lesson))
    every = shown(lesson, outline.setting)
    for name, stages in Counter(every).items():
        assert stages in (1, len(outline.stages)), f"{name} is of one stage, or of all"
    assert set(every) <= set(lesson.setting.controls())
    assert all(str(stage.title) and "{" not in str(stage.title) for stage in outline.stages)
    cells = [stage.stage.cells for stage in outline.stages if stage.stage.cells]
    assert all(isinstance(lesson.setting.controls()[name], Cells) for name in cells)
    for name in every:
        control = lesson.setting.controls()[name]
        value = getattr(outline.setting, name)
        assert str(control.in_words(value))
        assert control.within(outline.allowed(name)).read(as_text(value)) == value


@every_lesson
def test_every_control_has_words_and_no_name_of_the_view(lesson):
    assert not set(lesson.setting.controls()) & set(View.controls())
    for name, control in lesson.setting.controls().items():
        if not isinstance(control, ByHand | Word):
            assert control.label, name
            assert control.help.endswith("."), name


@every_lesson
@given(data=st.data(), height=SIDES, width=SIDES)
def test_runs_where_there_are_no_numbers(lesson, data, height, width, one_device):
    setting, pixels = drawn(data, lesson), noise(height, width)
    chain = lesson.network(setting, pixels)
    expected = chain(pixels).shape
    with one_device():
        found = chain.to("meta")(pixels.to("meta"))
    assert found.shape == expected


@every_lesson
@given(data=st.data())
def test_a_matrix_can_be_made_again_by_its_recipe(lesson, data):
    """The record that the code card prints is true; of two stages, up to rounding of the maps."""
    pixels, stages = noise(9, 7), {}
    for stage, module in lesson.network(drawn(data, lesson), pixels).named_children():
        maps = pixels
        for _, layer in layers_of(module):
            recipe = getattr(layer, "recipe", None)
            if isinstance(layer, Pointwise | Maxout) and recipe is not None:
                arguments = (maps,) if recipe.of_channels else ()
                beside = (stages[recipe.beside],) if recipe.beside else ()
                made = recipe.function(*arguments, *beside, **dict(recipe.arguments))
                made, kept = as_kept(layer, recipe, recipes.edited(made, recipe.edits))
                if recipe.beside:  # made from statistics of the maps, so what it gives is compared
                    torch.testing.assert_close(
                        *(given_by(rows, maps) for rows in (made, kept)), atol=1e-3, rtol=1e-3
                    )
                else:
                    assert torch.equal(made, kept)
            maps = layer(maps)
        pixels = stages[stage] = maps


def given_by(rows: Tensor, maps: Tensor) -> Tensor:
    """The maps that rows of weights give, the bias last if there is one."""
    numbers = maps.flatten(1)
    ones = numbers.new_ones(rows.shape[1] - len(numbers), numbers.shape[1])
    return rows @ torch.cat([numbers, ones])


def as_kept(
    layer: Pointwise | Maxout, recipe: recipes.Recipe, made: Tensor
) -> tuple[Tensor, Tensor]:
    """What a recipe made as the layer keeps it, and what it keeps: the bias last, blocks alone."""
    if isinstance(layer, Maxout):
        rows, bias = layer.weight.flatten(0, 1), layer.bias.flatten()
    else:
        rows, bias = layer.rows, layer.bias
        if layer.groups > 1 and made.shape != rows.shape:
            made = recipes.diagonal_blocks(made, layer.groups)
    return made, torch.cat([rows, bias[:, None]], dim=1) if recipe.affine else rows


@every_lesson
@settings(max_examples=6)
@given(data=st.data())
def test_the_program_gives_what_is_on_screen(lesson, data):
    leaves = images.find("dead_leaves")  # drawn, and alike in no direction
    assert leaves is not None
    pixels = images.at_working_size(leaves, 48).pixels
    setting = drawn(data, lesson)
    chain = lesson.network(setting, pixels)
    left: dict[str, Any] = {}
    with chdir(FILE.parent):  # learned filters are read from the app's file
        exec(program(chain, leaves, 48), left)
    maps, found = chain(pixels), left["maps"]
    if isinstance(chain[-1], WinningChannel):  # of equals any may win: their values count
        before, group = chain[:-1](pixels), chain[-1].group
        maps, found = (of_winners(before, winners, group) for winners in (maps, found))
    scale = max(1.0, float(maps.abs().max()))
    if isinstance(chain[-1], Pointwise):  # weights that nearly cancel enlarge the rounding before
        scale = max(scale, float(magnitude(chain[-1].matrix)(chain[:-1](pixels)).max()))
    if "whitening" in vars(setting).values():  # it enlarges the rounding of channels that depend
        scale *= 100
    torch.testing.assert_close(found, maps, atol=1e-5 * scale, rtol=1e-5)


def of_winners(maps: Tensor, winners: Tensor, group: int) -> Tensor:
    """The value of the winner of every group, `(groups, H, W)`."""
    return maps.unflatten(0, (-1, group)).gather(1, winners.long()[:, None])[:, 0]


@every_lesson
@settings(max_examples=12)
@given(data=st.data())
def test_every_number_is_found_again_from_what_it_read(lesson, data):
    before = noise(23, 20)
    for name, module in lesson.network(drawn(data, lesson), before).named_children():
        after = module(before)
        for unit in ((0, 0, 0), tuple(n - 1 for n in after.shape)):
            taken = arithmetic(module, before, unit)
            assert taken.output == pytest.approx(float(after[unit]), abs=1e-4, rel=1e-4), name
        before = after


# ── Claims ──────────────────────────────────────────────────────────────────────────────────────


@every_lesson
@pytest.mark.parametrize("name", PICTURES)
def test_claims_hold_on_pictures_of_every_kind(lesson, name, picture, device):
    pixels = PICTURES[name]()
    for row in compare(lesson.claims(lesson.setting(), pixels), picture(pixels), device):
        assert row.holds, row


@every_lesson
@settings(max_examples=25)
@given(data=st.data(), height=SIDES, width=SIDES)
def test_claims_hold_for_any_setting(lesson, data, height, width, picture):
    pixels = noise(height, width)
    rows = compare(lesson.claims(drawn(data, lesson), pixels), picture(pixels), CPU)
    assert all(row.holds for row in rows), rows
    sentences = [str(row.sentence) for row in rows]
    assert len(set(sentences)) == len(sentences)
    assert all(sentence.endswith(".") for sentence in sentences)
    for one, other in (map(str, row.methods) for row in rows):  # short nouns, for a table
        assert one != other
        assert not {one, other} & {*UNNAMED}
        assert max(len(one), len(other)) <= 22


@every_lesson
def test_a_slip_in_either_way_of_a_claim_is_seen(lesson, picture):
    pixels = noise()
    for claim in lesson.claims(lesson.setting(), pixels):
        if claim.equal:
            slipped = replace(claim, left=lambda x, claim=claim: claim.left(x) + 1e-3)
            (row,) = compare([slipped], picture(pixels), CPU)
            assert not row.holds, str(claim.sentence)


# ── The canvas ──────────────────────────────────────────────────────────────────────────────────


def canvas(lesson: Lesson[Any], setting: Setting) -> dict[str, Any]:
    """All that a buffer's header and maps come from."""
    pixels = noise(12, 16)
    built = lesson.build(setting, pixels)
    stages = {each.name: replace(each, stage=None) for each in built.outline.stages}
    layers = {name: fingerprint(each) for name, each in built.network.named_children()}
    return {"layers": layers, **stages, "values": header.changed(setting, built.setting)}


@every_lesson
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_does_not_affect_the_canvas_changes_nothing_on_it(lesson, data):
    one, other = drawn(data, lesson), drawn(data, lesson)
    controls = lesson.setting.controls().items()
    apart = {name: getattr(other, name) for name, of in controls if not of.affects_canvas}
    assert canvas(lesson, replace(one, **apart)) == canvas(lesson, one)


# ── Sections ────────────────────────────────────────────────────────────────────────────────────


SECTIONS = [(slug, name) for slug in SLUGS for name in ALL[slug].sections]
every_section = pytest.mark.parametrize(("slug", "name"), SECTIONS)


def inside(found: Any) -> Iterator[Any]:
    """A block and all that is in it."""
    yield found
    if is_dataclass(found) and not isinstance(found, type):
        for of in fields(found):
            yield from inside(getattr(found, of.name))
    elif isinstance(found, dict):
        for value in found.values():
            yield from inside(value)
    elif isinstance(found, list | tuple) and not isinstance(found, Text):
        for value in found:
            yield from inside(value)


def draw(block: Block) -> None:
    """What the page does with a block, short of Streamlit."""
    for each in inside(block):
        if isinstance(each, Text):
            assert "{" not in str(each), each
        if isinstance(each, Chart):
            figure = each.figure(**translated(each.arguments))
            assert isinstance(figure, go.Figure)
            assert str(each.alt)
        if isinstance(each, Panels):
            told = [
                replace(
                    one,
                    title=said(one.title),
                    note=said(one.note),
                    classes=list(map(said, one.classes)),
                )
                for one in each.panels
            ]
            assert panels_buffer(told)
        if isinstance(each, Stepper):
            channels, outputs = (
                list(map(said, each.channel_names)),
                list(map(said, each.output_names)),
            )
            assert stepper_data(
                each.inputs, each.readings, channels, outputs, each.colour, str(each.alt)
            )


@every_lesson
def test_sections_are_the_options_of_the_field_part(lesson):
    if lesson.sections:
        control = lesson.setting.controls()["part"]
        assert isinstance(control, Choice)
        assert not control.affects_canvas
        assert list(lesson.sections) == list(control.options)
    assert set(lesson.proof_controls) <= set(lesson.setting.controls())


@every_section
@pytest.mark.parametrize("picture_name", ["noise", "black", "one pixel", "stripes"])
def test_a_section_can_be_shown_of_any_picture(slug, name, picture_name):
    lesson = ALL[slug]
    for unit in (None, Unit(lesson.outline(lesson.setting()).stages[-1].name, 0, 3, 2)):
        for block in lesson.section(name, lesson.setting(), PICTURES[picture_name](), unit):
            draw(block)


@every_section
@settings(max_examples=5)
@given(data=st.data())
def test_a_section_can_be_shown_of_any_setting(slug, name, data):
    lesson = ALL[slug]
    setting = drawn(data, lesson)
    controls = lesson.sections[name].controls(lesson.outline(setting).setting)
    assert set(controls) <= set(lesson.setting.controls())
    for block in lesson.section(name, setting, noise(20, 31)):
        draw(block)


def test_only_a_section_that_measures_times_is_computed_again():
    again = [(slug, name) for slug, name in SECTIONS if not ALL[slug].sections[name].is_cached]
    assert again == [
        ("pointwise", "ways"),
        ("inception", "budget"),
        ("fully_connected", "slide"),
        ("trained", "classifier"),
    ]


@every_section
def test_the_queue_brings_a_section_back_without_a_device(
    slug: str,
    name: str,
    picture: Callable[[Tensor], Picture],
    device: torch.device,
    monkeypatch: pytest.MonkeyPatch,
):
    """One piece of work; it is the same as a notebook computes, but for times.

    It has no language, so all that is read of it can be translated.
    """
    lesson, photo = ALL[slug], picture(shipped("coffee", 64))
    view = View(device=device.type, working_size_px=64)
    blocks = finished(section(lesson, name, lesson.setting(), view, photo))
    assert not any(isinstance(each, Tensor) for each in inside(blocks) if not packed_in(each))
    assert [type(each) for each in blocks] == [
        type(each) for each in lesson.section(name, lesson.setting(), photo.pixels)
    ]
    again = finished(section(lesson, name, lesson.setting(), view, photo))
    assert (again is blocks) == lesson.sections[name].is_cached
    monkeypatch.setattr(translations, "translations", lambda language: Marked())
    assert not unmarked(blocks)


def packed_in(found: object) -> bool:
    return isinstance(found, Tensor) and found.dtype == torch.uint8


# ── The table of contents ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slug", ["", "claim", "../lab", "lab.stages", "nothing", "lesson"])
def test_what_is_no_lesson_is_not_imported(slug: str):
    with pytest.raises(KeyError):
        lessons.load(slug)


def test_a_lesson_is_named_as_its_entry():
    assert [lesson.entry for lesson in ALL.values()] == list(LESSONS)
    assert [lesson.slug for lesson in ALL.values()] == SLUGS


OF_OWN_DATA = [
    (slug, name)
    for slug, name in SECTIONS
    if ALL[slug].sections[name].own_data(ALL[slug].read({"part": name})[1])
]


@pytest.mark.slow
@pytest.mark.parametrize(("slug", "name"), OF_OWN_DATA)
def test_a_section_with_data_of_its_own_does_not_read_the_picture(slug, name):
    setting, shown = ALL[slug].read({"part": name})[1], []
    for seed in (1, 2):
        pixels = torch.rand(3, 24, 40, generator=torch.Generator().manual_seed(seed))
        shown.append(ALL[slug].section(name, setting, pixels))
    assert repr(shown[0]) == repr(shown[1])
