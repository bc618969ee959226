"""The forms of reception: a message, a call, a visitor, and what is kept from a party."""

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from pms.hotel.service.reception import Direction, How, Outcome
from pms.web.forms import ChoiceField, Form, TimeField

SHORT = Length(max=200)
PHONE = Length(max=40)
DIRECTIONS = {Direction.INCOMING: "They called", Direction.OUTGOING: "We called"}


class MessageForm(Form):
    """A message as it was said."""

    room = StringField("For room", [Length(max=16)])
    sender = StringField("From", [InputRequired("Ask who it is from."), SHORT])
    phone = StringField("Telephone", [PHONE])
    words = TextAreaField("Message", [InputRequired("Write what is to be said."), Length(max=1000)])
    urgent = BooleanField("Urgent")


class DeliverForm(Form):
    """How the guest got it."""

    how = ChoiceField("The guest has it", [InputRequired("Say how.")])

    def prepare(self) -> None:
        """Offer the ways."""
        self.how.offer(How, label=lambda each: each.words.capitalize())


class WithdrawForm(Form):
    """Why nobody should get it."""

    reason = StringField("Why", [InputRequired("Say why."), SHORT])


class CallForm(Form):
    """A call, and what came of it."""

    direction = ChoiceField("Who called", [InputRequired("Choose one.")])
    with_whom = StringField("With", [InputRequired("Say with whom."), SHORT])
    phone = StringField("Telephone", [PHONE])
    room = StringField("About room", [Length(max=16)])
    matter = TextAreaField("Matter", [InputRequired("Say what it was about."), Length(max=1000)])
    outcome = ChoiceField("What came of it", [InputRequired("Choose one.")])
    back_by = TimeField("Call back by", [Optional()])

    def prepare(self) -> None:
        """Offer what doesn't depend on the hotel."""
        self.direction.offer(DIRECTIONS, label=DIRECTIONS.__getitem__)
        self.outcome.offer(Outcome, label=lambda each: each.words)


class RequestForm(Form):
    """What a call is asked for as."""

    category = ChoiceField("What", [InputRequired("Choose what is asked for.")])


class VisitorForm(Form):
    """Somebody who comes in."""

    name = StringField("Name", [InputRequired("Ask for the name."), SHORT])
    room = StringField("Visits room", [Length(max=16)])
    host = StringField("Or somebody of the house", [Length(max=80)])
    badge = StringField("Badge", [Length(max=80)])
    vehicle = StringField("Vehicle", [Length(max=80)])


class PrivacyForm(Form):
    """What a party wants kept from it."""

    no_calls = BooleanField("Put no calls through")
    no_visitors = BooleanField("No visitors")
    no_information = BooleanField("No information: nobody is told that they are here")
