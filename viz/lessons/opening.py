"""The opening of a lesson or section, and addresses, which only hold what differs from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, TypeVar

from viz.settings import Control, Setting, as_text
from viz.view import View

S = TypeVar("S", bound=Setting)


class Suggestion(NamedTuple):
    """A view to try: a short label, and the fields that differ from the opening."""

    label: str
    fields: Mapping[str, object]

    @property
    def texts(self) -> dict[str, str]:
        """The fields as in an address."""
        return {name: as_text(value) for name, value in self.fields.items()}


@dataclass(frozen=True)
class Opening(Generic[S]):
    """A lesson before the visitor changes anything, at one of its sections.

    An address leaves out what equals the opening of its section. So an address with nothing but
    a section is that section's opening, and a switch of the opening that was turned off is in it.

    Attributes:
        setting: the class of the lesson's Setting.
        fields: those that differ from the defaults of View and Setting.
        picture: the key of the picture, until the visitor chooses one.
        views: views to try.
    """

    setting: type[S]
    fields: Mapping[str, object]
    picture: str
    views: tuple[Suggestion, ...] = ()

    @property
    def controls(self) -> dict[str, Control[Any]]:
        """The controls of View and Setting, by name."""
        return {**View.controls(), **self.setting.controls()}

    @property
    def texts(self) -> dict[str, str]:
        """Every field's value, as in an address; of the picture none, for it is not chosen."""
        said = {name: as_text(control.default) for name, control in self.controls.items()}
        return said | {name: as_text(value) for name, value in self.fields.items()}

    def read(self, query: Mapping[str, str]) -> tuple[View, S]:
        """View and Setting of an address of this section; a bad value becomes the opening's."""
        controls = self.controls
        good = {
            name: text
            for name, text in query.items()
            if name in controls and controls[name].read(text) is not None
        }
        whole = self.texts | good
        view = View.from_query(whole)
        shown = replace(view, picture=view.picture or self.picture)
        return shown, self.setting.from_query(whole)

    def changed(self, query: Mapping[str, str]) -> dict[str, str]:
        """The known parameters of a query that differ from the opening, in the same order."""
        texts = self.texts
        return {name: text for name, text in query.items() if text != texts.get(name, text)}

    def query(self, view: View, setting: S) -> dict[str, str]:
        """The address of a View and a Setting; `read` gives them back."""
        values = (
            getattr(view if name in View.controls() else setting, name) for name in self.texts
        )
        return self.changed(dict(zip(self.texts, map(as_text, values), strict=True)))
