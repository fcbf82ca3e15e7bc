"""The sidebar of every page: pictures, uploads, working size, device."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import streamlit as st
from streamlit.elements.widgets import camera_input, file_uploader
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import DeletedFile

from viz import memory
from viz.settings import Slider
from viz.ui import address
from viz.ui.gallery import gallery
from viz.ui.lesson import Inputs
from viz.ui.text import _, passage, plain
from viz.ui.visitor import visitor
from viz.uploads import LEDGER
from viz.view import View

if TYPE_CHECKING:
    from viz.images import Picture

MAX_UPLOADS = 8
DIGEST_LETTERS = 64
MAX_SIDE_BY_SIDE = 8
MAX_GONE = 64  # evicted pictures whose names this tab keeps
Choose = Callable[..., None]  # writes its keyword arguments into the address


def _any_name(filename: str, allowed_types: Sequence[str]) -> None:
    """Accepts any name: Streamlit's check would end the page's run, and `decode` cleans names."""


file_uploader.enforce_filename_restriction = _any_name
camera_input.enforce_filename_restriction = _any_name


def pickers(inputs: Inputs) -> None:
    """Draws the sidebar; every choice is written into the address."""
    from viz import images

    def choose(**values: str) -> None:
        address.change(inputs.lesson, **values)

    shipped = {slug: _(name) for slug, name in images.titles().items()}
    uploads = {each.key: inputs.called(each) for each in _uploads()}
    _gallery(inputs, {**uploads, **shipped}, choose)
    said = (inputs.called(inputs.focus), "; ".join(map(_, inputs.focus.notes)))
    st.caption(plain(" · ".join(part for part in said if part)))
    if inputs.missing:
        _ask_again(inputs.view.picture)
    _uploader(choose)
    _camera(choose)
    _working_size(choose, inputs.view)
    _device(choose, inputs.view)


def _gallery(inputs: Inputs, pictures: Mapping[str, str], choose: Choose) -> None:
    """The choice of one picture in focus, or of several side by side, the first one in focus.

    Args:
        pictures: key to name.
    """
    chosen = list(dict.fromkeys([inputs.focus.key, *inputs.view.other_keys]))
    several = len(chosen) > 1

    def pick(key: str) -> None:
        if not several:
            choose(picture=key, unit="")
            return
        left = [each for each in chosen if each != key] or [key]
        keys = left if key in chosen else [*chosen, key][:MAX_SIDE_BY_SIDE]
        choose(picture=keys[0], others=".".join(keys[1:]), unit="")

    def begin_or_end() -> None:
        beside = [key for key in pictures if key != chosen[0]][:3]
        choose(others=".".join(beside) if st.session_state["several"] else "", unit="")

    def remove(key: str) -> None:
        keys = [each for each in chosen if each != key] or [_next_to(key, list(pictures))]
        forget(key)
        if key in chosen:
            choose(picture=keys[0], others=".".join(keys[1:]), unit="")
        if inputs.view.pinned_query.get("picture") == key:
            choose(pinned="", showing="now")

    gallery(pictures, chosen, several, pick, own=visitor().uploads, on_remove=remove)
    st.session_state["several"] = several
    st.toggle(
        _("Several side by side"),
        key="several",
        help=_("The same map of up to eight pictures, on one scale, through the same layers."),
        on_change=begin_or_end,
    )


def _next_to(key: str, keys: Sequence[str]) -> str:
    """The key after this one, or the one before the last."""
    at = keys.index(key)
    return keys[at + 1] if at + 1 < len(keys) else keys[at - 1]


def forget(digest: str) -> None:
    """Removes one of the visitor's pictures, here and from the lessons that they saw it in."""
    from viz import images

    one = visitor()
    one.messages = []
    del one.uploads[digest]
    images.STORE.drop(digest, one.token)
    address.forget_picture(digest)


def _uploads() -> list[Picture]:
    """The visitor's pictures that are still in the PictureStore; reports evicted ones."""
    from viz import images

    found = {digest: images.find(digest) for digest in visitor().uploads}
    for digest in [digest for digest, picture in found.items() if picture is None]:
        _made_room(digest)
    return [picture for picture in found.values() if picture is not None]


def take_back(names: object) -> None:
    """Takes pictures that this tab had at another server back among its own, where they are shared.

    Args:
        names: by digest, as the browser says them.
    """
    from viz import images

    if not isinstance(names, Mapping):
        return
    one = visitor()
    for digest, name in list(names.items())[:MAX_UPLOADS]:
        found = images.STORE.get(str(digest)[:DIGEST_LETTERS])
        if found is not None and len(one.uploads) < MAX_UPLOADS and digest not in one.uploads:
            images.STORE.put(found, one.token, st.context.ip_address or "")
            one.uploads[found.digest] = images.clean_name(str(name))


def _made_room(digest: str) -> None:
    """Records that one of the visitor's pictures was evicted, and tells the visitor."""
    one = visitor()
    one.gone[digest] = one.uploads.pop(digest)
    if len(one.gone) > MAX_GONE:
        del one.gone[next(iter(one.gone))]
    one.messages.append(_gone(one.gone[digest]))


def _gone(name: str) -> str:
    return _("“{name}” was removed to make room; please upload it again.", name=name)


def _ask_again(digest: str) -> None:
    """Asks for the picture in the address, by name if this tab had it, unless a message does so."""
    one = visitor()
    if digest not in one.gone:
        st.warning(_("The picture of this address is no longer here. Please upload it again."))
    elif _gone(one.gone[digest]) not in one.messages:
        st.warning(plain(_gone(one.gone[digest])))


def _uploader(choose: Choose) -> None:
    """Takes pictures in and starts afresh, so that the uploaded files are freed."""
    from viz import images

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
    if images.STORE.is_down:
        st.caption(_("Sharing between servers is down. Your pictures are on this one alone."))


def _camera(choose: Choose) -> None:
    with st.expander(_("Camera"), key="camera_open", on_change="rerun") as box:
        if not box.open:
            return
        key = f"camera_{visitor().round}"
        st.caption(
            _(
                "If no picture appears, the browser blocks the camera: it needs https or localhost, and your permission."
            )
        )
        st.camera_input(
            _("Camera"),
            key=key,
            label_visibility="collapsed",
            on_change=lambda: _take_in(choose, [st.session_state[key]]),
        )


def _take_in(choose: Choose, files: Sequence[Any]) -> None:
    """Decodes uploads into the PictureStore; one bad file does not affect the others."""
    one = visitor()
    one.messages = []
    files = [file for file in files if file is not None]
    if len(files) > MAX_UPLOADS:
        one.messages.append(_("Only the first {n} pictures were taken.", n=MAX_UPLOADS))
    pictures = [picture for file in files[:MAX_UPLOADS] if (picture := _stored(file))]
    taken = {picture.digest: picture.name for picture in pictures}
    if not files:
        return
    _free(files)
    one.round += 1
    if taken:
        _keep(taken)
        choose(picture=next(iter(taken)), unit="")


def _stored(file: Any) -> Picture | None:
    """The picture in a file, put into the PictureStore; None, with a message, if it has none."""
    from viz import images

    one = visitor()
    if isinstance(file, DeletedFile):  # it never arrived, or arrived at a server that has ended
        one.messages.append(_("A picture did not arrive; please upload it again."))
        return None
    try:
        picture = images.decode(file.getvalue(), file.name)
    except images.ImageError as error:
        one.messages.append(_(error.sentence))
        return None
    images.STORE.put(picture, one.token, st.context.ip_address or "")
    return picture


def _keep(taken: Mapping[str, str]) -> None:
    """Puts the newest uploads first; only eight are kept."""
    from viz import images

    one = visitor()
    one.uploads = {**taken, **{key: name for key, name in one.uploads.items() if key not in taken}}
    one.gone = {digest: name for digest, name in one.gone.items() if digest not in taken}
    for digest in list(one.uploads)[MAX_UPLOADS:]:
        images.STORE.drop(digest, one.token)
        _made_room(digest)


def _free(files: Sequence[Any]) -> None:
    """Frees the uploaded files, which Streamlit would hold until the tab closes."""
    context = get_script_run_ctx()
    if context is None or not isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        return
    for file in files:
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
        LEDGER.give_back(context.session_id, file.file_id)
    memory.give_back()


def _working_size(choose: Choose, view: View) -> None:
    control = cast(Slider[int], View.controls()["working_size_px"])
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
        help=_(
            "The devices that PyTorch finds on this server. All give the same numbers, up to rounding."
        ),
        disabled=len(there) == 1,
        on_change=lambda: choose(device=str(st.session_state["device"])),
    )
