"""The demo's housekeeping and maintenance today: sheets half done, a difference, things broken."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.demo import team
from pms.demo.building import Plan
from pms.demo.month import House
from pms.demo.requests import ago
from pms.hotel.house import hiring
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.people import duty
from pms.hotel.people.duty import Level, Shift
from pms.hotel.rooms import inventory, rooms
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.rooms import Room
from pms.hotel.service import housekeeping, maintenance
from pms.hotel.service.housekeeping import Task, TaskState, Work, minibar, standards
from pms.hotel.service.maintenance import WorkOrder
from pms.hotel.service.requests import Priority
from pms.hotel.tariff import charges

ATTENDANTS = ("Nguyễn Thị Hoa", "Оксана Бондар")  # beside the housekeeper who can sign in
SHIFT = 420  # minutes
MINIBAR = (("Still water", 350), ("Beer", 500), ("Red wine, 0.2 l", 950), ("Salted nuts", 450))
SUITES = {
    Work.DEPARTURE: (60, 5),
    Work.LINEN: (45, 4),
    Work.STAY: (30, 2),
    Work.TOUCH_UP: (15, 1),
}
BROKEN: tuple[tuple[int, str, str | None, Priority], ...] = (
    (300, "Air conditioning blows warm", None, Priority.HIGH),
    (260, "Safe doesn't open with the master code", None, Priority.NORMAL),
    (200, "Ice machine leaks", "Corridor, third floor", Priority.URGENT),
    (120, "Bedside lamp flickers", None, Priority.LOW),
    (40, "Silicone behind the bath is black", None, Priority.NORMAL),
)


def hire(session: Session, chain: Chain, hotels: Sequence[Hotel]) -> None:
    """Hire those who clean beside the housekeeper; nobody can sign in as them."""
    for number, name in enumerate(ATTENDANTS, start=2):
        hiring.hire(
            session, chain, email=f"housekeeper-{number}@lantern.example", name=name,
            password=None, roles=dict.fromkeys(hotels, Role.HOUSEKEEPER),
        )  # fmt: skip


def live(house: House, plan: Plan, *, today: date) -> None:
    """Share out the rooms an hour ago, and let everybody work until now."""
    with ago(house, 70) as hotel:
        _furnish(house, hotel, today=today)
    with ago(house, 65) as hotel:
        hands = _hands(house)
        if any(each.unshared for each in housekeeping.today(house.session, hotel)):
            people = dict.fromkeys(hands, SHIFT)
            housekeeping.share_out(
                house.session, hotel, people, by=house.who(Role.HOUSEKEEPING_MANAGER)
            )
    _work(house)
    _differ(house)
    _mend(house)
    if len(plan.kinds) > 1:
        _keep_one(house, today=today)


def _furnish(house: House, hotel: Hotel, *, today: date) -> None:
    """Say how long suites take, fill the minibar, and put everybody on the duty list."""
    head, manager = house.who(Role.HOUSEKEEPING_MANAGER), house.who(Role.MANAGER)
    suite = rooms.types(house.session, hotel)[-1]
    for work, (minutes, counts) in SUITES.items():
        standards.set_effort(house.session, suite, work, minutes=minutes, credits=counts, by=head)
    code = charges.by_code(house.session, hotel, "MINIBAR")
    if code is None:
        raise LookupError("MINIBAR")
    for name, minor in MINIBAR:
        price = Money(minor, hotel.currency)
        minibar.add(house.session, hotel, name=name, price=price, code=code, by=head)
    for person in _hands(house)[1:]:
        duty.put(
            house.session, hotel, person=person, department=Department.HOUSEKEEPING,
            level=Level.ATTENDS, day=today, shift=Shift.EARLY, by=manager,
        )  # fmt: skip


def _hands(house: House) -> list[Staff]:
    """Return who cleans, who can sign in first."""
    cleaners = [
        each
        for each in housekeeping.attendants(house.session, house.hotel)
        if each.role_in(house.hotel.id) is Role.HOUSEKEEPER
    ]
    nadia = team.email(Role.HOUSEKEEPER)
    return sorted(cleaners, key=lambda each: (each.email != nadia, each.email))


def _sheet(house: House, person: Staff) -> list[Task]:
    """Return what somebody has still to do, in order."""
    mine = [
        each.task
        for each in housekeeping.today(house.session, house.hotel)
        if each.task is not None and each.task.is_open and each.attendant == person.name
    ]
    return sorted(mine, key=lambda task: task.rank)


def _work(house: House) -> None:
    """Let each do a few rooms; doors stay shut, and one room goes back."""
    head = house.who(Role.HOUSEKEEPING_MANAGER)
    for number in range(len(_hands(house))):
        for minutes, deed in ((60, "finish"), (42, "finish"), (24, "finish")):
            with ago(house, minutes - 3 * number):
                person = _hands(house)[number]
                vacant = [t for t in _sheet(house, person) if t.state is TaskState.TO_DO]
                if len(vacant) > 2:
                    housekeeping.start(house.session, vacant[0], by=person)
            with ago(house, minutes - 14 - 3 * number):
                person = _hands(house)[number]
                begun = [t for t in _sheet(house, person) if t.state is TaskState.CLEANING]
                for task in begun[:1]:
                    getattr(housekeeping, deed)(house.session, task, by=person)
        with ago(house, 8 - number):
            _at_doors(house, _hands(house)[number])
    with ago(house, 5):
        done = [
            each.task
            for each in housekeeping.today(house.session, house.hotel)
            if each.task is not None and each.task.state is TaskState.DONE
        ]
        for task in done[: len(done) // 2]:
            housekeeping.inspect(house.session, task, by=head)
        for task in done[-1:]:
            housekeeping.redo(house.session, task, why="Mirror has streaks", by=head)


def _at_doors(house: House, person: Staff) -> None:
    """Begin the next room, and find one door shut and one guest who wants no service."""
    mine = [task for task in _sheet(house, person) if task.state is TaskState.TO_DO]
    stay = [task for task in mine[1:] if task.work in {Work.STAY, Work.LINEN}]
    for task in stay[:1]:
        housekeeping.not_to_disturb(house.session, task, by=person)
    for task in stay[2:3]:
        housekeeping.decline(house.session, task, by=person)
    for task in mine[:1]:
        housekeeping.start(house.session, task, by=person)


def _differ(house: House) -> None:
    """Let somebody see a person in a room that the desk has vacant."""
    with ago(house, 18) as hotel:
        seen = housekeeping.today(house.session, hotel)
        empty = [e for e in seen if e.inside is None and e.coming is None and e.block is None]
        if empty:
            room = _room(house, empty[0].room_id)
            housekeeping.look(house.session, room, persons=1, by=_hands(house)[-1])


def _mend(house: House) -> None:
    """Report what is broken since the morning, and do some of it."""
    manager = house.who(Role.MANAGER)
    made: list[int] = []
    for number, (minutes, words, place, priority) in enumerate(BROKEN):
        with ago(house, minutes) as hotel:
            every = rooms.all_rooms(house.session, hotel)
            room = None if place else every[(number * 7) % len(every)]
            made.append(
                maintenance.report(
                    house.session, hotel, words=words, room=room, place=place, priority=priority,
                    due_on=hotel.business_date, by=house.who(Role.HOUSEKEEPER),
                ).id
            )  # fmt: skip
    with ago(house, 30) as hotel:
        orders = [house.session.get_one(WorkOrder, (hotel.id, each)) for each in made]
        maintenance.start(house.session, orders[0], by=manager)
        maintenance.hold(house.session, orders[1], reason="Locksmith comes tomorrow", by=manager)
        maintenance.assign(
            house.session, orders[2], person=house.who(Role.NIGHT_AUDITOR), by=manager
        )
        maintenance.finish(
            house.session, orders[3], words="New bulb", labour_minutes=10,
            parts=Money(480, hotel.currency), by=manager,
        )  # fmt: skip


def _keep_one(house: House, *, today: date) -> None:
    """Take a room out of order in some days for the bath that is black."""
    with ago(house, 20) as hotel:
        first, until = today + timedelta(days=9), today + timedelta(days=11)
        for kind in rooms.types(house.session, hotel):
            left = inventory.availability(house.session, hotel, first, until)
            free = inventory.vacant(house.session, hotel, type_id=kind.id, first=first, until=until)
            if not free or not any(e.type_id == kind.id and e.rooms > 0 for e in left):
                continue
            order = maintenance.report(
                house.session, hotel, words="Bath is refitted", room=free[0],
                priority=Priority.NORMAL, due_on=first, by=house.who(Role.MANAGER),
            )  # fmt: skip
            maintenance.keep_from_guests(
                house.session, order, Block.OUT_OF_ORDER, first=first, until=until,
                by=house.who(Role.MANAGER),
            )  # fmt: skip
            return


def _room(house: House, room_id: int) -> Room:
    return house.session.get_one(Room, (house.hotel.id, room_id))
