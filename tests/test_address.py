"""The address bar through Streamlit's own query parameters: what is written, kept and left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from viz.lessons.lab import LESSON
from viz.lessons.lab.setting import Setting as Lab
from viz.lessons.pointwise import LESSON as POINTWISE
from viz.shell import Shell
from viz.ui import address
from viz.ui.visitor import Visitor, visitor
from viz.view import View

Read = tuple[View, Any]
OPENING, _ = LESSON.read({})


def run(act):
    """The script of the tab; Streamlit takes its text, so it must know no names of this file."""
    act()


class Tab:
    """One browser tab in which pieces of a page run, one after the other."""

    def __init__(self) -> None:
        self._app = AppTest.from_function(run, default_timeout=20)

    def do(self, act: Callable[[], Any], search: str | None = None) -> Any:
        """Runs `act` as a page would, at another address if one is given; returns what it gives."""
        given: list[Any] = []
        self._app.kwargs = {"act": lambda: given.append(act())}
        if search is not None:
            self._app.query_params = dict(parse_qsl(search, keep_blank_values=True))
        self._app.run()
        assert not self._app.exception, self._app.exception
        return given[-1]

    def read(self, search: str | None = None, slug: str = "lab") -> Read:
        lesson = replace(LESSON, slug=slug)
        return self.do(lambda: lesson.read(address.read(lesson)), search)

    def commit(self, search: str, slug: str = "lab") -> None:
        self.do(lambda: address.take_in(replace(LESSON, slug=slug), search))

    def change(self, **values: str) -> None:
        self.do(lambda: address.change(LESSON, **values))

    @property
    def search(self) -> str:
        """What the address bar says."""
        return urlencode(self._app.query_params)

    @property
    def visitor(self) -> Visitor:
        return self.do(visitor)


@pytest.mark.slow
@given(st.from_type(View), st.from_type(Lab), st.randoms(use_true_random=False))
@settings(max_examples=25, phases=[Phase.reuse, Phase.generate])  # shrinking would open hundreds
def test_a_commit_is_written_word_for_word(view: View, setting: Lab, random: Any):
    view = replace(view, picture=view.picture or OPENING.picture, stage=view.stage or "bank")
    said = list(LESSON.query(view, setting).items())
    random.shuffle(said)
    tab = Tab()
    tab.commit(urlencode(said))
    assert tab.search == urlencode(said)
    assert tab.read() == (view, setting)


def test_what_belongs_to_others_stays_or_goes():
    tab = Tab()
    tab.read("embed=true&embed_options=dark_theme&utm_source=mail&stride=3")
    tab.commit("embed=true&embed_options=dark_theme&utm_source=mail&stride=4&wavelength_px=9.5")
    assert tab.search == "embed=true&embed_options=dark_theme&stride=4&wavelength_px=9.5"


@pytest.mark.slow
@pytest.mark.parametrize(
    "junk", ["stride=nan", "stride=", "stride", "nothing=1", "%ff=%00", "card=proofs", "&&;=", "=3"]
)
def test_what_no_address_may_say_is_not_written(junk: str):
    tab = Tab()
    tab.commit(f"{junk}&phases=2")
    assert tab.search == "phases=2"
    assert tab.read() == (OPENING, Lab(phases=2))


def test_an_empty_value_is_written_where_the_section_opens_with_another():
    tab, said = Tab(), "part=space&region="
    tab.do(lambda: address.take_in(POINTWISE, said))
    assert tab.search == said
    assert tab.do(lambda: POINTWISE.read(address.read(POINTWISE)))[1].region == ""


def cells(number: int) -> str:
    return "_".join(f"{n // 64}.{n % 64}.{n}" for n in range(number))


@pytest.mark.slow
@pytest.mark.parametrize("number", [64, 65, 4096])
def test_many_cells_stay_in_the_tab_and_few_in_the_address(number: int):
    said = urlencode({"pointwise_edits": cells(number), "stride": "3"})
    short = urlencode({"pointwise_edits": cells(64), "stride": "3"})
    tab = Tab()
    tab.commit(said)
    assert tab.search == short
    _, setting = tab.read()
    assert len(setting.pointwise_edits) == number
    assert setting.pointwise_edits[-1] == ((number - 1) // 64, (number - 1) % 64, number - 1)
    _, sent = Tab().read(short)
    assert len(sent.pointwise_edits) == 64


def test_other_cells_in_the_address_are_not_mixed_with_those_of_the_tab():
    tab = Tab()
    tab.commit(urlencode({"pointwise_edits": cells(70)}))
    _, setting = tab.read("pointwise_edits=0.0.5")
    assert setting.pointwise_edits == ((0, 0, 5),)


def test_many_cells_outlive_a_change_of_the_picture():
    tab = Tab()
    tab.commit(urlencode({"pointwise_edits": cells(70)}))
    tab.change(picture="brick")
    view, setting = tab.read()
    assert (view.picture, len(setting.pointwise_edits)) == ("brick", 70)


def test_an_empty_address_takes_what_was_seen_last():
    tab = Tab()
    tab.commit("stride=3&picture=brick")
    for search in ("", "utm_source=mail"):
        assert tab.read(search) == (replace(OPENING, picture="brick"), Lab(stride=3))
        assert tab.search == "stride=3&picture=brick"


def test_an_address_counts_more_than_what_was_seen_last():
    tab = Tab()
    tab.commit("stride=3&picture=brick")
    assert tab.read("phases=2") == (OPENING, Lab(phases=2))
    assert tab.read("") == (OPENING, Lab(phases=2))


def test_back_at_the_defaults_the_address_is_empty_and_stays_so():
    tab = Tab()
    tab.commit("stride=3")
    tab.commit("")
    assert tab.read() == (OPENING, Lab())
    assert tab.search == ""
    tab.commit("picture=brick", slug="next")
    assert tab.read("") == (OPENING, Lab())


def test_tabs_know_nothing_of_one_another():
    Tab().commit("stride=3")
    assert Tab().read("") == (OPENING, Lab())


def test_another_lesson_takes_over_the_picture_and_nothing_else():
    tab = Tab()
    tab.commit(
        "stride=3&picture=brick&working_size_px=96&device=cpu&stage=bank&unit=1.2.3&card=proof"
    )
    view = replace(OPENING, picture="brick", working_size_px=96, device="cpu")
    assert tab.read("", slug="next") == (view, Lab())
    assert tab.search == "picture=brick&working_size_px=96&device=cpu"
    assert tab.read("", slug="lab")[1] == Lab(stride=3)


def test_another_lesson_takes_over_what_was_looked_at_last():
    tab = Tab()
    tab.commit("picture=brick", slug="first")
    tab.commit("picture=grass", slug="second")
    tab.commit("picture=rocket", slug="first")
    view, _ = tab.read("", slug="third")
    assert view.picture == "rocket"


def test_a_change_leaves_the_rest_and_drops_defaults():
    tab = Tab()
    tab.read("stride=3&junk=1&unit=1.2.3&phases=2")
    tab.change(unit="", working_size_px="96", phases="4")
    assert tab.search == "stride=3&working_size_px=96"
    assert tab.visitor.kept == {"lab": {"stride": "3", "working_size_px": "96"}}


def test_a_change_keeps_what_was_committed_last_not_an_older_address():
    tab = Tab()
    tab.commit("stride=3&pinned=stride=2")
    tab.commit("stride=3")
    tab.do(lambda: address.change(LESSON, phases="2"), search="stride=3&pinned=stride=2")
    assert tab.search == "stride=3&phases=2"


def test_the_shell_stands_in_front_and_stays_through_commits_and_changes():
    tab = Tab()
    tab.read("stride=3&present=1&lang=en")
    tab.commit("stride=4")
    assert tab.search == "lang=en&present=1&stride=4"
    tab.change(phases="2")
    assert tab.search == "lang=en&present=1&stride=4&phases=2"
    assert tab.do(address.shell) == Shell(lang="en", present="1")
    assert tab.visitor.kept == {"lab": {"stride": "4", "phases": "2"}}


def test_another_page_keeps_the_shell_and_ends_the_tour():
    tab = Tab()
    tab.read("stride=3&present=1&tour=2")
    tab.read("", slug="next")
    assert tab.search == "present=1"
    tab.read("", slug="lab")
    assert tab.search == "present=1&stride=3"


def test_a_tour_alone_stays_on_its_page():
    tab = Tab()
    tab.read("tour=2")
    assert (tab.read(""), tab.search) == ((OPENING, Lab()), "tour=2")
    tab.read("", slug="next")
    assert tab.search == ""


def test_a_tour_that_the_next_page_is_opened_at_is_open():
    tab = Tab()
    tab.read("tour=2")
    tab.read("tour=3", slug="next")
    assert tab.do(address.shell) == Shell(tour="3")


def test_what_is_removed_from_the_shell_is_gone_for_good():
    tab = Tab()
    tab.read("present=1&stride=3")
    tab.do(lambda: address.change_shell(present=""), search="stride=3")
    assert tab.search == "stride=3"
    tab.read("", slug="next")
    assert tab.search == ""


def test_a_change_of_the_shell_that_the_address_does_not_say_yet_is_written():
    tab = Tab()
    tab.read("stride=3&room=K7QM-2FXA")
    tab.do(lambda: address.change_shell(tour="2", present="nonsense"))
    assert tab.search == "room=K7QM-2FXA&tour=2&stride=3"
