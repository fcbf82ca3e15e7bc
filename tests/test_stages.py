"""Stages: cached where nothing changed, and the same numbers where memory is short."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from viz import devices, images, packing
from viz.layers.activation import Square
from viz.layers.chain import description
from viz.layers.channel_shuffle import ShuffleChannels
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.gabor import GaborBank, GaborParameters
from viz.layers.pointwise import Pointwise
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting
from viz.run import canvas_buffer, facts, stage_facts, stages
from viz.run.drawing import draw
from viz.run.stages import ON_CPU, REDUCED, fingerprint, forward, in_pieces, with_what_fits
from viz.view import View

CPU = torch.device("cpu")
SIDES = st.integers(1, 30)


@pytest.fixture
def cache():
    """The store of stages, empty before and after."""
    stages._DONE.clear()
    yield stages._DONE
    stages._DONE.clear()


@pytest.fixture
def computed(cache, monkeypatch):
    """The classes of the stages that were computed, in order."""
    names: list[str] = []
    monkeypatch.setattr(stages, "MAX_COLD_MS", 0)  # nothing runs twice to be timed

    def noting(module: nn.Module, x: Tensor, device: torch.device) -> tuple[Tensor, str]:
        names.append(type(module).__name__)
        return with_what_fits(module, x, device)

    monkeypatch.setattr(stages, "with_what_fits", noting)
    return names


def run(setting: Setting, photo: Any, device: torch.device = CPU) -> dict[str, stages.Stage]:
    return forward(lab.network(setting, photo.pixels), photo, device)


# ── What is cached ──────────────────────────────────────────────────────────────────────────────

# Nothing here looks at the picture, so that only the settings decide what is new.
PLAIN = Setting(pointwise_recipe="random", strided_recipe="random", size_px=9)
ALL = ["Sequential", "ReLU", "PoolChannels", "Sequential", "Pointwise"]


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({}, []),
        ({"stride": 3}, ALL[4:]),
        ({"strided_edits": ((0, 0, 5),)}, ALL[4:]),
        ({"pointwise_seed": 1}, ALL[3:]),
        ({"pointwise_relu": True}, ALL[3:]),
        ({"pooling": "mean"}, ALL[2:]),
        ({"rectifier": "square"}, ["Square", *ALL[2:]]),
        ({"wavelength_px": 9.0}, ALL),
        ({"strided": False}, []),
        ({"swapped": True}, []),
        ({"pointwise": False}, ["Pointwise"]),
    ],
)
def test_only_stages_from_the_change_on_are_computed_again(computed, picture, change, again):
    photo = picture(torch.rand(3, 20, 20))
    run(PLAIN, photo)
    assert computed == ALL
    computed.clear()
    run(replace(PLAIN, **change), photo)
    assert computed == again


def test_another_picture_or_size_is_computed_anew(computed, picture):
    for shape in ((3, 20, 20), (3, 20, 20), (3, 20, 24)):
        computed.clear()
        run(PLAIN, picture(torch.rand(shape)))
        assert computed == ALL


def test_the_same_picture_at_another_size_is_computed_anew(computed):
    """The digest is that of the file, whatever size the layers see."""
    photo = images.find("coffee")
    for size in (64, 80):
        computed.clear()
        at_size = images.at_working_size(photo, size)
        found = run(PLAIN, at_size)
        assert computed == ALL
        assert found["bank"].maps.shape[1:] == at_size.pixels.shape[1:]


def test_each_device_is_computed_by_itself(computed, picture, device):
    photo = picture(torch.rand(3, 20, 20))
    run(PLAIN, photo)
    computed.clear()
    run(PLAIN, photo, device)
    assert computed == ([] if device.type == "cpu" else ALL)


def test_what_one_device_computed_is_not_given_out_on_another(cache, picture):
    """With `meta`, which is everywhere, as the other one."""
    photo = picture(torch.rand(3, 6, 5))
    chain = nn.Sequential(nn.ReLU(), nn.Identity())
    for device in (CPU, torch.device("meta"), CPU):
        found = forward(chain, photo, device)
        assert {stage.maps.device for stage in found.values()} == {device}


def test_what_is_cached_is_what_would_be_computed(cache, picture):
    photo = picture(torch.rand(3, 20, 20))
    first = run(PLAIN, photo)
    second = run(PLAIN, photo)
    cache.clear()
    third = run(PLAIN, photo)
    for name, stage in first.items():
        assert second[name].maps is stage.maps or name == "picture"
        assert torch.equal(stage.maps, third[name].maps)


def test_what_is_cached_is_bounded(cache, monkeypatch, picture):
    photo = picture(torch.rand(3, 20, 20))
    for seed in range(8):
        run(replace(PLAIN, pointwise_seed=seed), photo)
    assert 0 < cache.size <= cache.max_size <= 2**30
    monkeypatch.setattr(cache, "max_size", 50_000)
    run(replace(PLAIN, stride=5), photo)
    assert cache.size <= 50_000


def test_the_time_of_a_stage_is_kept_with_it(cache, picture):
    photo = picture(torch.rand(3, 20, 20))
    first, second = run(PLAIN, photo), run(PLAIN, photo)
    assert all(stage.ms > 0 for name, stage in first.items() if name != "picture")
    assert {name: stage.ms for name, stage in first.items()} == {
        name: stage.ms for name, stage in second.items()
    }


# ── Fingerprints ────────────────────────────────────────────────────────────────────────────────


def layers() -> list[nn.Module]:
    """Modules of which no two compute the same."""
    ones, twos = torch.ones(2, 2), torch.full((2, 2), 2.0)
    gabor = GaborParameters(2, 2, 8.0, 4.0, 9, 1.0)
    return [
        Pointwise(ones),
        Pointwise(twos),
        Pointwise(torch.ones(4, 1)),
        Pointwise(torch.ones(1, 4)),
        Pointwise(ones, torch.zeros(2)),
        Pointwise(ones, torch.ones(2)),
        Pointwise(ones, stride=2),
        nn.Sequential(Pointwise(ones), nn.ReLU()),
        nn.Sequential(Pointwise(ones), Square()),
        PoolChannels(2),
        PoolChannels(2, "mean"),
        PoolChannels(4),
        ShuffleChannels(2),
        ShuffleChannels(4),
        nn.Identity(),
        nn.ReLU(),
        Square(),
        *(
            GaborBank(gabor._replace(**{name: value}))  # type: ignore[arg-type]
            for name, value in (
                ("phases", 2),
                ("phases", 1),
                ("orientations", 3),
                ("wavelength_px", 8.5),
                ("sigma_px", 4.5),
                ("size_px", 11),
                ("aspect", 1.1),
            )
        ),
    ]


def test_whatever_computes_something_else_has_another_fingerprint():
    prints = [fingerprint(layer) for layer in layers()]
    assert len(set(prints)) == len(prints)


def test_equal_modules_have_equal_fingerprints(device):
    for one, other in zip(layers(), layers(), strict=True):
        assert fingerprint(one) == fingerprint(other.to(device))


# ── Where memory is short ───────────────────────────────────────────────────────────────────────


@given(setting=..., height=SIDES, width=SIDES, pieces=st.integers(1, 9))
def test_in_pieces_every_stage_gives_the_same(setting: Setting, height, width, pieces):
    setting = replace(setting, size_px=min(setting.size_px, 31))
    x = torch.rand(3, height, width)
    for module in lab.network(setting, x):
        whole, cut = module(x), in_pieces(module, x, pieces)
        assert whole.shape == cut.shape
        bound = 1e-4 * max(1.0, float(whole.abs().max()))
        torch.testing.assert_close(cut, whole, atol=bound, rtol=0)
        x = whole


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(4, 6, 3, padding=1),
        nn.Conv2d(4, 6, 3, stride=2, padding=2, dilation=2, bias=False),
        nn.Conv2d(4, 6, (1, 3)),
        nn.Conv2d(4, 6, 1, padding=1),
        nn.Conv2d(4, 6, 3, groups=2),
        nn.Conv2d(4, 6, 3, padding=1, padding_mode="reflect"),
        nn.Conv2d(4, 6, (1, 3), stride=(2, 1), padding=(0, 1), groups=2),
        nn.ZeroPad2d((0, 1, 0, 1)),
        nn.ZeroPad2d((0, 0, 0, -1)),
        nn.ReflectionPad2d((1, 2, 0, 0)),
        nn.Flatten(-3),
        nn.MaxPool2d(2),
        nn.AdaptiveAvgPool2d(1),
        Pointwise(torch.rand(6, 4), torch.rand(6), stride=3),
    ],
)
@pytest.mark.parametrize("batch", [(), (2,)])
def test_in_pieces_layers_of_every_kind_give_the_same(layer, batch):
    x = torch.rand(*batch, 4, 11, 13)
    with torch.no_grad():
        torch.testing.assert_close(in_pieces(layer, x, 3), layer(x))


class Short(TorchDispatchMode):
    """A device that has room for `most` numbers at a time; gathering is done elsewhere."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        if func is not torch.ops.aten.cat.default and self._allocated(out, args) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate a lot.")
        return out

    def _allocated(self, out: Any, args: Any) -> int:
        """Numbers that were not there before: a view takes no room."""
        there = {x.untyped_storage().data_ptr() for x in args if isinstance(x, Tensor)}
        new = isinstance(out, Tensor) and out.untyped_storage().data_ptr() not in there
        return out.numel() if new else 0


@pytest.mark.parametrize("size_px", [9, 31])
def test_out_of_memory_is_computed_in_pieces_and_said(size_px, cache):
    """The bank's 64 maps do not fit at once, an eighth of them does."""
    setting = Setting(orientations=16, size_px=size_px)
    x = torch.rand(3, 64, 48)
    bank = lab.network(setting, x)[0]
    whole = bank(x)
    with Short(whole.numel() // 2):
        maps, notice = with_what_fits(bank, x, CPU)
    assert notice == REDUCED
    torch.testing.assert_close(maps, whole, atol=1e-4, rtol=0)


def test_every_stage_that_does_not_fit_is_cut_and_the_others_are_not(cache, picture):
    photo = picture(torch.rand(3, 64, 48))
    chain = lab.network(PLAIN, photo.pixels)
    expected = forward(chain, photo, CPU)
    cache.clear()
    with Short(expected["bank"].maps.numel() - 1):
        found = forward(chain, photo, CPU)
    notices = {name: stage.notice for name, stage in found.items()}
    assert notices == {
        "picture": "",
        "bank": REDUCED,
        "rectifier": REDUCED,
        "pooling": "",
        "pointwise": "",
        "strided": "",
    }
    for name, stage in found.items():
        torch.testing.assert_close(stage.maps, expected[name].maps, atol=1e-5, rtol=0)


class Full(nn.Identity):
    """Doubles its input, after having run out of memory a few times."""

    def __init__(self, times: int, error: type[Exception] = torch.OutOfMemoryError) -> None:
        super().__init__()
        self.left = times
        self.error = error

    def forward(self, x: Tensor) -> Tensor:
        if self.left:
            self.left -= 1
            raise self.error("CUDA out of memory")
        return x * 2


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, RuntimeError, MemoryError])
@pytest.mark.parametrize(("times", "notice"), [(0, ""), (1, ""), (2, REDUCED), (3, ON_CPU)])
def test_each_way_that_fails_gives_way_to_the_next(error, times, notice):
    x = torch.rand(3, 9, 9)
    maps, said = with_what_fits(Full(times, error), x, CPU)
    assert said == notice
    assert torch.equal(maps, x * 2)


class Shared(nn.Module):
    """Works where nothing else is kept on the device of its input: it needs all the room there."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        if any(stage.maps.device == x.device for stage in stages._DONE._values.values()):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return x * 2


def test_what_is_kept_on_a_device_makes_room_before_anything_is_cut(cache):
    """On the CPU and on `meta` lies a stage each; work on `meta` needs its own only."""
    for device in ("cpu", "meta"):
        cache.put(device, stages.Stage(torch.zeros(1, 40, 40, device=device), 0.0))
    module = Shared()
    maps, said = with_what_fits(module, torch.rand(3, 9, 9), torch.device("meta"))
    assert (said, maps.device.type, module.calls) == ("", "meta", 2)
    assert [each.maps.device.type for each in cache._values.values()] == ["cpu"]


def test_nothing_is_evicted_while_there_is_room(cache):
    cache.put("kept", stages.Stage(torch.zeros(9, device="meta"), 0.0))
    with_what_fits(nn.ReLU(), torch.rand(3, 9, 9), torch.device("meta"))
    assert cache.get("kept") is not None


class FullDevice(nn.Module):
    """Works on the CPU alone: every other device has no room for it."""

    def forward(self, x: Tensor) -> Tensor:
        if x.device.type != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return x * 2


def test_a_device_without_any_room_leaves_it_to_the_cpu():
    x = torch.rand(3, 9, 9)
    maps, said = with_what_fits(FullDevice(), x, torch.device("meta"))
    assert (said, maps.device) == (ON_CPU, CPU)
    assert torch.equal(maps, x * 2)


class NoRoom(TorchDispatchMode):
    """Nothing more can be copied to `meta`, not even the picture."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        to = (kwargs or {}).get("device")
        if func is torch.ops.aten._to_copy.default and to == torch.device("meta"):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return func(*args, **(kwargs or {}))


def test_where_not_even_the_picture_fits_all_is_left_to_the_cpu(cache, picture):
    photo = picture(torch.rand(3, 24, 20))
    chain = lab.network(PLAIN, photo.pixels)
    expected = forward(chain, photo, CPU)
    with NoRoom():
        found = forward(chain, photo, torch.device("meta"))
    assert {stage.notice for name, stage in found.items() if name != "picture"} == {ON_CPU}
    for name, stage in found.items():
        torch.testing.assert_close(stage.maps, expected[name].maps)


@pytest.mark.parametrize("showing", ["now", "difference"])
def test_where_the_maps_cannot_be_packed_all_is_drawn_on_the_cpu(showing, cache, monkeypatch):
    """The stages fit, the bytes of their maps do not; equal to what is asked of the CPU."""
    photo, pack = images.find("coffee"), packing.pack
    pinned = {
        **replace(PLAIN, pointwise_seed=3).to_query(),
        "working_size_px": "64",
        "picture": "coffee",
        "stage": "strided",
    }

    def full(maps: Tensor, *how: Any, **named: Any) -> packing.Block:
        if maps.is_meta:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return pack(maps, *how, **named)

    def drawn(device: str) -> bytes:
        a = urlencode({**pinned, "device": device})
        view = View(working_size_px=64, stage="strided", showing=showing, pinned=a, device=device)
        return draw(lab, PLAIN, view, photo, 64)

    monkeypatch.setattr(packing, "pack", full)
    monkeypatch.setattr(devices, "chosen", torch.device)
    buffers = drawn("meta"), drawn("cpu")
    found, expected = (
        json.loads(each[4 : 4 + int.from_bytes(each[:4], "little")]) for each in buffers
    )
    assert (found["notice"], expected["notice"]) == (ON_CPU, "")
    assert found["device"] == expected["device"] == "CPU"
    assert found["blocks"] == expected["blocks"]


def test_when_the_cpu_is_full_too_it_is_an_error():
    with pytest.raises(torch.OutOfMemoryError):
        with_what_fits(Full(4), torch.rand(3, 4, 4), CPU)


class Wrong(nn.Module):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error, self.calls = error, 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        raise self.error


@pytest.mark.parametrize(
    "error", [RuntimeError("shapes do not match"), ValueError("out of memory")]
)
def test_other_errors_are_not_tried_again(error):
    module = Wrong(error)
    with pytest.raises(type(error), match=str(error)):
        with_what_fits(module, torch.rand(3, 4, 4), CPU)
    assert module.calls == 1


def test_the_notice_reaches_the_buffer(cache, picture):
    buffer = canvas_buffer(nn.Sequential(Full(2)), picture(torch.rand(3, 9, 9)), CPU)
    assert REDUCED.encode() in buffer


# ── Against the plain way ───────────────────────────────────────────────────────────────────────


@given(setting=..., height=SIDES, width=SIDES)
def test_stages_are_those_of_a_plain_forward(setting: Setting, height, width, picture):
    photo = picture(torch.rand(3, height, width))
    chain = lab.network(setting, photo.pixels)
    found = forward(chain, photo, CPU)
    x = photo.pixels
    assert list(found) == ["picture", *dict(chain.named_children())]
    assert torch.equal(found["picture"].maps, x)
    for name, module in chain.named_children():
        x = module(x)
        assert torch.equal(found[name].maps, x), name


def test_every_device_gives_the_same(device, picture):
    for setting in (PLAIN, Setting(size_px=31), Setting(bank="rgb"), Setting(pooling="mean")):
        photo = picture(torch.rand(3, 64, 48))
        here, there = run(setting, photo), run(setting, photo, device)
        for name, stage in there.items():
            assert stage.maps.device.type == device.type
            torch.testing.assert_close(stage.maps.cpu(), here[name].maps, atol=1e-4, rtol=1e-4)


def test_in_pieces_on_every_device(device):
    layer, x = nn.Conv2d(3, 8, 3, padding=1).requires_grad_(False), torch.rand(3, 20, 20)
    whole = F.conv2d(x, layer.weight, layer.bias, padding=1)
    cut = in_pieces(nn.Sequential(layer, nn.ReLU()).to(device), x.to(device))
    assert cut.device == CPU
    torch.testing.assert_close(cut, whole.relu(), atol=1e-5, rtol=1e-5)


def test_a_step_describes_every_stage_once(monkeypatch: pytest.MonkeyPatch):
    """Torch's description of a network takes half a millisecond, and several keys need it."""
    asked: list[nn.Module] = []

    def describe(stage: nn.Module) -> str:
        asked.append(stage)
        return description(stage)

    monkeypatch.setattr(facts, "description", describe)
    view, setting = lab.read({"wavelength_px": "9.5", "aspect": "1.7", "working_size_px": "64"})
    draw(lab, setting, view, images.shipped.shipped("coffee"), 64)
    assert len(asked) == len({id(stage) for stage in asked}) > 1


def test_a_network_that_grows_has_the_facts_of_all_its_stages():
    """Recipes see a chain of stages before the next one is added to it."""
    chain = nn.Sequential(nn.Conv2d(3, 8, 5))
    assert len(stage_facts(chain, (3, 32, 32))) == 2
    chain.add_module("pool", nn.MaxPool2d(2))
    assert stage_facts(chain, (3, 32, 32))["pool"]["shape"] == [8, 14, 14]
