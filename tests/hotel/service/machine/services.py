"""Services: walks that are booked and cancelled, the minibar, and what a request costs."""

from datetime import timedelta

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.base.db import transaction
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import concierge, requests
from pms.hotel.service.concierge import ActivityBooking, Asked, charging
from pms.hotel.service.concierge.tables import LIVE
from pms.hotel.service.housekeeping import minibar
from pms.hotel.service.requests import categories
from pms.hotel.service.requests.tables import Request
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import State
from tests.hotel.service import outing
from tests.hotel.service.machine.finding import HERE
from tests.hotel.service.machine.house import AMOUNTS, CODES, PLACES, House, deed
from tests.hotel.service.paying import euros


class Services(House):
    """What other departments put on a party's bill."""

    def furnish(self):
        """A walk with places for all, water in the minibar, and towels to be asked for."""
        super().furnish()
        with transaction(self.session):
            self.walk = outing.walk(self.session, self.house, places=90)
            self.water = minibar.add(
                self.session, self.house, name="Water", price=euros(350), code=self.codes["BAR"],
                by=self.by,
            )  # fmt: skip
            categories.furnish(self.session, self.house, by=self.by)
            self.towels = categories.by_code(self.session, self.house, "TOWELS")

    @deed(place=PLACES, persons=st.integers(1, 3), charge=st.booleans())
    def book_walk(self, place, persons, charge):
        self.walk_ahead()
        party = self.some_party(place, State.IN_HOUSE)
        self.does(concierge.book, self.walk, party, Asked(persons=persons, charge=charge))

    def walk_ahead(self):
        """Open a time of the walk that is to come, where none is."""
        if self.walk.starts_at <= self.now:
            tomorrow = (self.now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
            self.walk = self.prepares(outing.open_time, self.house, self.walk.activity, tomorrow)

    def some_walk(self, place, *conditions, charge):
        """Somebody's walk, mostly of who is here; booked first where nobody has one."""
        here = ActivityBooking.reservation_id.in_(sa.select(Stay.reservation_id).where(HERE))
        wanted = sa.and_(here, ActivityBooking.state.in_(LIVE), *conditions)

        def books():
            self.walk_ahead()
            party = self.some_party(place, State.IN_HOUSE)
            self.prepares(concierge.book, self.walk, party, Asked(persons=2, charge=charge))

        return self.some(ActivityBooking, place, fits=wanted, otherwise=books)

    @deed(place=PLACES)
    def charge_walk(self, place):
        walk = self.some_walk(place, ActivityBooking.entry_id.is_(None), charge=False)
        self.does(charging.charge, walk)

    @deed(place=PLACES, charged=st.booleans(), waive=st.booleans())
    def cancel_walk(self, place, charged, waive):
        walk = self.some_walk(place, ActivityBooking.entry_id.is_not(None) == charged,
                              charge=charged)  # fmt: skip
        self.does(concierge.cancel, walk, reason="Rain", waive=waive)

    @deed(place=PLACES, count=st.integers(1, 3))
    def post_minibar(self, place, count):
        taken = Room.id.in_(sa.select(Stay.room_id).where(HERE))
        room = self.some(Room, place, fits=taken, otherwise=self.comes)
        self.does(minibar.post, room, {self.water: count})

    @deed(place=PLACES)
    def ask_for_towels(self, place):
        party = self.some_party(place, State.IN_HOUSE)
        self.does(requests.enter, self.house, category=self.towels, words="Two towels",
                  where=requests.Where(reservation=party))  # fmt: skip

    @deed(place=PLACES, code=CODES, minor=AMOUNTS, off=st.booleans())
    def recover(self, place, code, minor, off):
        def asks():
            self.prepares(
                requests.enter,
                self.house,
                category=self.towels,
                words="A towel",
                where=requests.Where(reservation=self.some_party(place, State.IN_HOUSE)),
            )

        verb = requests.take_off if off else requests.charge
        asked = self.some(Request, place, otherwise=asks)
        self.does(verb, asked, code=self.codes[code], amount=euros(minor), reason="Noise")
