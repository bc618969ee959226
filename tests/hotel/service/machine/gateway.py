"""At the gateway: asked for, paid, held, given back; answers lost, events doubled and shuffled."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.gateways.stripe_fake.doing import No
from pms.hotel.books.payments.online import RETURNED, GatewayPayment
from pms.hotel.service import checkout
from pms.hotel.service.checkout import IntentState, Purpose, holding, intending, intents, payouts
from tests.hotel.service.machine.house import AMOUNTS, PLACES, House, deed, named
from tests.hotel.service.paying import euros

CARDS = st.sampled_from(["visa", "visa", "declined", "later", "debit"])


class Gateway(House):
    """What guests pay online: intended, called, settled, and cut off between."""

    def act(self, lost, verb, thing, **details):
        """Do something at the gateway by a verb, whose answer may get lost."""
        self.session.rollback()
        if thing is not None:
            self.asks_of_it(named(verb), lambda: self.till.does(verb, thing, **details), lost)

    def asks_of_it(self, name, deed, lost):
        """Do something whose answer may get lost."""

        def loses():
            self.till.practice.lose_replies = int(lost)
            try:
                deed()
            finally:
                self.till.practice.lose_replies = 0

        self.tries(name, loses)

    @deed(purpose=st.sampled_from(Purpose), minor=AMOUNTS)
    def ask(self, purpose, minor):
        whose = "folio" if purpose is Purpose.BALANCE else "reservation"
        of = {"folio": self.folio, "reservation": self.coming}[whose]
        self.tries("ask", lambda: self.till.asks(purpose, minor, **{whose: of}))

    @deed(place=PLACES, card=CARDS, lost=st.booleans(), looks=st.booleans())
    def pay(self, place, card, lost, looks):
        request = self.some(checkout.PaymentRequest, place)

        def guest_pays():
            intent = self.till.opens(request)
            self.till.chooses(intent, card)
            if looks:
                self.till.looks(intent)

        if request is not None:
            self.asks_of_it("pay", guest_pays, lost)

    @deed(place=PLACES)
    def withdraw(self, place):
        self.does(checkout.withdraw, self.some(checkout.PaymentRequest, place), reason="Wrong")

    @deed(place=PLACES, minor=AMOUNTS, lost=st.booleans(), takes=st.booleans())
    def end_hold(self, place, minor, lost, takes):
        hold = self.some(checkout.CardHold, place)
        self.act(lost, intending.capture if takes else intending.release, hold,
                 **({"amount": euros(minor)} if takes else {}))  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS, lost=st.booleans())
    def give_back(self, place, minor, lost):
        of = self.some(GatewayPayment, place, GatewayPayment.amount > 0)
        self.act(lost, intending.refund, of, amount=euros(minor), reason="Sorry",
                 reservation=self.coming)  # fmt: skip

    @deed(minor=AMOUNTS, lost=st.booleans())
    def charge_card(self, minor, lost):
        card = next(iter(holding.cards_of(self.session, self.coming)), None)
        self.act(lost, intending.charge, card, amount=euros(minor), reason="Fee")

    @deed(order=st.randoms(use_true_random=False), twice=st.booleans())
    def hear(self, order, twice):
        told = self.till.news() * (2 if twice else 1)
        order.shuffle(told)

        def hears():
            for event in told[: len(told) // 2 + 1]:
                self.till.hears(event)
            self.till.works()

        self.tries("hear", hears)

    @deed(place=PLACES, won=st.booleans())
    def dispute(self, place, won):
        of = self.some(GatewayPayment, place, GatewayPayment.amount > 0)
        if of is None or self._charge_of(of)["disputed"]:
            return
        with suppress(No):
            opened = self.till.stripe.open_dispute(of.object_id)
            self.till.stripe.close_dispute(opened["id"], won=won)

    def _charge_of(self, paid):
        return self.till.stripe.find(self.till.stripe.find(paid.object_id)["latest_charge"])

    @deed()
    def pay_out(self):
        with suppress(No):
            self.till.stripe.pay_out()
        fetch = partial(intents.fetch_payouts, self.session, self.house, self.till.gateways)
        self.tries("fetch payouts", fetch)

    @deed(after=st.sampled_from([timedelta(minutes=2), timedelta(hours=8)]))
    def reconcile(self, after):
        self.tries("reconcile", lambda: self.till.reconciles(after=after))

    @deed(place=PLACES)
    def bank_returns(self, place):
        """The guest's bank sends back what was given back, days later."""
        back = self.some(GatewayPayment, place, GatewayPayment.amount < 0)
        if back is not None:
            with suppress(No):
                self.till.stripe.return_refund(back.object_id)

    @deed(place=PLACES, minor=AMOUNTS)
    def intend_a_refund(self, place, minor):
        """Nobody calls: whoever intended it died."""
        of = self.some(GatewayPayment, place, GatewayPayment.amount > 0)
        self.does(intending.refund, of, amount=euros(minor), reason="Sorry", folio=self.folio)

    # --- at the end ---------------------------------------------------------------------------

    def ends(self):
        """Tell all that happened and ask about all that is left; then both books are the same."""
        for event in self.till.news():
            self.till.hears(event)
        self.till.works()
        for days in (1, 2, 3):
            self.till.reconciles(after=timedelta(days=days))
        self.same_as_the_gateways()

    def same_as_the_gateways(self):
        """Payment by payment, what was taken and given back is the same on both sides."""
        store, code = self.till.practice.store, self.house.code
        theirs = {
            each["payment_intent"]: each["amount_captured"] - each["amount_refunded"]
            for each in store.all(code, "charge")
            if each["captured"]
        }
        rows = self.session.scalars(sa.select(GatewayPayment)).all()
        named = {row.id: row.object_id for row in rows}
        ours = {}
        for row in rows:
            payment = named[row.gives_back_id or row.id]
            if payment.endswith(RETURNED):
                back = next(each for each in rows if each.object_id + RETURNED == payment)
                payment = named[back.gives_back_id]
            ours[payment] = ours.get(payment, 0) + row.amount
        assert ours == theirs
        assert payouts.owed(self.session, self.house).adds_up
        left = {each.state for each in self.till.intents()}
        delayed = any(each["status"] == "processing" for each in store.all(code, "payment_intent"))
        assert IntentState.INTENDED not in left
        assert delayed or IntentState.CALLED not in left
