"""Services: walks that are booked and cancelled, the minibar, and what a request costs."""

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
from tests.hotel.service.machine.house import AMOUNTS, CODES, HERE, PLACES, House, deed
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
        party = self.some_party(place, State.IN_HOUSE)
        self.does(concierge.book, self.walk, party, Asked(persons=persons, charge=charge))

    @deed(place=PLACES)
    def charge_walk(self, place):
        live = ActivityBooking.state.in_(LIVE)
        self.does(charging.charge, self.some(ActivityBooking, place, fits=live))

    @deed(place=PLACES, waive=st.booleans())
    def cancel_walk(self, place, waive):
        live = ActivityBooking.state.in_(LIVE)
        self.does(concierge.cancel, self.some(ActivityBooking, place, fits=live), reason="Rain",
                  waive=waive)  # fmt: skip

    @deed(place=PLACES, count=st.integers(1, 3))
    def post_minibar(self, place, count):
        taken = Room.id.in_(sa.select(Stay.room_id).where(HERE))
        self.does(minibar.post, self.some(Room, place, fits=taken), {self.water: count})

    @deed(place=PLACES)
    def ask_for_towels(self, place):
        party = self.some_party(place, State.IN_HOUSE)
        self.does(requests.enter, self.house, category=self.towels, words="Two towels",
                  where=requests.Where(reservation=party))  # fmt: skip

    @deed(place=PLACES, code=CODES, minor=AMOUNTS, off=st.booleans())
    def recover(self, place, code, minor, off):
        verb = requests.take_off if off else requests.charge
        self.does(verb, self.some(Request, place), code=self.codes[code], amount=euros(minor),
                  reason="Noise")  # fmt: skip
