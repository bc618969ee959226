"""Parties: booked, taken in and moved; charged by rule and by the hour; ended with their fee."""

from datetime import time, timedelta

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.base.db import transaction
from pms.hotel.books.folios import Folio
from pms.hotel.rooms import policies, rates
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays import (
    express,
    fees,
    guest_changes,
    hour_fees,
    joining,
    night_charges,
    recurring,
    settlements,
    stays,
    together,
)
from pms.hotel.stays.express import ExpressCheckOut
from pms.hotel.stays.groups import Billing
from pms.hotel.stays.hour_fees import Hour, HourStep, steps
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.recurring import RecurringCharge, Rhythm
from pms.hotel.stays.reservations import Reservation, State
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Tax
from tests import make
from tests.hotel.service.machine.finding import ANY, HERE, VACANT, arrives
from tests.hotel.service.machine.house import AMOUNTS, CODES, PLACES, ROOMS, House, deed
from tests.hotel.service.paying import euros
from tests.hotel.stays import allotted

NIGHTS = st.integers(1, 3)
GROUPS = st.sampled_from([None, None, 0, 1])
WAIVED = st.sampled_from([None, None, "A regular"])
GONE = Stay.state == Presence.DEPARTED


def guest_cancels(session, party, *, by):
    """End a stay as its guest does, at the fee that is shown."""
    fee = fees.of_cancelling(session, party).amount
    guest_changes.cancel(session, party, expected=fee, by=by)


def stop_recurring(session, charge, *, by):
    party = session.get_one(Reservation, (charge.hotel_id, charge.reservation_id))
    recurring.stop(session, party, charge, by=by)


class Parties(House):
    """What is charged of who comes, stays, leaves or doesn't come."""

    def furnish(self):
        """Terms that cost something, prices of hours, a tax that long stays get back, two groups.

        The groups' masters take all of it, and the rooms alone; both parties have a newspaper.

        The tax is on every night, and goes back from the second night on.
        """
        super().furnish()
        with transaction(self.session):
            self.plan = rates.by_code(self.session, self.house, "BAR")
            self.plan.charge_code_id = self.codes["LODGING"].id
            strict = make.policy(self.session, self.house)
            policies.attach(self.session, self.plan, strict, by=self.by)
            city = self.session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
            taxes.set_rate(
                self.session, city, rate=200, limits=taxes.Limits(exempt_from=2, refunds=True),
                from_day=make.DAY, by=self.by,
            )  # fmt: skip
            for hour, at in ((Hour.EARLY, time(23)), (Hour.LATE, time(9))):
                steps.add(self.session, self.house, hour, at=at, percent=50,
                          code=self.codes["BAR"], by=self.by)  # fmt: skip
            self.groups = [
                allotted.group(self.session, self.house, code=code, arrival=make.DAY, nights=9,
                               billing=billing)
                for code, billing in (("WEDDING", Billing.ALL), ("TOUR", Billing.ROOMS))
            ]  # fmt: skip
            for group in self.groups:
                party = make.reservation(self.session, self.house, surname=group.code, group=group)
                settlements.folio_of(self.session, party, by=self.by)
                recurring.add(self.session, party, code=self.codes["BAR"], amount=euros(700),
                              by=self.by)  # fmt: skip

    def some_room(self, place):
        """A room, mostly a vacant one."""
        return self.some(Room, place, fits=VACANT)

    # --- coming -------------------------------------------------------------------------------

    @deed(nights=st.integers(0, 3), group=GROUPS, adults=st.integers(1, 2))
    def book(self, nights, group, adults):
        whose = {} if group is None else {"group": self.groups[group]}
        self.does(make.reservation, self.house, nights=nights, adults=adults, **whose)

    @deed(place=PLACES, at=PLACES)
    def arrive(self, place, at):
        self.does(arrives, self.some_party(place, State.BOOKED), self.some_room(at))

    @deed(place=PLACES)
    def take_in(self, place):
        def takes_in(session, party, *, by):
            for n in range(ROOMS):
                make.room(session, self.house, str(101 + n))
            together.take_in(session, party, by=by)

        self.does(takes_in, self.some_party(place, State.BOOKED))

    @deed(at=PLACES, nights=NIGHTS)
    def walk_in(self, at, nights):
        departure = self.some_day(nights)

        def walks_in(session, room, *, by):
            room.condition = Condition.INSPECTED
            guest = make.guest(session, self.house, "Walker")
            stays.walk_in(session, self.house, guest=guest, room=room, plan=self.plan,
                          departure=departure, adults=2, by=by)  # fmt: skip

        self.does(walks_in, self.some_room(at))

    @deed(place=PLACES)
    def undo_arrival(self, place):
        todays = sa.and_(HERE, Stay.arrived_on == self.some_day(0))
        self.does(stays.undo_check_in, self.some_stay(place, todays), reason="Wrong party")

    # --- staying ------------------------------------------------------------------------------

    @deed(place=PLACES, nights=NIGHTS)
    def extend(self, place, nights):
        stay = self.some_stay(place)
        if stay is not None:
            self.session.refresh(stay.reservation)
            departure = stay.reservation.departure + timedelta(days=nights)
            self.does(stays.extend, stay, departure=departure)

    @deed(place=PLACES, nights=st.integers(0, 2))
    def shorten(self, place, nights):
        """Mostly before it was to end."""
        longer = sa.select(Reservation.id).where(Reservation.departure > self.some_day(1))
        stay = self.some_stay(place, sa.and_(HERE, Stay.reservation_id.in_(longer)))
        departure = self.some_day(nights)
        if stay is not None and place < ANY:
            self.session.refresh(stay.reservation)
            departure = min(departure, stay.reservation.departure - timedelta(days=1))
        self.does(stays.shorten, stay, departure=departure)

    @deed(place=PLACES)
    def charge_tonight(self, place):
        here = self.some_party(place, State.IN_HOUSE)
        self.does(night_charges.charge_nights, self.house, here, [self.some_day(0)])

    @deed(place=PLACES, code=CODES, minor=AMOUNTS, rhythm=st.sampled_from(Rhythm))
    def add_recurring(self, place, code, minor, rhythm):
        self.does(recurring.add, self.some_party(place, State.BOOKED, State.IN_HOUSE),
                  code=self.codes[code], amount=euros(minor), rhythm=rhythm)  # fmt: skip

    @deed(place=PLACES)
    def stop_recurring(self, place):
        def begins():
            self.prepares(recurring.add, self.some_party(place, State.BOOKED),
                          code=self.codes["BAR"], amount=euros(700))  # fmt: skip

        self.does(stop_recurring, self.some(RecurringCharge, place, otherwise=begins))

    @deed(place=PLACES, hour=st.sampled_from(Hour), percent=st.integers(1, 100))
    def change_hour_step(self, place, hour, percent):
        """What an hour costs is no longer asked for, or again."""
        step = self.some(HourStep, place)
        if step is not None and place < 2:
            self.does(steps.remove, step)
        else:
            self.does(steps.add, self.house, hour, at=time(place), percent=percent,
                      code=self.codes["LODGING"])  # fmt: skip

    @deed(place=PLACES, hour=st.sampled_from(Hour), waived=WAIVED)
    def charge_hour(self, place, hour, waived):
        self.does(hour_fees.settle, self.some_stay(place), hour=hour, waive=waived)

    # --- groups -------------------------------------------------------------------------------

    @deed(place=PLACES, group=st.integers(0, 1))
    def join(self, place, group):
        alone = self.some(
            Reservation, place,
            fits=sa.and_(Reservation.group_id.is_(None), Reservation.state == State.BOOKED),
        )  # fmt: skip
        self.does(joining.join, alone, self.groups[group])

    @deed(place=PLACES)
    def leave_group(self, place):
        def joins():
            self.prepares(joining.join, self.books(), self.groups[0])

        awaited = sa.and_(Reservation.group_id.is_not(None), Reservation.state == State.BOOKED)
        member = self.some(Reservation, place, fits=awaited, otherwise=joins)
        self.does(joining.leave, member)

    @deed(group=st.integers(0, 1))
    def bill_anew(self, group):
        self.does(together.bill_anew, self.groups[group])

    # --- leaving, or not coming ---------------------------------------------------------------

    @deed(place=PLACES, owing=st.booleans())
    def leave(self, place, owing):
        stay = self.some_stay(place)
        if stay is not None and place % 2 and stay.reservation.folio_id is not None:
            self.settles(self.session.get_one(Folio, (self.house.id, stay.reservation.folio_id)))
        self.does(stays.check_out, stay,
                  leave_owing="pays later" if owing else None)  # fmt: skip

    @deed(place=PLACES)
    def come_back(self, place):
        def leaves():
            self.prepares(stays.check_out, self.some_stay(place), leave_owing="pays later")

        todays = sa.and_(GONE, Stay.departed_on == self.some_day(0))
        self.does(stays.undo_check_out, self.some_stay(place, todays, leaves))

    @deed(place=PLACES)
    def ask_for_express(self, place):
        self.does(express.ask, self.some_party(place, State.IN_HOUSE), email="ana@example.org")

    @deed(place=PLACES)
    def leave_express(self, place):
        """Mostly who asked, leaves today and has paid."""
        leaving = sa.select(Reservation.id).where(Reservation.departure <= self.some_day(0))
        stay = self.some_stay(place, sa.and_(HERE, Stay.reservation_id.in_(leaving)),
                              lambda: self.comes(nights=0))  # fmt: skip
        asked = self.some(ExpressCheckOut, place)
        if place < ANY and stay is not None:
            party = stay.reservation
            self.prepares(express.ask, party, email="ana@example.org")
            asked = express.of(self.session, party)
            if party.folio_id is not None:
                self.settles(self.session.get_one(Folio, (self.house.id, party.folio_id)))
        self.does(express.settle, asked)

    @deed(place=PLACES, waived=WAIVED)
    def cancel(self, place, waived):
        self.does(fees.cancel, self.some_party(place, State.BOOKED), reason="Ill", waive=waived)

    @deed(place=PLACES)
    def guest_cancels(self, place):
        self.does(guest_cancels, self.some_party(place, State.BOOKED))

    @deed(place=PLACES, keep=st.booleans(), waived=WAIVED)
    def no_show(self, place, keep, waived):
        self.does(fees.no_show, self.some_party(place, State.BOOKED), keep_remaining=keep,
                  waive=waived)  # fmt: skip

    @deed(place=PLACES)
    def reinstate(self, place):
        def cancels():
            self.prepares(fees.cancel, self.some_party(place, State.BOOKED), reason="Ill")

        over = Reservation.state.in_((State.CANCELLED, State.NO_SHOW))
        self.does(fees.reinstate, self.some(Reservation, place, fits=over, otherwise=cancels))
