"""The names of the thousand classes of ImageNet."""

from __future__ import annotations

from functools import cache

from viz.assets import ROOT

CLASSES = 1000


@cache
def class_names() -> tuple[str, ...]:
    """The name of every class, in the order of a network's outputs.

    >>> class_names()[281:283], len(class_names())
    (('tabby', 'tiger cat'), 1000)
    """
    file = ROOT / "assets" / "networks" / "imagenet_classes.txt"
    return tuple(file.read_text(encoding="utf-8").splitlines())
