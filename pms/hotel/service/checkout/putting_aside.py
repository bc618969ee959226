"""Putting aside: an answer that isn't what was asked for is left alone, until somebody ends it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout.homes import finish, trace
from pms.hotel.service.checkout.tables import Intent, IntentState

MARK = "put aside: "
LONGEST = 300
SHOWN = 200


class NotPutAside(Refusal):
    """What the gateway still works at, or has ended, isn't ended by hand."""

    def __init__(self) -> None:
        super().__init__("That isn't put aside any more. Look at the list again.")


def put_aside(session: Session, hotel: Hotel, intent: Intent, why: str) -> None:
    """Leave an answer alone that isn't what was asked for, and let the desk look at it."""
    said = f"{MARK}{why}"[:LONGEST]
    if intent.refused == said:
        return
    intent.refused, intent.look_at = said, None
    session.flush()
    words = f"{why}: look at it in the gateway's own pages, then under Put aside ({intent.words})"
    trace(session, hotel, intent, words)


def standing(session: Session, hotel: Hotel) -> Sequence[Intent]:
    """Return what is put aside, the newest first."""
    return session.scalars(
        sa.select(Intent)
        .where(Intent.hotel_id == hotel.id, _is_put_aside())
        .order_by(Intent.id.desc())
        .limit(SHOWN)
    ).all()


def end(session: Session, intent: Intent, *, reason: str, by: Staff) -> Intent:
    """End what is put aside: nothing of it is booked, and what it kept busy is free again.

    Whoever ends it has looked at the gateway's own pages; should the right answer come after all,
    it is booked as ever. Refuses what isn't put aside, and an end without a reason.
    """
    require(by, Permission.REFUND, intent.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, intent.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, intent)
    said = intent.refused or ""
    if intent.state not in _OPEN or not said.startswith(MARK):
        raise NotPutAside
    finish(session, intent, IntentState.FAILED, why=said)
    logbook.record(
        session, "ended what was put aside", intent, by=by, day=day, why=reason,
        deed=intent.deed.value, amount=Money(intent.amount, hotel.currency),
    )  # fmt: skip
    return intent


_OPEN = (IntentState.INTENDED, IntentState.CALLED)


def _is_put_aside() -> sa.ColumnElement[bool]:
    marked = Intent.refused.startswith(MARK)
    return sa.and_(Intent.state.in_(_OPEN), Intent.look_at.is_(None), marked)
