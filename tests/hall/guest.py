"""A visitor of a hall, in the protocols of page and canvas: uploads a picture, moves, comes back."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

import numpy as np
from canvas import header
from client import Answer, Connection, Failed
from PIL import Image
from session import Session, rerun, token
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException

SIDE = 96
# For a visitor to be back after an accident; ten is the aim, and a test is no stopwatch.
PATIENCE_S = 30.0
AGAIN_S = 0.25
CANVAS = {"Sec-Fetch-Site": "same-origin"}


class Guest:
    """One browser.

    Args:
        netloc: of nginx.
        number: no two guests have the same picture.
    """

    def __init__(self, netloc: str, number: int) -> None:
        self.netloc, self.number = netloc, number
        self.cookies: dict[str, str] = {}
        self.digest = ""
        self._connection = Connection(netloc, 30)
        self._token = ""
        self._session = Session(f"http://{netloc}/")

    @property
    def seat(self) -> str:
        return self.cookies["pointwise_seat"]

    async def get(self, path: str, **headers: str) -> Answer:
        """The answer; its cookies are kept as a browser does.

        Raises:
            Failed: if it is not what was asked for.
        """
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self._connection.get(path, {**said, "Cookie": self._cookie()})
        self._take(answer)
        if answer.status != 200:
            raise Failed(f"{path[:60]} gave {answer.status}: {answer.body[:200]!r}")
        return answer

    def _take(self, answer: Answer) -> None:
        if "set-cookie" in answer.headers:
            name, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
            self.cookies[name] = value

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    async def open(self) -> None:
        """The page, its socket and its first run."""
        await self.get("/")
        await self.get("/_stcore/health")
        self._token = token(await self._connected())

    async def _connected(self) -> list[ForwardMsg]:
        query = f"picture={self.digest}" if self.digest else ""
        await self._session.close()
        self._session = Session(f"http://{self.netloc}/", query)
        await self._session.connect(self._cookie())
        return await self._session.run()

    async def upload(self) -> None:
        """Sends a picture as the page's uploader does.

        Raises:
            Failed: if the page does not take it.
        """
        messages = await self._session.run()
        session = next(
            each.new_session.initialize.session_id
            for each in messages
            if each.WhichOneof("type") == "new_session"
        )
        widget = next(
            each.delta.new_element.file_uploader.id
            for each in messages
            if each.WhichOneof("type") == "delta" and each.delta.new_element.file_uploader.id
        )
        data, name = picture(self.number), f"{self.number}.png"
        urls = await self._session.file_urls(name)
        await self._put(urls.upload_url, name, data)
        message = BackMsg.FromString(rerun(f"http://{self.netloc}/"))
        state = message.rerun_script.widget_states.widgets.add()
        state.id = widget
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.name, info.size, info.file_id = name, len(data), urls.file_id
        info.file_urls.CopyFrom(urls)
        for data_ in canvases(await self._session.send(message)):
            self.digest = next(iter(data_["own_names"]), self.digest)
        if not self.digest or not session:
            raise Failed("the picture was not taken")

    async def _put(self, url: str, name: str, data: bytes) -> None:
        mark = "a-line-between-parts"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        body = head.encode() + data + f"\r\n--{mark}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Cookie": self._cookie(),
            "X-Xsrftoken": self.cookies.get("_streamlit_xsrf", ""),
            "Origin": f"http://{self.netloc}",
        }
        answer = await self._connection.send("PUT", quote(url, "/:"), headers, body)
        if answer.status >= 300:
            raise Failed(f"the upload gave {answer.status}: {answer.body[:200]!r}")

    async def move(self, wavelength_px: float, *, shown_px: int = 112) -> str:
        """One step of a slider, on the guest's own picture: the digest of the maps' pixels."""
        asked = {
            "picture": self.digest,
            "wavelength_px": str(wavelength_px),
            "shown_px": str(shown_px),
        }
        answer = await self.get(
            f"/maps/lab?{urlencode(asked)}",
            X_Pointwise_Token=self._token,
            Sec_Fetch_Site="same-origin",
        )
        pixels = answer.body[4 + len(header(answer.body)) :]  # before them stands how long it took
        return sha256(pixels).hexdigest()

    @property
    def is_cut(self) -> bool:
        """Whether the page's socket is closed."""
        return self._session.is_closed

    async def come_back(self) -> None:
        """After an accident: what open pages do by themselves, until it works.

        Raises:
            TimeoutError: if it does not work in time.
        """
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    messages = await self._connected()
                    self._token = token(messages)
                    missing = [data["missing"] for data in canvases(messages)]
                    if missing != [False]:
                        raise Failed("the picture is not there")
                    return
                except (OSError, WebSocketException, EOFError):
                    await asyncio.sleep(AGAIN_S)

    async def close(self) -> None:
        self._connection.close()
        await self._session.close()


def canvases(messages: Sequence[ForwardMsg]) -> list[dict[str, Any]]:
    """What the page told its canvas."""
    found = []
    for message in messages:
        component = message.delta.new_element.bidi_component
        kind = component.WhichOneof("data") if message.WhichOneof("type") == "delta" else None
        if kind in ("json", "mixed"):
            data = json.loads(component.json if kind == "json" else component.mixed.json)
            if isinstance(data, dict) and "own_names" in data:
                found.append(data)
    return found


def picture(number: int) -> bytes:
    """A PNG like no other."""
    chance = np.random.default_rng(number)
    pixels = chance.integers(0, 255, (SIDE // 8, SIDE // 8, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()
