"""The app as it is served: what Streamlit does once the middleware has had its say."""

from __future__ import annotations

import pytest
from asking import said

pytestmark = pytest.mark.slow

HOST = "10.0.0.5:8501"

# Every address but this machine's own is as if it were dropped, and noted.
DROPPED = """
import socket
outside = []
def dropped(*address, **_):
    outside.append(address)
    raise TimeoutError("dropped")
socket.getaddrinfo = socket.socket.connect = dropped
"""
ASKED = """
import asyncio
from asking import ask, shake
from streamlit import net_util
from app import app
"""


@pytest.mark.parametrize("named", ["", "lab.example.org"])
def test_no_handshake_makes_the_server_ask_the_internet(named: str):
    origins = [
        *("http://evil.example", "null", "http://10.0.0.6", f"http://{HOST}", "http://10.0.0.5"),
        *("https://lab.example.org", "https://lab.example.org:8501"),
    ]
    program = f"""{DROPPED}{ASKED}
async def all_of_them():
    for origin in {origins}:
        print(await shake(app, {{"host": {HOST!r}, "origin": origin}}))
    print(await shake(app, {{"host": {HOST!r}}}))
    print(await shake(app, {{"host": "127.0.0.1:8501", "origin": "http://localhost:8501"}}))
asyncio.run(all_of_them())
print(outside)
net_util.get_external_ip()
print(len(outside) > 0)
"""
    close, accept = "websocket.close", "websocket.accept"
    by_name = accept if named else close
    expected = [close, close, close, accept, close, by_name, by_name, accept, accept]
    assert said(program, POINTWISE_HOSTS=named) == [*expected, "[]", "True"]


@pytest.mark.parametrize(("developer", "watching"), [("", "none 0"), ("poll", "poll 2")])
def test_no_session_watches_files(developer: str, watching: str):
    """Neither a new one nor one whose browser comes back, for which Streamlit asks no option."""
    program = f"""
from streamlit import config, runtime
from streamlit.runtime import app_session
if {developer!r}:
    config.set_option("server.fileWatcherType", {developer!r})
watching = []
class Watcher(app_session.LocalSourcesWatcher):
    def __init__(self, *pages):
        watching.append(self)
        super().__init__(*pages)
app_session.LocalSourcesWatcher = Watcher
{ASKED}
async def visit():
    print(await shake(app, {{"host": {HOST!r}}}))
    sessions = runtime.get_instance()._session_mgr
    name = sessions.list_sessions()[0].session.id
    back = {{"host": {HOST!r}, "sec-websocket-protocol": f"streamlit, token, {{name}}"}}
    print(await shake(app, back), sessions._reconnect_count)
asyncio.run(visit())
print(config.get_option("server.fileWatcherType"), len(watching))
"""
    assert said(program) == ["websocket.accept", "websocket.accept 1", watching]


def test_pages_and_files_and_everything_else_in_their_place():
    """What is unknown is the page, which then finds its way itself; no answer lacks its headers."""
    paths = ["/", "/strided", "/none/such", "/favicon.png", "/_stcore/health", "/_stcore/metrics"]
    program = f"""{ASKED}
from pathlib import Path
import streamlit
from viz.first_page import first_pages
html = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
known = {{"/none/such": html, **{{"/" + name: page for name, page in first_pages(html).items()}}}}
async def look():
    for path in {paths}:
        got = await ask(app, path, headers={{"host": {HOST!r}}})
        is_page = got.body == known.get(path, "").encode()
        print(path, got.status, is_page, "content-security-policy" in got.headers)
asyncio.run(look())
"""
    assert said(program) == [
        "/ 200 True True",
        "/strided 200 True True",
        "/none/such 200 True True",
        "/favicon.png 200 False True",
        "/_stcore/health 200 False True",
        "/_stcore/metrics 404 False True",
    ]


ODD = [
    {"path": path}
    for path in (
        *("/\0", "/static/\0.js", "/maps/\0", "/pictures/\0", "/media/\0", "/component/a/\0"),
        *("/" + "a" * 5000, "/static/" + "a" * 300, "/static/../../config.py", "//evil.example"),
        *("*", "", "/\udce4", "/\uffff", "/_stcore/bidi-components/a/\0", "/%00", "/C:/a", "/~"),
    )
] + [
    {"path": path, "headers": {"host": HOST, **headers}}
    for path in ("/", "/strided", "/_stcore/health", "/maps/lab", "/pictures/coffee")
    for headers in (
        *({"host": host} for host in ("\xff", "a b", "\0", "a" * 100_000, "[", "::", ":", "")),
        {"cookie": "\xff=\xfe; _streamlit_session=\xff; _streamlit_xsrf=2|\xff|x|y"},
        {"accept-encoding": "\xff;q=\xff"},
        {"range": "bytes=9-1"},
        {"if-none-match": "\xff" * 9000},
        {"origin": "\xff" * 9000, "sec-fetch-site": "\0"},
    )
]


def test_nothing_odd_is_an_accident():
    program = f"""{ASKED}
async def look():
    for odd in {ODD!r}:
        got = await ask(app, **{{"headers": {{"host": {HOST!r}}}, **odd}})
        print(got.status < 500 and "content-security-policy" in got.headers)
asyncio.run(look())
"""
    good = [line == "True" for line in said(program)]
    assert [odd for odd, fine in zip(ODD, good, strict=True) if not fine] == []
