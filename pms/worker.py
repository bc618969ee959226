"""The worker: does the house's jobs, as a process of its own or as one thread beside the desks."""

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from flask import Flask
from flask.ctx import RequestContext
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.gateways import mail
from pms.gateways.keys import FileDrop
from pms.gateways.stripe import Accounts
from pms.hotel.close import night_audit
from pms.hotel.house import business_day, jobs, logbook, outbox, staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Claim, Handler, Job
from pms.hotel.house.staff import Staff
from pms.hotel.privacy import retention
from pms.hotel.rooms import inventory
from pms.hotel.service import requests, unpaid_bookings, wake_ups
from pms.hotel.service.checkout import asking, following, holding, shutting
from pms.hotel.stays import key_orders, releasing, traces
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Reservation
from pms.web import letters as web_letters

SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 5.0

Rhythm = tuple[str, timedelta]
BEFORE_ARRIVAL = "letters before arrival"

SCHEDULE: Sequence[Rhythm] = (
    ("release holds", timedelta(minutes=1)),
    ("release hour", timedelta(minutes=5)),
    ("escalate requests", timedelta(seconds=20)),
    ("wake-up calls", timedelta(seconds=20)),
    (following.RECONCILE, timedelta(minutes=1)),
    (following.STATEMENTS, timedelta(hours=6)),
    (shutting.JOB, timedelta(seconds=20)),
    ("requests for payment run out", timedelta(minutes=5)),
    ("holds lapse", timedelta(minutes=10)),
    ("unpaid web bookings", timedelta(minutes=5)),
    (BEFORE_ARRIVAL, timedelta(minutes=15)),
    ("identity papers", timedelta(hours=6)),
    ("sweep jobs", timedelta(days=1)),
)

_log = logging.getLogger(__name__)
_only_one = threading.Lock()


def handlers(
    letters: Path,
    settings: Mapping[str, str] | None = None,
    *,
    app: Flask | None = None,
    root: str = "",
) -> dict[str, Handler]:
    """Return who does which job; letters drop into the folder when no mail server is named.

    Beside it are the folder shared with the lock systems, one for each hotel, and the gateways'
    keys. `app` serves guests' pages below its PUBLIC_URL, or below `root`: letters that lead there
    are written where both are known.
    """
    said = os.environ if settings is None else settings
    carry = mail.carrier(said, folder=letters)
    return {
        **outbox.handlers(carry),
        **key_orders.handlers(lambda code: FileDrop(letters.parent / "keys" / code)),
        **following.handlers(Accounts(letters.parent, said).gateway),
        "requests for payment run out": one_by_one(asking.expire_due),
        "holds lapse": one_by_one(holding.lapse_due),
        "unpaid web bookings": one_by_one(partial(_see_to_unpaid, app, root)),
        "release holds": one_by_one(inventory.release_due),
        "release hour": one_by_one(releasing.release_due),
        "escalate requests": one_by_one(requests.escalate_due),
        "wake-up calls": one_by_one(wake_ups.look_after),
        "identity papers": in_the_hotel(_erase_due),
        "sweep jobs": in_a_transaction(jobs.sweep),
        BEFORE_ARRIVAL: one_by_one(partial(_before_arrival, app, root)),
        night_audit.JOB: night_audit.run,
    }


def _before_arrival(
    app: Flask | None, root: str, session: Session, hotel: Hotel, *, by: Staff, limit: int
) -> int:
    """Write before arrivals, as a page of the house would: so the letter knows its address."""
    page = _as_a_page(app, root)
    if page is None:
        return 0
    with page:
        return web_letters.tell_before_arrival(session, hotel, by=by, limit=limit)


def _as_a_page(app: Flask | None, root: str) -> RequestContext | None:
    """Return where links to guests' pages can be written; None where nobody serves them."""
    address = (app.config["PUBLIC_URL"] or root) if app is not None else ""
    return app.test_request_context(base_url=address) if app is not None and address else None


def _see_to_unpaid(
    app: Flask | None, root: str, session: Session, hotel: Hotel, *, by: Staff, limit: int
) -> int:
    """Ask on for cards of rooms that were given up, and let go bookings that nobody paid."""
    guest = staff.a_guest(session, hotel)
    asked = unpaid_bookings.ask_on(session, hotel, by=guest, limit=limit)
    page, said = _as_a_page(app, root), "is asked for a card anew"
    with page or nullcontext():
        for booking in [each.reservation for each in asked if each.reservation is not None]:
            if page is not None:
                _tell(session, hotel, booking, said, tells=Tells.CHANGE, by=by)
            else:  # a letter without the link would say nothing of it
                _tell_desk(session, hotel, booking, said, "send the link", by=by)
    return len(asked) or _let_go_unpaid(session, hotel, by=by, limit=limit)


def _let_go_unpaid(session: Session, hotel: Hotel, *, by: Staff, limit: int) -> int:
    """Let go bookings that nobody paid, and tell their guests: they have a confirmation."""
    gone = unpaid_bookings.let_go(session, hotel, by=by, limit=limit)
    for _, rooms in groupby(gone, key=lambda room: room.booking_number):
        parties, said = list(rooms), "wasn't paid in time and is cancelled"
        _tell(
            session, hotel, parties[0], said, tells=Tells.CANCELLATION, why="unpaid_says",
            parties=parties, by=by,
        )  # fmt: skip
    return len(gone)


def _tell(
    session: Session,
    hotel: Hotel,
    booking: Reservation,
    said: str,
    *,
    tells: Tells,
    why: str | None = None,
    parties: Sequence[Reservation] | None = None,
    by: Staff,
) -> None:
    """Write to a booking's guest; the desk tells them where the letter can't go.

    So one address keeps nobody behind it.
    """
    try:
        web_letters.tell(session, hotel, booking, tells=tells, why=why, parties=parties, by=by)
    except Refusal as no:
        _tell_desk(session, hotel, booking, said, str(no), by=by)


def _tell_desk(
    session: Session, hotel: Hotel, booking: Reservation, said: str, why: str, *, by: Staff
) -> None:
    words = f"Booking {booking.booking_number} {said}. Tell its guest: {why}"
    traces.add(
        session, hotel, department=Department.FRONT_OFFICE,
        due_on=business_day.today(session, hotel), words=words[: traces.LONGEST],
        reservation=booking, by=by,
    )  # fmt: skip


def _erase_due(session: Session, hotel: Hotel) -> None:
    """Erase the cards and police files whose time is over, once the house's day is past it."""
    retention.erase_due(session, hotel, by=staff.the_house(session, hotel))


class Release(Protocol):
    """A verb that gives back at most so many of what is due, and says how many it gave."""

    def __call__(self, session: Session, hotel: Hotel, *, by: Staff, limit: int) -> int:
        """Give back."""


def one_by_one(release: Release) -> Handler:
    """Make a handler that gives back one a turn: two at once would lock nights out of order."""

    def do(session: Session, claim: Claim) -> None:
        released = 1
        while released:
            with transaction(session):
                hotel = session.get_one(Hotel, claim.hotel_id)
                by = staff.the_house(session, hotel)
                released = release(session, hotel, by=by, limit=1)

    return do


def in_a_transaction(deed: Callable[[Session], object]) -> Handler:
    """Make a handler of a deed that asks nothing but a transaction."""

    def do(session: Session, _claim: Claim) -> None:
        with transaction(session):
            deed(session)

    return do


def in_the_hotel(deed: Callable[[Session, Hotel], object]) -> Handler:
    """Make a handler of a deed of one hotel, in a transaction of its own."""

    def do(session: Session, claim: Claim) -> None:
        with transaction(session):
            deed(session, session.get_one(Hotel, claim.hotel_id))

    return do


def run_worker(
    engine: Engine,
    stop: threading.Event,
    handlers: Mapping[str, Handler],
    *,
    schedule: Sequence[Rhythm] = SCHEDULE,
    lease: timedelta = jobs.LEASE,
    pause: float = SHORTEST_PAUSE,
) -> None:
    """Do what is due until told to stop, and look again after 1 to 5 s when there was nothing.

    A database that can't be reached for a while is waited for. The job in hand is finished before
    it stops.
    """

    def sessions() -> Session:
        return Session(engine, expire_on_commit=False)

    quiet = pause
    with logbook.coming_from("worker"):
        while not stop.is_set():
            try:
                plan_all(sessions, schedule)
                done = jobs.run_due(sessions, handlers, lease=lease, at_most=20)
            except (SQLAlchemyError, Refusal) as problem:
                _log.warning("The database is away: %s", problem)
                done = 0
            quiet = pause if done else min(quiet * 1.5, LONGEST_PAUSE)
            if not done:
                stop.wait(quiet)


def plan_all(sessions: jobs.Sessions, schedule: Sequence[Rhythm]) -> None:
    """See that every hotel, a new one too, has the jobs that come again and again."""
    with sessions() as session:
        missing = [
            (hotel, name, every)
            for name, every in schedule
            for hotel in session.scalars(
                sa.select(Hotel).where(~sa.exists().where(_is_planned(name, every)))
            )
        ]
        if missing:
            with transaction(session):
                for hotel, name, every in missing:
                    jobs.plan(session, hotel, name, every=every)


class InProcess:
    """The worker as a thread of the web server, for a house on one machine."""

    def __init__(self, engine: Engine, handlers: Mapping[str, Handler]) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._work, args=(engine, handlers), name="worker", daemon=True
        )

    def start(self) -> bool:
        """Begin to work; False when this process has a worker already."""
        if not _only_one.acquire(blocking=False):
            return False
        self._thread.start()
        return True

    def stop(self, *, within: float = 10.0) -> None:
        """Finish the job in hand and end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(within)

    def _work(self, engine: Engine, handlers: Mapping[str, Handler]) -> None:
        try:
            run_worker(engine, self._stop, handlers)
        finally:
            _only_one.release()


def _is_planned(name: str, every: timedelta) -> sa.ColumnElement[bool]:
    return sa.and_(
        Job.hotel_id == Hotel.id,
        Job.key == f"every/{name}",
        Job.every == int(every.total_seconds()),
    )
