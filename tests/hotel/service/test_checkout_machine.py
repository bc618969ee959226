"""Money verbs in any order, with answers lost, events shuffled and doubled: the books always hold.

After every step the rules of verify hold; at the end, when the reconciler has asked about all that
was left, the books are those of the gateway, payment by payment. More of it: PMS_SWEEP=all.
"""

import shutil
from contextlib import suppress
from datetime import timedelta
from itertools import count

import hypothesis
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
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.close.verify import books
from pms.hotel.close.verify import checkout as online
from pms.hotel.service import checkout
from pms.hotel.service.checkout import IntentState, Purpose, holding, intending, intents, payouts
from pms.hotel.stays import reservations
from tests.hotel.service.paying import Till, euros
from tests.sweeping import ALL

CARDS = st.sampled_from(["visa", "visa", "declined", "later", "debit"])
AMOUNTS = st.integers(1, 90).map(lambda units: units * 100)
WATCHED = [
    *online.RULES,
    *(each for each in books.RULES if each.name.startswith(("L1 ", "L4 each", "L13 a deposit"))),
]


class Money(RuleBasedStateMachine):
    """A hotel, two parties, and a gateway that forgets to answer."""

    template = None
    folder = None
    numbers = count()

    @initialize()
    def begin(self):
        file = self.folder / f"{next(self.numbers)}.db"
        shutil.copyfile(self.template, file)
        self.engine = db.connect(f"sqlite:///{file}")
        self.session = Session(self.engine, expire_on_commit=False)
        self.till = till = Till(self.session)
        self.coming = till.books(surname="Coming")
        self.here = till.books(surname="Here")
        till.arrives(self.here)
        self.folio = till.charges(self.here, 9_000)
        self.told = []

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
        request = self.some(checkout.PaymentRequest, place)
        with suppress(Refusal):
            if request is not None:
                with transaction(self.session):
                    checkout.withdraw(self.session, request, reason="Wrong", by=self.till.by)

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
        found = [each.check(self.session, self.till.house) for each in WATCHED]
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
        self.session.close()
        self.engine.dispose()
        self.till.practice.store.close()

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
            ours[payment] = ours.get(payment, 0) + row.amount
        assert ours == theirs
        assert payouts.owed(self.session, self.till.house).adds_up
        left = {each.state for each in self.till.intents()}
        delayed = any(each["status"] == "processing" for each in store.all(code, "payment_intent"))
        assert IntentState.INTENDED not in left
        assert delayed or IntentState.CALLED not in left


def test_money_verbs_in_any_order_leave_the_books_right(sqlite_template, tmp_path):
    Money.template, Money.folder = sqlite_template, tmp_path

    run_state_machine_as_test(
        Money,
        settings=hypothesis.settings(
            max_examples=300 if ALL else 4,
            stateful_step_count=40 if ALL else 14,
            deadline=None,
            derandomize=not ALL,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.generate],
        ),
    )
