"""The app itself, ended in the middle of a lecture and started again under the same address."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import pytest
from redis_server import RedisServer
from room_client import secret, view
from serving import Served, served

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SECONDS = 60


class Page:
    """What a lecturer's or a follower's page sends."""

    def __init__(self, app: Served) -> None:
        self._host = urlsplit(app.address).netloc

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Status and body of the answer."""
        with closing(HTTPConnection(self._host, timeout=SECONDS)) as connection:
            connection.request(method, path, json.dumps(body), {"X-Pointwise-Secret": secret()})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def open(self) -> str:
        """Opens the lecturer's room: its code."""
        status, body = self.ask("POST", "/rooms")
        assert status == 201, body
        return str(json.loads(body)["code"])

    @contextmanager
    def events(self, code: str) -> Iterator[HTTPResponse]:
        """A stream that is open."""
        with closing(HTTPConnection(self._host, timeout=SECONDS)) as connection:
            connection.request("GET", f"/rooms/{code}/events")
            with connection.getresponse() as answer:
                assert answer.status == 200
                yield answer


def until(stream: HTTPResponse, there: Callable[[bytes], bool]) -> bytes:
    """The first line that is as wanted."""
    for line in stream:
        if there(line):
            return line
    raise AssertionError("the stream has ended")


@pytest.fixture
def app() -> Iterator[Served]:
    with served() as server:
        yield server


def test_with_memory_the_lecturer_opens_the_room_again_under_the_same_code(app: Served):
    page = Page(app)
    code = page.open()
    assert page.ask("PUT", f"/rooms/{code}/view", view(1))[0] == 204
    with page.events(code) as stream:
        assert until(stream, lambda line: b"stride=1" in line)
        app.stop()  # waits until the process has ended, so the stream holds nothing up
        assert [line for line in stream if b"data" in line and b"true" in line] == []
    app.start()
    assert page.ask("GET", f"/rooms/{code}")[0] == 404
    assert page.ask("PUT", f"/rooms/{code}/view", view(2))[0] == 404
    assert page.open() == code
    assert page.ask("PUT", f"/rooms/{code}/view", view(2))[0] == 204
    with page.events(code) as stream:
        assert until(stream, lambda line: b"stride=2" in line)
    assert "Traceback" not in app.said()


@pytest.fixture
def shared(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    redis.ask(b"FLUSHALL")
    monkeypatch.setenv("POINTWISE_REDIS_URL", redis.url)


def test_with_redis_the_room_goes_on(shared: None, app: Served):
    page = Page(app)
    code = page.open()
    assert page.ask("PUT", f"/rooms/{code}/view", view(1))[0] == 204
    app.stop(at_once=True)
    app.start()
    with page.events(code) as stream:
        assert until(stream, lambda line: b"stride=1" in line)
        assert page.ask("PUT", f"/rooms/{code}/view", view(2))[0] == 204
        assert until(stream, lambda line: b"stride=2" in line)
    assert "Traceback" not in app.said()
