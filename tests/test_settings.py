"""Addresses of every kind against what they must mean: exactly, the default, and never an error."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viz.lessons.lab.setting import Setting as Lab
from viz.settings import (
    MAX_BOXES,
    MAX_CELLS,
    MAX_LAYERS,
    MAX_PLACED,
    Allowed,
    Boxes,
    BoxValues,
    ByHand,
    Cells,
    CellValues,
    Choice,
    Layer,
    Layers,
    LayerValues,
    PlacedValues,
    Placements,
    Setting,
    Slider,
    Switch,
    Word,
    as_text,
    field,
)
from viz.view import View


@dataclass(frozen=True)
class Example(Setting):
    """One field of every kind."""

    whole: int = field(Slider, 3, 1, 9, step=2, label="Whole", help="odd", zero="none")
    real: float = field(Slider, 1.0, -1, 2, step=0.1, unit="px", label="Real", help="tenths")
    mode: str = field(Choice, "max", {"max": "largest", "mean": "mean"}, label="Mode", help="how")
    on: bool = field(Switch, True, label="On", help="or off")
    name: str = field(Word, "", r"[a-z]{0,4}")
    matrix: CellValues = field(Cells)
    painted: BoxValues = field(Boxes)
    layers: LayerValues = field(Layers, (Layer("c", 3),), label="Layers", help="a stack")
    placed: PlacedValues = field(Placements, kinds=3, rows=10, columns=20)
    step: int = field(Slider, 2, 2, 4, words=("none", "some", "all"), label="Step", help="in words")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("whole", 3, "3"),
        ("whole", 0, "none"),
        ("step", 2, "none"),
        ("step", 4, "all"),
        ("real", 0.5, "0.5 px"),
        ("real", 0.0, "0 px"),
        ("mode", "max", "largest"),
        ("on", True, "on"),
        ("on", False, "off"),
    ],
)
def test_a_value_in_words(name: str, value: object, words: str):
    assert str(Example.controls()[name].in_words(value)) == words


def test_a_control_offers_no_more_than_what_is_allowed():
    controls = Example.controls()
    assert controls["whole"].within(Allowed(most=5)).read("7") is None
    assert controls["whole"].within(Allowed(most=5)).read("5") == 5
    assert controls["mode"].within(Allowed(options=("mean",))).read("max") is None
    for control in controls.values():
        assert control.within(Allowed()) == control


HOSTILE = [
    *("nan", "NaN", "inf", "-inf", "Infinity", "1e999", "1e3", "0x10", "１２", "٣", "²", "½"),
    *(" 3", "3 ", "3\n", "+3", "--3", "3.", ".5", "1_0", "3,5", "", "-", "None", "True", "\x00"),
    *("9" * 7, "9" * 400, "-" + "9" * 400, "0." + "1" * 400, "\ud800", "<script>", "../..", "%00"),
]


@given(...)
def test_any_lab_setting_survives_its_address(setting: Lab):
    query = setting.to_query()
    assert Lab.from_query(query) == setting
    assert Lab.invalid_fields(query) == []
    assert dict(parse_qsl(urlencode(query), strict_parsing=bool(query))) == query


@given(...)
def test_any_view_survives_its_address(view: View):
    query = view.to_query()
    assert View.from_query(query) == view
    assert View.invalid_fields(query) == []


@given(...)
def test_an_address_needs_no_escapes(setting: Lab):
    """The browser writes it as it is; escaped, it would be a second entry in the history."""
    for name, text in setting.to_query().items():
        assert quote(name, safe="") == name
        assert quote(text, safe="") == text
        assert "~" not in text


def test_defaults_are_left_out_and_everything_else_is_there():
    assert Example().to_query() == {}
    stack = (Layer("c", 3, 2, 1, 0, 4), Layer("m", 2, 2))
    box, placed = (1, 0, 20, 500, 1000), ((2, 9, 19), (0, 0, 0))
    other = Example(5, 0.3, "mean", False, "abc", ((0, 1, -500),), (box,), stack, placed)
    assert other.to_query() == {
        "whole": "5",
        "real": "0.3",
        "mode": "mean",
        "on": "0",
        "name": "abc",
        "matrix": "0.1.-500",
        "painted": "1.0.20.500.1000",
        "layers": "c.3.2.1.0.4_m.2.2.0.0.1",
        "placed": "2.9.19_0.0.0",
    }
    assert Example.from_query(other.to_query()) == other


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", [Example, Lab, View])
def test_hostile_text_is_the_default_and_is_named(kind: type[Setting], text: str):
    for name, control in kind.controls().items():
        if isinstance(control, Word) or (isinstance(control, ByHand) and not text):
            continue
        assert kind.from_query({name: text}) == kind(), name
        assert kind.invalid_fields({name: text}) == [name]


@pytest.mark.parametrize("text", ["abcde", "a b", "a\n", "A", "é", "\x00", "\ud800", "a" * 400])
def test_a_word_matches_as_a_whole(text: str):
    assert Example.from_query({"name": text}) == Example()
    assert Example.invalid_fields({"name": text}) == ["name"]


@given(
    st.dictionaries(
        st.sampled_from([*Lab.controls(), *View.controls(), "token"]), st.text(max_size=30)
    )
)
def test_no_text_raises(query: dict[str, str]):
    for kind in (Lab, View):
        found = kind.from_query(query)
        assert kind.from_query(found.to_query()) == found
        for name in kind.invalid_fields(query):
            assert getattr(found, name) == kind.controls()[name].default


@pytest.mark.parametrize("text", ["2", "4", "4.999999", "5.000001", "0", "11", "-3", "3.5"])
def test_between_the_steps_is_the_default(text: str):
    """A whole number that is only nearly on a step must not be cut to one beside it."""
    assert Example.from_query({"whole": text}) == Example()
    assert Example.invalid_fields({"whole": text}) == ["whole"]


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("9", 9), ("7.0", 7), ("05", 5)])
def test_a_whole_number_stays_whole(text: str, value: int):
    found = Example.from_query({"whole": text}).whole
    assert found == value
    assert type(found) is int


@pytest.mark.parametrize("tenths", range(-10, 21))
def test_every_step_of_a_real_slider_can_be_written(tenths: int):
    value = round(tenths / 10, 1)
    found = Example.from_query({"real": as_text(value)}).real
    assert found == value
    assert type(found) is float


def test_of_a_cell_said_twice_the_last_counts_and_they_are_sorted():
    found = Example.from_query({"matrix": "2.0.7_0.1.5_2.0.-8"}).matrix
    assert found == ((0, 1, 5), (2, 0, -8))


@pytest.mark.parametrize(
    "text",
    [
        "1.2",
        "1.2.3.4",
        "1.2.x",
        "1.2.3_",
        "_1.2.3",
        "1.2.3__4.5.6",
        "100.0.1",
        "-1.0.1",
        "0.0.100000",
        "0.0.1.5",
        "１.0.1",
    ],
)
def test_malformed_cells_are_none(text: str):
    assert Example.from_query({"matrix": text}).matrix == ()
    assert Example.invalid_fields({"matrix": text}) == ["matrix"]


def test_a_full_matrix_of_cells_is_taken_and_one_more_is_not():
    full = [f"{n // 64}.{n % 64}.{n}" for n in range(MAX_CELLS)]
    assert len(Example.from_query({"matrix": "_".join(full)}).matrix) == MAX_CELLS
    assert Example.invalid_fields({"matrix": "_".join([*full, "0.0.1"])}) == ["matrix"]


def test_boxes_keep_the_order_in_which_they_were_painted():
    found = Example.from_query({"painted": "1.5.5.9.9_0.1.2.3.4_1.5.5.9.9"}).painted
    assert found == ((1, 5, 5, 9, 9), (0, 1, 2, 3, 4), (1, 5, 5, 9, 9))


@pytest.mark.parametrize(
    "text",
    [
        "0.1.2.3",
        "0.1.2.3.4.5",
        "2.1.2.3.4",  # there are two classes
        "0.3.2.3.4",  # no height
        "0.1.4.3.4",  # no width
        "0.3.2.1.4",  # upside down
        "0.1.2.1001.4",
        "0.1.2.3.1001",
        "0.-1.2.3.4",
        "0.1.2.3.4_",
        "_0.1.2.3.4",
        "0.1.2.3.x",
        "0.1.2.3.４",
        "0.1.2.3.4\n",
    ],
)
def test_malformed_boxes_are_none(text: str):
    assert Example.from_query({"painted": text}).painted == ()
    assert Example.invalid_fields({"painted": text}) == ["painted"]


def test_as_many_boxes_as_allowed_are_taken_and_one_more_is_not():
    full = ["0.0.0.1.1"] * MAX_BOXES
    assert len(Example.from_query({"painted": "_".join(full)}).painted) == MAX_BOXES
    assert Example.invalid_fields({"painted": "_".join([*full, full[0]])}) == ["painted"]


@pytest.mark.parametrize(
    "text",
    [
        "c.3.1.1.1",
        "c.3.1.1.1.1.1",
        "x.3.1.1.1.1",
        "C.3.1.1.1.1",
        "c.3.1.1.1.1_",
        "_c.3.1.1.1.1",
        "c.3.1.1.1.1\n",
        "c.３.1.1.1.1",
        "c.3.1.-1.1.1",
        "c.0.1.0.0.1",
        "c.16.1.1.1.1",
        "c.3.9.1.1.1",
        "c.3.0.1.1.1",
        "c.3.1.1.1.13",
        "c.3.1.1.1.0",
        "c.1.1.1.0.1",  # the first unit would see nothing but padding
        "c.3.1.0.3.1",
        "m.3.1.2.0.1",  # torch pads a pool by at most half of its window
        "a.2.2.0.0.2",
        "m.1.8.0.0.1_m.1.8.0.0.1_m.1.8.0.0.1",  # a stride of 512
        "_".join(["c.15.8.0.0.12", *["c.15.1.0.0.12"] * 2]),  # a field of 2857 pixels
        "_".join(["c.15.1.0.0.1"] * 5),  # 1125 taps
        "m.1.1.0.0.1_" * 64 + "m.1.1.0.0.1",
    ],
)
def test_a_stack_that_cannot_be_had_is_the_default(text: str):
    assert Example.from_query({"layers": text}) == Example()
    assert Example.invalid_fields({"layers": text}) == ["layers"]


def test_the_largest_stacks_are_taken():
    for layers in (
        [Layer("m", 1)] * MAX_LAYERS,
        [Layer("d", 15, 1, 14, 14)] * 4,
        [Layer("c", 15, 8, 14, 0, 12), Layer("c", 1, 8), Layer("a", 2, 4, 1, 1)],
        [Layer("c", 4, 1, 9, 9, 4)] * MAX_LAYERS,
    ):
        assert Example.from_query({"layers": as_text(tuple(layers))}).layers == tuple(layers)


def test_why_a_stack_is_refused_is_one_sentence():
    refused = [(), (Layer("a", 2, dilation=2),), (Layer("m", 2, 8),) * 3, (Layer("c", 15),) * 5]
    whys = [str(Layers().refused(layers)) for layers in refused]
    assert all(why.endswith(".") and why.count(".") == 1 for why in whys)
    assert len(set(whys)) == len(whys)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "3.0.0",
            "0.10.0",
            "0.0.20",
            "-1.0.0",
            "0.0",
            "0.0.0.0",
            "a.0.0",
            "0.0.0_",
            "_",
            "_0.0.0",
        ),
        *("0.0.0__0.0.0", "0,0,0", "0.0.1e0", "９.0.0", " 0.0.0", "0.0.0\n", "1000.0.0"),
    ],
)
def test_malformed_placements_are_none(text: str):
    assert Example.from_query({"placed": text}).placed == ()
    assert Example.invalid_fields({"placed": text}) == ["placed"]


def test_as_many_pictures_as_allowed_are_placed_and_one_more_is_not():
    full = ["2.9.19"] * MAX_PLACED
    assert len(Example.from_query({"placed": "_".join(full)}).placed) == MAX_PLACED
    assert Example.invalid_fields({"placed": "_".join([*full, full[0]])}) == ["placed"]


@pytest.mark.parametrize(
    "unit", ["0.1.2.3.4_", "c.3.1.1.1.1_", "9", "_", "0.0.0_", "a", ".", "-", "0.", "１", "1.1.1"]
)
def test_a_million_characters_are_refused_at_once(unit: str):
    text = unit * (10**6 // len(unit))
    started = time.perf_counter()
    for kind in (Example, Lab, View):
        assert kind.from_query(dict.fromkeys(kind.controls(), text)) == kind()
    assert time.perf_counter() - started < 2


def test_parameters_of_others_are_passed_over():
    assert Example.from_query({"utm_source": "mail", "whole": "5"}) == Example(whole=5)
    assert Example.invalid_fields({"utm_source": "mail"}) == []


def test_a_setting_can_be_a_key():
    assert len({Lab(), Lab(), Lab(stride=3)}) == 2


@given(one=..., other=...)
def test_a_digest_tells_settings_apart_and_no_more(one: Lab, other: Lab):
    assert (one.digest == other.digest) == (one == other)
    assert replace(one).digest == one.digest


def test_a_digest_is_short_however_many_cells_are_set():
    """A cache counts what it holds, not the keys it is asked by."""
    cells = tuple((n // 64, n % 64, n) for n in range(MAX_CELLS))
    assert len(Lab(pointwise_edits=cells, strided_edits=cells).digest) == len(Lab().digest)
    assert Lab(pointwise_edits=cells).digest != Lab(strided_edits=cells).digest
