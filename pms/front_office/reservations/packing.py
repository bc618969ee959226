"""Packages of a reservation: added from the catalogue, and taken off again."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect
from flask.typing import ResponseReturnValue
from wtforms.validators import NumberRange, Optional

from pms.front_office.reservations.desk import bp, of
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import packages
from pms.hotel.stays import allowances
from pms.hotel.stays.allowances import Left
from pms.hotel.stays.reservations import Reservation, State
from pms.hotel.stays.reservations import packages as of_reservation
from pms.hotel.stays.reservations.package_tables import MOST
from pms.hotel.stays.reservations.packages import Agreed
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.forms import ChoiceField, DateField, Form, IntegerField
from pms.web.saying import say, say_outcome, say_refused


class PackageForm(Form):
    """A package that a party wishes."""

    package = ChoiceField("Package")
    quantity = IntegerField("How many", [Optional(), NumberRange(1, MOST)])
    first = DateField("From the night", [Optional()])


@dataclass(frozen=True, slots=True)
class Shown:
    """A reservation's packages as its page shows them, and the form to add one."""

    rows: list[Agreed]
    form: PackageForm | None
    left: dict[int, Left]


def shown(reservation: Reservation, kept: Sequence[Agreed]) -> Shown:
    """Return the packages a reservation has, and what can be added while it can."""
    form = None
    if reservation.state in {State.BOOKED, State.IN_HOUSE} and not reservation.is_day_use:
        form = _form(bare=True)
    left = {}
    if any(each.element.allowance for each in kept):
        holding = allowances.of_day(session(), reservation, here().business_date)
        left = {each.no: each for each in holding}
    return Shown([each for each in kept if each.element.taken_off_on is None], form, left)


def _form(*, bare: bool = False) -> PackageForm:
    form = PackageForm(formdata=None) if bare else PackageForm()
    sold = packages.catalogue(session(), here(), sold=True)
    form.package.offer(sold, label=lambda each: each.name)
    return form


@bp.post("/reservations/<int:reservation_id>/packages")
@allows(Permission.RESERVE)
def add_package(reservation_id: int) -> ResponseReturnValue:
    """Add a package to a reservation."""
    reservation, form = find(Reservation, reservation_id), _form()
    if form.validate() and form.package.chosen is not None:
        attempt(
            form,
            of_reservation.add,
            reservation,
            form.package.chosen,
            quantity=form.quantity.data or 1,
            first=form.first.data,
            by=on_duty(),
        )
    if form.said:
        say_refused(form)
    elif form.package.chosen is not None:
        say(f"{form.package.chosen.name} is added. The night audit posts it.")
    return redirect(of(reservation))


@bp.post("/reservations/<int:reservation_id>/packages/<int:no>/take-off")
@allows(Permission.RESERVE)
def take_off_package(reservation_id: int, no: int) -> ResponseReturnValue:
    """Take a package off a reservation from tonight on."""
    reservation, form = find(Reservation, reservation_id), Form()
    row = next((r for r in of_reservation.of(session(), reservation) if r.no == no), None)
    if row is not None:
        attempt(form, of_reservation.take_off, reservation, row, by=on_duty())
    say_outcome(
        form, "Taken off from tonight on. What was posted stays on the folio until it is voided."
    )
    return redirect(of(reservation))
