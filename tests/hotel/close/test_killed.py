"""N3: an audit killed at any statement and run again ends as one that was never disturbed."""

from collections.abc import Callable

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import transaction
from pms.hotel.books import ledger
from pms.hotel.close import night_audit, verify
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import night_charges
from tests import make
from tests.hotel.close import lived, state
from tests.sweeping import ALL, Copies, at_rest, killed_at, points

Deed = Callable[[Session, Hotel], None]


@pytest.fixture
def copies(request, database_url, tmp_path):
    """A busy hotel's database, closed and ready to be copied, and every id in it."""
    engine = db.connect(database_url)
    with Session(engine) as session:
        lived.busy(session)
    known = state.ids(engine)
    at_rest(engine)
    made = Copies(database_url, tmp_path, lambda: request.getfixturevalue("postgres_server"))
    yield made, known
    made.drop()


def the_audit(session: Session, hotel: Hotel) -> None:
    night_audit.audit(session, hotel, by=make.by(session, hotel), rules=lived.RULES)


def a_naive_audit(session: Session, hotel: Hotel) -> None:
    """Charge each night in a transaction of its own, under no key, and roll at the end."""
    day = business_day.today(session, hotel)
    house = make.by(session, hotel)
    for due in night_charges.due(session, hotel, day):
        with transaction(session):
            accounts = ledger.accounts(
                session,
                hotel,
                [
                    ledger.Wanted(ledger.Ledger.CLEARING, "clearing/naive", "Naive"),
                    ledger.Wanted(ledger.Ledger.REVENUE, "revenue/rooms/ROOM", "Room"),
                ],
            )
            amounts = (
                ledger.Side(accounts["clearing/naive"], due.price),
                ledger.Side(accounts["revenue/rooms/ROOM"], -due.price),
            )
            draft = ledger.Draft(kind=ledger.Kind.CHARGE, text=f"{due.number}", lines=amounts)
            ledger.post(session, hotel, [draft], by=house)
    with transaction(session):
        business_day.roll(session, hotel, closing=day)


def do(engine: Engine, deed: Deed) -> None:
    """Do the deed in the hotel's night."""
    with lived.night_of(lived.SECOND), Session(engine) as session:
        deed(session, lived.the_hotel(session))


def undisturbed(copies: Copies, known: set[int], deed: Deed) -> dict[str, list[str]]:
    engine = db.connect(copies.copy())
    do(engine, deed)
    found = state.of(engine, known)
    engine.dispose()
    return found


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> list[str]:
    return [
        f"{table}: {row}" for table in one for row in sorted(set(one[table]) ^ set(other[table]))
    ] + [table for table in one if len(one[table]) != len(other[table])]


@pytest.mark.timeout(900)
def test_killed_at_any_statement_and_run_again_it_ends_the_same(copies):
    made, known = copies
    whole = undisturbed(made, known, the_audit)
    count = points(made.copy(), lambda engine: do(engine, the_audit))
    wanted = count if ALL else 12 if made.is_sqlite else 5
    step = max(1, count // wanted)
    at, killed, wrong = 1, 0, []

    while killed_at(url := made.copy(), lambda engine: do(engine, the_audit), at):
        killed += 1
        engine = db.connect(url)
        do(engine, lambda session, hotel: finish(session, hotel))
        differs = differences(whole, state.of(engine, known))
        with Session(engine) as session:
            broken = [c for c in verify.checks(session, lived.the_hotel(session)) if not c.ok]
        engine.dispose()
        if differs or broken:
            wrong.append((at, differs[:3], broken))
        at += step

    assert killed >= wanted
    assert wrong == []


def finish(session: Session, hotel: Hotel) -> None:
    """Run the audit of the second day again; where it was only the reply that was lost, none."""
    try:
        night_audit.audit(
            session,
            hotel,
            by=make.by(session, hotel),
            rules=lived.RULES,
            closing=lived.SECOND,
        )
    except night_audit.AlreadyClosed:
        assert hotel.business_date > lived.SECOND


def test_the_sweep_finds_what_a_naive_audit_does_wrong(copies):
    """The control: without keys and with the roll apart, nights are charged twice."""
    made, known = copies
    whole = undisturbed(made, known, a_naive_audit)
    wrong = 0

    for at in range(12, 60, 7):
        url = made.copy()
        if not killed_at(url, lambda engine: do(engine, a_naive_audit), at):
            break
        engine = db.connect(url)
        do(engine, a_naive_audit)
        wrong += bool(differences(whole, state.of(engine, known)))
        engine.dispose()

    assert wrong > 0
