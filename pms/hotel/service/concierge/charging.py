"""Charging: a booking on the party's bill, once, and off it again by the rule.

A booking keeps the entry that charged it. Who voids that entry at the folio has taken it off the
bill; it can then be charged again, under the next turn.
"""

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry
from pms.hotel.house import business_day, logbook, references, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.concierge.refusals import NotChargeable, WrongStep
from pms.hotel.service.concierge.tables import ActivityBooking, BookingState, Pays
from pms.hotel.stays import allowances, settlements
from pms.hotel.stays.reservations import State
from pms.hotel.tariff.charges import ChargeCode


def charge(session: Session, booking: ActivityBooking, *, by: Staff) -> ActivityBooking:
    """Put a booking on the party's bill by its routing, with the taxes of its charge code.

    Refuses a party that isn't in the house, what somebody else takes the money for, and what
    stands on the bill already.
    """
    require(by, Permission.CONCIERGE, booking.hotel_id)
    require(by, Permission.POST, booking.hotel_id)
    hotel = session.get_one(Hotel, booking.hotel_id)
    day = business_day.hold(session, hotel)
    reservation = lock(session, booking.reservation)
    lock(session, booking)
    if booking.state is BookingState.CANCELLED:
        raise WrongStep(booking, "there is nothing to charge")
    code = _code_of(booking)
    if booking.pays is not Pays.FOLIO:
        raise NotChargeable(f"{booking.pays.words.lower()}")
    if not booking.price:
        raise NotChargeable("it has no price")
    if reservation.state is not State.IN_HOUSE:
        raise NotChargeable("the party isn't in the house yet. Charge it after check-in")
    if stands(session, booking):
        raise NotChargeable("it stands on the bill already")
    booking.turn += 1
    amount = Money(booking.price, hotel.currency)
    entry, folio_id = _post(session, booking, code, amount, by=by)
    booking.entry_id, booking.folio_id = entry.id, folio_id
    booking.version += 1
    session.flush()
    logbook.record(session, "charged", booking, by=by, day=day, amount=amount)
    return booking


def _code_of(booking: ActivityBooking) -> ChargeCode:
    code = booking.time.activity.charge_code
    if code is None:
        raise NotChargeable("the activity has no charge code")
    return code


def _post(
    session: Session, booking: ActivityBooking, code: ChargeCode, amount: Money,
    *, late: bool = False, by: Staff,
) -> tuple[Entry, int]:  # fmt: skip
    """Post on the party's folio, and return the entry with the folio that routing led it to.

    What a party that left still owes goes where the charge stood: its own folio may be closed.
    """
    if booking.folio_id is not None and booking.reservation.state is not State.IN_HOUSE:
        folio = session.get_one(Folio, (booking.hotel_id, booking.folio_id))
    else:
        folio = settlements.folio_of(session, booking.reservation, by=by)
    said = references.LATE_OUTING if late else references.OUTING
    entry = folios.charge(
        session,
        folio,
        code=code,
        amount=amount,
        reference=said.format(name=booking.time.activity.name, number=booking.number),
        key=f"activity/{booking.id}/{booking.turn}{'/fee' if late else ''}",
        by=by,
    )
    allowances.absorb(session, folio, entry)
    return entry, folios.of_entry(session, entry)[0].id


def entry_of(session: Session, booking: ActivityBooking) -> Entry | None:
    """Return the entry that charged a booking, standing or not."""
    if booking.entry_id is None:
        return None
    return session.get_one(Entry, (booking.hotel_id, booking.entry_id))


def stands(session: Session, booking: ActivityBooking) -> bool:
    """Tell whether a booking stands on a bill: charged, and nobody has voided it there."""
    entry = entry_of(session, booking)
    return entry is not None and not ledger.is_reversed(session, entry)


def take_off(session: Session, booking: ActivityBooking, *, reason: str, by: Staff) -> bool:
    """Take a charge off the bill because the booking is cancelled; tell whether there was one.

    What the vendor's rule gives back isn't left to the desk: where voiding an older entry wants
    a role the person hasn't, the house does it, and the booking's line says who cancelled.
    """
    entry = entry_of(session, booking)
    if entry is None or ledger.is_reversed(session, entry):
        return False
    folios.void(session, entry, reason=reason, by=_poster(session, booking, entry, by))
    return True


def _poster(session: Session, booking: ActivityBooking, entry: Entry, by: Staff) -> Staff:
    hotel = session.get_one(Hotel, booking.hotel_id)
    todays = entry.business_day == hotel.business_date
    may = by.may(Permission.POST if todays else Permission.ADJUST, hotel.id)
    return by if may else staff.the_house(session, hotel)


def charge_fee(session: Session, booking: ActivityBooking, fee: Money, *, by: Staff) -> None:
    """Put the fee of a late cancellation on the bill, under the charge code of the activity.

    An activity that has lost its code since leaves the fee noted: the cancelling goes on.
    """
    code = booking.time.activity.charge_code
    if code is None:
        return
    hotel = session.get_one(Hotel, booking.hotel_id)
    poster = by if by.may(Permission.POST, hotel.id) else staff.the_house(session, hotel)
    entry, _ = _post(session, booking, code, fee, late=True, by=poster)
    booking.fee_entry_id = entry.id
