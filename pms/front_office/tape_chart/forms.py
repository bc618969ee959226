"""The form of a change: the room, the days, and why a party in house moves."""

from wtforms import StringField
from wtforms.validators import Length

from pms.web.forms import DateField, Form

LONGEST_REASON = 200


class ChangeForm(Form):
    """Where a party shall be; an empty room is none."""

    room = StringField("Room", [Length(max=20)])
    arrival = DateField("Arrives")
    departure = DateField("Leaves")
    since = DateField("From the night of")
    reason = StringField("Why", [Length(max=LONGEST_REASON)])
    force = StringField("Why it goes over what can be sold", [Length(max=LONGEST_REASON)])
