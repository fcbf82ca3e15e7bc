"""Rooms in Redis, so that several servers share them and a server started again goes on with them.

Every change is a script, because that is one step for everybody. A change is published together with
the new part; each server listens to all of them. What only one server knows, the number of those who
follow there, is told to the others and kept by nobody.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from secrets import token_hex
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from viz.rooms.limits import COMMENT_S, FOLLOWERS, FORGOTTEN_S, IDLE_S, ROOMS
from viz.rooms.pace import Clock
from viz.rooms.refusals import Down, Full, Gone, Late, NotYours, Refusal, Twice
from viz.rooms.store import ELSEWHERE, SWEEP_S, Hears, Parts

PREFIX = "pointwise:"
AGAIN_S = 1.0  # after which a lost connection is tried again
PATIENCE_S = 2.0  # for an answer: a page must not wait for a Redis that hangs
COUNTS_S = 2.0  # between two looks at how many follow here

_LOG = logging.getLogger(__name__)

_COMMON = f"""
local rooms = '{PREFIX}rooms'
local code, now = ARGV[1], tonumber(ARGV[2])
local room, answers = '{PREFIX}room:' .. code, '{PREFIX}answers:' .. code
local function tell(code, name, value)
  redis.call('PUBLISH', '{PREFIX}told:' .. code, name .. '\\n' .. value)
end
local function forget(code)
  redis.call('DEL', '{PREFIX}room:' .. code, '{PREFIX}answers:' .. code)
  redis.call('ZREM', rooms, code)
  tell(code, '', '')
end
local function used()
  redis.call('ZADD', rooms, now, code)
  redis.call('EXPIRE', room, {FORGOTTEN_S})
  redis.call('EXPIRE', answers, {FORGOTTEN_S})
end
local function set(name, value)
  redis.call('HSET', room, name, value)
  if string.sub(name, 1, 1) ~= '.' then tell(code, name, value) end
end
local there = redis.call('EXISTS', room) == 1
"""

_SCRIPTS = {
    "open": """
if there and redis.call('HGET', room, '.owner') ~= ARGV[3] then return 'not yours' end
if not there then
  if redis.call('ZCARD', rooms) >= tonumber(ARGV[4]) then
    local oldest = redis.call('ZRANGE', rooms, 0, 0, 'WITHSCORES')
    if tonumber(oldest[2]) > now - tonumber(ARGV[5]) then return 'full' end
    forget(oldest[1])
  end
  for at = 6, #ARGV, 2 do set(ARGV[at], ARGV[at + 1]) end
  redis.call('HSET', room, '.owner', ARGV[3])
end
used()
return 'done'
""",
    "put": """
if not there then return 'gone' end
for at = 3, #ARGV, 2 do set(ARGV[at], ARGV[at + 1]) end
used()
return 'done'
""",
    "end": """
if not there then return 'gone' end
forget(code)
return 'done'
""",
    "begin": """
if not there then return 'gone' end
redis.call('DEL', answers)
redis.call('HDEL', room, 'answers')
local number = redis.call('HINCRBY', room, '.number', 1)
redis.call('HSET', room, '.open', number)
used()
return number
""",
    "answer": """
if not there then return 'gone' end
if redis.call('HGET', room, '.open') ~= ARGV[3] then return 'late' end
if redis.call('HEXISTS', answers, ARGV[4]) == 1 then return 'twice' end
local many = redis.call('HLEN', answers)
if many >= tonumber(ARGV[6]) then return 'full' end
redis.call('HSET', answers, ARGV[4], ARGV[5])
redis.call('EXPIRE', answers, redis.call('TTL', room))
set('answers', '{"round":' .. ARGV[3] .. ',"answers":' .. many + 1 .. '}')
return 'done'
""",
    "close": """
if not there then return 'gone' end
if (redis.call('HGET', room, '.open') or '') == '' then return 'late' end
redis.call('HSET', room, '.open', '')
used()
return redis.call('HVALS', answers)
""",
    "sweep": """
for _, each in ipairs(redis.call('ZRANGEBYSCORE', rooms, '-inf', ARGV[3])) do forget(each) end
return 'done'
""",
}
_REFUSALS: Mapping[bytes, type[Refusal]] = {
    b"gone": Gone,
    b"not yours": NotYours,
    b"full": Full,
    b"late": Late,
    b"twice": Twice,
}


class RedisStore:
    """Rooms in a Redis server.

    Args:
        hears: is told every change, by whichever server.
        url: of the Redis server, for instance `redis://127.0.0.1:6379/0`.
        clock: seconds, the same for all servers.

    Raises:
        ValueError: if it is no such address.
    """

    def __init__(self, hears: Hears, url: str, clock: Clock = time.time) -> None:
        self._hears = hears
        self._clock = clock
        self._me = token_hex(4)
        self._told: Mapping[str, int] = {}
        self._due = 0.0
        self._ended = self._down = False
        self._redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 1),  # Redis may have been started again
        )
        self._scripts = {
            name: self._redis.register_script(_COMMON + text) for name, text in _SCRIPTS.items()
        }

    async def open(self, code: str, owner: str, parts: Parts) -> None:
        await self.sweep()
        await self._do("open", code, owner, ROOMS, IDLE_S, *_flat(parts))

    async def parts(self, code: str) -> Parts:
        if self._down:
            raise Down
        return await self._read(code)

    async def _read(self, code: str) -> Parts:
        found = await _reached(self._redis.hgetall(f"{PREFIX}room:{code}"))
        if not found:
            raise Gone
        return {name.decode(): value for name, value in found.items()}

    async def put(self, code: str, parts: Parts) -> None:
        await self._do("put", code, *_flat(parts))

    async def end(self, code: str) -> None:
        await self._do("end", code)

    async def begin(self, code: str) -> int:
        return int(await self._do("begin", code))

    async def answer(self, code: str, number: int, browser: str, answer: str) -> None:
        await self._do("answer", code, number, browser, answer, FOLLOWERS)

    async def close(self, code: str) -> list[str]:
        return [answer.decode() for answer in await self._do("close", code)]

    async def sweep(self) -> None:
        await self._do("sweep", "", self._clock() - FORGOTTEN_S)

    async def _do(self, name: str, code: str, *values: Any) -> Any:
        """What a script answers; a refusal of it is raised."""
        script = self._scripts[name]
        if self._down:
            raise Down  # the listener tries; nobody else waits for that
        done = await _reached(script(args=[code, self._clock(), *values]))
        if isinstance(done, bytes) and done in _REFUSALS:
            raise _REFUSALS[done]
        return done

    # ── What other servers do ───────────────────────────────────────────────────────────────────

    async def run(self) -> None:
        """Hears of every change, and tells how many follow here; comes back when Redis does."""
        work = (
            self._again_and_again(self._listen),
            self._every(COUNTS_S, self._count),
            self._every(SWEEP_S, self.sweep),
        )
        tasks = [asyncio.ensure_future(each) for each in work]
        try:
            await asyncio.gather(*tasks)
        finally:
            self._ended = True  # for in a timeout of Redis's client a cancellation may be lost
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await self._redis.aclose()

    async def _again_and_again(self, listen: Callable[[], Awaitable[None]]) -> None:
        while not self._ended:
            try:
                await listen()
            except Exception as error:
                if not self._down:
                    _LOG.warning("rooms are not shared now: %r", error)
                self._down = True
                self._hears.interrupted(True)
                await asyncio.sleep(AGAIN_S)

    async def _listen(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.psubscribe(f"{PREFIX}told:*")
            while not self._ended:
                await self._hear(channel)

    async def _begun(self) -> None:
        """What has changed before we listened; a room that is gone stays as it was."""
        for code in self._hears.codes():
            try:
                self._hears.told(code, await self._read(code))
            except Gone:
                continue
        if self._down:
            _LOG.warning("rooms are shared again")
        self._down = False
        self._hears.interrupted(False)

    async def _hear(self, channel: PubSub) -> None:
        message = await channel.get_message(timeout=AGAIN_S)
        if message is None:
            await _reached(self._redis.ping())  # else a connection that is cut is not noticed
            return
        if message["type"] != "pmessage":
            await self._begun()  # at first, and whenever the connection was made anew
            return
        code = message["channel"].decode().rpartition(":")[2]
        name, _, value = message["data"].decode().partition("\n")
        if name != f"{ELSEWHERE}{self._me}":
            self._hears.told(code, {name: value.encode()} if name else None)

    async def _count(self) -> None:
        """Tells the other servers how many follow here, where that has changed or is long ago."""
        now = asyncio.get_running_loop().time()
        told, self._told = self._told, self._hears.followers()
        if now > self._due:
            told, self._due = {}, now + COMMENT_S
        for code, number in self._told.items():
            if told.get(code) != number:
                text = f"{ELSEWHERE}{self._me}\n{number}"
                await _reached(self._redis.publish(f"{PREFIX}told:{code}", text))

    async def _every(self, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        while not self._ended:
            await asyncio.sleep(seconds)
            try:
                await act()
            except Down:
                continue  # the listener says so


def _flat(parts: Parts) -> list[Any]:
    return [each for part in parts.items() for each in part]


async def _reached(asked: Awaitable[Any]) -> Any:
    """The answer of Redis.

    Raises:
        Down: if there is none.
    """
    try:
        return await asked
    except (RedisError, OSError) as error:
        raise Down from error
