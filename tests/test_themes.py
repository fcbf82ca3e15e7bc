"""The themes of the page: what Streamlit takes of them, and that high contrast is one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.NewSession_pb2 import CustomThemeConfig

from viz.assets import ROOT
from viz.ui.shell.themes import CONTRAST, themes

LEAST = 7.0  # for text, WCAG 2.2, level AAA; a washed-out projector leaves a third of it


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    coded = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in coded)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: object, other: object) -> float:
    dark, light = sorted((luminance(str(one)), luminance(str(other))))
    return (light + 0.05) / (dark + 0.05)


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_streamlit_knows_every_field_of_a_theme(name: str):
    info = themes()[name].info
    fields: dict[str, Any] = {snake(field): value for field, value in info.items()}
    config = CustomThemeConfig(**fields)
    assert config.base == (CustomThemeConfig.DARK if name == "dark" else CustomThemeConfig.LIGHT)
    assert config.base_font_size == 17
    assert config.primary_color


def test_high_contrast_is_one_on_every_ground():
    colours = {name: value for name, value in CONTRAST.items() if str(value).startswith("#")}
    grounds = [value for name, value in colours.items() if name.endswith("ackgroundColor")]
    text = [value for name, value in colours.items() if "ackground" not in name]
    assert len(grounds) >= 3
    assert len(text) >= 4
    for ground in grounds:
        assert min(contrast(each, ground) for each in text) >= LEAST


SHEETS = sorted((ROOT / "viz" / "ui").glob("*/*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_type_grows_while_presenting_and_the_laser_hides_every_pointer(sheet: Path):
    """Custom properties of the page reach into components: sizes and pointers must ask for them."""
    text = sheet.read_text(encoding="utf-8")
    assert re.findall(r"font-size: [\d.]+px", text) == []
    assert re.findall(r"cursor: (?!var\(--cursor|none)[^;]+", text) == []
