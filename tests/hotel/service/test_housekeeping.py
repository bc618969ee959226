"""Housekeeping: sheets, rooms done and inspected, taps, differences, the minibar, things found."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import clock
from pms.base.money import Money
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.house import logbook
from pms.hotel.house.once import Sent
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import Condition
from pms.hotel.service import housekeeping
from pms.hotel.service.housekeeping import (
    Act,
    Difference,
    Discrepancy,
    Resolution,
    Sheet,
    Tap,
    Task,
    TaskState,
    Work,
    minibar,
    refusals,
    standards,
)
from pms.hotel.stays import stays
from tests import make
from tests.hotel.service import kept
from tests.hotel.service.kept import NINE

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def at_nine():
    with clock.set_to(NINE):
        yield


@pytest.fixture
def there(session):
    return kept.house(session)


def for_a_shift(there, *people):
    return dict.fromkeys(people or there.hands, 420)


# --- shared out -----------------------------------------------------------------------------------


def test_rooms_are_shared_out_by_floor_again_and_by_hand(session, there):
    plan = housekeeping.share_out(session, there.hotel, for_a_shift(there), by=there.head)

    sheets = {each.attendant_id: each for each in session.scalars(sa.select(Sheet))}
    tasks = list(session.scalars(sa.select(Task)))
    assert len(tasks) == len(plan.given) == 12
    assert sorted(each.number for each in sheets.values()) == [1, 2, 3]
    assert {sum(t.minutes for t in tasks if t.sheet_id == s.id) for s in sheets.values()} == {140}
    assert tasks[0].why == "All of floor 1."
    with pytest.raises(refusals.NothingToShare):
        housekeeping.share_out(session, there.hotel, for_a_shift(there), by=there.head)

    moved = kept.task_of(session, there, "101")
    housekeeping.move(session, moved, to=there.hands[2], by=there.head)
    begun = kept.task_of(session, there, "102")
    housekeeping.start(session, begun, by=there.hands[0])
    two = for_a_shift(there, there.hands[0], there.hands[2])
    again = housekeeping.share_out(session, there.hotel, two, again=True, by=there.head)

    assert len(again.given) == 10  # all but what was moved by hand, and what is begun
    assert moved.sheet_id == sheets[there.hands[2].id].id
    assert moved.why.startswith("Put here by hand")
    assert begun.sheet_id == sheets[there.hands[0].id].id
    left = session.scalar(
        sa.select(sa.func.count()).where(Task.sheet_id == sheets[there.hands[1].id].id)
    )
    assert left == 0
    assert logbook.history(session, sheets[there.hands[0].id])[0].verb == "shared out"


@SQLITE_ONLY
def test_what_a_room_wants_follows_from_who_is_in_it(session, there):
    by = make.by(session, there.hotel)
    kept.party(session, there, "101", nights=1)
    kept.party(session, there, "102", nights=3)
    kept.room(session, there, "103").condition = Condition.PICKUP
    kept.room(session, there, "104").condition = Condition.CLEAN
    waiting = make.reservation(session, there.hotel, surname="Yamada")
    stays.assign(session, waiting, room=kept.room(session, there, "201"), by=by)

    assert kept.seen(session, there, "101").wants is Work.STAY
    on_sheet = kept.task_of(session, there, "101")
    assert kept.seen(session, there, "103").wants is Work.TOUCH_UP
    assert kept.seen(session, there, "104").wants is None
    assert on_sheet.work is kept.seen(session, there, "101").work_now is Work.STAY
    assert kept.seen(session, there, "201").is_rush
    order = sorted(housekeeping.today(session, there.hotel), key=lambda each: each.place)
    assert order[0].number == "201"
    there.hotel.business_date += timedelta(days=1)
    session.flush()
    assert kept.seen(session, there, "101").wants is Work.DEPARTURE
    assert kept.seen(session, there, "101").what == "Due out"
    standards.set_rules(
        session, there.hotel, inspect_own=False, linen_every=1, shift_minutes=400, by=there.head
    )
    assert kept.seen(session, there, "102").wants is Work.LINEN


@SQLITE_ONLY
def test_minutes_and_credits_are_set_by_type_and_work(session, there):
    kind = make.room_type(session, there.hotel)
    standards.set_effort(session, kind, Work.DEPARTURE, minutes=50, credits=4, by=there.head)

    task = kept.task_of(session, there, "101")

    assert (task.minutes, task.credits, task.work) == (50, 4, Work.DEPARTURE)
    with pytest.raises(refusals.Refusal, match="1 to 480"):
        standards.set_effort(session, kind, Work.STAY, minutes=0, credits=1, by=there.head)
    with pytest.raises(NotAllowed):
        standards.set_effort(session, kind, Work.STAY, minutes=9, credits=1, by=there.hands[0])


@SQLITE_ONLY
def test_who_may_not_share_out_or_clean_is_refused(session, there):
    maid, desk = there.hands[0], make.by(session, there.hotel, Role.FRONT_DESK)
    with pytest.raises(NotAllowed):
        housekeeping.share_out(session, there.hotel, for_a_shift(there), by=maid)
    with pytest.raises(refusals.NobodyToClean):
        housekeeping.share_out(session, there.hotel, {}, by=there.head)
    with pytest.raises(refusals.NotAnAttendant, match="Front desk doesn't clean"):
        housekeeping.share_out(session, there.hotel, {desk: 400}, by=there.head)

    task = housekeeping.put(session, kept.room(session, there, "101"), on=maid, by=maid)
    assert task.why == "Taken, since it was on nobody's sheet."
    with pytest.raises(refusals.OnAnothersSheet, match="on Amira's sheet"):
        housekeeping.put(
            session, kept.room(session, there, "101"), on=there.hands[1], by=there.hands[1]
        )
    housekeeping.start(session, task, by=maid)
    with pytest.raises(refusals.Touched):
        housekeeping.take_off(session, task, by=there.head)
    with pytest.raises(refusals.WrongTaskStep, match="stays on its sheet"):
        housekeeping.move(session, task, to=there.hands[1], by=there.head)
    kept.room(session, there, "102").condition = Condition.CLEAN
    with pytest.raises(refusals.NothingToClean):
        housekeeping.put(session, kept.room(session, there, "102"), on=maid, by=maid)


# --- done, and looked over ------------------------------------------------------------------------


def test_a_room_is_begun_done_sent_back_done_again_and_inspected(session, there):
    maid = there.hands[0]
    task = kept.task_of(session, there, "101")

    housekeeping.start(session, task, by=maid)
    with pytest.raises(refusals.BegunAlready, match="Amira is cleaning room 101 since 10:00"):
        housekeeping.start(session, task, by=maid)
    housekeeping.finish(session, task, by=maid)
    assert task.room.condition is Condition.CLEAN
    housekeeping.redo(session, task, why="Hair in the bath", by=there.head)
    assert (task.state, task.turn, task.room.condition) == (TaskState.TO_DO, 1, Condition.DIRTY)
    housekeeping.finish(session, task, by=maid)
    with pytest.raises(NotAllowed):
        housekeeping.inspect(session, task, by=maid)
    housekeeping.inspect(session, task, by=there.head)

    assert (task.state, task.room.condition) == (TaskState.INSPECTED, Condition.INSPECTED)
    assert (task.done_by, task.inspected_by) == (maid.id, there.head.id)
    said = [line.verb for line in logbook.history(session, task)]
    assert said[::-1] == ["put on a sheet", "began", "done", "sent back", "done", "inspected"]
    housekeeping.take_back(session, task, by=there.head)
    housekeeping.take_back(session, task, by=maid)
    assert (task.state, task.room.condition) == (TaskState.CLEANING, Condition.DIRTY)


@SQLITE_ONLY
def test_nobody_inspects_their_own_room_unless_the_hotel_says_so(session, there):
    task = kept.task_of(session, there, "101", on=there.head)
    housekeeping.finish(session, task, by=there.head)

    with pytest.raises(refusals.NotYourOwn, match="You cleaned room 101"):
        housekeeping.inspect(session, task, by=there.head)
    with pytest.raises(refusals.NotYourOwn):
        housekeeping.turn(session, task.room, Condition.INSPECTED, by=there.head)
    standards.set_rules(
        session, there.hotel, inspect_own=True, linen_every=3, shift_minutes=420, by=there.head
    )
    housekeeping.inspect(session, task, by=there.head)
    mine = kept.task_of(session, there, "102")
    housekeeping.turn(session, mine.room, Condition.INSPECTED, by=there.hands[0])

    assert task.state is mine.state is TaskState.INSPECTED


@SQLITE_ONLY
def test_a_door_is_tried_again_and_a_service_declined(session, there):
    maid = there.hands[0]
    kept.party(session, there, "101", nights=3)
    task = kept.task_of(session, there, "101")

    housekeeping.not_to_disturb(session, task, by=maid)
    housekeeping.not_to_disturb(session, task, by=maid)
    assert (task.state, task.tries) == (TaskState.DO_NOT_DISTURB, 2)
    housekeeping.decline(session, task, by=maid)

    assert task.room.condition is Condition.DIRTY
    assert kept.seen(session, there, "101").unshared is None
    with pytest.raises(refusals.WrongTaskStep, match="is declined"):
        housekeeping.finish(session, task, by=maid)
    with clock.set_to(NINE + timedelta(hours=3)):
        stays.check_out(
            session, stays.of(session, _of(session, there)), leave_owing="cash",
            by=make.by(session, there.hotel),
        )  # fmt: skip
        assert kept.seen(session, there, "101").unshared is Work.DEPARTURE


def _of(session, there):
    from pms.hotel.stays.reservations import Reservation

    return session.scalars(sa.select(Reservation)).one()


@SQLITE_ONLY
def test_work_whose_room_has_newer_work_rests(session, there):
    maid, hoa, by = *there.hands[:2], there.head
    old = {}
    for number, rests in (("101", housekeeping.decline), ("102", housekeeping.finish)):
        old[number] = kept.task_of(session, there, number)
        rests(session, old[number], by=maid)
    with clock.set_to(NINE + timedelta(hours=2)):
        for task in old.values():
            rooms.turn(session, task.room, Condition.PICKUP, by=by)
            housekeeping.put(session, task.room, on=hoa, by=by)

        for number, again in (
            ("101", lambda task: housekeeping.start(session, task, by=maid)),
            ("101", lambda task: housekeeping.pause(session, task, by=maid)),
            ("102", lambda task: housekeeping.take_back(session, task, by=maid)),
            ("102", lambda task: housekeeping.redo(session, task, why="Dust", by=by)),
        ):
            with pytest.raises(refusals.NewerWork, match=f"{number} has newer work on Hoa's sheet"):
                again(old[number])


@SQLITE_ONLY
def test_the_board_takes_the_task_along(session, there):
    desk = make.by(session, there.hotel, Role.FRONT_DESK)
    task = kept.task_of(session, there, "101")

    housekeeping.turn(session, task.room, Condition.CLEAN, by=desk)
    assert (task.state, task.done_by) == (TaskState.DONE, there.hands[0].id)
    housekeeping.turn(session, task.room, Condition.INSPECTED, by=desk)
    assert task.state is TaskState.INSPECTED
    housekeeping.turn(session, task.room, Condition.CLEAN, by=desk, why="undone")
    housekeeping.turn(session, task.room, Condition.DIRTY, by=desk, why="undone")
    assert (task.state, task.done_at) == (TaskState.CLEANING, None)


# --- taps of a phone ------------------------------------------------------------------------------


def tap(key, version, *, after=None, ago=0):
    return Tap(Sent(key, f"content of {key}"), version, after, ago)


def test_taps_that_waited_are_done_once_in_their_time_and_in_their_order(session, there):
    maid = there.hands[0]
    task = kept.task_of(session, there, "101")
    seen = task.version

    housekeeping.tap(session, task, Act.START, tapped=tap("a", seen, ago=1800), by=maid)
    for _ in range(2):
        done = tap("b", seen + 1, after="a", ago=60)
        housekeeping.tap(session, task, Act.FINISH, tapped=done, by=maid)

    assert task.started_at == NINE - timedelta(minutes=30)
    assert task.done_at == NINE - timedelta(minutes=1)
    assert task.version == seen + 2


def test_a_tap_never_overwrites_what_another_did_meanwhile(session, there):
    maid = there.hands[0]
    task = kept.task_of(session, there, "101")
    seen = task.version
    housekeeping.decline(session, task, by=there.head)

    with pytest.raises(refusals.TapTooLate, match="Housekeeping manager noted no service for"):
        housekeeping.tap(session, task, Act.START, tapped=tap("a", seen), by=maid)
    with pytest.raises(refusals.TapBeforeIt, match="The tap before this one on room 101"):
        # the version happens to fit by now, and yet it was tapped on top of what wasn't kept
        late = tap("b", seen + 1, after="a")
        housekeeping.tap(session, task, Act.FINISH, tapped=late, by=maid)

    assert task.state is TaskState.DECLINED
    assert task.room.condition is Condition.DIRTY


@SQLITE_ONLY
def test_a_late_tap_never_cleans_a_room_that_a_guest_left_since(session, there):
    maid, desk = there.hands[0], make.by(session, there.hotel)
    with clock.set_to(NINE - timedelta(hours=2)):
        party = kept.party(session, there, "101")
        task = kept.task_of(session, there, "101")
    with clock.set_to(NINE - timedelta(minutes=30)):
        stays.check_out(session, stays.of(session, party), leave_owing="cash", by=desk)

    tapped = tap("a", task.version, ago=3600)  # an hour ago: half an hour before they left
    housekeeping.tap(session, task, Act.FINISH, tapped=tapped, by=maid)

    assert (task.state, task.done_at) == (TaskState.DONE, NINE - timedelta(hours=1))
    assert task.room.condition is Condition.DIRTY
    assert kept.seen(session, there, "101").unshared is Work.DEPARTURE
    with pytest.raises(refusals.NotCleanSince, match="isn't clean any more"):
        housekeeping.inspect(session, task, by=there.head)

    # three taps that waited together: only what others did in between holds a room back
    mine = kept.task_of(session, there, "102")
    with clock.set_to(NINE + timedelta(minutes=5)):
        for key, act, ago in (("b", Act.FINISH, 9), ("c", Act.TAKE_BACK, 6), ("d", Act.FINISH, 3)):
            housekeeping.tap(session, mine, act, tapped=tap(key, mine.version, ago=ago), by=maid)
    assert mine.room.condition is Condition.CLEAN


@SQLITE_ONLY
def test_a_tap_for_yesterdays_sheet_is_refused(session, there):
    task = kept.task_of(session, there, "101")
    there.hotel.business_date += timedelta(days=1)
    session.flush()

    with pytest.raises(refusals.SheetIsOver, match="Fri 20 Nov"):
        housekeeping.tap(session, task, Act.START, tapped=tap("a", 1), by=there.hands[0])


# --- what is seen, gone and found -----------------------------------------------------------------


@SQLITE_ONLY
def test_sleep_skip_and_person_are_seen_and_resolved(session, there):
    maid, desk = there.hands[0], make.by(session, there.hotel, Role.FRONT_DESK)
    party = kept.party(session, there, "102", adults=2)
    empty, taken = kept.room(session, there, "101"), kept.room(session, there, "102")

    sleep = housekeeping.look(session, empty, persons=1, by=maid)
    assert housekeeping.look(session, empty, persons=1, by=maid) is sleep
    person = housekeeping.look(session, taken, persons=3, by=maid)
    skip = housekeeping.look(session, taken, persons=0, by=maid)
    kinds = (sleep.kind, person.kind, skip.kind)
    assert kinds == (Difference.SLEEP, Difference.PERSON, Difference.SKIP)
    assert person.resolution is Resolution.LOOKED_AGAIN

    for found, resolution, why in (
        (sleep, Resolution.CHECKED_IN, "Check the party in first"),
        (skip, Resolution.CHECKED_OUT, "Check it out first"),
        (skip, Resolution.CHECKED_IN, "no way out"),
        (skip, Resolution.EXPLAINED, "in a few words"),
    ):
        with pytest.raises(refusals.Refusal, match=why):
            housekeeping.resolve(session, found, resolution=resolution, by=desk)
    with pytest.raises(NotAllowed):
        housekeeping.resolve(session, sleep, resolution=Resolution.LOOKED_AGAIN, by=maid)
    stays.check_out(session, stays.of(session, party), leave_owing="gone", by=desk)
    housekeeping.resolve(session, skip, resolution=Resolution.CHECKED_OUT, by=desk)
    housekeeping.look(session, empty, persons=0, by=maid)

    assert (
        session.scalars(sa.select(Discrepancy).where(Discrepancy.resolution.is_(None))).all() == []
    )
    with pytest.raises(refusals.ResolvedAlready):
        housekeeping.resolve(session, skip, resolution=Resolution.LOOKED_AGAIN, by=desk)


def test_the_minibar_goes_on_the_bill_once(session, there):
    maid = there.hands[0]
    code = make.charge_code(session, there.hotel, "MINIBAR")
    water, beer = (
        minibar.add(
            session,
            there.hotel,
            name=name,
            price=Money.parse(price, "EUR"),
            code=code,
            by=there.head,
        )
        for name, price in (("Water", "3.50"), ("Beer", "5.00"))
    )
    party = kept.party(session, there, "102")
    room = kept.room(session, there, "102")

    for _ in range(2):
        minibar.post(session, room, {water: 2, beer: 1}, key="tap", by=maid)

    folio = session.get_one(Folio, (there.hotel.id, party.folio_id))
    assert str(folios.balance_of(session, folio)[1]) == "12.00"
    with pytest.raises(refusals.NobodyThere, match="Tell the desk"):
        minibar.post(session, kept.room(session, there, "101"), {water: 1}, by=maid)
    with pytest.raises(refusals.Refusal, match="what is gone"):
        minibar.post(session, room, {water: 0}, by=maid)
    with pytest.raises(NotAllowed):
        minibar.post(session, room, {water: 1}, by=make.by(session, there.hotel, Role.RESERVATIONS))


@SQLITE_ONLY
def test_what_is_found_gets_a_ticket_for_who_was_there_last(session, there):
    party = kept.party(session, there, "102", nights=1)
    desk = make.by(session, there.hotel)
    stays.check_out(session, stays.of(session, party), leave_owing="later", by=desk)

    ticket = housekeeping.found(
        session, kept.room(session, there, "102"), words="Red scarf", by=there.hands[0]
    )

    assert (ticket.guest_id, ticket.found_in) == (party.guest_id, "Room 102")
    assert ticket.remind_on == there.hotel.business_date + timedelta(days=30)


# --- what the database itself refuses -------------------------------------------------------------

COLUMNS = (
    "hotel_id, {}, chain_id, day, sheet_id, room_id, work, state, minutes, credits, rank, why,"
    " by_hand, tries, turn, version"
)
ROUND_THE_VERBS = (
    "UPDATE room_tasks SET state = 'cleaning', started_at = '2026-11-20 09:00:00+00:00'",
    "UPDATE room_tasks SET state = 'inspected', version = version + 1",
    "UPDATE room_tasks SET state = 'done', version = version + 1",
    "UPDATE room_tasks SET turn = 1, version = version + 1",
    "UPDATE room_tasks SET day = '2026-11-21'",
    "UPDATE sheets SET minutes = 0",
    "UPDATE discrepancies SET seen_persons = desk_persons",
    "UPDATE discrepancies SET resolution = 'looked_again'",
    (
        f"INSERT INTO room_tasks ({COLUMNS.format('id')})"
        f" SELECT {COLUMNS.format('id + 1')} FROM room_tasks"
    ),
)


def test_the_database_itself_keeps_the_steps(session, there):
    kept.task_of(session, there, "101")
    housekeeping.look(session, kept.room(session, there, "102"), persons=1, by=there.head)
    session.commit()

    for sql in ROUND_THE_VERBS:
        with pytest.raises(IntegrityError):
            session.execute(sa.text(sql))
        session.rollback()
    done = housekeeping.look(session, kept.room(session, there, "102"), persons=0, by=there.head)
    session.commit()
    assert done is None
    with pytest.raises(IntegrityError, match="resolved"):
        session.execute(sa.text("UPDATE discrepancies SET words = 'x'"))
