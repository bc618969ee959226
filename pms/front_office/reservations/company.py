"""The company a stay is for: put on after it was booked, changed, or taken off."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Length

from pms.base.refusal import Invalid
from pms.front_office.reservations.desk import bp, of
from pms.hotel.books import routing, taking
from pms.hotel.books.folios import Folio, Taking
from pms.hotel.guests import companies
from pms.hotel.house.staff import Permission
from pms.hotel.stays import agreed_routing
from pms.hotel.stays.booked_for import book_for
from pms.hotel.stays.reservations import Reservation
from pms.web import sentences
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say


class NoSuchCompany(Invalid):
    """Nobody, or several, are called so."""

    def __init__(self, words: str) -> None:
        super().__init__(f"No one company is called “{words}”. Write its code.", field="company")


class CompanyForm(Form):
    """For which company a stay is."""

    company = StringField("Company, by code or name", [Length(max=80)])


@bp.route("/reservations/<int:reservation_id>/company", methods=["GET", "POST"])
@allows(Permission.RESERVE)
def company(reservation_id: int) -> ResponseReturnValue:
    """Let a stay be for a company, or for none; its rules are laid down on the bill."""
    reservation, form = find(Reservation, reservation_id), CompanyForm()
    form.shows(reservation, lambda shown: _fill(shown, reservation))
    if form.validate_on_submit():
        words = (form.company.data or "").strip()
        found = companies.called(session(), here(), words)
        if words and len(found) != 1:
            form.refuse(NoSuchCompany(words))
        else:
            firm = found[0] if found else None
            laid = attempt(form, book_for, reservation, firm, by=on_duty())
            if laid is not None:
                whose = f"The stay is for {firm.name}" if firm else "The stay is for no company"
                rules = f"; {plural(len(laid), 'rule')} laid down on the bill" if laid else ""
                say(f"{whose}{rules}.")
                return redirect(of(reservation))
    shown = render_template("reservations/company.html", reservation=reservation, form=form)
    return shown, 422 if form.is_submitted() else 200


def _fill(form: CompanyForm, reservation: Reservation) -> None:
    form.company.data = reservation.company.code if reservation.company else None


def pays(reservation: Reservation) -> list[str]:
    """Return what a company pays of a stay as agreed, in words: on its bill, or once it has one."""
    payer = agreed_routing.payer_of(session(), reservation)
    if payer is None:
        return []
    rules: list[Taking]
    if reservation.folio_id is None:
        booked_at = reservation.booked_at
        rules = [*agreed_routing.agreed(session(), reservation, payer, at=booked_at)]
    else:
        folio = session().get_one(Folio, (here().id, reservation.folio_id))
        rules = [each for each in routing.of(session(), folio) if each.default_id is not None]
    taken = taking.of_rules(session(), here(), rules)
    return [sentences.sentence(takes, payer=payer.name) for takes in taken]
