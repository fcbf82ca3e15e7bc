"""A language that marks what is translated, so that what is not can be found."""

from __future__ import annotations

import gettext
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import torch

from viz import devices
from viz.assets import ROOT
from viz.lessons.blocks import (
    Button,
    Chart,
    Download,
    LessonLink,
    Metrics,
    OrientationMap,
    Panel,
    PixelNetwork,
    Prose,
    Reading,
    Stepper,
    Surface,
    Table,
    UnitLayer,
)
from viz.lessons.diagram import Box, Diagram
from viz.text import Text
from viz.ui.text import named, said, translated

_BRACES = re.compile(r"\{\w+\}")
_MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
# Code, values and marks of hypertext, files, and layers of a network by their names in a program.
_NO_WORDS = re.compile(r"`[^`]*`|%\{[^}]*\}|<[^>]*>|&\w+;|\b\w*[./_]\w+(?:[./]\w+)*|\bblock\d+\b")
_WORD = re.compile(r"[A-Za-z]{3,}")

# Attributes of a figure that are read; all others are colours, modes and the like.
_READ = {
    "text",
    "hovertemplate",
    "hovertext",
    "name",
    "ticktext",
    "texttemplate",
    "label",
    "labels",
}
_MAYBE = {"x", "y", "customdata", "meta"}  # numbers, or names of a category


class Marked(gettext.NullTranslations):
    """Marks every message, but not the values in it."""

    def gettext(self, message: str) -> str:
        return f"⟦{_BRACES.sub(lambda brace: f'⟧{brace[0]}⟦', message)}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


def unmarked(found: Any) -> set[str]:
    """The texts with English words that a visitor would read untranslated.

    Args:
        found: blocks of a section, or what a page shows, translated into the marked language.
    """
    return {text for text in _read(found) if _words(text)}


def _words(text: str) -> list[str]:
    """The words outside the marks that are no names."""
    parts = [part for part in _MARKED.split(text) if part.strip() not in CLASSES | DEVICES]
    left = _NO_WORDS.sub(" ", " ".join(parts))
    return [word for word in _WORD.findall(left) if word not in NAMES]


def _read(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, Text):
        yield said(found)
    elif isinstance(found, Chart):
        yield said(found.alt)
        figure = found.figure(
            **translated(found.arguments), **({"dark": False} if found.themed else {})
        )
        yield from _of_figure(json.loads(figure.to_json()), "")
    elif type(found) in _SHOWN:
        for name in _SHOWN[type(found)]:
            shown = getattr(found, name)
            in_words = [named(said(each)) for each in shown] if name in _OF_MAPS else shown
            yield from _read(in_words)
    elif isinstance(found, Mapping):
        for value in found.values():
            yield from _read(value)
    elif isinstance(found, list | tuple | set):
        for value in found:
            yield from _read(value)
    elif is_dataclass(found) and not isinstance(found, type):
        for of in fields(found):
            value = getattr(found, of.name)
            if not isinstance(value, str):
                yield from _read(value)


# What is read of each kind of block; its other texts are keys.
_SHOWN: Mapping[type, tuple[str, ...]] = {
    Prose: ("text",),
    Table: ("head", "rows"),
    Metrics: ("figures",),
    UnitLayer: ("title", "names"),
    Panel: ("title", "note", "names", "classes"),
    Stepper: ("readings", "channel_names", "output_names", "alt"),
    Reading: ("title", "note"),
    Diagram: ("boxes", "alt"),
    Box: ("title", "facts", "exact"),
    PixelNetwork: ("layers", "alt"),
    Surface: ("title", "alt"),
    OrientationMap: ("alt",),
    Button: ("label",),
    LessonLink: ("label",),
    Download: ("label",),
}
_OF_MAPS = {"names", "classes", "channel_names", "output_names"}


def _of_figure(found: Any, name: str) -> Iterator[str]:
    if isinstance(found, str):
        if name in _READ or (name in _MAYBE and not found.startswith("#")):
            yield found
    elif isinstance(found, Mapping):
        if "bdata" in found or name in ("template", "colorscale", "line", "marker", "font"):
            found = {key: value for key, value in found.items() if key in ("colorbar",)}
        for key, value in found.items():
            yield from _of_figure(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from _of_figure(value, name)


# The same in every language: names of functions and units, of networks, of papers, of a data set's
# classes, and of a figure's parts that are not read.
_NAMES_ = """
cpu conv einsum matmul loop Linear CPU VGG EfficientNet Lite ReLU mobilenet MAC MACs
Valois Yund Hepler Ibbotson Price Crowder Jones Palmer Kagan Gur Snodderly Ringach Shapley Hawken
Vision Research Neurosci Neurophysiol Physiol
arrow index input kernel row region stem head
"""
NAMES = frozenset(_NAMES_.split())
DEVICES = {devices.title(torch.device(name)) for name in devices.available()}
CLASSES = frozenset(
    (ROOT / "assets" / "networks" / "imagenet_classes.txt").read_text(encoding="utf-8").splitlines()
)
