"""The peer: a slider and a gallery in Gradio."""

import sys

import gradio as gr
import layer
import numpy as np


def draw(seed: float) -> list[np.ndarray]:
    """The 64 maps as grey pictures on one scale."""
    maps = layer.maps(int(seed))
    reach = float(abs(maps).max())
    return list(((maps / reach + 1) * 127.5 + 0.5).astype(np.uint8))


with gr.Blocks(fill_width=True) as app:
    seed = gr.Slider(0, layer.LAST_SEED, 0, step=1, label="Seed")
    with gr.Row():  # half the window is enough for all 64 at their size, and none is out of sight
        # PNG, for the default would not show the numbers exactly
        gallery = gr.Gallery(draw(0), columns=layer.ACROSS, format="png")
        gr.Column()
    seed.change(draw, seed, gallery, show_progress="hidden", queue=False)

app.launch(server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True)
