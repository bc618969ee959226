"""The crew of the demo: who works there, a published week, what was punched, and what is odd."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from pms.base import clock
from pms.base.db import transaction
from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.people import away, employees, linking, roster
from pms.hotel.people.absences import AbsenceKind
from pms.hotel.people.duty import Level
from pms.hotel.people.employees import (
    Employee,
    PaperKind,
    PayBasis,
    Person,
    Position,
    papers,
    pay,
    positions,
    training,
)
from pms.hotel.people.roster import Planned, RosterShift, templates
from pms.hotel.people.roster.fitting import monday_of
from pms.hotel.people.timeclock import Punched, Source, approving, pins, punching
from pms.hotel.people.timeclock.punching import Press

PIN = "835146"  # of everybody with a PIN; it opens nothing without a paired tablet
FEW = 6  # of a small house
HIRED = timedelta(days=400)
LATE, FORGETS = 2, 4  # who came late yesterday, and who never clocked out
FRONT, ROOMS, KITCHEN = (
    Department.FRONT_OFFICE,
    Department.HOUSEKEEPING,
    Department.FOOD_AND_BEVERAGE,
)


class Hand(NamedTuple):
    """One of the crew: what they are, what an hour pays, when they work, who they sign in as."""

    name: str
    code: str
    rate: str
    hours: tuple[int, int]
    role: Role | None = None


POSITIONS = (
    ("AGENT", "Front desk agent", FRONT, False),
    ("NIGHT", "Night auditor", FRONT, False),
    ("ROOMS", "Room attendant", ROOMS, False),
    ("HEAD", "Head housekeeper", ROOMS, False),
    ("SERVER", "Server", KITCHEN, True),
    ("COOK", "Cook", KITCHEN, False),
)
CREW = (
    Hand("Mira Schneider", "AGENT", "16.80", (7, 15), Role.FRONT_DESK),
    Hand("Nadia Rahimi", "ROOMS", "14.60", (7, 15), Role.HOUSEKEEPER),
    Hand("Pavel Hrubý", "AGENT", "15.90", (15, 23)),
    Hand("Ruth Adeyemi", "NIGHT", "18.20", (23, 7), Role.NIGHT_AUDITOR),
    Hand("Salome Beridze", "ROOMS", "14.20", (8, 16)),
    Hand("Björn Aalto", "HEAD", "19.50", (7, 15), Role.HOUSEKEEPING_MANAGER),
    Hand("Grete Voss", "AGENT", "16.10", (7, 15)),
    Hand("Idris Kamara", "AGENT", "15.90", (15, 23)),
    Hand("Lena Vogt", "NIGHT", "17.40", (23, 7)),
    Hand("Amina Diallo", "ROOMS", "14.20", (8, 16)),
    Hand("Rosa Pinto", "ROOMS", "14.20", (8, 16)),
    Hand("Mai Tran", "ROOMS", "14.20", (8, 16)),
    Hand("Dana Ilić", "ROOMS", "14.40", (15, 21)),
    Hand("Ewa Nowak", "ROOMS", "14.20", (8, 16)),
    Hand("Luca Bianchi", "SERVER", "13.90", (6, 14)),
    Hand("Emre Aydın", "SERVER", "13.90", (14, 22)),
    Hand("Sofia Lund", "SERVER", "13.90", (6, 14)),
    Hand("Karl Brandt", "COOK", "18.90", (6, 14)),
    Hand("Hugo Marin", "COOK", "17.30", (14, 22)),
    Hand("Yara Haddad", "COOK", "16.40", (14, 22)),
)
USUAL = (
    ("AGENT", "E", 7, 15), ("AGENT", "L", 15, 23), ("NIGHT", "N", 23, 7), ("ROOMS", "E", 8, 16),
    ("ROOMS", "L", 15, 21), ("SERVER", "B", 6, 14), ("SERVER", "D", 14, 22), ("COOK", "K", 6, 14),
)  # fmt: skip


def live(house: House, *, today: date, many: bool) -> None:
    """Hire the crew, roster this week and draft the next, and punch until now."""
    hands = CREW if many else CREW[:FEW]
    weeks = sorted({monday_of(today - timedelta(days=2)), monday_of(today)})
    with house.at(weeks[0] - timedelta(days=3), time(9)) as hotel:
        held = _positions(house, hotel)
        people = [_hire(house, hotel, hand, held[hand.code], today=today) for hand in hands]
        _keep_papers(house, hotel, people, today=today)
        for monday in weeks:
            _roster(house, hotel, hands, people, held, monday)
    _punch(house, hotel, people, weeks[0], today)
    with clock.set_to(house.now), transaction(house.session):
        hotel, head = house.hotel, house.who(Role.HOUSEKEEPING_MANAGER)
        following = weeks[-1] + timedelta(days=7)
        away.be_absent(
            house.session, people[1], kind=AbsenceKind.VACATION, first=following,
            last=following + timedelta(days=2), minutes_a_day=480, by=head,
        )  # fmt: skip
        roster.copy_week(house.session, hotel, ROOMS, following, by=head)


def _positions(house: House, hotel: Hotel) -> dict[str, Position]:
    session, by = house.session, house.who(Role.MANAGER)
    held = {
        code: positions.add(
            session, hotel, code=code, title=title, department=department, tipped=tipped, by=by
        )
        for code, title, department, tipped in POSITIONS
    }
    for code, name, begins, ends in USUAL:
        templates.add(
            session, hotel, position=held[code], code=name, begins=time(begins), ends=time(ends),
            break_minutes=30, level=Level.ATTENDS, by=by,
        )  # fmt: skip
    return held


def _hire(house: House, hotel: Hotel, hand: Hand, held: Position, *, today: date) -> Employee:
    session, by = house.session, house.who(Role.MANAGER)
    first, _, last = hand.name.partition(" ")
    number = employees.next_number(session, hotel)
    is_head = hand.code == "HEAD"
    person = Person(number, first, last, held.department, is_manager=is_head)
    made = employees.hire(session, hotel, person, hired_on=today - HIRED, by=by)
    employment = employees.begin_position(
        session, made, held, begins_on=made.hired_on, jurisdiction="DE", by=by
    )
    pay.set_rate(
        session, employment, amount=Money.parse(hand.rate, hotel.currency), basis=PayBasis.HOUR,
        valid_from=made.hired_on, by=by,
    )  # fmt: skip
    if hand.role is not None:
        linking.link(session, made, house.who(hand.role), by=by)
    return made


def _keep_papers(house: House, hotel: Hotel, people: Sequence[Employee], *, today: date) -> None:
    """Let one document run out soon, ask for two courses, and give the first a PIN."""
    session, by = house.session, house.who(Role.MANAGER)
    permit = papers.Seen(PaperKind.WORK_PERMIT, today + timedelta(days=18))
    papers.keep(session, people[1], permit, by=by)
    fire = training.add_course(
        session, hotel, name="Fire safety", department=None, every_months=12, within_days=14, by=by
    )
    for each in people[:-2]:
        training.note(session, each, fire, done_on=each.hired_on + timedelta(days=200), by=by)
    pins.set_pin(session, people[0], pin=PIN, by=by)


def _roster(
    house: House,
    hotel: Hotel,
    hands: Sequence[Hand],
    people: Sequence[Employee],
    held: dict[str, Position],
    monday: date,
) -> None:
    """Give everybody five days of the week, by turns, with one open shift; and publish it."""
    session, by = house.session, house.who(Role.MANAGER)
    for place, (hand, who) in enumerate(zip(hands, people, strict=True)):
        position = held[hand.code]
        for n in range(5):
            day = monday + timedelta(days=(place + n) % 7)
            level = Level.IN_CHARGE if hand.code == "HEAD" else Level.ATTENDS
            begins, ends = (time(each) for each in hand.hours)
            planned = Planned(position, day, begins, ends, who, level=level)
            roster.put(session, hotel, position.department, planned, by=by)
    sunday = monday + timedelta(days=6)
    spare = Planned(held["AGENT"], sunday, time(15), time(23))
    roster.put(session, hotel, FRONT, spare, by=by)
    for department in sorted({held[hand.code].department for hand in hands}):
        roster.publish(session, hotel, department, monday, by=by)


def _punch(
    house: House, hotel: Hotel, people: Sequence[Employee], first: date, today: date
) -> None:
    """Let people clock in and out as they were rostered, but for two; then approve what is old."""
    for place, who in enumerate(people):
        for shift in roster.of_person(house.session, who, first, today):
            yesterday = shift.day == today - timedelta(days=1)
            late = timedelta(minutes=14 if yesterday and place == LATE else -2)
            _work(house, who, shift, late=late, leaves=not (yesterday and place == FORGETS))
    old = today - timedelta(days=2)
    with clock.set_to(house.now), transaction(house.session):
        head = house.who(Role.MANAGER)
        if any(each.day <= old for each in roster.of_person(house.session, people[0], first, old)):
            approving.approve_days(house.session, hotel, first=first, last=old, by=head)


def _work(
    house: House, who: Employee, shift: RosterShift, *, late: timedelta, leaves: bool
) -> None:
    middle = shift.starts_at + (shift.ends_at - shift.starts_at) / 2
    presses = [
        (Punched.IN, shift.starts_at + late),
        (Punched.BREAK, middle),
        (Punched.BACK, middle + timedelta(minutes=31)),
        (Punched.OUT, shift.ends_at + timedelta(minutes=3)),
    ]
    for kind, at in presses if leaves else presses[:-1]:
        if at < house.now:
            _press(house, who, kind, at)


def _press(house: House, who: Employee, kind: Punched, at: datetime) -> None:
    with clock.set_to(at), transaction(house.session):
        by = house.who(Role.MANAGER)
        punching.punch(house.session, who, kind, press=Press(Source.TABLET), by=by)
