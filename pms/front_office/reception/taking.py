"""Taking messages: written down, looked at, printed, delivered and withdrawn."""

import sqlalchemy as sa
from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.front_office.reception.desk import bp
from pms.front_office.reception.forms import DeliverForm, MessageForm, WithdrawForm
from pms.gateways import pdf
from pms.hotel.house.staff import Permission
from pms.hotel.service import reception
from pms.hotel.service.reception import GuestMessage, MessageState
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation
from pms.web import history, paging
from pms.web.asked import handed_out, party_asked, party_in
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.letters import slips
from pms.web.saying import say


@bp.route("/reception/messages/new", methods=["GET", "POST"])
@allows(Permission.RECEIVE)
def new_message() -> ResponseReturnValue:
    """Take a message for a party."""
    form, party = MessageForm(), party_asked()
    if form.validate_on_submit():
        whose = party or party_in(form, "room", (form.room.data or "").strip())
        made = whose and attempt(
            form,
            reception.take,
            whose,
            sender=form.sender.data or "",
            phone=form.phone.data,
            words=form.words.data or "",
            urgent=form.urgent.data,
            by=on_duty(),
        )
        if made:
            say(f"Message {made.number} waits for {made.reservation.guest.name}.")
            return redirect(url_for("reception.message", message_id=made.id))
    page = render_template("reception/new_message.html", form=form, party=party)
    return page, 422 if form.is_submitted() else 200


@bp.get("/reception/messages")
@allows(Permission.RECEIVE)
def messages() -> ResponseReturnValue:
    """Show the messages of a party, or of everybody, the newest first."""
    query = (
        sa.select(GuestMessage)
        .options(
            sa.orm.joinedload(GuestMessage.reservation).joinedload(Reservation.guest),
        )
        .where(GuestMessage.hotel_id == here().id)
        .order_by(GuestMessage.id.desc())
    )
    party = party_asked()
    if party is not None:
        query = query.where(GuestMessage.reservation_id == party.id)
    return render_template("reception/messages.html", page=paging.page(query), party=party)


@bp.get("/reception/messages/<int:message_id>")
@allows(Permission.RECEIVE)
def message(message_id: int) -> ResponseReturnValue:
    """Show one message and what can be done with it."""
    return _page(find(GuestMessage, message_id), DeliverForm(), WithdrawForm())


@bp.post("/reception/messages/<int:message_id>/deliver")
@allows(Permission.RECEIVE)
def deliver(message_id: int) -> ResponseReturnValue:
    """Write down that the guest has it."""
    found, form = find(GuestMessage, message_id), DeliverForm()
    form.prepare()
    if form.validate_on_submit() and attempt(
        form, reception.deliver, found, how=form.how.chosen, by=on_duty()
    ):
        say(f"{found.reservation.guest.name} has message {found.number}.")
        return redirect(url_for("reception.reception"))
    return _page(found, form, WithdrawForm(formdata=None))


@bp.post("/reception/messages/<int:message_id>/withdraw")
@allows(Permission.RECEIVE)
def withdraw(message_id: int) -> ResponseReturnValue:
    """Take a message back."""
    found, form = find(GuestMessage, message_id), WithdrawForm()
    if form.validate_on_submit() and attempt(
        form, reception.withdraw, found, reason=form.reason.data or "", by=on_duty()
    ):
        say(f"Message {found.number} is withdrawn.")
        return redirect(url_for("reception.reception"))
    return _page(found, DeliverForm(formdata=None), form)


def _page(
    found: GuestMessage, delivers: DeliverForm, withdraws: WithdrawForm
) -> ResponseReturnValue:
    delivers.prepare()
    stay = stays.of(session(), found.reservation)
    page = render_template(
        "reception/message.html",
        message=found,
        waits=found.state is MessageState.WAITING,
        room=stay.room.number if stay is not None else None,
        delivers=delivers,
        withdraws=withdraws,
        history=history.of(found, here()),
    )
    return page, 422 if request.method == "POST" else 200


@bp.get("/reception/messages/<int:message_id>/slip.pdf")
@allows(Permission.RECEIVE)
def slip(message_id: int) -> ResponseReturnValue:
    """Hand out a message on paper, in the guest's language."""
    found = find(GuestMessage, message_id)
    if found.state is MessageState.WITHDRAWN:
        abort(404)
    page = slips.message(session(), here(), found)
    paper = pdf.render(page, str(current_app.static_folder))
    return handed_out(paper, f"{here().code}-message-{found.number}.pdf")
