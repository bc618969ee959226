"""The concierge's day: what happens by the hour, and what needs a hand."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

import sqlalchemy as sa
from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from pms.base import clock, dates
from pms.front_office.concierge import bookings, calling, catalogue, vendors
from pms.front_office.concierge.desk import bp, day_asked
from pms.gateways import pdf
from pms.hotel.house.staff import Permission
from pms.hotel.service import itineraries, wake_ups
from pms.hotel.service.concierge import ActivityBooking, ActivityTime, BookingState
from pms.hotel.service.itineraries import Happens, Item, Planned
from pms.hotel.stays.reservations import Reservation
from pms.web.asked import handed_out
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.letters import outings

__all__ = ["bookings", "bp", "calling", "catalogue", "vendors"]

SOON = timedelta(days=2)
AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the day with what it brings."""

    hour: int
    items: list[Item]


@dataclass(frozen=True, slots=True)
class Hands:
    """What somebody must see to: calls that are due, who waits for a vendor, who won't come."""

    calls: list[wake_ups.Listed]
    waiting: list[Planned]
    orphaned: list[Planned]


@bp.get("/concierge")
@allows(Permission.CONCIERGE)
def concierge() -> ResponseReturnValue:
    """Show a day by the hour: calls, pick-ups, bookings; and beside it what needs a hand."""
    day = day_asked()
    items = itineraries.docket(session(), here(), day)
    return render_template(
        "concierge/concierge.html",
        day=day,
        before=day - dates.ONE_DAY,
        after=day + dates.ONE_DAY,
        is_today=day == dates.local(clock.now(), here().time_zone).date(),
        hours=_by_hour(items),
        counts={kind.value: sum(each.kind is kind for each in items) for kind in Happens},
        hands=_hands(),
        now_=clock.now(),
    )


def _by_hour(items: list[Item]) -> list[Hour]:
    zone = here().time_zone
    grouped = groupby(items, key=lambda each: dates.local(each.at, zone).hour)
    return [Hour(hour, list(some)) for hour, some in grouped]


def _hands() -> Hands:
    now = clock.now()
    calls = wake_ups.listed(
        session(), here(), until=now + timedelta(seconds=1), waiting=True, limit=50
    )
    to_come = ActivityTime.starts_at >= now
    waits = ActivityBooking.state == BookingState.BOOKED
    waiting = itineraries.planned(
        session(), here(), to_come, waits, ActivityTime.starts_at < now + SOON, limit=AT_MOST
    )
    gone = sa.not_(Reservation.state.in_(("booked", "in_house")))
    orphaned = itineraries.planned(session(), here(), to_come, gone, limit=AT_MOST)
    return Hands([each for each in calls if each.is_due(now)], waiting, orphaned)


@bp.get("/concierge/docket.pdf")
@allows(Permission.CONCIERGE)
def docket() -> ResponseReturnValue:
    """Hand out the day's docket, to be carried about."""
    day = day_asked()
    items = itineraries.docket(session(), here(), day)
    page = outings.docket(here(), day, _by_hour(items), by=on_duty())
    paper = pdf.render(page, str(current_app.static_folder))
    return handed_out(paper, f"{here().code}-docket-{day.isoformat()}.pdf")


@bp.get("/concierge/itinerary/<int:reservation_id>.pdf")
@allows(Permission.CONCIERGE)
def itinerary(reservation_id: int) -> ResponseReturnValue:
    """Hand out what a party has planned, in its language."""
    party = find(Reservation, reservation_id)
    items = itineraries.of_party(session(), here(), party)
    page = outings.itinerary(session(), here(), party, items)
    paper = pdf.render(page, str(current_app.static_folder))
    return handed_out(paper, f"{here().code}-itinerary-{party.number}.pdf")
