"""Published networks, each a short module with the paper's channels, small ones for digits, and the visitor's own.

All are in evaluation mode: what they compute depends on no batch. With `Network.on_meta()` nothing
is allocated.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from viz.networks.alexnet import alexnet_v2
from viz.networks.efficientnet_lite import efficientnet_lite0, trained_lite0
from viz.networks.googlenet import googlenet
from viz.networks.imagenet import class_names
from viz.networks.lite_program import LITE_PROGRAM
from viz.networks.mobilenet import mobilenet_v1
from viz.networks.network import Network, NotLoaded
from viz.networks.network_in_network import network_in_network
from viz.networks.own import VARIABLE, own_networks
from viz.networks.resnet import resnet_50
from viz.networks.vgg import vgg_16
from viz.text import Text

PUBLISHED = (
    Network("alexnet_v2", "AlexNet v2", alexnet_v2),
    Network("vgg_16", "VGG-16", vgg_16),
    Network("network_in_network", "Network in Network", network_in_network, (3, 32, 32)),
    Network("googlenet", "GoogLeNet", googlenet),
    Network("mobilenet_v1", "MobileNet v1", mobilenet_v1),
    Network("resnet_50", "ResNet-50", resnet_50),
    Network(
        "efficientnet_lite0",
        "EfficientNet-Lite0",
        efficientnet_lite0,
        trained=trained_lite0,
        program=LITE_PROGRAM,
        classes=class_names,
    ),
)


class Menu(NamedTuple):
    """What there is to choose.

    Attributes:
        networks: by name, the published ones first.
        notes: a sentence for each of the visitor's own networks that could not be loaded.
    """

    networks: dict[str, Network]
    notes: tuple[Text, ...]


def menu() -> Menu:
    """The published networks, and those that `POINTWISE_NETWORK` names.

    >>> list(menu().networks)[:2]
    ['alexnet_v2', 'vgg_16']
    """
    networks = {network.name: network for network in PUBLISHED}
    notes = []
    for own in own_networks(os.environ.get(VARIABLE, "")):
        if isinstance(own, Network):
            networks.setdefault(own.name, own)
        else:
            notes.append(own)
    return Menu(networks, tuple(notes))


__all__ = ["PUBLISHED", "Menu", "Network", "NotLoaded", "menu"]
