"""The route of the QR codes: of this app's addresses, and of nothing else."""

from __future__ import annotations

import pytest
from route_client import answer

from viz import qr_code
from viz.server import qr

HOST = {"host": "lab.example.org:8501"}
HERE = "http://lab.example.org:8501"


def code(text: str, **more: object) -> bytes:
    said = answer("/qr", {"text": text}, headers=HOST, **more)
    assert said.status == 200
    assert said.headers["content-type"] == qr.MEDIA_TYPE
    return said.body


@pytest.mark.parametrize(
    "path", ["/", "/?room=K7QM2FXA", "/strided?stride=3&pinned=stage%3Dbank", "/lab?present=1"]
)
def test_an_address_of_the_app_has_a_code(path: str):
    assert code(HERE + path) == qr_code.svg(HERE + path)


@pytest.mark.parametrize(
    "text",
    [
        *("", "hello", "/strided", "javascript:alert(1)", "http://", "http://[", f"ftp{HERE[4:]}/"),
        *("http://evil.example/", "http://lab.example.org/", f"{HERE}.evil.example/"),
        *(f"{HERE}@evil.example/", "http://user@lab.example.org:8501/", f"{HERE}/nothing"),
        *(f"{HERE}/?a=ü", f"{HERE}/ ", f"{HERE}/\n", f"{HERE}/../", f"//{HERE}/"),
        f"{HERE}/?room=K7QM2FXA#secret",
        f"{HERE}/?{'a' * qr.MAX_LENGTH}",
    ],
)
def test_nothing_else_has_one(text: str):
    said = answer("/qr", {"text": text}, headers=HOST)
    assert (said.status, said.error) == (400, "text must be an address of this app.")


def test_the_longest_address_has_one():
    text = f"{HERE}/?".ljust(qr.MAX_LENGTH, "a")
    assert code(text).startswith(b"<svg")


def test_a_code_is_made_once(monkeypatch: pytest.MonkeyPatch):
    text = f"{HERE}/?made=once"
    first = code(text)
    monkeypatch.setattr(qr_code, "svg", lambda text: pytest.fail("made again"))
    assert code(text) == first


def test_codes_are_bounded():
    before = qr._CODES.max_size
    assert 50 * len(code(f"{HERE}/?".ljust(qr.MAX_LENGTH, "b"))) < before <= 2**22


def test_a_head_makes_no_code(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(qr_code, "svg", lambda text: pytest.fail("made"))
    said = answer("/qr", {"text": f"{HERE}/?head=1"}, headers=HOST, method="HEAD")
    assert (said.status, said.body) == (200, b"")


def test_a_public_name_that_a_proxy_hides_is_ours_where_it_is_listed():
    own = qr.route("/base", lambda origin, host: origin == "https://lab.example.org")
    assert own.path == "/base/qr"
    said = answer("/base/qr", {"text": f"{HERE}/base/"}, headers=HOST, prefix="/base")
    assert said.status == 200
    assert answer("/base/qr", {"text": f"{HERE}/"}, headers=HOST, prefix="/base").status == 400
