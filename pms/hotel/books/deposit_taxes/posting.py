"""Posting VAT of deposits: owed when one is received, set off when it matures or goes back.

The state's account owes it, and an account of VAT on deposits stands against it until the stay's
own charges bear the tax. Each entry stands beside the one that moved the money.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.deposit_taxes.reading import last_numbers, open_of
from pms.hotel.books.deposit_taxes.sharing import Open, Share, Under, held_by, realigned, taken
from pms.hotel.books.deposit_taxes.tables import DepositTax
from pms.hotel.books.ledger import Kind, Ledger, Side
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Thing
from pms.hotel.house.staff import Staff
from pms.hotel.tariff.taxes import Tax

Rows = Sequence[tuple[int, Share]]  # by payment: owed above zero, set off below
CLEARING = ledger.Wanted(Ledger.CLEARING, "clearing/deposit-tax", "VAT on deposits")


def owe(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    some: Sequence[Share],
    *,
    payment_id: int,
    account_id: int,
    moved_id: int,
    day: date,
    by: Staff,
) -> None:
    """Owe the VAT of a deposit that was received for `thing`; its account's owner is locked.

    What is above the price of the stay is kept as that, outside what is owed.
    """
    rows = [(payment_id, share) for share in some]
    posted = _post(session, hotel, rows, moved_id=moved_id, day=day, by=by)
    _keep(session, hotel, rows, posted, account_id=account_id, moved_id=moved_id)
    _note(session, hotel, thing, rows, posted, "owed deposit tax", day=day, by=by)


def set_off(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    *,
    amount: int,
    account_id: int,
    moved_id: int,
    first: int | None = None,
    to_bill: bool = False,
    credited: bool,
    day: date,
    by: Staff,
) -> bool:
    """Take off the VAT of money that left a deposit's account by `moved_id`; say if there was any.

    Whoever asks has the deposit's own invoice `credited`, or leaves it to that of the stay.

    What is above the price of the stay goes first (last, where the money goes `to_bill` of a stay
    or its ending), then the newest deposit; before both the payment that the money is known to be
    of. Money that was received untaxed beside them goes last, and first where it is known to be so.
    """
    lock(session, session.get_one(ledger.Account, (hotel.id, account_id)))
    standing = open_of(session, hotel.id, account_id)
    if not standing:
        return False
    taxed = sum(each.gross for each in standing)
    if first is not None and first not in {each.payment_id for each in standing}:
        held = -ledger.balances(session, hotel, [account_id])[account_id]
        amount = taxed - max(held, 0)
    off = [
        (payment_id, share.turned)
        for payment_id, share in _off(_in_turn(standing, first, to_bill=to_bill), amount)
    ]
    if not off:
        return False
    posted = _post(session, hotel, off, moved_id=moved_id, day=day, by=by)
    _keep(session, hotel, off, posted, account_id=account_id, moved_id=moved_id, credited=credited)
    _note(session, hotel, thing, off, posted, "set off deposit tax", day=day, by=by)
    return True


def held_for_stay(session: Session, hotel_id: int, account_id: int) -> dict[Under, int]:
    """Return what a deposit account holds of the price of its stay, by rate, in minor units."""
    return held_by(open_of(session, hotel_id, account_id))


def is_open(session: Session, hotel_id: int, account_id: int) -> bool:
    """Tell whether an account has deposits with something to be set off."""
    return bool(open_of(session, hotel_id, account_id))


def is_astray(
    session: Session, hotel_id: int, account_id: int, quoted: Mapping[Under, int], *, taxes: bool
) -> bool:
    """Tell whether `realign` would change something."""
    standing = open_of(session, hotel_id, account_id)
    return bool(realigned(standing, quoted, {}, taxes=taxes))


def realign(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    quoted: Mapping[Under, int],
    *,
    account_id: int,
    taxes: bool,
    day: date,
    by: Staff,
) -> int | None:
    """Bring the deposits of an account into line with what their stay costs by now.

    VAT of what the stay doesn't cost any more is set off, and is the credit notes' to say; what is
    above the price is taxed as far as the stay got dearer, if the house `taxes` deposits by now.
    Returns the entry that did so.
    """
    lock(session, session.get_one(ledger.Account, (hotel.id, account_id)))
    standing = open_of(session, hotel.id, account_id)
    last = last_numbers(session, hotel.id, account_id)
    rows = realigned(standing, quoted, last, taxes=taxes)
    if not rows:
        return None
    posted = _post(session, hotel, rows, moved_id=None, day=day, by=by)
    _keep(
        session, hotel, rows, posted, account_id=account_id, moved_id=posted.entry_id,
        credited=True,
    )  # fmt: skip
    _note(session, hotel, thing, rows, posted, "realigned deposit tax", day=day, by=by)
    return posted.entry_id


def owe_again(
    session: Session, hotel: Hotel, *, moved_id: int, reversal_id: int, day: date, by: Staff
) -> None:
    """Owe VAT again that was set off when a deposit matured, as that was taken back."""
    rows = session.scalars(
        sa.select(DepositTax)
        .where(DepositTax.hotel_id == hotel.id, DepositTax.moved_id == moved_id)
        .order_by(DepositTax.payment_id, DepositTax.no)
    ).all()
    if not rows:
        return
    lock(session, session.get_one(ledger.Account, (hotel.id, rows[0].account_id)))
    entry = session.get_one(ledger.Entry, (hotel.id, rows[0].entry_id))
    why = session.get_one(ledger.Entry, (hotel.id, reversal_id)).reason or ""
    posted = ledger.reverse(session, hotel, entry, reason=why, day=day, by=by)
    session.add_all(
        DepositTax(
            hotel_id=hotel.id,
            id=new_id(),
            payment_id=row.payment_id,
            account_id=row.account_id,
            entry_id=posted.entry_id,
            moved_id=reversal_id,
            no=row.no,
            tax_id=row.tax_id,
            rate=row.rate,
            net=-row.net,
            tax=-row.tax,
            quoted=row.quoted,
            credited=False,
        )
        for row in rows
    )
    session.flush()


def _in_turn(
    standing: Sequence[Open], first: int | None, *, to_bill: bool
) -> list[tuple[int, list[Share]]]:
    """Return shares of deposits in the order that money which leaves takes them along."""
    above = [(each.payment_id, each.above) for each in standing]
    priced = [(each.payment_id, each.priced) for each in standing]
    ordered = [*priced, *above] if to_bill else [*above, *priced]
    return sorted(ordered, key=lambda each: each[0] != first)


def _off(in_turn: Iterable[tuple[int, list[Share]]], amount: int) -> Iterator[tuple[int, Share]]:
    for payment_id, some in in_turn:
        part = min(amount, sum(share.gross for share in some))
        if part > 0:
            yield from ((payment_id, share) for share in taken(some, part))
            amount -= part


def _post(
    session: Session,
    hotel: Hotel,
    rows: Rows,
    *,
    moved_id: int | None,
    day: date,
    by: Staff,
) -> ledger.Posted:
    """Post the VAT of shares beside the entry that moved the money, or by itself."""
    draft = ledger.Draft(
        kind=Kind.TRANSFER,
        key=f"deposit-tax/{moved_id:x}" if moved_id is not None else None,
        text=CLEARING.name,
        lines=_sides(session, hotel, [share for _, share in rows]),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    return posted


def _keep(
    session: Session,
    hotel: Hotel,
    rows: Rows,
    posted: ledger.Posted,
    *,
    account_id: int,
    moved_id: int,
    credited: bool = False,
) -> None:
    session.add_all(
        DepositTax(
            hotel_id=hotel.id,
            id=new_id(),
            payment_id=payment_id,
            account_id=account_id,
            entry_id=posted.entry_id,
            moved_id=moved_id,
            no=share.no,
            tax_id=share.under.tax_id,
            rate=share.under.rate,
            net=share.net,
            tax=share.tax,
            quoted=share.quoted,
            credited=credited and share.gross < 0,
        )
        for payment_id, share in rows
    )
    session.flush()


def _note(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    rows: Rows,
    posted: ledger.Posted,
    verb: str,
    *,
    day: date,
    by: Staff,
) -> None:
    tax = sum(share.tax for _, share in rows)
    said = Money(-tax if verb.startswith("set off") else tax, hotel.currency)
    logbook.record(session, verb, thing, by=by, day=day, tax=said, entry=posted.entry_id)


def _sides(session: Session, hotel: Hotel, some: Sequence[Share]) -> tuple[Side, ...]:
    """Return two lines for each share that bears VAT; both name the tax, as a charge's do."""
    codes = {
        row.id: row.code
        for row in session.execute(
            sa.select(Tax.id, Tax.code).where(
                Tax.hotel_id == hotel.id, Tax.id.in_({share.under.tax_id for share in some})
            )
        )
    }
    wanted = {
        tax_id: ledger.Wanted(Ledger.TAX, f"tax/{code}", f"Tax {code}")
        for tax_id, code in codes.items()
    }
    there = ledger.accounts(session, hotel, [CLEARING, *wanted.values()])
    lines = [Side(there[CLEARING.code], 0)]  # a share may be outside VAT, an entry has lines
    for share in some:
        tax_id = share.under.tax_id
        if tax_id is not None:
            lines += [
                Side(there[CLEARING.code], share.tax, tax_id=tax_id, base=share.net),
                Side(there[wanted[tax_id].code], -share.tax, tax_id=tax_id, base=share.net),
            ]
    return tuple(lines)
