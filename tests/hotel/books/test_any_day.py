"""Any sequence of deeds: the books balance, folios add up, and a second bookkeeper agrees."""

from collections import defaultdict

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios, ledger, payments
from pms.hotel.books.ledger import Entry, Ledger, Line
from pms.hotel.books.payments import Method
from pms.hotel.tariff.taxes import Slept
from tests import make
from tests.hotel.books.days import roll

DEEDS = st.one_of(
    st.tuples(st.just("charge"), st.integers(0, 2), st.integers(1, 2), st.integers(1, 99999)),
    st.tuples(st.just("adjust"), st.integers(0, 2), st.integers(1, 2), st.integers(-9999, 9999)),
    st.tuples(st.just("pay"), st.integers(0, 2), st.integers(1, 2), st.integers(1, 99999)),
    st.tuples(st.just("transfer"), st.integers(0, 2), st.integers(1, 2), st.integers(0, 30)),
    st.tuples(st.just("balance"), st.integers(0, 2), st.integers(1, 2), st.integers(0, 2)),
    st.tuples(st.just("void"), st.just(0), st.just(1), st.integers(0, 30)),
    st.tuples(st.just("roll"), st.just(0), st.just(1), st.just(0)),
)


class Day:
    """A hotel with three folios, and a model of their windows kept beside it in a plain dict."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.house = make.hotel(session)
        self.by = make.by(session, self.house)
        self.code = make.taxed_code(session, self.house)
        self.folios = [make.folio(session, self.house, windows=2) for _ in range(3)]
        self.windows: dict[tuple[int, int], int] = defaultdict(int)
        self.standing: list[tuple[Entry, tuple[int, int], int]] = []

    def do(self, deed: str, which: int, window: int, amount: int) -> None:
        """Do one deed; the model moves only if the house took it."""
        try:
            getattr(self, deed)(which, window, amount)
        except Refusal:
            assert deed in {"adjust", "transfer", "balance", "void"}

    def charge(self, which: int, window: int, amount: int) -> None:
        entry = folios.charge(
            self.session,
            self.folios[which],
            code=self.code,
            amount=Money(amount, "EUR"),
            window=window,
            slept=Slept(2),
            by=self.by,
        )
        self.note(entry, which, window, amount + 400)

    def adjust(self, which: int, window: int, amount: int) -> None:
        entry = folios.adjust(
            self.session,
            self.folios[which],
            code=self.code,
            amount=Money(amount, "EUR"),
            window=window,
            reason="any",
            by=self.by,
        )
        self.note(entry, which, window, amount)

    def pay(self, which: int, window: int, amount: int) -> None:
        payments.pay(
            self.session,
            self.folios[which],
            amount=Money(amount, "EUR"),
            method=Method.CASH,
            window=window,
            by=self.by,
        )
        self.windows[which, window] -= amount

    def transfer(self, which: int, window: int, pick: int) -> None:
        if not self.standing:
            return
        entry, was, amount = self.standing[pick % len(self.standing)]
        moved = folios.transfer(
            self.session, entry, to_folio=self.folios[which], to_window=window, by=self.by
        )
        self.windows[was] -= amount
        self.note(moved, which, window, amount)

    def balance(self, which: int, window: int, to: int) -> None:
        amount = self.windows[which, window]
        folios.transfer_balance(
            self.session,
            self.folios[which],
            window=window,
            to_folio=self.folios[to],
            to_window=3 - window,
            by=self.by,
        )
        self.windows[which, window] -= amount
        self.windows[to, 3 - window] += amount

    def void(self, _which: int, _window: int, pick: int) -> None:
        charges = [each for each in self.standing if each[0].kind is ledger.Kind.CHARGE]
        if not charges:
            return
        entry, was, amount = charges[pick % len(charges)]
        folios.void(self.session, entry, reason="any", by=self.by)
        self.windows[was] -= amount

    def roll(self, *_: int) -> None:
        roll(self.session, self.house)

    def note(self, entry: Entry, which: int, window: int, amount: int) -> None:
        self.windows[which, window] += amount
        self.standing.append((entry, (which, window), amount))

    def check(self) -> None:
        """Recount everything from the lines."""
        lines = self.session.scalars(sa.select(Line)).all()
        of_entry: dict[int, int] = defaultdict(int)
        for line in lines:
            of_entry[line.entry_id] += line.amount
        assert set(of_entry.values()) <= {0}
        for which, folio in enumerate(self.folios):
            stands = folios.balance_of(self.session, folio)
            assert {no: balance.minor for no, balance in stands.items()} == {
                no: self.windows[which, no] for no in (1, 2)
            }
        control = sum(ledger.open_balances(self.session, self.house, Ledger.GUEST).values())
        assert control == sum(self.windows.values())
        day = self.house.business_date
        rows = ledger.trial_balance(self.session, self.house, day)
        assert sum(row.debits for row in rows) == sum(row.credits for row in rows)
        assert sum(row.opening for row in rows) == sum(row.closing for row in rows) == 0
        assert next(row.closing for row in rows if row.ledger is Ledger.GUEST) == control


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(DEEDS, max_size=25))
def test_whatever_is_done_the_books_balance(session, deeds):
    """Each example is undone, so that the next finds an empty database."""
    day = Day(session)

    for deed in deeds:
        day.do(*deed)

    day.check()
    session.rollback()
    session.expunge_all()
