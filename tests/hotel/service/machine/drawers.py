"""In the drawer: shifts, drops, paid-outs, foreign notes, blind counts, and the bank."""

from decimal import Decimal

import sqlalchemy as sa
from hypothesis import strategies as st

from pms.base.db import new_id, transaction
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import cashiers, folios, ledger, payments
from pms.hotel.books.cashiers import (
    CashierShift,
    Counted,
    DrawerMove,
    MoveKind,
    NotesBanked,
    ShiftState,
    banking,
    clearing,
    drawers,
    exchange,
    safe,
    setting,
)
from pms.hotel.books.cashiers.safe import Way
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.payments import Expense, Method, PaidOut
from pms.hotel.house import business_day, logbook
from pms.hotel.house.staff import Role
from tests import make
from tests.hotel.service.machine.finding import ANY
from tests.hotel.service.machine.house import AMOUNTS, PLACES, House, deed
from tests.hotel.service.paying import euros

WHO = st.integers(0, 1)
RATES = st.sampled_from([Decimal("1.08"), Decimal("1.1377"), Decimal("0.9")])
MISCOUNTED = st.sampled_from([0, 0, 500, -500])
DOLLARS = st.sampled_from([500, 2_000, 10_000])
LEFT = 3  # cents in the books of dollars that all went


def dollars(minor):
    return Money(minor, "USD")


def in_pieces(minor, currency):
    """An amount in as few pieces as there are, as far as they make it."""
    pieces, left = {}, max(minor, 0)
    for value in cashiers.counted_in(currency, is_foreign=currency != "EUR"):
        pieces[value], left = divmod(left, value)
    return Counted(currency, pieces)


def clears(session, house, currency, *, reason, by):
    """Clear what is left where all notes of the safe went, three cents too cheaply: as once."""
    day, there = business_day.hold(session, house), banking.in_the_safe(session, house)
    if currency not in there or there[currency].booked.minor <= LEFT:
        raise Refusal("There are no notes.")
    notes, booked = there[currency].notes, there[currency].booked.minor - LEFT
    rate = exchange.kept(Decimal("1.1"))
    credited = notes.convert(house.currency, rate=exchange.as_decimal(rate)).minor
    moves = {
        drawers.in_safe(house, currency): -booked,
        safe.BANK: credited,
        banking.DIFFERENCES: booked - credited,
    }
    accounts = ledger.accounts(session, house, list(moves))
    sides = tuple(ledger.Side(accounts[each.code], minor) for each, minor in moves.items())
    draft = ledger.Draft(kind=Kind.TRANSFER, text="All notes to the bank", lines=sides)
    [posted] = ledger.post(session, house, [draft], day=day, by=by)
    banked = NotesBanked(
        hotel_id=house.id, id=new_id(), entry_id=posted.entry_id, business_day=day,
        currency=currency, amount=notes.minor, rate=rate, booked=booked, credited=credited, fee=0,
        staff_id=by.id,
    )  # fmt: skip
    session.add(banked)
    session.flush()
    logbook.record(session, "banked notes", banked, by=by, day=day)
    clearing.clear(session, house, currency, reason=reason, by=by)


class Drawers(House):
    """Two people who take cash, each in a shift of theirs or in none."""

    def furnish(self):
        """A clerk at work with dollars in the drawer, and a shift that was counted, with some."""
        super().furnish()
        with transaction(self.session):
            make.filled_safe(self.session, self.house, 200_000)
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

    def some_shift(self, place, state):
        """A shift, mostly one in that state, to which one is brought where none is."""
        return self.some(CashierShift, place, fits=CashierShift.state == state,
                         otherwise=lambda: self.brings_to(state))  # fmt: skip

    def brings_to(self, state):
        for who in (self.by, self.clerk):
            self.prepares(cashiers.open_shift, self.house, opening_float=euros(5_000), by=who)
        if state is ShiftState.OPEN:
            return
        shift = self.some(CashierShift, 0, fits=CashierShift.state == ShiftState.OPEN)
        by = self.whose(shift, 0, 0)
        self.prepares(cashiers.begin_count, shift, by=by)
        if state is ShiftState.CLOSED:
            self.prepares(cashiers.close, shift, counts=self.counted(shift, 0), by=by)

    def whose(self, shift, who, place):
        """Somebody, mostly who has the shift."""
        mine = [each for each in (self.by, self.clerk) if shift and each.id == shift.staff_id]
        return mine[0] if mine and place < ANY else self.who(who)

    @deed(rate=RATES)
    def set_rate(self, rate):
        self.does(cashiers.set_rate, self.house, currency="USD", rate=rate)

    @deed(asks=st.sampled_from([False, False, True]), minor=AMOUNTS)
    def ask_for_shifts(self, asks, minor):
        """Whether the house wants all cash in drawers; where it does, most of it is refused."""
        self.does(setting.set_rules, self.house, asks_for_shift=asks, usual_float=euros(minor))

    @deed(minor=st.sampled_from([None, 2_000, 9_000]))
    def limit_the_desk(self, minor):
        """How much a clerk may adjust of a bill, or pay out, in a day."""
        most = None if minor is None else euros(minor)
        self.does(folios.set_limits, self.house, {Role.FRONT_DESK: most})

    @deed(who=WHO, minor=AMOUNTS)
    def open_shift(self, who, minor):
        self.does(cashiers.open_shift, self.house, opening_float=euros(minor), by=self.who(who))

    @deed(who=WHO, place=PLACES, minor=AMOUNTS, notes=st.none() | DOLLARS)
    def pay_cash(self, who, place, minor, notes):
        """Mostly of what somebody with a drawer owes; what is tendered is mostly enough."""
        folio, window, _ = self.some_window(place, 1)
        shift = self.some_shift(place, ShiftState.OPEN)
        tendered = None if notes is None else dollars(notes)
        if notes is not None and place < ANY:
            minor = min(minor, notes // 2)
        self.does(payments.pay, folio, window=window, amount=euros(minor), method=Method.CASH,
                  tendered=tendered, by=self.whose(shift, who, place))  # fmt: skip

    @deed(place=PLACES, who=WHO, minor=AMOUNTS)
    def drop(self, place, who, minor):
        shift = self.some_shift(place, ShiftState.OPEN)
        self.does(cashiers.drop, shift, amount=euros(minor), by=self.whose(shift, who, place))

    @deed(who=WHO, place=PLACES)
    def take_back_drop(self, who, place):
        def drops():
            shift = self.some_shift(0, ShiftState.OPEN)
            self.prepares(cashiers.drop, shift, amount=euros(1_000), by=self.whose(shift, 0, 0))

        stands = sa.and_(
            DrawerMove.entry_id.in_(sa.select(Entry.id).where(ledger.standing())),
            DrawerMove.shift_id.in_(
                sa.select(CashierShift.id).where(CashierShift.state == ShiftState.OPEN)
            ),
        )
        dropped = self.some(DrawerMove, place, DrawerMove.kind == MoveKind.DROP, fits=stands,
                            otherwise=drops)  # fmt: skip
        shift = dropped and self.session.get_one(CashierShift, (self.house.id, dropped.shift_id))
        self.does(cashiers.dropping.take_back, dropped, reason="Wrong",
                  by=self.whose(shift, who, place))  # fmt: skip

    @deed(who=WHO, place=PLACES, minor=AMOUNTS)
    def pay_out_cash(self, who, place, minor):
        folio, window, _ = self.some_window(place)
        self.does(payments.pay_out, folio, window=window, amount=euros(minor), words="Taxi",
                  by=self.who(who))  # fmt: skip

    @deed(who=WHO, minor=AMOUNTS, expense=st.sampled_from(Expense))
    def spend(self, who, minor, expense):
        self.does(payments.spend, self.house, expense=expense, amount=euros(minor),
                  words="Stamps", by=self.who(who))  # fmt: skip

    @deed(place=PLACES, minor=AMOUNTS)
    def take_back_paid_out(self, place, minor):
        """Mostly what was spent today."""

        def spends():
            self.prepares(payments.spend, self.house, expense=Expense.POSTAGE, amount=euros(minor),
                          words="Stamps")  # fmt: skip

        standing = PaidOut.entry_id.in_(sa.select(Entry.id).where(ledger.standing()))
        todays = sa.and_(
            PaidOut.expense.is_not(None), PaidOut.business_day == self.some_day(0), standing
        )
        spent = self.some(PaidOut, place, fits=todays, otherwise=spends)
        self.does(payments.take_back, spent, reason="Wrong")

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
        self.does(cashiers.close, shift, counts=self.counted(shift, miscounted),
                  by=self.whose(shift, who, place))  # fmt: skip

    @deed(place=PLACES, miscounted=MISCOUNTED, gone=st.booleans())
    def recount(self, place, miscounted, gone):
        """A note more or less than there should be, or all foreign ones gone."""
        shift = self.some_shift(place, ShiftState.CLOSED)
        if shift is not None:
            counts = self.counted(shift, miscounted)
            if gone:
                counts = [each if each.currency == "EUR" else in_pieces(0, each.currency)
                          for each in counts]  # fmt: skip
            self.does(cashiers.recount, shift, counts=counts, reason="Miscounted",
                      by=self.accountant)  # fmt: skip

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
    def clear_the_rest(self, place):
        """What the house once left; no verb leaves anything by now, so of nothing it is refused."""
        self.does(clearing.clear if place == ANY else clears, self.house, "USD", reason="Rounded")

    @deed(place=PLACES)
    def undo_banking(self, place):
        def banks():
            self.prepares(banking.bank, self.house, notes=dollars(500), rate=Decimal("1.1"))

        todays = sa.and_(
            NotesBanked.business_day == self.some_day(0),
            NotesBanked.entry_id.in_(sa.select(Entry.id).where(ledger.standing())),
        )
        banked = self.some(NotesBanked, place, fits=todays, otherwise=banks)
        self.does(banking.undo, banked, reason="Another bank")
