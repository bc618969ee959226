"""Still owed: a bill that was paid in another way since isn't asked for by an old link."""

from collections import Counter

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.service.checkout import parts
from pms.hotel.service.checkout.tables import PaymentPart, PaymentRequest, Purpose


class BillChanged(Refusal):
    """Less is owed by now than was asked for; nobody pays the house what it isn't owed."""

    def __init__(self, owed: Money) -> None:
        super().__init__(
            f"The bill has changed since: {owed.said} is owed. Ask for that instead.", field="owed"
        )


def refuse_less_owed(session: Session, request: PaymentRequest, *, currency: str) -> None:
    """Refuse a request for a bill, or for several rooms', that owes less than is asked for."""
    owed = less_owed(session, request, currency=currency)
    if owed is not None:
        raise BillChanged(owed)


def less_owed(session: Session, request: PaymentRequest, *, currency: str) -> Money | None:
    """Return what is owed by now where that is less than was asked for; None where it isn't.

    A deposit isn't owed: what is asked for before the stay may come though some came already.
    """
    asked: list[PaymentRequest | PaymentPart] = []
    if request.purpose is Purpose.BALANCE:
        asked = [request]
    elif request.purpose is Purpose.ROOMS:
        asked = [each for each in parts.of(session, request) if each.folio_id is not None]
    wanted: Counter[tuple[int, int]] = Counter()
    for each in asked:
        wanted[each.folio_id or 0, each.window] += each.amount
    owed = sum(
        min(_owes(session, request.hotel_id, *window), amount) for window, amount in wanted.items()
    )
    return None if owed >= wanted.total() else Money(owed, currency)


def _owes(session: Session, hotel_id: int, folio_id: int, window: int) -> int:
    folio = session.get_one(Folio, (hotel_id, folio_id))
    return max(folios.balance_of(session, folio)[window].minor, 0)
