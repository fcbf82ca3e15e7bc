"""64 axes of matplotlib through `st.pyplot`, as it saves a figure unless told otherwise."""

import layer
import matplotlib as mpl
import streamlit as st

mpl.use("agg")
from matplotlib import pyplot as plt

DPI = 200  # what st.pyplot saves with
MARGIN_PX = 20  # and what it leaves around, a tenth of an inch

st.set_page_config(layout="wide")
maps = layer.maps(st.slider("Seed", 0, layer.LAST_SEED, 0))
_, rows, columns = maps.shape
across = layer.ACROSS
reach = float(abs(maps).max())

figure, axes = plt.subplots(
    across,
    across,
    figsize=(across * columns / DPI, across * rows / DPI),
    gridspec_kw={"left": 0, "right": 1, "bottom": 0, "top": 1, "wspace": 0, "hspace": 0},
)
for axis, each in zip(axes.flat, maps, strict=True):
    axis.imshow(each, cmap="gray", vmin=-reach, vmax=reach)
    axis.axis("off")
st.pyplot(figure, width=across * columns + 2 * MARGIN_PX)  # unless told so, it makes it smaller
plt.close(figure)
