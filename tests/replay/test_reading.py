"""Reading a bookings file: odd facts are taken, and what can't be is listed with its line."""

import gzip
from datetime import date
from pathlib import Path

import pytest

from pms.base.refusal import Invalid
from pms.replay import opening, reading
from pms.replay.reading import NotABookingsFile, Outcome

H1 = Path(__file__).parents[1] / "data" / "bookings" / "H1.csv.gz"
ROW = {
    "hotel": "Resort Hotel",
    "lead_time": "7",
    "arrival_date_year": "2016",
    "arrival_date_month": "February",
    "arrival_date_day_of_month": "28",
    "stays_in_weekend_nights": "1",
    "stays_in_week_nights": "2",
    "adults": "2",
    "children": "0",
    "babies": "0",
    "country": "PRT",
    "market_segment": "Online TA",
    "distribution_channel": "TA/TO",
    "reserved_room_type": "A",
    "assigned_room_type": "A",
    "deposit_type": "No Deposit",
    "agent": "240",
    "company": "NULL",
    "adr": "75.5",
    "reservation_status": "Check-Out",
    "reservation_status_date": "2016-03-02",
}


def written(tmp_path, *rows, heading=None):
    """A file of rows, each the usual one but for what is said."""
    names = heading or list(ROW)
    lines = [",".join(names)]
    lines += [",".join((ROW | row).get(name, "") for name in names) for row in rows]
    file = tmp_path / "bookings.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def read(tmp_path, *rows):
    return reading.read(written(tmp_path, *rows), currency="EUR")


def the_only(tmp_path, **row):
    found = read(tmp_path, row)
    assert found.refused == []
    return found.bookings[0]


def test_nights_follow_the_calendar_whatever_their_column(tmp_path):
    booking = the_only(tmp_path)

    assert booking.arrival == date(2016, 2, 28)
    assert booking.departure == date(2016, 3, 2)  # over the 29th
    assert booking.booked_on == date(2016, 2, 21)
    assert (booking.rate, booking.market, booking.source) == (7550, "Online TA", "agent 240")


@pytest.mark.parametrize(
    ("odd", "taken"),
    [
        ({"adr": "-6.38"}, {"rate": -638}),
        ({"adr": "0"}, {"rate": 0}),
        ({"adults": "0"}, {"adults": 0, "children": 0}),
        ({"adults": "55"}, {"adults": 55}),
        ({"children": "NA"}, {"children": 0}),
        ({"children": "2.0", "babies": "1"}, {"children": 3}),
        ({"market_segment": "Undefined"}, {"market": "Undefined"}),
        ({"distribution_channel": "NULL"}, {"channel": "Undefined"}),
        ({"country": "NULL"}, {"country": None}),
        ({"agent": "NULL", "company": "223"}, {"source": "company 223", "company": "223"}),
        ({"agent": "     NULL", "reserved_room_type": "C       "}, {"booked_type": "C"}),
        ({"reserved_room_type": "L", "assigned_room_type": "H"}, {"booked_type": "L"}),
        ({"assigned_room_type": "NULL"}, {"assigned_type": "A"}),
        ({"reservation_status_date": "2016-02-29"}, {"departure": date(2016, 3, 2)}),
        (
            {"stays_in_weekend_nights": "0", "stays_in_week_nights": "0"},
            {"departure": date(2016, 2, 28)},
        ),
        (
            {"reservation_status": "No-Show", "reservation_status_date": "2015-11-09"},
            {"outcome": Outcome.NO_SHOW, "cancelled_on": None},
        ),
        (
            {"reservation_status": "Canceled", "reservation_status_date": "2016-02-28"},
            {"outcome": Outcome.CANCELLED, "cancelled_on": date(2016, 2, 28)},
        ),
    ],
)
def test_an_odd_row_is_a_fact(tmp_path, odd, taken):
    booking = the_only(tmp_path, **odd)

    assert {name: getattr(booking, name) for name in taken} == taken


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"arrival_date_month": "February", "arrival_date_day_of_month": "30"}, "no date"),
        ({"arrival_date_month": "Februar"}, "no date"),
        ({"lead_time": "-3"}, "lead_time is “-3”"),
        ({"lead_time": ""}, "lead_time is “”"),
        ({"lead_time": "2.5"}, "lead_time is “2.5”"),
        ({"stays_in_week_nights": "401"}, "more than 400"),
        ({"stays_in_weekend_nights": "200", "stays_in_week_nights": "201"}, "401 nights"),
        ({"adults": "NA"}, "adults is “NA”"),
        ({"adults": "²"}, "adults is “²”"),
        ({"adr": "NA"}, "adr is missing"),
        ({"adr": "75.555"}, "not an amount"),
        ({"adr": "1e400"}, "not an amount"),
        ({"reserved_room_type": "NULL"}, "reserved_room_type is missing"),
        ({"reservation_status": "Checked In"}, "reservation_status is “Checked In”"),
        ({"reservation_status": "Canceled", "reservation_status_date": "soon"}, "not a date"),
        (
            {"reservation_status": "Canceled", "reservation_status_date": "2016-02-29"},
            "after its arrival",
        ),
        (
            {"reservation_status": "Canceled", "reservation_status_date": "2016-02-20"},
            "before it was booked",
        ),
    ],
)
def test_a_row_that_cannot_be_is_listed_with_its_line_and_why(tmp_path, wrong, reason):
    found = read(tmp_path, {}, wrong, {})

    assert [booking.line for booking in found.bookings] == [2, 4]
    assert [row.line for row in found.refused] == [3]
    assert reason in found.refused[0].reason


def test_a_row_of_another_length_is_listed(tmp_path):
    file = written(tmp_path, {})
    file.write_text(file.read_text() + "one,two\n\n", encoding="utf-8")

    found = reading.read(file, currency="EUR")

    assert len(found.bookings) == 1
    assert [(row.line, row.reason) for row in found.refused] == [
        (3, "has not as many fields as the heading")
    ]


def test_equal_rows_are_bookings_of_their_own(tmp_path):
    found = read(tmp_path, {}, {}, {})

    assert [found.key(booking) for booking in found.bookings] == [
        f"{found.digest}:{line}" for line in (2, 3, 4)
    ]


def test_a_file_packed_or_not_is_the_same_file(tmp_path):
    plain = written(tmp_path, {}, {"adults": "0"})
    packed = tmp_path / "bookings.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))

    assert reading.read(packed, currency="EUR") == reading.read(plain, currency="EUR")


def test_a_file_without_the_columns_is_refused(tmp_path):
    file = written(tmp_path, {}, heading=["hotel", "adr"])

    with pytest.raises(NotABookingsFile, match="lead_time"):
        reading.read(file, currency="EUR")


def test_a_file_without_a_booking_is_refused_with_its_first_reason(tmp_path):
    with pytest.raises(Invalid, match="Line 2: adr is missing"):
        read(tmp_path, {"adr": ""})


def test_the_rooms_are_the_most_ever_occupied_of_each_assigned_type(tmp_path):
    later = {"arrival_date_month": "March", "arrival_date_day_of_month": "1"}
    after = {"arrival_date_month": "March", "arrival_date_day_of_month": "2"}
    upgraded = {"reserved_room_type": "L", "assigned_room_type": "B"}
    gone = {"reservation_status": "Canceled", "reservation_status_date": "2016-02-25"}
    day_use = {"assigned_room_type": "P", "stays_in_weekend_nights": "0"}
    day_use |= {"stays_in_week_nights": "0"}
    found = read(tmp_path, {}, later, after, upgraded, gone, day_use)

    assert opening.rooms_needed(found.bookings) == {"A": 2, "B": 1, "L": 0, "P": 0}
    assert opening.eve(found) == date(2016, 2, 27)


def test_the_whole_real_file_is_taken():
    found = reading.read(H1, currency="EUR")
    needed = opening.rooms_needed(found.bookings)

    assert (len(found.bookings), found.refused) == (40_060, [])
    assert sum(needed.values()) == 210
    assert needed["L"] == needed["P"] == 0
    sold = sum(b.nights for b in found.bookings if b.outcome is Outcome.CHECKED_OUT)
    assert sold == 119_887
