"""The Shell: what the address holds for all pages alike."""

from __future__ import annotations

from dataclasses import dataclass

from viz.settings import Setting, Word, field


@dataclass(frozen=True)
class Shell(Setting):
    """Language, presenting, room and tour: parameters of the address that no lesson has.

    `lang` is the chosen language, empty for the browser's; `present` is `1` while presenting;
    `room` is the code of the room that is followed, as it was typed; `tour` is the open step of the
    lesson's tour, counted from 1.

    >>> Shell.from_query({"present": "1", "tour": "0"}), Shell(tour="3").to_query()
    (Shell(lang='', present='1', room='', tour=''), {'tour': '3'})
    """

    lang: str = field(Word, "", r"(en|zh-Hans)?")
    present: str = field(Word, "", r"1?")
    room: str = field(Word, "", r"([0-9A-Za-z]{4}-?[0-9A-Za-z]{4})?")
    tour: str = field(Word, "", r"([1-9][0-9]?)?")
