"""A page of its own with panels and the stepper on it, over arrays that the tests know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from serving import served
from torch.nn import functional as F

REGION = (150, 300, 650, 820)  # top, left, bottom, right, thousandths
SHOWN_PX = 18


class Shown(NamedTuple):
    """A panel: its kind, the word of a scale it shares, the names of its classes, what it lies on."""

    kind: str = "map"
    scale: str = ""
    classes: tuple[str, ...] = ()
    over: str = ""


PANELS = {
    "Signed": Shown(scale="one"),
    "Larger": Shown(scale="one"),
    "Positive": Shown(),
    "Weights": Shown("weight"),
    "Picture": Shown("colour"),
    "Winners": Shown("class", classes=("a", "b", "c", "d")),
    "Read": Shown("mask", classes=("no", "yes")),
    "Averaged": Shown(),
    "Over": Shown(over="Picture"),
    "Named": Shown("class", classes=("a", "b", "none"), over="Picture"),
}
# (stride, kernel, padding) of the readings of every stepper, over an input (C, h, w).
STEPPERS = {
    "signed": ((2, 5, 4), [(1, 1, 0), (2, 1, 0)]),
    "colour": ((3, 4, 5), [(1, 1, 0), (1, 3, 1)]),
}
OUTPUTS = 2

SCRIPT = """
from pathlib import Path
import numpy as np
import streamlit as st
import torch
from panels_page import OUTPUTS, PANELS, REGION, SHOWN_PX, STEPPERS
from viz.lessons.blocks import Panel, Reading
from viz.run.panels import packed, panels_buffer
from viz.ui.stepper import stepper
from viz.ui.panels import panels as shown

st.set_page_config(layout="wide")
numbers = np.load(Path(__file__).with_name("numbers.npz"))
if st.query_params["show"] == "panels":
    panels = [
        Panel(
            title, torch.tensor(numbers[title]), kind=kind, scale=scale, classes=classes,
            over=torch.tensor(numbers[over]) if over else None,
        )
        for title, (kind, scale, classes, over) in PANELS.items()
    ]
    region = st.session_state.get("chosen", REGION)
    shown(
        panels_buffer([packed(panel, SHOWN_PX) for panel in panels]), key="panels", height_px=200, columns=3, region=region,
        on_region=lambda region: st.session_state.update(chosen=region),
    )
    st.markdown(f"Region: {region}")
else:
    for name, (shape, steps) in STEPPERS.items():
        readings = [
            Reading(f"{name} {n}", stride, padding, numbers[f"{name}.weights{n}"], numbers[f"{name}.outputs{n}"])
            for n, (stride, _, padding) in enumerate(steps)
        ]
        stepper(
            numbers[f"{name}.inputs"], readings, key=name, colour=name == "colour", alt=name,
            channel_names=[f"in {n}" for n in range(shape[0])],
            output_names=[f"out {n}" for n in range(OUTPUTS)],
        )
"""


def arrays() -> dict[str, Any]:
    """What every panel and every stepper shows, by name."""
    rng = np.random.default_rng(11)

    def drawn(*shape: int) -> np.ndarray:
        return rng.random(shape, np.float32)

    made = {
        "Signed": drawn(2, 12, 18) - 0.4,
        "Larger": 3 * drawn(1, 12, 18) - 1,
        "Positive": 0.2 + drawn(1, 12, 18),
        "Weights": drawn(1, 3, 4) - 0.6,
        "Picture": drawn(3, 12, 18),
        "Winners": rng.integers(0, 4, (2, 12, 18)).astype(np.float32),
        "Read": rng.integers(0, 2, (1, 12, 18)).astype(np.float32),
        "Averaged": drawn(1, 61, 90) - 0.5,
        "Over": drawn(1, 4, 6),
        "Named": rng.integers(0, 3, (1, 4, 6)).astype(np.float32),
    }
    for name, (shape, steps) in STEPPERS.items():
        inputs = drawn(*shape) - (0 if name == "colour" else 0.5)
        made[f"{name}.inputs"] = inputs
        for n, (stride, kernel, padding) in enumerate(steps):
            weights = drawn(OUTPUTS, shape[0], kernel, kernel) - 0.5
            maps = F.conv2d(
                torch.tensor(inputs)[None], torch.tensor(weights), stride=stride, padding=padding
            )
            made[f"{name}.weights{n}"], made[f"{name}.outputs{n}"] = weights, maps[0].numpy()
    return made


@contextmanager
def served_panels(folder: Path) -> Iterator[str]:
    """The address of the page; what it shows is asked for by `show`, panels or stepper."""
    np.savez(folder / "numbers.npz", **arrays())
    head = f"import sys\nsys.path.append({str(Path(__file__).parent)!r})\n"
    (folder / "page.py").write_text(head + SCRIPT, encoding="utf-8")
    with served(str(folder / "page.py")) as server:
        yield server.address
        said = server.said()
    assert "Traceback" not in said, said
