"""At the desk: charged, paid in cash, invoiced; moved, split and routed between windows."""

from decimal import Decimal

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.base import db
from pms.base.db import transaction
from pms.hotel.books import folios, ledger, papers, payments, routing
from pms.hotel.books.folios import Folio, FolioState, FolioWindow, RoutingRule
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.papers import Paper, PaperKind
from pms.hotel.books.payments import Method, Payment, PaymentKind
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.books.routing import Takes
from pms.hotel.service import held_deposits
from pms.hotel.stays import adjusting, allowances, billing, desk_charges, night_charges, settlements
from pms.hotel.stays.reservations import Reservation, State
from tests import make, papered
from tests.hotel.service.machine.finding import ANY
from tests.hotel.service.machine.house import AMOUNTS, CODES, PLACES, WINDOWS, House, deed
from tests.hotel.service.paying import euros

PERCENTS = st.sampled_from([1, 3_333, 5_000, 10_000])
LIMITS = st.none() | AMOUNTS.map(euros)


def charge(session, folio, *, by, **details):
    """Charge as the desk does: what the party's package allows comes off at once."""
    entry = desk_charges.charge(session, folio, by=by, **details)
    allowances.absorb(session, folio, entry)


class Bills(House):
    """What is put on folios, paid in cash, and put on paper."""

    def furnish(self):
        """A folio that is invoiced."""
        super().furnish()
        with transaction(self.session):
            folio = make.folio(self.session, self.house, windows=2)
            for code in self.codes.values():
                folios.charge(self.session, folio, code=code, amount=euros(4_000), by=self.by)
            papers.invoice(self.session, folio, to=papered.GUEST, by=self.by)

    @deed(place=PLACES, code=CODES, minor=AMOUNTS, window=st.sampled_from([None, 1, 2]),
          quantity=st.integers(1, 3))  # fmt: skip
    def charge(self, place, code, minor, window, quantity):
        self.does(charge, self.some_window(place)[0], code=self.codes[code], amount=euros(minor),
                  window=window, quantity=quantity)  # fmt: skip

    @deed(place=PLACES, at=PLACES, code=CODES, minor=AMOUNTS, window=WINDOWS, off=st.booleans())
    def adjust(self, place, at, code, minor, window, off):
        """Mostly a charge of which the folio bears something, by its own code, by no more."""
        folio, _, _ = self.some_window(at, 1)
        of, code = self.some_entry(place, Kind.CHARGE), self.codes[code]
        lines = folios.adjustables(self.session, folio) if folio is not None else []
        if lines and place < ANY:
            line = lines[place % len(lines)]
            window, borne = min(line.windows.items())
            of, code, minor = line.entry, line.code, min(minor, borne.minor)
        self.does(adjusting.adjust, folio, code=code, reason="Cold", window=window, concerns=of,
                  amount=euros(-minor if off else minor))  # fmt: skip

    @deed(place=PLACES)
    def void_entry(self, place):
        of = self.some_entry(place, Kind.CHARGE, Kind.ADJUSTMENT, Kind.TRANSFER)
        self.does(night_charges.void, of, reason="Wrong")

    @deed(place=PLACES, minor=AMOUNTS, method=st.sampled_from(Method))
    def pay_at_the_desk(self, place, minor, method):
        card = make.slip() if method is Method.CARD else None
        folio, window, _ = self.some_window(place, 1)
        self.does(payments.pay, folio, window=window, amount=euros(minor), method=method, card=card)

    @deed(place=PLACES, minor=AMOUNTS)
    def give_back_cash(self, place, minor):
        """What a window is in credit; mostly there is one that paid too much."""
        folio, window, owed = self.some_window(place, -1)
        if owed >= 0 and place < ANY:
            self.prepares(payments.pay, folio, window=window, amount=euros(max(owed, 0) + minor),
                          method=Method.TRANSFER)  # fmt: skip
        self.does(payments.refund, folio, window=window, amount=euros(minor), method=Method.CASH,
                  reason="Sorry")  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS)
    def take_deposit(self, place, minor):
        self.does(settlements.take_deposit, self.some_party(place, State.BOOKED),
                  amount=euros(minor), method=Method.CASH)  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS)
    def return_deposit(self, place, minor):
        self.does(held_deposits.give_back, self.some_depositor(place), amount=euros(minor),
                  method=Method.CASH, reason="Sorry")  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS)
    def apply_deposit(self, place, minor):  # the whole matures with the party: see `arrive`
        self.does(settlements.apply_deposit, self.some_depositor(place), amount=euros(minor))

    @deed(place=PLACES)
    def put_on_bill(self, place):
        self.does(held_deposits.put_on_bill, self.some_depositor(place))

    @deed(place=PLACES, minor=AMOUNTS, code=CODES)
    def keep_deposit(self, place, minor, code):
        self.does(settlements.keep_deposit, self.some_depositor(place), fee=euros(minor),
                  code=self.codes[code])  # fmt: skip

    def some_depositor(self, place):
        """A party, mostly one that is to come and paid before its arrival."""
        paid = sa.select(Entry.subject_id).where(Entry.kind == Kind.DEPOSIT, ledger.standing())
        awaited = sa.and_(Reservation.id.in_(paid), Reservation.state == State.BOOKED)
        return self.some(Reservation, place, fits=awaited, otherwise=lambda: self.deposits(place))

    def deposits(self, place):
        return self.prepares(settlements.take_deposit, self.some_party(place, State.BOOKED),
                             amount=euros(10_000), method=Method.TRANSFER)  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS)
    def tie_out(self, place, minor):
        self.does(payments.tie_out, self.house, terminal="T1", batch="7", counted=euros(minor))

    @deed(minor=AMOUNTS)
    def count_batch_again(self, minor):
        self.prepares(payments.tie_out, self.house, terminal="T1", batch="7", counted=euros(0))
        self.does(payments.recount, self.house, terminal="T1", batch="7", counted=euros(minor),
                  reason="Misread")  # fmt: skip

    @deed(place=PLACES)
    def receipt(self, place):
        taken = self.some(Payment, place, Payment.amount > 0)
        self.does(papers.receipt, taken, to=papered.GUEST)

    @deed(place=PLACES)
    def deposit_invoice(self, place):
        deposit = sa.and_(
            Payment.kind == PaymentKind.DEPOSIT,
            Payment.id.not_in(sa.select(Paper.payment_id).where(Paper.payment_id.is_not(None))),
        )
        awaited = sa.select(Reservation.id).where(Reservation.state == State.BOOKED)
        held = sa.select(Entry.id).where(ledger.standing(), Entry.subject_id.in_(awaited))
        taken = self.some(Payment, place, fits=sa.and_(deposit, Payment.entry_id.in_(held)),
                          otherwise=lambda: self.deposits(place))  # fmt: skip
        self.does(papers.deposit_invoice, taken, to=papered.GUEST)

    @deed(place=PLACES)
    def pro_forma(self, place):
        folio, window, _ = self.some_window(place, 1)
        self.does(papers.pro_forma, folio, window=window, to=papered.GUEST)

    @deed(place=PLACES)
    def void_payment(self, place):
        """What was taken, or given back or laid out, was written down wrongly."""

        def pays():
            folio, window, _ = self.some_window(place, 1)
            self.prepares(payments.pay, folio, window=window, amount=euros(1_000),
                          method=Method.TRANSFER)  # fmt: skip

        own = sa.select(ledger.Account.id).where(ledger.Account.ledger == ledger.Ledger.CITY)
        refund = sa.and_(Payment.kind == PaymentKind.REFUND, Payment.account_id.not_in(own))
        taken = Payment.kind.in_((PaymentKind.PAYMENT, PaymentKind.DEPOSIT))
        todays = sa.and_(
            Payment.business_day == self.some_day(0),
            Payment.entry_id.in_(sa.select(Entry.id).where(ledger.standing())),
            Payment.id.not_in(sa.select(GatewayPayment.payment_id)),
        )
        wrong = self.some(Payment, place, sa.or_(taken, refund), fits=todays, otherwise=pays)
        if wrong is not None and wrong.kind is PaymentKind.DEPOSIT:
            party = billing.party_paid(self.session, wrong)
            self.does(held_deposits.void, party, wrong, reason="Wrong")
        else:
            self.does(settlements.void_payment, wrong, reason="Wrong")

    @deed(place=PLACES)
    def invoice(self, place):
        folio, window, _ = self.some_window(place, 1)
        if place % 2:
            self.prepares(charge, folio, code=self.codes["BAR"], amount=euros(3_000), window=window)
        self.does(papers.invoice, folio, window=window, to=papered.GUEST)

    def some_invoice(self, place):
        """An invoice, mostly one that stands whole; one is issued where none does."""

        def issues():
            folio, window, _ = self.some_window(place, 1)
            self.prepares(charge, folio, code=self.codes["BAR"], amount=euros(3_000), window=window)
            self.prepares(papers.invoice, folio, window=window, to=papered.GUEST)

        note = sa.orm.aliased(Paper)
        whole = Paper.id.not_in(sa.select(note.credits_id).where(note.credits_id.is_not(None)))
        return self.some(Paper, place, Paper.kind == PaperKind.INVOICE, fits=whole,
                         otherwise=issues)  # fmt: skip

    @deed(place=PLACES)
    def credit(self, place):
        self.does(papers.credit, self.some_invoice(place), reason="Wrong")

    @deed(place=PLACES, prints=st.booleans())
    def hand_out(self, place, prints):
        """A paper's file is kept, and printed or mailed, once more each time."""
        paper = self.some(Paper, place)
        made = papers.Made(pdf=b"%PDF", xml=None)
        self.does(papers.keep, paper, made)
        self.prepares(papers.keep, paper, made)  # who died over it made none: it is made again
        if prints:
            self.does(papers.print_, paper)
        else:
            self.does(papers.mail, paper, to="ana@example.org", subject="Bill", text="Enclosed",
                      key=f"paper/{db.new_id()}")  # fmt: skip


class Moves(House):
    """What goes from window to window, by hand and by rules."""

    def some_put(self, place):
        """What was put on a folio, and mostly stands."""
        kinds = Entry.kind.in_((Kind.CHARGE, Kind.ADJUSTMENT, Kind.TRANSFER))
        windows = sa.select(FolioWindow.account_id)
        put = sa.select(ledger.Line.entry_id).where(ledger.Line.account_id.in_(windows))
        return self.some(Entry, place, kinds, fits=sa.and_(Entry.id.in_(put), ledger.standing()))

    @deed(place=PLACES, at=PLACES)
    def transfer(self, place, at):
        folio, window, _ = self.some_window(at)
        self.does(folios.transfer, self.some_put(place), to_folio=folio, to_window=window)

    @deed(place=PLACES, at=PLACES, part=AMOUNTS | st.sampled_from([1, 33, 50]))
    def split(self, place, at, part):
        of = self.some_put(place)
        folio, window, _ = self.some_window(at)
        said = {"amount": euros(part)} if part >= 100 else {"percent": Decimal(part)}
        self.does(folios.split, of, to_folio=folio, to_window=window, **said)

    @deed(place=PLACES, at=PLACES, sign=st.sampled_from([1, -1]), minor=st.none() | AMOUNTS)
    def transfer_balance(self, place, at, sign, minor):
        folio, window, _ = self.some_window(place, sign)
        to_folio, to_window, _ = self.some_window(at)
        self.does(folios.transfer_balance, folio, window=window, to_folio=to_folio,
                  to_window=to_window, amount=None if minor is None else euros(minor))  # fmt: skip

    @deed(place=PLACES, at=PLACES, window=WINDOWS, percent=PERCENTS, night=LIMITS, stay=LIMITS)
    def route(self, place, at, window, percent, night, stay):
        takes = Takes(percent=percent, night_limit=night, total_limit=stay)
        self.does(routing.route, self.some_folio(place), to_folio=self.some_folio(at),
                  to_window=window, takes=takes)  # fmt: skip

    @deed(place=PLACES, percent=PERCENTS, night=LIMITS)
    def change_rule(self, place, percent, night):
        takes = Takes(percent=percent, night_limit=night)
        self.does(routing.change, self.some_rule(place), takes=takes)

    def some_rule(self, place):
        """A rule, mostly one that holds."""

        def routes():
            folio, other = self.some_window(place)[0], self.some_window(place + 2)
            self.prepares(routing.route, folio, to_folio=other[0], to_window=other[1],
                          takes=Takes(percent=5_000))  # fmt: skip

        return self.some(RoutingRule, place, fits=RoutingRule.ended_on.is_(None), otherwise=routes)

    @deed(place=PLACES)
    def stop_rule(self, place):
        self.does(routing.stop, self.some_rule(place))

    @deed(place=PLACES)
    def put_rule_earlier(self, place):
        self.does(routing.put_earlier, self.some_rule(place))

    @deed(place=PLACES, at=PLACES, minor=AMOUNTS)
    def refresh_routing(self, place, at, minor):
        self.does(folios.refresh_routing, self.some_folio_to_refresh(place, at, minor))

    def some_folio_to_refresh(self, place, at, minor):
        """A folio, mostly one on which something was posted before others were to pay it."""
        folio = self.some(Folio, place, fits=Folio.state == FolioState.OPEN)
        if place < ANY:
            other, no, _ = self.some_window(at)
            self.prepares(folios.charge, folio, code=self.codes["BAR"], amount=euros(minor),
                          window=1)  # fmt: skip
            self.prepares(routing.route, folio, to_folio=other, to_window=no,
                          takes=Takes())  # fmt: skip
        return folio

    @deed(place=PLACES, at=PLACES, minor=AMOUNTS)
    def take_back_refresh(self, place, at, minor):
        stands = self.some(Entry, place, Entry.key.like("routing/%"), fits=ledger.standing())
        if stands is None:
            folio = self.some_folio_to_refresh(place, at, minor)
            self.prepares(folios.refresh_routing, folio)
            stands = self.some(Entry, place, Entry.key.like("routing/%"))
        if stands is not None:
            _, number, refresh_id, _ = stands.key.split("/")
            folio = folios.by_number(self.session, self.house, int(number))
            self.does(folios.take_back_refresh, folio, int(refresh_id, 16))

    @deed(place=PLACES)
    def close_folio(self, place):
        """Mostly once it is settled."""
        folio = self.some(Folio, place, fits=Folio.state == FolioState.OPEN)
        if folio is not None and place < ANY:
            self.settles(folio)
        self.does(folios.close, folio)

    @deed(place=PLACES)
    def reopen_folio(self, place):
        def closes():
            folio, _, _ = self.some_window(place)
            if folio is not None:
                self.settles(folio)
            self.prepares(folios.close, folio)

        folio = self.some(Folio, place, fits=Folio.state == FolioState.CLOSED, otherwise=closes)
        self.does(folios.reopen, folio, reason="Late charge")
