"""Foreign notes on a payment's form: what the house takes today, what is given, and the change."""

from typing import Any

from wtforms import StringField, ValidationError
from wtforms.validators import Length

from pms.base.money import Money
from pms.base.numbers import plain_amount
from pms.base.refusal import Refusal
from pms.hotel.books import cashiers
from pms.hotel.books.payments import Method
from pms.web.auth import here
from pms.web.database import session
from pms.web.filters import money
from pms.web.forms import ChoiceField, Form


class ForeignCashForm(Form):
    """The part of a payment's form for cash in another currency; the rest has amount and way."""

    amount: Any
    way: Any
    currency = ChoiceField("Paid in")
    tendered = StringField("Guest gives", [Length(max=20)])

    def offer_foreign(self, owed: Money | None = None) -> None:
        """Offer the currencies the house takes in cash, and say what settles what is owed."""
        self._rates = cashiers.in_force(session(), here(), here().business_date)
        settles = {
            each.currency: f"{each.currency}: {each.asked_for(owed)} settles it"
            for each in self._rates.values()
            if owed is not None and owed.minor > 0
        }
        if self._rates:
            self.currency.offer(
                self._rates, label=lambda code: settles.get(code, code), none=here().currency
            )

    @property
    def foreign(self) -> Money | None:
        """What is given in foreign notes, when it is such cash."""
        if self.way.data != Method.CASH or self.currency.chosen is None:
            return None
        return Money.parse(plain_amount(self.tendered.data or ""), self.currency.chosen)

    @property
    def change_said(self) -> str:
        """What to say of foreign notes that were taken: their rate and the change; else nothing."""
        given = self.foreign
        if given is None:
            return ""
        rate = self._rates[given.currency]
        change = rate.worth(given, here().currency) - self.amount.data
        return f" {money(given)} at {rate.decimal:f}; give {money(change)} change."

    def validate_tendered(self, _field: Any) -> None:
        """Ask how much foreign money was given."""
        try:
            _ = self.foreign
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from None
