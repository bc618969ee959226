"""The bill as the desk sees it before a party goes: each window, and tonight."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pms.base import clock, dates
from pms.base.money import Money, total
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import night_charges, promised
from pms.hotel.stays.presence import Stay
from pms.hotel.stays.reservations import Reservation
from pms.web.database import session


@dataclass(frozen=True, slots=True)
class Window:
    """One window of the folio: who pays it, and how it stands."""

    no: int
    payee: str
    balance: Money

    @property
    def says(self) -> tuple[str, str, str]:
        """How it stands: tone, icon and word."""
        if not self.balance:
            return "ok", "check", "Settled"
        if self.balance.minor > 0:
            return "bad", "cash", "Owes"
        return "warn", "arrow-back-up", "Is owed"


@dataclass(frozen=True, slots=True)
class Bill:
    """The folio of a party with its windows."""

    folio: Folio | None
    windows: list[Window]
    currency: str

    @property
    def open(self) -> list[Window]:
        """The windows that aren't settled, each by itself."""
        return [window for window in self.windows if window.balance]

    @property
    def owed(self) -> Money:
        """What the windows owe together."""
        return total((window.balance for window in self.windows), self.currency)


@dataclass(frozen=True, slots=True)
class Tonight:
    """Tonight of a party that leaves early: what it costs, whether it is charged, and why."""

    price: Money
    stands_charged: bool
    by_default: bool
    why: str


def bill(hotel: Hotel, reservation: Reservation) -> Bill:
    """Return how a party's folio stands, window by window."""
    if reservation.folio_id is None:
        return Bill(None, [], hotel.currency)
    folio = session().get_one(Folio, (hotel.id, reservation.folio_id))
    balances = folios.balance_of(session(), folio)
    payees = _payees(hotel, folio, reservation)
    windows = [Window(no, payees.get(no, folio.name), owed) for no, owed in balances.items()]
    return Bill(folio, sorted(windows, key=lambda window: window.no), hotel.currency)


def _payees(hotel: Hotel, folio: Folio, reservation: Reservation) -> dict[int, str]:
    rows = session().execute(
        sa.select(folios.FolioWindow.no, folios.FolioWindow.payee_name, Company.name)
        .outerjoin(
            Company,
            sa.and_(
                Company.chain_id == hotel.chain_id,
                Company.id == folios.FolioWindow.payee_company_id,
            ),
        )
        .where(folios.FolioWindow.hotel_id == hotel.id, folios.FolioWindow.folio_id == folio.id)
    )
    return {no: name or company or reservation.guest.name for no, name, company in rows}


def tonight(hotel: Hotel, reservation: Reservation, stay: Stay, day: date) -> Tonight | None:
    """Return tonight's night of a party that would stay on, or None where it leaves as planned."""
    if reservation.departure <= day or reservation.is_day_use:
        return None
    whole = promised.promised(session(), hotel, [reservation])[0]
    price = next((each.gross for each in whole.nights if each.night == day), None)
    came_today = stay.arrived_on == day
    past_midnight = dates.local(clock.now(), hotel.time_zone).date() > day
    if came_today:
        why = "It came today, so the room was used: charged unless you say otherwise."
    elif past_midnight:
        why = "It is past midnight, so the room was used: charged unless you say otherwise."
    else:
        why = "It leaves before the night: not charged unless you say otherwise."
    charged = is_charged(hotel, reservation, day)
    return Tonight(
        price or Money.zero(hotel.currency), charged, charged or came_today or past_midnight, why
    )


def is_charged(hotel: Hotel, reservation: Reservation, night: date) -> bool:
    """Tell whether a night's room charge stands on the books."""
    found = session().scalar(
        sa.select(ledger.Entry.id)
        .where(
            ledger.Entry.hotel_id == hotel.id,
            ledger.Entry.subject_id == reservation.id,
            ledger.Entry.service_night == night,
            ledger.Entry.rule == night_charges.ROOM,
            ledger.standing(),
        )
        .limit(1)
    )
    return found is not None
