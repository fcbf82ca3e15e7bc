"""Long work on a page in a real browser: its bar, cancelling, reloading, sharing, and what others get meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_page import PATIENCE_MS, wait_until
from long_page import GRACE_S, Control, put_forward, served_long
from playwright.sync_api import Browser, Locator, Page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("long")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served_long(folder) as address:
        yield address


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Whose work it is: each test's own."""
    return request.node.name


@pytest.fixture
def control(folder: Path, name: str) -> Iterator[Control]:
    """The work of this test; it may go to 40 %, and to its end afterwards."""
    control = Control(folder, name)
    control.goal = 40
    yield control
    control.goal = 100


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """Another visitor."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def bar(page: Page) -> Locator:
    return page.get_by_role("progressbar")


def open_at_40(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}?name={name}")
    at_40(page)


def at_40(page: Page, seed: str = "1") -> None:
    page.get_by_text("Step 40 of 100").wait_for()
    page.get_by_role("button", name=f"Newest 40 with {seed}").wait_for()
    assert bar(page).get_attribute("aria-valuenow") == "40"


def comes_to(page: Page, words: str) -> None:
    page.get_by_text(f"Came to {words}").wait_for()
    wait_until(page, lambda: bar(page).count() == 0)


def test_the_bar_appears_and_makes_room_for_the_result(
    page: Page, address: str, name: str, control: Control
) -> None:
    open_at_40(page, address, name)
    assert page.get_by_text("Came to").count() == 0
    control.goal = 100
    comes_to(page, "the end with 1")
    assert page.get_by_role("button", name="Cancel").count() == 0
    assert control.log == ["begun 1", "done 1"]
    page.reload()
    comes_to(page, "the end with 1")
    assert control.log == ["begun 1", "done 1"]


def test_cancel_ends_it_and_it_can_be_started_again(
    page: Page, address: str, name: str, control: Control
) -> None:
    open_at_40(page, address, name)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled.").wait_for()
    comes_to(page, "None")
    wait_until(page, lambda: control.log == ["begun 1", "closed 1"])
    page.get_by_role("button", name="Start again").click()
    at_40(page)
    assert page.get_by_text("Cancelled.").count() == 0
    control.goal = 100
    comes_to(page, "the end with 1")
    assert control.log == ["begun 1", "closed 1", "begun 1", "done 1"]


def test_another_click_on_the_page_finds_it_again(
    page: Page, address: str, name: str, control: Control
) -> None:
    open_at_40(page, address, name)
    for _ in range(3):
        page.get_by_text("Something else").click()
        at_40(page)
    control.goal = 100
    comes_to(page, "the end with 1")
    assert control.log == ["begun 1", "done 1"]


def test_a_reload_finds_it_again(page: Page, address: str, name: str, control: Control) -> None:
    open_at_40(page, address, name)
    page.reload()
    at_40(page)
    control.goal = 100
    comes_to(page, "the end with 1")
    assert control.log == ["begun 1", "done 1"]


def test_two_visitors_share_it(
    page: Page, other: Page, address: str, name: str, control: Control
) -> None:
    open_at_40(page, address, name)
    open_at_40(other, address, name)
    page.get_by_role("button", name="Cancel").click()
    comes_to(page, "None")
    control.goal = 100
    comes_to(other, "the end with 1")
    assert control.log == ["begun 1", "done 1"]


def test_a_newer_key_supersedes_it(page: Page, address: str, name: str, control: Control) -> None:
    open_at_40(page, address, name)
    page.get_by_role("radiogroup").get_by_text("2").click()
    at_40(page, seed="2")
    assert control.log == ["begun 1", "closed 1", "begun 2"]
    control.goal = 100
    comes_to(page, "the end with 2")


def test_others_quick_requests_are_answered_meanwhile(
    page: Page, other: Page, address: str, name: str, control: Control
) -> None:
    open_at_40(page, address, name)
    other.goto(f"{address}?name={name}&quick=1")
    other.get_by_text("Answered").wait_for()
    at_40(page)
    assert control.log == ["begun 1"]


def test_a_closed_tab_is_waited_for_no_longer_than_the_grace_period(
    page: Page, other: Page, address: str, name: str, folder: Path, control: Control
) -> None:
    open_at_40(other, address, name)
    put_forward(folder, 2 * GRACE_S)
    page.goto(f"{address}?name={name}&quick=1")  # its answer comes between two slices
    page.get_by_text("Answered").wait_for()
    assert control.log == ["begun 1"]
    other.close()

    def closed() -> bool:
        put_forward(folder, 2 * GRACE_S)
        return control.log == ["begun 1", "closed 1"]

    wait_until(page, closed)
