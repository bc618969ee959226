"""Bills: folios as machines ask for them and read them."""

from datetime import date
from typing import Annotated

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.orm import aliased
from typing_extensions import TypedDict

from pms.api.cursors import AnyRow, AnySelect, Paged
from pms.api.shapes import Amount, AmountAsked, Body, Day, Line, Slip, Word, amount
from pms.base.money import total
from pms.hotel.books import folios
from pms.hotel.books.folios import WINDOWS, Folio, FolioKind, FolioState, FolioWindow
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.ledger import Line as EntryLine
from pms.hotel.books.payments import CardSlip, Method
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays.desk_charges import MOST_PERSONS, Tonight
from pms.hotel.stays.who_pays import WhoPays
from pms.web.database import session

WindowNo = Annotated[int, Field(ge=1, le=WINDOWS)]


class FoliosAsked(Paged):
    """Which folios."""

    state: FolioState | None = None
    kind: FolioKind | None = None


class ChargeAsked(Body):
    """What to put on a folio: `amount` is for each one; without it, the code's usual price.

    Without a `window` the folio's routing says which. Where a tax of the code is by night, the
    quantity is nights (of a stay one at a time, `night` or tonight); where one is by head,
    `persons` bear it, else who sleeps there that night. What the audit will charge too is refused
    until `tonight` says whether it is that very charge, made now, or one on top.
    """

    charge_code: Word
    amount: AmountAsked | None = None
    quantity: Annotated[int, Field(ge=1, le=10_000)] = 1
    persons: Annotated[int, Field(ge=1, le=MOST_PERSONS)] | None = None
    night: Day | None = None
    tonight: Tonight | None = None
    window: WindowNo | None = None
    reference: Line | None = None


class SlipAsked(Body):
    """What the card terminal printed; never the card's number."""

    brand: Slip
    last_four: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    authorisation: Slip
    terminal: Slip
    batch: Slip

    def slip(self) -> CardSlip:
        """Return it as the books keep it."""
        return CardSlip(**self.model_dump())


class PaymentAsked(Body):
    """Money taken; a card leaves its terminal's slip, cash may be `tendered` in foreign notes."""

    amount: AmountAsked
    method: Annotated[Method, Field(strict=False)]
    window: WindowNo = 1
    card: SlipAsked | None = None
    tendered: AmountAsked | None = None
    reference: Line | None = None


class FolioAsked(Body):
    """Nothing is asked but the folio itself."""


class FolioBrief(TypedDict):
    """A folio as it stands in a list."""

    id: str
    number: str
    kind: FolioKind
    name: str
    state: FolioState
    opened_on: date
    closed_on: date | None


class WindowRead(TypedDict):
    """A window: above zero its payee owes, below zero he is owed."""

    window: int
    balance: Amount


class FolioRead(FolioBrief):
    """A folio and how it stands."""

    windows: list[WindowRead]
    balance: Amount


class Folios(TypedDict):
    """A page of folios; `next_cursor` asks for the next one."""

    folios: list[FolioBrief]
    next_cursor: str | None


class EntryRead(TypedDict):
    """What an entry puts on one window."""

    entry_id: str
    window: int
    day: date
    kind: Kind
    text: str
    reference: str | None
    service_night: date | None
    amount: Amount
    reversed: bool


class Entries(TypedDict):
    """A page of a folio's entries, in the order they were posted."""

    entries: list[EntryRead]
    next_cursor: str | None


class ShareRead(TypedDict):
    """What one window will pay of one charge, and what of it is tax."""

    night: date
    text: str
    folio: str
    window: int
    payer: str
    amount: Amount
    tax: Amount


class WhoPaysRead(TypedDict):
    """Who will pay what until departure, as the night audits will post it."""

    shares: list[ShareRead]
    nights_left_out: int


class Charged(TypedDict):
    """A charge, and how the folio stands with it."""

    entry_id: str
    folio: FolioRead


class Paid(TypedDict):
    """A payment, and how the folio stands with it."""

    payment_id: str
    entry_id: str
    amount: Amount
    folio: FolioRead


def brief(row: Folio | AnyRow) -> FolioBrief:
    """Return a folio as machines read it in a list."""
    return {
        "id": str(row.id),
        "number": str(row.number),
        "kind": row.kind,
        "name": row.name,
        "state": row.state,
        "opened_on": row.opened_on,
        "closed_on": row.closed_on,
    }


def shares(bill: WhoPays) -> WhoPaysRead:
    """Return who will pay what as machines read it."""
    return {
        "shares": [
            {
                "night": share.night,
                "text": share.text,
                "folio": str(share.payer.folio),
                "window": share.payer.window,
                "payer": share.payer.name,
                "amount": amount(share.amount.minor, bill.currency),
                "tax": amount(share.tax.minor, bill.currency),
            }
            for share in bill.shares
        ],
        "nights_left_out": bill.nights_left_out,
    }


def read(hotel: Hotel, folio: Folio) -> FolioRead:
    """Return a folio and how it stands."""
    balances = folios.balance_of(session(), folio)
    owed = total(balances.values(), hotel.currency)
    return {
        **brief(folio),
        "windows": [
            {"window": no, "balance": amount(balance.minor, hotel.currency)}
            for no, balance in balances.items()
        ],
        "balance": amount(owed.minor, hotel.currency),
    }


def entries(hotel: Hotel, folio: Folio) -> AnySelect:
    """Return the query of what each entry puts on each window of a folio."""
    undoing = aliased(Entry)
    told = (
        Entry.id,
        FolioWindow.no,
        Entry.business_day,
        Entry.kind,
        Entry.text,
        Entry.reference,
        Entry.service_night,
        undoing.id,
    )
    return (
        sa.select(
            Entry.id,
            FolioWindow.no,
            Entry.business_day,
            Entry.kind,
            Entry.text,
            Entry.reference,
            Entry.service_night,
            sa.func.sum(EntryLine.amount).label("amount"),
            undoing.id.label("undone"),
        )
        .join(
            EntryLine,
            sa.and_(
                EntryLine.hotel_id == FolioWindow.hotel_id,
                EntryLine.account_id == FolioWindow.account_id,
            ),
        )
        .join(Entry, sa.and_(Entry.hotel_id == EntryLine.hotel_id, Entry.id == EntryLine.entry_id))
        .outerjoin(
            undoing, sa.and_(undoing.hotel_id == Entry.hotel_id, undoing.reverses_id == Entry.id)
        )
        .where(FolioWindow.hotel_id == hotel.id, FolioWindow.folio_id == folio.id)
        .group_by(*told)
        .order_by(Entry.id, FolioWindow.no)
    )


def entry(hotel: Hotel, row: AnyRow) -> EntryRead:
    """Return a row of `entries` as machines read it."""
    return {
        "entry_id": str(row.id),
        "window": row.no,
        "day": row.business_day,
        "kind": row.kind,
        "text": row.text,
        "reference": row.reference,
        "service_night": row.service_night,
        "amount": amount(int(row.amount), hotel.currency),
        "reversed": row.undone is not None,
    }
