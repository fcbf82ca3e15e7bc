"""What was asked for earlier and comes later never takes the place of what is newer."""

from __future__ import annotations

from collections.abc import Callable

import canvases
import lab_page as lab
from canvases import WATCH
from expected import ranges, right_colours, stops, table
from playwright.sync_api import Page, Route, WebSocketRoute

from viz import images
from viz.lessons.lab import LESSON

SIZE_PX = 64


def assert_shown(page: Page, wavelength_px: float) -> None:
    """The canvas shows the bank of this wavelength, and no other."""
    picture = images.at_working_size(images.find(LESSON.picture), SIZE_PX)
    setting = LESSON.setting(wavelength_px=wavelength_px)
    maps = list(LESSON.network(setting, picture.pixels)[:1](picture.pixels).detach().numpy())
    between, name = ranges(maps, "shared")
    shown = canvases.pixels(lab.maps(page))
    for at, *tile in lab.tiles(page):
        colour = canvases.middles(shown, tile, maps[at].shape)
        assert right_colours(colour, maps[at], between[at], table(stops(name))).all(), at


def opened(page: Page, server: str) -> None:
    page.add_init_script(WATCH)
    page.goto(f"{server}?stage=bank&working_size_px={SIZE_PX}")
    page.wait_for_selector(".canvas[data-ready]")
    canvases.still(page)


def press_until(page: Page, true: Callable[[], bool]) -> float:
    """Moves the slider on, step by step, until something is true; returns where it stands."""
    slider = lab.slider(page, "Wavelength")
    for _ in range(40):
        slider.press("ArrowRight")
        page.wait_for_timeout(50)
        if true():
            return float(slider.input_value())
    raise AssertionError("it never became true")


def test_maps_that_come_late_are_not_drawn_over_newer_ones(page: Page, server: str) -> None:
    """The first answer is held until those to later steps have been drawn."""
    opened(page, server)
    held: list[Route] = []
    answered: list[str] = []

    def hold_the_first(route: Route) -> None:
        if not held:
            held.append(route)
            return
        answered.append(route.request.url)
        route.continue_()

    page.route("**/maps/**", hold_the_first)
    drawn = lab.drawn(page)
    last = press_until(page, lambda: bool(answered))
    lab.wait_until(page, lambda: lab.drawn(page) > drawn and f"={last:g}&" in answered[-1])
    lab.wait_until(page, lambda: lab.query(page).get("wavelength_px") == f"{last:g}")
    late = held[0].fetch()
    held[0].fulfill(response=late)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert_shown(page, last)
    assert lab.slider(page, "Wavelength").input_value() == f"{last:g}"


def test_an_answer_to_an_older_commit_does_not_take_the_slider_back(
    page: Page, server: str
) -> None:
    """Python answers the first of two commits; the second waits for that, and is held here."""
    line = Line()
    page.route_web_socket("**/_stcore/stream", line.join)
    opened(page, server)
    slider = lab.slider(page, "Wavelength")
    before = float(slider.input_value())
    line.hold_answers = True
    slider.press("ArrowRight")
    lab.wait_until(page, lambda: line.has_committed(before + 0.5))
    slider.press("ArrowRight")
    line.hold_commits = True
    line.let_answers_go()
    lab.wait_until(page, lambda: line.has_committed(before + 1))  # it has heard of the first
    canvases.still(page)
    assert slider.input_value() == f"{before + 1:g}"
    assert_shown(page, before + 1)
    assert lab.query(page)["wavelength_px"] == f"{before + 1:g}"
    line.let_commits_go()
    lab.settle(page)
    assert slider.input_value() == f"{before + 1:g}"
    assert_shown(page, before + 1)


class Line:
    """The websocket between page and server, on which either side's messages can be held."""

    def __init__(self) -> None:
        self.hold_answers = self.hold_commits = False
        self._answers: list[str | bytes] = []
        self._commits: list[str | bytes] = []
        self._committed = b""

    def join(self, page: WebSocketRoute) -> None:
        """Stands between a page and its server."""
        self._page, self._server = page, page.connect_to_server()
        page.on_message(self._from_page)
        self._server.on_message(self._from_server)

    def has_committed(self, wavelength_px: float) -> bool:
        """Whether the page has told Python of this wavelength."""
        return f"wavelength_px={wavelength_px:g}".encode() in self._committed

    def let_answers_go(self) -> None:
        self.hold_answers = False
        while self._answers:
            self._page.send(self._answers.pop(0))

    def let_commits_go(self) -> None:
        self.hold_commits = False
        while self._commits:
            self._server.send(self._commits.pop(0))

    def _from_page(self, message: str | bytes) -> None:
        self._committed += message if isinstance(message, bytes) else message.encode()
        if self.hold_commits:
            self._commits.append(message)
        else:
            self._server.send(message)

    def _from_server(self, message: str | bytes) -> None:
        if self.hold_answers:
            self._answers.append(message)
        else:
            self._page.send(message)
