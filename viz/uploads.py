"""Counts the bytes of uploads that the server holds for each visitor, and limits them.

Streamlit keeps whatever is sent to its upload endpoint until the sender's session ends.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock

MB = 1024 * 1024
PER_VISITOR = 160 * MB  # eight pictures of the largest size that Streamlit lets in
PER_ADDRESS = 512 * MB  # a whole lecture hall may sit behind one address
ALTOGETHER = 1024 * MB
EXPIRY_SECONDS = 600  # Streamlit itself lets a session that left go after two minutes


@dataclass(eq=False)
class Upload:
    """One file that is being received or is held.

    Attributes:
        visitor: the session that sends it.
        address: the client's address.
        size: bytes counted so far.
        since: seconds on the ledger's clock.
    """

    visitor: str
    address: str
    size: int = 0
    since: float = 0.0


def _is_open(visitor: str) -> bool:
    """Whether Streamlit still serves this session."""
    from streamlit import runtime

    return runtime.exists() and runtime.get_instance().is_active_session(visitor)


class Ledger:
    """Counts the bytes of uploads by visitor, by address and in total, each up to a limit.

    Bytes count until they are given back, or until some minutes after the visitor has left.
    Thread-safe.

    Args:
        per_visitor, per_address, altogether: limits in bytes.
        is_open: whether a visitor is still there.
        clock: seconds from any beginning.

    >>> ledger = Ledger(per_visitor=10, per_address=15, altogether=20, is_open=lambda _: True)
    >>> first, second = Upload("one", "here"), Upload("one", "here")
    >>> ledger.count(first, 8), ledger.count(second, 8)
    (True, False)
    >>> ledger.keep(first, "leaf.png")
    >>> ledger.give_back("one", "leaf.png")
    >>> ledger.count(second, 8)
    True
    """

    def __init__(
        self,
        per_visitor: int = PER_VISITOR,
        per_address: int = PER_ADDRESS,
        altogether: int = ALTOGETHER,
        *,
        is_open: Callable[[str], bool] = _is_open,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = {"visitor": per_visitor, "address": per_address, "all": altogether}
        self._is_open = is_open
        self._clock = clock
        self._sums: Counter[tuple[str, str]] = Counter()
        self._kept: dict[tuple[str, str], Upload] = {}
        self._lock = Lock()

    def count(self, upload: Upload, size: int) -> bool:
        """Counts `size` more bytes. Returns False and counts nothing if that exceeds a limit."""
        with self._lock:
            if not self._fits(upload, size):
                self._forget()
            if not self._fits(upload, size):
                return False
            self._add(upload, size)
            return True

    def keep(self, upload: Upload, file: str) -> None:
        """Marks the upload as complete and held. It replaces an older one of this name."""
        with self._lock:
            self._remove(upload.visitor, file)
            upload.since = self._clock()
            self._kept[upload.visitor, file] = upload

    def give_back(self, visitor: str, file: str) -> None:
        """Stops counting a file that is no longer held."""
        with self._lock:
            self._remove(visitor, file)

    def drop(self, upload: Upload) -> None:
        """Stops counting an upload that failed."""
        with self._lock:
            self._add(upload, -upload.size)

    def held(self, visitor: str) -> int:
        """Bytes that count for a visitor."""
        with self._lock:
            return self._sums["visitor", visitor]

    def _fits(self, upload: Upload, size: int) -> bool:
        owners = _owners(upload)
        return all(self._sums[owner] + size <= self._limits[owner[0]] for owner in owners)

    def _add(self, upload: Upload, size: int) -> None:
        upload.size += size
        for owner in _owners(upload):
            self._sums[owner] += size
            if not self._sums[owner]:
                del self._sums[owner]

    def _remove(self, visitor: str, file: str) -> None:
        upload = self._kept.pop((visitor, file), None)
        if upload:
            self._add(upload, -upload.size)

    def _forget(self) -> None:
        before = self._clock() - EXPIRY_SECONDS
        old = [name for name, upload in self._kept.items() if upload.since < before]
        left = {visitor for visitor in {name[0] for name in old} if not self._is_open(visitor)}
        for visitor, file in old:
            if visitor in left:
                self._remove(visitor, file)


def _owners(upload: Upload) -> Iterator[tuple[str, str]]:
    yield "visitor", upload.visitor
    yield "address", upload.address
    yield "all", ""


LEDGER = Ledger()
