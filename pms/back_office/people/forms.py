"""The forms of people: who somebody is, what they hold, and each thing that is kept of them."""

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.base.refusal import Invalid
from pms.hotel.house.departments import Department
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.people.employees import PaperKind, PayBasis, PayrollSystem
from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField, TimeField

NAME, SHORT = Length(max=80), Length(max=200)
_SAY_DAY = InputRequired("Say on which day.")


class PersonForm(Form):
    """Who somebody is."""

    number = StringField("Number", [InputRequired("Give a number."), Length(max=20)])
    first_name = StringField("First name", [NAME])
    last_name = StringField("Last name", [InputRequired("Write the last name."), NAME])
    department = ChoiceField("Department", [InputRequired("Choose one.")])
    email = StringField("E-mail", [SHORT])
    phone = StringField("Phone", [Length(max=40)])
    born_on = DateField("Born", [Optional()])
    language = ChoiceField("Letters in")
    is_manager = BooleanField("Manages or supervises (no tip pool pays them)")

    def prepare(self) -> None:
        """Offer the departments and the languages."""
        self.department.offer(Department, label=lambda each: each.words)
        self.language.offer(LANGUAGES, label=LANGUAGES.__getitem__, none="The house's language")


class HireForm(PersonForm):
    """Who somebody is, and since when."""

    hired_on = DateField("First day", [_SAY_DAY])


class HoldForm(Form):
    """A position, from when, where."""

    position = ChoiceField("Position", [InputRequired("Choose one.")])
    begins_on = DateField("From", [_SAY_DAY])
    jurisdiction = StringField("Works in", [InputRequired("Say where."), Length(max=6)])
    exempt = BooleanField("Exempt from overtime")


class EndForm(Form):
    """Which position ends when."""

    employment = ChoiceField("Position", [InputRequired("Choose one.")])
    ends_on = DateField("Last day", [_SAY_DAY])


class PayForm(Form):
    """What a position pays from a day on."""

    employment = ChoiceField("Position", [InputRequired("Choose one.")])
    amount = MoneyField("Amount", [InputRequired("Say how much.")])
    basis = ChoiceField("For each")
    week_hours = IntegerField(
        "A salary for so many hours a week", [Optional(), NumberRange(1, 168)]
    )
    fluctuates = BooleanField("A salary for whatever hours the week has")
    valid_from = DateField("From", [_SAY_DAY])

    @property
    def week_minutes(self) -> int | None:
        """The minutes that a salary is for, 0 for whatever there are; refuses both at once."""
        if self.fluctuates.data and self.week_hours.data:
            raise Invalid("Say either the hours or that they fluctuate.", field="week_hours")
        if self.fluctuates.data:
            return 0
        return self.week_hours.data * 60 if self.week_hours.data else None

    def prepare(self) -> None:
        """Offer what an amount is paid for."""
        self.basis.offer(PayBasis, label=lambda each: each.value.capitalize())


class PaperForm(Form):
    """A document that runs out."""

    kind = ChoiceField("Document")
    words = StringField("Note", [SHORT])
    issued_on = DateField("Issued", [Optional()])
    expires_on = DateField("Runs out", [_SAY_DAY])
    remind_days = IntegerField("Remind so many days before", [NumberRange(0, 365)], default=30)

    def prepare(self) -> None:
        """Offer the kinds."""
        self.kind.offer(PaperKind, label=lambda each: each.words)


class TrainedForm(Form):
    """A course somebody was on."""

    course = ChoiceField("Course", [InputRequired("Choose one.")])
    done_on = DateField("Day", [_SAY_DAY])


class PayrollNumberForm(Form):
    """How a payroll system knows somebody."""

    system = ChoiceField("System")
    number = StringField("Number or name there", [Length(max=60)])

    def prepare(self) -> None:
        """Offer the systems."""
        self.system.offer(PayrollSystem, label=lambda each: each.words)


class PinForm(Form):
    """A PIN for the clock."""

    pin = PasswordField("PIN, 6 to 8 digits", [InputRequired("Type 6 to 8 digits.")])


class LeaveForm(Form):
    """The last day."""

    left_on = DateField("Last day", [_SAY_DAY])
    why = StringField("Why", [SHORT])


class SignInForm(Form):
    """Whose sign-in."""

    sign_in = ChoiceField("Signs in as")


class PositionForm(Form):
    """What people are employed as."""

    code = StringField("Code", [InputRequired("Give a code."), Length(max=20)])
    title = StringField("Title", [InputRequired("Say what it is called."), NAME])
    department = ChoiceField("Department", [InputRequired("Choose one.")])
    cost_center = StringField("Cost centre in payroll", [Length(max=20)])
    tipped = BooleanField("Customarily gets tips")
    adults_only = BooleanField("For adults only")


class CourseForm(Form):
    """A course that is asked for."""

    name = StringField("Course", [InputRequired("Say what it is called."), NAME])
    department = ChoiceField("For")
    within_days = IntegerField("Days after hire", [NumberRange(0, 365)], default=30)
    every_months = IntegerField("Again after months", [Optional(), NumberRange(1, 120)])


class RulesForm(Form):
    """How long people work and rest, in minutes."""

    rest = IntegerField("Rest between shifts", [InputRequired()])
    longest_day = IntegerField("Longest day", [InputRequired()])
    longest_week = IntegerField("Longest week", [InputRequired()])
    minor_day = IntegerField("Longest day under 18", [InputRequired()])
    minor_week = IntegerField("Longest week under 18", [InputRequired()])
    minor_from = TimeField("Under 18 from", [InputRequired()])
    minor_until = TimeField("Under 18 until", [InputRequired()])
    break_after = IntegerField("A break is due after", [InputRequired()])
    break_of = IntegerField("It lasts at least", [InputRequired()])
    paid_break = IntegerField("Breaks are paid up to", [InputRequired()])
    grace = IntegerField("Late or early from", [InputRequired()])
    long_shift = IntegerField("A shift is long from", [InputRequired()])
