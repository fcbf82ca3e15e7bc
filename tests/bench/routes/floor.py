"""The framework's floor: one slider, one line of text, with all that the Lab imports."""

import everything  # noqa: F401
import streamlit as st

st.write(f"value {st.slider('Seed', 0, 99, 0)}")
