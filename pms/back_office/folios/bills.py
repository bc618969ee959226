"""Bills: the lines of one folio, window by window."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import permutations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Kind, Line
from pms.hotel.books.payments import Payment
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.reservations import agreed
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Tax, TaxKind

LINES_AT_MOST = 500
REVERSIBLE = frozenset({Kind.CHARGE, Kind.ADJUSTMENT, Kind.TRANSFER, Kind.WRITE_OFF})
PAID = frozenset({Kind.PAYMENT, Kind.REFUND, Kind.DEPOSIT_APPLIED, Kind.DIRECT_BILL})


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a window: what, when, how much, and whether it still stands.

    `moved_on` is what of it was moved to other windows since, None when nothing ever was; `other`
    says where a transfer came from, or went. `pieces` is how many of a thing were charged at once.
    """

    entry_id: int
    day: date
    text: str
    reference: str | None
    kind: Kind
    night: date | None
    reason: str | None
    amount: Money
    tax: Money
    balance: Money
    is_reversed: bool
    moved_on: Money | None
    arrived: bool
    is_todays: bool
    tax_says: str = ""
    other: str = ""
    pieces: int = 1

    @property
    def rest(self) -> Money:
        """What of it is still in this window."""
        return self.amount if self.moved_on is None else self.amount - self.moved_on

    @property
    def is_moved(self) -> bool:
        """Whether all of it was moved to other windows."""
        return self.moved_on is not None and not self.rest

    @property
    def is_split(self) -> bool:
        """Whether some of it was moved, and some is still here."""
        return self.moved_on is not None and bool(self.rest)

    @property
    def stands(self) -> bool:
        """Whether it, or a part of it, still stands here."""
        return not self.is_reversed and not self.is_moved and self.kind is not Kind.REVERSAL

    @property
    def may_move(self) -> bool:
        """Whether it can be moved from this window to another."""
        return self.stands and (self.kind is not Kind.TRANSFER or self.arrived)

    @property
    def may_reverse(self) -> bool:
        """Whether it can be reversed: a payment only on the day it was taken."""
        todays_money = self.kind in {Kind.PAYMENT, Kind.REFUND} and self.is_todays
        whole = self.stands and not self.is_split
        return whole and (self.kind in REVERSIBLE or todays_money)

    @property
    def is_money(self) -> bool:
        """Whether money, not a charge, stands on this line."""
        return self.kind in PAID


@dataclass(slots=True)
class Window:
    """One window of a folio with its lines and what is owed in it."""

    no: int
    account_id: int
    payee: str | None
    address: str | None
    payee_company_id: int | None
    balance: Money
    postings: list[Posting] = field(default_factory=list)

    def sum_of(self, *, money: bool) -> int:
        """Return minor units of what was paid here, or of what was charged; undone pairs aside."""
        stands = (
            each
            for each in self.postings
            if not each.is_reversed and each.kind is not Kind.REVERSAL
        )
        return sum(each.amount.minor for each in stands if each.is_money is money)


@dataclass(frozen=True, slots=True)
class TaxShare:
    """What of a window's bill is one tax, and by what it was reckoned, in words."""

    name: str
    by: str
    amount: Money


def windows_of(session: Session, hotel: Hotel, folio: Folio) -> list[Window]:
    """Return a folio's windows with their newest lines in the order they were posted."""
    sums = ledger.balances(session, hotel, [window.account_id for window in folio.windows])
    found = {
        window.account_id: Window(
            window.no,
            window.account_id,
            window.payee_name,
            window.address,
            window.payee_company_id,
            Money(sums[window.account_id], hotel.currency),
        )
        for window in folio.windows
    }
    after = dict(sums)  # the balance after the newest line is the balance
    rows = _rows(session, hotel, list(found))
    says = _taxes_say(session, hotel, rows)
    others = _others(session, hotel, folio, rows)
    for row in rows:
        balance, key = Money(after[row.account_id], hotel.currency), (row.account_id, row.id)
        posting = _posting(row, hotel, balance, says.get(key, ""), others.get(key, ""))
        found[row.account_id].postings.insert(0, posting)
        after[row.account_id] -= posting.amount.minor
    return list(found.values())


def chosen(windows: Iterable[Window], entry_ids: Collection[int]) -> list[tuple[Window, Posting]]:
    """Return the lines of those entries that may still be moved or reversed, each once."""
    seen: set[int] = set()
    found = []
    for window in windows:
        for posting in window.postings:
            may = posting.may_move or posting.may_reverse
            if posting.entry_id in entry_ids and may and posting.entry_id not in seen:
                seen.add(posting.entry_id)
                found.append((window, posting))
    return found


def taxes_of(
    session: Session, hotel: Hotel, windows: Iterable[Window]
) -> dict[int, list[TaxShare]]:
    """Return the taxes on each window, by its number."""
    numbers = {window.account_id: window.no for window in windows}
    rows = session.execute(
        sa.select(
            Line.account_id, Tax.id, Tax.name, Tax.kind, sa.func.sum(Line.base),
            sa.func.sum(Line.amount),
        )
        .join(Tax, sa.and_(Tax.hotel_id == Line.hotel_id, Tax.id == Line.tax_id))
        .where(Line.hotel_id == hotel.id, Line.account_id.in_(numbers))
        .group_by(Line.account_id, Tax.id, Tax.name, Tax.kind)
        .having(sa.func.sum(Line.amount) != 0)
        .order_by(Tax.name)
    ).all()  # fmt: skip
    rates = taxes.dated_rates(session, hotel.id, {row.id for row in rows})
    found: dict[int, list[TaxShare]] = {}
    for account_id, tax_id, name, kind, base, amount in rows:
        on, whole = Money(int(base or 0), hotel.currency), Money(int(amount), hotel.currency)
        rate = taxes.rate_on(rates.get(tax_id, []), hotel.business_date)
        by = on.said if kind is TaxKind.PERCENT else taxes.reckoned_by(kind, rate, whole)
        found.setdefault(numbers[account_id], []).append(TaxShare(name, by, whole))
    return found


def at_a_gateway(session: Session, hotel: Hotel, windows: Iterable[Window]) -> set[int]:
    """Return the lines that a gateway moved: their references are its own and tell nobody else."""
    entry_ids = {posting.entry_id for window in windows for posting in window.postings}
    return set(
        session.scalars(
            sa.select(Payment.entry_id)
            .join(
                GatewayPayment,
                sa.and_(
                    GatewayPayment.hotel_id == Payment.hotel_id,
                    GatewayPayment.payment_id == Payment.id,
                ),
            )
            .where(Payment.hotel_id == hotel.id, Payment.entry_id.in_(entry_ids))
        )
    )


def _posting(row: Any, hotel: Hotel, balance: Money, tax_says: str, other: str) -> Posting:
    return Posting(
        row.id,
        row.business_day,
        row.text,
        row.reference,
        row.kind,
        row.service_night,
        row.reason,
        Money(int(row.amount), hotel.currency),
        Money(int(row.tax), hotel.currency),
        balance,
        is_reversed=row.is_reversed,
        moved_on=None if row.moved_on is None else Money(-int(row.moved_on), hotel.currency),
        arrived=row.first_no > 1,
        is_todays=row.business_day == hotel.business_date,
        tax_says=tax_says,
        other=other,
        pieces=int(row.pieces or 1) if row.kind is Kind.CHARGE else 1,
    )


def _rows(session: Session, hotel: Hotel, account_ids: list[int]) -> list[Any]:
    """Return what each entry put on each window, the newest first."""
    tax = sa.func.sum(sa.case((Line.tax_id.is_not(None), Line.amount), else_=0))
    put = (
        sa.select(
            Line.account_id,
            Line.entry_id,
            sa.func.sum(Line.amount).label("amount"),
            tax.label("tax"),
            sa.func.min(Line.no).label("first_no"),
            sa.func.sum(Line.quantity).label("pieces"),
        )
        .where(Line.hotel_id == hotel.id, Line.account_id.in_(account_ids))
        .group_by(Line.account_id, Line.entry_id)
        .subquery()
    )
    wanted = (
        sa.select(
            put.c.account_id,
            put.c.amount,
            put.c.tax,
            put.c.first_no,
            put.c.pieces,
            Entry.id,
            Entry.business_day,
            Entry.text,
            Entry.reference,
            Entry.kind,
            Entry.service_night,
            Entry.reason,
            _reversal_of(Entry).label("is_reversed"),
            _moved_on(put).label("moved_on"),
        )
        .join(Entry, sa.and_(Entry.hotel_id == hotel.id, Entry.id == put.c.entry_id))
        .order_by(Entry.business_day.desc(), Entry.id.desc(), put.c.account_id)
        .limit(LINES_AT_MOST)
    )
    return list(session.execute(wanted))


def _taxes_say(session: Session, hotel: Hotel, rows: Collection[Any]) -> dict[tuple[int, int], str]:
    """Return what each entry's taxes on a window are, in words, by account and entry."""
    nights = {row.id: row.service_night or row.business_day for row in rows if row.tax}
    lines = session.execute(
        sa.select(
            Line.account_id,
            Line.entry_id,
            Line.tax_id,
            Line.amount,
            sa.func.coalesce(Line.base, 0).label("base"),
            Tax.name,
            Tax.kind,
        )
        .join(Tax, sa.and_(Tax.hotel_id == Line.hotel_id, Tax.id == Line.tax_id))
        .where(
            Line.hotel_id == hotel.id,
            Line.entry_id.in_(nights),
            Line.account_id.in_({row.account_id for row in rows}),
        )
        .order_by(Line.entry_id, Line.no)
    ).all()
    rates = taxes.dated_rates(session, hotel.id, {line.tax_id for line in lines})
    bands = taxes.dated_bands(session, hotel.id, rates.keys())
    minded = {line.entry_id for line in lines} if bands else set()
    heads = agreed.heads_of_entries(session, hotel, minded)
    says: dict[tuple[int, int], list[str]] = {}
    for line in lines:
        dated, night = rates.get(line.tax_id, []), nights[line.entry_id]
        since, rate = taxes.since(dated, night), taxes.rate_on(dated, night)
        base, amount = (Money(minor, hotel.currency) for minor in (line.base, line.amount))
        of_ages = bands.get((line.tax_id, since), ()) if since else ()
        words = taxes.explain(
            line.kind, rate, base, amount, bands=of_ages, heads=heads.get(line.entry_id)
        )
        words = f"{line.name}: {words}"
        says.setdefault((line.account_id, line.entry_id), []).append(words)
    return {key: "; ".join(words) for key, words in says.items()}


def _others(
    session: Session, hotel: Hotel, folio: Folio, rows: Collection[Any]
) -> dict[tuple[int, int], str]:
    """Return where each transfer came from or went, in words, by account and entry."""
    moves = {row.id for row in rows if row.kind is Kind.TRANSFER}
    ends = session.execute(
        sa.select(
            Line.entry_id, Line.account_id, FolioWindow.no, Folio.id, Folio.number, Folio.name
        )
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .join(Folio, sa.and_(Folio.hotel_id == Line.hotel_id, Folio.id == FolioWindow.folio_id))
        .where(Line.hotel_id == hotel.id, Line.entry_id.in_(moves))
        .distinct()
    ).all()
    of_entry: dict[int, list[Any]] = {}
    for end in ends:
        of_entry.setdefault(end.entry_id, []).append(end)
    return {
        (mine.account_id, entry_id): f"window {other.no}"
        if other.id == folio.id
        else f"folio {other.number}, {other.name}"
        for entry_id, both in of_entry.items()
        for mine, other in permutations(both, 2)
    }


def _reversal_of(entry: Any) -> sa.ColumnElement[bool]:
    undoing = aliased(Entry)
    return sa.exists().where(undoing.hotel_id == entry.hotel_id, undoing.reverses_id == entry.id)


def _moved_on(put: sa.Subquery) -> sa.ScalarSelect[Any]:
    """Return what left a window of what an entry put there: the account's lines of its moves.

    The kind is spelt out, since only so the index of moves answers, and the account is hidden from
    the planner, who would read all its lines for each line.
    """
    move, line, first = aliased(Entry), aliased(Line), aliased(Line)
    begins = sa.exists().where(
        first.hotel_id == move.hotel_id,
        first.entry_id == move.id,
        first.no == 1,
        first.account_id == put.c.account_id,
    )
    return (
        sa.select(sa.func.sum(line.amount))
        .join(move, sa.and_(move.hotel_id == line.hotel_id, move.id == line.entry_id))
        .where(
            move.hotel_id == Entry.hotel_id,
            move.concerns_id == Entry.id,
            move.kind == sa.literal_column(f"'{Kind.TRANSFER.value}'"),
            sa.func.coalesce(line.account_id, 0) == put.c.account_id,
            begins.correlate(move, put),
            ~_reversal_of(move).correlate(move),
        )
        .correlate(Entry, put)
        .scalar_subquery()
    )
