"""The verbs: maps, buffer, arithmetic and proof, each against a plain way to the same."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from looking import stage_names
from torch import Tensor, nn

from viz import lessons, run
from viz.bounded_cache import BoundedCache
from viz.lessons.claim import Claim
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting
from viz.packing import pack
from viz.run import (
    ProofRow,
    building,
    canvas_buffer,
    compare,
    compare_slices,
    drawing,
    maps,
    proof,
    stages,
    unit_arithmetic,
)
from viz.trace import cost, receptive_field
from viz.view import View

CPU = torch.device("cpu")
SIDES = st.integers(1, 24)


def header_of(buffer: bytes) -> dict:
    return json.loads(buffer[4 : 4 + int.from_bytes(buffer[:4], "little")])


def pixels_of(buffer: bytes) -> dict[str, np.ndarray]:
    at, pixels = 4 + int.from_bytes(buffer[:4], "little"), {}
    for name, block in header_of(buffer)["blocks"].items():
        size = int(np.prod(block["shape"]))
        pixels[name] = np.frombuffer(buffer, np.uint8, size, at).reshape(block["shape"])
        at += size
    return pixels


# ── maps ────────────────────────────────────────────────────────────────────────────────────────


@given(setting=..., height=SIDES, width=SIDES)
def test_maps_are_those_of_a_plain_forward(setting: Setting, height, width, picture):
    photo = picture(torch.rand(3, height, width))
    chain = lab.network(setting, photo.pixels)
    found = maps(chain, photo, CPU)
    assert list(found) == ["picture", *dict(chain.named_children())]
    x = photo.pixels
    np.testing.assert_array_equal(found["picture"], x.numpy())
    for name, module in chain.named_children():
        x = module(x)
        np.testing.assert_array_equal(found[name], x.numpy())
        assert found[name].dtype == np.float32


def test_maps_of_every_device_are_the_same(device, picture):
    photo = picture(torch.rand(3, 64, 48))
    chain = lab.network(Setting(), photo.pixels)
    here = maps(chain, photo, CPU)
    there = maps(chain, photo, device)
    for name, array in there.items():
        np.testing.assert_allclose(array, here[name], atol=1e-4)


def test_changing_an_array_changes_nothing_that_is_cached(picture):
    photo = picture(torch.rand(3, 16, 16))
    chain = lab.network(Setting(bank="rgb"), photo.pixels)
    kept, first = photo.pixels.clone(), maps(chain, photo, CPU)
    expected = {name: array.copy() for name, array in first.items()}
    for array in first.values():
        array[...] = np.nan
    assert torch.equal(photo.pixels, kept)
    for name, array in maps(chain, photo, CPU).items():
        np.testing.assert_array_equal(array, expected[name])


def test_any_sequential_is_a_network(picture):
    photo = picture(torch.rand(3, 16, 16))
    chain = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2))
    with torch.no_grad():
        np.testing.assert_array_equal(maps(chain, photo, CPU)["2"], chain(photo.pixels).numpy())


# ── The buffer ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stage", ["picture", *stage_names(lab)])
def test_the_buffer_holds_the_maps_of_its_stage(stage, picture, device):
    photo = picture(torch.rand(3, 40, 30))
    chain = lab.network(Setting(), photo.pixels)
    buffer = canvas_buffer(chain, photo, device, shown_px=16, stage=stage)
    expected = pack(torch.from_numpy(maps(chain, photo, device)[stage]).to(device), 16)
    header = header_of(buffer)
    np.testing.assert_array_equal(pixels_of(buffer)["maps"], expected.pixels.numpy())
    assert header["blocks"]["maps"] == expected.header()
    assert header["stage"] == stage
    assert header["notice"] == ""
    assert header["device"]


def test_an_unknown_stage_is_the_last_one(picture):
    photo = picture(torch.rand(3, 12, 12))
    chain = lab.network(Setting(), photo.pixels)
    assert header_of(canvas_buffer(chain, photo, CPU, stage="nothing"))["stage"] == "strided"


@given(setting=..., height=SIDES, width=SIDES)
def test_the_stage_bar_counts_as_trace_does(setting: Setting, height, width, picture):
    """Each stage's own numbers add up to the network's, and the field is that of all so far."""
    photo = picture(torch.rand(3, height, width))
    chain, shape = lab.network(setting, photo.pixels), tuple(photo.pixels.shape)
    facts = run.stage_facts(chain, shape)
    whole = cost(chain, shape)
    assert sum(fact["parameters"] for fact in facts.values()) == whole.parameters
    assert sum(fact["macs"] for fact in facts.values()) == whole.macs
    for n, name in enumerate(dict(chain.named_children()), start=1):
        field = receptive_field(chain[:n], shape)
        found = tuple(facts[name][part] for part in ("size", "stride", "padding"))
        assert found == (field.size, field.stride, field.padding)


def test_milliseconds_add_up(picture):
    photo = picture(torch.rand(3, 40, 30))
    header = header_of(canvas_buffer(lab.network(Setting(), photo.pixels), photo, CPU))
    each = [fact["ms"] for fact in header["stages"].values()]
    assert all(ms > 0 for ms in each[1:])
    assert header["ms"] == pytest.approx(sum(each), abs=0.01)
    assert "cpu_ms" not in header["stages"]["bank"]


def test_a_stage_that_is_not_shown_is_not_computed(picture, monkeypatch):
    """Its milliseconds are those of the last time, and left out while there was none."""
    stages._MS.clear()
    photo, seen = picture(torch.rand(3, 40, 30)), []
    computed = stages.with_what_fits
    monkeypatch.setattr(
        stages, "with_what_fits", lambda *given: seen.append(given[0]) or computed(*given)
    )
    chain = lab.network(Setting(), photo.pixels)
    first = header_of(canvas_buffer(chain, photo, CPU, stage="rectifier"))
    assert seen == [chain.bank, chain.rectifier]
    assert first["ms"] == pytest.approx(
        sum(first["stages"][each]["ms"] for each in ("bank", "rectifier")), abs=0.01
    )
    assert ["ms" in fact for fact in first["stages"].values()] == [True] * 3 + [False] * 3
    canvas_buffer(chain, photo, CPU)
    assert seen == list(chain)
    other = picture(torch.rand(3, 40, 30))
    again = header_of(canvas_buffer(lab.network(Setting(), other.pixels), other, CPU, stage="bank"))
    assert all("ms" in fact for fact in again["stages"].values())


def test_a_recipe_of_a_stage_that_is_not_shown_looks_at_no_maps(picture, monkeypatch):
    photo, seen = picture(torch.rand(3, 40, 30)), []
    monkeypatch.setattr(building, "forward", lambda *given, **_: seen.append(given))
    lesson, setting = lessons.load("lab"), Setting(pointwise_recipe="principal")
    for shown in ("picture", "bank", "pooling"):
        chain = building.built(lesson, setting, photo, CPU, shown=shown)
        assert chain.network.pointwise.mix.matrix.shape == (4, 4)
    assert seen == []


def test_layers_are_built_in_the_mode_of_the_caller(picture):
    """A card leaves inference mode before it moves layers from a GPU to the CPU to read them.

    Weights made in inference mode and moved outside it cannot be read; a change of type moves them
    just as a change of device does.
    """
    photo, lesson = picture(torch.rand(3, 20, 30)), lessons.load("lab")
    for recipe in ("random", "principal"):
        network = building.built(lesson, Setting(pointwise_recipe=recipe), photo, CPU).network
        assert network.to(torch.float64).pointwise.mix.matrix.shape == (4, 4)


def test_beside_an_accelerator_the_cpu_is_measured_too(device, picture):
    photo = picture(torch.rand(3, 40, 30))
    buffer = canvas_buffer(lab.network(Setting(), photo.pixels), photo, device, compare_cpu=True)
    both = ["cpu_ms" in fact for name, fact in header_of(buffer)["stages"].items()]
    assert all(both) == (device.type != "cpu")


def test_what_is_drawn_is_kept_and_a_change_is_drawn_anew(picture, monkeypatch):
    photo, drawn = picture(torch.rand(3, 64, 64)), []

    def drawing_anew(*_):
        yield
        drawn.append(1)
        return b"drawn"

    monkeypatch.setattr(drawing, "_drawn", drawing_anew)
    module = lessons.load("lab")
    views = [
        View(),
        View(),
        View(scale="own", unit="1.2.3"),
        View(stage="bank"),
        View(working_size_px=64),
    ]
    for view in views:
        drawing.draw(module, Setting(), view, photo, 100)
    assert len(drawn) == 3  # scale and unit are the browser's own
    for setting, shown_px in ((Setting(stride=3), 100), (Setting(), 101), (Setting(), 100)):
        drawing.draw(module, setting, View(), photo, shown_px)
    assert len(drawn) == 5
    drawing.draw(module, Setting(), View(), picture(torch.rand(3, 64, 64)), 100)
    assert len(drawn) == 6
    assert drawing._DRAWN.size <= drawing._DRAWN.max_size <= 2**28


@given(setting=...)
def test_what_is_drawn_says_all_that_a_canvas_needs(setting: Setting, picture):
    photo = picture(torch.rand(3, 64, 20))
    built = lab.outline(setting)
    view = View(working_size_px=64, stage="pointwise")
    buffer = drawing.draw(lessons.load("lab"), setting, view, photo, 64)
    header = header_of(buffer)
    pixels = pixels_of(buffer)
    last = next(reversed(header["stages"]))
    assert header["stage"] == ("pointwise" if setting.pointwise else last)
    assert header["blocks"]["maps"]["shape"] == header["stages"][header["stage"]]["shape"]
    assert len(header["names"]) == len(pixels["maps"])
    if "kernels" in pixels:
        assert len(header.get("kernel_names", header["names"])) == len(pixels["kernels"])
    if "matrix" in pixels:
        before = built[header["stage"]].arriving.size
        assert pixels["matrix"].shape == (1, len(pixels["maps"]), before)
    assert type(setting).from_query({**setting.to_query(), **header["values"]}) == built.setting


def kernel_names(setting: Setting, stage: str, photo) -> list[str]:
    view = View(working_size_px=64, stage=stage)
    header = header_of(drawing.draw(lessons.load("lab"), setting, view, photo, 64))
    assert header["names"] == list(lab.outline(setting)[stage].channels.names)
    return header.get("kernel_names", header["names"])


@pytest.mark.parametrize("stage", ["bank", "rectifier", "pooling"])
def test_behind_a_rectifier_kernels_bear_the_names_of_the_bank(stage, picture):
    names = list(lab.outline(Setting())["bank"].channels.names)
    assert kernel_names(Setting(), stage, picture(torch.rand(3, 64, 20))) == names


@pytest.mark.parametrize("stage", ["bank", "pointwise", "strided"])
def test_without_a_rectifier_kernels_bear_the_names_of_their_maps(stage, picture):
    linear = Setting(rectifier="none", pooling="mean", pointwise_outputs=3)
    names = list(lab.outline(linear)[stage].channels.names)
    assert kernel_names(linear, stage, picture(torch.rand(3, 64, 20))) == names


@pytest.mark.parametrize(
    ("step_by_step", "blocks"), [(False, set()), (True, {"kernels", "matrix"})]
)
def test_a_stage_that_needs_the_room_for_its_maps_has_no_filters(step_by_step, blocks, picture):
    lesson, photo = lessons.load("reduction"), picture(torch.rand(3, 64, 20))
    setting = lesson.setting(step_by_step=step_by_step)
    sent = header_of(drawing.draw(lesson, setting, View(working_size_px=64), photo, 64))["blocks"]
    assert {"kernels", "matrix"} & set(sent) == blocks


# ── The arithmetic of a unit ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stage", stage_names(lab))
def test_a_units_arithmetic_gives_the_number_in_the_map(stage, picture, device):
    photo = picture(torch.rand(3, 20, 24))
    chain = lab.network(Setting(), photo.pixels)
    array = maps(chain, photo, device)[stage]
    for unit in ((0, 0, 0), tuple(n - 1 for n in array.shape), (3, 4, 5)):
        taken, in_map = unit_arithmetic(chain, photo, device, stage, unit)
        assert in_map == array[unit]
        scale = 1 + sum(abs(term) for term in taken.terms)
        assert taken.output == pytest.approx(in_map, abs=1e-6 * scale)


def test_a_unit_outside_is_refused(picture):
    photo = picture(torch.rand(3, 20, 24))
    chain = lab.network(Setting(), photo.pixels)
    for unit in ((4, 0, 0), (0, 10, 0), (0, 0, 12), (-1, 0, 0)):
        with pytest.raises(ValueError, match=r"\(4, 10, 12\)"):
            unit_arithmetic(chain, photo, CPU, "strided", unit)


# ── Proof ───────────────────────────────────────────────────────────────────────────────────────

PIXELS = torch.linspace(0, 1, 3 * 4 * 5).view(3, 4, 5)


def one_row(claim: Claim, picture, pixels: Tensor = PIXELS) -> ProofRow:
    (row,) = compare([claim], picture(pixels), CPU)
    return row


def off(by: float, **how) -> Claim:
    """A claim of which one output is off by a little, and outputs weigh differently."""

    def right(x: Tensor) -> Tensor:
        x = x.clone()
        x[1, 2, 3] += by
        return x

    return Claim("Off.", lambda x: x, right, magnitude=lambda x: x.abs(), **how)


@pytest.mark.parametrize("terms", [1, 4, 9])
def test_difference_and_bound_are_those_of_numpy(terms, picture):
    """eps is 1.2e-7; four roundings are allowed, or as many as there are terms."""
    claim = off(1e-3, terms=terms)
    row = one_row(claim, picture)
    left, right = (way(PIXELS).double().numpy() for way in (claim.left, claim.right))
    difference = np.abs(left - right)
    at = np.unravel_index(difference.argmax(), difference.shape)
    assert at == (1, 2, 3)
    assert row.difference == pytest.approx(difference[at], rel=1e-4)
    assert row.bound == pytest.approx(max(4, terms) * 1.2e-7 * abs(left[at]), rel=1e-5)
    assert (row.sentence, row.equal, row.within, row.holds) == ("Off.", True, False, False)
    assert row.left_ms >= 0
    assert row.right_ms >= 0


def test_what_is_within_rounding_holds(picture):
    row = one_row(off(1e-7), picture)
    assert 0 < row.difference <= row.bound
    assert (row.within, row.holds) == (True, True)


def test_one_output_outside_its_own_bound_is_enough(picture):
    """Where the numbers are small even a small difference breaks; a larger one elsewhere may be fine."""

    def right(x: Tensor) -> Tensor:
        x = x.clone()
        x[0, 0, 1] += 1e-7  # 1/59, allowed are 8e-9
        x[2, 3, 4] += 3e-7  # 1, allowed are 4.8e-7
        return x

    row = one_row(Claim("Off.", lambda x: x, right, magnitude=lambda x: x.abs()), picture)
    assert not row.within


def test_a_claim_that_things_differ_holds_when_they_do(picture):
    assert one_row(off(1e-3, equal=False), picture).holds
    assert not one_row(off(0, equal=False), picture).holds


def test_without_a_magnitude_not_even_rounding_may_differ(picture):
    same = Claim("Same.", lambda x: x, lambda x: x.clone())
    quick: Any = pytest.approx(0, abs=1e3)
    assert one_row(same, picture) == ProofRow("Same.", True, True, 0.0, 0.0, quick, quick)
    assert not one_row(Claim("Off.", lambda x: x, lambda x: x * (1 + 1e-6)), picture).within


@pytest.mark.parametrize("wrong", [torch.nan, torch.inf])
def test_what_is_no_number_agrees_with_nothing(wrong, picture):
    row = one_row(off(wrong), picture)
    assert not row.within
    assert not row.holds


def test_ways_run_where_the_device_is_and_what_is_given_comes_from_the_cpu(picture):
    """The `meta` device stands for any other; it has no numbers, so it ends with the left way."""
    seen: dict[str, str] = {}

    class Enough(Exception):
        pass

    def given_(pixels: Tensor) -> Tensor:
        seen["given"] = pixels.device.type
        return pixels

    def left(x: Tensor) -> Tensor:
        seen["left"] = x.device.type
        raise Enough

    with pytest.raises(Enough):
        compare([Claim("", left, left, given=given_)], picture(PIXELS), torch.device("meta"))
    assert seen == {"given": "cpu", "left": "meta"}


def test_a_time_is_the_median_of_runs_after_a_first_one_that_warms_up(picture, monkeypatch):
    """The clock says what each run took: the first is cold, one in between is interrupted."""
    took = iter([1.0, 70.0, 2.0, 1.2, 1.1, 1.3, 1.4, 0.9, 1.0])
    counted: list[Tensor] = []

    def once(way: Any, device: torch.device) -> tuple[Tensor, float]:
        return way(), next(took, 1.0)

    monkeypatch.setattr("viz.devices.timed_once", once)
    monkeypatch.setattr(proof, "ENOUGH_MS", 1000.0)
    row = one_row(Claim("", lambda x: counted.append(x) or x, lambda x: x), picture)
    assert row.left_ms == 1.2
    assert len(counted) == 1 + proof.RUNS


@pytest.mark.parametrize(("ms", "runs"), [(5.0, 9), (25.0, 3), (500.0, 1)])
def test_a_slow_method_runs_less_often(ms, runs, picture, monkeypatch):
    counted: list[Tensor] = []
    monkeypatch.setattr("viz.devices.timed_once", lambda way, device: (way(), ms))
    one_row(Claim("", lambda x: counted.append(x) or x, lambda x: x), picture)
    assert len(counted) == 1 + runs


def test_the_queue_may_do_other_work_after_every_run(picture, monkeypatch):
    monkeypatch.setattr("viz.devices.timed_once", lambda way, device: (way(), 1.0))
    same = Claim("", lambda x: x, lambda x: x)
    with torch.inference_mode():
        pauses = list(compare_slices([same, same], picture(PIXELS), CPU))
    assert len(pauses) == 2 * 2 * proof.RUNS


def test_given_is_computed_once_and_not_timed(picture):
    calls = []
    claim = Claim("Same.", lambda x: x, lambda x: x, given=lambda x: calls.append(1) or x)
    one_row(claim, picture)
    assert len(calls) == 1


def test_nothing_leaves_inference_mode_on(picture):
    photo = picture(PIXELS)
    chain = lab.network(Setting(size_px=3), photo.pixels)
    maps(chain, photo, CPU)
    canvas_buffer(chain, photo, CPU)
    compare(lab.claims(Setting(), photo.pixels), photo, CPU)
    assert not torch.is_inference_mode_enabled()
    assert torch.is_grad_enabled()


def test_the_house_has_one_queue_that_leaves_a_core_to_the_page():
    before = torch.get_num_threads()
    run.QUEUE.ask("test", "warm", lambda: None).result(20)
    threads = run.QUEUE.ask("test", "threads", torch.get_num_threads).result(20)
    assert 1 <= threads <= max(1, before)
    assert run.QUEUE.ask("test", "mode", torch.is_inference_mode_enabled).result(20) is False


def test_the_badge_shows_no_time_of_a_cold_process(monkeypatch: pytest.MonkeyPatch):
    """The first run of a layer in a process is slow; a view must not show it."""
    clock = iter(np.cumsum([0, 0.4, 1, 0.002, 1, 0.003]))  # a second between the runs
    monkeypatch.setattr(stages, "_KNOWN", BoundedCache(9, size_of=lambda _: 1))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    layer, maps = nn.Conv2d(3, 2, 1), torch.rand(3, 5, 7)
    assert stages._timed(layer, maps, CPU).ms == pytest.approx(2)
    assert stages._timed(nn.Conv2d(3, 2, 1), maps, CPU).ms == pytest.approx(3)


def test_a_layer_that_takes_long_runs_once(monkeypatch: pytest.MonkeyPatch):
    clock = iter([0, 5.0])
    monkeypatch.setattr(stages, "_KNOWN", BoundedCache(9, size_of=lambda _: 1))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    assert stages._timed(nn.ReLU(), torch.rand(3, 5, 7), CPU).ms == pytest.approx(5000)
