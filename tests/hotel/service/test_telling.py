"""Letters on escalation: to who is on duty and agreed, once per level, if the house writes."""

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.refusal import Invalid
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import NotAllowed
from pms.hotel.service import requests
from tests import make
from tests.hotel.service import asked
from tests.hotel.service.asked import NOON, towels


@pytest.fixture
def there(session):
    with clock.set_to(NOON):
        made = asked.house(session)
        requests.switch(session, made.hotel, on=True, by=make.by(session, made.hotel))
        for who in (made.head, made.duty_manager):
            requests.agree(session, who, to=f"{who.name}@post.example", hotel=made.hotel)
        return made


def letters(session):
    """Every letter, in the order they were written."""
    return session.scalars(sa.select(Letter).order_by(Letter.id)).all()


def test_a_clock_that_runs_out_writes_to_each_level_once(session, there):
    with clock.set_to(NOON):
        request = towels(session, there)
    for minutes in (6, 6, 60, 60):
        asked.job(session, there, minutes)

    head, manager = letters(session)
    assert (head.to, manager.to) == ("Bjorn@post.example", "Yusuf@post.example")
    assert head.key.startswith(f"escalation/{request.id}/0/2/")
    assert head.subject == "Request 10001: Towels and linen, Room 101"
    assert "nobody had seen it in time" in head.text
    assert "to be seen by 13:05" in head.text
    guest = asked.stays.in_house(session, there.hotel)[0].reservation.guest
    assert guest.surname not in head.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_is_written_to_who_did_not_agree_or_where_the_house_is_silent(session, there):
    with clock.set_to(NOON):
        by = make.by(session, there.hotel)
        requests.agree(session, there.head, to=" ", hotel=there.hotel)
        towels(session, there)
        asked.job(session, there, 6)
        assert letters(session) == []

        requests.agree(session, there.head, to="head@post.example", hotel=there.hotel)
        requests.switch(session, there.hotel, on=False, by=by)
        towels(session, there)
        asked.job(session, there, 7)
        assert letters(session) == []
        with pytest.raises(NotAllowed):
            requests.switch(session, there.hotel, on=True, by=there.maid)
        with pytest.raises(Invalid, match="no e-mail address"):
            requests.agree(session, there.head, to="head", hotel=there.hotel)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_maid_whose_request_goes_up_at_once_writes_it_too(session, there):
    with clock.set_to(NOON):
        towels(session, there, code="TV", by=there.maid)

    assert [each.to for each in letters(session)] == ["Yusuf@post.example"]
