"""Meanwhile: what somebody else wrote while a form stood open is never written over unseen.

A page carries a mark of each value it was opened with. When its row has changed since, a field
that wasn't touched takes the new value; one that both changed keeps what was typed, with the new
value beside it. So the next press is made knowing both.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from hashlib import blake2b
from typing import Any

from wtforms import BooleanField, Field, HiddenField
from wtforms.fields.choices import SelectFieldBase

Fill = Callable[[Any], None]
"""Fills a form in from the row that it shows."""

Beside = Callable[[], Any]
"""Returns in plain values what stands on a page beside the fields of a form."""

Writes = Callable[[], Any]
"""Returns the key of the one entry beside a form that it writes."""

_BESIDE = ""  # no field is called so
_ENTRY = "/"  # nor does a field's name begin so
TAKEN, KEPT = "taken", "kept"  # what became of a field that somebody else changed

_MARK = 8  # bytes


def marks(form: Any, fill: Fill) -> str:
    """Return a mark of each value a form opens with, as its page carries them."""
    return json.dumps(_marks(form, fill))


def differs(form: Any, fill: Fill) -> bool:
    """Tell whether a form would open with another value now than the one that was sent did."""
    opened, now = _read(str(form.opened.data or "")), _marks(form, fill)
    if form.writes is not None:
        mine = _entry(form.writes())
        opened, now = (_without_others(each, mine) for each in (opened, now))
    return opened != now


def merge(form: Any, fill: Fill) -> None:
    """Bring a sent form to the values its row has now, and say beside each field what changed."""
    opened, now = _read(str(form.opened.data or "")), _as_it_stands(form, fill)
    for field in _fields(form):
        theirs, mine = now[field.short_name], _sent(field)
        if mine is None or _sent_for(theirs) == mine:
            continue
        was = opened.get(field.name)
        if was == _mark(_sent_for(theirs)):
            continue
        if was == _mark(mine):
            _take(field, theirs)
            field.meanwhile, said = TAKEN, "Changed meanwhile; this is the new value."
        else:
            field.meanwhile, said = KEPT, kept(_words(theirs))
        field.errors = [*field.errors, said]
    form.opened.data = marks(form, fill)


def _marks(form: Any, fill: Fill) -> dict[str, str]:
    shown = _as_it_stands(form, fill)
    found = {field.name: _mark(_sent_for(field)) for field in _fields(shown)}
    if form.writes is not None:
        found |= {_entry(key): _mark([repr(value)]) for key, value in form.beside().items()}
    elif form.beside is not None:
        found[_BESIDE] = _mark([repr(form.beside())])
    return found


def _entry(key: Any) -> str:
    return _ENTRY + _mark([repr(key)])


def _without_others(marks: Mapping[str, str], mine: str) -> dict[str, str]:
    """Return marks without those of the entries that a form leaves as they are."""
    return {n: mark for n, mark in marks.items() if n == mine or not n.startswith(_ENTRY)}


def kept(now: str) -> str:
    """Say what stands in a field now where what was typed is kept."""
    return (
        f"Yours is kept. Meanwhile: “{now}”" if now else "Yours is kept. Meanwhile it was emptied."
    )


def _as_it_stands(form: Any, fill: Fill) -> Any:
    """Return a copy of a form, filled in from its row as if nothing had been sent."""
    shown = copy(form)
    shown._fields, shown.refusals = dict(form._fields), []
    for field in _fields(form):
        blank = _copy(field)
        _forget_typing(blank)
        blank.process(None, blank.default() if callable(blank.default) else blank.default)
        shown._fields[field.short_name] = blank
        setattr(shown, field.short_name, blank)
    fill(shown)
    return shown


def _copy(field: Field) -> Field:
    """Copy a field; WTForms makes an unbound one where a form isn't named."""
    made: Field = object.__new__(type(field))
    made.__dict__.update(field.__dict__)
    return made


def _fields(form: Any) -> Iterator[Any]:
    return (field for field in form if not isinstance(field, HiddenField))


def _sent(field: Field) -> list[str] | None:
    """Return what a browser sent for a field, or None where its page doesn't show the field."""
    ticks = isinstance(field, BooleanField) or (
        isinstance(field, SelectFieldBase) and not isinstance(field.data, str)
    )
    return _plain(field.raw_data or []) if field.raw_data or ticks else None


def _sent_for(field: Field) -> list[str]:
    """Return what a browser sends for a field that nobody touches."""
    if isinstance(field, BooleanField):
        return ["y"] if field.data else []
    if isinstance(field, SelectFieldBase):
        return _plain([option.data for option in field if option.checked])
    return _plain([_shown(field)])


def _plain(values: list[Any]) -> list[str]:
    """Return values as they are compared: a browser turns line ends and trims addresses."""
    return [str(value or "").replace("\r\n", "\n").strip() for value in values]


def _take(field: Field, theirs: Field) -> None:
    _forget_typing(field)
    field.data = theirs.data


def _forget_typing(field: Field) -> None:
    field.raw_data = None
    if hasattr(field, "typed"):
        field.typed = None


def _words(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "ticked" if field.data else "not ticked"
    if isinstance(field, SelectFieldBase):
        return ", ".join(option.label.text for option in field if option.checked) or "none"
    return _shown(field)


def _shown(field: Any) -> str:
    return str(field._value())


def _mark(sent: list[str]) -> str:
    return blake2b(json.dumps(sent).encode(), digest_size=_MARK).hexdigest()


def _read(carried: str) -> Mapping[str, str]:
    """Return the marks that a page carried; what can't be read is none, and all is said."""
    try:
        read = json.loads(carried)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
