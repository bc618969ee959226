"""Who pays: what the rest of a stay will put on which bill, reckoned as the audits will post it.

It shares their questions (what is due), their reckoning (taxes, routing, limits, what goes back)
and none of their writing; a property test holds it to what they post.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.money import Money, total
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio, FolioWindow, Part
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import night_charges, tax_refunds
from pms.hotel.stays.night_charges import Charge, Due
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.tax_refunds import Borne
from pms.hotel.tariff.taxes import TaxedAmount

MOST_NIGHTS = 92
_STILL_TO_COME = frozenset({State.BOOKED, State.IN_HOUSE})


@dataclass(frozen=True, slots=True, order=True)
class Payer:
    """A window that pays, on the stay's own folio or elsewhere, and the company whose it is."""

    is_elsewhere: bool
    folio: int
    window: int
    name: str
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What one window pays of one charge, and what of it is tax."""

    night: date
    text: str
    payer: Payer
    amount: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class WhoPays:
    """Who pays what on which night of the rest of a stay; `nights_left_out` are too far off."""

    shares: tuple[Share, ...]
    currency: str
    nights_left_out: int = 0

    @property
    def payers(self) -> list[Payer]:
        """Everybody who pays something: the stay's own windows first."""
        return sorted({share.payer for share in self.shares})

    @property
    def rows(self) -> list[tuple[date, str, dict[Payer, Money]]]:
        """What each charge of each night comes to for each payer, in the order of posting."""
        found: dict[tuple[date, str], dict[Payer, Money]] = {}
        for share in self.shares:
            row = found.setdefault((share.night, share.text), {})
            row[share.payer] = row.get(share.payer, Money.zero(self.currency)) + share.amount
        return [(night, text, row) for (night, text), row in found.items()]

    def of(self, payer: Payer, night: date | None = None) -> Money:
        """Return what a payer pays, of one night or of all."""
        paid = (
            share.amount
            for share in self.shares
            if share.payer == payer and night in (None, share.night)
        )
        return total(paid, self.currency)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data: amounts are whole minor units."""
        return {
            "currency": self.currency,
            "nights_left_out": self.nights_left_out,
            "shares": [
                {
                    "night": share.night.isoformat(),
                    "text": share.text,
                    "folio": share.payer.folio,
                    "window": share.payer.window,
                    "payer": share.payer.name,
                    "amount": share.amount.minor,
                    "tax": share.tax.minor,
                }
                for share in self.shares
            ],
        }


def who_pays(
    session: Session,
    reservation: Reservation,
    *,
    first: Callable[[], object] | None = None,
) -> WhoPays:
    """Return who will pay what on which night of the rest of a stay; changes nothing.

    The nights from today on are reckoned as the audits will post them: rooms, packages, what
    recurs, taxes, and taxes given back. The party has its folio. `first` is done before and taken
    back: a rule that isn't saved yet, and what it refuses is refused here; so that alone wants a
    transaction. Fees that somebody decides on (late hours, no-show) aren't in it.
    """
    if first is None:
        return _foretold(session, reservation)
    rehearsal = session.begin_nested()
    try:
        first()
        return _foretold(session, reservation)
    finally:
        rehearsal.rollback()


@dataclass(frozen=True, slots=True)
class ToCome:
    """What one window will have of a charge to come, with its own part of the taxes."""

    night: date
    text: str
    taxed: TaxedAmount


def to_come(session: Session, reservation: Reservation, account_id: int) -> list[ToCome]:
    """Return what the rest of a stay will put on one account, as the audits will post it.

    All of its nights, in their order; what is given back of taxes isn't in it. The party has its
    folio.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    rows, _ = _due(session, hotel, reservation, at_most=None)
    folio_id = reservation.folio_id
    if not rows or folio_id is None:
        return []
    ways = folios.routes(session, hotel.id, [folio_id], held=False)
    return [
        ToCome(charge.due.night, charge.code.name, part.taxed)
        for charge in night_charges.reckon(session, hotel, rows)
        for part in ways.parts(folio_id, charge.code, charge.due.night, charge.taxed)
        if part.account_id == account_id
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """What one window's account will have of one charge."""

    night: date
    text: str
    account_id: int
    amount: Money
    tax: Money


def _foretold(session: Session, reservation: Reservation) -> WhoPays:
    hotel = session.get_one(Hotel, reservation.hotel_id)
    if reservation.state not in _STILL_TO_COME:
        return WhoPays((), hotel.currency)
    if reservation.folio_id is None:
        raise LookupError(f"Reservation {reservation.number} has no folio to route from.")
    rows, left_out = _due(session, hotel, reservation)
    charges = night_charges.reckon(session, hotel, rows)
    ways = folios.routes(session, hotel.id, [reservation.folio_id], held=False)
    lines: list[_Line] = []
    bearing: list[Borne] = []
    known: tax_refunds.Exempt = {}
    for night, of_night in groupby(charges, key=lambda charge: charge.due.night):
        tonight = list(of_night)
        for charge in tonight:
            parts = ways.parts(reservation.folio_id, charge.code, night, charge.taxed)
            lines += [_line(night, charge, part) for part in parts]
            bearing += _borne(charge, parts)
        exempt = tax_refunds.exempt((charge.due, charge.rules) for charge in tonight)
        fresh = {key: rule for key, rule in exempt.items() if key not in known}
        known = {**known, **fresh}
        bearing = tax_refunds.borne(session, hotel, fresh) + bearing
        for each in bearing:
            rule = exempt.get((each.reservation_id, each.tax_id))
            if rule is not None:
                lines += _back(night, tax_refunds.words(rule, each), each, hotel.currency)
        bearing = [each for each in bearing if (each.reservation_id, each.tax_id) not in exempt]
    return WhoPays(tuple(_shares(session, reservation, lines)), hotel.currency, left_out)


def _due(
    session: Session, hotel: Hotel, reservation: Reservation, *, at_most: int | None = MOST_NIGHTS
) -> tuple[list[Due], int]:
    """Return what is due of the nights that are reckoned, and how many nights aren't."""
    if reservation.is_day_use:
        return night_charges.due_for_the_day(session, hotel, reservation), 0
    today = business_day.today(session, hotel)
    nights = dates.nights(max(today, reservation.arrival), reservation.departure)
    reckoned = nights[:at_most]
    rows = night_charges.expected(session, hotel, reservation, reckoned)
    return rows, len(nights) - len(reckoned)


def _line(night: date, charge: Charge, part: Part) -> _Line:
    gross = part.taxed.gross
    return _Line(night, charge.code.name, part.account_id, gross, gross - part.taxed.net)


def _borne(charge: Charge, parts: Sequence[Part]) -> list[Borne]:
    """Return the taxes of a charge to come, as they will stand in the books."""
    due, found = charge.due, []
    for no, line in enumerate(charge.taxed.taxes):
        borne = (
            tax_refunds.Part(part.folio_id, part.account_id, tax.amount.minor, tax.base.minor)
            for part in parts
            for tax in [part.taxed.taxes[no]]
            if tax.amount
        )
        found.append(
            Borne(
                due.key, charge.code.name, due.reservation_id, line.rule.tax_id or 0, tuple(borne)
            )
        )
    return found


def _back(night: date, text: str, of: Borne, currency: str) -> list[_Line]:
    return [
        _Line(night, text, part.account_id, back, back)
        for part in of.parts
        for back in [Money(-part.amount, currency)]
    ]


def _shares(session: Session, reservation: Reservation, lines: Sequence[_Line]) -> list[Share]:
    payers = _payers(session, reservation, {line.account_id for line in lines})
    return [
        Share(line.night, line.text, payers[line.account_id], line.amount, line.tax)
        for line in lines
    ]


def _payers(
    session: Session, reservation: Reservation, account_ids: Collection[int]
) -> dict[int, Payer]:
    """Return who pays the windows of accounts."""
    rows = session.execute(
        sa.select(
            FolioWindow.account_id,
            FolioWindow.no,
            FolioWindow.payee_company_id,
            Folio.id,
            Folio.number,
            sa.func.coalesce(FolioWindow.payee_name, Folio.name).label("name"),
        )
        .join(
            Folio,
            sa.and_(Folio.hotel_id == FolioWindow.hotel_id, Folio.id == FolioWindow.folio_id),
        )
        .where(
            FolioWindow.hotel_id == reservation.hotel_id, FolioWindow.account_id.in_(account_ids)
        )
    )
    return {
        row.account_id: Payer(
            row.id != reservation.folio_id, row.number, row.no, row.name, row.payee_company_id
        )
        for row in rows
    }
