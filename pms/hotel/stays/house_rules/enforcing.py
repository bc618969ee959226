"""Enforcing: what blocks keeps the key where it is, unless a manager passes it and says why."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers, clock
from pms.base.db import new_id
from pms.base.refusal import Refusal
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.house_rules import facts
from pms.hotel.stays.house_rules.facts import Fact
from pms.hotel.stays.house_rules.tables import RulePassed, Severity
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations.promise import Reservation
from pms.hotel.stays.reservations.refusals import ReasonNeeded

_BLOCKS = (Severity.BLOCKS,)


class RuleBlocks(Refusal):
    """The house's own rules keep the key back."""

    def __init__(self, found: Sequence[Fact]) -> None:
        said = " ".join(fact.says for fact in found)
        super().__init__(
            f"{said} The house's rules ask for that first; a manager can pass it with a reason.",
            field="passing",
            rules=[fact.check.value for fact in found],
        )


def enforce_arrival(
    session: Session,
    reservation: Reservation,
    *,
    room: Room,
    passing: str | None,
    day: date,
    by: Staff,
) -> None:
    """Refuse a check-in that the house's rules block, unless it is passed with a reason."""
    found = facts.Desk(session, reservation, day, room=room).facts(_BLOCKS)
    _enforce(session, reservation, found, passing=passing, day=day, by=by)


def enforce_departure(
    session: Session, stay: Stay, *, passing: str | None, day: date, by: Staff
) -> None:
    """Refuse a check-out that the house's rules block, unless it is passed with a reason."""
    found = facts.Desk(session, stay.reservation, day, stay=stay).facts(_BLOCKS)
    _enforce(session, stay.reservation, found, passing=passing, day=day, by=by)


def _enforce(
    session: Session,
    reservation: Reservation,
    found: list[Fact],
    *,
    passing: str | None,
    day: date,
    by: Staff,
) -> None:
    if not found:
        return
    if passing is None:
        raise RuleBlocks(found)
    require(by, Permission.OVERRIDE_RULES, reservation.hotel_id)
    if not passing.strip():
        raise ReasonNeeded("a rule that is passed", field="passing")
    card_numbers.refuse(passing=passing)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    for fact in found:
        session.add(
            RulePassed(
                hotel_id=hotel.id,
                id=new_id(),
                chain_id=hotel.chain_id,
                reservation_id=reservation.id,
                rule=fact.check,
                fact=fact.says,
                why=passing.strip(),
                staff_id=by.id,
                day=day,
                at=clock.now(),
            )
        )
    session.flush()
    logbook.record(
        session,
        "passed rules",
        reservation,
        by=by,
        day=day,
        why=passing.strip(),
        rules=[fact.check.value for fact in found],
    )


def passed(session: Session, reservation: Reservation) -> list[RulePassed]:
    """Return what was passed for a party, the first first."""
    return list(
        session.scalars(
            sa.select(RulePassed)
            .where(
                RulePassed.hotel_id == reservation.hotel_id,
                RulePassed.reservation_id == reservation.id,
            )
            .order_by(RulePassed.id)
        )
    )
