"""Day and night: what parties' packages allow, and how the days are closed."""

from functools import partial

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.hotel.books import ledger
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.close import night_audit
from pms.hotel.close.night_audit import JOB, Choice, Rules
from pms.hotel.house import jobs
from pms.hotel.rooms import package_allowances, packages
from pms.hotel.rooms.packages import Details
from pms.hotel.rooms.packaging import Per, Rhythm, Span
from pms.hotel.stays import night_charges
from pms.hotel.stays.desk_charges import Tonight
from pms.hotel.stays.reservations import Reservation, State
from pms.hotel.stays.reservations import packages as booked
from pms.hotel.stays.reservations.package_tables import ReservationPackage
from tests import make
from tests.hotel.close import lived
from tests.hotel.service.machine.desk import charge
from tests.hotel.service.machine.finding import ANY
from tests.hotel.service.machine.house import AMOUNTS, PLACES, House, deed
from tests.hotel.service.paying import euros

AWAITED = (State.BOOKED, State.IN_HOUSE)
RULES = st.builds(
    Rules,
    due_outs=st.sampled_from([Choice.EXTEND, Choice.CHECK_OUT_WITH_BALANCE]),
    charge_no_shows=st.booleans(),
)


class Nights(House):
    """Packages, nights by hand, and the audit."""

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
            party = make.reservation(self.session, self.house, surname="Boarding")
            booked.add(self.session, party, self.package, by=self.by)

    @deed(place=PLACES)
    def add_package(self, place):
        self.does(booked.add, self.some_party(place, *AWAITED), self.package)

    @deed(place=PLACES)
    def take_off_package(self, place):
        def adds():
            self.prepares(booked.add, self.some_party(place, State.BOOKED), self.package)

        awaited = sa.select(Reservation.id).where(Reservation.state.in_(AWAITED))
        fits = sa.and_(
            ReservationPackage.reservation_id.in_(awaited),
            ReservationPackage.taken_off_on.is_(None),
        )
        row = self.some(ReservationPackage, place, fits=fits, otherwise=adds)
        party = row and self.session.get_one(Reservation, (self.house.id, row.reservation_id))
        self.does(booked.take_off, party, row)

    @deed(place=PLACES, back=st.sampled_from([0, 0, 0, 1, 2]), of=st.sampled_from(Tonight),
          minor=st.none() | AMOUNTS, persons=st.none() | st.integers(1, 3))  # fmt: skip
    def charge_a_night(self, place, back, of, minor, persons):
        """The desk posts a night: tonight's own, or one on top of it; or one that is past."""
        sleeps = sa.and_(
            Reservation.state == State.IN_HOUSE, Reservation.departure > self.some_day(0)
        )
        party = self.some(Reservation, place, fits=sleeps, otherwise=self.comes)
        if party is None or party.folio_id is None:
            return
        night, terms = self.some_day(-back), {"amount": minor and euros(minor), "persons": persons}
        if place < ANY:  # as it is mostly asked for: a night of the stay, its own as it was agreed
            night = max(night, party.arrival)
            terms = {} if of is Tonight.ITS_NIGHT else terms
        self.does(charge, self.session.get_one(Folio, (self.house.id, party.folio_id)),
                  code=self.codes["LODGING"], night=night, tonight=of, **terms)  # fmt: skip

    @deed(place=PLACES)
    def void_a_night(self, place):
        """One that was charged by hand or by the audit, mostly of who is here."""
        here = sa.select(Reservation.id).where(Reservation.state == State.IN_HOUSE)
        nights = sa.and_(Entry.kind == Kind.CHARGE, Entry.service_night.is_not(None))

        def charges():
            party = self.some_party(0, State.IN_HOUSE)
            self.prepares(night_charges.charge_nights, self.house, party, [self.some_day(0)])

        fits = sa.and_(ledger.standing(), Entry.subject_id.in_(here))
        of = self.some(Entry, place, nights, fits=fits, otherwise=charges)
        self.does(night_charges.void, of, reason="Wrong night")

    @deed(rules=RULES)
    def close_the_day(self, rules):
        """The audit has many transactions; cut off, it is taken up where it stopped."""
        day = self.some_day(0)
        self.set_clock(max(self.now, lived.at(day)))
        closes = partial(
            night_audit.audit, self.session, self.house, by=self.by, rules=rules, closing=day
        )
        self.tries("audit", closes)
        self.tries("audit again", closes)
        self.set_clock(max(self.now, lived.at(day, hour=10)))

    @deed(rules=RULES)
    def close_by_a_job(self, rules):
        """Whoever asks for the audit may leave; what is cut off is taken up by hand."""
        day = self.some_day(0)
        self.set_clock(max(self.now, lived.at(day)))
        self.does(night_audit.begin, self.house, rules=rules)
        sessions = lambda: Session(self.session.get_bind(), expire_on_commit=False)  # noqa: E731
        self.tries("audit as a job", partial(jobs.run_due, sessions, {JOB: night_audit.run}))
        if self.some_day(0) == day:
            self.tries("audit again", partial(night_audit.audit, self.session, self.house,
                                              by=self.by, rules=rules, closing=day))  # fmt: skip
        self.set_clock(max(self.now, lived.at(day, hour=10)))

    @deed(rules=RULES, nights=st.integers(1, 3))
    def close_missed_days(self, rules, nights):
        """Nobody closed the days for some nights."""
        last = self.some_day(nights - 1)
        self.set_clock(max(self.now, lived.at(last)))
        closes = partial(
            night_audit.audit_until, self.session, self.house, last, by=self.by, rules=rules
        )
        self.tries("audit until", closes)
        self.tries("audit until again", closes)
        self.set_clock(max(self.now, lived.at(last, hour=10)))

    @deed(rules=RULES)
    def rehearse_the_audit(self, rules):
        """What it would do is shown; nothing is changed."""
        before = self.print()
        self.tries("dry run", partial(night_audit.dry_run, self.session, self.house, by=self.by,
                                      rules=rules))  # fmt: skip
        assert self.print() == before
