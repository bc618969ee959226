"""Billing: what a stay's papers say of it, to whom they may go, and what is still to come."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.books import folios, papers
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Account, Kind
from pms.hotel.books.papers import About, freezing
from pms.hotel.books.papers.freezing import Data
from pms.hotel.books.papers.reading import Posting, TaxShare
from pms.hotel.books.payments import Payment
from pms.hotel.guests.companies import Company
from pms.hotel.guests.guests import Guest
from pms.hotel.house import letterheads
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import given_before, stays, who_pays
from pms.hotel.stays.given_before import Choice
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.tariff.taxes import Tax, TaxedAmount, TaxKind

_STILL_TO_COME = frozenset({State.BOOKED, State.IN_HOUSE})


def about(session: Session, folio: Folio, *, window: int) -> About:
    """Return what a folio's papers say of the stay behind it, if there is one."""
    party = party_of(session, folio)
    if party is None:
        return About(folio=folio.number, window=window)
    return _of_party(session, party, folio=folio.number, window=window)


def about_payment(session: Session, payment: Payment) -> About:
    """Return what a payment's papers say of whose it was."""
    folio = folio_paid(session, payment)
    if folio is not None:
        return about(session, folio[0], window=folio[1])
    party = party_paid(session, payment)
    return About() if party is None else _of_party(session, party)


def choices(session: Session, hotel: Hotel, folio: Folio, *, window: int) -> list[Choice]:
    """Return to whom a window's papers may go: its payee first, the guest, the companies.

    Somebody else is typed.
    """
    of_window = session.get_one(FolioWindow, (hotel.id, folio.id, window))
    party = party_of(session, folio)
    people = [_guest(session, hotel, of_window.payee_guest_id), party.guest if party else None]
    firms = [
        _company(session, hotel, of_window.payee_company_id),
        _company(session, hotel, party.company_id if party else None),
    ]
    found = _as_choices(session, hotel, people, firms)
    if of_window.payee_company_id is not None:
        found.sort(key=lambda choice: not choice.to.is_company)
    return found if party is None else given_before.with_addresses(session, party, found)


def choices_for_payment(session: Session, hotel: Hotel, payment: Payment) -> list[Choice]:
    """Return to whom a payment's paper may go."""
    folio = folio_paid(session, payment)
    if folio is not None:
        return choices(session, hotel, folio[0], window=folio[1])
    party = party_paid(session, payment)
    if party is None:
        return []
    firm = _company(session, hotel, party.company_id)
    found = _as_choices(session, hotel, [party.guest], [firm])
    return given_before.with_addresses(session, party, found, first=True)


def expected(session: Session, folio: Folio, *, window: int = 1) -> list[Data]:
    """Return what the stay behind a folio will still put on a window, as lines for a pro forma.

    Each charge has a line of its own, as the audits will post it: what others pay by routing isn't
    on it.
    """
    party = party_of(session, folio)
    if party is None or party.state not in _STILL_TO_COME:
        return []
    account_id = folios.window_account(session, folio, window)
    known = session.scalars(sa.select(Tax).where(Tax.hotel_id == folio.hotel_id))
    taxes = {tax.code: tax for tax in known}
    return [
        freezing.line_of(0, _posting(each.night, each.text, each.taxed, taxes))
        for each in who_pays.to_come(session, party, account_id)
        if each.taxed.gross
    ]


def party_of(session: Session, folio: Folio) -> Reservation | None:
    """Return the reservation a folio is for."""
    return session.scalar(
        sa.select(Reservation)
        .where(Reservation.hotel_id == folio.hotel_id, Reservation.folio_id == folio.id)
        .limit(1)
    )


def folio_paid(session: Session, payment: Payment) -> tuple[Folio, int] | None:
    """Return the folio and window that a payment was taken for."""
    row = session.execute(
        sa.select(Folio, FolioWindow.no)
        .join(
            FolioWindow,
            sa.and_(FolioWindow.hotel_id == Folio.hotel_id, FolioWindow.folio_id == Folio.id),
        )
        .where(
            FolioWindow.hotel_id == payment.hotel_id, FolioWindow.account_id == payment.account_id
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def party_paid(session: Session, payment: Payment) -> Reservation | None:
    """Return the reservation that a deposit was taken for."""
    code = session.scalar(
        sa.select(Account.code).where(
            Account.hotel_id == payment.hotel_id, Account.id == payment.account_id
        )
    )
    kind, _, number = (code or "").partition("/")
    if kind != Kind.DEPOSIT.value or not number.isdecimal():
        return None
    return session.scalar(
        sa.select(Reservation).where(
            Reservation.hotel_id == payment.hotel_id, Reservation.number == int(number)
        )
    )


def _of_party(
    session: Session,
    party: Reservation,
    *,
    folio: int | None = None,
    window: int | None = None,
) -> About:
    stay = stays.of(session, party)
    return About(
        folio=folio,
        window=window,
        booking=str(party.number),
        guest=party.guest.name,
        room=stay.room.number if stay else "",
        arrival=party.arrival,
        departure=party.departure,
    )


def _as_choices(
    session: Session, hotel: Hotel, people: Iterable[Guest | None], firms: Iterable[Company | None]
) -> list[Choice]:
    otherwise = letterheads.of(session, hotel).language
    found = {}
    for guest in people:
        if guest is not None:
            language = letterheads.of_guest(guest.language, guest.country, otherwise=otherwise)
            found[f"guest-{guest.id}"] = papers.of_guest(guest, language=language)
    for firm in firms:
        if firm is not None:
            found[f"company-{firm.id}"] = papers.of_company(
                firm, language=firm.language or otherwise
            )
    return [Choice(key, to) for key, to in found.items()]


def _guest(session: Session, hotel: Hotel, guest_id: int | None) -> Guest | None:
    return session.get(Guest, (hotel.chain_id, guest_id)) if guest_id is not None else None


def _company(session: Session, hotel: Hotel, company_id: int | None) -> Company | None:
    return session.get(Company, (hotel.chain_id, company_id)) if company_id is not None else None


def _posting(night: date, text: str, taxed: TaxedAmount, taxes: dict[str, Tax]) -> Posting:
    posting = Posting(0, night, Kind.CHARGE, text, None, net=taxed.net.minor)
    for line in taxed.taxes:
        rule, tax = line.rule, taxes[line.rule.code]
        is_vat = rule.kind is TaxKind.PERCENT and not tax.levy
        rate = rule.rate if is_vat else None
        share = TaxShare(rule.code, tax.name, rate, line.base.minor, line.amount.minor)
        (posting.vat if is_vat else posting.levies).append(share)
    return posting
