"""The ledger: balanced, keyed, in ink; the databases keep it so whatever Python does."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.db import new_id
from pms.hotel.books import ledger
from pms.hotel.books.ledger import AccountDay, Draft, Entry, Kind, Ledger, Line, Side, Wanted
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.books.races import at_once

CASH = Wanted(Ledger.CASH, "cash", "Cash")
GUEST = Wanted(Ledger.GUEST, "guest/1/1", "Folio 1, window 1")
REVENUE = Wanted(Ledger.REVENUE, "revenue/other/BAR", "Bar")


def draft(accounts, amount=1000, key=None, **details):
    guest, revenue = accounts[GUEST.code], accounts[REVENUE.code]
    lines = (Side(guest, amount), Side(revenue, -amount))
    return Draft(kind=Kind.CHARGE, text="Bar", key=key, lines=lines, **details)


@pytest.fixture
def books(session):
    house = make.hotel(session)
    return house, make.by(session, house), ledger.accounts(session, house, [CASH, GUEST, REVENUE])


def entry_of(session, posted, house):
    return ledger.get(session, house.id, posted)


def roll(session, house):
    session.execute(
        sa.update(Hotel)
        .where(Hotel.id == house.id)
        .values(business_date=Hotel.business_date + timedelta(days=1))
        if session.get_bind().dialect.name == "postgresql"
        else sa.text("UPDATE hotels SET business_date = date(business_date, '+1 day')")
    )
    session.expire_all()


def test_posting_moves_balances(session, books):
    house, by, accounts = books

    ledger.post(session, house, [draft(accounts), draft(accounts, 250)], by=by)

    sums = ledger.balances(session, house, accounts.values())
    assert sums == {
        accounts["cash"]: 0,
        accounts[GUEST.code]: 1250,
        accounts[REVENUE.code]: -1250,
    }
    assert ledger.open_balances(session, house, Ledger.GUEST) == {GUEST.code: 1250}


def test_a_key_answers_its_first_entry_and_refuses_other_content(session, books):
    house, by, accounts = books
    [first] = ledger.post(session, house, [draft(accounts, key="k")], by=by)

    [again, new] = ledger.post(
        session, house, [draft(accounts, key="k"), draft(accounts, key="l")], by=by
    )

    assert (again.entry_id, again.fresh, new.fresh) == (first.entry_id, False, True)
    with pytest.raises(ledger.KeyUsedForOther, match="“k” is posted already"):
        ledger.post(session, house, [draft(accounts, 999, key="k")], by=by)


@ONE_ENGINE
def test_a_key_is_each_hotels_own(session, books):
    house, by, accounts = books
    other = make.hotel(session, "ELSE")
    theirs = ledger.accounts(session, other, [GUEST, REVENUE])

    ledger.post(session, house, [draft(accounts, key="k")], by=by)
    [posted] = ledger.post(session, other, [draft(theirs, key="k")], by=by)

    assert posted.fresh


def test_a_reversal_undoes_exactly_and_only_once(session, books):
    house, by, accounts = books
    [posted] = ledger.post(session, house, [draft(accounts)], by=by)
    entry = entry_of(session, posted, house)

    undone = ledger.reverse(session, house, entry, reason="typed twice", by=by)

    assert set(ledger.balances(session, house, accounts.values()).values()) == {0}
    with pytest.raises(ledger.ReversedAlready, match="“Bar” is reversed already"):
        ledger.reverse(session, house, entry, reason="again", by=by)
    with pytest.raises(ledger.NotReversible):
        ledger.reverse(session, house, entry_of(session, undone, house), reason="x", by=by)


def test_a_balance_is_the_sealed_closing_and_what_came_since(session, books):
    house, by, accounts = books
    ledger.post(session, house, [draft(accounts)], by=by)
    ledger.seal_accounts(session, house, make.DAY)
    roll(session, house)
    ledger.post(session, house, [draft(accounts, 50)], by=by)

    assert ledger.balances(session, house, [accounts[GUEST.code]]) == {accounts[GUEST.code]: 1050}
    guest = ledger.trial_balance(session, house, house.business_date)[0]
    assert guest == ledger.LedgerDay(Ledger.GUEST, 1000, 50, 0, 1050)
    assert ledger.trial_balance(session, house, make.DAY)[0] == ledger.LedgerDay(
        Ledger.GUEST, 0, 1000, 0, 1000
    )


def test_a_sealed_day_has_the_accounts_that_stood_or_moved(session, books):
    house, by, accounts = books
    guest, revenue = accounts[GUEST.code], accounts[REVENUE.code]
    ledger.post(session, house, [draft(accounts)], by=by)
    ledger.seal_accounts(session, house, make.DAY)
    roll(session, house)
    cash = Draft(
        kind=Kind.PAYMENT, text="Cash", lines=(Side(accounts["cash"], 1000), Side(guest, -1000))
    )
    ledger.post(session, house, [cash], by=by)
    second = house.business_date
    ledger.seal_accounts(session, house, second)
    roll(session, house)
    ledger.seal_accounts(session, house, house.business_date)

    days = session.execute(
        sa.select(AccountDay.day, AccountDay.account_id, AccountDay.opening, AccountDay.closing)
    ).all()

    third = house.business_date
    assert set(days) == {
        (make.DAY, guest, 0, 1000),
        (make.DAY, revenue, 0, -1000),
        (second, guest, 1000, 0),
        (second, revenue, -1000, -1000),
        (second, accounts["cash"], 0, 1000),
        (third, revenue, -1000, -1000),
        (third, accounts["cash"], 1000, 1000),
    }
    with pytest.raises(IntegrityError):
        ledger.seal_accounts(session, house, third)


def test_movements_are_summed_by_account(session, books):
    house, by, accounts = books
    [posted] = ledger.post(session, house, [draft(accounts)], by=by)
    ledger.reverse(session, house, entry_of(session, posted, house), reason="x", by=by)

    moved = {
        each.code: (each.debits, each.credits)
        for each in ledger.movements(session, house, make.DAY)
    }

    assert moved == {GUEST.code: (1000, 1000), REVENUE.code: (1000, 1000)}


# --- the databases themselves -------------------------------------------------------------------


def entry_row(house, by, **values):
    return {
        "hotel_id": house.id,
        "id": new_id(),
        "business_day": make.DAY,
        "key": f"raw/{new_id()}",
        "content": "0" * 64,
        "kind": Kind.CHARGE,
        "text": "Raw",
        "currency": "EUR",
        "posted_by": by.id,
        "posted_at": make.NOON,
        **values,
    }


def write(session, entry, amounts, day=make.DAY):
    lines = [
        {
            "hotel_id": entry["hotel_id"],
            "entry_id": entry["id"],
            "no": no,
            "business_day": day,
            "account_id": account_id,
            "amount": amount,
        }
        for no, (account_id, amount) in enumerate(amounts, start=1)
    ]
    if lines:
        session.execute(sa.insert(Line.__table__), lines)
    session.execute(sa.insert(Entry.__table__), [entry])


def test_the_database_itself_takes_a_balanced_entry(session, books):
    """The control: what the refusals below differ from."""
    house, by, accounts = books

    write(
        session, entry_row(house, by), [(accounts[GUEST.code], 10), (accounts[REVENUE.code], -10)]
    )
    session.commit()


@pytest.mark.parametrize("amounts", [(10, -9), (10, 10), ()])
def test_the_database_itself_refuses_an_unbalanced_entry(session, books, amounts):
    house, by, accounts = books
    lines = list(zip((accounts[GUEST.code], accounts[REVENUE.code]), amounts, strict=False))

    with pytest.raises(IntegrityError, match="an entry balances"):
        write(session, entry_row(house, by), lines)


def test_the_database_itself_refuses_lines_without_an_entry(session, books):
    house, _, accounts = books
    lost = {"hotel_id": house.id, "entry_id": new_id(), "no": 1, "business_day": make.DAY}
    session.execute(
        sa.insert(Line.__table__), [{**lost, "account_id": accounts["cash"], "amount": 0}]
    )

    with pytest.raises(IntegrityError):
        session.commit()
    session.rollback()


def test_the_database_itself_refuses_a_line_more_on_a_dry_entry(session, books):
    house, by, accounts = books
    [posted] = ledger.post(session, house, [draft(accounts)], by=by)
    more = {
        "hotel_id": house.id,
        "entry_id": posted.entry_id,
        "no": 3,
        "business_day": make.DAY,
        "account_id": accounts["cash"],
        "amount": 0,
    }

    with pytest.raises(IntegrityError, match="the ink of that entry is dry"):
        session.execute(sa.insert(Line.__table__), [more])


def test_the_database_itself_refuses_to_change_ink(session, books):
    house, by, accounts = books
    ledger.post(session, house, [draft(accounts)], by=by)
    ledger.seal_accounts(session, house, make.DAY)

    for table, deed in product(
        ("entries", "lines", "account_days"),
        ("UPDATE {} SET hotel_id = hotel_id", "DELETE FROM {}"),
    ):
        ink = pytest.raises(IntegrityError, match=f"{table} is written in ink")
        with ink, session.begin_nested():
            session.execute(sa.text(deed.format(table)))


@pytest.mark.parametrize("days", [-1, 1])
def test_the_database_itself_refuses_another_day_than_the_open_one(session, books, days):
    house, by, accounts = books
    day = make.DAY + timedelta(days=days)

    with pytest.raises(IntegrityError, match="of the open day"):
        write(
            session,
            entry_row(house, by, business_day=day),
            [(accounts[GUEST.code], 10), (accounts[REVENUE.code], -10)],
            day=day,
        )


def test_the_database_itself_refuses_lines_of_another_day_than_their_entry(session, books):
    house, by, accounts = books

    with pytest.raises(IntegrityError, match="of the open day"):
        write(
            session,
            entry_row(house, by),
            [(accounts[GUEST.code], 10), (accounts[REVENUE.code], -10)],
            day=make.DAY - timedelta(days=1),
        )


def test_the_database_itself_refuses_another_currency(session, books):
    house, by, accounts = books

    with pytest.raises(IntegrityError, match="of the open day"):
        write(session, entry_row(house, by, currency="USD"), [(accounts["cash"], 0)])


def test_the_database_itself_refuses_a_second_reversal(session, books):
    house, by, accounts = books
    [posted] = ledger.post(session, house, [draft(accounts)], by=by)
    ledger.reverse(session, house, entry_of(session, posted, house), reason="x", by=by)

    with pytest.raises(IntegrityError, match=r"reverses_id|reversed_once"):
        write(
            session,
            entry_row(house, by, kind=Kind.REVERSAL, reverses_id=posted.entry_id),
            [(accounts[GUEST.code], -1000), (accounts[REVENUE.code], 1000)],
        )


def test_the_database_itself_refuses_half_a_reversal(session, books):
    house, by, accounts = books
    [posted] = ledger.post(session, house, [draft(accounts)], by=by)

    with pytest.raises(IntegrityError, match="a reversal undoes exactly one entry"):
        write(
            session,
            entry_row(house, by, kind=Kind.REVERSAL, reverses_id=posted.entry_id),
            [(accounts[GUEST.code], -500), (accounts[REVENUE.code], 500)],
        )


def test_the_database_itself_refuses_the_same_nights_charge_twice(session, books):
    house, by, accounts = books
    night = {"subject_id": 7, "service_night": make.DAY, "rule": "room"}
    ledger.post(session, house, [draft(accounts, **night)], by=by)

    ledger.post(session, house, [draft(accounts, **night, turn=1)], by=by)
    with pytest.raises(IntegrityError, match=r"service_night|night_charged_once"):
        ledger.post(session, house, [draft(accounts, **night, turn=1)], by=by)


def test_the_database_itself_refuses_a_night_without_a_rule(session, books):
    house, by, accounts = books

    with pytest.raises(IntegrityError, match="night_by_a_rule"):
        ledger.post(session, house, [draft(accounts, subject_id=7, rule="room")], by=by)


def test_the_database_itself_refuses_an_account_of_another_hotel(session, books):
    house, by, _ = books
    other = make.hotel(session, "ELSE")
    theirs = ledger.accounts(session, other, [GUEST, REVENUE])
    session.commit()

    with pytest.raises(IntegrityError):
        ledger.post(session, house, [draft(theirs)], by=by)


# --- at once ------------------------------------------------------------------------------------


def test_one_key_posted_at_once_is_one_entry(engine, session, books):
    house, by, accounts = books
    session.commit()

    def deed(other):
        hotel, person = other.get_one(Hotel, house.id), other.get_one(Staff, (by.chain_id, by.id))
        return ledger.post(other, hotel, [draft(accounts, key="once")], by=person)[0]

    answers = at_once(engine, deed, times=4)

    assert {each.entry_id for each in answers} == {answers[0].entry_id}
    assert sorted(each.fresh for each in answers) == [False, False, False, True]
    assert session.scalar(sa.select(sa.func.count()).select_from(Entry)) == 1


def test_reversed_at_once_is_reversed_once(engine, session, books):
    house, by, accounts = books
    [posted] = ledger.post(session, house, [draft(accounts)], by=by)
    session.commit()

    def deed(other):
        hotel, person = other.get_one(Hotel, house.id), other.get_one(Staff, (by.chain_id, by.id))
        entry = ledger.get(other, hotel.id, posted)
        return ledger.reverse(other, hotel, entry, reason="typed twice", by=person)

    answers = at_once(engine, deed)

    assert sorted(type(each).__name__ for each in answers) == ["Posted", "ReversedAlready"]
    assert ledger.balances(session, house, [accounts[GUEST.code]]) == {accounts[GUEST.code]: 0}


@ONE_ENGINE
def test_the_content_of_a_draft_is_all_but_its_key(books):
    _, _, accounts = books
    one = draft(accounts, key="a")

    assert one.content("EUR") == replace(one, key="b").content("EUR")
    assert one.content("EUR") != one.content("USD")
    for change in ({"text": "x"}, {"reason": "x"}, {"turn": 1}, {"lines": one.lines[::-1]}):
        assert one.content("EUR") != replace(one, **change).content("EUR")
