"""At the gateway: asked for, paid, held, given back; answers lost, events doubled and shuffled."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.gateways.stripe_fake.doing import No
from pms.hotel.books.papers import tax_due
from pms.hotel.books.papers.tax_due import TaxDue
from pms.hotel.books.payments.online import RETURNED, GatewayPayment
from pms.hotel.service import checkout
from pms.hotel.service.checkout import (
    Intent,
    IntentState,
    Purpose,
    RequestState,
    express_cards,
    following,
    intending,
    intents,
    payouts,
    putting_aside,
    settling,
)
from pms.hotel.stays.reservations import State
from tests.hotel.service.machine.finding import ANY
from tests.hotel.service.machine.house import AMOUNTS, PLACES, deed, named
from tests.hotel.service.machine.online import GOING, Online
from tests.hotel.service.paying import euros

CARDS = st.sampled_from(["visa", "visa", "declined", "later", "debit"])


def hears(session, intent, heard, *, by):
    """Settle by an answer; it comes from the gateway, so nobody does it."""
    settling.settle(session, intent, heard)


class Gateway(Online):
    """What guests pay online: intended, called, settled, and cut off between."""

    def furnish(self):
        """Parties that paid a deposit online, have money held on a card, and one that is kept.

        The first is asked for more, the last owes something.
        """
        super().furnish()
        online, held, kept = (self.till.books(surname=name) for name in ("Online", "Held", "Kept"))
        self.till.pays(self.till.asks(reservation=online))
        self.till.asks(reservation=online)
        self.till.holds(held)
        self.till.keeps(kept)
        self.till.charges(kept)

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

    @deed(place=PLACES, purpose=st.sampled_from(Purpose), minor=AMOUNTS)
    def ask(self, place, purpose, minor):
        if purpose is Purpose.BALANCE:
            whose = {"folio": self.some_folio(place)}
        else:
            whose = {"reservation": self.some_party(place, State.BOOKED)}
        self.tries("ask", lambda: self.till.asks(purpose, minor, **whose))

    @deed(place=PLACES, card=CARDS, lost=st.booleans(), looks=st.booleans())
    def pay(self, place, card, lost, looks):
        request = self.some_request(place)

        def guest_pays():
            intent = self.till.opens(request)
            self.till.chooses(intent, card)
            if looks:
                self.till.looks(intent)

        if request is not None:
            self.asks_of_it("pay", guest_pays, lost)

    @deed(place=PLACES, looks=st.booleans())
    def tell_guest(self, place, looks):
        """The link goes by mail, or its guest looks at it."""
        request = self.some_request(place)
        if looks:
            self.does(checkout.note_opened, request)
        else:
            self.does(checkout.mail, request, to="ana@example.org", subject="Your deposit",
                      text="Please pay", html="<p>Please pay</p>")  # fmt: skip

    @deed(due=st.sampled_from(TaxDue), express=st.booleans())
    def change_terms(self, due, express):
        """From today on VAT of deposits is due otherwise, and cards pay express check-outs."""
        self.does(tax_due.set_from, self.house, due, from_day=self.some_day(0))
        self.does(express_cards.allow, self.house, allowed=express)

    @deed(place=PLACES)
    def withdraw(self, place):
        self.does(checkout.withdraw, self.some_request(place), reason="Wrong")

    @deed(place=PLACES)
    def close_pages(self, place):
        """The hosted pages of what was withdrawn are shut, one by one."""

        def withdraws():
            request = self.some_request(place)
            if request is not None and request.is_open:
                self.known = None
                with suppress(Refusal):
                    self.till.opens(request)
            self.prepares(checkout.withdraw, request, reason="Wrong")

        withdrawn = checkout.PaymentRequest.state == RequestState.WITHDRAWN
        request = self.some(checkout.PaymentRequest, place, withdrawn, otherwise=withdraws)
        closes = partial(intents.close_pages, self.session, request, self.till.gateways)
        if request is not None:
            self.tries("close pages", closes)

    @deed(place=PLACES)
    def forget_card(self, place):
        standing = checkout.KeptCard.ended_at.is_(None)
        card = self.some(checkout.KeptCard, place, fits=standing, otherwise=self.keeps_a_card)
        forgets = partial(
            intents.forget_card, self.session, card, self.till.gateways, reason="Gone", by=self.by
        )
        if card is not None:
            self.tries("forget card", forgets)

    @deed(place=PLACES)
    def hear_nonsense(self, place):
        """An answer comes that isn't what was asked for: it is put aside."""
        intent, odd = self.nonsense(place)
        self.does(hears, intent, odd)

    @deed(place=PLACES)
    def end_put_aside(self, place):
        aside = sa.and_(
            Intent.refused.startswith(putting_aside.MARK),
            Intent.state.in_(GOING),
        )
        intent = self.some(Intent, place, aside)
        if intent is None:
            intent, odd = self.nonsense(place)
            self.prepares(hears, intent, odd)
        self.does(putting_aside.end, intent, reason="Looked at it")

    @deed(place=PLACES, minor=AMOUNTS, lost=st.booleans(), takes=st.booleans())
    def end_hold(self, place, minor, lost, takes):
        hold = self.some_hold(place)
        self.act(lost, intending.capture if takes else intending.release, hold,
                 **({"amount": euros(minor)} if takes else {}))  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS, lost=st.booleans())
    def give_back(self, place, minor, lost):
        of = self.some_paid(place)
        self.act(lost, intending.refund, of, amount=self.some_of(of, minor, place), reason="Sorry",
                 **self.account_of(of, place))  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS, lost=st.booleans())
    def charge_card(self, place, minor, lost):
        standing = checkout.KeptCard.ended_at.is_(None)
        card = self.some(checkout.KeptCard, place, fits=standing, otherwise=self.keeps_a_card)
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

    @deed(place=PLACES)
    def dispute(self, place):
        if self.opens_dispute(place):
            self.note("dispute", "done")

    @deed(place=PLACES, won=st.booleans())
    def decide_dispute(self, place, won):
        """The bank decides a dispute that it opened some time ago."""
        if place < ANY:
            self.opens_dispute(place)
        there = self.till.practice.store.all(self.house.code, "dispute")
        waiting = [each["id"] for each in there if each["status"] not in {"won", "lost"}]
        if waiting:
            self.till.stripe.close_dispute(waiting[place % len(waiting)], won=won)
            self.note("decided dispute", "done")

    @deed(place=PLACES, minor=AMOUNTS, goes=st.sampled_from(["disputed", "back", "back, disputed"]))
    def pay_unheard(self, place, minor, goes):
        """A guest pays, and it goes back over there, before any of it is heard of here."""
        request = self.asks() if place < ANY else self.some_request(place)
        if request is None or request.purpose is Purpose.CARD:
            return
        self.known = None
        with suppress(Refusal, No):
            page = self.till.chooses(self.till.opens(request))
            if self.goes_back(page["payment_intent"], minor, goes, request.purpose):
                self.note("paid unheard", "done")

    @deed(place=PLACES, minor=AMOUNTS, takes=st.booleans())
    def end_hold_there(self, place, minor, takes):
        """Somebody takes a hold, or lets it go, in the gateway's own pages."""
        hold = self.some_hold(place)
        if hold is not None:
            taken = {"amount_to_capture": min(minor, hold.amount)}
            with suppress(No):
                if takes:
                    self.till.stripe.capture(hold.payment, taken)
                else:
                    self.till.stripe.cancel(hold.payment)
                self.note("ended a hold there", "done")

    @deed()
    def pay_out(self):
        with suppress(No):
            self.till.stripe.pay_out()
        fetch = partial(following.fetch_payouts, self.session, self.house, self.till.gateways)
        self.tries("fetch payouts", fetch)

    @deed(after=st.sampled_from([timedelta(minutes=2), timedelta(hours=8)]))
    def reconcile(self, after):
        self.tries("reconcile", lambda: self.till.reconciles(after=after))

    @deed(place=PLACES, paid=st.booleans())
    def bank_answers(self, place, paid):
        """A bank says of a delayed payment that it came, or didn't."""
        request = self.asks() if place < ANY else None
        if request is not None:
            with suppress(Refusal):
                self.till.pays(request, "debit")
        late = [
            each for each in self.till.practice.store.all(self.house.code, "checkout.session")
            if each["status"] == "complete" and each["mode"] == "payment"
            and self.till.stripe.find(each["payment_intent"])["status"] == "processing"
        ]  # fmt: skip
        if late:
            self.till.stripe.end_delayed(late[place % len(late)]["id"], paid=paid)
            self.note("delayed payment", "done")

    @deed(place=PLACES)
    def bank_returns(self, place):
        """The guest's bank sends back what was given back, days later."""

        def gives_back():
            of = self.some_paid(0)
            self.known = None
            with suppress(Refusal):
                self.till.does(intending.refund, of, amount=self.some_of(of, 500, 0),
                               reason="Sorry", **self.account_of(of, 0))  # fmt: skip

        back = self.some(GatewayPayment, place, GatewayPayment.amount < 0, otherwise=gives_back)
        if back is not None:
            with suppress(No):
                self.till.stripe.return_refund(back.object_id)
                self.note("refund returned", "done")

    @deed(place=PLACES, minor=AMOUNTS)
    def intend_a_refund(self, place, minor):
        """Nobody calls: whoever intended it died."""
        of = self.some_paid(place)
        self.does(intending.refund, of, amount=self.some_of(of, minor, place), reason="Sorry",
                  **self.account_of(of, place))  # fmt: skip

    # --- at the end ---------------------------------------------------------------------------

    def ends(self):
        """Tell all that happened and ask about all that is left; then both books are the same.

        What is put aside is ended by hand before: nobody would ask about it.
        """
        with transaction(self.session):
            for intent in putting_aside.standing(self.session, self.house):
                putting_aside.end(self.session, intent, reason="Looked at it", by=self.by)
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
        named = {row.id: row.charge or row.object_id for row in rows}
        ours = {}
        for row in rows:
            payment = named[row.gives_back_id or row.id]
            if payment.endswith(RETURNED):
                back = next(each for each in rows if named[each.id] + RETURNED == payment)
                payment = named[back.gives_back_id]
            ours[payment] = ours.get(payment, 0) + row.amount
        assert ours == theirs, ours.items() ^ theirs.items()
        assert payouts.owed(self.session, self.house).adds_up
        left = {each.state for each in self.till.intents()}
        delayed = any(each["status"] == "processing" for each in store.all(code, "payment_intent"))
        assert IntentState.INTENDED not in left
        assert delayed or IntentState.CALLED not in left
