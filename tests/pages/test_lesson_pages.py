"""The pages of the lessons: every field at its ends, hostile addresses, every part and its numbers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import streamlit as st
import torch
from looking import stage_names
from streamlit.testing.v1 import AppTest
from visiting import HOSTILE, data, ends, opened, proof, run_again, texts

from viz import images, lessons, run
from viz.lessons import LESSONS, page_path
from viz.lessons.cross_channel_pooling import LESSON as cross_channel_pooling
from viz.lessons.strided import LESSON as strided
from viz.lessons.strided.nonspatial_loss import non_spatial
from viz.numbers import exact, number
from viz.settings import as_text
from viz.view import View

OTHERS = [lesson.slug for lesson in LESSONS if lesson.slug != "lab"]
SMALL = {"working_size_px": "64"}


def page_of(slug: str, **query: str) -> AppTest:
    return opened({**SMALL, **query}, page_path(slug))


def panels_header(page: AppTest, key: str) -> dict[str, Any]:
    """The header of the buffer of some panels."""
    import base64

    buffer = base64.b64decode(data(page, key)["buffer"])
    length = int.from_bytes(buffer[:4], "little")
    return json.loads(buffer[4 : 4 + length])


def cells(page: AppTest) -> list[list[str]]:
    """All lines of all tables on the page, heads and rules left out."""
    found = []
    for each in page.markdown:
        lines = [line for line in each.value.splitlines() if line.startswith("|")]
        found += [re.split(r" \| ", line.strip("| ")) for line in lines[2:]]
    return [[cell.strip() for cell in line] for line in found]


STEPS = ("previous_section_button", "next_section_button")


def buttons(page: AppTest) -> list[Any]:
    """The buttons of the open part, without those that lead to other parts."""
    return [each for each in page.button if each.key not in STEPS]


def parts_of(slug: str) -> list[str]:
    return list(lessons.load(slug).sections)


EVERY_PART = [(slug, part) for slug in OTHERS for part in parts_of(slug)]


@pytest.mark.parametrize(("slug", "part"), EVERY_PART)
def test_every_part_opens_and_says_what_it_is(slug: str, part: str):
    page = page_of(slug, part=part)
    assert page.get("button_group") or page.segmented_control
    assert len(texts(page)) > 300
    assert not page.error
    assert not page.warning


@pytest.mark.parametrize("slug", OTHERS)
def test_every_end_of_every_field_opens(slug: str):
    lesson = lessons.load(slug)
    controls = {**View.controls(), **lesson.setting.controls()}
    values = {name: ends(name, control) for name, control in controls.items()}
    values["stage"] = ["", "picture", *stage_names(lesson), "nowhere"]
    values["working_size_px"] = [64, 80]
    values["picture"] = values["picture"][::4]  # all of them are opened in the Lab
    values["pinned"] = ["", "picture=brick"]
    values["others"] = [""]
    for n in range(max(len(each) for each in values.values())):
        said = {name: as_text(each[n % len(each)]) for name, each in values.items()}
        assert data(opened(said, page_path(slug)))["values"] == said


@pytest.mark.parametrize("slug", OTHERS)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:8]))
def test_a_bad_address_is_the_default_and_says_nothing(text: str, slug: str):
    lesson = lessons.load(slug)
    controls = {**View.controls(), **lesson.setting.controls()}
    page = opened(dict.fromkeys([*controls, "junk"], text), page_path(slug))
    assert data(page)["values"] == lesson.opening().texts
    assert not page.warning


@pytest.mark.parametrize("slug", OTHERS)
def test_streamlit_sliders_of_the_parts_move_to_both_ends(slug: str):
    moved = 0
    for part in parts_of(slug):
        page, opening = page_of(slug, part=part), lessons.load(slug).opening(part).texts
        for key in [each.key for each in page.slider]:
            slider = page.slider(key=key)
            for value in (slider.min, slider.max, slider.value):
                page.slider(key=key).set_value(value)
                run_again(page)
                assert page.query_params.get(key, opening[key]) == as_text(value)
                moved += 1
    assert moved


@pytest.mark.parametrize(
    ("fields", "most"),
    [
        ({}, 24),
        ({"inputs": "192", "side_px": "28", "three": "128"}, 192),
        ({"branch": "five", "five": "1"}, 24),
        ({"inputs": "64", "branch": "five", "five": "1"}, 25),
    ],
)
def test_a_slider_of_a_section_goes_up_to_what_the_section_can_use(
    fields: dict[str, str], most: int
):
    page = page_of("inception", part="low_rank", rank="700", **fields)
    slider = page.slider(key="rank")
    assert (slider.max, slider.value) == (most, most)
    assert page.query_params["rank"] == "700"  # what a wider module may have again
    slider.set_value(2)
    assert run_again(page).slider(key="rank").value == 2
    assert page.query_params["rank"] == "2"


def test_a_slider_with_one_value_left_cannot_be_moved():
    page = page_of("inception", part="low_rank", inputs="1", reduce_three="1")
    slider = page.slider(key="rank")
    assert (slider.value, slider.disabled) == (1, True)


@pytest.mark.parametrize("slug", OTHERS)
def test_the_proof_holds_on_every_kind_of_picture(slug: str):
    for picture in ("coffee", "zone_plate", "stripes", "retina"):
        page = page_of(slug, card="proof", picture=picture)
        lines = proof(page)
        claims = lessons.load(slug).claims(
            lessons.load(slug).setting(),
            images.at_working_size(images.find(picture), 64).pixels,
        )
        wanted = ["✓ equal" if one.equal else "✓ differs, as claimed" for one in claims]
        assert [line[0] for line in lines] == wanted, picture
        named = [line[4:] for line in lines]
        for shown, claim in zip(named, claims, strict=True):
            assert [each.rsplit(" ", 2)[0] for each in shown] == [*map(str, claim.methods)]


def test_previous_and_next_lead_through_the_lessons():
    page = opened()
    labels = [each.proto.label for each in page.get("page_link")]
    assert labels == [f"{LESSONS[1].title} →"]
    page.switch_page("../../pages/pointwise.py")
    labels = [each.proto.label for each in run_again(page).get("page_link")]
    assert labels == [f"← {LESSONS[0].title}", f"{LESSONS[2].title} →"]


@pytest.mark.parametrize("slug", OTHERS)
def test_next_leads_through_the_sections_and_on_to_the_next_lesson(slug: str):
    page, parts = page_of(slug), parts_of(slug)
    titles = lessons.load(slug).setting.controls()["part"].options
    for n, part in enumerate(parts, 1):
        assert page.query_params.get("part", parts[0]) == part
        assert f"{n} of {len(parts)}" in texts(page)
        steps = {each.key: each for each in page.button if each.key in STEPS}
        assert ("previous_section_button" in steps) == (n > 1)
        if n > 1:
            assert steps["previous_section_button"].label == f"← {titles[parts[n - 2]]}"
        if n < len(parts):
            assert steps["next_section_button"].label == f"Next: {titles[parts[n]]} →"
            steps["next_section_button"].click()
            page = run_again(page)
    links = [each.proto.label for each in page.get("page_link")]
    after = [
        f"Next lesson: {each.title} →" for each in LESSONS[LESSONS.index(lessons.entry(slug)) + 1 :]
    ]
    assert links == after[:1]
    page.button(key="previous_section_button").click()
    assert run_again(page).query_params.get("part", parts[0]) == parts[-2]


# --- pointwise -----------------------------------------------------------------------------------


def test_the_textbook_counts_are_on_the_page():
    page = page_of("pointwise", part="fewer")
    shown = {each.label: each.value for each in page.metric}
    assert shown == {"Weights": "1,000", "Weights and biases": "1,020", "MACs": "40,000,000"}
    assert "nn.Conv2d(50, 20, 1, bias=False)" in texts(page)
    assert "50 × 200 × 200 → 20 × 200 × 200" in texts(page)
    assert (
        "**1×1, 3×3, 1×1** needs **24.9 %** of the MACs of one 3×3: 224,000,000 of 900,000,000."
        in texts(page)
    )
    page.slider(key="fewer_outputs").set_value(10)
    assert run_again(page).metric[0].value == "500"


def test_the_ways_are_compared_on_the_page():
    lines = cells(page_of("pointwise", part="ways"))
    assert [line[0].removeprefix("✓ ").strip("*") for line in lines] == [
        "conv2d",
        "nn.Linear",
        "einsum",
        "matmul",
        "loop",
    ]
    assert [line[2] for line in lines] == [exact(64 * 43)] * 4 + ["64"]
    assert all(line[5].endswith(" ms") for line in lines)


def test_every_number_of_groups_has_its_line():
    page = page_of("pointwise", part="groups", bank="gabor", pointwise_recipe="random", groups="4")
    lines = [[cell.strip("*") for cell in line] for line in cells(page)]
    pixels = 64 * 43
    assert [line[:4] for line in lines] == [
        [str(g), str(16 // g), str(256 // g), exact(256 // g * pixels)] for g in (1, 2, 4, 8, 16)
    ]
    notes = [panel["note"] for panel in panels_header(page, "reached")["panels"]]
    assert [note.split(" %")[0] for note in notes] == ["25", "25", "100"]


def test_two_layers_are_one_and_a_relu_breaks_it():
    page = page_of("pointwise", part="merge", pointwise_recipe="whitening")
    panels = panels_header(page, "merged")["panels"]
    assert "equal to rounding" in panels[4]["note"]
    assert panels[5]["note"].startswith("differs by up to ")
    assert not buttons(page), "a fold that is seen needs no other matrix"
    for picture in ("coffee", "camera", "zone_plate", "stripes"):
        page = page_of("pointwise", part="merge", picture=picture, pointwise_recipe="grey")
        buttons(page)[0].click()
        run_again(page)
        assert "pointwise_recipe" not in page.query_params, "that of the opening"
        assert not buttons(page), "now the fold is seen"


def test_the_cloud_says_how_many_points_are_lit():
    page = page_of("pointwise", part="space", region="0.0.1000.500")
    height, width = images.at_working_size(images.samples()[0], 64).pixels.shape[1:]
    points = height * width  # so few that all are drawn
    lit = height * sum((column + 0.5) / width <= 0.5 for column in range(width))
    assert f"**{lit}** of {points} points" in texts(page)
    assert len(page.get("plotly_chart")) == 2
    assert data(page, "photo")["region"] == [0, 0, 1000, 500]


def test_a_click_on_a_map_brings_its_surroundings_to_the_stepper():
    page = page_of("pointwise", unit="0.20.30")
    picture = images.at_working_size(images.samples()[0], 64)
    shown = torch.tensor(data(page, "stepper")["inputs"])
    windows = picture.pixels.unfold(1, 6, 1).unfold(2, 8, 1)
    at = [
        (row, column)
        for row in range(windows.shape[1])
        for column in range(windows.shape[2])
        if torch.allclose(windows[:, row, column], shown)
    ]
    assert any(row <= 20 < row + 6 and column <= 30 < column + 8 for row, column in at)


# --- cross-channel pooling -----------------------------------------------------------------------


def test_one_pixels_numbers_are_those_of_the_maps():
    page = page_of("cross_channel_pooling", unit="1.10.20")
    arithmetic, groups = page.get("plotly_chart")
    assert len(json.loads(arithmetic.proto.spec)["data"][0]["x"]) == 10
    bars = json.loads(groups.proto.spec)["data"][0]
    picture = images.at_working_size(images.samples()[0], 64)
    chain = cross_channel_pooling.network(cross_channel_pooling.setting(), picture.pixels)
    maps = run.maps(chain, picture, torch.device("cpu"))
    assert bars["y"] == pytest.approx(maps["bank"][:, 10, 20].tolist(), abs=1e-5)
    lit = [
        value
        for value, opacity in zip(bars["y"], bars["marker"]["opacity"], strict=True)
        if opacity == 1
    ]
    assert lit == pytest.approx(maps["pooling"][:, 10, 20].tolist(), abs=1e-5)


def test_parameters_of_the_ladder_are_counted_by_hand():
    page = page_of("cross_channel_pooling", part="ladder", units="7", pieces="3")
    notes = [panel["note"] for panel in panels_header(page, "ladder_maps")["panels"]]
    assert [note.split(" ")[0] for note in notes[:4]] == ["0", exact(7 * 3 * 51), "255", "255"]


def test_how_many_maps_each_can_make():
    can = page_of("cross_channel_pooling", part="units", units="25")
    assert "gives 25 maps, without parameters" in texts(can)
    cannot = page_of("cross_channel_pooling", part="units", units="64", pieces="2")
    assert "cannot give 64 maps of 50" in texts(cannot)
    assert f"gives 64 maps for {64 * 2 * 51:,} parameters" in texts(cannot)


def test_the_three_modulation_depths_are_on_the_page():
    lines = dict(cells(page_of("cross_channel_pooling", part="phase")))
    four = (1 - 0.5**0.5) / (1 + 0.5**0.5)
    assert float(lines["max of 2 phases"]) == pytest.approx(1, abs=0.01)
    assert float(lines["max of 4 phases"]) == pytest.approx(four, abs=0.01)
    assert float(lines["mean of squares"]) < 0.01


EVERY_COLOUR = {"strided_recipe": "identity", "strided_outputs": "0"}


# --- strided -------------------------------------------------------------------------------------


@pytest.mark.parametrize("stride", [1, 2, 3, 8])
def test_how_many_pixels_are_read_is_counted_by_hand(stride: int):
    page = page_of("strided", picture="coffee", stride=str(stride))
    read = len(range(0, 43, stride)) * len(range(0, 64, stride))
    assert f"the layer reads **{exact(read)}** of {exact(43 * 64)}" in texts(page)
    assert f"**{number(100 * read / (43 * 64), 4)} %**" in texts(page)
    if stride > 1:
        last = max(range(0, 43, stride)), max(range(0, 64, stride))
        assert f"last row read is **{last[0]}** of 0 to 42" in texts(page)
        assert f"last column **{last[1]}** of 0 to 63" in texts(page)


def test_the_saying_fails_in_one_click_and_holds_again():
    page = opened({"part": "saying", "stride": "2"}, page_path("strided"))
    assert "the statement **holds**" in texts(page)
    buttons(page)[0].click()
    assert "the statement **does not hold**" in texts(run_again(page))
    assert page.query_params["picture"] == "stripes"
    oriented = {"part": "saying", "bank": "gabor", "strided_recipe": "random"}
    other = opened(oriented, page_path("strided"))
    buttons(other)[0].click()
    assert "the statement **does not hold**" in texts(run_again(other)), "also from oriented maps"
    buttons(page)[0].click()
    assert "the statement **holds**" in texts(run_again(page))


def test_on_how_many_photographs_the_saying_holds():
    page = page_of("strided", part="saying", stride="4")
    held = 0
    for photograph in images.photographs():
        pixels = images.at_working_size(photograph, 64).pixels
        found = non_spatial(pixels, pixels[:, ::4, ::4])
        held += found.kept
    assert f"it holds on **{held}** of the 8 photographs" in texts(page)


def test_macs_of_the_ways_are_counted_by_hand():
    lines = cells(page_of("strided", part="lost", stride="4", picture="coffee", **EVERY_COLOUR))
    outputs = 11 * 16
    assert [line[2] for line in lines] == [exact(n * 9 * outputs) for n in (1, 9, 1, 1)]


def test_stacks_say_one_in_64_and_nine_of_25():
    notes = [
        panel["note"]
        for panel in panels_header(page_of("strided", part="stacks"), "stack_maps")["panels"]
    ]
    assert notes[0] == "9 of 576 pixels are read, 1 in 64"
    assert notes[1].startswith("9 of 25 pixels are read")


def test_the_figure_that_circulates_is_redrawn():
    panels = panels_header(page_of("strided", part="step"), "misdrawn")["panels"]
    assert panels[0]["title"].endswith("2 × 2")
    assert panels[1]["title"].endswith("3 × 3")
    assert panels[1]["note"] == "rows 0, 2, 4 and columns 0, 2, 4"
    shown, *_ = strided.section(
        "step", strided.setting(), images.at_working_size(images.samples()[0], 64).pixels
    )
    page = page_of("strided", part="step", picture="coffee")
    assert data(page, "grid_stepper")["inputs"] == shown.inputs.tolist()


def test_the_menu_shows_every_lesson_also_the_last(monkeypatch: pytest.MonkeyPatch):
    """Streamlit folds a menu of more than twelve pages, and hides the open one with the rest."""
    given: dict[str, Any] = {}
    navigation = st.navigation

    def noted(pages: Any, **options: Any) -> Any:
        given.update(options)
        return navigation(pages, **options)

    monkeypatch.setattr(st, "navigation", noted)
    opened()
    assert given["expanded"] is True
