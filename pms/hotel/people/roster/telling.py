"""Telling: published shifts put on the duty list, and by mail to those they concern."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.hotel.house import letterheads, outbox, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.people import duty
from pms.hotel.people.duty import Level, Rostered
from pms.hotel.people.employees import Employee, Position
from pms.hotel.people.roster import shift_words
from pms.hotel.people.roster.shift_words import ShiftWords
from pms.hotel.people.roster.tables import RosterShift


def tell(session: Session, hotel: Hotel, shifts: Sequence[RosterShift]) -> None:
    """Let published shifts fill the duty list, and write to whose they are; drafts tell nobody."""
    public = [each for each in shifts if each.published_at is not None]
    if public:
        fill_duties(session, hotel, public)
        _write(session, hotel, public)


def fill_duties(session: Session, hotel: Hotel, shifts: Sequence[RosterShift]) -> None:
    """Put published shifts on the duty list, of those people who sign in."""
    people, positions = _people(session, hotel, shifts), _positions(session, hotel, shifts)
    rostered = [
        Rostered(
            shift_id=each.id,
            staff_id=staff_id,
            department=positions[each.position_id].department,
            level=Level(each.level),
            day=each.day,
            starts_at=each.starts_at,
            ends_at=each.ends_at,
        )
        for each in shifts
        if each.employee_id is not None and each.cancelled_at is None
        if (staff_id := people[each.employee_id].staff_id) is not None
    ]
    duty.fill(session, hotel, [each.id for each in shifts], rostered)


def _write(session: Session, hotel: Hotel, shifts: Sequence[RosterShift]) -> None:
    """Intend one letter for each person with an address and a shift that isn't over."""
    people, positions = _people(session, hotel, shifts), _positions(session, hotel, shifts)
    theirs: dict[int, list[RosterShift]] = defaultdict(list)
    house = letterheads.of(session, hotel).language
    now, the_house = clock.now(), staff.the_house(session, hotel)
    for each in shifts:
        if each.employee_id is not None and each.ends_at > now:
            theirs[each.employee_id].append(each)
    for employee_id, news in theirs.items():
        person = people[employee_id]
        if person.email is None:
            continue
        words = shift_words.WORDS[letterheads.spoken(person.language, otherwise=house)]
        lines = [_line(hotel, each, positions[each.position_id], words) for each in news]
        newest = max(news, key=lambda each: (each.id, each.version))
        outbox.write(
            session,
            hotel,
            key=f"roster/{employee_id}/{newest.id}/{newest.version}/{len(news)}",
            to=person.email,
            subject=f"{hotel.name}: {words.subject}",
            text="\n".join([f"{person.name},", "", *lines, "", f"{words.all}: /my-shifts"]),
            by=the_house,
        )


def _line(hotel: Hotel, shift: RosterShift, position: Position, words: ShiftWords) -> str:
    since = dates.local(shift.starts_at, hotel.time_zone)
    until = dates.local(shift.ends_at, hotel.time_zone)
    times = words.times.format(since=f"{since:%H:%M}", until=f"{until:%H:%M}")
    what = f"{words.day(shift.day)} {times}, {position.title}"
    if shift.cancelled_at is not None:
        return f"{words.cancelled}: {what}"
    return f"{words.changed}: {what}" if shift.changed_at is not None else what


def _people(session: Session, hotel: Hotel, shifts: Sequence[RosterShift]) -> dict[int, Employee]:
    ids = {each.employee_id for each in shifts if each.employee_id is not None}
    rows = session.scalars(
        sa.select(Employee).where(Employee.hotel_id == hotel.id, Employee.id.in_(ids))
    )
    return {each.id: each for each in rows}


def _positions(
    session: Session, hotel: Hotel, shifts: Sequence[RosterShift]
) -> dict[int, Position]:
    ids = {each.position_id for each in shifts}
    rows = session.scalars(
        sa.select(Position).where(Position.hotel_id == hotel.id, Position.id.in_(ids))
    )
    return {each.id: each for each in rows}
