"""Panels side by side: what their buffer says, and that holes are not averaged away."""

from __future__ import annotations

import json

import torch

from viz.lessons.blocks import Panel
from viz.run.panels import packed, panels_buffer


def unpacked(buffer: bytes) -> tuple[dict, bytes]:
    length = int.from_bytes(buffer[:4], "little")
    return json.loads(buffer[4 : 4 + length]), buffer[4 + length :]


def test_the_header_says_every_panel_in_order():
    maps = torch.rand(3, 4, 5)
    header, body = unpacked(
        panels_buffer(
            [Panel("One", maps, ["a"], note="n"), Panel("Two", maps[:1], kind="weight", scale="s")]
        )
    )
    first, second = header["panels"]
    assert (first["title"], first["names"]) == ("One", ["a", "2", "3"])
    assert (first["note"], first["kind"], first["scale"]) == ("n", "map", "")
    assert (second["kind"], second["scale"], second["names"]) == ("weight", "s", ["1"])
    assert header["blocks"][first["block"]]["shape"] == [3, 4, 5]
    assert len(body) == 3 * 20 + 20


def test_large_maps_are_averaged_but_classes_are_not():
    checkered = torch.arange(8).add(torch.arange(8)[:, None]).remainder(2).float()[None]
    panels = [
        Panel("Mean", checkered),
        Panel("Classes", checkered, kind="mask", classes=("never", "read")),
    ]
    header, _ = unpacked(panels_buffer([packed(panel, shown_px=4) for panel in panels]))
    mean, classes = (header["blocks"][panel["block"]] for panel in header["panels"])
    assert mean["mean_of"] == 2
    assert mean["low"] == mean["high"] == [0.5]
    assert classes["mean_of"] == 1
    assert (classes["low"], classes["high"]) == ([0.0], [1.0])


def test_a_picture_under_the_maps_is_a_block_of_its_own():
    photo = torch.rand(3, 8, 6)
    over = packed(Panel("Over", torch.rand(1, 4, 3), over=photo), shown_px=4)
    header, body = unpacked(panels_buffer([over, Panel("Alone", torch.rand(1, 2, 2))]))
    first, second = header["panels"]
    assert second["over"] == ""
    assert header["blocks"][first["block"]]["shape"] == [1, 4, 3]
    assert header["blocks"][first["over"]]["shape"] == [3, 4, 3]
    assert len(body) == 12 + 4 + 36
