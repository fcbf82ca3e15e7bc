"""Prints what TorchLens says of a published network, as JSON. A process of its own, for it patches torch.

TorchLens runs the network. Heads of more than a hundred megabytes are left out.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import torch

from viz.networks import menu


def main() -> None:
    import torchlens  # not where pytest collects examples: it patches torch

    network = menu().networks[sys.argv[1]]
    module: Any = network.on_meta()
    if sys.argv[2]:
        names = [name for name, _ in module.named_children()]
        module = module[: names.index(sys.argv[2])]
    module.to_empty(device="cpu")  # what the weights are does not matter
    with torch.no_grad():
        for numbers in (*module.parameters(), *module.buffers()):
            numbers.zero_()
        trace = torchlens.trace(module, torch.rand(1, *network.input_shape))
    print(json.dumps({op.address: told(op) for op in trace.ops if op.address and op.is_compute_op}))


def told(op: Any) -> dict[str, Any]:
    axes = (op.receptive_field.axes or ())[2:]  # none where it gives up
    return {
        "shape": list(op.shape)[1:],
        "macs": int(op.macs_forward or 0),
        "parameters": int(op.num_params),
        "windows": [
            [axis.size, int(axis.jump), float(axis.center0)] if axis.kind == "windowed" else None
            for axis in axes
        ],
        "status": op.receptive_field.status.value,
    }


if __name__ == "__main__":
    main()
