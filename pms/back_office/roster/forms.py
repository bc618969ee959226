"""The forms of the roster: one shift, and a usual one."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from wtforms import StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange

from pms.base.refusal import Invalid
from pms.hotel.house.departments import Department
from pms.hotel.people import away
from pms.hotel.people.duty import Level
from pms.web.forms import (
    WEEKDAYS,
    Boxes,
    ChoiceField,
    DateField,
    DecimalField,
    Form,
    IntegerField,
    TimeField,
)

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
    hours = DecimalField("Hours paid a day", [NumberRange(0, 24)], default=Decimal(0))
    paid_on = Boxes(
        "Paid on",
        choices=[SelectChoice(str(no), word) for no, word in enumerate(WEEKDAYS)],
        default=[str(no) for no in sorted(away.WEEKDAYS)],
    )
    note = StringField("Note", [Length(max=200)])

    @property
    def minutes(self) -> int:
        """The minutes paid a day: 7.7 hours are 462."""
        hours = self.hours.data or Decimal(0)
        return int((hours * 60).to_integral_value(ROUND_HALF_UP))

    @property
    def weekdays(self) -> frozenset[int]:
        """The weekdays that are paid, Monday is 0; refuses hours of none."""
        ticked = frozenset(int(no) for no in self.paid_on.data or ())
        if self.minutes and not ticked:
            raise Invalid("Tick the days that they would have worked.", field="paid_on")
        return ticked
