"""Refundable: what of payments online can be given back, went back, and is on its way."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import ledger, payments
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import online
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.checkout.tables import Deed, Intent, IntentState
from pms.hotel.stays.reservations import Reservation

ON_ITS_WAY = (IntentState.INTENDED, IntentState.CALLED)


def pending(session: Session, hotel: Hotel, which: sa.ColumnElement[bool]) -> Money:
    """Return what is on its way already."""
    minor = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Intent.amount), 0)).where(
            Intent.hotel_id == hotel.id, Intent.state.in_(ON_ITS_WAY), which
        )
    )
    return Money(int(minor or 0), hotel.currency)


def left(session: Session, hotel: Hotel, of: GatewayPayment) -> Money:
    """Return what of a payment isn't given back yet, nor on its way back."""
    goes = pending(session, hotel, Intent.of_id == of.id).minor
    return Money(max(online.left(session, of) - goes, 0), hotel.currency)


def going_back(
    session: Session, hotel: Hotel, payment_ids: Collection[int]
) -> dict[int, tuple[Money, Money]]:
    """Return what went back of each payment, and what is on its way back: two questions."""
    went = session.execute(
        sa.select(GatewayPayment.gives_back_id, sa.func.sum(GatewayPayment.amount))
        .where(GatewayPayment.hotel_id == hotel.id, GatewayPayment.gives_back_id.in_(payment_ids))
        .group_by(GatewayPayment.gives_back_id)
    )
    goes = session.execute(
        sa.select(Intent.of_id, sa.func.sum(Intent.amount))
        .where(
            Intent.hotel_id == hotel.id,
            Intent.of_id.in_(payment_ids),
            Intent.state.in_(ON_ITS_WAY),
        )
        .group_by(Intent.of_id)
    )
    back = {row[0]: -int(row[1]) for row in went}
    on_its_way = {row[0]: int(row[1]) for row in goes}
    return {
        each: (
            Money(back.get(each, 0), hotel.currency),
            Money(on_its_way.get(each, 0), hotel.currency),
        )
        for each in payment_ids
    }


def refunds_going(session: Session, hotel: Hotel, charge: str | None) -> Sequence[Intent]:
    """Return the refunds of a gateway's charge that nobody has settled yet, the oldest first."""
    paid = [each.id for each in online.of_charge(session, hotel, charge)] if charge else []
    return session.scalars(
        sa.select(Intent)
        .where(
            Intent.hotel_id == hotel.id,
            Intent.deed == Deed.REFUND,
            Intent.of_id.in_(paid),
            Intent.state.in_(ON_ITS_WAY),
        )
        .order_by(Intent.id)
    ).all()


def refundable(
    session: Session, hotel: Hotel, *, account_ids: list[int]
) -> list[tuple[GatewayPayment, Money]]:
    """Return payments on these accounts of which something can be given back, the newest first."""
    of, back = sa.orm.aliased(GatewayPayment), sa.orm.aliased(GatewayPayment)
    given = (
        sa.select(sa.func.coalesce(sa.func.sum(back.amount), 0))
        .where(back.hotel_id == of.hotel_id, back.gives_back_id == of.id)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(of, of.amount + given)
        .join(
            payments.Payment,
            sa.and_(payments.Payment.hotel_id == of.hotel_id, payments.Payment.id == of.payment_id),
        )
        .where(
            of.hotel_id == hotel.id,
            of.amount > 0,
            of.amount + given > 0,
            ~sa.func.coalesce(of.charge, of.object_id).endswith(online.RETURNED, autoescape=True),
            payments.Payment.account_id.in_(account_ids),
        )
        .order_by(of.id.desc())
        .limit(20)
    )
    return [(row[0], Money(int(row[1]), hotel.currency)) for row in rows]


def accounts_behind(
    session: Session, hotel: Hotel, *, folio: Folio | None, reservation: Reservation | None
) -> list[int]:
    """Return the accounts whose online payments may be given back: a folio's and the deposit's."""
    found = [window.account_id for window in folio.windows] if folio is not None else []
    if reservation is not None:
        code = f"deposit/{reservation.number}"
        found += session.scalars(
            sa.select(ledger.Account.id).where(
                ledger.Account.hotel_id == hotel.id, ledger.Account.code == code
            )
        )
    return found
