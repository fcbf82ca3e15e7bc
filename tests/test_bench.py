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
from importlib import import_module
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import anything
import canvas
import client
import cold
import cpus
import followers
import gpu
import hall
import hand
import latency
import numpy as np
import opening
import pytest
import quiet
import report
import rounds
import session
import slowest
import visitors
from hypothesis import given
from hypothesis import strategies as st
from pixels import SETTING, Arrays, colours
from rounds import Step
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from visit import count_bytes
from visitors import Crowd, Visitor

from viz import lessons
from viz.lessons.lab import LESSON as lab
from viz.settings import ByHand, Slider, Word
from viz.view import View

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "tests" / "bench"


WITH_EXAMPLES = [
    anything, canvas, client, cpus, followers, gpu, opening, report, rounds, session, slowest, visitors,
]  # fmt: skip


@pytest.mark.parametrize("module", WITH_EXAMPLES)
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


@pytest.mark.skipif(not Path("/proc/stat").exists(), reason="reads Linux's own figures")
def test_what_a_process_and_its_children_used() -> None:
    """A parent that idles, and a child of it that has worked."""
    work = "import time\nwhile time.process_time() < 0.3: pass\ninput()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
    process = subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 30
        # the kernel counts in ticks, and may miss one
        while (used := quiet.used_by(process.pid)) < 0.25:
            assert time.monotonic() < deadline, used
            time.sleep(0.05)
    finally:
        process.communicate(b"\n")
    assert quiet.used_by(process.pid) == 0, "it has ended"


# ── Two ways to measure ──────────────────────────────────────────────────────────────────────────


def test_both_ways_are_measured_unless_one_is_asked_for() -> None:
    assert [cpu.name for cpu in cpus.chosen("both", {})] == ["native", "avx2"]
    assert cpus.chosen("native", {}) == (cpus.NATIVE,)
    assert cpus.chosen("avx2", {"OMP_NUM_THREADS": "2"}) == (cpus.AVX2,)


@pytest.mark.parametrize("name", cpus.LAPTOP)
def test_a_restricted_machine_is_not_called_as_it_is(name: str) -> None:
    for asked in ("both", "native"):
        with pytest.raises(ValueError, match=f"unset {name}"):
            cpus.chosen(asked, {name: "1"})


@pytest.mark.slow
def test_a_laptop_has_one_thread_and_no_avx512() -> None:
    """Asked of torch itself, in a process as the scripts start theirs."""
    import torch

    code = "import torch; print(torch.get_num_threads(), torch.backends.cpu.get_cpu_capability())"
    environment = {**os.environ, **cpus.AVX2.environment}
    said = subprocess.check_output([sys.executable, "-c", code], env=environment, text=True)
    threads, capability = said.split()
    assert threads == "1"
    if torch.backends.cpu.get_cpu_capability() in ("AVX2", "AVX512"):
        assert capability == "AVX2"


def test_every_script_measures_both_ways_and_writes_where_it_is_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`soak.py` looks at memory alone, which is the same in both; `gpu.py` compares devices."""
    listed = re.findall(r"^\| `(\w+)\.py`", (BENCH / "README.md").read_text(), re.MULTILINE)
    scripts = [
        each.stem
        for each in BENCH.glob("*.py")
        if "put_section(" in each.read_text() and each.stem != "report"
    ]
    assert sorted(listed) == sorted(scripts)
    for name in scripts:
        with pytest.raises(SystemExit):
            import_module(name).main(["--help"])
        said = capsys.readouterr().out
        assert "--out" in said, name
        assert ("--cpu" in said) is (name not in ("soak", "gpu")), name


def test_a_processor_says_its_vectors() -> None:
    line = "flags\t\t: fpu avx avx2 avx512f avx512_vnni hypervisor\n"
    assert report.vector_features(f"model name : one\n{line}") == "AVX, AVX2, AVX-512, AVX-512 VNNI"
    assert report.vector_features("model name : avx2\n") == ""
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    if flags:
        assert report.vector_features(flags) in report.machine()[0]


# ── Visitors ─────────────────────────────────────────────────────────────────────────────────────


def test_no_visitor_moves_to_a_value_that_was_drawn_before() -> None:
    seconds, often = 60, 3 * visitors.VALUES_A_SECOND
    times = [step / often for step in range(seconds * often)]
    for number in range(10):
        visitor = Visitor(number)
        moved = [tuple(visitor.under_the_hand(at).items()) for at in times]
        values = [
            value for value, before in zip(moved, [None, *moved], strict=False) if value != before
        ]
        assert len({*values}) == len(values) == seconds * visitors.VALUES_A_SECOND
        assert not any(lab.setting.invalid_fields(dict(value)) for value in values)


def test_a_hand_waits_for_its_next_value_and_no_longer() -> None:
    for elapsed in np.linspace(0, 3, 77):
        then = elapsed + visitors.until_next(elapsed)
        assert then > elapsed
        step = visitors.VALUES_A_SECOND * then
        assert step == pytest.approx(round(step)), "a value begins there"
        assert then - elapsed <= 1 / visitors.VALUES_A_SECOND + 1e-9


def buffer(header: dict[str, object], pixels: bytes = b"") -> bytes:
    text = json.dumps(header, separators=(",", ":")).encode()
    return len(text).to_bytes(4, "little") + text + pixels


class Server:
    """Stands in for a server: answers what it is told to, in order, and notes what it was asked."""

    token_in_query = False
    connection = None

    def __init__(self, *answers: bytes | int | OSError | client.Answer) -> None:
        self._answers, self.asked = list(answers), 0

    async def maps(self, *_: object, moving: bool = False) -> client.Answer:
        self.asked += 1
        answer = self._answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        if isinstance(answer, client.Answer):
            return answer
        if isinstance(answer, int):
            return client.Answer(answer, {}, b"{}")
        return client.Answer(200, {}, answer)


def released(
    monkeypatch: pytest.MonkeyPatch, *answers: bytes | int | OSError | client.Answer
) -> tuple[Visitor, Server]:
    """A visitor who has let go, and the server: the last answer is the one a stranger gets."""
    visitor, stranger = Visitor(0), Server(answers[-1])
    own: Any = Server(*answers[:-1])
    monkeypatch.setattr(visitors, "AGAIN_S", 0)
    monkeypatch.setattr(visitors, "Canvas", lambda *_: stranger)
    client.run(visitor.drag(own, time.monotonic(), 0))
    return visitor, own


WHOLE = buffer({"ms": 1, "blocks": {"maps": {"low": [0]}}}, b"12")


def test_the_last_value_is_seen_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    later = buffer({"ms": 2, "blocks": {"maps": {"low": [0]}}}, b"12")
    visitor, own = released(monkeypatch, WHOLE, later)
    assert visitor.last, "another time of computing, the same maps"
    low = client.Answer(200, {"x-pointwise-reduced": "1"}, buffer({"blocks": {}}, b"1"))
    visitor, own = released(monkeypatch, low, low, WHOLE, WHOLE)
    assert visitor.last
    assert own.asked == 3
    assert not visitor.errors


def test_another_last_value_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    others = buffer({"ms": 1, "blocks": {"maps": {"low": [0]}}}, b"13")
    for answers in ([others, WHOLE], [buffer({"blocks": {}}, b"12"), WHOLE]):
        visitor, _ = released(monkeypatch, *answers)
        assert not visitor.last
    for answer, said in ((503, "503"), (OSError("gone"), "gone")):
        visitor, _ = released(monkeypatch, answer, WHOLE)
        assert not visitor.last
        assert [said in error for error in visitor.errors] == [True]


def test_what_a_crowd_has_seen() -> None:
    waits = [float(n) for n in range(1, 101)]
    first = Visitor(0, True, waits, 3, [], True, {"8": {b"a"}, "9": {b"b"}})
    second = Visitor(0, True, [200.0], 0, ["503"], False, {"8": {b"a", b"c"}})
    lecturer = Visitor(2, True, [5.0, 7.0], errors=["late"])
    found = visitors.figures(Crowd(2, 10, same=True, lecturer=True), [first, second], lecturer)
    assert found["errors"] == 2
    assert found["ended_on_last_value"] == 1
    assert found["pictures_per_second"] == 10.1
    assert found["reduced"] == 3
    assert found["p95_ms"] == rounds.percentile([*first.waits_ms, 200.0], 0.95)
    assert found["most_computed"] == 2, "8 was computed twice"
    assert (found["lecturer_p95_ms"], found["lecturer_longest_ms"]) == (7.0, 7.0)


def test_a_crowd_that_saw_nothing_has_figures_too() -> None:
    crowd = Crowd(1, 10, same=True, lecturer=True)
    found = visitors.figures(crowd, [Visitor(0)], Visitor(1))
    assert found["p95_ms"] is found["median_ms"] is found["lecturer_p95_ms"] is None
    text = visitors.section(crowd, {cpus.NATIVE: {**found, "server_cpu_s": 0, "clients_cpu_s": 0}})
    assert "| not measured |" in text


def test_maps_in_a_lower_resolution_are_no_second_computation() -> None:
    visitor = Visitor(0)
    low = client.Answer(200, {"x-pointwise-reduced": "1"}, buffer({"ms": 3}))
    whole = client.Answer(200, {}, WHOLE)
    for aspect, answer in (("1", low), ("1", whole), ("2", whole)):
        visitor._keep({"aspect": aspect}, answer)
    assert [len(headers) for headers in visitor.seen.values()] == [1, 1]


def test_each_crowd_has_its_section_and_its_targets() -> None:
    crowds = [Crowd(10, 1), Crowd(50, 1, lecturer=True), Crowd(200, 1, same=True)]
    assert {crowd.section for crowd in crowds} == {"visitors", "visitors_50", "watchers"}
    bounds = []
    for crowd in crowds:
        found = visitors.figures(crowd, [], Visitor(0) if crowd.lecturer else None)
        found |= {"server_cpu_s": 0, "clients_cpu_s": 0}
        rows = {row.words: row for row in visitors.rows(crowd, [found])}
        bounds.append(rows["the same, 95th percentile"].bound)
    assert bounds == [200, 700, 300]


# ── The hall ─────────────────────────────────────────────────────────────────────────────────────


def test_the_figures_of_a_hall_are_those_that_are_promised() -> None:
    plan = hall.Plan(2, 5, 3)
    seen = hall.Seen([10.0, 30.0], [5.0], ["one"], cold.ColdLoads(3_000_000, ["three"]))
    found = hall.summed_up(plan, seen, Visitor(0, waits_ms=[8.0], errors=["two"]), 1.25, 4.04)
    promised = {
        "sessions": 2,
        "errors": 3,
        "first_run_p95_ms": 30.0,
        "maps_p95_ms": 5.0,
        "lecturer_p95_ms": 8.0,
        "server_cpu_s": 1.2,
        "cold_loads_s": 4.0,
    }
    assert {name: found[name] for name in promised} == promised
    assert found["cold_mb"] == 1.0
    assert hall.TARGETS.keys() == promised.keys() - {"sessions"}
    nothing = hall.summed_up(plan, hall.Seen(), Visitor(0), 0, 0)
    assert nothing["first_run_p95_ms"] is None
    rows = hall.rows(plan, [{**each, "clients_cpu_s": 1} for each in (found, nothing)])
    assert {row.bound for row in rows if row.relation} == {*hall.TARGETS.values()}


def test_a_follower_waits_from_the_post_of_what_he_sees() -> None:
    given = followers.Lecture({0: 10.0, 2: 10.2}, ["one"], {"a": {b"1 ms"}})
    quick = followers.Follower({0: 10.01, 2: 10.22}, {2: 10.25}, [], 1, {"a": {b"1 ms"}})
    slow = followers.Follower({2: 10.6}, {}, ["two"], 0, {"a": {b"2 ms"}})
    found = followers.summed_up(given, [quick, slow])
    promised = {
        "followers": 2,
        "changes": 2,
        "errors": 2,
        "ended_on_last_view": 1,
        "event_median_ms": 20.0,
        "event_p95_ms": 400.0,
        "maps_p95_ms": 50.0,
        "heard": 75.0,
        "drawn": 25.0,
        "reduced": 1,
        "most_computed": 2,
    }
    assert {name: found[name] for name in promised} == promised
    nothing = followers.summed_up(followers.Lecture(), [])
    assert nothing["event_p95_ms"] is None
    rows = followers.rows(
        [{**each, "clients_cpu_s": 1, "server_cpu_s": 1} for each in (found, nothing)]
    )
    assert {row.bound for row in rows if row.relation} == {*followers.TARGETS.values()}


@given(st.lists(st.integers(1, 30), max_size=12))
def test_events_are_read_however_they_are_cut(cuts: list[int]) -> None:
    events = (
        b"retry: 1000\n\n",
        b'event: room\ndata: {"a":1}\n\n',
        b":\n\n",
        b'event: view\ndata: {"b":2}\n\n',
    )
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(event), event) for event in events)
    text = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + chunks
    heard: list[tuple[str, bytes]] = []
    stream = client.Stream(lambda kind, data: heard.append((kind, data)))
    stream.data_received(text[:20])
    text = text[20:]
    for cut in cuts:
        stream.data_received(text[:cut])
        text = text[cut:]
    stream.data_received(text)
    assert heard == [("room", b'{"a":1}'), ("view", b'{"b":2}')]
    assert stream.status == 200


def test_an_answer_with_the_page_is_no_file() -> None:
    def answer(status: int, kind: str) -> client.Answer:
        return client.Answer(status, {"content-type": kind}, b"")

    cold.well("/", answer(200, "text/html; charset=utf-8"))
    cold.well("/static/js/a.js", answer(200, "text/javascript"))
    for path, status, kind in (("/static/js/a.js", 200, "text/html"), ("/", 503, "text/html")):
        with pytest.raises(client.Failed, match=re.escape(path)):
            cold.well(path, answer(status, kind))


def test_the_token_is_that_of_the_canvas() -> None:
    other, component = ForwardMsg(), ForwardMsg()
    other.delta.new_element.bidi_component.json = json.dumps({"pictures": []})
    component.delta.new_element.bidi_component.mixed.json = json.dumps({"token": "t" * 22})
    assert session.token([ForwardMsg(), other, component]) == "t" * 22
    with pytest.raises(client.Failed):
        session.token([ForwardMsg(), other])


# ── Requests ─────────────────────────────────────────────────────────────────────────────────────


@given(st.binary(max_size=400), st.booleans(), st.lists(st.integers(1, 90), max_size=20))
def test_an_answer_is_read_however_it_is_cut(body: bytes, chunked: bool, cuts: list[int]) -> None:
    kind = b"Transfer-Encoding: chunked" if chunked else b"content-length: %d" % len(body)
    parts = [body[at : at + 70] for at in range(0, len(body), 70)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    wire = b"HTTP/1.1 404 Not Found\r\n%b\r\nA: b: c\r\n\r\n%b" % (
        kind,
        chunks if chunked else body,
    )
    parser, answers = client.Parser(), []
    for cut in [*cuts, *[1] * len(wire)]:
        if wire:
            answers.append(parser.feed(wire[:cut]))
            wire = wire[cut:]
    found = [answer for answer in answers if answer]
    assert len(found) == 1
    assert (found[0].status, found[0].body, found[0].headers["a"]) == (404, body, "b: c")


class Line:
    """Stands in for a connection to a server that wants the token in the query, or does not."""

    def __init__(self, status: int) -> None:
        self._status, self.asked = status, []

    async def get(self, path: str, headers: dict[str, str]) -> client.Answer:
        self.asked.append((path, headers))
        return client.Answer(self._status, {}, b"")

    def close(self) -> None: ...


@pytest.mark.parametrize("in_query", [True, False])
def test_the_token_goes_where_the_server_looks_for_it(in_query: bool) -> None:
    line: Any = Line(200)
    asking = canvas.Canvas(line, in_query)
    client.run(asking.maps("lab", {"stage": "bank"}, 130))
    [(path, headers)] = line.asked
    assert headers[canvas.HEADER] == asking.token
    assert (asking.token in path) is in_query
    assert path.startswith("/maps/lab?stage=bank&shown_px=128")


@pytest.mark.parametrize(("status", "in_query"), [(400, True), (200, False)])
def test_where_it_looks_is_found_out(
    monkeypatch: pytest.MonkeyPatch, status: int, in_query: bool
) -> None:
    line = Line(status)
    monkeypatch.setattr(canvas, "Connection", lambda _: line)
    assert client.run(canvas.probe("localhost:1")) is in_query
    assert "token=" not in line.asked[0][0]


def test_memory_under_random_requests_is_said_by_quarters() -> None:
    import soak

    found = {"done": 12, "statuses": {"200": 11, "503": 1}, "first_mb": 300, "mb": [310, 320, 330]}
    row = soak.random_section(found).splitlines()[-1]
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert cells[1:] == ["300 MB", "310 MB", "320 MB", "330 MB", "not reached"]
    assert "11 × 200, 1 × 503" in cells[0]


@given(st.integers(1, 4000))
def test_sizes_are_asked_for_in_steps(px: int) -> None:
    asked = canvas.stepped(px)
    assert asked % (16 if px <= 128 else 32) == 0
    assert asked == 16 if px < 16 else asked <= px < asked + (16 if px < 128 else 32)


def test_random_requests_are_legal_and_reach_every_control() -> None:
    import random

    from viz import lessons

    chance, moved = random.Random(1), {}
    for _ in range(300):
        slug, query, _ = anything.request(chance)
        kinds = (View, lessons.load(slug).setting)
        assert not any(kind.invalid_fields(query) for kind in kinds), query
        moved.setdefault(slug, set()).update(query)
    for slug, names in moved.items():
        controls = {**View.controls(), **lessons.load(slug).setting.controls()}
        by_hand = {name for name, one in controls.items() if not isinstance(one, Word | ByHand)}
        assert by_hand <= names


# A larger stride reads less, and both ends of the slider from average to max are plainer pools.
FASTER_AT_THE_END = ("stride", "beta")


@pytest.mark.parametrize("extreme", slowest.EXTREMES, ids=lambda each: each.name)
def test_the_slowest_requests_are_legal_and_at_the_end(extreme: slowest.Extreme) -> None:
    from viz import images, lessons

    kind = lessons.load(extreme.slug).setting
    assert not [*View.invalid_fields(extreme.query), *kind.invalid_fields(extreme.query)]
    view = View.from_query(extreme.query)
    working_size = View.controls()["working_size_px"]
    assert isinstance(working_size, Slider)
    assert view.working_size_px == working_size.high == slowest.SHOWN_PX
    for key in (view.picture, *view.other_keys):
        found = images.find(key)
        assert found is not None
        assert min(found.pixels.shape[1:]) >= view.working_size_px, "square, and large enough"
    controls = kind.controls()
    for name, value in extreme.query.items():
        if (
            name in controls
            and isinstance(controls[name], Slider)
            and name not in FASTER_AT_THE_END
        ):
            assert float(value) == controls[name].high, name


def test_a_peak_of_memory_is_seen_and_forgotten() -> None:
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("reads Linux's own figures")
    code = "b = bytearray(b'x' * 2**26)\ndel b\nprint('ready', flush=True)\ninput()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        assert process.stdout is not None
        process.stdout.readline()
        peak = slowest.memory_mb(process.pid, "VmHWM")
        slowest.forget_peak(process.pid)
        assert peak > 64 + slowest.memory_mb(process.pid, "VmHWM")
        process.communicate(b"\n")


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


def test_figures_of_one_script_leave_those_of_others(tmp_path: Path) -> None:
    file = tmp_path / "new" / "performance.json"
    report.put_figures({"native": {"routes": 1, "ratios": 2}, "avx2": {"routes": 3}}, file)
    report.put_figures({"avx2": {"hall": {"errors": 0}}, "native": {"routes": None}}, file)
    assert json.loads(file.read_text()) == {
        "routes": None,
        "ratios": 2,
        "avx2": {"routes": 3, "hall": {"errors": 0}},
    }


def test_a_figure_stands_beside_its_target_in_every_way_to_measure() -> None:
    rows = [
        report.Row("wait", [90.0, 400.0], " ms", "at most", 100),
        report.Row("errors", [0, None], "", "at most", 0),
        report.Row("cores", [2, 1]),
    ]
    lines = report.judged_table([cpus.NATIVE, cpus.AVX2], rows).split("\n")
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert cells[0] == ["", "target", "as it is", "", "AVX2, one thread", ""]
    assert cells[2:] == [
        ["wait", "at most 100 ms", "90 ms", "kept", "400 ms", "**missed**"],
        ["errors", "none", "0", "kept", "–", "not measured"],
        ["cores", "", "2", "", "1", ""],
    ]


def test_without_peers_their_rows_stay_and_say_so() -> None:
    routes = latency.routes("")
    assert {route.name for route in routes} == set(ROUTES)
    assert {route.name for route in routes if not route.command[0]} == {
        "gradio_224",
        "matplotlib_224",
    }
    none = latency._figures(None)
    ratios = latency._ratios(
        {}, {"lab_112": hand.FirstSight([], []), "page_without_torch": hand.FirstSight([], [])}
    )
    run = latency.Run(
        {}, dict.fromkeys(ROUTES, none), ratios, {"pictures_per_second": 31.0, "last_value_ms": 1.0},
        {"median_ms": 2.0}, {"lab_112": hand.FirstSight([], [])},
    )  # fmt: skip
    assert "not measured" in latency._route_row(routes[4], [run])
    table = report.judged_table([cpus.NATIVE], latency._targets([run]))
    assert "| `gradio_224/lab_224` | at least 10× | – | not measured |" in table
    assert "| at least 30 | 31 | kept |" in table


def test_layers_come_back_from_the_process_that_measured_them() -> None:
    import layers

    one = layers.Result("1×1", 100, 2.5, {"conv2d": 5.0}, {"conv2d": 2.0}, 0.5)
    said = layers.Measured({"CPU": [one]}, {"CPU": 1e9}, {"channels": {"1×1": [(8, 0.1)]}})
    lists: Any = {"channels": {"1×1": [[8, 0.1]]}}  # as JSON knows no tuples
    assert layers.from_json(json.dumps(said).encode()) == said._replace(growth=lists)
    rows = layers.rows({cpus.NATIVE: said, cpus.AVX2: said})
    assert [row[:3] for row in rows] == [
        ["1×1 (CPU)", "as it is", "2.5 ms"],
        ["1×1 (CPU)", "AVX2, one thread", "2.5 ms"],
    ]


def test_the_shape_of_the_figures() -> None:
    route = {**rounds.summary([steps(1, 2, 3)]), "bytes": 1024}
    run = latency.Run(
        {},
        dict.fromkeys(ROUTES, route),
        {**dict.fromkeys(report.TARGETS, 1.5), "lab_112/floor": None},
        {"pictures_per_second": 44.0, "last_value_ms": 40.0},
        {},
        {"lab_112": hand.FirstSight([], [3000.0, 5000.0, 4000.0])},
    )
    said = json.loads(json.dumps(latency._said(run)))
    assert set(said) == {"routes", "ratios", "drag_112", "first_maps_s"}
    assert said["first_maps_s"] == 4.0
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
    page = report.MARKDOWN.read_text(encoding="utf-8")
    for one in (each for each in (said, said.get("avx2", {})) if "routes" in each):
        assert set(one["routes"]) == set(ROUTES)
        assert set(one["ratios"]) == RATIOS
        assert set(one["drag_112"]) == {"pictures_per_second", "last_value_ms"}
        for name in ROUTES:
            assert report.figure(one["routes"][name]["median_ms"], " ms") in page

    for one in (each for each in (said, said.get("avx2", {})) if "hall" in each):
        assert {"sessions", *hall.TARGETS} <= set(one["hall"])

    for one in (each for each in (said, said.get("avx2", {})) if "followers" in each):
        assert {"followers", *followers.TARGETS} <= set(one["followers"])


def test_the_page_has_a_place_for_every_section() -> None:
    page = report.MARKDOWN.read_text(encoding="utf-8")
    assert tuple(re.findall(r"<!-- (\w+): begin -->", page)) == report.SECTIONS


# ── Devices ──────────────────────────────────────────────────────────────────────────────────────


def test_every_request_of_the_devices_is_legal_and_moves_its_slider() -> None:
    for request in gpu.requests():
        lesson, asked = lessons.load(request.slug), set()
        for step in range(12):
            query = dict(parse_qsl(urlsplit(request.path(step, "cpu")).query))
            query.pop("shown_px")
            assert View.invalid_fields(query) == lesson.setting.invalid_fields(query) == []
            assert View.from_query(query).device == "cpu"
            asked.add(lesson.setting.from_query(query))
        assert len(asked) == 12, request.words


def test_the_first_round_is_left_out_and_every_device_has_all_others() -> None:
    ms = gpu.in_rounds(3, ["cuda", "cpu"], lambda name, number: number)
    assert ms == {"cuda": [1, 2, 3], "cpu": [1, 2, 3]}


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    """The CPU is the last, and in the middle of 2, 10 and 3 times as slow."""
    found = gpu.Timings("maps", {"meta": [1, 2, 4], "cpu": [2, 20, 12]}, "hold")
    assert gpu.table("what", [found], "claims").splitlines()[::2] == [
        "| what | META | CPU | CPU / GPU | claims |",
        "| maps | 2 ms | 12 ms | 3× | hold |",
    ]


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
    assert set(SETTING) <= {*View.controls(), *lab.setting.controls()}
    assert not [*View.invalid_fields(SETTING), *lab.setting.invalid_fields(SETTING)]
    setting = lab.setting.from_query(SETTING)
    assert lab.outline(setting).stages[-1].channels.size == 64
    assert setting.pooling == "none"
    assert not setting.strided


def test_the_array_is_what_the_lab_computes(tmp_path: Path) -> None:
    """numpy alone, against torch by the Lab's own network."""
    from dataclasses import replace

    from viz import devices, images, run

    setting = replace(lab.setting.from_query(SETTING), pointwise_seed=7)
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
