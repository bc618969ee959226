"""Options and shares: a promise that runs out, made firm; who pays how much of a room; and a room
taken out of its booking, or put back.
"""

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue

from pms.front_office.reservations.desk import bp, of
from pms.hotel.house.staff import Permission
from pms.hotel.stays import reservations
from pms.hotel.stays.reservations import Reservation, Share
from pms.web import refused
from pms.web.attempt import attempt
from pms.web.auth import allows, find, on_duty
from pms.web.filters import day
from pms.web.forms import DateField, Form
from pms.web.saying import say, say_outcome, say_refused


class OptionForm(Form):
    """Until when a promise is kept."""

    option = DateField("Option until")


@bp.post("/reservations/<int:reservation_id>/option")
@allows(Permission.RESERVE)
def option(reservation_id: int) -> ResponseReturnValue:
    """Keep a promise only until a day."""
    reservation, form = find(Reservation, reservation_id), OptionForm()
    if form.validate_on_submit() and form.option.data is not None:
        until = form.option.data
        attempt(form, reservations.keep_until, reservation, until=until, by=on_duty())
        if not form.said:
            say(f"An option until {day(until)}: that night's audit cancels it.")
    return refused.or_back(form, of(reservation))


@bp.post("/reservations/<int:reservation_id>/confirm")
@allows(Permission.RESERVE)
def confirm(reservation_id: int) -> ResponseReturnValue:
    """Make an option firm."""
    reservation, form = find(Reservation, reservation_id), Form()
    attempt(form, reservations.confirm, reservation, by=on_duty())
    say_outcome(form, "Confirmed: it runs out no more.")
    return redirect(of(reservation))


@bp.post("/reservations/<int:reservation_id>/separate")
@allows(Permission.RESERVE)
def separate(reservation_id: int) -> ResponseReturnValue:
    """Take a room out of its booking."""
    reservation, form = find(Reservation, reservation_id), Form()
    attempt(form, reservations.separate, reservation, by=on_duty())
    say_outcome(form, f"{reservation.number} is a booking of its own.")
    return redirect(of(reservation))


@bp.post("/reservations/<int:reservation_id>/put-back")
@allows(Permission.RESERVE)
def put_back(reservation_id: int) -> ResponseReturnValue:
    """Put a room back into the booking it was taken out of."""
    reservation, form = find(Reservation, reservation_id), Form()
    attempt(form, reservations.put_back, reservation, by=on_duty())
    say_outcome(form, f"{reservation.number} is of booking {reservation.booking_number} again.")
    return redirect(of(reservation))


@bp.post("/reservations/<int:reservation_id>/share-rate")
@allows(Permission.RESERVE)
def share_rate(reservation_id: int) -> ResponseReturnValue:
    """Let those who share the room pay for it in one of three ways."""
    reservation, form = find(Reservation, reservation_id), Form()
    way = request.form.get("way", "")
    if way not in set(Share):
        abort(404)
    parties = attempt(form, reservations.split_rate, reservation, Share(way), by=on_duty())
    if parties is None:
        say_refused(form)
    else:
        say(f"{Share(way).words}: {', '.join(each.guest.name for each in parties)}.")
    return redirect(of(reservation))
