"""The forms of maintenance: a work order, what is done with it, and the nights it takes."""

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField

SHORT = Length(max=200)


class ReportForm(Form):
    """What is broken, where, and how much it presses."""

    words = TextAreaField("What is broken", [InputRequired("Say what."), Length(max=1000)])
    room = StringField("Room", [Length(max=16)])
    place = StringField("Or place", [Length(max=80)])
    priority = ChoiceField("Priority")
    due_on = DateField("Wanted by", [Optional()])


class AssignForm(Form):
    """To whom."""

    person = ChoiceField("To", [InputRequired("Choose somebody.")])


class ChangeForm(Form):
    """How much it presses, and by when."""

    priority = ChoiceField("Priority", [InputRequired("Choose one.")])
    due_on = DateField("Wanted by", [Optional()])


class ReasonForm(Form):
    """Why."""

    reason = StringField("Why", [InputRequired("Say why."), SHORT])


class FinishForm(Form):
    """What was done, and what it cost the house."""

    words = StringField("What was done", [SHORT])
    labour_minutes = IntegerField("Minutes of work", [Optional(), NumberRange(0, 10_000)])
    parts = MoneyField("Parts, cost")
    returns = BooleanField("Give the room back to guests")


class KeepForm(Form):
    """Which nights a room is kept from guests for it."""

    kind = ChoiceField("Kind", [InputRequired()])
    first = DateField("From", [InputRequired("Say from which night.")])
    until = DateField("Back on", [InputRequired("Say when it comes back.")])
    return_condition = ChoiceField("Comes back", [InputRequired()])
    force = StringField("A fact all the same, because", [SHORT])
    confirmed = StringField("Who loses the room")
