"""What the database itself refuses of requests, whatever Python says."""

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.hotel.service import requests
from pms.hotel.service.requests import State
from tests.hotel.service import asked
from tests.hotel.service.asked import NOON, towels


@pytest.fixture
def request_(session):
    with clock.set_to(NOON):
        there = asked.house(session)
        made = towels(session, there, code="C-CLEAN")
        requests.take(session, made, by=there.duty_manager)
        session.there = there
        return made


def refused(session, sql, match, **values):
    """Say raw SQL and see it refused; what went before stands."""
    with pytest.raises(sa.exc.IntegrityError, match=match), session.begin_nested():
        session.execute(sa.text(sql), values)


ON_ONE = "UPDATE requests SET version = version + 1, {} WHERE number = 10001"


CANNOT_BE = (
    ("state = 'on_hold', escalates_at = NULL, hold_reason = 'x'", "held_since"),
    ("held_at = asked_at", "held_since"),
    ("state = 'cancelled', escalates_at = NULL", "cancelled"),
    ("state = 'done', escalates_at = NULL", "done_at_a_time"),
    ("state = 'on_hold', held_at = asked_at, hold_reason = 'x'", "rests_untold"),
    ("taken_at = NULL", "somebody_has_it"),
    ("assignee_id = NULL", "taken_by_somebody"),
    ("level = 4", "one_to_three"),
    ("due_at = '2020-01-01 00:00:00'", "seen_before_it_is_due"),
    ("room_id = NULL, reservation_id = NULL, place = NULL", "is_somewhere"),
    ("complaint = FALSE, follow_up_on = '2026-12-01'", "complaints_are_followed"),
    ("followed_up_at = asked_at", "followed_as_agreed"),
    ("labour_minutes = -1", "costs_not_negative"),
    ("state = 'lost'", "state"),
)


def test_the_database_itself_keeps_a_request_whole(session, request_):
    for change, name in CANNOT_BE:
        refused(session, ON_ONE.format(change), name)


def test_the_database_itself_lets_one_hand_at_a_time_change_it(session, request_):
    who = session.there.maid.id
    stale = "UPDATE requests SET assignee_id = :who, version = 2 WHERE number = 10001"

    refused(session, stale.replace("2 WHERE", "1 WHERE"), "changed this request first", who=who)
    session.execute(sa.text(ON_ONE.format("assignee_id = :who")), {"who": who})


def test_the_database_itself_goes_by_the_steps(session, request_):
    there = session.there
    requests.finish(session, request_, by=there.duty_manager)
    refused(session, ON_ONE.format("state = 'assigned', done_at = NULL"), "goes by its steps")
    refused(session, ON_ONE.format("state = 'closed'"), "cause_is_known")
    requests.close(session, request_, cause="Bar", by=there.duty_manager)
    refused(session, ON_ONE.format("state = 'new', done_at = NULL"), "goes by its steps")
    assert request_.state is State.CLOSED


def test_the_database_itself_tells_each_level_once_and_in_ink(session, request_):
    with clock.set_to(asked.later(1)):
        requests.send_up(session, request_, reason="Now", by=session.there.maid)
    again = (
        "INSERT INTO request_escalations (hotel_id, request_id, turn, level, chain_id, why, at)"
        " SELECT hotel_id, request_id, turn, level, chain_id, why, at FROM request_escalations"
    )

    refused(session, again, "(?i)unique")
    refused(session, "UPDATE request_escalations SET level = 3", "written in ink")
    refused(session, "DELETE FROM request_escalations", "written in ink")


def test_the_database_itself_ties_money_to_its_entry(session, request_):
    row = (
        "INSERT INTO request_recoveries (hotel_id, id, request_id, kind, amount, reason, staff_id,"
        " at) SELECT hotel_id, 1, id, '{}', {}, 'x', staff_id, asked_at FROM requests"
    )

    refused(session, row.format("adjustment", 100), "money_has_its_entry")
    refused(session, row.format("gift", -1), "not_negative")
    session.execute(sa.text(row.format("gift", 0)))
    refused(session, "DELETE FROM request_recoveries", "written in ink")


def test_the_database_itself_keeps_duty_and_clocks_in_order(session, request_):
    refused(session, "UPDATE duties SET ends_at = starts_at", "ends_after_it_starts")
    refused(session, "UPDATE duties SET level = 3 WHERE level = 1", "management_is_third")
    refused(session, "UPDATE request_clocks SET seen_minutes = 0", "takes_time")
    refused(session, "UPDATE request_clocks SET due_minutes = 0", "seen_before_it_is_due")
    refused(
        session, "UPDATE request_categories SET department = 'management'", "done_by_a_department"
    )
