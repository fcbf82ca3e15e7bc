"""A headless Chromium, spoken to directly in its DevTools protocol.

Not through Playwright: that keeps the browser's network recording on for every page it drives, and
each answer of some megabytes would be copied once more inside the time that is measured.
"""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from launching import EXECUTABLE, FLAGS
from websockets.sync.client import ClientConnection, connect  # comes with Streamlit

MEASURED = [  # beside what every Chromium here is started with
    "--headless=new",
    "--hide-scrollbars",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
]
PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
SECONDS = 120


class Tab:
    """One page of the browser."""

    def __init__(self, endpoint: str, viewport: tuple[int, int]) -> None:
        self._socket: ClientConnection = connect(endpoint, max_size=None, compression=None)
        self._last = 0
        self._answers: dict[int, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.viewport = viewport
        width, height = viewport
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **metrics)
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        self.call("Page.enable")
        self.call("Page.addScriptToEvaluateOnNewDocument", source=PROBE)

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)

    def to_front(self) -> None:
        """Only the page in front paints."""
        self.call("Page.bringToFront")

    def send(self, method: str, **params: Any) -> int:
        """Sends a command without waiting for its answer; the number to `wait` for."""
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": params}))
        return self._last

    def wait(self, number: int) -> dict[str, Any]:
        """The answer to a command; what else arrives meanwhile goes to `events`.

        Raises:
            RuntimeError: if the browser refuses the command.
        """
        while number not in self._answers:
            self._receive(SECONDS)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def listen(self, seconds: float) -> None:
        """Collects events for a while."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                self._receive(left)
            except TimeoutError:
                return

    def _receive(self, seconds: float) -> None:
        message = json.loads(self._socket.recv(timeout=seconds))
        if "id" in message:
            self._answers[message["id"]] = message
        else:
            self.events.append(message)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self.wait(self.send(method, **params))

    def evaluate(self, expression: str) -> Any:
        """What an expression, or the promise it gives, comes to in the page.

        Raises:
            RuntimeError: if it throws.
        """
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def bytes(self, expression: str) -> bytes:
        """What a promise of a data address holds."""
        return base64.b64decode(self.evaluate(expression).partition(",")[2])

    def until(self, expression: str, seconds: float = SECONDS) -> None:
        """Waits until an expression is true in the page.

        Raises:
            TimeoutError: if it never is.
        """
        deadline = time.monotonic() + seconds
        while not self.evaluate(expression):
            if time.monotonic() > deadline:
                raise TimeoutError(expression)
            time.sleep(0.05)

    def press_right(self) -> None:
        key = {"key": "ArrowRight", "code": "ArrowRight", "windowsVirtualKeyCode": 39}
        self.send("Input.dispatchKeyEvent", type="rawKeyDown", **key)
        self.call("Input.dispatchKeyEvent", type="keyUp", **key)

    def mouse(self, kind: str, x: float, y: float, pressed: bool = False) -> None:
        """`kind` is Moved, Pressed or Released; `pressed` says whether the left button is down."""
        held = {"button": "left", "buttons": 1} if pressed else {"button": "none", "buttons": 0}
        if kind != "Moved":
            held = {"button": "left", "buttons": int(kind == "Pressed"), "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, **held)

    def close(self) -> None:
        self.send("Page.close")
        self._socket.close()


class Browser:
    """A running Chromium."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}"
        with urlopen(f"{self._address}/json/version") as answer:
            self.version: str = json.load(answer)["Browser"]

    def tab(self, viewport: tuple[int, int]) -> Tab:
        request = Request(f"{self._address}/json/new?about:blank", method="PUT")
        with urlopen(request) as answer:
            return Tab(json.load(answer)["webSocketDebuggerUrl"], viewport)


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium with an empty profile, ended afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = [f"--user-data-dir={profile}", "--remote-debugging-port=0"]
        process = subprocess.Popen(
            [EXECUTABLE, *FLAGS, *MEASURED, *arguments, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Browser(_port(Path(profile) / "DevToolsActivePort"))
        finally:
            process.terminate()
            process.wait(timeout=20)


def _port(file: Path) -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if file.exists() and (lines := file.read_text().split()):
            return int(lines[0])
        time.sleep(0.05)
    raise TimeoutError("Chromium does not say its port")
