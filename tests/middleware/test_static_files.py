"""The page's own files: the same bytes, fewer of them sent, asked for once."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest
import streamlit
from asking import Answer, ask
from starlette.responses import PlainTextResponse

from viz import middleware
from viz.middleware import StaticFiles, static_files

STATIC = Path(streamlit.__file__).parent / "static"
FILES = sorted(file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*") if file.is_file())
BROWSER = {"accept-encoding": "gzip, deflate, br, zstd"}
HASHED = "app.Abcd_-19.js"


async def elsewhere(scope: Any, receive: Any, send: Any) -> None:
    await PlainTextResponse("elsewhere")(scope, receive, send)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / HASHED).write_text("let a = 1\n" * 1000)
    (tmp_path / "index.html").write_text("<html>" * 1000)
    (tmp_path / "favicon.png").write_bytes(b"picture" * 1000)
    (tmp_path / "note.txt").write_text("of no kind that a page is made of")
    return tmp_path


@pytest.fixture(scope="module")
def said() -> dict[str, dict[str, str]]:
    """What is said of every file of Streamlit's."""
    app = StaticFiles(elsewhere, STATIC, "", {})

    async def look() -> dict[str, dict[str, str]]:
        return {name: (await ask(app, f"/{name}", "HEAD")).headers for name in FILES}

    return asyncio.run(look())


def pages(folder: Path) -> dict[str, dict[str, str]]:
    """A first page and another one in two languages, all from the folder's own."""
    html = (folder / "index.html").read_text(encoding="utf-8") if folder.exists() else ""
    english = {"": html, "other": html + "<p>other"}
    return {"en": english, "zh-Hans": {name: page + "<p>中文" for name, page in english.items()}}


def answer(folder: Path, path: str, method: str = "GET", prefix: str = "", **more: str) -> Answer:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    app = StaticFiles(elsewhere, folder, prefix, pages(folder))
    return asyncio.run(ask(app, path, method, headers=headers))


# ── The files ───────────────────────────────────────────────────────────────────────────────────


def test_all_files_arrive_as_they_are():
    """Byte by byte, through the whole stack, for a browser and for who takes no gzip."""
    stack = middleware.stack("", pages(STATIC), static=STATIC)

    async def look() -> int:
        app: Any = elsewhere
        for each in reversed(stack):
            app = each.cls(app, *each.args, **each.kwargs)
        total = 0
        for name in FILES:
            plain, packed = [await ask(app, f"/{name}", headers=sent) for sent in ({}, BROWSER)]
            expected = (STATIC / name).read_bytes()
            assert plain.body == expected, name
            assert "content-encoding" not in plain.headers
            assert unpacked(packed) == expected, name
            for answer in (plain, packed):
                assert answer.headers["content-length"] == str(len(answer.body))
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert "content-security-policy" in answer.headers
            total += len(packed.body)
        return total

    assert len(FILES) > 300
    raw = sum((STATIC / name).stat().st_size for name in FILES)
    assert asyncio.run(look()) < raw / 2


def unpacked(answer: Answer) -> bytes:
    packed = answer.headers.get("content-encoding") == "gzip"
    return gzip.decompress(answer.body) if packed else answer.body


def test_modules_and_styles_are_what_browsers_take_them_for(said: dict[str, dict[str, str]]):
    kinds = {Path(name).suffix: headers["content-type"] for name, headers in said.items()}
    assert kinds == {
        ".css": "text/css; charset=utf-8",
        ".gif": "image/gif",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }


def test_a_name_with_a_hash_is_kept_for_a_year(said: dict[str, dict[str, str]]):
    kept = {name: headers["cache-control"] for name, headers in said.items()}
    again = {name for name, how in kept.items() if how == "no-cache"}
    assert again == {name for name in FILES if "/" not in name}
    assert {kept[name] for name in FILES if name not in again} == {
        "public, max-age=31536000, immutable"
    }


def test_the_root_is_the_page(folder: Path):
    for path in ("/", "/index.html"):
        assert answer(folder, path).body == (folder / "index.html").read_bytes()
    assert answer(folder, "/base/", prefix="/base").body == (folder / "index.html").read_bytes()


def test_every_page_has_html_of_its_own(folder: Path):
    expected = (folder / "index.html").read_bytes() + b"<p>other"
    assert answer(folder, "/other").body == expected
    assert answer(folder, "/base/other", prefix="/base").body == expected
    assert answer(folder, "/unknown").body == b"elsewhere"


def test_under_a_base_path(folder: Path):
    there = f"/base/static/{HASHED}"
    expected = (folder / "static" / HASHED).read_bytes()
    assert answer(folder, there, prefix="/base").body == expected
    assert answer(folder, f"/static/{HASHED}", prefix="/base").body == b"elsewhere"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/strided",
        "/static",
        "/static/",
        "/static/js/none.js",
        "/static/../index.html",
        "//index.html",
        "/./index.html",
        "/../secret.js",
        "/INDEX.HTML",
        "/index.html\0",
        "/note.txt",
        "/etc/passwd",
        "\\index.html",
        "/static\\" + HASHED,
    ],
)
def test_what_is_no_file_of_the_page_goes_on(folder: Path, path: str):
    (folder.parent / "secret.js").write_text("let secret = 1")
    assert answer(folder, path).body == b"elsewhere"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_files_are_only_read(folder: Path, method: str):
    assert answer(folder, "/index.html", method).body == b"elsewhere"


def test_a_file_that_has_gone_is_left_to_the_app(folder: Path):
    app = StaticFiles(elsewhere, folder, "", pages(folder))
    (folder / "favicon.png").unlink()
    assert asyncio.run(ask(app, "/favicon.png")).body == b"elsewhere"


# ── What is sent ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=1.0, *;q=0", True),
        ("", False),
        ("br", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("gzipped", False),
        ("\xff;q=\xff", False),
        ("gzip" + ", br" * 10_000, False),
    ],
)
def test_compressed_for_who_takes_it(folder: Path, accepted: str, packed: bool):
    got = answer(folder, f"/static/{HASHED}", accept_encoding=accepted)
    assert (got.headers.get("content-encoding") == "gzip") == packed
    assert unpacked(got) == (folder / "static" / HASHED).read_bytes()
    assert got.headers["vary"] == "accept-encoding"


def test_what_is_compressed_already_stays_so(folder: Path):
    got = answer(folder, "/favicon.png", accept_encoding="gzip")
    assert got.body == (folder / "favicon.png").read_bytes()
    assert not {"content-encoding", "vary"} & set(got.headers)


def test_what_would_grow_is_not_compressed(folder: Path):
    (folder / "tiny.js").write_text("a")
    got = answer(folder, "/tiny.js", accept_encoding="gzip")
    assert (got.body, "content-encoding" in got.headers) == (b"a", False)


def test_only_the_head(folder: Path):
    whole = answer(folder, f"/static/{HASHED}", accept_encoding="gzip")
    head = answer(folder, f"/static/{HASHED}", "HEAD", accept_encoding="gzip")
    assert (head.status, head.headers, head.body) == (200, whole.headers, b"")


def test_what_a_browser_has_is_not_sent_again(folder: Path):
    plain, packed = [
        answer(folder, "/", accept_encoding=coding).headers["etag"] for coding in ("", "gzip")
    ]
    assert plain == packed
    for known in (plain, plain.removeprefix("W/"), f'"other", {plain}'):
        got = answer(folder, "/", if_none_match=known)
        assert (got.status, got.body, got.headers["etag"]) == (304, b"", plain)
        assert got.headers["cache-control"] == "no-cache"
        assert "content-length" not in got.headers
    assert answer(folder, "/", if_none_match='W/"other"').status == 200
    (folder / "index.html").write_text("<html>new")
    assert answer(folder, "/", if_none_match=plain).status == 200


def test_a_large_file_is_sent_in_pieces(folder: Path):
    large = bytes(range(256)) * 5000
    (folder / "large.png").write_bytes(large)
    got = answer(folder, "/large.png")
    assert got.body == large
    assert len(got.pieces) > 1
    assert max(map(len, got.pieces)) <= static_files.PIECE_BYTES


def test_a_room_that_asks_at_once_has_it_compressed_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    packed: list[bytes] = []

    def counted(data: bytes, *rest: Any, **more: Any) -> bytes:
        packed.append(data)
        return gzip.compress(data, *rest, **more)

    monkeypatch.setattr(static_files, "gzip", type("counting", (), {"compress": counted}))

    async def room() -> list[Answer]:
        app = StaticFiles(elsewhere, folder, "", pages(folder))
        return await asyncio.gather(*(ask(app, "/", headers=BROWSER) for _ in range(50)))

    expected = (folder / "index.html").read_bytes()
    assert [unpacked(got) == expected for got in asyncio.run(room())] == [True] * 50
    assert len(packed) == 1


# ── Languages ───────────────────────────────────────────────────────────────────────────────────

CHINESE = {
    "?lang=zh-Hans": {},
    "": {"cookie": "a=b; pointwise_language=zh-Hans"},
    "?lang=zh-Hans&stride=3": {"cookie": "pointwise_language=en", "accept-language": "en"},
}
ENGLISH = {
    "": {"accept-language": "de, en;q=0.5"},
    "?lang=xx": {"cookie": "pointwise_language=xx; lang=zh-Hans"},
    "?lang=en": {"cookie": "pointwise_language=zh-Hans", "accept-language": "zh-CN"},
    "?language=zh-Hans": {},
}


@pytest.mark.parametrize("path", ["/", "/index.html", "/other"])
@pytest.mark.parametrize(
    ("query", "headers", "chinese"),
    [*((*each, True) for each in CHINESE.items()), *((*each, False) for each in ENGLISH.items())],
)
def test_a_page_is_in_the_readers_language(
    folder: Path, path: str, query: str, headers: dict[str, str], chinese: bool
):
    app = StaticFiles(elsewhere, folder, "", pages(folder))
    page = asyncio.run(ask(app, f"{path}{query}", headers=headers))
    assert page.body.endswith("<p>中文".encode()) is chinese
    assert page.headers["vary"] == "accept-encoding, accept-language, cookie"


def test_two_languages_have_two_tags(folder: Path):
    tags = {
        answer(folder, "/", cookie=f"pointwise_language={tag}").headers["etag"]
        for tag in ("en", "zh-Hans")
    }
    assert len(tags) == 2


def test_a_script_of_words_is_kept_for_a_year(folder: Path):
    name = "words.zh-Hans.0a1b2c3d.js"
    app = StaticFiles(elsewhere, folder, "/base", {}, {name: "let 词 = 1"})
    found = asyncio.run(ask(app, f"/base/{name}"))
    assert found.body.decode() == "let 词 = 1"
    assert found.headers["content-type"] == "text/javascript; charset=utf-8"
    assert found.headers["cache-control"] == static_files.YEAR
