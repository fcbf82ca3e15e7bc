"""The server: `streamlit run app.py` finds `app` and serves it."""

import os
from pathlib import Path

import streamlit as st
from streamlit import config

from viz import middleware, server
from viz.assets import ROOT
from viz.first_page import first_pages
from viz.languages import LANGUAGES
from viz.translations import script, script_name
from viz.ui.errors import on_script_error
from viz.ui.unwatched import unwatched

prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
prefix = f"/{prefix}" if prefix else ""
public = "browser.serverAddress"  # "localhost" by default
static = Path(st.__file__).parent / "static"
index = (static / "index.html").read_text(encoding="utf-8")
hosts = middleware.Hosts.of(
    [
        # further host names, for instance "lab.example.org"
        *os.environ.get("POINTWISE_HOSTS", "").split(),
        *st.get_option("server.allowedHosts"),
        *([st.get_option(public)] if config.is_manually_set(public) else []),
    ],
    address=st.get_option("server.address") or "",
    origins=st.get_option("server.corsAllowedOrigins"),
    any_origin=not st.get_option("server.enableCORS"),
)
unwatched()
app = st.App(
    ROOT / "viz" / "ui" / "frame.py",
    routes=server.routes(prefix, hosts.is_here),
    lifespan=server.lifespan,
    middleware=middleware.stack(
        prefix,
        {each.tag: first_pages(index, language=each) for each in LANGUAGES},
        # who may embed the app, for instance "https://moodle.example.org"; itself alone if unset
        os.environ.get("POINTWISE_FRAME_ANCESTORS", ""),
        hosts=hosts,
        static=static,
        scripts={name: script(each) for each in LANGUAGES if (name := script_name(each))},
        metrics=os.environ.get("POINTWISE_METRICS") == "1",
    ),
    on_script_error=on_script_error,
)
