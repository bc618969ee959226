"""The forms of a promise: changed, ended, taken back."""

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, NumberRange, Optional

from pms.base.money import Money
from pms.base.numbers import whole
from pms.web.forms import ChoiceField, DateField, Form, IntegerField

REASON = Length(max=200)


class AmendForm(Form):
    """What a reservation shall become, and at which price."""

    arrival = DateField("Arrival")
    departure = DateField("Departure")
    room_type = ChoiceField("Type")
    rate_plan = ChoiceField("Rate plan")
    adults = IntegerField("Adults", [NumberRange(0, 20)])
    children = IntegerField("Children", [Optional(), NumberRange(0, 20)])
    guarantee = ChoiceField("Guarantee")
    reprice = RadioField(
        "Price", [Optional()], choices=[SelectChoice("keep"), SelectChoice("anew")]
    )
    force = StringField("Why it goes over what can be sold", [REASON])
    write = BooleanField("Mail the change to the guest")

    @property
    def prices_anew(self) -> bool | None:
        """What was said about the price; None where nothing was."""
        return None if not self.reprice.data else self.reprice.data == "anew"


class FeeForm(Form):
    """Whether a fee is charged, or waived and why; `expected` is what the page showed."""

    fee = RadioField("Fee", [Optional()], choices=[SelectChoice("charge"), SelectChoice("waive")])
    waive_reason = StringField("Why it is waived", [REASON])
    expected = StringField("Expected", [REASON])

    @property
    def waives(self) -> str | None:
        """Why the fee is waived, or None where it is charged."""
        return (self.waive_reason.data or "") if self.fee.data == "waive" else None

    def expects(self, currency: str) -> Money | None:
        """Return the fee that the page showed."""
        minor = whole(str(self.expected.data or ""), digits=15)
        return None if minor is None else Money(minor, currency)


class CancelForm(FeeForm):
    """Why it is cancelled."""

    reason = StringField("Why", [REASON])
    write = BooleanField("Mail the cancellation to the guest")


class NoShowForm(FeeForm):
    """Whether the party is still expected tomorrow."""

    scope = RadioField(
        "Nights",
        choices=[
            SelectChoice("all", "Give all its nights back"),
            SelectChoice("tonight", "Give tonight back, expect it tomorrow"),
        ],
        default="all",
    )


class ReinstateForm(Form):
    """Why a promise may go over what can be sold, if it must."""

    force = StringField("Why it goes over what can be sold", [REASON])
    write = BooleanField("Mail the confirmation to the guest again")
