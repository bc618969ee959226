"""Reports: the columns and the rounding they promise, and figures that agree with each other."""

import csv
import io
import json
from datetime import timedelta

import pytest

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.books import ledger
from pms.hotel.close import archive, reports
from pms.hotel.close.reports import DayNotClosed, Report
from pms.hotel.stays import reservations
from tests import make, moulds
from tests.engines import ONE_ENGINE
from tests.hotel.close import lived
from tests.hotel.close.lived import FIRST, SECOND

DAY = timedelta(days=1)


@pytest.fixture
def house(session):
    return moulds.pour(session, lived.closed)


def read(report):
    return list(csv.DictReader(io.StringIO(report.as_csv().decode())))


def test_nightly_counts_rooms_once_and_revenue_without_tax(session, house):
    report = reports.nightly(session, house, FIRST, SECOND)

    assert ",".join(report.columns) == (
        "date,rooms_occupied,room_revenue,available,occupancy_pct,adr,revpar"
    )
    first, second = read(report)
    # 100.00 with 7 % inside is 93.46; five parties pay: Paying, Sharing, Stayson, Settled, Skipper
    assert first == {
        "date": FIRST.isoformat(),
        "rooms_occupied": "6",
        "room_revenue": "467.30",
        "available": "16",
        "occupancy_pct": "37.50",
        "adr": "77.88",
        "revpar": "29.21",
    }
    assert second["rooms_occupied"] == "5"


@ONE_ENGINE
def test_an_empty_night_divides_by_nothing(session, house):
    [row] = read(reports.nightly(session, house, FIRST - DAY, FIRST - DAY))

    assert (row["available"], row["occupancy_pct"], row["adr"]) == ("0", "0.00", "0.00")


def test_ratios_are_rounded_half_up():
    assert reports.percent(1, 800) == "0.13"
    assert reports.percent(-1, 800) == "-0.13"
    assert reports.share(5, 2) == 3
    assert reports.share(-5, 2) == -3


def test_the_books_to_come_are_what_stood_after_that_days_audit(session, house):
    def stands(as_of):
        return {
            row["stay_month"]: (int(row["room_nights"]), int(row["bookings"]))
            for row in read(reports.on_the_books(session, house, as_of))
        }

    before = stands(SECOND)
    assert sum(nights for nights, _ in before.values()) > 0

    with clock.set_to(make.NOON + 2 * DAY), transaction(session):
        later = make.reservation(
            session, house, arrival=house.business_date + 10 * DAY, nights=5, surname="Later"
        )
    assert stands(SECOND) == before
    with_it = stands(house.business_date)
    nights = sum(each for each, _ in with_it.values())

    with clock.set_to(make.NOON + 2 * DAY), transaction(session):
        reservations.cancel(session, later, reason="ill", by=make.by(session, house))
    after = stands(house.business_date)
    assert nights - sum(each for each, _ in after.values()) == 5


def test_a_booking_over_a_months_end_counts_in_both(session):
    with clock.set_to(make.NOON), transaction(session):
        hotel = make.furnished(session)
        make.reservation(session, hotel, arrival=FIRST + 9 * DAY, nights=3)

    rows = read(reports.on_the_books(session, hotel, FIRST))

    assert [(row["stay_month"], row["room_nights"], row["bookings"]) for row in rows] == [
        ("2026-11", "2", "1"),
        ("2026-12", "1", "1"),
    ]


def test_each_ledgers_total_is_the_sum_of_its_accounts_and_all_come_to_nothing(session, house):
    rows = read(reports.trial_balance(session, house, SECOND))

    for column in ("opening", "debits", "credits", "closing"):
        for name in {row["ledger"] for row in rows}:
            mine = [row for row in rows if row["ledger"] == name]
            total = next(row for row in mine if row["account"] == "total")
            listed = sum(float(row[column]) for row in mine if row is not total)
            assert float(total[column]) == pytest.approx(listed)
    totals = [row for row in rows if row["account"] == "total"]
    assert sum(round(float(row["closing"]) * 100) for row in totals) == 0
    assert {row["ledger"] for row in totals} == set(ledger.Ledger)


@ONE_ENGINE
def test_a_closing_is_the_next_days_opening(session, house):
    def column(day, name):
        rows = read(reports.trial_balance(session, house, day))
        return {row["account"]: row[name] for row in rows if row[name] != "0.00"}

    assert column(FIRST, "closing") == column(SECOND, "opening")
    assert column(SECOND, "closing") == column(house.business_date, "opening")


def test_the_flash_is_the_day_the_month_and_the_year(session, house):
    figures = {row["figure"]: row for row in read(reports.flash(session, house, SECOND))}

    assert figures["rooms_occupied"]["day"] == "5"
    assert figures["rooms_occupied"]["month_to_date"] == "11"
    assert figures["occupancy_pct"]["day"] == "31.25"
    assert figures["occupancy_pct_paying"]["day"] == "18.75"
    assert figures["occupancy_pct_paying_in_order"]["day"] == "20.00"


@ONE_ENGINE
def test_todays_flash_stands_as_it_is_and_tomorrow_has_none(session, house):
    figures = {row["figure"]: row for row in read(reports.flash(session, house, SECOND + DAY))}

    assert figures["rooms_occupied"]["day"] == "4"  # who stayed on last night is due out
    with pytest.raises(DayNotClosed):
        reports.flash(session, house, SECOND + 2 * DAY)
    with pytest.raises(DayNotClosed):
        reports.trial_balance(session, house, FIRST - DAY)


@ONE_ENGINE
def test_the_archived_report_is_the_report(session, house):
    kept = archive.reprint(session, house, SECOND, "flash", "json")

    assert json.loads(kept) == json.loads(reports.flash(session, house, SECOND).as_json())
    with pytest.raises(archive.NotArchived):
        archive.reprint(session, house, SECOND + DAY, "flash", "json")


def test_no_cell_runs_as_a_formula_and_negative_amounts_stay_numbers():
    report = Report("any", ("a", "b"), [("=1+1", "-5.00"), ("@x", "+1"), ("-2+3", "-")])

    assert report.as_csv().decode() == "a,b\r\n'=1+1,-5.00\r\n'@x,'+1\r\n'-2+3,'-\r\n"


@ONE_ENGINE
def test_lists_of_the_night_hold_no_guests_name(session, house):
    for name, form, _ in archive.contents(session, house, SECOND):
        content = archive.reprint(session, house, SECOND, name, form).decode()
        assert "Paying" not in content
        assert "Skipper" not in content
