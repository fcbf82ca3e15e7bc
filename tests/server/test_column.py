"""The column of one position: the numbers of the network itself, whatever the window shows."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import torch
from route_client import HOSTILE, TOKEN, answer, chunk
from torch import Tensor

from viz import images, lessons
from viz.run import column, stages
from viz.run.budget import TooLarge
from viz.server import views

OURS = {"token": TOKEN, "device": "cpu"}  # exact numbers are those of one device


def maps_of(slug: str, query: dict[str, str], picture: str = "") -> dict[str, Tensor]:
    """Every stage's maps, through torch alone."""
    lesson = lessons.load(slug)
    view, setting = lesson.read(query)
    found = images.find(picture or view.picture)
    assert found is not None
    pixels = images.at_working_size(found, view.working_size_px).pixels
    maps = {"picture": pixels}
    with torch.inference_mode():
        for name, stage in lesson.network(setting, pixels).named_children():
            pixels = maps[name] = stage(pixels)
    return maps


def ask(slug: str, place: str, query: dict[str, str]) -> dict[str, Any]:
    reply = answer(f"/column/{slug}/{place}", {**OURS, **query})
    assert reply.status == 200, reply.body
    said = json.loads(reply.body)
    assert isinstance(said, dict)
    return said


# slug, query, the stage that is drawn, and the stage that its pool reads
DRAWN = [
    ("lab", {"stage": "strided"}, "strided", None),
    ("lab", {"stage": "picture"}, "picture", None),
    ("lab", {"stage": "pooling"}, "pooling", "rectifier"),
    ("lab", {"stage": "bank", "working_size_px": "96", "picture": "chelsea"}, "bank", None),
    ("pointwise", {}, None, None),
    ("strided", {"picture": "brick"}, None, None),
    ("cross_channel_pooling", {}, "pooling", "bank"),
    ("cross_channel_pooling", {"group": "5", "shuffled": "1"}, "pooling", "order"),
]


@pytest.mark.parametrize(("slug", "query", "stage", "read"), DRAWN)
def test_every_value_is_that_of_the_network(slug, query, stage, read):
    maps = maps_of(slug, query)
    stage = stage or list(maps)[-1]
    _, height, width = maps[stage].shape
    for row, at in [(0, 0), (height // 2, width // 3), (height - 1, width - 1)]:
        said = ask(slug, f"{row}.{at}", query)
        assert said["values"] == maps[stage][:, row, at].tolist()
        assert said.get("inputs") == (maps[read][:, row, at].tolist() if read else None)


def test_the_largest_input_of_a_group_is_the_value_of_its_pool():
    said = ask("cross_channel_pooling", "74.112", {})
    groups = torch.tensor(said["inputs"]).view(-1, 10)
    assert said["values"] == groups.amax(1).tolist()


def test_a_winner_s_name_is_exact_too():
    query = {"winner": "1"}
    said = ask("cross_channel_pooling", "74.112", query)
    groups = torch.tensor(said["inputs"]).view(-1, 10)
    assert said["values"] == groups.argmax(1).tolist()


def test_a_difference_is_b_less_a_to_the_last_bit():
    a, b = {"wavelength_px": "6", "stage": "rectifier"}, {"stage": "rectifier"}
    query = {
        **b,
        "pinned": "&".join("=".join(pair) for pair in {**a, "device": "cpu"}.items()),
        "showing": "difference",
    }
    said = ask("lab", "30.40", query)
    both = [maps_of("lab", each)["rectifier"][:, 30, 40] for each in (b, a)]
    assert said["values"] == (both[0] - both[1]).tolist()
    assert any(said["values"])


def test_a_pinned_a_is_a():
    query = {"pinned": "picture=brick&stage=bank&device=cpu", "showing": "pinned"}
    said = ask("lab", "3.4", query)
    assert said["values"] == maps_of("lab", {"picture": "brick"})["bank"][:, 3, 4].tolist()


def test_side_by_side_it_is_the_drawn_map_of_each_picture():
    """Coffee has 149 rows and 224 columns, chelsea fewer columns or rows at the same size."""
    query = {"picture": "coffee", "stage": "bank", "others": "brick.chelsea", "channel": "2"}
    keys = ["coffee", "brick", "chelsea"]
    maps = [maps_of("lab", query, key)["bank"][2] for key in keys]
    place = (max(len(one) for one in maps) - 1, 7)
    expected = [float(one[place]) if place[0] < len(one) else None for one in maps]
    assert None in expected
    said = ask("lab", f"{place[0]}.{place[1]}", query)
    assert said == {"values": expected}


def test_what_is_not_a_number_is_null():
    assert [column._plain(value) for value in (1.5, float("nan"), float("inf"), None)] == [
        1.5,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("place", [*HOSTILE, "1", "1.2.3", "-1.2", "1.-2", "1e3.1", "99999.1"])
def test_a_hostile_place_is_refused(place: str):
    reply = answer(f"/column/lab/{place.replace('/', '')}", OURS)
    assert (reply.status, "row.column" in reply.error) == (400, True)


@pytest.mark.parametrize("place", ["149.0", "0.224", "9999.9999"])
def test_a_place_outside_the_maps_is_refused(place: str):
    reply = answer(f"/column/lab/{place}", {**OURS, "stage": "bank", "picture": "coffee"})
    assert (reply.status, reply.error) == (400, "The maps have no such row and column.")
    beside = answer(
        f"/column/lab/{place}", {**OURS, "stage": "bank", "picture": "coffee", "others": "coffee"}
    )
    assert beside.status == 400


def test_what_maps_refuse_a_column_refuses():
    gone = answer("/column/lab/1.1", {**OURS, "picture": "0" * 64})
    assert (gone.status, "upload it again" in gone.error) == (404, True)
    assert answer("/column/nothing/1.1", OURS).status == 404
    assert "stride" in answer("/column/lab/1.1", {**OURS, "stride": "many"}).error
    assert "token" in answer("/column/lab/1.1").error
    mismatch = {"pinned": "stage=picture", "showing": "difference", "stage": "bank"}
    assert "different shapes" in answer("/column/lab/1.1", {**OURS, **mismatch}).error


def test_maps_that_would_be_too_large_have_no_column(monkeypatch: pytest.MonkeyPatch):
    def too_large(*_: Any) -> Any:
        raise TooLarge("Please move the working size down.")

    monkeypatch.setattr(column, "built_look", too_large)
    reply = answer("/column/lab/1.1", {**OURS, "stride": "7"})
    assert reply.status == 400
    assert reply.error == "Please move the working size down."


def test_a_column_is_cached_and_maps_are_not_computed_again(monkeypatch: pytest.MonkeyPatch):
    first = answer("/column/lab/5.6", {**OURS, "stage": "bank"})
    assert first.headers["cache-control"] == views.SHIPPED
    again = answer(
        "/column/lab/5.6",
        {**OURS, "stage": "bank"},
        headers={"if-none-match": first.headers["etag"]},
    )
    assert (again.status, again.body) == (304, b"")
    monkeypatch.setattr(stages, "_timed", None)  # nothing may be computed any more
    assert answer("/column/lab/7.8", {**OURS, "stage": "bank"}).status == 200
    monkeypatch.setattr(column, "built_look", None)
    assert answer("/column/lab/5.6", {**OURS, "stage": "bank"}).body == first.body


def test_head_computes_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(column, "built_look", None)
    reply = answer("/column/lab/77.78", OURS, method="HEAD")
    assert (reply.status, reply.body) == (200, b"")


def test_a_long_query_may_be_posted():
    posted = answer("/column/lab/5.6", body=[chunk(urlencode({**OURS, "stage": "bank"}).encode())])
    assert posted.body == answer("/column/lab/5.6", {**OURS, "stage": "bank"}).body
