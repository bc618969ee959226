"""Paid together: one payment taken at the desk for several rooms of a booking."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import total
from pms.hotel.books import papers, payments
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Account
from pms.hotel.books.papers import PaidFor
from pms.hotel.books.payments import CardSlip, Method, Payment
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service import checkout
from pms.hotel.service.checkout import parts
from pms.hotel.service.checkout.parts import RoomOwes
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Reservation


def take(
    session: Session,
    booking: Reservation,
    owes: Sequence[RoomOwes],
    *,
    method: Method,
    card: CardSlip | None = None,
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> list[Payment]:
    """Take one payment for several rooms: each room's part on its own account, all or none.

    They bear one slip, and together are what the terminal's batch or the drawer got. Refuses what
    may not be asked of these rooms; a link to one of the deposits is withdrawn.
    """
    require(by, Permission.PAY, booking.hotel_id)
    hotel = session.get_one(Hotel, booking.hotel_id)
    day = business_day.hold(session, hotel)
    owes, taken = parts.in_order(session, hotel, booking, owes), []
    for no, each in enumerate(owes, start=1):
        part_key = f"{key}/{no}" if key else None
        taken.append(_take(session, each, method, card, reference, part_key, by))
        if each.stands_for is not None:
            checkout.withdraw(session, each.stands_for, reason="Paid at the desk", by=by)
    logbook.record(
        session, "paid together", booking, by=by, day=day, method=method.value,
        amount=total((each.amount for each in owes), hotel.currency),
        rooms=[each.reservation.number for each in owes],
    )  # fmt: skip
    return taken


def _take(
    session: Session,
    owes: RoomOwes,
    method: Method,
    card: CardSlip | None,
    reference: str | None,
    key: str | None,
    by: Staff,
) -> Payment:
    if owes.folio_id is None:
        return settlements.take_deposit(
            session, owes.reservation, amount=owes.amount, method=method, card=card,
            reference=reference, key=key, by=by,
        )  # fmt: skip
    folio = session.get_one(Folio, (owes.reservation.hotel_id, owes.folio_id))
    return payments.pay(
        session, folio, window=owes.window, amount=owes.amount, method=method, card=card,
        reference=reference, key=key, by=by,
    )  # fmt: skip


def to_receipt(session: Session, hotel: Hotel, rooms: Sequence[Reservation]) -> list[PaidFor]:
    """Return what was paid for rooms of a booking and has no receipt, with whose room it was for.

    On their bills and as deposits, the oldest first: four questions, however many rooms.
    """
    whose = _accounts(session, hotel, rooms)
    payments_of = sa.select(Payment.id, Payment.account_id).where(
        Payment.hotel_id == hotel.id, Payment.account_id.in_(whose)
    )
    found = {row.id: whose[row.account_id] for row in session.execute(payments_of)}
    paid = papers.without_receipt(session, hotel, found.keys())
    return [PaidFor(each, found[each.id]) for each in paid[-papers.MOST_PAYMENTS :]]


def _accounts(session: Session, hotel: Hotel, rooms: Sequence[Reservation]) -> dict[int, str]:
    """Return the accounts that rooms are paid on, each with whose it is: number and name."""
    names = {each.number: f"{each.number} {each.guest.name}" for each in rooms}
    bills = {each.folio_id: names[each.number] for each in rooms if each.folio_id is not None}
    windows = session.execute(
        sa.select(FolioWindow.account_id, FolioWindow.folio_id).where(
            FolioWindow.hotel_id == hotel.id, FolioWindow.folio_id.in_(bills)
        )
    )
    found = {row.account_id: bills[row.folio_id] for row in windows}
    codes = {f"deposit/{number}": name for number, name in names.items()}
    deposits = session.execute(
        sa.select(Account.id, Account.code).where(
            Account.hotel_id == hotel.id, Account.code.in_(codes)
        )
    )
    return found | {row.id: codes[row.code] for row in deposits}
