"""The forms of a bill: charging, paying, giving back, moving, and who pays what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import HiddenField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.base.money import Money
from pms.base.numbers import whole
from pms.hotel.books.payments import Method
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.stays.desk_charges import MOST_PERSONS, Tonight
from pms.hotel.stays.whose_bills import Bill
from pms.web.foreign import ForeignCashForm
from pms.web.forms import (
    ChoiceField,
    DateField,
    Form,
    IntegerField,
    MoneyField,
    OnceForm,
    PercentField,
)
from pms.web.rooms_owed import RoomsForm
from pms.web.slips import SlipForm
from pms.web.takes import TakesForm

CITY, ONLINE = "city", "online"
WAYS = [("card", "Terminal"), ("cash", "Cash"), ("transfer", "Transfer")]
REASON = [InputRequired("Say why."), Length(max=200)]
AMOUNT = [InputRequired("Say the amount.")]


class ChargeForm(OnceForm):
    """What is put on a bill."""

    code = ChoiceField("What", [InputRequired("Choose what is charged.")])
    quantity = IntegerField(
        "Quantity", [InputRequired("Say how many."), NumberRange(1, 10_000)], default=1
    )
    persons = IntegerField("Persons", [Optional(), NumberRange(1, MOST_PERSONS)])
    night = DateField("Night", [Optional()])
    tonight = ChoiceField("The audit charges this too")
    amount = MoneyField("Amount for one")
    window = ChoiceField("Window")
    reference = StringField("Reference", [Length(max=60)])


TONIGHT = {
    Tonight.ITS_NIGHT: "This is tonight's charge: make it now, the audit won't again",
    Tonight.ON_TOP: "It comes on top: the audit charges tonight as well",
}


class AdjustForm(OnceForm):
    """What is added to a bill, or taken off it, of which line, and why."""

    line = ChoiceField("Which line")
    code = ChoiceField("Booked as")
    amount = MoneyField("Amount", AMOUNT)
    nights = IntegerField("How many nights", [Optional(), NumberRange(1, 10_000)])
    window = ChoiceField("Window")
    reason = StringField("Reason", REASON)


class WindowLossForm(Form):
    """Which window's debt is given up, and why."""

    window = ChoiceField("Window", [InputRequired("Choose the window.")])
    reason = StringField("Reason", REASON)


class MoneyForm(SlipForm, OnceForm):
    """Money changing hands: how much, which way, and what the terminal's slip says."""

    amount = MoneyField("Amount", AMOUNT)
    way = RadioField("How", choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = list(WAYS)
        if not self.way.data or self.way.data == "None":
            self.way.data = "card"

    @property
    def method(self) -> Method:
        """How the money changes hands."""
        return Method(self.way.data)


class PayForm(ForeignCashForm, MoneyForm):
    """Money taken for a window; or its whole balance sent to a company."""

    company = ChoiceField("Company")
    reference = StringField("Reference", [Length(max=60)])
    stood = HiddenField()

    @property
    def owed_then(self) -> int | None:
        """What the window owed when the page was made, in minor units, where the page says it."""
        said = str(self.stood.data or "")
        number = whole(said.removeprefix("-"))
        return -number if number and said.startswith("-") else number

    def validate_company(self, field: Any) -> None:
        """Ask which company, when one is to pay later."""
        if self.way.data == CITY and field.chosen is None:
            raise ValidationError("Choose a company with direct billing.")


class RoomsPayForm(RoomsForm, MoneyForm):
    """One payment for several rooms of a booking."""

    amount = None  # type: ignore[assignment]  # WTForms' way: each room has its own
    reference = StringField("Reference", [Length(max=60)])


class RefundForm(MoneyForm):
    """Money given back, and why; online, where something was paid that way."""

    reason = StringField("Reason", REASON)
    of = ChoiceField("Of the payment")

    def offer_ways_back(
        self, paid: list[tuple[GatewayPayment, Money]], came_by: Method | None = None
    ) -> None:
        """Offer to give back online what was paid so, and begin with that, else as it came."""
        self.of.offer(
            [payment for payment, _ in paid],
            label=lambda each: f"{each.payment.brand or 'Online'} {each.payment.last_four or ''}",
        )
        if paid:
            self.way.choices = [(ONLINE, "Online"), *WAYS]
        if self.way.raw_data is None:
            self.way.data = ONLINE if paid else (came_by or Method.CARD).value

    @property
    def is_online(self) -> bool:
        """Whether it goes back the way it came, through the gateway."""
        return bool(self.way.data == ONLINE and self.of.chosen is not None)


class ReasonForm(OnceForm):
    """Why."""

    reason = StringField("Reason", REASON)


class ElsewhereForm(Form):
    """Where something of a bill goes: another window of it, or a window of another bill."""

    to = ChoiceField("To")
    folio = StringField("Or to a folio, room or name", [Length(max=80)])
    folio_window = IntegerField("Window of that bill", [Optional(), NumberRange(1, 8)], default=1)

    def offer_places(self, windows: Iterable["Place"], near: Iterable[Bill]) -> None:
        """Offer the windows of the bill itself, and the bills around it."""
        self.to.offer([*windows, *near], none="Another bill")


@dataclass(frozen=True, slots=True)
class Place:
    """A window of the bill that something leaves."""

    id: int
    payee: str | None = None

    def __str__(self) -> str:
        """Return it in words."""
        return f"Window {self.id}, {self.payee or 'here'}"


class MoveForm(ElsewhereForm):
    """Where lines go, or a part of them."""

    percent = PercentField("Only a part, percent")
    amount = MoneyField("Or an amount, taxes in it")
    reason = StringField("Reason", [Length(max=200)])


class BalanceForm(ElsewhereForm, OnceForm):
    """What a window owes, or a part of it, goes to another window or folio."""

    window = ChoiceField("From window")
    amount = MoneyField("Amount")
    reason = StringField("Reason", REASON)


class WindowForm(Form):
    """Who pays a new window."""

    no = ChoiceField("Window")
    payee = StringField("Payee", [Length(max=120)])
    company = ChoiceField("Company")
    address = StringField("Address", [Length(max=300)])


class RouteForm(TakesForm, ElsewhereForm):
    """A routing rule: which charges, how much of them, and who pays that."""

    to = ChoiceField("Paid by")
    folio = StringField("Or a room, name, company or folio", [Length(max=80)])


class NewFolioForm(Form):
    """A bill without a stay."""

    kind = ChoiceField("Kind")
    name = StringField("Name", [InputRequired("Say whose bill it is."), Length(max=120)])
    company = ChoiceField("Company")
