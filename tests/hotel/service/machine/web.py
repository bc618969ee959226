"""On the web: stays booked with a deposit at once, bills paid from the phone, or nothing paid."""

from datetime import timedelta

from hypothesis import strategies as st

from pms.base import clock
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.books.folios import FolioWindow
from pms.hotel.house import staff
from pms.hotel.rooms import policies, web_sales
from pms.hotel.rooms.policies import Amount, Asks, By
from pms.hotel.service import booked_rooms, unpaid_bookings, web_payments
from pms.hotel.service.checkout import asking, holding
from pms.hotel.stays import web_bookings
from pms.hotel.stays.reservations import Reservation, State
from pms.hotel.stays.web_bookings import Asked, Wanted
from tests import make
from tests.hotel.service.machine.house import PLACES, House, deed
from tests.hotel.stays import web


def books(session, house, rooms, *, by):
    """Book two nights from tomorrow at a price that is shown; half of it is asked for at once.

    Of several rooms it is asked for in one payment.
    """
    arrival = house.business_date + timedelta(days=1)
    asked = Asked(arrival, arrival + timedelta(days=2), adults=2)
    shop = web_sales.of(session, house)
    offers = web_bookings.offered(session, house, shop, asked, pays_online=True)
    if not offers:
        raise Refusal("Nothing is left.")
    offer = offers[0]
    wanted = Wanted(asked, offer.room_type.code, offer.plan.code, offer.total, "Half at once.")
    made = web_bookings.book_rooms(
        session, house, [wanted] * rooms, web.booker(), pays_online=True, by=by
    )
    web_payments.ask_rooms_at_booking(session, made, language="en", by=by)
    if rooms > 1:
        stand = booked_rooms.of(session, house, made)
        web_payments.to_do_first(session, made[0], stand, language="en", by=by)


class Web(House):
    """What guests do on their own pages, and what the worker lets go when they don't pay."""

    def furnish(self):
        """A plan of which half is paid when it is booked."""
        super().furnish()
        with transaction(self.session):
            plan = make.plan(self.session, self.house, code="WEB")
            prepaid = make.policy(self.session, self.house, "PREPAID", asks=Asks.DEPOSIT,
                                  deposit=Amount(By.PERCENT, 5_000))  # fmt: skip
            policies.attach(self.session, plan, prepaid, by=self.by)
            self.guest = staff.a_guest(self.session, self.house)
            web.open_shop(self.session, self.house, plans={plan.id: ""})

    @deed(rooms=st.integers(1, 3))
    def book_on_the_web(self, rooms):
        self.session.refresh(self.house)
        self.does(books, self.house, rooms, by=self.guest)

    @deed(place=PLACES)
    def ask_at_booking(self, place):
        """What the terms want at once is asked for again."""
        party = self.some_party(place, State.BOOKED)
        self.does(web_payments.ask_rooms_at_booking, party and [party], language="en")

    @deed(place=PLACES, at=PLACES)
    def ask_for_bill(self, place, at):
        """A guest looks at the bill on the page of the stay, and wants to pay a window of it."""
        party = self.some(Reservation, place, Reservation.folio_id.is_not(None))
        window = party and self.some(FolioWindow, at, FolioWindow.folio_id == party.folio_id)
        self.does(web_payments.ask_for_bill, party, window=window and window.no, language="en")

    @deed(days=st.sampled_from([0, 4, 9]))
    def let_time_run_out(self, days):
        """What the worker lets run out: requests, holds, and bookings that nobody paid."""
        with clock.set_to(self.now + timedelta(days=days)):
            house = staff.the_house(self.session, self.house)
            for verb in (asking.expire_due, holding.lapse_due, unpaid_bookings.let_go):
                self.does(verb, self.house, limit=9, by=house)
            self.does(unpaid_bookings.ask_on, self.house, limit=9, by=self.guest)
