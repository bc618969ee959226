"""Home: the stay at a glance, its confirmation, and the file for a calendar."""

from datetime import datetime

from flask.typing import ResponseReturnValue

from pms.base import clock, dates
from pms.base.money import Money, total
from pms.gateways import calendars
from pms.gateways.calendars import Appointment
from pms.guest_side.my_stay import (
    arriving,
    asking,
    bill,
    changing,
    door,
    papers,
    planned,
    registering,
    rooms,
    thanking,
)
from pms.guest_side.my_stay.desk import Mine, bp, mine, page, place
from pms.hotel.house import letterheads
from pms.hotel.rooms.policies import terms_of
from pms.hotel.service import web_payments
from pms.hotel.stays import (
    arrival_details,
    fees,
    guest_changes,
    guest_links,
    parties,
    promised,
    registration,
    settlements,
)
from pms.hotel.stays.reservations import agreed
from pms.web.asked import handed_out
from pms.web.database import session
from pms.web.guest_pages.visiting import address, of_a_stay
from pms.web.letters import agreeing

__all__ = [
    "arriving",
    "asking",
    "bill",
    "bp",
    "changing",
    "door",
    "papers",
    "planned",
    "registering",
    "rooms",
    "thanking",
]


@place("")
@of_a_stay
def home() -> ResponseReturnValue:
    """Show the stay, what is to be paid, and what can be done."""
    my = mine()
    owed = bill.owed(session(), my.hotel, my.reservation)
    held = settlements.deposit_held(session(), my.reservation)
    members = parties.members(session(), my.reservation)
    return page(
        "home",
        my,
        greeting=_greeting(my),
        stay=my.stay,
        owed=owed,
        total=_total(my),
        held=held,
        paid=bill.paid(session(), my.hotel, my.reservation) + held,
        to_come=bill.to_come(session(), my.hotel, my.reservation),
        told=arrival_details.of(session(), my.reservation),
        written=len([each for each in members if each.document]),
        heads=parties.heads(my.reservation),
        signed=registration.of(session(), my.reservation),
        may_cancel=guest_changes.why_not_ended(session(), my.reservation) is None,
        agreed=terms_agreed(my),
        papers=len(bill.issued_to(my)),
        pays_online=web_payments.pays_online(session(), my.hotel),
        asked=[
            (each.purpose.value, Money(each.amount, my.hotel.currency), bill.address_of(each))
            for each in bill.asked_of(session(), my.reservation)
        ],
    )


def _greeting(my: Mine) -> str:
    """Return good morning, day or evening by the hotel's clock; of several rooms, whose it is."""
    if my.is_one_of_several:
        return f"{my.t.name(my.reservation.room_type.name)}, {my.reservation.guest.name}"
    hour = dates.local(clock.now(), my.hotel.time_zone).hour
    part = "morning" if 5 <= hour < 12 else "evening" if hour >= 18 or hour < 5 else "day"
    return my.t.say(f"good_{part}", name=my.reservation.guest.name)


def _total(my: Mine) -> Money:
    return promised.promised(session(), my.hotel, [my.reservation])[0].total


def terms_agreed(my: Mine) -> list[str]:
    """Return what was agreed with the booking, one sentence each."""
    policy = agreed.policy_of(session(), my.reservation)
    if policy is None:
        return []
    stay = my.reservation
    return agreeing.sentences(
        my.t, my.hotel, terms_of(policy), arrival=stay.arrival, booked_on=stay.booked_on,
        promised_at=stay.promised_at, is_sure=fees.is_sure(session(), stay),
    )  # fmt: skip


@place("/booked")
@of_a_stay
def booked() -> ResponseReturnValue:
    """Confirm a booking that was just made: its number, and where the letter went."""
    my = mine()
    link = guest_links.of(session(), my.reservation)
    held = settlements.deposit_held(session(), my.reservation)
    whole = _total(my)
    return page(
        "booked",
        my,
        total=whole,
        owed=total([whole, -held], my.hotel.currency),
        agreed=terms_agreed(my),
        link=address(link) if link else None,
    )


@place("/stay.ics")
@of_a_stay
def calendar() -> ResponseReturnValue:
    """Hand out the stay for a calendar, from the hour rooms are ready to the hour they are left."""
    my = mine()
    stay, head = my.reservation, letterheads.of(session(), my.hotel)
    arrives = datetime.combine(stay.arrival, stay.eta or head.arrive_from)
    leaves = datetime.combine(stay.departure, head.leave_until)
    made = calendars.file_of(
        Appointment(
            uid=f"{stay.hotel_id}.{stay.id}@stays.pms.invalid",
            name=my.hotel.name,
            begins=dates.instant(arrives, my.hotel.time_zone),
            ends=dates.instant(max(arrives, leaves), my.hotel.time_zone),
            made_at=clock.now(),
            place=head.address.replace("\n", ", "),
            words=f"{my.t.say('booking')} {stay.booking_number}, {my.t.name(stay.room_type.name)}",
        )
    )
    name = f"{my.hotel.code}-{stay.booking_number}.ics"
    return handed_out(made, name, "text/calendar", saved=True)
