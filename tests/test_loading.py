"""What a page says before anything heavy is imported, and that it goes when all is warm."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def waiting_for_ever() -> None:
    import streamlit as st

    from viz.lessons import LESSONS
    from viz.ui.loading import loading

    loading(LESSONS[1], st.stop)


def soon_warm() -> None:
    from viz.lessons import LESSONS
    from viz.ui.loading import loading

    loading(LESSONS[1], lambda: None)


def test_the_lesson_introduces_itself_while_it_warms_up():
    page = AppTest.from_function(waiting_for_ever).run()
    assert not page.exception
    (words,) = [each.value for each in page.markdown]
    assert "A 1×1 convolution is one matrix, applied at every pixel." in words
    assert "Warming up" in words


def test_then_it_makes_room():
    page = AppTest.from_function(soon_warm).run()
    assert not page.exception
    assert not page.markdown
