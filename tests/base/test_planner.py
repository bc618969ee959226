"""The planner's prior: one day is found by its index, on a new database as on an old one."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import planner
from pms.base.db import is_postgresql


@pytest.fixture
def plan(session: Session):
    """How SQLite would answer a question; PostgreSQL gathers statistics of its own."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL gathers its own statistics")

    def explain(question: str) -> str:
        rows = session.execute(sa.text(f"EXPLAIN QUERY PLAN {question}"))
        return " ".join(row[3] for row in rows)

    return explain


def test_a_days_entries_are_found_by_the_day(plan):
    steps = plan(
        "SELECT sum(l.amount) FROM entries e JOIN lines l"
        " ON l.hotel_id = e.hotel_id AND l.entry_id = e.id"
        " WHERE e.hotel_id = 1 AND e.business_day = '2026-01-01'"
    )

    assert "ix_entries_hotel_id_business_day (hotel_id=? AND business_day=?)" in steps


def test_who_is_in_house_is_found_by_the_state(plan):
    steps = plan(
        "SELECT id FROM stays WHERE hotel_id = 1 AND state = ? ORDER BY id".replace("?", "'x'")
    )

    assert "(hotel_id=? AND state=?)" in steps


def test_a_night_of_all_types_is_one_range(plan):
    steps = plan(
        "SELECT type_id, min(sold) FROM type_nights"
        " WHERE hotel_id = 1 AND night >= '2026-01-01' AND night < '2026-01-04' GROUP BY type_id"
    )

    assert "PRIMARY KEY (hotel_id=? AND night>? AND night<?)" in steps


def test_what_waits_is_asked_first_not_everybody_who_is_booked(plan, session: Session):
    waiting = (
        "SELECT q.id FROM queued_parties q JOIN reservations r"
        " ON r.hotel_id = q.hotel_id AND r.id = q.reservation_id"
        " WHERE q.hotel_id = 1 AND q.taken_off_at IS NULL AND r.state = 'booked'"
    )
    options = "SELECT id FROM reservations WHERE hotel_id = 1 AND state = 'booked' AND"

    assert plan(waiting).startswith("SEARCH q USING INDEX uq_queued_parties_once")
    assert "option_date<?" in plan(f"{options} option_date <= '2026-01-01'")


def test_an_older_prior_is_written_anew_and_a_count_is_kept(plan, session: Session):
    index = "SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_traces_to_do'"
    write = sa.text("UPDATE sqlite_stat1 SET stat = :stat WHERE idx = 'ix_traces_to_do'")
    expected = session.scalar(sa.text(index))
    found = []
    for stat in ("200000 200000 250", "70 70 2"):
        session.execute(write, {"stat": stat})
        planner.tell(session.connection())
        found.append(session.scalar(sa.text(index)))
    session.rollback()

    assert found == [expected, "70 70 2"]
    assert expected.startswith(f"{planner.FEW} ")


def test_a_table_that_grew_is_counted_before_a_day_of_it_is_read(session: Session):
    session.execute(sa.text("CREATE TABLE paper_towels (n int)"))
    session.execute(sa.text("INSERT INTO paper_towels VALUES (1), (2), (3)"))
    session.commit()
    counted = [planner.recount(session)]
    for _ in range(14):
        session.execute(sa.text("INSERT INTO paper_towels SELECT n FROM paper_towels"))
    session.commit()
    counted += [planner.recount(session), planner.recount(session)]
    session.execute(sa.text("DROP TABLE paper_towels"))
    session.commit()

    assert counted[1:] == ([["paper_towels"], []] if is_postgresql(session) else [[], []])
