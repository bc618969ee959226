"""The demo's past: a month of days, each lived at the desks and closed by the night audit."""

import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock, dates
from pms.base.db import transaction
from pms.base.money import Money
from pms.demo import team
from pms.demo.building import SELLS
from pms.demo.parties import Party
from pms.demo.people import FIRMS, PEOPLE
from pms.hotel.books import folios, payments, receivables
from pms.hotel.books.payments import CardSlip, Method
from pms.hotel.close import night_audit
from pms.hotel.guests import companies, credit_limits, guests
from pms.hotel.house import hotels
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import inventory, rates, rooms
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import Condition, Room, RoomType
from pms.hotel.stays import reservations, settlements, stays
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Origin, Reservation, State, Wishes
from pms.hotel.tariff import charges

ROLLS_AT = time(3, 0)  # before it, the demo is still on the evening before
_VIPS = 7  # every seventh person of the list is one


@dataclass
class House:
    """The demo hotel while it is lived: who is where, and the hour it is."""

    session: Session
    code: str
    rng: random.Random
    now: datetime
    people: dict[int, guests.Guest] = field(default_factory=dict)
    booked: dict[int, tuple[Party, int]] = field(default_factory=dict)
    skipped: bool = False
    team: dict[Role, Staff] = field(default_factory=dict)
    sold: dict[tuple[str, str], tuple[RoomType, RatePlan]] = field(default_factory=dict)

    @property
    def hotel(self) -> Hotel:
        """The hotel, as it is now."""
        hotel = hotels.by_code(self.session, self.code)
        if hotel is None:
            raise LookupError(self.code)
        return hotel

    def who(self, role: Role) -> Staff:
        """Return who does it, sought once."""
        if role not in self.team:
            self.team[role] = team.of(self.session, role)
        return self.team[role]

    @contextmanager
    def at(self, day: date, hour: time) -> Iterator[Hotel]:
        """Be at the desk at an hour of a day, never in the future, inside one transaction."""
        with self.clock_at(day, hour), transaction(self.session):
            yield self.hotel

    @contextmanager
    def clock_at(self, day: date, hour: time) -> Iterator[None]:
        """Set the clock to an hour of a day, or to now if that is still to come."""
        zone = "Europe/Berlin"
        with clock.set_to(min(dates.instant(datetime.combine(day, hour), zone), self.now)):
            yield

    # --- the promise ------------------------------------------------------------------------

    def enter_firms(self) -> None:
        """Write down the firms that have an account with the house."""
        hotel, by = self.hotel, self.who(Role.MANAGER)
        for code, name, address in FIRMS:
            if companies.by_code(self.session, hotel, code) is None:
                companies.enter(
                    self.session,
                    hotel,
                    code=code,
                    name=name,
                    address=address,
                    direct_bill=True,
                    by=by,
                )

    def guest(self, hotel: Hotel, number: int, *, by: Staff) -> guests.Guest:
        """Return a person's profile, written down on the first visit."""
        if number in self.people:
            return self.people[number]
        person = PEOPLE[number % len(PEOPLE)]
        guest = guests.welcome(
            self.session,
            hotel,
            given_name=person.given,
            surname=person.surname,
            native_name=person.native,
            country=person.country,
            language=person.language,
            email=f"guest{number}@mail.example",
            vip=number % _VIPS == 0,
            by=by,
        )
        self.people[number] = guest
        return guest

    def book(self, parties: Iterable[Party], day: date) -> None:
        """Take the day's bookings; who finds nothing free goes elsewhere."""
        with self.at(day, time(9, 30)) as hotel:
            by = self.who(Role.RESERVATIONS)
            for party in parties:
                reservation = self._book(hotel, party, day, by=by)
                if reservation is not None:
                    self.booked[reservation.id] = (party, reservation.id)
                    self._take_deposit(hotel, party, reservation)

    def _book(self, hotel: Hotel, party: Party, day: date, *, by: Staff) -> Reservation | None:
        kind, plan = self._sold(hotel, party)
        left = inventory.availability(self.session, hotel, party.arrival, party.departure)
        if next(each.rooms for each in left if each.type_id == kind.id) < 1:
            return None
        return reservations.book(
            self.session,
            hotel,
            guest=self.guest(hotel, party.person, by=by),
            room_type=kind,
            plan=plan,
            arrival=party.arrival,
            departure=party.departure,
            adults=party.adults,
            children=party.children,
            guarantee=party.guarantee,
            origin=Origin(source=party.source, channel=party.channel, channel_ref=party.reference),
            wishes=Wishes(features=party.wishes, eta=party.eta),
            company=companies.by_code(self.session, hotel, party.firm) if party.firm else None,
            booked_on=party.booked_on if party.booked_on < day == hotel.opened_on else None,
            by=by,
        )

    def _sold(self, hotel: Hotel, party: Party) -> tuple[RoomType, RatePlan]:
        """Return the type and the plan a party books, sought once."""
        if (party.kind, party.plan) not in self.sold:
            kind = rooms.type_by_code(self.session, hotel, party.kind)
            plan = rates.by_code(self.session, hotel, party.plan)
            if kind is None or plan is None:
                raise LookupError(party.kind)
            self.sold[party.kind, party.plan] = kind, plan
        return self.sold[party.kind, party.plan]

    def _take_deposit(self, hotel: Hotel, party: Party, reservation: Reservation) -> None:
        if party.guarantee is not reservations.Guarantee.DEPOSIT:
            return
        settlements.take_deposit(
            self.session,
            reservation,
            amount=Money(10_000, hotel.currency),
            method=Method.CARD,
            card=self.slip(),
            by=self.who(Role.FRONT_DESK),
        )

    def cancel(self, day: date) -> None:
        """Cancel what its party gives up today."""
        given_up = [
            number
            for number, (party, _) in self.booked.items()
            if party.cancelled_on is not None
            and max(party.cancelled_on, party.booked_on) <= day <= party.arrival
        ]
        with self.at(day, time(10, 15)) as hotel:
            for number in given_up:
                party, _ = self.booked.pop(number)
                reservation = self._reservation(hotel, number)
                reservations.cancel(
                    self.session,
                    reservation,
                    reason="change of plans",
                    by=self.who(Role.RESERVATIONS),
                )
                if party.guarantee is reservations.Guarantee.DEPOSIT:
                    settlements.return_deposit(
                        self.session,
                        reservation,
                        method=Method.CARD,
                        card=self.slip(),
                        reason="cancelled in time",
                        by=self.who(Role.MANAGER),
                    )

    # --- the presence -----------------------------------------------------------------------

    def leave(self, day: date, *, share: float = 1.0) -> None:
        """Check out who is due out, or a share of them."""
        with self.at(day, time(10, 45)) as hotel:
            by = self.who(Role.FRONT_DESK)
            due = stays.due_out(self.session, hotel, day)
            for stay in due[: round(len(due) * share)]:
                self.check_out(hotel, stay, by=by)

    def check_out(self, hotel: Hotel, stay: Stay, *, by: Staff) -> None:
        """Settle a party's folio as it pays, and take the key back."""
        reservation = stay.reservation
        party, _ = self.booked.pop(reservation.id, (None, 0))
        if self._skips(hotel, stay):
            stays.check_out(self.session, stay, leave_owing="left without paying", by=by)
            return
        for window, amount in settlements.open_balances(self.session, reservation).items():
            folio = settlements.folio_of(self.session, reservation, by=by)
            if amount.minor > 0 and reservation.company and self.may_owe(reservation):
                receivables.direct_bill(
                    self.session, folio, window=window, company=reservation.company, by=by
                )
            elif amount.minor > 0:
                self._pay(folio, window, amount, party.pays if party else "card", by=by)
            else:
                payments.refund(
                    self.session,
                    folio,
                    window=window,
                    amount=-amount,
                    method=Method.CASH,
                    reason="deposit larger than the bill",
                    by=self.who(Role.MANAGER),
                )
        stays.check_out(self.session, stay, by=by)

    def may_owe(self, reservation: Reservation) -> bool:
        """Tell whether a party's company may owe this hotel: another's credit isn't this one's."""
        hotel, company_id = self.hotel, reservation.company_id or 0
        return not credit_limits.is_granted_elsewhere_only(self.session, hotel, company_id)

    def _skips(self, hotel: Hotel, stay: Stay) -> bool:
        """Let one party of the month leave without paying: the books have a place for it."""
        if self.skipped or stay.reservation.company_id is not None:
            return False
        if (hotel.business_date - hotel.opened_on).days <= 20:
            return False
        self.skipped = bool(settlements.open_balances(self.session, stay.reservation))
        return self.skipped

    def _pay(self, folio: folios.Folio, window: int, amount: Money, how: str, *, by: Staff) -> None:
        method = Method(how) if how in {"cash", "transfer"} else Method.CARD
        payments.pay(
            self.session,
            folio,
            window=window,
            amount=amount,
            method=method,
            card=self.slip() if method is Method.CARD else None,
            by=by,
        )

    def slip(self) -> CardSlip:
        """Return what the terminal prints for some card."""
        return CardSlip(
            brand=self.rng.choice(("visa", "mastercard", "girocard")),
            last_four=f"{self.rng.randrange(10_000):04}",
            authorisation=f"{self.rng.randrange(1_000_000):06}",
            terminal="T1",
            batch="1",
        )

    def arrive(self, day: date) -> None:
        """Check in who is due and comes, into a ready room of the type booked."""
        with self.at(day, time(16, 0)) as hotel:
            by = self.who(Role.FRONT_DESK)
            for reservation in self.due(hotel, day):
                party, _ = self.booked.get(reservation.id, (None, 0))
                if party is not None and not party.comes:
                    continue
                room = self.ready_room(hotel, reservation)
                if room is not None:
                    stays.check_in(self.session, reservation, room=room, by=by)

    def due(self, hotel: Hotel, day: date) -> list[Reservation]:
        """Return who is expected today."""
        return list(
            self.session.scalars(
                sa.select(Reservation)
                .where(
                    Reservation.hotel_id == hotel.id,
                    Reservation.state == State.BOOKED,
                    Reservation.arrival == day,
                )
                .options(joinedload(Reservation.guest))
                .order_by(Reservation.number)
            )
        )

    def ready_room(self, hotel: Hotel, reservation: Reservation) -> Room | None:
        """Return a room of the type that is free for all nights and can be handed over."""
        free = inventory.vacant(
            self.session,
            hotel,
            type_id=reservation.type_id,
            first=reservation.arrival,
            until=reservation.departure,
        )
        taken = set(stays.occupied(self.session, hotel))
        return next((room for room in free if room.is_ready and room.id not in taken), None)

    def clean(self, day: date) -> None:
        """Clean all rooms that want it; the manager looks each over."""
        with self.at(day, time(12, 30)) as hotel:
            by = self.who(Role.HOUSEKEEPING_MANAGER)
            left = [room for room in rooms.all_rooms(self.session, hotel) if not room.is_ready]
            rooms.turn_all(self.session, left, Condition.INSPECTED, by=by)

    def sell(self, day: date, *, share: float = 0.3) -> None:
        """Charge a share of the parties in house for what they had."""
        with self.at(day, time(19, 30)) as hotel:
            by = self.who(Role.FRONT_DESK)
            codes = {code: charges.by_code(self.session, hotel, code) for code, *_ in SELLS}
            for stay in stays.in_house(self.session, hotel):
                if self.rng.random() >= share:
                    continue
                sold = codes[self.rng.choice(SELLS)[0]]
                if sold is None:
                    continue
                folio = settlements.folio_of(self.session, stay.reservation, by=by)
                quantity = self.rng.choice((1, 1, 2))
                folios.charge(self.session, folio, code=sold, quantity=quantity, by=by)

    def audit(self, day: date) -> None:
        """Close the day."""
        with self.clock_at(day + dates.ONE_DAY, time(2, 30)):
            night_audit.audit(
                self.session,
                self.hotel,
                by=self.who(Role.NIGHT_AUDITOR),
                rules=night_audit.Rules(at_any_hour=True),
            )

    def _reservation(self, hotel: Hotel, number: int) -> Reservation:
        return self.session.get_one(Reservation, {"hotel_id": hotel.id, "id": number})


def live(
    house: House,
    parties: list[Party],
    *,
    today: date,
    evening: Callable[..., None],
    say: Callable[[str], None],
) -> None:
    """Live every day from the opening to yesterday, and take today's bookings.

    `evening(house, day, today=…)` is what happens before each night's audit. Each week is said:
    who waits for it sees how far it is.
    """
    opened = house.hotel.opened_on
    with house.at(opened, time(8, 0)):
        house.enter_firms()
    for day in dates.days(opened, today):
        house.book([p for p in parties if max(p.booked_on, opened) == day], day)
        house.cancel(day)
        if day == today:
            return
        lived = (day - opened).days
        if lived and lived % 7 == 0:
            say(f"{house.hotel.name}: {lived} of {(today - opened).days} days …")
        house.leave(day)
        house.clean(day)
        house.arrive(day)
        house.sell(day)
        evening(house, day, today=today)
        house.audit(day)
