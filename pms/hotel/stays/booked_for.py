"""Booked for: the company a stay is for, put on after it was booked, or another, or none."""

from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock
from pms.base.refusal import Refusal
from pms.hotel.books.folios import RoutingRule
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms import sheets
from pms.hotel.stays import agreed_routing, settlements
from pms.hotel.stays.reservations.booking import refuse_unagreed
from pms.hotel.stays.reservations.promise import Reservation, State

_STILL_TO_PAY = frozenset({State.BOOKED, State.IN_HOUSE})


class StayIsOver(Refusal):
    """Who left, or didn't come, has been billed."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} isn't booked or in house. Move its lines instead."
        )


class BookedForThem(Refusal):
    """The stay is for that company already."""

    def __init__(self) -> None:
        super().__init__("It is booked so already.", field="company")


def book_for(
    session: Session, reservation: Reservation, company: Company | None, *, by: Staff
) -> list[RoutingRule]:
    """Let a stay be for a company, another or none; return the routing rules that come with it.

    What is agreed with it now is laid down on the folio, and what came with the one before ends;
    rules that the desk made stay, and so does what is posted. Refuses a stay that is over, the same
    company, and one its rate plan isn't agreed with.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state not in _STILL_TO_PAY:
        raise StayIsOver(reservation)
    if reservation.company_id == (company.id if company else None):
        raise BookedForThem
    sheet = sheets.current(session, hotel)
    refuse_unagreed(sheet, reservation.plan, company, reservation.arrival, reservation.departure)
    poster = by if by.may(Permission.POST, hotel.id) else staff.the_house(session, hotel)
    folio = settlements.folio_of(session, reservation, by=poster)
    agreed_routing.end_laid(session, folio, by=poster)
    before = reservation.company.code if reservation.company else None
    reservation.company_id = company.id if company else None
    reservation.version += 1
    session.flush()
    session.expire(reservation, ["company"])
    logbook.record(
        session, "booked for", reservation, by=by, day=day, before={"company": before},
        company=company.code if company else None,
    )  # fmt: skip
    return agreed_routing.lay_down(session, reservation, folio, at=clock.now(), by=poster)
