"""Credit kept back: what is on its way back online isn't given back in another way meanwhile."""

# ruff: noqa: S608 - put together from the constants of this file, never from input

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from pms.base import clock, dates, ink
from pms.base.db import Base, OfHotel, within_hotel
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import ledger
from pms.hotel.house.hotels import Hotel


class CreditReserve(OfHotel, Base):
    """Credit of an account that a refund on its way takes, by the refund's own id.

    The row goes when the refund is booked, or comes to nothing. One asked for on a deposit
    (`of_deposit`) goes where the deposit goes; one asked for on a folio is booked there.
    """

    __tablename__ = "credit_reserves"
    __table_args__ = (
        within_hotel("account_id", "accounts"),
        sa.CheckConstraint("amount > 0", name="keeps_something"),
        sa.Index(None, "hotel_id", "account_id"),
    )

    account_id: Mapped[int]
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
            f"At most {credit} {credit.currency} can be given back: that is what is in credit.",
            field="amount",
        )


class CreditOnItsWay(MoreThanOwed):
    """Part of the credit, or all of it, is going back online already."""

    def __init__(self, left: Money, going: Money, since: datetime, time_zone: str) -> None:
        asked = dates.local(since, time_zone)
        Refusal.__init__(
            self,
            f"A refund of {going} {going.currency} asked for online on {asked:%d %b at %H:%M} is "
            f"still on its way: at most {left} {left.currency} of the credit are free. Wait for "
            "the gateway's answer; where it is put aside, end it under Payments asked for.",
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


def follow(session: Session, hotel: Hotel, *, from_account: int, to_account: int) -> None:
    """Keep back where a deposit went, or went back to, what was asked to be given back of it."""
    session.execute(
        sa.update(CreditReserve)
        .where(
            CreditReserve.hotel_id == hotel.id,
            CreditReserve.account_id == from_account,
            CreditReserve.of_deposit,
        )
        .values(account_id=to_account)
    )


def kept_back(session: Session, hotel: Hotel, account_id: int) -> Money:
    """Return how much of an account's credit is on its way back."""
    going = _going(session, hotel, account_id)
    return Money(sum(each.amount for each in going), hotel.currency)


def refuse_more_than_credit(session: Session, hotel: Hotel, account_id: int, amount: Money) -> None:
    """Refuse to give back more than an account is in credit, less what is on its way back."""
    credit = -ledger.balances(session, hotel, [account_id])[account_id]
    if amount.minor > credit:
        raise MoreThanOwed(Money(max(credit, 0), hotel.currency))
    refuse_kept_back(session, hotel, account_id, amount)


def refuse_kept_back(session: Session, hotel: Hotel, account_id: int, amount: Money) -> None:
    """Refuse to take so much off an account's credit that less is left than is on its way back.

    An account of which nothing is on its way may be debited as one likes.
    """
    going = _going(session, hotel, account_id)
    if not going:
        return
    whole = sum(each.amount for each in going)
    left = -ledger.balances(session, hotel, [account_id])[account_id] - whole
    if amount.minor > left:
        at_most, on_its_way = Money(max(left, 0), hotel.currency), Money(whole, hotel.currency)
        raise CreditOnItsWay(at_most, on_its_way, going[0].reserved_at, hotel.time_zone)


def _going(session: Session, hotel: Hotel, account_id: int) -> Sequence[CreditReserve]:
    return session.scalars(
        sa.select(CreditReserve)
        .where(CreditReserve.hotel_id == hotel.id, CreditReserve.account_id == account_id)
        .order_by(CreditReserve.reserved_at)
    ).all()
