"""The accounting journal: balanced, mapped, and the same bytes for a closed day for good."""

import csv
import io
from decimal import Decimal
from fractions import Fraction

import pytest

from pms.base.money import Money, round_half_up
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, receivables
from pms.hotel.books.payments.online import GATEWAY
from pms.hotel.close import archive, chart, journal, reports
from pms.hotel.close.chart import Place
from pms.hotel.close.reports import DayNotClosed
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.people import tips
from pms.hotel.people.tips import PoolKind, SharedBy
from pms.hotel.service.checkout import disputes, payouts
from pms.hotel.tariff import charges
from pms.hotel.tariff.charges import Department
from tests import make, moulds
from tests.hotel.close import lived

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_days_journal_balances_and_stays_as_it_was_archived(session):
    hotel = moulds.pour(session, lived.closed)
    day = make.DAY
    by = make.by(session, hotel)
    kept = {form: archive.reprint(session, hotel, day, "journal", form) for form in ("csv", "iif")}

    chart.place(session, hotel, account="revenue/rooms", number="4711", name="Beds", by=by)
    now = journal.of_day(session, hotel, day)

    rows = list(csv.DictReader(io.StringIO(kept["csv"].decode())))
    assert sum(Decimal(row["debit"]) for row in rows) == sum(Decimal(row["credit"]) for row in rows)
    assert "Rooms" in {row["name"] for row in rows}
    assert "Beds" in {line.name for line in now.lines}
    assert now.debits == sum(line.credits for line in now.lines)
    assert now.debits == sum(each.debits for each in ledger.movements(session, hotel, day))
    assert now.unmapped == []
    for form, content in kept.items():
        assert archive.reprint(session, hotel, day, "journal", form) == content
    amounts = [line.split("\t")[5] for line in kept["iif"].decode().splitlines()[3:-1]]
    assert sum(map(Decimal, amounts)) == 0


@ON_SQLITE
def test_what_is_mapped_nowhere_is_named_and_kept_in_balance(session):
    hotel = moulds.pour(session, lived.busy)
    by = make.by(session, hotel)
    chart.place(session, hotel, account="revenue/rooms", number="", name="", by=by)

    made = journal.of_day(session, hotel, make.DAY)

    assert made.unmapped
    assert made.lines[0].name == f"Not mapped ({made.unmapped[0]})"
    assert made.unmapped[0].startswith("revenue/rooms/")
    assert made.debits == sum(line.credits for line in made.lines)
    assert b":" not in made.as_iif()  # a sub-account to QuickBooks


@ON_SQLITE
def test_what_nobody_will_pay_is_one_expense_of_a_window_as_of_an_account(session):
    hotel = make.hotel(session)
    by, folio = make.by(session, hotel), make.folio(session, hotel)
    room, owed = make.charge_code(session, hotel), Money(10_000, "EUR")
    folios.charge(session, folio, code=room, amount=owed, by=by)
    receivables.write_off(session, folio, reason="Skipped", by=by)

    made = journal.of_day(session, hotel, make.DAY)

    [lost] = [line for line in made.lines if line.number == "6330"]
    assert (lost.name, lost.debits) == ("Bad debts", 10_000)
    assert not any(line.number == "4900" for line in made.lines)


def test_quickbooks_reads_windows_1252_and_is_given_no_name_it_cant_spell():
    hotel = make.Hotel(code="T", name="T", currency="EUR")

    def told(name):
        line = journal.JournalLine("4000", name, 100, 0)
        return journal.Journal(hotel, make.DAY, [line], []).as_iif()

    assert "4000 Übernachtung €".encode("cp1252") in told("Übernachtung €")
    with pytest.raises(journal.AccountsNotSpelled, match="can't spell: 4000 Příjmy"):
        told("Příjmy")


@ON_SQLITE
def test_a_night_closes_without_the_file_that_quickbooks_cant_spell(session):
    hotel = moulds.pour(session, lived.busy)
    by = make.by(session, hotel)
    chart.place(session, hotel, account="revenue/rooms", number="4000", name="Příjmy", by=by)

    assert set(journal.archived(session, hotel, make.DAY)) == {
        ("journal", "csv"), ("journal", "json")
    }  # fmt: skip


@ON_SQLITE
def test_a_typo_is_no_account_and_a_placing_is_taken_off_again(session):
    hotel = make.hotel(session)
    by = make.by(session, hotel)
    with pytest.raises(chart.UnknownAccount, match=r"There is: revenue/food_and_beverage, "):
        chart.place(session, hotel, account="revenue/nonsense", number="1", name="A", by=by)
    with pytest.raises(chart.UnknownAccount, match="There is: guest, deposit, city"):
        chart.place(session, hotel, account="revenues", number="1", name="A", by=by)
    chart.place(session, hotel, account="revenue/rooms", number="4711", name="Beds", by=by)

    chart.take_off(session, hotel, account="revenue/rooms", by=by)

    assert chart.of(session, hotel).place("revenue/rooms") == Place("4000", "Rooms")
    assert chart.own(session, hotel) == []
    with pytest.raises(chart.NotPlacedHere):
        chart.take_off(session, hotel, account="revenue/rooms", by=by)
    with pytest.raises(NotAllowed):
        desk = make.by(session, hotel, Role.FRONT_DESK)
        chart.take_off(session, hotel, account="revenue/rooms", by=desk)


@ON_SQLITE
def test_odd_places_and_days_are_refused(session):
    hotel = make.hotel(session)
    by = make.by(session, hotel)

    for wrong, field in (
        ({"account": "", "number": "1", "name": "A"}, "account"),
        ({"account": "cash", "number": "1-2", "name": "A"}, "number"),
        ({"account": "cash", "number": "1", "name": ""}, "name"),
    ):
        with pytest.raises(Invalid) as refused:
            chart.place(session, hotel, **wrong, by=by)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        desk = make.by(session, hotel, Role.FRONT_DESK)
        chart.place(session, hotel, account="cash", number="1", name="A", by=desk)
    with pytest.raises(DayNotClosed):
        journal.of_day(session, hotel, make.DAY.replace(year=2020))


def test_the_longest_beginning_wins():
    mapped = chart.Chart({"tax": Place("2210", "Taxes"), "tax/CITY": Place("2220", "City")})

    assert mapped.place("tax/CITY") == Place("2220", "City")
    assert mapped.place("tax/CITYTAX") == Place("2210", "Taxes")
    assert mapped.place("revenue/rooms/ROOM") is None


def test_a_number_of_the_chart_means_one_thing():
    meanings = set(chart.USUAL.values()) | {chart.TIPS}

    assert len({number for number, _ in meanings}) == len(meanings)


def test_tips_are_owed_to_the_staff_and_a_service_charge_is_earned(session):
    hotel = make.hotel(session)
    by = make.by(session, hotel)
    for kind in PoolKind:
        code = charges.add(
            session, hotel, code=kind.name[:8], name=kind.words, department=Department.OTHER, by=by
        )
        tips.open_pool(
            session, hotel, name=kind.words, kind=kind, shared_by=SharedBy.HOURS, charge_code=code,
            begins_on=make.DAY, by=by,
        )  # fmt: skip
        folio = make.folio(session, hotel)
        folios.charge(session, folio, code=code, amount=Money(500, "EUR"), by=by)

    lines = {
        (line.number, line.name): line for line in journal.of_day(session, hotel, make.DAY).lines
    }
    chart.place(session, hotel, account="revenue/other/TIPS", number="2999", name="Crew", by=by)

    figures = {row[0]: row[1] for row in reports.flash(session, hotel, make.DAY).rows}

    assert (figures["tips_owed_to_staff"], figures["other_revenue"]) == ("5.00", "5.00")
    assert figures["total_revenue"] == "5.00"
    assert lines[chart.TIPS].credits == 500
    assert lines[chart.USUAL["revenue/other"]].credits == 500
    assert chart.of(session, hotel).place("revenue/other/TIPS") == Place("2999", "Crew")


def test_a_formula_in_a_name_is_no_formula():
    hotel = make.Hotel(code="T", name="T", currency="EUR")
    line = journal.JournalLine("", '=HYPERLINK("x")\tY', 100, 0)
    made = journal.Journal(hotel, make.DAY, [line], [])

    assert b"'=HYPERLINK" in made.as_report().as_csv()
    assert made.as_iif().splitlines()[3].split(b"\t")[4] == b"'=HYPERLINK('x') Y"


# --- shared/data/accounting/cases.json, by their names there -----------------------------------


@pytest.mark.parametrize(
    ("case", "sold", "available", "revenue", "occupancy", "adr", "revpar"),
    [
        ("bardi_managers_report_actual", 65, 100, 450_000, "65.00", 6_923, 4_500),
        ("occ_base_ooo", 30, 100, 0, "30.00", 0, 0),
        ("occ_base_ooo less out of order", 30, 95, 0, "31.58", 0, 0),
        ("pricepoint_kpis adr", 40, 40, 300_000, "100.00", 7_500, 7_500),
        ("lodgian_Q4_2005", 429_892, 684_493, 4_027_800_000, "62.80", 9_369, 5_884),
        ("lodgian_Q1_2006", 465_847, 706_904, 4_778_300_000, "65.90", 10_257, 6_759),
        ("lodgian_Q2_2006", 517_859, 721_084, 5_378_700_000, "71.82", 10_386, 7_459),
        ("banjara_forecast", 82, 200, 41_000_000, "41.00", 500_000, 205_000),
        ("walk_in_pct", 90, 326, 0, "27.61", 0, 0),
    ],
)
def test_published_figures_come_out(case, sold, available, revenue, occupancy, adr, revpar):
    assert reports.percent(sold, available) == occupancy, case
    assert reports.share(revenue, sold) == adr
    assert reports.share(revenue, available) == revpar


def test_published_chains_of_figures_come_out():
    """yield_educational_inn, woods_audit_formula, bardi_ar_rollforward, hubbart (partial)."""
    potential = round_half_up(Fraction(9_667) + Fraction(1, 2) * 2_000)
    factor = Fraction(80_00, potential)
    assert (potential, round_half_up(factor * 100)) == (10_667, 75)
    assert round_half_up(Fraction(70 * 75, 10)) == 525
    assert 12_500_00 - 180_00 - 4_320_00 - 8_000_00 == 0
    assert 5_000_00 - 1_200_00 - 50_00 - 30_00 - 20_00 == 3_700_00
    assert round_half_up(Fraction(375_000, Fraction(60, 100))) == 625_000


@ON_SQLITE
def test_what_moves_online_has_its_place(session):
    usual = chart.of(session, make.hotel(session))

    accounts = [GATEWAY.code, payouts.FEES.code, payouts.BANK.code, disputes.DISPUTED.code]

    assert [place.number if (place := usual.place(code)) else None for code in accounts] == [
        "1130", "6310", "1120", "1140"
    ]  # fmt: skip
