"""Restrictions: nights that are open but not for every stay; the strictest level counts."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import offers, quotes, rates, restrictions
from pms.hotel.rooms.restrictions import Kind, Restricted, Restriction
from pms.hotel.stays import reservations
from pms.hotel.stays.reservations import Wanted
from tests import make
from tests.engines import ONE_ENGINE

DAY = make.DAY


def night(n: int) -> date:
    return DAY + timedelta(days=n)


@pytest.fixture
def house(session: Session) -> Hotel:
    """A hotel with doubles and suites in two plans."""
    house = make.furnished(session)
    suite = make.room_type(session, house, "STE", rank=1)
    make.room(session, house, "301", kind=suite)
    for kind in (make.room_type(session, house), suite):
        make.plan(session, house, kind)
        make.plan(session, house, kind, "SAVER", price="80.00")
    return house


def put(session: Session, house: Hotel, kind: Kind, *nights: int, **scope: object) -> int:
    days = [night(n) for n in nights]
    return restrictions.put(session, house, kind, days, by=make.by(session, house), **scope)  # type: ignore[arg-type]


def sold(session: Session, house: Hotel, arrives: int, leaves: int) -> set[tuple[str, str]]:
    """What is sold of a stay: types and plans."""
    quoted = quotes.quote(session, house, night(arrives), night(leaves), adults=2)
    return {(each.room_type.code, each.plan.code) for each in quoted if each.can_be_sold}


EVERYTHING = {("DBL", "BAR"), ("DBL", "SAVER"), ("STE", "BAR"), ("STE", "SAVER")}


@ONE_ENGINE
@pytest.mark.parametrize(
    ("kind", "value", "shut", "open_"),
    [
        (Kind.CLOSED, None, [(2, 3), (1, 3), (2, 5)], [(3, 5), (0, 2)]),
        (Kind.CLOSED_TO_ARRIVAL, None, [(2, 3), (2, 5)], [(1, 3), (0, 2)]),
        (Kind.CLOSED_TO_DEPARTURE, None, [(0, 2), (1, 2)], [(1, 3), (2, 4)]),
        (Kind.MIN_STAY, 3, [(2, 3), (2, 4)], [(2, 5), (1, 3), (3, 4)]),
        (Kind.MAX_STAY, 2, [(2, 5)], [(2, 4), (1, 5)]),
        (Kind.MIN_STAY_THROUGH, 3, [(2, 3), (1, 3)], [(1, 4), (3, 4), (0, 2)]),
        (Kind.MIN_ADVANCE, 3, [(2, 3)], [(1, 3), (3, 4)]),
        (Kind.MAX_ADVANCE, 1, [(2, 3)], [(1, 3), (3, 4)]),
    ],
)
def test_each_kind_shuts_the_stays_it_speaks_of_and_no_other(
    session: Session,
    house: Hotel,
    kind: Kind,
    value: int | None,
    shut: list[tuple[int, int]],
    open_: list[tuple[int, int]],
) -> None:
    put(session, house, kind, 2, value=value)

    assert [sold(session, house, *stay) for stay in shut] == [set()] * len(shut)
    assert [sold(session, house, *stay) for stay in open_] == [EVERYTHING] * len(open_)


def test_a_level_speaks_for_itself_and_the_strictest_counts(session: Session, house: Hotel) -> None:
    suite = make.room_type(session, house, "STE")
    saver = rates.by_code(session, house, "SAVER")
    assert saver
    put(session, house, Kind.MIN_STAY, 1, value=2)
    put(session, house, Kind.MIN_STAY, 1, value=4, plans=[saver])
    put(session, house, Kind.CLOSED, 1, types=[suite], plans=[saver])

    assert sold(session, house, 1, 2) == set()
    assert sold(session, house, 1, 3) == {("DBL", "BAR"), ("STE", "BAR")}
    assert sold(session, house, 1, 5) == EVERYTHING - {("STE", "SAVER")}
    [why] = [
        each.restricted
        for each in quotes.quote(session, house, night(1), night(3), adults=2)
        if (each.room_type.code, each.plan.code) == ("STE", "SAVER")
    ]
    assert why == ("closed on Sat 21 Nov", "at least 4 nights from Sat 21 Nov")


@ONE_ENGINE
def test_booking_and_amending_refuse_what_the_quote_refuses(session: Session, house: Hotel) -> None:
    put(session, house, Kind.CLOSED_TO_ARRIVAL, 2)
    session.commit()

    with pytest.raises(Restricted, match=r"Closed to arrival on Sun 22 Nov\. Choose"):
        make.reservation(session, house, arrival=night(2))
    made = make.reservation(session, house, arrival=night(1), nights=3)
    with pytest.raises(Restricted):
        reservations.amend(
            session, made, Wanted(arrival=night(2)), reprice=False, by=make.by(session, house)
        )
    forced = make.reservation(session, house, arrival=night(2), force="stands at the door")
    assert forced.forced_reason == "stands at the door"


@ONE_ENGINE
def test_who_is_in_house_stays_on_over_a_closed_night(session: Session, house: Hotel) -> None:
    from pms.hotel.stays import stays

    made = make.reservation(session, house, nights=1)
    stays.check_in(session, made, room=make.room(session, house, "101"), by=make.by(session, house))
    put(session, house, Kind.CLOSED, 1, 2)

    reservations.amend(session, made, Wanted(departure=night(2)), by=make.by(session, house))

    assert made.departure == night(2)


def test_setting_again_replaces_and_lifting_lifts_its_own_level(
    session: Session, house: Hotel
) -> None:
    suite = make.room_type(session, house, "STE")
    put(session, house, Kind.MIN_STAY, 1, 2, value=3)
    put(session, house, Kind.MIN_STAY, 2, value=5)
    put(session, house, Kind.MIN_STAY, 2, value=2, types=[suite])
    by = make.by(session, house)

    lifted = restrictions.lift(session, house, Kind.MIN_STAY, [night(1), night(2)], by=by)

    left = session.execute(sa.select(Restriction.type_id, Restriction.value)).all()
    assert lifted == 2
    assert [tuple(row) for row in left] == [(suite.id, 2)]
    verbs = session.scalars(sa.select(Line.verb).where(Line.noun == "hotels")).all()
    assert verbs.count("set min_stay") == 3
    assert verbs.count("lifted min_stay") == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("kind", "nights", "value", "says"),
    [
        (Kind.CLOSED, (), None, "hold no night"),
        (Kind.CLOSED, (-1,), None, "is past"),
        (Kind.CLOSED, (1,), 2, "takes no number"),
        (Kind.MIN_STAY, (1,), None, "number from 1"),
        (Kind.MIN_STAY, (1,), 0, "number from 1"),
        (Kind.MAX_ADVANCE, (1,), 1000, "number from 1"),
    ],
)
def test_what_cannot_be_set_is_refused(
    session: Session,
    house: Hotel,
    kind: Kind,
    nights: tuple[int, ...],
    value: int | None,
    says: str,
) -> None:
    with pytest.raises(Invalid, match=says):
        put(session, house, kind, *nights, value=value)

    assert session.scalar(sa.select(sa.func.count()).select_from(Restriction)) == 0


@ONE_ENGINE
def test_an_agent_restricts_nothing(session: Session, house: Hotel) -> None:
    agent = make.by(session, house, Role.FRONT_DESK)

    with pytest.raises(NotAllowed):
        restrictions.put(session, house, Kind.CLOSED, [night(1)], by=agent)


def test_the_database_refuses_what_makes_no_sense(session: Session, house: Hotel) -> None:
    row = {
        "hotel_id": house.id, "id": 1, "night": night(1), "kind": "closed", "type_id": None,
        "plan_id": None, "value": None,
    }  # fmt: skip
    into = sa.text(
        "INSERT INTO restrictions (hotel_id, id, night, kind, type_id, plan_id, value)"
        " VALUES (:hotel_id, :id, :night, :kind, :type_id, :plan_id, :value)"
    ).bindparams(sa.bindparam("night", type_=sa.Date))
    session.execute(into, row)

    for wrong in (
        {"kind": "min_stay", "value": None},
        {"kind": "closed", "value": 2},
        {"kind": "min_stay", "value": 0},
        {"kind": "min_stay", "value": 1000},
        {"kind": "shut"},
        {},  # the same once more
        {"type_id": 4711},
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(into, row | wrong | {"id": 2})


def test_the_database_keeps_a_restriction_where_it_was_set(session: Session, house: Hotel) -> None:
    put(session, house, Kind.CLOSED, 1)

    with pytest.raises(DBAPIError, match="lifted and set anew"):
        session.execute(sa.text("UPDATE restrictions SET kind = 'closed_to_arrival'"))


A_RESTRICTION = st.tuples(
    st.sampled_from(list(Kind)),
    st.integers(0, 6),
    st.integers(1, 4),
    st.sampled_from([None, "DBL", "STE"]),
    st.sampled_from([None, "BAR", "SAVER"]),
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(A_RESTRICTION, max_size=6), st.integers(0, 4), st.integers(1, 4))
def test_machines_are_offered_what_the_desk_is_quoted_and_can_book_it(
    session: Session,
    house: Hotel,
    wanted: list[tuple[Kind, int, int, str | None, str | None]],
    arrives: int,
    length: int,
) -> None:
    whole = session.begin_nested()
    for kind, n, value, type_, plan in wanted:
        types = [make.room_type(session, house, type_)] if type_ else []
        plans = [each for each in rates.plans(session, house) if each.code == plan]
        number = value if kind.counts else None
        put(session, house, kind, n, value=number, types=types, plans=plans)

    quoted = sold(session, house, arrives, arrives + length)
    offered = {
        (offer.room_type, plan)
        for offer in offers.offers(
            session, house, night(arrives), night(arrives + length), adults=2
        )
        for plan, _ in offer.totals
    }
    booked = {pair for pair in EVERYTHING if _books(session, house, pair, arrives, length)}

    assert quoted == offered == booked
    whole.rollback()


def _books(
    session: Session, house: Hotel, pair: tuple[str, str], arrives: int, length: int
) -> bool:
    attempt = session.begin_nested()
    plan = rates.by_code(session, house, pair[1])
    assert plan
    try:
        reservations.book(
            session, house, guest=make.guest(session, house), plan=plan, adults=2,
            room_type=make.room_type(session, house, pair[0]), arrival=night(arrives),
            departure=night(arrives + length), by=make.by(session, house),
        )  # fmt: skip
    except Restricted:
        return False
    finally:
        attempt.rollback()
    return True
