"""The bill: what stands on a guest's own windows, and what is still to be paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from pms.base.money import Money, total
from pms.guest_side.my_stay.desk import Mine, guest_of, mine, page, place
from pms.hotel.books import folios, ledger, papers
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Kind, Line
from pms.hotel.books.papers import Paper
from pms.hotel.house.hotels import Hotel
from pms.hotel.service import web_payments
from pms.hotel.service.checkout import PaymentRequest, Purpose
from pms.hotel.stays import billing, settlements
from pms.hotel.stays.reservations import Reservation, State
from pms.hotel.tariff.taxes import Tax
from pms.web import links
from pms.web.attempt import attempt
from pms.web.database import session
from pms.web.forms import Form
from pms.web.guest_pages.speaking import Speech
from pms.web.guest_pages.visiting import of_a_stay

MOST_LINES = 300
_PAID = (Kind.PAYMENT, Kind.REFUND, Kind.DEPOSIT_APPLIED)
ROOM = "room"  # the rule by which a night is charged


@dataclass(frozen=True, slots=True)
class Item:
    """A line as the guest reads it."""

    day: date
    words: str
    amount: Money


@dataclass(frozen=True, slots=True)
class TaxShare:
    """What of the bill is one tax."""

    name: str
    amount: Money


@place("/bill")
@of_a_stay
def folio() -> ResponseReturnValue:
    """Show a guest's own part of the bill; what others pay is not theirs to see."""
    my = mine()
    accounts = _own(session(), my.reservation)
    return page(
        "bill",
        my,
        items=_items(my, accounts),
        taxes=_taxes(session(), my, accounts),
        owed=owed(session(), my.hotel, my.reservation),
        held=settlements.deposit_held(session(), my.reservation),
        pays_online=web_payments.pays_online(session(), my.hotel),
        papers=issued_to(my),
        amount=lambda paper: Money(paper.gross, paper.currency),
    )


def issued_to(my: Mine) -> Sequence[Paper]:
    """Return what was issued of the guest's own windows, and for what they paid in advance."""
    windows = own_windows(session(), my.reservation)
    ahead = settlements.deposit_there(session(), my.reservation)
    paid_on = [each.account_id for each in windows] + ([ahead] if ahead is not None else [])
    return papers.of_windows(session(), my.hotel, windows, paid_on=paid_on)


def owed(session: Session, hotel: Hotel, reservation: Reservation) -> Money:
    """Return what the guest's own windows owe together; below zero the guest is owed."""
    accounts = _own(session, reservation)
    sums = ledger.balances(session, hotel, accounts)
    return Money(sum(sums.values()), hotel.currency)


def paid(session: Session, hotel: Hotel, reservation: Reservation) -> Money:
    """Return what was paid on the guest's own windows, less what was given back."""
    minor = session.scalar(
        sa.select(sa.func.coalesce(-sa.func.sum(Line.amount), 0))
        .join(Entry, sa.and_(Entry.hotel_id == Line.hotel_id, Entry.id == Line.entry_id))
        .where(
            Line.hotel_id == hotel.id,
            Line.account_id.in_(_own(session, reservation)),
            Entry.kind.in_(_PAID),
            ledger.standing(),
        )
    )
    return Money(int(minor or 0), hotel.currency)


def to_come(session: Session, hotel: Hotel, reservation: Reservation) -> Money:
    """Return what the nights that aren't charged yet will cost who is in the house.

    Nothing where a routing rule lets somebody else pay: what that leaves the audits will say.
    """
    none = Money.zero(hotel.currency)
    if reservation.state is not State.IN_HOUSE or reservation.folio_id is None:
        return none
    if folios.routing_rules(session, hotel.id, [reservation.folio_id]):
        return none
    bill = session.get_one(Folio, (hotel.id, reservation.folio_id))
    coming = billing.to_come(session, bill)
    return total((part.taxed.gross for _, part in coming), hotel.currency)


@place("/pay", "POST")
@of_a_stay
def pay() -> ResponseReturnValue:
    """Lead a guest to pay what their own window owes, by a request for that very amount."""
    my, form = mine(), Form()
    request = attempt(form, _ask, my.reservation, my.hotel, my.t.language)
    if request is None:
        return redirect(url_for("my_stay.folio"))
    return redirect(address_of(request))


def _ask(
    session: Session, reservation: Reservation, hotel: Hotel, language: str
) -> PaymentRequest | None:
    by = guest_of(session, hotel)
    for window in own_windows(session, reservation):
        request = web_payments.ask_for_bill(
            session, reservation, window=window.no, language=language, by=by
        )
        if request is not None:
            return request
    return None


def address_of(request: PaymentRequest) -> str:
    """Return where a request is paid."""
    return url_for("pay.pay", token=links.token("pay", request.hotel_id, request.id))


def asked_of(session: Session, reservation: Reservation) -> list[PaymentRequest]:
    """Return what this guest is asked for and can still do; what others pay is left out.

    So is what is asked for several rooms at once: that is for who booked them.
    """
    own = {window.no for window in own_windows(session, reservation)}
    return [
        each
        for each in web_payments.open_requests(session, reservation)
        if each.purpose is not Purpose.ROOMS and (each.folio_id is None or each.window in own)
    ]


def _own(session: Session, reservation: Reservation) -> list[int]:
    """Return the accounts of the windows that this very guest pays."""
    return [window.account_id for window in own_windows(session, reservation)]


def own_windows(session: Session, reservation: Reservation) -> list[FolioWindow]:
    """Return the windows that this very guest pays."""
    if reservation.folio_id is None:
        return []
    return list(
        session.scalars(
            sa.select(FolioWindow)
            .where(
                FolioWindow.hotel_id == reservation.hotel_id,
                FolioWindow.folio_id == reservation.folio_id,
                FolioWindow.payee_guest_id == reservation.guest_id,
            )
            .order_by(FolioWindow.no)
        )
    )


def _items(my: Mine, accounts: list[int]) -> list[Item]:
    """Return what stands on these accounts, in the order it came; reversed pairs are left out."""
    amount = sa.func.sum(Line.amount)
    rows = session().execute(
        sa.select(
            Entry.id,
            Entry.business_day,
            Entry.kind,
            Entry.text,
            Entry.service_night,
            Entry.rule,
            amount.label("amount"),
        )
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .where(Entry.hotel_id == my.hotel.id, Line.account_id.in_(accounts), ledger.standing())
        .group_by(
            Entry.id,
            Entry.business_day,
            Entry.kind,
            Entry.text,
            Entry.service_night,
            Entry.rule,
        )
        .having(amount != 0)
        .order_by(Entry.business_day.desc(), Entry.id.desc())
        .limit(MOST_LINES)
    )
    return [
        Item(row.business_day, _words(my.t, row), Money(int(row.amount), my.hotel.currency))
        for row in reversed(list(rows))
    ]


def _words(t: Speech, row: Any) -> str:
    """Say a line in the guest's language where there are words for it, else as it was posted."""
    if row.rule == ROOM and row.kind is Kind.CHARGE:
        return t.say("night_of", day=t.short_day(row.service_night))
    key = f"line_{row.kind.value}"
    return t.say(key) if t.knows(key) else t.name(row.text)


def _taxes(session: Session, my: Mine, accounts: list[int]) -> list[TaxShare]:
    amount = sa.func.sum(Line.amount)
    rows = session.execute(
        sa.select(Tax.name, amount)
        .join(Line, sa.and_(Line.hotel_id == Tax.hotel_id, Line.tax_id == Tax.id))
        .where(Tax.hotel_id == my.hotel.id, Line.account_id.in_(accounts))
        .group_by(Tax.name)
        .having(amount != 0)
        .order_by(Tax.name)
    )
    currency = my.hotel.currency
    return [TaxShare(my.t.name(name), Money(int(minor), currency)) for name, minor in rows]
