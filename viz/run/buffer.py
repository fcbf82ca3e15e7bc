"""Bytes with their entity tag, by which a browser can say that it has them already."""

from __future__ import annotations

import hashlib
from functools import cached_property


class Buffer(bytes):
    """The body of an answer, with its tag.

    >>> Buffer(b"maps") == b"maps", Buffer(b"maps").etag == Buffer(b"others").etag
    (True, False)
    """

    @cached_property
    def etag(self) -> str:
        """A strong validator: the digest of the bytes, computed once."""
        return f'"{hashlib.sha256(self).hexdigest()[:32]}"'
