"""What stands around every request, as a server and a hostile client meet it."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from viz import middleware
from viz.uploads import Ledger

Message = dict[str, Any]
PATH = "/_stcore/upload_file/{session}/{file}"
KB = 1024


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


async def ask(
    app: Any,
    path: str,
    method: str = "GET",
    body: Iterable[bytes] = (),
    headers: dict[str, str] | None = None,
    client: str = "10.0.0.1",
) -> Answer:
    """Asks an app as a server would; the body arrives in the pieces given."""
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "client": (client, 4242),
        "path": path,
        "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in (headers or {}).items()],
    }
    pieces = iter(body)
    sent: list[Message] = []

    async def receive() -> Message:
        for piece in pieces:
            return {"type": "http.request", "body": piece, "more_body": True}
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    assert [each["type"] for each in sent][:1] == ["http.response.start"]
    named = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], named, b"".join(each.get("body", b"") for each in sent))


# ── Headers ─────────────────────────────────────────────────────────────────────────────────────

HTML = "<html><script>\n  let a = 1\n</script><script src='b.js'></script></html>"


def hello(_: Request) -> Response:
    return PlainTextResponse("hello", headers={"x-frame-options": "ALLOWALL", "x-other": "stays"})


def headers(ancestors: str = "", host: str = "example.org:8501") -> dict[str, str]:
    app = Starlette(
        routes=[Route("/", hello)], middleware=middleware.stack("", HTML, ancestors)[:1]
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

    scope, receive, send = {"type": "websocket", "path": "/_stcore/stream"}, object(), object()
    for each in middleware.stack("", HTML):
        met.clear()
        asyncio.run(each.cls(app, *each.args, **each.kwargs)(scope, receive, send))
        assert [id(thing) for thing in met] == [id(scope), id(receive), id(send)]


# ── Uploads ─────────────────────────────────────────────────────────────────────────────────────


class Endpoint:
    """What Streamlit's endpoint does: it reads all of the body and holds it until it is deleted."""

    def __init__(self, ledger: Ledger, prefix: str = "") -> None:
        self.files: dict[tuple[str, str], int] = {}
        self.status = 204
        path = f"{prefix}{PATH}"
        routes = [
            Route(path, self._put, methods=["PUT"]),
            Route(path, self._delete, methods=["DELETE"]),
        ]
        limit = Middleware(middleware.UploadLimit, prefix, ledger)
        self.app = Starlette(routes=routes, middleware=[limit])

    async def _put(self, request: Request) -> Response:
        body = await request.body()
        if self.status < 400:
            self.files[request.path_params["session"], request.path_params["file"]] = len(body)
        return Response(status_code=self.status)

    async def _delete(self, request: Request) -> Response:
        if self.status < 400:
            self.files.pop((request.path_params["session"], request.path_params["file"]), None)
        return Response(status_code=self.status)

    def put(self, session: str, file: str, body: Iterable[bytes], **more: Any) -> Answer:
        path = f"/_stcore/upload_file/{session}/{file}"
        return asyncio.run(ask(self.app, path, "PUT", body, **more))

    def delete(self, session: str, file: str) -> Answer:
        return asyncio.run(ask(self.app, f"/_stcore/upload_file/{session}/{file}", "DELETE"))


def limited(per_visitor: int = 300 * KB, per_address: int = 600 * KB) -> Ledger:
    return Ledger(per_visitor, per_address, 2 * per_address, is_open=lambda _: True)


def pieces(kilobytes: int) -> Iterator[bytes]:
    return (b"x" * KB for _ in range(kilobytes))


def test_up_to_the_limit_and_no_further():
    endpoint = Endpoint(limited())
    assert [endpoint.put("one", f"{n}", pieces(64)).status for n in range(3)] == [204, 204, 413]
    assert endpoint.files == {("one", "0"): 64 * KB, ("one", "1"): 64 * KB}
    assert endpoint.put("two", "0", pieces(64)).status == 204, "others are not held up"


def test_the_refusal_is_one_calm_sentence():
    answer = Endpoint(limited()).put("one", "a", pieces(400))
    assert (answer.status, json.loads(answer.body)) == (413, {"error": middleware.TOO_MUCH})


@pytest.mark.parametrize("length", [None, "7", "-1", "nonsense"])
def test_a_length_that_lies_changes_nothing(length: str | None):
    endpoint = Endpoint(limited())
    headers = {"content-length": length} if length else {}
    assert endpoint.put("one", "a", pieces(400), headers=headers).status == 413
    assert not endpoint.files


def test_of_an_endless_upload_only_the_allowed_part_is_read():
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for n in range(10**6):
            read.append(n)
            yield b"x" * KB

    assert Endpoint(limited()).put("one", "a", endless()).status == 413
    assert len(read) <= 300


def test_what_is_deleted_is_given_back():
    endpoint = Endpoint(limited())
    for _ in range(5):
        assert endpoint.put("one", "a", pieces(200)).status == 204
        assert endpoint.delete("one", "a").status == 204


def test_a_file_sent_again_takes_its_own_place():
    ledger = limited()
    endpoint = Endpoint(ledger)
    for kilobytes in (64, 100):
        assert endpoint.put("one", "a", pieces(kilobytes)).status == 204
    assert ledger.held("one") == 100 * KB + middleware.LEAST_BYTES


def test_what_was_refused_does_not_count():
    ledger = limited()
    endpoint = Endpoint(ledger)
    endpoint.status = 403
    for n in range(5):
        assert endpoint.put("one", f"{n}", pieces(200)).status == 403
    assert ledger.held("one") == 0


def test_a_refused_deletion_gives_nothing_back():
    ledger = limited()
    endpoint = Endpoint(ledger)
    endpoint.put("one", "a", pieces(200))
    endpoint.status = 403
    endpoint.delete("one", "a")
    endpoint.put("one", "a", pieces(1))
    assert ledger.held("one") == 200 * KB + middleware.LEAST_BYTES


def test_a_deletion_while_it_comes_in_gives_nothing_back():
    """Else a file whose last byte waits until it was deleted would not count."""
    ledger = limited()
    endpoint = Endpoint(ledger)

    def deleted_meanwhile() -> Iterator[bytes]:
        yield b"x" * 100 * KB
        ledger.give_back("one", "a")
        yield b"x" * 100 * KB

    assert endpoint.put("one", "a", deleted_meanwhile()).status == 204
    assert ledger.held("one") == 200 * KB + middleware.LEAST_BYTES


def test_many_sessions_of_one_address_count_together():
    endpoint = Endpoint(limited())
    statuses = [endpoint.put(f"{n}", "a", pieces(128)).status for n in range(5)]
    assert statuses == [204, 204, 204, 413, 413]
    assert endpoint.put("new", "a", pieces(128), client="10.0.0.2").status == 204


def test_empty_files_count_as_well():
    endpoint = Endpoint(limited())
    statuses = {endpoint.put("one", f"{n}", ()).status for n in range(50)}
    assert statuses == {204, 413}
    assert len(endpoint.files) < 10


def test_an_accident_while_reading_is_given_back():
    ledger = limited()

    def broken() -> Iterator[bytes]:
        yield b"x" * KB
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Endpoint(ledger).put("one", "a", broken())
    assert ledger.held("one") == 0


def test_under_a_base_path():
    endpoint = Endpoint(limited(), "/lectures")
    path = "/lectures/_stcore/upload_file/one/a"
    assert asyncio.run(ask(endpoint.app, path, "PUT", pieces(100))).status == 204
    assert asyncio.run(ask(endpoint.app, path, "PUT", pieces(400))).status == 413


def test_other_requests_are_not_counted():
    async def everything(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    methods = ["PUT", "POST"]
    routes = [Route("/{path:path}", everything, methods=methods)]
    app = middleware.UploadLimit(Starlette(routes=routes), "", limited())
    for path, method in (("/maps/lab", "PUT"), ("/_stcore/upload_file/one/a", "POST")):
        answer = asyncio.run(ask(app, path, method, pieces(400)))
        assert (answer.status, answer.body) == (200, str(400 * KB).encode())
