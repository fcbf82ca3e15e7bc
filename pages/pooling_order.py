"""Max pooling and a 1×1 do not commute; average pooling and a 1×1 do."""

from viz.ui.page import page

page("pooling_order")
