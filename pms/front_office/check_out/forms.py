"""The form of a check-out: tonight, and what may stay owing."""

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length, Optional

from pms.front_office.check_out.bill import Tonight
from pms.hotel.stays.hour_fees import Hour
from pms.web.forms import Form, MoneyField


class CheckOutForm(Form):
    """Whether tonight is charged to who leaves early, and why a balance may wait."""

    tonight = RadioField(
        "Tonight",
        [Optional()],
        choices=[
            SelectChoice("charge", "Charge tonight"),
            SelectChoice("free", "Do not charge tonight"),
        ],
    )
    leave_owing = StringField("Why the balance waits", [Length(max=200)])
    passing = StringField("Why it is passed", [Length(max=200)])

    @property
    def passed(self) -> str | None:
        """Why the house's rules are passed, if that was said."""
        return (self.passing.data or "").strip() or None

    @property
    def charges_tonight(self) -> bool | None:
        """What was said about tonight; None leaves it to the house's rule."""
        return None if not self.tonight.data else self.tonight.data == "charge"

    @property
    def owing(self) -> str | None:
        """Why the party may go with a balance, if that was said."""
        return (self.leave_owing.data or "").strip() or None

    def begin_with(self, tonight: Tonight | None) -> None:
        """Choose the house's own answer for tonight beforehand."""
        if tonight is not None and not self.is_submitted():
            self.tonight.data = "charge" if tonight.by_default else "free"


class HourForm(Form):
    """What becomes of an early or late hour, at the amount that was shown."""

    hour = SelectField("Hour", choices=[SelectChoice(each.value, each.words) for each in Hour])
    due = MoneyField("As shown")
    waive_reason = StringField("Why it is waived", [Length(max=200)])
