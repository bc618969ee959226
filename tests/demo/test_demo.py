"""The demo: lived by verbs, so everything a desk meets is there and everything adds up."""

import random
import shutil
import stat
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms import demo
from pms.base import db
from pms.base.money import Money
from pms.demo import month, team
from pms.hotel.books.folios import Folio, FolioKind
from pms.hotel.close import reports, verify
from pms.hotel.guests import agreements, companies
from pms.hotel.guests.guests import Guest
from pms.hotel.house import hotels, signins
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms.blocks import RoomBlock
from pms.hotel.rooms.inventory import last_night
from pms.hotel.rooms.rates import NightPrice
from pms.hotel.service.requests import Request
from pms.hotel.service.requests import State as RequestState
from pms.hotel.stays import booked_for
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Purpose, Reservation, State
from tests import make as builders
from tests import moulds
from tests.engines import ONE_ENGINE

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
PASSWORD = "a-demo-password"


def make(session, now=NOW):
    demo.make(session, password=PASSWORD, now=now, plans=[demo.TINY])
    return hotels.by_code(session, "DEMO")


@pytest.fixture
def hotel(session):
    return moulds.pour(session, make)


def test_it_looks_lived_in_and_everything_adds_up(session, hotel):
    today = hotel.business_date
    assert today == NOW.date()
    assert hotel.opened_on == today - timedelta(days=demo.TINY.days_of_history)
    assert [c.name for c in verify.checks(session, hotel) if not c.ok] == []
    states = set(session.scalars(sa.select(Reservation.state)))
    assert {State.BOOKED, State.IN_HOUSE, State.DEPARTED} <= states
    assert session.scalar(sa.select(sa.func.count()).where(Stay.state == Presence.IN_HOUSE)) > 0
    assert session.scalar(sa.select(sa.func.count()).select_from(RoomBlock)) > 0
    assert Purpose.HOUSE_USE in set(session.scalars(sa.select(Reservation.purpose)))
    assert session.scalar(sa.select(Reservation.id).where(Reservation.shares_with_id.is_not(None)))
    assert session.scalar(
        sa.select(Reservation.id).where(Reservation.arrival == Reservation.departure)
    )
    assert session.scalar(sa.select(Folio.id).where(Folio.kind == FolioKind.PASSER_BY))
    asked = list(session.scalars(sa.select(Request)))
    assert {each.state for each in asked} >= {
        RequestState.NEW,
        RequestState.ASSIGNED,
        RequestState.IN_PROGRESS,
        RequestState.ON_HOLD,
        RequestState.DONE,
        RequestState.CLOSED,
    }
    assert {each.level for each in asked} == {1, 2, 3}
    names = " ".join(f"{g.name} {g.native_name}" for g in session.scalars(sa.select(Guest)))
    assert not names.isascii()


@ONE_ENGINE
def test_800_days_can_be_sold_in_three_plans(session, hotel):
    assert last_night(session, hotel) == hotel.business_date + timedelta(days=800)
    last = session.execute(
        sa.select(sa.func.max(NightPrice.night), sa.func.count(sa.distinct(NightPrice.plan_id)))
    ).one()
    assert tuple(last) == (hotel.business_date + timedelta(days=800), 3)


@ONE_ENGINE
def test_one_person_of_each_role_signs_in(session, hotel):
    for role in team.TEAM:
        address = team.email(role)
        person = signins.check(session, email=address, password=PASSWORD, address="127.0.0.1")
        assert isinstance(person, Staff)
    assert Role.HOUSE not in team.TEAM


@ONE_ENGINE
def test_the_same_day_makes_the_same_demo(session, hotel, tmp_path, sqlite_template):
    shutil.copyfile(sqlite_template, tmp_path / "another.db")
    engine = db.connect(f"sqlite:///{tmp_path / 'another.db'}")

    with Session(engine, expire_on_commit=False) as other:
        assert told(other, make(other)) == told(session, hotel)

    engine.dispose()


def told(session, hotel):
    first, last = hotel.opened_on, hotel.business_date
    nights = reports.nightly(session, hotel, first, last).rows
    return nights, reports.trial_balance(session, hotel, last - timedelta(days=1)).rows


@ONE_ENGINE
def test_before_the_audit_hour_it_is_still_yesterday(session):
    hotel = make(session, now=datetime(2026, 11, 20, 1, 0, tzinfo=UTC))

    assert hotel.business_date == datetime(2026, 11, 19, tzinfo=UTC).date()


@ONE_ENGINE
def test_a_house_with_a_hotel_is_left_alone(session, hotel):
    with pytest.raises(demo.NotEmpty):
        make(session)


def test_the_password_is_this_installations_own_and_nobody_elses_to_read(tmp_path):
    file = tmp_path / "instance" / "demo-sign-ins.txt"

    first, second = team.kept_password(file), team.kept_password(file)

    assert first == second
    assert len(first) >= 14
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert team.kept_password(tmp_path / "other.txt") != first
    assert "front-desk@lantern.example" in file.read_text(encoding="utf-8")


@ONE_ENGINE
def test_a_company_is_billed_only_by_the_house_that_grants_it_credit(session):
    there = builders.furnished(session, "FIRST")
    chain = session.get_one(hotels.Chain, there.chain_id)
    here = builders.furnished(session, "SECOND", chain=chain)
    by = builders.by(session, there)
    firm = companies.enter(session, there, code="SPREE", name="Spree", direct_bill=True, by=by)
    agreements.grant_credit(
        session, firm, direct_bill=True, credit_limit=Money(1_000_00, "EUR"), hotel=there, by=by
    )
    owes = {}
    for house in (there, here):
        party = builders.reservation(session, house)
        booked_for.book_for(session, party, firm, by=builders.by(session, house))
        lived = month.House(session, house.code, random.Random(1), NOW)  # noqa: S311 - dice
        owes[house.code] = lived.may_owe(party)

    assert owes == {"FIRST": True, "SECOND": False}
