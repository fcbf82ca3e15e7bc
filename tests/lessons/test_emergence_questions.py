"""The questions about learned filters: every right answer by another method."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from looking import noise, shipped
from predicting import Array, asked, maps_of, option, revealed, right
from safetensors.torch import load_file

from viz.lessons.emergence import LESSON
from viz.lessons.emergence.setting import Setting
from viz.training import learned_kernels
from viz.training.shipped_filters import FILE

PICTURES = {"astronaut": lambda: shipped("astronaut", 96), "brick": lambda: shipped("brick", 80)}
SETTINGS = (
    Setting(),
    Setting(source="leaves", method="pca", filters=40, filters_seed=3, pointwise_outputs=5),
    Setting(source="noise", filters_seed=2, relu=False, part="on_top"),
)
views = pytest.mark.parametrize(
    ("setting", "name"), [(setting, name) for setting in SETTINGS for name in PICTURES]
)


def held(name: str) -> Array:
    """What the app's file holds under a name."""
    found: Array = load_file(FILE)[name].double().numpy()
    return found


def alike(one: Array, other: Array) -> float:
    """The mean correlation of each filter with the nearest one, whatever its sign."""
    both = np.abs(np.corrcoef(one.reshape(len(one), -1), other.reshape(len(other), -1)))
    nearest: float = both[: len(one), len(one) :].max(1).mean()
    return nearest


@pytest.mark.parametrize("setting", SETTINGS)
def test_how_many_filters_are_bars(setting: Setting) -> None:
    found = asked(LESSON, setting, noise())
    named = [name for name in found if name.startswith("from_")]
    assert len(named) == 2
    for name in named:
        source = name.removeprefix("from_")
        assert found[name].reveal == {"source": source, "method": "ica"}
        fits = held(f"{source}.ica.{setting.filters_seed}.r_squared")
        assert right(found[name]) == (fits > 0.7).sum()


@views
def test_filters_and_a_1x1_are_one_bank_of_as_many_as_the_1x1_has_rows(
    setting: Setting, name: str
) -> None:
    found = asked(LESSON, setting, PICTURES[name]())
    if not setting.relu:
        assert "one_bank" not in found
        return
    shown = revealed(setting, found["one_bank"])
    assert right(found["one_bank"]) == len(maps_of(LESSON, shown, PICTURES[name]()))


@pytest.mark.parametrize("setting", SETTINGS)
def test_another_seed_finds_filters_of_the_same_kind(setting: Setting) -> None:
    question = asked(LESSON, setting, noise())["another_seed"]
    other = question.reveal["filters_seed"]
    assert other != setting.filters_seed
    names = [f"{setting.source}.ica.{seed}" for seed in (setting.filters_seed, other)]
    counts = [(held(f"{each}.r_squared") > 0.7).sum() for each in names]
    assert alike(held(names[0]), held(names[1])) < 0.9
    assert abs(int(counts[0]) - int(counts[1])) <= 8
    assert option(question) == "other filters of the same kind"


@pytest.mark.parametrize("setting", SETTINGS)
def test_pca_sees_only_the_spectrum(setting: Setting) -> None:
    question, seed = asked(LESSON, setting, noise())["spectrum"], setting.filters_seed
    found = {}
    for method in ("pca", "ica"):
        first, other = (
            held(f"{source}.{method}.{seed}") for source in ("photographs", "scrambled")
        )
        found[method] = alike(first[:16], other)
    assert found["ica"] < 0.7
    assert option(question) == ("yes" if found["pca"] > 0.9 else "no")


@pytest.mark.parametrize("setting", SETTINGS)
def test_few_filters_of_pca_prefer_slanted_bars(setting: Setting) -> None:
    """By the size of each filter's answers to sine gratings, as complex waves."""
    found, seed = asked(LESSON, setting, noise()), setting.filters_seed
    slanted, straight = (counts(held(f"{setting.source}.pca.{seed}"), each) for each in (1, 0))
    if 3 * slanted > straight:
        assert "diagonal" not in found
        return
    assert right(found["diagonal"]) == slanted


def counts(filters: Array, odd: int) -> int:
    """How many filters prefer 45° or 135° (odd), or 0° or 90°."""
    places = np.arange(filters.shape[-1])
    angles = np.radians(np.arange(0, 180, 10))
    answers = []
    for px in (3.5, 5.0, 7.1, 10.0):
        down, across = np.cos(angles)[:, None, None], np.sin(angles)[:, None, None]
        waves = np.exp(2j * np.pi * (down * places[:, None] + across * places) / px)
        answers.append(np.abs(np.einsum("nij,aij->na", filters, waves)))
    best = np.stack(answers).max(2).argmax(0)
    sizes = np.stack(answers)[best, np.arange(len(filters))]
    sums = (sizes * np.exp(2j * angles)).sum(1) / sizes.sum(1)
    nearest = np.round(np.degrees(np.angle(sums)) / 2 / 45).astype(int) % 4
    return int(((np.abs(sums) >= 0.3) & (nearest % 2 == odd)).sum())


@views
def test_how_often_filters_answer_with_nearly_nothing(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    found = asked(LESSON, setting, pixels)
    grey = (pixels * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0).double()
    shares = {}
    for method in ("ica", "pca"):
        filters = torch.from_numpy(held(f"{setting.source}.{method}.{setting.filters_seed}"))[:16]
        answers = F.conv2d(grey[None, None], filters[:, None])[0].flatten(1).numpy()
        strength = np.sqrt((answers**2).mean(1, keepdims=True))
        shares[method] = (np.abs(answers) < 0.1 * strength).mean()
    if abs(shares["ica"] - shares["pca"]) > 0.04:  # beside the border, which differs
        most = max(shares, key=lambda method: shares[method])
        assert option(found["near_zero"]) == {"ica": "those of ICA", "pca": "those of PCA"}[most]


def test_filters_of_this_picture_are_not_learned_for_a_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(learned_kernels, "independent_filters", lambda *_: pytest.fail("learned"))
    scene = LESSON.scene(Setting(source="own", method="pca"), noise())
    found = LESSON.questions(scene)
    assert "near_zero" not in {question.name for question in found}
    assert len(found) >= 4
