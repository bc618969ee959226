"""Adjusting the bill of a stay: what is taken off without naming a line, before its nights come.

Who had no hot water at six is told at six what comes off, and tonight is charged at two. So what is
to come of the stay counts beside what was charged; more than both is money, and a refund.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import billing, promised
from pms.hotel.stays.reservations.promise import State
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import TaxedAmount

_COMING = frozenset({State.BOOKED, State.IN_HOUSE})


def adjust(
    session: Session,
    folio: Folio,
    *,
    code: ChargeCode,
    amount: Money,
    reason: str,
    window: int = 1,
    concerns: ledger.Entry | None = None,
    nights: int | None = None,
    key: str | None = None,
    by: Staff,
) -> ledger.Entry:
    """Add to a bill, or take off (below zero), with a reason, as `folios.adjust` does.

    Refuses what that refuses; where no line is named, more than was charged on the window and is
    still to be charged of the stay, in all or under a tax.
    """
    to_come: Sequence[TaxedAmount] = ()
    if concerns is None and amount.minor < 0 and window == 1:
        to_come = _to_come(session, folio)
    return folios.adjust(
        session, folio, code=code, amount=amount, reason=reason, window=window, concerns=concerns,
        nights=nights, to_come=to_come, key=key, by=by,
    )  # fmt: skip


def _to_come(session: Session, folio: Folio) -> list[TaxedAmount]:
    """Return what a party's own folio is still to be charged: from tonight on, as promised."""
    party = billing.party_of(session, folio)
    if party is None or party.state not in _COMING:
        return []
    hotel = session.get_one(Hotel, folio.hotel_id)
    today = business_day.today(session, hotel)
    [room] = promised.promised(session, hotel, [party])
    return [taxed for night in room.nights if night.night >= today for _, taxed in night.parts]
