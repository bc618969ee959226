"""Check-in: the key handed to a party that is expected, and taken back on the same day."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session, joinedload

from pms.base.numbers import whole
from pms.front_office.checkin import (
    giving,
    identity,
    keys,
    queue,
    registering,
    staying,
    upgrading,
)
from pms.front_office.checkin.blocks import blocks, of_rules
from pms.front_office.checkin.choices import SHOWN, Choices, choices
from pms.front_office.checkin.desk import bp, of
from pms.front_office.checkin.forms import CheckInForm, ReasonForm
from pms.front_office.checkin.steps import Shown, steps
from pms.hotel.books.folios import Folio
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.rooms import rooms
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.checkout import holding
from pms.hotel.stays import (
    credit_watch,
    express,
    hour_fees,
    house_rules,
    parties,
    queueing,
    stays,
    upgrades,
    visits,
)
from pms.hotel.stays.credit_watch import Standing
from pms.hotel.stays.hour_fees import Hour
from pms.hotel.stays.house_rules import Severity
from pms.hotel.stays.keys import make
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation, State
from pms.web import sentences
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.saying import say, say_outcome

__all__ = ["bp", "giving", "identity", "keys", "queue", "registering", "staying", "upgrading"]

AT_ONCE = "undone at once"
KEYS = 2  # that are offered to a party of more


@bp.route("/check-in/<int:reservation_id>", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def check_in(reservation_id: int) -> ResponseReturnValue:
    """Hand a room to a party that is expected."""
    reservation = find(
        Reservation, reservation_id, joinedload(Reservation.guest), joinedload(Reservation.plan)
    )
    if reservation.state is not State.BOOKED:
        return redirect(of(reservation))
    at_hand = _at_hand(reservation)
    form = CheckInForm(data={"keys": min(reservation.adults, KEYS)})
    form.room.offer(at_hand.rooms, label=lambda room: room.number)
    form.shows(reservation)
    begin = at_hand.of(request.args.get("room")) or at_hand.first
    if begin is not None:
        form.room.begin_with(begin.room)
    if form.validate_on_submit() and form.has_room():
        room = form.room.chosen
        made = attempt(form, _check_in, reservation, room=room, filled=form, by=on_duty())
        if made:
            back = url_for("checkin.undo", reservation_id=reservation_id)
            say(f"{reservation.guest.name} is in room {room.number}.", undo=back)
            for company in made[1]:
                say(sentences.over_credit(company))
            return redirect(url_for("today.today"))
        at_hand = _at_hand(reservation)
    return _page(reservation, form, at_hand)


def _check_in(
    opened: Session, reservation: Reservation, *, room: Room, filled: CheckInForm, by: Staff
) -> tuple[Stay, list[Standing]]:
    """Open the stay, make its keys and settle what an early hour costs, or nothing of it.

    Says too which companies it will put over their credit limit.
    """
    stay = stays.check_in(
        opened, reservation, room=room, force=filled.forced, passing=filled.passed, by=by
    )
    if filled.early.data:
        hour_fees.settle(
            opened,
            stay,
            Hour.EARLY,
            waive=filled.waived,
            expected=filled.early_due.data,
            by=by,
        )
    if filled.keys.data:
        make(opened, stay, count=filled.keys.data, by=by)
    return stay, credit_watch.at_check_in(opened, reservation, by=by)


def _over_credit(reservation: Reservation) -> list[str]:
    """Say whom a party with a bill will put over their credit limit; without one, checking it in.

    What its company would pay by agreement is laid down with the bill.
    """
    if reservation.folio_id is None:
        return []
    folio = session().get_one(Folio, (reservation.hotel_id, reservation.folio_id))
    found = credit_watch.exceeding(session(), folio, reservation)
    return [sentences.over_credit(each) for each in found]


def _at_hand(reservation: Reservation) -> Choices:
    asked = request.args.get("type", type=whole)
    return choices(reservation, here().business_date, type_id=asked)


def _page(reservation: Reservation, form: CheckInForm, at_hand: Choices) -> ResponseReturnValue:
    hotel, day = here(), here().business_date
    chosen = at_hand.of(form.room.data)
    room = chosen.room if chosen else None
    desk = house_rules.Desk(session(), reservation, day, room=room)
    early = hour_fees.of_coming(session(), reservation, room=desk.promised)
    form.proposes(early)
    covered = holding.cover(session(), reservation)
    heads = parties.heads(reservation)
    seen = [each for each in desk.members if each.document is not None]
    shown = Shown(len(seen), heads, desk.is_signed)
    facts, types = desk.facts(), rooms.types(session(), hotel)
    offers = upgrades.offers(session(), reservation, kinds=types)
    return render_template(
        "checkin/check_in.html",
        reservation=reservation,
        visit=visits.which(session(), reservation),
        form=form,
        at_hand=at_hand,
        shown=len(at_hand.all) if "all" in request.args else SHOWN,
        chosen=chosen,
        blocks=blocks(reservation, at_hand, chosen, day),
        rules=of_rules(reservation, facts, room),
        stopped=any(fact.severity is Severity.BLOCKS for fact in facts),
        early=early,
        queued=queueing.of(session(), reservation),
        express=express.of(session(), reservation),
        upgrades=[each for each in offers if each.total.minor > 0],
        over_credit=_over_credit(reservation),
        steps=steps(reservation, chosen, desk.deposit, shown, covered),
        covered=covered[0],
        covered_until=covered[1],
        members=desk.members,
        heads=heads,
        types=types,
        total=desk.promised.total,
        deposit=desk.deposit,
        may_force=may(Permission.OVERBOOK),
        may_pass=may(Permission.OVERRIDE_RULES),
        may_waive=may(Permission.WAIVE_FEE),
    )


@bp.post("/check-in/<int:reservation_id>/undo")
@allows(Permission.CHECK_IN)
def undo(reservation_id: int) -> ResponseReturnValue:
    """Take the key back: the party is expected again, and keeps its room."""
    reservation = find(Reservation, reservation_id)
    form = ReasonForm()
    stay = stays.of(session(), reservation)
    if stay is not None:
        reason = (form.reason.data or "").strip() or AT_ONCE
        attempt(form, stays.undo_check_in, stay, reason=reason, by=on_duty())
        say_outcome(form, f"{reservation.guest.name} is expected again.")
    return redirect(of(reservation))
