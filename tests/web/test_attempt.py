"""Attempt: commits a verb, or puts its refusal where it can be read and changes nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from wtforms import StringField

from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.rooms.rooms import Condition, Room
from pms.web.attempt import attempt
from pms.web.database import db
from pms.web.forms import Form
from tests import make
from tests.web.conftest import SQLITE_ONLY

pytestmark = SQLITE_ONLY


class RoomForm(Form):
    room = StringField("Room")


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.test_request_context("/", method="POST"):
        yield db.session()


@pytest.fixture
def room(session: Session) -> Room:
    with transaction(session):
        return make.room(session, make.furnished(session), "101", condition=Condition.CLEAN)


def form(**data: Any) -> RoomForm:
    return RoomForm(data=data, meta={"csrf": False})


def soil(session: Session, room: Room, *, then_refuse: str | None = "room") -> Room:
    room.condition = Condition.DIRTY
    session.flush()
    if then_refuse is not None:
        raise Refusal("Room 101 is dirty.", field=then_refuse)
    return room


def test_a_deed_is_committed(session: Session, room: Room) -> None:
    made = attempt(form(), soil, room, then_refuse=None)

    session.rollback()
    assert made is room
    assert room.condition is Condition.DIRTY


def test_a_refusal_stands_beside_its_field_and_nothing_changed(
    session: Session, room: Room
) -> None:
    typed = form()

    made = attempt(typed, soil, room)

    assert made is None
    assert typed.room.errors == ["Room 101 is dirty."]
    assert room.condition is Condition.CLEAN


def test_a_refusal_of_a_field_the_form_lacks_stands_on_top(session: Session, room: Room) -> None:
    typed = form()

    attempt(typed, soil, room, then_refuse="somewhere_else")

    assert typed.refusals == ["Room 101 is dirty."]


def test_a_page_made_before_somebody_elses_change_is_refused_once(
    session: Session, room: Room
) -> None:
    stale = form(version=str(room.version))
    with transaction(session):
        room.version += 1

    first = attempt(stale, soil, room, then_refuse=None)
    second = attempt(stale, soil, room, then_refuse=None)

    assert first is None
    assert "Someone changed this room meanwhile." in stale.refusals[0]
    assert second is room
