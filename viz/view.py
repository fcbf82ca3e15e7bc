"""A View: what every lesson's address holds beside its Setting."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from viz.settings import Choice, Setting, Slider, Word, field

# An address within the address: names and values as `settings.as_text` writes them.
PINNED = r"(?=.{0,4000}$)([a-z_0-9]+=[A-Za-z0-9_.-]*(&[a-z_0-9]+=[A-Za-z0-9_.-]*)*)?"


@dataclass(frozen=True)
class View(Setting):
    """The picture in focus, the size the layers see, the device, and the point of view.

    `picture` is a shipped picture's slug or an upload's digest, empty for the lesson's own; `stage`
    is empty for the last one;
    `unit` is `channel.row.column` of the chosen stage, empty for none; `card` is the open card.
    `others` are pictures shown beside the one in focus, each by its map `channel`.
    `pinned` is the address of the view that was pinned as A; `showing` says whether A, the current
    view B, or their difference is drawn.

    >>> View.from_query({"unit": "3.20.40"}).unit_index, View().unit_index
    ((3, 20, 40), None)
    """

    picture: str = field(Word, "", r"([a-z0-9_]{1,64})?")
    working_size_px: int = field(
        Slider,
        224,
        64,
        512,
        step=16,
        unit="px",
        label="Working size",
        help="Longer side of the picture that the layers get. Smaller is faster; larger shows finer detail.",
    )
    device: str = field(Word, "", r"[a-z]{0,8}")
    stage: str = field(Word, "", r"([a-z_]{1,22}[0-9]{0,2})?")
    unit: str = field(Word, "", r"(\d{1,3}\.\d{1,4}\.\d{1,4})?")
    scale: str = field(
        Choice,
        "shared",
        {"shared": "shared", "own": "per map", "symmetric": "symmetric"},
        label="Scale",
        help="Shared: one range for all maps, so that colours can be compared. Per map: each map has its own range. Symmetric: 0 is in the middle.",
    )
    card: str = field(Word, "", r"(proof|code|take|predict)?")
    others: str = field(Word, "", r"([a-z0-9_]{1,64}(\.[a-z0-9_]{1,64}){0,6})?")
    channel: str = field(Word, "0", r"[0-9]{1,3}")
    pinned: str = field(Word, "", PINNED)
    showing: str = field(
        Choice,
        "now",
        {"pinned": "A", "now": "B", "difference": "B − A"},
        label="Shown",
        help="A: the pinned maps. B: the maps now. B − A: what changed from A to B.",
    )

    @property
    def other_keys(self) -> tuple[str, ...]:
        """Slugs or digests of the pictures beside the one in focus."""
        return tuple(self.others.split(".")) if self.others else ()

    @property
    def pinned_query(self) -> dict[str, str]:
        """The parameters in the address of A."""
        return dict(parse_qsl(self.pinned, keep_blank_values=True))

    @property
    def unit_index(self) -> tuple[int, int, int] | None:
        """The unit as `(channel, row, column)`, or None."""
        if not self.unit:
            return None
        channel, row, column = (int(number) for number in self.unit.split("."))
        return channel, row, column
