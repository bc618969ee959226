"""Waiting: the list with who can be booked now, in one press; turnaways by reason and day."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.front_office.waiting.forms import TurnawayForm, WaitForm
from pms.hotel.guests import guests
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.stays import reservations, turnaways, waitlist
from pms.hotel.stays.turnaways import Why
from pms.hotel.stays.waitlist import WaitlistEntry
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, may, on_duty
from pms.web.database import session
from pms.web.forms import Form
from pms.web.saying import say, say_outcome, say_refused

bp = Blueprint("waiting", __name__)
DAYS_BACK = 30
SOON = timedelta(days=7)


@bp.route("/waitlist", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def who_waits() -> ResponseReturnValue:
    """Show who waits, the bookable first to see; and let another wait."""
    form = WaitForm() if request.method == "POST" else WaitForm(request.args)
    form.begin()
    if not form.is_submitted():
        form.arrival.data = form.arrival.data or here().business_date
        form.departure.data = form.departure.data or form.arrival.data + timedelta(days=1)
        form.arrival.errors, form.departure.errors = (), ()
    if form.validate_on_submit() and attempt(form, _put, here(), form, by=on_duty()):
        say(f"{form.surname.data} waits.")
        return redirect(url_for("waiting.who_waits"))
    places = waitlist.places(session(), here())
    return render_template(
        "waiting/who_waits.html",
        form=form,
        places=places,
        free=sum(each.can_be_booked for each in places),
        options=reservations.running_out(session(), here(), here().business_date + SOON),
        may_wait=may(Permission.RESERVE),
    )


def _put(session: Session, hotel: Hotel, form: WaitForm, *, by: Staff) -> WaitlistEntry:
    """Write the guest down and let them wait."""
    guest = guests.welcome(
        session,
        hotel,
        surname=form.surname.data or "",
        given_name=form.given_name.data or "",
        email=(form.email.data or "").strip() or None,
        phone=(form.phone.data or "").strip() or None,
        by=by,
    )
    return waitlist.put(
        session,
        hotel,
        guest=guest,
        room_type=form.room_type.chosen,
        plan=form.plan.chosen,
        arrival=form.arrival.data or hotel.business_date,
        departure=form.departure.data or hotel.business_date,
        adults=form.adults.data or 1,
        priority=int(form.priority.data),
        until=form.until.data,
        notes=(form.notes.data or "").strip() or None,
        by=by,
    )


@bp.post("/waitlist/<int:entry_id>/book")
@allows(Permission.RESERVE)
def book(entry_id: int) -> ResponseReturnValue:
    """Book what was waited for."""
    entry, form = find(WaitlistEntry, entry_id), Form()
    made = attempt(form, waitlist.accept, entry, by=on_duty())
    if made is None:
        say_refused(form)
        return redirect(url_for("waiting.who_waits"))
    say(f"Booked for {made.guest.name}. Number {made.number}.")
    return redirect(url_for("reservations.reservation", reservation_id=made.id))


@bp.post("/waitlist/<int:entry_id>/offer")
@allows(Permission.RESERVE)
def offer(entry_id: int) -> ResponseReturnValue:
    """Note that the guest was told of a room."""
    entry, form = find(WaitlistEntry, entry_id), Form()
    attempt(form, waitlist.offer, entry, by=on_duty())
    say_outcome(form, f"{entry.guest.name} was told.")
    return redirect(url_for("waiting.who_waits"))


@bp.post("/waitlist/<int:entry_id>/withdraw")
@allows(Permission.RESERVE)
def withdraw(entry_id: int) -> ResponseReturnValue:
    """Take somebody off the list."""
    entry, form = find(WaitlistEntry, entry_id), Form()
    attempt(form, waitlist.withdraw, entry, by=on_duty())
    say_outcome(form, f"{entry.guest.name} waits no more.")
    return redirect(url_for("waiting.who_waits"))


@bp.route("/turnaways", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def turned_away() -> ResponseReturnValue:
    """Show what was turned away in a month, by reason and day; and note another."""
    hotel = here()
    form = TurnawayForm() if request.method == "POST" else TurnawayForm(request.args)
    form.begin()
    if not form.is_submitted():
        form.arrival.data = form.arrival.data or hotel.business_date
        form.departure.data = form.departure.data or form.arrival.data + timedelta(days=1)
        form.arrival.errors, form.departure.errors = (), ()
    if form.validate_on_submit():
        made = attempt(
            form,
            turnaways.note,
            hotel,
            why=Why(form.why.data),
            arrival=form.arrival.data or hotel.business_date,
            departure=form.departure.data or hotel.business_date,
            adults=form.adults.data or 1,
            rooms=form.rooms.data or 1,
            room_type=form.room_type.chosen,
            words=(form.words.data or "").strip() or None,
            by=on_duty(),
        )
        if made:
            say(f"Noted: {made.why.words.lower()}, a {made.kind.value}.")
            return redirect(url_for("waiting.turned_away"))
    first = hotel.business_date - timedelta(days=DAYS_BACK)
    noted = turnaways.of_days(session(), hotel, first, hotel.business_date)
    return render_template(
        "waiting/turned_away.html",
        form=form,
        noted=noted,
        lost=turnaways.by_reason(session(), hotel, first, hotel.business_date),
        days=turnaways.by_day(noted),
        first=first,
    )
