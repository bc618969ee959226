"""Night audit: where the open day stands, and what is archived of the closed ones."""

from datetime import date

import sqlalchemy as sa
from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from pms.hotel.close import archive, seals
from pms.hotel.close.night_audit import Audit, AuditStep
from pms.hotel.house.staff import Permission
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.web import paging
from pms.web.auth import allows, here
from pms.web.database import session

bp = Blueprint("night_audit", __name__)

KINDS = {"csv": "text/csv", "json": "application/json", "pdf": "application/pdf"}


@bp.get("/night-audit")
@allows(Permission.LOOK)
def night_audit() -> ResponseReturnValue:
    """Show whether the day can close, and the days that did."""
    hotel, day = here(), here().business_date
    past = paging.page(
        sa.select(Audit)
        .where(Audit.hotel_id == hotel.id, Audit.day < day)
        .order_by(Audit.day.desc()),
        size=31,
    )
    return render_template(
        "night_audit/night_audit.html",
        day=day,
        arrivals=_open_arrivals(day),
        departures=_open_departures(day),
        audit=session().get(Audit, {"hotel_id": hotel.id, "day": day}),
        steps=_steps(day),
        past=past,
        seals=_seals([audit.day for audit in past.rows]),
    )


@bp.get("/night-audit/<day>")
@allows(Permission.REPORTS)
def closed_day(day: str) -> ResponseReturnValue:
    """Show what is archived of a closed day."""
    hotel, closed = here(), _day(day)
    audit = session().get(Audit, {"hotel_id": hotel.id, "day": closed})
    if audit is None:
        abort(404)
    return render_template(
        "night_audit/closed_day.html",
        audit=audit,
        steps=_steps(closed),
        seal=seals.of_day(session(), hotel, closed),
        papers=archive.contents(session(), hotel, closed),
    )


@bp.get("/night-audit/<day>/<name>.<form>")
@allows(Permission.REPORTS)
def paper(day: str, name: str, form: str) -> ResponseReturnValue:
    """Hand out a report as it was printed that night."""
    if form not in KINDS:
        abort(404)
    closed = _day(day)
    content = archive.reprint(session(), here(), closed, name, form)
    answer = Response(content, mimetype=KINDS[form])
    filename = f"{here().code}-{closed.isoformat()}-{name}.{form}"
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)


def _open_arrivals(day: date) -> int:
    return (
        session().scalar(
            sa.select(sa.func.count()).where(
                Reservation.hotel_id == here().id,
                Reservation.state == State.BOOKED,
                Reservation.arrival <= day,
            )
        )
        or 0
    )


def _open_departures(day: date) -> int:
    return (
        session().scalar(
            sa.select(sa.func.count())
            .select_from(Stay)
            .join(
                Reservation,
                sa.and_(
                    Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id
                ),
            )
            .where(
                Stay.hotel_id == here().id,
                Stay.state == Presence.IN_HOUSE,
                Reservation.departure <= day,
            )
        )
        or 0
    )


def _steps(day: date) -> list[AuditStep]:
    return list(
        session().scalars(
            sa.select(AuditStep)
            .where(AuditStep.hotel_id == here().id, AuditStep.day == day)
            .order_by(AuditStep.no)
        )
    )


def _seals(days: list[date]) -> dict[date, seals.DaySeal]:
    rows = session().scalars(
        sa.select(seals.DaySeal).where(
            seals.DaySeal.hotel_id == here().id, seals.DaySeal.day.in_(days)
        )
    )
    return {seal.day: seal for seal in rows}
