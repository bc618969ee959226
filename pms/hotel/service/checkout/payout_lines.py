"""Payout lines: the payment, refund or dispute that each is, where it stands, and the way back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from pms.hotel.books import ledger
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.payments import Payment
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.checkout.disputes import Dispute
from pms.hotel.service.checkout.payouts import Payout, PayoutLine
from pms.hotel.stays.reservations import Reservation


class Concerns(NamedTuple):
    """Which payment a line concerns, and where it stands: on a bill, or as a party's deposit."""

    payment: Payment
    folio: Folio | None
    reservation: Reservation | None


def concerns(
    session: Session, hotel: Hotel, lines: Sequence[PayoutLine]
) -> dict[int, list[Concerns]]:
    """Return what each line concerns, by the line: a charge for several rooms has several.

    Of a dispute it is the payment that is disputed. One question, however many lines.
    """
    named, part = aliased(GatewayPayment), aliased(GatewayPayment)
    rows = session.execute(
        sa.select(PayoutLine.id, Payment, Folio, Reservation)
        .outerjoin(
            Dispute,
            sa.and_(Dispute.hotel_id == PayoutLine.hotel_id, Dispute.id == PayoutLine.dispute_id),
        )
        .join(
            named,
            sa.and_(
                named.hotel_id == PayoutLine.hotel_id,
                named.id == sa.func.coalesce(PayoutLine.gateway_payment_id, Dispute.of_id),
            ),
        )
        .join(part, _same_charge(part, named))
        .join(Payment, sa.and_(Payment.hotel_id == part.hotel_id, Payment.id == part.payment_id))
        .join(
            ledger.Entry,
            sa.and_(ledger.Entry.hotel_id == Payment.hotel_id, ledger.Entry.id == Payment.entry_id),
        )
        .outerjoin(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Payment.hotel_id,
                FolioWindow.account_id == Payment.account_id,
            ),
        )
        .outerjoin(
            Folio,
            sa.and_(Folio.hotel_id == FolioWindow.hotel_id, Folio.id == FolioWindow.folio_id),
        )
        .outerjoin(
            Reservation,
            sa.and_(
                Reservation.hotel_id == ledger.Entry.hotel_id,
                Reservation.id == ledger.Entry.subject_id,
            ),
        )
        .options(joinedload(Reservation.guest))
        .where(PayoutLine.hotel_id == hotel.id, PayoutLine.id.in_([each.id for each in lines]))
        .order_by(PayoutLine.id, part.id)
    )
    found: dict[int, list[Concerns]] = defaultdict(list)
    for line_id, payment, folio, reservation in rows:
        found[line_id].append(Concerns(payment, folio, reservation))
    return found


def of_entries(
    session: Session, hotel: Hotel, entry_ids: Collection[int]
) -> dict[int, list[Payout]]:
    """Return the payouts that payments and refunds came in, by their entry; none before one has.

    What came back of a refund that failed is in a payout of its own.
    """
    if not entry_ids:
        return {}
    named, part = aliased(GatewayPayment), aliased(GatewayPayment)
    rows = session.execute(
        sa.select(Payment.entry_id, Payout)
        .join(part, sa.and_(part.hotel_id == Payment.hotel_id, part.payment_id == Payment.id))
        .join(named, _same_charge(named, part))
        .join(
            PayoutLine,
            sa.and_(
                PayoutLine.hotel_id == named.hotel_id, PayoutLine.gateway_payment_id == named.id
            ),
        )
        .join(
            Payout,
            sa.and_(Payout.hotel_id == PayoutLine.hotel_id, Payout.id == PayoutLine.payout_id),
        )
        .where(Payment.hotel_id == hotel.id, Payment.entry_id.in_(entry_ids))
        .order_by(Payout.id)
    )
    return _each_once((entry_id, payout) for entry_id, payout in rows)


def of_disputes(
    session: Session, hotel: Hotel, disputes: Sequence[Dispute]
) -> dict[int, list[Payout]]:
    """Return the payouts that took the money of disputes, or brought it back, by the dispute."""
    rows = session.execute(
        sa.select(PayoutLine.dispute_id, Payout)
        .join(
            Payout,
            sa.and_(Payout.hotel_id == PayoutLine.hotel_id, Payout.id == PayoutLine.payout_id),
        )
        .where(
            PayoutLine.hotel_id == hotel.id,
            PayoutLine.dispute_id.in_([each.id for each in disputes]),
        )
        .order_by(Payout.id)
    )
    return _each_once((dispute_id or 0, payout) for dispute_id, payout in rows)


def _same_charge(one: type[GatewayPayment], other: type[GatewayPayment]) -> sa.ColumnElement[bool]:
    """Return the condition that two are one payment, or parts of one charge for several rooms."""
    return sa.and_(
        one.hotel_id == other.hotel_id, sa.or_(one.id == other.id, one.charge == other.charge)
    )


def _each_once(rows: Iterable[tuple[int, Payout]]) -> dict[int, list[Payout]]:
    found: dict[int, list[Payout]] = defaultdict(list)
    for of_id, payout in rows:
        if payout not in found[of_id]:
            found[of_id].append(payout)
    return found
