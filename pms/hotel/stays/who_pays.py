"""Who pays: what the rest of a stay will put on which bill, rehearsed by the very postings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base import dates
from pms.base.money import Money, total
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Entry, Kind, Line
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import the_house
from pms.hotel.stays import night_charges, settlements
from pms.hotel.stays.reservations.promise import Reservation, State

MOST_NIGHTS = 92
_STILL_TO_COME = frozenset({State.BOOKED, State.IN_HOUSE})


@dataclass(frozen=True, slots=True, order=True)
class Payer:
    """A window that pays, on the stay's own folio or elsewhere."""

    is_elsewhere: bool
    folio: int
    window: int
    name: str


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

    The nights from today on are posted as the audits will post them, one after the other, and all
    of it is taken back: rooms, packages, what recurs, taxes, and taxes given back; so it wants a
    transaction, as any posting does. `first` is done before: a rule that isn't saved yet, and what
    it refuses is refused here. Fees that somebody decides on (late hours, no-show) aren't in it.
    """
    rehearsal = session.begin_nested()
    try:
        if first is not None:
            first()
        return _rehearsed(session, reservation)
    finally:
        rehearsal.rollback()


def _rehearsed(session: Session, reservation: Reservation) -> WhoPays:
    hotel = session.get_one(Hotel, reservation.hotel_id)
    if reservation.state not in _STILL_TO_COME:
        return WhoPays((), hotel.currency)
    house = the_house(session, hotel)
    own = settlements.folio_of(session, reservation, by=house)
    seen: set[int] = set()
    _fresh(session, reservation, own, reservation.arrival, seen)  # what was posted before is seen
    if reservation.is_day_use:
        night_charges.charge_day_use(session, hotel, reservation, by=house)
        fresh = _fresh(session, reservation, own, reservation.arrival, seen)
        return WhoPays(tuple(fresh), hotel.currency)
    today = business_day.hold(session, hotel)
    nights = dates.nights(max(today, reservation.arrival), reservation.departure)
    shares: list[Share] = []
    for night in nights[:MOST_NIGHTS]:
        rows = night_charges.expected(session, hotel, reservation, night)
        night_charges.post(session, hotel, rows, by=house)
        shares += _fresh(session, reservation, own, night, seen)
    return WhoPays(tuple(shares), hotel.currency, max(len(nights) - MOST_NIGHTS, 0))


def _fresh(
    session: Session, reservation: Reservation, own: Folio, night: date, seen: set[int]
) -> list[Share]:
    """Return what was posted for a stay and not seen yet; from now on it is."""
    charged = aliased(Entry)
    gives_back = sa.exists().where(
        charged.hotel_id == Entry.hotel_id,
        charged.id == Entry.concerns_id,
        charged.subject_id == reservation.id,
        Entry.kind == Kind.ADJUSTMENT,
    )
    rows = session.execute(
        sa.select(
            Entry.id,
            Entry.text,
            Entry.currency,
            Folio.id.label("folio_id"),
            Folio.number,
            FolioWindow.no,
            sa.func.coalesce(FolioWindow.payee_name, Folio.name).label("name"),
            sa.func.sum(Line.amount).label("amount"),
            sa.func.sum(sa.case((Line.tax_id.is_not(None), Line.amount), else_=0)).label("tax"),
        )
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(
            FolioWindow,
            sa.and_(
                FolioWindow.hotel_id == Line.hotel_id, FolioWindow.account_id == Line.account_id
            ),
        )
        .join(
            Folio,
            sa.and_(Folio.hotel_id == FolioWindow.hotel_id, Folio.id == FolioWindow.folio_id),
        )
        .where(
            Entry.hotel_id == reservation.hotel_id,
            sa.or_(Entry.subject_id == reservation.id, gives_back),
        )
        .group_by(
            Entry.id, Entry.text, Entry.currency, Folio.id, Folio.number, FolioWindow.no,
            FolioWindow.payee_name, Folio.name,
        )
        .order_by(Entry.id, sa.func.min(Line.no))
    ).all()  # fmt: skip
    shares = [
        Share(
            night,
            row.text,
            Payer(row.folio_id != own.id, row.number, row.no, row.name),
            Money(int(row.amount), row.currency),
            Money(int(row.tax), row.currency),
        )
        for row in rows
        if row.id not in seen
    ]
    seen.update(row.id for row in rows)
    return shares
