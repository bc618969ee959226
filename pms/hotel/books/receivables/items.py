"""Items: each entry of a company's account as it is entered, and what is open of it."""

from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.books import ledger
from pms.hotel.books.ledger import Account
from pms.hotel.books.receivables.tables import CityItem, Dispute, ItemKind
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel


def account_of(session: Session, hotel: Hotel, company: Company) -> int:
    """Return the company's city account, opened on first need."""
    wanted = ledger.Wanted(ledger.Ledger.CITY, f"city/{company.code}", f"Company {company.code}")
    return ledger.accounts(session, hotel, [wanted])[wanted.code]


def lock_account(session: Session, hotel: Hotel, company: Company) -> Account:
    """Return the company's city account, locked: its deeds go one after the other."""
    account_id = account_of(session, hotel, company)
    return lock(session, session.get_one(Account, (hotel.id, account_id)))


def lock_accounts(session: Session, hotel: Hotel, companies: Iterable[Company]) -> dict[int, int]:
    """Lock several companies' accounts, in one order; return each account by its company."""
    accounts = {company.id: account_of(session, hotel, company) for company in companies}
    for account_id in sorted(accounts.values()):
        lock(session, session.get_one(Account, (hotel.id, account_id)))
    return accounts


def company_of(session: Session, item: CityItem) -> Company:
    """Return whose account an item is on."""
    return session.get_one(Company, {"chain_id": item.chain_id, "id": item.company_id})


def locked(session: Session, item: CityItem) -> tuple[Hotel, Company, date]:
    """Hold the day, lock the account of an item, and read the item afresh."""
    hotel = session.get_one(Hotel, item.hotel_id)
    company = company_of(session, item)
    day = business_day.hold(session, hotel)
    lock_account(session, hotel, company)
    lock(session, item)
    return hotel, company, day


def enter(
    session: Session,
    hotel: Hotel,
    company: Company,
    *,
    entry_id: int,
    kind: ItemKind,
    amount: int,
    dated: date,
) -> CityItem:
    """Enter an entry of the company's account as an item, wholly open."""
    item = CityItem(
        hotel_id=hotel.id,
        id=entry_id,
        chain_id=hotel.chain_id,
        company_id=company.id,
        kind=kind,
        dated=dated,
        amount=amount,
        open=amount,
    )
    session.add(item)
    session.flush()
    return item


def of_entry(session: Session, hotel: Hotel, entry_id: int) -> CityItem | None:
    """Return the item that an entry is on an account."""
    return session.get(CityItem, {"hotel_id": hotel.id, "id": entry_id})


def in_dispute(session: Session, hotel: Hotel, item_ids: Collection[int]) -> dict[int, Dispute]:
    """Return the dispute that each of these items is in, if it is in one."""
    rows = session.scalars(
        sa.select(Dispute).where(
            Dispute.hotel_id == hotel.id,
            Dispute.item_id.in_(item_ids),
            Dispute.resolved_on.is_(None),
        )
    )
    return {dispute.item_id: dispute for dispute in rows}


def balance_of(session: Session, hotel: Hotel, company: Company) -> Money:
    """Return what a company owes the hotel."""
    stands = session.scalar(
        sa.select(Account.id).where(
            Account.hotel_id == hotel.id, Account.code == f"city/{company.code}"
        )
    )
    if stands is None:
        return Money.zero(hotel.currency)
    return Money(ledger.balances(session, hotel, [stands])[stands], hotel.currency)
