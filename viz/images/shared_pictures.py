"""The store of uploads that several servers share: in memory here, and in Redis for all.

A browser whose server has gone comes to another one, with the digest of its picture in the address.
Redis holds what that server needs; nothing is written to a disk unless Redis is told to.
"""

from __future__ import annotations

import json
import logging
import time
import zlib
from collections.abc import Callable
from typing import Any, TypeVar

import torch
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from viz.images.picture import Picture
from viz.images.picture_store import UPLOADED, PictureStore
from viz.text import Text

T = TypeVar("T")

PREFIX = "pointwise:picture:"
KEPT_S = 12 * 3600  # a day of lectures; every look at a picture begins it anew
MAX_BYTES = 512_000_000  # of all pictures in Redis, as they lie there
PATIENCE_S = 0.3  # for an answer: a page must not wait for a Redis that hangs
AGAIN_S = 5.0  # after which a Redis that did not answer is asked again
LEVEL = 1  # of compression: a photograph takes 15 ms, and more saves hardly anything
STEPS = 255

_LOG = logging.getLogger(__name__)

_PUT = f"""
local key, owners = '{PREFIX}' .. ARGV[1], '{PREFIX}owners:' .. ARGV[1]
local sizes, seen = '{PREFIX}sizes', '{PREFIX}seen'
local total = tonumber(redis.call('GET', '{PREFIX}total') or '0')
local function forget(digest)
  total = total - tonumber(redis.call('HGET', sizes, digest) or '0')
  redis.call('DEL', '{PREFIX}' .. digest, '{PREFIX}owners:' .. digest)
  redis.call('HDEL', sizes, digest)
  redis.call('ZREM', seen, digest)
end
for _, each in ipairs(redis.call('ZRANGEBYSCORE', seen, '-inf', ARGV[4] - ARGV[5])) do forget(each) end
if redis.call('EXISTS', key) == 0 then
  forget(ARGV[1])
  redis.call('SET', key, ARGV[3])
  redis.call('HSET', sizes, ARGV[1], #ARGV[3])
  total = total + #ARGV[3]
end
redis.call('ZADD', seen, ARGV[4], ARGV[1])
redis.call('SADD', owners, ARGV[2])
redis.call('EXPIRE', key, ARGV[5])
redis.call('EXPIRE', owners, ARGV[5])
while total > tonumber(ARGV[6]) and redis.call('ZCARD', seen) > 1 do
  forget(redis.call('ZRANGE', seen, 0, 0)[1])
end
redis.call('SET', '{PREFIX}total', total)
"""
_GET = f"""
local found = redis.call('GET', '{PREFIX}' .. ARGV[1])
if found then
  redis.call('ZADD', '{PREFIX}seen', ARGV[2], ARGV[1])
  redis.call('EXPIRE', '{PREFIX}' .. ARGV[1], ARGV[3])
  redis.call('EXPIRE', '{PREFIX}owners:' .. ARGV[1], ARGV[3])
end
return found
"""
_DROP = f"""
local owners = '{PREFIX}owners:' .. ARGV[1]
redis.call('SREM', owners, ARGV[2])
if redis.call('EXISTS', owners) == 0 then
  local size = tonumber(redis.call('HGET', '{PREFIX}sizes', ARGV[1]) or '0')
  redis.call('DEL', '{PREFIX}' .. ARGV[1])
  redis.call('HDEL', '{PREFIX}sizes', ARGV[1])
  redis.call('ZREM', '{PREFIX}seen', ARGV[1])
  redis.call('DECRBY', '{PREFIX}total', size)
end
"""


class SharedPictures:
    """Uploads of all servers by digest, with the interface of `PictureStore`.

    The memory of this server comes first. A picture that is not there is looked for in Redis. In
    Redis the picture that was not seen for longest goes first; each has a time to live. Thread-safe.

    Args:
        here: the store in this server's memory.
        url: of the Redis server, for instance `redis://127.0.0.1:6379/0`.
        max_bytes: of all pictures in Redis.
        clock: seconds, the same for all servers.

    Raises:
        ValueError: if it is no such address.
    """

    def __init__(
        self,
        here: PictureStore,
        url: str,
        max_bytes: int = MAX_BYTES,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._here = here
        self._max_bytes = max_bytes
        self._clock = clock
        self._asked_again = 0.0
        self._redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 1),  # Redis may have been started again
        )
        scripts = {"put": _PUT, "get": _GET, "drop": _DROP}
        self._scripts = {name: self._redis.register_script(text) for name, text in scripts.items()}

    @property
    def is_down(self) -> bool:
        """Whether Redis did not answer when it was asked last."""
        return self._asked_again > 0

    def put(self, picture: Picture, owner: str = "", address: str = "") -> None:
        """Stores the picture here and for all servers."""
        self._here.put(picture, owner, address)
        self._do(
            "put", picture.digest, owner, packed(picture), self._clock(), KEPT_S, self._max_bytes
        )

    def drop(self, digest: str, owner: str) -> None:
        """Removes an owner from a picture; the picture goes with its last owner."""
        self._here.drop(digest, owner)
        self._do("drop", digest, owner)

    def get(self, digest: str) -> Picture | None:
        """The picture of this digest, of this server or of another; None if nobody has it."""
        found = self._here.get(digest)
        if found is None and (there := self._do("get", digest, self._clock(), KEPT_S)) is not None:
            found = unpacked(digest, there)
            self._here.put(found, digest)  # nobody of this server owns it
        return found

    def _do(self, name: str, *values: Any) -> Any:
        """What a script answers; None if Redis does not."""
        now = time.monotonic()
        if now < self._asked_again:
            return None
        try:
            answer = self._scripts[name](args=list(values))
        except (RedisError, OSError) as error:
            if not self._asked_again:
                _LOG.warning("pictures are not shared now: %r", error)
            self._asked_again = now + AGAIN_S
            return None
        if self._asked_again:
            _LOG.warning("pictures are shared again")
        self._asked_again = 0.0
        return answer


def packed(picture: Picture) -> bytes:
    """Pixels, size and notes of a picture, compressed.

    Of most pictures every value is a multiple of 1/255, and a byte holds it exactly.

    >>> dot = Picture("dot.png", torch.tensor([0.0, 0.2, 1.0]).view(3, 1, 1), "5f" * 32)
    >>> bool((unpacked(dot.digest, packed(dot)).pixels == dot.pixels).all()), len(packed(dot)) < 80
    (True, True)
    """
    steps = (picture.pixels * STEPS).round().to(torch.uint8)
    exact = torch.equal(steps.float() / STEPS, picture.pixels)
    numbers = steps if exact else picture.pixels
    head = {"size": [*picture.pixels.shape[1:]], "exact": exact, "notes": picture.notes}
    return json.dumps(head).encode() + b"\n" + zlib.compress(numbers.numpy().tobytes(), LEVEL)


def unpacked(digest: str, found: bytes) -> Picture:
    """The picture that was packed; its name belongs to its owner and is not in it."""
    first, _, body = found.partition(b"\n")
    head = json.loads(first)
    kind = torch.uint8 if head["exact"] else torch.float32
    numbers = torch.frombuffer(bytearray(zlib.decompress(body)), dtype=kind)
    pixels = numbers.view(3, *head["size"])
    notes = tuple(Text(*note) for note in head["notes"])
    return Picture(UPLOADED, pixels.float() / STEPS if head["exact"] else pixels, digest, notes)
