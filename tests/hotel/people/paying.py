"""Builders for payroll: rules, a period, a day's hours, money in a tip pool."""

from datetime import date

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.folios import FolioKind
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.people import payroll, tips
from pms.hotel.people.employees import Employment, Position
from pms.hotel.people.exports import Frequency
from pms.hotel.people.pay import PayKind, PayRules, us_federal
from pms.hotel.people.payroll import Owed, PayPeriod
from pms.hotel.people.tips import PoolKind, SharedBy, TipPool
from tests import make
from tests.hotel.people import make_people

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 14)  # two workweeks from Sunday
AFTER = date(2026, 11, 20)


def hotel(session: Session, *, opens_on: date = AFTER, rules: PayRules | None = None) -> Hotel:
    """A hotel in New York with rules for whoever works there."""
    house = make.hotel(session, opens_on=opens_on, currency="USD", time_zone="America/New_York")
    hold(session, house, rules or us_federal())
    return house


def hold(session: Session, house: Hotel, rules: PayRules) -> None:
    """Let rules hold where `make_people` employs everybody."""
    since, by = date(2026, 1, 1), make.by(session, house)
    payroll.set_rules(session, house, "DE", rules, valid_from=since, by=by)


def day(session: Session, employment: Employment, on: date, hours: int, **more: bool) -> None:
    """Hours from eight in the morning on."""
    since, until = f"{on} 08:00", f"{on} {8 + hours:02}:00"
    make_people.worked(session, employment, since, until, **more)


def days(session: Session, employment: Employment, *hours: int, since: date = FIRST) -> None:
    """Hours of days in a row."""
    for n, each in enumerate(hours):
        if each:
            day(session, employment, date.fromordinal(since.toordinal() + n), each)


def period(
    session: Session,
    house: Hotel,
    first: date = FIRST,
    last: date = LAST,
    *,
    until: str = "open",
) -> PayPeriod:
    """A pay period as far as it is told: open, reviewed, approved, locked."""
    by = make.by(session, house)
    made = payroll.open_period(
        session,
        house,
        first=first,
        last=last,
        pays_on=date.fromordinal(last.toordinal() + 5),
        frequency=Frequency.BIWEEKLY,
        by=by,
    )
    return go(session, house, made, until=until)


def go(session: Session, house: Hotel, made: PayPeriod, *, until: str = "locked") -> PayPeriod:
    """Let an open period go on as far as it is told."""
    by, accountant = make.by(session, house), make.by(session, house, Role.ACCOUNTANT)
    for state, step, who in (
        ("reviewed", payroll.review, accountant),
        ("approved", payroll.approve, by),
        ("locked", payroll.lock_period, accountant),
    ):
        if until == "open":
            break
        step(session, made, by=who)
        if until == state:
            break
    session.flush()
    return made


def owed(session: Session, made: PayPeriod) -> list[Owed]:
    """What a period comes to."""
    return payroll.standing(session, made)[1]


def paid(lines: list[Owed], *kinds: PayKind) -> str:
    """What lines come to, in major units."""
    return str(Money(sum(each.amount for each in lines if not kinds or each.kind in kinds), "USD"))


def pool(
    session: Session,
    house: Hotel,
    *held: Position,
    kind: PoolKind = PoolKind.TIPS,
    shared_by: SharedBy = SharedBy.HOURS,
    begins_on: date = FIRST,
) -> TipPool:
    """A pool for what comes in on TIP, shared by positions; the later have more points."""
    by = make.by(session, house)
    made = tips.open_pool(
        session,
        house,
        name="Restaurant",
        kind=kind,
        shared_by=shared_by,
        charge_code=make.charge_code(session, house, "TIP"),
        begins_on=begins_on,
        by=by,
    )
    for points, position in enumerate(held, start=1):
        tips.put_position(session, made, position, points=points, by=by)
    return made


def tip(session: Session, house: Hotel, amount: str) -> None:
    """A tip on somebody's bill, on the hotel's day."""
    by = make.by(session, house)
    folio = folios.open_folio(session, house, kind=FolioKind.PASSER_BY, name="Bar", by=by)
    folios.charge(
        session,
        folio,
        code=make.charge_code(session, house, "TIP"),
        amount=Money.parse(amount, house.currency),
        by=by,
    )


def roll(session: Session, house: Hotel, until: date) -> None:
    """Let the hotel's days go by."""
    while house.business_date < until:
        business_day.roll(session, house, closing=house.business_date)
