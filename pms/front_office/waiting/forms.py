"""The forms of waiting and of turning away."""

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.hotel.rooms import rates, rooms
from pms.hotel.stays.turnaways import Why
from pms.web.auth import here
from pms.web.database import session
from pms.web.forms import ChoiceField, DateField, Form, IntegerField

SHORT = Length(max=120)


class WaitForm(Form):
    """Who waits, for what, how urgently and until when."""

    surname = StringField("Surname", [InputRequired("Say who waits."), SHORT])
    given_name = StringField("Given name", [SHORT])
    phone = StringField("Telephone", [SHORT])
    email = StringField("E-mail", [SHORT])
    arrival = DateField("Arrival")
    departure = DateField("Departure")
    adults = IntegerField("Adults", [NumberRange(1, 20)], default=2)
    room_type = ChoiceField("Type")
    plan = ChoiceField("Rate plan")
    priority = SelectField(
        "Priority",
        choices=[
            SelectChoice("1", "First"),
            SelectChoice("2", "Normal"),
            SelectChoice("3", "Last"),
        ],
        default="2",
    )
    until = DateField("Waits until", [Optional()])
    notes = TextAreaField("Note", [Length(max=400)])

    def begin(self) -> None:
        """Offer the types and the plans."""
        kinds, plans = rooms.types(session(), here()), rates.plans(session(), here())
        self.room_type.offer(kinds, label=lambda kind: kind.name)
        self.plan.offer(plans, label=lambda plan: plan.name)
        for field, things in ((self.room_type, kinds), (self.plan, plans)):
            if things:
                field.begin_with(things[0])


class TurnawayForm(Form):
    """Why an inquiry became no booking."""

    why = SelectField("Reason", choices=[SelectChoice(each.value, each.words) for each in Why])
    arrival = DateField("Arrival")
    departure = DateField("Departure")
    rooms = IntegerField("Rooms", [NumberRange(1, 500)], default=1)
    adults = IntegerField("Adults", [NumberRange(1, 500)], default=2)
    room_type = ChoiceField("Type")
    words = StringField("In words", [Length(max=200)])

    def begin(self) -> None:
        """Offer the types, and none in particular."""
        kinds = rooms.types(session(), here())
        self.room_type.offer(kinds, label=lambda kind: kind.name, none="any")
