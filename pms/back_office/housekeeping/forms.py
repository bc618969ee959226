"""The form of a room that is kept from guests."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from pms.web.forms import ChoiceField, DateField, Form


class BlockForm(Form):
    """Which nights a room is kept from guests, why, and how it comes back."""

    kind = ChoiceField("Kind")
    first = DateField("From", [InputRequired("Say from which night.")])
    until = DateField("Back on", [InputRequired("Say when it comes back.")])
    reason = StringField("Reason", [InputRequired("Say why."), Length(max=200)])
    return_condition = ChoiceField("Comes back")
    force = StringField("Sold out, and yet a fact, because", [Length(max=200)])
