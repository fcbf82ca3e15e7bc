"""Diagrams in a real browser: boxes are clicked, reached by keys, and lie where there is room."""

from __future__ import annotations

import lab_page as lab
from playwright.sync_api import Locator, Page, expect

from viz.networks.googlenet import MODULES
from viz.networks.reference import reference


def box(page: Page, key: str, within: str = ".canvas .diagram") -> Locator:
    return page.locator(f"{within} [data-box='{key}']")


def test_a_box_opens_its_maps_by_click_and_by_key(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}inception")
    expect(box(page, "joined")).to_have_attribute("aria-current", "step")
    expect(page.locator(".stage-bar")).to_be_hidden()
    box(page, "five").click()
    lab.settle(page)
    assert lab.query(page) == {"box": "five", "stage": "five"}
    expect(box(page, "five")).to_have_attribute("aria-current", "step")
    expect(box(page, "reduce_five")).to_have_attribute("data-state", "path")
    lab.slider(page, "5×5").press("ArrowRight")
    expect(box(page, "five")).to_contain_text("9 × 56 × 56")
    box(page, "three").focus()
    page.keyboard.press("Enter")
    lab.settle(page)
    assert lab.query(page)["box"] == "three"
    expect(box(page, "three")).to_be_focused()
    page.reload()
    lab.wait_ready(page)
    expect(box(page, "three")).to_have_attribute("aria-current", "step")


def test_a_module_of_the_strip_sets_every_width(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}inception", part="budget")
    strip = ".diagram.strip"
    expect(box(page, "3a", strip)).to_have_attribute("aria-current", "step")
    box(page, "5b", strip).click()
    expect(box(page, "5b", strip)).to_have_attribute("aria-current", "step")
    lab.settle(page)
    last = MODULES[-1]
    assert lab.query(page)["inputs"] == str(last.inputs)
    expect(box(page, "joined")).to_contain_text(f"1024 × {last.side_px} × {last.side_px}")
    macs = int(
        next(row["exact_macs"] for row in reference("googlenet_inception") if row["module"] == "5b")
    )
    expect(page.get_by_text(f"GoogLeNet's 5b: {macs:,} MACs")).to_be_visible()


def test_arrows_lead_from_box_to_box_and_turn_where_there_is_no_room(
    page: Page, server: str
) -> None:
    lab.open_lab(page, f"{server}inception")
    for width, turned in ((1280, False), (390, True)):
        page.set_viewport_size({"width": width, "height": 844})
        lab.settle(page)
        three, reduction = (box(page, name).bounding_box() for name in ("three", "reduce_three"))
        assert three is not None
        assert reduction is not None
        assert (three["y"] > reduction["y"]) == turned
        assert (three["x"] > reduction["x"]) == (not turned)
        assert page.locator(".canvas .flow-arrows .line").count() == 13


def test_a_folded_block_opens_its_layers_and_a_layer_its_maps(page: Page, server: str) -> None:
    lab.open_lab(page, f"{server}trained")
    expect(box(page, "block2")).to_have_attribute("data-state", "path")
    expect(box(page, "block2.project.conv")).to_have_attribute("aria-current", "step")
    box(page, "block3").click()
    lab.settle(page)
    expect(box(page, "block2.project.conv")).to_have_count(0)
    box(page, "block3.depthwise.conv").click()
    lab.settle(page)
    expect(box(page, "block3.depthwise.conv")).to_contain_text("144 → 144")
    expect(box(page, "block3.depthwise.conv")).to_contain_text("stride 2")
    assert lab.query(page) == {"layer": "12"}
    lab.slider(page, "Layer").press("ArrowRight")
    expect(box(page, "block3.project.conv")).to_have_attribute("aria-current", "step")
    above, below = (box(page, name).bounding_box() for name in ("block3", "block3.project.conv"))
    assert above is not None
    assert below is not None
    assert below["y"] > above["y"] + above["height"]  # the second strip has lines of its own
