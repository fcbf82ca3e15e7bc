"""The app in Chinese: at the first paint, after a switch, and in every lesson without cut labels."""

from __future__ import annotations

import re
from urllib.request import Request, urlopen

import lab_page as lab
import pytest
from playwright.sync_api import Page, expect

from viz.languages import CHINESE, COOKIE
from viz.lessons import LESSONS, entry
from viz.translations import translate
from viz.ui.speaking import speaking
from viz.ui.text import passage

SMALL = {"working_size_px": "96"}

# Leaves of the page, and of components in their shadows, whose text is wider than they are.
CUT = """() => {
  const found = []
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot)
      const text = element.childElementCount ? "" : element.textContent.trim()
      if (!text || !element.checkVisibility() || element.closest("pre, code, style, option")) continue
      // of a drawing, in a line, or only for screen readers
      if (element instanceof SVGElement || getComputedStyle(element).display === "inline" || element.clientWidth < 2) continue
      if (element.scrollWidth > element.clientWidth + 1) found.push(text)
    }
  }
  look(document)
  return found
}"""


def said(message: str, **values: object) -> str:
    return translate(message, CHINESE, **values)


def first_page(server: str, path: str = "", **headers: str) -> str:
    asked = Request(
        f"{server}{path}", headers={key.replace("_", "-"): of for key, of in headers.items()}
    )
    with urlopen(asked, timeout=30) as answer:
        return answer.read().decode("utf-8")


@pytest.mark.parametrize(
    ("path", "headers", "tag"),
    [
        ("strided", {}, "en"),
        ("strided", {"Accept_Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh-Hans"),
        ("strided?lang=zh-Hans", {"Accept_Language": "en"}, "zh-Hans"),
        ("strided", {"Cookie": f"{COOKIE}=zh-Hans", "Accept_Language": "de"}, "zh-Hans"),
        ("strided?lang=en", {"Accept_Language": "zh"}, "en"),
    ],
)
def test_the_first_paint_is_in_the_readers_language(server, path, headers, tag):
    html = first_page(server, path, **headers)
    title = entry("strided").title if tag == "en" else said(entry("strided").title)
    assert re.findall('<html lang="(.*?)"', html) == [tag]
    assert f"<title>{title} · Pointwise</title>" in html
    assert f"<h1>{title}</h1>" in html


def test_a_switch_changes_the_whole_page_and_stays(page: Page, server: str):
    lab.open_lab(page, f"{server}strided", stride="3", **SMALL)
    expect(page.get_by_role("slider", name="Stride", exact=True)).to_have_value("3")
    page.get_by_label("Language").select_option(CHINESE.tag)
    expect(
        page.get_by_role("heading", name=said(entry("strided").title), exact=True)
    ).to_be_visible()
    expect(page.get_by_role("slider", name=said("Stride"), exact=True)).to_have_value("3")
    expect(page.locator(".stage-bar")).to_have_attribute("aria-label", said("Stages"))
    expect(page).to_have_title(re.compile(said(entry("strided").title)))
    assert page.evaluate("document.documentElement.lang") == CHINESE.tag
    assert lab.query(page)["lang"] == CHINESE.tag
    page.goto(server)  # without the language in the address, as a new tab would open it
    lab.wait_ready(page)
    expect(page.get_by_role("heading", name=said(entry("lab").title), exact=True)).to_be_visible()


def test_a_missing_picture_and_the_code_are_told_in_chinese(page: Page, server: str):
    lab.open_lab(page, server, picture="ab" * 32, card="code", lang=CHINESE.tag, **SMALL)
    gone = said("The picture of this address is no longer here. Please upload it again.")
    expect(page.get_by_text(gone)).to_be_visible()
    comment = said(
        "Above each step stands what it does and the shape it leaves: (channels, height, width)."
    )
    expect(page.get_by_text(f"# {comment}")).to_be_visible()


def test_no_label_is_cut_in_chinese(page: Page, server: str):
    """In one tab, for a lecture opens one lesson after the other."""
    page.set_content('<div style="width: 20px; overflow: hidden">longest</div><div>short</div>')
    assert page.evaluate(CUT) == ["longest"]
    cut = {}
    for lesson in LESSONS:
        path = "" if lesson is LESSONS[0] else lesson.slug
        lab.open_lab(page, f"{server}{path}", lang=CHINESE.tag, **SMALL)
        with speaking(CHINESE):
            look_for = passage(lesson.slug, "What to look for").replace("**", "")
        expect(page.get_by_text(look_for)).to_be_visible()
        cut[lesson.slug] = page.evaluate(CUT)
    assert not any(cut.values()), cut
