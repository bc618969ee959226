"""Rooms of one booking paid together: asked for, taken at the desk, given back whole."""

from contextlib import suppress
from dataclasses import replace

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.books import ledger, papers
from pms.hotel.books.ledger import Entry
from pms.hotel.books.papers.tables import ReceiptPayment
from pms.hotel.books.payments import Method, Payment
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.service import booked_rooms, paid_together, web_payments
from pms.hotel.service.checkout import (
    PaymentRequest,
    Purpose,
    RequestState,
    intents,
    parts,
    whole,
)
from pms.hotel.stays import guest_links
from pms.hotel.stays.reservations import State
from tests import make, papered
from tests.hotel.service.machine.finding import ANY
from tests.hotel.service.machine.gateway import Gateway
from tests.hotel.service.machine.house import AMOUNTS, PLACES, deed, named
from tests.hotel.service.paying import euros


class Together(Gateway):
    """What who booked several rooms pays for all of them at once."""

    def furnish(self):
        """A family of two rooms that paid together once; the second is asked for a deposit."""
        super().furnish()
        lead = self.till.books(surname="Lead")
        self.family = [lead, self.till.books(surname="Beside", with_booking=lead)]
        self.till.pays_rooms(self.family)
        self.till.asks(reservation=self.family[1])

    @deed()
    def ask_for_rooms(self):
        """By their own link, for what is owed."""
        self.session.rollback()
        rooms = booked_rooms.of(self.session, self.house, self.family)
        self.does(web_payments.ask_for_rooms, self.family[0], rooms, language="en")

    @deed(minor=AMOUNTS, method=st.sampled_from([Method.CASH, Method.TRANSFER]))
    def take_for_rooms(self, minor, method):
        """At the desk: what each owes, and a deposit of who owes nothing."""
        self.session.rollback()
        listed = booked_rooms.may_be_asked(self.session, self.house, self.family)
        owes = [each if each.amount else replace(each, amount=euros(minor)) for each in listed]
        self.does(paid_together.take, self.family[0], owes, method=method)

    @deed(place=PLACES)
    def receipt_for_rooms(self, place):
        """One for all that was paid and has none."""
        paid = self.to_receipt()
        if len(paid) < 2 and place < ANY:
            self.pays_at_the_desk()
            paid = self.to_receipt()
        self.does(papers.receipt_together, paid, to=papered.GUEST)

    def to_receipt(self):
        self.session.rollback()
        rooms = guest_links.rooms(self.session, self.family[0])
        return paid_together.to_receipt(self.session, self.house, rooms)

    def pays_at_the_desk(self):
        """Deposits of a family: of a new one, where one of its rooms isn't awaited any more."""
        for each in self.family:
            self.session.refresh(each)
        if any(each.state is not State.BOOKED for each in self.family):
            lead = self.prepares(make.reservation, self.house, surname="Lead")
            beside = self.prepares(make.reservation, self.house, surname="Beside",
                                   with_booking=lead)  # fmt: skip
            self.family = [lead, beside] if lead and beside else self.family
        owes = [parts.RoomOwes(reservation=each, amount=euros(2_000)) for each in self.family]
        self.prepares(paid_together.take, self.family[0], owes, method=Method.TRANSFER)

    @deed(place=PLACES)
    def void_of_several(self, place):
        """One of the payments that are on one receipt: only its line is taken back."""

        def pays():
            self.pays_at_the_desk()
            self.prepares(papers.receipt_together, self.to_receipt(), to=papered.GUEST)

        on_one = Payment.id.in_(sa.select(ReceiptPayment.payment_id))
        fits = sa.and_(
            Payment.business_day == self.some_day(0),
            Payment.entry_id.in_(sa.select(Entry.id).where(ledger.standing())),
            Payment.id.not_in(sa.select(GatewayPayment.payment_id)),
        )
        wrong = self.some(Payment, place, on_one, fits=fits, otherwise=pays)
        self.does(papers.void_payment, wrong, reason="Wrong room")

    @deed(place=PLACES, lost=st.booleans())
    def give_back_rooms(self, place, lost):
        """All that is left of one payment, room by room; answers may get lost."""

        def pays():
            self.known = None
            lead = self.till.books(surname="Lead")
            self.till.pays_rooms([lead, self.till.books(surname="Beside", with_booking=lead)])

        rooms = PaymentRequest.purpose == Purpose.ROOMS
        paid = sa.and_(rooms, PaymentRequest.state == RequestState.PAID)
        self.session.rollback()
        asked = self.session.scalars(sa.select(PaymentRequest).where(paid)).all()
        left = [each.id for each in asked if whole.left(self.session, each)]
        request = self.some(PaymentRequest, place, paid, fits=PaymentRequest.id.in_(left))
        if not left and place < ANY:
            with suppress(Refusal):
                pays()
            request = self.some(PaymentRequest, place, paid, fits=PaymentRequest.id.not_in(
                [each.id for each in asked]))  # fmt: skip
        self.session.rollback()
        if request is not None:
            self.asks_of_it(named(whole.refund), lambda: self._gives_back(request), lost)

    def _gives_back(self, request):
        with transaction(self.session):
            made = whole.refund(self.session, request, reason="Sorry", by=self.by)
        for intent in made:
            intents.carry_out(self.session, intent, self.till.gateways)
