"""Predictions about the 1×1 layers of a trained network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import prod

import torch
from torch import nn

from viz.lessons.answers import worth_asking, yes_or_no
from viz.lessons.question import Number, Question
from viz.lessons.scene import Scene
from viz.lessons.trained.boxes import title
from viz.lessons.trained.dense import window
from viz.lessons.trained.head import classifier
from viz.lessons.trained.networks import Trained, usable
from viz.lessons.trained.pieces import Piece
from viz.lessons.trained.running import Runner
from viz.lessons.trained.setting import Setting
from viz.lessons.trained.shares import shares, total
from viz.lessons.trained.stages import open_piece
from viz.numbers import exact, number
from viz.text import Text, text

WITHIN_PERCENT = 8
ROUNDING = 1e-5  # of the largest score
PHOTO_PX = (448, 320)  # of the section, to ask about


def questions(scene: Scene[Setting]) -> Sequence[Question]:
    """The questions about the chosen network; most concern layers other than the open one."""
    trained = usable(scene.setting.network)
    if trained is None:
        return ()
    made = [*_reads(trained, scene.setting), _ordinary(trained, scene.setting)]
    made += [_grows(trained, scene.setting), _places(trained, scene.setting), _order(trained)]
    return worth_asking(scene, (*made, _share(trained, scene.setting)))


def _others(trained: Trained, setting: Setting) -> list[Piece]:
    """The layers from the one after the open one on, then those before it, and the open one last."""
    at = trained.pieces.index(open_piece(trained, setting)) + 1
    return [*trained.pieces[at:], *trained.pieces[:at]]


def _first(pieces: Iterable[Piece]) -> Piece | None:
    return next(iter(pieces), None)


def _open(trained: Trained, piece: Piece, setting: Setting) -> dict[str, object]:
    """The fields that open a layer; none if it is open."""
    layer = 1 + trained.pieces.index(piece)
    return {"layer": layer} if piece is not open_piece(trained, setting) else {}


def _named(trained: Trained, piece: Piece) -> dict[str, object]:
    return {"layer": 1 + trained.pieces.index(piece), "kind": title(piece)}


def _convolution(piece: Piece) -> nn.Conv2d | None:
    layer = piece.main.layer
    return layer if isinstance(layer, nn.Conv2d) else None


def _reads(trained: Trained, setting: Setting) -> list[Question]:
    """How many maps read one input map: of a depthwise layer, and of a 1×1."""
    others = [piece for piece in _others(trained, setting) if _convolution(piece)]
    depthwise = _first(piece for piece in others if piece.is_depthwise)
    pointwise = _first(piece for piece in others if piece.is_pointwise)
    mixing = pointwise or _first(piece for piece in others if not piece.is_depthwise)
    found = {"alone": depthwise, "mixed": mixing}
    return [_readers(trained, setting, name, piece) for name, piece in found.items() if piece]


def _readers(trained: Trained, setting: Setting, name: str, piece: Piece) -> Question:
    layer = _convolution(piece)
    assert layer is not None
    right = layer.out_channels // layer.groups
    named = {**_named(trained, piece), "inputs": layer.in_channels, "outputs": layer.out_channels}
    reads = layer.in_channels // layer.groups
    return Question(
        name,
        text(
            "Layer {layer}, {kind}, makes {outputs} maps of {inputs}. How many of them read the first input map?",
            **named,
        ),
        Number(
            right,
            "",
            text("A depthwise layer filters each map alone; other layers mix all of them."),
            high=layer.out_channels,
        ),
        text("Each of its maps reads {reads} of {inputs} input maps.", reads=reads, **named),
        _open(trained, piece, setting),
    )


def _ordinary(trained: Trained, setting: Setting) -> Question | None:
    piece = _first(each for each in _others(trained, setting) if each.is_depthwise)
    if piece is None:
        return None
    layer = piece.main.layer
    assert isinstance(layer, nn.Conv2d)
    many = layer.in_channels * layer.weight.numel() // (layer.in_channels // layer.groups)
    named = {**_named(trained, piece), "few": exact(layer.weight.numel()), "many": exact(many)}
    return Question(
        "ordinary",
        text(
            "Layer {layer} is a {kind}. How many times as many weights would it have if it also mixed its channels?",
            **named,
        ),
        Number(
            many / layer.weight.numel(),
            "",
            text(
                "It would need a kernel for each pair of an input and an output, not one for each map."
            ),
        ),
        text(
            "{many} instead of {few}: each of {n} maps would read all of them. So mixing is left to the 1×1.",
            n=layer.in_channels,
            **named,
        ),
        _open(trained, piece, setting),
    )


def _grows(trained: Trained, setting: Setting) -> Question | None:
    """Of the layer that enlarges the field most, of those with a kernel beyond 1×1."""
    others = [each for each in _others(trained, setting) if _growth(each) > 0]
    piece = max(others, key=_growth, default=None)
    if piece is None:
        return None
    step, kernel = piece.source.maps.field.stride[0], piece.main.layer
    assert isinstance(kernel, nn.Conv2d)
    return Question(
        "grows",
        text(
            "Layer {layer} is a {kind}. By how many pixels of the photo does it widen the field of a unit?",
            **_named(trained, piece),
        ),
        Number(
            _growth(piece),
            "px",
            text("One step of the maps that it reads is {step} px of the photo.", step=step),
        ),
        text(
            "({k} − 1) steps of {step} px: {right} px.",
            k=kernel.kernel_size[0],
            step=step,
            right=_growth(piece),
        ),
        _open(trained, piece, setting),
    )


def _growth(piece: Piece) -> int:
    """By how much a convolution without dilation enlarges the field."""
    layer = _convolution(piece)
    if layer is None or layer.dilation != (1, 1):
        return 0
    return piece.main.maps.field.size[0] - piece.source.maps.field.size[0]


@lru_cache(maxsize=32)
def places(trained: Trained, side_px: int) -> tuple[int, int]:
    """Rows and columns of places at which a square photo is classified in one pass."""
    channels = trained.entry.input_shape[0]
    return window(trained.network, (channels, side_px, side_px)).places


def _places(trained: Trained, setting: Setting) -> Question | None:
    if classifier(_runner(trained)) is None:
        return None
    px = PHOTO_PX[setting.photo_px == PHOTO_PX[0]]
    (_, height, width), found = trained.entry.input_shape, places(trained, px)
    usual = window(trained.network, trained.entry.input_shape)
    sizes = {"px": px, "height": height, "width": width, "places": prod(usual.places)}
    return Question(
        "places",
        text(
            "Made for {height} × {width} px, the network reads a photo of {px} × {px} px in one pass. At how many places can its classifier stand?",
            **sizes,
        ),
        Number(
            prod(found),
            "",
            text(
                "Places lie {step} px apart, in both directions; at {height} × {width} px there are {places}.",
                step=usual.stride_px[0],
                **sizes,
            ),
        ),
        text(
            "{px} / {step} = {rows} rows and as many columns: {right}.",
            px=px,
            step=usual.stride_px[0],
            rows=found[0],
            right=prod(found),
        ),
        {"part": "classifier", "photo_px": px},
    )


def _runner(trained: Trained) -> Runner:
    return Runner(trained.network, next(iter(trained.nodes.values())).graph)


def _order(trained: Trained) -> Question | None:
    found = classifier(_runner(trained))
    if found is None or len(found.at_a_place) != 1:
        return None
    apart, largest = order_matters(found.at_a_place)
    return Question(
        "order",
        text(
            "The last layer names the class from the mean of its maps. Does it give the same as a 1×1 at every place, averaged afterwards?"
        ),
        yes_or_no(
            right=apart <= ROUNDING * largest,
            instead=text("A mean and a linear layer both only add up, so they may change places."),
        ),
        text(
            "On random maps they differ by {apart}, with scores up to {largest}: that is rounding.",
            apart=number(apart),
            largest=number(largest),
        ),
        {"part": "classifier"},
    )


def order_matters(layer: nn.Module) -> tuple[float, float]:
    """How far a 1×1 on averaged maps is from the average of its own, and its largest output."""
    first = next(iter(layer.parameters()))
    maps = torch.rand(1, first.shape[1], 4, 4, generator=torch.Generator().manual_seed(0))
    maps = maps.to(first)
    after, before = layer(maps).mean((2, 3)), layer(maps.mean((2, 3), keepdim=True))[..., 0, 0]
    return float((after - before).abs().max()), float(after.abs().max())


def _share(trained: Trained, setting: Setting) -> Question | None:
    found = shares(trained)
    all_layers = total(found.values())
    if setting.part == "shares" or not all_layers.weights:
        return None
    right = round(100 * found["one"].weights / all_layers.weights)
    return Question(
        "share",
        text("How much of all weights of {name} is in 1×1 convolutions?", name=trained.title),
        Number(right, "%", _larger(), within=WITHIN_PERCENT, high=100),
        text(
            "They are {ones} of {all} layers with weights, and do {macs} % of the multiply-adds.",
            all=all_layers.layers,
            macs=round(100 * found["one"].macs / all_layers.macs),
            ones=found["one"].layers,
        ),
        {"part": "shares"},
    )


def _larger() -> Text:
    return text("A depthwise kernel reads one map, a 1×1 has a weight for each pair of maps.")
