"""Tonight: who waits for a decision, where each check leads, how far the audit is."""

import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.money import Money
from pms.hotel.books.folios import Folio
from pms.hotel.books.folios.standing import balances
from pms.hotel.close import night_audit
from pms.hotel.close.night_audit import (
    Audit,
    AuditState,
    AuditStep,
    Check,
    Choice,
    Preview,
    StepState,
)
from pms.hotel.guests.guests import Guest
from pms.hotel.house import jobs, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.presence import Stay, is_in_house
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight, State
from pms.web.auth import here
from pms.web.database import db, session
from pms.web.menu import exists

PARTIES_AT_MOST = 200
LINKS_AT_MOST = 4
ON_THIS_PAGE = {
    "arrivals": "#arrivals-open",
    "departures": "#departures-open",
    "batches": "#batches",
}


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who waits for a decision, and what was decided."""

    reservation_id: int
    number: int
    name: str
    room: str | None
    arrival: date
    departure: date
    says: str
    balance: Money | None
    decided: Choice | None
    otherwise: str = ""  # what happens to them instead of what the rule says


def settled(preview: Preview, coming: list[Party]) -> dict[Choice | None, list[str]]:
    """Return whom the audit would do what with, by name, as it did it to find out.

    None are those whose option ran out. Who lost the room to us is nobody's by rule, and not there;
    who is kept stays as it is, so that is read off the list.
    """
    found: dict[Choice | None, list[str]] = {}
    for each in preview.settled:
        found.setdefault(each.choice, []).append(each.name)
    kept = [each.name for each in coming if each.decided is Choice.KEEP]
    return found | ({Choice.KEEP: kept} if kept else {})


@dataclass(frozen=True, slots=True)
class Cure:
    """One link that leads to what a check is about."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A check with the ways to its cure."""

    check: Check
    cures: list[Cure]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an audit is: its steps, and whether somebody is at it."""

    day: date
    audit: Audit | None
    steps: list[AuditStep]
    is_alive: bool
    usual: dict[str, float]
    at: datetime

    @property
    def is_done(self) -> bool:
        """Whether the day is closed."""
        return self.audit is not None and self.audit.state is AuditState.DONE

    @property
    def has_stopped(self) -> bool:
        """Whether it began and nobody is at it any more."""
        return not self.is_done and not self.is_alive

    @property
    def stopped_at(self) -> AuditStep | None:
        """The step it stopped at."""
        open_ = (step for step in self.steps if step.state is not StepState.DONE)
        return next(open_, None)

    @property
    def share(self) -> float:
        """How much of it is done, by the usual length of each step."""
        lengths = {step.no: self.usual.get(step.name, 0.1) + 0.05 for step in self.steps}
        done = sum(lengths[s.no] for s in self.steps if s.state is StepState.DONE)
        return done / sum(lengths.values()) if lengths else 0.0

    @property
    def seconds_left(self) -> float:
        """How long the steps that are left took last time."""
        left = (step for step in self.steps if step.state is not StepState.DONE)
        return sum(self.usual.get(step.name, 0.0) for step in left)

    def seconds(self, step: AuditStep | None = None) -> float | None:
        """How long the audit, or one step of it, took or is taking."""
        thing: Any = step or self.audit
        if thing is None or thing.started_at is None:
            return None
        until = thing.finished_at or (self.at if self.is_alive else None)
        return (until - thing.started_at).total_seconds() if until else None


def progress(hotel: Hotel, day: date) -> Progress:
    """Return how far the audit of a day is."""
    asking = session()
    audit = asking.get(Audit, {"hotel_id": hotel.id, "day": day}, populate_existing=True)
    steps = steps_of(hotel, day)
    done = audit is not None and audit.state is AuditState.DONE
    alive = not done and (night_audit.is_running(asking, hotel) or _just_asked(hotel, day))
    return Progress(day, audit, steps, alive, _usual(hotel, day), clock.now())


def steps_of(hotel: Hotel, day: date) -> list[AuditStep]:
    """Return the steps of a day's audit in their order."""
    return list(
        session().scalars(
            sa.select(AuditStep)
            .where(AuditStep.hotel_id == hotel.id, AuditStep.day == day)
            .order_by(AuditStep.no)
        )
    )


def _just_asked(hotel: Hotel, day: date) -> bool:
    """Tell whether the job waits for somebody to take it, or was taken a moment ago."""
    newest = (
        session()
        .execute(
            sa.select(jobs.Job.state, jobs.Job.run_at)
            .where(
                jobs.Job.hotel_id == hotel.id,
                jobs.Job.name == night_audit.JOB,
                jobs.Job.key.startswith(f"{night_audit.JOB}/{day}/"),
            )
            .order_by(jobs.Job.id.desc())
            .limit(1)
        )
        .first()
    )
    if newest is None or newest.state in {jobs.JobState.DONE, jobs.JobState.FAILED}:
        return False
    waits = newest.state is jobs.JobState.WAITING
    return waits or newest.run_at > clock.now() - timedelta(seconds=5)


def _usual(hotel: Hotel, day: date) -> dict[str, float]:
    """Return how many seconds each step took in the audit before."""
    before = (
        sa.select(sa.func.max(Audit.day))
        .where(Audit.hotel_id == hotel.id, Audit.day < day, Audit.state == AuditState.DONE)
        .scalar_subquery()
    )
    rows = session().scalars(
        sa.select(AuditStep).where(AuditStep.hotel_id == hotel.id, AuditStep.day == before)
    )
    return {
        step.name: (step.finished_at - step.started_at).total_seconds()
        for step in rows
        if step.started_at and step.finished_at
    }


def set_going() -> None:
    """Take the job just written in hand, in a thread that outlives the page that asked for it."""
    engine = db.engine

    def sessions() -> Session:
        return Session(engine, expire_on_commit=False)

    def work() -> None:
        with logbook.coming_from("night audit"):
            jobs.run_due(sessions, {night_audit.JOB: night_audit.run}, at_most=1)

    threading.Thread(target=work, name="night audit", daemon=True).start()


# --- who waits for a decision --------------------------------------------------------------------


def arrivals(hotel: Hotel, day: date) -> list[Party]:
    """Return who should be in and isn't, with tonight's room and what was decided."""
    return _parties(
        hotel,
        sa.select(Reservation, Guest, Room.number)
        .join(Guest, _is_guest())
        .outerjoin(
            ReservationNight,
            sa.and_(
                ReservationNight.hotel_id == Reservation.hotel_id,
                ReservationNight.reservation_id == Reservation.id,
                ReservationNight.night == day,
                ReservationNight.live,
            ),
        )
        .outerjoin(
            Room,
            sa.and_(
                Room.hotel_id == ReservationNight.hotel_id, Room.id == ReservationNight.room_id
            ),
        )
        .where(
            Reservation.hotel_id == hotel.id,
            Reservation.state == State.BOOKED,
            Reservation.arrival <= day,
        ),
        day,
    )


def departures(hotel: Hotel, day: date) -> list[Party]:
    """Return who should have left and hasn't, with the room and the balance."""
    return _parties(
        hotel,
        sa.select(Reservation, Guest, Room.number)
        .join(Guest, _is_guest())
        .join(
            Stay,
            is_in_house(),
        )
        .join(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
        .where(Reservation.hotel_id == hotel.id, Reservation.departure <= day),
        day,
    )


def _is_guest() -> sa.ColumnElement[bool]:
    return sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id)


def _parties(hotel: Hotel, query: Any, day: date) -> list[Party]:
    rows = session().execute(query.order_by(Reservation.number).limit(PARTIES_AT_MOST)).all()
    folio_ids = [each.folio_id for each, _, _ in rows if each.folio_id is not None]
    owed = balances(session(), hotel, folio_ids)
    said = night_audit.chosen(session(), hotel, day) if rows else {}
    coming = any(each.state is State.BOOKED for each, _, _ in rows)
    lost = {each.id for each in night_audit.displaced(session(), hotel, day)} if coming else set()
    return [
        Party(
            each.id,
            each.number,
            guest.name,
            room,
            each.arrival,
            each.departure,
            "not guaranteed" if each.guarantee.value == "none" else each.guarantee.value,
            owed.get(each.folio_id),
            said.get(each.id),
            _otherwise(each, day, lost) if each.state is State.BOOKED else "",
        )
        for each, guest, room in rows
    ]


def _otherwise(party: Reservation, day: date, lost: set[int]) -> str:
    """Say what happens to a missing arrival whom no rule makes a no-show; nothing of most."""
    if party.option_date is not None and party.option_date <= day:
        return "Option ends: cancelled"
    return "Lost the room to us: decide" if party.id in lost else ""


# --- where each check leads ----------------------------------------------------------------------


def looked(checks: list[Check]) -> list[Looked]:
    """Return the checks with links to what cures them: three queries, however many there are."""
    wanted: dict[str, set[int]] = {"folios": set(), "stays": set()}
    for check in checks:
        for noun, thing_id in check.links[:LINKS_AT_MOST]:
            wanted.setdefault(noun, set()).add(thing_id)
    names = {**_folios(wanted["folios"]), **_stays(wanted["stays"])}
    return [Looked(check, _cures(check, names)) for check in checks]


def _cures(check: Check, names: dict[tuple[str, int], Cure]) -> list[Cure]:
    if check.state == "pass":
        return []
    if check.name in ON_THIS_PAGE:
        return [Cure("Count" if check.name == "batches" else "Decide", ON_THIS_PAGE[check.name])]
    if check.name == "shifts":
        return [Cure("Review", url_for("cashier.shifts"))] if exists("cashier.shifts") else []
    return [names[link] for link in check.links[:LINKS_AT_MOST] if link in names]


def _folios(ids: set[int]) -> dict[tuple[str, int], Cure]:
    if not ids:
        return {}
    rows = session().execute(
        sa.select(Folio.id, Folio.number).where(Folio.hotel_id == here().id, Folio.id.in_(ids))
    )
    return {
        ("folios", row.id): Cure(f"Folio {row.number}", url_for("folios.folio", folio_id=row.id))
        for row in rows
    }


def _stays(ids: set[int]) -> dict[tuple[str, int], Cure]:
    if not ids:
        return {}
    rows = session().execute(
        sa.select(Stay.id, Stay.reservation_id, Room.number)
        .join(Room, sa.and_(Room.hotel_id == Stay.hotel_id, Room.id == Stay.room_id))
        .where(Stay.hotel_id == here().id, Stay.id.in_(ids))
    )
    return {
        ("stays", row.id): Cure(
            f"Room {row.number}",
            url_for("reservations.reservation", reservation_id=row.reservation_id),
        )
        for row in rows
    }
