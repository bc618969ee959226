"""Habits: how the replayed parties guarantee, pay and leave, by a fixed rule on the line number.

Plainly, everyone pays the folio by card on leaving and nobody is taxed: the figures are those of
the file. Mixed, the same parties keep the whole books busy, for everything `verify` can check.
"""

import enum
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays.reservations import Guarantee
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import TaxKind
from pms.replay.reading import Booking

DIRECT_BILL_EVERY = 11
DEPOSIT_EVERY = 7
CARD_EVERY = 3
CASH_EVERY = 4
PARTS_EVERY = 5
SKIPPER_EVERY = 97


class Settling(enum.StrEnum):
    """How a party's folio is settled when it leaves."""

    CARD = "card"
    CASH = "cash"
    PARTS = "parts"
    DIRECT_BILL = "direct bill"
    SKIPS = "skips"


@dataclass(frozen=True)
class Habits:
    """The rules: plain, or mixed."""

    mixed: bool = False

    def company(self, booking: Booking) -> str | None:
        """Return the code of the firm that the party's stay is billed to."""
        if not self.mixed:
            return None
        if booking.company:
            return f"FIRM-{booking.company}"[:24].upper()
        return f"AGENT-{booking.line % 20}" if booking.line % DIRECT_BILL_EVERY == 0 else None

    def guarantee(self, booking: Booking) -> Guarantee:
        """Return what makes the hotel sure of the party."""
        if not self.mixed:
            return Guarantee.NONE
        if self.company(booking):
            return Guarantee.COMPANY
        if self.deposit(booking):
            return Guarantee.DEPOSIT
        return Guarantee.CARD if booking.line % CARD_EVERY == 0 else Guarantee.NONE

    def deposit(self, booking: Booking) -> int:
        """Return the deposit taken when it is booked: the first night, or nothing."""
        asked = booking.deposit != "No Deposit" or booking.line % DEPOSIT_EVERY == 0
        wanted = self.mixed and asked and booking.nights > 0 and not self.company(booking)
        return max(booking.rate, 0) if wanted else 0

    def keeps_deposit(self, booking: Booking) -> bool:
        """Tell whether the hotel keeps the deposit of a cancelled booking."""
        return booking.deposit == "Non Refund"

    def settling(self, booking: Booking) -> Settling:
        """Return how the party settles on leaving."""
        if not self.mixed:
            return Settling.CARD
        if booking.line % SKIPPER_EVERY == 0:
            return Settling.SKIPS
        if self.company(booking):
            return Settling.DIRECT_BILL
        if booking.line % PARTS_EVERY == 0:
            return Settling.PARTS
        return Settling.CASH if booking.line % CASH_EVERY == 0 else Settling.CARD


def tax_class(session: Session, hotel: Hotel, *, by: Staff) -> int:
    """Add the taxes of the mixed hotel: 6 % inside the price, 2.00 per adult and night on top."""
    vat = taxes.add(
        session,
        hotel,
        code="VAT6",
        name="Value added tax 6 %",
        kind=TaxKind.PERCENT,
        rate=60_000,
        inclusive=True,
        by=by,
    )
    city = taxes.add(
        session,
        hotel,
        code="CITY",
        name="City tax",
        kind=TaxKind.PER_PERSON_NIGHT,
        rate=200,
        inclusive=False,
        by=by,
    )
    kind = taxes.add_class(
        session, hotel, code="LODGING", name="Accommodation", taxes=[vat, city], by=by
    )
    return kind.id
