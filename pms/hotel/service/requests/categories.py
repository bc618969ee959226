"""Categories: what is asked for, whose work it is, and how long it may take by priority and VIP."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, OfHotel, choice, lock, new_id, upsert, within_hotel
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import business_day, logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class Priority(enum.StrEnum):
    """How much it presses."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


LONGEST_CLOCK = 7 * 24 * 60  # minutes
# How a category's plain minutes are read at first for each priority, in percent; VIPs wait half.
_FIRST = {Priority.LOW: 200, Priority.NORMAL: 100, Priority.HIGH: 50, Priority.URGENT: 25}
_VIP = 50


class CategoryTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a category {code} already. Choose another code.", field="code")


class Category(OfHotel, Base):
    """A kind of request: its department, its usual priority, and whether it is a complaint."""

    __tablename__ = "request_categories"
    __table_args__ = (
        sa.UniqueConstraint("hotel_id", "code"),
        sa.CheckConstraint("department <> 'management'", name="done_by_a_department"),
    )

    code: Mapped[str]
    name: Mapped[str]
    department: Mapped[Department] = mapped_column(choice(Department))
    priority: Mapped[Priority] = mapped_column(choice(Priority), default=Priority.NORMAL)
    complaint: Mapped[bool] = mapped_column(default=False)
    guest_visible: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class RequestClock(Base):
    """Minutes for a category, a priority, and VIPs or others.

    Until somebody has seen it, until it is done, and between one level above and the next.
    """

    __tablename__ = "request_clocks"
    __table_args__ = (
        within_hotel("category_id", "request_categories"),
        sa.CheckConstraint("seen_minutes > 0 AND step_minutes > 0", name="takes_time"),
        sa.CheckConstraint("due_minutes >= seen_minutes", name="seen_before_it_is_due"),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    category_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    priority: Mapped[Priority] = mapped_column(choice(Priority), primary_key=True)
    vip: Mapped[bool] = mapped_column(primary_key=True)
    seen_minutes: Mapped[int]
    due_minutes: Mapped[int]
    step_minutes: Mapped[int]

    @property
    def seen(self) -> timedelta:
        """How long until somebody has to have seen it."""
        return timedelta(minutes=self.seen_minutes)

    @property
    def due(self) -> timedelta:
        """How long until it has to be done."""
        return timedelta(minutes=self.due_minutes)

    @property
    def step(self) -> timedelta:
        """How long each further level has."""
        return timedelta(minutes=self.step_minutes)


@dataclass(frozen=True)
class Minutes:
    """The three clocks, in minutes."""

    seen: int
    due: int
    step: int


def add(
    session: Session,
    hotel: Hotel,
    *,
    code: str,
    name: str,
    department: Department,
    seen: int,
    due: int,
    priority: Priority = Priority.NORMAL,
    complaint: bool = False,
    guest_visible: bool = True,
    by: Staff,
) -> Category:
    """Add a category; `seen` and `due` are minutes at normal priority, the other clocks follow.

    Refuses a code in use, and management: matters come to it by themselves.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold(session, hotel)
    code, name = code.strip().upper(), name.strip()
    if not 1 <= len(code) <= 16 or not code.isprintable():
        raise Invalid("A category's code has 1 to 16 characters.", field="code")
    if not 1 <= len(name) <= 80:
        raise Invalid("A category's name has 1 to 80 letters.", field="name")
    if department is Department.MANAGEMENT:
        raise Invalid("Management is asked last. Choose who does the work.", field="department")
    if by_code(session, hotel, code) is not None:
        raise CategoryTaken(code)
    _refuse_odd(Minutes(seen, due, max(1, due // 2)))
    made = Category(
        hotel_id=hotel.id,
        id=new_id(),
        code=code,
        name=name,
        department=department,
        priority=priority,
        complaint=complaint,
        guest_visible=guest_visible,
    )
    session.add(made)
    session.flush()
    upsert(session, RequestClock, _first_clocks(made, seen, due), key=_KEY)
    logbook.record(
        session, "added category", made, by=by, day=day, code=code, seen_minutes=seen,
        due_minutes=due, department=department.value,
    )  # fmt: skip
    return made


_KEY = ("hotel_id", "category_id", "priority", "vip")


def _first_clocks(category: Category, seen: int, due: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for priority, percent in _FIRST.items():
        for vip in (False, True):
            share = percent * (_VIP if vip else 100)
            seen_minutes = max(1, seen * share // 10_000)
            due_minutes = max(seen_minutes, due * share // 10_000, 1)
            rows.append(
                {
                    "hotel_id": category.hotel_id,
                    "category_id": category.id,
                    "priority": priority,
                    "vip": vip,
                    "seen_minutes": seen_minutes,
                    "due_minutes": due_minutes,
                    "step_minutes": max(1, due_minutes // 2),
                }
            )
    return rows


def set_clock(
    session: Session,
    category: Category,
    *,
    priority: Priority,
    vip: bool,
    minutes: Minutes,
    by: Staff,
) -> Category:
    """Say how long requests of a category may take from now on; open ones keep their clocks."""
    require(by, Permission.DIRECT_REQUESTS, category.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, category.hotel_id))
    _refuse_odd(minutes)
    lock(session, category)
    before = clock_of(session, category, priority, vip=vip)
    upsert(
        session,
        RequestClock,
        [
            {
                "hotel_id": category.hotel_id,
                "category_id": category.id,
                "priority": priority,
                "vip": vip,
                "seen_minutes": minutes.seen,
                "due_minutes": minutes.due,
                "step_minutes": minutes.step,
            }
        ],
        key=_KEY,
    )
    session.expire(before)
    category.version += 1
    session.flush()
    logbook.record(
        session, "set clock", category, by=by, day=day, priority=priority.value, vip=vip,
        seen_minutes=minutes.seen, due_minutes=minutes.due, step_minutes=minutes.step,
    )  # fmt: skip
    return category


def retire(session: Session, category: Category, *, by: Staff) -> Category:
    """Ask for it no more, or again; what was asked stays as it is."""
    require(by, Permission.SET_UP, category.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, category.hotel_id))
    lock(session, category)
    category.active = not category.active
    category.version += 1
    session.flush()
    verb = "offered again" if category.active else "retired"
    logbook.record(session, verb, category, by=by, day=day, code=category.code)
    return category


def _refuse_odd(minutes: Minutes) -> None:
    longest = LONGEST_CLOCK
    if not 1 <= minutes.seen <= longest:
        raise Invalid("Say after how many minutes somebody has to have seen it.", field="seen")
    if not minutes.seen <= minutes.due <= longest:
        raise Invalid("It is due after it was seen, and within a week.", field="due")
    if not 1 <= minutes.step <= longest:
        raise Invalid("Say how many minutes each level above has.", field="step")


def clock_of(
    session: Session, category: Category, priority: Priority, *, vip: bool
) -> RequestClock:
    """Return the clock of a category for a priority, and for VIPs or others."""
    return session.get_one(
        RequestClock,
        {
            "hotel_id": category.hotel_id,
            "category_id": category.id,
            "priority": priority,
            "vip": vip,
        },
    )


def by_code(session: Session, hotel: Hotel, code: str) -> Category | None:
    """Return the hotel's category of that code."""
    return session.scalar(
        sa.select(Category).where(Category.hotel_id == hotel.id, Category.code == code)
    )


def offered(session: Session, hotel: Hotel) -> Sequence[Category]:
    """Return what can be asked for, by department and name, complaints last."""
    return session.scalars(
        sa.select(Category)
        .where(Category.hotel_id == hotel.id, Category.active)
        .order_by(Category.complaint, Category.department, Category.name)
        .limit(500)
    ).all()


_D = Department
USUAL: tuple[tuple[str, str, Department, int, int, bool], ...] = (
    ("TOWELS", "Towels and linen", _D.HOUSEKEEPING, 5, 20, False),
    ("AMENITY", "Toiletries and amenities", _D.HOUSEKEEPING, 5, 20, False),
    ("MAKEUP", "Make up the room", _D.HOUSEKEEPING, 10, 60, False),
    ("BED", "Extra bed or cot", _D.HOUSEKEEPING, 10, 60, False),
    ("REPAIR", "Something is broken", _D.ENGINEERING, 10, 60, False),
    ("CLIMATE", "Too warm or too cold", _D.ENGINEERING, 5, 30, False),
    ("TV", "Television or internet", _D.ENGINEERING, 10, 45, False),
    ("LUGGAGE", "Help with luggage", _D.CONCIERGE, 5, 15, False),
    ("TAXI", "Taxi or transport", _D.CONCIERGE, 5, 30, False),
    ("FOOD", "Food and drink to the room", _D.FOOD_AND_BEVERAGE, 5, 40, False),
    ("INFO", "Information", _D.FRONT_OFFICE, 5, 30, False),
    ("C-NOISE", "Complaint: noise", _D.FRONT_OFFICE, 6, 40, True),
    ("C-CLEAN", "Complaint: cleanliness", _D.HOUSEKEEPING, 6, 60, True),
    ("C-SERVICE", "Complaint: service", _D.FRONT_OFFICE, 10, 120, True),
    ("C-BILL", "Complaint: the bill", _D.FRONT_OFFICE, 20, 240, True),
)


def furnish(session: Session, hotel: Hotel, *, by: Staff) -> int:
    """Add the usual categories that aren't there yet; return how many that were."""
    require(by, Permission.SET_UP, hotel.id)
    there = set(session.scalars(sa.select(Category.code).where(Category.hotel_id == hotel.id)))
    wanted = [usual for usual in USUAL if usual[0] not in there]
    for code, name, department, seen, due, complaint in wanted:
        add(
            session,
            hotel,
            code=code,
            name=name,
            department=department,
            seen=seen,
            due=due,
            priority=Priority.HIGH if complaint else Priority.NORMAL,
            complaint=complaint,
            by=by,
        )
    return len(wanted)
