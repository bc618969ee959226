"""Calendars: an appointment as a file that every calendar takes in (RFC 5545)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Appointment:
    """What is written down: instants, so that every calendar shows its own clock."""

    uid: str
    name: str
    begins: datetime
    ends: datetime
    made_at: datetime
    place: str = ""
    words: str = ""


def file_of(appointment: Appointment) -> bytes:
    """Return a calendar with one appointment."""
    from icalendar import Calendar, Event  # 4 MB, of use to the guest who wants the file

    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", appointment.made_at)
    event.add("dtstart", appointment.begins)
    event.add("dtend", appointment.ends)
    event.add("summary", appointment.name)
    if appointment.place:
        event.add("location", appointment.place)
    if appointment.words:
        event.add("description", appointment.words)
    calendar = Calendar()
    calendar.add("prodid", "-//pms//guest's stay//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
