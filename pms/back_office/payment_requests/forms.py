"""The forms of asking for a payment, and of what is done with a hold or a card."""

from datetime import datetime, time, timedelta

from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from pms.base import dates
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.service.checkout import Purpose
from pms.web.forms import DateField, Form, MoneyField, OnceForm
from pms.web.rooms_owed import RoomsForm

REASON = [InputRequired("Say why."), Length(max=200)]
PURPOSES = {
    Purpose.DEPOSIT: "A deposit",
    Purpose.BALANCE: "What is owed on the folio",
    Purpose.HOLD: "A hold on a card: nothing is taken now",
    Purpose.CARD: "A card to be kept, with the guest's consent",
}


class LinkForm(OnceForm):
    """Until when a guest is asked, in which language, and whether the link goes by mail."""

    language = SelectField(
        "Language", choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()]
    )
    until = DateField("Valid until", [InputRequired("Say until when.")])
    to = StringField("E-mail", [Length(max=254)])
    mail = BooleanField("Mail the link now")

    def expires_at(self, hotel: Hotel) -> datetime:
        """The end of the last day, by the hotel's clock."""
        day = self.until.data or hotel.business_date
        return dates.instant(datetime.combine(day + timedelta(days=1), time()), hotel.time_zone)


class AskForm(LinkForm):
    """What a guest is asked for."""

    purpose = SelectField("Ask for", choices=[])
    amount = MoneyField("Amount")

    def offer(self, purposes: list[Purpose]) -> None:
        """Say what may be asked for."""
        self.purpose.choices = [SelectChoice(each.value, PURPOSES[each]) for each in purposes]


class AskRoomsForm(RoomsForm, LinkForm):
    """What a booking's rooms are to pay in one payment."""


class WithdrawForm(Form):
    """Why a request is taken back."""

    reason = StringField("Why it is withdrawn", REASON)


class RefundForm(Form):
    """Why a payment for several rooms is given back."""

    reason = StringField("Why it is given back", REASON)


class MailForm(Form):
    """Where the link goes."""

    to = StringField("E-mail", [InputRequired("Write where to."), Length(max=254)])


class ForgetForm(Form):
    """Why a kept card is forgotten."""

    reason = StringField("Why it is forgotten", REASON)


class EndForm(Form):
    """What was found in the gateway's own pages."""

    reason = StringField("What the gateway's own pages say", REASON)


class CaptureForm(Form):
    """How much of a hold is taken."""

    amount = MoneyField("Take", [InputRequired("Say the amount.")])


class ChargeForm(OnceForm):
    """What a kept card is charged, and why."""

    amount = MoneyField("Charge", [InputRequired("Say the amount.")])
    reason = StringField("What for", REASON)
