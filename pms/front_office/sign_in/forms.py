"""The forms of the door."""

from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from pms.web.forms import Form


class TellForm(Form):
    """Where one wants to be told by mail."""

    to = EmailField("Tell me by mail at", [Length(max=254)])


class SignInForm(Form):
    """Who it is, and the word that proves it."""

    email = EmailField("E-mail", [InputRequired("Type your e-mail address."), Length(max=254)])
    password = PasswordField("Password", [InputRequired("Type your password."), Length(max=512)])
