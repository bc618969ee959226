"""What the desk writes in passing: a room is ready; the bill of who left by the express way."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.house import letterheads, outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Staff
from pms.hotel.stays.express import ExpressCheckOut
from pms.hotel.stays.queueing import QueuedParty
from pms.hotel.stays.reservations import Reservation
from pms.web.letters.writing import Tongue, stationery, tongue_of

LINES_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill: when, what, and how much."""

    day: date
    text: str
    amount: Money


def room_ready(
    session: Session, hotel: Hotel, queued: QueuedParty, *, to: str, by: Staff
) -> Letter:
    """Write to a party that waits that its room is ready; twice is the same letter."""
    told = _told(session, hotel, queued.reservation)
    tongue: Tongue = told["t"]  # type: ignore[assignment]
    return outbox.write(
        session,
        hotel,
        key=f"queued/{queued.id}",
        to=to,
        subject=f"{tongue.say('room_ready')}, {hotel.name}"[:200],
        text=_text("letters/room_ready.txt", told),
        by=by,
    )


def bill(session: Session, hotel: Hotel, asked: ExpressCheckOut, *, by: Staff) -> Letter | None:
    """Mail the bill of a party that left by the express way; None where it never had one."""
    party = asked.reservation
    if party.folio_id is None:
        return None
    folio = session.get_one(Folio, (hotel.id, party.folio_id))
    told = _told(session, hotel, party)
    tongue: Tongue = told["t"]  # type: ignore[assignment]
    balances = folios.balance_of(session, folio)
    return outbox.write(
        session,
        hotel,
        key=f"express/{asked.id}",
        to=asked.email,
        subject=f"{tongue.say('your_bill', number=folio.number)}, {hotel.name}"[:200],
        text=_text(
            "letters/bill.txt",
            told | {"windows": _windows(session, hotel, folio), "balances": balances},
        ),
        by=by,
    )


def _told(session: Session, hotel: Hotel, reservation: Reservation) -> dict[str, object]:
    return {
        "t": tongue_of(session, hotel, reservation),
        "hotel": hotel,
        "head": letterheads.of(session, hotel),
        "reservation": reservation,
    }


def _text(template: str, told: dict[str, object]) -> str:
    return stationery().get_template(template).render(told).strip() + "\n"


def _windows(session: Session, hotel: Hotel, folio: Folio) -> dict[int, list[BillLine]]:
    """Return the lines that stand in each window of a folio, in the order they were posted."""
    numbers = {account: no for no, account in folios.window_accounts(session, folio).items()}
    rows = session.execute(
        sa.select(
            ledger.Line.account_id,
            ledger.Entry.business_day,
            ledger.Entry.text,
            sa.func.sum(ledger.Line.amount).label("amount"),
        )
        .join(
            ledger.Entry,
            sa.and_(
                ledger.Entry.hotel_id == ledger.Line.hotel_id,
                ledger.Entry.id == ledger.Line.entry_id,
            ),
        )
        .where(
            ledger.Line.hotel_id == hotel.id,
            ledger.Line.account_id.in_(numbers),
            ledger.standing(),
        )
        .group_by(
            ledger.Line.account_id,
            ledger.Entry.id,
            ledger.Entry.business_day,
            ledger.Entry.text,
        )
        .order_by(ledger.Line.account_id, ledger.Entry.id)
        .limit(LINES_AT_MOST)
    )
    found: dict[int, list[BillLine]] = {}
    for row in rows:
        line = BillLine(row.business_day, row.text, Money(int(row.amount), hotel.currency))
        found.setdefault(numbers[row.account_id], []).append(line)
    return dict(sorted(found.items()))
