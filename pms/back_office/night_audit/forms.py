"""The forms of the night: what happens where nobody decided, one decision, one count."""

from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from pms.hotel.books.payments import Batch
from pms.hotel.close.night_audit import Choice, Rules
from pms.web.filters import minor, plural, short_day
from pms.web.forms import ChoiceField, Form, MoneyField

WORDS = {
    Choice.CHECK_IN: "Check in",
    Choice.KEEP: "Keep for tomorrow",
    Choice.NO_SHOW: "No-show",
    Choice.NO_SHOW_KEEP_NIGHTS: "No-show, keep the other nights",
    Choice.EXTEND: "Extend one night",
    Choice.CHECK_OUT: "Check out",
    Choice.CHECK_OUT_WITH_BALANCE: "Check out with balance",
}
FOR_ARRIVALS = (Choice.CHECK_IN, Choice.KEEP, Choice.NO_SHOW, Choice.NO_SHOW_KEEP_NIGHTS)
FOR_DUE_OUTS = (Choice.EXTEND, Choice.CHECK_OUT, Choice.CHECK_OUT_WITH_BALANCE)
OPTIONS_END = "Option ran out, cancelled"
ONE_BY_ONE = "Decided one by one"


class RulesForm(Form):
    """What the audit does where nobody decided."""

    arrivals = ChoiceField("Arrivals not in")
    due_outs = ChoiceField("Departures not out")
    charge_no_shows = BooleanField("Charge guaranteed no-shows their first night")
    at_any_hour = BooleanField("Close now, whatever the hour")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrivals.offer([Choice.NO_SHOW], label=WORDS.__getitem__, none=ONE_BY_ONE)
        self.due_outs.offer(FOR_DUE_OUTS, label=WORDS.__getitem__, none=ONE_BY_ONE)

    @property
    def rules(self) -> Rules:
        """The rules as the audit takes them."""
        return Rules(
            arrivals=self.arrivals.chosen,
            due_outs=self.due_outs.chosen,
            charge_no_shows=bool(self.charge_no_shows.data),
            at_any_hour=bool(self.at_any_hour.data),
        )

    @property
    def carried(self) -> dict[str, str]:
        """What another form on the page carries of these rules."""
        said = {
            "arrivals": self.arrivals.data or "",
            "due_outs": self.due_outs.data or "",
            "charge_no_shows": "y" if self.charge_no_shows.data else "",
            "at_any_hour": "y" if self.at_any_hour.data else "",
        }
        return {name: value for name, value in said.items() if value}


class DecideForm(Form):
    """What becomes of one party."""

    choice = ChoiceField("Decision", [InputRequired("Choose what happens.")])
    seen = HiddenField()  # what was decided when the page was opened


class TieOutForm(Form):
    """What a terminal says its batch holds."""

    terminal_batch = ChoiceField("Batch", [InputRequired("Choose the batch.")])
    counted = MoneyField("The terminal says", [InputRequired("Write the terminal's total.")])

    def offers(self, batches: list[Batch]) -> None:
        """Offer some batches, each by its day, terminal and number."""
        words = {
            f"{each.day.isoformat()}/{each.terminal}/{each.batch}": (
                f"{short_day(each.day)}, terminal {each.terminal}, batch {each.batch}: "
                f"{plural(each.payments, 'payment')}, {minor(each.amount)}"
            )
            for each in batches
        }
        self.terminal_batch.offer(words, label=words.__getitem__)

    @property
    def asked(self) -> dict[str, Any]:
        """Which batch, and what was counted, as the verbs take them."""
        of_day, terminal, batch = str(self.terminal_batch.data).split("/", 2)
        return {
            "terminal": terminal,
            "batch": batch,
            "of_day": date.fromisoformat(of_day),
            "counted": self.counted.data,
        }


class RecountForm(TieOutForm):
    """What a terminal says of a batch that was counted wrongly, and why."""

    terminal_batch = ChoiceField(
        "Counted batch", [InputRequired("Choose the batch.")], id="recounted-batch"
    )
    counted = MoneyField(
        "The terminal says",
        [InputRequired("Write the terminal's total.")],
        id="recounted",
    )
    reason = StringField("Reason", [InputRequired("Say why."), Length(max=200)])
