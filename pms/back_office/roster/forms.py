"""The forms of the roster: one shift, and a usual one."""

from typing import Any

from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange

from pms.hotel.people.duty import Department, Level
from pms.web.forms import ChoiceField, DateField, Form, IntegerField, TimeField

OPEN = "Nobody yet: an open shift"


class TimesForm(Form):
    """When a shift is, in which position, and how matters reach who works it."""

    position = ChoiceField("Position", [InputRequired("Choose one.")])
    begins = TimeField("Begins", [InputRequired("Say when.")])
    ends = TimeField("Ends", [InputRequired("Say when.")])
    break_minutes = IntegerField("Break, minutes", [NumberRange(0, 240)], default=30)
    level = ChoiceField("On the duty list as")

    def prepare(self, department: Department, positions: Any) -> None:
        """Offer the department's positions, and the levels that are its own."""
        self.position.offer(positions, label=lambda each: each.title)
        is_top = department is Department.MANAGEMENT
        levels = [each for each in Level if (each is Level.DUTY_MANAGER) == is_top]
        self.level.offer(levels, label=lambda each: each.words)

    @property
    def chosen_level(self) -> Level:
        """How the duty list has them."""
        return self.level.chosen or Level.ATTENDS


class ShiftForm(TimesForm):
    """A shift, or another one."""

    employee = ChoiceField("Who")
    day = DateField("Day", [InputRequired("Say on which day.")])
    note = StringField("Note", [Length(max=120)])


class TemplateForm(TimesForm):
    """A usual shift."""

    code = StringField("Code", [InputRequired("Give a code, like E."), Length(max=8)])


class AbsentForm(Form):
    """An absence."""

    kind = ChoiceField("Why")
    first = DateField("First day", [InputRequired("Say on which day.")])
    last = DateField("Last day", [InputRequired("Say on which day.")])
    hours = IntegerField("Hours paid a day, Monday to Friday", [NumberRange(0, 24)], default=0)
    note = StringField("Note", [Length(max=200)])
