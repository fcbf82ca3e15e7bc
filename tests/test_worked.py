"""The arithmetic of one number as pictures, read back: pixels, cells, names and sums."""

from __future__ import annotations

import base64
import io
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import torch
from PIL import Image, ImageColor
from torch import nn

from viz.arithmetic import Arithmetic, arithmetic, patches, strongest
from viz.figures.heat import heat
from viz.layers.cross_channel_pooling import PoolChannels
from viz.layers.pointwise import Pointwise
from viz.ui.worked import MAX_ROWS, worked


class Reader(HTMLParser):
    """The pictures, and every cell's exact number and colours, in their order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.images: list[dict[str, str]] = []
        self.cells: list[dict[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        if tag == "img":
            self.images.append(dict(attrs))
        elif tag == "td" and "title" in dict(attrs):
            self.cells.append(dict(attrs))

    @property
    def numbers(self) -> list[float]:
        return [float(cell["title"]) for cell in self.cells]


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def pixels(image: dict[str, str]) -> np.ndarray:
    data = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
    return np.array(Image.open(io.BytesIO(data)))


def convolution(channels: int, side: int, *, bias: bool = False) -> nn.Conv2d:
    torch.manual_seed(channels * side)
    layer = nn.Conv2d(channels, 2, side, padding=side // 2, bias=bias)
    return layer.requires_grad_(False)


def test_patch_kernel_and_products_are_those_of_torch():
    layer, maps = convolution(1, 3), torch.rand(1, 6, 7)
    taken = arithmetic(layer, maps, (1, 2, 3))
    read = Reader(worked(taken, ["R"]))
    patch, kernel = maps[0, 1:4, 2:5].double(), layer.weight[1, 0].double()
    expected = torch.cat([each.flatten() for each in (patch, kernel, patch * kernel)])
    assert read.numbers == pytest.approx(expected.tolist(), rel=1e-7)
    assert "R, rows 1–3, columns 2–4" in plain(worked(taken, ["R"]))


def test_a_large_kernel_is_a_pixel_picture_with_a_text():
    layer, maps = convolution(1, 7), torch.rand(1, 9, 9) - 0.5
    taken = arithmetic(layer, maps, (0, 4, 4))
    images = Reader(worked(taken, ["R"])).images
    given = [maps[0, 1:8, 1:8], layer.weight[0, 0], maps[0, 1:8, 1:8] * layer.weight[0, 0]]
    assert len(images) == 3
    for image, values, kind in zip(
        images, given, ("activation", "weight", "activation"), strict=True
    ):
        shown, numbers = pixels(image), values.numpy()
        assert shown.shape == (7, 7, 4)
        assert (shown[..., 3] == 255).all()
        order = numbers.flatten().argsort()
        hot = [shown.reshape(-1, 4)[at][:3].astype(int) for at in (order[0], order[-1])]
        strength = np.abs(numbers.flatten()[[order[0], order[-1]]])
        end = stops(kind)[(0, -1)[int(strength.argmax())]]
        assert (hot[int(strength.argmax())] == end).all()  # the largest has the end of its table
        assert "7 × 7 numbers from" in image["alt"]


def stops(name: str) -> np.ndarray:
    from viz.figures.heat import _COLOURS

    return np.array([ImageColor.getrgb(colour) for colour in _COLOURS[name]])


def test_padding_that_is_not_read_is_clear():
    taken = arithmetic(convolution(1, 11), torch.rand(1, 9, 9), (0, 0, 0))
    assert pixels(Reader(worked(taken, ["R"])).images[0]).shape == (6, 6, 4)
    read = heat([1.0], "input").picture([[1.0, None]])
    assert pixels({"src": read})[0, :, 3].tolist() == [255, 0]


def test_of_many_channels_the_strongest_come_first_and_the_rest_is_one_sum():
    layer, maps = convolution(8, 3), torch.rand(8, 5, 5)
    taken = arithmetic(layer, maps, (0, 2, 2))
    by_channel = (maps[:, 1:4, 1:4].double() * layer.weight[0].double()).sum((1, 2))
    order = by_channel.abs().argsort(descending=True).tolist()
    assert [each.channel for each in patches(taken)] == order
    text = plain(worked(taken, [f"c{n}" for n in range(8)]))
    assert [text.index(f"c{n},") for n in order[:3]] == sorted(
        text.index(f"c{n},") for n in order[:3]
    )
    rest = float(by_channel[order[3:]].sum())
    said = re.search(r"and 5 more channels: (\S+)", text)
    assert float(said[1].replace("−", "-")) == pytest.approx(rest, rel=0.006, abs=6e-4)


def test_rows_of_a_pointwise_are_sorted_and_add_up():
    torch.manual_seed(3)
    layer, maps = Pointwise(torch.randn(2, 20)), torch.randn(20, 2, 2)
    taken = arithmetic(layer, maps, (1, 0, 1))
    read = Reader(worked(taken, [str(n) for n in range(20)]))
    *rows, rest = read.numbers
    shown = np.array(rows).reshape(MAX_ROWS, 3)
    products = (layer.matrix[1].double() * maps[:, 0, 1].double()).detach().numpy()
    assert shown[:, 0] * shown[:, 1] == pytest.approx(shown[:, 2], rel=1e-6)
    assert (np.diff(np.abs(shown[:, 2])) <= 0).all()
    assert np.abs(shown[:, 2]).min() >= np.sort(np.abs(products))[-MAX_ROWS] - 1e-7
    assert shown[:, 2].sum() + rest == pytest.approx(taken.output)
    assert "and 8 more" in plain(worked(taken, [str(n) for n in range(20)]))


@pytest.mark.parametrize("maximum", [PoolChannels(4), nn.MaxPool2d(2)])
def test_the_input_that_a_maximum_keeps_is_marked(maximum: nn.Module):
    torch.manual_seed(5)
    maps = torch.randn(4, 2, 2)
    taken = arithmetic(maximum, maps, (0, 0, 0))
    kept = [
        cell for cell in Reader(worked(taken, list("abcd"))).cells if cell.get("class") == "kept"
    ]
    assert [float(cell["title"]) for cell in kept] == [pytest.approx(float(maximum(maps)[0, 0, 0]))]


@pytest.mark.parametrize("mean", [PoolChannels(4, "mean"), nn.AvgPool2d(2)])
def test_a_mean_shows_its_inputs_and_the_mean(mean: nn.Module):
    maps = torch.arange(16.0).view(4, 2, 2)
    taken = arithmetic(mean, maps, (0, 0, 0))
    html = worked(taken, list("abcd"))
    assert len(Reader(html).cells) == 4
    assert "kept" not in html
    assert re.search(
        rf"{float(mean(maps)[0, 0, 0]):g} +mean|mean +{float(mean(maps)[0, 0, 0]):g}", plain(html)
    )


def test_bias_and_functions_are_said_at_the_end():
    stage = nn.Sequential(Pointwise(torch.tensor([[-2.0]]), torch.tensor([0.5])), nn.ReLU())
    text = plain(worked(arithmetic(stage, torch.tensor([[[1.0]]]), (0, 0, 0)), ["R"]))
    assert "sum −2 + bias 0.5 = −1.5 → ReLU → 0" in text


def test_inputs_inside_a_stage_are_not_called_by_the_names_that_reach_it():
    grey = Pointwise(torch.tensor([[0.3, 0.6, 0.1]]))
    taken = arithmetic(nn.Sequential(grey, convolution(1, 3)), torch.rand(3, 5, 5), (0, 2, 2))
    assert taken.inside
    assert "input 1, rows" in plain(worked(taken, list("RGB")))


def test_names_are_text_not_markup():
    taken = arithmetic(Pointwise(torch.ones(1, 2)), torch.ones(2, 1, 1), (0, 0, 0))
    assert "<script>" not in worked(taken, ["<script>", "b"])


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_can_be_read_on_every_colour(dark: bool):
    """WCAG's contrast of text, near 4.5 : 1, on every shade of every table."""
    for kind in ("input", "weight", "product"):
        for values in ([-1.0, 1.0], [0.0, 1.0]):
            scale = heat(values, kind, dark=dark)
            for value in np.linspace(values[0], 1, 41):
                ground, ink = (luminance(colour) for colour in scale.cell(float(value)))
                assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 4.2


def luminance(colour: str) -> float:
    share = np.array(ImageColor.getrgb(colour)) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_one_other_alone_has_a_row_too():
    places = [(n, 0, 0) for n in range(4)]
    taken = Arithmetic("sum", places, [1.0, 2.0, 3.0, 4.0], [1.0] * 4, 0.0, 10.0, "", 10.0)
    assert strongest(taken, 3) == ([3, 2, 1, 0], [])
    assert strongest(taken, 2) == ([3, 2], [1, 0])
