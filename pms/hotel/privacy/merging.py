"""Merging: two profiles of one person made one, and parted again if they were two after all.

What names the retired profile names the kept one from then on, whatever room it is in, and the
merge remembers which rows these were. What was reported to others (`police_reports`) and what is
printed stays as it was said.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock, ink
from pms.base.db import Base, OfChain, lock, new_id, within_chain
from pms.base.refusal import Refusal
from pms.hotel.guests.guests import Guest, who_stand
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.parties import PartyGuest
from pms.hotel.stays.reservations import Reservation

# a blank line of the kept profile is filled from the retired one
FILLED = ("native_name", "folded_native", "email", "phone", "country", "language", "notes")
AS_SAID = frozenset({"police_reports", "guest_merges"})


class GuestMerge(OfChain, Base):
    """One merge: who stands for whom, which rows changed hands, and when it was undone."""

    __tablename__ = "guest_merges"
    __table_args__ = (
        within_chain("kept_id", "guests"),
        within_chain("retired_id", "guests"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint("kept_id <> retired_id", name="of_two"),
        sa.Index(
            "uq_guest_merges_standing",
            "chain_id",
            "retired_id",
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        ),
        sa.Index(None, "chain_id", "kept_id"),
    )

    kept_id: Mapped[int]
    retired_id: Mapped[int]
    hotel_id: Mapped[int]
    staff_id: Mapped[int]
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    moved: Mapped[dict[str, Any]] = mapped_column(sa.JSON)  # {"reservations": [[1, 17], …]}
    filled: Mapped[list[str]]


for _name, _table, _when in (
    ("reservations_name_who_stands", "reservations", "UPDATE OF guest_id"),
    ("reservations_begin_with_who_stands", "reservations", "INSERT"),
    ("party_guests_name_who_stands", "party_guests", "INSERT"),
    ("waitlist_names_who_stands", "waitlist", "INSERT"),
):
    ink.guard(
        _name,
        table=_table,
        when=_when,
        refuse_if="EXISTS (SELECT 1 FROM guests WHERE chain_id = NEW.chain_id"
        " AND id = NEW.guest_id AND merged_into_id IS NOT NULL)",
        message="that profile is merged into another",
    )


class SameProfile(Refusal):
    def __init__(self) -> None:
        super().__init__("That is the same profile. Choose another.", field="other")


class NotStanding(Refusal):
    """A profile that was merged away can't be merged, kept or parted from."""

    def __init__(self, guest: Guest) -> None:
        super().__init__(
            f"{guest.name} was merged into another profile. Open that one, and part them first.",
            field="other",
        )


class SameParty(Refusal):
    """Two who stay together in one booking are two people."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Both are guests of booking {number}: these are two people. Take one off that party "
            "if it's the same person twice.",
            field="other",
        )


class PartedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("These two were parted already.")


def standing(session: Session, guest: Guest) -> Guest:
    """Return the profile that stands for a guest: itself, or the one it was merged into."""
    stands = who_stand(session, guest.chain_id, [guest.id])[guest.id]
    return session.get_one(Guest, {"chain_id": guest.chain_id, "id": stands})


def merged_into(session: Session, kept: Guest) -> list[tuple[GuestMerge, Guest]]:
    """Return the profiles that a guest stands for, the newest merge first."""
    found = session.execute(
        sa.select(GuestMerge, Guest)
        .join(
            Guest, sa.and_(Guest.chain_id == GuestMerge.chain_id, Guest.id == GuestMerge.retired_id)
        )
        .where(
            GuestMerge.chain_id == kept.chain_id,
            GuestMerge.kept_id == kept.id,
            GuestMerge.undone_at.is_(None),
        )
        .order_by(GuestMerge.id.desc())
    )
    return [(merge, guest) for merge, guest in found]


def merge(session: Session, kept: Guest, other: Guest, *, hotel: Hotel, by: Staff) -> GuestMerge:
    """Make two profiles of one person one: `kept` stands for `other`, in every hotel of the chain.

    Bookings, documents, requests and bills change hands; blank lines are filled, VIP and unwanted
    hold if they held for one of them. Nobody books in any of the hotels at that moment. Refuses a
    profile with itself, one that was merged away, and two who stay together.
    """
    require(by, Permission.RESERVE, hotel.id)
    _hold_the_chain(session, hotel)
    if kept.id == other.id:
        raise SameProfile
    for guest in sorted((kept, other), key=lambda each: each.id):
        lock(session, guest)
        if guest.merged_into_id is not None:
            raise NotStanding(guest)
    _refuse_one_party(session, kept, other)
    filled = [name for name in FILLED if not getattr(kept, name) and getattr(other, name)]
    for name in filled:
        setattr(kept, name, getattr(other, name))
    if other.vip and not kept.vip:
        kept.vip = True
        filled.append("vip")
    if other.unwanted_why and not kept.unwanted_why:
        kept.unwanted_why = other.unwanted_why
        filled.append("unwanted_why")
    moved = {name: rows for name, rows in _hand_over(session, other.id, kept) if rows}
    other.merged_into_id = kept.id
    other.version += 1
    done = GuestMerge(
        chain_id=hotel.chain_id,
        id=new_id(),
        kept_id=kept.id,
        retired_id=other.id,
        hotel_id=hotel.id,
        staff_id=by.id,
        merged_at=clock.now(),
        moved=moved,
        filled=filled,
    )
    session.add(done)
    _note(session, "merged", kept, other, hotel, by)
    return done


def part(session: Session, merge: GuestMerge, *, hotel: Hotel, by: Staff) -> Guest:
    """Take a merge back and return the profile that stands for itself again.

    What changed hands goes back, but for what was given to somebody else since; lines that were
    filled are emptied if they still say the same. Refuses a merge that was undone, and one whose
    kept profile was merged away itself.
    """
    require(by, Permission.RESERVE, hotel.id)
    _hold_the_chain(session, hotel)
    lock(session, merge)
    if merge.undone_at is not None:
        raise PartedAlready
    kept = session.get_one(Guest, {"chain_id": merge.chain_id, "id": merge.kept_id})
    other = session.get_one(Guest, {"chain_id": merge.chain_id, "id": merge.retired_id})
    for guest in sorted((kept, other), key=lambda each: each.id):
        lock(session, guest)
    if kept.merged_into_id is not None:
        raise NotStanding(kept)
    for name in merge.filled:
        if getattr(kept, name) == getattr(other, name):
            setattr(kept, name, False if name == "vip" else None)
    kept.version += 1
    other.version += 1
    other.merged_into_id = None
    merge.undone_at = clock.now()
    session.flush()
    _hand_back(session, merge)
    _note(session, "parted", kept, other, hotel, by)
    return other


# --- what names a guest --------------------------------------------------------------------------


def naming() -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    """Yield every column of every room that names a guest of the chain, but what was said as said.

    Read from the foreign keys, so that a room built tomorrow is handed over, too.
    """
    for table in Base.metadata.sorted_tables:
        if table.name in AS_SAID:
            continue
        for key in table.foreign_key_constraints:
            if key.referred_table.name == "guests":
                yield table, next(each for each in key.columns if each.name != "chain_id")


def _hand_over(session: Session, from_id: int, kept: Guest) -> Iterator[tuple[str, list[Any]]]:
    """Give every row that names a guest to the kept one; yield each table with its rows' keys."""
    kept.version += 1
    session.flush()
    connection = session.connection()
    for table, column in naming():
        mine = sa.and_(table.c.chain_id == kept.chain_id, column == from_id)
        if table.name == "identity_documents":  # one document, seen under both profiles
            twin = table.alias()
            mine = sa.and_(mine, ~_same_document(table, twin, kept.id))
        keys = [list(row) for row in connection.execute(sa.select(*table.primary_key).where(mine))]
        if keys:
            connection.execute(sa.update(table).where(mine).values({column: kept.id}))
        yield f"{table.name}.{column.name}", keys


def _same_document(table: sa.Table, twin: sa.FromClause, guest_id: int) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        twin.c.chain_id == table.c.chain_id,
        twin.c.guest_id == guest_id,
        twin.c.kind == table.c.kind,
        twin.c.number_index == table.c.number_index,
    )


def _hand_back(session: Session, merge: GuestMerge) -> None:
    connection = session.connection()
    for table, column in naming():
        keys = merge.moved.get(f"{table.name}.{column.name}")
        if not keys:
            continue
        names = list(table.primary_key)
        row = sa.and_(*(each == sa.bindparam(f"key_{n}") for n, each in enumerate(names)))
        connection.execute(
            sa.update(table).where(row, column == merge.kept_id).values({column: merge.retired_id}),
            [{f"key_{n}": value for n, value in enumerate(key)} for key in keys],
        )


# --- with nobody booking meanwhile ---------------------------------------------------------------


def _hold_the_chain(session: Session, hotel: Hotel) -> None:
    """Take each hotel's day alone, in one order: nobody books for either of the two meanwhile."""
    hotels = session.scalars(
        sa.select(Hotel).where(Hotel.chain_id == hotel.chain_id).order_by(Hotel.id)
    )
    for each in list(hotels):
        business_day.take_alone(session, each)


def _refuse_one_party(session: Session, kept: Guest, other: Guest) -> None:
    comes = [
        sa.select(Reservation.number, Reservation.id, Reservation.guest_id).where(
            Reservation.chain_id == kept.chain_id, Reservation.guest_id.in_([kept.id, other.id])
        ),
        sa.select(Reservation.number, Reservation.id, PartyGuest.guest_id)
        .join(
            PartyGuest,
            sa.and_(
                PartyGuest.hotel_id == Reservation.hotel_id,
                PartyGuest.reservation_id == Reservation.id,
            ),
        )
        .where(PartyGuest.chain_id == kept.chain_id, PartyGuest.guest_id.in_([kept.id, other.id])),
    ]
    both = sa.union(*comes).subquery()
    number = session.scalar(
        sa.select(both.c.number).group_by(both.c.id, both.c.number).having(sa.func.count() > 1)
    )
    if number is not None:
        raise SameParty(number)


def _note(session: Session, verb: str, kept: Guest, other: Guest, hotel: Hotel, by: Staff) -> None:
    """Write the deed on both profiles' pages of the logbook."""
    session.flush()
    day = business_day.today(session, hotel)
    after = {"kept": kept.id, "other": other.id}
    lines = [
        logbook.line(verb, "guests", hotel.id, guest.id, by=by, day=day, after=after)
        for guest in (kept, other)
    ]
    logbook.write(session, lines)
