"""Guarantees by deposit: where its money goes, a card that is kept guarantees the stay instead."""

from datetime import date

from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.service.checkout import card_guarantees
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Guarantee, Reservation


def follow(
    session: Session, hotel: Hotel, reservation: Reservation, *, day: date, by: Staff
) -> None:
    """Let a locked reservation's guarantee follow its deposit, and its cards once that is gone."""
    before = reservation.guarantee
    settlements.follow_deposit(session, hotel, reservation, day=day, by=by)
    fall_back(session, hotel, reservation, before, day=day, by=by)


def fall_back(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    before: Guarantee,
    *,
    day: date,
    by: Staff,
) -> None:
    """Let a good card guarantee who lost the guarantee of a deposit just now."""
    if before is Guarantee.DEPOSIT and reservation.guarantee is Guarantee.NONE:
        card_guarantees.follow(session, hotel, reservation, day=day, by=by)
