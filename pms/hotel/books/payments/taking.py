"""Taking money and giving it back at the desk, for a window of a folio."""

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments.moving import give_back, take
from pms.hotel.books.payments.slips import CardSlip
from pms.hotel.books.payments.tables import Method, Payment, PaymentKind
from pms.hotel.books.reserving import refuse_more_than_credit
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


def pay(
    session: Session,
    folio: Folio,
    *,
    window: int = 1,
    amount: Money,
    method: Method,
    card: CardSlip | None = None,
    tendered: Money | None = None,
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> Payment:
    """Take money for a window of a folio. The same key with the same content is one payment.

    Cash may be `tendered` in foreign notes, at today's house rate and with change in our money.
    """
    require(by, Permission.PAY, folio.hotel_id)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    folios.lock_open(session, [folio])
    account_id = folios.window_account(session, folio, window)
    return take(
        session,
        hotel,
        folio,
        account_id=account_id,
        kind=PaymentKind.PAYMENT,
        amount=amount,
        method=method,
        card=card,
        tendered=tendered,
        reference=reference,
        key=key,
        day=day,
        by=by,
    )


def refund(
    session: Session,
    folio: Folio,
    *,
    window: int = 1,
    amount: Money,
    method: Method,
    card: CardSlip | None = None,
    reason: str,
    key: str | None = None,
    by: Staff,
) -> Payment:
    """Give back what a window is in credit, and no more; the same key is one refund."""
    require(by, Permission.REFUND, folio.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    folios.lock_open(session, [folio])
    account_id = folios.window_account(session, folio, window)
    if not ledger.is_posted(session, hotel, key):
        refuse_more_than_credit(session, hotel, account_id, amount)
    return give_back(
        session,
        hotel,
        folio,
        account_id=account_id,
        amount=amount,
        method=method,
        card=card,
        reason=reason,
        key=key,
        day=day,
        by=by,
    )
