"""Accounts: what companies owe, read by accounting systems, and the payments they saw arrive."""

from datetime import date
from typing import Literal

import sqlalchemy as sa
from pydantic import Field
from typing_extensions import TypedDict

from pms.api.calls import PREFIX, Made, deed, look
from pms.api.cursors import Paged, after, behind, page
from pms.api.door import opens
from pms.api.problems import NotHere, UnknownCode
from pms.api.shapes import Amount, AmountAsked, Body, Line, Word, amount, id_of
from pms.base.refusal import Invalid
from pms.hotel.books import receivables
from pms.hotel.books.payments import Method
from pms.hotel.books.receivables import Aged, CityItem, ItemKind, reading
from pms.hotel.guests import companies, credit_limits
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.web.database import session

_ACCOUNT = "/hotels/<code>/accounts/<account>"


class ItemsAsked(Paged):
    """Which items of an account: what is open, or all of them."""

    show: Literal["open", "all"] = "open"


class PartAsked(Body):
    """How much of a payment goes to an item."""

    item_id: Word
    amount: AmountAsked


class CityPaymentAsked(Body):
    """Money of a company: set against the `items` named, or `oldest_first`, or left on account.

    Cash may be `tendered` in foreign notes.
    """

    amount: AmountAsked
    method: Literal["transfer", "cash"] = "transfer"
    tendered: AmountAsked | None = None
    reference: Line | None = None
    oldest_first: bool = False
    items: list[PartAsked] = Field(default_factory=list, max_length=200)


class MoveAsked(Body):
    """To which company's account an item moves, by the company's code, and why."""

    to: Word
    reason: Line


class MoveBackAsked(Body):
    """Why a move is taken back."""

    reason: Line


class AgeingRead(TypedDict):
    """What is owed and not in dispute, by the days since it was billed."""

    current: Amount
    days_30: Amount
    days_60: Amount
    days_90: Amount
    days_120: Amount


class AccountRead(TypedDict):
    """A company's account: `unallocated` is in its favour, `balance` what it owes in all."""

    account: str
    name: str
    direct_bill: bool
    credit_limit: Amount | None
    balance: Amount
    ageing: AgeingRead
    disputed: Amount
    unallocated: Amount


class ItemRead(TypedDict):
    """An entry of an account, above zero what the company owes, and what is open of it."""

    id: str
    kind: ItemKind
    dated: date
    text: str
    reference: str | None
    invoice: str | None
    folio_id: str | None
    amount: Amount
    open: Amount
    disputed: bool


class Items(TypedDict):
    """A page of an account's items, in the order they were entered."""

    items: list[ItemRead]
    next_cursor: str | None


class Moved(TypedDict):
    """An item as it stands on the account it moved to (or back to), and that account with it."""

    item: ItemRead
    account: AccountRead


class CityPaid(TypedDict):
    """A payment, its item on the account, and how the account stands with it."""

    payment_id: str
    item: ItemRead
    account: AccountRead


@look(_ACCOUNT, answers=AccountRead)
@opens(Scope.ACCOUNTS)
def read_account(hotel: Hotel, account: str) -> AccountRead:
    """Read a company's account by the company's code."""
    return _read(hotel, _find(hotel, account))


@look(f"{_ACCOUNT}/items", asks=ItemsAsked, answers=Items)
@opens(Scope.ACCOUNTS)
def item_list(hotel: Hotel, asked: ItemsAsked, account: str) -> Items:
    """List an account's items in the order they were entered."""
    found = _find(hotel, account)
    query = (
        sa.select(CityItem.id)
        .where(CityItem.hotel_id == hotel.id, CityItem.company_id == found.id)
        .order_by(CityItem.id)
        .limit(asked.limit + 1)
    )
    if asked.show == "open":
        query = query.where(CityItem.open != 0)
    reached = after(asked.cursor, int)
    if reached is not None:
        query = query.where(behind((CityItem.id,), reached))
    rows, cursor = page(session().execute(query).all(), asked.limit, "id")
    shown = reading.by_id(session(), hotel, [row.id for row in rows])
    return {"items": [_item(hotel, shown[row.id]) for row in rows], "next_cursor": cursor}


@deed(f"{_ACCOUNT}/payments", asks=CityPaymentAsked, answers=CityPaid, status=201)
@opens(Scope.ACCOUNTS)
def pay_account(hotel: Hotel, asked: CityPaymentAsked, *, by: Staff, account: str) -> Made:
    """Record a company's payment, and say what it is for."""
    found = _find(hotel, account)
    if asked.items and asked.oldest_first:
        raise Invalid("Name the items, or say oldest_first, not both.", field="items")
    parts = {_item_id(each.item_id): each.amount.money("items") for each in asked.items}
    if len(parts) < len(asked.items):
        raise Invalid("Name each item once, with all that goes to it.", field="items")
    paid = receivables.pay_city(
        session(),
        hotel,
        found,
        amount=asked.amount.money("amount"),
        method=Method(asked.method),
        tendered=asked.tendered.money("tendered") if asked.tendered else None,
        reference=asked.reference,
        oldest_first=asked.oldest_first,
        by=by,
    )
    item = session().get_one(CityItem, (hotel.id, paid.entry_id))
    if parts:
        receivables.allocate(session(), item, to=parts, by=by)
    body: CityPaid = {
        "payment_id": str(paid.id),
        "item": _item(hotel, reading.by_id(session(), hotel, [item.id])[item.id]),
        "account": _read(hotel, found),
    }
    return Made(body, f"{PREFIX}/hotels/{hotel.code}/accounts/{found.code}")


@deed(f"{_ACCOUNT}/items/<item>/move", asks=MoveAsked, answers=Moved)
@opens(Scope.ACCOUNT_KEEPING)
def move_item(hotel: Hotel, asked: MoveAsked, *, by: Staff, account: str, item: str) -> Moved:
    """Move what is open of an item to another company's account."""
    found = _find_item(hotel, account, item)
    to = companies.by_code(session(), hotel, asked.to)
    if to is None:
        raise UnknownCode("to", asked.to)
    return _moved(hotel, receivables.move_to(session(), found, to=to, reason=asked.reason, by=by))


@deed(f"{_ACCOUNT}/items/<item>/move-back", asks=MoveBackAsked, answers=Moved)
@opens(Scope.ACCOUNT_KEEPING)
def move_item_back(
    hotel: Hotel, asked: MoveBackAsked, *, by: Staff, account: str, item: str
) -> Moved:
    """Take a move back, while nothing is paid or credited of the item where it moved to.

    Answers the item that was moved, open again, and the account it stands on.
    """
    found = _find_item(hotel, account, item)
    return _moved(hotel, receivables.undo_move(session(), found, reason=asked.reason, by=by))


def _moved(hotel: Hotel, item: CityItem) -> Moved:
    return {
        "item": _item(hotel, reading.by_id(session(), hotel, [item.id])[item.id]),
        "account": _read(hotel, receivables.company_of(session(), item)),
    }


def _find_item(hotel: Hotel, account: str, item: str) -> CityItem:
    found = receivables.of_entry(session(), hotel, id_of(item) or 0)
    if found is None or found.company_id != _find(hotel, account).id:
        raise NotHere("item")
    return found


def _find(hotel: Hotel, account: str) -> Company:
    found = companies.by_code(session(), hotel, account)
    if found is None:
        raise NotHere("account")
    return found


def _item_id(text: str) -> int:
    number = id_of(text)
    if number is None:
        raise UnknownCode("item_id", text)
    return number


def _read(hotel: Hotel, company: Company) -> AccountRead:
    def said(minor: int) -> Amount:
        return amount(minor, hotel.currency)

    nothing = Aged(company.id, company.code, company.name, (0,) * 5, 0, 0)
    [aged] = receivables.aged(session(), hotel, hotel.business_date, company=company) or [nothing]
    current, days_30, days_60, days_90, days_120 = map(said, aged.columns)
    limit = credit_limits.limit_of(session(), hotel, company.id)
    return {
        "account": company.code,
        "name": company.name,
        "direct_bill": company.direct_bill,
        "credit_limit": None if limit is None else said(limit.minor),
        "balance": said(aged.balance),
        "ageing": {
            "current": current,
            "days_30": days_30,
            "days_60": days_60,
            "days_90": days_90,
            "days_120": days_120,
        },
        "disputed": said(aged.disputed),
        "unallocated": said(aged.unallocated),
    }


def _item(hotel: Hotel, shown: reading.Shown) -> ItemRead:
    item = shown.item
    return {
        "id": str(item.id),
        "kind": item.kind,
        "dated": item.dated,
        "text": shown.text,
        "reference": shown.reference,
        "invoice": shown.paper[1] if shown.paper else None,
        "folio_id": str(shown.folio_id) if shown.folio_id else None,
        "amount": amount(item.amount, hotel.currency),
        "open": amount(item.open, hotel.currency),
        "disputed": shown.dispute is not None,
    }
