"""Bytes that are sent to many: with the tag by which a browser says that it has them already."""

from __future__ import annotations

import hashlib
from functools import cached_property


class Buffer(bytes):
    """What a route answers, kept with its tag.

    >>> Buffer(b"maps") == b"maps", Buffer(b"maps").etag == Buffer(b"others").etag
    (True, False)
    """

    @cached_property
    def etag(self) -> str:
        """A strong validator: the digest of the bytes, computed once."""
        return f'"{hashlib.sha256(self).hexdigest()[:32]}"'
