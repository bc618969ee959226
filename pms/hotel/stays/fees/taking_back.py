"""Taking a fee back, when the promise is given again."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import night_charges, reservations, settlements
from pms.hotel.stays.fees.tables import ReservationFee
from pms.hotel.stays.reservations import (
    Reservation,
)


class FeeOnClosedBill(Refusal):
    """The fee was put on a bill that others pay, which is closed by now."""

    def __init__(self, folio: Folio) -> None:
        super().__init__(
            f"The fee stands on folio {folio.number} ({folio.name}), which is closed. Reopen that "
            "folio, then reinstate."
        )


def reinstate(
    session: Session, reservation: Reservation, *, force: str | None = None, by: Staff
) -> None:
    """Promise a party its nights again and take back the fee of its ending.

    What paid it is held as a deposit again; nights that are past stay charged to a no-show: it has
    had them. Those to come will be charged as nights. Refuses what `reservations.reinstate`
    refuses, and a fee on somebody else's bill that is closed.
    """
    require(by, Permission.RESERVE, reservation.hotel_id)
    reservations.reinstate(session, reservation, force=force, by=by)
    fee = standing(session, reservation)
    if fee is None:
        return
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.today(session, hotel)
    if posted := _posted(session, reservation, fee, day):
        house, why = staff.the_house(session, hotel), "Booking reinstated"
        settlements.reopen_folio(session, reservation, by=house)
        settlements.unapply_deposit(session, reservation, since=posted[0].id, reason=why, by=house)
        for entry in posted:
            _refuse_closed_bill(session, reservation, entry)
            night_charges.void(session, entry, reason=why, by=house)
    fee.taken_back_on = day
    session.flush()
    amount = Money(fee.due, hotel.currency)
    logbook.record(session, "took back fee", reservation, by=by, day=day, amount=amount)


def _posted(
    session: Session, reservation: Reservation, fee: ReservationFee, day: date
) -> list[ledger.Entry]:
    """Return what stands on the books of a fee: its entry, or its nights from today on."""
    entry = ledger.Entry
    mine = entry.id == fee.entry_id
    if fee.entry_id is None and fee.waived_why is None:
        mine = sa.and_(
            entry.subject_id == reservation.id,
            entry.rule == night_charges.ROOM,
            entry.service_night >= day,
        )
    return list(
        session.scalars(
            sa.select(entry)
            .where(
                entry.hotel_id == reservation.hotel_id,
                entry.kind == ledger.Kind.CHARGE,
                mine,
                ledger.standing(),
            )
            .order_by(entry.id)
        )
    )


def _refuse_closed_bill(session: Session, reservation: Reservation, entry: ledger.Entry) -> None:
    for folio in folios.of_entry(session, entry):
        if folio.id != reservation.folio_id and folio.state is FolioState.CLOSED:
            raise FeeOnClosedBill(folio)


def standing(session: Session, reservation: Reservation) -> ReservationFee | None:
    """Return the fee that stands for a reservation, charged or waived."""
    return session.scalar(
        sa.select(ReservationFee).where(
            ReservationFee.hotel_id == reservation.hotel_id,
            ReservationFee.reservation_id == reservation.id,
            ReservationFee.taken_back_on.is_(None),
        )
    )
