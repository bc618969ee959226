"""Allotting: setting what is agreed with a holder, keeping it off sale, and giving it back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.inventory import allotments
from pms.hotel.rooms.inventory.allotments import AllotmentNight, Allotted, Key
from pms.hotel.rooms.inventory.selling import change, lock_nights


class AgreedTooFew(Invalid):
    """More is picked up already than shall be agreed."""

    def __init__(self, night: date, picked: int) -> None:
        super().__init__(
            f"{picked} are picked up on {night:%a %d %b %Y} already. Agree on at least as many.",
            field="agreed",
        )


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a night and type shall be: how many rooms, and until which day's audit they are kept."""

    rooms: int
    release_on: date
    keeps: bool
    elastic: bool


def allot(
    session: Session,
    hotel: Hotel,
    holder_id: int,
    agreed: Mapping[Key, Agreed],
    *,
    picked: Mapping[Key, int],
) -> None:
    """Make a holder's nights what was agreed; the caller holds the nights and counted `picked`.

    Refuses fewer than are picked up (unless elastic), and what isn't free to be kept.
    """
    if not agreed:
        return
    lock_nights(session, hotel, agreed)
    there = allotments.lock_rows(session, hotel, holder_id, (night for night, _ in agreed))
    after: list[Allotted] = []
    held: dict[Key, int] = {}
    for key in sorted(agreed):
        wanted, was = agreed[key], there.get(key)
        row = Allotted(
            *key,
            agreed=wanted.rooms,
            picked=picked.get(key, 0),
            released=0 if wanted.keeps or was is None else was.released,
            keeps=wanted.keeps,
            elastic=wanted.elastic,
            release_on=wanted.release_on,
        )
        if row.over > (was.over if was else 0) and not row.elastic:
            raise AgreedTooFew(key[0], row.picked)
        after.append(row)
        held[key] = row.kept - (was.kept if was else 0)
    change(session, hotel, held, subject_id=holder_id, column="held")
    allotments.write(session, hotel, holder_id, after)


def release(
    session: Session, hotel: Hotel, holder_id: int, *, until: date | None = None
) -> dict[Key, int]:
    """Give back to sale what a holder has not picked up; return how many rooms of which night.

    With `until`, only what was to be released by that day. Said again, it finds nothing.
    """
    due = [
        row.key
        for row in allotments.read(session, hotel, holder_id)
        if row.keeps and (until is None or row.release_on <= until)
    ]
    if not due:
        return {}
    lock_nights(session, hotel, due)
    there = allotments.lock_rows(session, hotel, holder_id, (night for night, _ in due))
    rows = [there[key] for key in due if there[key].keeps]
    given = {row.key: row.kept for row in rows}
    change(
        session,
        hotel,
        {key: -rooms for key, rooms in given.items()},
        subject_id=holder_id,
        column="held",
    )
    allotments.write(
        session, hotel, holder_id, [replace(r, keeps=False, released=r.kept) for r in rows]
    )
    return {key: rooms for key, rooms in given.items() if rooms}


def holders_due(session: Session, hotel: Hotel, day: date) -> list[int]:
    """Return who keeps nights that the audit of that day is to give back, in one order."""
    return list(
        session.scalars(
            sa.select(AllotmentNight.holder_id)
            .where(
                AllotmentNight.hotel_id == hotel.id,
                AllotmentNight.keeps,
                AllotmentNight.release_on <= day,
            )
            .distinct()
            .order_by(AllotmentNight.holder_id)
        )
    )


def left_of(rows: Iterable[Allotted]) -> dict[Key, int]:
    """Return how many rooms each night and type still keeps."""
    return {row.key: row.kept for row in rows if row.kept}
