"""The lesson's claims about the module."""

from __future__ import annotations

from torch import Tensor

from viz.layers.branches import joined
from viz.lessons.chain import before
from viz.lessons.claim import Claim
from viz.lessons.inception.module import BRANCHES, chain, module
from viz.lessons.inception.setting import Setting
from viz.lessons.lesson import Built


def claims(built: Built[Setting], pixels: Tensor) -> list[Claim]:
    """The module and its branches."""
    setting, given = built.setting, before(setting_path(built), built.network)
    return [
        Claim(
            "The module is its four branches, each run alone, side by side.",
            module(setting),
            lambda x: joined([chain(branch, setting)(x) for branch in BRANCHES]),
            given=given,
            methods=("whole module", "branches alone"),
        )
    ]


def setting_path(built: Built[Setting]) -> str:
    """The first box after the stem."""
    return built.setting.path[0]
