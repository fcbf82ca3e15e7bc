"""What the sections measure: the network, its open layer, and the picture as it reaches the network."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, fx

from viz.layers.borrowed import borrowed
from viz.layers.part import Part
from viz.layers.pointwise import mix_channels
from viz.layers.recipes import grey_rows
from viz.lessons.blocks import Block, Prose
from viz.lessons.scene import Scene
from viz.lessons.trained.networks import Trained, notes, usable
from viz.lessons.trained.pieces import Piece
from viz.lessons.trained.running import Runner
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.stages import open_piece


@dataclass(frozen=True, eq=False)
class Subject:
    """A network on a device, and its open layer.

    Attributes:
        trained: the network, with its weights on the CPU.
        piece: the open layer.
        runner: the network on the device.
        channel: of the layer, from 0 on: the one that was clicked, else the first that is drawn.
    """

    trained: Trained
    piece: Piece
    runner: Runner
    channel: int

    @property
    def layer_name(self) -> str:
        """The layer's name, without that of its convolution."""
        return self.piece.name.removesuffix(".conv")

    @property
    def leaves(self) -> fx.Node:
        """The node whose maps leave the layer, after its normalisation and ReLU."""
        return self.trained.nodes[self.piece.steps[-1]]

    @property
    def arrives(self) -> fx.Node:
        """The node whose maps reach the layer."""
        return self.trained.nodes[self.piece.source]

    @property
    def key(self) -> str:
        """Equal for equal layers of networks with equal weights."""
        return f"{self.trained.name}, {self.trained.digest}, {self.piece.name}"

    def upto(self, node: fx.Node) -> Part:
        """All that leads from the picture to a node, on the CPU."""
        return borrowed(Part(self.trained.network, node, key=f"{self.key}, {node.name}"))

    def seen(self, pixels: Tensor) -> Tensor:
        """A picture `(3, H, W)` with the channels that the network takes."""
        one = self.trained.entry.input_shape[0] == 1
        return mix_channels(pixels, grey_rows(1).to(pixels)) if one else pixels

    def class_name(self, number: int) -> str:
        """The name of a class; its number, from 1 on, if the names are not known."""
        names = self.trained.classes
        return names[number] if names else str(number + 1)


def subject(scene: Scene[Setting]) -> Subject | None:
    """What a section measures; None if no network can be had."""
    trained = usable(scene.setting.network)
    if trained is None:
        return None
    piece = open_piece(trained, scene.setting)
    nodes = next(iter(trained.nodes.values())).graph
    network = borrowed(trained.network).to(scene.pixels.device)
    clicked = scene.unit.channel if scene.unit and scene.unit.stage == "layer" else 0
    channel = min(scene.setting.first - 1 + clicked, piece.channels - 1)
    return Subject(trained, piece, Runner(network, nodes), channel)


def no_network() -> list[Block]:
    """Why there is nothing to measure."""
    return [Prose(note) for note in notes()]
