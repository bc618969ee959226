"""N4, N5: two audits at once, an audit among postings, and how long a desk waits meanwhile."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock, db
from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry
from pms.hotel.close import night_audit, seals, verify
from pms.hotel.close.night_audit.alone import alone
from pms.hotel.close.night_audit.choices import Decisions
from pms.hotel.house import staff
from pms.hotel.rooms import rates
from pms.hotel.stays import groups, reservations, settlements, stays, waitlist
from pms.hotel.stays.groups import Terms
from pms.hotel.stays.reservations import State
from pms.hotel.stays.waitlist import Waiting
from tests import make
from tests.hotel.close import lived
from tests.hotel.close.lived import FIRST
from tests.hotel.stays import allotted

CONTEXT = multiprocessing.get_context("fork")
NEXT = FIRST + timedelta(days=1)


def everything_holds(session: Session) -> None:
    wrong = [c for c in verify.checks(session, lived.the_hotel(session)) if not c.ok]
    assert wrong == []


def one_audit(url, start, answers) -> None:
    engine = db.connect(url)
    with lived.night_of(FIRST), Session(engine) as session:
        hotel = lived.the_hotel(session)
        by = make.by(session, hotel)
        session.rollback()
        start.wait()
        try:
            night_audit.audit(session, hotel, by=by, closing=FIRST)
            answers.put("closed")
        except (night_audit.AlreadyRunning, night_audit.AlreadyClosed) as refused:
            answers.put(refused.message_id)


def test_of_two_audits_started_at_once_one_closes_the_day(engine: Engine, database_url):
    with Session(engine) as session:
        lived.plain(session, rooms=8, parties=6)
    engine.dispose()
    start, answers = CONTEXT.Barrier(3), CONTEXT.Queue()
    auditors = [
        CONTEXT.Process(target=one_audit, args=(database_url, start, answers)) for _ in range(3)
    ]

    for auditor in auditors:
        auditor.start()
    said = sorted(answers.get(timeout=60) for _ in auditors)
    for auditor in auditors:
        auditor.join(timeout=30)

    assert said.count("closed") == 1
    assert set(said) <= {"closed", "already_running", "already_closed"}
    with Session(engine) as session:
        assert lived.the_hotel(session).business_date == NEXT
        everything_holds(session)


def test_what_is_posted_while_the_seal_is_read_is_sealed_whole(
    engine: Engine, session: Session
) -> None:
    """A charge that commits between any two questions of the reading is in the seal, or not yet."""
    hotel = lived.plain(session, rooms=8, parties=2)
    lived.close(session, hotel)
    hotel = lived.the_hotel(session)
    posted: list[str] = []
    reading = session.connection()

    def post_meanwhile(link, _cursor, statement, *_) -> None:
        if link is reading:
            posted.append(statement)
            with Session(engine) as other:
                post_one(other)

    event.listen(engine, "after_cursor_execute", post_meanwhile)
    read = seals.so_far(session, hotel, NEXT)
    event.remove(engine, "after_cursor_execute", post_meanwhile)
    session.rollback()
    whole = seals.so_far(session, hotel, NEXT)

    assert len(posted) == 2
    assert {key: whole[key] for key in read} == read
    assert len(whole) == 2
    lived.close(session, hotel)
    everything_holds(session)


def post_one(session: Session) -> None:
    """Post a minibar to the first folio there is."""
    with lived.night_of(NEXT), transaction(session):
        hotel = lived.the_hotel(session)
        folio = session.scalars(sa.select(Folio).order_by(Folio.id)).first()
        code, by = make.charge_code(session, hotel, "MINIBAR"), make.by(session, hotel)
        folios.charge(session, folio, code=code, amount=Money(100, "EUR"), by=by)


def test_an_audit_that_lives_keeps_others_out_and_a_dead_one_does_not(session):
    hotel = lived.plain(session)

    with alone(session, hotel), pytest.raises(night_audit.AlreadyRunning):
        lived.close(session, hotel)

    lived.close(session, hotel)
    assert hotel.business_date == NEXT


def a_desk(url, start, stop, results) -> None:
    """Post to a folio without a pause and note the longest wait."""
    engine = db.connect(url)
    posted, longest = 0, 0.0
    with lived.night_of(FIRST), Session(engine) as session:
        hotel = lived.the_hotel(session)
        by = make.by(session, hotel)
        code = make.charge_code(session, hotel, "MINIBAR")
        folio = settlements.folio_of(session, lived.party(session, "Dvořák"), by=by)
        session.rollback()
        start.wait()
        while not stop.is_set():
            began = time.monotonic()
            with transaction(session):
                folios.charge(session, folio, code=code, amount=Money(100, "EUR"), by=by)
            longest = max(longest, time.monotonic() - began)
            posted += 1
            time.sleep(0.002)
    results.put((posted, longest))


@pytest.fixture
def desks(engine: Engine, database_url) -> Iterator[tuple]:
    """Three desks that post all the time, each in its own process."""
    with Session(engine) as session:
        hotel = lived.plain(session, rooms=40, parties=36)
        with transaction(session):
            make.charge_code(session, hotel, "MINIBAR")
            by = make.by(session, hotel)
            for party in lived.all_parties(session, hotel):
                settlements.folio_of(session, party, by=by)
    engine.dispose()
    start, stop, results = CONTEXT.Barrier(4), CONTEXT.Event(), CONTEXT.Queue()
    clerks = [
        CONTEXT.Process(target=a_desk, args=(database_url, start, stop, results)) for _ in range(3)
    ]
    for clerk in clerks:
        clerk.start()
    yield start, stop, results
    stop.set()
    for clerk in clerks:
        clerk.join(timeout=30)


def until_desks_post(engine: Engine, day: date) -> None:
    """Wait until a desk has posted something on a day."""
    posted = sa.select(sa.func.count()).where(Entry.rule.is_(None), Entry.business_day == day)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with engine.connect() as other:
            if other.scalar(posted):
                return
        time.sleep(0.01)
    raise AssertionError("no desk posts")


def test_a_posting_made_during_the_audit_falls_wholly_in_one_day(engine: Engine, desks):
    start, stop, results = desks
    with lived.night_of(FIRST), Session(engine) as session:
        hotel = lived.the_hotel(session)
        by = make.by(session, hotel)
        session.rollback()
        start.wait()
        until_desks_post(engine, FIRST)
        night_audit.audit(session, hotel, by=by)
        until_desks_post(engine, NEXT)
        stop.set()
    answers = [results.get(timeout=30) for _ in range(3)]

    with Session(engine) as session:
        days = dict(
            session.execute(
                sa.select(Entry.business_day, sa.func.count())
                .where(Entry.rule.is_(None))
                .group_by(Entry.business_day)
            ).all()
        )
        assert set(days) == {FIRST, NEXT}
        assert sum(days.values()) == sum(posted for posted, _ in answers)
        sealed = seals.of_day(session, lived.the_hotel(session), FIRST)
        assert sealed.entries == days[FIRST] + 36
        everything_holds(session)
    assert max(longest for _, longest in answers) < 2.0  # a busy test machine; bench says more


# --- a desk that has begun what the audit finds due -----------------------------------------------

POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@contextmanager
def a_desk_is_at_it(engine: Engine, deed: Callable[[Session], object]) -> Iterator[None]:
    """Let a desk do its deed before the block, and commit when somebody waits for it."""
    begun = threading.Event()

    def one() -> None:
        with clock.set_to(make.NOON), Session(engine) as desk, transaction(desk):
            deed(desk)
            desk.flush()
            begun.set()
            until = time.monotonic() + 10
            while time.monotonic() < until:
                with engine.connect() as other:
                    if other.scalar(WAITING):
                        return

    thread = threading.Thread(target=one)
    thread.start()
    assert begun.wait(20)
    yield
    thread.join(timeout=30)


def there(session: Session, thing: object) -> object:
    """The same row, in another session."""
    return session.get_one(type(thing), sa.inspect(thing).identity)


@POSTGRESQL
def test_the_audit_leaves_alone_what_a_desk_settles_meanwhile(engine: Engine, session: Session):
    """A party that is no-show already, one checked out, one on the waiting list booked."""
    hotel = lived.plain(session, parties=0)
    with clock.set_to(make.NOON), transaction(session):
        by, house = make.by(session, hotel), staff.the_house(session, hotel)
        missing = make.reservation(session, hotel)
        leaving = lived.arrive(session, hotel, "101", nights=1)
        waiting = waitlist.put(
            session, hotel, guest=make.guest(session, hotel),
            room_type=make.room_type(session, hotel), plan=rates.by_code(session, hotel, "BAR"),
            arrival=NEXT, departure=NEXT + timedelta(days=1), adults=1, until=FIRST, by=by,
        )  # fmt: skip
    decisions = Decisions(hotel, FIRST, lived.RULES, by, house)

    with (
        clock.set_to(make.NOON),
        a_desk_is_at_it(engine, lambda s: waitlist.accept(s, there(s, waiting), by=there(s, by))),
        transaction(session),
    ):
        assert waitlist.expire_due(session, hotel, by=house) == 0
    with (
        clock.set_to(make.NOON),
        a_desk_is_at_it(
            engine, lambda s: reservations.no_show(s, there(s, missing), by=there(s, by))
        ),
        transaction(session),
    ):
        assert list(decisions.arrivals(session)) == []

    for each in (waiting, missing):
        session.refresh(each)
    assert (waiting.state, missing.state) == (Waiting.BOOKED, State.NO_SHOW)
    session.rollback()
    lived.close(session, hotel)  # the first night of who is leaving
    leaves = Decisions(hotel, NEXT, lived.RULES, by, house)
    with (
        clock.set_to(make.NOON),
        a_desk_is_at_it(
            engine,
            lambda s: stays.check_out(
                s, there(s, leaving), leave_owing="in a hurry", by=there(s, by)
            ),
        ),
        transaction(session),
    ):
        assert list(leaves.departures(session)) == []
    everything_holds(session)


@POSTGRESQL
def test_the_cut_off_goes_by_terms_that_are_written_anew_meanwhile(
    engine: Engine, session: Session
):
    hotel = lived.plain(session, parties=0)
    with clock.set_to(make.NOON), transaction(session):
        by, house = make.by(session, hotel), staff.the_house(session, hotel)
        group = allotted.group(session, hotel, cut_off=FIRST)
        allotted.allot(session, hotel, group, 2)

    def later(desk: Session) -> None:
        agreed = there(desk, group)
        known = groups.terms_of(agreed)
        anew = Terms(known.arrival, known.departure, known.plan, cut_off=NEXT)
        groups.agree(desk, agreed, anew, by=there(desk, by))

    with clock.set_to(make.NOON), a_desk_is_at_it(engine, later), transaction(session):
        assert list(groups.cut_off_due(session, hotel, by=house)) == [0]

    assert allotted.counted(session, hotel) == (0, 2)
    everything_holds(session)
