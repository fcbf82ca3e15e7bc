"""Pictures: decoding, the shipped ones, and the store of uploads."""

from viz.images.decoding import MAX_SIDE_PX, clean_name, decode
from viz.images.drawn import dead_leaves, grating, mosaic, siemens_star, stripes, zone_plate
from viz.images.finding import STORE, find, store_at
from viz.images.limits import MAX_BYTES, MAX_PIXELS
from viz.images.picture import ImageError, Picture, at_working_size, png, thumbnail
from viz.images.picture_store import PictureStore
from viz.images.pixels import resized, rgb_array
from viz.images.shipped import photographs, samples, titles

__all__ = [
    "MAX_BYTES",
    "MAX_PIXELS",
    "MAX_SIDE_PX",
    "STORE",
    "ImageError",
    "Picture",
    "PictureStore",
    "at_working_size",
    "clean_name",
    "dead_leaves",
    "decode",
    "find",
    "grating",
    "mosaic",
    "photographs",
    "png",
    "resized",
    "rgb_array",
    "samples",
    "siemens_star",
    "store_at",
    "stripes",
    "thumbnail",
    "titles",
    "zone_plate",
]
