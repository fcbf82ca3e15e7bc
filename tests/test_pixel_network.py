"""A perceptron drawn as a network: what the browser is given, and what the route answers it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import torch
from route_client import TOKEN, answer

from viz import images, lessons
from viz.lessons.blocks import PixelNetwork, UnitLayer
from viz.text import text
from viz.ui.pixel_network import data

SMALL = PixelNetwork(
    key="small",
    layers=[
        UnitLayer("filters_relu", text("in"), ["a", "b"], (0.0, 5.0)),
        UnitLayer("outputs", text("out"), ["c"], (-1.0, 8.0)),
    ],
    weights=[torch.tensor([[1.0, -0.5]])],
    rectified=[False],
    reads_px=5,
    pixel=(3, 4),
    inputs=torch.tensor([2.0, 1.0]),
    maps=torch.tensor([1.5]),
    alt=text("{n} units", n=2),
)


def test_the_browser_gets_plain_numbers():
    said = data(SMALL, (3, 9, 12))
    assert json.loads(json.dumps(said)) == said
    assert said["layers"][1] == {
        "stage": "outputs",
        "title": "out",
        "names": ["c"],
        "low": -1.0,
        "high": 8.0,
    }
    assert said["weights"] == [{"matrix": [[1.0, -0.5]], "rectified": False}]
    assert said["numbers"] == {"pixel": [3, 4], "inputs": [2.0, 1.0], "maps": [1.5]}
    boxes = {"shape": [3, 9, 12], "size": [5, 5], "stride": [1, 1], "padding": [2, 2]}
    assert (said["boxes"], said["alt"]) == (boxes, "2 units")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"weights": [torch.ones(2, 1)]}, r"\(2, 1\) do not fit 2 and 1 units"),
        ({"inputs": torch.ones(3)}, r"\(3, 1\) numbers do not fit"),
        ({"maps": torch.ones(2)}, r"\(2, 2\) numbers do not fit"),
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        data(replace(SMALL, **fields), (3, 9, 12))


def test_columns_of_both_ends_are_numbers_of_one_network():
    """As the browser computes the last layer from the first one."""
    lesson = lessons.load("network_in_network")
    setting = lesson.setting(weights="random", seed=7, outputs_relu=False)
    picture = images.find("brick")
    assert picture is not None
    pixels = images.at_working_size(picture, 224).pixels
    (network, *_) = lesson.section("perceptron", setting, pixels)
    assert isinstance(network, PixelNetwork)
    query = {"token": TOKEN, "picture": "brick", "weights": "random", "seed": "7"}
    query["outputs_relu"] = "0"
    first, last = network.layers[0].stage, network.layers[-1].stage
    inputs, maps = (
        json.loads(answer("/column/network_in_network/40.70", {**query, "stage": stage}).body)
        for stage in (first, last)
    )
    values = torch.tensor(inputs["values"], dtype=torch.float64)
    for matrix, rectified in zip(network.weights, network.rectified, strict=True):
        values = torch.from_numpy(matrix).double() @ values
        values = values.relu() if rectified else values
    torch.testing.assert_close(values, torch.tensor(maps["values"]).double(), atol=1e-5, rtol=0)
