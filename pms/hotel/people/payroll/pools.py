"""Pools: opened, and taken back, on days that no pay period has locked: what is shared stays so."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import tips
from pms.hotel.people.payroll.locking import LockedUntil, last_locked
from pms.hotel.people.tips import PoolKind, SharedBy, TipPool, TipPoolPosition
from pms.hotel.tariff.charges import ChargeCode


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
    """Open a pool as `tips.open_pool` does; refuses a day of a locked period, or before one."""
    require(by, Permission.SET_PAY, hotel.id)
    business_day.hold(session, hotel)
    last = last_locked(session, hotel)
    if last is not None and begins_on <= last:
        raise LockedUntil(last, field="begins_on")
    return tips.open_pool(
        session, hotel, name=name, kind=kind, shared_by=shared_by, charge_code=charge_code,
        begins_on=begins_on, by=by,
    )  # fmt: skip


def take_pool_back(session: Session, pool: TipPool, *, by: Staff) -> None:
    """Take back a pool that was opened by mistake: what came in on its code is in none.

    Refuses one of which a locked period shared something out.
    """
    require(by, Permission.SET_PAY, pool.hotel_id)
    hotel = session.get_one(Hotel, pool.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, pool)
    last = last_locked(session, hotel)
    if last is not None and pool.begins_on <= last:
        raise LockedUntil(last, field="begins_on")
    before = {"name": pool.name, "code": pool.charge_code.code, "begins_on": pool.begins_on}
    logbook.record(session, "took pool back", pool, by=by, day=day, before=before)
    session.execute(
        sa.delete(TipPoolPosition).where(
            TipPoolPosition.hotel_id == hotel.id, TipPoolPosition.pool_id == pool.id
        )
    )
    session.delete(pool)
    session.flush()
