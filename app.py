"""The server: `streamlit run app.py` finds `app` and serves it."""

import streamlit as st

from viz import server
from viz.lessons import ROOT

prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
app = st.App(
    ROOT / "viz" / "ui" / "frame.py",
    routes=server.routes(f"/{prefix}" if prefix else ""),
    lifespan=server.lifespan,
)
