"""The forms of the check-in: a room, a reason, a day."""

from wtforms import StringField
from wtforms.validators import Length, NumberRange, Optional

from pms.base.refusal import Invalid
from pms.hotel.stays import keys
from pms.web.forms import ChoiceField, DateField, Form, IntegerField

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


class CheckInForm(RoomForm):
    """Which room, and how many keys to it."""

    keys = IntegerField("Keys", [Optional(), NumberRange(0, keys.MOST)])


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
