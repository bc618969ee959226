"""Allotments: rooms of a type agreed with somebody for a night, picked up one by one.

What is kept for them stands in the counters' `held`; a room that is picked up goes from there to
`sold` in one statement, so it is never in both and never in neither. An allotment is named by the
id of whom it is kept for, as a claim is; this room knows no more of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, is_postgresql, upsert, within_hotel
from pms.base.refusal import Refusal
from pms.hotel.house.hotels import Hotel

Key = tuple[date, int]


class AllotmentTaken(Refusal):
    """Every room agreed for the night is picked up already."""

    def __init__(self, night: date) -> None:
        super().__init__(
            f"The allotment has no room of that type left on {night:%a %d %b %Y}. "
            "Raise it, or let the group sell beyond it.",
            field="room_type",
            night=night.isoformat(),
        )


class AllotmentNight(Base):
    """One night of one type for one holder: agreed, picked up, still kept, given back.

    `kept` is exactly what of the agreed isn't picked up while the night `keeps`; `over` exactly
    what is picked up beyond it. `released` remembers what the cut-off gave back to sale.
    """

    __tablename__ = "allotment_nights"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["hotel_id", "night", "type_id"],
            ["type_nights.hotel_id", "type_nights.night", "type_nights.type_id"],
            name="fk_allotment_nights_open_for_sale",
        ),
        within_hotel("type_id", "room_types"),
        sa.CheckConstraint(
            "agreed >= 0 AND picked >= 0 AND released >= 0 AND over >= 0", name="not_negative"
        ),
        sa.CheckConstraint(
            "kept = CASE WHEN keeps AND agreed > picked THEN agreed - picked ELSE 0 END",
            name="keeps_what_is_left",
        ),
        sa.CheckConstraint(
            "over = CASE WHEN picked > agreed THEN picked - agreed ELSE 0 END", name="over_is_over"
        ),
        sa.Index(
            "ix_allotment_nights_to_release",
            "hotel_id",
            "release_on",
            sqlite_where=sa.text("keeps"),
            postgresql_where=sa.text("keeps"),
        ),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    night: Mapped[date] = mapped_column(primary_key=True)
    type_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agreed: Mapped[int]
    picked: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    over: Mapped[int] = mapped_column(default=0)
    released: Mapped[int] = mapped_column(default=0)
    keeps: Mapped[bool] = mapped_column(default=True)
    elastic: Mapped[bool] = mapped_column(default=False)
    release_on: Mapped[date]


@dataclass(frozen=True, slots=True)
class Allotted:
    """One row, as it is or shall be; `AllotmentNight` says what the numbers mean."""

    night: date
    type_id: int
    agreed: int
    picked: int
    released: int
    keeps: bool
    elastic: bool
    release_on: date

    @property
    def key(self) -> Key:
        """Its night and type."""
        return self.night, self.type_id

    @property
    def kept(self) -> int:
        """How many rooms it keeps off sale."""
        return max(0, self.agreed - self.picked) if self.keeps else 0

    @property
    def over(self) -> int:
        """How many rooms are picked up beyond what was agreed."""
        return max(0, self.picked - self.agreed)


_TABLE: Any = AllotmentNight.__table__
_NAMES = tuple(Allotted.__dataclass_fields__)
_READ = (
    sa.select(*(_TABLE.c[name] for name in _NAMES))
    .where(_TABLE.c.hotel_id == sa.bindparam("hotel"), _TABLE.c.holder_id == sa.bindparam("holder"))
    .order_by(_TABLE.c.night, _TABLE.c.type_id)
)
_OF_NIGHTS = _READ.where(_TABLE.c.night.between(sa.bindparam("first"), sa.bindparam("last")))
_LOCKED = _OF_NIGHTS.with_for_update()
_PICK = (
    sa.update(_TABLE)
    .where(
        _TABLE.c.hotel_id == sa.bindparam("hotel"),
        _TABLE.c.holder_id == sa.bindparam("holder"),
        _TABLE.c.night == sa.bindparam("at"),
        _TABLE.c.type_id == sa.bindparam("kind"),
    )
    .values({name: sa.bindparam(f"new_{name}") for name in ("picked", "kept", "over")})
)


def read(session: Session, hotel: Hotel, holder_id: int) -> list[Allotted]:
    """Return every row of a holder by night and type."""
    asked = {"hotel": hotel.id, "holder": holder_id}
    return [Allotted(*row) for row in session.connection().execute(_READ, asked)]


def lock_rows(
    session: Session, hotel: Hotel, holder_id: int, nights: Iterable[date]
) -> dict[Key, Allotted]:
    """Return a holder's rows of the nights, locked; their counters have been locked before."""
    wanted = set(nights)
    asked = {"hotel": hotel.id, "holder": holder_id, "first": min(wanted), "last": max(wanted)}
    statement = _LOCKED if is_postgresql(session) else _OF_NIGHTS
    rows = (Allotted(*row) for row in session.connection().execute(statement, asked))
    return {row.key: row for row in rows if row.night in wanted}


def pick_up(
    session: Session, hotel: Hotel, picked: Mapping[int, Mapping[Key, int]], *, forced: bool
) -> dict[Key, int]:
    """Note what holders pick up (or hand back); return what that adds to `held`, by night and type.

    A night or type that isn't agreed is sold from the house. Refuses more than was agreed, unless
    the holder may sell beyond it or it is forced.
    """
    held: dict[Key, int] = defaultdict(int)
    for holder_id in sorted(picked):
        deltas = {key: delta for key, delta in picked[holder_id].items() if delta}
        if not deltas:
            continue
        rows = lock_rows(session, hotel, holder_id, (night for night, _ in deltas))
        after = []
        for key in sorted(deltas.keys() & rows.keys()):
            was = rows[key]
            shall = replace(was, picked=was.picked + deltas[key])
            if shall.over > was.over and not (was.elastic or forced):
                raise AllotmentTaken(key[0])
            held[key] += shall.kept - was.kept
            after.append(
                {
                    "hotel": hotel.id,
                    "holder": holder_id,
                    "at": shall.night,
                    "kind": shall.type_id,
                    "new_picked": shall.picked,
                    "new_kept": shall.kept,
                    "new_over": shall.over,
                }
            )
        if after:
            session.connection().execute(_PICK, after)
    return held


def write(session: Session, hotel: Hotel, holder_id: int, rows: Iterable[Allotted]) -> None:
    """Write rows as they shall be."""
    upsert(
        session,
        AllotmentNight,
        [
            {"hotel_id": hotel.id, "holder_id": holder_id, "kept": row.kept, "over": row.over}
            | {name: getattr(row, name) for name in _NAMES}
            for row in rows
        ],
        key=("hotel_id", "holder_id", "night", "type_id"),
    )
