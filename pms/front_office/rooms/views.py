"""Rooms: the list, and each room with its condition, who holds it next, and its history."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.rooms.forms import WORDS, TurnForm
from pms.hotel.guests.guests import Guest
from pms.hotel.house.staff import Permission
from pms.hotel.rooms.inventory import Claimant, RoomClaim
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.service import housekeeping
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations.promise import Reservation, ReservationNight
from pms.web import history, paging
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("rooms", __name__)

LOOKS_AHEAD = timedelta(days=30)
CONDITIONS = {condition.value for condition in Condition}


@dataclass(frozen=True, slots=True)
class Occupant:
    """Who is in a room now."""

    reservation_id: int
    name: str
    leaves_today: bool


@dataclass(frozen=True, slots=True)
class Held:
    """A night of a room that somebody holds: a party, or a block."""

    nights: int
    first: object
    until: object
    name: str
    reservation_id: int | None


@bp.get("/rooms")
@allows(Permission.LOOK)
def rooms() -> ResponseReturnValue:
    """Show every room: how it is and who is in it."""
    query = sa.select(Room).where(Room.hotel_id == here().id)
    wanted = request.args.get("condition", "")
    if wanted == "out_of_order":
        query = query.where(Room.id.in_(_blocked()))
    elif wanted in CONDITIONS:
        query = query.where(
            Room.condition == Condition(wanted),
            Room.id.not_in(_occupied()),
            Room.id.not_in(_blocked()),
        )
    elif wanted == "occupied":
        query = query.where(Room.id.in_(_occupied()))
    page = paging.page(query.order_by(Room.floor, Room.number), size=100)
    ids = [room.id for room in page.rows]
    blocked = set(session().scalars(_blocked().where(RoomClaim.room_id.in_(ids))))
    return render_template(
        "rooms/rooms.html",
        page=page,
        show=wanted,
        occupants=_occupants(ids),
        blocked=blocked,
    )


def _blocked() -> sa.Select[int]:
    return sa.select(RoomClaim.room_id).where(
        RoomClaim.hotel_id == here().id,
        RoomClaim.night == here().business_date,
        RoomClaim.claimant == Claimant.BLOCK,
    )


def _occupied() -> sa.Select[int]:
    return sa.select(Stay.room_id).where(
        Stay.hotel_id == here().id, Stay.state == Presence.IN_HOUSE
    )


def _occupants(room_ids: list[int]) -> dict[int, Occupant]:
    rows = session().execute(
        sa.select(
            Stay.room_id,
            Reservation.id,
            Guest.given_name,
            Guest.surname,
            Reservation.departure,
        )
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id),
        )
        .join(
            Guest,
            sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id),
        )
        .where(
            Stay.hotel_id == here().id,
            Stay.state == Presence.IN_HOUSE,
            Stay.room_id.in_(room_ids),
        )
    )
    day = here().business_date
    return {
        room_id: Occupant(reservation_id, f"{given} {surname}".strip(), departure <= day)
        for room_id, reservation_id, given, surname, departure in rows
    }


@bp.get("/rooms/<int:room_id>")
@allows(Permission.LOOK)
def room(room_id: int) -> ResponseReturnValue:
    """Show one room: how it is, who holds it next, what was done to it."""
    found = find(Room, room_id)
    return _page(found, _turn_form(found))


@bp.post("/rooms/<int:room_id>")
@allows(Permission.TURN_ROOMS)
def turn(room_id: int) -> ResponseReturnValue:
    """Say how a room is now."""
    found = find(Room, room_id)
    before = found.condition
    form = _turn_form(found)
    if form.validate_on_submit():
        turned = attempt(
            form,
            housekeeping.turn,
            found,
            form.condition.chosen,
            by=on_duty(),
            why=form.why.data or None,
        )
        if turned:
            back = url_for("rooms.turn_back", room_id=room_id, to=before.value)
            say(f"Room {turned.number} is {WORDS[turned.condition].lower()}.", undo=back)
            return redirect(url_for("rooms.room", room_id=room_id))
    return _page(found, form)


def _turn_form(found: Room) -> TurnForm:
    form = TurnForm()
    form.condition.offer(Condition, label=lambda condition: WORDS[condition])
    form.shows(found, lambda shown: shown.condition.begin_with(found.condition))
    return form


@bp.post("/rooms/<int:room_id>/back")
@allows(Permission.TURN_ROOMS)
def turn_back(room_id: int) -> ResponseReturnValue:
    """Undo a turn: the room is as it was before."""
    wanted = request.args.get("to", "")
    if wanted not in CONDITIONS:
        abort(404)
    form = Form()
    found = find(Room, room_id)
    if attempt(form, housekeeping.turn, found, Condition(wanted), by=on_duty(), why="undone"):
        say(f"Room {found.number} is as it was.")
    say_refused(form)
    return redirect(url_for("rooms.room", room_id=room_id))


def _page(found: Room, form: TurnForm) -> ResponseReturnValue:
    return render_template(
        "rooms/room.html",
        room=found,
        form=form,
        occupant=_occupants([found.id]).get(found.id),
        held=_held(found),
        is_blocked=found.id in set(session().scalars(_blocked())),
        history=history.of(found, here()),
    )


def _held(found: Room) -> list[Held]:
    """Return who holds the room in the next nights, a claim a line."""
    day = here().business_date
    party = sa.and_(
        ReservationNight.hotel_id == RoomClaim.hotel_id,
        ReservationNight.room_id == RoomClaim.room_id,
        ReservationNight.night == RoomClaim.night,
        ReservationNight.slot == RoomClaim.slot,
    )
    rows = session().execute(
        sa.select(
            RoomClaim.claim_id,
            RoomClaim.claimant,
            sa.func.count(sa.distinct(RoomClaim.night)),
            sa.func.min(RoomClaim.night),
            sa.func.max(RoomClaim.night),
            sa.func.min(Reservation.id),
            sa.func.min(Guest.given_name),
            sa.func.min(Guest.surname),
        )
        .outerjoin(ReservationNight, party)
        .outerjoin(
            Reservation,
            sa.and_(
                Reservation.hotel_id == ReservationNight.hotel_id,
                Reservation.id == ReservationNight.reservation_id,
            ),
        )
        .outerjoin(
            Guest,
            sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id),
        )
        .where(
            RoomClaim.hotel_id == found.hotel_id,
            RoomClaim.room_id == found.id,
            RoomClaim.night.between(day, day + LOOKS_AHEAD),
        )
        .group_by(RoomClaim.claim_id, RoomClaim.claimant)
        .order_by(sa.func.min(RoomClaim.night))
    )
    return [
        Held(
            nights,
            first,
            last + timedelta(days=1),
            "Out of order"
            if claimant == Claimant.BLOCK
            else f"{given or ''} {surname or ''}".strip(),
            reservation_id,
        )
        for _, claimant, nights, first, last, reservation_id, given, surname in rows
    ]
