"""The networks of the menu that have trained weights, read once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock

import torch
from torch import fx, nn

from viz.lessons.trained.pieces import Group, Piece, groups_of, pieces_of
from viz.networks import Network, NotLoaded, menu
from viz.text import Text, text
from viz.trace import Reading, Step
from viz.trace.flow import steps_of_nodes

_LOADING = Lock()  # two visitors must not read the same weights at once


@dataclass(frozen=True, eq=False)
class Trained:
    """A network with trained weights, and its layers.

    Attributes:
        entry: its entry in the menu.
        network: in evaluation mode; its weights cannot be trained, and nothing is done in place.
        reading: its layers, as read for the size that it is made for.
        nodes: of every step, the node of its graph that gives its maps; calls that are read as
            several layers have one for the last of these.
        digest: equal for equal weights.
    """

    entry: Network
    network: nn.Module
    reading: Reading
    nodes: Mapping[Step, fx.Node]
    digest: str

    @property
    def name(self) -> str:
        """As in an address."""
        return self.entry.name

    @property
    def title(self) -> str:
        """As in a menu."""
        return self.entry.title

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of its outputs; empty if they are not known."""
        return self.entry.classes()

    @cached_property
    def all_pieces(self) -> tuple[Piece, ...]:
        """All layers and joins."""
        return pieces_of(self.reading)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The layers that can be opened, in the order of the data: those that leave maps."""
        return tuple(piece for piece in self.all_pieces if self._can_be_opened(piece))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """All layers, folded."""
        return groups_of(self.all_pieces)

    def _can_be_opened(self, piece: Piece) -> bool:
        if piece.is_join or piece.source.maps.flat or piece.source not in self.nodes:
            return False
        if isinstance(piece.main.layer, nn.Linear):
            return piece.source.maps.extent == (1, 1)
        return not piece.steps[-1].maps.flat


def choices() -> dict[str, str]:
    """The title of each network that has trained weights, by its name."""
    return {each.name: each.title for each in _entries().values()}


def usable(name: str) -> Trained | None:
    """A network by its name; the first one that can be had in its place; None if there is none."""
    for each in dict.fromkeys((name, *_entries())):
        found = loaded(each) if each in _entries() else None
        if isinstance(found, Trained):
            return found
    return None


def missing() -> Text | None:
    """Why no network can be had, in one sentence; None if one can."""
    return None if usable(next(iter(_entries()))) else notes()[-1]


def notes() -> tuple[Text, ...]:
    """A sentence for each network that cannot be had."""
    found = (loaded(name) for name in _entries())
    return (*menu().notes, *(each for each in found if not isinstance(each, Trained)))


def loaded(name: str) -> Trained | Text:
    """A network of the menu with its weights, read once; or why it cannot be had, in one sentence."""
    with _LOADING:
        return _loaded(name)


def _entries() -> dict[str, Network]:
    return {name: each for name, each in menu().networks.items() if each.trained is not None}


@lru_cache(maxsize=8)
@torch.inference_mode(False)  # a network outlives the job that reads it
def _loaded(name: str) -> Trained | Text:
    entry = _entries()[name]
    assert entry.trained is not None
    if entry.input_shape[0] not in (1, 3):
        return text(
            "“{name}” takes {n} channels; a picture has three, or one as brightness.",
            name=entry.title,
            n=entry.input_shape[0],
        )
    try:
        network = _at_rest(entry.trained())
        reading, steps = steps_of_nodes(network, entry.input_shape)
    except NotLoaded as error:
        return error.sentence
    except ValueError as error:
        return text("“{name}” cannot be read: {why}", name=entry.title, why=str(error))
    nodes = {step: node for node, step in reversed(steps.items())}
    return Trained(entry, network, reading, nodes, digest_of(network))


def _at_rest(network: nn.Module) -> nn.Module:
    """The network in evaluation mode, with layers that leave the maps they read as they are."""
    for module in network.modules():
        if getattr(module, "inplace", False):
            vars(module)["inplace"] = False
    return network.eval().requires_grad_(False).cpu()


def digest_of(network: nn.Module) -> str:
    """Equal for networks with equal names and numbers.

    >>> digest_of(nn.ReLU()) == digest_of(nn.Tanh()), len(digest_of(nn.ReLU()))
    (True, 32)
    """
    digest = hashlib.blake2b(digest_size=16)
    for name, weight in network.state_dict().items():
        digest.update(name.encode() + weight.contiguous().numpy().tobytes())
    return digest.hexdigest()
