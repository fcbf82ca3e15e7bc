"""What a browser fetches when it opens the Lab for the first time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from chromium import browser
from launching import EXECUTABLE

# What else the page asks for is made for each visitor: maps, exact values, pictures, Streamlit's own routes.
MADE = re.compile(r"/(maps|column|pictures|_stcore)/")
QUIET_S = 1.5  # after the first maps: what the page fetches once it stands


@dataclass(frozen=True)
class Opening:
    """The files of a first open.

    Attributes:
        files: their paths, the page itself first.
        said: where they are known from.
    """

    files: tuple[str, ...]
    said: str


def static(paths: Iterable[str]) -> tuple[str, ...]:
    """Of everything that was asked for, the files that are the same for all; each once, in order.

    >>> static(["/", "/static/js/a.js", "/maps/lab?shown_px=128", "/column/lab/3.5", "/static/js/a.js"])
    ('/', '/static/js/a.js')
    """
    return tuple(dict.fromkeys(path for path in paths if not MADE.match(path)))


def named_in(html: str) -> tuple[str, ...]:
    """The files that a page names itself.

    >>> named_in('<link href="./favicon.png"><script src="./static/js/a.js"></script>')
    ('/favicon.png', '/static/js/a.js')
    """
    return static("/" + path for path in re.findall(r'(?:href|src)="\./([^"]+)"', html))


def opening(address: str) -> Opening:
    """What a Chromium fetches; where there is none, what the page names."""
    if Path(EXECUTABLE).exists():
        return Opening(_fetched(address), "as a Chromium asked for them")
    with urlopen(address) as answer:
        html = answer.read().decode()
    return Opening(("/", *named_in(html)), "that index.html names; no Chromium was there to ask")


def _fetched(address: str) -> tuple[str, ...]:
    with browser() as chromium:
        tab = chromium.tab((1280, 800))
        tab.call("Network.enable")
        tab.to_front()
        tab.open(address)
        tab.until("!!window.bench && bench.deep('.canvas[data-ready]') !== null")
        tab.listen(QUIET_S)
        sent = [e for e in tab.events if e["method"] == "Network.requestWillBeSent"]
        asked = [event["params"]["request"]["url"] for event in sent]
        tab.close()
    return static("/" + url.removeprefix(address) for url in asked if url.startswith(address))
