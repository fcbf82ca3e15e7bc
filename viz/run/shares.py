"""Fair turns: computing time is shared between addresses first, then between visitors.

A client chooses its token, but not its address. So a thousand tokens at one address together get
one share; and a hall behind one address gets all the time while no other address has requests.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable
from typing import NamedTuple

A_TURN_S = 1e-9  # added to every turn's time: of equals, one who has had no turn is first
MAX_LEAD_S = 0.5  # of long or quick work that is repaid; more than this is dropped
LONG_WEIGHT = 2  # of a second of long work, beside one of quick work
MAX_ABSENT = 256  # whose debts are kept while they have no requests


class Asker(NamedTuple):
    """The sender of a request: an address, and a visitor there."""

    address: Hashable
    visitor: Hashable


class Shares:
    """The seconds that each participant has had, and the fair share over the same time.

    The one who has had least is next. One who comes back after a pause counts as having had a fair
    share: idle time is not saved up. One who has had more than that keeps the debt until the others
    have caught up.

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
        """Seconds that count as had."""
        return self._had.get(who, self._fair)

    def present(self, who: Hashable) -> bool:
        """Whether `who` has requests that are not done."""
        return who in self._present

    def come(self, who: Hashable) -> None:
        """Counts one more request of `who`."""
        if who not in self._present:
            self._had[who] = max(self.had(who), self._fair)
        self._present[who] += 1

    def go(self, who: Hashable) -> None:
        """Counts one request of `who` less."""
        self._present[who] -= 1
        if self._present[who]:
            return
        del self._present[who]
        if not self._present or len(self._had) - len(self._present) > MAX_ABSENT:
            self._forget()

    def charge(self, who: Hashable, seconds: float) -> None:
        """Adds seconds to what `who` has had, whether or not they still wait."""
        had = self.had(who)
        self._had[who] = (had if self.present(who) else max(had, self._fair)) + seconds + A_TURN_S
        self._fair += seconds / max(1, len(self._present))

    def _forget(self) -> None:
        """Drops those without requests who have no debt; and everybody if nobody has requests."""
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
        """The sort key of an asker; the smallest is next."""
        visitors = self._visitors[asker.address]
        return self._addresses.had(asker.address), visitors.had(asker.visitor)

    def come(self, asker: Asker) -> None:
        """Counts one more request of an asker."""
        self._addresses.come(asker.address)
        self._visitors.setdefault(asker.address, Shares()).come(asker.visitor)

    def go(self, asker: Asker) -> None:
        """Counts one request of an asker less."""
        self._visitors[asker.address].go(asker.visitor)
        self._addresses.go(asker.address)
        if not self._addresses.present(asker.address):
            del self._visitors[asker.address]

    def charge(self, askers: Collection[Asker], seconds: float) -> None:
        """Charges time that was spent for all of these askers together."""
        for asker in askers:
            self._addresses.charge(asker.address, seconds / len(askers))
            if asker.address in self._visitors:
                self._visitors[asker.address].charge(asker.visitor, seconds / len(askers))


class Alternation:
    """Which of two kinds of work is due while both wait: quick work, until it has had its share.

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
        """Records time spent on one kind while the other waited."""
        lead = self._lead_s + (LONG_WEIGHT * seconds if long else -seconds)
        self._lead_s = min(max(lead, -MAX_LEAD_S), MAX_LEAD_S)
