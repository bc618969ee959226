"""Credit kept back: what is on its way back online, or was taken by the guest's bank, isn't given
back in another way.
"""

# ruff: noqa: S608 - put together from the constants of this file, never from input

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from pms.base import clock, dates, ink
from pms.base.db import Base, OfHotel, new_id, within_hotel
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import ledger
from pms.hotel.house.hotels import Hotel

DISPUTED = "dispute/"  # begins the keys of entries by which a bank took something back


class CreditReserve(OfHotel, Base):
    """Credit of an account that a refund on its way takes, by the refund's own id, or a dispute.

    The row goes when the refund is booked, or comes to nothing. One asked for on a deposit
    (`of_deposit`) goes where the deposit goes; one asked for on a folio is booked there. What is
    disputed stays behind when a deposit matures, and goes when the dispute is won.
    """

    __tablename__ = "credit_reserves"
    __table_args__ = (
        within_hotel("account_id", "accounts"),
        sa.CheckConstraint("amount > 0", name="keeps_something"),
        sa.Index(None, "hotel_id", "account_id"),
        sa.Index(
            "ix_credit_reserves_dispute_id",
            "hotel_id",
            "dispute_id",
            sqlite_where=sa.text("dispute_id IS NOT NULL"),
            postgresql_where=sa.text("dispute_id IS NOT NULL"),
        ),
    )

    account_id: Mapped[int]
    dispute_id: Mapped[int | None]
    amount: Mapped[int]
    reserved_at: Mapped[datetime]
    of_deposit: Mapped[bool]


_OF_ACCOUNT = "WHERE hotel_id = NEW.hotel_id AND account_id = NEW.account_id"
ink.guard(
    "payments_keep_reserved_credit",
    table="payments",
    when="INSERT",
    refuse_if="NEW.kind = 'refund'"
    f" AND EXISTS (SELECT 1 FROM credit_reserves {_OF_ACCOUNT})"
    # what a gateway gave back is a fact, whatever is on its way beside it
    " AND (SELECT substr(key, 1, 8) FROM entries"
    " WHERE hotel_id = NEW.hotel_id AND id = NEW.entry_id) <> 'gateway/'"
    f" AND (SELECT COALESCE(SUM(amount), 0) FROM lines {_OF_ACCOUNT})"
    f" + (SELECT COALESCE(SUM(amount), 0) FROM credit_reserves {_OF_ACCOUNT}) > 0",
    message="that credit is on its way back online",
)


class MoreThanOwed(Refusal):
    """What isn't owed to the guest isn't given back."""

    def __init__(self, credit: Money) -> None:
        super().__init__(
            f"At most {credit.said} can be given back: that is what is in credit.",
            field="amount",
        )


class CreditOnItsWay(MoreThanOwed):
    """Part of the credit, or all of it, is going back online already."""

    def __init__(self, left: Money, going: Money, since: datetime, time_zone: str) -> None:
        asked = dates.local(since, time_zone)
        Refusal.__init__(
            self,
            f"A refund of {going.said} asked for online on {asked:%d %b at %H:%M} is "
            f"still on its way: at most {left.said} of the credit are free. Wait for "
            "the gateway's answer; where it is put aside, end it under Payments asked for.",
            field="amount",
        )


class CreditDisputed(MoreThanOwed):
    """The guest's bank has taken part of the credit, or all of it, to give it back itself."""

    def __init__(self, left: Money, disputed: Money) -> None:
        Refusal.__init__(
            self,
            f"The guest disputes {disputed.said} of what was paid, and their bank has taken that: "
            f"at most {left.said} of the credit are free. It is the guest's again if the dispute "
            "is won; see Disputes.",
            field="amount",
        )


def reserve(session: Session, hotel: Hotel, account_id: int, amount: Money, *, of: int) -> None:
    """Keep credit back for a refund on its way; the account's owner is locked and has checked."""
    session.add(
        CreditReserve(
            hotel_id=hotel.id,
            id=of,
            account_id=account_id,
            amount=amount.minor,
            reserved_at=clock.now(),
            of_deposit=session.get_one(ledger.Account, (hotel.id, account_id)).ledger
            is ledger.Ledger.DEPOSIT,
        )
    )
    session.flush()


def free(session: Session, hotel_id: int, *, of: int) -> None:
    """Keep nothing back for a refund any more: it is booked, or came to nothing."""
    session.execute(
        sa.delete(CreditReserve).where(CreditReserve.hotel_id == hotel_id, CreditReserve.id == of)
    )


def reserve_disputed(
    session: Session,
    hotel: Hotel,
    account_id: int,
    amount: Money,
    *,
    dispute_id: int,
    of_deposit: bool,
) -> None:
    """Keep credit back that a bank has taken, until the dispute is won; the account is locked."""
    session.add(
        CreditReserve(
            hotel_id=hotel.id,
            id=new_id(),
            account_id=account_id,
            dispute_id=dispute_id,
            amount=amount.minor,
            reserved_at=clock.now(),
            of_deposit=of_deposit,
        )
    )
    session.flush()


def of_dispute(session: Session, hotel: Hotel, dispute_id: int) -> Sequence[CreditReserve]:
    """Return what is kept back for a dispute, account by account."""
    return session.scalars(
        sa.select(CreditReserve)
        .where(CreditReserve.hotel_id == hotel.id, CreditReserve.dispute_id == dispute_id)
        .order_by(CreditReserve.id)
    ).all()


def follow(session: Session, hotel: Hotel, *, from_account: int, to_account: int) -> None:
    """Keep back where a deposit went, or went back to, what was asked to be given back of it.

    What is disputed of it doesn't mature; it goes back along where all of the deposit had.
    """
    to = session.get_one(ledger.Account, (hotel.id, to_account))
    is_undone = to.ledger is ledger.Ledger.DEPOSIT
    session.execute(
        sa.update(CreditReserve)
        .where(
            CreditReserve.hotel_id == hotel.id,
            CreditReserve.account_id == from_account,
            CreditReserve.of_deposit,
            sa.true() if is_undone else CreditReserve.dispute_id.is_(None),
        )
        .values(account_id=to_account)
    )


def kept_back(session: Session, hotel: Hotel, account_id: int) -> Money:
    """Return how much of an account's credit is on its way back, or disputed."""
    going = _going(session, hotel, account_id)
    return Money(sum(each.amount for each in going), hotel.currency)


def disputed(session: Session, hotel: Hotel, account_id: int) -> Money:
    """Return how much of an account's credit the guest's bank has taken."""
    return _disputed(hotel, _going(session, hotel, account_id))


def _disputed(hotel: Hotel, some: Sequence[CreditReserve]) -> Money:
    minor = sum(each.amount for each in some if each.dispute_id is not None)
    return Money(minor, hotel.currency)


def refuse_more_than_credit(session: Session, hotel: Hotel, account_id: int, amount: Money) -> None:
    """Refuse to give back more than an account is in credit, less what is on its way back and what
    is disputed.
    """
    credit = -ledger.balances(session, hotel, [account_id])[account_id]
    if amount.minor > credit:
        raise MoreThanOwed(Money(max(credit, 0), hotel.currency))
    refuse_kept_back(session, hotel, account_id, amount)


def refuse_kept_back(
    session: Session, hotel: Hotel, account_id: int, amount: Money, *, is_moved: bool = False
) -> None:
    """Refuse to take so much off an account's credit that less is left than is kept back.

    An account of which nothing is kept back may be debited as one likes. What `is_moved` isn't
    handed to anybody: lines are moved whatever is disputed.
    """
    going = _going(session, hotel, account_id)
    if is_moved:
        going = [each for each in going if each.dispute_id is None]
    if not going:
        return
    whole = sum(each.amount for each in going)
    left = -ledger.balances(session, hotel, [account_id])[account_id] - whole
    if amount.minor > left:
        at_most, on_its_way = Money(max(left, 0), hotel.currency), Money(whole, hotel.currency)
        taken = _disputed(hotel, going)
        if taken:
            raise CreditDisputed(at_most, taken)
        raise CreditOnItsWay(at_most, on_its_way, going[0].reserved_at, hotel.time_zone)


def _going(session: Session, hotel: Hotel, account_id: int) -> Sequence[CreditReserve]:
    return session.scalars(
        sa.select(CreditReserve)
        .where(CreditReserve.hotel_id == hotel.id, CreditReserve.account_id == account_id)
        .order_by(CreditReserve.reserved_at)
    ).all()
