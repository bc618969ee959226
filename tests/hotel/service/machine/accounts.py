"""On account: companies' bills and what is set against them, and what agents earned."""

from hypothesis import strategies as st

from pms.base.db import transaction
from pms.hotel.books import folios, receivables
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.papers import Paper, PaperKind
from pms.hotel.books.payments import Method
from pms.hotel.books.receivables import Allocation, CityItem, ItemKind, Tells, statements
from pms.hotel.guests import agreements, companies
from pms.hotel.guests.agreements import Party
from pms.hotel.stays import commissions
from pms.hotel.stays.commissions import CommissionState, CommissionStatement
from tests import make
from tests.hotel.service.machine.house import AMOUNTS, PLACES, WINDOWS, House, deed
from tests.hotel.service.paying import euros
from tests.hotel.stays.test_agreements import YEAR, leaves

CREDIT_LIMIT = 60_000
WHO = st.integers(0, 1)
METHODS = st.sampled_from([Method.CASH, Method.TRANSFER])


class Accounts(House):
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

    def some_item(self, place, *conditions, fits=None):
        return self.some(CityItem, place, *conditions, fits=fits)

    def some_payment(self, place):
        return self.some_item(place, CityItem.kind == ItemKind.PAYMENT, fits=CityItem.open < 0)

    # --- bills and money ----------------------------------------------------------------------

    @deed(place=PLACES, window=WINDOWS, who=WHO)
    def direct_bill(self, place, window, who):
        self.does(receivables.direct_bill, self.some_folio(place), window=window,
                  company=self.companies[who])  # fmt: skip

    @deed(who=WHO, minor=AMOUNTS, method=METHODS, oldest_first=st.booleans())
    def company_pays(self, who, minor, method, oldest_first):
        self.does(receivables.pay_city, self.house, self.companies[who], amount=euros(minor),
                  method=method, oldest_first=oldest_first)  # fmt: skip

    @deed(place=PLACES)
    def void_company_payment(self, place):
        self.does(receivables.void_payment, self.some_payment(place), reason="Wrong account")

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

    # --- what is set against what -------------------------------------------------------------

    @deed(place=PLACES)
    def allocate_oldest(self, place):
        self.does(receivables.allocate_oldest, self.some_item(place, CityItem.open < 0))

    @deed(place=PLACES, at=PLACES, minor=AMOUNTS)
    def allocate(self, place, at, minor):
        owed = self.some_item(at, CityItem.open > 0)
        if owed is not None:
            self.does(receivables.allocate, self.some_item(place, CityItem.open < 0),
                      to={owed.id: euros(minor)})  # fmt: skip

    @deed(place=PLACES)
    def unallocate(self, place):
        made = self.some(Allocation, place)
        self.does(receivables.unallocate, made, reason="Another bill")

    @deed(place=PLACES, who=WHO)
    def move_item(self, place, who):
        self.does(receivables.move_to, self.some_item(place), to=self.companies[who],
                  reason="Wrong company")  # fmt: skip

    @deed(place=PLACES)
    def undo_move(self, place):
        moved = self.some_item(place, CityItem.kind == ItemKind.MOVED_IN)
        self.does(receivables.undo_move, moved, reason="It was right")

    # --- what is given up ---------------------------------------------------------------------

    @deed(place=PLACES, minor=st.none() | AMOUNTS)
    def write_off_item(self, place, minor):
        self.does(receivables.write_off_item, self.some_item(place, CityItem.open > 0),
                  amount=None if minor is None else euros(minor), reason="Lost")  # fmt: skip

    @deed(place=PLACES)
    def undo_write_off(self, place):
        given_up = self.some_item(place, CityItem.kind == ItemKind.WRITE_OFF)
        self.does(receivables.undo_write_off, given_up, reason="They pay")

    @deed(place=PLACES, window=WINDOWS)
    def write_off_window(self, place, window):
        self.does(receivables.write_off, self.some_folio(place), window=window, reason="Gone")

    @deed(place=PLACES)
    def owe_again(self, place):
        given_up = self.some(Entry, place, Entry.kind == Kind.WRITE_OFF)
        self.does(receivables.owe_again, given_up, reason="They pay")

    @deed(place=PLACES)
    def dispute_item(self, place):
        self.does(receivables.dispute, self.some_item(place), reason="Not ours")

    @deed(place=PLACES)
    def resolve_dispute(self, place):
        self.does(receivables.resolve, self.some_item(place), outcome="It is")

    @deed(place=PLACES, minor=st.none() | AMOUNTS)
    def credit_note(self, place, minor):
        issued = self.some(Paper, place, Paper.kind == PaperKind.INVOICE)
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
        approved = CommissionStatement.state == CommissionState.APPROVED
        self.does(commissions.pay, self.some(CommissionStatement, place, fits=approved),
                  paid_on=self.some_day(0), reference="SEPA")  # fmt: skip

    @deed(place=PLACES)
    def reverse_commission(self, place):
        self.does(commissions.reverse, self.some(CommissionStatement, place), reason="Wrong")
