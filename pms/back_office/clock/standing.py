"""Where somebody stands at the clock: at work, on a break or not here, and what they may press."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pms.base import clock, dates
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.people.employees import Employee, Employment
from pms.hotel.people.timeclock import Break, Punched, TimeEntry, punching
from pms.web.database import session


@dataclass(frozen=True)
class Standing:
    """Somebody's place at the clock at an instant."""

    entry: TimeEntry | None
    pause: Break | None
    held: Sequence[Employment]
    since: datetime | None
    now: datetime

    @property
    def forgot(self) -> bool:
        """Whether they have come again without ever having clocked out."""
        return self.entry is not None and punching.is_forgotten(self.entry, self.now)

    @property
    def may(self) -> list[Punched]:
        """What they may press, the likeliest first."""
        if self.entry is None:
            return [Punched.IN]
        if self.forgot:
            ends = self.now - self.entry.started_at <= punching.LONGEST
            return [Punched.IN, Punched.OUT] if ends else [Punched.IN]
        if self.pause is not None:
            return [Punched.BACK, Punched.OUT]
        deeds = [Punched.OUT, Punched.BREAK]
        return [*deeds, Punched.CHANGE] if self.others else deeds

    @property
    def others(self) -> list[Employment]:
        """The positions they could come to work in, or go on in instead."""
        here = self.entry.employment_id if self.entry and not self.forgot else None
        return [each for each in self.held if each.id != here]

    @property
    def words(self) -> str:
        """Where they stand, in a word."""
        if self.entry is None:
            return "Not at work"
        if self.forgot:
            return "Never clocked out"
        return "On a break" if self.pause is not None else "At work"


def of(employee: Employee, hotel: Hotel) -> Standing:
    """Return where somebody stands."""
    entry = punching.running(session(), employee)
    pause = punching.open_break(session(), entry) if entry else None
    now = clock.now()
    if entry is not None and not punching.is_forgotten(entry, now):
        day = entry.service_day
    else:
        day = punching.service_day(session(), hotel, employee, now)
    held = punching.held(session(), employee, day)
    since = pause.started_at if pause else entry.started_at if entry else None
    return Standing(entry, pause, held, since, now)


def actor(employee: Employee, hotel: Hotel) -> Staff:
    """Return who presses a shared clock: the employee where they sign in, else the house."""
    key = {"chain_id": employee.chain_id, "id": employee.staff_id}
    person = session().get(Staff, key) if employee.staff_id is not None else None
    if person is not None and person.may(Permission.CLOCK_IN, hotel.id):
        return person
    return staff.the_house(session(), hotel)


def at(hotel: Hotel, instant: datetime) -> str:
    """Return a time as the hotel's clock shows it."""
    return f"{dates.local(instant, hotel.time_zone):%H:%M}"
