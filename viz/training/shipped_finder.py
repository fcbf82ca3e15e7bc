"""The networks that find digits on a page, whose weights come with the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from viz.assets import ROOT
from viz.networks.digit_finder import digit_finder
from viz.training.classifier import Schedule, draw_weights, learn, wrong
from viz.training.digit_pages import crops_of_pages
from viz.training.digits import split

SCRIPT = "scripts/train_digit_finder.py"
PADDINGS = (0, 1)
PAGES, SEED = 2000, 0
SCHEDULE = Schedule(steps=6000, batch=100, rate=0.005)


@dataclass(frozen=True)
class Finder:
    """A trained network.

    Attributes:
        network: with fully connected layers, for crops; its weights cannot be trained.
        padding: zeros around the maps of its convolutions.
        wrong: how many of the 797 test digits it took for something else when it was made.
        made: the day.
        seed: of its first weights, of the pages, and of the order of the crops.
        torch_version: what it was trained with.
    """

    network: nn.Sequential
    padding: int
    wrong: int
    made: date
    seed: int
    torch_version: str


def file_of(padding: int) -> Path:
    """Where the weights lie."""
    return ROOT / "assets" / "networks" / f"digit_finder_padding_{padding}.safetensors"


def trained(padding: int, schedule: Schedule = SCHEDULE, pages: int = PAGES) -> nn.Sequential:
    """A network that learns from its seed; with the shipped schedule that takes half a minute."""
    with torch.inference_mode(False):
        network = digit_finder(padding)
    draw_weights(network, SEED)
    crops = crops_of_pages(split().training, pages, SEED)
    for _ in learn(network, crops, SEED, schedule):
        pass
    return network


def write(network: nn.Sequential, padding: int, file: Path) -> None:
    """Writes the weights, and how they came about."""
    said = {
        "by": SCRIPT,
        "made": date.today().isoformat(),
        "torch": torch.__version__,
        "seed": str(SEED),
        "padding": str(padding),
        "wrong": str(wrong(network, split().test)),
    }
    save_file(network.state_dict(), file, metadata=said)


@cache
def finder(padding: int) -> Finder:
    """The shipped network.

    >>> finder(0).network.fc1
    Linear(in_features=256, out_features=32, bias=True)
    """
    return read(file_of(padding))


@torch.inference_mode(False)  # a network outlives the job that reads it
def read(file: Path) -> Finder:
    """The network in a file of weights; the format holds numbers and text, and nothing that runs.

    Raises:
        safetensors.SafetensorError: if it is no such file.
        RuntimeError: if its weights are those of another network.
    """
    with safe_open(file, framework="pt") as opened:
        said: Mapping[str, str] = opened.metadata()
        weights: dict[str, Tensor] = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    padding = int(said["padding"])
    network = digit_finder(padding)
    network.load_state_dict(weights)
    network.eval().requires_grad_(False)
    made = date.fromisoformat(said["made"])
    return Finder(network, padding, int(said["wrong"]), made, int(said["seed"]), said["torch"])
