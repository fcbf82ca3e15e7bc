"""Whose turn it is: computing time is shared between addresses first, then between visitors.

A token is chosen by whoever sends it, an address is not. So a thousand tokens at one address get
what one address gets; and a hall behind one address gets everything while no other address asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable
from ipaddress import ip_address, ip_network
from typing import NamedTuple

NETWORK_BITS = 64  # of an IPv6 address; the rest is chosen by the machine itself
A_TURN_S = 1e-9  # what a turn counts beside its time: of equals, who has had none goes first
MAX_LEAD_S = 0.5  # that long or quick work gives back at once; more of it is forgotten
LONG_WEIGHT = 2  # of a second of long work, beside one of quick work
MAX_ABSENT = 256  # whose debts are kept although they ask for nothing just now


class Asker(NamedTuple):
    """One who waits for something: an address, and a visitor there."""

    address: Hashable
    visitor: Hashable


def share_of(host: str | None) -> str:
    """The address that a host has its share by; empty for this machine itself.

    >>> share_of("192.0.2.7"), share_of("127.0.0.1"), share_of(None)
    ('192.0.2.7', '', '')
    >>> share_of("2001:db8:1:2:aaaa::1") == share_of("2001:db8:1:2:bbbb::1")
    True
    """
    try:
        address = ip_address(host or "::1")
    except ValueError:
        return host or ""
    mapped = getattr(address, "ipv4_mapped", None)
    if (mapped or address).is_loopback:
        return ""
    if mapped or address.version == 4:
        return str(mapped or address)
    return str(ip_network((int(address), NETWORK_BITS), strict=False))


class Shares:
    """Seconds that each of several has had, and what a fair share came to meanwhile.

    Whoever has had least is next. Whoever comes after a rest counts as having had a fair share:
    rest is not saved up. Whoever has had more than that keeps the debt until the others have
    caught up.

    >>> shares = Shares()
    >>> shares.come("ada"), shares.come("bob")
    (None, None)
    >>> shares.charge("ada", 3.0)
    >>> shares.come("cyd")
    >>> round(shares.had("ada"), 3), shares.had("bob"), shares.had("cyd")
    (3.0, 0.0, 1.5)
    """

    def __init__(self) -> None:
        self._had: dict[Hashable, float] = {}
        self._present: Counter[Hashable] = Counter()
        self._fair = 0.0

    def had(self, who: Hashable) -> float:
        """What counts as had, in seconds."""
        return self._had.get(who, self._fair)

    def present(self, who: Hashable) -> bool:
        """Whether something that they asked for is still to be done."""
        return who in self._present

    def come(self, who: Hashable) -> None:
        """They wait for one thing more."""
        if who not in self._present:
            self._had[who] = max(self.had(who), self._fair)
        self._present[who] += 1

    def go(self, who: Hashable) -> None:
        """They wait for one thing less."""
        self._present[who] -= 1
        if self._present[who]:
            return
        del self._present[who]
        if not self._present or len(self._had) - len(self._present) > MAX_ABSENT:
            self._forget()

    def charge(self, who: Hashable, seconds: float) -> None:
        """They have had so much more, whether or not they still wait for it."""
        had = self.had(who)
        self._had[who] = (had if self.present(who) else max(had, self._fair)) + seconds + A_TURN_S
        self._fair += seconds / max(1, len(self._present))

    def _forget(self) -> None:
        """Forgets who has paid; and everybody, when nobody is left to be served after them."""
        self._had = {
            who: had
            for who, had in self._had.items()
            if self._present and (self.present(who) or had > self._fair)
        }


class Turns:
    """The order in which askers are served: by address, then by visitor, then by arrival.

    >>> turns = Turns()
    >>> rogue, pupil = Asker("192.0.2.7", "a token"), Asker("198.51.100.9", "ada")
    >>> turns.come(rogue), turns.come(pupil), turns.charge([rogue], 2.0)
    (None, None, None)
    >>> other = Asker("192.0.2.7", "another token")
    >>> turns.come(other)
    >>> sorted([rogue, other, pupil], key=turns.rank)[0].visitor
    'ada'
    """

    def __init__(self) -> None:
        self._addresses = Shares()
        self._visitors: dict[Hashable, Shares] = {}

    def rank(self, asker: Asker) -> tuple[float, float]:
        """The smallest is next."""
        visitors = self._visitors[asker.address]
        return self._addresses.had(asker.address), visitors.had(asker.visitor)

    def come(self, asker: Asker) -> None:
        """They wait for one thing more."""
        self._addresses.come(asker.address)
        self._visitors.setdefault(asker.address, Shares()).come(asker.visitor)

    def go(self, asker: Asker) -> None:
        """They wait for one thing less."""
        self._visitors[asker.address].go(asker.visitor)
        self._addresses.go(asker.address)
        if not self._addresses.present(asker.address):
            del self._visitors[asker.address]

    def charge(self, askers: Collection[Asker], seconds: float) -> None:
        """So long was worked for all of these together."""
        for asker in askers:
            self._addresses.charge(asker.address, seconds / len(askers))
            if asker.address in self._visitors:
                self._visitors[asker.address].charge(asker.visitor, seconds / len(askers))


class Alternation:
    """Which of two sorts of work is due while both wait: quick work, unless it has had its part.

    >>> due = Alternation()
    >>> due.spent(0.1, long=True)     # quick work now has twice as much
    >>> due.spent(0.2, long=False), due.long, due.spent(0.01, long=False), due.long
    (None, False, None, True)
    """

    def __init__(self) -> None:
        self._lead_s = 0.0

    @property
    def long(self) -> bool:
        """Whether long work is due."""
        return self._lead_s < 0

    def spent(self, seconds: float, *, long: bool) -> None:
        """So long was worked on one sort while the other waited."""
        lead = self._lead_s + (LONG_WEIGHT * seconds if long else -seconds)
        self._lead_s = min(max(lead, -MAX_LEAD_S), MAX_LEAD_S)
