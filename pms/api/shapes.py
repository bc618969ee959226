"""Shapes: the words that questions and answers are made of, checked and described at once."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from typing_extensions import TypedDict

from pms.base.money import Money, digits_of
from pms.base.refusal import Invalid

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
LONGEST_WORD = 32
LARGEST_ID = 2**63 - 1
MOST_PEOPLE = 99


class Query(BaseModel):
    """What is asked in an address; a word that isn't known is refused, not overheard."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(BaseModel):
    """What is asked in a body: JSON that says numbers as numbers and text as text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a date is written like 2026-11-20")
    return date.fromisoformat(value)


def _printable(text: str) -> str:
    """Refuse what isn't text, such as the null character, which PostgreSQL can't keep."""
    if _UNPRINTED.search(text):
        raise ValueError("control characters can't be kept")
    return text


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("it says nothing")
    return text


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Word = Annotated[str, Field(min_length=1, max_length=LONGEST_WORD), AfterValidator(_printable)]
Slip = Annotated[str, Field(min_length=1, max_length=24), AfterValidator(_printable)]
Line = Annotated[
    str, Field(min_length=1, max_length=120), AfterValidator(_printable), AfterValidator(_said)
]
Text = Annotated[str, Field(max_length=120), AfterValidator(_printable)]
Note = Annotated[str, Field(max_length=4000), AfterValidator(_printable)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_printable)]
Email = Annotated[
    str,
    Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$", examples=["ana@example.com"]),
    AfterValidator(_printable),
]
Decimal = Annotated[str, Field(pattern=r"^[0-9]{1,16}(\.[0-9]{1,4})?$", examples=["120.00"])]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]
Adults = Annotated[int, Field(ge=1, le=MOST_PEOPLE)]
Children = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
Age = Annotated[int, Field(ge=0, le=17)]
Ages = Annotated[str, Field(pattern=r"^(1[0-7]|[0-9])(,(1[0-7]|[0-9])){0,19}$", examples=["4,9"])]
Version = Annotated[int, Field(ge=1, le=2**53)]


class NotMoney(Invalid):
    """The currency isn't one, or has fewer decimals."""


class AmountAsked(Body):
    """An amount: a decimal with its currency, such as 120.00 EUR."""

    amount: Decimal
    currency: Currency

    def money(self, field: str) -> Money:
        """Return it as money; refuses decimals that the currency hasn't got, naming the field."""
        try:
            return Money.parse(self.amount, self.currency)
        except Invalid as no:
            raise NotMoney(no.sentence, field=field) from None


class Amount(TypedDict):
    """An amount: a decimal with its currency."""

    amount: str
    currency: str


def amount(minor: int, currency: str) -> Amount:
    """Return minor units as an amount."""
    digits = digits_of(currency)
    if digits == 0:
        return {"amount": str(minor), "currency": currency}
    sign, whole = ("-", -minor) if minor < 0 else ("", minor)
    units, rest = divmod(whole, 10**digits)
    return {"amount": f"{sign}{units}.{rest:0{digits}d}", "currency": currency}


def optional(value: int | None) -> str | None:
    """Return an id as it is said, or nothing."""
    return None if value is None else str(value)


def id_of(text: str) -> int | None:
    """Return the number an id stands for, or None where it can't be one."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(LARGEST_ID)):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None
