"""Credit watched: companies that what is routed to them would put over their credit limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books.folios import Folio, FolioWindow, RoutingRule
from pms.hotel.books.ledger import Account, Line
from pms.hotel.guests.companies import Company
from pms.hotel.guests.credit_limits import CompanyCredit, limit_of
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations.promise import Reservation
from pms.hotel.stays.who_pays import WhoPays, who_pays


@dataclass(frozen=True, slots=True)
class Standing:
    """How a company stands at this hotel, and its part of one stay: posted and still to come."""

    company_id: int
    name: str
    limit: Money
    owes: Money
    part: Money

    @property
    def over(self) -> Money:
        """What it would owe over its limit; nothing or below zero, it wouldn't."""
        return self.owes + self.part - self.limit


def exceeding(
    session: Session, folio: Folio, reservation: Reservation | None, bill: WhoPays | None = None
) -> list[Standing]:
    """Return the companies that a bill would put over their limit here; refuses nothing.

    What stands in their windows of it counts, and what `bill` says is to come: it is reckoned, if
    it isn't given, only where a company with a limit pays. Else it is one question.
    """
    hotel = session.get_one(Hotel, folio.hotel_id)
    return _exceeding(session, hotel, folio.id, reservation, bill)


def _exceeding(
    session: Session,
    hotel: Hotel,
    folio_id: int | None,
    reservation: Reservation | None,
    bill: WhoPays | None,
) -> list[Standing]:
    found = _standing(session, hotel, folio_id, {} if bill is None else _to_come(bill))
    if found and bill is None and reservation is not None:
        to_come = _to_come(who_pays(session, reservation))
        found = _standing(session, hotel, folio_id, to_come)
    return [each for each in found if each.part.minor > 0 and each.over.minor > 0]


def at_check_in(session: Session, reservation: Reservation, *, by: Staff) -> list[Standing]:
    """Return whom a stay will put over their limit, asked in the transaction that checks it in.

    A party that has no bill yet is reckoned as if it had, by what was agreed with its company.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    bill: WhoPays | None = None
    if reservation.folio_id is None:
        company_id = reservation.company_id
        if company_id is None or limit_of(session, hotel, company_id) is None:
            return []
        opens = partial(settlements.folio_of, session, reservation, by=by)
        bill = who_pays(session, reservation, first=opens)
    return _exceeding(session, hotel, reservation.folio_id, reservation, bill)


def _to_come(bill: WhoPays) -> dict[int, Money]:
    """Return what companies will pay of the rest of a stay."""
    found: dict[int, Money] = {}
    for share in bill.shares:
        company_id = share.payer.company_id
        if company_id is not None:
            found[company_id] = found.get(company_id, Money.zero(bill.currency)) + share.amount
    return found


def _standing(
    session: Session, hotel: Hotel, folio_id: int | None, to_come: Mapping[int, Money]
) -> list[Standing]:
    """Return how the companies with a limit stand that pay of a bill, by name: one question."""
    rows = session.execute(
        sa.select(
            Company.id,
            Company.name,
            CompanyCredit.most,
            _on_account(hotel).label("owes"),
            _in_windows(hotel, folio_id).label("stands"),
        )
        .join(
            CompanyCredit,
            sa.and_(
                CompanyCredit.chain_id == Company.chain_id, CompanyCredit.company_id == Company.id
            ),
        )
        .where(
            CompanyCredit.hotel_id == hotel.id,
            CompanyCredit.most.is_not(None),
            sa.or_(Company.id.in_(list(to_come)), Company.id.in_(_payees(hotel, folio_id))),
        )
        .order_by(Company.name)
    )
    nothing = Money.zero(hotel.currency)
    return [
        Standing(
            row.id,
            row.name,
            Money(row.most, hotel.currency),
            Money(int(row.owes), hotel.currency),
            Money(int(row.stands), hotel.currency) + to_come.get(row.id, nothing),
        )
        for row in rows
    ]


def _on_account(hotel: Hotel) -> sa.ScalarSelect[int]:
    """Ask what a `Company` of the query owes on its account in the city ledger."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(Line.amount), 0))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .where(Account.hotel_id == hotel.id, Account.code == "city/" + Company.code)
        .correlate(Company)
        .scalar_subquery()
    )


def _in_windows(hotel: Hotel, folio_id: int | None) -> sa.ScalarSelect[int]:
    """Ask what stands in the windows of a bill that a `Company` of the query pays."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(Line.amount), 0))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .where(
            FolioWindow.hotel_id == hotel.id,
            FolioWindow.folio_id == folio_id,
            FolioWindow.payee_company_id == Company.id,
        )
        .correlate(Company)
        .scalar_subquery()
    )


def _payees(hotel: Hotel, folio_id: int | None) -> sa.Select[int | None]:
    """Return the companies that pay windows of a bill, or windows that its rules lead to."""
    leads_there = sa.exists().where(
        RoutingRule.hotel_id == FolioWindow.hotel_id,
        RoutingRule.folio_id == folio_id,
        RoutingRule.to_folio_id == FolioWindow.folio_id,
        RoutingRule.to_window == FolioWindow.no,
        RoutingRule.ended_on.is_(None),
    )
    return sa.select(FolioWindow.payee_company_id).where(
        FolioWindow.hotel_id == hotel.id,
        FolioWindow.payee_company_id.is_not(None),
        sa.or_(FolioWindow.folio_id == folio_id, leads_there),
    )
