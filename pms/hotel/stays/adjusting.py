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
from pms.hotel.stays import billing
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import TaxedAmount


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
    still to be charged there of the stay, by the routing as it is, in all or under a tax.
    """
    to_come: Sequence[TaxedAmount] = ()
    if concerns is None and amount.minor < 0:
        to_come = _to_come(session, folio, window)
    return folios.adjust(
        session, folio, code=code, amount=amount, reason=reason, window=window, concerns=concerns,
        nights=nights, to_come=to_come, key=key, by=by,
    )  # fmt: skip


def _to_come(session: Session, folio: Folio, window: int) -> list[TaxedAmount]:
    """Return what a window is still to be charged, as the routing sends it; the folio is locked.

    What an audit charges meanwhile is to come no more.
    """
    business_day.hold(session, session.get_one(Hotel, folio.hotel_id))
    folios.lock_open(session, [folio])
    coming = billing.to_come(session, folio)
    return [part.taxed for _, part in coming if (part.folio_id, part.window) == (folio.id, window)]
