"""Posting: what is due is charged, each once, where the routing of its folio sends it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import dates
from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio, Part
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import package_charges, settlements, tax_refunds
from pms.hotel.stays.night_charges.due import Due, due, due_as_fees, due_for_the_day
from pms.hotel.stays.night_charges.reckoning import Charge, reckon
from pms.hotel.stays.reservations.promise import Reservation
from pms.hotel.tariff.charges import ChargeCode


def post(session: Session, hotel: Hotel, rows: Sequence[Due], *, by: Staff) -> int:
    """Charge what is due and return how many were new: any number in a handful of statements.

    Each goes where its folio's routing says, in parts where several pay, and home to window 1 where
    that is closed; a folio that was closed too early is opened again, since whoever slept here owes
    the night. A tax that goes back to a stay grown long goes to who bore it, closed or not.

    There is no logbook line: the entries themselves say who posted them and when.
    """
    require(by, Permission.POST, hotel.id)
    if not rows:
        return 0
    homes = _homes(session, hotel, rows, by=by)
    charges = reckon(session, hotel, rows)
    exempt = tax_refunds.exempt((charge.due, charge.rules) for charge in charges)
    bearers = tax_refunds.bearers(tax_refunds.borne(session, hotel, exempt))
    ways = folios.routes(session, hotel.id, set(homes.values()), also=bearers)
    if ways.closed or ways.is_limited:
        charges = _still_due(session, hotel, charges)
    owing = {homes[charge.due.reservation_id] for charge in charges}
    reopen(session, hotel, ways.closed & owing, reason="A night is due", by=by)
    parted = [
        (charge, ways.parts(homes[due.reservation_id], charge.code, due.night, charge.taxed))
        for charge in charges
        for due in [charge.due]
    ]
    posted = ledger.post(session, hotel, _drafts(session, hotel, parted), by=by)
    fresh = [
        (each.entry_id, charge.due.night, parts)
        for each, (charge, parts) in zip(posted, parted, strict=True)
        if each.fresh
    ]
    folios.write_down(session, hotel.id, fresh)
    back = tax_refunds.borne(session, hotel, exempt)
    closed = (ways.closed - owing) & tax_refunds.bearers(back)
    reopen(session, hotel, closed, reason="A tax is given back", by=by)
    ledger.post(session, hotel, tax_refunds.drafts(exempt, back), by=by)
    return len(fresh)


def _drafts(
    session: Session, hotel: Hotel, parted: Sequence[tuple[Charge, Sequence[Part]]]
) -> list[ledger.Draft]:
    accounts = ledger.accounts(session, hotel, _wanted([charge for charge, _ in parted]))
    return [
        ledger.Draft(
            kind=Kind.CHARGE,
            key=due.key,
            text=charge.code.name,
            subject_id=due.reservation_id,
            service_night=due.night,
            rule=due.rule,
            turn=due.turn,
            lines=folios.sides(parts, accounts, charge.code, charge.taxed, due.quantity),
        )
        for charge, parts in parted
        for due in [charge.due]
    ]


def _homes(session: Session, hotel: Hotel, rows: Sequence[Due], *, by: Staff) -> dict[int, int]:
    """Return each reservation's folio; one that has none yet gets it now."""
    homes = {row.reservation_id: row.folio_id for row in rows if row.folio_id is not None}
    homeless = {row.reservation_id for row in rows} - homes.keys()
    parties = session.scalars(
        sa.select(Reservation)
        .where(Reservation.hotel_id == hotel.id, Reservation.id.in_(homeless))
        .options(joinedload(Reservation.guest))
        .order_by(Reservation.number)
    ).all()
    for reservation in parties:
        homes[reservation.id] = settlements.folio_of(session, reservation, by=by).id
    return homes


def _still_due(session: Session, hotel: Hotel, charges: Sequence[Charge]) -> list[Charge]:
    """Return the charges that nobody posted while we waited for the folios.

    Theirs have closed the folio, or used up the limits by which ours would be parted.
    """
    posted = set(
        session.scalars(
            sa.select(Entry.key).where(
                Entry.hotel_id == hotel.id, Entry.key.in_([charge.due.key for charge in charges])
            )
        )
    )
    return [charge for charge in charges if charge.due.key not in posted]


def reopen(
    session: Session, hotel: Hotel, folio_ids: Iterable[int], *, reason: str, by: Staff
) -> None:
    """Open closed folios again, by their ids, in the order they are locked."""
    for folio_id in sorted(folio_ids):
        folio = session.get_one(Folio, {"hotel_id": hotel.id, "id": folio_id})
        folios.reopen(session, folio, reason=reason, by=by)


def _wanted(charges: Sequence[Charge]) -> list[ledger.Wanted]:
    wanted = {folios.revenue_account(charge.code) for charge in charges}
    wanted |= {folios.tax_account(tax.rule) for charge in charges for tax in charge.taxed.taxes}
    return sorted(wanted)


# --- one party ----------------------------------------------------------------------------------


def charge_nights(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    nights: Iterable[date],
    *,
    by: Staff,
) -> int:
    """Charge a party in house for nights not charged yet, rooms and what recurs.

    For who leaves before the audit, and who arrives after it; returns how many charges were new.
    """
    posted = 0
    for night in sorted(nights):
        rows = due(session, hotel, night, reservation_ids=[reservation.id])
        posted += post(session, hotel, rows, by=by)
    return posted


def charge_last_packages(
    session: Session, hotel: Hotel, reservation: Reservation, *, by: Staff
) -> int:
    """Charge what is due on a stay's last night, when the one before turned out to be it.

    Nothing that was charged that night and taken off the bill is charged again.
    """
    night = reservation.departure - dates.ONE_DAY
    rows = due(session, hotel, night, reservation_ids=[reservation.id])
    fresh = [row for row in rows if row.rule.startswith(package_charges.PACKAGE) and not row.turn]
    return post(session, hotel, fresh, by=by)


def charge_day_use(session: Session, hotel: Hotel, reservation: Reservation, *, by: Staff) -> int:
    """Charge a party for the day it had the room; returns 0 when it was charged before."""
    return post(session, hotel, due_for_the_day(session, hotel, reservation), by=by)


def no_show_fee(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    nights: Mapping[date, Money],
    *,
    code: ChargeCode,
    by: Staff,
) -> int:
    """Charge a party that didn't come so much for each night; returns how many were new.

    It is a fee by its code, with that one's taxes; but under the room's own rule, so that a party
    that comes after all never pays that night again.
    """
    fees = due_as_fees(session, hotel, reservation, nights, code=code)
    return post(session, hotel, fees, by=by)
