"""Online: what was asked for and paid at the gateway, and what is where a step wants it there."""

from contextlib import suppress
from dataclasses import replace

import sqlalchemy as sa

from pms.base import clock
from pms.base.refusal import Refusal
from pms.gateways.stripe_fake.doing import No
from pms.hotel.books.ledger import Entry
from pms.hotel.books.payments import Payment, PaymentKind
from pms.hotel.books.payments.online import RETURNED, GatewayPayment
from pms.hotel.service import checkout
from pms.hotel.service.checkout import OPEN_STATES, Deed, HoldState, Intent, IntentState, refundable
from pms.hotel.stays.reservations import Reservation, State
from tests.hotel.service.machine.finding import ANY
from tests.hotel.service.machine.house import House
from tests.hotel.service.paying import euros

TAKEN = sa.and_(
    GatewayPayment.amount > 0,
    ~sa.func.coalesce(GatewayPayment.charge, GatewayPayment.object_id).endswith(RETURNED),
)
GOING = (IntentState.INTENDED, IntentState.CALLED)


class Online(House):
    """A hotel whose guests are asked for money, and paid some."""

    def some_request(self, place):
        """What a guest is asked for, mostly what can still be done; asked where nothing is."""
        asked = sa.and_(
            checkout.PaymentRequest.state.in_(OPEN_STATES),
            checkout.PaymentRequest.expires_at > clock.now(),
        )
        return self.some(checkout.PaymentRequest, place, fits=asked, otherwise=self.asks)

    def asks(self):
        """Ask for a deposit."""
        self.known = None
        with suppress(Refusal):
            return self.till.asks(minor=8_000, reservation=self.some_party(0, State.BOOKED))

    def some_paid(self, place):
        """What was paid online, mostly for who is to come and with something left of it."""

        def pays():
            request = self.asks()
            if request is not None:
                self.till.pays(request)

        self.session.rollback()
        paid = self.session.scalars(sa.select(GatewayPayment).where(TAKEN)).all()
        left = [each.id for each in paid if refundable.left(self.session, self.house, each)]
        awaited = sa.select(Reservation.id).where(Reservation.state == State.BOOKED)
        deposits = sa.select(Payment.id).join(Entry, Entry.id == Payment.entry_id).where(
            Payment.kind == PaymentKind.DEPOSIT, Entry.subject_id.in_(awaited)
        )  # fmt: skip
        fits = sa.and_(GatewayPayment.id.in_(left), GatewayPayment.payment_id.in_(deposits))
        return self.some(GatewayPayment, place, TAKEN, fits=fits, otherwise=pays)

    def some_of(self, paid, minor, place):
        """An amount, mostly no more than is left of what was paid."""
        if paid is not None and place < ANY:
            minor = min(minor, refundable.left(self.session, self.house, paid).minor) or minor
        return euros(minor)

    def keeps_a_card(self):
        """Of somebody who owes something."""
        party = self.some_party(0, State.BOOKED)
        self.known = None
        if party is not None:
            with suppress(Refusal):
                self.till.keeps(party)
                self.till.charges(party)

    def nonsense(self, place):
        """A page that is open, and an answer of another mode."""
        called = sa.and_(Intent.state == IntentState.CALLED, Intent.object_id.is_not(None))
        intent = self.some(Intent, place, called, Intent.deed == Deed.CHECKOUT)
        request = None if intent else self.some_request(place)
        if request is not None and request.is_open:
            self.known = None
            with suppress(Refusal):
                intent = self.till.opens(request)
        if intent is None:
            return None, None
        gateway = self.till.gateways(self.house.code, intent.mode)
        return intent, replace(gateway.look(intent.object_id), live=True)

    def account_of(self, paid, place):
        """Whose credit is given back: mostly of who paid, deposit or folio."""
        payment = paid and self.session.get_one(Payment, (self.house.id, paid.payment_id))
        if payment is not None and payment.kind is PaymentKind.DEPOSIT and place < ANY:
            entry = self.session.get_one(Entry, (self.house.id, payment.entry_id))
            party = self.session.get_one(Reservation, (self.house.id, entry.subject_id))
            return {"reservation": party}
        return {"folio": self.some_folio(place)}

    def some_hold(self, place):
        """What is held on a card and that nobody is ending."""

        def holds():
            party = self.some_party(0, State.BOOKED)
            self.known = None
            if party is not None:
                self.till.holds(party)

        busy = sa.select(Intent.hold_id).where(Intent.hold_id > 0, Intent.state.in_(GOING))
        held = sa.and_(
            checkout.CardHold.state == HoldState.HELD,
            checkout.CardHold.capture_before > clock.now(),
            checkout.CardHold.id.not_in(busy),
        )
        return self.some(checkout.CardHold, place, fits=held, otherwise=holds)

    def goes_back(self, payment, minor, goes, purpose):
        """Over there, something of what was just paid; a hold is taken whole, or let go."""
        stripe = self.till.stripe
        if stripe.find(payment)["status"] == "requires_capture":
            return stripe.capture(payment, {}) if minor % 200 else stripe.cancel(payment)
        charge = stripe.find(stripe.find(payment)["latest_charge"])
        if goes != "disputed" and minor < charge["amount"]:
            stripe.refund({"payment_intent": payment, "amount": minor})
        return stripe.open_dispute(payment) if goes != "back" else charge

    def opens_dispute(self, place):
        of = self.some_paid(place)
        charge = of and self._charge_of(of)
        if charge and not charge["disputed"] and not charge["refunded"]:
            with suppress(No):
                return self.till.stripe.open_dispute(of.named)
        return None

    def _charge_of(self, paid):
        return self.till.stripe.find(self.till.stripe.find(paid.named)["latest_charge"])
