"""Adam beside torch's own, and without the modules that torch's own imports."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import nn

from viz.assets import ROOT
from viz.training.adam import Adam


def trained(make, steps: int, falls: bool) -> list[torch.Tensor]:
    torch.manual_seed(3)
    network = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2), nn.Linear(2, 1))
    network[2].bias.requires_grad_(False)  # so that it has no gradient
    adam, x = make(list(network.parameters())), torch.randn(20, 4)
    for step in range(steps):
        if falls:
            set_rate(adam, 0.1 * (1 - step / steps))
        loss = (network(x) - x[:, :1].square()).square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    return [weight.detach() for weight in network.parameters()]


def set_rate(adam, rate: float) -> None:
    if isinstance(adam, Adam):
        adam.rate = rate
    else:
        adam.param_groups[0]["lr"] = rate


@pytest.mark.parametrize("falls", [False, True], ids=["one rate", "a falling rate"])
def test_is_torchs_adam_step_for_step(falls: bool):
    for steps in (1, 2, 50):
        ours = trained(lambda weights: Adam(weights, rate=0.03), steps, falls)
        theirs = trained(lambda weights: torch.optim.Adam(weights, lr=0.03), steps, falls)
        for one, other in zip(ours, theirs, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


ALONE = """
import sys, torch
from viz.training.adam import Adam
before = set(sys.modules)
weight = torch.ones(3, requires_grad=True)
adam = Adam([weight], rate=0.1)
weight.sum().backward()
adam.step()
new = {name for name in set(sys.modules) - before if name.startswith("torch")}
sys.exit(f"imported {len(new)}: {sorted(new)[:5]}" if new else 0)
"""


def test_the_first_step_imports_nothing_of_torch():
    done = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stderr
