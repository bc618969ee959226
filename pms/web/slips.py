"""A terminal's slip on a payment's form: asked for where the money is a card's."""

from typing import Any

from wtforms import StringField, ValidationError
from wtforms.validators import Length

from pms.hotel.books import cashiers, payments
from pms.hotel.books.payments import BRANDS, CardSlip, Method
from pms.web.auth import here, on_duty
from pms.web.database import session
from pms.web.forms import ChoiceField, Form


class SlipForm(Form):
    """The part of a payment's form for what the terminal printed; the rest has the way."""

    way: Any
    brand = ChoiceField("Card")
    last_four = StringField("Last four", [Length(max=4)])
    authorisation = StringField("Authorisation", [Length(max=24)])
    terminal = StringField("Terminal", [Length(max=24)])
    batch = StringField("Batch", [Length(max=24)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand.offer(BRANDS)

    def begin_with_last(self) -> None:
        """Begin with the terminal that who is on duty used last; nothing typed is lost for it."""
        if self.terminal.raw_data is None:
            last = payments.last_slip(session(), here(), on_duty())
            self.terminal.data, self.batch.data = last or ("", "")

    @property
    def has_no_drawer(self) -> bool:
        """Whether cash would go through nobody's drawer: who is on duty has no shift open."""
        return cashiers.open_shift_of(session(), here(), on_duty()) is None

    @property
    def slip(self) -> CardSlip | None:
        """What the terminal printed, when it was a card."""
        if self.way.data != Method.CARD:
            return None
        return CardSlip(
            brand=str(self.brand.chosen or ""),
            last_four=str(self.last_four.data or "").strip(),
            authorisation=str(self.authorisation.data or "").strip(),
            terminal=str(self.terminal.data or "").strip(),
            batch=str(self.batch.data or "").strip(),
        )

    def validate_last_four(self, field: Any) -> None:
        """Ask for the digits of a card that was held to a terminal."""
        digits = str(field.data or "").strip()
        if self.way.data == Method.CARD and not (len(digits) == 4 and digits.isdigit()):
            raise ValidationError("Write the card's last four digits.")

    def validate_terminal(self, field: Any) -> None:
        """Ask which terminal it was."""
        if self.way.data == Method.CARD and not str(field.data or "").strip():
            raise ValidationError("Write the terminal's number from its slip.")

    def validate_batch(self, field: Any) -> None:
        """Ask for the batch, by which the terminal is tied out at night."""
        if self.way.data == Method.CARD and not str(field.data or "").strip():
            raise ValidationError("Write the batch number from the slip.")
