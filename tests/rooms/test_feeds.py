"""The feeds of a process: few are kept, and never one fewer than are read."""

from __future__ import annotations

import asyncio

import pytest

from viz.rooms import feed
from viz.rooms.feed import Feeds


def test_feeds_without_streams_make_way(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(feed, "ROOMS", 3)

    async def lecture() -> None:
        feeds = Feeds()
        with feeds.of("READ").place("192.0.2.1", lecturer=False):
            for n in range(10):
                feeds.of(f"IDLE{n}")
            assert len(feeds.codes()) == 3
            assert feeds.get("READ")
            assert feeds.get("IDLE9")
            assert feeds.followers() == {"READ": 1, "IDLE8": 0, "IDLE9": 0}

    asyncio.run(lecture())


def test_a_feed_that_is_made_while_the_store_is_gone_says_so():
    feeds = Feeds()
    feeds.interrupted(True)
    one = feeds.of("LATE")
    assert b'"interrupted":true' in one._newer_than(0)
    feeds.interrupted(False)
    assert b'"interrupted":false' in one._newer_than(0)
