"""Default rules: who pays what of the stays that are booked under an agreement or a rate plan.

A stay follows those that stood when it was booked; what is changed later is for later ones.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from pms.base import clock, ink
from pms.base.db import Base, OfHotel, lock, new_id, within_chain, within_hotel
from pms.base.refusal import Refusal
from pms.hotel.books import taking
from pms.hotel.books.folios import Taking, taking_checks
from pms.hotel.books.taking import Takes
from pms.hotel.guests.agreements import Agreement
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.rates import RatePlan

Owner = Agreement | RatePlan


class DefaultEnded(Refusal):
    """New stays don't follow it any more."""

    def __init__(self) -> None:
        super().__init__("That rule has ended. New stays don't follow it.")


class DefaultRule(Taking, OfHotel, Base):
    """What the company of a stay pays of it by itself, where its agreement or rate plan says so.

    Holds for stays booked from `made_at` until `ended_at`; it is never changed, only followed by
    another.
    """

    __tablename__ = "default_rules"
    __table_args__ = (
        within_hotel("agreement_id", "agreements"),
        within_hotel("plan_id", "rate_plans"),
        within_hotel("charge_code_id", "charge_codes"),
        within_hotel("charge_set_id", "charge_sets"),
        within_chain("staff_id", "staff"),
        sa.CheckConstraint("(agreement_id IS NULL) <> (plan_id IS NULL)", name="of_one"),
        sa.CheckConstraint("ended_at >= made_at", name="from_first_to_last"),
        *taking_checks(),
        sa.Index(None, "hotel_id", "agreement_id"),
        sa.Index(None, "hotel_id", "plan_id"),
    )

    chain_id: Mapped[int]
    agreement_id: Mapped[int | None]
    plan_id: Mapped[int | None]
    staff_id: Mapped[int]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


_AGREED = sorted({column.name for column in DefaultRule.__table__.columns} - {"ended_at"})
ink.guard(
    "default_rules_are_followed_by_others",
    table="default_rules",
    when=f"UPDATE OF {', '.join(_AGREED)}",
    refuse_if="1 = 1",
    message="a default rule is ended and followed by another, it is not changed",
)
ink.guard(
    "default_rules_end_once",
    table="default_rules",
    when="UPDATE OF ended_at",
    refuse_if="OLD.ended_at IS NOT NULL",
    message="a default rule ends once",
)
ink.guard(
    "default_rules_stay",
    table="default_rules",
    when="DELETE",
    refuse_if="1 = 1",
    message="a default rule ends, it is not deleted",
)


def add(session: Session, hotel: Hotel, owner: Owner, *, takes: Takes, by: Staff) -> DefaultRule:
    """Let the companies of stays booked from now on pay for something by themselves.

    It takes after the owner's other rules. Refuses what no rule can take, a retired set, and levies
    that stay with their charge.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, owner)
    taking.refuse_odd(hotel, takes)
    taking.refuse_retired(takes)
    taking.refuse_levies(session, hotel, takes, day=day)
    made = DefaultRule(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        agreement_id=owner.id if isinstance(owner, Agreement) else None,
        plan_id=owner.id if isinstance(owner, RatePlan) else None,
        staff_id=by.id,
        made_at=clock.now(),
        **taking.columns(session, hotel, takes),
    )
    session.add(made)
    session.flush()
    logbook.record(session, "agreed routing", owner, by=by, day=day, **takes.words())
    return made


def end(session: Session, rule: DefaultRule, *, by: Staff) -> None:
    """Let stays booked from now on not follow a rule; those booked before keep theirs."""
    hotel = session.get_one(Hotel, rule.hotel_id)
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, rule)
    if rule.ended_at is not None:
        raise DefaultEnded
    [takes] = taking.of_rules(session, hotel, [rule])
    rule.ended_at = clock.now()
    session.flush()
    logbook.record(
        session, "ended routing", owner_of(session, rule), by=by, day=day,
        before=takes.words(),
    )  # fmt: skip


def owner_of(session: Session, rule: DefaultRule) -> Owner:
    """Return the agreement or the rate plan that a rule is of."""
    if rule.agreement_id is not None:
        return session.get_one(Agreement, (rule.hotel_id, rule.agreement_id))
    return session.get_one(RatePlan, (rule.hotel_id, rule.plan_id))


def of(session: Session, *owners: Owner) -> list[DefaultRule]:
    """Return what stays booked now follow of agreements and plans of one hotel, in their order."""
    if not owners:
        return []
    return list(
        session.scalars(
            _of(owners[0].hotel_id, owners)
            .where(DefaultRule.ended_at.is_(None))
            .order_by(DefaultRule.id)
        )
    )


def stood_at(
    session: Session, hotel: Hotel, moment: datetime, owners: Sequence[Owner]
) -> list[DefaultRule]:
    """Return what stays booked at a moment follow, an agreement's rules before a plan's."""
    return list(
        session.scalars(
            _of(hotel.id, owners)
            .where(
                DefaultRule.made_at <= moment,
                sa.or_(DefaultRule.ended_at.is_(None), DefaultRule.ended_at > moment),
            )
            .order_by(DefaultRule.plan_id.is_not(None), DefaultRule.id)
        )
    )


def _of(hotel_id: int, owners: Sequence[Owner]) -> sa.Select[DefaultRule]:
    agreements = [each.id for each in owners if isinstance(each, Agreement)]
    plans = [each.id for each in owners if isinstance(each, RatePlan)]
    return sa.select(DefaultRule).where(
        DefaultRule.hotel_id == hotel_id,
        sa.or_(DefaultRule.agreement_id.in_(agreements), DefaultRule.plan_id.in_(plans)),
    )
