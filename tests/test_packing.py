"""Packed maps read back as a browser would, against the maps themselves."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from looking import stage_names
from torch import Tensor

from viz import lessons
from viz.lessons.lab.setting import Setting
from viz.packing import Block, join, pack
from viz.run import drawing
from viz.view import View

EPS = 1.2e-7


def dequantised(block: Block) -> np.ndarray:
    """What `buffer.js` makes of the bytes, from the header alone."""
    header = block.header()
    low, high = (np.array(header[name])[:, None, None] for name in ("low", "high"))
    return low + block.pixels.numpy() / 255 * (high - low)


def unpacked(buffer: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The header, and the pixels of every block."""
    length = int.from_bytes(buffer[:4], "little")
    header, at = json.loads(buffer[4 : 4 + length]), 4 + length
    pixels = {}
    for name, block in header["blocks"].items():
        size = int(np.prod(block["shape"]))
        pixels[name] = np.frombuffer(buffer, np.uint8, size, at).reshape(block["shape"])
        at += size
    assert at == len(buffer)
    return header, pixels


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


# ── One block ───────────────────────────────────────────────────────────────────────────────────


@given(
    st.integers(1, 5),
    st.integers(1, 9),
    st.integers(1, 9),
    st.floats(-100, 100),
    st.floats(0.01, 1e4),
)
def test_every_value_reads_back_to_half_a_step(maps, height, width, offset, scale):
    values = drawn(maps, height, width) * scale + offset
    block = pack(values)
    assert block.pixels.dtype == torch.uint8
    exact = values.double().numpy()
    span = exact.max((1, 2), keepdims=True) - exact.min((1, 2), keepdims=True)
    # six digits in the header, and float32 on the way to the byte
    slack = 5e-6 * np.abs(exact).max((1, 2), keepdims=True)
    assert (np.abs(dequantised(block) - exact) <= 0.5 * span / 255 + slack).all()


def test_ends_of_the_range_are_the_first_and_the_last_byte():
    block = pack(drawn(3, 8, 8))
    assert block.pixels.amin((1, 2)).tolist() == [0, 0, 0]
    assert block.pixels.amax((1, 2)).tolist() == [255, 255, 255]


def test_by_hand():
    """−1, 0, 1 and 3 on a scale of 4: a quarter of 255 is 63.75."""
    block = pack(torch.tensor([[[-1.0, 0.0], [1.0, 3.0]]]))
    assert block.pixels.tolist() == [[[0, 64], [128, 255]]]
    assert block.header() == {"shape": [1, 2, 2], "mean_of": 1, "low": [-1.0], "high": [3.0]}


@given(st.floats(-1e6, 1e6, width=32), st.floats(0, 1e-8))
@example(0.0, 1e-8)
def test_a_map_that_is_constant_up_to_rounding_is_exactly_constant(value, noise):
    values = torch.full((2, 5, 5), value) + noise * drawn(2, 5, 5).sign()
    values[1] += EPS * abs(value) * torch.randint(-2, 3, (5, 5))
    block = pack(values)
    assert block.low == block.high
    assert not block.pixels.any()
    found = dequantised(block)
    assert (found == found[:, :1, :1]).all()


def test_beside_a_constant_map_another_keeps_its_range():
    block = pack(torch.stack([torch.zeros(4, 4), drawn(4, 4)]))
    assert (block.low[0], block.high[0]) == (0, 0)
    assert block.low[1] < 0 < block.high[1]
    assert int(block.pixels[1].max()) == 255


def test_a_faint_map_is_not_called_constant():
    block = pack(torch.tensor([[[0.0, 1e-4]]]))
    assert block.pixels.tolist() == [[[0, 255]]]


@pytest.mark.parametrize("extremes", [(-3e38, 0.0), (0.0, 3e38), (1e-4, 1.1e-4)])
def test_extreme_ranges_stay_in_their_bytes(extremes):
    block = pack(torch.tensor([[list(extremes)]]))
    assert block.pixels.tolist() == [[[0, 255]]]


# ── Averaging ───────────────────────────────────────────────────────────────────────────────────


@given(st.integers(1, 3), st.integers(1, 40), st.integers(1, 40), st.integers(1, 45))
def test_averages_are_block_means_of_numpy_with_ragged_edges(maps, height, width, shown_px):
    values = drawn(maps, height, width)
    block = pack(values, shown_px)
    n = block.mean_of
    assert n == max(1, -(-max(height, width) // shown_px))
    assert max(block.pixels.shape[1:]) <= shown_px
    means = np.array(
        [
            [
                [one[i : i + n, j : j + n].mean() for j in range(0, width, n)]
                for i in range(0, height, n)
            ]
            for one in values.double().numpy()
        ]
    )
    assert tuple(block.pixels.shape) == means.shape
    span = means.max((1, 2)) - means.min((1, 2))
    worst = np.abs(dequantised(block) - means).max((1, 2))
    assert (worst <= 0.5 * span / 255 + 5e-6).all()


def test_small_maps_are_not_averaged():
    assert pack(drawn(1, 30, 20), 30).mean_of == 1
    assert pack(drawn(1, 31, 20), 30).mean_of == 2
    assert pack(drawn(1, 31, 20)).mean_of == 1


# ── The buffer ──────────────────────────────────────────────────────────────────────────────────


def test_a_buffer_reads_back():
    blocks = {"kernels": pack(drawn(4, 5, 5)), "maps": pack(drawn(2, 9, 7), 6)}
    header, pixels = unpacked(join({"name": "45° 90°", "n": 3}, blocks))
    assert (header["name"], header["n"]) == ("45° 90°", 3)
    assert list(pixels) == ["kernels", "maps"]
    for name, block in blocks.items():
        assert header["blocks"][name] == block.header()
        np.testing.assert_array_equal(pixels[name], block.pixels.numpy())


def test_a_buffer_of_nothing_but_a_header():
    assert unpacked(join({}, {})) == ({"blocks": {}}, {})


@pytest.mark.parametrize("size", [64, 224])
@pytest.mark.parametrize(
    "setting",
    [
        Setting(),
        Setting(orientations=16, phases=4),
        Setting(orientations=16, phases=4, pooling="none", pointwise=False, stride=8),
        Setting(orientations=16, phases=4, pooling="none", rectifier="none", size_px=3, stride=8),
        Setting(
            orientations=13,
            phases=4,
            pooling="none",
            rectifier="none",
            size_px=3,
            pointwise_outputs=52,
            strided_recipe="random",
            strided_outputs=64,
            stride=8,
        ),
        Setting(bank="rgb", pooling="none", pointwise_outputs=64, pointwise_recipe="random"),
        Setting(bank="rgb", pointwise_recipe="opponent"),
        Setting(
            orientations=15,
            pooling="none",
            pointwise_recipe="random",
            pointwise_outputs=64,
            pointwise_edits=tuple((n // 8, n % 8, n) for n in range(64)),
            stride=8,
        ),
    ],
)
def test_the_header_is_small_beside_the_pixels(picture, size, setting):
    """At most 1.1 × pixels + 8 kB is sent, for every stage: names, marks and links take some."""
    lab, photo = lessons.load("lab"), picture(torch.rand(3, 224, 168))
    for stage in ("picture", *stage_names(lab)):
        view = View(working_size_px=size, stage=stage)
        buffer = drawing.draw(lab, setting, view, photo, shown_px=224)
        _, pixels = unpacked(buffer)
        of_pixels = sum(block.size for block in pixels.values())
        assert len(buffer) <= 1.1 * of_pixels + 8192, stage


def test_packs_on_every_device(device):
    values = drawn(3, 21, 17)
    there, here = pack(values.to(device), 9), pack(values, 9)
    assert there.pixels.device.type == "cpu"
    assert (there.pixels.int() - here.pixels.int()).abs().max() <= 1
    assert there.low == pytest.approx(here.low, abs=1e-6)


@pytest.mark.parametrize("size", [(7, 9), (8, 8), (5, 12)])
def test_classes_are_chosen_and_never_averaged(size: tuple[int, int]):
    maps = torch.randint(0, 10, (2, *size), generator=torch.Generator().manual_seed(1)).float()
    maps[:, 0, 0], maps[:, -1, -1] = 0, 9
    block = pack(maps, shown_px=4, classes=True)
    n = block.mean_of
    assert n > 1
    for i, one in enumerate(maps):
        for row in range(block.pixels.shape[1]):
            for column in range(block.pixels.shape[2]):
                at = min(row * n + n // 2, size[0] - 1), min(column * n + n // 2, size[1] - 1)
                step = (block.high[i] - block.low[i]) / 255
                told = block.low[i] + float(block.pixels[i, row, column]) * step
                assert round(told) == one[at]
    averaged = pack(maps, shown_px=4)
    assert averaged.pixels.shape == block.pixels.shape
