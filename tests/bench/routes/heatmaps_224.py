"""One plotly figure of 64 heatmaps."""

import layer
import plotly.graph_objects as go
import streamlit as st
from plotly.subplots import make_subplots

st.set_page_config(layout="wide")
maps = layer.maps(st.slider("Seed", 0, layer.LAST_SEED, 0))
_, rows, columns = maps.shape
across = layer.ACROSS

figure = make_subplots(across, across, horizontal_spacing=0, vertical_spacing=0)
for i, each in enumerate(maps):
    heatmap = go.Heatmap(z=each, coloraxis="coloraxis", hoverongaps=False)
    figure.add_trace(heatmap, row=i // across + 1, col=i % across + 1)
reach = float(abs(maps).max())
figure.update_xaxes(visible=False)
figure.update_yaxes(visible=False, autorange="reversed")
figure.update_layout(
    width=across * columns,
    height=across * rows,
    margin={"l": 0, "r": 0, "t": 0, "b": 0},
    coloraxis={
        "colorscale": [[0, "#000000"], [1, "#ffffff"]],
        "cmin": -reach,
        "cmax": reach,
        "showscale": False,
    },
)
st.plotly_chart(figure, key="maps", width="content", theme=None)
