"""Reservations: the list with its search, and each promise with its nights and its history."""

from dataclasses import replace
from datetime import date
from functools import partial

import sqlalchemy as sa
from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from pms.base import dates
from pms.base.numbers import whole
from pms.front_office.reservations import (
    amending,
    company,
    ending,
    guest_link,
    letters,
    options,
    packing,
)
from pms.front_office.reservations.deeds import deeds, in_the_title
from pms.front_office.reservations.deposit import deposit_of
from pms.front_office.reservations.desk import bp
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import rooms
from pms.hotel.rooms.policies import Policy, terms_of
from pms.hotel.stays import (
    correspondence,
    express,
    fees,
    house_rules,
    keys,
    promised,
    queueing,
)
from pms.hotel.stays.groups import Group
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import agreed, finding
from pms.hotel.stays.reservations.finding import Sought
from pms.hotel.stays.reservations.promise import (
    Guarantee,
    Reservation,
    ReservationNight,
    State,
)
from pms.hotel.stays.reservations.splitting import SHARED
from pms.web import history, paging, terms
from pms.web.asked import word_asked
from pms.web.auth import allows, find, here, may
from pms.web.database import session

__all__ = ["amending", "bp", "company", "ending", "guest_link", "letters", "options", "packing"]

LETTERS_SHOWN = 4

TABS = {
    "coming": (State.BOOKED,),
    "in_house": (State.IN_HOUSE,),
    "departed": (State.DEPARTED,),
    "gone": (State.CANCELLED, State.NO_SHOW),
}


@bp.get("/reservations")
@allows(Permission.LOOK)
def reservations() -> ResponseReturnValue:
    """Show who is promised a room, or was; who isn't among those shown is sought in every state."""
    show = word_asked("show", TABS, "coming")
    arrives = _day_asked("arrives")
    text = request.args.get("q", "").strip()[:80]
    number = whole(text)
    sought = Sought(
        states=TABS[show],
        newest_first=show in {"departed", "gone"},
        arrives=arrives,
        guest_id=whole(request.args.get("guest")),
        number=number,
        name=text if number is None else "",
    )
    page = paging.keyed(partial(finding.found, session(), here(), sought), _key)
    elsewhere = bool(text) and not page.rows
    if elsewhere:
        others = [state for name, states in TABS.items() if name != show for state in states]
        anywhere = replace(sought, states=tuple(others), newest_first=True)
        page = paging.keyed(partial(finding.found, session(), here(), anywhere), _key)
    return render_template(
        "reservations/reservations.html",
        page=page,
        show=show,
        q=text,
        arrives=arrives,
        elsewhere=elsewhere,
    )


def _key(found: Reservation) -> finding.Key:
    return found.arrival, found.number


def _day_asked(name: str) -> date | None:
    return dates.read(request.args.get(name))


@bp.get("/reservations/<int:reservation_id>")
@allows(Permission.LOOK)
def reservation(reservation_id: int) -> ResponseReturnValue:
    """Show one promise: its nights, its party, its history."""
    found = find(
        Reservation, reservation_id, joinedload(Reservation.guest), joinedload(Reservation.plan)
    )
    [whole] = promised.promised(session(), here(), [found])
    nights = _nights(found)
    set_committed_value(found, "nights", nights)  # with their rooms, for whoever asks next
    policy = agreed.policy_of(session(), found)
    stay = session().scalar(
        sa.select(Stay)
        .where(
            Stay.hotel_id == found.hotel_id,
            Stay.reservation_id == found.id,
            Stay.state != Presence.UNDONE,
        )
        .options(joinedload(Stay.room))
    )
    possible, deposit = deeds(found), deposit_of(found, policy, whole)
    is_sure = found.guarantee is not Guarantee.NONE or bool(deposit.held)
    others = _same_booking(found)
    return render_template(
        "reservations/reservation.html",
        reservation=found,
        nights=nights,
        paid=whole.by_night,
        added_on=whole.packages_by_night,
        whole=whole,
        agreed=_agreed(found, policy, whole, is_sure=is_sure),
        company_pays=company.pays(found) if found.state.holds_nights else [],
        deposit=deposit,
        is_shared=any((night.manual_reason or "").startswith(SHARED) for night in nights),
        fee=fees.standing(session(), found) if found.state in TABS["gone"] else None,
        stay=stay,
        room=next((night.room for night in nights if night.room), None),
        types=_type_names(),
        packages=packing.shown(found, whole.agreed),
        keys=keys.of_stay(session(), stay) if stay else [],
        may_key=may(Permission.CHECK_IN),
        passed=house_rules.passed(session(), found),
        queued=queueing.of(session(), found) if found.state is State.BOOKED else None,
        express=express.of(session(), found),
        deeds=possible,
        next_deed=in_the_title(possible, found, here().business_date),
        same_booking=others,
        group=_group(found),
        letters=correspondence.of(session(), found, limit=LETTERS_SHOWN),
        words=letters.WORDS,
        guests_side=guest_link.guests_side(found, others),
        history=history.of(found, here()),
    )


def _group(found: Reservation) -> Group | None:
    """Return the group that the party belongs to."""
    if found.group_id is None:
        return None
    return session().get(Group, {"hotel_id": found.hotel_id, "id": found.group_id})


def _agreed(
    found: Reservation, policy: Policy | None, whole: promised.PromisedRoom, *, is_sure: bool
) -> list[tuple[str, str]]:
    """Return the terms it was booked under, as the page lists them."""
    return terms.facts(
        here(),
        terms_of(policy) if policy else None,
        arrival=found.arrival,
        booked_on=found.booked_on,
        nights=whole.nights,
        is_sure=is_sure,
        promised_at=found.promised_at,
    )


def _same_booking(found: Reservation) -> list[Reservation]:
    """Return the other rooms of the same booking, and who shares this one's."""
    host = found.shares_with_id or found.id
    return list(
        session().scalars(
            sa.select(Reservation)
            .options(joinedload(Reservation.guest), joinedload(Reservation.room_type))
            .where(
                Reservation.hotel_id == found.hotel_id,
                Reservation.id != found.id,
                sa.or_(
                    Reservation.booking_number == found.booking_number,
                    Reservation.shares_with_id == host,
                    Reservation.id == host,
                ),
            )
            .order_by(Reservation.number)
            .limit(30)
        )
    )


def _nights(found: Reservation) -> list[ReservationNight]:
    return list(
        session().scalars(
            sa.select(ReservationNight)
            .where(
                ReservationNight.hotel_id == found.hotel_id,
                ReservationNight.reservation_id == found.id,
            )
            .options(selectinload(ReservationNight.room))
            .order_by(ReservationNight.night, ReservationNight.slot)
        )
    )


def _type_names() -> dict[int, str]:
    return {kind.id: kind.name for kind in rooms.types(session(), here())}
