"""What a visitor and the log are told when a page goes wrong."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest


def broken() -> None:
    from viz.ui.errors import on_script_error

    assert on_script_error(RuntimeError("/root/secret")) is True, "Streamlit need not say more"


def test_the_visitor_gets_a_name_and_the_log_all_of_it(caplog: pytest.LogCaptureFixture):
    page = AppTest.from_function(broken).run()
    assert not page.exception
    assert len(page.error) == 1
    said = page.error[0].value
    assert "secret" not in said
    found = re.fullmatch(
        r"Something went wrong here; the server's log lists it as ([0-9a-f]{8})\.", said
    )
    assert found is not None
    record = next(each for each in caplog.records if found[1] in each.getMessage())
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "/root/secret"
