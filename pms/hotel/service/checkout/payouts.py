"""Payouts: what the gateway sends to the bank, laid beside the books; what isn't explained shows.

A payout takes its lines' gross off the clearing account: the bank gets the amount, the gateway
kept the fees. What is left on the clearing account is what the gateway owes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import dates, ink
from pms.base.db import Base, OfHotel, new_id, within_hotel
from pms.base.gateway import PaidOut, Settled
from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.payments import online
from pms.hotel.books.payments.online import GATEWAY, GatewayPayment
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout.disputes import Dispute, DisputeState
from pms.hotel.service.checkout.homes import tell_desk

SHOWN = 100
RETURNED = "refund_failure"  # what Stripe calls the line of a refund that came back
REFUNDS = frozenset({"refund", "payment_refund"})
ADJUSTED = "adjustment"  # by a dispute, mostly
SENT_BACK = "payout_failure"  # the line of a later payout that brings what a bank had sent back
_BACK = "/failed"  # how a payout is called that takes a failed one off the bank again
_BOOKED = {"paid", "in_transit", "failed"}
BANK = ledger.Wanted(ledger.Ledger.CLEARING, "clearing/transfer", "Bank transfers")
FEES = ledger.Wanted(ledger.Ledger.CLEARING, "clearing/stripe-fees", "Stripe's fees")


class Payout(OfHotel, Base):
    """Money that a gateway sent to the hotel's bank, and what it kept as its fees.

    What the bank sent back is another one, below zero, until a later payout brings it.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "object_id"),
        within_hotel("entry_id", "entries"),
    )

    object_id: Mapped[str] = mapped_column(sa.String(255))
    amount: Mapped[int]
    fees: Mapped[int]
    arrives_on: Mapped[date]
    entry_id: Mapped[int | None]


class PayoutLine(OfHotel, Base):
    """What a payout is made of; a line that is none of our payments isn't explained.

    Of a charge, or a refund, of several rooms `gateway_payment_id` is the first one's part.
    """

    __tablename__ = "payout_lines"
    __table_args__ = (
        within_hotel("payout_id", "payouts"),
        within_hotel("gateway_payment_id", "gateway_payments"),
        within_hotel("dispute_id", "disputes"),
        sa.UniqueConstraint("hotel_id", "object_id"),
        sa.CheckConstraint(
            "gateway_payment_id IS NULL OR dispute_id IS NULL", name="explained_once"
        ),
        sa.Index(None, "hotel_id", "payout_id"),
        sa.Index(None, "hotel_id", "gateway_payment_id"),
    )

    payout_id: Mapped[int]
    object_id: Mapped[str] = mapped_column(sa.String(255))
    kind: Mapped[str] = mapped_column(sa.String(40))
    source: Mapped[str | None] = mapped_column(sa.String(255))
    gross: Mapped[int]
    fee: Mapped[int]
    gateway_payment_id: Mapped[int | None]
    dispute_id: Mapped[int | None]


ink.append_only("payouts")
ink.append_only("payout_lines")


@dataclass(frozen=True, slots=True)
class Owed:
    """How the clearing account stands, and what it is made of.

    What was taken and isn't paid out yet, less what disputes took back, less what isn't explained.
    """

    clearing: Money
    not_paid_out: Money
    disputed: Money
    unexplained: Money

    @property
    def adds_up(self) -> bool:
        """Whether the account is what its parts come to."""
        return self.clearing == self.not_paid_out - self.disputed - self.unexplained


def known(session: Session, hotel: Hotel, object_ids: Sequence[str]) -> set[str]:
    """Return which of these payouts are booked already."""
    return set(
        session.scalars(
            sa.select(Payout.object_id).where(
                Payout.hotel_id == hotel.id, Payout.object_id.in_(object_ids)
            )
        )
    )


def book(session: Session, hotel: Hotel, said: PaidOut, *, by: Staff) -> Payout | None:
    """Book a payout that left, once, also one that came back since; None while it is still here."""
    require(by, Permission.PAY, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    if said.status not in _BOOKED or said.amount.currency != hotel.currency:
        return None
    if known(session, hotel, [said.object_id]):
        return None
    fees = sum(line.fee for line in said.lines)
    made = Payout(
        hotel_id=hotel.id,
        id=new_id(),
        object_id=said.object_id,
        amount=said.amount.minor,
        fees=fees,
        arrives_on=dates.local(said.arrives_at, hotel.time_zone).date(),
        entry_id=_post(session, hotel, said, fees, day, by=by),
    )
    session.add(made)
    session.flush()
    session.add_all([_line(session, hotel, made, each) for each in said.lines])
    session.flush()
    logbook.record(session, "was paid out", made, by=by, day=day, amount=said.amount)
    return made


def send_back(session: Session, hotel: Hotel, object_id: str, *, by: Staff) -> Payout | None:
    """Book that a bank sent a payout back, once: the gateway owes it again, and the desk is told.

    None of one that isn't booked, or is back already.
    """
    require(by, Permission.PAY, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    sent = session.scalar(
        sa.select(Payout).where(Payout.hotel_id == hotel.id, Payout.object_id == object_id)
    )
    named = f"{object_id}{_BACK}"
    if sent is None or not sent.amount or known(session, hotel, [named]):
        return None
    there = ledger.accounts(session, hotel, [GATEWAY, BANK])
    draft = ledger.Draft(
        kind=ledger.Kind.TRANSFER,
        key=f"payout/{named}",
        text="Payout sent back by the bank",
        reference=object_id,
        lines=(
            ledger.Side(there[GATEWAY.code], sent.amount),
            ledger.Side(there[BANK.code], -sent.amount),
        ),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    back = Payout(
        hotel_id=hotel.id, id=new_id(), object_id=named, amount=-sent.amount, fees=0,
        arrives_on=day, entry_id=posted.entry_id,
    )  # fmt: skip
    line = PayoutLine(
        hotel_id=hotel.id, id=new_id(), payout_id=back.id, object_id=named, kind="sent back",
        source=object_id, gross=-sent.amount, fee=0,
    )  # fmt: skip
    session.add(back)
    session.flush()
    session.add(line)
    session.flush()
    amount = Money(sent.amount, hotel.currency)
    logbook.record(session, "was sent back", back, by=by, day=day, amount=amount)
    words = f"The bank sent a payout of {amount.said} back: look at the account in the gateway's"
    tell_desk(session, hotel, f"{words} own pages. A later payout brings it")
    return back


def _post(
    session: Session, hotel: Hotel, said: PaidOut, fees: int, day: date, *, by: Staff
) -> int | None:
    there = ledger.accounts(session, hotel, [GATEWAY, BANK, FEES])
    sides = (
        ledger.Side(there[BANK.code], said.amount.minor),
        ledger.Side(there[FEES.code], fees),
        ledger.Side(there[GATEWAY.code], -said.amount.minor - fees),
    )
    draft = ledger.Draft(
        kind=ledger.Kind.TRANSFER,
        key=f"payout/{said.object_id}",
        text="Paid out by Stripe",
        reference=said.object_id,
        lines=tuple(side for side in sides if side.amount),
    )
    if not draft.lines:
        return None
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    return posted.entry_id


def _line(session: Session, hotel: Hotel, payout: Payout, said: Settled) -> PayoutLine:
    """Lay a line beside the payment, the refund or the dispute it is."""
    is_refund = said.kind in REFUNDS
    wanted = said.source if is_refund else said.payment
    if said.kind == RETURNED and said.source:
        wanted = f"{said.source}{online.RETURNED}"
    found = online.of_charge(session, hotel, wanted) if wanted else ()
    disputed = None
    if said.kind == ADJUSTED and said.source:
        found = ()
        disputed = session.scalar(
            sa.select(Dispute.id).where(
                Dispute.hotel_id == hotel.id, Dispute.object_id == said.source
            )
        )
    is_explained = bool(found) and sum(each.amount for each in found) == said.gross
    return PayoutLine(
        hotel_id=hotel.id,
        id=new_id(),
        payout_id=payout.id,
        object_id=said.transaction,
        kind=said.kind[:40],
        source=said.source,
        gross=said.gross,
        fee=said.fee,
        gateway_payment_id=found[0].id if is_explained else None,
        dispute_id=disputed,
    )


# --- looking --------------------------------------------------------------------------------------


def listed(session: Session, hotel: Hotel) -> Sequence[Payout]:
    """Return a hotel's payouts, the newest first."""
    return session.scalars(
        sa.select(Payout).where(Payout.hotel_id == hotel.id).order_by(Payout.id.desc()).limit(SHOWN)
    ).all()


def unexplained(session: Session, hotel: Hotel) -> Sequence[PayoutLine]:
    """Return lines of payouts that are no payment, refund or dispute of ours.

    Of a payout that came back the two lines explain each other once a later one brought it.
    """
    other = sa.orm.aliased(PayoutLine)
    comes_out = sa.exists().where(
        other.hotel_id == PayoutLine.hotel_id,
        other.source == PayoutLine.source,
        other.gross == -PayoutLine.gross,
        sa.or_(
            sa.and_(PayoutLine.kind == SENT_BACK, other.object_id == other.source + _BACK),
            sa.and_(PayoutLine.object_id == PayoutLine.source + _BACK, other.kind == SENT_BACK),
        ),
    )
    return session.scalars(
        sa.select(PayoutLine)
        .where(
            PayoutLine.hotel_id == hotel.id,
            PayoutLine.gateway_payment_id.is_(None),
            PayoutLine.dispute_id.is_(None),
            ~comes_out,
        )
        .order_by(PayoutLine.id.desc())
        .limit(SHOWN)
    ).all()


def owed(session: Session, hotel: Hotel) -> Owed:
    """Return what stands on the clearing account, and what of it no payout has brought yet."""
    account_id = ledger.accounts(session, hotel, [GATEWAY])[GATEWAY.code]
    stands = ledger.balances(session, hotel, [account_id])[account_id]
    named = sa.orm.aliased(GatewayPayment)  # of a charge for several rooms, the first
    paid_out = sa.or_(
        sa.exists().where(
            PayoutLine.hotel_id == GatewayPayment.hotel_id,
            PayoutLine.gateway_payment_id == GatewayPayment.id,
        ),
        sa.exists().where(
            PayoutLine.hotel_id == named.hotel_id,
            PayoutLine.gateway_payment_id == named.id,
            named.hotel_id == GatewayPayment.hotel_id,
            named.charge == GatewayPayment.charge,
        ),
    )
    waiting = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(GatewayPayment.amount), 0)).where(
            GatewayPayment.hotel_id == hotel.id, ~paid_out
        )
    )
    odd = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(PayoutLine.gross), 0)).where(
            PayoutLine.hotel_id == hotel.id,
            PayoutLine.gateway_payment_id.is_(None),
            PayoutLine.dispute_id.is_(None),
        )
    )
    disputed = _taken_back(session, hotel)
    money = [Money(int(each or 0), hotel.currency) for each in (stands, waiting, disputed, odd)]
    return Owed(*money)


def _taken_back(session: Session, hotel: Hotel) -> int:
    """Return what disputes took back that no payout says yet, in minor units."""
    against = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Dispute.amount), 0)).where(
            Dispute.hotel_id == hotel.id, Dispute.state != DisputeState.WON
        )
    )
    said = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(PayoutLine.gross), 0)).where(
            PayoutLine.hotel_id == hotel.id, PayoutLine.dispute_id.is_not(None)
        )
    )
    return int(against or 0) + int(said or 0)
