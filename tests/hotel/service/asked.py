"""A hotel in which things are asked for: people on duty, categories, a party in 101."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pms.base import clock
from pms.hotel.house import hiring, staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Chain, Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.people import duty
from pms.hotel.people.duty import Level, Shift
from pms.hotel.service import requests
from pms.hotel.service.requests import categories
from pms.hotel.service.requests.tables import Request
from pms.hotel.stays import stays
from tests import make

NOON = make.NOON  # 13:00 in Berlin: the early shift


@dataclass
class House:
    """The hotel and its people."""

    hotel: Hotel
    maid: Staff
    other: Staff
    head: Staff
    duty_manager: Staff


def person(session: Session, hotel: Hotel, name: str, role: Role) -> Staff:
    """Somebody of a role, made once per name."""
    email = f"{name.lower()}@{hotel.code.lower()}.example"
    chain = session.get_one(Chain, hotel.chain_id)
    return staff.by_email(session, email) or hiring.hire(
        session, chain, email=email, name=name, password=None, roles={hotel: role}
    )


def on_duty(
    session: Session,
    hotel: Hotel,
    who: Staff,
    department: Department,
    level: Level = Level.ATTENDS,
    shift: Shift = Shift.EARLY,
) -> duty.Duty:
    """Put somebody on today's list."""
    return duty.put(
        session, hotel, person=who, department=department, level=level,
        day=hotel.business_date, shift=shift, by=make.by(session, hotel),
    )  # fmt: skip


def house(session: Session, *, staffed: bool = True) -> House:
    """A furnished hotel with a VIP-less party in 101, and (if staffed) three levels on duty."""
    hotel = make.furnished(session)
    by = make.by(session, hotel)
    categories.furnish(session, hotel, by=by)
    booked = make.reservation(session, hotel)
    stays.check_in(session, booked, room=make.room(session, hotel, "101"), by=by)
    made = House(
        hotel,
        person(session, hotel, "Nadia", Role.HOUSEKEEPER),
        person(session, hotel, "Olga", Role.HOUSEKEEPER),
        person(session, hotel, "Bjorn", Role.HOUSEKEEPING_MANAGER),
        person(session, hotel, "Yusuf", Role.MANAGER),
    )
    if staffed:
        on_duty(session, hotel, made.maid, Department.HOUSEKEEPING)
        on_duty(session, hotel, made.head, Department.HOUSEKEEPING, Level.IN_CHARGE)
        on_duty(session, hotel, made.duty_manager, Department.MANAGEMENT, Level.DUTY_MANAGER)
    return made


def towels(session: Session, there: House, code: str = "TOWELS", **details: object) -> Request:
    """Towels for 101: seen within 5 minutes, done within 20."""
    category = categories.by_code(session, there.hotel, code)
    assert category is not None
    details.setdefault("where", requests.Where(room=make.room(session, there.hotel, "101")))
    details.setdefault("by", make.by(session, there.hotel))
    return requests.enter(
        session, there.hotel, category=category, words="Two bath towels", **details
    )  # type: ignore[arg-type]


def later(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def job(session: Session, there: House, minutes: float) -> int:
    """What the job does, so many minutes after noon."""
    with clock.set_to(later(minutes)):
        by = staff.the_house(session, there.hotel)
        return requests.escalate_due(session, there.hotel, by=by)
