"""Shown again: what was typed stands on a page of its own where the view has no place for it.

A button with a word beside it, say: its view does the deed and leads back, so a form that only may
be looked at would be gone. Here it stands with the same fields, to be checked and pressed again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, g, render_template, request
from markupsafe import escape
from wtforms import HiddenField
from wtforms.fields.choices import SelectFieldBase

from pms.web.forms import Form

Typed = Sequence[tuple[str, str]]

_CARRIED = {"version", "opened", "key"}
_UNSEEN = _CARRIED | {"seen", "party"}  # what a page knows by itself, whatever form it is of
_WORDS = 20  # characters from which on a value without a field of its own is somebody's words


@dataclass(frozen=True, slots=True)
class Loose:
    """A value that no field of a form is called as; words are shown, what a page carried isn't."""

    name: str
    value: str

    @property
    def label(self) -> str:
        """What stands before it."""
        return self.name.replace("-", " ").replace("_", " ").strip().capitalize()

    @property
    def is_words(self) -> bool:
        """Whether somebody typed it."""
        if self.name.rpartition("-")[2] in _UNSEEN:
            return False
        return any(c.isspace() for c in self.value.strip()) or len(self.value) > _WORDS


def stands_in(answer: Response, typed: Typed) -> bool:
    """Tell whether an answer is the page of the form, with everything that was typed."""
    if answer.mimetype != "text/html" or answer.location or answer.direct_passthrough:
        return False
    page = _plain(answer.get_data(as_text=True))
    return all(
        f'name="{escape(name)}"' in page and _plain(str(escape(value.strip()))) in page
        for name, value in typed
        if name not in _CARRIED
    )


def page(sentence: str, typed: Typed) -> str:
    """Return the page with what was typed, to be sent where it was sent before."""
    known = {field.name: field for field in _known()}
    sent = [known[name] for name in dict.fromkeys(name for name, _ in typed) if name in known]
    loose = [Loose(name, value) for name, value in typed if name not in known]
    return render_template(
        "sign_in/again.html",
        sentence=sentence,
        does=does(),
        address=request.full_path.rstrip("?"),
        fields=sent,
        loose=[each for each in loose if each.value],
        has_files=any(request.files.values()),
    )


def does() -> str:
    """Return what the view says of itself that the form was sent to."""
    view = current_app.view_functions[str(request.endpoint)]
    return (view.__doc__ or "").strip().partition("\n")[0]


def _known() -> Iterator[Any]:
    """Return the fields of what the view read that can be shown as they came."""
    forms: list[Form] = g.get("forms_read", [])
    for form in forms:
        for field in form:
            if field.raw_data and not isinstance(field, HiddenField) and _can_be_shown(field):
                field.errors = ()
                yield field


def _can_be_shown(field: Any) -> bool:
    """Tell whether a field offers what was chosen in it, if it offers anything."""
    if not isinstance(field, SelectFieldBase):
        return True
    offered: Any = field
    chosen = {str(each.data) for each in offered if each.checked} if offered.choices else set()
    return set(offered.raw_data) <= chosen


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")
