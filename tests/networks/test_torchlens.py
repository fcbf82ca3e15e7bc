"""Published networks against TorchLens, which runs them and reads the graph that really ran."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from torch import nn

from viz.assets import ROOT
from viz.networks import menu
from viz.trace import LayerRow, layer_rows

pytestmark = pytest.mark.slow

# Of each network what to leave out, from a child on, because it is large.
WITHOUT = {
    "alexnet_v2": "fc6",
    "vgg_16": "flatten",
    "network_in_network": "",
    "googlenet": "",
    "mobilenet_v1": "",
    "resnet_50": "",
}


def told(name: str) -> dict[str, dict[str, Any]]:
    """By the name of a module, what TorchLens says."""
    program = Path(__file__).with_name("by_torchlens.py")
    done = subprocess.run(
        [sys.executable, str(program), name, WITHOUT[name]],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def rows_of(name: str) -> list[LayerRow]:
    network = menu().networks[name]
    module: Any = network.on_meta()
    if WITHOUT[name]:
        module = module[: [child for child, _ in module.named_children()].index(WITHOUT[name])]
    return layer_rows(module, network.input_shape)


@pytest.mark.parametrize("name", WITHOUT)
def test_shapes_counts_and_fields_are_those_of_torchlens(name: str):
    found, compared = told(name), 0
    for row in rows_of(name):
        if row.name not in found:  # an addition has no module
            continue
        said, field = found[row.name], row.receptive_field
        assert said["shape"] == list(row.output_shape), row.name
        if row.kind in ("Conv2d", "Linear"):
            assert (said["macs"], said["parameters"]) == (row.macs, row.parameters), row.name
        windows = (field.rows, field.columns) if len(row.output_shape) == 3 else ()
        for window, axis in zip(windows, said["windows"], strict=False):
            if axis is not None:
                assert axis == [window.size, window.stride, window.centre(0)], row.name
                compared += 1
    assert compared >= 2 * sum(isinstance(each, nn.Conv2d) for each in modules_of(name))


def modules_of(name: str) -> list[nn.Module]:
    network: Any = menu().networks[name].on_meta()
    children = [child for child, _ in network.named_children()]
    kept = network[: children.index(WITHOUT[name])] if WITHOUT[name] else network
    return list(kept.modules())
