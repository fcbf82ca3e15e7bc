"""What stands in the sidebar on every page: pictures, uploads, working size, device."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from viz.ui import address
from viz.ui.gallery import gallery
from viz.ui.lesson import Inputs
from viz.ui.text import _, passage, plain
from viz.ui.visitor import visitor
from viz.view import View

if TYPE_CHECKING:
    from viz.images import Picture

MOST_UPLOADS = 8
Choose = Callable[..., None]  # puts its keyword arguments into the address


def pickers(inputs: Inputs) -> None:
    """Draws the sidebar; every choice goes into the address."""
    from viz import images

    def choose(**values: str) -> None:
        address.change(inputs.lesson.slug, type(inputs.setting), **values)

    pictures = (*_uploads(), *images.samples())
    gallery(pictures, inputs.focus.key, lambda key: choose(picture=key, unit=""))
    said = (_(inputs.focus.name), _(inputs.focus.note))
    st.caption(plain(" · ".join(part for part in said if part)))
    if inputs.missing:
        st.warning(_("The picture of this address is no longer here. Please upload it again."))
    _uploader(choose)
    _camera(choose)
    _working_size(choose, inputs.view)
    _device(choose, inputs.view)


def _uploads() -> list[Picture]:
    """The visitor's pictures that are still on the Shelf."""
    from viz import images

    found = ((digest, images.find(digest)) for digest in visitor().uploads)
    here = {digest: picture for digest, picture in found if picture is not None}
    visitor().uploads = list(here)
    return list(here.values())


def _uploader(choose: Choose) -> None:
    """Takes pictures in and begins anew, so that the uploads themselves are let go."""
    key = f"upload_{visitor().round}"
    st.file_uploader(
        _("Your own pictures"),
        type="image",
        accept_multiple_files=True,
        key=key,
        help=passage("lab", "Privacy"),
        on_change=lambda: _take_in(choose, st.session_state[key] or []),
    )
    for message in visitor().messages:
        st.warning(plain(message))


def _camera(choose: Choose) -> None:
    with st.expander(_("Camera"), key="camera_open", on_change="rerun") as box:
        if not box.open:
            return
        key = f"camera_{visitor().round}"
        st.caption(
            _(
                "If no picture appears, the browser refuses the camera: it needs https or localhost, and your leave."
            )
        )
        st.camera_input(
            _("Camera"),
            key=key,
            label_visibility="collapsed",
            on_change=lambda: _take_in(choose, [st.session_state[key]]),
        )


def _take_in(choose: Choose, files: Sequence[Any]) -> None:
    """Decodes uploads onto the Shelf; one bad file does not lose the others."""
    from viz import images

    one = visitor()
    one.messages = []
    files = [file for file in files if file is not None]
    if len(files) > MOST_UPLOADS:
        one.messages.append(_("Only the first {n} pictures were taken.", n=MOST_UPLOADS))
    taken: list[str] = []
    for file in files[:MOST_UPLOADS]:
        try:
            picture = images.decode(file.getvalue(), file.name)
        except images.ImageError as error:
            one.messages.append(str(error))
            continue
        images.SHELF.put(picture)
        taken.append(picture.digest)
    if not files:
        return
    one.round += 1
    if taken:
        one.uploads = list(dict.fromkeys([*taken, *one.uploads]))[:MOST_UPLOADS]
        choose(picture=taken[0], unit="")


def _working_size(choose: Choose, view: View) -> None:
    control = View.controls()["working_size_px"]
    st.session_state["working_size_px"] = view.working_size_px
    st.slider(
        _(control.label),
        int(control.low),
        int(control.high),
        step=int(control.step),
        format="%d px",
        key="working_size_px",
        help=_(control.help),
        on_change=lambda: choose(working_size_px=str(st.session_state["working_size_px"]), unit=""),
    )


def _device(choose: Choose, view: View) -> None:
    from viz import devices

    there = devices.available()
    st.session_state["device"] = str(devices.chosen(view.device).type)
    st.selectbox(
        _("Device"),
        there,
        key="device",
        format_func=lambda name: name.upper(),
        help=_("What torch reports on this server. Every number is the same to rounding."),
        disabled=len(there) == 1,
        on_change=lambda: choose(device=str(st.session_state["device"])),
    )
