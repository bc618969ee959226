"""The forms of the cashier: floats, drops, counts, reviews, paid-outs, rates, notes and rules."""

from typing import Any

from wtforms import BooleanField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books.cashiers import Counted, counted_in
from pms.hotel.books.cashiers.counting import MOST_PIECES
from pms.hotel.books.cashiers.safe import Way
from pms.hotel.books.payments import Expense
from pms.web.forms import (
    ChoiceField,
    DateField,
    DecimalField,
    Form,
    IntegerField,
    MoneyField,
    OnceForm,
)

AMOUNT = [InputRequired("Say the amount.")]


class FloatForm(Form):
    """With how much a drawer begins."""

    opening_float = MoneyField("Float", [InputRequired("Say the float, 0 for none.")])


class DropForm(Form):
    """What goes from the drawer to the safe."""

    amount = MoneyField("Amount", AMOUNT)


class PaidOutForm(OnceForm):
    """What cash is handed out for, and who bears it."""

    amount = MoneyField("Amount", AMOUNT)
    words = StringField("What for", [InputRequired("Say what it is for."), Length(max=80)])
    folio = IntegerField("For a guest: folio number", [Optional(), NumberRange(min=1)])
    window = IntegerField("Its window", [Optional(), NumberRange(1, 8)], default=1)
    expense = ChoiceField("Or for the house")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expense.offer(
            Expense, label=lambda each: each.value.capitalize(), none="Not for the house"
        )


class ReasonForm(Form):
    """Why."""

    reason = StringField("Reason", [Length(max=300)])


class SafeForm(OnceForm):
    """What is put into the safe, or taken to the bank."""

    way = ChoiceField("What is moved", [InputRequired("Say where it goes.")])
    amount = MoneyField("Amount", AMOUNT)
    reference = StringField("Reference", [Length(max=60)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.offer(Way, label=lambda way: way.words)


class BankForm(OnceForm):
    """Foreign notes that go to the bank, and the rate it gives."""

    currency = ChoiceField("Currency", [InputRequired("Say which notes.")])
    notes = StringField("Notes", [InputRequired("Say how much goes."), Length(max=20)])
    rate = DecimalField("The bank's rate", [InputRequired("Say the bank's rate.")], places=None)
    fee = MoneyField("The bank's fee")
    reference = StringField("The bank's reference", [Length(max=60)])

    @property
    def foreign(self) -> Money:
        """What goes to the bank."""
        return Money.typed(self.notes.data or "", str(self.currency.chosen))

    def validate_notes(self, _field: Any) -> None:
        """Ask for an amount of the currency."""
        if self.currency.chosen is None:
            return
        try:
            _ = self.foreign
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from None


class RateForm(Form):
    """What the house asks of a currency."""

    currency = StringField(
        "Currency",
        [
            InputRequired("Say which, like USD."),
            Length(3, 3, message="Write its three letters, like USD."),
        ],
    )
    rate = DecimalField("Rate", [Optional()], places=None)
    from_day = DateField("From", [Optional()])


class RulesForm(Form):
    """What the house asks of its cashiers."""

    asks_for_shift = BooleanField("Cash is only taken into an open shift")
    usual_float = MoneyField("Usual float", [InputRequired("Say the float, 0 for none.")])


class CountForm(Form):
    """How many notes and coins of each value there are; `count_form` adds a field for each."""

    cells: dict[str, dict[int, str]]
    reason = StringField("Reason", [Length(max=300)])

    def of(self, currency: str) -> list[tuple[int, Any]]:
        """Return the values of a currency with their fields, the largest first."""
        return [(value, self[name]) for value, name in self.cells[currency].items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a count in which nothing of a currency is written: nobody closes a drawer so."""
        fine: bool = super().validate(extra_validators)
        for currency in self.cells:
            fields = [field for _, field in self.of(currency)]
            if fields and not any(field.raw_data and field.raw_data[0].strip() for field in fields):
                fields[0].errors = [f"No {currency} is counted. Is there none, write 0 here."]
                fine = False
        return fine

    @property
    def counts(self) -> list[Counted]:
        """What was counted, currency by currency; an empty field is none."""
        return [
            Counted(currency, {value: field.data or 0 for value, field in self.of(currency)})
            for currency in self.cells
        ]


def count_form(currencies: list[str], *, house: str) -> CountForm:
    """Return the form a drawer is counted with: the house's money whole, foreign money in notes."""
    cells = {
        currency: {
            value: f"{currency.lower()}_{value}"
            for value in counted_in(currency, is_foreign=currency != house)
        }
        for currency in currencies
    }
    fields = {
        name: IntegerField(f"{currency} {face(value, currency)}", _PIECES)
        for currency, values in cells.items()
        for value, name in values.items()
    }
    made: CountForm = type("CountForm", (CountForm,), {"cells": cells, **fields})()
    return made


def face(value: int, currency: str) -> str:
    """Return what stands on a note or a coin: 50, 0.20."""
    written = str(Money(value, currency))
    whole, _, rest = written.partition(".")
    return written if rest.strip("0") else whole


_PIECES = [Optional(), NumberRange(0, MOST_PIECES, f"At most {MOST_PIECES:,} pieces.")]
