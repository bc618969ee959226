"""The database: one place commits, one at a time writes, and what was read is read afresh."""

import os
import signal
import threading
import time
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from pms.base import db
from pms.base import turn as turn_module
from pms.base.refusal import Busy, Refusal
from pms.base.turn import WriteTurn
from pms.hotel.guests import finding, guests
from pms.hotel.guests.guests import Guest
from pms.hotel.house import hotels
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.logbook import Line
from pms.hotel.house.numbers import Counter
from tests import founding


def chains(engine: Engine) -> list[str]:
    """The names that are committed."""
    with Session(engine) as fresh:
        return sorted(fresh.scalars(sa.select(Chain.name)))


# --- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["postgres://u@h/d", "postgresql://u@h/d"])
def test_postgresql_is_spoken_to_by_psycopg(text: str) -> None:
    assert db.database_url(text).drivername == "postgresql+psycopg"


def test_sqlite_is_opened_with_the_houses_habits(tmp_path: Path) -> None:
    engine = db.prepare(db.connect(f"sqlite:///{tmp_path / 'new.db'}"))

    with engine.connect() as link:
        assert link.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert link.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert link.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert link.exec_driver_sql("PRAGMA recursive_triggers").scalar() == 1
    engine.dispose()


def test_what_begins_with_some_words_is_found_by_the_index(
    session: Session, engine: Engine
) -> None:
    hotel = founding.hotel(session)
    by = founding.staff(session, hotel)
    with db.transaction(session):
        for name in ("Silva", "Silvester", "Sil%va", "Sila", "Silw", "Åsil"):
            guests.welcome(session, hotel, surname=name, by=by)

    def found(words: str) -> list[str]:
        wanted = sa.select(Guest.folded_name).where(
            Guest.chain_id == hotel.chain_id, db.begins_with(Guest.folded_name, words)
        )
        return sorted(session.scalars(wanted))

    assert found("silv") == ["silva", "silvester"]
    assert found("sil%") == ["sil%va"]
    assert [guest.surname for guest in finding.search(session, hotel, "SILV")] == [
        "Silva",
        "Silvester",
    ]
    if engine.dialect.name == "sqlite":
        plan = session.execute(
            sa.text(
                "EXPLAIN QUERY PLAN SELECT 1 FROM guests"
                " WHERE chain_id = 1 AND folded_name >= 'a' AND folded_name < 'b'"
            )
        ).all()
        assert "folded_name>? AND folded_name<?" in str(plan)


# --- the one place that commits -----------------------------------------------------------------


def test_a_transaction_commits_whole(session: Session, engine: Engine) -> None:
    with db.transaction(session):
        hotels.open_chain(session, "One")
        hotels.open_chain(session, "Two")

    assert chains(engine) == ["One", "Two"]


@pytest.mark.parametrize("reason", [Refusal("No."), RuntimeError("Broken."), KeyboardInterrupt()])
def test_a_transaction_that_fails_leaves_nothing(
    session: Session, engine: Engine, reason: BaseException
) -> None:
    with pytest.raises(type(reason)), db.transaction(session):
        hotels.open_chain(session, "One")
        raise reason

    assert chains(engine) == []
    with db.transaction(session):
        hotels.open_chain(session, "Two")
    assert chains(engine) == ["Two"]


def test_transactions_do_not_nest(session: Session) -> None:
    with (
        pytest.raises(RuntimeError, match="already open"),
        db.transaction(session),
        db.transaction(session),
    ):
        pass


def test_a_transaction_sees_what_others_committed_since_the_page_was_read(
    session: Session, engine: Engine
) -> None:
    chain = founding.chain(session, "Before")
    assert session.get_one(Chain, chain.id).name == "Before"
    with Session(engine) as other, db.transaction(other):
        other.get_one(Chain, chain.id).name = "After"

    with db.transaction(session):
        assert db.lock(session, chain).name == "After"


def test_a_locked_row_is_read_afresh_and_kept_from_others(session: Session, engine: Engine) -> None:
    chain = founding.chain(session, "0")

    def count_up() -> None:
        with Session(engine) as own:
            for _ in range(5):
                with db.transaction(own):
                    row = db.lock(own, own.get_one(Chain, chain.id))
                    row.name = str(int(row.name) + 1)

    together(count_up, 4)

    assert chains(engine) == ["20"]


def test_whoever_waits_too_long_is_told_the_house_is_busy(tmp_path: Path) -> None:
    turn = WriteTurn(str(tmp_path / "turn"))
    other = WriteTurn(str(tmp_path / "turn"))

    with turn.taken():
        with pytest.raises(Busy), other.taken(deadline_seconds=0.05):
            pass
        outcomes: list[str] = []
        together(lambda: outcomes.append(_try(turn)), 3)

    assert outcomes == ["busy"] * 3
    with turn.taken(), pytest.raises(Busy), other.taken(deadline_seconds=0.01):
        pass
    with other.taken():
        pass


def test_the_turn_comes_in_the_order_of_asking(tmp_path: Path) -> None:
    turn = WriteTurn(str(tmp_path / "turn"))
    order: list[int] = []

    def ask(number: int) -> None:
        with turn.taken():
            order.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    with turn.taken():
        for before, thread in enumerate(threads, start=1):
            thread.start()
            until = time.monotonic() + 4
            while len(turn._queue) == before:
                assert time.monotonic() < until, "nobody came"
                time.sleep(0.001)
    for thread in threads:
        thread.join()

    assert order == list(range(6))


def test_processes_too_come_in_the_order_of_asking_and_the_dead_leave(tmp_path: Path) -> None:
    fork, path = get_context("fork"), str(tmp_path / "turn")
    order = fork.Queue()
    asking = [fork.Process(target=ask_in_a_process, args=(path, n, order)) for n in range(5)]

    with WriteTurn(path).taken():
        for each in asking:
            begun = time.monotonic_ns()
            each.start()
            wait_for_a_place_since(path, begun)
        asking[2].kill()
        asking[2].join()

    assert [order.get(timeout=10) for _ in range(4)] == [0, 1, 3, 4]
    for each in asking:
        each.join()
    assert _try(WriteTurn(path)) == "mine"


def test_who_sleeps_in_the_line_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_module, "_PASSED_OVER_NS", 200_000_000)
    fork, path = get_context("fork"), str(tmp_path / "turn")
    sleeper = fork.Process(target=ask_in_a_process, args=(path, 0, fork.Queue()))
    with WriteTurn(path).taken():
        begun = time.monotonic_ns()
        sleeper.start()
        wait_for_a_place_since(path, begun)
        os.kill(sleeper.pid or 0, signal.SIGSTOP)

    try:
        with WriteTurn(path).taken(deadline_seconds=3):
            pass
    finally:
        os.kill(sleeper.pid or 0, signal.SIGCONT)
        sleeper.join(10)
    assert sleeper.exitcode == 0


def test_a_fork_neither_holds_nor_gives_away_its_parents_turn(tmp_path: Path) -> None:
    turn, other = WriteTurn(str(tmp_path / "turn")), WriteTurn(str(tmp_path / "turn"))
    with turn.taken():
        pid = os.fork()
        if not pid:
            with suppress(BaseException), turn.taken(0.01):
                pass
            os._exit(0)
        os.waitpid(pid, 0)
        assert _try(other) == "busy"
    assert _try(other) == "mine"


def wait_for_a_place_since(path: str, begun: int) -> None:
    """Come back when somebody stands in the line who came after that time, in ns."""
    line = turn_module.FileQueue(path)
    until = time.monotonic() + 4
    while line._is_free(begun, time.monotonic_ns()):
        assert time.monotonic() < until, "nobody came"
        time.sleep(0.001)
    line.close()


def ask_in_a_process(path: str, number: int, order: Any) -> None:
    """Say one's number when the turn comes."""
    with WriteTurn(path).taken():
        order.put(number)
        order.close()
        order.join_thread()  # it is said in a thread of its own, and before the next one's turn


def test_two_processes_take_turns(database_url: str, engine: Engine, session: Session) -> None:
    founding.chain(session, "0")

    with get_context("spawn").Pool(2) as pool:
        pool.map(count_up_in_a_process, [database_url, database_url])

    assert chains(engine) == ["50"]


def count_up_in_a_process(url: str) -> None:
    """Add one, 25 times, by reading and writing."""
    engine = db.connect(url)
    with Session(engine) as own:
        for _ in range(25):
            with db.transaction(own):
                row = db.lock(own, own.scalars(sa.select(Chain)).one())
                row.name = str(int(row.name) + 1)
    engine.dispose()


def _try(turn: WriteTurn) -> str:
    try:
        with turn.taken(deadline_seconds=0.05):
            return "mine"
    except Busy:
        return "busy"


def together(deed: object, count: int) -> None:
    """Run a deed in several threads at once."""
    threads = [threading.Thread(target=deed) for _ in range(count)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_victim_of_a_deadlock_is_told_to_try_again(session: Session, engine: Engine) -> None:
    ids = [founding.chain(session).id for _ in range(2)]
    both_have_one = threading.Barrier(2)
    outcomes: list[str] = []

    def lock_both(order: list[int]) -> None:
        with Session(engine) as own:
            try:
                with db.transaction(own):
                    db.lock(own, own.get_one(Chain, order[0]))
                    both_have_one.wait()
                    db.lock(own, own.get_one(Chain, order[1]))
                outcomes.append("done")
            except Busy:
                outcomes.append("busy")

    threads = [threading.Thread(target=lock_both, args=(order,)) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["busy", "done"]


# --- columns ------------------------------------------------------------------------------------


def test_an_instant_comes_back_in_utc(session: Session) -> None:
    hotel = founding.hotel(session)
    by = founding.staff(session, hotel)
    in_lisbon = datetime(2026, 7, 1, 14, 30, tzinfo=timezone(timedelta(hours=1)))
    with db.transaction(session):
        session.execute(sa.insert(Line), [line(hotel, by.id, in_lisbon)])

    kept = session.scalars(sa.select(Line.at).order_by(Line.at).limit(1)).one()

    assert kept == in_lisbon
    assert kept.tzinfo is UTC


def test_an_instant_without_a_zone_is_not_stored(session: Session) -> None:
    hotel = founding.hotel(session)
    by = founding.staff(session, hotel)

    with pytest.raises(StatementError, match="time zone"), db.transaction(session):
        session.execute(sa.insert(Line), [line(hotel, by.id, datetime(2026, 7, 1))])  # noqa: DTZ001


def line(hotel: Hotel, staff_id: int, at: datetime) -> dict[str, object]:
    """A line of the logbook as it is stored."""
    return {
        "hotel_id": hotel.id,
        "id": db.new_id(),
        "at": at,
        "business_day": date(2026, 7, 1),
        "staff_id": staff_id,
        "origin": "test",
        "verb": "tested",
        "noun": "hotels",
        "noun_id": hotel.id,
    }


def test_the_database_itself_refuses_a_value_that_is_no_choice(session: Session) -> None:
    hotel = founding.hotel(session)
    by = founding.staff(session, hotel)

    with pytest.raises(IntegrityError, match="role"), db.transaction(session):
        session.execute(sa.text("UPDATE staff_roles SET role = 'king'"))

    assert by.role_in(hotel.id) == "manager"


def test_the_database_itself_refuses_a_row_of_a_hotel_that_isnt(session: Session) -> None:
    with pytest.raises(IntegrityError), db.transaction(session):
        session.execute(sa.insert(Counter), [{"hotel_id": 1, "name": "x", "last": 1}])


# --- many rows ------------------------------------------------------------------------------------


def test_rows_that_are_there_are_left_alone_or_given_new_values(session: Session) -> None:
    hotel = founding.hotel(session)
    first = [{"hotel_id": hotel.id, "name": name, "last": 1} for name in "ab"]
    again = [{"hotel_id": hotel.id, "name": name, "last": 2} for name in "bc"]

    with db.transaction(session):
        db.insert_new(session, Counter, [])
        db.upsert(session, Counter, [], key=("hotel_id", "name"))
        db.insert_new(session, Counter, first)
        db.insert_new(session, Counter, again)
    assert counted(session) == {"a": 1, "b": 1, "c": 2}

    with db.transaction(session):
        db.upsert(session, Counter, again, key=("hotel_id", "name"))
    assert counted(session) == {"a": 1, "b": 2, "c": 2}


def counted(session: Session) -> dict[str, int]:
    """The counters as they are stored."""
    session.expire_all()
    return {row.name: row.last for row in session.scalars(sa.select(Counter))}
