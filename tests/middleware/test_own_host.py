"""Who may send the page messages as the page around an embedded app does."""

from __future__ import annotations

import asyncio
import json

import pytest
from asking import ask
from streamlit.web.server.starlette.starlette_routes import create_host_config_routes

from viz.middleware import Hosts, OwnHost


class Behind:
    async def __call__(self, scope, receive, send):
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def config(host: str = "lab.example.org:8501", prefix: str = "", names: list[str] | None = None):
    app = OwnHost(Behind(), Hosts.of(names or []), prefix)
    said = asyncio.run(ask(app, f"{prefix}/_stcore/host-config", headers={"host": host}))
    assert said.status == 200
    return json.loads(said.body)


@pytest.mark.parametrize("prefix", ["", "/base"])
def test_only_the_apps_own_pages_may(prefix: str):
    own = ["http://lab.example.org:8501", "https://lab.example.org:8501"]
    assert config(prefix=prefix)["allowedOrigins"] == own


def test_a_name_that_a_proxy_hides_may_too():
    origins = config("localhost:8501", names=["lab.example.org"])["allowedOrigins"]
    assert origins[2:] == ["http://lab.example.org", "https://lab.example.org"]


def test_the_rest_is_what_streamlit_says():
    (route,) = create_host_config_routes("")
    theirs = asyncio.run(ask(route, "/_stcore/host-config", headers={"host": "localhost"}))
    rest = {**json.loads(theirs.body), "allowedOrigins": []}
    assert {**config(), "allowedOrigins": []} == rest


def test_all_else_passes():
    app = OwnHost(Behind(), Hosts())
    for path, method in (("/_stcore/health", "GET"), ("/_stcore/host-config", "POST")):
        assert asyncio.run(ask(app, path, method)).status == 299
