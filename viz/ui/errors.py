"""What a visitor is told when a page goes wrong: one calm sentence, and the name in the log."""

from __future__ import annotations

import logging
from secrets import token_hex

import streamlit as st

from viz.ui.text import _

_LOG = logging.getLogger(__name__)


def on_script_error(error: Exception) -> bool:
    """Tells the log everything and the visitor where to find it; Streamlit need not say more."""
    name = token_hex(4)
    _LOG.error("%s: no page", name, exc_info=error)
    st.error(_("Something went wrong here; the server's log lists it as {name}.", name=name))
    return True
