"""The network that slides over a page of digits."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from looking import ended

from viz import lessons
from viz.lessons.blocks import Panels, Prose, Table
from viz.lessons.fully_connected import finding
from viz.lessons.fully_connected.finding import POSITIONS, Find
from viz.lessons.fully_connected.sections.slide import SECTION
from viz.lessons.fully_connected.setting import DIGIT_PX, HANDS, PAGE_PX, Setting
from viz.networks.digit_finder import NONE
from viz.training.digits import split
from viz.training.shipped_finder import PADDINGS, finder

LESSON = lessons.load("fully_connected")
OPENING = finding.page_of(Setting().digits)


def test_the_hands_to_choose_from_were_not_trained_with() -> None:
    sprites = finding.sprites()
    assert sprites.names == tuple(str(digit) for digit in range(10) for _ in range(HANDS))
    assert sprites.page_px == PAGE_PX
    trained = split().training.images[:, 0]
    assert len(sprites.pictures.unique(dim=0)) == 10 * HANDS
    for picture in sprites.pictures:
        assert not (trained == picture).all((1, 2)).any()


@given(...)
def test_a_page_has_the_darker_ink_of_every_digit(setting: Setting) -> None:
    paper = finding.page_of(setting.digits)
    by_hand = torch.zeros(PAGE_PX)
    for kind, row, column in setting.digits:
        for i in range(DIGIT_PX):
            for j in range(DIGIT_PX):
                ink = finding.hands().images[kind, 0, i, j]
                by_hand[row + i, column + j] = max(by_hand[row + i, column + j], ink)
    assert torch.equal(paper[0], by_hand)


def test_crops_are_every_place_row_by_row() -> None:
    crops = finding.crops_of(OPENING)
    assert len(crops) == POSITIONS[0] * POSITIONS[1] == 1881
    for n in (0, 1, 57, 1000, 1880):
        row, column = divmod(n, POSITIONS[1])
        assert torch.equal(crops[n, 0], OPENING[0, row : row + 8, column : column + 8])


@pytest.mark.parametrize("padding", PADDINGS)
def test_a_lone_crop_is_the_same_both_ways(padding: int) -> None:
    """Also with zero padding: a page of 8×8 has no neighbours."""
    crop = OPENING[:, 4:12, 5:13]
    network = finder(padding).network
    one_pass = finding.convolutional(padding)(crop[None]).flatten()
    torch.testing.assert_close(one_pass, network(crop[None])[0], atol=1e-4, rtol=1e-5)


def test_one_pass_equals_the_crops_without_zero_padding_only() -> None:
    assert finding.apart(OPENING, 0).shape == POSITIONS
    assert float(finding.apart(OPENING, 0).max()) < 1e-6
    assert float(finding.apart(OPENING, 1).max()) > 1
    crops = [finder(0).network(crop[None])[0] for crop in finding.crops_of(OPENING)]
    found = finding.in_one_pass(OPENING).flatten(1).T
    torch.testing.assert_close(found, torch.stack(crops), atol=1e-3, rtol=1e-5)


def test_also_on_empty_paper_the_biases_show_the_padding() -> None:
    empty = finding.page_of(())
    assert float(finding.apart(empty, 0).max()) < 1e-9
    assert float(finding.apart(empty, 1).max()) > 1e-2


def test_the_digits_of_the_opening_are_found_where_they_lie() -> None:
    found = finding.finds(finding.in_one_pass(OPENING))
    placed = [(kind // HANDS, row, column) for kind, row, column in Setting().digits]
    assert len(found) == len(placed)
    for find in found:
        near = [
            each for each in placed if max(abs(each[1] - find.row), abs(each[2] - find.column)) <= 1
        ]
        assert [digit for digit, _, _ in near] == [find.digit]


def test_nearly_every_digit_to_choose_is_found_alone_on_the_page() -> None:
    """All are found in their places; the network takes one of them for another digit."""
    right = 0
    for kind in range(10 * HANDS):
        (find,) = finding.finds(finding.in_one_pass(finding.page_of(((kind, 16, 28),))))
        assert max(abs(find.row - 16), abs(find.column - 28)) <= 1
        right += find.digit == kind // HANDS
    assert right >= 10 * HANDS - 1


def test_an_empty_page_has_no_digit() -> None:
    assert finding.finds(finding.in_one_pass(finding.page_of(()))) == []


def test_finds_are_apart_and_from_left_to_right() -> None:
    scores = torch.zeros(11, *POSITIONS)
    scores[NONE] = 5.0
    scores[3, 10:13, 40:43] = 9.0
    scores[8, 20, 4] = 9.0
    assert finding.finds(scores) == [Find(8, 20, 4), Find(3, 11, 41)]


def test_a_score_is_drawn_at_the_middle_of_its_crop() -> None:
    maps = torch.zeros(1, *POSITIONS)
    maps[0, 5, 7] = 1.0
    large = finding.on_the_page(maps)
    assert large.shape == (1, *PAGE_PX)
    assert large.nonzero().tolist() == [[0, 5 + DIGIT_PX // 2, 7 + DIGIT_PX // 2]]


def test_the_race_counts_every_product(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(10**6))
    monkeypatch.setattr(finding, "perf_counter", lambda: next(ticks) / 1e3)
    race = ended(finding.raced(OPENING))
    crop = 36 * 8 * 9 + 16 * 16 * 8 * 9 + 256 * 32 + 32 * 11
    whole = 38 * 62 * 8 * 9 + 36 * 60 * 16 * 8 * 9 + 33 * 57 * (256 * 32 + 32 * 11)
    assert race.crops_macs == 1881 * crop
    assert race.one_pass_macs == whole
    assert race.one_pass_ms == race.batch_ms == pytest.approx(1)  # a tick of this clock
    assert race.crops_ms == pytest.approx(1881)


def test_the_section_says_what_it_found_and_when_it_was_trained() -> None:
    blocks = LESSON.section("slide", Setting(), torch.rand(3, 9, 9))
    assert isinstance(blocks[0], Panels)
    assert str(blocks[0].panels[0].note) == "found, from left to right: 3, 4, 0, 7, 1, 2"
    rows = next(block for block in blocks if isinstance(block, Table)).rows
    assert [row[1] for row in rows] == ["18,729,216", "55,617,408", "55,617,408"]
    said = [str(block.text) for block in blocks if isinstance(block, Prose)]
    assert finder(0).made.isoformat() in said[-1]
    right = [100 * (797 - finder(padding).wrong) / 797 for padding in PADDINGS]
    assert f"{right[0]:.3g} % right" in said[-1]
    assert f"{right[1]:.3g} %." in said[-1]
    empty = LESSON.section("slide", Setting(digits=()), torch.rand(3, 9, 9))
    assert str(empty[0].panels[0].note) == "no digit is found"


def test_the_views_to_try_are_legal() -> None:
    control = Setting.controls()["digits"]
    for view in SECTION.views:
        assert control.read(view.texts["digits"]) == view.fields["digits"]
