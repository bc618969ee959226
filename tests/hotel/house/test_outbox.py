"""The outbox: letters leave after the commit, once, and a dead line holds up nobody."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import documents, jobs, logbook, outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Job, JobState
from pms.hotel.house.outbox import Letter, Parcel
from pms.hotel.house.staff import NotAllowed, Role, Staff
from tests import founding
from tests.engines import ONE_ENGINE

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def hotel(session: Session) -> Hotel:
    """A hotel."""
    return founding.hotel(session)


@pytest.fixture
def by(session: Session, hotel: Hotel) -> Staff:
    """Its manager."""
    return founding.staff(session, hotel)


def write(session: Session, hotel: Hotel, by: Staff, **details: str) -> Letter:
    """Write a letter, or what is said instead."""
    usual = {
        "key": "confirmation/1",
        "to": "guest@example.com",
        "subject": "Your room",
        "text": "It is kept.",
    }
    with founding.writing(session):
        return outbox.write(session, hotel, **{**usual, **details}, by=by)  # type: ignore[arg-type]


def send(engine: Engine, carry: outbox.Carrier) -> int:
    """Do the outbox's jobs."""
    return jobs.run_due(lambda: Session(engine), outbox.handlers(carry))


def dead_line(_parcel: Parcel) -> None:
    """Carry nothing."""
    raise OSError("The line is dead.")


def test_a_letter_leaves_once_after_the_commit(
    session: Session, engine: Engine, hotel: Hotel, by: Staff
) -> None:
    carried: list[Parcel] = []
    letter = write(session, hotel, by)
    assert outbox.unsent(session, hotel)[0][0] is letter

    assert send(engine, carried.append) == 1
    assert send(engine, carried.append) == 0

    session.rollback()
    assert [parcel.to for parcel in carried] == ["guest@example.com"]
    assert outbox.unsent(session, hotel) == []
    assert [line.verb for line in logbook.history(session, letter)] == ["wrote"]


def test_a_letter_of_a_deed_that_fails_never_leaves(
    session: Session, engine: Engine, hotel: Hotel, by: Staff
) -> None:
    with pytest.raises(Refusal), transaction(session):
        write(session, hotel, by)
        raise Refusal("No.")

    assert send(engine, dead_line) == 0


def test_papers_go_in_the_envelope(
    session: Session, engine: Engine, hotel: Hotel, by: Staff
) -> None:
    carried: list[Parcel] = []
    with transaction(session):
        paper = documents.issue(
            session,
            hotel,
            kind=documents.Kind.INVOICE,
            title="Invoice",
            content=b"%PDF",
            media_type="application/pdf",
            data={},
            by=by,
        )
        outbox.write(
            session,
            hotel,
            key="invoice/1",
            to="guest@example.com",
            subject="Your invoice",
            text="Here it is.",
            documents=[paper],
            by=by,
        )

    send(engine, carried.append)

    assert carried[0].attachments == ((paper.label, "application/pdf", b"%PDF"),)


def test_the_same_key_is_one_letter_and_other_words_under_it_are_refused(
    session: Session, hotel: Hotel, by: Staff
) -> None:
    first = write(session, hotel, by)

    assert write(session, hotel, by) is first
    with pytest.raises(outbox.LetterKeyTaken):
        write(session, hotel, by, text="It isn't.")
    assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


@ONE_ENGINE
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to", "nobody"),
        ("to", "a@b"),
        ("to", "a@example.com\nBcc: b@example.com"),
        ("to", "a@example.com, b@example.com"),
        ("subject", "Hello\nBcc: b@example.com"),
        ("subject", ""),
        ("subject", "x" * 201),
    ],
)
def test_what_cant_be_an_address_or_a_subject_is_refused(
    session: Session, hotel: Hotel, by: Staff, field: str, value: str
) -> None:
    with pytest.raises(Invalid) as refused:
        write(session, hotel, by, **{field: value})

    assert refused.value.field == field


@ONE_ENGINE
def test_who_may_not_look_may_not_write(session: Session, hotel: Hotel) -> None:
    with pytest.raises(NotAllowed):
        write(session, hotel, founding.staff(session, hotel, Role.HOUSEKEEPER))


def test_a_dead_line_is_tried_again_and_holds_up_nobody(
    session: Session, engine: Engine, hotel: Hotel, by: Staff
) -> None:
    carried: list[Parcel] = []
    with clock.set_to(NOON):
        write(session, hotel, by)
        write(session, hotel, by, key="other", to="other@example.com")

        def only_others(parcel: Parcel) -> None:
            if parcel.to == "guest@example.com":
                dead_line(parcel)
            carried.append(parcel)

        assert send(engine, only_others) == 2
        assert [parcel.to for parcel in carried] == ["other@example.com"]
        session.rollback()
        ((letter, job),) = outbox.unsent(session, hotel)
        assert (letter.to, job.error) == ("guest@example.com", "OSError: The line is dead.")

    with clock.set_to(NOON + jobs.FIRST_DELAY):
        assert send(engine, carried.append) == 1
    session.rollback()
    assert session.scalars(sa.select(Job.state).distinct()).all() == [JobState.DONE]


def test_a_letter_sent_by_a_worker_that_died_before_it_said_so_keeps_its_message_id(
    session: Session, engine: Engine, hotel: Hotel, by: Staff
) -> None:
    carried: list[Parcel] = []
    write(session, hotel, by)
    claim = jobs.take(session, [outbox.JOB])
    assert claim

    def carried_then_killed(parcel: Parcel) -> None:
        carried.append(parcel)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.deliver(session, claim, carried_then_killed)
    with clock.set_to(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        send(engine, carried.append)

    assert len({parcel.message_id for parcel in carried}) == 1
    assert len(carried) == 2


def test_no_transaction_is_open_while_a_letter_is_carried(
    session: Session, engine: Engine, hotel: Hotel, by: Staff
) -> None:
    write(session, hotel, by)

    def somebody_writes_meanwhile(_parcel: Parcel) -> None:
        with Session(engine) as other, transaction(other):
            other.execute(sa.update(Hotel).values(name="New name"))

    assert send(engine, somebody_writes_meanwhile) == 1
    assert outbox.unsent(session, hotel) == []
