"""The forms of taxes: a rate and limits from a day on, and a stay to see them on; a new one."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from wtforms import BooleanField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.back_office.taxes.seen import Stay
from pms.base.money import Money
from pms.base.numbers import percentage
from pms.base.refusal import Invalid, Refusal
from pms.hotel.rooms.pricing import Party
from pms.hotel.tariff.taxes import (
    LONGEST_CODE,
    LONGEST_NAME,
    MOST_BANDS,
    OLDEST_CHILD,
    PERCENT,
    Bands,
    Limits,
    Rule,
    Tax,
    TaxClass,
    TaxKind,
)
from pms.web.auth import here
from pms.web.forms import Boxes, ChoiceField, DateField, Form, IntegerField, MoneyField

USUAL_PRICE = Fraction(100)  # of a night to see a tax on, in major units
VAT, LEVY = "vat", "levy"
INSIDE, ON_TOP = "inside", "on_top"
NATURES = {VAT: "Value added tax", LEVY: "Levy of who sleeps here, outside VAT"}
PLACES = {INSIDE: "In the price", ON_TOP: "On top of the price"}
KINDS = {
    TaxKind.PERCENT: "Percent of the price",
    TaxKind.PER_PERSON_NIGHT: "Amount for a person and night",
    TaxKind.PER_NIGHT: "Amount for a night",
    TaxKind.PER_PERSON: "Amount for a person, once a stay",
    TaxKind.PER_BOOKING: "Amount for a booking, once",
}
LONGEST_STAY = 400
MOST_PERCENT = 100
_NIGHTS = [Optional(), NumberRange(1, LONGEST_STAY)]
_AGE = [Optional(), NumberRange(0, OLDEST_CHILD)]


class TaxForm(Form):
    """What a tax shall be from a day on."""

    from_day = DateField("From", [InputRequired("Say from which day.")])
    rate = StringField("Rate", [InputRequired("Say the rate, 0 for none."), Length(max=20)])
    only_over = MoneyField("Only over, a night")
    cap = MoneyField("At most, a person and night")
    most_nights = IntegerField("For the first nights", _NIGHTS)
    exempt_from = IntegerField("Stays exempt from, nights", _NIGHTS)
    refunds = BooleanField("What was charged before then goes back")
    child_age_1 = IntegerField("Child up to age", _AGE)
    child_1 = MoneyField("Bears")
    child_age_2 = IntegerField("Child up to age", _AGE)
    child_2 = MoneyField("Bears")
    child_age_3 = IntegerField("Child up to age", _AGE)
    child_3 = MoneyField("Bears")
    price = MoneyField("Price of a night")
    nights = IntegerField(
        "Nights", [InputRequired("Say how many nights."), NumberRange(1, LONGEST_STAY)], default=3
    )
    adults = IntegerField(
        "Adults", [InputRequired("Say how many adults."), NumberRange(0, 40)], default=2
    )
    ages = StringField("Children's ages", [Length(max=40)])

    @property
    def bands(self) -> list[tuple[IntegerField, MoneyField]]:
        """The pairs of fields of children: age and amount."""
        return [(self[f"child_age_{n}"], self[f"child_{n}"]) for n in range(1, MOST_BANDS + 1)]

    @property
    def child_ages(self) -> tuple[int, ...]:
        """The ages of the children to see it on: `4, 9`."""
        return tuple(int(age) for age in re.findall(r"\d{1,2}", self.ages.data or ""))

    def stay(self) -> Stay:
        """Return the stay that was typed to see the tax on."""
        ages = self.child_ages
        return Stay(
            self.price.data or Money.rounded(USUAL_PRICE, here().currency),
            self.nights.data or 1,
            Party(self.adults.data or 0, len(ages), ages),
        )

    def show(self, rule: Rule) -> None:
        """Fill the fields with a rule that stands; what has ended has nothing to begin with."""
        if rule.limits.has_ended:
            return
        currency = here().currency
        is_share = rule.kind is TaxKind.PERCENT
        self.rate.data = f"{rule.rate / PERCENT:g}" if is_share else str(Money(rule.rate, currency))
        for name in ("only_over", "cap"):
            minor = getattr(rule.limits, name)
            self[name].data = None if minor is None else Money(minor, currency)
        for name in ("most_nights", "exempt_from", "refunds"):
            self[name].data = getattr(rule.limits, name)
        for (age, amount), (upto, minor) in zip(self.bands, rule.children, strict=False):
            age.data, amount.data = upto, Money(minor, currency)

    def wanted(self, kind: TaxKind) -> dict[str, Any]:
        """Return rate, limits and children as the verb takes them; refuses what can't be read."""
        return {
            "rate": _rate(self.rate.data or "", kind),
            "limits": Limits(
                only_over=_minor(self.only_over),
                cap=_minor(self.cap),
                most_nights=self.most_nights.data,
                exempt_from=self.exempt_from.data,
                refunds=bool(self.refunds.data),
            ),
            "children": self._children(),
        }

    def _children(self) -> Bands:
        typed = []
        for age, amount in self.bands:
            if (age.data is None) is not (amount.data is None):
                raise Invalid("Say both the age and what it bears; 0 is nothing.", field=age.name)
            if age.data is not None and amount.data is not None:
                typed.append((age.data, amount.data.minor))
        return tuple(sorted(typed))


class NewTaxForm(TaxForm):
    """A tax that there isn't yet: what it is, what it is of, and which charges bear it."""

    code = StringField("Code", [InputRequired("Say its code."), Length(max=LONGEST_CODE)])
    name = StringField("Name", [InputRequired("Say its name."), Length(max=LONGEST_NAME)])
    kind = ChoiceField("Reckoned as", [InputRequired("Say how it is reckoned.")])
    inclusive = ChoiceField("Where it is", [InputRequired("Say where it is.")])
    levy = ChoiceField("What it is", [InputRequired("Say what it is.")])
    on_top_of = Boxes("Its base is the price, and")
    classes = Boxes("Borne by charges of")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.offer(TaxKind, label=lambda kind: KINDS[kind])
        self.inclusive.offer([INSIDE, ON_TOP], label=lambda where: PLACES[where])
        self.levy.offer([VAT, LEVY], label=lambda what: NATURES[what])

    def offer(self, taxes: Sequence[Tax], classes: Sequence[TaxClass]) -> None:
        """Say which taxes it can be on top of, and which charges can bear it."""
        self.on_top_of.choices = [SelectChoice(str(each.id), each.name) for each in taxes]
        self.classes.choices = [SelectChoice(str(each.id), each.name) for each in classes]

    def validate_classes(self, field: Any) -> None:
        """Ask which charges bear it: a tax that none bears is a slip."""
        if not field.data:
            raise ValidationError("Say which charges bear it.")

    def details(self) -> dict[str, Any]:
        """Return what the tax is, its rate aside, as the verb takes it."""
        return {
            "code": (self.code.data or "").strip().upper(),
            "name": self.name.data or "",
            "kind": self.kind.chosen,
            "inclusive": self.inclusive.chosen == INSIDE,
            "levy": self.levy.chosen == LEVY,
        }


class ClassForm(Form):
    """A class of charges, the taxes they bear, and which these are from now on."""

    code = StringField("Code", [InputRequired("Say its code."), Length(max=LONGEST_CODE)])
    name = StringField("Name", [InputRequired("Say its name."), Length(max=LONGEST_NAME)])
    taxes = Boxes("Its charges bear")
    charges = Boxes("Charges that belong to it from now on")


class ChangedClassForm(Form):
    """Another name of a class, and charges that weren't in it."""

    name = StringField("Name", [InputRequired("Say its name."), Length(max=LONGEST_NAME)])
    charges = Boxes("Charges that belong to it from now on, too")


class EndForm(Form):
    """From which day on nobody bears a tax."""

    from_day = DateField("From", [InputRequired("Say from which day.")])


def _minor(field: MoneyField) -> int | None:
    return None if field.data is None else field.data.minor


def _rate(typed: str, kind: TaxKind) -> int:
    """Read a rate: a percentage to four decimals, or an amount."""
    if kind is not TaxKind.PERCENT:
        try:
            return Money.typed(typed, here().currency).minor
        except Refusal as refusal:
            raise Invalid(refusal.sentence, field="rate") from None
    share = percentage(typed)
    if share is None:
        raise Invalid("Write a percentage like 7 or 5.875.", field="rate")
    rate = share * PERCENT
    if rate.denominator != 1 or not 0 <= share <= MOST_PERCENT:
        raise Invalid("A percentage is 0 to 100, with at most four decimals.", field="rate")
    return int(rate)
