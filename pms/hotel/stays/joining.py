"""Joining: a party put into a group or taken out, and a whole group moved to other days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, ways
from pms.base.db import lock
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import routing
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require, the_house
from pms.hotel.rooms import inventory
from pms.hotel.stays import groups, settlements, traces
from pms.hotel.stays.groups import Group, GroupTerms
from pms.hotel.stays.recurring import RecurringCharge
from pms.hotel.stays.reservations import Reservation, State, Wanted, WrongState, amend
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.stays.reservations.nights import Night
from pms.hotel.stays.reservations.package_tables import ReservationPackage

FARTHEST = 400  # days a group is moved at once


class InAGroup(Refusal):
    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"{reservation.guest.name} is in a group already. Take the party out of that first.",
            field="group",
        )


class InNoGroup(Refusal):
    def __init__(self, reservation: Reservation) -> None:
        super().__init__(f"{reservation.guest.name} isn't in a group.")


class GroupIsHere(Refusal):
    def __init__(self, group: Group) -> None:
        super().__init__(f"Parties of {group.name} are here or were. Move the others one by one.")


class Cannot(Refusal):
    """Something stands in the way of some parties: nothing was changed."""

    def __init__(self, group: Group, obstacles: Sequence["Obstacle"]) -> None:
        self.obstacles = obstacles
        said = "; ".join(f"{each.name}: {each.why}" for each in obstacles[:5])
        more = f"; and {len(obstacles) - 5} more" if len(obstacles) > 5 else ""
        super().__init__(f"{group.name} can't go there. {said}{more}")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of one party of a group."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a group that was moved: its parties, and who lost the room they had."""

    first: date
    until: date
    parties: int
    without_room: tuple[str, ...]


# --- one party ------------------------------------------------------------------------------------


def join(
    session: Session,
    reservation: Reservation,
    group: Group,
    *,
    at_its_price: bool = False,
    by: Staff,
) -> None:
    """Put a party that is booked or here into a group; its nights come out of the allotment.

    It keeps its price, or takes the group's. What it is charged from now on goes where the group's
    does. Refuses a party of another group, and one for whom the allotment has no rooms left.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, group)
    lock(session, reservation)
    _refuse_gone(reservation)
    if reservation.group_id is not None:
        raise InAGroup(reservation)
    terms = groups.terms_of(group)
    group.refuse_lost()
    reservation.group_id = group.id
    _pick_up(session, hotel, reservation, group.id, +1)
    _route(session, hotel, reservation, group)
    reservation.version += 1
    session.flush()
    if at_its_price:
        amend(session, reservation, Wanted(plan=terms.plan), reprice=True, by=by)
    logbook.record(session, "put into group", reservation, by=by, day=day, group=group.code)


def leave(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Take a party out of its group; its rooms go back to the allotment, its price stays.

    What it is charged from now on stays on its own folio. Refuses where the allotment's rooms
    have been sold since.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    if reservation.group_id is None:
        raise InNoGroup(reservation)
    group = lock(session, session.get_one(Group, (hotel.id, reservation.group_id)))
    lock(session, reservation)
    _refuse_gone(reservation)
    _pick_up(session, hotel, reservation, group.id, -1)
    reservation.group_id = None
    reservation.version += 1
    session.flush()
    _stop_routing(session, hotel, reservation, group)
    logbook.record(
        session, "took out of group", reservation, by=by, day=day, before={"group": group.code}
    )


def _refuse_gone(reservation: Reservation) -> None:
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        raise WrongState(reservation, "only who comes or is here belongs to a group or leaves it")


def _pick_up(
    session: Session, hotel: Hotel, reservation: Reservation, group_id: int, sign: int
) -> None:
    """Take a party's nights out of a group's allotment, or give them back to it."""
    counted = {
        (night.night, night.counted_type_id): sign
        for night in of_nights.read(session, reservation)
        if night.counted_type_id is not None
    }
    inventory.change(session, hotel, {}, subject_id=reservation.id, picked={group_id: counted})


def _route(session: Session, hotel: Hotel, reservation: Reservation, group: Group) -> None:
    folio = _open_folio(session, reservation)
    if folio is not None:
        settlements.route_to_master(session, group, folio, by=the_house(session, hotel))


def _stop_routing(session: Session, hotel: Hotel, reservation: Reservation, group: Group) -> None:
    folio = _open_folio(session, reservation)
    if folio is None:
        return
    for rule in routing.of(session, folio):
        if rule.to_folio_id == group.folio_id:
            routing.stop(session, rule, by=the_house(session, hotel))


def _open_folio(session: Session, reservation: Reservation) -> Folio | None:
    if reservation.folio_id is None:
        return None
    folio = session.get_one(Folio, (reservation.hotel_id, reservation.folio_id))
    return folio if folio.state is FolioState.OPEN else None


# --- the whole group ------------------------------------------------------------------------------


def shift(session: Session, group: Group, *, days: int, by: Staff) -> Moved:
    """Move a group that isn't here yet by so many days: its dates, allotment and parties.

    Prices stay as agreed; a party keeps its room where that is free then, what is traced for a day
    of its stay, and who pays which of its nights. Refuses with everything that stands in the way,
    party by party, and then changes nothing.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    require(by, Permission.RESERVE, hotel.id)
    day = business_day.hold(session, hotel)
    lock(session, group)
    terms = lock(session, groups.terms_of(group))
    if not days or abs(days) > FARTHEST:
        raise Invalid(f"A group is moved by 1 to {FARTHEST} days.", field="days")
    step = timedelta(days=days)
    if terms.arrival + step < day:
        raise Invalid("Those days are past. Move it to days to come.", field="days")
    parties = _parties(session, group)
    if any(party.state is not State.BOOKED for party in parties):
        raise GroupIsHere(group)
    stood = {party.id: of_nights.read(session, party) for party in parties}
    for party in parties:
        lock(session, party)
        _rewrite(session, hotel, party, [n.given_back() for n in stood[party.id]], day)
    _move_terms(session, hotel, group, terms, step, by=by)
    _move_dated(session, parties, step)
    bills = [group.folio_id, *(party.folio_id for party in parties)]
    routing.move_nights(session, hotel, [each for each in bills if each is not None], step)
    obstacles, without_room = _promise_all(session, hotel, parties, stood, step, day)
    if obstacles:
        raise Cannot(group, obstacles)
    logbook.record(session, "moved group", group, by=by, day=day, days=days, parties=len(parties))
    return Moved(terms.arrival, terms.departure, len(parties), tuple(without_room))


def _parties(session: Session, group: Group) -> list[Reservation]:
    """Return a group's parties that come, are here or were; who holds a room before its sharers."""
    rows = session.scalars(
        sa.select(Reservation).where(
            Reservation.hotel_id == group.hotel_id,
            Reservation.group_id == group.id,
            Reservation.state.in_([State.BOOKED, State.IN_HOUSE, State.DEPARTED]),
        )
    )
    return sorted(rows, key=lambda each: (each.shares_with_id is not None, each.number))


def _rewrite(
    session: Session, hotel: Hotel, party: Reservation, after: list[Night], day: date
) -> None:
    before = of_nights.read(session, party)
    of_nights.rewrite(session, hotel, party, before, after, day=day)


def _move_terms(
    session: Session, hotel: Hotel, group: Group, terms: GroupTerms, step: timedelta, *, by: Staff
) -> None:
    """Let the allotment go, write the new dates, and agree on the same rooms on them."""
    agreed = {row.key: row.agreed for row in inventory.allotted(session, hotel, group.id)}
    to_come = {key: 0 for key in agreed if key[0] >= business_day.today(session, hotel)}
    groups.allot(session, group, to_come, by=by)
    terms.arrival, terms.departure = terms.arrival + step, terms.departure + step
    if terms.cut_off is not None:
        terms.cut_off += step
    group.version += 1
    session.flush()
    moved = Counter({(night + step, kind): rooms for (night, kind), rooms in agreed.items()})
    groups.allot(session, group, moved, by=by)


def _move_dated(session: Session, parties: list[Reservation], step: timedelta) -> None:
    """Take along what is agreed from a night on, and what is traced for a day of a stay."""
    for party in parties:
        which = {"hotel_id": party.hotel_id, "reservation_id": party.id}
        for package in session.scalars(sa.select(ReservationPackage).filter_by(**which)):
            if package.first is not None:
                package.first += step
        for charge in session.scalars(sa.select(RecurringCharge).filter_by(**which)):
            charge.first, charge.last = (
                None if each is None else each + step for each in (charge.first, charge.last)
            )
        for trace in traces.to_do(session, party, until=party.departure):
            if trace.due_on >= party.arrival:
                trace.due_on += step
                trace.version += 1
    session.flush()


def _promise_all(
    session: Session,
    hotel: Hotel,
    parties: list[Reservation],
    stood: dict[int, list[Night]],
    step: timedelta,
    day: date,
) -> tuple[list[Obstacle], list[str]]:
    """Promise each party its nights on the new days, in its room if that is free."""
    obstacles, without_room = [], []
    for party in parties:
        nights = [replace(night, night=night.night + step) for night in stood[party.id]]
        roomless = [
            replace(
                night,
                room_id=None,
                counted_type_id=night.booked_type_id if night.counted_type_id else None,
            )
            for night in nights
        ]
        wanted = (partial(_rewrite, session, hotel, party, way, day) for way in (nights, roomless))
        refused = ways.refusals(session, wanted)
        if not refused:
            party.arrival, party.departure = party.arrival + step, party.departure + step
            party.promised_at = clock.now()
            party.version += 1
            session.flush()
            session.expire(party, ["nights"])
            has_room = any(night.room_id for night in of_nights.read(session, party))
            if any(night.room_id for night in nights) and not has_room:
                without_room.append(party.guest.name)
        else:
            obstacles.append(Obstacle(party.guest.name, refused[0].sentence))
    return obstacles, without_room
