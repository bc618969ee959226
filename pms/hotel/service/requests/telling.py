"""Telling: a letter to those on duty at a level that a request has reached, if they want it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.hotel.house import business_day, logbook, outbox, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.people import duty
from pms.hotel.people.duty import Level
from pms.hotel.service.requests.tables import Request, Why


def agree(session: Session, person: Staff, *, to: str | None, hotel: Hotel) -> None:
    """Say where one wants to be told by mail of requests that reach one; nothing is nowhere.

    Only they themselves can say it. Refuses what is no address.
    """
    person.escalations_to = outbox.address(to) if to and to.strip() else None
    session.flush()
    verb = "wants letters" if person.escalations_to else "wants no letters"
    day = business_day.today(session, hotel)
    line = logbook.line(verb, "staff", hotel.id, person.id, by=person, day=day)
    logbook.write(session, [line])


def switch(session: Session, hotel: Hotel, *, on: bool, by: Staff) -> None:
    """Let the house write to whom a request has reached, or let it be."""
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    hotel.mails_escalations = on
    session.flush()
    verb = "mails escalations" if on else "mails no escalations"
    logbook.write(session, [logbook.line(verb, "hotels", hotel.id, hotel.id, by=by, day=day)])


def tell(
    session: Session, hotel: Hotel, request: Request, level: Level, *, why: Why, at: datetime
) -> int:
    """Write to everybody on duty at a level who agreed to it; return how many letters.

    The key names request, turn, level and person, so nobody is told a level twice.
    """
    if not hotel.mails_escalations:
        return 0
    there = duty.there(hotel, request.department, level, at)
    people = session.scalars(
        sa.select(Staff)
        .where(
            Staff.chain_id == hotel.chain_id,
            Staff.id.in_(there),
            Staff.escalations_to.is_not(None),
        )
        .order_by(Staff.id)
    ).all()
    subject, text = _words(hotel, request, level, why)
    for person in people:
        outbox.write(
            session,
            hotel,
            key=f"escalation/{request.id}/{request.turn}/{int(level)}/{person.id}",
            to=str(person.escalations_to),
            subject=subject,
            text=text,
            by=staff.the_house(session, hotel),
        )
    return len(people)


def _words(hotel: Hotel, request: Request, level: Level, why: Why) -> tuple[str, str]:
    """Return subject and text; no guest is named in a mail that anybody may read."""

    def at(moment: datetime) -> str:
        return f"{dates.local(moment, hotel.time_zone):%H:%M}"

    what = f"{request.category.name}, {request.where}"
    subject = f"Request {request.number}: {what}"[:200]
    return subject, (
        f"Request {request.number} has reached you ({level.words.lower()}), since {why.words}.\n\n"
        f"{what}, {request.priority.value} priority, for {request.department.words.lower()}.\n"
        f"Asked at {at(request.asked_at)}, to be seen by {at(request.seen_by)}, "
        f"to be done by {at(request.due_at)}, on the clock of {hotel.name}.\n"
    )
