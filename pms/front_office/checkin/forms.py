"""The forms of the check-in: a room, a reason, a day."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, NumberRange, Optional

from pms.base.refusal import Invalid
from pms.hotel.stays import keys, queueing
from pms.hotel.stays.hour_fees import Due
from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField, TimeField

LONGEST_REASON = 200


class RoomForm(Form):
    """Which room; `force` says why it may go over what can be sold."""

    room = ChoiceField("Room")
    force = StringField("Why it goes over what can be sold", [Length(max=LONGEST_REASON)])

    @property
    def forced(self) -> str | None:
        """The reason to go over, if one was given."""
        return (self.force.data or "").strip() or None

    def has_room(self) -> bool:
        """Tell whether a room was chosen; say what to do when none was."""
        if self.room.chosen is None:
            self.refuse(Invalid("Choose a room first.", field="room"))
        return self.room.chosen is not None


CHARGE, WAIVE = "charge", "waive"


class CheckInForm(RoomForm):
    """Which room, how many keys to it; why a rule is passed, and what becomes of an early hour."""

    keys = IntegerField("Keys", [Optional(), NumberRange(0, keys.MOST)])
    passing = StringField("Why it is passed", [Length(max=LONGEST_REASON)])
    early = RadioField(
        "Early arrival",
        [Optional()],
        choices=[SelectChoice(CHARGE, "Charge it"), SelectChoice(WAIVE, "Waive it")],
    )
    early_due = MoneyField("Early arrival as shown")
    waive_reason = StringField("Why it is waived", [Length(max=LONGEST_REASON)])

    @property
    def passed(self) -> str | None:
        """Why the house's rules are passed, if that was said."""
        return (self.passing.data or "").strip() or None

    @property
    def waived(self) -> str | None:
        """Why the early hour is waived; None where it is charged."""
        return self.waive_reason.data or "" if self.early.data == WAIVE else None

    def proposes(self, due: Due | None) -> None:
        """Propose to charge what an early hour costs."""
        if due is not None and not self.is_submitted():
            self.early.data, self.early_due.data = CHARGE, due.amount


class QueueForm(Form):
    """Where a party waits, how it is reached, and until when a room was promised."""

    waits_at = StringField("Waits at", [Length(max=queueing.LONGEST["waits_at"])])
    phone = StringField("Telephone", [Length(max=queueing.LONGEST["phone"])])
    promised_by = TimeField("Promised by", [Optional()])


class UpgradeForm(Form):
    """Which better type, at the price that was shown; or for nothing, and why."""

    type = ChoiceField("Type")
    total = MoneyField("Price as shown")
    free_why = StringField("Why it is given for nothing", [Length(max=LONGEST_REASON)])


class MoveForm(RoomForm):
    """Another room, from now or from a later night on, and why."""

    first = DateField("From the night of")
    reason = StringField("Why", [Length(max=LONGEST_REASON)])


class ReasonForm(Form):
    """Why."""

    reason = StringField("Why", [Length(max=LONGEST_REASON)])


class DepartureForm(Form):
    """The new day of leaving, as the page before showed it."""

    departure = DateField("Leaves")
    force = StringField("Why it goes over what can be sold", [Length(max=LONGEST_REASON)])
