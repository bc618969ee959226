"""Keys of a party in house: made, made again, lost, taken back; and how the hotel makes them."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from pms.front_office.checkin.desk import bp, of
from pms.hotel.house.staff import Permission
from pms.hotel.stays import keys, stays
from pms.hotel.stays.keys import Key, LockSystem
from pms.hotel.stays.reservations import Reservation
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form, IntegerField
from pms.web.saying import say, say_outcome, say_refused

SYSTEMS = {
    LockSystem.BY_HAND: "The desk makes keys itself and only writes them down here",
    LockSystem.FILE_DROP: "A lock system takes orders from the folder instance/keys/CODE/orders"
    " and answers in …/answers",
}


class KeysForm(Form):
    """How many keys."""

    count = IntegerField("Keys", default=1)


class LockSystemForm(Form):
    """How keys are made."""

    system = SelectField(
        "Keys are made", choices=[SelectChoice(each.value, says) for each, says in SYSTEMS.items()]
    )


@bp.post("/check-in/<int:reservation_id>/keys")
@allows(Permission.CHECK_IN)
def make_keys(reservation_id: int) -> ResponseReturnValue:
    """Make keys for a party in house."""
    reservation, form = find(Reservation, reservation_id), KeysForm()
    stay = stays.of(session(), reservation)
    if stay is not None:
        made = attempt(form, keys.make, stay, count=form.count.data or 1, by=on_duty())
        if made is None:
            say_refused(form)
        else:
            say(f"{plural(len(made), 'key')} to {stay.room.number}.")
    return redirect(f"{of(reservation)}#keys")


@bp.post("/check-in/keys/<int:key_id>/lost")
@allows(Permission.CHECK_IN)
def lose_key(key_id: int) -> ResponseReturnValue:
    """Write a key down as lost."""
    found, form = find(Key, key_id), Form()
    attempt(form, keys.lose, found, by=on_duty())
    say_outcome(
        form, f"Key {found.no} to {found.room.number} opens nothing any more. Make another."
    )
    return redirect(f"{of(found.stay.reservation)}#keys")


@bp.post("/check-in/keys/<int:key_id>/cancel")
@allows(Permission.CHECK_IN)
def cancel_key(key_id: int) -> ResponseReturnValue:
    """Take a key back."""
    found, form = find(Key, key_id), Form()
    attempt(form, keys.cancel, found, by=on_duty())
    say_outcome(form, f"Key {found.no} to {found.room.number} is back.")
    return redirect(f"{of(found.stay.reservation)}#keys")


@bp.route("/lock-system", methods=["GET", "POST"])
@allows(Permission.SET_UP)
def lock_system() -> ResponseReturnValue:
    """Say how the hotel makes its keys."""
    form = LockSystemForm()
    form.shows(here(), _fill)
    if form.validate_on_submit():
        attempt(form, keys.choose_system, here(), LockSystem(form.system.data), by=on_duty())
        if not form.said:
            say("Keys are made so from now on.")
            return redirect(url_for("checkin.lock_system"))
    return render_template("checkin/lock_system.html", form=form), (422 if form.said else 200)


def _fill(form: LockSystemForm) -> None:
    form.system.data = keys.system_of(session(), here()).value
