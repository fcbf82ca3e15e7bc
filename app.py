"""The server: `streamlit run app.py` finds `app` and serves it."""

import os
from pathlib import Path

import streamlit as st

from viz import middleware, server
from viz.lessons import ROOT
from viz.ui.accident import accident

prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
prefix = f"/{prefix}" if prefix else ""
html = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
app = st.App(
    ROOT / "viz" / "ui" / "frame.py",
    routes=server.routes(prefix),
    lifespan=server.lifespan,
    # who may embed the app, for instance "https://moodle.example.org"; itself alone if unset
    middleware=middleware.stack(prefix, html, os.environ.get("POINTWISE_FRAME_ANCESTORS", "")),
    on_script_error=accident,
)
