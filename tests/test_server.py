"""The routes as a browser meets them: what they answer, what they refuse, whom they keep waiting."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urljoin

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from route_client import HOSTILE, TOKEN, Answer, Message, answer, ask, chunk

from viz import images, run, warmup
from viz.lessons.lab import LESSON as lab
from viz.lessons.lab.setting import Setting as Lab
from viz.run import drawing
from viz.run import pictures as pngs
from viz.run.budget import TooLarge
from viz.run.buffer import Buffer
from viz.server import answers, requests, views
from viz.server import maps as maps_route
from viz.view import View

OURS = {"token": TOKEN, "shown_px": "224"}


def unpacked(buffer: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The header, and every block as numbers: a second reader of the buffer."""
    length = int.from_bytes(buffer[:4], "little")
    header, at = json.loads(buffer[4 : 4 + length]), 4 + length
    blocks = {}
    for name, block in header["blocks"].items():
        count = int(np.prod(block["shape"]))
        levels = np.frombuffer(buffer, np.uint8, count, at).reshape(block["shape"])
        low, high = (np.array(block[end])[:, None, None] for end in ("low", "high"))
        blocks[name] = low + levels / 255 * (high - low)
        at += count
    assert at == len(buffer)
    return header, blocks


def shown(query: dict[str, str]) -> np.ndarray:
    """The maps that a query means, computed without route, queue or packing."""
    view, setting = lab.read(query)
    found = images.find(view.picture)
    assert found is not None
    picture = images.at_working_size(found, view.working_size_px)
    stages = dict(lab.network(setting, picture.pixels).named_children())
    x = picture.pixels
    with torch.inference_mode():
        for name, stage in stages.items():
            x = stage(x)
            if name == view.stage:
                break
    return x.numpy()


OTHER = {
    "picture": "chelsea",
    "working_size_px": "96",
    "stage": "pooling",
    "orientations": "3",
    "pooling": "mean",
    "pool_over": "orientations",
}


@pytest.mark.parametrize("query", [{}, OTHER], ids=["opening", "other"])
def test_the_maps_are_those_of_the_query(query: dict[str, str]):
    reply = answer("/maps/lab", {**query, **OURS})
    header, blocks = unpacked(reply.body)
    expected = shown(query)
    step = (expected.max((1, 2)) - expected.min((1, 2))) / 255
    assert header["stage"] == query.get("stage", lab.stage)
    assert blocks["maps"].shape == expected.shape
    assert (abs(blocks["maps"] - expected) <= 0.51 * step[:, None, None] + 1e-5).all()


def test_what_the_browser_must_know_of_the_answer():
    reply = answer("/maps/lab", OURS)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["content-encoding"] == "identity"
    assert reply.headers["cache-control"] == "public, max-age=60"


def test_a_query_too_long_for_an_address_may_be_posted():
    both = "_".join(f"{n // 64}.{n % 64}.-99999" for n in range(4096))
    query = {"orientations": "16", "pointwise_outputs": "64", "working_size_px": "64", **OURS}
    query |= {"pooling": "none", "pointwise_recipe": "random", "pointwise_edits": both}
    data = urlencode({**query, "strided_edits": both}).encode()
    half = len(data) // 2
    reply = answer("/maps/lab", body=[chunk(data[:half], more=True), chunk(data[half:])])
    _, blocks = unpacked(reply.body)
    assert blocks["matrix"].shape == (1, 64, 64)
    assert blocks["matrix"] == pytest.approx(-99.999)


def test_get_and_post_are_the_same():
    posted = answer("/maps/lab", body=[chunk(urlencode({**OTHER, **OURS}).encode())])
    assert posted.body == answer("/maps/lab", {**OTHER, **OURS}).body


def test_of_a_parameter_said_twice_the_last_counts():
    ours = urlencode(OURS)
    twice = answer("/maps/lab", f"stride=nan&stride=5&{ours}")
    assert twice.status == 200
    assert twice.body == answer("/maps/lab", f"stride=5&{ours}").body


@pytest.mark.parametrize("name", [*View.controls(), *lab.setting.controls()])
def test_every_field_refuses_what_it_cannot_be(name: str):
    async def every() -> list[Answer]:
        return [await ask("/maps/lab", {**OURS, name: text}) for text in HOSTILE]

    for text, reply in zip(HOSTILE, asyncio.run(every()), strict=True):
        if name == "others" and View.controls()[name].read(text) is not None:
            assert reply.status == 200  # a picture beside the others that is gone is left out
            continue
        assert reply.status in (400, 404), (name, text)
        assert reply.error


def test_an_error_stays_small_when_everything_is_wrong():
    wrong = dict.fromkeys([*View.controls(), *lab.setting.controls()], "²")
    assert answer("/maps/lab", {**OURS, **wrong}).error.count(",") == views.MAX_NAMED - 1


@pytest.mark.parametrize(
    "token", [None, "", "short", "x" * 65, "with space", "ä" * 16, TOKEN + "\n"]
)
def test_a_visitor_without_a_token_is_refused(token: str | None):
    query = {"shown_px": "224"} if token is None else {"shown_px": "224", "token": token}
    reply = answer("/maps/lab", query)
    assert (reply.status, "token" in reply.error) == (400, True)


@pytest.mark.parametrize(
    "px", [None, "", "7", "2049", "-8", "8.0", "1e2", "nan", "２２４", "9" * 400]
)
def test_how_large_maps_are_shown_has_limits(px: str | None):
    query = {"token": TOKEN} if px is None else {"token": TOKEN, "shown_px": px}
    reply = answer("/maps/lab", query)
    assert (reply.status, "8 to 2048" in reply.error) == (400, True)


@pytest.mark.parametrize(
    "slug", ["nowhere", "..", "__init__", "lab.setting", "LAB", "lab\x00", "é"]
)
def test_a_lesson_that_is_not_there(slug: str):
    reply = answer(f"/maps/{slug}", OURS)
    assert (reply.status, reply.error) == (404, "There is no such lesson.")


@pytest.mark.parametrize("key", ["nowhere", "ab" * 32, "9" * 64, "coffee_png"])
def test_a_picture_that_is_not_there(key: str):
    for path, query in ((f"/pictures/{key}", {}), ("/maps/lab", {**OURS, "picture": key})):
        reply = answer(path, query)
        assert (reply.status, "upload it again" in reply.error) == (404, True)


@pytest.mark.parametrize("key", ["..", "coffee.png", "AB" * 32, "c" * 9999, "coffee\x00", "%2e%2e"])
def test_a_path_leads_to_no_file(key: str):
    assert answer(f"/pictures/{key}").status == 404
    assert answer(f"/pictures/../{key}").status == 404  # no route has two parts


ODD = [b"\xff\xfe=\x80", b"%ff%fe=%c3%28", b"%", b"%zz=%", b"&&&&;;==", b"=", b"stride=%00", b"#?"]


@pytest.mark.parametrize("query", ODD)
def test_bytes_that_are_no_text(query: bytes):
    assert answer("/maps/lab", query).status == 400
    assert answer("/maps/lab", body=[chunk(query)]).status == 400
    assert answer("/lab", query).status == 307


def test_a_query_has_a_longest_length_and_number():
    filler = f"&x={'x' * requests.MAX_QUERY_BYTES}"
    many = "&x=" * requests.MAX_PARAMETERS
    for tail in (filler, many):
        text = urlencode(OURS) + tail
        for reply in (answer("/maps/lab", text), answer("/maps/lab", body=[chunk(text.encode())])):
            assert (reply.status, "too" in reply.error) == (400, True)


def test_of_an_endless_post_only_the_beginning_is_read():
    read: list[int] = []

    def endless() -> Iterator[Message]:
        for n in range(1000):
            read.append(n)
            yield chunk(b"x" * 2**16, more=True)

    assert "too long" in answer("/maps/lab", body=endless()).error
    assert len(read) == 3


def test_a_post_that_breaks_off_is_no_error(caplog: pytest.LogCaptureFixture):
    broken = [chunk(b"stride=", more=True), {"type": "http.disconnect"}]
    assert answer("/maps/lab", body=broken).status == 409
    assert not caplog.records


NAMES = [*View.controls(), *lab.setting.controls(), "token", "shown_px", "settled", "other"]
TEXTS = st.one_of(st.text(max_size=12), st.sampled_from([*HOSTILE, TOKEN, "224", "1", "coffee"]))


@pytest.mark.slow
@given(st.one_of(st.binary(max_size=200), st.dictionaries(st.sampled_from(NAMES), TEXTS)))
@settings(max_examples=200)
def test_no_query_is_an_accident(query: bytes | dict[str, str]):
    if isinstance(query, dict):
        query = urlencode(query, errors="replace").encode()
    started = time.perf_counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "draw_slices", lambda *_, **__: Buffer(b"maps"))
        replies = [answer("/maps/lab", query), answer("/maps/lab", body=[chunk(query)])]
        replies.append(answer("/pictures/coffee", query))
    for reply in replies:
        assert reply.status == 200 or (reply.status in (400, 404) and reply.error)
    assert time.perf_counter() - started < 2


KEYS = st.sampled_from(["coffee", "dead_leaves", "ab" * 32])


@given(st.from_type(View), st.from_type(lab.setting), KEYS)
@settings(max_examples=25)
def test_every_legal_query_has_an_answer(view: View, setting: Lab, key: str):
    view = replace(view, working_size_px=64, picture=key)
    reply = answer("/maps/lab", {**view.to_query(), **setting.to_query(), **OURS})
    if images.find(key) is None:
        assert reply.status == 404
    elif view.showing == "difference" and reply.status != 200:
        assert reply.status == 400
        assert b"different shapes" in reply.body
    else:
        header, blocks = unpacked(reply.body)
        assert blocks["maps"].shape == tuple(header["stages"][header["stage"]]["shape"])


class Watched(run.WorkQueue):
    """A queue whose one worker waits until `free` is set, and that says what has come."""

    def __init__(self, limit: int) -> None:
        self.free, self.came = threading.Event(), 0
        self.shares: list[tuple[Any, Any]] = []
        super().__init__(limit, prepare=self.free.wait)

    def ask(self, *asked: Any, **who: Any) -> Any:
        future = super().ask(*asked, **who)
        self.came += 1
        self.shares.append((who["address"], who["visitor"]))
        return future

    async def has(self, number: int) -> None:
        """Returns when so many requests have come."""
        while self.came < number:
            await asyncio.sleep(0.001)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """The queue of the maps, with room for two, nothing begun and nothing ready-made."""
    yield from held(monkeypatch, "QUEUE", 2)


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """The queue of the pictures, likewise."""
    yield from held(monkeypatch, "PICTURES", 2)


def held(monkeypatch: pytest.MonkeyPatch, name: str, limit: int) -> Iterator[Watched]:
    warmup.wait()  # it needs a queue that works
    queue = Watched(limit)
    monkeypatch.setattr(run, name, queue)
    drawing._DRAWN.clear()
    pngs._PNGS.clear()
    yield queue
    queue.free.set()
    drawing._DRAWN.clear()  # what tests have drawn is no maps


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The strides that were drawn, in their order; drawing itself is left out."""
    strides: list[int] = []

    def draw(_: Any, setting: Lab, *__: Any, **___: Any) -> Buffer:
        strides.append(setting.stride)
        return Buffer(b"stride %d" % setting.stride)

    monkeypatch.setattr(drawing, "draw_slices", draw)
    return strides


def maps(
    stride: int, visitor: str = "one", gone: asyncio.Event | None = None, **more: Any
) -> asyncio.Task[Answer]:
    query = {"token": f"visitor-{visitor}", "shown_px": "224", "stride": str(stride)}
    return asyncio.create_task(ask("/maps/lab", query, gone=gone, **more))


def test_a_full_queue_says_so_at_once(queue: Watched, drawn: list[int]):
    async def crowd() -> None:
        waiting = [maps(3, "one"), maps(4, "two")]
        await queue.has(2)
        late = await maps(5, "three")
        assert (late.status, late.error) == (503, "The server is busy.")
        queue.free.set()
        assert [(await each).status for each in waiting] == [200, 200]
        assert (await maps(5, "three")).body == b"stride 5"

    asyncio.run(crowd())
    assert drawn == [3, 4, 5]


def test_maps_go_before_what_the_page_wants_below_them(queue: Watched, drawn: list[int]):
    async def visitor() -> None:
        section = ("visitor-one", "section")
        queue.ask(section, section, lambda: drawn.append(0), visitor="visitor-one", address="")
        waiting = maps(3)
        await queue.has(2)
        queue.free.set()
        assert (await waiting).status == 200
        await asyncio.wrap_future(queue.ask("last", "last", int, visitor="last", address=""))

    asyncio.run(visitor())
    assert drawn == [3, 0]


def test_of_one_visitor_the_newest_wins(queue: Watched, drawn: list[int]):
    async def drag() -> None:
        older, other = maps(3), maps(6, "two")
        await queue.has(2)
        newest = maps(4)
        assert ((await older).status, (await older).error) == (
            409,
            "Something newer was asked for.",
        )
        queue.free.set()
        assert [(await each).body for each in (newest, other)] == [b"stride 4", b"stride 6"]

    asyncio.run(drag())
    assert sorted(drawn) == [4, 6]


@pytest.mark.parametrize(
    "other",
    [
        *({"shown_px": "64"}, {"working_size_px": "64"}, {"picture": "brick"}, {"stage": "bank"}),
        {"others": "brick"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_two_ask_for_is_another_thing_where_anything_differs(
    other: dict[str, str], queue: Watched, monkeypatch: pytest.MonkeyPatch
):
    def draw(_: Any, setting: Any, view: View, picture: Any, shown_px: int, **__: Any) -> Buffer:
        return Buffer(repr((setting, view, picture.key, shown_px)).encode())

    monkeypatch.setattr(drawing, "draw_slices", draw)

    async def both() -> list[Answer]:
        queries = [{**OURS, "token": "visitor-one"}, {**OURS, **other, "token": "visitor-two"}]
        asked = [asyncio.create_task(ask("/maps/lab", query)) for query in queries]
        await queue.has(2)
        queue.free.set()
        return [await each for each in asked]

    one, two = asyncio.run(both())
    assert one.status == two.status == 200
    assert one.body != two.body


def test_thumbnails_of_two_sizes_are_two_pictures(pictures: Watched):
    async def both() -> list[Answer]:
        asked = [ask("/pictures/brick", {"thumbnail_px": side}) for side in ("33", "65")]
        waiting = [asyncio.create_task(each) for each in asked]
        await pictures.has(2)
        pictures.free.set()
        return [await each for each in waiting]

    assert [levels(each.body).shape for each in asyncio.run(both())] == [(3, 33, 33), (3, 65, 65)]


def test_one_visitor_may_wait_for_two_lessons(queue: Watched, drawn: list[int]):
    """A tab changes its page: what the one asked for is not taken for an older step of the other."""

    async def both() -> None:
        lab_maps = maps(3)
        await queue.has(1)
        query = {"token": "visitor-one", "shown_px": "224", "stride": "4"}
        other = asyncio.create_task(ask("/maps/strided", query))
        await queue.has(2)
        queue.free.set()
        assert [(await each).body for each in (lab_maps, other)] == [b"stride 3", b"stride 4"]

    asyncio.run(both())
    assert drawn == [3, 4]


def test_what_two_ask_for_is_drawn_once(queue: Watched, drawn: list[int]):
    async def both() -> None:
        asked = [maps(3, "one"), maps(3, "two")]
        await queue.has(2)
        queue.free.set()
        assert [(await each).body for each in asked] == [b"stride 3"] * 2

    asyncio.run(both())
    assert drawn == [3]


def test_who_hangs_up_is_not_computed_for(queue: Watched, drawn: list[int]):
    async def leave() -> None:
        gone = asyncio.Event()
        left = maps(3, "one", gone)
        await queue.has(1)
        gone.set()
        await left
        queue.free.set()
        assert (await maps(4, "two")).status == 200

    asyncio.run(leave())
    assert drawn == [4]


def test_who_hangs_up_while_it_is_drawn_is_drawn_for_no_longer(
    queue: Watched, monkeypatch: pytest.MonkeyPatch
):
    begun, left, closed = threading.Event(), threading.Event(), threading.Event()

    def draw_slices(*_: Any, **__: Any) -> Iterator[None]:
        try:
            while True:
                begun.set()
                left.wait(20)
                yield
        finally:
            closed.set()

    monkeypatch.setattr(drawing, "draw_slices", draw_slices)
    queue.free.set()

    async def leave() -> None:
        gone = asyncio.Event()
        hand = maps(3, "one", gone)
        await asyncio.to_thread(begun.wait, 20)
        gone.set()
        await hand
        left.set()
        assert await asyncio.to_thread(closed.wait, 20)

    asyncio.run(leave())


def test_what_would_take_too_much_is_refused_in_a_sentence(
    queue: Watched, monkeypatch: pytest.MonkeyPatch
):
    def draw_slices(*_: Any, **__: Any) -> Iterator[None]:
        yield
        raise TooLarge("Please move the working size down.")

    monkeypatch.setattr(drawing, "draw_slices", draw_slices)
    queue.free.set()
    reply = answer("/maps/lab", OURS)
    assert (reply.status, reply.error) == (400, "Please move the working size down.")


def test_who_hangs_up_takes_nothing_from_others(
    queue: Watched, pictures: Watched, drawn: list[int]
):
    async def leave() -> None:
        gone = asyncio.Event()
        left, stays = maps(3, "one", gone), maps(3, "two")
        picture = [ask("/pictures/camera", gone=end) for end in (gone, None)]
        left_too, stays_too = (asyncio.create_task(each) for each in picture)
        await queue.has(2)
        await pictures.has(2)
        gone.set()
        await asyncio.gather(left, left_too)
        queue.free.set()
        pictures.free.set()
        assert (await stays).body == b"stride 3"
        assert (await stays_too).body[:4] == b"\x89PNG"

    asyncio.run(leave())
    assert drawn == [3]


def test_an_aborted_request_takes_nothing_from_its_twin(queue: Watched, drawn: list[int]):
    """A slider dragged there and back: the first request is aborted after the second has come."""

    async def there_and_back() -> None:
        gone = asyncio.Event()
        left, twin = maps(3, gone=gone), maps(3)
        await queue.has(2)
        gone.set()
        await left
        queue.free.set()
        assert (await twin).body == b"stride 3"

    asyncio.run(there_and_back())
    assert drawn == [3]


def test_pictures_do_not_take_one_anothers_place(pictures: Watched):
    async def gallery() -> list[int]:
        asked = [ask(f"/pictures/{key}", {"thumbnail_px": "64"}) for key in ("brick", "grass")]
        waiting = [asyncio.create_task(each) for each in asked]
        await pictures.has(2)
        pictures.free.set()
        return [(await each).status for each in waiting]

    assert asyncio.run(gallery()) == [200, 200]


def test_what_takes_too_long_ends(
    queue: Watched, drawn: list[int], monkeypatch: pytest.MonkeyPatch
):
    async def impatient() -> None:
        monkeypatch.setattr(answers, "SECONDS", 0.05)
        reply = await maps(3)
        assert (reply.status, reply.error) == (503, "That took too long.")
        monkeypatch.undo()
        queue.free.set()

    asyncio.run(impatient())
    assert drawn == []


@pytest.mark.parametrize(
    "error", [RuntimeError, KeyError, IndexError, ValueError, MemoryError, LookupError]
)
def test_an_accident_is_told_to_the_log_alone(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(*_: Any, **__: Any) -> bytes:
        raise error("/root/secret")

    monkeypatch.setattr(drawing, "draw_slices", broken)
    reply = answer("/maps/lab", OURS)
    assert reply.status == 500
    assert "secret" not in reply.error
    name = reply.error.rstrip(".").split()[-1]
    assert name in caplog.text
    assert "/root/secret" in caplog.text


def levels(body: bytes) -> np.ndarray:
    """A PNG as `(3, H, W)` of 0 to 255."""
    with Image.open(BytesIO(body)) as image:
        assert (image.format, image.mode) == ("PNG", "RGB")
        return np.asarray(image).transpose(2, 0, 1)


@pytest.mark.parametrize("key", ["rocket", "siemens_star"])
@pytest.mark.parametrize("size", [None, 64, 512])
def test_a_picture_is_what_the_layers_see(key: str, size: int | None):
    reply = answer(f"/pictures/{key}", {} if size is None else {"working_size_px": str(size)})
    found = images.find(key)
    assert found is not None
    pixels = images.at_working_size(found, size or 224).pixels.numpy()
    assert reply.headers["content-type"] == "image/png"
    assert reply.headers["content-encoding"] == "identity"
    assert (levels(reply.body) == np.round(pixels * 255)).all()


def test_an_upload_is_found_by_its_digest(picture: Callable[[torch.Tensor], images.Picture]):
    upload = picture(torch.rand(3, 40, 80, generator=torch.Generator().manual_seed(0)))
    images.STORE.put(upload)
    shape = levels(answer(f"/pictures/{upload.digest}", {"working_size_px": "64"}).body).shape
    assert shape == (3, 32, 64)
    header, _ = unpacked(answer("/maps/lab", {**OURS, "picture": upload.digest}).body)
    assert header["stages"]["picture"]["shape"] == [3, 40, 80]


@pytest.mark.parametrize("side", [16, 256])
def test_a_thumbnail_is_the_middle_of_the_picture(side: int):
    small = levels(answer("/pictures/coffee", {"thumbnail_px": str(side)}).body)
    coffee = images.find("coffee")
    assert coffee is not None
    _, height, width = coffee.pixels.shape
    left = (width - height) // 2
    middle = coffee.pixels[:, :, left : left + height].numpy()
    assert small.shape == (3, side, side)
    assert small.mean((1, 2)) / 255 == pytest.approx(middle.mean((1, 2)), abs=0.01)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("thumbnail_px", text) for text in ("15", "257", "", "-16", "nan", "６４", "9" * 400)),
        *(("working_size_px", text) for text in ("65", "63", "528", "", "nan", "２２４", "1e2")),
    ],
)
def test_a_picture_of_no_allowed_size(name: str, text: str):
    reply = answer("/pictures/coffee", {name: text})
    assert (reply.status, name in reply.error) == (400, True)


@pytest.mark.parametrize("prefix", ["", "/lectures/today"])
@pytest.mark.parametrize("query", ["", "stride=3&unit=0.1.2", "a=%2F%26&b=%C3%A9"])
def test_the_name_of_the_default_page_leads_to_the_root(prefix: str, query: str):
    reply = answer(f"{prefix}/lab", query, prefix=prefix)
    there = urljoin(f"http://host{prefix}/lab?{query}", reply.headers["location"])
    assert reply.status == 307
    assert there == f"http://host{prefix}/" + (f"?{query}" if query else "")


def test_no_query_leads_to_another_host():
    for query in ("//evil.example", "@evil.example/", "\\\\evil", "\r\nlocation: //evil.example"):
        place = answer("/lab", query).headers["location"]
        assert urljoin("http://host/lab", place).startswith("http://host/?")


def test_routes_lie_under_the_base_path():
    reply = answer("/lectures/maps/lab", OURS, prefix="/lectures")
    assert reply.status == 200
    assert answer("/maps/lab", OURS, prefix="/lectures").status == 404


# ── Equal requests, equal answers ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/maps/lab", "/pictures/coffee"])
def test_what_the_browser_has_is_not_sent_again(path: str):
    first = answer(path, OURS)
    assert first.headers["etag"].startswith('"')
    for has in ("{}", 'W/{}, "other"', '"other" , {}', "*"):
        again = answer(path, OURS, headers={"if-none-match": has.format(first.headers["etag"])})
        assert (again.status, again.body) == (304, b"")
        assert {n: again.headers[n] for n in ("etag", "cache-control")} == {
            n: first.headers[n] for n in ("etag", "cache-control")
        }
    for has in ("", '"other"', first.headers["etag"][:-2] + '"'):
        again = answer(path, OURS, headers={"if-none-match": has})
        assert (again.status, again.body) == (200, first.body)


def test_what_was_posted_is_always_answered_in_full():
    first = answer("/maps/lab", OURS)
    body = [chunk(urlencode(OURS).encode())]
    posted = answer("/maps/lab", body=body, headers={"if-none-match": first.headers["etag"]})
    assert (posted.status, posted.body) == (200, first.body)


def test_other_bytes_have_another_tag():
    tags = {answer("/maps/lab", {**OURS, "stride": n}).headers["etag"] for n in "1234"}
    assert len(tags) == 4


@pytest.fixture
def upload(picture: Callable[[torch.Tensor], images.Picture]) -> str:
    """The digest of a picture that somebody brought."""
    brought = picture(torch.rand(3, 20, 30, generator=torch.Generator().manual_seed(1)))
    images.STORE.put(brought)
    return brought.digest


@pytest.mark.parametrize(
    ("query", "cache"),
    [
        ({}, views.SHIPPED),
        ({"others": "chelsea.brick"}, views.SHIPPED),
        ({"pinned": "picture=brick", "showing": "pinned"}, views.SHIPPED),
        ({"picture": "{}"}, views.UPLOADED),
        ({"others": "chelsea.{}"}, views.UPLOADED),
        ({"pinned": "picture={}", "showing": "pinned"}, views.UPLOADED),
        ({"pinned": "stride=3&picture={}", "showing": "difference"}, views.UPLOADED),
    ],
)
def test_what_shows_an_upload_is_for_its_visitor_alone(
    query: dict[str, str], cache: str, upload: str
):
    named = {name: value.format(upload) for name, value in query.items()}
    reply = answer("/maps/lab", {**OURS, "stage": "picture", "working_size_px": "64", **named})
    if reply.status == 200:  # maps of different shapes have no difference
        assert reply.headers["cache-control"] == cache
        assert cache.split(",")[0] == ("private" if upload in str(named) else "public")
    else:
        assert (reply.status, reply.headers["cache-control"]) == (400, "no-store")


def test_an_uploaded_picture_is_for_its_visitor_alone(upload: str):
    for key, who in (("coffee", "public"), (upload, "private")):
        for query in ({}, {"thumbnail_px": "64"}):
            assert answer(f"/pictures/{key}", query).headers["cache-control"].startswith(who)


def test_the_token_is_no_part_of_the_address(queue: Watched, drawn: list[int]):
    """Two visitors with equal addresses; in the query the token is still understood."""
    query = {"shown_px": "224", "stride": "3"}

    async def both() -> None:
        asked = [
            ask("/maps/lab", query, headers={"x-pointwise-token": "header-ada"}),
            ask("/maps/lab", {**query, "token": "query-bob"}),
            ask(
                "/maps/lab",
                query | {"token": "query-x"},
                headers={"x-pointwise-token": "header-cyd"},
            ),
        ]
        waiting = [asyncio.create_task(each) for each in asked]
        await queue.has(3)
        queue.free.set()
        assert [(await each).status for each in waiting] == [200] * 3

    asyncio.run(both())
    assert drawn == [3]
    assert [visitor for _, visitor in queue.shares] == ["header-ada", "query-bob", "header-cyd"]


@pytest.mark.parametrize("token", ["", "short", "x" * 65, "with space"])
def test_a_malformed_token_in_the_header_is_refused(token: str):
    reply = answer("/maps/lab", OURS, headers={"x-pointwise-token": token})
    assert (reply.status, "token" in reply.error) == (400, True)


def test_maps_are_not_larger_than_any_map():
    """All windows that show them larger are answered from one buffer."""
    picture = images.samples()[0]
    sides = {
        maps_route.shown_px(views.Looking(lab, views._meaning(lab, f"shown_px={px}"), picture, ""))
        for px in (maps_route.MAX_PX, maps_route.MAX_PX + 1, 2048)
    }
    assert sides == {maps_route.MAX_PX}


# ── Past the queue ──────────────────────────────────────────────────────────────────────────────


def key_of_stride(stride: int) -> Any:
    view, setting = lab.read({"stride": str(stride)})
    return drawing.key_of(lab, setting, view, images.find(view.picture), 224)


def test_what_is_ready_is_served_past_a_full_queue(queue: Watched):
    ready = Buffer(b"ready-made")
    query = {**OURS, "stride": "4"}

    async def crowd() -> None:
        waiting = [maps(3, "one"), maps(5, "two")]
        await queue.has(2)
        key = key_of_stride(4)
        drawing._DRAWN.put(key, ready)
        assert (await ask("/maps/lab", query)).body == ready
        for each in waiting:
            each.cancel()

    asyncio.run(crowd())
    assert queue.came == 2


@pytest.mark.parametrize("query", [{}, {"thumbnail_px": "64"}])
def test_a_picture_waits_for_no_maps_and_is_made_once(
    queue: Watched, pictures: Watched, query: dict[str, str]
):
    """The queue of the maps stands still all the while."""

    async def gallery() -> None:
        waiting = maps(3)
        await queue.has(1)
        asked = [asyncio.create_task(ask("/pictures/coffee", query)) for _ in range(2)]
        await pictures.has(2)
        pictures.free.set()
        bodies = {(await each).body for each in asked}
        bodies.add((await ask("/pictures/coffee", query)).body)
        assert len(bodies) == 1
        waiting.cancel()

    asyncio.run(gallery())
    assert pictures.came == 2


@pytest.mark.parametrize("path", ["/maps/lab", "/pictures/coffee"])
def test_a_head_computes_nothing(queue: Watched, pictures: Watched, path: str):
    head = answer(path, OURS, method="HEAD")
    assert (head.status, head.body, queue.came + pictures.came) == (200, b"", 0)
    assert "content-length" not in head.headers
    queue.free.set()
    pictures.free.set()
    there = answer(path, OURS)
    head = answer(path, OURS, method="HEAD")
    for name in ("etag", "content-length", "content-type", "cache-control"):
        assert head.headers[name] == there.headers[name]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(method: str):
    assert answer("/maps/lab", OURS, method=method).status == 405
    assert answer("/pictures/coffee", method=method).status == 405


# ── A crowd ─────────────────────────────────────────────────────────────────────────────────────

MOVING = {"x-pointwise-dragging": "1"}


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """A queue with room, in which more wait than a moving hand may hope for."""
    yield from held(monkeypatch, "QUEUE", maps_route.CROWD + 9)


async def crowd_before(queue: Watched, number: int) -> list[asyncio.Task[Answer]]:
    query = {"shown_px": "64"}
    waiting = []
    for n in range(number):
        text = {**query, "token": f"one-of-many-{n}", "wavelength_px": f"{4 + n / 2:g}"}
        waiting.append(asyncio.create_task(ask("/maps/lab", text)))
    await queue.has(number)
    return waiting


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("moving", [False, True])
def test_in_a_crowd_a_moving_hand_gets_smaller_maps(
    crowded: Watched, moving: bool, more: int, monkeypatch: pytest.MonkeyPatch
):
    """The release always gets them in full; so does whoever comes while few wait."""
    sizes: list[int] = []

    def draw(_: Any, __: Any, ___: Any, ____: Any, shown_px: int, **_____: Any) -> Buffer:
        sizes.append(shown_px)
        return Buffer(b"maps")

    monkeypatch.setattr(drawing, "draw_slices", draw)

    async def hall() -> Answer:
        waiting = await crowd_before(crowded, maps_route.CROWD + more)
        hand = maps(3, "hand", headers=MOVING if moving else {})
        await crowded.has(maps_route.CROWD + more + 1)
        crowded.free.set()
        await asyncio.gather(*waiting)
        return await hand

    reply = asyncio.run(hall())
    reduced = moving and more == 1
    assert (reply.headers.get("x-pointwise-reduced") == "1") == reduced
    assert sizes[-1] == (112 if reduced else 224)
    assert reply.headers["cache-control"] == ("no-store" if moving else views.SHIPPED)
    assert ("etag" in reply.headers) == (not moving)


def test_in_a_crowd_what_is_ready_comes_in_full(crowded: Watched, drawn: list[int]):
    async def hall() -> Answer:
        waiting = await crowd_before(crowded, maps_route.CROWD + 1)
        key = key_of_stride(3)
        drawing._DRAWN.put(key, Buffer(b"in full"))
        reply = await maps(3, "hand", headers=MOVING)
        for each in waiting:
            each.cancel()
        return reply

    reply = asyncio.run(hall())
    assert reply.body == b"in full"
    assert "x-pointwise-reduced" not in reply.headers


@pytest.mark.parametrize(
    ("client", "address"), [(("192.0.2.7", 1), "192.0.2.7"), (("127.0.0.1", 1), ""), (None, "")]
)
def test_turns_go_by_the_peers_address(
    queue: Watched, drawn: list[int], client: tuple[str, int] | None, address: str
):
    """What a request says of itself is not believed."""
    queue.free.set()

    async def asked() -> None:
        claims = {"x-forwarded-for": "198.51.100.1", "forwarded": "for=198.51.100.1"}
        assert (await maps(3, "one", client=client, headers=claims)).status == 200

    asyncio.run(asked())
    assert queue.shares == [(address, "visitor-one")]
