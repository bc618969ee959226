"""Retention: what repeats guests' documents is erased some days after they left, by itself."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms import worker
from pms.base.db import transaction
from pms.base.refusal import Invalid
from pms.hotel.house import documents, jobs
from pms.hotel.house.content_keys import Erased
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Job
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.privacy import retention
from pms.hotel.privacy.retention import Erasure, Kept
from pms.hotel.stays import police, stays
from pms.hotel.stays.police import PoliceReport, told
from pms.hotel.stays.presence import Stay
from tests import make, papered
from tests.engines import ONE_ENGINE
from tests.hotel.guests.test_sealing import repeated

LEFT = make.DAY + timedelta(days=1)


def left(session: Session, house: Hotel) -> None:
    """Everybody leaves the day after they came."""
    house.business_date = LEFT
    session.flush()
    for stay in session.scalars(sa.select(Stay)):
        stays.check_out(session, stay, leave_owing="Test", by=make.by(session, house))


def later(session: Session, house: Hotel, days: int) -> int:
    """How many are erased so many days after the departure."""
    house.business_date = LEFT + timedelta(days=days)
    session.flush()
    return retention.erase_due(session, house, by=make.by(session, house))


def test_cards_and_police_files_are_erased_some_days_after_the_departure(session: Session) -> None:
    house, card, file = repeated(session)
    by = make.by(session, house)
    assert retention.coming(session, house) == []  # they are in house
    assert later(session, house, 0) == 0
    left(session, house)
    year = timedelta(days=366)
    assert retention.coming(session, house) == [
        Erasure(LEFT + year, Kept.CARD, 1), Erasure(LEFT + year, Kept.POLICE, 1)
    ]  # fmt: skip

    retention.set_terms(session, house, cards=10, police=20, by=by)

    assert [later(session, house, days) for days in (10, 11, 20)] == [0, 1, 0]
    with pytest.raises(Erased):
        documents.content_of(session, card)
    assert police.content_of(session, file)
    assert retention.coming(session, house) == [Erasure(LEFT + timedelta(days=21), Kept.POLICE, 1)]
    house.business_date = LEFT + timedelta(days=22)
    session.flush()
    assert retention.overdue(session, house) == 1
    assert later(session, house, 30) == 1
    assert retention.overdue(session, house) == 0
    assert retention.erased(session, house) == [
        Erasure(LEFT + timedelta(days=30), Kept.POLICE, 1),
        Erasure(LEFT + timedelta(days=11), Kept.CARD, 1),
    ]
    written = sa.select(Line.after).where(Line.verb == "erased cards and police files")
    assert [after["erased"] for after in session.scalars(written)] == [1, 1]
    with pytest.raises(IntegrityError, match="days_are_sensible"), session.begin_nested():
        session.execute(sa.text("UPDATE identity_paper_terms SET card_days = 1"))


@ONE_ENGINE
def test_the_usual_time_is_the_countrys_law_and_within_bounds(session: Session) -> None:
    house = papered.hotel(session, country="ES")
    by = make.by(session, house)

    assert retention.terms_of(session, house).cards == 3 * 365
    assert "933/2021" in retention.terms_of(session, house).law
    for days in (6, 3_651):
        with pytest.raises(Invalid):
            retention.set_terms(session, house, cards=30, police=days, by=by)
    with pytest.raises(NotAllowed):
        clerk = make.by(session, house, Role.FRONT_DESK)
        retention.set_terms(session, house, cards=30, police=30, by=clerk)


@ONE_ENGINE
def test_the_worker_erases_what_is_due(session: Session, engine: Engine, tmp_path: Path) -> None:
    with transaction(session):
        house, card, _ = repeated(session)
        left(session, house)
        house.business_date = LEFT + timedelta(days=366)
        jobs.plan(session, house, "identity papers", every=timedelta(hours=6))

    jobs.run_due(lambda: Session(engine), worker.handlers(tmp_path, {}))

    session.rollback()
    assert session.scalars(sa.select(Job.error)).all() == [None]
    with pytest.raises(Erased):
        documents.content_of(session, card)


@ONE_ENGINE
def test_what_was_told_the_police_cant_be_guessed_from_its_digest(session: Session) -> None:
    house, _, file = repeated(session)
    [report] = session.scalars(sa.select(PoliceReport))
    [entry] = police.register(session, house)
    assert entry.bulletin is not None

    plain = told.plain(entry.bulletin)

    assert entry.stand is police.Stand.EXPORTED
    assert plain != report.digest
    left(session, house)
    retention.set_terms(session, house, cards=7, police=7, by=make.by(session, house))
    assert later(session, house, 8) == 2
    with pytest.raises(Erased):
        police.content_of(session, file)
