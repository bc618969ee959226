"""At the desk: charged, paid in cash, invoiced; moved, split and routed between windows."""

from decimal import Decimal

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.base.db import transaction
from pms.hotel.books import folios, papers, payments, routing
from pms.hotel.books.folios import RoutingRule
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.papers import Paper, PaperKind
from pms.hotel.books.payments import Method, Payment, PaymentKind
from pms.hotel.books.routing import Takes
from pms.hotel.stays import allowances, night_charges, settlements
from pms.hotel.stays.reservations import Reservation, State
from tests import make, papered
from tests.hotel.service.machine.house import AMOUNTS, CODES, PLACES, WINDOWS, House, deed
from tests.hotel.service.paying import euros

PERCENTS = st.sampled_from([1, 3_333, 5_000, 10_000])
LIMITS = st.none() | AMOUNTS.map(euros)


def charge(session, folio, *, by, **details):
    """Charge as the desk does: what the party's package allows comes off at once."""
    entry = folios.charge(session, folio, by=by, **details)
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

    @deed(place=PLACES, code=CODES, minor=AMOUNTS, window=st.sampled_from([None, 1, 2]))
    def charge(self, place, code, minor, window):
        self.does(charge, self.some_folio(place), code=self.codes[code], amount=euros(minor),
                  window=window)  # fmt: skip

    @deed(place=PLACES, at=PLACES, code=CODES, minor=AMOUNTS, window=WINDOWS, off=st.booleans())
    def adjust(self, place, at, code, minor, window, off):
        of = self.some_entry(place, Kind.CHARGE)
        self.does(folios.adjust, self.some_folio(at), code=self.codes[code], reason="Cold",
                  amount=euros(-minor if off else minor), window=window, concerns=of)  # fmt: skip

    @deed(place=PLACES)
    def void_entry(self, place):
        of = self.some_entry(place, Kind.CHARGE, Kind.ADJUSTMENT, Kind.TRANSFER)
        self.does(night_charges.void, of, reason="Wrong")

    @deed(place=PLACES, window=WINDOWS, minor=AMOUNTS, method=st.sampled_from(Method))
    def pay_at_the_desk(self, place, window, minor, method):
        card = make.slip() if method is Method.CARD else None
        self.does(payments.pay, self.some_folio(place), window=window, amount=euros(minor),
                  method=method, card=card)  # fmt: skip

    @deed(place=PLACES, window=WINDOWS, minor=AMOUNTS)
    def give_back_cash(self, place, window, minor):
        self.does(payments.refund, self.some_folio(place), window=window, amount=euros(minor),
                  method=Method.CASH, reason="Sorry")  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS)
    def take_deposit(self, place, minor):
        self.does(settlements.take_deposit, self.some_party(place, State.BOOKED),
                  amount=euros(minor), method=Method.CASH)  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS)
    def return_deposit(self, place, minor):
        self.does(settlements.return_deposit, self.some_depositor(place), amount=euros(minor),
                  method=Method.CASH, reason="Sorry")  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS)
    def apply_deposit(self, place, minor):  # the whole matures with the party: see `arrive`
        self.does(settlements.apply_deposit, self.some_depositor(place), amount=euros(minor))

    @deed(place=PLACES, minor=AMOUNTS, code=CODES)
    def keep_deposit(self, place, minor, code):
        self.does(settlements.keep_deposit, self.some_depositor(place), fee=euros(minor),
                  code=self.codes[code])  # fmt: skip

    def some_depositor(self, place):
        """A party, mostly one that paid before its arrival."""
        paid = sa.select(Entry.subject_id).where(Entry.kind == Kind.DEPOSIT)
        return self.some(Reservation, place, fits=Reservation.id.in_(paid))

    @deed(place=PLACES, minor=AMOUNTS)
    def tie_out(self, place, minor):
        self.does(payments.tie_out, self.house, terminal="T1", batch="7", counted=euros(minor))

    @deed(minor=AMOUNTS)
    def recount(self, minor):
        self.does(payments.recount, self.house, terminal="T1", batch="7", counted=euros(minor),
                  reason="Misread")  # fmt: skip

    @deed(place=PLACES)
    def receipt(self, place):
        taken = self.some(Payment, place, Payment.amount > 0)
        self.does(papers.receipt, taken, to=papered.GUEST)

    @deed(place=PLACES)
    def deposit_invoice(self, place):
        taken = self.some(Payment, place, fits=Payment.kind == PaymentKind.DEPOSIT)
        self.does(papers.deposit_invoice, taken, to=papered.GUEST)

    @deed(place=PLACES, window=WINDOWS)
    def pro_forma(self, place, window):
        self.does(papers.pro_forma, self.some_folio(place), window=window, to=papered.GUEST)

    @deed(place=PLACES)
    def void_payment(self, place):
        kinds = (PaymentKind.PAYMENT, PaymentKind.DEPOSIT)
        taken = self.some(Payment, place, Payment.kind.in_(kinds))
        self.does(papers.void_payment, taken, reason="Wrong")

    @deed(place=PLACES, window=WINDOWS)
    def invoice(self, place, window):
        self.does(papers.invoice, self.some_folio(place), window=window, to=papered.GUEST)

    @deed(place=PLACES)
    def credit(self, place):
        issued = self.some(Paper, place, Paper.kind == PaperKind.INVOICE)
        self.does(papers.credit, issued, reason="Wrong")


class Moves(House):
    """What goes from window to window, by hand and by rules."""

    @deed(place=PLACES, at=PLACES, window=WINDOWS)
    def transfer(self, place, at, window):
        of = self.some_entry(place, Kind.CHARGE, Kind.ADJUSTMENT, Kind.TRANSFER)
        self.does(folios.transfer, of, to_folio=self.some_folio(at), to_window=window)

    @deed(place=PLACES, at=PLACES, window=WINDOWS, part=AMOUNTS | st.sampled_from([1, 33, 50]))
    def split(self, place, at, window, part):
        of = self.some_entry(place, Kind.CHARGE, Kind.ADJUSTMENT, Kind.TRANSFER)
        said = {"amount": euros(part)} if part >= 100 else {"percent": Decimal(part)}
        self.does(folios.split, of, to_folio=self.some_folio(at), to_window=window, **said)

    @deed(place=PLACES, window=WINDOWS, at=PLACES, to=WINDOWS, minor=st.none() | AMOUNTS)
    def transfer_balance(self, place, window, at, to, minor):
        self.does(folios.transfer_balance, self.some_folio(place), window=window,
                  to_folio=self.some_folio(at), to_window=to,
                  amount=None if minor is None else euros(minor))  # fmt: skip

    @deed(place=PLACES, at=PLACES, window=WINDOWS, percent=PERCENTS, night=LIMITS, stay=LIMITS)
    def route(self, place, at, window, percent, night, stay):
        takes = Takes(percent=percent, night_limit=night, total_limit=stay)
        self.does(routing.route, self.some_folio(place), to_folio=self.some_folio(at),
                  to_window=window, takes=takes)  # fmt: skip

    @deed(place=PLACES, percent=PERCENTS, night=LIMITS)
    def change_rule(self, place, percent, night):
        takes = Takes(percent=percent, night_limit=night)
        self.does(routing.change, self.some(RoutingRule, place), takes=takes)

    @deed(place=PLACES)
    def stop_rule(self, place):
        self.does(routing.stop, self.some(RoutingRule, place))

    @deed(place=PLACES)
    def put_rule_earlier(self, place):
        self.does(routing.put_earlier, self.some(RoutingRule, place))

    @deed(place=PLACES)
    def refresh_routing(self, place):
        self.does(folios.refresh_routing, self.some_folio(place))

    @deed(place=PLACES)
    def take_back_refresh(self, place):
        moved = self.some_refresh(place)
        if moved is not None:
            folio, refresh_id = moved
            self.does(folios.take_back_refresh, folio, refresh_id)

    def some_refresh(self, place):
        """The folio and the number of a refresh, as the keys of its moves say them."""
        move = self.some(Entry, place, Entry.key.like("routing/%"))
        if move is None:
            return None
        _, number, refresh_id, _ = move.key.split("/")
        return folios.by_number(self.session, self.house, int(number)), int(refresh_id, 16)

    @deed(place=PLACES, closes=st.booleans())
    def close_or_reopen(self, place, closes):
        folio = self.some_folio(place)
        if closes:
            self.does(folios.close, folio)
        else:
            self.does(folios.reopen, folio, reason="Late charge")
