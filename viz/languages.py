"""The languages of the app, and which of them a visitor reads."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Language(NamedTuple):
    """A language that the app speaks.

    Attributes:
        tag: its name in addresses, in the cookie and in `<html lang>`.
        folder: its name in `assets`.
        name: its name in itself, for the switch.
        understood: other tags of a browser that mean it.
    """

    tag: str
    folder: str
    name: str
    understood: frozenset[str] = frozenset()


ENGLISH = Language("en", "en", "English")
CHINESE = Language(
    "zh-Hans", "zh_Hans", "简体中文", frozenset({"zh", "zh-cn", "zh-sg", "zh-my", "zh-hans-cn"})
)
LANGUAGES = (ENGLISH, CHINESE)

COOKIE = "pointwise_language"
MAX_LENGTH = 256  # of a header that is read; browsers send about forty characters

_ACCEPTED = re.compile(r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?:;q=([01](?:\.[0-9]{0,3})?))?")


def chosen(asked: str = "", cookie: str = "", accepted: str = "") -> Language:
    """The language of a visitor: that of the address, else of the cookie, else of the browser.

    Args:
        asked: the tag in the address; empty, or anything.
        cookie: the tag that the switch left, likewise.
        accepted: the browser's `Accept-Language`, likewise.

    >>> chosen(asked="zh-Hans", accepted="en").name, chosen(cookie="en", accepted="zh-CN").name
    ('简体中文', 'English')
    """
    return _tagged(asked) or _tagged(cookie) or _of_browser(accepted[:MAX_LENGTH]) or ENGLISH


def _tagged(tag: str) -> Language | None:
    return next((each for each in LANGUAGES if each.tag == tag), None)


@lru_cache(64)
def _of_browser(accepted: str) -> Language | None:
    """The first language that the app speaks, of those that a browser prefers most."""
    said = [found for part in accepted.split(",") if (found := _ACCEPTED.fullmatch(part.strip()))]
    wanted = [(float(found[2] or 1), found[1].lower()) for found in said]
    by_weight = sorted((one for one in wanted if one[0] > 0), key=lambda one: -one[0])
    meant = (_meant(tag) for _, tag in by_weight)
    return next((each for each in meant if each), None)


def _meant(tag: str) -> Language | None:
    """The language of a browser's tag, such as `en-gb`."""
    for each in LANGUAGES:
        if tag == each.tag.lower() or tag in each.understood or tag.startswith(f"{each.tag}-"):
            return each
    return None
