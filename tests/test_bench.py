"""The pure parts of the benchmarks: statistics, marks, tables, documents, counted bytes. No browser."""

from __future__ import annotations

import base64
import doctest
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from types import ModuleType

import numpy as np
import pytest
import quiet
import report
import rounds
import visitors
from hypothesis import given
from hypothesis import strategies as st
from pixels import SETTING, Arrays, colours
from rounds import Step
from visit import count_bytes

from viz.experiments import lab
from viz.view import View

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "tests" / "bench"


@pytest.mark.parametrize("module", [rounds, report])
def test_the_examples_in_the_docstrings(module: ModuleType) -> None:
    """pytest passes the scripts over, so it would not find these by itself."""
    outcome = doctest.testmod(module)
    assert outcome.attempted > 0
    assert outcome.failed == 0


# ── Statistics ───────────────────────────────────────────────────────────────────────────────────


def steps(*times: float, disturbed: bool = False) -> list[Step]:
    return [Step(ms, disturbed) for ms in times]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.floats(0.01, 1))
def test_a_percentile_is_reached_by_its_share_and_by_no_smaller_value(
    values: list[float], share: float
) -> None:
    found = rounds.percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values) + 1e-9


def test_percentile_agrees_with_numpy() -> None:
    values = list(np.random.default_rng(0).normal(size=25))
    oracle = np.percentile(values, 95, method="inverted_cdf")
    assert rounds.percentile(values, 0.95) == oracle


def test_disturbed_steps_are_left_out() -> None:
    run = [steps(10, 20, 30) + steps(9000, disturbed=True), steps(40)]
    assert rounds.summary(run) == {"median_ms": 25, "p95_ms": 40, "clean_steps": 4}
    nothing = [steps(1.0, disturbed=True)]
    assert rounds.summary(nothing) == {"median_ms": None, "p95_ms": None, "clean_steps": 0}


def test_a_ratio_is_formed_inside_each_round() -> None:
    """The machine slows down fourfold: the ratio of all medians would say something else."""
    over = [steps(*[20.0] * 9), steps(*[80.0] * 9, 999), steps(*[30.0] * 3)]
    under = [steps(*[10.0] * 3), steps(*[40.0] * 9), steps(*[10.0] * 9)]
    assert rounds.ratio(over, under) == 2
    pooled = [median(step.ms for part in side for step in part) for side in (over, under)]
    assert pooled[0] / pooled[1] != 2


def test_too_few_clean_steps_give_no_ratio() -> None:
    enough, few = [steps(*[2.0] * 15)], [steps(*[1.0] * 14) + steps(1.0, disturbed=True)]
    assert rounds.ratio(enough, enough) == 1
    assert rounds.ratio(enough, few) is None
    assert rounds.ratio(few, enough) is None
    assert rounds.ratio(few, few, at_least=14) == 1


def test_a_round_without_a_clean_step_is_passed_over() -> None:
    over = [steps(*[6.0] * 15), steps(1.0, disturbed=True)]
    under = [steps(*[2.0] * 15), steps(5.0)]
    assert rounds.ratio(over, under) == 3


@pytest.mark.parametrize(
    ("others", "stolen", "marked"),
    [(0.0, 0.0, False), (0.09, 0.04, False), (0.11, 0.0, True), (0.0, 0.06, True)],
)
def test_what_marks_a_step(others: float, stolen: float, marked: bool) -> None:
    assert rounds.is_disturbed(others, stolen, window_s=1.0) is marked
    assert rounds.is_disturbed(others / 4, stolen / 4, window_s=0.25) is marked


def usage(at: float, processes: dict[int, float], ours: set[int], stolen: float = 0) -> quiet.Usage:
    return quiet.Usage(at, processes, frozenset(ours), stolen)


def test_only_what_others_used_counts() -> None:
    before = usage(0, {1: 5.0, 2: 7.0}, {1})
    assert not quiet.disturbed(before, usage(1, {1: 6.0, 2: 7.0}, {1}))
    assert quiet.disturbed(before, usage(1, {1: 5.0, 2: 7.2}, {1}))
    assert quiet.disturbed(before, usage(1, {1: 5.0, 3: 0.2}, {1})), "one that came meanwhile"
    assert quiet.disturbed(before, usage(1, {1: 5.0}, {1}, stolen=0.2))


@pytest.mark.skipif(not Path("/proc/stat").exists(), reason="reads Linux's own figures")
def test_work_of_a_child_is_ours_and_is_seen() -> None:
    before = quiet.usage()
    busy = [sys.executable, "-c", "import time\nwhile time.process_time() < 0.3: pass\ninput()"]
    child = subprocess.Popen(busy, stdin=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 30
        while (after := quiet.usage()).processes.get(child.pid, 0) < 0.25:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        child.communicate(b"\n")
    assert {os.getpid(), child.pid} <= after.ours
    assert 1 not in after.ours
    alone = usage(before.at, {child.pid: 0.0}, {child.pid})
    seen = usage(after.at, {child.pid: after.processes[child.pid]}, {child.pid})
    assert quiet.others(alone, seen) == 0


def test_no_visitor_moves_to_a_value_that_was_drawn_before() -> None:
    seconds = 60
    times = [step / visitors.EVENTS_A_SECOND for step in range(seconds * visitors.EVENTS_A_SECOND)]
    for number in range(10):
        visitor = visitors.Visitor(number)
        moved = [tuple(visitor._under_the_hand(at).items()) for at in times]
        values = [
            value for value, before in zip(moved, [None, *moved], strict=False) if value != before
        ]
        assert len({*values}) == len(values) == seconds * visitors.VALUES_A_SECOND
        assert not any(lab.Setting.misread(dict(value)) for value in values)


def test_chromium_is_started_in_one_way() -> None:
    scripts = [*BENCH.glob("*.py"), *(ROOT / "tests" / "browser").glob("*.py")]
    assert [each.name for each in scripts if "--no-sandbox" in each.read_text()] == ["launching.py"]


# ── Documents ────────────────────────────────────────────────────────────────────────────────────

# Exactly the shape that is promised to whoever reads the figures.
ROUTES = (
    "floor",
    "page_without_torch",
    "lab_112",
    "lab_224",
    "gradio_224",
    "matplotlib_224",
    "heatmaps_224",
)
RATIOS = {
    "lab_112/floor",
    "lab_224/floor",
    "gradio_224/lab_224",
    "matplotlib_224/lab_224",
    "heatmaps_224/lab_224",
    "floor/page_without_torch",
    "first_paint/page_without_torch",
}


def test_the_shape_of_the_figures() -> None:
    route = {**rounds.summary([steps(1, 2, 3)]), "bytes": 1024}
    text = report.as_json(
        dict.fromkeys(ROUTES, route),
        {**dict.fromkeys(report.TARGETS, 1.5), "lab_112/floor": None},
        {"pictures_per_second": 44.0, "last_value_ms": 40.0},
    )
    said = json.loads(text)
    assert set(said) == {"routes", "ratios", "drag_112"}
    assert all(
        set(one) == {"median_ms", "p95_ms", "clean_steps", "bytes"}
        for one in said["routes"].values()
    )
    assert set(said["ratios"]) == RATIOS
    assert said["ratios"]["lab_112/floor"] is None


def test_the_routes_are_those_that_are_promised() -> None:
    listed = re.findall(r'Route\(\s*"(\w+)"', (BENCH / "latency.py").read_text(encoding="utf-8"))
    assert {*listed, "lab_112", "lab_224"} == set(ROUTES)
    for name in listed:
        assert (BENCH / "routes" / f"{name}.py").exists()


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    report.put_section("soak", r"flat: \1 & \g<0>", page)
    first = page.read_text(encoding="utf-8")
    report.put_section("latency", "| a | b |", page)
    report.put_section("latency", "| c | d |", page)
    second = page.read_text(encoding="utf-8")
    assert r"flat: \1 & \g<0>" in second
    assert "| c | d |" in second
    assert "| a | b |" not in second
    assert first.count(report.EMPTY) == len(report.SECTIONS) - 1
    assert second.count(report.EMPTY) == len(report.SECTIONS) - 2
    assert second.index("latency: begin") < second.index("visitors: begin")


def test_an_unknown_section_changes_nothing(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no section 'latency'"):
        report.put_section("latency", "words", page)
    assert page.read_text(encoding="utf-8") == "# Performance\n"


def test_what_was_written_down_has_its_shape() -> None:
    """The figures that lie in docs/, once there are any."""
    if not report.JSON.exists():
        pytest.skip("not measured yet")
    said = json.loads(report.JSON.read_text(encoding="utf-8"))
    assert set(said["routes"]) == set(ROUTES)
    assert set(said["ratios"]) == RATIOS
    assert set(said["drag_112"]) == {"pictures_per_second", "last_value_ms"}
    page = report.MARKDOWN.read_text(encoding="utf-8")
    for name in ROUTES:
        assert report.figure(said["routes"][name]["median_ms"], " ms") in page


# ── Bytes and pixels ─────────────────────────────────────────────────────────────────────────────


def test_bytes_of_requests_and_frames_are_added_up() -> None:
    def event(name: str, **params: object) -> dict[str, object]:
        return {"method": f"Network.{name}", "params": params}

    binary = base64.b64encode(bytes(1000)).decode()
    events = [
        event("dataReceived", requestId="1", encodedDataLength=300),
        event("dataReceived", requestId="1", encodedDataLength=200),
        event("loadingFinished", requestId="1", encodedDataLength=640),  # with its headers
        event("dataReceived", requestId="2", encodedDataLength=70),  # goes on
        event("webSocketFrameReceived", response={"opcode": 2, "payloadData": binary}),
        event("webSocketFrameReceived", response={"opcode": 1, "payloadData": "é"}),
        event("webSocketFrameSent", response={"opcode": 1, "payloadData": "not received"}),
    ]
    assert count_bytes(events) == 640 + 70 + 1000 + 2


def test_the_measured_setting_is_one_the_lab_has() -> None:
    assert set(SETTING) <= {*View.controls(), *lab.Setting.controls()}
    assert not [*View.misread(SETTING), *lab.Setting.misread(SETTING)]
    setting = lab.Setting.from_query(SETTING)
    assert lab.arriving(setting)["out"] == 64
    assert setting.pooling == "none"
    assert not setting.strided


def test_the_array_is_what_the_lab_computes(tmp_path: Path) -> None:
    """numpy alone, against torch by the Lab's own network."""
    from dataclasses import replace

    from viz import devices, images, run

    setting = replace(lab.Setting.from_query(SETTING), pointwise_seed=7)
    picture = images.at_working_size(images.find("astronaut"), 64)
    network = lab.network(setting, picture.pixels)
    maps = run.maps(network, picture, devices.chosen("cpu"))["pointwise"]
    mixed = Arrays(tmp_path).mixed(64, 7)
    assert mixed.shape == (64, 64, 64)
    assert np.abs(mixed - maps).max() < 1e-5 * np.abs(maps).max()
    other = Arrays(tmp_path).mixed(64, 8)
    assert np.abs(other - maps).max() > 0.1 * np.abs(maps).max(), "another seed is another picture"


def test_colours_of_the_ends_and_of_zero() -> None:
    maps = np.array([[[-2.0, 0.0, 2.0]]])
    assert colours(maps, "image")[0, 0].tolist() == [[0] * 3, [128] * 3, [255] * 3]
    stops = json.loads((ROOT / "assets" / "colours.json").read_text())["activation"]
    ends = [[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in (stops[0], stops[-1])]
    assert colours(maps, "canvas")[0, 0, ::2].tolist() == ends
