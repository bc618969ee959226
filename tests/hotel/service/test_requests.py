"""Requests: asked, seen, taken, done; resting, reopened, recovered; and the levels above."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.card_numbers import LooksLikeACardNumber
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.books.ledger import Entry
from pms.hotel.house import logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.people import duty
from pms.hotel.people.duty import Level, Shift
from pms.hotel.service import requests
from pms.hotel.service.requests import Escalation, Minutes, Priority, State, Why, categories
from pms.hotel.service.requests.asking import clock_of
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.service import asked
from tests.hotel.service.asked import NOON, later, towels


@pytest.fixture(autouse=True)
def at_noon():
    with clock.set_to(NOON):
        yield


@pytest.fixture
def there(session):
    return asked.house(session)


def levels(session, request):
    rows = session.scalars(
        sa.select(Escalation)
        .where(Escalation.request_id == request.id)
        .order_by(Escalation.turn, Escalation.level)
    )
    return [(row.turn, row.level, row.why, row.staff_id) for row in rows]


# --- asked for ------------------------------------------------------------------------------------


def test_what_is_asked_goes_to_who_is_on_duty_with_its_clocks(session, there):
    request = towels(session, there)

    assert (request.state, request.assignee_id) == (State.NEW, there.maid.id)
    assert request.taken_at is None
    assert (request.seen_by, request.due_at) == (later(5), later(20))
    assert request.guest.surname == "Dvořák"
    assert request.escalates_at == later(5)
    assert [line.verb for line in logbook.history(session, request)] == ["asked for"]
    assert levels(session, request) == []


@ONE_ENGINE
def test_a_party_finds_its_room_and_a_place_needs_neither(session, there):
    party = make.reservation(session, there.hotel, surname="Later")

    of_party = towels(session, there, where=requests.Where(reservation=party))
    of_lobby = towels(session, there, where=requests.Where(place="Lobby"))

    assert (of_party.room_id, of_party.guest_id) == (None, party.guest_id)
    assert (of_lobby.where, of_lobby.guest_id) == ("Lobby", None)
    with pytest.raises(requests.NowhereToGo, match="Say where"):
        towels(session, there, where=requests.Where(place=" "))


@ONE_ENGINE
def test_priority_and_vip_shorten_the_clocks(session, there):
    request = towels(session, there, priority=Priority.URGENT)
    assert request.due_at == later(5)

    request.guest.vip = True
    session.flush()
    vip = towels(session, there)
    assert vip.vip
    assert vip.due_at == later(10)

    category = categories.by_code(session, there.hotel, "TOWELS")
    categories.set_clock(
        session, category, priority=Priority.NORMAL, vip=True, minutes=Minutes(1, 7, 3),
        by=there.duty_manager,
    )  # fmt: skip
    assert towels(session, there).due_at == later(7)
    assert vip.due_at == later(10)


@ONE_ENGINE
def test_what_is_wanted_at_a_time_is_due_then(session, there):
    request = towels(session, there, wanted_at=later(180))

    assert (request.seen_by, request.due_at) == (later(5), later(180))
    with pytest.raises(Invalid, match="past"):
        towels(session, there, wanted_at=later(-1))


def test_the_least_busy_is_asked_first(session, there):
    asked.on_duty(session, there.hotel, there.other, Department.HOUSEKEEPING)

    who = [towels(session, there).assignee_id for _ in range(4)]

    assert who == [there.maid.id, there.other.id] * 2


@ONE_ENGINE
def test_nobody_on_duty_goes_straight_to_the_next_level_and_says_so(session):
    there = asked.house(session, staffed=False)
    asked.on_duty(
        session, there.hotel, there.duty_manager, Department.MANAGEMENT, Level.DUTY_MANAGER
    )

    request = towels(session, there)

    assert (request.level, request.assignee_id) == (3, there.duty_manager.id)
    assert levels(session, request) == [
        (0, 2, Why.NOBODY_ON_DUTY, None),
        (0, 3, Why.NOBODY_ON_DUTY, there.duty_manager.id),
    ]
    said = [line.after["told"] for line in logbook.history(session, request)[:2]]
    assert said == ["Yusuf", "nobody is on duty"]


@ONE_ENGINE
def test_where_nobody_is_at_all_who_comes_later_is_asked(session):
    there = asked.house(session, staffed=False)
    request = towels(session, there)
    assert request.assignee_id is None
    assert request.escalates_at == later(10)

    assert asked.job(session, there, 10) == 1
    assert request.assignee_id is None
    asked.on_duty(session, there.hotel, there.maid, Department.HOUSEKEEPING)
    asked.job(session, there, 20)

    assert request.assignee_id == there.maid.id
    assert asked.job(session, there, 60) == 0


@ONE_ENGINE
def test_words_are_words(session, there):
    with pytest.raises(Invalid, match="few words"):
        requests.enter(
            session,
            there.hotel,
            category=categories.by_code(session, there.hotel, "INFO"),
            words="  ",
            where=requests.Where(place="Lobby"),
            by=there.maid,
        )
    with pytest.raises(LooksLikeACardNumber):
        requests.note(session, towels(session, there), words="4111 1111 1111 1111", by=there.maid)


@ONE_ENGINE
def test_who_may_not_is_refused(session, there):
    owner = asked.person(session, there.hotel, "Helene", Role.OWNER)
    with pytest.raises(NotAllowed):
        towels(session, there, by=owner)
    with pytest.raises(NotAllowed):
        requests.assign(session, towels(session, there), person=there.other, by=there.maid)


# --- the steps ------------------------------------------------------------------------------------


def test_from_the_first_word_to_the_closed_request(session, there):
    request = towels(session, there)

    requests.acknowledge(session, request, by=there.maid)
    assert request.escalates_at == request.due_at
    requests.take(session, request, by=there.maid)
    requests.start(session, request, by=there.maid)
    with clock.set_to(later(25)):
        requests.finish(
            session, request, words="Left on the bed", labour_minutes=6,
            parts=Money(150, "EUR"), by=there.maid,
        )  # fmt: skip
    requests.close(session, request, by=there.head)

    assert (request.state, request.labour_minutes, request.parts_cost) == (State.CLOSED, 6, 150)
    assert request.escalates_at is None
    lines = logbook.history(session, request)
    assert [line.verb for line in reversed(lines)] == [
        "asked for", "acknowledged", "took", "started", "done", "closed",
    ]  # fmt: skip
    assert lines[1].after["minutes_late"] == 5


def test_who_comes_second_is_told_who_has_it(session, there):
    request = towels(session, there)
    requests.take(session, request, by=there.maid)

    with pytest.raises(requests.TakenByAnother, match="Nadia has request 10001 since 13:00"):
        requests.take(session, request, by=there.other)
    with pytest.raises(requests.TakenByAnother):
        requests.finish(session, request, by=there.other)

    requests.assign(session, request, person=there.other, by=there.head)
    assert request.assignee_id == there.other.id
    requests.give_back(session, request, reason="Lift is stuck", by=there.other)
    requests.take(session, request, by=there.maid)
    assert request.state is State.ASSIGNED


def test_on_hold_the_clocks_stand_still(session, there):
    request = towels(session, there)
    requests.take(session, request, by=there.maid)
    with clock.set_to(later(15)):
        requests.hold(session, request, reason="The guest is in the bath", by=there.maid)
    assert asked.job(session, there, 90) == 0
    with clock.set_to(later(100)):
        requests.resume(session, request, by=there.maid)

    assert request.state is State.ASSIGNED
    assert request.due_at == later(105)
    assert request.escalates_at == later(105)
    assert asked.job(session, there, 104) == 0
    assert asked.job(session, there, 105) == 1
    assert request.level == 2
    with pytest.raises(requests.WrongStep, match="isn't on hold"):
        requests.resume(session, request, by=there.maid)


@ONE_ENGINE
def test_a_new_priority_winds_the_clocks_anew_less_the_rest(session, there):
    request = towels(session, there)
    requests.hold(session, request, reason="Later", by=there.maid)
    with clock.set_to(later(10)):
        requests.resume(session, request, by=there.maid)
        requests.prioritise(session, request, priority=Priority.LOW, by=there.maid)

    assert request.due_at == later(40 + 10)
    assert request.escalates_at == request.seen_by == later(10 + 10)


@ONE_ENGINE
def test_cancelled_and_reopened_begins_anew(session, there):
    request = towels(session, there)
    requests.cancel(session, request, reason="Guest found some", by=there.maid)
    with pytest.raises(requests.WrongStep, match="nothing to cancel"):
        requests.cancel(session, request, reason="Again", by=there.maid)

    with clock.set_to(later(60)):
        requests.reopen(session, request, reason="They were wet", by=there.maid)

    assert (request.state, request.turn, request.level) == (State.REOPENED, 1, 1)
    assert request.due_at == later(80)
    assert request.assignee_id == there.maid.id
    assert asked.job(session, there, 66) == 1
    assert levels(session, request) == [(1, 2, Why.UNSEEN, there.head.id)]


# --- levels ---------------------------------------------------------------------------------------


def test_each_level_is_told_once_when_a_clock_runs_out(session, there):
    request = towels(session, there)

    assert asked.job(session, there, 4) == 0
    assert asked.job(session, there, 5) == 1
    assert (request.level, request.assignee_id) == (2, there.head.id)
    assert asked.job(session, there, 6) == 0
    requests.acknowledge(session, request, by=there.head)
    assert request.escalates_at == later(20)
    assert asked.job(session, there, 21) == 1
    assert asked.job(session, there, 500) == 0

    assert levels(session, request) == [
        (0, 2, Why.UNSEEN, there.head.id),
        (0, 3, Why.OVERDUE, there.duty_manager.id),
    ]


@ONE_ENGINE
def test_who_has_it_keeps_it_when_somebody_above_is_told(session, there):
    request = towels(session, there)
    requests.take(session, request, by=there.maid)

    asked.job(session, there, 20)

    assert (request.level, request.assignee_id) == (2, there.maid.id)
    assert levels(session, request) == [(0, 2, Why.OVERDUE, there.head.id)]
    assert request.escalates_at == later(20) + clock_of(session, request).step


@ONE_ENGINE
def test_sent_up_by_hand(session, there):
    request = towels(session, there)

    requests.send_up(session, request, reason="Guest is angry", by=there.maid)
    requests.send_up(session, request, reason="Guest is furious", by=there.maid)

    assert [why for _, _, why, _ in levels(session, request)] == [Why.BY_HAND] * 2
    with pytest.raises(requests.WrongStep, match="nobody is above"):
        requests.send_up(session, request, reason="More", by=there.maid)


# --- complaints and money -------------------------------------------------------------------------


@ONE_ENGINE
def test_a_complaint_is_closed_with_its_cause_and_followed_up(session, there):
    request = towels(session, there, code="C-NOISE")
    assert request.complaint
    requests.finish(session, request, words="Moved the party", by=there.duty_manager)

    with pytest.raises(requests.CauseUnknown):
        requests.close(session, request, by=there.duty_manager)
    day = there.hotel.business_date
    requests.explain(session, request, cause="Bar", follow_up_on=day, by=there.duty_manager)
    requests.close(session, request, by=there.duty_manager)
    requests.follow_up(session, request, words="Slept well", by=there.duty_manager)

    assert request.followed_up_at == NOON
    with pytest.raises(requests.NothingToFollow):
        requests.follow_up(session, request, words="Again", by=there.duty_manager)


def test_recovery_is_a_line_of_the_folio(session, there):
    request = towels(session, there, code="C-NOISE")
    code = make.charge_code(session, there.hotel)
    by, ten = there.duty_manager, Money(1_000, "EUR")

    off = requests.take_off(session, request, code=code, amount=ten, reason="Noise", by=by)
    on = requests.charge(session, request, code=code, amount=ten * 3, reason="Late cot", by=by)
    gift = requests.give(session, request, amount=Money(800, "EUR"), reason="Wine", by=by)

    folio = session.get_one(Folio, (there.hotel.id, off.folio_id))
    assert folios.balance_of(session, folio)[1] == ten * 2
    assert off.entry_id != on.entry_id
    printed = session.get_one(Entry, (there.hotel.id, off.entry_id)).reason
    assert (printed, off.reason) == (f"Goodwill, request {request.number}", "Noise")
    assert (gift.entry_id, gift.amount) == (None, 800)
    same = requests.take_off(
        session, request, code=code, amount=ten, reason="Twice", key="k", by=by
    )
    assert (
        requests.take_off(session, request, code=code, amount=ten, reason="Twice", key="k", by=by)
        is same
    )
    with pytest.raises(NotAllowed):
        requests.take_off(session, request, code=code, amount=ten, reason="No", by=there.maid)
    of_lobby = towels(session, there, where=requests.Where(place="Lobby"))
    with pytest.raises(requests.NoBill):
        requests.charge(session, of_lobby, code=code, amount=ten, reason="No", by=by)


@ONE_ENGINE
def test_actions_say_what_may_be_done_and_why_the_rest_may_not(session, there):
    request = towels(session, there)
    requests.take(session, request, by=there.maid)

    said = {each.name: each.why_not for each in requests.actions(request, by=there.other)}

    assert said["finish"] == "Nadia has it."
    assert said["assign"] == "Your role doesn't include it."
    assert said["resume"] == "It isn't on hold."
    assert said["hold"] is None
    mine = {each.name for each in requests.actions(request, by=there.maid) if each.allowed}
    assert {"start", "finish", "give_back", "note"} <= mine


# --- the duty list --------------------------------------------------------------------------------


@ONE_ENGINE
def test_the_night_shift_lasts_until_morning(session, there):
    night = asked.on_duty(
        session, there.hotel, there.other, Department.HOUSEKEEPING, shift=Shift.NIGHT
    )

    assert night.ends_at - night.starts_at == timedelta(hours=8)
    with clock.set_to(later(13 * 60)):
        assert duty.now(there.hotel) == (there.hotel.business_date, Shift.NIGHT)
        assert towels(session, there).assignee_id == there.other.id


@ONE_ENGINE
def test_the_duty_list_refuses_what_makes_no_sense(session, there):
    with pytest.raises(duty.OnDutyAlready):
        asked.on_duty(session, there.hotel, there.maid, Department.HOUSEKEEPING)
    with pytest.raises(Invalid, match="management's list"):
        asked.on_duty(session, there.hotel, there.maid, Department.MANAGEMENT)
    row = session.scalars(sa.select(duty.Duty)).first()
    duty.take_off(session, row, by=there.head)
    assert len(duty.of_day(session, there.hotel, there.hotel.business_date)) == 2
