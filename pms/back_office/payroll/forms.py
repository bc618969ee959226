"""The forms of payroll: a period, why it is opened again, what is paid beside hours, settings."""

from collections.abc import Mapping

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.hotel.people.exports import Frequency
from pms.hotel.people.pay import PayKind
from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField

SHORT = Length(max=200)
_SAY_DAY = InputRequired("Say on which day.")


class PeriodForm(Form):
    """The days that are paid together."""

    first = DateField("First day", [_SAY_DAY])
    last = DateField("Last day", [_SAY_DAY])
    pays_on = DateField("Paid on", [_SAY_DAY])
    frequency = ChoiceField("Paid")

    def prepare(self) -> None:
        """Offer how often people are paid."""
        self.frequency.offer(
            Frequency, label=lambda each: each.value.capitalize(), none="Otherwise"
        )


class ReopenForm(Form):
    """Why a period is opened again."""

    why = StringField("Why", [InputRequired("Say why."), SHORT])


class BonusForm(Form):
    """A bonus: of which day, how much, what for."""

    on = DateField("Earned on", [_SAY_DAY])
    kind = ChoiceField("Kind")
    amount = MoneyField("Amount", [InputRequired("Say how much.")])
    words = StringField("What for", [InputRequired("Say what for."), SHORT])


class TipsForm(Form):
    """Tips taken in cash: on which day, how much."""

    on = DateField("Taken on", [_SAY_DAY])
    amount = MoneyField("Amount", [InputRequired("Say how much.")])


class ExportForm(Form):
    """For whom a file is made."""

    target = ChoiceField("For", [InputRequired("Choose one.")])


class SettingsForm(Form):
    """How a payroll system knows the hotel; a code a line."""

    company = StringField("Company, client or consultant’s number", [Length(max=40)])
    client = StringField("Client’s number (DATEV)", [Length(max=40)])
    batch = StringField("Batches begin with (ADP)", [Length(max=2)])
    codes = TextAreaField("Codes", [Length(max=4000)])
    jobs = TextAreaField("Jobs at a rate of their own", [Length(max=4000)])

    @staticmethod
    def written(codes: Mapping[PayKind, str] | Mapping[str, str]) -> str:
        """Return codes, or what jobs are called, as lines to be changed."""
        return "\n".join(f"{name} = {code}" for name, code in codes.items())

    def read(self) -> dict[PayKind, str] | None:
        """Return the codes that were typed, or None with what is wrong beside the field."""
        found = _lines(self.codes, "regular = REG")
        wrong = next((name for name in found or () if name not in set(PayKind)), None)
        if wrong is not None:
            self.codes.errors = [f"“{wrong[:40]}” is no kind of earning: write “regular = REG”."]
        if found is None or wrong is not None:
            return None
        return {PayKind(name): code for name, code in found.items()}

    def read_jobs(self) -> dict[str, str] | None:
        """Return what jobs are called by code, or None with what is wrong beside the field."""
        return _lines(self.jobs, "SERVER = RATE2")


def _lines(field: TextAreaField, like: str) -> dict[str, str] | None:
    """Return what stands before and after the sign of each line, or None with what is wrong."""
    found = {}
    for line in (field.data or "").splitlines():
        name, sign, word = line.partition("=")
        if line.strip() and not sign:
            field.errors = [f"“{line.strip()[:40]}”: write it like “{like}”."]
            return None
        if line.strip():
            found[name.strip()] = word.strip()
    return found


class RulesForm(Form):
    """Which rules hold where, since when, and the wages that they ask for."""

    jurisdiction = StringField("Works in", [InputRequired("Say where."), Length(max=6)])
    valid_from = DateField("From", [_SAY_DAY])
    preset = ChoiceField("Rules")
    minimum_wage = MoneyField("Minimum wage an hour")
    tip_credit = MoneyField("Most that tips may stand for, an hour")
    week_starts = ChoiceField("Workweek begins on")


class PoolForm(Form):
    """A pool: of which charge code, shared how."""

    name = StringField("Name", [InputRequired("Give it a name."), Length(max=80)])
    charge_code = ChoiceField("What comes in on", [InputRequired("Choose one.")])
    kind = ChoiceField("It is")
    shared_by = ChoiceField("Shared by")
    begins_on = DateField("From", [_SAY_DAY])


class ShareForm(Form):
    """A position that shares in a pool."""

    position = ChoiceField("Position", [InputRequired("Choose one.")])
    points = IntegerField("Points", [Optional(), NumberRange(1, 100)], default=1)
