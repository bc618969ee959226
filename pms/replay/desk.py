"""The desk of the replay: for each booking of the file, the verbs a clerk would use."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import payments, receivables
from pms.hotel.books.folios import Folio
from pms.hotel.books.payments import CardSlip, Method
from pms.hotel.guests import companies, guests
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, hotels, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import inventory, rates, rooms
from pms.hotel.rooms.inventory import Slot
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import Condition, Room, RoomType
from pms.hotel.stays import night_charges, reservations, settlements, stays
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import (
    ManualRate,
    Origin,
    Purpose,
    Reservation,
)
from pms.hotel.tariff import charges
from pms.replay.habits import Habits, Settling
from pms.replay.opening import FEE_CODE, Terms, plan_code
from pms.replay.reading import Booking, File
from pms.replay.tally import Tally

AS_FILED = "as the file says"
_SLIP = CardSlip(brand="visa", last_four="4242", authorisation="R00001", terminal="1", batch="1")


class NoRoomFree(Refusal):
    """More came than the house has rooms: a file that its own rooms can't hold."""

    def __init__(self, line: int, day: date) -> None:
        super().__init__(f"Line {line}: no room at all is free on {day}; the audit decides.")


@dataclass
class Desk:
    """What a clerk has at hand for the deeds of one transaction, read afresh for each."""

    session: Session
    file: File
    habits: Habits
    tally: Tally
    hotel: Hotel
    by: Staff
    day: date
    types: dict[str, RoomType]
    plans: dict[str, RatePlan]
    firms: dict[str, Company] = field(default_factory=dict)
    free: dict[tuple[str, Slot], list[Room]] = field(default_factory=dict)
    given: set[int] = field(default_factory=set)
    at_hand: list[object] = field(default_factory=list)

    @classmethod
    def opened(cls, session: Session, file: File, terms: Terms, tally: Tally) -> "Desk":
        """Open the desk inside a transaction."""
        hotel = hotels.by_code(session, terms.code)
        if hotel is None:
            raise LookupError(terms.code)
        return cls(
            session=session,
            file=file,
            habits=Habits(mixed=terms.mixed),
            tally=tally,
            hotel=hotel,
            by=staff.the_house(session, hotel),
            day=business_day.today(session, hotel),
            types={kind.code: kind for kind in rooms.types(session, hotel)},
            plans={plan.code: plan for plan in rates.plans(session, hotel)},
        )

    # --- the promise ------------------------------------------------------------------------

    def book(self, booking: Booking) -> int:
        """Enter a booking and return the reservation's id."""
        guest = guests.welcome(
            self.session,
            self.hotel,
            surname=f"Guest {booking.line}",
            country=booking.country,
            by=self.by,
        )
        room_type = self.types[booking.booked_type]
        self._open_for_sale(booking.departure)
        force = self._why_forced(booking, room_type)
        opening = self.day == self.hotel.opened_on and booking.booked_on < self.day
        last = max(booking.departure, booking.arrival + dates.ONE_DAY)
        price = Money(booking.rate, self.hotel.currency)
        reservation = reservations.book(
            self.session,
            self.hotel,
            guest=guest,
            room_type=room_type,
            plan=self.plans[plan_code(booking.market)],
            arrival=booking.arrival,
            departure=booking.departure,
            adults=booking.adults,
            children=booking.children,
            guarantee=self.habits.guarantee(booking),
            purpose=_purpose(booking),
            origin=Origin(
                source=booking.source,
                channel=booking.channel,
                channel_ref=self.file.key(booking),
                market=booking.market,
            ),
            rate=ManualRate(dict.fromkeys(dates.nights(booking.arrival, last), price), AS_FILED),
            company=self._firm(self.habits.company(booking)),
            force=force,
            booked_on=booking.booked_on if opening else None,
            by=self.by,
        )
        self.tally.deeds["bookings"] += 1
        if force is not None:
            self.tally.forced[force] += 1
        self._take_deposit(booking, reservation)
        return reservation.id

    def _open_for_sale(self, until: date) -> None:
        """Open nights that a booking of years ahead needs beyond the horizon."""
        if until > self.day + timedelta(days=inventory.DAYS_AHEAD):
            inventory.extend(self.session, self.hotel, until=until)

    def _why_forced(self, booking: Booking, room_type: RoomType) -> str | None:
        """Return why a booking is a fact all the same, where the house would say no."""
        party = booking.adults + booking.children
        if party == 0:
            return "the file names no guest"
        if party > room_type.sleeps:
            return "a party of several rooms in one row"
        if booking.nights:
            left = inventory.availability(
                self.session, self.hotel, booking.arrival, booking.departure
            )
            if next(each.rooms for each in left if each.type_id == room_type.id) < 1:
                return "sold over the rooms of the type"
        return None

    def _firm(self, code: str | None) -> Company | None:
        if code is None:
            return None
        if code not in self.firms:
            self.firms[code] = companies.by_code(self.session, self.hotel, code) or companies.enter(
                self.session, self.hotel, code=code, name=code.title(), direct_bill=True, by=self.by
            )
        return self.firms[code]

    def _take_deposit(self, booking: Booking, reservation: Reservation) -> None:
        amount = self.habits.deposit(booking)
        if amount:
            settlements.take_deposit(
                self.session,
                reservation,
                amount=Money(amount, self.hotel.currency),
                method=Method.CARD,
                card=_SLIP,
                by=self.by,
            )
            self.tally.deeds["deposits"] += 1

    def cancel(self, booking: Booking, reservation: Reservation) -> None:
        """Cancel a booking on its date; a deposit is kept or returned as it was agreed."""
        opening = self.day == self.hotel.opened_on
        reservations.cancel(
            self.session,
            reservation,
            reason=AS_FILED,
            on=booking.cancelled_on if opening else None,
            by=self.by,
        )
        self.tally.deeds["cancellations"] += 1
        if self.habits.deposit(booking):
            if self.habits.keeps_deposit(booking):
                self._keep_deposit(reservation)
            else:
                settlements.return_deposit(
                    self.session,
                    reservation,
                    method=Method.CARD,
                    card=_SLIP,
                    reason=AS_FILED,
                    by=self.by,
                )
            self.tally.deeds["deposits kept or returned"] += 1

    def _keep_deposit(self, reservation: Reservation) -> None:
        fee = charges.by_code(self.session, self.hotel, FEE_CODE)
        if fee is None:
            raise LookupError(FEE_CODE)
        held = settlements.deposit_held(self.session, reservation)
        settlements.keep_deposit(self.session, reservation, fee=held, code=fee, by=self.by)

    # --- the presence -----------------------------------------------------------------------

    def arrive(self, booking: Booking, reservation: Reservation) -> None:
        """Check a party in to a free room of its assigned type."""
        slot = Slot.NIGHT if booking.nights else Slot.DAY
        room, why = self._room_for(booking, slot)  # refuses before anything is written
        if not room.is_ready:
            rooms.turn(self.session, room, Condition.CLEAN, by=self.by)
        assigned = self.types[booking.assigned_type]
        if why is None and slot is Slot.NIGHT and assigned.id != reservation.type_id:
            left = inventory.availability(
                self.session, self.hotel, booking.arrival, booking.departure
            )
            if next(each.rooms for each in left if each.type_id == assigned.id) < 1:
                why = "upgraded into a type that is sold over"
        stays.check_in(self.session, reservation, room=room, force=why, by=self.by)
        self.tally.deeds["check-ins"] += 1
        if why is not None:
            self.tally.forced[why] += 1

    def clean(self) -> None:
        """Let housekeeping clean what was left today."""
        taken = set(stays.occupied(self.session, self.hotel))
        left = [
            room
            for room in rooms.all_rooms(self.session, self.hotel)
            if not room.is_ready and room.id not in taken
        ]
        rooms.turn_all(self.session, left, Condition.CLEAN, by=self.by)

    def _room_for(self, booking: Booking, slot: Slot) -> tuple[Room, str | None]:
        """Return a free room of the assigned type, or else of any, with the reason."""
        for kind in (booking.assigned_type, *self.types):
            for room in self._free(kind, slot):
                if room.id not in self.given:
                    self.given.add(room.id)
                    same = kind == booking.assigned_type
                    return room, None if same else "no room of the assigned type is free"
        raise NoRoomFree(booking.line, self.day)

    def _free(self, kind: str, slot: Slot) -> list[Room]:
        """Return the rooms of a type that nobody holds tonight (today), the ready ones first.

        Whoever comes gets such a room for all nights: nothing is assigned before arrival.
        """
        if (kind, slot) not in self.free:
            vacant = inventory.vacant(
                self.session,
                self.hotel,
                type_id=self.types[kind].id,
                first=self.day,
                until=self.day + dates.ONE_DAY,
                slot=slot,
            )
            taken = set(stays.occupied(self.session, self.hotel))
            self.free[kind, slot] = sorted(
                (room for room in vacant if room.id not in taken),
                key=lambda room: (not room.is_ready, room.number),
            )
        return self.free[kind, slot]

    def leave(self, booking: Booking, stay: Stay) -> None:
        """Settle a party's folio and check it out."""
        reservation = stay.reservation
        if reservation.is_day_use:
            night_charges.charge_day_use(self.session, self.hotel, reservation, by=self.by)
        settling = self.habits.settling(booking)
        owed = settlements.open_balances(self.session, reservation)
        if owed and settling is not Settling.SKIPS:
            self._settle(reservation, owed, settling)
        stays.check_out(
            self.session,
            stay,
            leave_owing="left without paying" if settling is Settling.SKIPS else None,
            by=self.by,
        )
        self.tally.deeds["check-outs"] += 1

    def _settle(self, reservation: Reservation, owed: dict[int, Money], settling: Settling) -> None:
        folio = settlements.folio_of(self.session, reservation, by=self.by)
        for window, amount in owed.items():
            firm = reservation.company if settling is Settling.DIRECT_BILL else None
            if firm is not None and amount.minor > 0:
                receivables.direct_bill(
                    self.session, folio, window=window, company=firm, by=self.by
                )
                self.tally.deeds["direct bills"] += 1
                continue
            halves = amount.split([1, 1]) if settling is Settling.PARTS else [amount]
            for part, method in zip(halves, _METHODS[settling], strict=False):
                self._pay(folio, window, part, method)

    def _pay(self, folio: Folio, window: int, amount: Money, method: Method) -> None:
        if not amount:
            return
        card = _SLIP if method is Method.CARD else None
        if amount.minor > 0:
            payments.pay(
                self.session,
                folio,
                window=window,
                amount=amount,
                method=method,
                card=card,
                by=self.by,
            )
        else:
            payments.refund(
                self.session,
                folio,
                window=window,
                amount=-amount,
                method=method,
                card=card,
                reason="owed to the guest",
                by=self.by,
            )
        self.tally.deeds["payments"] += 1

    # --- finding ----------------------------------------------------------------------------

    def reservations(self, ids: Iterable[int]) -> dict[int, Reservation]:
        """Return reservations by id."""
        wanted = sa.select(Reservation).where(
            Reservation.hotel_id == self.hotel.id, Reservation.id.in_(list(ids))
        )
        return {each.id: each for each in self.session.scalars(wanted)}

    def stays(self, ids: Iterable[int]) -> dict[int, Stay]:
        """Return the stays in house of reservations, by the reservation's id.

        What a check-out looks at is fetched for all of them at once, and kept at hand.
        """
        here = self.reservations(ids)
        wanted = sa.select(Stay).where(
            Stay.hotel_id == self.hotel.id,
            Stay.reservation_id.in_(list(here)),
            Stay.state == Presence.IN_HOUSE,
        )
        found = {each.reservation_id: each for each in self.session.scalars(wanted)}
        for thing, wanted_ids in (
            (Room, {stay.room_id for stay in found.values()}),
            (Folio, {each.folio_id for each in here.values()}),
        ):
            some = sa.select(thing).where(
                thing.hotel_id == self.hotel.id, thing.id.in_(wanted_ids - {None})
            )
            self.at_hand += self.session.scalars(some)
        self.at_hand += here.values()
        return found


_METHODS = {
    Settling.CARD: [Method.CARD],
    Settling.CASH: [Method.CASH],
    Settling.PARTS: [Method.CARD, Method.CASH],
    Settling.DIRECT_BILL: [Method.CARD],
    Settling.SKIPS: [Method.CARD],
}


def _purpose(booking: Booking) -> Purpose:
    given = booking.market == "Complementary" and booking.rate == 0
    return Purpose.COMPLIMENTARY if given else Purpose.PAYING
