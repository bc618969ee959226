"""Takes: the form of which charges a routing rule takes, and how much of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from pms.hotel.books.folios import EVERY_DAY, WHOLE
from pms.hotel.books.taking import Takes
from pms.hotel.tariff.charge_sets import ChargeSet
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.hotel.tariff.taxes import Levies
from pms.web import sentences
from pms.web.forms import WEEKDAYS, Boxes, ChoiceField, DateField, Form, MoneyField, PercentField


class TakesForm(Form):
    """Which charges a routing rule takes, and how much of them."""

    what = ChoiceField("Charges")
    codes = Boxes("Or several codes", choices=[])
    levies = ChoiceField("Taxes")
    percent = PercentField("Percent of each", default="100")
    night_limit = MoneyField("At most a night")
    total_limit = MoneyField("At most in all")
    first_night = DateField("First night", [Optional()])
    last_night = DateField("Last night", [Optional()])
    weekdays = Boxes(
        "Only on, none ticked is every day",
        choices=[SelectChoice(str(no), word) for no, word in enumerate(WEEKDAYS)],
    )

    def offer(self, sets: Iterable[ChargeSet], codes: Sequence[ChargeCode]) -> None:
        """Offer everything, the house's sets, departments and codes; and codes to be ticked."""
        self.what.offer([sentences.EVERYTHING, *sets, *Department, *codes], label=_what)
        self.codes.choices = [SelectChoice(str(code.id), code.name) for code in codes]
        self.levies.offer(Levies, label=sentences.LEVIES.__getitem__)
        self._codes = {str(code.id): code for code in codes}

    def begin(self, takes: Takes) -> None:
        """Fill in what a rule takes now."""
        self.what.begin_with(
            takes.code or takes.charge_set or takes.department or sentences.EVERYTHING
        )
        self.codes.data = [str(code.id) for code in takes.codes]
        self.levies.begin_with(takes.levies)
        self.percent.data = f"{takes.percent / 100:g}"
        self.night_limit.data, self.total_limit.data = takes.night_limit, takes.total_limit
        self.first_night.data, self.last_night.data = takes.first_night, takes.last_night
        if takes.weekdays != EVERY_DAY:
            self.weekdays.data = [str(no) for no in range(7) if takes.weekdays & 1 << no]

    def takes(self) -> Takes:
        """Return what is typed, as the verb says it; no weekday ticked means all."""
        what = self.what.chosen
        bits = sum(1 << int(no) for no in self.weekdays.data or ())
        return Takes(
            code=what if isinstance(what, ChargeCode) else None,
            codes=tuple(self._codes[each] for each in self.codes.data or ()),
            charge_set=what if isinstance(what, ChargeSet) else None,
            department=what if isinstance(what, Department) else None,
            levies=self.levies.chosen or Levies.ALONG,
            first_night=self.first_night.data,
            last_night=self.last_night.data,
            weekdays=bits or EVERY_DAY,
            percent=self.percent.rate if self.percent.plain else WHOLE,
            night_limit=self.night_limit.data,
            total_limit=self.total_limit.data,
        )


def _what(what: Any) -> str:
    if isinstance(what, (ChargeCode, ChargeSet)):
        return str(what.name)
    if isinstance(what, Department):
        return f"All of {sentences.DEPARTMENTS[what]}"
    return "Everything"
