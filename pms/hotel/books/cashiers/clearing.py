"""Clearing: what stands in the books of foreign notes that all went is a difference of exchange.

The house once rounded so that banking the last note left a few units behind. Nobody can bank them;
a person clears them by today's entry, with a reason, and the days before stay as they were.
"""

from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.cashiers import banking
from pms.hotel.books.cashiers.banking import DIFFERENCES
from pms.hotel.books.cashiers.drawers import in_safe
from pms.hotel.books.cashiers.entitled import refuse_no_words
from pms.hotel.books.cashiers.refusals import NothingLeftOver
from pms.hotel.books.cashiers.tables import SafeClearing
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


def clear(session: Session, hotel: Hotel, currency: str, *, reason: str, by: Staff) -> SafeClearing:
    """Take what is left in the books of a currency to exchange differences, and say why.

    Refuses a currency of which notes lie in the safe, or nothing is left, also at once.
    """
    require(by, Permission.KEEP_CASH, hotel.id)
    refuse_no_words(reason, "Say why it is cleared.")
    day = business_day.hold(session, hotel)
    place = in_safe(hotel, currency)
    accounts = ledger.accounts(session, hotel, [place, DIFFERENCES])
    lock(session, session.get_one(ledger.Account, (hotel.id, accounts[place.code])))
    left = banking.left_over(session, hotel).get(currency)
    if left is None:
        raise NothingLeftOver(currency)
    draft = ledger.Draft(
        kind=ledger.Kind.ADJUSTMENT,
        text=f"{currency} without notes, cleared",
        reason=reason.strip(),
        lines=(
            ledger.Side(accounts[place.code], -left.minor),
            ledger.Side(accounts[DIFFERENCES.code], left.minor),
        ),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    cleared = SafeClearing(
        hotel_id=hotel.id, id=new_id(), entry_id=posted.entry_id, business_day=day,
        currency=currency, booked=left.minor, staff_id=by.id,
    )  # fmt: skip
    session.add(cleared)
    session.flush()
    amount = Money(left.minor, hotel.currency)
    logbook.record(
        session, "cleared the rest", cleared, by=by, day=day, why=reason.strip(),
        currency=currency, amount=amount,
    )  # fmt: skip
    return cleared
