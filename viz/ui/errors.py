"""The error that a visitor sees if a page fails: one sentence, with a reference to the log."""

from __future__ import annotations

import logging
from secrets import token_hex

import streamlit as st

from viz.ui.text import _

_LOG = logging.getLogger(__name__)


def on_script_error(error: Exception) -> bool:
    """Logs the error and shows the visitor its reference, in place of Streamlit's message."""
    name = token_hex(4)
    _LOG.error("%s: no page", name, exc_info=error)
    st.error(_("Something went wrong here; the server's log lists it as {name}.", name=name))
    return True
