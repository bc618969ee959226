"""Banking: foreign notes out of the safe to the bank, at its rate; the difference is posted.

What the drawers handed in stands in the books at the house rates it was taken at. The bank gives
what it gives: gain or loss goes to an account of its own, and what the bank keeps as its fee to
another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base import card_numbers
from pms.base.db import lock, new_id
from pms.base.money import Money, round_half_up
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.cashiers import exchange
from pms.hotel.books.cashiers.drawers import in_safe
from pms.hotel.books.cashiers.entitled import refuse_no_words
from pms.hotel.books.cashiers.refusals import BankedAnotherDay, BankingUndone, NotThere
from pms.hotel.books.cashiers.safe import BANK
from pms.hotel.books.cashiers.tables import (
    FOREIGN_HANDED_IN,
    DrawerMove,
    NotesBanked,
    SafeClearing,
)
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

DIFFERENCES = ledger.Wanted(
    ledger.Ledger.CLEARING, "clearing/exchange-differences", "Exchange differences"
)

FEES = ledger.Wanted(ledger.Ledger.CLEARING, "clearing/bank-fees", "Bank fees")


@dataclass(frozen=True, slots=True)
class InSafe:
    """Foreign notes in the safe, and what they stand for in the books, in the hotel's money."""

    notes: Money
    booked: Money

    def share(self, notes: Money) -> int:
        """Return the booked minor units of some of the notes; all of them take the whole."""
        return round_half_up(Fraction(self.booked.minor * notes.minor, self.notes.minor))


@dataclass(frozen=True, slots=True)
class Banking:
    """Notes that went to the bank, with the bank's reference; undone or not."""

    notes: NotesBanked
    reference: str | None
    is_undone: bool


def bank(
    session: Session,
    hotel: Hotel,
    *,
    notes: Money,
    rate: Decimal,
    fee: Money | None = None,
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> NotesBanked:
    """Pay foreign notes of the safe into the bank at its rate: so much of them for one of ours.

    Refuses the house's money, coins, more than is there, and a fee that takes more than the bank
    gives. The same key is one banking.
    """
    require(by, Permission.KEEP_CASH, hotel.id)
    card_numbers.refuse(reference=reference)
    offer = _offer(hotel, notes, rate, fee)
    day = business_day.hold(session, hotel)
    safe = in_safe(hotel, notes.currency)
    accounts = ledger.accounts(session, hotel, [safe, BANK, DIFFERENCES, FEES])
    lock(session, session.get_one(ledger.Account, (hotel.id, accounts[safe.code])))
    before = _by_key(session, hotel, key)
    if before is not None:
        if not offer.was_taken_by(before):
            raise ledger.KeyUsedForOther(str(key))
        return before
    booked = _worth_in_the_books(session, hotel, notes)
    draft = ledger.Draft(
        kind=ledger.Kind.TRANSFER,
        key=key,
        text=f"{notes.currency} {notes} to the bank at {offer.rate_said}",
        reference=reference or None,
        lines=_sides(hotel, accounts, offer, booked),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    banked = NotesBanked(
        hotel_id=hotel.id, id=new_id(), entry_id=posted.entry_id, business_day=day,
        currency=notes.currency, amount=notes.minor, rate=offer.rate, booked=booked,
        credited=offer.credited.minor, fee=offer.fee.minor, staff_id=by.id,
    )  # fmt: skip
    session.add(banked)
    session.flush()
    logbook.record(
        session, "banked notes", banked, by=by, day=day, notes=notes, credited=offer.credited,
        rate=offer.rate_said, fee=offer.fee, reference=reference,
    )  # fmt: skip
    return banked


@dataclass(frozen=True, slots=True)
class _Offer:
    """What the bank gives for notes at its `rate` (as `exchange` keeps it), and keeps as a fee."""

    notes: Money
    rate: int
    credited: Money
    fee: Money

    @property
    def rate_said(self) -> str:
        """The rate as it is read."""
        return f"{exchange.as_decimal(self.rate):f}"

    def was_taken_by(self, banked: NotesBanked) -> bool:
        """Tell whether a banking was of these notes, at this rate and fee."""
        of_it = (banked.currency, banked.amount, banked.rate, banked.fee)
        return of_it == (self.notes.currency, self.notes.minor, self.rate, self.fee.minor)


def _offer(hotel: Hotel, notes: Money, rate: Decimal, fee: Money | None) -> _Offer:
    """Reckon what the bank gives; refuses the house's money, coins, and a fee that is more."""
    kept, fee = exchange.kept(rate), fee or Money.zero(hotel.currency)
    _refuse_odd_notes(hotel, notes)
    credited = notes.convert(hotel.currency, rate=exchange.as_decimal(kept))
    _refuse_odd_fee(hotel, fee, credited)
    return _Offer(notes, kept, credited, fee)


def _worth_in_the_books(session: Session, hotel: Hotel, notes: Money) -> int:
    """Return what notes of the safe stand for, in minor units; refuses more than are there."""
    there = in_the_safe(session, hotel).get(notes.currency)
    if there is None or notes > there.notes:
        raise NotThere(there.notes if there else Money.zero(notes.currency), field="notes")
    return there.share(notes)


def _sides(
    hotel: Hotel, accounts: Mapping[str, int], offer: _Offer, booked: int
) -> tuple[ledger.Side, ...]:
    """Return the lines of a banking: out of the safe what was booked, the difference apart."""
    safe_id = accounts[in_safe(hotel, offer.notes.currency).code]
    sides = (
        ledger.Side(accounts[BANK.code], offer.credited.minor - offer.fee.minor),
        ledger.Side(accounts[FEES.code], offer.fee.minor),
        ledger.Side(safe_id, -booked),
        ledger.Side(accounts[DIFFERENCES.code], booked - offer.credited.minor),
    )
    return tuple(side for side in sides if side.amount or side.account_id == safe_id)


def undo(session: Session, banked: NotesBanked, *, reason: str, by: Staff) -> NotesBanked:
    """Bring notes back that were banked by mistake, on the same business day, and say why.

    Refuses a later day, and a second time, also at once.
    """
    require(by, Permission.KEEP_CASH, banked.hotel_id)
    refuse_no_words(reason, "Say why the banking is undone.")
    hotel = session.get_one(Hotel, banked.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, banked)
    entry = session.get_one(ledger.Entry, (hotel.id, banked.entry_id))
    if ledger.is_reversed(session, entry):
        raise BankingUndone
    if banked.business_day != day:
        raise BankedAnotherDay
    ledger.reverse(session, hotel, entry, reason=reason.strip(), day=day, by=by)
    logbook.record(
        session, "undid banking", banked, by=by, day=day, why=reason.strip(),
        notes=Money(banked.amount, banked.currency),
    )  # fmt: skip
    return banked


def in_the_safe(session: Session, hotel: Hotel) -> dict[str, InSafe]:
    """Return the foreign notes in the safe by currency: handed in, less what went to the bank."""
    return {name: each for name, each in _stands(session, hotel).items() if each.notes}


def left_over(session: Session, hotel: Hotel) -> dict[str, Money]:
    """Return what stands in the books of currencies of which no notes lie in the safe."""
    stands = _stands(session, hotel)
    return {name: each.booked for name, each in stands.items() if each.booked and not each.notes}


def _stands(session: Session, hotel: Hotel) -> dict[str, InSafe]:
    """Return what every foreign currency comes to in the safe, in notes and in the books."""
    handed_in = sa.select(DrawerMove.currency, -DrawerMove.amount, -DrawerMove.booked).where(
        DrawerMove.hotel_id == hotel.id, sa.text(FOREIGN_HANDED_IN)
    )
    went = sa.select(NotesBanked.currency, -NotesBanked.amount, -NotesBanked.booked).where(
        NotesBanked.hotel_id == hotel.id, ~is_undone()
    )
    cleared = sa.select(SafeClearing.currency, sa.literal(0), -SafeClearing.booked).where(
        SafeClearing.hotel_id == hotel.id
    )
    moved = sa.union_all(handed_in, went, cleared).subquery()
    currency, amount, booked = moved.c
    rows = session.execute(
        sa.select(currency, sa.func.sum(amount), sa.func.sum(booked))
        .group_by(currency)
        .order_by(currency)
    )
    return {
        name: InSafe(Money(int(minor), name), Money(int(worth), hotel.currency))
        for name, minor, worth in rows
    }


def bankings(session: Session, hotel: Hotel, rows: Sequence[NotesBanked]) -> list[Banking]:
    """Return bankings with what their entries say: one question for all."""
    entries = session.execute(
        sa.select(NotesBanked.id, ledger.Entry.reference, is_undone())
        .join(
            ledger.Entry,
            sa.and_(
                ledger.Entry.hotel_id == NotesBanked.hotel_id,
                ledger.Entry.id == NotesBanked.entry_id,
            ),
        )
        .where(NotesBanked.hotel_id == hotel.id, NotesBanked.id.in_([row.id for row in rows]))
    )
    said = {row[0]: (row[1], bool(row[2])) for row in entries}
    return [Banking(row, *said[row.id]) for row in rows]


def is_undone() -> sa.Exists:
    """Ask whether a banking was undone."""
    undoing = aliased(ledger.Entry)
    return sa.exists().where(
        undoing.hotel_id == NotesBanked.hotel_id, undoing.reverses_id == NotesBanked.entry_id
    )


def _refuse_odd_notes(hotel: Hotel, notes: Money) -> None:
    if notes.currency == hotel.currency:
        raise Invalid("The house's own money goes to the bank as cash.", field="currency")
    exchange.refuse_coins(notes, field="notes")


def _refuse_odd_fee(hotel: Hotel, fee: Money, credited: Money) -> None:
    if fee.currency != hotel.currency or not 0 <= fee.minor <= credited.minor:
        raise Invalid(
            f"The fee is in {hotel.currency}, and at most the {credited.said} that the bank gives.",
            field="fee",
        )


def _by_key(session: Session, hotel: Hotel, key: str | None) -> NotesBanked | None:
    if key is None:
        return None
    return session.scalar(
        sa.select(NotesBanked)
        .join(
            ledger.Entry,
            sa.and_(
                ledger.Entry.hotel_id == NotesBanked.hotel_id,
                ledger.Entry.id == NotesBanked.entry_id,
            ),
        )
        .where(NotesBanked.hotel_id == hotel.id, ledger.Entry.key == key)
    )
