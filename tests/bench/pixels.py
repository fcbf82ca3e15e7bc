"""What the maps must look like, computed with numpy alone, and whether a page shows just that."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from chromium import Tab
from servers import ROOT

sys.path.insert(0, str(ROOT))
from viz import devices, images, run
from viz.layers.recipes import random_rows
from viz.lessons.lab import LESSON as lab

OUTPUTS = 64
PICTURE = "astronaut"  # a square one
# The Lab as it is measured: 16 rectified Gabor maps, mixed at random into 64.
SETTING = {
    "picture": PICTURE,
    "stage": "pointwise",
    "pooling": "none",
    "pointwise_recipe": "random",
    "pointwise_outputs": str(OUTPUTS),
    "strided": "0",
}
SLIDER = "pointwise_seed"
# In 255ths. A byte is a step of the map's own range, so the Lab's may be a step of colour further.
TOLERANCE = {"canvas": 8, "gallery": 1, "image": 2, "heatmaps": 2}


class Arrays:
    """The maps that arrive at the layer, and those that must leave it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._arriving: dict[tuple[str, int], np.ndarray] = {}

    def file(self, size_px: int) -> Path:
        """Where the compared pages find the maps that arrive."""
        path = self._folder / f"arriving_{size_px}.npy"
        if not path.exists():
            np.save(path, self.arriving(PICTURE, size_px))
        return path

    def arriving(self, picture: str, size_px: int) -> np.ndarray:
        """What reaches the mixing layer of the Lab, `(16, H, W)`."""
        if (picture, size_px) not in self._arriving:
            found = images.find(picture)
            assert found is not None
            sized = images.at_working_size(found, size_px)
            network = lab.network(lab.setting.from_query(SETTING), sized.pixels)
            stages = run.maps(network, sized, devices.chosen("cpu"))
            self._arriving[picture, size_px] = stages["rectifier"]
        return self._arriving[picture, size_px]

    def mixed(self, size_px: int, seed: int, picture: str = PICTURE) -> np.ndarray:
        """The 64 maps of one position of the slider, in double precision."""
        arriving = self.arriving(picture, size_px).astype(np.float64)
        weight = random_rows(OUTPUTS, len(arriving), seed).numpy().astype(np.float64)
        return np.einsum("oc,chw->ohw", weight, arriving)


def colours(maps: np.ndarray, kind: str) -> np.ndarray:
    """Red, green, blue of maps on one symmetric scale: as the Lab colours them, else grey."""
    table = _activation() if kind == "canvas" else np.repeat(np.arange(256)[:, None], 3, axis=1)
    position = (maps / np.abs(maps).max() + 1) / 2
    return table[np.floor(255 * position + 0.5).astype(int)]


def _activation() -> np.ndarray:
    """The 256 colours of signed maps, from the stops that the page has too."""
    stops = json.loads((ROOT / "assets" / "colours.json").read_text())["activation"]
    rgb = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops])
    at = np.linspace(0, 255, len(stops))
    return np.stack([np.interp(np.arange(256), at, rgb[:, k]) for k in range(3)], axis=1).round()


def check(tab: Tab, kind: str, maps: np.ndarray) -> int:
    """How far the pixels in a tab part from the array, in 255ths.

    Raises:
        AssertionError: if that is further than rounding explains, or a map is shown too small.
    """
    count, rows, columns = maps.shape
    wide, tall = tab.evaluate(f"bench.shownPx('{kind}')")
    assert min(wide / columns, tall / rows) >= 1, f"{columns}×{rows} are shown {wide}×{tall} px"
    data = tab.bytes(f"bench.pixels('{kind}', {rows}, {columns})")
    seen = np.frombuffer(data, np.uint8).reshape(count, rows, columns, 3)
    apart = int(np.abs(seen.astype(int) - colours(maps, kind)).max())
    assert apart <= TOLERANCE[kind], f"{kind}: pixels part by {apart}"
    return apart
