"""Ten visitors who drag at once: no error, each ends on its own last value, and how long they wait.

    python tests/bench/visitors.py --visitors 10 --seconds 20

Each visitor is a plain HTTP client with a token of its own that sends what the canvas sends: one
request in flight, the newest value waits. Ten browsers on the server's machine would measure mostly
one another. No value comes twice in the first minute, so no maps are ready-made. The figures go into `docs/performance.md`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode, urlsplit

from report import judged, machine, put_section, table
from servers import serving, streamlit

PICTURES = ("coffee", "chelsea", "astronaut", "camera", "rocket", "retina", "brick", "grass")
WAVELENGTHS = [2 + step / 2 for step in range(8, 57)]
ASPECTS = [tenths / 10 for tenths in range(5, 31)]  # one for each pass: a minute of new values
VALUES_A_SECOND = 20
EVENTS_A_SECOND = 60  # input events of a slider under the hand
SHOWN_PX = 112
TIMEOUT_S = 60
AT_MOST_MS = 1000  # for nineteen of twenty values


@dataclass
class Visitor:
    """One hand at one slider.

    Attributes:
        number: which of the visitors.
        waits_ms: from a value moved to until its maps are here, for every value that was drawn.
        errors: what came instead of maps.
        last: whether the last maps are those of the last value.
    """

    number: int
    waits_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    last: bool = False

    def drag(self, address: str, seconds: float) -> None:
        """Moves to and fro for so long, then releases."""
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=TIMEOUT_S)
        common = {
            "picture": PICTURES[self.number % len(PICTURES)],
            "working_size_px": str(112 + 16 * (self.number // len(PICTURES))),
            "stage": "bank",
            "shown_px": str(SHOWN_PX),
            "token": token_urlsafe(16),
        }
        begun = time.monotonic()
        shown = None
        while (now := time.monotonic()) < begun + seconds:
            wanted = self._under_the_hand(now - begun)
            if wanted == shown:
                time.sleep(1 / EVENTS_A_SECOND)
                continue
            if self._ask(connection, {**common, **wanted}):
                shown = wanted
                self.waits_ms.append(1000 * (time.monotonic() - now))
        final = self._under_the_hand(seconds)
        answer = self._ask(connection, {**common, **final, "settled": "1"})
        alone = self._ask(connection, {**common, **final, "token": token_urlsafe(16)})
        self.last = bool(answer) and _maps(answer) == _maps(alone)
        connection.close()

    def _under_the_hand(self, elapsed_s: float) -> dict[str, str]:
        """Every visitor is at another place of the same way, to and fro; each pass has an aspect."""
        step = int(elapsed_s * VALUES_A_SECOND) + 7 * self.number
        passes, at = divmod(step, len(WAVELENGTHS))
        way = WAVELENGTHS[::-1] if passes % 2 else WAVELENGTHS
        aspect = ASPECTS[passes % len(ASPECTS)]
        return {"wavelength_px": f"{way[at]:g}", "aspect": f"{aspect:g}"}

    def _ask(self, connection: http.client.HTTPConnection, query: dict[str, str]) -> bytes:
        try:
            connection.request("GET", f"/maps/lab?{urlencode(query)}")
            answer = connection.getresponse()
            body = answer.read()
        except OSError as error:
            connection.close()
            self.errors.append(repr(error))
            return b""
        if answer.status != 200:
            self.errors.append(f"{answer.status}: {body[:80]!r}")
            return b""
        return body


def _maps(buffer: bytes) -> tuple[Any, bytes]:
    """What is drawn: shape and ends of every block, and the pixels."""
    length = int.from_bytes(buffer[:4], "little")
    return json.loads(buffer[4 : 4 + length] or b"{}").get("blocks"), buffer[4 + length :]


def measured(visitors: int = 10, seconds: float = 20) -> dict[str, Any]:
    """Starts a server and lets so many visitors drag for so long.

    Returns:
        `errors`, `ended_on_last_value` of `visitors`, `pictures_per_second` of all together,
        `median_ms` and `p95_ms` of the waits.
    """
    crowd = [Visitor(number) for number in range(visitors)]
    with serving(streamlit("app.py")) as address:
        Visitor(visitors).drag(address, 0)  # warm, with maps that nobody else will ask for
        threads = [threading.Thread(target=each.drag, args=(address, seconds)) for each in crowd]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    waits = sorted(wait for each in crowd for wait in each.waits_ms)
    errors = [error for each in crowd for error in each.errors]
    return {
        "visitors": visitors,
        "seconds": seconds,
        "errors": len(errors),
        "first_errors": errors[:3],
        "ended_on_last_value": sum(each.last for each in crowd),
        "pictures_per_second": round(len(waits) / seconds, 1),
        "median_ms": round(statistics.median(waits), 1),
        "p95_ms": round(waits[int(0.95 * (len(waits) - 1))], 1),
    }


def section(figures: dict[str, Any]) -> str:
    """The figures as a section of the page, each beside its target."""
    crowd = figures["visitors"]
    rows = [
        ["errors", f"{figures['errors']}", "none", judged(figures["errors"], "at most", 0)],
        [
            "visitors who ended on their last value",
            f"{figures['ended_on_last_value']} of {crowd}",
            "all",
            judged(figures["ended_on_last_value"], "at least", crowd),
        ],
        ["value moved to → its maps, median", f"{figures['median_ms']:,.0f} ms", "", ""],
        [
            "the same, 95th percentile",
            f"{figures['p95_ms']:,.0f} ms",
            f"at most {AT_MOST_MS:,} ms",
            judged(figures["p95_ms"], "at most", AT_MOST_MS),
        ],
        ["pictures a second, all together", f"{figures['pictures_per_second']:g}", "", ""],
    ]
    return "\n".join(
        [
            f"## {crowd} visitors who drag at once\n",
            *(f"* {line}" for line in machine()),
            f"* {crowd} HTTP clients for {figures['seconds']:g} s, each with a setting, a picture and a token of its own; no value comes twice.\n",
            table(["", "measured", "target", ""], rows),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes and prints the figures; 1 if there was an error or somebody ended elsewhere."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    asked = parser.parse_args(arguments)
    figures = measured(asked.visitors, asked.seconds)
    print(json.dumps(figures, indent=2))
    put_section("visitors", section(figures))
    return int(figures["errors"] > 0 or figures["ended_on_last_value"] < asked.visitors)


if __name__ == "__main__":
    sys.exit(main())
