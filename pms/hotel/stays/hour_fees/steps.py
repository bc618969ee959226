"""Steps: before and after which hours a hotel asks for more, set by a manager."""

from datetime import time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.hour_fees.tables import Hour, HourStep
from pms.hotel.tariff.charges import ChargeCode

WHOLE = 100


class StepTaken(Refusal):
    def __init__(self, at: time) -> None:
        super().__init__(
            f"There is a step at {at:%H:%M} already. Take it out, or choose another hour.",
            field="at",
        )


def of(session: Session, hotel: Hotel) -> list[HourStep]:
    """Return a hotel's steps, the early ones first, each by its hour."""
    return list(
        session.scalars(
            sa.select(HourStep)
            .where(HourStep.hotel_id == hotel.id)
            .order_by(HourStep.hour, HourStep.at)
        )
    )


def add(
    session: Session,
    hotel: Hotel,
    hour: Hour,
    *,
    at: time,
    code: ChargeCode,
    percent: int | None = None,
    amount: Money | None = None,
    by: Staff,
) -> HourStep:
    """Ask for a share of a night (`percent`, 1 to 100) or an amount, before or after an hour.

    Refuses both or neither, and an hour that has its step.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    if (percent is None) == (amount is None):
        raise Invalid("Say either a share of the night or an amount.", field="percent")
    if percent is not None and not 1 <= percent <= WHOLE:
        raise Invalid("A share is 1 to 100 percent of the night.", field="percent")
    if amount is not None and amount.minor <= 0:
        raise Invalid("An amount is more than nothing.", field="amount")
    if any(step.hour is hour and step.at == at for step in of(session, hotel)):
        raise StepTaken(at)
    step = HourStep(
        hotel_id=hotel.id,
        id=new_id(),
        hour=hour,
        at=at,
        percent=percent,
        amount=amount.minor if amount is not None else None,
        code_id=code.id,
    )
    session.add(step)
    session.flush()
    logbook.record(
        session,
        "added hour step",
        step,
        by=by,
        day=day,
        hour=hour.value,
        at=at,
        percent=percent,
        amount=amount,
        code=code.code,
    )
    return step


def remove(session: Session, step: HourStep, *, by: Staff) -> None:
    """Ask for nothing more at that hour; what was charged stays charged."""
    require(by, Permission.SET_UP, step.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, step.hotel_id))
    logbook.record(session, "removed hour step", step, by=by, day=day, at=step.at)
    session.delete(step)
    session.flush()
