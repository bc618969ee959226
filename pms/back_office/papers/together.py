"""One receipt for several payments of a booking's rooms."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.back_office.papers.desk import bp
from pms.back_office.papers.forms import TogetherForm
from pms.back_office.papers.issuing import is_sent, made_page, offer_whom, typed_addressee
from pms.hotel.books import papers
from pms.hotel.books.papers import About, issuers
from pms.hotel.house.staff import Permission
from pms.hotel.service import paid_together
from pms.hotel.stays import billing, guest_links
from pms.hotel.stays.reservations import Reservation
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session


@bp.route("/reservations/<int:reservation_id>/rooms/receipt", methods=["GET", "POST"])
@allows(Permission.ISSUE_PAPERS)
def of_rooms(reservation_id: int) -> ResponseReturnValue:
    """Issue one receipt for what was paid for the rooms of a booking, as far as none has one."""
    booking = guest_links.first_of(session(), find(Reservation, reservation_id))
    paid = paid_together.to_receipt(session(), here(), guest_links.rooms(session(), booking))
    form = TogetherForm()
    form.payments.choices = [(each.payment.id, each.words) for each in paid]
    if not form.is_submitted():
        asked = request.args.getlist("payment", type=int)
        form.payments.data = [
            each.payment.id for each in paid if not asked or each.payment.id in asked
        ]
    offered = billing.choices_for_payment(session(), here(), paid[0].payment) if paid else []
    offer_whom(form, offered)
    if is_sent(form) and form.validate():
        ticked = set(form.payments.data or [])
        paper = attempt(
            form,
            papers.receipt_together,
            [each for each in paid if each.payment.id in ticked],
            to=typed_addressee(form, offered),
            about=About(booking=str(booking.number), guest=booking.guest.name),
            by=on_duty(),
        )
        if paper is not None:
            return made_page(paper)
    html = render_template(
        "papers/together.html", form=form, booking=booking, paid=paid,
        issuer=issuers.of(session(), here()),
        back=url_for("reservations.reservation", reservation_id=reservation_id),
    )  # fmt: skip
    return html, 422 if is_sent(form) else 200
