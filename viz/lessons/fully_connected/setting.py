"""The Setting of the lesson on fully connected layers."""

from __future__ import annotations

from dataclasses import dataclass

from viz.lessons.fields import part_field, seed_field
from viz.settings import Choice, PlacedValues, Placements, Slider, Switch, field
from viz.settings import Setting as BaseSetting

CROP_PX, STRIDE_PX = 224, 32  # what the fully connected layers were made for; of the trunk
PAGE_PX = (40, 64)  # of the page with digits
DIGIT_PX = 8
HANDS = 3  # handwritings of each digit to choose from
FOLDED = 18  # weights in a row of the small matrix: 2 channels of 3×3


@dataclass(frozen=True)
class Setting(BaseSetting):
    """The visitor's choices, in the order of the stage bar; then those of the sections."""

    input_px: int = field(
        Slider,
        384,
        CROP_PX,
        480,
        step=STRIDE_PX,
        unit="px",
        label="Input size",
        help="Side of the square that the network gets. With 224 px it gives one unit; every 32 px more give one more row and column.",
    )
    zero_padding: bool = field(
        Switch,
        False,
        label="3×3 with zero padding",
        help="Adds a layer with zeros around its map. Then a crop by itself gives other numbers than the same place of a larger map.",
    )
    seed: int = seed_field(
        "Another draw of all weights but those of the filters. Nothing here is trained."
    )
    part: str = part_field(
        {
            "shapes": "Shapes",
            "surgery": "Weight surgery",
            "slide": "Slide for free",
            "grid": "Output grid",
        }
    )

    full_size: bool = field(
        Switch,
        False,
        label="Run the full-size head: 427 MB",
        help="Allocates 7×7×512 → 4096 → 1000 on the server, compares both ways, and frees it. It takes a few seconds.",
        affects_canvas=False,
    )
    folded: int = field(
        Slider,
        11,
        0,
        FOLDED,
        label="Weights folded",
        help="How many numbers of the row have found their place in the kernel.",
        affects_canvas=False,
    )
    order: str = field(
        Choice,
        "channels_first",
        {"channels_first": "channels first", "channels_last": "channels last"},
        label="Order of flattening",
        help="PyTorch flattens channel by channel, TensorFlow pixel by pixel. A row that is folded in the other order gives another number.",
        affects_canvas=False,
    )
    digits: PlacedValues = field(
        Placements,
        ((9, 4, 5), (0, 16, 18), (12, 27, 8), (21, 6, 32), (4, 25, 34), (6, 12, 50)),
        kinds=10 * HANDS,
        rows=PAGE_PX[0] - DIGIT_PX + 1,
        columns=PAGE_PX[1] - DIGIT_PX + 1,
        affects_canvas=False,
    )
    grid_px: int = field(
        Slider,
        384,
        CROP_PX,
        512,
        unit="px",
        label="Input size",
        help="Side of the square input of VGG-16.",
        affects_canvas=False,
    )
