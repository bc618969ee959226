"""Rooms owed: a form's amounts, one for each thing that a booking's rooms may pay together."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from flask import request
from wtforms.validators import Optional

from pms.base.money import Money, total
from pms.base.refusal import Refusal
from pms.hotel.service.checkout.parts import RoomOwes
from pms.web.auth import here
from pms.web.forms import Form, MoneyField

F = TypeVar("F", bound="RoomsForm")
FIELD = "room_"


class OwedOtherwise(Refusal):
    """The rooms owe something else than what the page showed."""

    def __init__(self) -> None:
        super().__init__("What the rooms owe has changed meanwhile. Look at it again.")


class RoomsForm(Form):
    """What of a booking's rooms is paid in one payment; made for a booking by `for_rooms`."""

    owes: Sequence[RoomOwes] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse amounts for what isn't owed any more: they would go nowhere, or elsewhere."""
        sent = {name for name, typed in request.form.items() if typed.strip()}
        if any(name.startswith(FIELD) and name not in self for name in sent):
            self.refuse(OwedOtherwise())
            return False
        return bool(super().validate(extra_validators))

    @property
    def together(self) -> Money:
        """What is owed in all, before anything was typed."""
        return total((each.amount for each in self.owes), here().currency)

    @property
    def amounts(self) -> list[Any]:
        """The amounts, each in its field."""
        return [self[_field(each)] for each in self.owes]

    @property
    def chosen(self) -> list[RoomOwes]:
        """The rooms that are to pay, each with the amount that was typed."""
        typed = zip(self.owes, self.amounts, strict=True)
        return [replace(each, amount=field.data) for each, field in typed if field.data]


def for_rooms(kind: type[F], owes: Sequence[RoomOwes]) -> F:
    """Return a form with one amount for each thing that may be paid, as it is owed now."""
    fields: dict[str, Any] = {
        _field(each): MoneyField(_what(each), [Optional()], default=each.amount or None)
        for each in owes
    }
    form: F = type("RoomsOwedForm", (kind,), fields | {"owes": owes})()
    return form


def _field(owes: RoomOwes) -> str:
    """Return the name of an amount's field: of that very account, however the list changes."""
    return FIELD + "_".join(str(each or 0) for each in owes.account)


def _what(owes: RoomOwes) -> str:
    room = owes.reservation
    what = "Deposit" if owes.folio_id is None else f"Folio, window {owes.window}"
    return f"{what}: {room.number}, {room.guest.name}"
