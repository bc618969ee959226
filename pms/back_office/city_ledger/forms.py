"""The forms of companies' accounts: money that comes, where it goes, what is put aside or lost."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from pms.base.money import Money
from pms.hotel.books.payments import Method
from pms.hotel.books.receivables import Shown, Tells
from pms.web.foreign import ForeignCashForm
from pms.web.forms import ChoiceField, DateField, Form, MoneyField
from pms.web.slips import SlipForm

WAYS = [("transfer", "Transfer"), ("cash", "Cash"), ("card", "Terminal")]


class MoneyMovedForm(SlipForm):
    """Money that changes hands with a company, and the terminal's slip where it is a card's."""

    amount = MoneyField("Amount", [InputRequired("Say the amount.")])
    way = RadioField("How", choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = list(WAYS)
        if not self.way.data or self.way.data == "None":
            self.way.data = "transfer"

    @property
    def method(self) -> Method:
        """How the money moved."""
        return Method(self.way.data)


class PayForm(ForeignCashForm, MoneyMovedForm):
    """Money that a company sends for its bills; counted once, however often it is sent."""

    key = HiddenField()
    reference = StringField("Reference", [Length(max=60)])
    oldest_first = BooleanField("Set it against the oldest bills")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.key.data:
            self.key.data = uuid4().hex

    @property
    def entry_key(self) -> str:
        """The key that the books know it by."""
        return f"city/{str(self.key.data)[:40]}"


class ReasonForm(Form):
    """Why something is done that is asked about later."""

    reason = StringField("Reason", [InputRequired("Say why."), Length(max=200)])

    @property
    def why(self) -> str:
        """What was typed."""
        return self.reason.data or ""


class RefundForm(MoneyMovedForm, ReasonForm):
    """What of a payment is given back."""


class MoveForm(ReasonForm):
    """To whose account an item moves."""

    to = ChoiceField("To", [InputRequired("Say to whose account.")])
    reason = StringField("Reason", [InputRequired("Say why."), Length(max=200)], id="move-reason")


class WriteOffForm(ReasonForm):
    """How much is given up, and why."""

    amount = MoneyField("Amount", [InputRequired("Say the amount.")])


class BringForwardForm(Form):
    """A bill of the system before this one; its page has a payment's amount and reference too."""

    reference = StringField(
        "Its number", [InputRequired("Write its number."), Length(max=60)], id="forward-reference"
    )
    dated = DateField("Billed on")
    amount = MoneyField("Still owed", [InputRequired("Say the amount.")], id="forward-amount")


class LimitForm(Form):
    """Up to how much is written off without a manager."""

    limit = MoneyField("Written off without a manager, up to", [InputRequired("Say the amount.")])


class StatementForm(Form):
    """Which paper about the account is made out."""

    tells = SelectField(
        "Paper",
        choices=[
            SelectChoice(Tells.STATEMENT.value, "Statement of what is open"),
            SelectChoice(Tells.REMINDER.value, "Reminder of what is overdue"),
        ],
    )


class MailForm(Form):
    """Where a statement is sent."""

    to = StringField("E-mail", [InputRequired("Say to which address."), Length(max=254)])


class AllocateForm(Form):
    """How much of a credit goes to which item; made for an account by `allocating`."""

    owed: Sequence[Shown] = ()

    @property
    def parts(self) -> dict[int, Money]:
        """What was typed, by item."""
        typed = {each.item.id: self[f"item_{each.item.id}"].data for each in self.owed}
        return {item_id: part for item_id, part in typed.items() if part}


def allocating(owed: Sequence[Shown]) -> AllocateForm:
    """Return the form with one amount for each item that is owed."""
    fields: dict[str, Any] = {
        f"item_{each.item.id}": MoneyField(each.text, [Optional()]) for each in owed
    }
    form: AllocateForm = type("AllocatingForm", (AllocateForm,), fields | {"owed": owed})()
    return form
