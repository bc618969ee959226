"""The forms of the clock: who it is, and the tablet's name."""

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from pms.web.forms import Form


class PinForm(Form):
    """A number and its PIN."""

    number = StringField("Your number", [InputRequired("Type your number."), Length(max=20)])
    pin = PasswordField("PIN", [InputRequired("Type your PIN."), Length(max=8)])


class PressForm(Form):
    """What is pressed, by whom: the pass is good for a minute."""

    pass_ = HiddenField(name="pass")


class PairForm(Form):
    """Where the tablet is."""

    name = StringField("Where the tablet is", [InputRequired("Say where."), Length(max=60)])
