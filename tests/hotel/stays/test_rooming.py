"""Rooming: a list read, looked at, and booked row by row, however often it is sent."""

from datetime import timedelta

import pytest

from pms.base import clock
from pms.base.refusal import Refusal
from pms.hotel.rooms.rooms import Condition
from pms.hotel.stays import groups, rooming, together
from pms.hotel.stays.reservations import Guarantee, State
from tests import make
from tests.hotel.stays import allotted
from tests.hotel.stays.allotted import IN_A_WEEK

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HEADS = ["Last name", "First Name", "Arrival", "Departure", "Type", "Pax", "Shares"]


@pytest.fixture
def house(session):
    with clock.set_to(make.NOON):
        yield make.furnished(session, rooms=4)


@pytest.fixture
def group(session, house):
    made = allotted.group(session, house)
    allotted.allot(session, house, made, 3)
    return made


def look(session, group, *rows):
    return rooming.check(session, group, rooming.read(session, group, [HEADS, *rows]))


def lands(session, house, group, rows):
    made = []
    for row in rows:
        try:
            booked = rooming.book_row(session, group, row, by=make.by(session, house))
            made.append(booked.number)
        except Refusal as refusal:
            made.append(refusal.sentence)
    return made


def test_each_row_has_its_result_and_good_ones_land(session, house, group):
    rows = look(
        session, group,
        ["Lindqvist", "Åsa", "", "", "", "2", "A"],
        ["Lindqvist", "Per", "", "", "", "1", "a"],
        ["Mäkelä", "Päivi", "28.11.2026", "29.11.2026", "dbl", "1", ""],
        ["", "Nobody", "", "", "", "1", ""],
        ["Sato", "Yui", "", "", "PENTHOUSE", "1", ""],
        ["Rossi", "Ada", "32.11.2026", "", "", "1", ""],
        ["Weiß", "Max", "2026-11-29", "2026-11-27", "", "1", ""],
    )  # fmt: skip

    assert [row.problem for row in rows] == [
        None,
        None,
        None,
        "It has no surname.",
        "There is no room type PENTHOUSE.",
        "“32.11.2026” is no arrival. Write it like 2026-11-21.",
        "It leaves before it arrives.",
    ]
    good = [row for row in rows if row.problem is None]
    assert rooming.check(session, group, good) == good
    made = lands(session, house, group, good)
    assert all(isinstance(each, int) for each in made)
    parties = together.parties(session, group)
    assert [each.reservation.guarantee for each in parties] == [Guarantee.COMPANY] * 3
    assert parties[1].reservation.shares_with_id == parties[0].reservation.id
    assert allotted.counted(session, house) == (1, 2)
    assert allotted.counted(session, house, IN_A_WEEK + timedelta(days=1)) == (2, 1)


def test_a_list_sent_twice_books_nobody_twice(session, house, group):
    twins = [["Sato", "Yui", "", "", "", "1", ""], ["Sato", "Yui", "", "", "", "1", ""]]
    rows = look(session, group, *twins)
    made = lands(session, house, group, rows)

    again = look(session, group, *twins, ["Sato", "Ken", "", "", "", "1", ""])

    assert [row.problem for row in again] == [
        f"Entered already, booking {made[0]}.",
        f"Entered already, booking {made[1]}.",
        None,
    ]
    refused = lands(session, house, group, rows)
    assert [words.endswith("is entered already. Open that reservation.") for words in refused] == [
        True,
        True,
    ]


def test_the_last_rooms_go_to_the_first_rows_as_the_look_said(session, house, group):
    make.reservation(session, house, arrival=IN_A_WEEK, nights=2)
    rows = look(session, group, *[[f"Guest {n}", "", "", "", "", "1", ""] for n in range(5)])

    assert [row.problem for row in rows] == [
        None, None, None,
        "The allotment has no Dbl room left on Fri 27 Nov.",
        "The allotment has no Dbl room left on Fri 27 Nov.",
    ]  # fmt: skip
    assert len([n for n in lands(session, house, group, rows) if isinstance(n, int)]) == 3


@pytest.mark.parametrize(
    ("rate", "paid", "problem"),
    [
        ("", [5_000, 5_000], None),
        ("split", [5_000, 5_000], None),
        ("First", [10_000, 0], None),
        ("full", [10_000, 10_000], None),
        ("half", [], "“half” is no rate for who shares. Write full, split or first."),
    ],
)
def test_two_who_share_a_twin_are_one_booking_and_pay_as_the_list_says(
    session, house, group, rate, paid, problem
):
    table = [
        ["Surname", "First name", "Pax", "Shares", "Rate"],
        ["Lindqvist", "Åsa", "1", "Twin 1", ""],
        ["Sato", "Yui", "1", "twin 1", rate],
    ]
    rows = rooming.check(session, group, rooming.read(session, group, table))
    lands(session, house, group, [row for row in rows if row.problem is None])

    assert rows[1].problem == problem
    parties = [each.reservation for each in together.parties(session, group)]
    nights = [[night.price for night in party.nights] for party in parties]
    assert nights == ([[minor] * 2 for minor in paid] or [[10_000] * 2])
    assert len({party.booking_number for party in parties}) == 1


def test_a_list_without_heads_is_refused(session, group):
    with pytest.raises(rooming.NoHeads):
        rooming.read(session, group, [["Lindqvist", "Åsa"]])


def test_a_group_arrives_together_each_with_its_own_result(session, house):
    by = make.by(session, house)
    group = allotted.group(session, house, arrival=house.business_date)
    kind = make.room_type(session, house)
    guest = make.guest(session, house, "Lindqvist")
    made = together.pick_up(
        session, group, [(kind, 2)], guest=guest, arrival=house.business_date,
        departure=house.business_date + timedelta(days=2), adults=2, by=by,
    )  # fmt: skip
    assert len({each.booking_number for each in made}) == 1
    for number in ("101", "102", "103"):
        make.room(session, house, number, condition=Condition.DIRTY)

    first = together.take_in(session, made[0], by=by)
    with pytest.raises(together.NoRoomReady, match="No Dbl room is ready and vacant"):
        together.take_in(session, made[1], by=by)

    assert first.room.number == "104"
    states = [each.reservation.state for each in together.parties(session, group)]
    assert states == [State.IN_HOUSE, State.BOOKED]
    assert groups.terms_of(group).plan.code == "BAR"


def test_a_stay_beyond_what_is_sold_is_refused_before_its_nights_are_counted(session, group):
    beyond, last = look(
        session, group,
        ["Late", "Ada", "", "9999-01-01", "", "1", ""],
        ["Weiß", "Max", "2027-01-18", "2027-01-20", "", "1", ""],
    )  # fmt: skip

    assert beyond.problem == "Fri 01 Jan 9999 is further ahead than is sold."
    assert last.problem is None
