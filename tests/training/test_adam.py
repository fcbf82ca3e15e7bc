"""Adam beside torch's own, and without the modules that torch's own imports."""

from __future__ import annotations

import ast
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
@pytest.mark.parametrize("kept", [0.999, 0.9])
def test_is_torchs_adam_step_for_step(falls: bool, kept: float):
    def make(weights):
        return torch.optim.Adam(weights, lr=0.03, betas=(0.9, kept))

    for steps in (1, 2, 50):
        ours = trained(lambda weights: Adam(weights, 0.03, kept_squares=kept), steps, falls)
        theirs = trained(make, steps, falls)
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


def test_all_training_uses_it():
    """One optimiser of torch's own would be enough to hold up the queue."""
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "viz").rglob("*.py")}
    using = [
        path.name
        for path, source in sources.items()
        for node in ast.walk(ast.parse(source))
        if names_torchs_optimisers(node)
    ]
    assert using == []


@pytest.mark.parametrize(
    "source",
    [
        "torch.optim.Adam(weights)",
        "import torch.optim",
        "from torch import nn, optim",
        "from torch.optim import Adam",
    ],
)
def test_it_would_be_found(source: str):
    assert any(map(names_torchs_optimisers, ast.walk(ast.parse(source))))


def names_torchs_optimisers(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        names = {node.module or "", *(f"{node.module}.{each.name}" for each in node.names)}
    elif isinstance(node, ast.Import):
        names = {each.name for each in node.names}
    elif isinstance(node, ast.Attribute):
        names = {f"torch.{node.attr}"}
    else:
        return False
    return any(f"{name}.".startswith("torch.optim.") for name in names)
