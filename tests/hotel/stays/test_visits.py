"""Visits: all rooms of a booking are one stay of its guest."""

from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import reservations, stays, visits
from pms.hotel.stays.reservations import Reservation
from tests import make


def let_in(session: Session, house: Hotel, first: Reservation, *numbers: str) -> list[Reservation]:
    """Let more rooms of a booking in."""
    by, made = make.by(session, house), []
    for number in numbers:
        beside = make.reservation(session, house, guest=first.guest, with_booking=first)
        stays.check_in(session, beside, room=make.room(session, house, number), by=by)
        made.append(beside)
    return made


def test_rooms_of_the_first_booking_are_the_first_stay(session: Session) -> None:
    house = make.furnished(session, rooms=6)
    first = make.reservation(session, house)

    beside = let_in(session, house, first, "101", "102")

    assert visits.which(session, first) == 1
    reservations.separate(session, beside[0], by=make.by(session, house))
    assert [visits.which(session, each) for each in (first, *beside)] == [1, 1, 1]


def test_an_earlier_booking_of_several_rooms_counts_once(session: Session) -> None:
    house = make.furnished(session, rooms=6)
    earlier = make.reservation(session, house)
    let_in(session, house, earlier, "101", "102")

    later = make.reservation(session, house, guest=earlier.guest)
    let_in(session, house, later, "103")

    assert visits.which(session, later) == 2
