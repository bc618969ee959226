"""Opening and closing folios and their windows, and what stands on them."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers
from pms.base.db import insert_new, lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import ledger
from pms.hotel.books.folios.tables import (
    WINDOWS,
    Folio,
    FolioKind,
    FolioState,
    FolioWindow,
)
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day, logbook, numbers
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require

_WINDOWS = sa.select(FolioWindow.no, FolioWindow.account_id).where(
    FolioWindow.hotel_id == sa.bindparam("hotel"), FolioWindow.folio_id == sa.bindparam("folio")
)


class FolioClosed(Refusal):
    """A closed folio is left as it is."""

    def __init__(self, folio: Folio) -> None:
        super().__init__(f"Folio {folio.number} is closed. Reopen it first.", number=folio.number)


class FolioNotClosed(Refusal):
    """There is nothing to reopen."""

    def __init__(self, folio: Folio) -> None:
        super().__init__(f"Folio {folio.number} is open already.", number=folio.number)


class NoSuchWindow(Refusal):
    """The folio hasn't got that window."""

    status = 422

    def __init__(self, folio: Folio, no: int) -> None:
        super().__init__(
            f"Folio {folio.number} has no window {no}. Open it first.", field="window", no=no
        )


class WindowOpen(Refusal):
    """The window is there already."""

    def __init__(self, folio: Folio, no: int) -> None:
        super().__init__(f"Folio {folio.number} has a window {no} already.", field="no", no=no)


class NotSettled(Refusal):
    """A window owes, or is owed: +100 and -100 on two windows isn't settled."""

    def __init__(self, folio: Folio, window: int, balance: Money) -> None:
        super().__init__(
            f"Window {window} of folio {folio.number} stands at {balance.said}. "
            "Take payment, refund, or transfer it.",
            field="window",
            window=window,
        )


def open_folio(
    session: Session,
    hotel: Hotel,
    *,
    kind: FolioKind,
    name: str,
    payee_guest: Guest | None = None,
    payee_company: Company | None = None,
    credit_limit: Money | None = None,
    by: Staff,
) -> Folio:
    """Open a folio with its first window; refuses two payees for one window."""
    require(by, Permission.POST, hotel.id)
    card_numbers.refuse(name=name)
    day = business_day.hold(session, hotel)
    folio = Folio(
        hotel_id=hotel.id,
        id=new_id(),
        number=numbers.next_number(session, hotel, "folio"),
        kind=kind,
        name=name,
        opened_on=day,
        credit_limit=None if credit_limit is None else credit_limit.minor,
    )
    session.add(folio)
    session.flush()
    _add_window(session, hotel, folio, 1, guest=payee_guest, company=payee_company)
    logbook.record(session, "opened", folio, by=by, day=day, number=folio.number, kind=kind.value)
    return folio


def open_window(
    session: Session,
    folio: Folio,
    *,
    no: int,
    payee_guest: Guest | None = None,
    payee_company: Company | None = None,
    payee_name: str | None = None,
    address: str | None = None,
    by: Staff,
) -> FolioWindow:
    """Open another window of a folio, 2 to 8; refuses one that is there."""
    require(by, Permission.POST, folio.hotel_id)
    card_numbers.refuse(payee_name=payee_name, address=address)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, folio)
    refuse_closed(folio)
    if not 1 <= no <= WINDOWS:
        raise Invalid(f"A folio has windows 1 to {WINDOWS}.", field="no")
    if session.get(FolioWindow, (folio.hotel_id, folio.id, no)) is not None:
        raise WindowOpen(folio, no)
    window = _add_window(
        session,
        hotel,
        folio,
        no,
        guest=payee_guest,
        company=payee_company,
        payee_name=payee_name,
        address=address,
    )
    logbook.record(session, "opened window", folio, by=by, day=day, window=no)
    return window


def _add_window(
    session: Session,
    hotel: Hotel,
    folio: Folio,
    no: int,
    *,
    guest: Guest | None,
    company: Company | None,
    payee_name: str | None = None,
    address: str | None = None,
) -> FolioWindow:
    if guest is not None and company is not None:
        raise Invalid("A window has one payee, a guest or a company.", field="payee_company")
    account_id = new_id()
    insert_new(
        session,
        ledger.Account,
        [
            {
                "hotel_id": hotel.id,
                "id": account_id,
                "ledger": ledger.Ledger.GUEST,
                "code": f"guest/{folio.number}/{no}",
                "name": f"Folio {folio.number}, window {no}",
            }
        ],
    )
    window = FolioWindow(
        hotel_id=hotel.id,
        folio_id=folio.id,
        no=no,
        account_id=account_id,
        chain_id=hotel.chain_id,
        payee_guest_id=guest.id if guest else None,
        payee_company_id=company.id if company else None,
        payee_name=payee_name,
        address=address,
    )
    session.add(window)
    session.flush()
    return window


def close(session: Session, folio: Folio, *, by: Staff) -> Folio:
    """Close a folio; refuses unless each window is settled by itself."""
    require(by, Permission.POST, folio.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, folio.hotel_id))
    lock(session, folio)
    refuse_closed(folio)
    for no, balance in balance_of(session, folio).items():
        if balance:
            raise NotSettled(folio, no, balance)
    folio.state = FolioState.CLOSED
    folio.closed_on = day
    folio.version += 1
    session.flush()
    logbook.record(session, "closed", folio, by=by, day=day)
    return folio


def reopen(session: Session, folio: Folio, *, reason: str, by: Staff) -> Folio:
    """Open a closed folio again, for a late charge or a check-out undone."""
    require(by, Permission.POST, folio.hotel_id)
    refuse_no_reason(reason)
    day = business_day.hold(session, session.get_one(Hotel, folio.hotel_id))
    lock(session, folio)
    if folio.state is FolioState.OPEN:
        raise FolioNotClosed(folio)
    before = folio.closed_on
    folio.state = FolioState.OPEN
    folio.closed_on = None
    folio.version += 1
    session.flush()
    logbook.record(
        session, "reopened", folio, by=by, day=day, before={"closed_on": before}, why=reason
    )
    return folio


def balance_of(session: Session, folio: Folio) -> dict[int, Money]:
    """Return what stands on each window: above zero the payee owes, below he is owed."""
    hotel = session.get_one(Hotel, folio.hotel_id)
    accounts = window_accounts(session, folio)
    sums = ledger.balances(session, hotel, accounts.values())
    return {no: Money(sums[accounts[no]], hotel.currency) for no in sorted(accounts)}


def settled(session: Session, folio: Folio) -> bool:
    """Tell whether every window stands at zero by itself."""
    return not any(balance_of(session, folio).values())


def window_accounts(session: Session, folio: Folio) -> dict[int, int]:
    """Return the account of each window."""
    session.flush()
    which = {"hotel": folio.hotel_id, "folio": folio.id}
    return {row.no: row.account_id for row in session.connection().execute(_WINDOWS, which)}


def window_account(session: Session, folio: Folio, no: int) -> int:
    """Return the account of one window; refuses one that isn't there."""
    account_id = window_accounts(session, folio).get(no)
    if account_id is None:
        raise NoSuchWindow(folio, no)
    return account_id


def by_number(session: Session, hotel: Hotel, number: int) -> Folio | None:
    """Return the hotel's folio of that number."""
    return session.scalar(
        sa.select(Folio).where(Folio.hotel_id == hotel.id, Folio.number == number)
    )


def of_entry(session: Session, entry: ledger.Entry) -> list[Folio]:
    """Return the folios an entry stands on, in the order they are locked."""
    on = (
        sa.select(FolioWindow.folio_id)
        .join(
            ledger.Line,
            sa.and_(
                ledger.Line.hotel_id == FolioWindow.hotel_id,
                ledger.Line.account_id == FolioWindow.account_id,
            ),
        )
        .where(ledger.Line.hotel_id == entry.hotel_id, ledger.Line.entry_id == entry.id)
    )
    return list(
        session.scalars(
            sa.select(Folio)
            .where(Folio.hotel_id == entry.hotel_id, Folio.id.in_(on))
            .order_by(Folio.id)
        )
    )


def lock_open(session: Session, some: Iterable[Folio]) -> None:
    """Lock folios in one order and refuse a closed one."""
    folios: Sequence[Folio] = sorted(set(some), key=lambda folio: folio.id)
    for folio in folios:
        lock(session, folio)
        refuse_closed(folio)


def refuse_closed(folio: Folio) -> None:
    """Refuse a folio that is closed."""
    if folio.state is FolioState.CLOSED:
        raise FolioClosed(folio)


def refuse_no_reason(reason: str) -> None:
    """Refuse a deed that wants a reason and got none, or a card's number for one."""
    if not reason.strip():
        raise Invalid("Say why.", field="reason")
    card_numbers.refuse(reason=reason)
