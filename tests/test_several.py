"""Several pictures side by side: each shows what it shows alone."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
import torch
from looking import stage_names

from viz import devices, images, lessons, packing, run
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting
from viz.lessons.strided import LESSON as strided
from viz.run import drawing, in_view, stages
from viz.view import View

KEYS = ("coffee", "chelsea", "zone_plate", "siemens_star", "rocket")


def at(key: str, size: int = 64) -> images.Picture:
    found = images.find(key)
    assert found is not None
    return images.at_working_size(found, size)


@pytest.mark.parametrize("stage", ["picture", *stage_names(lab)])
def test_every_picture_shows_what_it_shows_alone(stage: str) -> None:
    lab, focus = lessons.load("lab"), images.find(KEYS[0])
    view = View(working_size_px=64, stage=stage, others=".".join(KEYS[1:]), channel="1")
    data = drawing.draw(lab, Setting(), view, focus, 64)
    length = int.from_bytes(data[:4], "little")
    blocks = json.loads(data[4 : 4 + length])["blocks"]
    told = blocks["maps"]
    before = itertools.takewhile(lambda name: name != "maps", blocks)
    start = 4 + length + sum(math.prod(blocks[name]["shape"]) for name in before)
    planes = np.frombuffer(data, np.uint8, math.prod(told["shape"]), start).reshape(told["shape"])
    network = lab.network(Setting(), at(KEYS[0]).pixels)
    for key, plane, low, high in zip(KEYS, planes, told["low"], told["high"], strict=True):
        alone = run.maps(network, at(key), devices.chosen("cpu"))[stage][1]
        shown = low + plane[: alone.shape[0], : alone.shape[1]] / 255 * (high - low)
        assert np.abs(shown - alone).max() <= 0.51 * (high - low) / 255 + 1e-5


def test_a_picture_that_stands_there_twice_is_computed_once(monkeypatch) -> None:
    lab, seen = lessons.load("lab"), []

    def watched(network, picture, *rest, **more):
        seen.append(picture.key)
        return stages.forward_slices(network, picture, *rest, **more)

    for module in (drawing, in_view):
        monkeypatch.setattr(module, "forward_slices", watched)
    view = View(working_size_px=64, others="chelsea.chelsea.coffee.chelsea")
    data = drawing.draw(lab, Setting(sigma_px=3.0), view, images.find("coffee"), 64)
    length = int.from_bytes(data[:4], "little")
    assert json.loads(data[4 : 4 + length])["blocks"]["maps"]["shape"][0] == 5
    assert seen == ["coffee", "coffee", "chelsea"], "the picture in focus, then each of the five"


def test_maps_of_other_sizes_keep_their_values_and_their_corner() -> None:
    generator = torch.Generator().manual_seed(3)
    maps = [torch.rand(rows, columns, generator=generator) for rows, columns in ((5, 9), (8, 4))]
    block = packing.pack_ragged(maps)
    assert block.pixels.shape == (2, 8, 9)
    for i, each in enumerate(maps):
        rows, columns = each.shape
        steps = block.pixels[i, :rows, :columns].float()
        values = block.low[i] + steps / 255 * (block.high[i] - block.low[i])
        assert (values - each).abs().max() <= (block.high[i] - block.low[i]) / 255 * 0.51
        assert block.pixels[i, rows:].sum() == block.pixels[i, :, columns:].sum() == 0


def test_all_are_averaged_over_equal_blocks() -> None:
    block = packing.pack_ragged([torch.ones(10, 20), torch.ones(40, 10)], shown_px=20)
    assert block.mean_of == 2
    assert block.pixels.shape == (2, 20, 10)


def test_classes_of_several_pictures_are_chosen_and_never_averaged() -> None:
    generator = torch.Generator().manual_seed(4)
    maps = [torch.randint(0, 10, size, generator=generator).float() for size in ((8, 12), (10, 6))]
    block = packing.pack_ragged(maps, shown_px=6, classes=True)
    assert block.mean_of == 2
    for i, each in enumerate(maps):
        middles = each[1::2, 1::2]
        rows, columns = middles.shape
        steps = block.pixels[i, :rows, :columns].float()
        values = block.low[i] + steps / 255 * (block.high[i] - block.low[i])
        assert torch.equal(values.round(), middles)


def test_the_buffer_names_pictures_and_shapes() -> None:
    lab, focus = lessons.load("lab"), images.find("coffee")
    assert focus is not None
    gone = "ab" * 32
    view = View(working_size_px=64, others=f"zone_plate.{gone}", channel="99", stage="pooling")
    data = drawing.draw(lab, Setting(), view, focus, 64)
    length = int.from_bytes(data[:4], "little")
    beside = json.loads(data[4 : 4 + length])["side_by_side"]
    assert beside == {
        "names": ["Cup of coffee", "Zone plate"],
        "keys": ["coffee", "zone_plate"],
        "shapes": [list(at("coffee").pixels.shape[1:]), [64, 64]],
        "channel": 3,
        "reads": [{}, {}],
    }


@pytest.mark.parametrize(
    "views",
    [
        [{"others": "zone_plate"}, {"others": "rocket"}, {"others": "rocket.zone_plate"}, {}],
        [{"others": "rocket", "channel": "1"}, {"others": "rocket", "channel": "2"}],
    ],
    ids=["pictures", "channel"],
)
def test_a_buffer_is_that_of_the_pictures_and_of_the_map_asked_for(views) -> None:
    """One after the other, as they are clicked: none is answered with the one before."""
    lab, focus = lessons.load("lab"), images.find("coffee")
    assert focus is not None
    for said in (*views, views[0]):
        view = View(working_size_px=64, **said)
        data = drawing.draw(lab, Setting(), view, focus, 64)
        length = int.from_bytes(data[:4], "little")
        beside = json.loads(data[4 : 4 + length]).get("side_by_side")
        if not view.other_keys:
            assert beside is None
            continue
        assert beside["keys"] == ["coffee", *view.other_keys]
        assert beside["channel"] == int(view.channel)


def test_what_is_read_of_pictures_of_several_sizes() -> None:
    """Fields with holes: each picture has its own rows and columns."""
    focus, setting = images.find("coffee"), strided.setting(stride=2, window=True)
    assert focus is not None
    view = View(working_size_px=64, others="zone_plate", stage="window")
    data = drawing.draw(strided, setting, view, focus, 64)
    length = int.from_bytes(data[:4], "little")
    told = json.loads(data[4 : 4 + length])["side_by_side"]["reads"]
    height, width = at("coffee").pixels.shape[1:]
    assert [len(one[f"read_{axis}"]) for one in told for axis in ("rows", "columns")] == [
        *(height, width, 64, 64)
    ]
    assert told[1] == {"read_rows": "10" * 32, "read_columns": "10" * 32}
