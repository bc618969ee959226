"""Voiding: a night's charge undone; taxes that the night gave back to its stay are due again."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio, FolioState
from pms.hotel.books.ledger import Entry, Kind, Line
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import tax_refunds
from pms.hotel.stays.night_charges.posting import reopen
from pms.hotel.stays.reservations.promise import Reservation
from pms.hotel.stays.tax_refunds import Borne, Exempt
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode


def void(session: Session, entry: Entry, *, reason: str, by: Staff) -> Entry:
    """Undo a charge, an adjustment or a transfer; refuses what `folios.void` refuses.

    Where a stay isn't long enough any more without the night, taxes it was given back are charged
    again, to the windows that have them, closed or not.
    """
    undone = folios.void(session, entry, reason=reason, by=by)
    if entry.kind is Kind.CHARGE and entry.service_night is not None:
        stay = session.get_one(Reservation, (entry.hotel_id, entry.subject_id))
        _tax_again(session, stay, reason, by=by)
    return undone


def _tax_again(session: Session, stay: Reservation, reason: str, *, by: Staff) -> None:
    hotel = session.get_one(Hotel, stay.hotel_id)
    exempt = _still_exempt(session, hotel, stay)
    due = tax_refunds.due_again(session, hotel, stay.id, exempt)
    if not due:
        return
    _open(session, hotel, tax_refunds.bearers(due), by=by)
    ledger.post(session, hotel, tax_refunds.drafts_again(due, reason=reason), by=by)
    _write_down(session, hotel, due, reason, by=by)


def _still_exempt(session: Session, hotel: Hotel, stay: Reservation) -> Exempt:
    """Return the taxes that nights which stand charged make a stay exempt from."""
    dated = taxes.dated(session, hotel.id)
    charged = session.execute(
        sa.select(Entry.service_night, ChargeCode.tax_class_id)
        .distinct()
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(
            ChargeCode,
            sa.and_(ChargeCode.hotel_id == Line.hotel_id, ChargeCode.id == Line.charge_code_id),
        )
        .where(
            Entry.hotel_id == hotel.id,
            Entry.subject_id == stay.id,
            Entry.kind == Kind.CHARGE,
            ledger.standing(),
        )
    )
    return tax_refunds.exempt(
        (
            tax_refunds.Slept(stay.id, (night - stay.arrival).days + 1),
            taxes.rules_on(dated, class_id, night),
        )
        for night, class_id in charged
        if night is not None
    )


def _open(session: Session, hotel: Hotel, folio_ids: set[int], *, by: Staff) -> None:
    some = [session.get_one(Folio, (hotel.id, folio_id)) for folio_id in sorted(folio_ids)]
    closed = [each.id for each in some if lock(session, each).state is FolioState.CLOSED]
    reopen(session, hotel, closed, reason="A tax is due again", by=by)


def _write_down(
    session: Session, hotel: Hotel, due: list[Borne], reason: str, *, by: Staff
) -> None:
    """Write down on each folio what is charged to it again."""
    day = business_day.hold(session, hotel)
    for folio_id in sorted(tax_refunds.bearers(due)):
        parts = [part for each in due for part in each.parts if part.folio_id == folio_id]
        amount = Money(-sum(part.amount for part in parts), hotel.currency)
        folio = session.get_one(Folio, (hotel.id, folio_id))
        logbook.record(
            session, "charged tax again", folio, by=by, day=day, why=reason, amount=amount
        )
