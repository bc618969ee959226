"""Paid ahead: deposits with invoices, under a price that falls and rises, gone back and held again.

Disputed, lost and won on appeal; given back in the gateway's own pages; paid by a link whose
booking had ended. What the invoices of a deposit say is always what is owed of its VAT.
"""

from contextlib import suppress
from datetime import timedelta

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.gateways.stripe_fake.doing import No
from pms.hotel.books import ledger, papers
from pms.hotel.books.deposit_taxes.tables import DepositTax
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.papers import Paper, PaperKind
from pms.hotel.books.payments import Method, Payment, PaymentKind
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.rooms import policies
from pms.hotel.rooms.policies import Amount
from pms.hotel.stays import fees, guest_changes, reservations, settlements
from pms.hotel.stays.reservations import Reservation, State, Wanted
from tests import make, papered
from tests.hotel.service.machine.desk import Bills
from tests.hotel.service.machine.house import AMOUNTS, PLACES, deed
from tests.hotel.service.machine.online import Online
from tests.hotel.service.paying import euros

NIGHTS = st.sampled_from([1, 1, 2, 4])
LAST = 4  # events that are told newest first
INVOICED = sa.select(Paper.payment_id).where(Paper.kind == PaperKind.DEPOSIT_INVOICE, Paper.tax > 0)


def changes(session, party, departure, *, by):
    """Change how long a party stays, as the desk does it."""
    reservations.amend(session, party, Wanted(departure=departure), by=by)
    settlements.price_changed(session, party, by=by)


class Ahead(Online, Bills):
    """Who pays before the stay, changes it, ends it, and promises it again."""

    def furnish(self):
        """A party with the invoice of nearly all its two nights, and a plan that may be changed."""
        super().furnish()
        with transaction(self.session):
            self.flexible = make.plan(self.session, self.house, code="FLEX")
            terms = make.policy(self.session, self.house, "FREE", cancel=Amount())
            policies.attach(self.session, self.flexible, terms, by=self.by)
        self.pays_ahead(self.till.books(surname="Ahead"))

    def pays_ahead(self, party, minor=18_000):
        """A deposit that is more than one night costs, and its invoice."""
        taken = self.prepares(settlements.take_deposit, party, amount=euros(minor),
                              method=Method.TRANSFER)  # fmt: skip
        self.prepares(papers.deposit_invoice, taken, to=papered.GUEST)

    def some_invoiced(self, place, *conditions):
        """A party, mostly one that is to come and has the invoice of a deposit."""
        told = sa.select(Entry.subject_id).join(Payment, Payment.entry_id == Entry.id).where(
            Payment.id.in_(INVOICED), ledger.standing()
        )  # fmt: skip
        fits = sa.and_(Reservation.id.in_(told), Reservation.state == State.BOOKED, *conditions)
        return self.some(Reservation, place, fits=fits,
                         otherwise=lambda: self.pays_ahead(self.books()))  # fmt: skip

    # --- the price ----------------------------------------------------------------------------

    @deed(place=PLACES, nights=NIGHTS)
    def change_the_stay(self, place, nights):
        """The desk changes the dates: VAT of what is held follows the price, down and up."""
        party = self.some_invoiced(place)
        if party is not None:
            self.does(changes, party, party.arrival + timedelta(days=nights))

    @deed(place=PLACES, nights=NIGHTS)
    def guest_changes_the_stay(self, place, nights):
        """A guest does, on a plan that lets them; mostly one who paid ahead."""

        def books():
            arrival = self.some_day(0)
            self.pays_ahead(self.prepares(
                reservations.book, self.house, room_type=self.here.room_type, plan=self.flexible,
                arrival=arrival, departure=arrival + timedelta(days=2), adults=2,
                guest=self.here.guest,
            ))  # fmt: skip

        fits = sa.and_(Reservation.plan_id == self.flexible.id, Reservation.state == State.BOOKED,
                       Reservation.arrival >= self.some_day(0))  # fmt: skip
        party = self.some(Reservation, place, fits=fits, otherwise=books)
        if party is not None:
            self.does(guest_changes.change, party, guest_changes.Stay(
                arrival=party.arrival, departure=party.arrival + timedelta(days=nights),
                adults=party.adults, ages=(),
            ))  # fmt: skip

    # --- back, and here again -----------------------------------------------------------------

    @deed(place=PLACES, minor=AMOUNTS)
    def void_return(self, place, minor):
        """What went back of a deposit was written down wrongly: it is invoiced anew."""

        def returns():
            self.prepares(settlements.return_deposit, self.some_invoiced(0), amount=euros(minor),
                          method=Method.TRANSFER, reason="Sorry")  # fmt: skip

        returned = sa.select(Entry.id).where(Entry.kind == Kind.DEPOSIT_RETURNED, ledger.standing())
        fits = sa.and_(
            Payment.entry_id.in_(returned),
            Payment.business_day == self.some_day(0),
            Payment.id.not_in(sa.select(GatewayPayment.payment_id)),
        )
        back = self.some(Payment, place, Payment.kind == PaymentKind.REFUND, fits=fits,
                         otherwise=returns)  # fmt: skip
        self.does(papers.void_payment, back, reason="Wrong")

    @deed(place=PLACES)
    def reinstate_paid(self, place):
        """Whose deposit paid the fee comes after all."""

        def cancels():
            self.prepares(fees.cancel, self.some_invoiced(0), reason="Ill")

        paid = sa.select(Entry.subject_id).where(
            Entry.kind == Kind.DEPOSIT_APPLIED, ledger.standing()
        )
        over = Reservation.state.in_((State.CANCELLED, State.NO_SHOW))
        party = self.some(Reservation, place, over, fits=Reservation.id.in_(paid),
                          otherwise=cancels)  # fmt: skip
        self.does(fees.reinstate, party)

    # --- at the gateway -----------------------------------------------------------------------

    def hears_lately(self):
        """What happened last is told first, and looked at."""
        for event in reversed(self.till.news()[-LAST:]):
            self.till.hears(event)
        self.till.works()

    @deed(place=PLACES)
    def hear_lately(self, place):
        """Of a payment, and what came of it, before anything is known of it here."""
        self.pay_unheard_now(place)
        self.tries("hear lately", self.hears_lately)

    def pay_unheard_now(self, place):
        """A guest pays, and disputes it or gets something back over there."""
        request = self.asks()
        self.known = None
        with suppress(Refusal, No):
            page = request and self.till.chooses(self.till.opens(request))
            if page:
                goes = ("disputed", "back", "back, disputed")[place % 3]
                self.goes_back(page["payment_intent"], 2_000, goes, request.purpose)

    @deed(place=PLACES, minor=AMOUNTS)
    def give_back_there(self, place, minor):
        """Somebody gives back some of what was paid, in the gateway's own pages."""
        of = self.some_paid(place)
        if of is None or of.charge is not None:  # of several rooms' parts nobody says whose it was
            return
        with suppress(No):
            asked = {"payment_intent": of.named, "amount": self.some_of(of, minor, place).minor}
            self.till.stripe.refund(asked)
            self.note("given back there", "done")
        self.tries("hear lately", self.hears_lately)

    @deed(place=PLACES)
    def appeal(self, place):
        """A dispute that was lost is won after all; mostly of a deposit that has an invoice."""
        if not self.lost():
            self.loses(self.some_paid(0))
        lost = self.lost()
        if lost:
            self.till.stripe.close_dispute(lost[place % len(lost)], won=True)
            self.note("appeal", "done")
            self.tries("hear lately", self.hears_lately)

    def lost(self):
        there = self.till.practice.store.all(self.house.code, "dispute")
        return [each["id"] for each in there if each["status"] == "lost"]

    def loses(self, paid):
        """Lose a payment to a dispute, after its invoice was issued."""
        if paid is None:
            return
        payment = self.session.get_one(Payment, (self.house.id, paid.payment_id))
        self.prepares(papers.deposit_invoice, payment, to=papered.GUEST)
        with suppress(No):
            opened = self.till.stripe.open_dispute(paid.named)
            self.till.stripe.close_dispute(opened["id"], won=False)
        with suppress(Refusal):
            self.hears_lately()

    @deed(place=PLACES, again=st.booleans(), late=st.booleans(), lost=st.booleans())
    def pay_old_link(self, place, again, late, lost):
        """A booking ends, and is promised again or not; then its guest pays by the link of before.

        On a page that was open already, or `late`: then no page opens.
        """
        party = self.some_party(place, State.BOOKED)
        self.known = None
        with suppress(Refusal):
            request = self.till.asks(minor=3_000, reservation=party)
            intent = None if late else self.till.opens(request)
            self.prepares(fees.cancel, party, reason="Ill", waive="A regular")
            if again:
                self.prepares(fees.reinstate, party)
            self.asks_of_it("pay old link", lambda: self._pays_old(request, intent), lost)

    def _pays_old(self, request, intent):
        if intent is None:
            self.till.opens(request)
            self.session.refresh(request)
            assert not request.is_over, "a link of a booking that was over was opened"
        else:
            self.till.chooses(intent)
            self.till.looks(intent)

    # --- at the end ---------------------------------------------------------------------------

    def ends(self):
        """What the invoices of deposits say is what is owed."""
        super().ends()
        self.session.rollback()
        told = {payment_id: self._told_and_owed(payment_id)
                for payment_id in set(self.session.scalars(INVOICED))}  # fmt: skip
        wrong = {payment_id: sums for payment_id, sums in told.items() if sums[0] != sums[1]}
        assert not wrong, wrong

    def _told_and_owed(self, payment_id):
        """What a deposit's papers say of its VAT, and what should stand on them.

        What matured onto a bill the stay's invoice takes off; what came under VAT when the stay
        got dearer, after the invoice, that invoice says.
        """
        note = sa.orm.aliased(Paper)
        mine = sa.and_(Paper.payment_id == payment_id, Paper.kind == PaperKind.DEPOSIT_INVOICE)
        issued = self.session.scalars(sa.select(Paper).where(mine).order_by(Paper.id)).all()
        notes = self.session.scalars(
            sa.select(note).where(note.credits_id.in_([each.id for each in issued]))
        ).all()
        told = sum(each.tax for each in issued) - sum(each.tax for each in notes)
        rows = self.session.execute(
            sa.select(DepositTax, Entry.reverses_id)
            .join(Entry, Entry.id == DepositTax.entry_id)
            .where(DepositTax.payment_id == payment_id)
            .order_by(DepositTax.id)
        ).all()
        owed = 0
        for row, reverses_id in rows:
            on_bill = row.tax < 0 and not row.credited
            dearer = row.tax > 0 and row.moved_id == row.entry_id and row.id > issued[0].id
            if dearer:
                return told, told  # not said before the stay's invoice: by design
            owed += 0 if on_bill or self._undoes_uncredited(reverses_id, payment_id) else row.tax
        return told, owed

    def _undoes_uncredited(self, entry_id, payment_id):
        """Whether an entry undoes what had been set off on a bill."""
        undone = self.session.scalars(
            sa.select(DepositTax.credited).where(
                DepositTax.entry_id == entry_id, DepositTax.payment_id == payment_id
            )
        ).all()
        return bool(undone) and not any(undone)
