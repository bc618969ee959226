"""Sums: balances, a day's movements, sealed days, the trial balance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.books.ledger.tables import Account, AccountDay, Entry, Ledger, Line
from pms.hotel.house.hotels import Hotel

_EVER = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Movement:
    """What one account received on a business day, in minor units."""

    account_id: int
    ledger: Ledger
    code: str
    debits: int
    credits: int


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One row of the trial balance: a ledger's day, in minor units."""

    ledger: Ledger
    opening: int
    debits: int
    credits: int
    closing: int


def _since_sealed(
    sealed_of: sa.ColumnElement[bool], lines_of: sa.ColumnElement[bool]
) -> sa.Select[int, Any]:
    hotel = sa.bindparam("hotel", type_=sa.BigInteger)
    sealed_on = (
        sa.select(sa.func.max(AccountDay.day))
        .where(AccountDay.hotel_id == hotel)
        .correlate(None)
        .scalar_subquery()
    )
    parts = sa.union_all(
        sa.select(AccountDay.account_id, AccountDay.closing.label("amount")).where(
            AccountDay.hotel_id == hotel, AccountDay.day == sealed_on, sealed_of
        ),
        sa.select(Line.account_id, Line.amount).where(
            Line.hotel_id == hotel, Line.business_day > sa.func.coalesce(sealed_on, _EVER), lines_of
        ),
    ).subquery()
    return sa.select(parts.c.account_id, sa.func.sum(parts.c.amount).label("amount")).group_by(
        parts.c.account_id
    )


_SOME: sa.BindParameter[int] = sa.bindparam("accounts", expanding=True)
_BALANCES = _since_sealed(AccountDay.account_id.in_(_SOME), Line.account_id.in_(_SOME))
_OF_LEDGER = sa.select(Account.id).where(
    Account.hotel_id == sa.bindparam("hotel"), Account.ledger == sa.bindparam("ledger")
)
_OF_A_LEDGER = _since_sealed(AccountDay.account_id.in_(_OF_LEDGER), Line.account_id.in_(_OF_LEDGER))


def balances(session: Session, hotel: Hotel, account_ids: Iterable[int]) -> dict[int, int]:
    """Return minor units per account: the last sealed closing and what came since."""
    wanted = list(account_ids)
    sums = dict.fromkeys(wanted, 0)
    for start in range(0, len(wanted), 1000):
        some = wanted[start : start + 1000]
        rows = session.connection().execute(_BALANCES, {"hotel": hotel.id, "accounts": some})
        sums.update((account_id, int(amount)) for account_id, amount in rows)
    return sums


def open_balances(session: Session, hotel: Hotel, ledger: Ledger) -> dict[str, int]:
    """Return minor units per account code of a ledger, zero ones left out, the codes in order."""
    sums = _OF_A_LEDGER.subquery()
    rows = session.execute(
        sa.select(Account.code, sums.c.amount)
        .join(sums, sums.c.account_id == Account.id)
        .where(Account.hotel_id == hotel.id, sums.c.amount != 0),
        {"hotel": hotel.id, "ledger": ledger},
    )
    return dict(sorted((code, int(amount)) for code, amount in rows))


# --- a day --------------------------------------------------------------------------------------


def _sealed_before(hotel: Hotel, day: date) -> sa.ScalarSelect[date]:
    """Ask for the newest sealed day; a day on which nothing stood or moved has no rows."""
    return (
        sa.select(sa.func.max(AccountDay.day))
        .where(AccountDay.hotel_id == hotel.id, AccountDay.day < day)
        .scalar_subquery()
    )


def _of_day(hotel: Hotel, day: date) -> sa.Select[int, Any, Any]:
    return (
        sa.select(
            Line.account_id,
            sa.func.sum(sa.case((Line.amount > 0, Line.amount), else_=0)).label("debits"),
            sa.func.sum(sa.case((Line.amount < 0, -Line.amount), else_=0)).label("credits"),
        )
        .select_from(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .where(Entry.hotel_id == hotel.id, Entry.business_day == day)
        .group_by(Line.account_id)
    )


def movements(session: Session, hotel: Hotel, day: date) -> list[Movement]:
    """Return what each account received on a day, by account code."""
    moved = _of_day(hotel, day).subquery()
    rows = session.execute(
        sa.select(Account.id, Account.ledger, Account.code, moved.c.debits, moved.c.credits)
        .join(moved, moved.c.account_id == Account.id)
        .where(Account.hotel_id == hotel.id)
    )
    return sorted(
        (Movement(id_, ledger, code, int(dr), int(cr)) for id_, ledger, code, dr, cr in rows),
        key=lambda movement: movement.code,
    )


def seal_accounts(session: Session, hotel: Hotel, day: date) -> None:
    """Write the closing balance of each account that stood or moved on a day: one statement.

    Asked for once per day, after its last entry; a second time is refused by the key.
    """
    opening = (
        sa.select(AccountDay.account_id, AccountDay.closing)
        .where(
            AccountDay.hotel_id == hotel.id,
            AccountDay.day == _sealed_before(hotel, day),
            AccountDay.closing != 0,
        )
        .subquery()
    )
    moved = _of_day(hotel, day).subquery()
    parts = sa.union_all(
        sa.select(
            opening.c.account_id,
            opening.c.closing.label("opening"),
            sa.literal(0).label("debits"),
            sa.literal(0).label("credits"),
        ),
        sa.select(moved.c.account_id, sa.literal(0), moved.c.debits, moved.c.credits),
    ).subquery()
    opened, debited, credited = (
        sa.cast(sa.func.sum(parts.c[name]), sa.BigInteger)
        for name in ("opening", "debits", "credits")
    )
    session.execute(
        sa.insert(cast(sa.Table, AccountDay.__table__)).from_select(
            ["hotel_id", "day", "account_id", "opening", "debits", "credits", "closing"],
            sa.select(
                sa.literal(hotel.id, sa.BigInteger),
                sa.literal(day, sa.Date),
                parts.c.account_id,
                opened,
                debited,
                credited,
                opened + debited - credited,
            ).group_by(parts.c.account_id),
        )
    )


def trial_balance(session: Session, hotel: Hotel, day: date) -> list[LedgerDay]:
    """Return each ledger's opening, debits, credits and closing of a day, sealed or still open."""
    standing = session.execute(
        sa.select(Account.ledger, sa.func.sum(AccountDay.closing))
        .join(
            AccountDay,
            sa.and_(AccountDay.hotel_id == Account.hotel_id, AccountDay.account_id == Account.id),
        )
        .where(
            AccountDay.hotel_id == hotel.id,
            AccountDay.day == _sealed_before(hotel, day),
        )
        .group_by(Account.ledger)
    )
    opening = {ledger: int(amount) for ledger, amount in standing}
    debits = dict.fromkeys(Ledger, 0)
    credits = dict.fromkeys(Ledger, 0)
    for movement in movements(session, hotel, day):
        debits[movement.ledger] += movement.debits
        credits[movement.ledger] += movement.credits
    return [
        LedgerDay(
            ledger,
            opening.get(ledger, 0),
            debits[ledger],
            credits[ledger],
            opening.get(ledger, 0) + debits[ledger] - credits[ledger],
        )
        for ledger in Ledger
    ]
