"""Adjustment limits: how much each role may change of a bill, or hand out, by itself in a day."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from pms.base.db import Base, choice
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import ledger
from pms.hotel.books.folios.tables import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Kind, Line
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import MAY, Permission, Role, Staff, require

LIMITED = tuple(
    role
    for role in Role
    if MAY[role] & {Permission.ADJUST, Permission.PAY_OUT} and role is not Role.HOUSE
)


class AdjustmentLimit(Base):
    """What a role may add to a bill or take off it in a day, in minor units; none: any amount.

    As much may each person of the role hand out in a day, all their paid-outs together.
    """

    __tablename__ = "adjustment_limits"
    __table_args__ = (
        sa.CheckConstraint("most >= 0", name="at_least_nothing"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    role: Mapped[Role] = mapped_column(choice(Role), primary_key=True)
    most: Mapped[int]


class OverLimit(Refusal):
    """More than the role may adjust of one bill in a day."""

    status = 403

    def __init__(self, role: Role, most: Money) -> None:
        super().__init__(
            f"Your role ({role.words.lower()}) adjusts a bill by {most.said} a day. "
            "Ask somebody who may more.",
            field="amount",
        )


def limits(session: Session, hotel: Hotel) -> dict[Role, Money]:
    """Return the roles that have a limit, and which."""
    rows = session.scalars(sa.select(AdjustmentLimit).where(AdjustmentLimit.hotel_id == hotel.id))
    return {row.role: Money(row.most, hotel.currency) for row in rows}


def set_limits(
    session: Session, hotel: Hotel, most: Mapping[Role, Money | None], *, by: Staff
) -> dict[Role, Money]:
    """Say how much roles may adjust of a bill, or pay out, in a day; None lets them any amount."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    before = limits(session, hotel)
    for role, limit in most.items():
        if limit is not None and (limit.minor < 0 or limit.currency != hotel.currency):
            raise Invalid(f"A limit is an amount in {hotel.currency}.", field=role.value)
        row = session.get(AdjustmentLimit, (hotel.id, role))
        if limit is None and row is not None:
            session.delete(row)
        elif limit is not None and row is None:
            session.add(AdjustmentLimit(hotel_id=hotel.id, role=role, most=limit.minor))
        elif limit is not None and row is not None:
            row.most = limit.minor
    session.flush()
    after = limits(session, hotel)
    line = logbook.line(
        "set adjustment limits",
        "hotels",
        hotel.id,
        hotel.id,
        by=by,
        day=day,
        before={role.value: str(limit) for role, limit in before.items()},
        after={role.value: str(limit) for role, limit in after.items()},
    )
    logbook.write(session, [line])
    return after


def refuse_over_limit(
    session: Session, hotel: Hotel, folio: Folio, amount: Money, *, day: date, by: Staff
) -> None:
    """Refuse an adjustment that is, with the person's others of the day on this folio, too much.

    A void of what an earlier day posted counts too; what the house gave back of that goes with it.
    The folio is locked, so two at once don't pass together.
    """
    role = by.role_in(hotel.id)
    row = session.get(AdjustmentLimit, (hotel.id, role)) if role is not None else None
    if role is None or row is None:
        return
    each = (
        sa.select(sa.func.abs(sa.func.sum(Line.amount)).label("adjusted"))
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .where(
            Line.hotel_id == hotel.id,
            Line.business_day == day,
            FolioWindow.folio_id == folio.id,
            Entry.posted_by == by.id,
            sa.or_(sa.and_(Entry.kind == Kind.ADJUSTMENT, ledger.standing()), _voids_an_older(day)),
        )
        .group_by(Entry.id)
        .subquery()
    )
    adjusted = session.scalar(sa.select(sa.func.coalesce(sa.func.sum(each.c.adjusted), 0)))
    if int(adjusted or 0) + abs(amount.minor) > row.most:
        raise OverLimit(role, Money(row.most, hotel.currency))


def _voids_an_older(day: date) -> sa.ColumnElement[bool]:
    """Return the condition that an `Entry` undoes a charge or an adjustment of an earlier day."""
    undone = aliased(Entry)
    return sa.exists().where(
        undone.hotel_id == Entry.hotel_id,
        undone.id == Entry.reverses_id,
        undone.business_day < day,
        sa.or_(
            undone.kind == Kind.CHARGE,
            sa.and_(undone.kind == Kind.ADJUSTMENT, undone.concerns_id.is_(None)),
        ),
    )
