"""On account: companies' bills and what is set against them, and what agents earned."""

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.base.db import new_id, transaction
from pms.hotel.books import folios, ledger, receivables
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.payments import Method
from pms.hotel.books.receivables import (
    AccountStatement,
    Allocation,
    CityItem,
    Dispute,
    ItemKind,
    Tells,
    allocating,
    statements,
)
from pms.hotel.guests import agreements, companies
from pms.hotel.guests.agreements import Party
from pms.hotel.stays import commissions
from pms.hotel.stays.commissions import CommissionState, CommissionStatement
from tests import make
from tests.hotel.service.machine.desk import Bills
from tests.hotel.service.machine.finding import ANY
from tests.hotel.service.machine.house import AMOUNTS, PLACES, deed
from tests.hotel.service.paying import euros
from tests.hotel.stays.test_agreements import YEAR, leaves

CREDIT_LIMIT = 60_000
WHO = st.integers(0, 1)
UNDOING = sa.orm.aliased(Allocation)
OF_PAYMENTS = sa.and_(
    Allocation.undoes_id.is_(None),
    Allocation.credit_id.in_(sa.select(CityItem.id).where(CityItem.kind == ItemKind.PAYMENT)),
    Allocation.debit_id.in_(sa.select(CityItem.id).where(CityItem.kind.in_(allocating.BILLED))),
    Allocation.id.not_in(sa.select(UNDOING.undoes_id).where(UNDOING.undoes_id.is_not(None))),
)
IN_DISPUTE = CityItem.id.in_(sa.select(Dispute.item_id).where(Dispute.resolved_on.is_(None)))
METHODS = st.sampled_from([Method.CASH, Method.TRANSFER])


class Accounts(Bills):
    """Two companies that pay later, of which one may owe 600.00 only, and an agent."""

    def furnish(self):
        """Two bills, one that was owed before, and an agent whose guests were here."""
        super().furnish()
        with transaction(self.session):
            self.companies = [
                companies.enter(self.session, self.house, code=code, name=code.title(),
                                direct_bill=True, credit_limit=limit, by=self.by)
                for code, limit in (("ACME", CREDIT_LIMIT), ("MUSTER", None))
            ]  # fmt: skip
            self.agent = companies.enter(
                self.session, self.house, code="SAKURA", name="Sakura", by=self.by
            )
            agreements.make(self.session, self.house, self.agent, party=Party.AGENT,
                            commission=1_250, by=self.by, **YEAR)  # fmt: skip
            receivables.set_write_off_limit(
                self.session, self.house, limit=euros(5_000), by=self.by
            )
            for minor in (12_000, 30_000):
                folio = make.folio(self.session, self.house, windows=2)
                folios.charge(self.session, folio, code=self.codes["BAR"], amount=euros(minor),
                              by=self.by)  # fmt: skip
                receivables.direct_bill(self.session, folio, company=self.companies[0], by=self.by)
            receivables.pay_city(self.session, self.house, self.companies[0], amount=euros(5_000),
                                 method=Method.TRANSFER, by=self.by)  # fmt: skip
            for number in ("107", "108"):
                leaves(self.session, self.house, number=number, company=self.agent)
        self.till.books(surname="Sent", nights=1, company=self.agent)

    def some_payment(self, place, fits=CityItem.open < 0):
        return self.some(CityItem, place, CityItem.kind == ItemKind.PAYMENT, fits=fits,
                         otherwise=self.acme_pays)  # fmt: skip

    def acme_pays(self):
        """On account, and set against nothing."""
        self.prepares(receivables.pay_city, self.house, self.companies[0], amount=euros(2_500),
                      method=Method.TRANSFER, oldest_first=False)  # fmt: skip

    def some_owed(self, place, *conditions):
        """A bill that is owed; one more is brought forward where none is."""

        def owes():
            self.prepares(receivables.bring_forward, self.house, self.companies[0],
                          amount=euros(4_000), dated=self.some_day(-9),
                          reference=f"Bill {new_id()}")  # fmt: skip

        return self.some(CityItem, place, CityItem.open > 0, *conditions, otherwise=owes)

    # --- bills and money ----------------------------------------------------------------------

    @deed(place=PLACES, who=WHO)
    def direct_bill(self, place, who):
        folio, window, _ = self.some_window(place, 1)
        self.does(receivables.direct_bill, folio, window=window, company=self.companies[who])

    @deed(who=WHO, minor=AMOUNTS, method=METHODS, oldest_first=st.booleans())
    def company_pays(self, who, minor, method, oldest_first):
        self.does(receivables.pay_city, self.house, self.companies[who], amount=euros(minor),
                  method=method, oldest_first=oldest_first)  # fmt: skip

    @deed(place=PLACES)
    def void_company_payment(self, place):
        """Mostly one of today that is set against nothing."""
        free = sa.and_(CityItem.open == CityItem.amount, CityItem.dated == self.some_day(0))
        self.does(receivables.void_payment, self.some_payment(place, free), reason="Wrong account")

    @deed(place=PLACES, minor=AMOUNTS)
    def refund_company(self, place, minor):
        self.does(receivables.refund_payment, self.some_payment(place), amount=euros(minor),
                  method=Method.TRANSFER, reason="Paid twice")  # fmt: skip

    @deed(who=WHO, minor=AMOUNTS, reference=PLACES)
    def bring_forward(self, who, minor, reference):
        self.does(receivables.bring_forward, self.house, self.companies[who], amount=euros(minor),
                  dated=self.some_day(-9), reference=f"Old {reference}")  # fmt: skip

    @deed(who=WHO, tells=st.sampled_from(Tells))
    def make_out_statement(self, who, tells):
        self.does(statements.issue, self.house, self.companies[who], tells=tells)

    @deed(place=PLACES)
    def mail_statement(self, place):
        def tells():
            self.prepares(statements.issue, self.house, self.companies[0], tells=Tells.STATEMENT)

        statement = self.some(AccountStatement, place, otherwise=tells)
        self.does(statements.mail, statement, to="acme@example.com", subject="Your account",
                  text="Enclosed", pdf=b"%PDF")  # fmt: skip

    # --- what is set against what -------------------------------------------------------------

    @deed(place=PLACES)
    def allocate_oldest(self, place):
        self.some_owed(place)
        credit = self.some(CityItem, place, CityItem.open < 0, otherwise=self.acme_pays)
        self.does(receivables.allocate_oldest, credit)

    @deed(place=PLACES, at=PLACES, minor=AMOUNTS)
    def allocate(self, place, at, minor):
        """Mostly what both sides have."""
        owed = self.some_owed(at)
        if owed is None:
            return
        same = CityItem.company_id == owed.company_id
        credit = self.some(CityItem, place, CityItem.open < 0, fits=same, otherwise=self.acme_pays)
        if credit is not None and place < ANY:
            minor = min(minor, owed.open, -credit.open)
        self.does(receivables.allocate, credit, to={owed.id: euros(minor)})

    @deed(place=PLACES, who=WHO, minor=AMOUNTS)
    def unallocate(self, place, who, minor):
        """Mostly what was set against a bill when it was paid."""
        made = self.some(Allocation, place, fits=OF_PAYMENTS)
        if made is None:
            self.prepares(receivables.pay_city, self.house, self.companies[who], method=Method.CASH,
                          amount=euros(minor), oldest_first=True)  # fmt: skip
            made = self.some(Allocation, place)
        self.does(receivables.unallocate, made, reason="Another bill")

    @deed(place=PLACES, who=WHO)
    def move_item(self, place, who):
        self.does(receivables.move_to, self.some_to_move(place, who), to=self.companies[who],
                  reason="Wrong company")  # fmt: skip

    def some_to_move(self, place, who):
        return self.some_owed(place, CityItem.company_id != self.companies[who].id)

    @deed(place=PLACES)
    def undo_move(self, place):
        def moves():
            self.prepares(receivables.move_to, self.some_to_move(place, 1), to=self.companies[1],
                          reason="Wrong company")  # fmt: skip

        stands = CityItem.id.in_(sa.select(Entry.id).where(ledger.standing()))
        moved = self.some(CityItem, place, CityItem.kind == ItemKind.MOVED_IN, fits=stands,
                          otherwise=moves)  # fmt: skip
        self.does(receivables.undo_move, moved, reason="It was right")

    # --- what is given up ---------------------------------------------------------------------

    @deed(place=PLACES, minor=st.none() | AMOUNTS)
    def write_off_item(self, place, minor):
        self.does(receivables.write_off_item, self.some_owed(place),
                  amount=None if minor is None else euros(minor), reason="Lost")  # fmt: skip

    @deed(place=PLACES)
    def undo_write_off(self, place):
        def gives_up():
            self.prepares(receivables.write_off_item, self.some_owed(place), reason="Lost")

        stands = CityItem.id.in_(sa.select(Entry.id).where(ledger.standing()))
        given_up = self.some(CityItem, place, CityItem.kind == ItemKind.WRITE_OFF, fits=stands,
                             otherwise=gives_up)  # fmt: skip
        self.does(receivables.undo_write_off, given_up, reason="They pay")

    @deed(place=PLACES)
    def write_off_window(self, place):
        folio, window, _ = self.some_window(place, 1)
        self.does(receivables.write_off, folio, window=window, reason="Gone")

    @deed(place=PLACES)
    def owe_again(self, place):
        of_windows = sa.and_(Entry.text.like("Folio %"), ledger.standing())
        given_up = self.some(Entry, place, Entry.kind == Kind.WRITE_OFF, fits=of_windows)
        if given_up is None:
            folio, window, _ = self.some_window(place, 1)
            given_up = self.prepares(receivables.write_off, folio, window=window, reason="Gone")
        self.does(receivables.owe_again, given_up, reason="They pay")

    @deed(place=PLACES)
    def dispute_item(self, place):
        self.does(receivables.dispute, self.some_owed(place, ~IN_DISPUTE), reason="Not ours")

    @deed(place=PLACES)
    def resolve_dispute(self, place):
        def disputes():
            self.prepares(receivables.dispute, self.some_owed(place), reason="Not ours")

        disputed = self.some(CityItem, place, fits=IN_DISPUTE, otherwise=disputes)
        self.does(receivables.resolve, disputed, outcome="It is")

    @deed(place=PLACES, minor=st.none() | AMOUNTS)
    def credit_note(self, place, minor):
        issued = self.some_invoice(place)
        if minor is None:
            self.does(receivables.credit, issued, reason="Wrong")
        else:
            self.does(receivables.credit_amount, issued, line=1, amount=euros(minor),
                      reason="Cold")  # fmt: skip

    # --- the agent ----------------------------------------------------------------------------

    @deed()
    def approve_commission(self):
        self.does(commissions.approve, self.house, self.agent, first=YEAR["first"],
                  last=YEAR["until"])  # fmt: skip

    @deed(place=PLACES)
    def pay_commission(self, place):
        self.does(commissions.pay, self.some_statement(place, CommissionState.APPROVED),
                  paid_on=self.some_day(0), reference="SEPA")  # fmt: skip

    @deed(place=PLACES)
    def reverse_commission(self, place):
        approved = self.some_statement(place, CommissionState.APPROVED)
        self.does(commissions.reverse, approved, reason="Wrong")

    def some_statement(self, place, state):
        """What the agent earned, approved where it isn't."""

        def approves():
            self.prepares(commissions.approve, self.house, self.agent, first=YEAR["first"],
                          last=YEAR["until"])  # fmt: skip

        fits = CommissionStatement.state == state
        return self.some(CommissionStatement, place, fits=fits, otherwise=approves)
