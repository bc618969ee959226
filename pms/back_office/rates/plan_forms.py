"""The forms of a plan: what it follows, who pays more, its seasons, companies and policy."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pms.back_office.rates.forms import points_of
from pms.base.money import Money
from pms.base.numbers import whole
from pms.base.refusal import Invalid
from pms.hotel.rooms.derivations import Difference
from pms.hotel.rooms.policies import Amount, Asks, By, Terms
from pms.hotel.rooms.pricing import Rounding, Supplement, Who
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.rooms.seasons import Span, TypePrice
from pms.web.auth import here
from pms.web.forms import ChoiceField, DateField, Form, IntegerField, MoneyField, TimeField

NAME = Length(min=1, max=80, message="Say its name, in at most 80 characters.")
CHILDREN_LISTED = 3
ASKS = {
    Asks.NONE: "None",
    Asks.ANY: "Any: card, deposit or company",
    Asks.CARD: "Card",
    Asks.DEPOSIT: "Deposit",
    Asks.COMPANY: "Company",
}
BY = {
    By.NONE: "Nothing",
    By.NIGHTS: "First nights",
    By.PERCENT: "Percent of the stay",
    By.AMOUNT: "An amount",
}
ROUNDING = {
    Rounding.NEAREST: "to the nearest",
    Rounding.UP: "up to the next",
    Rounding.DOWN: "down to the last",
}


def offered(words: Mapping[Any, str]) -> list[SelectChoice]:
    """Return choices by what they mean, each with its word."""
    return [SelectChoice(str(value), word) for value, word in words.items()]


class PlanForm(Form):
    """A new plan."""

    code = StringField("Code", [Length(min=1, max=12)])
    name = StringField("Name", [NAME])
    market = StringField("Market", [Length(min=1, max=40)], default="transient")
    charge = ChoiceField("Posted as")


class DeriveForm(Form):
    """Which plan it follows, and how far it stands from it."""

    parent = ChoiceField("Follows")
    difference = StringField("Difference", [Length(max=20)])
    unit = RadioField(
        "In", choices=[SelectChoice("percent", "percent"), SelectChoice("amount", "amount")],
        default="percent",
    )  # fmt: skip
    rounding = SelectField("Rounded", choices=offered(ROUNDING), default=Rounding.NEAREST.value)
    step = MoneyField("To a whole")

    @property
    def wanted(self) -> Difference:
        """The difference as it was typed."""
        step = self.step.data.minor if self.step.data else 1
        rounding = Rounding(self.rounding.data)
        typed = (self.difference.data or "").replace("\N{MINUS SIGN}", "-")
        if self.unit.data == "percent":
            points = points_of(typed, field="difference")
            return Difference(points=points, step=step, rounding=rounding)
        amount = Money.typed(typed, here().currency)
        return Difference(amount=amount, step=step, rounding=rounding)


class SupplementsForm(Form):
    """What each party pays more or less a night; an empty field says nothing."""

    adults_1 = MoneyField("1 adult")
    adults_2 = MoneyField("2 adults")
    adults_3 = MoneyField("3 adults")
    adults_4 = MoneyField("4 adults")
    extra_adult = MoneyField("Each more")
    child_age_1 = IntegerField("Child up to age", [Optional(), NumberRange(0, 17)])
    child_1 = MoneyField("A night")
    child_age_2 = IntegerField("Child up to age", [Optional(), NumberRange(0, 17)])
    child_2 = MoneyField("A night")
    child_age_3 = IntegerField("Child up to age", [Optional(), NumberRange(0, 17)])
    child_3 = MoneyField("A night")

    @property
    def adults(self) -> list[MoneyField]:
        """The fields of adults, by their number."""
        return [self[f"adults_{n}"] for n in range(1, 5)]

    @property
    def children(self) -> list[tuple[IntegerField, MoneyField]]:
        """The pairs of fields of children: age and amount."""
        return [(self[f"child_age_{n}"], self[f"child_{n}"]) for n in range(1, CHILDREN_LISTED + 1)]

    def show(self, rows: Sequence[Supplement]) -> None:
        """Fill the fields with what stands."""
        currency, child = here().currency, 0
        for each in rows:
            amount = Money(each.amount, currency)
            if each.who is Who.ADULTS:
                self[f"adults_{each.number}"].data = amount
            elif each.who is Who.EXTRA_ADULT:
                self.extra_adult.data = amount
            elif child < CHILDREN_LISTED:
                child += 1
                self[f"child_age_{child}"].data = each.number
                self[f"child_{child}"].data = amount

    @property
    def wanted(self) -> list[Supplement]:
        """The supplements as they were typed."""
        found = [
            Supplement(Who.ADULTS, n, field.data.minor)
            for n, field in enumerate(self.adults, start=1)
            if field.data is not None
        ]
        if self.extra_adult.data is not None:
            found.append(Supplement(Who.EXTRA_ADULT, 0, self.extra_adult.data.minor))
        for age, amount in self.children:
            if (age.data is None) is not (amount.data is None):
                raise Invalid("Say both the age and the amount.", field=age.name)
            if age.data is not None and amount.data is not None:
                found.append(Supplement(Who.CHILD, age.data, amount.data.minor))
        return found


class SeasonForm(Form):
    """A season's name and nights; its prices are fields by type, read from what was sent."""

    name = StringField("Name", [NAME])
    first = DateField("First night")
    last = DateField("Last night")

    @property
    def span(self) -> Span:
        """The season's name and nights."""
        if self.first.data is None or self.last.data is None:
            raise Invalid("Say from which night to which.", field="last")
        return Span(self.name.data or "", self.first.data, self.last.data)


def season_prices(sent: Mapping[str, str], types: Sequence[RoomType]) -> dict[RoomType, TypePrice]:
    """Read a price for weekdays and one for weekends of each type; empty ones are left out."""
    currency, found = here().currency, {}
    for kind in types:
        usual = sent.get(f"price-{kind.id}", "").strip()
        weekend = sent.get(f"weekend-{kind.id}", "").strip()
        if not usual and weekend:
            raise Invalid(f"Say what {kind.name} costs on weekdays too.", field="name")
        if usual:
            on_weekends = Money.typed(weekend, currency) if weekend else None
            found[kind] = TypePrice(Money.typed(usual, currency), on_weekends)
    return found


class AgreementForm(Form):
    """A company a plan is agreed with."""

    company = StringField("Company", [Length(min=1, max=24)])
    first = DateField("From night")
    last = DateField("To night", [Optional()])


class PolicyOfPlanForm(Form):
    """Which policy a plan is booked under."""

    policy = ChoiceField("Policy")


class PolicyForm(Form):
    """A policy's terms."""

    code = StringField("Code", [Length(max=24)])
    name = StringField("Name", [NAME])
    asks = SelectField("Guarantee asked for", choices=offered(ASKS))
    deposit_by = SelectField("Deposit", choices=offered(BY))
    deposit_value = StringField("How much", [Length(max=20)])
    deposit_days = IntegerField("Due days before arrival", [Optional(), NumberRange(0, 365)])
    cancel_days = IntegerField("Free until days before arrival", [Optional(), NumberRange(0, 365)])
    cancel_at = TimeField("at", default=time(18, 0))
    cancel_by = SelectField("Cancelled later", choices=offered(BY))
    cancel_value = StringField("How much", [Length(max=20)])
    no_show_by = SelectField("Not coming", choices=offered(BY))
    no_show_value = StringField("How much", [Length(max=20)])
    fee_code = ChoiceField("Fees are posted as")

    def show(self, terms: Terms) -> None:
        """Fill the fields with a policy's terms."""
        self.asks.data = terms.asks.value
        self.deposit_days.data, self.cancel_days.data = terms.deposit_days, terms.cancel_days
        self.cancel_at.data = terms.cancel_at
        pairs = (("deposit", terms.deposit), ("cancel", terms.cancel), ("no_show", terms.no_show))
        for name, amount in pairs:
            self[f"{name}_by"].data = amount.by.value
            self[f"{name}_value"].data = _typed(amount)

    @property
    def terms(self) -> Terms:
        """The terms as they were typed."""
        return Terms(
            asks=Asks(self.asks.data),
            deposit=self._amount("deposit"),
            deposit_days=self.deposit_days.data,
            cancel_days=self.cancel_days.data,
            cancel_at=self.cancel_at.data or time(18, 0),
            cancel=self._amount("cancel"),
            no_show=self._amount("no_show"),
        )

    def _amount(self, name: str) -> Amount:
        by, field = By(self[f"{name}_by"].data), f"{name}_value"
        typed = (self[field].data or "").strip().rstrip("%").strip()
        if by is By.NONE:
            return Amount()
        if by is By.NIGHTS:
            nights = whole(typed, digits=2)
            if nights is None:
                raise Invalid("Say how many nights, 1 to 99.", field=field)
            return Amount(by, nights)
        if by is By.PERCENT:
            return Amount(by, points_of(typed, field=field))
        try:
            return Amount(by, Money.typed(typed, here().currency).minor)
        except Invalid as no:
            raise Invalid(no.sentence, field=field) from None


def _typed(amount: Amount) -> str:
    if amount.by is By.NONE:
        return ""
    if amount.by is By.PERCENT:
        return f"{amount.value / 100:g}"
    return str(amount.value if amount.by is By.NIGHTS else Money(amount.value, here().currency))


class PlanPackageForm(Form):
    """A package that a plan brings."""

    package = ChoiceField("Package", [InputRequired("Choose a package.")])
    way = RadioField(
        "How",
        choices=[
            SelectChoice("included", "in the price"),
            SelectChoice("added", "on top of the price"),
        ],
        default="included",
    )
