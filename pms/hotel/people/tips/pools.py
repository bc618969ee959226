"""Pools: opened and closed, whose positions share them, and what came in."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base.db import lock, new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios
from pms.hotel.books.ledger.tables import Account, Line
from pms.hotel.house import business_day, logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people.employees import Position
from pms.hotel.people.tips.tables import (
    PoolKind,
    SharedBy,
    TipPool,
    TipPoolPosition,
)
from pms.hotel.tariff.charges import ChargeCode


class PoolOpenAlready(Refusal):
    def __init__(self, code: ChargeCode) -> None:
        super().__init__(
            f"What comes in on {code.code} goes into a pool already. Close that one first.",
            field="charge_code",
        )


class ManagersShareNothing(Refusal):
    def __init__(self, position: Position) -> None:
        super().__init__(
            f"{position.title} is management: managers share in no tip pool (29 CFR 531.52). "
            "Choose another position.",
            field="position",
        )


def open_pool(
    session: Session,
    hotel: Hotel,
    *,
    name: str,
    kind: PoolKind,
    shared_by: SharedBy,
    charge_code: ChargeCode,
    begins_on: date,
    by: Staff,
) -> TipPool:
    """Open a pool for what comes in on a charge code from a day on; refuses a second one of it."""
    require(by, Permission.SET_PAY, hotel.id)
    day = business_day.hold(session, hotel)
    if not name.strip():
        raise Invalid("Give the pool a name.", field="name")
    taken = sa.select(TipPool.id).where(
        TipPool.hotel_id == hotel.id,
        TipPool.charge_code_id == charge_code.id,
        TipPool.ends_on.is_(None) | (TipPool.ends_on >= begins_on),
    )
    if session.scalar(taken) is not None:
        raise PoolOpenAlready(charge_code)
    pool = TipPool(
        hotel_id=hotel.id,
        id=new_id(),
        name=name.strip(),
        kind=kind,
        shared_by=shared_by,
        charge_code_id=charge_code.id,
        begins_on=begins_on,
    )
    session.add(pool)
    session.flush()
    logbook.record(
        session, "opened pool", pool, by=by, day=day, name=pool.name, code=charge_code.code
    )
    return pool


def close_pool(session: Session, pool: TipPool, *, ends_on: date, by: Staff) -> None:
    """Let a pool end with a day; what came in until then is still shared."""
    require(by, Permission.SET_PAY, pool.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, pool.hotel_id))
    lock(session, pool)
    if ends_on < max(pool.begins_on, day):
        raise Invalid("A pool ends today at the earliest.", field="ends_on")
    pool.ends_on, pool.version = ends_on, pool.version + 1
    session.flush()
    logbook.record(session, "closed pool", pool, by=by, day=day, ends_on=ends_on)


def put_position(
    session: Session, pool: TipPool, position: Position, *, points: int = 1, by: Staff
) -> TipPoolPosition:
    """Let a position share in a pool, or give it other points; refuses a manager's position."""
    require(by, Permission.SET_PAY, pool.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, pool.hotel_id))
    lock(session, pool)
    if position.department is Department.MANAGEMENT:
        raise ManagersShareNothing(position)
    if not 1 <= points <= 100:
        raise Invalid("Points are 1 to 100.", field="points")
    key = {"hotel_id": pool.hotel_id, "pool_id": pool.id, "position_id": position.id}
    found = session.get(TipPoolPosition, key)
    if found is None:
        found = TipPoolPosition(**key, points=points)
        session.add(found)
    found.points = points
    pool.version += 1
    session.flush()
    logbook.record(
        session, "put in pool", pool, by=by, day=day, position=position.code, points=points
    )
    return found


def take_out_position(session: Session, pool: TipPool, position: Position, *, by: Staff) -> None:
    """Let a position share no longer; what is locked stays as it was paid."""
    require(by, Permission.SET_PAY, pool.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, pool.hotel_id))
    lock(session, pool)
    session.execute(
        sa.delete(TipPoolPosition).where(
            TipPoolPosition.hotel_id == pool.hotel_id,
            TipPoolPosition.pool_id == pool.id,
            TipPoolPosition.position_id == position.id,
        )
    )
    pool.version += 1
    session.flush()
    logbook.record(session, "took out of pool", pool, by=by, day=day, position=position.code)


def pools(
    session: Session, hotel: Hotel, first: date, last: date
) -> list[tuple[TipPool, dict[int, int]]]:
    """Return the pools that run on some of the days, each with the points of its positions."""
    found = session.scalars(
        sa.select(TipPool)
        .options(joinedload(TipPool.charge_code))
        .where(
            TipPool.hotel_id == hotel.id,
            TipPool.begins_on <= last,
            TipPool.ends_on.is_(None) | (TipPool.ends_on >= first),
        )
        .order_by(TipPool.name, TipPool.id)
    ).all()
    points: dict[int, dict[int, int]] = {pool.id: {} for pool in found}
    rows = session.scalars(
        sa.select(TipPoolPosition).where(
            TipPoolPosition.hotel_id == hotel.id, TipPoolPosition.pool_id.in_(points)
        )
    )
    for row in rows:
        points[row.pool_id][row.position_id] = row.points
    return [(pool, points[pool.id]) for pool in found]


def accounts(session: Session, hotel: Hotel) -> set[str]:
    """Return the ledger accounts of what guests give as tips: it is owed to the staff.

    A service charge is the hotel's revenue, shared out or not.
    """
    shared = sa.select(TipPool.charge_code_id).where(
        TipPool.hotel_id == hotel.id, TipPool.kind == PoolKind.TIPS
    )
    codes = sa.select(ChargeCode).where(
        ChargeCode.hotel_id == hotel.id, ChargeCode.id.in_(shared)
    )  # fmt: skip
    return {folios.revenue_account(code).code for code in session.scalars(codes)}


def takings(
    session: Session, hotel: Hotel, shared: Sequence[TipPool], first: date, last: date
) -> dict[int, dict[date, int]]:
    """Return what came into pools by pool and business day: the revenue of their charge codes.

    Tax isn't part of it; what was reversed or adjusted is off it, on the day when that was done.
    """
    codes = {pool.charge_code_id: pool.charge_code for pool in shared}
    rows = session.execute(
        sa.select(Line.charge_code_id, Line.business_day, -sa.func.sum(Line.amount))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(
            Line.hotel_id == hotel.id,
            Line.business_day.between(first, last),
            Line.charge_code_id.in_(codes),
            Account.code.in_([folios.revenue_account(code).code for code in codes.values()]),
        )
        .group_by(Line.charge_code_id, Line.business_day)
        .order_by(Line.business_day)
    ).all()
    found: dict[int, dict[date, int]] = {pool.id: {} for pool in shared}
    for code_id, day, amount in rows:
        for pool in shared:
            if pool.charge_code_id == code_id and pool.runs_on(day) and amount:
                found[pool.id][day] = int(amount)
    return found
