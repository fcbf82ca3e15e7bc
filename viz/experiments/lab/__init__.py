"""The Lab: a filter bank, a rectifier, cross-channel pooling, a 1×1 and a strided 1×1 layer."""

from viz.experiments.lab.claims import claims
from viz.experiments.lab.network import STAGES, arriving, network, resolved
from viz.experiments.lab.setting import Setting
from viz.experiments.lab.words import channel_names, families, limits, shown_controls, titles

__all__ = [
    "STAGES",
    "Setting",
    "arriving",
    "channel_names",
    "claims",
    "families",
    "limits",
    "network",
    "resolved",
    "shown_controls",
    "titles",
]
