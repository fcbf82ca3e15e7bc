"""Uploads that several servers share in a real Redis: bit for bit, bounded, and calm without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from redis import Redis
from redis_server import RedisServer, redis_served

from viz.images import Picture, PictureStore, shared_pictures
from viz.images.finding import store_at
from viz.images.picture_store import UPLOADED
from viz.images.shared_pictures import PREFIX, SharedPictures, packed, unpacked
from viz.text import text


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_served(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis(served: RedisServer) -> RedisServer:
    served.ask(b"FLUSHALL")
    return served


def server(redis: RedisServer, max_bytes: int = shared_pictures.MAX_BYTES) -> SharedPictures:
    return SharedPictures(PictureStore(), redis.url, max_bytes)


def photo(name: str, seed: int = 0, side: int = 6, *, eight_bits: bool = True) -> Picture:
    chance = torch.Generator().manual_seed(seed)
    pixels = torch.rand(3, side, side + 1, generator=chance)
    if eight_bits:
        pixels = (pixels * 255).round().to(torch.uint8).float() / 255
    notes = (text("reduced from {width}×{height}", width=side, height=9), text("first frame"))
    return Picture(f"{name}.png", pixels, name * 64, notes)


@pytest.mark.parametrize("eight_bits", [True, False])
def test_another_server_has_the_picture_bit_for_bit(redis: RedisServer, eight_bits: bool):
    mine = photo("a", eight_bits=eight_bits)
    server(redis).put(mine, "me")
    found = server(redis).get(mine.digest)
    assert found is not None
    assert torch.equal(found.pixels, mine.pixels)
    assert (found.digest, found.notes, found.name) == (mine.digest, mine.notes, UPLOADED)


def test_eight_bits_take_a_quarter_of_the_bytes():
    few, many = (packed(photo("a", side=64, eight_bits=each)) for each in (True, False))
    assert len(few) < 3 * 64 * 65 + 200
    assert len(many) > 2.5 * len(few)
    assert torch.equal(unpacked("a" * 64, few).pixels, photo("a", side=64).pixels)


def test_a_picture_that_nobody_uploaded_is_nowhere(redis: RedisServer):
    assert server(redis).get("b" * 64) is None


def test_a_picture_goes_with_its_last_owner(redis: RedisServer):
    one, other = server(redis), server(redis)
    one.put(photo("a"), "me")
    other.put(photo("a"), "you")
    one.drop("a" * 64, "me")
    assert server(redis).get("a" * 64) is not None
    other.drop("a" * 64, "you")
    assert server(redis).get("a" * 64) is None
    assert held(redis) == {}


def test_a_stranger_drops_nothing(redis: RedisServer):
    server(redis).put(photo("a"), "me")
    server(redis).drop("a" * 64, "stranger")
    assert server(redis).get("a" * 64) is not None


def held(redis: RedisServer) -> dict[str, int]:
    """The bytes of each picture in Redis by digest's letter; the sums that it keeps are right."""
    client = Redis.from_url(redis.url)
    sizes = {key.decode(): int(size) for key, size in client.hgetall(f"{PREFIX}sizes").items()}
    assert int(client.get(f"{PREFIX}total") or 0) == sum(sizes.values())
    assert {key.decode() for key in client.zrange(f"{PREFIX}seen", 0, -1)} == set(sizes)
    there = {digest: client.strlen(f"{PREFIX}{digest}") for digest in sizes}
    assert there == sizes
    client.close()
    return {digest[0]: size for digest, size in sizes.items()}


def test_the_bytes_are_bounded_and_the_longest_unseen_goes_first(redis: RedisServer):
    size = len(packed(photo("a")))
    store = server(redis, max_bytes=3 * size + 20)
    for number, name in enumerate("abc"):
        store.put(photo(name, number), "me")
    assert server(redis).get("a" * 64) is not None  # seen again
    store.put(photo("d", 3), "me")
    assert set(held(redis)) == {"a", "c", "d"}
    assert sum(held(redis).values()) <= 3 * size + 20


def test_every_picture_has_an_end(redis: RedisServer):
    server(redis).put(photo("a"), "me")
    client = Redis.from_url(redis.url)
    keys = (f"{PREFIX}{'a' * 64}", f"{PREFIX}owners:{'a' * 64}")
    assert all(0 < client.ttl(key) <= shared_pictures.KEPT_S for key in keys)
    client.close()


def test_what_has_expired_is_no_longer_counted(redis: RedisServer):
    now = [1000.0]
    store = SharedPictures(PictureStore(), redis.url, clock=lambda: now[0])
    store.put(photo("a"), "me")
    client = Redis.from_url(redis.url)
    client.delete(f"{PREFIX}{'a' * 64}", f"{PREFIX}owners:{'a' * 64}")  # as Redis does by itself
    client.close()
    now[0] += shared_pictures.KEPT_S + 1
    store.put(photo("b", 1), "me")
    assert set(held(redis)) == {"b"}


def test_without_redis_the_memory_goes_on_and_it_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(shared_pictures, "AGAIN_S", 0.0)
    with redis_served(tmp_path) as redis:
        store = server(redis)
        store.put(photo("a"), "me")
        redis.stop()
        store.put(photo("b", 1), "me")
        assert store.is_down
        assert store.get("a" * 64) is not None
        assert store.get("b" * 64) is not None
        assert store.get("c" * 64) is None
        redis.start()
        store.put(photo("c", 2), "me")
        assert not store.is_down
        assert server(redis).get("c" * 64) is not None


def test_a_redis_that_hangs_is_asked_once_in_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    asked = []
    with redis_served(tmp_path) as redis:
        store = server(redis)
        store.put(photo("a"), "me")
        redis.hang()
        for name, script in store._scripts.items():
            monkeypatch.setitem(
                store._scripts, name, lambda args, of=script: asked.append(1) or of(args=args)
            )
        for _ in range(20):
            assert store.get("b" * 64) is None
        redis.go_on()
    assert len(asked) == 1


@pytest.mark.parametrize("url", ["localhost:6379", "http://localhost", "redis://localhost:port"])
def test_an_address_that_is_none_is_said(url: str):
    with pytest.raises(ValueError, match="POINTWISE_REDIS_URL"):
        store_at(url)


def test_without_an_address_uploads_stay_in_memory():
    assert isinstance(store_at(""), PictureStore)
