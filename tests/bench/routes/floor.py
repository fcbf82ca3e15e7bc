"""The framework's floor: one slider, one line of text, with all that the Lab imports."""

from importlib import import_module

import streamlit as st

import_module("everything")  # once a process, however often this page runs
st.write(f"value {st.slider('Seed', 0, 99, 0)}")
