"""The same slider and line of text in a process that never imports torch."""

import streamlit as st

st.write(f"value {st.slider('Seed', 0, 99, 0)}")
