"""Who is let in, as other sites' pages and plain programs meet it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from asking import Answer, ask, shake
from starlette.responses import PlainTextResponse

from viz import middleware
from viz.middleware import Door, Hosts

HOST = {"host": "10.0.0.5:8501"}
LAB = Hosts.of(["lab.example.org"], origins=["https://friend.example"])
OWN = ("/maps/lab", "/column/lab/1.2", "/pictures/coffee", "/qr", "/rooms", "/rooms/K7QM2FXA/view")


class Behind:
    """The app behind the door: it notes what it was asked."""

    def __init__(self) -> None:
        self.met: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.met.append(scope)
        if scope["type"] == "http":
            await PlainTextResponse("behind")(scope, receive, send)
        else:
            await send({"type": "websocket.accept"})


def answer(path: str, prefix: str = "", method: str = "GET", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in {**HOST, **headers}.items()}
    return asyncio.run(ask(Door(Behind(), LAB, prefix), path, method, headers=named))


@pytest.mark.parametrize("path", ["/", "/static/js/index.js", "/maps/lab", "/_stcore/health"])
def test_a_name_that_was_bent_to_this_machine_is_refused(path: str):
    refused = answer(path, host="evil.example:8501")
    assert (refused.status, refused.body.decode()) == (403, middleware.UNKNOWN_HOST)
    assert answer(path, host="lab.example.org").status == 200


def test_who_names_no_host_is_no_browser():
    for headers in ({}, {"host": ""}):
        assert asyncio.run(ask(Door(Behind(), LAB), "/", headers=headers)).status == 200


@pytest.mark.parametrize("path", OWN)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://10.0.0.5:8502"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "\xff"},
        {"origin": "http://evil.example", "sec_fetch_site": "same-origin"},
        {"origin": "http://10.0.0.5:8501", "sec_fetch_site": "cross-site"},
    ],
)
def test_maps_and_pictures_are_for_own_pages(path: str, method: str, headers: dict[str, str]):
    refused = answer(path, method=method, **headers)
    assert (refused.status, json.loads(refused.body)) == (403, {"error": middleware.FOREIGN})
    assert answer(f"/base{path}", "/base", method, **headers).status == 403
    assert answer("/strided", method=method, **headers).status == 200, "pages may be linked to"


@pytest.mark.parametrize("path", OWN)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://10.0.0.5:8501", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"origin": "https://10.0.0.5:8501"},
        {"origin": "https://friend.example", "sec_fetch_site": "cross-site"},
        {"host": "127.0.0.1:8501", "origin": "https://lab.example.org"},
        {"host": "lab.example.org", "origin": "https://lab.example.org"},
    ],
)
def test_own_pages_and_plain_programs_are_answered(path: str, headers: dict[str, str]):
    assert answer(path, method="POST", **headers).body == b"behind"


@pytest.mark.parametrize("prefix", ["", "/base"])
def test_what_streamlit_says_of_itself_is_closed_unless_asked_for(prefix: str):
    path = f"{prefix}/_stcore/metrics"
    for method in ("GET", "OPTIONS"):
        assert answer(path, prefix, method).status == 404
    opened = Door(Behind(), LAB, prefix, metrics=True)
    assert asyncio.run(ask(opened, path, headers=HOST)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://10.0.0.5:8502"},
        {"origin": "null"},
        {"origin": "\xff"},
        {"origin": ""},
        {"host": "evil.example:8501", "origin": "http://evil.example:8501"},
        {"host": "evil.example:8501"},
    ],
)
def test_a_foreign_websocket_is_closed_before_the_app_hears_of_it(headers: dict[str, str]):
    behind = Behind()
    assert asyncio.run(shake(Door(behind, LAB), {**HOST, **headers})) == "websocket.close"
    assert not behind.met


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://10.0.0.5:8501", "10.0.0.5:8501"),
        ("http://localhost:8501", "127.0.0.1:8501"),
        ("https://lab.example.org:443", "lab.example.org"),
        ("https://lab.example.org", "127.0.0.1:8501"),
        ("https://friend.example", "10.0.0.5:8501"),
    ],
)
def test_a_websocket_that_is_let_in_comes_from_the_host_it_asks(origin: str, host: str):
    """Else Streamlit would look for another reason to let it in, on the internet."""
    behind = Behind()
    headers = {"cookie": "a=b", "host": host, "origin": origin}
    assert asyncio.run(shake(Door(behind, LAB), headers)) == "websocket.accept"
    passed = dict(behind.met[0]["headers"])
    assert passed[b"origin"].partition(b"://")[2] == host.encode()
    assert passed[b"cookie"] == b"a=b"


def test_a_websocket_of_a_plain_program_is_let_in_as_it_is():
    behind = Behind()
    assert asyncio.run(shake(Door(behind, LAB), HOST)) == "websocket.accept"
    assert dict(behind.met[0]["headers"]) == {b"host": b"10.0.0.5:8501"}
