"""Money verbs in any order, with answers lost, events shuffled and doubled: the books always hold.

At the gateway, in cash, on the folio and on paper. After every step the rules of verify that speak
of money hold; at the end, when the reconciler has asked about all that was left, every rule does,
and the books are those of the gateway, payment by payment. More of it, with every rule after every
step: PMS_SWEEP=all.
"""

from contextlib import suppress
from datetime import timedelta

import hypothesis
import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from pms.base import db
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.gateways.stripe_fake.doing import No
from pms.hotel.books import folios, papers, payments
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.papers import Paper, PaperKind, issuers
from pms.hotel.books.payments import Method, Payment, PaymentKind
from pms.hotel.books.payments.online import RETURNED, GatewayPayment
from pms.hotel.close import verify
from pms.hotel.close.verify import books
from pms.hotel.close.verify import checkout as online
from pms.hotel.close.verify import papers as on_paper
from pms.hotel.service import checkout
from pms.hotel.service.checkout import IntentState, Purpose, holding, intending, intents, payouts
from pms.hotel.stays import reservations, settlements
from tests import make, papered
from tests.conftest import BOTH, fresh_database
from tests.hotel.service.paying import Till, euros
from tests.sweeping import ALL

CARDS = st.sampled_from(["visa", "visa", "declined", "later", "debit"])
AMOUNTS = st.integers(1, 90).map(lambda units: units * 100)
WATCHED = (*books.RULES, *online.RULES, *on_paper.RULES)


class Money(RuleBasedStateMachine):
    """A hotel, two parties, and a gateway that forgets to answer."""

    fresh = None  # gives the address of a fresh database, and takes it back

    @initialize()
    def begin(self):
        self.database = type(self).fresh()
        self.engine = db.connect(next(self.database))
        self.session = Session(self.engine, expire_on_commit=False)
        self.till = till = Till(self.session)
        self.coming = till.books(surname="Coming")
        self.here = till.books(surname="Here")
        till.arrives(self.here)
        self.folio = till.charges(self.here, 9_000)
        self.does(issuers.write, till.house, papered.ISSUER)
        self.told = []

    def does(self, verb, *things, **details):
        """Do something by a verb, in a transaction of its own; what it refuses is refused."""
        self.session.rollback()
        if any(thing is None for thing in things):
            return
        with suppress(Refusal), transaction(self.session):
            verb(self.session, *things, by=self.till.by, **details)

    def some(self, table, place, *conditions):
        """One of the rows there are."""
        self.session.rollback()
        wanted = sa.select(table).where(*conditions).order_by(table.id)
        rows = self.session.scalars(wanted).all()
        return rows[place % len(rows)] if rows else None

    @rule(purpose=st.sampled_from(Purpose), minor=AMOUNTS)
    def ask(self, purpose, minor):
        whose = {"folio": self.folio} if purpose is Purpose.BALANCE else {}
        with suppress(Refusal):
            self.till.asks(purpose, minor, **(whose or {"reservation": self.coming}))

    @rule(place=st.integers(0, 9), card=CARDS, lost=st.booleans(), looks=st.booleans())
    def pay(self, place, card, lost, looks):
        request = self.some(checkout.PaymentRequest, place)
        if request is None:
            return
        self.till.practice.lose_replies = int(lost)
        with suppress(Refusal):
            intent = self.till.opens(request)
            self.till.chooses(intent, card)
            if looks:
                self.till.looks(intent)
        self.till.practice.lose_replies = 0

    @rule(place=st.integers(0, 9))
    def withdraw(self, place):
        self.does(checkout.withdraw, self.some(checkout.PaymentRequest, place), reason="Wrong")

    @rule(place=st.integers(0, 9), minor=AMOUNTS, lost=st.booleans(), takes=st.booleans())
    def end_hold(self, place, minor, lost, takes):
        hold = self.some(checkout.CardHold, place)
        self.act(lost, intending.capture if takes else intending.release, hold,
                 **({"amount": euros(minor)} if takes else {}))  # fmt: skip

    @rule(place=st.integers(0, 9), minor=AMOUNTS, lost=st.booleans())
    def give_back(self, place, minor, lost):
        of = self.some(GatewayPayment, place, GatewayPayment.amount > 0)
        self.act(lost, intending.refund, of, amount=euros(minor), reason="Sorry",
                 reservation=self.coming)  # fmt: skip

    @rule(minor=AMOUNTS, lost=st.booleans())
    def charge_card(self, minor, lost):
        card = next(iter(holding.cards_of(self.session, self.coming)), None)
        self.act(lost, intending.charge, card, amount=euros(minor), reason="Fee")

    def act(self, lost, verb, thing, **details):
        """Do something at the gateway, whose answer may get lost."""
        self.session.rollback()
        if thing is None:
            return
        self.till.practice.lose_replies = int(lost)
        with suppress(Refusal):
            self.till.does(verb, thing, **details)
        self.till.practice.lose_replies = 0

    @rule(order=st.randoms(use_true_random=False), twice=st.booleans())
    def hear(self, order, twice):
        told = self.till.news() * (2 if twice else 1)
        order.shuffle(told)
        for event in told[: len(told) // 2 + 1]:
            self.till.hears(event)
        self.till.works()

    @rule(place=st.integers(0, 9), won=st.booleans())
    def dispute(self, place, won):
        of = self.some(GatewayPayment, place, GatewayPayment.amount > 0)
        if (
            of is None
            or self.till.stripe.find(self.till.stripe.find(of.object_id)["latest_charge"])[
                "disputed"
            ]
        ):
            return
        with suppress(No):
            opened = self.till.stripe.open_dispute(of.object_id)
            self.till.stripe.close_dispute(opened["id"], won=won)

    @rule()
    def pay_out(self):
        with suppress(No):
            self.till.stripe.pay_out()
        intents.fetch_payouts(self.session, self.till.house, self.till.gateways)

    @rule(after=st.sampled_from([timedelta(minutes=2), timedelta(hours=8)]))
    def reconcile(self, after):
        self.till.reconciles(after=after)

    @rule(place=st.integers(0, 9))
    def bank_returns(self, place):
        """The guest's bank sends back what was given back, days later."""
        back = self.some(GatewayPayment, place, GatewayPayment.amount < 0)
        if back is not None:
            with suppress(No):
                self.till.stripe.return_refund(back.object_id)

    @rule(place=st.integers(0, 9), minor=AMOUNTS)
    def die_before_the_refund(self, place, minor):
        of = self.some(GatewayPayment, place, GatewayPayment.amount > 0)
        self.does(intending.refund, of, amount=euros(minor), reason="Sorry", folio=self.folio)

    # --- at the desk: on the folio, in cash, on paper ---

    @rule(minor=AMOUNTS)
    def charge(self, minor):
        code = make.charge_code(self.session, self.till.house, "BAR")
        self.session.commit()
        self.does(folios.charge, self.folio, code=code, amount=euros(minor), window=1)

    @rule(place=st.integers(0, 9), minor=AMOUNTS)
    def adjust(self, place, minor):
        of = self.some(Entry, place, Entry.kind == Kind.CHARGE)
        code = make.charge_code(self.session, self.till.house, "BAR")
        self.session.commit()
        self.does(folios.adjust, self.folio, code=code, amount=euros(-minor), reason="Cold",
                  window=1, concerns=of)  # fmt: skip

    @rule(place=st.integers(0, 9))
    def void_charge(self, place):
        self.does(folios.void, self.some(Entry, place, Entry.kind == Kind.CHARGE), reason="Wrong")

    @rule(minor=AMOUNTS, deposit=st.booleans())
    def pay_cash(self, minor, deposit):
        verb, of = ((settlements.take_deposit, self.coming) if deposit
                    else (payments.pay, self.folio))  # fmt: skip
        self.does(verb, of, amount=euros(minor), method=Method.CASH)

    @rule(minor=AMOUNTS, deposit=st.booleans())
    def give_back_cash(self, minor, deposit):
        verb, of = ((settlements.return_deposit, self.coming) if deposit
                    else (payments.refund, self.folio))  # fmt: skip
        self.does(verb, of, amount=euros(minor), method=Method.CASH, reason="Sorry")

    @rule(place=st.integers(0, 9))
    def receipt(self, place):
        taken = self.some(Payment, place, Payment.amount > 0)
        self.does(papers.receipt, taken, to=papered.GUEST)

    @rule(place=st.integers(0, 9))
    def void_payment(self, place):
        taken = self.some(Payment, place, Payment.kind == PaymentKind.PAYMENT)
        self.does(papers.void_payment, taken, reason="Wrong")

    @rule()
    def invoice(self):
        self.does(papers.invoice, self.folio, to=papered.GUEST)

    @rule(place=st.integers(0, 9))
    def credit(self, place):
        issued = self.some(Paper, place, Paper.kind == PaperKind.INVOICE)
        self.does(papers.credit, issued, reason="Wrong")

    @rule()
    def arrive(self):
        self.session.rollback()
        with suppress(Refusal):
            self.till.arrives(self.coming, "102")

    @precondition(lambda self: self.coming.state is reservations.State.BOOKED)
    @rule()
    def cancel(self):
        self.session.rollback()
        with transaction(self.session):
            reservations.cancel(self.session, self.coming, reason="Ill", by=self.till.by)

    @invariant()
    def holds(self):
        if not hasattr(self, "till"):
            return
        self.session.rollback()
        rules = verify.RULES if ALL else WATCHED
        found = [each.check(self.session, self.till.house) for each in rules]
        assert [check for check in found if not check.ok] == []
        self.session.rollback()

    def teardown(self):
        if not hasattr(self, "till"):
            return
        for event in self.till.news():
            self.till.hears(event)
        self.till.works()
        for days in (1, 2, 3):
            self.till.reconciles(after=timedelta(days=days))
        self.same_as_the_gateways()
        self.session.rollback()
        assert [each for each in verify.checks(self.session, self.till.house) if not each.ok] == []
        self.session.close()
        self.engine.dispose()
        self.till.practice.store.close()
        next(self.database, None)

    def same_as_the_gateways(self):
        """Payment by payment, what was taken and given back is the same on both sides."""
        store, code = self.till.practice.store, self.till.house.code
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
        assert payouts.owed(self.session, self.till.house).adds_up
        left = {each.state for each in self.till.intents()}
        delayed = any(each["status"] == "processing" for each in store.all(code, "payment_intent"))
        assert IntentState.INTENDED not in left
        assert delayed or IntentState.CALLED not in left


@pytest.fixture(params=BOTH)
def fresh(request, tmp_path):
    """What gives fresh databases of an engine, one after the other."""
    return lambda: fresh_database(request, tmp_path)


def test_money_verbs_in_any_order_leave_the_books_right(fresh):
    Money.fresh = staticmethod(fresh)

    run_state_machine_as_test(
        Money,
        settings=hypothesis.settings(
            max_examples=300 if ALL else 2,
            stateful_step_count=40 if ALL else 12,
            deadline=None,
            derandomize=not ALL,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.generate],
        ),
    )
