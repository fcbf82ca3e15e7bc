"""The questions about oriented filters: every right answer by another method."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from looking import noise, shipped
from predicting import asked, cells, columns_seen, loudest, maps_of, option, revealed, right

from viz.layers.gabor import gabor_bank
from viz.lessons.orientation import LESSON
from viz.lessons.orientation.setting import Setting
from viz.tuning import gabor_half_width_degrees

PICTURES = {"camera": lambda: shipped("camera", 96), "brick": lambda: shipped("brick", 80)}
SETTINGS = (
    Setting(),
    Setting(phases=4, rectifier="relu", orientations=6, size_px=31, sigma_px=7.5, wavelength_px=12),
    Setting(phases=1, rectifier="none", pooling="max", orientations=3, part="kernels"),
    Setting(phases=2, rectifier="relu", pooling="orientations", first_phase_degrees=45),
)
views = pytest.mark.parametrize(
    ("setting", "name"), [(setting, name) for setting in SETTINGS for name in PICTURES]
)


@views
def test_what_the_negative_of_the_photo_does(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["negative"]
    shown = revealed(setting, question)
    now, then = (maps_of(LESSON, shown, each) for each in (pixels, 1 - pixels))
    same, opposite = (np.abs(then - sign * now).max() < 1e-4 for sign in (1, -1))
    says = "the same maps" if same else "the same with the other sign" if opposite else ""
    assert option(question) == (says or "other maps")
    assert same == (shown.rectifier == "square" or shown.phases == 4)


@views
def test_without_a_rectifier_the_layers_are_linear(setting: Setting, name: str) -> None:
    pixels = PICTURES[name]()
    found = asked(LESSON, setting, pixels)
    if setting.rectifier == "none" or setting.pooling == "max":
        assert "linear" not in found
        return
    shown = revealed(setting, found["linear"])
    one, other = pixels, pixels.flip(1)
    sums = maps_of(LESSON, shown, one) + maps_of(LESSON, shown, other)
    assert np.abs(maps_of(LESSON, shown, one + other) - sums).max() < 1e-4
    says = "other linear filters" if np.abs(sums).max() > 1e-4 else "nothing: the maps are zero"
    assert option(found["linear"]) == says
    assert (setting.phases == 4) == says.startswith("nothing")


@views
def test_where_a_new_orientation_answers(setting: Setting, name: str) -> None:
    """By kernels that slide over the mirrored photo."""
    pixels = PICTURES[name]()
    question = asked(LESSON, setting, pixels)["between"]
    twice = question.reveal["orientations"]
    assert twice == 2 * setting.orientations
    kernels = gabor_bank(
        2 * setting.orientations,
        phases=setting.phases,
        wavelength_px=setting.wavelength_px,
        sigma_px=setting.sigma_px,
        size_px=setting.size_px,
        aspect=setting.aspect,
        first_phase_degrees=setting.first_phase_degrees,
    )[setting.phases : 2 * setting.phases]
    grey = (pixels * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0, keepdim=True)
    around = F.pad(grey[None].double(), [setting.size_px // 2] * 4, mode="reflect")
    energy = F.conv2d(around, kernels[:, None].double())[0].square().mean(0).numpy()
    found, grid = cells(question)
    assert found == loudest(energy, grid)


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_field_is_that_of_the_kernels(setting: Setting) -> None:
    question = asked(LESSON, setting, noise(50, 50))["field"]
    shown = revealed(setting, question, sigma_px=12.0, rectifier="none", pooling="phases", phases=2)
    seen = columns_seen(LESSON.network(shown, noise(80, 80)), 80, 80)
    assert right(question) == seen == shown.size_px != setting.size_px


def drifting(setting: Setting, steps: int = 24) -> np.ndarray:
    """What four phases of a filter of lying bars answer to a drifting grating, `(4, steps)`."""
    kernels = gabor_bank(
        1,
        phases=4,
        wavelength_px=setting.wavelength_px,
        sigma_px=setting.sigma_px,
        size_px=setting.size_px,
        aspect=setting.aspect,
        first_phase_degrees=setting.first_phase_degrees,
    ).double()
    rows = torch.arange(setting.size_px).double()[:, None] - setting.size_px // 2
    turns = torch.arange(steps).double()[:, None, None] / steps
    bars = torch.cos(2 * math.pi * (rows / setting.wavelength_px + turns)).expand(
        -1, -1, setting.size_px
    )
    found: np.ndarray = torch.einsum("khw,nhw->kn", kernels, bars).numpy()
    return found


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_mean_of_two_squares_is_steadiest(setting: Setting) -> None:
    answers = drifting(setting)
    units = {
        "two": answers[:2].clip(0).max(0),
        "four": answers.clip(0).max(0),
        "energy": (answers[:2] ** 2).mean(0),
    }
    depth = {name: np.ptp(each) / (each.max() + each.min()) for name, each in units.items()}
    assert min(depth, key=lambda name: depth[name]) == "energy"
    found = asked(LESSON, setting, noise(50, 50))["steadiest"]
    assert option(found) == "the mean of the squares of two phases"
    assert str(found.why).startswith(
        f"cos² + sin² is constant: it swings by {100 * depth['energy']:.0f} %"
    )


@pytest.mark.parametrize("setting", SETTINGS)
def test_one_squared_filter_rises_twice(setting: Setting) -> None:
    squared = drifting(setting)[0] ** 2
    peaks = (squared > np.roll(squared, 1)) & (squared >= np.roll(squared, -1))
    assert peaks.sum() == 2
    assert option(asked(LESSON, setting, noise(50, 50))["squared"]) == "twice"


def test_a_wider_envelope_is_tuned_more_narrowly() -> None:
    """By the formula of a Gabor function, where the kernel does not cut it off."""
    for sigma_px in (4.0, 10.0):
        setting = Setting(sigma_px=sigma_px, size_px=61)
        question = asked(LESSON, setting, noise(50, 50))["envelope"]
        shown = revealed(setting, question)
        before, after = (
            gabor_half_width_degrees(wavelength_px=each.wavelength_px, sigma_px=each.sigma_px)
            for each in (setting, shown)
        )
        assert (after < before) == (shown.sigma_px > sigma_px)
        assert option(question) == ("it is narrower" if after < before else "it is broader")


def test_a_flat_photo_has_no_bars_to_ask_about() -> None:
    found = asked(LESSON, Setting(), torch.full((3, 30, 30), 0.5))
    assert set(found) == {"steadiest", "squared", "envelope", "field"}
    assert len(asked(LESSON, replace(Setting(), size_px=3, sigma_px=12.0), noise())) >= 2
