"""What the house asks of its cashiers: whether cash wants an open shift, and the usual float."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import upsert
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books.cashiers.tables import CashierRule
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


@dataclass(frozen=True, slots=True)
class Rules:
    """A hotel's rules; one that has said nothing takes cash with or without a shift."""

    asks_for_shift: bool
    usual_float: Money


def read(session: Session, hotel: Hotel) -> Rules:
    """Return a hotel's rules, the usual ones where it has said nothing."""
    row = session.execute(
        sa.select(CashierRule.asks_for_shift, CashierRule.usual_float).where(
            CashierRule.hotel_id == hotel.id
        )
    ).one_or_none()
    asks, usual = (row.asks_for_shift, row.usual_float) if row else (False, 0)
    return Rules(asks, Money(usual, hotel.currency))


def set_rules(
    session: Session, hotel: Hotel, *, asks_for_shift: bool, usual_float: Money, by: Staff
) -> Rules:
    """Say whether cash is taken into open shifts only, and with how much a drawer begins."""
    require(by, Permission.SET_UP, hotel.id)
    if usual_float.currency != hotel.currency or usual_float.minor < 0:
        raise Invalid("A float is an amount of the house's money, or none.", field="usual_float")
    day = business_day.hold(session, hotel)
    before = read(session, hotel)
    wanted = Rules(asks_for_shift, usual_float)
    if wanted == before:
        return before
    row = {
        "hotel_id": hotel.id,
        "asks_for_shift": asks_for_shift,
        "usual_float": usual_float.minor,
    }
    upsert(session, CashierRule, [row], key=("hotel_id",))
    line = logbook.line(
        "set cashier rules",
        CashierRule.__tablename__,
        hotel.id,
        hotel.id,
        by=by,
        day=day,
        before={"asks_for_shift": before.asks_for_shift, "usual_float": before.usual_float},
        after={"asks_for_shift": asks_for_shift, "usual_float": usual_float},
    )
    logbook.write(session, [line])
    return wanted
