"""Living: the file's hotel, business day by business day, from where it stands to its last."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import transaction
from pms.hotel.close import night_audit
from pms.hotel.close.night_audit import Rules
from pms.hotel.house import hotels, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.reservations import Reservation, State
from pms.replay.desk import Desk, NoRoomFree
from pms.replay.opening import Terms, eve, opened
from pms.replay.reading import Booking, File, Outcome
from pms.replay.tally import Progress, Tally

AT_ONCE = 50  # deeds in one commit: some 200 ms of the write turn
AUDIT_AT = time(2, 30)
CLEANED_AT = time(14, 0)
_HOURS = {
    "bookings": time(9, 0),
    "cancellations": time(10, 0),
    "departures": time(11, 0),
    "arrivals": time(15, 0),
    "day use": time(13, 0),
}
_DEEDS_OF = {Outcome.CHECKED_OUT: 4, Outcome.CANCELLED: 2, Outcome.NO_SHOW: 1}


@dataclass
class Life:
    """A replay under way: which booking stands where, by its line in the file."""

    session: Session
    file: File
    terms: Terms
    tally: Tally
    say: Callable[[str], None] = lambda _: None
    ids: dict[int, int] = field(default_factory=dict)
    states: dict[int, State] = field(default_factory=dict)

    def live(self, until: date) -> Tally:
        """Live every business day up to and with `until`, and seal it.

        Goes on from where an earlier run stopped, wherever that was.
        """
        self.tally.refused.extend(self.file.refused)
        with logbook.coming_from(f"replay {self.file.digest}"):
            hotel = self._open()
            self._remember(hotel)
            calendar = _Calendar.of(self.file)
            first = hotel.business_date
            if first > hotel.opened_on:
                self._finish(first - dates.ONE_DAY)
            days = list(dates.days(first, until))
            progress = Progress(self.say, days=len(days), deeds=_deeds(self.file.bookings, until))
            for number, day in enumerate(days, start=1):
                self._live_day(calendar, day)
                progress.show(self.tally, day, day_no=number, done=self._done())
            progress.end()
        return self.tally

    def _open(self) -> Hotel:
        with self._at(eve(self.file), time(8, 0)), transaction(self.session):
            return opened(self.session, self.file, self.terms)

    def _remember(self, hotel: Hotel) -> None:
        """Read what earlier runs did: the channel's reference says which line it was."""
        mine = f"{self.file.digest}:"
        rows = self.session.execute(
            sa.select(Reservation.channel_ref, Reservation.id, Reservation.state).where(
                Reservation.hotel_id == hotel.id, Reservation.channel_ref.startswith(mine)
            )
        )
        for ref, reservation_id, state in rows:
            line = int(str(ref).removeprefix(mine))
            self.ids[line], self.states[line] = reservation_id, state

    def _live_day(self, calendar: "_Calendar", day: date) -> None:
        self._each("bookings", day, calendar.booked[day], None, self._book)
        self._each("cancellations", day, calendar.cancelled[day], State.BOOKED, self._cancel)
        self._each("departures", day, calendar.leaving[day], State.IN_HOUSE, self._leave)
        self._each("day use", day, calendar.day_use[day], State.BOOKED, self._arrive)
        self._each("day use", day, calendar.day_use[day], State.IN_HOUSE, self._leave)
        self._clean(day, calendar.arriving[day])
        self._each("arrivals", day, calendar.arriving[day], State.BOOKED, self._arrive)
        self._audit(day)

    def _each(
        self,
        phase: str,
        day: date,
        bookings: Sequence[Booking],
        standing: State | None,
        deed: Callable[[Desk, Sequence[Booking]], None],
    ) -> None:
        """Do a deed for every booking that stands so, many in one commit."""
        due = [each for each in bookings if self.states.get(each.line) is standing]
        for start in range(0, len(due), AT_ONCE):
            minutes = timedelta(minutes=start // AT_ONCE)
            with self._at(day, _HOURS[phase], minutes), transaction(self.session):
                desk = Desk.opened(self.session, self.file, self.terms, self.tally)
                if desk.day != day:
                    raise RuntimeError(f"It is {desk.day} here, not {day}: somebody else audits.")
                deed(desk, due[start : start + AT_ONCE])

    def _clean(self, day: date, arriving: Sequence[Booking]) -> None:
        if any(self.states.get(each.line) is State.BOOKED for each in arriving):
            with self._at(day, CLEANED_AT), transaction(self.session):
                Desk.opened(self.session, self.file, self.terms, self.tally).clean()

    def _book(self, desk: Desk, bookings: Sequence[Booking]) -> None:
        for booking in bookings:
            self.ids[booking.line] = desk.book(booking)
            self.states[booking.line] = State.BOOKED

    def _cancel(self, desk: Desk, bookings: Sequence[Booking]) -> None:
        found = desk.reservations(self.ids[each.line] for each in bookings)
        for booking in bookings:
            desk.cancel(booking, found[self.ids[booking.line]])
            self.states[booking.line] = State.CANCELLED

    def _arrive(self, desk: Desk, bookings: Sequence[Booking]) -> None:
        found = desk.reservations(self.ids[each.line] for each in bookings)
        for booking in bookings:
            try:
                desk.arrive(booking, found[self.ids[booking.line]])
            except NoRoomFree as no:
                self.tally.notes.append(no.sentence)
                continue
            self.states[booking.line] = State.IN_HOUSE

    def _leave(self, desk: Desk, bookings: Sequence[Booking]) -> None:
        found = desk.stays(self.ids[each.line] for each in bookings)
        for booking in bookings:
            desk.leave(booking, found[self.ids[booking.line]])
            self.states[booking.line] = State.DEPARTED

    def _audit(self, day: date) -> None:
        """Close the day: no-shows are the audit's to find, and so are the nights' charges."""
        with self._at(day + dates.ONE_DAY, AUDIT_AT):
            hotel = self._hotel()
            by = staff.the_house(self.session, hotel)
            night_audit.audit(self.session, hotel, by=by, rules=self._rules(), closing=day)
        self.tally.audits += 1

    def _finish(self, day: date) -> None:
        """End the audit of a day that was rolled but not finished when an earlier run stopped."""
        with self._at(day + dates.ONE_DAY, AUDIT_AT), suppress(night_audit.AlreadyClosed):
            hotel = self._hotel()
            by = staff.the_house(self.session, hotel)
            night_audit.audit(self.session, hotel, by=by, rules=self._rules(), closing=day)

    def _rules(self) -> Rules:
        return Rules(charge_no_shows=self.terms.mixed)

    def _hotel(self) -> Hotel:
        hotel = hotels.by_code(self.session, self.terms.code)
        if hotel is None:
            raise LookupError(self.terms.code)
        return hotel

    @contextmanager
    def _at(self, day: date, hour: time, later: timedelta = timedelta(0)) -> Iterator[None]:
        wall = datetime.combine(day, hour) + later
        with clock.set_to(dates.instant(wall, self.terms.time_zone)):
            yield

    def _done(self) -> int:
        """How many deeds of the file are done, by this run and earlier ones."""
        return sum(_DONE[state] for state in self.states.values())


_DONE = {
    State.BOOKED: 1,
    State.IN_HOUSE: 2,
    State.DEPARTED: 4,
    State.CANCELLED: 2,
    State.NO_SHOW: 1,
}


_ByDay = defaultdict[date, list[Booking]]


@dataclass(frozen=True)
class _Calendar:
    """What happens on which day."""

    booked: _ByDay = field(default_factory=lambda: defaultdict(list))
    cancelled: _ByDay = field(default_factory=lambda: defaultdict(list))
    arriving: _ByDay = field(default_factory=lambda: defaultdict(list))
    leaving: _ByDay = field(default_factory=lambda: defaultdict(list))
    day_use: _ByDay = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, file: File) -> "_Calendar":
        """Sort the file by days; what was before the opening happens at the opening."""
        first = eve(file)
        calendar = cls()
        for booking in file.bookings:
            calendar.booked[max(booking.booked_on, first)].append(booking)
            if booking.cancelled_on is not None:
                calendar.cancelled[max(booking.cancelled_on, first)].append(booking)
            if booking.outcome is Outcome.CHECKED_OUT and booking.nights:
                calendar.arriving[booking.arrival].append(booking)
                calendar.leaving[booking.departure].append(booking)
            elif booking.outcome is Outcome.CHECKED_OUT:
                calendar.day_use[booking.arrival].append(booking)
        return calendar


def _deeds(bookings: Sequence[Booking], until: date) -> int:
    """How many deeds the file holds up to a day: book, cancel, check in, pay and check out."""
    return sum(
        (each.booked_on <= until)
        + (each.cancelled_on is not None and each.cancelled_on <= until)
        + (each.outcome is Outcome.CHECKED_OUT)
        * ((each.arrival <= until) + 2 * (each.departure <= until))
        for each in bookings
    )
