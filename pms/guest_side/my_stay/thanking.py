"""Thanking: who just booked several rooms is thanked once for all, with one date to keep."""

from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from pms.base import clock, dates
from pms.base.money import total
from pms.gateways import calendars
from pms.gateways.calendars import Appointment
from pms.guest_side.my_stay.desk import bp
from pms.guest_side.my_stay.words import WORDS
from pms.hotel.house import letterheads
from pms.hotel.service.booked_rooms import COMING
from pms.hotel.stays import guest_links, promised, settlements
from pms.hotel.stays.guest_links import Opens
from pms.hotel.stays.reservations import Reservation
from pms.web import letters
from pms.web.asked import handed_out
from pms.web.database import session
from pms.web.guest_pages import framing, visiting
from pms.web.guest_pages.visiting import Visiting, address, of_a_booking


@bp.get("/my-stay/rooms/booked")
@of_a_booking
def booked_rooms() -> ResponseReturnValue:
    """Confirm a booking that was just made: its number, its rooms, and where the letter went."""
    here = visiting.here()
    t = framing.at(here.hotel, WORDS, spoken=here.opened.guest.language)
    rooms = promised.promised(session(), here.hotel, _coming(here))
    held = settlements.deposits_held(session(), here.hotel, [each.reservation for each in rooms])
    whole = total((each.total for each in rooms), here.hotel.currency)
    link = guest_links.of(session(), here.opened, Opens.BOOKING)
    return render_template(
        "my_stay/booked_rooms.html",
        t=t,
        booking=here.opened,
        rooms=rooms,
        total=whole,
        owed=whole - total(held.values(), here.hotel.currency),
        agreed=letters.agreed_of(session(), here.hotel, t, rooms, held),
        link=address(link) if link else None,
    )


def _coming(here: Visiting) -> list[Reservation]:
    found = guest_links.rooms(session(), here.opened)
    return [each for each in found if each.state in COMING]


@bp.get("/my-stay/rooms/stay.ics")
@of_a_booking
def booking_calendar() -> ResponseReturnValue:
    """Hand out a booking for a calendar: one date for all its rooms, from first to last."""
    here = visiting.here()
    t = framing.at(here.hotel, WORDS, spoken=here.opened.guest.language)
    booking, head = here.opened, letterheads.of(session(), here.hotel)
    rooms = _coming(here) or [booking]
    first = min(rooms, key=lambda each: each.arrival)
    arrives = datetime.combine(first.arrival, first.eta or head.arrive_from)
    leaves = datetime.combine(max(each.departure for each in rooms), head.leave_until)
    names = ", ".join(t.name(each.room_type.name) for each in rooms)
    made = calendars.file_of(
        Appointment(
            uid=f"{booking.hotel_id}.{booking.id}.rooms@stays.pms.invalid",
            name=here.hotel.name,
            begins=dates.instant(arrives, here.hotel.time_zone),
            ends=dates.instant(max(arrives, leaves), here.hotel.time_zone),
            made_at=clock.now(),
            place=head.address.replace("\n", ", "),
            words=f"{t.say('booking')} {booking.booking_number}, {names}",
        )
    )
    name = f"{here.hotel.code}-{booking.booking_number}.ics"
    return handed_out(made, name, "text/calendar", saved=True)
