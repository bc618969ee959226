"""Folios: bills read, charged and paid by machines, such as a restaurant's till."""

import sqlalchemy as sa

from pms.api import bills, reservations
from pms.api.bills import (
    ChargeAsked,
    Charged,
    Entries,
    FolioAsked,
    FolioRead,
    Folios,
    FoliosAsked,
    Paid,
    PaymentAsked,
    WhoPaysRead,
)
from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import Paged, after, behind, page
from pms.api.door import opens
from pms.api.problems import NotHere, UnknownCode
from pms.api.shapes import amount, id_of
from pms.base.refusal import Invalid
from pms.hotel.books import payments
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Entry
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.hotel.stays import allowances, billing, desk_charges, settlements, who_pays
from pms.hotel.tariff import charges
from pms.web.database import session

_FOLIO = "/hotels/<code>/folios/<folio_id>"


@look("/hotels/<code>/folios", asks=FoliosAsked, answers=Folios)
@opens(Scope.FOLIOS)
def folio_list(hotel: Hotel, asked: FoliosAsked) -> Folios:
    """List folios in the order they were opened."""
    query = (
        sa.select(
            Folio.id,
            Folio.number,
            Folio.kind,
            Folio.name,
            Folio.state,
            Folio.opened_on,
            Folio.closed_on,
        )
        .where(Folio.hotel_id == hotel.id)
        .order_by(Folio.id)
        .limit(asked.limit + 1)
    )
    if asked.state is not None:
        query = query.where(Folio.state == asked.state)
    if asked.kind is not None:
        query = query.where(Folio.kind == asked.kind)
    reached = after(asked.cursor, int)
    if reached is not None:
        query = query.where(behind((Folio.id,), reached))
    rows, cursor = page(session().execute(query).all(), asked.limit, "id")
    return {"folios": [bills.brief(row) for row in rows], "next_cursor": cursor}


@look(_FOLIO, answers=FolioRead)
@opens(Scope.FOLIOS)
def folio(hotel: Hotel, folio_id: str) -> FolioRead:
    """Read a folio and what stands on each of its windows."""
    return bills.read(hotel, find(hotel, folio_id))


@look(f"{_FOLIO}/entries", asks=Paged, answers=Entries)
@opens(Scope.FOLIOS)
def entry_list(hotel: Hotel, asked: Paged, folio_id: str) -> Entries:
    """List what was posted on a folio, in the order it was."""
    query = bills.entries(hotel, find(hotel, folio_id)).limit(asked.limit + 1)
    reached = after(asked.cursor, int, int)
    if reached is not None:
        query = query.where(behind((Entry.id, FolioWindow.no), reached))
    rows, cursor = page(session().execute(query).all(), asked.limit, "id", "no")
    return {"entries": [bills.entry(hotel, row) for row in rows], "next_cursor": cursor}


@look(f"{_FOLIO}/who-pays", answers=WhoPaysRead)
@opens(Scope.FOLIOS)
def who_pays_list(hotel: Hotel, folio_id: str) -> WhoPaysRead:
    """Say who will pay what of the rest of the stay behind a folio; nothing where none is."""
    party = billing.party_of(session(), find(hotel, folio_id))
    if party is None:
        return {"shares": [], "nights_left_out": 0}
    return bills.shares(who_pays.who_pays(session(), party))


@deed("/hotels/<code>/reservations/<reservation_id>/folio", asks=FolioAsked, answers=FolioRead)
@opens(Scope.FOLIOS)
def folio_of_reservation(
    hotel: Hotel, _asked: FolioAsked, *, by: Staff, reservation_id: str
) -> FolioRead:
    """Give a reservation's own folio, opened on first need."""
    found = reservations.find(hotel, reservation_id)
    return bills.read(hotel, settlements.folio_of(session(), found, by=by))


@deed(f"{_FOLIO}/charges", asks=ChargeAsked, answers=Charged, status=201)
@opens(Scope.FOLIOS)
def charge(hotel: Hotel, asked: ChargeAsked, *, by: Staff, folio_id: str) -> Made:
    """Put something on a folio, with the taxes of its charge code."""
    found = find(hotel, folio_id)
    code = charges.by_code(session(), hotel, asked.charge_code)
    if code is None or not code.active:
        raise UnknownCode("charge_code", asked.charge_code)
    each = asked.amount.money("amount") if asked.amount else None
    entry = desk_charges.charge(
        session(),
        found,
        code=code,
        amount=each,
        quantity=asked.quantity,
        persons=asked.persons,
        night=asked.night,
        tonight=asked.tonight,
        reference=asked.reference,
        window=asked.window,
        by=by,
    )
    allowances.absorb(session(), found, entry)
    return Made(
        {"entry_id": str(entry.id), "folio": bills.read(hotel, found)}, _where(hotel, found)
    )


@deed(f"{_FOLIO}/payments", asks=PaymentAsked, answers=Paid, status=201)
@opens(Scope.FOLIOS)
def pay(hotel: Hotel, asked: PaymentAsked, *, by: Staff, folio_id: str) -> Made:
    """Take money for a window of a folio."""
    found = find(hotel, folio_id)
    money = asked.amount.money("amount")
    if money.currency != hotel.currency:
        raise Invalid(f"{hotel.name} counts in {hotel.currency}.", field="amount")
    payment = payments.pay(
        session(),
        found,
        window=asked.window,
        amount=money,
        method=asked.method,
        card=asked.card.slip() if asked.card else None,
        tendered=asked.tendered.money("tendered") if asked.tendered else None,
        reference=asked.reference,
        by=by,
    )
    paid: Paid = {
        "payment_id": str(payment.id),
        "entry_id": str(payment.entry_id),
        "amount": amount(payment.amount, hotel.currency),
        "folio": bills.read(hotel, found),
    }
    return Made(paid, _where(hotel, found))


def find(hotel: Hotel, folio_id: str) -> Folio:
    """Return a folio of this hotel; refuses a stranger's id."""
    number = id_of(folio_id)
    found = number and session().get(Folio, {"hotel_id": hotel.id, "id": number})
    if not found:
        raise NotHere("folio")
    return found


def _where(hotel: Hotel, folio: Folio) -> str:
    return f"{PREFIX}/hotels/{hotel.code}/folios/{folio.id}"
