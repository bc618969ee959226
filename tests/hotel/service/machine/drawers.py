"""In the drawer: shifts, drops, paid-outs, foreign notes, blind counts, and the bank."""

from decimal import Decimal

from hypothesis import strategies as st

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import cashiers, payments
from pms.hotel.books.cashiers import (
    CashierShift,
    Counted,
    DrawerMove,
    MoveKind,
    NotesBanked,
    ShiftState,
    banking,
    safe,
)
from pms.hotel.books.cashiers.safe import Way
from pms.hotel.books.payments import Expense, Method, PaidOut
from tests import make
from tests.hotel.service.machine.house import AMOUNTS, ANY, PLACES, WINDOWS, House, deed
from tests.hotel.service.paying import euros

WHO = st.integers(0, 1)
RATES = st.sampled_from([Decimal("1.08"), Decimal("1.1377"), Decimal("0.9")])
MISCOUNTED = st.sampled_from([0, 0, 500, -500])
DOLLARS = st.sampled_from([500, 2_000, 10_000])


def dollars(minor):
    return Money(minor, "USD")


def in_pieces(minor, currency):
    """An amount in as few pieces as there are, as far as they make it."""
    pieces, left = {}, max(minor, 0)
    for value in cashiers.counted_in(currency, is_foreign=currency != "EUR"):
        pieces[value], left = divmod(left, value)
    return Counted(currency, pieces)


class Drawers(House):
    """Two people who take cash, each in a shift of theirs or in none."""

    def furnish(self):
        """A clerk at work with dollars in the drawer, and a shift that was counted, with some."""
        super().furnish()
        with transaction(self.session):
            cashiers.set_rate(
                self.session, self.house, currency="USD", rate=Decimal("1.08"), by=self.by
            )
        self.at_work(self.clerk)
        shift = self.at_work(self.by)
        with transaction(self.session):
            cashiers.begin_count(self.session, shift, by=self.by)
            cashiers.close(self.session, shift, counts=self.counted(shift, 0), by=self.by)

    def at_work(self, who):
        """Open a shift and take dollars in it."""
        with transaction(self.session):
            shift = cashiers.open_shift(
                self.session, self.house, opening_float=euros(20_000), by=who
            )
            folio = make.folio(self.session, self.house)
            payments.pay(self.session, folio, amount=euros(8_000), method=Method.CASH,
                         tendered=dollars(10_000), by=who)  # fmt: skip
        return shift

    def who(self, place):
        return (self.by, self.clerk)[place]

    def some_shift(self, place, *states):
        """A shift, mostly one in one of those states."""
        return self.some(CashierShift, place, fits=CashierShift.state.in_(states or ShiftState))

    def whose(self, shift, who, place):
        """Somebody, mostly who has the shift."""
        mine = [each for each in (self.by, self.clerk) if shift and each.id == shift.staff_id]
        return mine[0] if mine and place < ANY else self.who(who)

    @deed(rate=RATES)
    def set_rate(self, rate):
        self.does(cashiers.set_rate, self.house, currency="USD", rate=rate)

    @deed(who=WHO, minor=AMOUNTS)
    def open_shift(self, who, minor):
        self.does(cashiers.open_shift, self.house, opening_float=euros(minor), by=self.who(who))

    @deed(who=WHO, place=PLACES, window=WINDOWS, minor=AMOUNTS, notes=st.none() | DOLLARS)
    def pay_cash(self, who, place, window, minor, notes):
        tendered = None if notes is None else dollars(notes)
        self.does(payments.pay, self.some_folio(place), window=window, amount=euros(minor),
                  method=Method.CASH, tendered=tendered, by=self.who(who))  # fmt: skip

    @deed(place=PLACES, who=WHO, minor=AMOUNTS)
    def drop(self, place, who, minor):
        shift = self.some_shift(place, ShiftState.OPEN)
        self.does(cashiers.drop, shift, amount=euros(minor), by=self.whose(shift, who, place))

    @deed(who=WHO, place=PLACES)
    def take_back_drop(self, who, place):
        dropped = self.some(DrawerMove, place, DrawerMove.kind == MoveKind.DROP)
        shift = dropped and self.session.get_one(CashierShift, (self.house.id, dropped.shift_id))
        self.does(cashiers.dropping.take_back, dropped, reason="Wrong",
                  by=self.whose(shift, who, place))  # fmt: skip

    @deed(who=WHO, place=PLACES, window=WINDOWS, minor=AMOUNTS)
    def pay_out_cash(self, who, place, window, minor):
        self.does(payments.pay_out, self.some_folio(place), window=window, amount=euros(minor),
                  words="Taxi", by=self.who(who))  # fmt: skip

    @deed(who=WHO, minor=AMOUNTS, expense=st.sampled_from(Expense))
    def spend(self, who, minor, expense):
        self.does(payments.spend, self.house, expense=expense, amount=euros(minor),
                  words="Stamps", by=self.who(who))  # fmt: skip

    @deed(place=PLACES)
    def take_back_paid_out(self, place):
        self.does(payments.take_back, self.some(PaidOut, place), reason="Wrong")

    # --- the count ----------------------------------------------------------------------------

    @deed(who=WHO, place=PLACES, ends=st.booleans())
    def count(self, who, place, ends):
        shift = self.some_shift(place, ShiftState.OPEN if ends else ShiftState.COUNTING)
        verb = cashiers.begin_count if ends else cashiers.back_to_work
        self.does(verb, shift, by=self.whose(shift, who, place))

    def counted(self, shift, miscounted):
        """What somebody finds in the drawer, a note more or less than there should be."""
        there = cashiers.expected(self.session, self.house, shift)
        there["EUR"] += miscounted
        return [in_pieces(minor, currency) for currency, minor in there.items()]

    @deed(who=WHO, place=PLACES, miscounted=MISCOUNTED)
    def close_shift(self, who, place, miscounted):
        shift = self.some_shift(place, ShiftState.COUNTING)
        if shift is not None:
            self.does(cashiers.close, shift, counts=self.counted(shift, miscounted),
                      by=self.whose(shift, who, place))  # fmt: skip

    @deed(place=PLACES, miscounted=MISCOUNTED)
    def recount(self, place, miscounted):
        shift = self.some_shift(place, ShiftState.CLOSED)
        if shift is not None:
            self.does(cashiers.recount, shift, counts=self.counted(shift, miscounted),
                      reason="Miscounted", by=self.accountant)  # fmt: skip

    @deed(place=PLACES)
    def accept(self, place):
        self.does(cashiers.accept, self.some_shift(place, ShiftState.CLOSED), reason="Seen",
                  by=self.accountant)  # fmt: skip

    # --- the safe and the bank ----------------------------------------------------------------

    @deed(way=st.sampled_from(Way), minor=AMOUNTS)
    def move_safe(self, way, minor):
        self.does(safe.move, self.house, way, amount=euros(minor))

    @deed(minor=DOLLARS, rate=RATES)
    def bank_notes(self, minor, rate):
        self.does(banking.bank, self.house, notes=dollars(minor), rate=rate)

    @deed(place=PLACES)
    def undo_banking(self, place):
        self.does(banking.undo, self.some(NotesBanked, place), reason="Another bank")
