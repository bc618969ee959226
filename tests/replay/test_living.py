"""Living a bookings file: the figures are the file's own, however often it is cut off."""

import gzip
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from pms.base import db
from pms.hotel.books.ledger import Entry
from pms.hotel.close import reports, verify
from pms.hotel.close.seals import DaySeal
from pms.hotel.house import hotels, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.inventory import Forcing
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation, State
from pms.replay import living, reading
from pms.replay.living import Life
from pms.replay.opening import AnotherHotel, Terms
from pms.replay.tally import Tally
from tests.replay import plain

SLICE = Path(__file__).parents[1] / "data" / "bookings" / "slice.csv.gz"
FIRST, LAST = date(2015, 7, 1), date(2015, 7, 9)
TERMS = Terms(code="SLICE")
KILLED_AT = (700, 1500, 333, 1200, 901)  # statements of each run before the plug is pulled


@pytest.fixture
def file():
    return reading.read(SLICE, currency="EUR")


def live(session, file, *, until=LAST, terms=TERMS):
    return Life(session, file, terms, Tally()).live(until)


def the_hotel(session, code="SLICE"):
    return hotels.by_code(session, code)


def lines(report):
    return [",".join(str(value) for value in row) for row in report.rows]


def wrong(session):
    """Whatever `pms verify` finds."""
    return [
        f"{check.name}: {check.examples}"
        for hotel in session.scalars(sa.select(Hotel))
        for check in verify.checks(session, hotel)
        if not check.ok
    ]


def remains(session):
    """What a replay leaves behind, but for ids and the hours of the machine."""
    parties = session.execute(
        sa.select(
            Reservation.channel_ref,
            Reservation.number,
            Reservation.state,
            Reservation.booked_on,
            Reservation.cancelled_on,
            Reservation.no_show_on,
        ).order_by(Reservation.channel_ref)
    ).all()
    sealed = session.execute(sa.select(DaySeal.day, DaySeal.entries).order_by(DaySeal.day)).all()
    books = [reports.trial_balance(session, the_hotel(session), day).rows for day, _ in sealed]
    deeds = session.execute(
        sa.select(logbook.Line.verb, sa.func.count())
        .where(logbook.Line.verb.not_in(["closed the day"]))
        .group_by(logbook.Line.verb)
        .order_by(logbook.Line.verb)
    ).all()
    return parties, sealed, books, deeds


def test_every_night_every_snapshot_and_every_end_equal_the_file(session, file):
    rows = plain.rows(SLICE)

    tally = live(session, file)

    hotel = the_hotel(session)
    assert hotel.business_date == LAST + timedelta(days=1)
    expected = plain.nightly(rows)
    first, last = (date.fromisoformat(row[:10]) for row in (expected[0], expected[-1]))
    assert lines(reports.nightly(session, hotel, first, last)) == expected
    day = FIRST - timedelta(days=1)
    while day <= LAST:
        assert lines(reports.on_the_books(session, hotel, day)) == plain.on_the_books(rows, day)
        day += timedelta(days=1)
    assert wrong(session) == []
    assert (tally.refused, tally.notes) == ([], [])
    assert tally.audits == 10
    assert tally.deeds["bookings"] == 93
    assert tally.deeds["cancellations"] == 22
    assert tally.deeds["check-ins"] == tally.deeds["check-outs"] == 70
    ends = Counter(session.scalars(sa.select(Reservation.state)))
    assert ends == {State.DEPARTED: 70, State.CANCELLED: 22, State.NO_SHOW: 1}
    oldest = session.scalar(sa.select(sa.func.min(Reservation.booked_on)))
    assert oldest == min(booking.booked_on for booking in file.bookings)
    assert tally.forced["sold over the rooms of the type"] > 0
    forcings = session.scalars(sa.select(Forcing)).all()
    assert forcings
    assert all(each.reason and each.staff_id for each in forcings)


def test_until_a_day_seals_it_and_leaves_the_later_ones_booked(session, file):
    live(session, file, until=FIRST)

    hotel = the_hotel(session)
    assert hotel.business_date == FIRST + timedelta(days=1)
    rows = plain.rows(SLICE)
    assert lines(reports.on_the_books(session, hotel, FIRST)) == plain.on_the_books(rows, FIRST)
    assert session.scalar(sa.select(sa.func.max(DaySeal.day))) == FIRST
    in_house = session.scalars(sa.select(Stay).where(Stay.state == Presence.IN_HOUSE)).all()
    assert {stay.arrived_on for stay in in_house} == {FIRST}
    assert wrong(session) == []


class Killed(BaseException):
    """The process ends here."""


def live_until_killed(url, file, at):
    """Live until the `at`-th statement, and end there as if the plug were pulled."""
    engine = db.connect(url)
    statements = iter(range(at))

    def kill(*_):
        if next(statements, None) is None:
            raise Killed

    event.listen(engine, "before_cursor_execute", kill)
    try:
        with Session(engine, expire_on_commit=False) as session:
            live(session, file)
    except Killed:
        return True
    finally:
        event.remove(engine, "before_cursor_execute", kill)
        engine.dispose()
    return False


@pytest.fixture
def undisturbed(file, sqlite_template, tmp_path):
    """What an undisturbed replay leaves behind."""
    copy = tmp_path / "undisturbed.db"
    copy.write_bytes(sqlite_template.read_bytes())
    engine = db.connect(f"sqlite:///{copy}")
    with Session(engine, expire_on_commit=False) as session:
        live(session, file)
        yield remains(session)
    engine.dispose()


def test_killed_again_and_again_it_ends_the_same(
    session, database_url, file, undisturbed, monkeypatch
):
    monkeypatch.setattr(living, "AT_ONCE", 7)  # more commits to be killed at

    kills = sum(live_until_killed(database_url, file, at) for at in KILLED_AT)
    tally = live(session, file)

    assert kills == len(KILLED_AT)
    assert tally.count < 500
    assert remains(session) == undisturbed
    assert wrong(session) == []
    again = live(session, file)
    assert (again.count, again.audits) == (0, 0)


def test_a_code_of_another_hotel_is_refused(session, file):
    live(session, file, until=FIRST - timedelta(days=1))

    with pytest.raises(AnotherHotel, match="SLICE is Replay of"):
        live(session, file, terms=Terms(code="SLICE", mixed=True))


ODD = """\
adults,children,lead_time,arrival_date_year,arrival_date_month,arrival_date_day_of_month,\
stays_in_weekend_nights,stays_in_week_nights,market_segment,distribution_channel,\
reserved_room_type,assigned_room_type,adr,reservation_status,reservation_status_date
2,NA,3,2016,February,28,0,2,Undefined,TA/TO,A,A,-6.38,Check-Out,2016-03-01
0,0,1,2016,February,28,0,1,Direct,Direct,L,A,80,Check-Out,2016-02-29
55,0,900,2016,February,29,1,0,Groups,Direct,A,A,50.5,Check-Out,2016-03-01
1,0,0,2016,February,29,0,0,Complementary,Direct,A,P,0,Check-Out,2016-02-29
1,0,0,2016,February,29,0,0,Direct,Direct,A,P,25,Check-Out,2016-02-29
2,0,0,2016,February,29,0,1,Direct,Direct,P,P,40,Canceled,2016-02-29
2,0,0,2016,February,30,0,1,Direct,Direct,A,A,40,Check-Out,2016-02-29
2,0,0,2016,March,1,1,0,Complementary,Direct,A,B,0,Check-Out,2016-03-02
2,0,0,2016,March,1,1,0,Complementary,Direct,A,B,0,Check-Out,2016-03-02
"""


def test_odd_rows_are_lived_and_impossible_ones_listed(session, tmp_path):
    odd = tmp_path / "odd.csv.gz"
    odd.write_bytes(gzip.compress(ODD.encode()))
    file = reading.read(odd, currency="EUR")

    tally = live(session, file, until=file.last_departure(), terms=Terms("ODD"))

    assert [row.line for row in tally.refused] == [8]
    assert tally.deeds["check-outs"] == 7
    assert tally.forced["the file names no guest"] == 1
    assert tally.forced["a party of several rooms in one row"] == 1
    assert tally.forced["no room of the assigned type is free"] == 2
    hotel = the_hotel(session, "ODD")
    report = reports.nightly(session, hotel, date(2016, 2, 28), date(2016, 3, 1))
    assert [row[:4] for row in report.rows] == [
        ("2016-02-28", 2, "73.62", 4),
        ("2016-02-29", 2, "44.12", 4),
        ("2016-03-01", 2, "0.00", 4),
    ]
    assert wrong(session) == []


def test_the_mixed_hotel_keeps_every_book_busy_and_balanced(session, file):
    tally = live(session, file, terms=Terms("MIXED", mixed=True))

    assert tally.deeds["deposits"] > 0
    assert tally.deeds["deposits kept or returned"] > 0
    assert tally.deeds["direct bills"] > 0
    kinds = set(session.scalars(sa.select(Entry.kind).distinct()))
    assert {"charge", "payment", "deposit", "deposit_applied", "direct_bill"} <= kinds
    balance = reports.trial_balance(session, the_hotel(session, "MIXED"), LAST)
    closing = {row[0]: row[5] for row in balance.rows if row[1] == "total"}
    assert closing["tax"] != "0.00"
    assert closing["city"] != "0.00"
    assert wrong(session) == []
