"""The safe: cash that was taken without a shift put into it, and what goes to the bank and back."""

import enum

from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import ledger
from pms.hotel.books.cashiers.drawers import OUTSIDE, in_safe
from pms.hotel.books.cashiers.refusals import NotThere
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

BANK = ledger.Wanted(ledger.Ledger.CLEARING, "clearing/transfer", "Bank transfers")


class Way(enum.StrEnum):
    """Where money of the safe comes from or goes to."""

    COLLECT = "collect"
    BANK = "bank"
    FETCH = "fetch"

    @property
    def words(self) -> str:
        """The way in words."""
        return {
            Way.COLLECT: "Cash without a shift, into the safe",
            Way.BANK: "Out of the safe, to the bank",
            Way.FETCH: "From the bank, into the safe",
        }[self]


def move(
    session: Session,
    hotel: Hotel,
    way: Way,
    *,
    amount: Money,
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> ledger.Entry:
    """Put the house's money into the safe or take it to the bank; refuses more than is there."""
    require(by, Permission.KEEP_CASH, hotel.id)
    card_numbers.refuse(reference=reference)
    if amount.currency != hotel.currency or amount.minor <= 0:
        raise Invalid("Say an amount of the house's money above zero.", field="amount")
    day = business_day.hold(session, hotel)
    safe = in_safe(hotel, hotel.currency)
    source, target = {
        Way.COLLECT: (OUTSIDE, safe), Way.BANK: (safe, BANK), Way.FETCH: (BANK, safe)
    }[way]  # fmt: skip
    accounts = ledger.accounts(session, hotel, [source, target])
    source_id = accounts[source.code]
    lock(
        session, session.get_one(ledger.Account, (hotel.id, source_id))
    )  # two who empty it at once
    there = ledger.balances(session, hotel, [source_id])[source_id]
    if way is not Way.FETCH and amount.minor > there:
        raise NotThere(Money(max(there, 0), hotel.currency))
    draft = ledger.Draft(
        kind=ledger.Kind.TRANSFER,
        key=key,
        text=way.words,
        reference=reference or None,
        lines=(
            ledger.Side(accounts[target.code], amount.minor),
            ledger.Side(source_id, -amount.minor),
        ),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    entry = ledger.get(session, hotel.id, posted)
    if posted.fresh:
        logbook.record(
            session, "moved cash", entry, by=by, day=day, way=way.words, amount=amount,
            reference=reference,
        )  # fmt: skip
    return entry
