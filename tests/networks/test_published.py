"""Published networks against the reference tables, torch's own counts, and a plain loop.

The rows are those of `assets/reference/`; each says where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import prod
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from viz.geometry import ReceptiveField
from viz.layers.cross_channel_pooling import Maxout
from viz.networks import PUBLISHED, Network
from viz.networks.alexnet import alexnet_v2
from viz.networks.googlenet import MODULES, Inception, googlenet, inception
from viz.networks.mobilenet import mobilenet_v1
from viz.networks.network_in_network import network_in_network
from viz.networks.reference import reference
from viz.networks.resnet import Bottleneck, resnet_50
from viz.networks.vgg import vgg_16
from viz.trace import LayerRow, between, cost, layer_rows, receptive_field

IMAGE = (3, 224, 224)


def on_meta(build: Callable[..., Any], *arguments: Any) -> Any:
    with torch.device("meta"):
        return build(*arguments)


def row(network: nn.Module, name: str, shape: tuple[int, ...] = IMAGE) -> LayerRow:
    return next(row for row in layer_rows(network, shape) if row.name == name)


def square(size: int, stride: int, padding: int) -> ReceptiveField:
    return ReceptiveField((size, size), (stride, stride), (padding, padding))


def stated(what: str, quantity: str) -> int:
    (value,) = (
        int(each["value"])
        for each in reference("counts")
        if each["what"].startswith(what) and each["quantity"] == quantity
    )
    return value


# ── Receptive fields ────────────────────────────────────────────────────────────────────────────


def slim_resnet_50() -> nn.Module:
    """TF-slim's: the last bottleneck of a stage has its stride, and the pool is padded after."""
    network: Any = resnet_50()
    network.pool = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.MaxPool2d(3, 2))
    for stage, channels in ((network.layer1, 256), (network.layer2, 512), (network.layer3, 1024)):
        stage[-1] = Bottleneck(channels, channels // 4, stride=2)
    for stage, channels in ((network.layer2, 256), (network.layer3, 512), (network.layer4, 1024)):
        stage[0] = Bottleneck(channels, stage[0].conv2.out_channels, stride=1)
    return network.eval()


def fcn_alexnet() -> nn.Module:
    """As in the FCN paper: 6×6 units are left for fc6."""
    network = alexnet_v2()
    network.fc6 = nn.Conv2d(256, 4096, 6)
    return network


# Row of the table -> network, the layer at whose output it holds, and a shape that fits.
FIELDS: dict[str, tuple[Callable[[], nn.Module], str, tuple[int, int, int]]] = {
    "alexnet_v2": (alexnet_v2, "pool5", IMAGE),
    "vgg_16": (vgg_16, "pool5", IMAGE),
    "mobilenet_v1": (mobilenet_v1, "step13.pointwise_relu", IMAGE),
    "resnet_v1_50": (slim_resnet_50, "layer4.2.relu_2", IMAGE),
    "googlenet_paper_5b": (googlenet, "inception5b", IMAGE),
    "googlenet_paper_average_pool": (googlenet, "average", IMAGE),
    "vgg_16_fc6_as_conv": (vgg_16, "fc6", IMAGE),
    "alexnet_fc6_as_conv": (fcn_alexnet, "fc6", (3, 259, 259)),
}
# Of these there is no network here.
ABSENT = "inception_v2 inception_v3 inception_v4 inception_resnet_v2 resnet_v1_101 resnet_v1_152"


def test_every_row_of_the_table_is_compared_or_named():
    rows = {each["network"] for each in reference("receptive_fields")}
    assert rows == set(FIELDS) | set(ABSENT.split())


@pytest.mark.parametrize("name", FIELDS)
def test_fields_are_those_of_the_table(name: str):
    (stated,) = (each for each in reference("receptive_fields") if each["network"] == name)
    build, layer, shape = FIELDS[name]
    field = row(on_meta(build), layer, shape).receptive_field
    assert field.size == (int(stated["size"]),) * 2
    assert field.stride == (int(stated["stride"]),) * 2
    if stated["padding"]:
        assert field.padding == (int(stated["padding"]),) * 2
    assert field.aligned


def test_fields_that_no_table_has():
    """torchvision's ResNet-50 and AlexNet's 5×5 fc6, by the recurrence with pencil and paper."""
    assert row(on_meta(resnet_50), "layer4.2.relu_2").receptive_field.size == (427, 427)
    assert row(on_meta(alexnet_v2), "fc6").receptive_field == square(323, 32, 64)


def test_misaligned_branches_of_tensorflow_are_seen():
    """Padded only after the map, a 3×3 of stride 2 has another centre than the 1×1 beside it."""
    late = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(8, 8, 3, 2))

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.late, self.shortcut = late, nn.Conv2d(8, 8, 1, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.late(x) + self.shortcut(x)

    assert not receptive_field(Block(), (8, 28, 28)).aligned


@pytest.mark.parametrize("network", PUBLISHED, ids=lambda network: network.name)
def test_published_networks_are_aligned_and_exact_before_their_head(network: Network):
    rows = layer_rows(network.on_meta(), network.input_shape)
    assert all(row.receptive_field.aligned for row in rows)
    mixing = [row for row in rows if row.kind in ("Conv2d", "Linear") and row.macs]
    assert rows[-1].output_shape in ((1000,), (10,), (1000, 1, 1))
    assert {row.receptive_field.certainty for row in mixing} == {"exact"}


# ── Counts ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("network", PUBLISHED, ids=lambda network: network.name)
def test_shapes_parameters_and_flops_are_those_of_torch(network: Network):
    """Nothing is allocated: torch counts on the `meta` device as well."""
    module, total = network.on_meta(), cost(network.on_meta(), network.input_shape)
    with FlopCounterMode(display=False) as counter:
        out = module(torch.empty(1, *network.input_shape, device="meta"))
    assert 2 * total.macs == counter.get_total_flops()
    assert total.parameters == sum(p.numel() for p in module.parameters())
    assert layer_rows(module, network.input_shape)[-1].output_shape == tuple(out.shape[1:])


def multiplications(module: nn.Module, shape: tuple[int, ...]) -> int:
    """Multiply-adds counted by a plain loop: over the units, and the weights that each meets."""
    counted = 0

    def count(layer: nn.Module, args: Any, out: torch.Tensor) -> None:
        nonlocal counted
        for _ in product(*map(range, out.shape[1:])):  # every unit of every channel
            counted += prod(layer.weight.shape[1:])

    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear | Maxout):
            layer.register_forward_hook(count)
    module(torch.empty(1, *shape, device="meta"))
    return counted


@pytest.mark.parametrize("network", PUBLISHED, ids=lambda network: network.name)
def test_macs_are_those_of_a_loop_that_counts_multiplications(network: Network):
    """On a small input, so that the loop ends; a head on the vector is left out."""
    module, shape = network.on_meta(), (3, 64, 48)
    if "flatten" in dict(module.named_children()):
        names = [name for name, _ in module.named_children()]
        before = names[: names.index("average" if "average" in names else "flatten")]
        module = nn.Sequential(*(module.get_submodule(name) for name in before))
    else:
        module = module[:12]
    assert cost(module, shape).macs == multiplications(module, shape)


def test_the_textbook_examples():
    fifty = nn.Conv2d(50, 20, 1, device="meta")
    assert cost(fifty, (50, 200, 200)).parameters == stated("1x1 from 50", "weights and biases")
    assert fifty.weight.numel() == stated("1x1 from 50", "weights")
    assert cost(fifty, (50, 200, 200)).macs == stated("1x1 from 50", "MACs")
    five = nn.Conv2d(192, 32, 5, padding=2, device="meta")
    assert cost(five, (192, 28, 28)).macs == stated("5x5 from 192", "MACs")
    through = [nn.Conv2d(192, 16, 1, device="meta"), nn.Conv2d(16, 32, 5, padding=2, device="meta")]
    assert cost(nn.Sequential(*through), (192, 28, 28)).macs == stated("the same through", "MACs")


def test_vgg_16():
    network = on_meta(vgg_16)
    total = cost(network, IMAGE)
    assert total.parameters == stated("VGG-16 whole", "weights and biases")
    before = network[: [name for name, _ in network.named_children()].index("flatten")]
    assert cost(before, IMAGE).parameters == stated("VGG-16 conv", "weights and biases")
    assert row(network, "fc6").parameters == stated("7x7x512 to 4096", "weights and biases")
    assert row(network, "fc8").parameters == stated("4096 to 1000", "weights and biases")
    assert row(network, "pool5").output_shape == (512, 7, 7)


def test_googlenet():
    network, where = on_meta(googlenet), "GoogLeNet"
    assert cost(network, IMAGE).parameters == stated(where, "weights and biases")
    assert cost(network, IMAGE).macs == stated("GoogLeNet likewise", "MACs")


def test_network_in_network():
    total = cost(on_meta(network_in_network), (3, 32, 32))
    assert total.parameters == stated("NIN for CIFAR-10", "weights and biases")


def test_mobilenet_v1():
    network = on_meta(mobilenet_v1)
    rows = [row for row in layer_rows(network, IMAGE) if row.kind in ("Conv2d", "Linear")]
    weights = {row.name: network.get_submodule(row.name).weight.numel() for row in rows}
    assert sum(row.macs for row in rows) == stated("MobileNet v1 1.0 at 224", "MACs")
    assert sum(weights.values()) == stated("MobileNet v1 1.0 at 224 without", "weights")
    pointwise = [row for row in rows if row.name.endswith("pointwise")]
    share = sum(row.macs for row in pointwise) / sum(row.macs for row in rows)
    assert f"{100 * share:.2f}" == "94.86"  # the note of that row
    share = sum(weights[row.name] for row in pointwise) / sum(weights.values())
    assert f"{100 * share:.2f}" == "74.59"


def test_a_bottleneck_and_two_3x3_of_as_many_channels():
    block = on_meta(Bottleneck, 256, 64).eval()
    weights = sum(p.numel() for p in block.parameters() if p.ndim == 4)
    assert weights == stated("ResNet bottleneck", "weights")
    plain = on_meta(lambda: nn.Sequential(*(nn.Conv2d(256, 256, 3, bias=False) for _ in range(2))))
    assert cost(plain, (256, 56, 56)).parameters == 1_179_648  # the note of that row


# ── The Inception modules of GoogLeNet ──────────────────────────────────────────────────────────


TABLE = {each["module"]: each for each in reference("googlenet_inception")}


COLUMNS = {  # of the table, and the names here
    "height": "side_px",
    "width": "side_px",
    "in_channels": "inputs",
    "conv1x1": "one",
    "reduce3x3": "reduce_three",
    "conv3x3": "three",
    "reduce5x5": "reduce_five",
    "conv5x5": "five",
    "pool_proj": "projection",
}


def test_the_table_has_all_modules():
    assert list(TABLE) == [module.name for module in MODULES]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_modules_have_the_widths_and_counts_of_the_table(module: Inception):
    stated = TABLE[module.name]
    for column, name in COLUMNS.items():
        assert int(stated[column]) == getattr(module, name)
    assert stated["printed_ops"] == f"{module.printed_macs_m}M"
    built, shape = on_meta(inception, module), (module.inputs, module.side_px, module.side_px)
    total = cost(built, shape)
    assert total.macs == int(stated["exact_macs"])
    assert total.parameters == int(stated["exact_weights_and_biases"])
    weights = sum(p.numel() for p in built.parameters() if p.ndim == 4)
    assert weights == int(stated["exact_weights"])
    out = row(on_meta(googlenet), f"inception{module.name}")
    assert out.output_shape == (int(stated["out_channels"]), *shape[1:])
    assert module.convolved + module.projection == int(stated["out_channels"])


def test_naive_3a_passes_all_channels_of_the_pool_on():
    naive = on_meta(lambda: inception(MODULES[0], reduced=False, projected=False))
    rows = layer_rows(naive, (192, 28, 28))
    assert rows[-1].output_shape == (416, 28, 28)
    assert rows[-1].receptive_field.size == (5, 5)
    assert [row.kind for row in rows] == [*["Conv2d", "ReLU"] * 3, "MaxPool2d", "Branches"]


def test_branches_of_a_module_in_the_picture():
    """3a stands on a field of 27 pixels at stride 8: each branch adds its own reach."""
    network = on_meta(googlenet)
    field = row(network, "inception3a").receptive_field
    assert [box.size[0] for box in field.boxes] == [27, 27 + 2 * 8, 27 + 4 * 8]
    assert between(network, IMAGE, "pool2", "inception3a").field.size == (5, 5)
