"""The Lab in a real browser: opened cold, dragged, pointed at, clicked, reloaded, cut off."""

from __future__ import annotations

import io
from typing import Literal

import lab_page as lab
import numpy as np
import pytest
from expected import ranges
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, Response, Route

from viz.assets import ROOT
from viz.lessons.lab.setting import Setting


def photograph(seed: int = 0) -> bytes:
    """A real photograph that no other test has uploaded."""
    picture = Image.open(ROOT / "assets" / "samples" / "chelsea.png").convert("RGB")
    picture = picture.resize((420, 280))
    picture.putpixel((0, 0), (seed % 256, seed // 256, 7))
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=92)
    return data.getvalue()


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    chooser = page.locator("input[type=file]")
    lab.wait_until(page, lambda: chooser.count() == 1)  # the last one is let go with its uploads
    chooser.set_input_files(
        [FilePayload(name=name, mimeType="image/jpeg", buffer=data) for name, data in files]
    )


def drag(page: Page, name: str, to: float, steps: int = 12, release: bool = True) -> None:
    """Drags a slider's thumb to a share of its width."""
    slider = lab.slider(page, name)
    slider.scroll_into_view_if_needed()
    rect = slider.bounding_box()
    assert rect is not None
    low, high, now = (
        float(slider.get_attribute("min") or 0),
        float(slider.get_attribute("max") or 0),
        float(slider.input_value()),
    )
    thumb, y = 16, rect["y"] + rect["height"] / 2
    left, along = rect["x"] + thumb / 2, rect["width"] - thumb
    start = (now - low) / (high - low)
    page.mouse.move(left + along * start, y)
    page.mouse.down()
    for step in range(1, steps + 1):
        page.mouse.move(left + along * (start + (to - start) * step / steps), y)
        page.wait_for_timeout(40)
    if release:
        page.mouse.up()


def test_cold_deep_link_upload_drag_hover_click_reload_back(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank", wavelength_px="12", orientations="6")
    assert lab.slider(page, "Wavelength").input_value() == "12"
    assert len(lab.tiles(page)) == 24

    upload(page, ("holiday.jpg", photograph(1)))
    page.get_by_text("holiday.jpg").wait_for()
    lab.settle(page)
    assert len(lab.query(page)["picture"]) == 64

    before, address = lab.drawn(page), page.url
    drag(page, "Wavelength", 0.8, release=False)
    lab.wait_until(page, lambda: lab.drawn(page) > before + 1)
    assert page.url == address, "the address waits for the release"
    page.mouse.up()
    lab.settle(page)
    assert float(lab.query(page)["wavelength_px"]) > 20

    page.get_by_role("button", name="1×1, stride 2").click()
    lab.settle(page)
    rect = lab.pointer(page).bounding_box()
    assert rect is not None
    resting = lab.box(page)
    page.mouse.move(rect["x"] + 20, rect["y"] + 20)
    assert lab.box(page) != resting
    first = lab.box(page)
    page.mouse.move(rect["x"] + 60, rect["y"] + 40)
    moved = lab.box(page)
    assert moved[0] > first[0]
    assert moved[1] > first[1]

    page.mouse.click(rect["x"] + 60, rect["y"] + 40)
    page.get_by_text("the map says").wait_for()
    lab.settle(page)
    view = lab.query(page)
    assert view["unit"]
    assert lab.box(page) == moved

    page.reload()
    lab.wait_ready(page)
    page.get_by_text("the map says").wait_for()
    assert lab.query(page) == view
    assert lab.box(page) == moved
    assert len(lab.tiles(page)) == 4

    page.goto(f"{server}?stage=picture&picture=camera")
    lab.wait_ready(page)
    page.go_back()
    lab.wait_ready(page)
    page.get_by_text("the map says").wait_for()
    assert lab.query(page) == view
    assert lab.box(page) == moved


def test_no_request_leaves_the_machine(page: Page, server: str) -> None:
    outside: list[str] = []

    def guard(route: Route) -> None:
        if route.request.url.startswith((server, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    page.route("**/*", guard)
    lab.open_lab(page, server, card="proof", unit="1.10.10", stage="strided")
    page.get_by_text("the map says").wait_for()
    page.get_by_text("✓ equal").first.wait_for()
    drag(page, "Stride", 0.6)
    lab.settle(page)
    assert not outside


@pytest.mark.parametrize("stage", ["bank", "strided", "picture"])
def test_the_canvas_shows_the_array(page: Page, server: str, stage: str) -> None:
    """Every pixel of every map, from the array through our own colour map to the canvas."""
    with page.expect_response(lab.is_maps) as answer:
        lab.open_lab(page, server, stage=stage, working_size_px="64", strided_outputs="2")
    header, body = lab.unpacked(answer.value.body())
    block = header["blocks"]["maps"]
    rows, columns = block["shape"][1:]
    low, high = (np.array(block[name])[:, None, None] for name in ("low", "high"))
    values = low + lab.bytes_of(header, body) / 255 * (high - low)
    from viz import devices, images, run
    from viz.lessons.lab import LESSON

    picture = images.at_working_size(images.find(LESSON.picture), 64)
    setting = Setting(strided_outputs=2)
    network = LESSON.network(setting, picture.pixels)
    exact = run.maps(network, picture, devices.chosen("cpu"))[stage]
    assert np.abs(values - exact).max() <= (high - low).max() / 255 * 0.51
    between, name = ranges(list(values), "shared")
    ends = np.array(between)[:, :, None, None]
    position = ((values - ends[:, 0]) / (ends[:, 1] - ends[:, 0])).clip(0, 1)
    expected = colour_table(name)[np.floor(255 * position + 0.5).astype(int)]
    seen = lab.colours(page, rows, columns)[..., :3].astype(int)
    drawn = [tile[0] for tile in lab.tiles(page)]
    assert np.abs(seen - expected[drawn]).max() <= 6  # a step of the table at most


def colour_table(name: str) -> np.ndarray:
    import json

    stops = json.loads((ROOT / "assets" / "colours.json").read_text())[name]
    rgb = np.array([[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops])
    at = np.linspace(0, 255, len(stops))
    return np.stack([np.interp(np.arange(256), at, rgb[:, k]) for k in range(3)], 1).round()


def test_bytes_are_little_more_than_pixels(page: Page, server: str) -> None:
    sizes: list[tuple[int, int]] = []

    def measure(response: Response) -> None:
        if lab.is_maps(response):
            header, body = lab.unpacked(response.body())
            pixels = sum(int(np.prod(b["shape"])) for b in header["blocks"].values())
            assert pixels == len(body)
            sizes.append((int(response.headers["content-length"]), pixels))

    page.on("response", measure)
    for stage in ("bank", "pointwise", "strided"):
        lab.open_lab(page, server, stage=stage, pointwise_recipe="random", pointwise_outputs="64")
    assert len(sizes) >= 3
    assert all(sent <= 1.1 * pixels + 4096 for sent, pixels in sizes), sizes


def test_hovering_costs_no_traffic(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank")
    requests: list[str] = []
    frames: list[object] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("websocket", lambda socket: socket.on("framesent", frames.append))
    rect = lab.pointer(page).bounding_box()
    assert rect is not None
    boxes = set()
    for step in range(30):
        page.mouse.move(rect["x"] + 10 + step * 8, rect["y"] + 10 + step * 4)
        boxes.add(tuple(lab.box(page)))
    lab.settle(page)
    assert len(boxes) > 10
    assert len(requests) <= 2  # the exact values where the pointer rests, once or twice
    assert all("/column/lab/" in url for url in requests)
    assert not frames


def test_twelve_quick_keys_end_where_they_should(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank")
    slider = lab.slider(page, "Wavelength")
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
    lab.settle(page)
    assert slider.input_value() == "14"
    assert lab.query(page)["wavelength_px"] == "14"
    page.wait_for_timeout(1500)
    assert slider.input_value() == "14", "the slider does not jump back"


def test_back_undoes_the_choice_of_a_picture_and_nothing_less(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="bank", wavelength_px="10")
    page.get_by_role("radio", name="Zone plate").check(force=True)
    lab.settle(page)
    slider = lab.slider(page, "Wavelength")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    lab.settle(page)
    assert lab.query(page)["wavelength_px"] == "11.5"
    page.go_back()
    lab.wait_until(page, lambda: slider.input_value() == "10")
    lab.settle(page)
    assert lab.query(page) == {"stage": "bank", "wavelength_px": "10"}
    page.go_forward()
    lab.wait_until(page, lambda: slider.input_value() == "11.5")
    assert lab.query(page)["picture"] == "zone_plate"


def test_a_stage_is_switched_off_and_on_again(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="rectifier")
    page.get_by_role("radio", name="none", exact=True).check(force=True)
    lab.settle(page)
    page.get_by_role("button", name="Rectifier off").wait_for()
    assert len(lab.tiles(page)) == 4, "the last stage's maps stand in"
    page.get_by_role("radio", name="square", exact=True).check(force=True)
    lab.settle(page)
    assert len(lab.tiles(page)) == 16
    assert lab.query(page) == {"stage": "rectifier", "rectifier": "square"}


def test_keyboard_moves_the_pointer_and_enlarges(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="pointwise", working_size_px="64")
    overlay = lab.pointer(page)
    overlay.focus()
    before = lab.box(page)
    overlay.press("ArrowDown")
    overlay.press("Shift+ArrowRight")
    after = lab.box(page)
    assert (after[0] - before[0], after[1] - before[1]) == (1, 10)
    overlay.press("PageDown")
    overlay.press("Enter")
    lab.settle(page)
    assert [tile[0] for tile in lab.tiles(page)] == [1]
    overlay.press("Escape")
    lab.settle(page)
    assert len(lab.tiles(page)) == 4
    overlay.press("ArrowDown")
    overlay.press(" ")
    lab.settle(page)
    assert lab.query(page)["unit"]
    overlay.press("Escape")
    lab.settle(page)
    assert "unit" not in lab.query(page)


def test_one_bad_file_among_good_ones(page: Page, server: str) -> None:
    lab.open_lab(page, server)
    upload(
        page,
        ("good.jpg", photograph(2)),
        ("empty.png", b""),
        ("words.png", b"These are words, not a picture."),
        ("cut.jpg", photograph(3)[:4000]),
    )
    page.get_by_text("good.jpg").wait_for()
    for name in ("empty.png", "words.png", "cut.jpg"):
        assert page.get_by_text(name).count() == 1
    lab.settle(page)
    assert len(lab.tiles(page)) == 4
    upload(page, ("nothing.png", b"still no picture"))
    page.get_by_text("nothing.png").wait_for()
    assert page.get_by_text("good.jpg").count() == 1, "the last good picture stays"


def test_a_hostile_name_is_only_a_name(page: Page, server: str) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    lab.open_lab(page, server)
    upload(page, ("![x](http:evil.example).jpg", photograph(4)))
    page.get_by_text("![x](http:evil.example).jpg").first.wait_for()
    upload(page, ("<img src=x>$a$.png", b"no picture"))
    page.get_by_text("<img src=x>").first.wait_for()
    assert not [url for url in requests if "evil" in url or url.endswith("/x")]


def test_a_blocked_route_is_slower_but_not_broken(page: Page, server: str) -> None:
    page.route("**/maps/**", lambda route: route.abort())
    lab.open_lab(page, server, stage="strided")
    before = lab.drawn(page)
    drag(page, "Stride", 1.0)
    lab.wait_until(page, lambda: lab.drawn(page) > before)
    lab.settle(page)
    page.get_by_role("button", name="1×1, stride 8").wait_for()
    assert lab.query(page)["stride"] == "8"


def test_a_weight_set_by_hand_is_in_the_address(page: Page, server: str) -> None:
    lab.open_lab(page, server, stage="pointwise")
    matrix = page.locator("canvas.matrix")
    rect = matrix.bounding_box()
    assert rect is not None
    page.mouse.click(rect["x"] + 5, rect["y"] + 5)
    page.get_by_label("Weight from 0° to 1").fill("1.5")
    lab.settle(page)
    assert lab.query(page)["pointwise_edits"] == "0.0.1500"
    page.reload()
    lab.wait_ready(page)
    assert lab.query(page)["pointwise_edits"] == "0.0.1500"
    page.get_by_role("button", name="Code").click()
    page.get_by_text("1.5").first.wait_for()


def test_two_hundred_and_fifty_six_maps_stay_usable(page: Page, server: str) -> None:
    """More maps than the Lab makes: a buffer of our own in the answer's place."""
    import torch

    from viz import packing

    ramp = torch.linspace(0, 1, 14 * 14).view(1, 14, 14) * torch.arange(1, 257).view(256, 1, 1)

    def swap(route: Route) -> None:
        answer = route.fetch()
        if answer.headers.get("content-type") != "application/octet-stream":
            route.fulfill(response=answer)
            return
        header, _ = lab.unpacked(answer.body())
        header["names"] = [str(n + 1) for n in range(256)]
        header["stages"]["strided"]["shape"] = [256, 14, 14]
        header.pop("blocks")
        route.fulfill(
            body=packing.join(header, {"maps": packing.pack(ramp)}),
            headers={"content-type": "application/octet-stream"},
        )

    page.route("**/maps/**", swap)
    lab.open_lab(page, server)
    tiles = lab.tiles(page)
    assert len(tiles) == 256
    assert min(tile[3] for tile in tiles) >= 12, "each map is large enough to be hit"
    left, top = tiles[200][1:3]
    rect = lab.pointer(page).bounding_box()
    assert rect is not None
    page.mouse.move(rect["x"] + left + 5, rect["y"] + top + 5)
    assert "map 201" in page.locator(".reading").inner_text()


def test_a_bad_address_shows_the_default(page: Page, server: str) -> None:
    lab.open_lab(
        page,
        server,
        stride="huge",
        wavelength_px="nan",
        bank="<script>",
        unit="9.9.9",
        picture="../../etc",
        stage="nowhere",
    )
    assert len(lab.tiles(page)) == 4
    assert page.get_by_text("Traceback").count() == 0


@pytest.mark.parametrize(("width", "height"), [(390, 844), (853, 533), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways(
    browser: Browser, server: str, width: int, height: int, scheme: Literal["light", "dark"]
) -> None:
    """853 × 533 is 1280 × 800 at 150 % zoom."""
    scale = 1.5 if width == 853 else 1
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        device_scale_factor=scale,
    )
    lab.open_lab(page, server, stage="bank")
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    wide = page.locator(".canvas").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wide <= 0
    if width >= 1280:
        rect = lab.maps(page).bounding_box()
        assert rect is not None
        assert rect["y"] + rect["height"] <= height, "slider and maps are seen together"
    page.close()
