"""A slider that is held while the server goes and comes back: the hand's last value arrives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lab_page as lab
import pytest
from playwright.sync_api import Page
from serving import Served, served

from viz.assets import ROOT

# A server that is not warm before it is allowed to be.
COLD = """
import time
from pathlib import Path
from viz import warmup

ALLOWED, ready, wait = Path(__file__).with_name("warm"), warmup.ready, warmup.wait

def wait_until_allowed():
    while not ALLOWED.exists():
        time.sleep(0.02)
    wait()

warmup.ready = lambda: ALLOWED.exists() and ready()
warmup.wait = wait_until_allowed
"""


class Lecture:
    """A server that begins anew when it is told to, and warms up when it is told to."""

    def __init__(self, server: Served, allowed: Path) -> None:
        self._server, self._allowed, self._gone = server, allowed, False
        self.address = server.address

    def go(self) -> None:
        self._server.stop(at_once=True)
        self._allowed.unlink()
        self._gone = True

    def come_back(self) -> None:
        if self._gone:
            self._server.start()
        self._gone = False

    def warm_up(self) -> None:
        self._allowed.touch()


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lecture]:
    script = tmp_path_factory.mktemp("cold") / "app.py"
    script.write_text(COLD + (ROOT / "app.py").read_text(encoding="utf-8"), encoding="utf-8")
    allowed = script.with_name("warm")
    allowed.touch()
    with served(str(script)) as server:
        yield Lecture(server, allowed)
        assert "Traceback" not in server.said()


@pytest.fixture
def wavelength(page: Page, lecture: Lecture) -> Iterator[lab.Thumb]:
    """The thumb of a slider that has just been taken in hand."""
    lab.open_lab(page, lecture.address, stage="bank", working_size_px="64")
    yield lab.Thumb(page, "Wavelength")
    lecture.come_back()  # for the next test, where this one failed
    lecture.warm_up()


def follows(page: Page, thumb: lab.Thumb, value: str) -> None:
    thumb.to(float(value))
    lab.wait_until(page, lambda: thumb.slider.input_value() == value)


def dialog_came(page: Page) -> None:
    """Waits for the dialog that Streamlit opens for a server that is away; it is not shown."""
    page.get_by_test_id("stDialog").wait_for(state="attached")
    assert not page.get_by_test_id("stDialog").is_visible()


def warming(page: Page) -> None:
    """Waits until the page is being written from the top again, by a server that is still cold."""
    page.get_by_text("Warming up").wait_for(state="attached")
    assert lab.maps(page).is_visible(), "the last maps stay"
    assert not page.get_by_text("Warming up").is_visible()


def arrived(page: Page, value: str) -> None:
    """The value is in the address, in Python and on the canvas, as where it is opened anew."""
    lab.wait_until(page, lambda: lab.query(page).get("wavelength_px") == value)
    page.get_by_role("button", name="Code").click()
    page.get_by_text(f"wavelength_px={value}").first.wait_for()
    anew = page.context.new_page()
    lab.open_lab(anew, page.url)
    assert lab.slider(anew, "Wavelength").input_value() == value
    assert lab.slider(page, "Wavelength").input_value() == value
    lab.wait_until(page, lambda: said(page) == said(anew))


def said(page: Page) -> str:
    """What the canvas says of its maps: their shape and range, the same in every layout."""
    return (lab.maps(page).get_attribute("aria-label") or "").partition(";")[0]


@pytest.mark.parametrize(
    ("dialog", "released"), [(False, "warm"), (True, "away"), (True, "cold"), (True, "warm")]
)
def test_the_held_slider_follows(
    page: Page, lecture: Lecture, wavelength: lab.Thumb, *, dialog: bool, released: str
) -> None:
    follows(page, wavelength, "10")
    lecture.go()
    follows(page, wavelength, "12")
    if dialog:
        dialog_came(page)
    follows(page, wavelength, "14")
    if released == "away":
        wavelength.release()
    lecture.come_back()
    warming(page)
    if released != "away":
        follows(page, wavelength, "16")
    if released == "cold":
        wavelength.release()
    lecture.warm_up()
    page.get_by_text("Warming up").wait_for(state="detached")
    if released == "warm":
        follows(page, wavelength, "18")
        wavelength.release()
    arrived(page, {"away": "14", "cold": "16", "warm": "18"}[released])


def test_the_keys_work_while_the_server_is_away(
    page: Page, lecture: Lecture, wavelength: lab.Thumb
) -> None:
    wavelength.release()
    lecture.go()
    dialog_came(page)
    page.keyboard.press("ArrowRight")
    lab.wait_until(page, lambda: wavelength.slider.input_value() == "8.5")
    lecture.come_back()
    warming(page)
    page.keyboard.press("ArrowRight")
    lecture.warm_up()
    arrived(page, "9")
