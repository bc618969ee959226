"""The form of a company's payment."""

from typing import Any
from uuid import uuid4

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from pms.hotel.books.payments import Method
from pms.web.forms import Form, MoneyField

WAYS = [("transfer", "Transfer"), ("cash", "Cash")]


class PayForm(Form):
    """Money that a company sends for its bills; counted once, however often it is sent."""

    key = HiddenField()
    amount = MoneyField("Amount", [InputRequired("Say the amount.")])
    way = RadioField("How", choices=[])
    reference = StringField("Reference", [Length(max=60)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = list(WAYS)
        if not self.way.data or self.way.data == "None":
            self.way.data = "transfer"
        if not self.key.data:
            self.key.data = uuid4().hex

    @property
    def method(self) -> Method:
        """How the money came."""
        return Method(self.way.data)
