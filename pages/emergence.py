"""Filters that respond to oriented bars are what pictures with edges teach."""

from viz.ui.page import page

page("emergence")
