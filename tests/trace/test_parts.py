"""Parts of a network: walked along their own nodes, they are read as the same layers in the whole."""

from __future__ import annotations

import pytest
import torch
from torch import fx, nn

from viz.geometry import ReceptiveField
from viz.layers.part import Part, leading_to
from viz.networks import menu
from viz.reads import read_mask
from viz.reads.masks import _read
from viz.trace import LayerRow, layer_rows
from viz.trace.flow import flow, steps_of_nodes
from viz.trace.graph import traced

SHAPE = (3, 64, 48)
NAMES = ("resnet_50", "efficientnet_lite0", "googlenet", "vgg_16")


def told(row: LayerRow) -> tuple[str, tuple[int, ...], ReceptiveField, int, int]:
    return row.kind, row.output_shape, row.receptive_field, row.parameters, row.macs


@pytest.mark.parametrize("name", NAMES)
def test_a_part_has_the_rows_of_its_layers_in_the_whole(name: str):
    network = menu().networks[name].on_meta()
    shape = menu().networks[name].input_shape
    whole = {row.name: told(row) for row in layer_rows(network, shape)}
    _, steps = steps_of_nodes(network, shape)
    nodes = [node for node, step in steps.items() if not step.maps.flat]
    for node in nodes[3 :: len(nodes) // 5]:
        part = Part(network, node)
        rows = layer_rows(nn.Sequential(part, nn.ReLU()), shape)
        assert rows[-1].kind == "ReLU"
        assert rows[-2].output_shape == steps[node].maps.shape
        for row in rows[:-1]:
            assert told(row) == whole[row.name.removeprefix("0.")]


def test_a_part_from_a_layer_on_is_the_rest_of_the_whole():
    network = menu().networks["resnet_50"].on_meta()
    reading, steps = steps_of_nodes(network, SHAPE)
    by_name = {step.name: node for node, step in steps.items()}
    first, last = by_name["layer2.0.relu_2"], by_name["layer2.3.relu_2"]
    middle = Part(network, last, first=first)
    assert middle.nodes[0] is first
    shape = steps[first].maps.shape
    inside = layer_rows(middle, (shape[0], shape[1], shape[2]))
    own = [row.name.partition(".")[2] for row in inside]
    names = [step.name for step in reading.layers]
    assert own == names[names.index("layer2.0.relu_2") + 1 : names.index("layer2.3.relu_2") + 1]


def test_nodes_that_do_not_lead_to_the_last_one_are_left_out():
    class Code(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            unused = x.exp()
            return (x.relu() + 1) * unused

    graph = traced(Code())
    (last,) = (node for node in graph.nodes if node.target == "relu")
    assert [node.name for node in leading_to(last)] == ["x", "relu"]
    assert isinstance(last, fx.Node)


# ── Residual blocks ─────────────────────────────────────────────────────────────────────────────


def test_a_block_and_its_shortcut_need_no_rectangles_of_their_own():
    """Else a network of n blocks would need 2ⁿ of them."""
    network = menu().networks["efficientnet_lite0"].on_meta()
    reading = flow(network[:-3], SHAPE)
    assert max(map(len, _read(reading).values())) == 1
    assert sum(step.name.endswith(".add") for step in reading.layers) == 9


class Shifted(nn.Module):
    """Its branch does not read the place of the unit, which the shortcut does."""

    def __init__(self) -> None:
        super().__init__()
        self.dilated = nn.Conv2d(1, 1, (1, 2), dilation=4, padding=(0, 2), bias=False)
        self.dilated.weight.data = torch.ones(1, 1, 1, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.dilated(x)


def test_a_branch_that_skips_its_place_does_not_hold_the_shortcut():
    """Its two taps are left and right of a map of two columns, which only the shortcut reads."""
    assert read_mask(nn.Sequential(Shifted()), (1, 1, 2)).all()
    holed = nn.Sequential(nn.MaxPool2d(1, (1, 3)), Shifted())
    assert read_mask(holed, (1, 1, 6)).tolist() == [[True, False, False, True, False, False]]
