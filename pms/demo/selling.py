"""The demo's selling: plans that follow, seasons, agreements, policies, and bookings by them."""

from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.demo.building import Plan
from pms.demo.month import House
from pms.demo.people import FIRMS
from pms.hotel.guests import companies
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import (
    derivations,
    negotiated,
    policies,
    rates,
    restrictions,
    rooms,
    seasons,
    supplements,
    yields,
)
from pms.hotel.rooms.derivations import Difference
from pms.hotel.rooms.policies import Amount, Asks, By, Policy, Terms
from pms.hotel.rooms.pricing import Supplement, Who
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.seasons import Span, TypePrice
from pms.hotel.rooms.yields import Does, Measure, Rule
from pms.hotel.stays import fees, reservations
from pms.hotel.stays.reservations import Guarantee, Origin
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import ChargeCode, Department

WHOLE = Amount(By.PERCENT, 10_000)
FIRST_NIGHT = Amount(By.NIGHTS, 1)
FLEXIBLE = Terms(Asks.NONE, Amount(), None, 0, time(18, 0), FIRST_NIGHT, FIRST_NIGHT)
ADVANCE = Terms(
    Asks.NONE, Amount(By.PERCENT, 3_000), 14, 7, time(18, 0), Amount(By.PERCENT, 5_000), WHOLE
)
BOOKED_EARLY = 7  # days before the arrival, by which the advance purchase is booked
BOOKED_AHEAD_FOR = timedelta(days=365)
NO_REFUND = Terms(Asks.CARD, WHOLE, None, None, time(18, 0), WHOLE, WHOLE)
WHO_PAYS = (
    Supplement(Who.ADULTS, 1, -1_200),
    Supplement(Who.EXTRA_ADULT, 0, 3_500),
    Supplement(Who.CHILD, 5, 0),
    Supplement(Who.CHILD, 12, 1_500),
)


def set_up(house: House, plan: Plan, *, today: date) -> None:
    """Say what is sold from today on, and sell some of it."""
    with house.at(today, time(15, 30)) as hotel:
        by = house.who(Role.MANAGER)
        bar, kinds = _plan(house.session, hotel, "BAR"), plan.kinds
        _policies(house.session, hotel, by=by)
        supplements.put(house.session, bar, WHO_PAYS, by=by)
        single = rooms.type_by_code(house.session, hotel, "SGL")
        if single is not None:  # its price is for one
            own = [Supplement(Who.ADULTS, 1, 0)]
            supplements.put(house.session, bar, own, room_type=single, by=by)
        for name, first, last, factor in _spans(today):
            span = Span(name, first, last)
            costs = {
                kind: TypePrice(
                    Money(int(each.base * factor) * 100, hotel.currency),
                    Money(int(each.base * factor * 1.12) * 100, hotel.currency),
                )
                for each in kinds
                if (kind := rooms.type_by_code(house.session, hotel, each.code))
            }
            seasons.put(house.session, bar, span, costs, by=by)
        for rule in _rules(today):
            yields.add(house.session, hotel, rule, by=by)
        corporate = _plan(house.session, hotel, "CORP")
        for code, _, _ in FIRMS:
            company = companies.by_code(house.session, hotel, code)
            if company is not None:
                negotiated.agree(house.session, corporate, company, first=hotel.opened_on, by=by)
    _sell(house, today)


def _spans(today: date) -> list[tuple[str, date, date, float]]:
    """Return the seasons to come: the turn of the year, and next year's summer."""
    year = today.year
    return [
        ("Turn of the year", date(year, 12, 27), date(year + 1, 1, 2), 1.45),
        ("Summer", date(year + 1, 6, 15), date(year + 1, 9, 15), 1.3),
    ]


def _rules(today: date) -> list[Rule]:
    """Return what the house does with nights that sell well, and with those that don't."""
    until = today + timedelta(days=180)
    share = Measure.OCCUPANCY
    more, less, longer = Does.PERCENT, Does.PERCENT, Does.MIN_STAY
    return [
        Rule("Nearly full", None, None, today, until, share, False, 85, None, more, 1_500),
        Rule("Quiet night", None, None, today, until, share, True, 10, None, less, -500),
        Rule("Last rooms", None, None, today, until, share, False, 95, None, longer, 2),
    ]


def _plan(session: Session, hotel: Hotel, code: str) -> RatePlan:
    found = rates.by_code(session, hotel, code)
    if found is None:
        raise LookupError(code)
    return found


def _policies(session: Session, hotel: Hotel, *, by: Staff) -> None:
    """Add the policies, and what follows the flexible plan: booked early, and not refunded."""
    bar, advance = _plan(session, hotel, "BAR"), _plan(session, hotel, "ADV")
    room = session.get_one(ChargeCode, (hotel.id, bar.charge_code_id))
    fee = charges.add(
        session,
        hotel,
        code="FEE",
        name="Cancellation fee",
        department=Department.MISCELLANEOUS,
        by=by,
    )
    strict = rates.add_plan(
        session,
        hotel,
        code="NRF",
        name="Non-refundable",
        market="advance",
        charge_code=room,
        by=by,
    )
    for plan, points in ((advance, -1_500), (strict, -2_000)):
        derivations.derive(session, plan, bar, Difference(points=points, step=100), by=by)
    ahead = list(dates.days(hotel.business_date, hotel.business_date + BOOKED_AHEAD_FOR))
    early = restrictions.Kind.MIN_ADVANCE
    restrictions.put(session, hotel, early, ahead, value=BOOKED_EARLY, plans=[advance], by=by)
    made: list[tuple[RatePlan, str, str, Terms]] = [
        (bar, "FLEX", "Flexible", FLEXIBLE),
        (advance, "ADVANCE", "Advance purchase", ADVANCE),
        (strict, "NOREFUND", "Non-refundable", NO_REFUND),
    ]
    for plan, code, name, terms in made:
        policy: Policy = policies.add(
            session, hotel, code=code, name=name, terms=terms, fee_code=fee, by=by
        )
        policies.attach(session, plan, policy, by=by)


def _sell(house: House, today: date) -> None:
    """Book under these terms: one that is paid at once, one whose deposit is due, one given up."""
    with house.at(today, time(15, 45)) as hotel:
        by = house.who(Role.FRONT_DESK)
        for person, code, days, children in (
            (21, "NRF", 9, 0),
            (33, "ADV", 12, 0),
            (5, "BAR", 20, 1),
        ):
            _book(house, hotel, person, code, today + timedelta(days=days), children, by=by)
        given_up = _book(house, hotel, 27, "NRF", today + timedelta(days=6), 0, by=by)
        if given_up is not None:
            fees.cancel(house.session, given_up, reason="The meeting was called off", by=by)


def _book(
    house: House, hotel: Hotel, person: int, code: str, arrival: date, children: int, *, by: Staff
) -> reservations.Reservation | None:
    kind = rooms.type_by_code(house.session, hotel, "STE" if children else "DBL")
    if kind is None:
        return None
    try:
        with house.session.begin_nested():
            return reservations.book(
                house.session,
                hotel,
                guest=house.guest(hotel, person, by=by),
                room_type=kind,
                plan=_plan(house.session, hotel, code),
                arrival=arrival,
                departure=arrival + timedelta(days=2),
                adults=2,
                children=children,
                child_ages=(9,) * children,
                guarantee=Guarantee.CARD,
                origin=Origin(source="telephone"),
                by=by,
            )
    except Refusal:
        return None
