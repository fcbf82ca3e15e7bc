"""Visitors in two languages: nobody reads the other's, on pages and in what they share."""

from __future__ import annotations

from visiting import ALONE, data, opened, run_again

from viz.languages import CHINESE
from viz.lessons import entry
from viz.translations import translate

ABOVE = "Above each step stands what it does and the shape it leaves: (channels, height, width)."


def said(message: str) -> str:
    found = translate(message, CHINESE)
    assert found != message
    return found


def test_each_reads_the_own_language_in_turn():
    """At once they are in test_text.py and in a browser; here there is one page at a time."""
    query = {"working_size_px": "64"}
    english, chinese = opened(query), opened({**query, "lang": CHINESE.tag})
    english = run_again(english)
    lab = entry("lab")
    assert (data(english)["title"], data(english)["claim"]) == (lab.title, lab.claim)
    assert (data(chinese)["title"], data(chinese)["claim"]) == (said(lab.title), said(lab.claim))
    assert (data(english)["language"], data(chinese)["language"]) == ("en", CHINESE.tag)
    assert data(chinese)["fields"]["stride"]["label"] == said("Stride")
    assert chinese.sidebar.slider[0].label == said("Working size")


def test_the_comments_of_one_program_are_said_in_both_languages():
    query = {"working_size_px": "64", "card": "code", "stage": "bank", "picture": "grating"}
    english = opened(query, ALONE).code[0].value
    chinese = opened({**query, "lang": CHINESE.tag}, ALONE).code[0].value
    assert f"# {ABOVE}" in english
    assert f"# {said(ABOVE)}" in chinese
    without = [
        [line for line in text.splitlines() if "#" not in line and '"""' not in line]
        for text in (english, chinese)
    ]
    assert without[0] == without[1]
