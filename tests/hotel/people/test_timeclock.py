"""The time clock: punches make hours, clocks change, forgotten ones are named, edits keep both."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.dates import ONE_DAY
from pms.base.db import Instant
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.close import verify
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import NotAllowed, Role, a_guest, people_of, the_house
from pms.hotel.people import away, employees, hours, linking, rules
from pms.hotel.people.absences import AbsenceKind
from pms.hotel.people.employees import Employee, Employment, PayBasis, pay
from pms.hotel.people.employees.refusals import HasNotLeft, OwnSignIn
from pms.hotel.people.rules import Limits
from pms.hotel.people.timeclock import (
    Punch,
    Punched,
    Source,
    TimeApproval,
    TimeEdit,
    TimeEntry,
    approving,
    devices,
    editing,
    pins,
    punching,
)
from pms.hotel.people.timeclock.editing import Rest, Times
from pms.hotel.people.timeclock.punching import Press
from pms.hotel.people.timeclock.refusals import (
    ClockedIn,
    FourEyes,
    NeverClockedOut,
    NotClockedIn,
    NotEmployed,
    NothingToApprove,
    NotOnBreak,
    NotOver,
    OnBreak,
    OwnHours,
    SameMinute,
    TimesOverlap,
    TooManyPins,
    WrongPin,
)
from tests import make
from tests.hotel.people import make_people

TODAY = date(2026, 11, 20)
one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def press(
    session: Session,
    who: Employee,
    kind: Punched,
    wall: str,
    employment: Employment | None = None,
) -> Punch:
    """A press at the tablet when the hotel's clock shows `wall`."""
    hotel = session.get_one(Hotel, who.hotel_id)
    with clock.set_to(make_people.instant(hotel, wall) + timedelta(seconds=20)):
        return punching.punch(
            session,
            who,
            kind,
            press=Press(Source.TABLET),
            employment=employment,
            by=make.by(session, hotel),
        )


def stored(session: Session, who: Employee) -> list[TimeEntry]:
    """Somebody's hours, in their order, as the database has them."""
    session.expire_all()
    wanted = sa.select(TimeEntry).filter_by(employee_id=who.id).order_by(TimeEntry.started_at)
    return list(session.scalars(wanted))


def test_a_day_of_two_positions_becomes_approved_hours(session: Session) -> None:
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    who = agent.employee
    night = make_people.holds(
        session, who, make_people.position(session, hotel, "NIGHT"), rate="18.50"
    )

    press(session, who, Punched.IN, "2026-11-20 15:00", agent)
    press(session, who, Punched.BREAK, "2026-11-20 18:00")
    press(session, who, Punched.BACK, "2026-11-20 18:30")
    press(session, who, Punched.CHANGE, "2026-11-20 23:00", night)
    press(session, who, Punched.OUT, "2026-11-21 01:15")
    with clock.set_to(make_people.instant(hotel, "2026-11-21 09:00")):
        done = approving.approve_days(
            session, hotel, first=TODAY, last=TODAY, by=make_people.head(session, hotel)
        )

    first, second = hours.approved_hours(session, hotel, TODAY, TODAY)
    assert (done.entries, done.minutes, done.left) == (2, 450 + 135, ())
    assert (first.minutes_paid, first.minutes_unpaid, first.rate) == (450, 30, 1500)
    assert (second.minutes_paid, second.rate) == (135, 1850)
    assert second.service_day == TODAY
    assert first.ended_at == second.started_at == make_people.utc("2026-11-20 22:00")
    assert hours.unapproved(session, hotel, TODAY, TODAY) == []


@one_engine
def test_who_changes_position_after_midnight_on_their_last_night_finds_it(session: Session) -> None:
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    who, by = agent.employee, make.by(session, hotel)
    night = make_people.holds(
        session, who, make_people.position(session, hotel, "NIGHT"), rate="18.50"
    )
    employees.leave(session, who, left_on=TODAY, why="Moves to Porto", by=by)
    press(session, who, Punched.IN, "2026-11-20 18:00", agent)

    press(session, who, Punched.CHANGE, "2026-11-21 00:30", night)
    press(session, who, Punched.OUT, "2026-11-21 05:00")

    assert [(each.employment_id, each.service_day) for each in stored(session, who)] == [
        (agent.id, TODAY),
        (night.id, TODAY),
    ]


@one_engine
def test_a_position_that_begins_tomorrow_isnt_worked_in_tonights_shift(session: Session) -> None:
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    who = agent.employee
    tomorrow = employees.begin_position(
        session,
        who,
        make_people.position(session, hotel, "NIGHT"),
        begins_on=TODAY + ONE_DAY,
        jurisdiction="DE",
        by=make.by(session, hotel),
    )
    press(session, who, Punched.IN, "2026-11-20 18:00", agent)

    with pytest.raises(NotEmployed):  # tonight's hours are of a day on which it isn't paid yet
        press(session, who, Punched.CHANGE, "2026-11-21 00:30", tomorrow)


@one_engine
def test_the_clock_refuses_what_cant_follow(session: Session) -> None:
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    who = agent.employee
    stranger = make_people.employed(session, hotel, "Ben Okafor")

    with pytest.raises(NotClockedIn):
        press(session, who, Punched.OUT, "2026-11-20 07:00")
    with pytest.raises(NotEmployed):
        press(session, who, Punched.IN, "2026-11-20 07:00", stranger)
    press(session, who, Punched.IN, "2026-11-20 07:00")
    with pytest.raises(ClockedIn):
        press(session, who, Punched.IN, "2026-11-20 08:00")
    with pytest.raises(NotOnBreak):
        press(session, who, Punched.BACK, "2026-11-20 08:00")
    with pytest.raises(Invalid, match="Choose another"):
        press(session, who, Punched.CHANGE, "2026-11-20 08:00", agent)
    with pytest.raises(SameMinute):
        press(session, who, Punched.OUT, "2026-11-20 07:00")
    press(session, who, Punched.BREAK, "2026-11-20 09:00")
    with pytest.raises(OnBreak):
        press(session, who, Punched.BREAK, "2026-11-20 09:10")
    press(session, who, Punched.OUT, "2026-11-20 09:20")

    (entry,) = stored(session, who)
    assert punching.open_break(session, entry) is None
    assert entry.ended_at == make_people.utc("2026-11-20 08:20")


@one_engine
@pytest.mark.parametrize(
    ("evening", "minutes"),
    [("2026-03-28", 7 * 60), ("2026-10-24", 9 * 60), ("2026-11-19", 8 * 60)],
)
def test_a_night_has_the_hours_that_were_worked(
    session: Session, evening: str, minutes: int
) -> None:
    hotel = make.hotel(session)
    who = make_people.employed(session, hotel).employee
    day = date.fromisoformat(evening)
    morning = (day + timedelta(days=1)).isoformat()

    press(session, who, Punched.IN, f"{evening} 22:00")
    press(session, who, Punched.OUT, f"{morning} 06:00")

    (entry,) = stored(session, who)
    assert entry.service_day == day
    assert entry.ended_at is not None
    assert (entry.ended_at - entry.started_at) == timedelta(minutes=minutes)


@one_engine
def test_who_is_back_soon_after_midnight_goes_on_with_their_shift(session: Session) -> None:
    hotel = make.hotel(session)
    who = make_people.employed(session, hotel).employee

    press(session, who, Punched.IN, "2026-11-19 18:00")
    press(session, who, Punched.OUT, "2026-11-19 23:30")
    press(session, who, Punched.IN, "2026-11-20 00:30")
    press(session, who, Punched.OUT, "2026-11-20 03:00")
    press(session, who, Punched.IN, "2026-11-20 18:00")

    days = [each.service_day for each in stored(session, who)]
    assert days == [date(2026, 11, 19), date(2026, 11, 19), date(2026, 11, 20)]


@one_engine
def test_a_forgotten_end_is_named_and_keeps_nobody_from_work(session: Session) -> None:
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    who, by = agent.employee, make_people.head(session, hotel)
    press(session, who, Punched.IN, "2026-11-19 07:00")
    press(session, who, Punched.IN, "2026-11-20 07:00")

    forgotten, running = stored(session, who)
    with clock.set_to(make_people.instant(hotel, "2026-11-20 22:59")):
        missing = hours.unapproved(session, hotel, TODAY - timedelta(days=1), TODAY)
    assert [forgotten.forgotten, running.forgotten] == [True, False]
    assert [(each.employee.name, each.is_open) for each in missing] == [("Ana Reyes", True)] * 2
    assert [each.at_work for each in missing] == [False, True]
    with pytest.raises(NotOver, match=r"never clocked out on Thu 19 Nov"):
        approving.approve(session, forgotten, by=by)

    times = Times(
        agent,
        make_people.instant(hotel, "2026-11-19 07:00"),
        make_people.instant(hotel, "2026-11-19 15:00"),
    )
    with clock.set_to(make_people.instant(hotel, "2026-11-20 08:00")):
        editing.correct(session, forgotten, times, why="Forgot to clock out", by=by)
        approving.approve(session, forgotten, by=make.by(session, hotel))

    edit = session.scalars(sa.select(TimeEdit)).one()
    assert (edit.before or {})["ended_at"] is None
    assert (edit.after or {})["ended_at"] == "2026-11-19T14:00:00+00:00"
    assert hours.approved_hours(session, hotel, forgotten.service_day, TODAY)[0].minutes_paid == 480


@one_engine
def test_what_began_more_than_a_day_ago_is_ended_by_no_press(session: Session) -> None:
    hotel = make.hotel(session)
    who = make_people.employed(session, hotel).employee
    press(session, who, Punched.IN, "2026-11-18 07:00")
    for kind in (Punched.OUT, Punched.BREAK):
        with pytest.raises(NeverClockedOut, match=r"Wed 18 Nov, 07:00, more than a day"):
            press(session, who, kind, "2026-11-19 07:01")
    press(session, who, Punched.IN, "2026-11-19 07:01")
    press(session, who, Punched.OUT, "2026-11-20 07:01")

    forgotten, longest = stored(session, who)
    assert (forgotten.forgotten, forgotten.ended_at) == (True, None)
    assert longest.ended_at is not None
    assert longest.ended_at - longest.started_at == timedelta(hours=24)


def test_a_change_after_approval_wants_a_new_one(session: Session) -> None:
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    by, boss = make_people.head(session, hotel), make.by(session, hotel)
    rest = ("2026-11-19 11:00", "2026-11-19 11:30")
    entry = make_people.worked(session, agent, "2026-11-19 07:00", "2026-11-19 15:00", rest=rest)
    day = entry.service_day

    longer = Times(agent, entry.started_at, make_people.instant(hotel, "2026-11-19 15:30"))
    with clock.set_to(make_people.instant(hotel, "2026-11-20 08:00")):
        editing.correct(session, entry, longer, why="Stayed for a late arrival", by=by)
        assert hours.approved_hours(session, hotel, day, day) == []
        approving.approve_days(session, hotel, first=day, last=day, by=boss)
        assert hours.approved_hours(session, hotel, day, day)[0].minutes_paid == 510
        session.refresh(entry)
        approving.take_back(session, entry, why="Not sure", by=by)
        approving.approve(session, entry, by=boss)
        editing.strike(session, entry, why="Was somebody else", by=by)

    written = session.scalars(sa.select(TimeApproval).order_by(TimeApproval.id)).all()
    assert [(each.version, each.minutes_paid) for each in written] == [(1, 450), (2, 510), (3, 510)]
    assert hours.approved_hours(session, hotel, day, day) == []
    assert hours.unapproved(session, hotel, day, day) == []


def test_who_corrected_hours_does_not_approve_them(session: Session) -> None:
    """Not one by one, not by the day, and not past the verbs; the refusal says who may."""
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    by, head = make.by(session, hotel), make_people.head(session, hotel)
    entry = make_people.worked(
        session, agent, "2026-11-19 07:00", "2026-11-19 15:00", approved=False
    )
    day = {"first": entry.service_day, "last": entry.service_day}
    shorter = Times(agent, entry.started_at, make_people.instant(hotel, "2026-11-19 14:00"))
    with clock.set_to(make_people.instant(hotel, "2026-11-20 08:00")):
        editing.correct(session, entry, shorter, why="Left at two", by=by)
        with pytest.raises(FourEyes, match=f"You corrected these hours.*: {head.name} may"):
            approving.approve(session, entry, why="I know best", by=by)
        with pytest.raises(NothingToApprove, match="those you corrected are left"):
            approving.approve_days(session, hotel, **day, by=by)
        signed = {
            "hotel_id": hotel.id, "id": 1, "entry_id": entry.id, "version": entry.version,
            "minutes_paid": 420, "minutes_unpaid": 0, "staff_id": by.id, "at": entry.started_at,
        }  # fmt: skip
        with pytest.raises(DBAPIError, match="does not approve"), session.begin_nested():
            session.execute(sa.insert(TimeApproval).values(signed))
        session.refresh(entry)
        approving.approve_days(session, hotel, **day, by=head)

    assert entry.approved_by == head.id
    assert session.scalars(sa.select(TimeApproval.why)).all() == [None]


@one_engine
def test_where_nobody_else_may_the_one_manager_says_why_and_that_stays(session: Session) -> None:
    hotel = make.hotel(session)
    agent, by = make_people.employed(session, hotel), make.by(session, hotel)
    times = Times(
        agent,
        make_people.instant(hotel, "2026-11-19 07:00"),
        make_people.instant(hotel, "2026-11-19 15:00"),
    )
    with clock.set_to(make_people.instant(hotel, "2026-11-20 08:00")):
        entry = editing.write_down(session, agent.employee, times, why="No tablet yet", by=by)
        with pytest.raises(FourEyes, match="nobody else here may approve them") as refused:
            approving.approve(session, entry, by=by)
        assert refused.value.field == "why"
        approving.approve(session, entry, why="Counted with the roster", by=by)

    assert session.scalars(sa.select(TimeApproval.why)).all() == ["Counted with the roster"]
    line = logbook.history(session, entry)[0]
    assert (line.verb, line.why) == ("approved hours", "Counted with the roster")
    assert [each.name for each in verify.checks(session, hotel) if not each.ok] == []


@one_engine
def test_edits_are_refused_where_hours_cant_be_so(session: Session) -> None:
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    by = make_people.head(session, hotel)
    entry = make_people.worked(session, agent, "2026-11-19 07:00", "2026-11-19 15:00")
    make_people.worked(session, agent, "2026-11-18 07:00", "2026-11-18 15:00")
    own = make_people.employed(session, hotel, "Cleo Head", staff=by)
    mine = make_people.worked(session, own, "2026-11-19 07:00", "2026-11-19 15:00", approved=False)

    def refused(since: str, until: str, *breaks: Rest) -> type[Refusal]:
        wanted = Times(
            agent,
            make_people.instant(hotel, since),
            make_people.instant(hotel, until),
            breaks,
        )
        with pytest.raises(Refusal) as caught:
            editing.correct(session, entry, wanted, why="So it was", by=by)
        return caught.type

    with clock.set_to(make_people.instant(hotel, "2026-11-20 08:00")):
        rest = Rest(
            make_people.instant(hotel, "2026-11-19 16:00"),
            make_people.instant(hotel, "2026-11-19 16:30"),
        )
        assert refused("2026-11-19 15:00", "2026-11-19 07:00") is Invalid
        assert refused("2026-11-19 15:00", "2026-11-20 09:00") is Invalid
        assert refused("2026-11-18 05:00", "2026-11-19 07:00") is Invalid
        assert refused("2026-11-19 07:00", "2026-11-19 15:00", rest) is Invalid
        assert refused("2026-11-18 14:00", "2026-11-18 16:00") is TimesOverlap
        assert refused("2025-11-18 14:00", "2025-11-18 16:00") is NotEmployed
        with pytest.raises(Invalid, match="Say why"):
            editing.strike(session, entry, why=" ", by=by)
        with pytest.raises(FourEyes, match="These are your own hours, so somebody else"):
            approving.approve(session, mine, by=by)
        with pytest.raises(OwnHours):
            editing.strike(session, mine, why="Wasn't there", by=by)
        with pytest.raises(NotAllowed):
            approving.approve(session, mine, by=make.by(session, hotel, Role.FRONT_DESK))


@one_engine
def test_a_machine_tells_a_punch_once_and_not_too_late(session: Session) -> None:
    hotel = make.hotel(session)
    who = make_people.employed(session, hotel).employee
    by = make.by(session, hotel)
    at = make_people.instant(hotel, "2026-11-20 07:00")
    told = Press(Source.MACHINE, key="d1/77", at=at)
    with clock.set_to(at + timedelta(hours=3)):
        first = punching.punch(session, who, Punched.IN, press=told, by=by)
        again = punching.punch(session, who, Punched.IN, press=told, by=by)
        assert first.id == again.id
        assert first.at == at
        for wrong in (at + timedelta(hours=4), at - timedelta(days=3)):
            with pytest.raises(Invalid, match="clock of that machine"):
                late = Press(Source.MACHINE, at=wrong)
                punching.punch(session, who, Punched.OUT, press=late, by=by)


@one_engine
def test_a_short_break_is_paid_where_the_rules_say_so(session: Session) -> None:
    hotel = make.hotel(session)
    who = make_people.employed(session, hotel).employee
    rules.set_rules(session, hotel, Limits(paid_break=20), by=make.by(session, hotel))
    press(session, who, Punched.IN, "2026-11-20 07:00")
    for begins, ends in (("09:00", "09:15"), ("12:00", "12:30")):
        press(session, who, Punched.BREAK, f"2026-11-20 {begins}")
        press(session, who, Punched.BACK, f"2026-11-20 {ends}")
    press(session, who, Punched.OUT, "2026-11-20 15:00")
    approving.approve_days(
        session, hotel, first=TODAY, last=TODAY, by=make_people.head(session, hotel)
    )

    (done,) = hours.approved_hours(session, hotel, TODAY, TODAY)
    assert [pause.paid for pause in done.breaks] == [True, False]
    assert (done.minutes_paid, done.minutes_unpaid) == (450, 30)


@one_engine
def test_a_pin_opens_the_clock_of_its_own_hotel_and_guessing_ends(session: Session) -> None:
    hotel = make.hotel(session)
    by = make.by(session, hotel)
    who = make_people.employed(session, hotel).employee
    device, token = devices.pair(session, hotel, name="Staff entrance", by=by)
    for weak in ("12", "8351", "123456", "777777", "12a456"):
        with pytest.raises(Invalid):
            pins.set_pin(session, who, pin=weak, by=by)
    pins.set_pin(session, who, pin="835146", by=by)

    assert pins.check(session, device, number=who.number, pin="835146").id == who.id
    right = pins.begin_try(session, device, number=who.number)
    pins.forget_try(session, device, right.id)
    for _ in range(pins.TRIES_PER_NUMBER):  # many at once: each counts before it is looked at
        pins.begin_try(session, device, number=who.number)
    with pytest.raises(WrongPin):
        pins.check(session, device, number=who.number, pin="835147")
    with pytest.raises(TooManyPins):
        pins.begin_try(session, device, number=who.number)
    with clock.set_to(clock.now() + timedelta(minutes=16)):
        pins.begin_try(session, device, number=who.number)

    assert devices.find(session, token) is not None
    devices.unpair(session, device, by=by)
    assert devices.find(session, token) is None


@one_engine
def test_pay_has_a_history_and_every_look_is_written_down(session: Session) -> None:
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    by = make.by(session, hotel)
    for since, amount in ((TODAY, "17.00"), (TODAY, "16.00")):
        pay.set_rate(
            session,
            agent,
            amount=Money.parse(amount, "EUR"),
            basis=PayBasis.HOUR,
            valid_from=since,
            by=by,
        )

    (held,), paid = pay.look(session, agent.employee, by=by)
    written = paid[held.id]
    assert [pay.rate_on(day, written).amount for day in (TODAY, date(2026, 6, 1))] == [1600, 1500]  # type: ignore[union-attr]
    assert pay.rate_on(date(2025, 1, 1), written) is None
    verbs = session.scalars(sa.text("SELECT verb FROM logbook ORDER BY id"))
    assert list(verbs)[-1] == "looked at pay"
    with pytest.raises(NotAllowed):
        pay.look(session, agent.employee, by=make_people.head(session, hotel))


GOING_ROUND = [
    ("UPDATE time_entries SET ended_at = :sooner", "changed these hours first"),
    ("UPDATE time_entries SET ended_at = :sooner, version = version + 1", "written down first"),
    ("UPDATE time_breaks SET ended_at = :sooner", "not approved"),
    ("DELETE FROM time_breaks", "not approved"),
    ("DELETE FROM time_entries", "never deleted"),
    ("UPDATE time_approvals SET minutes_paid = 999", "in ink"),
    ("DELETE FROM time_edits", "in ink"),
    ("UPDATE pay_rates SET amount = 99999", "in ink"),
]


def test_the_database_itself_keeps_hours(session: Session) -> None:
    hotel = make.hotel(session)
    agent = make_people.employed(session, hotel)
    rest = ("2026-11-19 11:00", "2026-11-19 11:30")
    make_people.worked(session, agent, "2026-11-19 07:00", "2026-11-19 15:00", rest=rest)
    session.commit()
    sooner = sa.bindparam("sooner", make_people.instant(hotel, "2026-11-19 14:00"), Instant())

    for statement, said in GOING_ROUND:
        with pytest.raises(DBAPIError, match=said):
            words = sa.text(statement)
            session.execute(words.bindparams(sooner) if ":sooner" in statement else words)
        session.rollback()

    with pytest.raises(DBAPIError, match="works twice"):
        session.execute(
            sa.insert(TimeEntry).values(
                hotel_id=hotel.id,
                id=1,
                chain_id=hotel.chain_id,
                employee_id=agent.employee_id,
                employment_id=agent.id,
                service_day=TODAY,
                started_at=make_people.instant(hotel, "2026-11-19 14:00"),
            )
        )
    session.rollback()


@one_engine
def test_nobody_takes_their_own_sign_in_off_to_approve_their_hours(session: Session) -> None:
    hotel = make.hotel(session)
    by, other = make.by(session, hotel), make.by(session, hotel, Role.FRONT_DESK)
    mine = make_people.employee(session, hotel, staff=by)

    for staff in (None, other):
        with pytest.raises(OwnSignIn):
            linking.link(session, mine, staff, by=by)

    assert mine.staff_id == by.id


@one_engine
def test_what_acts_by_itself_is_nobodys_sign_in(session: Session) -> None:
    hotel = make.hotel(session)
    by, who = make.by(session, hotel), make_people.employee(session, hotel)

    for actor in (a_guest(session, hotel), the_house(session, hotel)):
        with pytest.raises(Invalid, match=f"“{actor.name}” acts by itself"):
            linking.link(session, who, actor, by=by)

    assert who.staff_id is None
    assert list(session.scalars(people_of(hotel))) == [by]


@one_engine
def test_who_has_given_notice_clocks_in_until_the_last_day(session: Session) -> None:
    hotel = make.hotel(session)
    by, who = make.by(session, hotel), make_people.employed(session, hotel).employee
    device, _ = devices.pair(session, hotel, name="Staff entrance", by=by)
    pins.set_pin(session, who, pin="835146", by=by)
    last = hotel.business_date + timedelta(days=1)

    away.leave(session, who, left_on=last, why="Moves away", by=by)

    assert pins.check(session, device, number=who.number, pin="835146").id == who.id
    press(session, who, Punched.IN, f"{last} 22:00")
    while hotel.business_date <= last:
        business_day.roll(session, hotel, closing=hotel.business_date)
    # the last night ends on the day after
    assert pins.check(session, device, number=who.number, pin="835146").id == who.id
    press(session, who, Punched.OUT, f"{last + timedelta(days=1)} 06:00")
    with pytest.raises(WrongPin):
        pins.check(session, device, number=who.number, pin="835146")


def test_a_last_day_that_was_wrong_is_taken_back(session: Session) -> None:
    hotel = make.hotel(session)
    by = make.by(session, hotel)
    agent = make_people.employed(session, hotel)
    ana = agent.employee
    bar = make_people.holds(session, ana, make_people.position(session, hotel, "BAR"))
    employees.end_position(session, bar, ends_on=TODAY - timedelta(days=30), by=by)
    with pytest.raises(HasNotLeft):
        employees.stay(session, ana, by=by)
    away.leave(session, ana, left_on=TODAY, why="Typed wrong", by=by)
    with pytest.raises(NotAllowed):
        employees.stay(session, ana, by=make_people.head(session, hotel))

    employees.stay(session, ana, by=by)
    session.refresh(agent)
    session.refresh(bar)
    assert (ana.left_on, agent.ends_on) == (None, None)
    assert bar.ends_on == TODAY - timedelta(days=30)
    away.leave(session, ana, left_on=TODAY + timedelta(days=30), why="", by=by)
    assert ana.works_on(TODAY + timedelta(days=1))


def test_who_stays_goes_on_in_what_the_leaving_ended_and_in_nothing_else(session: Session) -> None:
    hotel = make.hotel(session)
    by = make.by(session, hotel)
    agent = make_people.employed(session, hotel)
    ana = agent.employee
    season, bar = (
        make_people.holds(session, ana, make_people.position(session, hotel, code))
        for code in ("SEASON", "BAR")
    )
    spring = TODAY + timedelta(days=120)
    employees.end_position(session, season, ends_on=spring, by=by)
    employees.end_position(session, bar, ends_on=TODAY, by=by)

    for _ in range(2):  # what a leaving that was taken back ended is no matter of the next
        away.leave(session, ana, left_on=TODAY, why="Typed wrong", by=by)
        for each in (agent, season, bar):
            session.refresh(each)
        assert (agent.ends_on, season.ends_on, bar.ends_on) == (TODAY, TODAY, TODAY)
        employees.stay(session, ana, by=by)
        assert (agent.ends_on, season.ends_on, bar.ends_on) == (None, spring, TODAY)

    employees.end_position(session, agent, ends_on=TODAY, by=by)
    away.leave(session, ana, left_on=TODAY, why="", by=by)
    employees.stay(session, ana, by=by)
    for each in (agent, season, bar):
        session.refresh(each)
    assert (agent.ends_on, season.ends_on, bar.ends_on) == (TODAY, spring, TODAY)


def test_a_leaving_of_before_positions_were_written_down_is_taken_back_whole(
    session: Session,
) -> None:
    hotel = make.hotel(session)
    by = make.by(session, hotel)
    agent = make_people.employed(session, hotel)
    ana = agent.employee
    agent.ends_on = ana.left_on = TODAY  # as an older release wrote it
    session.flush()
    logbook.record(session, "left", ana, by=by, day=TODAY, on=TODAY)

    employees.stay(session, ana, by=by)

    session.refresh(agent)
    assert agent.ends_on is None


@one_engine
def test_who_is_at_work_isnt_let_go_in_the_past(session: Session) -> None:
    hotel = make.hotel(session)
    by, who = make.by(session, hotel), make_people.employed(session, hotel).employee
    last = hotel.business_date
    press(session, who, Punched.IN, f"{last} 22:00")
    business_day.roll(session, hotel, closing=last)

    with pytest.raises(away.AtWorkNow, match="still at work"):
        away.leave(session, who, left_on=last, why="Moves away", by=by)


@one_engine
def test_paid_days_away_are_written_down_by_who_approves_hours_and_not_for_oneself(
    session: Session,
) -> None:
    hotel = make.hotel(session)
    who = make_people.employed(session, hotel).employee
    manager = make.by(session, hotel)
    owner = make_people.employee(session, hotel, "Olga Own", staff=manager)
    head = make_people.head(session, hotel)
    first = hotel.business_date
    sick: dict[str, Any] = {"kind": AbsenceKind.SICK, "first": first, "last": first}

    with pytest.raises(OwnHours):
        away.be_absent(session, owner, **sick, minutes_a_day=480, by=manager)
    away.be_absent(session, owner, **sick, by=manager)
    paid = away.be_absent(session, who, **sick, minutes_a_day=480, by=head)
    away.take_out(session, paid, by=head)
