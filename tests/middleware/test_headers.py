"""The headers on every answer, as a browser reads them."""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from asking import ask
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from viz import middleware

HTML = "<html><script>\n  let a = 1\n</script><script src='b.js'></script></html>"


def hello(_: Request) -> Response:
    return PlainTextResponse("hello", headers={"x-frame-options": "ALLOWALL", "x-other": "stays"})


def headers(ancestors: str = "", host: str = "example.org:8501") -> dict[str, str]:
    app = Starlette(
        routes=[Route("/", hello)],
        middleware=middleware.stack("", {"en": {"": HTML}}, ancestors)[:1],
    )
    return asyncio.run(ask(app, "/", headers={"host": host})).headers


def directives(policy: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for words in (part.split() for part in policy.split(";"))}


def test_what_a_careful_host_expects():
    said = headers()
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "same-origin"
    assert said["x-frame-options"] == "SAMEORIGIN"
    assert said["x-other"] == "stays"
    assert re.search(r"\bcamera=\(self\)", said["permissions-policy"])
    assert re.search(r"\bmicrophone=\(\)", said["permissions-policy"])


def test_the_policy_lets_scripts_in_by_name_alone():
    policy = directives(headers()["content-security-policy"])
    digest = b64encode(sha256(b"\n  let a = 1\n").digest()).decode()
    assert policy["script-src"] == ["'self'", "blob:", f"'sha256-{digest}'"]
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'self'"]
    assert "object-src" not in policy, "the default holds"
    everything = {word for words in policy.values() for word in words}
    assert not everything & {"'unsafe-eval'", "*", "https:", "http:"}


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1:8501", "[::1]:8501"])
def test_the_websocket_of_this_host_is_named(host: str):
    policy = directives(headers(host=host)["content-security-policy"])
    assert policy["connect-src"] == ["'self'", f"ws://{host}", f"wss://{host}"]


@pytest.mark.parametrize("host", ["", "a; script-src *", "a b", "a,b", "*", "x:y", "a\nb"])
def test_a_host_that_is_none_is_not_repeated(host: str):
    policy = directives(headers(host=host)["content-security-policy"])
    assert policy["connect-src"] == ["'self'"]
    assert policy["script-src"][:2] == ["'self'", "blob:"]


def test_others_may_embed_it_when_named():
    said = headers("'self' https://moodle.example.org https://*.example.edu:8443")
    policy = directives(said["content-security-policy"])
    named = ["'self'", "https://moodle.example.org", "https://*.example.edu:8443"]
    assert policy["frame-ancestors"] == named
    assert said["x-frame-options"] == "ALLOWALL", "left alone: it could not name them"


@pytest.mark.parametrize(
    "origin", ["moodle", "*", "https://a.b;x", "https://a/path", "javascript:"]
)
def test_who_may_embed_it_must_be_an_origin(origin: str):
    with pytest.raises(ValueError, match="is no origin"):
        middleware.SecurityHeaders(Starlette(), ancestors=[origin])


def test_a_websocket_passes_untouched():
    met: list[Any] = []

    async def app(*asked: Any) -> None:
        met.extend(asked)

    scope: Any = {"type": "websocket", "path": "/_stcore/stream"}
    receive: Any = object()
    send: Any = object()
    for each in middleware.stack("", {"en": {"": HTML}}):
        met.clear()
        wrapped: Any = each.cls(app, *each.args, **each.kwargs)
        asyncio.run(wrapped(scope, receive, send))
        assert [id(thing) for thing in met] == [id(scope), id(receive), id(send)]
