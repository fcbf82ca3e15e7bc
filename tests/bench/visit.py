"""One route, served and open in a tab: steps from a key press to painted pixels."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import quiet
from chromium import Tab
from pixels import Arrays, check
from rounds import Step

PAUSE_S = 0.2  # between steps: what a step leaves to do must not fall into the next
UNTIMED = 3  # steps to warm up, and as many again to count bytes
# Wide and high enough that no map of the Lab is shown smaller than it is.
VIEWPORTS = {112: (2480, 1560), 224: (4480, 2480)}


@dataclass(frozen=True)
class Route:
    """A way to the screen: how it is served, opened and watched.

    Attributes:
        words: what it is, for the table.
        kind, pieces: how probe.js sees it, and how many elements show something.
        slider: the selector of what takes the key.
        size_px: side of its maps; 0 where it shows none.
        often: how many times the steps of a slow route it takes in a round.
    """

    name: str
    words: str
    command: list[str]
    kind: str
    pieces: int
    slider: str
    size_px: int = 0
    query: str = ""
    often: int = 1

    @property
    def viewport(self) -> tuple[int, int]:
        return VIEWPORTS[self.size_px or 112]


@dataclass
class Visit:
    """A route that is open in a tab, and what has been measured of it."""

    route: Route
    address: str
    tab: Tab
    arrays: Arrays
    seed: int = 0
    bytes: int | None = None
    rounds: list[list[Step]] = field(default_factory=list)
    apart: int = 0

    def open(self) -> None:
        """Opens the page; steps that are not timed, then some whose bytes are counted."""
        open_page(self.tab, self.route, f"{self.address}{self.route.query}")
        self._begin()
        for _ in range(UNTIMED):
            self.step()
        self.bytes = round(median(received(self.tab, self.step) for _ in range(UNTIMED)))
        self.compare()

    def round(self, steps: int) -> None:
        """One round of timed steps; then the pixels must be those of the last one."""
        self._begin()
        self.rounds.append([self.step() for _ in range(steps * self.route.often)])
        self.compare()

    def step(self) -> Step:
        """One key press, to painted pixels."""
        time.sleep(PAUSE_S)
        before = quiet.usage()
        self.tab.evaluate(f"bench.arm('{self.route.kind}', {self.route.pieces})")
        self.tab.press_right()
        ms = self.tab.evaluate("bench.step()")
        time.sleep(PAUSE_S)
        self.seed += 1
        return Step(ms, quiet.disturbed(before, quiet.usage()))

    def compare(self) -> None:
        """Raises AssertionError if the tab does not show the array."""
        route = self.route
        if route.size_px:
            maps = self.arrays.mixed(route.size_px, self.seed)
            self.apart = max(self.apart, check(self.tab, route.kind, maps))
        else:
            self.tab.until(f"bench.says('text')[0] === 'value {self.seed}'", seconds=1)

    def _begin(self) -> None:
        self.tab.to_front()
        self.tab.evaluate(f"bench.deep('{self.route.slider}').focus()")


def open_page(tab: Tab, route: Route, address: str) -> None:
    """Opens an address and waits until its maps and its slider are there."""
    tab.to_front()
    tab.open(address)
    tab.until(f"!!window.bench && bench.ready('{route.kind}', {route.pieces})")
    tab.until(f"bench.deep('{route.slider}') !== null")
    time.sleep(1.5)


def received(tab: Tab, act: Callable[[], object]) -> int:
    """Bytes that came to the page meanwhile, over HTTP and over WebSockets."""
    tab.call("Network.enable")
    tab.events.clear()
    act()
    tab.listen(0.5)
    tab.call("Network.disable")
    counted = count_bytes(tab.events)
    tab.events.clear()
    return counted


def count_bytes(events: list[dict[str, Any]]) -> int:
    """The bytes that events of the browser's network recording speak of.

    A request that has ended says its whole length; one that goes on is counted by its parts.
    """
    parts: dict[str, int] = {}
    whole: dict[str, int] = {}
    frames = 0
    for event in events:
        params = event["params"]
        if event["method"] == "Network.dataReceived":
            number = params["requestId"]
            parts[number] = parts.get(number, 0) + params["encodedDataLength"]
        elif event["method"] == "Network.loadingFinished":
            whole[params["requestId"]] = int(params["encodedDataLength"])
        elif event["method"] == "Network.webSocketFrameReceived":
            frames += _frame_bytes(params["response"])
    return frames + sum(max(parts.get(n, 0), whole.get(n, 0)) for n in {*parts, *whole})


def _frame_bytes(frame: Mapping[str, Any]) -> int:
    """Length of a frame: text as it is, anything else is told in base64."""
    text = frame["payloadData"]
    if frame["opcode"] == 1:
        return len(text.encode())
    return len(text) * 3 // 4 - text[-2:].count("=")
