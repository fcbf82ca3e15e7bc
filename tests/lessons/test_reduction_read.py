"""What the sections on correlation, the ReLU and the task say, against the numbers they are made of."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from looking import noise, shipped
from torch import Tensor

from viz import lessons
from viz.lessons.bank_of_50 import BANK_CHANNELS
from viz.lessons.blocks import Block, Chart, Columns, Panels, Prose, Table
from viz.lessons.reduction.textures import textures
from viz.ui.text import translated

LESSON = lessons.load("reduction")


def shown(part: str, pixels: Tensor, **fields: Any) -> list[Block]:
    """The blocks of a section in its opening state, with some fields changed."""
    query = {"part": part, **{name: str(value) for name, value in fields.items()}}
    return LESSON.section(part, LESSON.read(query)[1], pixels)


def finished(steps: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def inside(blocks: list[Block]) -> Iterator[Any]:
    for block in blocks:
        if isinstance(block, Columns):
            for column in block.columns:
                yield from inside(list(column))
        else:
            yield block


def first(kind: type, blocks: list[Block], key: str = "") -> Any:
    return next(
        each
        for each in inside(blocks)
        if isinstance(each, kind) and (not key or getattr(each, "key", key) == key)
    )


def bold(blocks: list[Block]) -> list[float]:
    """The numbers that the first sentence prints bold."""
    return [float(each) for each in re.findall(r"\*\*(\d[\d.]*)", str(first(Prose, blocks).text))]


def rows(blocks: list[Block]) -> dict[str, list[str]]:
    return {str(row[0]): [str(cell) for cell in row[1:]] for row in first(Table, blocks).rows}


@pytest.fixture(scope="module")
def maps() -> Tensor:
    setting = LESSON.setting()
    return LESSON.scene(setting, shipped("coffee")).input_of("back").flatten(1).double()


# ── What channels share ─────────────────────────────────────────────────────────────────────────


def test_a_heat_map_has_the_correlation_of_the_channels_that_it_names(maps: Tensor):
    chart = first(Chart, shown("correlation", shipped("coffee")), "before")
    matrix, names = chart.arguments["matrix"], chart.arguments["names"]
    expected = np.corrcoef(maps.numpy())
    assert sorted(names) == sorted(BANK_CHANNELS.names)
    at = [BANK_CHANNELS.names.index(name) for name in names]
    np.testing.assert_allclose(matrix, expected[np.ix_(at, at)], atol=1e-6)
    assert list(chart.arguments["groups"].values()) == [10] * 5
    degrees = [name.split()[0] for name in names]
    assert degrees == sorted(degrees, key=lambda each: float(each[:-1]))  # by orientation


@pytest.mark.parametrize("channels", [2, 7, 10, 23])
def test_fewer_channels_make_fewer_groups(channels: int):
    blocks = shown("correlation", shipped("coffee", 96), channels=channels, kept=2)
    chart = first(Chart, blocks, "before")
    groups = chart.arguments["groups"]
    assert sum(groups.values()) == channels == len(chart.arguments["names"])
    assert next(iter(groups)) == "0°"
    assert len(groups) == -(-channels // 10)
    chart.figure(**translated(chart.arguments))


def test_the_sentence_counts_the_numbers_that_keep_a_share(maps: Tensor):
    variances = np.linalg.eigvalsh(np.cov(maps.numpy()))[::-1]
    kept = np.cumsum(variances) / variances.sum()
    expected = [int(np.argmax(kept >= share)) + 1 for share in (0.9, 0.95, 0.99)]
    assert bold(shown("correlation", shipped("coffee"))) == expected


def test_numbers_of_pca_have_nothing_in_common_and_means_of_groups_do():
    said = rows(shown("correlation", shipped("coffee")))
    assert said["10 numbers of PCA"] == ["0.00", "0.00"]
    assert float(said["10 group means"][0]) > float(said["50 channels"][0]) > 0.1
    assert float(said["a channel and the next wavelength"][0]) > 0.75


# ── With a ReLU ─────────────────────────────────────────────────────────────────────────────────


def test_the_sentence_has_both_errors(maps: Tensor):
    centred = (maps - maps.mean(1, keepdim=True)).numpy()
    u, s, vh = np.linalg.svd(centred, full_matrices=False)
    k, linear, rectified = bold(shown("relu", shipped("coffee")))
    k = int(k)
    assert linear == pytest.approx(np.sqrt((s[k:] ** 2).sum() / (s**2).sum()), rel=6e-3)
    numbers = np.maximum(s[:k, None] * vh[:k] * signs(u[:, :k]), 0).T
    design = np.c_[numbers, np.ones(len(numbers))]
    left = np.linalg.lstsq(design, centred.T, rcond=None)[1].sum()
    assert rectified == pytest.approx(np.sqrt(left / (s**2).sum()), rel=6e-3)


def signs(rows: np.ndarray) -> np.ndarray:
    """1 or −1 for each column: with it the largest entry is positive, as in `principal_rows`."""
    largest = np.take_along_axis(rows, np.abs(rows).argmax(0)[None], 0)[0]
    return np.sign(largest)[:, None]


def test_what_is_between_two_layers_keeps_them_two():
    said = rows(shown("relu", shipped("coffee")))
    errors = [cells[0] for cells in said.values()]
    assert errors[0] == errors[2] == "0"
    assert float(errors[1]) > 0.3


def test_a_large_bias_gives_back_what_the_relu_took():
    _, linear, rectified = bold(shown("relu", shipped("coffee", 96)))
    _, same, with_bias = bold(shown("relu", shipped("coffee", 96), relu_bias=4.0))
    assert linear == same < with_bias < rectified
    assert with_bias - linear < 0.25 * (rectified - linear)


def test_the_maps_have_the_error_of_what_they_show():
    wanted, *decoded = first(Panels, shown("relu", shipped("coffee"))).panels
    spread = (wanted.maps - wanted.maps.mean()).norm()
    for panel in decoded:
        said = float(re.findall(r"[\d.]+", str(panel.note))[0])
        assert said == pytest.approx(float((panel.maps - wanted.maps).norm() / spread), rel=6e-3)


def test_the_maps_are_decoded_from_the_numbers_their_relu_and_pairs(maps: Tensor):
    wanted, *decoded = first(Panels, shown("relu", shipped("coffee"))).panels
    channel = wanted.maps.flatten().double().numpy()
    centred = (maps - maps.mean(1, keepdim=True)).numpy()
    u, s, vh = np.linalg.svd(centred, full_matrices=False)
    numbers = (s[:20, None] * vh[:20] * signs(u[:, :20])).T
    positive, negative = np.maximum(numbers, 0), np.maximum(-numbers, 0)
    for panel, read in zip(decoded, (numbers, positive, np.c_[positive, negative]), strict=True):
        design = np.c_[read, np.ones(len(read))]
        expected = design @ np.linalg.lstsq(design, channel, rcond=None)[0]
        np.testing.assert_allclose(panel.maps.flatten(), expected, atol=2e-3)


# ── Grass or brick ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def task() -> list[Block]:
    return shown("task", noise())


def test_it_opens_with_one_number_that_is_not_pcas(task: list[Block]):
    principal, trained, everything = bold(task)
    assert principal < trained - 10
    assert trained == pytest.approx(everything, abs=0.3)


def test_the_decisions_are_as_right_as_they_say(task: list[Block]):
    picture, *decided = first(Panels, task).panels
    width = picture.maps.shape[-1] // 2
    for panel, said in zip(decided, bold(task), strict=False):
        grass, brick = panel.maps[0, :, :width], panel.maps[0, :, width:]
        right = 100 * float(torch.cat([1 - grass, brick], dim=1).mean())
        assert float(re.findall(r"[\d.]+", str(panel.note))[0]) == pytest.approx(right, abs=0.06)
        assert said == pytest.approx(right, abs=0.2)  # of the trained ones it is the mean of three
        assert list(map(str, panel.classes)) == ["Grass", "Brick wall"]


def test_each_method_is_best_by_its_own_measure(task: list[Block]):
    said = {name.split(",")[0]: cells for name, cells in rows(task).items()}
    right = {name: float(cells[0].split()[0]) for name, cells in said.items()}
    missed = {name: float(cells[1]) for name, cells in said.items()}
    assert right["trained"] > right["Fisher"] > right["PCA"]
    assert missed["PCA"] < min(missed["trained"], missed["Fisher"])


def test_the_error_is_that_of_the_training_pixels(task: list[Block]):
    both = finished(textures(torch.device("cpu")))
    values = both.pixels(both.training, rectified=True).values.numpy()
    variances = np.linalg.eigvalsh(np.cov(values))
    said = float(next(iter(rows(task).values()))[1])
    assert said == pytest.approx(np.sqrt(variances[:-1].sum() / variances.sum()), abs=6e-4)


def test_it_does_not_depend_on_the_picture(task: list[Block]):
    assert bold(shown("task", noise(9, 7))) == bold(task)


def test_without_the_relu_every_method_guesses():
    assert bold(shown("task", noise(), task_relu=0)) == pytest.approx([50] * 3, abs=5)


def progress(setting: Any) -> Generator[Any, None, Any]:
    """The task section while it works."""
    steps = LESSON.sections["task"].show(LESSON.scene(setting, noise()))
    assert isinstance(steps, Generator)
    return steps


def test_it_reports_progress_with_the_newest_chart():
    setting = LESSON.read({"part": "task", "kept": "7", "seed": "41", "channels": "9"})[1]
    steps = progress(setting)
    seen = [each for each in steps if each is not None]
    fractions = [each.fraction for each in seen]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert all(isinstance(each.newest[0], Chart) for each in seen[1:])


def test_it_ends_when_it_is_closed():
    setting = LESSON.read({"part": "task", "seed": "42"})[1]
    steps = progress(setting)
    next(steps)
    steps.close()
    assert list(steps) == []
