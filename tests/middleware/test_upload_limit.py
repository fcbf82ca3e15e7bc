"""What comes in through Streamlit's upload endpoint, from a careless and a hostile client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from asking import Answer, ask
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from viz import middleware
from viz.uploads import Ledger

PATH = "/_stcore/upload_file/{session}/{file}"
KB = 1024


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
    assert ledger.held("one") == 100 * KB + middleware.MIN_BYTES


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
    assert ledger.held("one") == 200 * KB + middleware.MIN_BYTES


def test_a_deletion_while_it_comes_in_gives_nothing_back():
    """Else a file whose last byte waits until it was deleted would not count."""
    ledger = limited()
    endpoint = Endpoint(ledger)

    def deleted_meanwhile() -> Iterator[bytes]:
        yield b"x" * 100 * KB
        ledger.give_back("one", "a")
        yield b"x" * 100 * KB

    assert endpoint.put("one", "a", deleted_meanwhile()).status == 204
    assert ledger.held("one") == 200 * KB + middleware.MIN_BYTES


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
