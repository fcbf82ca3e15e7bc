"""Ways raced against each other, and what a lesson measures brought back from a device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor
from viz.experiments import pointwise
from viz.experiments.pointwise.ways import Way

from viz import devices, images, run

Make = Callable[[Tensor], images.Picture]


def way(name: str, function: Callable[[Tensor], Tensor]) -> Way:
    return Way(name, "", function, lambda x: x, lambda x: x.abs(), 2)


def test_a_way_that_differs_is_found_out(device: torch.device):
    given = torch.rand(2, 5, 6) + 1
    same, other = run.raced(
        [way("same", lambda x: 2 * x), way("other", lambda x: 2 * x + 1e-3)], given, [device]
    )
    assert (same.within, same.difference) == (True, 0.0)
    assert not other.within
    assert other.difference == pytest.approx(1e-3, rel=1e-2)
    assert other.bound < 1e-5
    assert other.pixels == 30
    assert list(other.milliseconds) == [devices.title(device)]


def test_the_five_ways_agree_on_every_device(device: torch.device, picture: Make):
    pixels = picture(torch.rand(3, 20, 30)).pixels
    racing = list(dict.fromkeys([device, torch.device("cpu")]))
    for setting in (pointwise.Setting(), pointwise.Setting(bank="gabor", groups=4)):
        chain = pointwise.network(setting, pixels)
        given = pointwise.reaching("pointwise", chain, pixels)
        rows = run.raced(pointwise.ways(setting, pixels), given, racing)
        assert all(row.within for row in rows)
        assert rows[0].name == "conv2d"
        assert all(len(row.milliseconds) == len(racing) for row in rows)


@dataclass(frozen=True)
class Found:
    maps: Tensor
    named: dict[str, Tensor]
    count: int


def test_what_is_measured_comes_back(device: torch.device, picture: Make):
    shown = picture(torch.rand(3, 4, 5))

    def measure(pixels: Tensor) -> tuple[Found, list[Tensor]]:
        assert pixels.device == device
        return Found(2 * pixels, {"mean": pixels.mean()}, 3), [pixels[0]]

    found, (first,) = run.measured(measure, shown, device)
    assert {found.maps.device.type, found.named["mean"].device.type, first.device.type} == {"cpu"}
    assert torch.equal(found.maps, 2 * shown.pixels)
    assert found.count == 3


def test_where_the_device_has_no_room_it_is_measured_on_the_cpu(
    picture: Make,
):
    shown = picture(torch.rand(3, 4, 5))
    asked: list[str] = []

    def measure(pixels: Tensor) -> Tensor:
        asked.append(pixels.device.type)
        if len(asked) == 1:
            raise torch.OutOfMemoryError
        return pixels

    assert torch.equal(run.measured(measure, shown, torch.device("cpu")), shown.pixels)
    assert asked == ["cpu", "cpu"]


def test_another_error_is_not_taken_for_it(picture: Make):
    def measure(_: Tensor) -> Tensor:
        raise ValueError("a shape that does not fit")

    with pytest.raises(ValueError, match="shape"):
        run.measured(measure, picture(torch.rand(3, 4, 5)), torch.device("cpu"))
