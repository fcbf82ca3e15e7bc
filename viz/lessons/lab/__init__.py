"""The Lab: a filter bank, a rectifier, cross-channel pooling, a 1×1 and a strided 1×1 layer."""

from viz.lessons.lab.claims import claims
from viz.lessons.lab.network import STAGES, arriving, network, resolved
from viz.lessons.lab.setting import Setting
from viz.lessons.lab.words import channel_names, families, limits, shown_controls, titles

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
