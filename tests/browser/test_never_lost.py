"""What may go wrong in the room: the server restarts, others drag at the same time, a page breaks."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import lab_page as lab
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page, Response, expect
from serving import Served, served

from viz import devices, images, lessons, run
from viz.assets import ROOT

GONE = "upload it again"


@pytest.fixture(scope="module")
def restartable() -> Iterator[Served]:
    """A server that the tests here may stop and start; each leaves it running."""
    with served() as server:
        yield server
        assert "Traceback" not in server.said()


def photograph(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (96, 64), colour).save(data, "PNG")
    return data.getvalue()


def upload(page: Page, name: str, data: bytes) -> None:
    chooser = page.locator("input[type=file]")
    lab.wait_until(page, lambda: chooser.count() == 1)  # the last one goes with its file
    chooser.set_input_files(FilePayload(name=name, mimeType="image/png", buffer=data))
    page.get_by_text(name).first.wait_for()
    lab.wait_until(page, lambda: len(lab.query(page).get("picture", "")) == 64)
    lab.settle(page)


def sign(page: Page) -> str:
    """What the canvas says of the connection or of a picture; empty if all is well."""
    return page.locator(".notice").inner_text() if page.locator(".notice").is_visible() else ""


def press(page: Page, name: str, times: int) -> None:
    slider = lab.slider(page, name)
    slider.focus()
    for _ in range(times):
        slider.press("ArrowRight")


def connected(page: Page) -> None:
    """Waits until the page has found the server again."""
    page.locator("[data-test-connection-state=CONNECTED]").wait_for(timeout=lab.PATIENCE_MS)


# ── The server goes and comes back ──────────────────────────────────────────────────────────────


def test_the_view_outlives_the_server(page: Page, restartable: Served) -> None:
    lab.open_lab(page, restartable.address, stage="bank", picture="brick", wavelength_px="10")
    press(page, "Wavelength", 2)
    lab.settle(page)
    view, maps = lab.query(page), lab.canvas_pixels(page)
    assert view == {"stage": "bank", "picture": "brick", "wavelength_px": "11"}

    restartable.stop(at_once=True)
    press(page, "Wavelength", 1)
    expect(page.locator(".notice")).to_contain_text("No connection", timeout=lab.PATIENCE_MS)
    assert len(lab.tiles(page)) == 16, "the last maps stay"
    assert np.array_equal(lab.canvas_pixels(page), maps)

    restartable.start()
    lab.wait_until(page, lambda: sign(page) == "")
    lab.wait_until(page, lambda: not np.array_equal(lab.canvas_pixels(page), maps))
    lab.settle(page)
    assert lab.slider(page, "Wavelength").input_value() == "11.5"
    assert lab.query(page) == {**view, "wavelength_px": "11.5"}

    press(page, "Wavelength", 2)
    wanted = {**view, "wavelength_px": "12.5"}
    lab.wait_until(page, lambda: lab.query(page) == wanted)
    page.get_by_role("button", name="Code").click()  # Python, too, hears of it
    page.get_by_text("import torch").first.wait_for(timeout=lab.PATIENCE_MS)
    page.reload()
    lab.wait_ready(page)
    assert lab.slider(page, "Wavelength").input_value() == "12.5"


def test_an_upload_that_went_with_the_server_is_asked_for(page: Page, restartable: Served) -> None:
    lab.open_lab(page, restartable.address, stage="bank")
    upload(page, "holiday.png", photograph("teal"))
    address, maps = lab.query(page), lab.canvas_pixels(page)

    restartable.stop(at_once=True)
    restartable.start()
    connected(page)
    expect(page.locator(".notice")).to_contain_text(GONE, timeout=lab.PATIENCE_MS)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(GONE, timeout=lab.PATIENCE_MS)
    assert np.array_equal(lab.canvas_pixels(page), maps), "the last maps stay"
    lab.wait_until(page, lambda: lab.query(page) == address)

    upload(page, "holiday.png", photograph("teal"))
    expect(page.get_by_test_id("stSidebar")).not_to_contain_text(GONE, timeout=lab.PATIENCE_MS)
    lab.wait_until(page, lambda: sign(page) == "")
    lab.settle(page)
    assert lab.query(page) == address
    assert len(lab.tiles(page)) == 16


# ── Two visitors ────────────────────────────────────────────────────────────────────────────────


class Hand:
    """One visitor who holds a slider's thumb."""

    def __init__(self, browser: Browser, server: str, slider: str, **query: str) -> None:
        self.page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        self.page.set_default_timeout(lab.PATIENCE_MS)
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        lab.open_lab(self.page, server, **query)
        self.asked.clear()
        self.thumb = lab.Thumb(self.page, slider)

    def release(self) -> dict[str, str]:
        self.thumb.release()
        lab.settle(self.page)
        return lab.query(self.page)


def shown_by(query: dict[str, str], n: int) -> np.ndarray:
    """The maps that an address means, computed here, each number the mean of as many units as one pixel stands for."""
    lesson = lessons.load("lab")
    found = images.find(query["picture"])
    assert found is not None
    picture = images.at_working_size(found, int(query["working_size_px"]))
    network = lesson.network(lesson.setting.from_query(query), picture.pixels)
    maps = run.maps(network, picture, devices.chosen("cpu"))[query["stage"]]
    count, height, width = maps.shape
    return maps.reshape(count, height // n, n, width // n, n).mean((2, 4))


def test_two_visitors_who_drag_at_once_never_mix(browser: Browser, server: str) -> None:
    common = {"working_size_px": "64", "stage": "bank"}
    one = Hand(browser, server, "Wavelength", picture="brick", **common)
    two = Hand(browser, server, "Orientations", picture="camera", **common)
    last: dict[str, Response] = {}
    for hand, name in ((one, "one"), (two, "two")):
        hand.page.on(
            "response", lambda each, name=name: lab.is_maps(each) and last.update({name: each})
        )
    try:
        for step in range(1, 25):
            one.thumb.at(0.3 + 0.5 * step / 24)
            two.thumb.at(0.1 + 0.6 * step / 24)
        seen = {"one": one.release(), "two": two.release()}
        assert {seen["one"]["picture"], seen["two"]["picture"]} == {"brick", "camera"}
        assert set(seen["one"]) == {*common, "picture", "wavelength_px"}
        assert set(seen["two"]) == {*common, "picture", "orientations"}
        assert seen["one"]["wavelength_px"] == one.thumb.slider.input_value()
        assert seen["two"]["orientations"] == two.thumb.slider.input_value()
        for hand, other in ((one, "camera"), (two, "brick")):
            assert hand.asked
            assert not [url for url in hand.asked if "/maps/" in url and other in url]
        shapes = []
        for hand, name in ((one, "one"), (two, "two")):
            header, _ = lab.unpacked(last[name].body())
            maps = shown_by(seen[name], header["blocks"]["maps"]["mean_of"])
            shapes.append(maps.shape[1:])
            assert len(lab.tiles(hand.page)) == len(maps)
            low, high = header["blocks"]["maps"]["low"], header["blocks"]["maps"]["high"]
            assert low == pytest.approx(maps.min((1, 2)).tolist(), abs=1e-4)
            assert high == pytest.approx(maps.max((1, 2)).tolist(), abs=1e-4)
        for hand, name, shape in zip((one, two), seen, shapes, strict=True):
            dragged = lab.colours(hand.page, *shape)
            hand.page.goto(f"{server}?{urlencode(seen[name])}")
            lab.wait_ready(hand.page)
            assert (lab.colours(hand.page, *shape) == dragged).all(), "opened alone it is the same"
    finally:
        for hand in (one, two):
            hand.page.context.close()


# ── What the browser was told to refuse ─────────────────────────────────────────────────────────


def test_nothing_the_app_does_is_against_its_policy(page: Page, server: str) -> None:
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "ermissions policy" in message.text:
            complaints.append(message.text)

    page.on("console", listen)
    with page.expect_response(lambda each: each.url.startswith(f"{server}?")) as first:
        lab.open_lab(page, server, working_size_px="64", stage="strided")
    assert "'unsafe-eval'" not in first.value.headers["content-security-policy"]
    press(page, "Stride", 2)
    lab.settle(page)
    lab.pointer(page).click(position={"x": 30, "y": 30})
    page.get_by_text("the map says").wait_for()
    page.get_by_text("All terms, sorted").click()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    for card, text in (("Proof", "✓ equal"), ("Code", "import torch")):
        page.get_by_role("button", name=card).click()
        page.get_by_text(text).first.wait_for()
    upload(page, "leaf.png", photograph("olive"))
    page.get_by_text("Camera", exact=True).first.click()
    page.get_by_test_id("stCameraInput").wait_for()
    lab.settle(page)
    assert not complaints
    page.evaluate("() => fetch('https://example.org').catch(() => null)")
    lab.wait_until(page, lambda: bool(complaints))  # else nobody would have heard of any


# ── A page that breaks ──────────────────────────────────────────────────────────────────────────

BREAK = """
from viz.ui import show
def unit(_):
    raise RuntimeError("/root/secret")
show.unit = unit
"""


def test_a_page_that_breaks_says_so_calmly(page: Page, tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    script.write_text(BREAK + (ROOT / "app.py").read_text(encoding="utf-8"), encoding="utf-8")
    with served(str(script)) as server:
        page.goto(server.address)
        alert = page.get_by_text("Something went wrong here")
        alert.wait_for(timeout=lab.PATIENCE_MS)
        name = alert.inner_text().rstrip(".").split()[-1]
        assert len(name) == 8
        assert name in server.said()
        assert "/root/secret" in server.said()
        assert page.get_by_text("secret").count() == 0
        assert page.get_by_text("RuntimeError").count() == 0
