"""Posting VAT of deposits: owed when one is received, set off when it matures or goes back.

The state's account owes it, and an account of VAT on deposits stands against it until the stay's
own charges bear the tax. Each entry stands beside the one that moved the money.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.deposit_taxes.reading import Open, open_of
from pms.hotel.books.deposit_taxes.sharing import Share, taken
from pms.hotel.books.deposit_taxes.tables import DepositTax
from pms.hotel.books.ledger import Kind, Ledger, Side
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Thing
from pms.hotel.house.staff import Staff
from pms.hotel.tariff.taxes import Tax

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
    """Owe the VAT of a deposit that was received for `thing`; its account's owner is locked."""
    _write(
        session, hotel, thing, {payment_id: some}, 1, account_id=account_id, moved_id=moved_id,
        day=day, by=by,
    )  # fmt: skip


def set_off(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    *,
    amount: int,
    account_id: int,
    moved_id: int,
    first: int | None = None,
    credited: bool,
    day: date,
    by: Staff,
) -> bool:
    """Take off the VAT of money that left a deposit's account by `moved_id`; say if there was any.

    Whoever asks has the deposit's own invoice `credited`, or leaves it to that of the stay.

    The newest deposit goes first, or the payment that the money is known to be of. Money that was
    received untaxed beside it goes last, and first where it is known to be that.
    """
    lock(session, session.get_one(ledger.Account, (hotel.id, account_id)))
    standing = open_of(session, hotel.id, account_id)
    if not standing:
        return False
    taxed = sum(each.gross for each in standing)
    if first is not None and first not in {each.payment_id for each in standing}:
        held = -ledger.balances(session, hotel, [account_id])[account_id]
        amount = taxed - max(held, 0)
    standing.sort(key=lambda each: each.payment_id != first)
    off = _off(standing, min(amount, taxed))
    if not off:
        return False
    _write(
        session, hotel, thing, off, -1, account_id=account_id, moved_id=moved_id,
        credited=credited, day=day, by=by,
    )  # fmt: skip
    return True


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


def _off(standing: Sequence[Open], amount: int) -> dict[int, list[Share]]:
    found = {}
    for each in standing:
        part = min(amount, each.gross)
        if part > 0:
            found[each.payment_id] = taken(each.shares, part)
            amount -= part
    return found


def _write(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    of_payments: Mapping[int, Sequence[Share]],
    sign: int,
    *,
    account_id: int,
    moved_id: int,
    credited: bool = False,
    day: date,
    by: Staff,
) -> None:
    rows = [(payment_id, share) for payment_id, some in of_payments.items() for share in some]
    draft = ledger.Draft(
        kind=Kind.TRANSFER,
        key=f"deposit-tax/{moved_id:x}",
        text=CLEARING.name,
        lines=_sides(session, hotel, [share for _, share in rows], sign),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
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
            net=sign * share.net,
            tax=sign * share.tax,
            quoted=share.quoted,
            credited=credited,
        )
        for payment_id, share in rows
    )
    session.flush()
    tax = Money(sum(share.tax for _, share in rows), hotel.currency)
    verb = "owed deposit tax" if sign > 0 else "set off deposit tax"
    logbook.record(session, verb, thing, by=by, day=day, tax=tax, entry=posted.entry_id)


def _sides(session: Session, hotel: Hotel, some: Sequence[Share], sign: int) -> tuple[Side, ...]:
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
            tax, net = sign * share.tax, sign * share.net
            lines += [
                Side(there[CLEARING.code], tax, tax_id=tax_id, base=net),
                Side(there[wanted[tax_id].code], -tax, tax_id=tax_id, base=net),
            ]
    return tuple(lines)
