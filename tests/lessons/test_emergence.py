"""Learned filters as a bank: against plain convolutions, in the Lab, and under a 1×1."""

from __future__ import annotations

from contextlib import chdir
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from looking import noise, shipped
from safetensors.torch import load_file
from torch import Tensor

from viz import images
from viz.layers.gabor import gabor_bank
from viz.lessons.blocks import Columns, Download, LessonLink, Panels, Prose
from viz.lessons.emergence import LESSON
from viz.lessons.emergence.by_orientation import ORIENTATIONS, gathered, rows_of, tuned_to
from viz.lessons.emergence.responses import Responses, trained_on, varies
from viz.lessons.emergence.sections.twin import show as twin
from viz.lessons.emergence.setting import Setting
from viz.lessons.lab import LESSON as LAB
from viz.lessons.lab.setting import Setting as LabSetting
from viz.lessons.learned_bank import SOURCES
from viz.progress import Progress
from viz.settings import as_text
from viz.source import program
from viz.training import orientation_classes
from viz.training.learned_kernels import learned_kernels
from viz.training.shipped_filters import FILE

GREY = torch.tensor([0.2126, 0.7152, 0.0722])


def kernels_of(setting: Setting, pixels: Tensor) -> Tensor:
    return LESSON.network(setting, pixels).get_parameter("bank.learned.weight")[:, 0]


# ── The bank ────────────────────────────────────────────────────────────────────────────────────


def test_maps_are_plain_convolutions_with_the_filters_of_the_file():
    """A unit is above and left of the middle of 12 × 12: five pixels before it, six after it."""
    pixels, setting = noise(20, 17), Setting(source="leaves", filters=8, filters_seed=2)
    maps = LESSON.network(setting, pixels)[0](pixels)
    held = load_file(FILE)["leaves.ica.2"][:8]
    held = held / held.flatten(1).norm(dim=1)[:, None, None]
    grey = torch.einsum("c,chw->hw", GREY, pixels)
    around = F.pad(grey[None, None], (5, 6, 5, 6), mode="reflect")
    torch.testing.assert_close(maps, F.conv2d(around, held[:, None])[0], atol=1e-5, rtol=0)


def test_filters_of_this_picture_are_learned_from_this_picture():
    setting = Setting(source="own", filters=8)
    first, other = (shipped(slug, 48) for slug in ("brick", "coffee"))
    grey = torch.einsum("c,chw->hw", GREY, first)[None]
    expected = learned_kernels(grey, "ica", seed=0, count=64)
    cosines = (kernels_of(setting, first) * expected[:8]).sum((1, 2))
    assert cosines.min() > 0.999  # float sums of the brightness differ in their last digit
    assert not torch.allclose(kernels_of(setting, other), expected[:8], atol=0.1)


@pytest.mark.parametrize("source", ["photographs", "own"])
def test_the_slider_takes_the_first_filters(source: str):
    pixels = shipped("brick", 48)
    few, all_ = (kernels_of(Setting(source=source, filters=n), pixels) for n in (8, 64))
    assert torch.equal(few, all_[:8])


@pytest.mark.parametrize("method", ["ica", "pca"])
@pytest.mark.parametrize("source", SOURCES)
def test_the_program_reads_the_file_or_learns_again(source: str, method: str):
    leaves = images.find("dead_leaves")
    assert leaves is not None
    pixels = images.at_working_size(leaves, 40).pixels
    setting = Setting(source=source, method=method, filters=8)
    chain = LESSON.build(setting, pixels).before("relu")
    left: dict[str, Any] = {}
    with chdir(FILE.parent):
        exec(program(chain, leaves, 40), left)
    torch.testing.assert_close(left["maps"], chain(pixels), atol=1e-4, rtol=1e-4)


# ── In the Lab ──────────────────────────────────────────────────────────────────────────────────


@given(...)
@settings(max_examples=20)
def test_an_old_address_of_the_lab_still_means_the_same(setting: LabSetting):
    """The new fields change nothing for colours and Gabor filters."""
    bank = setting.bank if setting.bank != "learned" else "gabor"
    old = replace(setting, bank=bank, source="photographs", method="ica", filters=16)
    new = replace(setting, bank=bank)
    one, other = (LAB.network(each, noise(9, 7)).state_dict() for each in (old, new))
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert [stage.title for stage in LAB.outline(old).stages] == [
        stage.title for stage in LAB.outline(new).stages
    ]


def test_the_lab_opens_as_ever():
    assert LabSetting().to_query() == {}
    assert LAB.outline(LabSetting())["bank"].channels.names[:2] == ("0° φ0°", "0° φ90°")


def test_of_learned_filters_the_lab_pools_consecutive_channels():
    outline = LAB.outline(LabSetting(bank="learned", filters=24, pool_over="orientations", group=5))
    assert outline.setting.pool_over == "channels"
    assert outline.allowed("pool_over").options == ("channels",)
    assert outline["pooling"].channels.size == 6


def test_one_click_takes_the_same_bank_to_the_lab_with_the_1x1_on_top():
    pixels = shipped("brick", 48)
    setting = Setting(source="noise", method="pca", filters=24, filters_seed=3)
    link = next(each for each in flat(on_top(setting, pixels)) if isinstance(each, LessonLink))
    assert link.slug == LAB.slug
    view, lab = LAB.read({name: as_text(value) for name, value in link.fields.items()})
    network = LAB.network(lab, pixels)
    assert torch.equal(
        network.get_parameter("bank.learned.weight")[:, 0], kernels_of(setting, pixels)
    )
    assert list(dict(network.named_children())) == ["bank", "rectifier", "pointwise"]
    assert view.stage == "pointwise"


# ── The 1×1 on top ──────────────────────────────────────────────────────────────────────────────


def on_top(setting: Setting, pixels: Tensor) -> list[Any]:
    return LESSON.section("on_top", setting, pixels)


def flat(blocks: list[Any]) -> list[Any]:
    inside = [
        each
        for block in blocks
        if isinstance(block, Columns)
        for column in block.columns
        for each in column
    ]
    return [*blocks, *inside]


def test_a_row_is_the_mean_of_the_squares_of_its_filters():
    found = gathered(kernels_of(Setting(filters=64), noise()))
    x = noise(30, 30)[:1]
    maps = found.network(x)
    responses = found.network[0](x).numpy()
    for row in range(len(ORIENTATIONS)):
        members = found.members(row)
        expected = np.mean(responses[members] ** 2, axis=0)
        np.testing.assert_allclose(maps[row].numpy(), expected, rtol=1e-4, atol=1e-6)
    taken = [each for row in range(4) for each in found.members(row)]
    assert len(taken) == len(set(taken))


def test_a_filter_between_two_rows_and_one_without_orientation():
    between = gabor_bank(8, phases=1, wavelength_px=5, sigma_px=2, size_px=13)
    rows = [gathered(between).members(row) for row in range(4)]
    assert [2 * row in members for row, members in enumerate(rows)] == [True] * 4
    assert sorted(member for members in rows for member in members) == list(range(8))
    tuned = gathered(between[:1]).of_filters
    halfway = rows_of(replace(tuned, preferred_degrees=torch.tensor([67.5])), ORIENTATIONS)
    assert halfway.flatten().tolist() == [0, 1, 0, 0]
    dot = torch.zeros(1, 13, 13)
    dot[0, 6, 6] = 1
    assert not gathered(dot).rows.any()


@pytest.mark.parametrize("source", ["photographs", "leaves"])
def test_each_row_of_filters_with_edges_prefers_its_orientation(source: str):
    tuned = tuned_to(gathered(kernels_of(Setting(source=source, filters=64), noise())).network)
    apart = (tuned.preferred_degrees - torch.tensor(ORIENTATIONS) + 90) % 180 - 90
    assert apart.abs().max() < 10
    assert tuned.selectivity.min() > 0.6


def test_the_page_says_how_many_are_gathered_and_offers_the_file():
    """As the text above it has it: noise gives none, and PCA hardly any on the diagonals."""

    def members(**fields: Any) -> list[int]:
        found = gathered(kernels_of(Setting(filters=64, **fields), noise()))
        return [len(found.members(row)) for row in range(4)]

    assert members(source="noise") == [0] * 4
    lying, rising, standing, falling = members(method="pca")
    assert min(lying, standing) > 3 * max(rising, falling)
    blocks = on_top(Setting(filters=64), shipped("brick", 48))
    assert isinstance(blocks[0], Prose)
    assert f"**{sum(members())}** of 64" in str(blocks[0].text)
    file = next(each for each in flat(blocks) if isinstance(each, Download))
    assert file.make() == FILE.read_bytes()


def test_filters_of_this_picture_need_no_file():
    blocks = on_top(Setting(source="own", filters=8), shipped("brick", 48))
    assert not any(isinstance(each, Download) for each in flat(blocks))


# ── The claims ──────────────────────────────────────────────────────────────────────────────────


def test_correlations_are_those_of_numpy():
    learned = trained_on(Setting(source="noise", filters=8), noise())
    few = replace(learned, patches=learned.patches[:500])
    responses = few.patches.double().numpy() @ few.filters.flatten(1).double().numpy().T
    np.testing.assert_allclose(few.correlations(few.patches), np.corrcoef(responses.T), atol=1e-6)


def test_other_patches_and_other_filters_are_seen():
    """Of patches that they were not learned from, responses are correlated; others are no turn."""
    own, other = (trained_on(Setting(source=each), noise()) for each in ("leaves", "noise"))
    strange = own.correlations(other.patches)
    assert (strange - torch.eye(len(strange))).abs().max() > 0.1
    mixed = replace(own, independent=other.independent)
    turn = mixed.turn_by_its_transpose(own.patches)
    assert (turn - torch.eye(len(turn))).abs().max() > 0.01


def test_a_picture_of_too_few_patches_has_no_claims_about_them():
    black = torch.zeros(3, 40, 40)
    learned = trained_on(Setting(source="own"), black)
    assert isinstance(learned, Responses)
    assert not varies(learned)
    asked, few = (LESSON.claims(Setting(source="own"), each) for each in (shipped("brick"), black))
    assert sum("patches" in str(claim.sentence) for claim in asked) == 1
    assert not any("patches" in str(claim.sentence) for claim in few)


# ── Learned with labels ─────────────────────────────────────────────────────────────────────────


def test_the_twin_reports_what_its_networks_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(orientation_classes, "STEPS", 20)
    monkeypatch.setattr(orientation_classes, "BATCH", 16)
    scene = LESSON.scene(Setting(), noise())
    steps, told = twin(scene), []
    while True:
        try:
            seen = next(steps)
        except StopIteration as end:
            blocks = end.value
            break
        told += [seen] if isinstance(seen, Progress) else []
    assert [each.fraction for each in told] == [0, 0.5, 1]
    assert "without it **12.5 %**" in str(blocks[0].text)
    filters = next(each for each in blocks if isinstance(each, Panels))
    before, with_relu, without = (panel.maps for panel in filters.panels)
    moved = [(each - before).norm() for each in (with_relu, without)]
    assert moved[0] > 3 * moved[1] > 0
