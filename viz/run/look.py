"""What an address shows: the maps in view, those that are pinned, the pictures beside them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, NamedTuple

import torch

from viz import devices, images
from viz.images import Picture
from viz.lessons.lesson import Built, Lesson
from viz.run.building import built, sized
from viz.settings import Setting
from viz.view import View


class Look(NamedTuple):
    """One thing to draw: a Setting, a View, and a picture as decoded."""

    setting: Setting
    view: View
    picture: Picture

    @property
    def key(self) -> Hashable:
        """Equal for equal maps."""
        view = self.view
        return (
            self.setting.digest,
            self.picture.key,
            view.working_size_px,
            view.device,
            view.stage,
        )

    @property
    def on_cpu(self) -> Look:
        """The same, computed on the CPU."""
        return self._replace(view=replace(self.view, device="cpu"))


class Shown(NamedTuple):
    """What to draw, what to subtract from it, and the pictures beside it."""

    look: Look
    minus: Look | None
    others: tuple[Picture, ...]

    @property
    def on_cpu(self) -> Shown:
        """The same, computed on the CPU."""
        return self._replace(look=self.look.on_cpu, minus=self.minus and self.minus.on_cpu)


def looked_at(lesson: Lesson[Any], setting: Setting, view: View, picture: Picture) -> Shown:
    """What an address shows."""
    now = Look(setting, view, picture)
    look = pinned(lesson, now) if view.showing == "pinned" else now
    minus = pinned(lesson, now) if view.showing == "difference" else None
    return Shown(look, minus, beside(view))


def beside(view: View) -> tuple[Picture, ...]:
    """The other pictures in view, without evicted ones. A and B − A are shown alone."""
    if view.showing != "now":
        return ()
    found = (images.find(key) for key in view.other_keys)
    return tuple(picture for picture in found if picture is not None)


def pinned(lesson: Lesson[Any], now: Look) -> Look:
    """What was pinned as A, or `now`; an evicted picture is replaced by that of `now`."""
    if not now.view.pinned:
        return now
    view, setting = lesson.read(now.view.pinned_query)
    return Look(setting, view, images.find(view.picture) or now.picture)


def built_look(lesson: Lesson[Any], look: Look) -> tuple[Picture, torch.device, Built[Any]]:
    """The picture at its working size, the device, and the layers."""
    picture = sized(look.picture, look.view.working_size_px)
    device = devices.chosen(look.view.device)
    return picture, device, built(lesson, look.setting, picture, device, shown=look.view.stage)
