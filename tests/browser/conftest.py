"""A server of our own on a free port, and a Chromium to look at it with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import canvases
import pytest
from lab_page import PATIENCE_MS
from launching import EXECUTABLE, FLAGS
from panels_page import served_panels
from playwright.sync_api import Browser, Page, sync_playwright
from scenes import SCENES, Seen, look
from serving import served

SECONDS = 400  # that a test may take on a machine that is slow and busy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(SECONDS))
    # last, for Playwright keeps an event loop running in this thread until the session ends
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the app, started as the README says, on a port of its own."""
    with served() as app:
        yield app.address
        said = app.said()
    assert "Traceback" not in said, said


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not Path(EXECUTABLE).exists():
        if os.environ.get("CI"):
            pytest.fail(f"{EXECUTABLE} is missing; CI must install it")
        pytest.skip(f"{EXECUTABLE} is missing, so nothing was looked at")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own for every test; an uncaught error in it fails the test."""
    errors: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


# Window and device pixels to a CSS pixel: of a laptop, and of a fine screen.
VIEWS = {"1280x800@1": (1280, 800, 1), "1600x900@2": (1600, 900, 2)}


@pytest.fixture(scope="session", params=VIEWS)
def view(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """One page for all tests that read canvases, in two sizes; see `canvases`."""
    width, height, ratio = VIEWS[request.param]
    errors: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=ratio
    )
    context.add_init_script(canvases.WATCH)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


@pytest.fixture(scope="session", params=SCENES)
def seen(request: pytest.FixtureRequest, view: Page, server: str) -> Seen:
    """The canvas at one address, and the arrays that it must show."""
    return look(view, server, SCENES[request.param])


@pytest.fixture(scope="session")
def panels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page with panels and the stepper, see `panels_page`."""
    with served_panels(tmp_path_factory.mktemp("panels")) as address:
        yield address
