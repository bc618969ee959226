"""Cash on a payment's form: what is given, in our money or in foreign notes, and the change."""

from typing import Any

from wtforms import StringField, ValidationError
from wtforms.validators import Length

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import cashiers
from pms.hotel.books.payments import Method
from pms.web.auth import here
from pms.web.database import session
from pms.web.filters import money
from pms.web.forms import ChoiceField, Form


class ForeignCashForm(Form):
    """The part of a payment's form for what a guest gives; the rest has amount and way."""

    amount: Any
    way: Any
    currency = ChoiceField("Paid in")
    tendered = StringField("Guest gives", [Length(max=20)])

    def offer_foreign(self, owed: Money | None = None) -> None:
        """Offer the currencies the house takes in cash, and say what settles what is owed."""
        self._rates = cashiers.in_force(session(), here(), here().business_date)
        settles = {
            each.currency: f"{each.currency}: {each.asked_for(owed).said} settles it"
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
        return Money.typed(self.tendered.data or "", self.currency.chosen)

    @property
    def given_in(self) -> str:
        """The currency of the house's own notes."""
        return here().currency

    @property
    def given(self) -> Money | None:
        """What is given in the house's own notes, when it was said."""
        text = (self.tendered.data or "").strip()
        if self.way.data != Method.CASH or self.currency.chosen is not None or not text:
            return None
        return Money.typed(text, here().currency)

    @property
    def change_said(self) -> str:
        """What to say of the change, and of foreign notes their rate; nothing where none is due."""
        own = self.given
        if own is not None:
            back = own - self.amount.data
            return f" Give back {money(back)}." if back else ""
        given = self.foreign
        if given is None:
            return ""
        rate = self._rates[given.currency]
        change = rate.worth(given, here().currency) - self.amount.data
        return f" {money(given)} at {rate.decimal:f}; give {money(change)} change."

    def validate_tendered(self, _field: Any) -> None:
        """Ask how much foreign money was given; our own is at least the amount."""
        try:
            _, given = self.foreign, self.given
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from None
        asked = self.amount.data
        if given is not None and asked is not None and given < asked:
            raise ValidationError(
                f"{money(given)} is less than {money(asked)}. Take what is given, or ask for more."
            )
