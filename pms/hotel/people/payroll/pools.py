"""Pools: opened from a day that no pay period has locked, so that what was shared out stays so."""

from datetime import date

from sqlalchemy.orm import Session

from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import tips
from pms.hotel.people.payroll.locking import DayIsLocked, last_locked
from pms.hotel.people.tips import PoolKind, SharedBy, TipPool
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
        raise DayIsLocked(begins_on, field="begins_on")
    return tips.open_pool(
        session, hotel, name=name, kind=kind, shared_by=shared_by, charge_code=charge_code,
        begins_on=begins_on, by=by,
    )  # fmt: skip
