"""House rates: what the house asks of a foreign currency, dated, and kept with each payment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, money
from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books.cashiers.denominations import notes
from pms.hotel.books.cashiers.refusals import NotInNotes, NotTaken
from pms.hotel.books.cashiers.tables import ExchangeRate
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

MILLIONTHS = 1_000_000
LARGEST = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class HouseRate:
    """A currency the house takes, and at what rate: millionths of it for one of the hotel's."""

    currency: str
    rate: int
    from_day: date

    @property
    def decimal(self) -> Decimal:
        """How much of the currency is one of the hotel's."""
        return as_decimal(self.rate)

    def worth(self, tendered: Money, currency: str) -> Money:
        """Return what foreign money is worth in the hotel's currency, rounded half up."""
        return tendered.convert(currency, rate=self.decimal)

    def asked_for(self, amount: Money) -> Money:
        """Return the least in the smallest notes that settles an amount of the hotel's money."""
        exact = Fraction(amount.decimal) * Fraction(self.decimal)
        unit = 10 ** money.digits_of(self.currency)
        smallest = min(notes(self.currency))
        pieces = -(-exact * unit // smallest)
        while self.worth(Money(int(pieces) * smallest, self.currency), amount.currency) < amount:
            pieces += 1
        return Money(int(pieces) * smallest, self.currency)


def as_decimal(rate: int) -> Decimal:
    """Return a kept rate as it is written: 1080000 is 1.08."""
    return (Decimal(rate) / MILLIONTHS).normalize()


def set_rate(
    session: Session,
    hotel: Hotel,
    *,
    currency: str,
    rate: Decimal | None,
    from_day: date | None = None,
    by: Staff,
) -> ExchangeRate:
    """Say how much of a currency is one of the hotel's from a day on (today); none ends taking it.

    What was taken keeps its rate. Refuses the hotel's own currency, a day that is gone, and a rate
    with more than six decimals.
    """
    require(by, Permission.KEEP_CASH, hotel.id)
    money.digits_of(currency)
    if currency == hotel.currency:
        raise Invalid(f"{currency} is the house's own. Choose another.", field="currency")
    rate_kept = None if rate is None else kept(rate)
    day = business_day.hold(session, hotel)
    since = from_day or day
    if since < day:
        raise Invalid("That day is gone, and what was taken keeps its rate.", field="from_day")
    before = in_force(session, hotel, since).get(currency)
    row = ExchangeRate(
        hotel_id=hotel.id,
        id=new_id(),
        currency=currency,
        from_day=since,
        rate=rate_kept,
        staff_id=by.id,
        set_at=clock.now(),
    )
    session.add(row)
    session.flush()
    logbook.record(
        session,
        "set house rate",
        row,
        by=by,
        day=day,
        before={"rate": str(before.decimal)} if before else None,
        currency=currency,
        rate=None if rate_kept is None else str(as_decimal(rate_kept)),
        from_day=since,
    )
    return row


def kept(rate: Decimal) -> int:
    """Return a rate as it is kept, in millionths; refuses nothing, too much and odd decimals."""
    is_odd = not rate.is_finite() or not 0 < rate <= LARGEST
    if is_odd or rate * MILLIONTHS != int(rate * MILLIONTHS):
        raise Invalid(
            f"A rate is above zero, at most {LARGEST:,}, with six decimals at most.", field="rate"
        )
    return int(rate * MILLIONTHS)


def in_force(session: Session, hotel: Hotel, day: date) -> dict[str, HouseRate]:
    """Return the currencies the house takes on a day, with their rates, by currency."""
    newest = (
        sa.func.row_number()
        .over(
            partition_by=ExchangeRate.currency,
            order_by=[ExchangeRate.from_day.desc(), ExchangeRate.id.desc()],
        )
        .label("newest")
    )
    ranked = (
        sa.select(ExchangeRate.currency, ExchangeRate.rate, ExchangeRate.from_day, newest)
        .where(ExchangeRate.hotel_id == hotel.id, ExchangeRate.from_day <= day)
        .subquery()
    )
    rows = session.execute(
        sa.select(ranked.c.currency, ranked.c.rate, ranked.c.from_day)
        .where(ranked.c.newest == 1, ranked.c.rate.is_not(None))
        .order_by(ranked.c.currency)
    )
    return {row.currency: HouseRate(row.currency, int(row.rate), row.from_day) for row in rows}


def rate_for(session: Session, hotel: Hotel, tendered: Money, day: date) -> HouseRate:
    """Return the rate foreign money is taken at today; refuses what isn't taken, and coins."""
    found = in_force(session, hotel, day).get(tendered.currency)
    if found is None:
        raise NotTaken(tendered.currency)
    refuse_coins(tendered, field="tendered")
    return found


def refuse_coins(money: Money, *, field: str) -> None:
    """Refuse foreign money that can't be whole notes, and none at all."""
    smallest = Money(min(notes(money.currency)), money.currency)
    if money.minor <= 0 or money.minor % smallest.minor:
        raise NotInNotes(smallest, field=field)
