"""Day and night: parties come, consume what their packages allow, leave, and the day is closed."""

from functools import partial

from hypothesis import strategies as st

from pms.base.db import transaction
from pms.hotel.books import folios
from pms.hotel.close import night_audit
from pms.hotel.close.night_audit import Choice, Rules
from pms.hotel.rooms import package_allowances, packages
from pms.hotel.rooms.packages import Details
from pms.hotel.rooms.packaging import Per, Rhythm, Span
from pms.hotel.stays import reservations, settlements, stays
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation
from pms.hotel.stays.reservations import packages as booked
from tests import make
from tests.hotel.close import lived
from tests.hotel.service.machine.house import PLACES, House, deed
from tests.hotel.service.paying import euros

RULES = st.builds(
    Rules,
    due_outs=st.sampled_from([Choice.EXTEND, Choice.CHECK_OUT_WITH_BALANCE]),
    charge_no_shows=st.booleans(),
)


class Nights(House):
    """Arrivals, departures, packages, and the audit."""

    def furnish(self):
        super().furnish()
        with transaction(self.session):
            details = Details(
                name="Half board", charge_code=self.codes["LODGING"], per=Per.PERSON,
                price=euros(2_000), rhythm=Rhythm.EVERY_NIGHT,
            )  # fmt: skip
            self.package = packages.add(
                self.session, self.house, code="HB", details=details, by=self.by
            )
            package_allowances.allow(
                self.session, self.package, span=Span.DAY, amount=euros(1_500),
                codes=[self.codes["BAR"]], by=self.by,
            )  # fmt: skip

    def some_party(self, place):
        return self.some(Reservation, place)

    @deed(place=PLACES)
    def add_package(self, place):
        self.does(booked.add, self.some_party(place), self.package)

    @deed(place=PLACES)
    def take_off_package(self, place):
        party = self.some_party(place)
        rows = booked.of(self.session, party)
        self.does(booked.take_off, party, rows[place % len(rows)] if rows else None)

    @deed(place=PLACES, number=st.sampled_from(["102", "103", "104"]))
    def arrive(self, place, number):
        def arrives(session, party, *, by):
            room = make.room(session, self.house, number)
            stays.check_in(session, party, room=room, by=by)
            folio = settlements.folio_of(session, party, by=by)
            if all(window.no != 2 for window in folio.windows):
                folios.open_window(session, folio, no=2, by=by)

        self.does(arrives, self.some_party(place))

    @deed(place=PLACES, owing=st.booleans())
    def leave(self, place, owing):
        self.does(stays.check_out, self.some(Stay, place),
                  leave_owing="pays later" if owing else None)  # fmt: skip

    @deed(place=PLACES)
    def come_back(self, place):
        self.does(stays.undo_check_out, self.some(Stay, place))

    @deed(place=PLACES)
    def cancel(self, place):
        self.does(reservations.cancel, self.some_party(place), reason="Ill")

    @deed(rules=RULES)
    def close_the_day(self, rules):
        """The audit has many transactions; cut off, it is taken up where it stopped."""
        day = self.house.business_date
        self.set_clock(max(self.now, lived.at(day)))

        closes = partial(
            night_audit.audit, self.session, self.house, by=self.by, rules=rules, closing=day
        )
        self.tries("audit", closes)
        self.tries("audit again", closes)
        self.set_clock(max(self.now, lived.at(day, hour=10)))
