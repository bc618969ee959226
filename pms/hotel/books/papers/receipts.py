"""Receipts of several payments together: who pays for three rooms at once wants one paper."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.db import lock
from pms.base.refusal import Invalid
from pms.hotel.books import payments
from pms.hotel.books.papers import freezing, numbering
from pms.hotel.books.papers.addressees import Addressee
from pms.hotel.books.papers.freezing import About, Data, Said
from pms.hotel.books.papers.issuing import (
    TAKEN,
    NotReceived,
    PaperedAlready,
    as_paid,
    begin,
    freeze,
    issued_for,
)
from pms.hotel.books.papers.tables import Paper, PaperKind, ReceiptPayment
from pms.hotel.books.payments import Payment
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff

MOST_PAYMENTS = 100


class NotSeveral(Invalid):
    """One receipt for several payments is of several, and not of all there ever were."""

    def __init__(self) -> None:
        super().__init__(
            f"Choose 2 to {MOST_PAYMENTS} payments. A single one has a receipt of its own.",
            field="payments",
        )


@dataclass(frozen=True, slots=True)
class PaidFor:
    """A payment, and what it was for as the paper says it: the room, and whose it is."""

    payment: Payment
    words: str


def receipt_together(
    session: Session,
    several: Sequence[PaidFor],
    *,
    to: Addressee,
    about: About | None = None,
    by: Staff,
) -> Paper:
    """Issue one receipt of several payments, each on a line with what it was for.

    Refuses fewer than two, one that has a receipt already, and money that went back.
    """
    if not 2 <= len({each.payment.id for each in several}) == len(several) <= MOST_PAYMENTS:
        raise NotSeveral
    hotel, issuer, day = begin(session, several[0].payment.hotel_id, Permission.ISSUE_PAPERS, by=by)
    ordered = sorted(several, key=lambda each: each.payment.id)
    for each in ordered:
        payment = lock(session, each.payment)
        is_void = payments.is_voided(session, payment)
        if payment.kind not in TAKEN or payment.amount <= 0 or is_void:
            raise NotReceived(PaperKind.RECEIPT)
        there = issued_for(session, hotel, payment, PaperKind.RECEIPT)
        if there is not None:
            raise PaperedAlready(PaperKind.RECEIPT, there.label)
    lines = [_line(no, each) for no, each in enumerate(ordered, start=1)]
    paid = [as_paid(session, hotel, each.payment) | {"of": each.words} for each in ordered]
    said = Said(about=about or About(), payments=paid)
    data = freeze(session, hotel, issuer, to, lines, said, day=day) | {"taxes": []}
    paper = numbering.issued(
        session, hotel, issuer, PaperKind.RECEIPT, data, day=day, by=by,
        payment_id=ordered[0].payment.id,
    )  # fmt: skip
    session.add_all(
        ReceiptPayment(hotel_id=hotel.id, payment_id=each.payment.id, paper_id=paper.id, line_no=no)
        for no, each in enumerate(ordered, start=1)
    )
    session.flush()
    return paper


def _line(no: int, of: PaidFor) -> Data:
    line = freezing.money_line(of.payment.business_day, of.payment.amount)
    return line | {"no": no, "text": of.words}


def of_payment(session: Session, payment: Payment) -> tuple[Paper, int] | None:
    """Return the receipt of several payments that one is on, and its line there."""
    row = session.execute(
        sa.select(Paper, ReceiptPayment.line_no)
        .join(
            ReceiptPayment,
            sa.and_(ReceiptPayment.hotel_id == Paper.hotel_id, ReceiptPayment.paper_id == Paper.id),
        )
        .where(ReceiptPayment.hotel_id == payment.hotel_id, ReceiptPayment.payment_id == payment.id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def without_receipt(session: Session, hotel: Hotel, payment_ids: Collection[int]) -> list[Payment]:
    """Return those of some payments that a receipt can be issued of now, in their order."""
    undoing = aliased(Payment)
    return list(
        session.scalars(
            sa.select(Payment)
            .where(
                Payment.hotel_id == hotel.id,
                Payment.id.in_(payment_ids),
                Payment.kind.in_(TAKEN),
                Payment.amount > 0,
                ~sa.exists().where(
                    undoing.hotel_id == Payment.hotel_id, undoing.voids_id == Payment.id
                ),
                ~sa.exists().where(
                    Paper.hotel_id == Payment.hotel_id,
                    Paper.payment_id == Payment.id,
                    Paper.kind == PaperKind.RECEIPT,
                ),
                ~sa.exists().where(
                    ReceiptPayment.hotel_id == Payment.hotel_id,
                    ReceiptPayment.payment_id == Payment.id,
                ),
            )
            .order_by(Payment.id)
        )
    )
