"""Computes the questions of a lesson about the present view, in one job."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import torch

from viz import devices
from viz.images import Picture
from viz.lessons.lesson import Lesson
from viz.lessons.question import Question
from viz.run.sections import scene
from viz.settings import Setting
from viz.view import View

Questions = tuple[Question, ...]


def questions_key(lesson: Lesson[Any], setting: Setting, view: View, picture: Picture) -> Hashable:
    """Equal for equal questions."""
    looked_at = (picture.key, tuple(picture.pixels.shape), view.working_size_px, view.device)
    return ("questions", lesson.slug, setting.digest, *looked_at, view.stage, view.unit)


def questions(lesson: Lesson[Any], setting: Setting, view: View, picture: Picture) -> Questions:
    """The questions of a lesson about a view; on the CPU where the device has no room.

    Args:
        picture: at the working size.

    Raises:
        TooLarge: if the lesson's maps would take more than one request may take.
    """
    asked = (lesson, setting, view, picture)
    device = devices.chosen(view.device)
    try:
        return tuple(lesson.questions(scene(*asked, device)))
    except (RuntimeError, MemoryError) as error:
        if not devices.is_out_of_memory(error) or device.type == "cpu":
            raise
    return tuple(lesson.questions(scene(*asked, torch.device("cpu"))))
