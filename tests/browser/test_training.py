"""The 1×1 that learns on its lesson's page: found again by a reload, cancelled, begun again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import ceil
from pathlib import Path

import pytest
from held_training import served_held
from lab_page import wait_until
from long_page import Control
from playwright.sync_api import Page, expect

from viz.lessons.reduction.sections.train import REPORTED
from viz.lessons.reduction.setting import Setting

STEPS = Setting().train_steps
HALF = REPORTED * ceil(STEPS / 2 / REPORTED)  # the first report of the second half


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("held")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served_held(folder) as address:
        yield address


def learns_half(page: Page, address: str, folder: Path, seed: int) -> Control:
    """A page on which it has learned for half of the steps, and waits."""
    control = Control(folder, str(seed))
    control.goal = 50
    page.goto(f"{address}reduction?part=train&train_seed={seed}&working_size_px=96")
    is_half_done(page)
    return control


def is_half_done(page: Page) -> None:
    page.get_by_text(re.compile(rf"^Adam, step {HALF} of {STEPS}: error 0\.\d+, PCA")).wait_for()
    page.get_by_role("heading", name=f"After {HALF} steps").wait_for()


def is_finished(page: Page) -> None:
    page.get_by_role("heading", name=f"After {STEPS} steps").wait_for()
    wait_until(page, lambda: page.get_by_role("progressbar").count() == 0)


def test_a_reload_in_the_middle_finds_the_training_again(
    page: Page, address: str, folder: Path
) -> None:
    control = learns_half(page, address, folder, seed=1)
    page.reload()
    is_half_done(page)
    assert control.log == ["begun"]
    control.goal = 101
    is_finished(page)
    page.reload()
    is_finished(page)
    assert control.log == ["begun", "done"]


def test_cancel_ends_the_training_and_it_can_be_begun_again(
    page: Page, address: str, folder: Path
) -> None:
    control = learns_half(page, address, folder, seed=2)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled.").wait_for()
    wait_until(page, lambda: control.log == ["begun", "closed"])
    expect(page.get_by_role("heading", name="After")).to_have_count(0)
    control.goal = 101
    page.get_by_role("button", name="Start again").click()
    is_finished(page)
    assert page.get_by_text("Cancelled.").count() == 0
    assert control.log == ["begun", "closed", "begun", "done"]
