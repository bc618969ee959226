"""Bookings: made for a party, confirmed, charged, moved, cancelled, and their voucher."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.money import Money
from pms.front_office.concierge.desk import bp
from pms.front_office.concierge.forms import (
    BookForm,
    CancelForm,
    ConfirmForm,
    MailForm,
    MoveForm,
)
from pms.gateways import pdf
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.once import Sent, once
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service import concierge, itineraries
from pms.hotel.service.concierge import (
    LIVE,
    ActivityBooking,
    ActivityTime,
    Asked,
    BookingState,
    Pays,
    catalogue,
    vouchers,
)
from pms.hotel.service.concierge.vouchers import Voucher
from pms.hotel.stays.reservations import Reservation, State
from pms.web import acting, history
from pms.web.asked import handed_out, party_asked, party_in, word_asked
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.filters import moment
from pms.web.forms import Form
from pms.web.letters import outings
from pms.web.saying import say, say_refused

SHOWS = ("unconfirmed", "coming", "today", "past", "cancelled")
MOST = 200
FARTHEST = timedelta(days=92)


@bp.get("/concierge/bookings")
@allows(Permission.CONCIERGE)
def booked() -> ResponseReturnValue:
    """Show bookings: what waits for a vendor, what is coming, today's, what was, what is off."""
    show, party = word_asked("show", SHOWS, "coming"), party_asked()
    conditions = list(_shown(show))
    if party is not None:
        conditions.append(ActivityBooking.reservation_id == party.id)
    rows = itineraries.planned(
        session(),
        here(),
        *conditions,
        live=False,
        latest_first=show in {"past", "cancelled"},
        limit=MOST,
    )
    return render_template(
        "concierge/bookings.html",
        bookings=rows,
        show=show,
        party=party,
        most=MOST,
        counts=_counts(),
    )


def _shown(show: str) -> list[sa.ColumnElement[bool]]:
    now = clock.now()
    state, starts_at = ActivityBooking.state, ActivityTime.starts_at
    today = dates.local(now, here().time_zone).date()
    begins, ends = itineraries.day_of(here(), today)
    shown: dict[str, list[sa.ColumnElement[bool]]] = {
        "unconfirmed": [state == BookingState.BOOKED, starts_at >= now],
        "coming": [state.in_(LIVE), starts_at >= now],
        "today": [state != BookingState.CANCELLED, starts_at >= begins, starts_at < ends],
        "past": [state != BookingState.CANCELLED, starts_at < now],
        "cancelled": [state == BookingState.CANCELLED],
    }
    return shown[show]


def _counts() -> dict[str, int]:
    """Return how many bookings each view that is looked after has, in one question."""
    shows = ("unconfirmed", "coming", "today")
    row = session().execute(
        sa.select(*(sa.func.count(sa.case((sa.and_(*_shown(each)), 1))) for each in shows))
        .select_from(ActivityBooking)
        .join(ActivityBooking.time)
        .where(ActivityBooking.hotel_id == here().id)
    )
    return dict(zip(shows, (int(each) for each in row.one()), strict=True))


@bp.route("/concierge/times/<int:time_id>/book", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def book(time_id: int) -> ResponseReturnValue:
    """Book places of a time for a party."""
    time, party, form = find(ActivityTime, time_id), party_asked(), BookForm()
    form.prepare()
    if not form.is_submitted():
        _begin(form, time, party)
    if form.validate_on_submit():
        room = (form.room.data or "").strip()
        whose = party or party_in(form, "room", room)
        made = whose and attempt(
            form, _book, time, whose, _asked(form, time), form.sent, by=on_duty()
        )
        if made:
            say(
                f"Booking {made.number} is made. Tell {time.activity.vendor.name}, then confirm it."
            )
            return redirect(url_for("concierge.booking", booking_id=made.id))
    status = 422 if form.is_submitted() else 200
    page = render_template("concierge/book.html", form=form, time=time, party=party)
    return page, status


def _book(
    session: Session,
    time: ActivityTime,
    party: Reservation,
    asked: Asked,
    sent: Sent,
    *,
    by: Staff,
) -> ActivityBooking:
    """Book, or return what this very page booked before."""
    hotel = session.get_one(Hotel, time.hotel_id)
    return once(
        session,
        hotel,
        sent,
        lambda: concierge.book(session, time, party, asked, by=by),
        made=lambda booking: booking.id,
        again=lambda id_: session.get_one(ActivityBooking, (hotel.id, id_)),
    )


def _begin(form: BookForm, time: ActivityTime, party: Reservation | None) -> None:
    priced = bool(time.activity.price)
    form.pays.begin_with(Pays.FOLIO if priced else Pays.VENDOR)
    may_charge = priced and may(Permission.POST) and time.activity.charge_code_id is not None
    form.charge.data = may_charge and (party is None or party.state is State.IN_HOUSE)
    form.persons.data = party.adults + party.children if party is not None else 2


def _asked(form: BookForm, time: ActivityTime) -> Asked:
    pickup = None
    if form.pickup.data is not None:
        zone = here().time_zone
        day = dates.local(time.starts_at, zone).date()
        pickup = dates.instant(datetime.combine(day, form.pickup.data), zone)
    return Asked(
        persons=form.persons.data or 0,
        pays=form.pays.chosen,
        charge=bool(form.charge.data) and form.pays.chosen is Pays.FOLIO,
        pickup_at=pickup,
        pickup_place=form.pickup_place.data,
        notes=form.notes.data,
    )


@bp.get("/concierge/bookings/<int:booking_id>")
@allows(Permission.CONCIERGE)
def booking(booking_id: int) -> ResponseReturnValue:
    """Show a booking: whose, when, what it costs, what cancelling costs now, its history."""
    found = find(ActivityBooking, booking_id)
    issued = vouchers.newest(session(), found)
    [planned] = itineraries.planned(session(), here(), ActivityBooking.id == booking_id, live=False)
    return render_template(
        "concierge/booking.html",
        booking=found,
        planned=planned,
        activity=found.time.activity,
        rule=concierge.rule_now(found, here().currency),
        is_charged=concierge.stands(session(), found),
        can_charge=found.pays is Pays.FOLIO
        and bool(found.price)
        and found.state is not BookingState.CANCELLED
        and planned.party is State.IN_HOUSE
        and may(Permission.POST),
        has_begun=clock.now() >= found.time.starts_at,
        voucher=issued,
        voucher_counts=issued is not None and issued.booking_version == found.version,
        may_look=may(Permission.LOOK),
        history=history.of(found, here()),
    )


@bp.route("/concierge/bookings/<int:booking_id>/confirm", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def confirm(booking_id: int) -> ResponseReturnValue:
    """Write down that the vendor expects them."""
    found, form = find(ActivityBooking, booking_id), ConfirmForm()
    form.shows(found)
    if form.validate_on_submit() and attempt(
        form, concierge.confirm, found, vendor_ref=form.vendor_ref.data, by=on_duty()
    ):
        say(f"Booking {found.number} is confirmed.")
        return redirect(url_for("concierge.booking", booking_id=booking_id))
    return _page("concierge/confirm.html", found, form)


@bp.route("/concierge/bookings/<int:booking_id>/move", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def move(booking_id: int) -> ResponseReturnValue:
    """Let the party go at another time."""
    found, form = find(ActivityBooking, booking_id), MoveForm()
    form.shows(found)
    now = clock.now()
    times = catalogue.times(
        session(), here(), first=now, until=now + FARTHEST, activity_ids=[found.time.activity_id]
    )
    form.time.offer(
        [each for each in times if each.left >= found.places and each.id != found.time_id],
        label=lambda each: f"{moment(each.starts_at)}, {each.left} left",
    )
    if form.validate_on_submit() and attempt(
        form, concierge.move, found, time=form.time.chosen, by=on_duty()
    ):
        say(f"Booking {found.number} is moved. Tell {found.time.activity.vendor.name}.")
        return redirect(url_for("concierge.booking", booking_id=booking_id))
    return _page("concierge/move.html", found, form)


@bp.route("/concierge/bookings/<int:booking_id>/cancel", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def cancel(booking_id: int) -> ResponseReturnValue:
    """Cancel a booking; what that costs is said before."""
    found, form = find(ActivityBooking, booking_id), CancelForm()
    form.shows(found)
    waive = bool(form.waive.data) and may(Permission.WAIVE_FEE)
    if form.validate_on_submit() and attempt(
        form, concierge.cancel, found, reason=form.reason.data or "", waive=waive, by=on_duty()
    ):
        fee = Money(found.fee, here().currency)
        cost = f"a fee of {fee.said}" if fee else "nothing"
        say(f"Booking {found.number} is cancelled; it costs {cost}.")
        return redirect(url_for("concierge.booking", booking_id=booking_id))
    return _page(
        "concierge/cancel.html",
        found,
        form,
        rule=concierge.rule_now(found, here().currency),
        may_waive=may(Permission.WAIVE_FEE),
    )


def _page(template: str, found: ActivityBooking, form: Form, **more: object) -> ResponseReturnValue:
    status = 422 if form.is_submitted() else 200
    return render_template(template, booking=found, form=form, **more), status


PRESSED = {
    "charge": (concierge.charge, "is on the bill"),
    "no-show": (concierge.no_show, "is marked as no-show; its places stay taken"),
}


@bp.post("/concierge/bookings/<int:booking_id>/<name>")
@allows(Permission.CONCIERGE)
def press(booking_id: int, name: str) -> ResponseReturnValue:
    """Charge a booking, or note that nobody came, at one press."""
    found = find(ActivityBooking, booking_id)
    acting.press(found, PRESSED, name, called=f"Booking {found.number}")
    return redirect(url_for("concierge.booking", booking_id=booking_id))


@bp.route("/concierge/bookings/<int:booking_id>/mail", methods=["GET", "POST"])
@allows(Permission.CONCIERGE)
def mail(booking_id: int) -> ResponseReturnValue:
    """Mail the voucher to the guest, in their language."""
    found, form = find(ActivityBooking, booking_id), MailForm()
    if not form.is_submitted():
        form.to.data = found.reservation.guest.email or ""
    words = outings.by_mail(session(), here(), found)
    if form.validate_on_submit() and attempt(
        form, concierge.mail, found, words, to=form.to.data or "", by=on_duty()
    ):
        say(f"The voucher goes to {form.to.data}.")
        return redirect(url_for("concierge.booking", booking_id=booking_id))
    return _page("concierge/mail.html", found, form, words=words)


@bp.post("/concierge/bookings/<int:booking_id>/voucher.pdf")
@allows(Permission.CONCIERGE)
def issue_voucher(booking_id: int) -> ResponseReturnValue:
    """Issue the voucher the party shows to the vendor, and hand out the original, this once."""
    found, form, hotel = find(ActivityBooking, booking_id), Form(), here()
    made = attempt(
        form,
        vouchers.issue,
        found,
        write=lambda number: outings.voucher(session(), hotel, found, number=number),
        by=on_duty(),
    )
    if made is None:
        say_refused(form)
        return redirect(url_for("concierge.booking", booking_id=booking_id))
    return _printed(made.page, made)


@bp.get("/concierge/bookings/<int:booking_id>/voucher.pdf")
@allows(Permission.CONCIERGE)
def voucher(booking_id: int) -> ResponseReturnValue:
    """Hand out a copy of the voucher that counts."""
    found = find(ActivityBooking, booking_id)
    issued = vouchers.newest(session(), found)
    if issued is None or not found.is_live:
        abort(404)
    return _printed(outings.copied(issued), issued)


def _printed(page: str, issued: Voucher) -> ResponseReturnValue:
    paper = pdf.render(page, str(current_app.static_folder))
    return handed_out(paper, f"{here().code}-voucher-{issued.number}.pdf")
