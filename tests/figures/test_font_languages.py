"""Fonts of printed pictures with the signs of a language, where one is installed."""

from __future__ import annotations

import pytest

from viz.figures import font as fonts
from viz.figures.font import drawable, font, letters_of


def test_english_needs_no_other_font():
    plain = font(20)
    with letters_of("en") as there:
        assert there
        assert font(20) is plain


def test_a_font_of_the_language_is_used_within_and_only_there():
    plain = font(20)
    with letters_of("zh-Hans") as there:
        if not there:
            pytest.skip("no font with Chinese signs is installed")
        assert font(20) is not plain
        assert drawable("步幅 2 × −1", font(20)) == "步幅 2 × −1"
    assert font(20) is plain


def test_without_such_a_font_nothing_changes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fonts, "_OF_LANGUAGE", {"zh-Hans": ("none-such.ttf",)})
    plain = font(20)
    with letters_of("zh-Hans") as there:
        assert not there
        assert font(20) is plain
