"""What guests of the demo ask for today: a board half done, told from the minutes before now."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from pms.base import clock, dates
from pms.base.db import transaction
from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.house import staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role
from pms.hotel.people import duty
from pms.hotel.people.duty import Level, Shift
from pms.hotel.service import handovers, requests, tickets
from pms.hotel.service.requests import Request, Source, Where, categories
from pms.hotel.service.tickets import TicketKind
from pms.hotel.stays import stays
from pms.hotel.tariff import charges

_DAY = (Shift.EARLY, Shift.LATE)
LIST: tuple[tuple[Role, Department, Level, tuple[Shift, ...]], ...] = (
    (Role.HOUSEKEEPER, Department.HOUSEKEEPING, Level.ATTENDS, _DAY),
    (Role.HOUSEKEEPING_MANAGER, Department.HOUSEKEEPING, Level.IN_CHARGE, _DAY),
    (Role.FRONT_DESK, Department.FRONT_OFFICE, Level.ATTENDS, _DAY),
    (Role.CONCIERGE, Department.CONCIERGE, Level.ATTENDS, _DAY),
    (Role.ENGINEER, Department.ENGINEERING, Level.ATTENDS, _DAY),
    (Role.MANAGER, Department.MANAGEMENT, Level.DUTY_MANAGER, _DAY),
    (Role.NIGHT_AUDITOR, Department.FRONT_OFFICE, Level.ATTENDS, (Shift.NIGHT,)),
    (Role.NIGHT_AUDITOR, Department.MANAGEMENT, Level.DUTY_MANAGER, (Shift.NIGHT,)),
)  # nobody in the kitchen: what is asked of it goes to the duty manager

KEPT: tuple[tuple[TicketKind, str, str], ...] = (
    (TicketKind.LOST_PROPERTY, "Reading glasses, tortoiseshell", "Drawer 2"),
    (TicketKind.PARCEL, "Shoe box, paid", "Back office"),
    (TicketKind.LUGGAGE, "Blue trolley", "Luggage room, rack 4"),
)
HANDED: tuple[tuple[int, Role, str, Role | None], ...] = (
    (190, Role.NIGHT_AUDITOR, "Linen lift was stuck at five; it runs again.", Role.HOUSEKEEPER),
    (4, Role.HOUSEKEEPER, "The cot for the family is on its way.", None),
)

Then = Callable[[House, Request], None]


def live(house: House, *, today: date) -> None:
    """Put the team on duty, and let guests ask for things from three hours ago until now."""
    with ago(house, 200) as hotel:
        by = house.who(Role.MANAGER)
        categories.furnish(house.session, hotel, by=by)
        for day in dates.days(today - dates.ONE_DAY, today + dates.ONE_DAY):
            for role, department, level, shifts in LIST:
                for shift in shifts:
                    duty.put(
                        house.session, hotel, person=house.who(role), department=department,
                        level=level, day=day, shift=shift, by=by,
                    )  # fmt: skip
    for number, (minutes, code, words, source, then) in enumerate(ASKED):
        with ago(house, minutes) as hotel:
            made = _ask(house, hotel, number, code, words, source)
        if then is not None:
            with ago(house, max(1, minutes - 8)):
                then(house, house.session.get_one(Request, (made.hotel_id, made.id)))
    with ago(house, 30) as hotel:
        for kind, words, kept_in in KEPT:
            tickets.keep(
                house.session, hotel, kind=kind, words=words, kept_in=kept_in,
                remind_on=today, by=house.who(Role.FRONT_DESK),
            )  # fmt: skip
    for minutes, role, words, taker in HANDED:
        with ago(house, minutes) as hotel:
            given = handovers.give(
                house.session, hotel, department=Department.HOUSEKEEPING, words=words,
                by=house.who(role),
            )  # fmt: skip
            if taker is not None:
                handovers.sign(house.session, given, by=house.who(taker))
    with ago(house, 0) as hotel:
        requests.escalate_due(house.session, hotel, by=staff.the_house(house.session, hotel))


@contextmanager
def ago(house: House, minutes: int) -> Iterator[Hotel]:
    """Be at the desk so many minutes ago, inside one transaction."""
    at = house.now - timedelta(minutes=minutes)
    with clock.set_to(at), transaction(house.session):
        yield house.hotel


def _ask(house: House, hotel: Hotel, number: int, code: str, words: str, source: Source) -> Request:
    kind = categories.by_code(house.session, hotel, code)
    if kind is None:
        raise LookupError(code)
    here = stays.in_house(house.session, hotel, limit=60)
    where = Where(place="Lobby")
    if here and code != "TAXI":
        where = Where(reservation=here[(number * 5) % len(here)].reservation)
    by = house.who(Role.FRONT_DESK)
    return requests.enter(
        house.session, hotel, category=kind, words=words, where=where, source=source, by=by
    )


# --- what became of them --------------------------------------------------------------------------


def _brought(house: House, request: Request) -> None:
    maid = house.who(Role.HOUSEKEEPER)
    requests.take(house.session, request, by=maid)
    requests.finish(house.session, request, words="Left on the bed", labour_minutes=6, by=maid)
    requests.close(house.session, request, by=house.who(Role.FRONT_DESK))


def _made_good(house: House, request: Request) -> None:
    manager = house.who(Role.MANAGER)
    requests.assign(house.session, request, person=house.who(Role.HOUSEKEEPER), by=manager)
    code = charges.by_code(house.session, house.hotel, "ROOM")
    if request.reservation is not None and code is not None:
        off = Money(1_500, house.hotel.currency)
        requests.take_off(
            house.session, request, code=code, amount=off, reason="Hair in the bath", by=manager
        )
    requests.finish(house.session, request, words="Cleaned anew", labour_minutes=25, by=manager)
    requests.explain(
        house.session, request, cause="Room was not inspected",
        follow_up_on=house.hotel.business_date, by=manager,
    )  # fmt: skip
    requests.close(house.session, request, by=manager)


def _waits_for_a_part(house: House, request: Request) -> None:
    engineer = house.who(Role.ENGINEER)
    requests.start(house.session, request, by=engineer)
    requests.note(house.session, request, words="Cartridge is worn; ordered one.", by=engineer)
    requests.hold(house.session, request, reason="Waits for a cartridge", by=engineer)


def _repaired(house: House, request: Request) -> None:
    engineer = house.who(Role.ENGINEER)
    requests.start(house.session, request, by=engineer)
    requests.finish(
        house.session, request, words="Router restarted", labour_minutes=10,
        parts=Money(0, house.hotel.currency), by=engineer,
    )  # fmt: skip


def _begun(house: House, request: Request) -> None:
    requests.start(house.session, request, by=house.who(Role.HOUSEKEEPER))


def _taken(house: House, request: Request) -> None:
    requests.take(house.session, request, by=house.who(Role.CONCIERGE))


ASKED: tuple[tuple[int, str, str, Source, Then | None], ...] = (
    (175, "TOWELS", "Two bath towels, please", Source.PHONE, _brought),
    (140, "C-CLEAN", "Bathroom was not clean on arrival", Source.DESK, _made_good),
    (95, "REPAIR", "The shower drips all night", Source.PHONE, _waits_for_a_part),
    (70, "TV", "No internet on the laptop", Source.GUEST, _repaired),
    (42, "BED", "A cot for the little one", Source.DESK, _begun),
    (34, "AMENITY", "A toothbrush kit", Source.PHONE, _brought),
    (24, "TOWELS", "Pool towels for four", Source.GUEST, None),
    (14, "LUGGAGE", "Three suitcases down at four", Source.PHONE, _taken),
    (6, "TAXI", "Taxi to the opera at seven", Source.DESK, None),
    (3, "AMENITY", "More coffee capsules", Source.GUEST, None),
    (2, "FOOD", "Club sandwich, no onion", Source.PHONE, None),
    (1, "C-NOISE", "Drilling next door", Source.PHONE, None),
)
