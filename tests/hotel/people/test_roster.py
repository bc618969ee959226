"""The roster: what the rules refuse, publication and the duty list, absences, open shifts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.refusal import Refusal
from pms.hotel.house.departments import Department
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.people import away, duty, roster
from pms.hotel.people.absences import AbsenceKind, AbsentDay
from pms.hotel.people.away import AbsentAlready, StillAtWork
from pms.hotel.people.duty import Level
from pms.hotel.people.employees import Employee, Employment, Position
from pms.hotel.people.hours import paid_absences
from pms.hotel.people.roster import Planned, RosterShift, fitting
from pms.hotel.people.roster.fitting import Plans, Stint
from pms.hotel.people.roster.refusals import (
    Absent,
    ForAdults,
    MinorsHours,
    NothingToPublish,
    NotInPosition,
    NotOpen,
    Overlaps,
    ShiftBegun,
    ShiftGone,
    ShiftOver,
    TooLittleRest,
    TooLongADay,
    TooLongAWeek,
    TooShortABreak,
)
from pms.hotel.people.rules import Limits
from tests import make
from tests.hotel.people import make_people

MONDAY = date(2026, 11, 23)
FRONT = Department.FRONT_OFFICE
one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# --- the rules, as a table ------------------------------------------------------------------------

WHO = Employee(
    hotel_id=1, id=1, first_name="Ana", last_name="Reyes", hired_on=date(2026, 1, 1), left_on=None
)
YOUNG = Employee(
    hotel_id=1,
    id=1,
    first_name="Tom",
    last_name="Lind",
    hired_on=date(2026, 1, 1),
    born_on=date(2009, 6, 1),
)
AGENT = Position(hotel_id=1, id=5, title="Agent", adults_only=False)
BAR = Position(hotel_id=1, id=5, title="Bar", adults_only=True)
HELD = Employment(hotel_id=1, id=7, position_id=5, begins_on=date(2026, 1, 1), ends_on=None)


def stint(day: int, begins: int, ends: int) -> Stint:
    """A shift of November by the clock, half an hour of it a break; 31 is 07:00 of the next day."""
    midnight = datetime(2026, 11, day, tzinfo=UTC)
    since, until = (midnight + timedelta(hours=each) for each in (begins, ends))
    return Stint(midnight.date(), since, until, (ends - begins) * 60 - 30)


def unbroken(day: int, begins: int, ends: int) -> Stint:
    """The same without a break."""
    return replace(stint(day, begins, ends), minutes=(ends - begins) * 60)


WEEK = [stint(day, 7, 17) for day in range(23, 28)]  # 47:30 from Monday to Friday
CASES: list[tuple[str, Stint, list[Stint], type[Refusal] | None]] = [
    ("plain", stint(25, 7, 15), [], None),
    ("rested", stint(25, 10, 18), [stint(24, 15, 23)], None),
    ("early", stint(25, 7, 15), [stint(24, 15, 23)], TooLittleRest),
    ("late before", stint(24, 15, 23), [stint(25, 7, 15)], TooLittleRest),
    ("after a night", stint(25, 15, 23), [stint(24, 23, 31)], TooLittleRest),
    ("two at once", stint(25, 14, 20), [stint(25, 7, 15)], Overlaps),
    ("night and day", stint(25, 6, 12), [stint(24, 23, 31)], Overlaps),
    ("split", stint(25, 15, 18), [stint(25, 7, 12)], None),
    ("long", stint(25, 7, 18), [], TooLongADay),
    ("split too long", stint(25, 16, 23), [stint(25, 7, 12)], TooLongADay),
    ("week", stint(28, 7, 8), WEEK, None),
    ("week too long", stint(28, 7, 15), WEEK, TooLongAWeek),
    ("next week", stint(30, 7, 15), WEEK, None),
    ("six hours without a break", unbroken(25, 7, 13), [], None),
    ("seven without one", unbroken(25, 7, 14), [], TooShortABreak),
    ("hours between two shifts", unbroken(25, 15, 18), [unbroken(25, 7, 12)], None),
    ("two in a row", unbroken(25, 12, 15), [unbroken(25, 7, 12)], TooShortABreak),
]


@pytest.mark.parametrize(
    ("wanted", "others", "refusal"), [each[1:] for each in CASES], ids=[each[0] for each in CASES]
)
def test_a_shift_fits_or_says_why(
    wanted: Stint, others: list[Stint], refusal: type[Refusal] | None
) -> None:
    plans = Plans(WHO, [HELD], others, {})
    if refusal is None:
        fitting.check(wanted, AGENT, plans, Limits(), time_zone="UTC")
        return
    with pytest.raises(refusal, match="Ana Reyes"):
        fitting.check(wanted, AGENT, plans, Limits(), time_zone="UTC")


@pytest.mark.parametrize(
    ("wanted", "position", "refusal"),
    [
        (stint(25, 14, 22), AGENT, None),
        (stint(25, 14, 23), AGENT, MinorsHours),
        (stint(25, 5, 12), AGENT, MinorsHours),
        (stint(25, 20, 26), AGENT, MinorsHours),
        (stint(25, 8, 17), AGENT, TooLongADay),
        (stint(25, 8, 12), BAR, ForAdults),
    ],
)
def test_who_isnt_18_works_shorter_and_not_at_night(
    wanted: Stint, position: Position, refusal: type[Refusal] | None
) -> None:
    plans = Plans(YOUNG, [HELD], [], {})
    if refusal is None:
        fitting.check(wanted, position, plans, Limits(), time_zone="UTC")
        return
    with pytest.raises(refusal):
        fitting.check(wanted, position, plans, Limits(), time_zone="UTC")


def test_a_refusal_says_the_figure_and_the_way_out() -> None:
    plans = Plans(WHO, [HELD], [stint(24, 15, 23)], {date(2026, 11, 26): "sick"})

    with pytest.raises(TooLittleRest) as caught:
        fitting.check(stint(25, 7, 15), AGENT, plans, Limits(), time_zone="UTC")
    assert caught.value.sentence == (
        "Ana Reyes would rest 8:00 h between shifts; the least is 11:00 h. "
        "Begin later, or choose somebody else."
    )
    with pytest.raises(Absent, match=r"absent on Thu 26 Nov \(sick\)"):
        fitting.check(stint(26, 7, 15), AGENT, plans, Limits(), time_zone="UTC")
    with pytest.raises(TooShortABreak) as caught:
        fitting.check(unbroken(27, 7, 15), AGENT, plans, Limits(), time_zone="UTC")
    assert caught.value.sentence == (
        "Ana Reyes would work 8:00 h that day with a break of 0 min; the least is 30 min. "
        "Who makes the roster can make it longer."
    )
    left = Plans(WHO, [], [], {})
    with pytest.raises(NotInPosition, match="isn't employed as Agent"):
        fitting.check(stint(26, 7, 15), AGENT, left, Limits(), time_zone="UTC")


# --- a week ---------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The clock stands at noon of the hotel's day: nobody is told of a shift that is over."""
    with clock.set_to(make.NOON):
        yield


def test_a_published_week_fills_the_duty_list_and_tells_people(session: Session) -> None:
    hotel = make.hotel(session)
    by = make_people.head(session, hotel)
    clerk = make.by(session, hotel, Role.FRONT_DESK)
    ana = make_people.employed(session, hotel, staff=clerk, email="ana@example.com").employee
    ben = make_people.employed(session, hotel, "Ben Okafor").employee
    early = make_people.shift(session, hotel, MONDAY, who=ana, level=Level.IN_CHARGE)
    make_people.shift(session, hotel, MONDAY, (15, 23), who=ben)

    assert duty.of_day(session, hotel, MONDAY) == []
    roster.publish(session, hotel, FRONT, MONDAY, by=by)

    (row,) = duty.of_day(session, hotel, MONDAY)
    assert (row.person.name, row.level, row.shift) == (clerk.name, 2, duty.Shift.EARLY)
    at = make_people.instant(hotel, "2026-11-23 08:00")
    there = duty.there(hotel, FRONT, Level.IN_CHARGE, at)
    assert session.scalars(there).all() == [clerk.id]
    letter = session.scalars(sa.select(Letter)).one()
    assert "Mon 23 Nov 2026 07:00 to 15:00, Agent" in letter.text
    with pytest.raises(NothingToPublish):
        roster.publish(session, hotel, FRONT, MONDAY, by=by)

    planned = Planned(early.position, MONDAY, time(8), time(16), ana, level=Level.IN_CHARGE)
    roster.change(session, early, planned, by=by)
    was_news = early.is_news
    assert [each.starts_at for each in duty.of_day(session, hotel, MONDAY)] == [early.starts_at]
    assert roster.say_seen(session, ana, by=clerk) == 1
    session.refresh(early)
    assert (was_news, early.is_news) == (True, False)

    other = roster.change(session, early, Planned(early.position, MONDAY, time(8), time(16)), by=by)
    assert early.cancelled_at is not None
    assert other.employee_id is None
    assert duty.of_day(session, hotel, MONDAY) == []
    words = session.scalars(sa.select(Letter.text).order_by(Letter.id)).all()
    assert "Changed: Mon 23 Nov 2026 08:00" in words[1]
    assert "Cancelled: Mon 23 Nov 2026 08:00" in words[2]


@one_engine
@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("de", "Mo 23.11.2026 07:00 bis 15:00, Agent"),
        ("fr", "lun. 23/11/2026 de 07:00 à 15:00, Agent"),
        ("es", "lun 23/11/2026 de 07:00 a 15:00, Agent"),
    ],
)
def test_letters_about_shifts_speak_the_language_of_who_gets_them(
    session: Session, language: str, says: str
) -> None:
    hotel = make.hotel(session)
    by, who = make_people.head(session, hotel), make_people.employed(session, hotel).employee
    who.email, who.language = "ana@mail.example", language
    make_people.shift(session, hotel, MONDAY, who=who)

    roster.publish(session, hotel, FRONT, MONDAY, by=by)

    assert says in session.scalars(sa.select(Letter.text)).one()


@one_engine
def test_last_week_is_copied_and_what_doesnt_fit_is_open_and_named(session: Session) -> None:
    hotel = make.hotel(session)
    by = make_people.head(session, hotel)
    ana = make_people.employed(session, hotel).employee
    ben = make_people.employed(session, hotel, "Ben Okafor").employee
    for n in range(3):
        make_people.shift(session, hotel, MONDAY + timedelta(days=n), who=ana)
    make_people.shift(session, hotel, MONDAY, (22, 6), who=ben)
    following = MONDAY + timedelta(days=7)
    away.be_absent(session, ana, kind=AbsenceKind.SICK, first=following, last=following, by=by)

    done = roster.copy_week(session, hotel, FRONT, following, by=by)

    assert done.shifts == 4
    assert done.opened == ("Ana Reyes is absent on Mon 30 Nov (sick). Choose somebody else.",)
    copied = session.scalars(sa.select(RosterShift).where(RosterShift.day >= following)).all()
    assert sorted(each.employee_id or 0 for each in copied) == sorted([0, ana.id, ana.id, ben.id])
    with pytest.raises(Refusal, match="has shifts already"):
        roster.copy_week(session, hotel, FRONT, following, by=by)
    with pytest.raises(NotAllowed):
        clerk = make.by(session, hotel, Role.FRONT_DESK)
        roster.copy_week(session, hotel, FRONT, following, by=clerk)


@one_engine
def test_an_open_shift_is_taken_once_by_who_may_have_it(session: Session) -> None:
    hotel = make.hotel(session)
    by = make_people.head(session, hotel)
    clerk = make.by(session, hotel, Role.HOUSEKEEPER)
    ana = make_people.employed(session, hotel, staff=clerk).employee
    ben = make_people.employed(session, hotel, "Ben Okafor").employee
    cook = make_people.employed(
        session,
        hotel,
        "Cid Cook",
        held=make_people.position(session, hotel, "COOK", department=Department.FOOD_AND_BEVERAGE),
    ).employee
    shift = make_people.shift(session, hotel, MONDAY)

    with clock.set_to(make_people.instant(hotel, "2026-11-22 12:00")):
        with pytest.raises(ShiftGone):
            roster.take_open(session, shift, ana, by=clerk)
        roster.publish(session, hotel, FRONT, MONDAY, by=by)
        with pytest.raises(NotInPosition):
            roster.take_open(session, shift, cook, by=by)
        roster.take_open(session, shift, ana, by=clerk)
        with pytest.raises(NotOpen, match="Ana Reyes has that shift"):
            roster.take_open(session, shift, ben, by=by)

    assert [each.staff_id for each in duty.of_day(session, hotel, MONDAY)] == [clerk.id]


@one_engine
def test_an_open_shift_that_has_begun_is_not_taken_but_given(session: Session) -> None:
    hotel = make.hotel(session)
    by = make_people.head(session, hotel)
    clerk = make.by(session, hotel, Role.HOUSEKEEPER)
    employment = make_people.employed(session, hotel, staff=clerk)
    ana, agent = employment.employee, employment.position
    shift = make_people.shift(session, hotel, MONDAY, (15, 23))
    roster.publish(session, hotel, FRONT, MONDAY, by=by)

    def offered(wall: str) -> list[RosterShift]:
        with clock.set_to(make_people.instant(hotel, wall)):
            return roster.open_for(session, ana, MONDAY, MONDAY)

    assert offered("2026-11-23 14:59") == [shift]
    assert offered("2026-11-23 15:00") == []
    with (
        clock.set_to(make_people.instant(hotel, "2026-11-23 23:00")),
        pytest.raises(ShiftOver, match="ended at Mon 23:00"),
    ):
        roster.take_open(session, shift, ana, by=clerk)
    with clock.set_to(make_people.instant(hotel, "2026-11-23 19:35")):
        with pytest.raises(ShiftBegun, match="began at Mon 15:00"):
            roster.take_open(session, shift, ana, by=clerk)
        given = roster.change(
            session, shift, Planned(agent, MONDAY, time(15), time(23), ana), by=by
        )

    assert given.employee_id == ana.id


@one_engine
def test_who_is_absent_or_leaves_gives_shifts_back(session: Session) -> None:
    hotel = make.hotel(session)
    by = make.by(session, hotel)
    employment = make_people.employed(session, hotel)
    ana = employment.employee
    for n in (0, 1, 5, 8):
        make_people.shift(session, hotel, MONDAY + timedelta(days=n), who=ana)
    make_people.worked(session, employment, "2026-11-19 07:00", "2026-11-19 15:00")
    sunday = MONDAY + timedelta(days=6)

    away.be_absent(
        session,
        ana,
        kind=AbsenceKind.VACATION,
        first=MONDAY,
        last=sunday,
        minutes_a_day=480,
        by=by,
    )
    with pytest.raises(AbsentAlready):
        away.be_absent(session, ana, kind=AbsenceKind.SICK, first=sunday, last=sunday, by=by)

    hers = sa.select(sa.func.count()).select_from(RosterShift).filter_by(employee_id=ana.id)
    assert session.scalar(hers) == 1
    paid = paid_absences(session, hotel, MONDAY, sunday)
    assert [each.minutes for each in paid] == [480] * 5
    with pytest.raises(StillAtWork):
        away.leave(session, ana, left_on=date(2026, 11, 18), why="", by=by)
    assert away.leave(session, ana, left_on=sunday, why="Moves", by=by) == 1
    assert session.scalar(hers) == 0
    session.refresh(employment)
    assert employment.ends_on == sunday
    absence = away.of(session, ana)[0]
    away.take_out(session, absence, by=by)
    assert paid_absences(session, hotel, MONDAY, sunday) == []


def test_a_position_that_ends_gives_its_later_shifts_back(session: Session) -> None:
    hotel = make.hotel(session)
    by = make.by(session, hotel)
    agent = make_people.employed(session, hotel)
    ana, bar = agent.employee, make_people.position(session, hotel, "BAR")
    make_people.holds(session, ana, bar)
    for n in (0, 1):
        make_people.shift(session, hotel, MONDAY + timedelta(days=n), who=ana)
    kept = make_people.shift(session, hotel, MONDAY + timedelta(days=2), who=ana, held=bar)
    make_people.worked(session, agent, "2026-11-19 07:00", "2026-11-19 15:00")

    with pytest.raises(StillAtWork, match="worked on Thu 19 Nov 2026"):
        away.end_position(session, agent, ends_on=date(2026, 11, 18), by=by)
    assert away.end_position(session, agent, ends_on=MONDAY, by=by) == 1

    assert agent.ends_on == MONDAY
    hers = sa.select(RosterShift.day).filter_by(employee_id=ana.id).order_by(RosterShift.day)
    assert session.scalars(hers).all() == [MONDAY, kept.day]


def test_the_database_itself_refuses_two_shifts_at_once_and_absent_people(
    session: Session,
) -> None:
    hotel = make.hotel(session)
    by = make.by(session, hotel)
    ana = make_people.employed(session, hotel).employee
    first = make_people.shift(session, hotel, MONDAY, who=ana)
    spare = make_people.shift(session, hotel, MONDAY)
    monday, tuesday = MONDAY, MONDAY + timedelta(days=1)
    later = make_people.shift(session, hotel, tuesday)
    away.be_absent(session, ana, kind=AbsenceKind.SICK, first=tuesday, last=tuesday, by=by)
    session.commit()

    def give(shift: RosterShift) -> sa.Update:
        return sa.update(RosterShift).filter_by(id=shift.id).values(employee_id=ana.id)

    absent_too = sa.insert(AbsentDay).from_select(
        ["hotel_id", "employee_id", "day", "absence_id", "minutes_paid"],
        sa.select(
            AbsentDay.hotel_id,
            AbsentDay.employee_id,
            sa.literal(monday),
            AbsentDay.absence_id,
            sa.literal(0),
        ),
    )
    cook = make_people.position(session, hotel, "COOK")
    session.commit()
    cases: list[tuple[sa.Executable, str]] = [
        (give(spare), "two shifts at a time"),
        (give(later), "holds the position and is there"),
        (absent_too, "holds the position and is there"),
        (
            sa.update(RosterShift).filter_by(id=first.id).values(position_id=cook.id),
            "holds the position and is there",
        ),
        (sa.text("UPDATE employments SET begins_on = '2025-01-01'"), "from the hire"),
        (
            sa.text(
                "INSERT INTO employments (hotel_id, id, employee_id, position_id, begins_on,"
                " exempt, jurisdiction) SELECT hotel_id, 1, employee_id, position_id,"
                " begins_on, exempt, jurisdiction FROM employments"
            ),
            "same position twice",
        ),
    ]
    for statement, said in cases:
        with pytest.raises(DBAPIError, match=said):
            session.execute(statement)
        session.rollback()
