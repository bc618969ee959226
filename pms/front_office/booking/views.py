"""Booking: one page from the question to the number."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.base.numbers import whole
from pms.base.refusal import Refusal
from pms.front_office.booking import party, walking
from pms.front_office.booking.desk import bp
from pms.front_office.booking.forms import BookForm
from pms.front_office.booking.grid import Cell, Grid, grid, price
from pms.front_office.booking.party import Booking
from pms.hotel.house.staff import Permission
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays.reservations import Guarantee, Origin, Reservation, Wishes
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.filters import money, plural
from pms.web.saying import say

__all__ = ["bp", "walking"]


class PriceChanged(Refusal):
    def __init__(self, cell: Cell) -> None:
        super().__init__(
            f"The price is {money(cell.total)} now. Book again if that suits.", field="room_type"
        )


class NothingChosen(Refusal):
    def __init__(self) -> None:
        super().__init__("Choose a type and a price first.", field="room_type")


@bp.route("/book", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def new() -> ResponseReturnValue:
    """Promise a stay: dates, type and price, guest."""
    form = BookForm() if request.method == "POST" else BookForm(request.args)
    form.begin(here().business_date)
    lead = _lead(form)
    found = _grid(form)
    books = request.method == "POST" and request.form.get("do") == "book"
    if books and form.validate() and found:
        made = _book(form, found, lead)
        if made:
            return _booked(made, confirms=bool(form.confirm.data))
        found = _grid(form)
    return _page(form, found, lead)


def _lead(form: BookForm) -> Reservation | None:
    """Return the booking that this one joins, when it was begun from another."""
    wanted = whole(str(form.with_id.data or ""))
    return None if wanted is None else find(Reservation, wanted)


def _grid(form: BookForm) -> Grid | None:
    asked = form.asked(party.company_id(form))
    if asked is None:
        return None
    try:
        return grid(here(), asked)
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _page(form: BookForm, found: Grid | None, lead: Reservation | None) -> ResponseReturnValue:
    hotel = here()
    chosen = found.find(form.offer.data) if found else None
    is_part = request.headers.get("HX-Request") and request.method == "GET"
    return render_template(
        "booking/offer.html" if is_part else "booking/new.html",
        form=form,
        grid=found,
        chosen=chosen,
        price=price(hotel, chosen, found.asked) if found and chosen and chosen.has_price else None,
        hits=[] if is_part else party.hits(form.q.data or "", form.guest_id),
        lead=lead,
        may_force=may(Permission.OVERBOOK),
        may_set_rate=may(Permission.SET_RATE),
        part=is_part,
    )


def _book(form: BookForm, found: Grid, lead: Reservation | None) -> list[Reservation] | None:
    cell = found.find(form.offer.data)
    if cell is None:
        form.refuse(NothingChosen())
        return None
    if cell.value != form.offer.data and form.rate_amount.data is None:
        form.refuse(PriceChanged(cell))
        return None
    return attempt(
        form, party.book, here(), _wanted(form, cell, lead), who=party.who(form), by=on_duty()
    )


def _wanted(form: BookForm, cell: Cell, lead: Reservation | None) -> Booking:
    by_hand = form.rate_amount.data
    kind = find(RoomType, cell.quote.room_type.type_id)
    return Booking(
        room_type=kind,
        plan=find(RatePlan, cell.quote.plan.id),
        arrival=form.arrival.data or here().business_date,
        departure=form.departure.data or here().business_date,
        rooms=form.rooms.data or 1,
        adults=form.adults.data or 0,
        children=form.heads_of_children,
        child_ages=form.child_ages,
        guarantee=form.guarantee.chosen or Guarantee.NONE,
        origin=Origin(
            source=form.source.data,
            channel_ref=_text(form.channel_ref.data),
            market=_text(form.market.data),
        ),
        wishes=Wishes(eta=form.eta.data, notes=_text(form.notes.data)),
        by_hand=(by_hand, form.rate_reason.data or "") if by_hand is not None else None,
        shares_with=_text(form.shares_with.data),
        with_booking=lead,
        force=_text(form.force.data),
        sent=form.sent,
        confirm=bool(form.confirm.data),
        option=form.option.data,
    )


def _text(typed: str | None) -> str | None:
    return (typed or "").strip() or None


def _booked(made: list[Reservation], *, confirms: bool) -> ResponseReturnValue:
    first = made[0]
    several = f", {plural(len(made), 'room')}" if len(made) > 1 else ""
    to = first.guest.email
    told = f" The confirmation goes to {to}." if to else " No confirmation: there is no address."
    say(f"Booked for {first.guest.name}{several}. Number {first.number}.{told if confirms else ''}")
    return redirect(url_for("reservations.reservation", reservation_id=first.id))


@bp.get("/book/guests")
@allows(Permission.RESERVE)
def guests() -> ResponseReturnValue:
    """Show the guests who answer to a name or a mail, while it is typed."""
    chosen = request.args.get("guest", type=whole)
    return render_template(
        "booking/hits.html",
        hits=party.hits(request.args.get("q", "")[:80], chosen),
        chosen=chosen,
        q=request.args.get("q", ""),
    )
