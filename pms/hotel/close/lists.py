"""Lists of the night: whom to ask, what was undone, what was charged otherwise, who took what.

Like the reports they name reservations, folios and rooms by number; staff by their names.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pms.base.money import Money
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.ledger import Account, AccountDay, Entry, Kind, Ledger, Line
from pms.hotel.books.payments import Payment
from pms.hotel.close import ageing, cash_report, journal, reports, seals
from pms.hotel.close.reports import Report, Value
from pms.hotel.close.statistics import here_at_close, nights_joined_stays
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import prices, pricing
from pms.hotel.rooms.pricing import Party
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.rooms import Room
from pms.hotel.stays.night_charges import ROOM
from pms.hotel.stays.package_charges import PACKAGE
from pms.hotel.stays.reservations.agreed import ReservationTerms
from pms.hotel.stays.reservations.package_tables import ReservationPackage
from pms.hotel.stays.reservations.promise import Purpose, Reservation, ReservationNight
from pms.hotel.tariff.taxes import Tax

PAYMENTS = "payments"


def archived(session: Session, hotel: Hotel, day: date) -> dict[tuple[str, str], bytes]:
    """Return everything that is put away with a closed day, by name and form."""
    papers = (
        reports.trial_balance(session, hotel, day),
        reports.flash(session, hotel, day),
        ageing.of_day(session, hotel, day),
        over_limit(session, hotel, day),
        voids(session, hotel, day),
        rate_differences(session, hotel, day),
        payments_taken(session, hotel, day),
        cash_report.of_day(session, hotel, day),
        seal(session, hotel, day),
    )
    kept = {(paper.name, form): paper.as_bytes(form) for paper in papers for form in reports.FORMS}
    return kept | journal.archived(session, hotel, day)


def over_limit(session: Session, hotel: Hotel, day: date) -> Report:
    """Return who was in house at the close owing more than the limit."""
    limit = sa.func.coalesce(Folio.credit_limit, Reservation.credit_limit, hotel.credit_limit)
    balance = sa.func.sum(AccountDay.closing)
    rows = session.execute(
        nights_joined_stays()
        .join(Room, sa.and_(Room.hotel_id == hotel.id, Room.id == ReservationNight.room_id))
        .join(Folio, sa.and_(Folio.hotel_id == hotel.id, Folio.id == Reservation.folio_id))
        .join(
            FolioWindow,
            sa.and_(FolioWindow.hotel_id == hotel.id, FolioWindow.folio_id == Folio.id),
        )
        .join(
            AccountDay,
            sa.and_(
                AccountDay.hotel_id == hotel.id,
                AccountDay.day == day,
                AccountDay.account_id == FolioWindow.account_id,
            ),
        )
        .add_columns(Room.number, Reservation.number, Folio.number, limit, balance)
        .where(
            ReservationNight.hotel_id == hotel.id, ReservationNight.night == day, here_at_close()
        )
        .group_by(Room.number, Reservation.number, Folio.number, limit)
        .having(balance > limit)
    )
    return Report(
        "credit-limits",
        ("room", "reservation", "folio", "limit", "balance", "over_by"),
        sorted(
            (room, number, folio, *_amounts(hotel, limit, balance, balance - limit))
            for room, number, folio, limit, balance in rows
        ),
    )


def voids(session: Session, hotel: Hotel, day: date) -> Report:
    """Return what was reversed, adjusted or written off: how much, by whom, and why."""
    listed: list[tuple[Value, ...]] = [
        (
            key,
            kind.value,
            text,
            of_key,
            str(of_day) if of_key else None,
            *_amounts(hotel, on_folios, turned_over),
            who,
            why,
        )
        for key, kind, text, of_key, of_day, who, why, on_folios, turned_over in session.execute(
            _undoing(hotel, day)
        )
    ]
    columns = (
        "entry", "kind", "text", "of_entry", "of_day", "on_folios", "turned_over", "by", "why",
    )  # fmt: skip
    return Report("voids-and-adjustments", columns, sorted(listed, key=lambda row: str(row[0])))


def _undoing(hotel: Hotel, day: date) -> sa.Select[Any]:
    """Select a day's reversals, adjustments and write-offs, each with what it is of.

    At the end of each row, how much it came to on folios, and on all accounts that it debited.
    """
    original: Any = aliased(Entry)
    named = (
        Entry.key,
        Entry.kind,
        Entry.text,
        original.key,
        original.business_day,
        Staff.name,
        Entry.reason,
    )
    on_folios = sa.func.sum(sa.case((Account.ledger == Ledger.GUEST, Line.amount), else_=0))
    turned_over = sa.func.sum(sa.case((Line.amount > 0, Line.amount), else_=0))
    return (
        sa.select(*named, on_folios, turned_over)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .outerjoin(Staff, Staff.id == Entry.posted_by)
        .outerjoin(
            original,
            sa.and_(
                original.hotel_id == Entry.hotel_id,
                original.id == sa.func.coalesce(Entry.reverses_id, Entry.concerns_id),
            ),
        )
        .where(
            Entry.hotel_id == hotel.id,
            Entry.business_day == day,
            Entry.kind.in_([Kind.REVERSAL, Kind.ADJUSTMENT, Kind.WRITE_OFF]),
        )
        .group_by(*named)
    )


def rate_differences(session: Session, hotel: Hotel, day: date) -> Report:
    """Return the nights charged otherwise than agreed, or agreed otherwise than the plan's price.

    What was posted is the room and what was carved out of it, with the taxes inside these prices.
    """
    night = ReservationNight
    named = (
        Room.number.label("room"),
        Reservation.number.label("number"),
        RatePlan.code.label("plan"),
        Entry.service_night.label("night"),
        night.plan_id,
        night.charged_type_id,
        night.price.label("agreed"),
        night.adults,
        night.children,
        Reservation.purpose,
        night.manual_reason,
        Reservation.id.label("reservation_id"),
    )
    rows = session.execute(
        _rooms_charged(hotel, day)
        .add_columns(*named, sa.func.sum(Line.amount).label("posted"))
        .group_by(*named, Entry.turn)
    ).all()
    usual = _usual(session, hotel, rows)
    listed: list[tuple[Value, ...]] = []
    for row, price in zip(rows, usual, strict=True):
        posted = int(row.posted)
        if posted == row.agreed and price in (None, row.agreed):
            continue
        reason = row.manual_reason or (None if row.purpose is Purpose.PAYING else row.purpose.value)
        amounts = _amounts(hotel, row.agreed, posted, posted - row.agreed)
        named_by = (row.number, row.room, row.plan, str(row.night), _price(hotel, price))
        listed.append((*named_by, *amounts, reason))
    columns = (
        "reservation", "room", "plan", "night", "plan_price", "agreed", "posted", "difference",
        "why",
    )  # fmt: skip
    return Report("rate-differences", columns, sorted(listed, key=_by_number_and_night))


def _usual(session: Session, hotel: Hotel, rows: Sequence[Any]) -> list[int | None]:
    """Return what each party's night costs by its plan now, or None where that has no price."""
    if not rows:
        return []
    nights = [row.night for row in rows]
    read = prices.read(session, hotel, min(nights), max(nights))
    stands = read.by_type_and_plan()
    with_children = {row.reservation_id for row in rows if row.children}
    known = session.execute(
        sa.select(ReservationTerms.reservation_id, ReservationTerms.child_ages).where(
            ReservationTerms.hotel_id == hotel.id,
            ReservationTerms.reservation_id.in_(with_children),
        )
    )
    ages: dict[int, tuple[int, ...]] = {row[0]: tuple(row[1]) for row in known}
    found: list[int | None] = []
    for row in rows:
        recipe = read.sheet.recipes[row.plan_id]
        base = stands.get((row.charged_type_id, recipe.root_id), {}).get(row.night)
        party = Party(row.adults, row.children, ages.get(row.reservation_id, ()))
        found.append(
            pricing.price(base.price, base.season, recipe, row.charged_type_id, party).price
            if base
            else None
        )
    return found


def _rooms_charged(hotel: Hotel, day: date) -> sa.Select[Any]:
    """Select from the payer's lines of a day's room charges, with their nights."""
    night = ReservationNight
    return (
        sa.select()
        .select_from(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == Entry.hotel_id, Reservation.id == Entry.subject_id),
        )
        .join(
            night,
            sa.and_(
                night.hotel_id == Entry.hotel_id,
                night.reservation_id == Entry.subject_id,
                night.night == Entry.service_night,
            ),
        )
        .join(RatePlan, sa.and_(RatePlan.hotel_id == hotel.id, RatePlan.id == night.plan_id))
        .outerjoin(Room, sa.and_(Room.hotel_id == hotel.id, Room.id == night.room_id))
        .outerjoin(Tax, sa.and_(Tax.hotel_id == hotel.id, Tax.id == Line.tax_id))
        .where(
            Entry.hotel_id == hotel.id,
            Entry.business_day == day,
            sa.or_(Entry.rule == ROOM, _carved_out()),
            Account.ledger == Ledger.GUEST,
            sa.or_(Line.tax_id.is_(None), Tax.inclusive),
        )
    )


def _carved_out() -> sa.ColumnElement[bool]:
    """Return the condition that an entry is of a package included in the price of its night."""
    return sa.exists().where(
        ReservationPackage.hotel_id == Entry.hotel_id,
        ReservationPackage.reservation_id == Entry.subject_id,
        ReservationPackage.included,
        sa.literal(PACKAGE).concat(sa.cast(ReservationPackage.no, sa.String)) == Entry.rule,
    )


def payments_taken(session: Session, hotel: Hotel, day: date) -> Report:
    """Return the day's money by way of payment, kind, brand and person."""
    rows = session.execute(
        sa.select(
            Payment.method,
            Payment.kind,
            Payment.brand,
            Staff.name,
            sa.func.count(),
            sa.func.sum(Payment.amount),
        )
        .outerjoin(Staff, Staff.id == Payment.staff_id)
        .where(Payment.hotel_id == hotel.id, Payment.business_day == day)
        .group_by(Payment.method, Payment.kind, Payment.brand, Staff.id, Staff.name)
    )
    return Report(
        PAYMENTS,
        ("method", "kind", "brand", "by", "count", "amount"),
        sorted(
            (method.value, kind.value, brand or "", name or "", count, *_amounts(hotel, amount))
            for method, kind, brand, name, count, amount in rows
        ),
    )


def seal(session: Session, hotel: Hotel, day: date) -> Report:
    """Return the day's seal, as it is printed: the head of the chain that night."""
    sealed = seals.of_day(session, hotel, day)
    return Report(
        "seal",
        ("date", "entries", "previous", "seal"),
        [(day.isoformat(), sealed.entries, sealed.previous, sealed.digest)] if sealed else [],
    )


def _amounts(hotel: Hotel, *minor: int) -> tuple[str, ...]:
    return tuple(str(Money(int(each), hotel.currency)) for each in minor)


def _by_number_and_night(row: tuple[Value, ...]) -> tuple[int, str]:
    return int(row[0] or 0), str(row[3])


def _price(hotel: Hotel, minor: int | None) -> str | None:
    return None if minor is None else str(Money(minor, hotel.currency))
