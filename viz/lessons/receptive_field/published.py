"""The published receptive fields of the networks of the menu, beside what is computed here."""

from __future__ import annotations

from typing import NamedTuple

from viz.lessons.receptive_field.growth import Growth
from viz.lessons.receptive_field.presets import Preset
from viz.networks.reference import reference
from viz.text import Text, text

SAME = text("the same")
SOURCES = {
    "yes": text("Araujo, Norris, Sim 2019"),
    "recomputed": text("recomputed by other code, in no paper"),
    "recomputed and FCN paper table 1": text("FCN paper, table 1"),
}
FCN = text("The FCN paper's AlexNet leaves 6 × 6 units for fc6, this one 5 × 5.")
SLIM = text(
    "The table reads TF-slim's ResNet-50: the stride of a stage is in its last bottleneck, here in its first."
)
# Network -> the layer, the row of the reference file that tells of it, and why both may differ.
ROWS: dict[str, tuple[tuple[str, str, Text], ...]] = {
    "alexnet_v2": (("pool5", "alexnet_v2", SAME), ("fc6", "alexnet_fc6_as_conv", FCN)),
    "vgg_16": (("pool5", "vgg_16", SAME), ("fc6", "vgg_16_fc6_as_conv", SAME)),
    "googlenet": (
        ("inception5b", "googlenet_paper_5b", SAME),
        ("average", "googlenet_paper_average_pool", SAME),
    ),
    "mobilenet_v1": (("step13.pointwise", "mobilenet_v1", SAME),),
    "resnet_50": (("layer4.2.conv3", "resnet_v1_50", SLIM),),
}


class Published(NamedTuple):
    """A figure of the literature beside ours.

    Attributes:
        row: the layer as it is computed here.
        size, stride, padding: as stated; None where the source does not say.
        why: why both differ, or that they are the same.
        source: who states it.
    """

    row: Growth
    size: int
    stride: int
    padding: int | None
    why: Text
    source: Text

    @property
    def agrees(self) -> bool:
        """Whether all stated numbers are those that are computed."""
        field = self.row.field
        ours = (field.size[0], field.stride[0], field.padding[0])
        stated = (self.size, self.stride, ours[2] if self.padding is None else self.padding)
        return ours == stated


def published(name: str, found: Preset) -> list[Published]:
    """All stated fields of a network of the menu; none of the visitor's own."""
    named = {row.name: row for row in found.rows}
    stated = {each["network"]: each for each in reference("receptive_fields")}
    return [
        Published(
            named[layer],
            int(stated[key]["size"]),
            int(stated[key]["stride"]),
            int(stated[key]["padding"]) if stated[key]["padding"] else None,
            why,
            SOURCES[stated[key]["published"]],
        )
        for layer, key, why in ROWS.get(name, ())
    ]
