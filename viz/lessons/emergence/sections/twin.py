"""Filters that learn with labels: to name the orientation of gratings, with and without a ReLU."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from viz.figures.curves import curves
from viz.layers.filter_bank import FilterBank
from viz.lessons.blocks import Block, Chart, Columns, Panel, Panels, Prose
from viz.lessons.emergence.by_orientation import tuned_to
from viz.lessons.emergence.setting import Setting
from viz.lessons.opening import Suggestion
from viz.lessons.scene import Scene
from viz.lessons.section import Long, Section, always
from viz.marks import oriented
from viz.numbers import exact, number
from viz.progress import Progress
from viz.text import Text, text
from viz.training import orientation_classes
from viz.training.orientation_classes import (
    BATCH,
    CLASSES,
    RATE,
    TEST,
    Gratings,
    Network,
    drawn,
    first_networks,
    learn,
)

REPORTED = 10  # steps between two reports
NEW = 10_000  # seeds of gratings that no network learns from begin here
DEGREES = [180 * each / CLASSES for each in range(CLASSES)]
CHANCE = 100 / CLASSES


@dataclass(frozen=True, eq=False)
class Course:
    """Both networks so far.

    Attributes:
        before: the filters of either before the first step.
        with_relu, without: the networks.
        test: gratings that they do not learn from.
        steps: the steps of the measurements.
        right: of either, the share of test gratings named right, in per cent.
    """

    before: Tensor
    with_relu: Network
    without: Network
    test: Gratings
    steps: list[int]
    right: tuple[list[float], list[float]]

    def measure(self, step: int) -> None:
        """Adds a measurement."""
        self.steps.append(step)
        for network, shares in zip((self.with_relu, self.without), self.right, strict=True):
            shares.append(100 * network.right(self.test))


def show(scene: Scene[Setting]) -> Long:
    """Trains both networks with progress."""
    seed, steps = scene.setting.twin_seed, orientation_classes.STEPS
    networks = first_networks(seed)
    before = networks[0].kernels.detach().clone()
    course = Course(before, *networks, drawn(TEST, NEW + seed), [], ([], []))
    for step in learn(networks, seed, steps):
        if step % REPORTED and step < steps:
            yield None
            continue
        with torch.no_grad():
            course.measure(step)
            sentence = text("Step {n} of {all}", n=step, all=steps)
            yield Progress(step / steps, sentence, _shown(course))
    return [*_shown(course), Prose(_why(course)), Prose(_caption(course), "caption")]


def _shown(course: Course) -> list[Block]:
    with torch.no_grad():
        return [
            Prose(_heading(course), "heading"),
            _filters(course),
            Columns([[_curve(course)], [_gratings(course.test)]], widths=(3, 2), align="center"),
        ]


def _heading(course: Course) -> Text:
    right, wrong = (shares[-1] for shares in course.right)
    return text(
        "After {n} steps the network with a ReLU names **{right} %** of new gratings, without it **{wrong} %**; guessing gives {chance} %",
        n=course.steps[-1],
        right=number(right),
        wrong=number(wrong),
        chance=number(CHANCE),
    )


def _filters(course: Course) -> Panels:
    titles = (
        text("The filters at the start"),
        text("Learned with the ReLU"),
        text("Learned without it"),
    )
    banks = (course.before, course.with_relu.kernels.detach(), course.without.kernels.detach())
    panels = [
        Panel(title, kernels, kind="weight", note=_selective(kernels))
        for title, kernels in zip(titles, banks, strict=True)
    ]
    return Panels("twin_filters", panels, height_px=300, columns=3, narrowest_px=220)


def _selective(kernels: Tensor) -> Text:
    """How strongly the filter in the middle of the order prefers an orientation."""
    found = tuned_to(FilterBank(kernels)).selectivity.nan_to_num()
    return text(
        "selectivity for orientation: {median} (median)", median=number(float(found.median()), 2)
    )


def _gratings(test: Gratings) -> Panels:
    first = test.pictures[:CLASSES]
    names = [f"{each:g}°" for each in DEGREES]
    panel = Panel(text("One grating of each class"), first, names, marks=oriented(DEGREES))
    return Panels("twin_gratings", [panel], height_px=260)


def _curve(course: Course) -> Chart:
    right, wrong = course.right
    lines = {
        "x": course.steps,
        "lines": {
            text("with ReLU"): right,
            text("without"): wrong,
            text("guessing"): [CHANCE] * len(course.steps),
        },
        "x_title": text("steps of Adam"),
        "y_title": text("new gratings named right, %"),
        "thick": (text("with ReLU"),),
        "x_ticks": [0, 20, 40, orientation_classes.STEPS],
    }
    alt = text(
        "Share of gratings named right after each step: with a ReLU up to {right} %, without it {wrong} %",
        right=f"{right[-1]:.1f}",
        wrong=f"{wrong[-1]:.1f}",
    )
    return Chart("twin_course", curves, lines, alt)


def _why(course: Course) -> Text:
    with torch.no_grad():
        largest = [
            float(each.averages(course.test.pictures).abs().max())
            for each in (course.with_relu, course.without)
        ]
    return text(
        "**Without the ReLU nothing is left to learn from.** The average of a map is then the sum of the filter times the mean of the picture, "
        "and that mean is 0: no average of the {n} gratings is above **{none}**. After a ReLU, dark bars no longer cancel bright ones: "
        "averages reach **{some}**.",
        n=exact(len(course.test.labels)),
        none=number(largest[1], 2),
        some=number(largest[0], 2),
    )


def _caption(course: Course) -> Text:
    return text(
        "{filters} filters of {side}×{side}, a ReLU or none, the average over the map, and a 1×1 with {classes} outputs, one for each orientation. "
        "{batch} new gratings a step, of random phase and wavelength and with noise; the mean of each picture is taken off. Adam, learning rate {rate} at first. "
        "Both networks begin with the same numbers.",
        filters=len(course.before),
        side=course.before.shape[-1],
        classes=CLASSES,
        batch=BATCH,
        rate=RATE,
    )


SECTION = Section(
    show,
    always("twin_seed"),
    own_data=lambda _: True,
    views=(Suggestion("Other gratings, another start", {"twin_seed": 1}),),
)
