"""The forms of requests: asking for something, and each deed that wants a word."""

from typing import Any
from uuid import uuid4

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.hotel.house.departments import Department
from pms.hotel.people.duty import Level, Shift
from pms.hotel.service.requests import Priority, Source
from pms.hotel.service.requests.categories import LONGEST_CLOCK
from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField, TimeField

SHORT = Length(max=200)
SOURCES = {Source.DESK: "At the desk", Source.PHONE: "By telephone", Source.STAFF: "By staff"}


class EnterForm(Form):
    """What is asked for, where, and how much it presses."""

    category = ChoiceField("What", [InputRequired("Choose what is asked for.")])
    words = TextAreaField("In words", [InputRequired("Say it in a few words."), Length(max=1000)])
    room = StringField("Room", [Length(max=16)])
    place = StringField("Or place", [Length(max=80)])
    priority = ChoiceField("Priority")
    source = ChoiceField("How it came")
    wanted = TimeField("Not before", [Optional()])

    def prepare(self) -> None:
        """Offer what doesn't depend on the hotel."""
        self.priority.offer(Priority, label=lambda each: each.value.capitalize(), none="As usual")
        self.source.offer(SOURCES, label=SOURCES.__getitem__)


class WordsForm(Form):
    """Some words."""

    words = TextAreaField("In words", [InputRequired("Say it in a few words."), Length(max=1000)])


class ReasonForm(Form):
    """Why."""

    reason = StringField("Why", [InputRequired("Say why."), SHORT])


class FinishForm(Form):
    """What was done, and what it cost the house."""

    words = StringField("What was done", [SHORT])
    labour_minutes = IntegerField("Minutes of work", [Optional(), NumberRange(0, 10_000)])
    parts = MoneyField("Parts, cost")


class AssignForm(Form):
    """To whom."""

    person = ChoiceField("To", [InputRequired("Choose somebody.")])


class PriorityForm(Form):
    """How much it presses."""

    priority = ChoiceField("Priority", [InputRequired("Choose one.")])


class CloseForm(Form):
    """A complaint says what caused it."""

    cause = StringField("What caused it", [SHORT])


class ExplainForm(Form):
    """What caused a complaint, and when somebody asks again."""

    cause = StringField("What caused it", [InputRequired("Say what caused it."), SHORT])
    follow_up_on = DateField("Follow up on", [Optional()])


class BillForm(Form):
    """Something on or off the party's bill; its key keeps a second press from posting twice."""

    key = HiddenField()

    code = ChoiceField("Charge code", [InputRequired("Choose one.")])
    amount = MoneyField("Amount", [InputRequired("Say how much.")])
    reason = StringField("Why", [InputRequired("Say why."), SHORT])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.key.data:
            self.key.data = uuid4().hex


class GiftForm(Form):
    """A gift, and what it cost."""

    amount = MoneyField("It cost the house", [InputRequired("Say how much, 0 if nothing.")])
    reason = StringField("What, and why", [InputRequired("Say what."), SHORT])


class DutyForm(Form):
    """Who is there, for whom and when."""

    person = ChoiceField("Who", [InputRequired("Choose somebody.")])
    department = ChoiceField("Department", [InputRequired("Choose one.")])
    level = ChoiceField("As", [InputRequired("Choose one.")])
    day = DateField("Day", [InputRequired("Say which day.")])
    shift = ChoiceField("Shift", [InputRequired("Choose one.")])

    def prepare(self) -> None:
        """Offer what doesn't depend on the hotel."""
        self.department.offer(Department, label=lambda each: each.words)
        levels = {str(int(each)): each for each in Level}
        self.level.offer(levels, label=lambda key: levels[key].words)
        self.shift.offer(Shift, label=lambda each: each.value.capitalize())


class HandoverForm(Form):
    """What the next shift has to know."""

    department = ChoiceField("Department", [InputRequired("Choose one.")])
    words = TextAreaField("To know", [InputRequired("Say what."), Length(max=4000)])


class KeepForm(Form):
    """Something taken into keeping."""

    kind = ChoiceField("What is it", [InputRequired("Choose one.")])
    words = StringField("Description", [InputRequired("Say what it is."), SHORT])
    kept_in = StringField("Kept in", [InputRequired("Say where it is kept."), SHORT])
    pieces = IntegerField("Pieces", [NumberRange(1, 999)], default=1)
    room = StringField("Room", [Length(max=16)])
    found_in = StringField("Or found in", [SHORT])
    remind_on = DateField("Reminder on", [Optional()])


class ToForm(Form):
    """Who got it."""

    to = StringField("To", [InputRequired("Say to whom."), SHORT])
    disposed = BooleanField("Nobody asked for it: given or thrown away")


class ClockForm(Form):
    """How many minutes a category has, for a priority, and for VIPs or others."""

    priority = ChoiceField("Priority", [InputRequired("Choose one.")])
    vip = BooleanField("For VIPs")
    seen = IntegerField("Seen within, minutes", [NumberRange(1, LONGEST_CLOCK)])
    due = IntegerField("Done within, minutes", [NumberRange(1, LONGEST_CLOCK)])
    step = IntegerField("Each level above, minutes", [NumberRange(1, LONGEST_CLOCK)])
