"""The questions about a trained network: every right answer by running its layers."""

from __future__ import annotations

from math import prod

import pytest
import torch
from looking import noise
from predicting import asked, option, revealed, right
from torch import nn

from viz.lessons.question import Question
from viz.lessons.trained import LESSON
from viz.lessons.trained.head import classifier
from viz.lessons.trained.networks import Trained, usable
from viz.lessons.trained.running import Runner, at_once
from viz.lessons.trained.setting import Setting

SETTINGS = (
    Setting(),
    Setting(layer=49, part="off"),
    Setting(layer=3, part="classifier", photo_px=320),
)
views = pytest.mark.parametrize("setting", SETTINGS)


def network() -> Trained:
    found = usable(Setting().network)
    assert found is not None
    return found


def conv_of(setting: Setting, question: Question) -> nn.Conv2d:
    """The convolution of the layer that is asked about."""
    shown = revealed(setting, question)
    layer = network().network.get_submodule(network().pieces[shown.layer - 1].name)
    assert isinstance(layer, nn.Conv2d)
    return layer


def readers(layer: nn.Conv2d) -> int:
    """How many output maps change with the first input map, with other weights: some here are 0."""
    sizes = (layer.kernel_size[0], layer.kernel_size[1])
    alike = nn.Conv2d(layer.in_channels, layer.out_channels, sizes, groups=layer.groups)
    one = noise(9, 9, channels=layer.in_channels)[None]
    other = one.clone()
    other[:, 0] += 1
    return int(((alike(one) - alike(other)).abs().amax((0, 2, 3)) > 0).sum())


@views
def test_how_many_maps_read_the_first(setting: Setting) -> None:
    found = asked(LESSON, setting, noise())
    for name, depthwise in (("alone", True), ("mixed", False)):
        layer = conv_of(setting, found[name])
        assert (layer.groups > 1) is depthwise
        assert right(found[name]) == readers(layer)


@views
def test_the_weights_of_a_layer_that_also_mixes(setting: Setting) -> None:
    question = asked(LESSON, setting, noise())["ordinary"]
    layer = conv_of(setting, question)
    sizes = layer.kernel_size
    whole = nn.Conv2d(layer.in_channels, layer.out_channels, (sizes[0], sizes[1]), bias=False)
    assert layer.groups > 1
    assert right(question) == whole.weight.numel() / layer.weight.numel()


@views
def test_a_kernel_widens_the_field_by_its_steps(setting: Setting) -> None:
    """In the order of the data, with the product of the strides so far."""
    question = asked(LESSON, setting, noise())["grows"]
    last, step, widens = conv_of(setting, question), 1, {}
    for layer in network().network.modules():
        if isinstance(layer, nn.Conv2d):
            widens[layer] = (layer.kernel_size[0] - 1) * step
            step *= layer.stride[0]
    assert right(question) == widens[last] == max(widens.values())


@views
def test_the_places_of_a_larger_photo(setting: Setting) -> None:
    question = asked(LESSON, setting, noise())["places"]
    px = question.reveal["photo_px"]
    assert isinstance(px, int)
    assert px != setting.photo_px
    runner = Runner(network().network, next(iter(network().nodes.values())).graph)
    end = classifier(runner)
    assert end is not None
    maps = at_once(runner.upto(end.maps, noise(px, px)[None])).maps
    assert right(question) == prod(maps.shape[-2:])


def test_a_mean_and_a_linear_layer_change_places() -> None:
    found = asked(LESSON, Setting(), noise())["order"]
    layer = next(each for each in network().network.modules() if isinstance(each, nn.Linear))
    maps = noise(5, 5, channels=layer.in_features)
    after = layer(maps.flatten(1).T).mean(0)
    torch.testing.assert_close(after, layer(maps.mean((1, 2))), atol=1e-5, rtol=1e-5)
    assert option(found) == "yes"


def test_the_share_of_1x1_weights() -> None:
    question = asked(LESSON, Setting(part="off"), noise())["share"]
    counts = {True: 0, False: 0}
    for layer in network().network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            pointwise = isinstance(layer, nn.Conv2d) and layer.kernel_size == (1, 1)
            counts[pointwise] += layer.weight.numel()
    assert right(question) == round(100 * counts[True] / sum(counts.values()))
    assert "share" not in asked(LESSON, Setting(part="shares"), noise())
