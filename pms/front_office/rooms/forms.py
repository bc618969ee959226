"""The form of a room's condition."""

from wtforms import StringField
from wtforms.validators import Length

from pms.hotel.rooms.rooms import Condition
from pms.web.forms import ChoiceField, Form

WORDS = {
    Condition.DIRTY: "Dirty",
    Condition.PICKUP: "Pick-up",
    Condition.CLEAN: "Clean",
    Condition.INSPECTED: "Inspected",
}


class TurnForm(Form):
    """How a room is now, and why, where that is worth saying."""

    condition = ChoiceField("Condition")
    why = StringField("Why", [Length(max=200)])
