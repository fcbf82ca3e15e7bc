"""The stages of the lesson: learned filters, a ReLU, and a 1×1 on top."""

from __future__ import annotations

from torch import nn

from viz.lessons.emergence.setting import Setting
from viz.lessons.learned_bank import LearnedFilters
from viz.lessons.mixing import Mix, MixFields
from viz.lessons.stage import Stage
from viz.lessons.stages import Switched
from viz.text import text

STAGES: tuple[Stage[Setting], ...] = (
    LearnedFilters(),
    Switched("relu", lambda _: text("ReLU"), lambda *_: nn.ReLU()),
    Mix("pointwise", MixFields.of("pointwise")),
)
