"""The name of a room: eight characters made from the lecturer's secret.

Whoever has the secret is the lecturer, after a reload and on a second device too; the code is known
to everybody, and leads back to no secret. The room keeps the hash of which the code is the beginning.
"""

from __future__ import annotations

import re
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, without I, L, O and U
LENGTH = 8
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes as base64url

_READ_AS = str.maketrans("OIL", "011", "- ")


def owner_of(secret: str) -> str:
    """What a room keeps of its secret: the hash, as hexadecimal digits."""
    return sha256(secret.encode("ascii")).hexdigest()


def code_of(owner: str) -> str:
    """The code of the room that belongs to an owner: the first forty bits.

    >>> code_of(owner_of("A" * 43))
    '1W0771DP'
    """
    bits = int(owner[: LENGTH * 5 // 4], 16)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def typed(text: str) -> str | None:
    """The code that somebody typed, in any case, with O for 0 and I or L for 1; None if it is none.

    >>> typed("k7qm-2fxa"), typed("KOIL 0000"), typed("K7QM-2FX")
    ('K7QM2FXA', 'K0110000', None)
    """
    if len(text) > 4 * LENGTH:
        return None
    code = text.upper().translate(_READ_AS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
