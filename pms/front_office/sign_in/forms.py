"""The forms of the door."""

from wtforms import EmailField
from wtforms.validators import Length

from pms.web.forms import Form


class TellForm(Form):
    """Where one wants to be told by mail."""

    to = EmailField("Tell me by mail at", [Length(max=254)])
