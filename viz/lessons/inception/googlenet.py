"""GoogLeNet as a strip of boxes: a click on a module sets its channels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from viz.lessons.diagram import Box, Diagram, strip
from viz.lessons.inception.costs import counted, total
from viz.lessons.inception.setting import Setting
from viz.networks.googlenet import MODULES, Inception
from viz.numbers import exact
from viz.text import text

LAST_BEFORE_POOL = ("3b", "4e")
CLASSES = 1000


def fields_of(module: Inception) -> dict[str, Any]:
    """The fields of a Setting with a module's channels.

    >>> fields_of(MODULES[0])["inputs"]
    192
    """
    sizes = module._asdict()
    return {name: sizes[name] for name in sizes if name not in ("name", "printed_macs_m")}


def column(setting: Setting) -> Diagram:
    """The network from the stem to the classes, with the module of these channels marked."""
    return strip(
        "googlenet", list(_boxes(setting)), text("GoogLeNet, from the stem to the classes")
    )


def named(setting: Setting) -> str:
    """The module of GoogLeNet with these channels; empty if there is none."""
    own = fields_of(setting.widths)
    return next((each.name for each in MODULES if fields_of(each) == own), "")


def _boxes(setting: Setting) -> Iterator[Box]:
    first, last = MODULES[0], total(counted(MODULES[-1]))
    yield Box("stem", text("stem"), [str(first.inputs), _squared(first.side_px)])
    for at, module in enumerate(MODULES):
        yield _module(module, named(setting))
        if module.name in LAST_BEFORE_POOL:
            side_px = MODULES[at + 1].side_px
            outputs = str(MODULES[at + 1].inputs)
            yield Box(f"pool {module.name}", text("max"), [outputs, _squared(side_px)])
    yield Box("average", text("mean"), [str(last.outputs), _squared(1)])
    yield Box("linear", text("linear"), [str(CLASSES)])


def _module(module: Inception, open_: str) -> Box:
    whole = total(counted(module))
    return Box(
        module.name,
        module.name,
        [str(whole.outputs), _squared(module.side_px)],
        text(
            "{inputs} to {outputs} channels, {macs} MACs",
            inputs=module.inputs,
            outputs=whole.outputs,
            macs=exact(whole.macs),
        ),
        fields=fields_of(module),
        state="current" if module.name == open_ else "",
    )


def _squared(side_px: int) -> str:
    return f"{side_px}²"
