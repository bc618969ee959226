"""The forms of the house rules: how strict, from which hour, for how much."""

from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, NumberRange, Optional

from pms.hotel.stays.hour_fees import Hour
from pms.hotel.stays.house_rules import AGES, Check, Rules, Severity
from pms.web.forms import ChoiceField, Form, IntegerField, MoneyField, TimeField

# the check, as it is asked at the desk
ASKS: dict[Check, str] = {
    Check.UNWANTED: "The guest isn't wanted in the house",
    Check.DOCUMENT: "A guest of the party has shown no document",
    Check.CONTACT: "The guest has left no mail and no telephone",
    Check.AGE: "The guest is younger than the house asks",
    Check.CARD: "The registration card isn't signed",
    Check.GUARANTEE: "Nothing guarantees the payment",
    Check.DEPOSIT: "An agreed deposit is still to be paid",
    Check.OTHER_BALANCE: "An earlier stay of the guest was left owing",
    Check.INSPECTED: "The room is clean, but nobody inspected it",
    Check.VIP_ROOM: "A VIP's room wasn't inspected",
    Check.ALERT: "An alert pops up at check-in",
    Check.TRACE: "A trace of the party isn't done",
    Check.OWING: "The party leaves with a balance",
    Check.LATE_FEE: "A late departure is neither charged nor waived",
    Check.KEYS_OUT: "Keys of the party are out",
    Check.ALERT_OUT: "An alert pops up at check-out",
    Check.TRACE_OUT: "A trace of the party isn't done",
}
SEVERITIES = [SelectChoice(each.value, each.value.capitalize()) for each in Severity]


class RulesForm(Form):
    """How strict the house is about each check; one field for each is added below."""

    least_age = IntegerField("Years a guest must be", [InputRequired(), NumberRange(*AGES)])

    def begin_with(self, rules: Rules) -> None:
        """Show the rules as they stand."""
        self.least_age.data = rules.least_age
        for check in Check:
            self.of(check).data = rules.of(check).value

    def of(self, check: Check) -> Any:
        """Return the field of a check."""
        return self[f"check_{check.value}"]


for _check, _words in ASKS.items():
    setattr(RulesForm, f"check_{_check.value}", SelectField(_words, choices=SEVERITIES))


class StepForm(Form):
    """An hour before or after which more is asked, and how much that is."""

    hour = SelectField("For", choices=[SelectChoice(each.value, each.words) for each in Hour])
    at = TimeField("Before or after", [InputRequired()])
    percent = IntegerField("Percent of the night", [Optional(), NumberRange(1, 100)])
    amount = MoneyField("Or an amount")
    code = ChoiceField("Charged as", [InputRequired()])


class UpgradePriceForm(Form):
    """What the house asks a night for a better type; empty leaves it to the plans."""

    from_type = ChoiceField("From")
    to_type = ChoiceField("To")
    amount = MoneyField("More a night")
