"""Express check-out: asked for beforehand, done by the desk in one go; who can't be is named."""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from pms.base import clock
from pms.base.db import Base, OfHotel, lock, new_id, within_chain, within_hotel
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.books import folios, receivables
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.guests.companies import Company
from pms.hotel.house import business_day, logbook, outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import leaving, settlements
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.stays.reservations.refusals import WrongState

MOST = 500


class AskedAlready(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} asked for the express check-out already.", field="email")


class NotAsked(Refusal):
    def __init__(self) -> None:
        super().__init__("The express check-out isn't asked for any more.")


class NotYet(Refusal):
    def __init__(self, departure: date) -> None:
        super().__init__(f"The party leaves on {departure:%a %d %b %Y}, not before.")


class Open(Refusal):
    """Money must change hands first."""

    def __init__(self, owed: dict[int, Money]) -> None:
        said = ", ".join(f"window {no}: {amount.said}" for no, amount in sorted(owed.items()))
        super().__init__(f"It isn't settled ({said}), and no company pays it. Take the payment.")


class Settles(enum.StrEnum):
    """How a party's bill is settled without the guest: nothing is owed, or its company pays."""

    NOTHING_OWED = "nothing_owed"
    COMPANY = "company"


class ExpressCheckOut(OfHotel, Base):
    """That a party asked for it, and where its folio goes; `letter_id` once it went there."""

    __tablename__ = "express_check_outs"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("letter_id", "letters"),
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
        sa.CheckConstraint("withdrawn_at IS NULL OR letter_id IS NULL", name="mailed_or_withdrawn"),
        sa.Index(
            "uq_express_check_outs_once",
            "hotel_id",
            "reservation_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    chain_id: Mapped[int]
    reservation_id: Mapped[int]
    email: Mapped[str]
    staff_id: Mapped[int]
    asked_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    letter_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    reservation: Mapped[Reservation] = relationship(viewonly=True)


@dataclass(frozen=True, slots=True)
class Morning:
    """One party of the morning list: what is open of its bill, and how that would be settled.

    `way` is None where the guest is needed.
    """

    asked: ExpressCheckOut
    stay: Stay
    open: dict[int, Money]
    way: Settles | None


def ask(session: Session, reservation: Reservation, *, email: str, by: Staff) -> ExpressCheckOut:
    """Note that a party wants to leave without coming to the desk, and where its folio goes.

    Refuses who has left or was never expected, an address that can't be, and asking twice.
    """
    require(by, Permission.CHECK_OUT, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state not in {State.BOOKED, State.IN_HOUSE}:
        raise WrongState(reservation, "only who comes or is here asks for the express check-out")
    if of(session, reservation) is not None:
        raise AskedAlready(reservation.guest.name)
    if not email.strip():
        raise Invalid("The folio goes by mail: write the address down.", field="email")
    asked = ExpressCheckOut(
        hotel_id=hotel.id,
        id=new_id(),
        chain_id=hotel.chain_id,
        reservation_id=reservation.id,
        email=outbox.address(email),
        staff_id=by.id,
        asked_at=clock.now(),
    )
    session.add(asked)
    session.flush()
    logbook.record(session, "asked for express check-out", reservation, by=by, day=day)
    return asked


def withdraw(session: Session, asked: ExpressCheckOut, *, by: Staff) -> None:
    """Take the wish back: the guest comes to the desk after all."""
    _, day = _hold(session, asked, by)
    asked.withdrawn_at = clock.now()
    asked.version += 1
    session.flush()
    logbook.record(session, "withdrew express check-out", asked.reservation, by=by, day=day)


def of(session: Session, reservation: Reservation) -> ExpressCheckOut | None:
    """Return what a party asked for, if it did."""
    return session.scalar(
        sa.select(ExpressCheckOut).where(
            ExpressCheckOut.hotel_id == reservation.hotel_id,
            ExpressCheckOut.reservation_id == reservation.id,
            ExpressCheckOut.withdrawn_at.is_(None),
        )
    )


def morning(session: Session, hotel: Hotel, day: date) -> list[Morning]:
    """Return who asked for it and leaves by a day, with how each bill stands."""
    rows = session.execute(
        _leaving(sa.select(ExpressCheckOut, Stay), hotel, day)
        .options(joinedload(ExpressCheckOut.reservation).joinedload(Reservation.guest))
        .order_by(ExpressCheckOut.asked_at, ExpressCheckOut.id)
        .limit(MOST)
    ).all()
    return [_stands(session, asked, stay) for asked, stay in rows]


def due(hotel: Hotel, day: date) -> sa.ScalarSelect[int]:
    """Return the count of who asked for it and leaves by a day, as a part of a question."""
    counted: sa.Select[int] = _leaving(
        sa.select(sa.func.count()).select_from(ExpressCheckOut), hotel, day
    )
    return counted.scalar_subquery()


def _leaving(query: Any, hotel: Hotel, day: date) -> Any:
    return (
        query.join(
            Stay,
            sa.and_(
                Stay.hotel_id == ExpressCheckOut.hotel_id,
                Stay.reservation_id == ExpressCheckOut.reservation_id,
                Stay.state == Presence.IN_HOUSE,
            ),
        )
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == ExpressCheckOut.hotel_id,
                Reservation.id == ExpressCheckOut.reservation_id,
            ),
        )
        .where(
            ExpressCheckOut.hotel_id == hotel.id,
            ExpressCheckOut.withdrawn_at.is_(None),
            Reservation.departure <= day,
        )
    )


def _stands(session: Session, asked: ExpressCheckOut, stay: Stay) -> Morning:
    owed = settlements.open_balances(session, stay.reservation)
    way = Settles.NOTHING_OWED if not owed else None
    if owed and all(_company(session, stay.reservation, no, owed[no]) for no in owed):
        way = Settles.COMPANY
    return Morning(asked, stay, owed, way)


def _company(session: Session, party: Reservation, no: int, owed: Money) -> Company | None:
    """Return the company that pays a window, if it is billed here and something is owed."""
    if owed.minor <= 0:
        return None
    window = session.get(FolioWindow, (party.hotel_id, party.folio_id, no))
    if window is None or window.payee_company_id is None:
        return None
    company = session.get_one(Company, (party.chain_id, window.payee_company_id))
    return company if company.direct_bill else None


def settle(session: Session, asked: ExpressCheckOut, *, by: Staff) -> Stay:
    """Check a party out that asked for it: what its company pays is billed, the rest must be zero.

    Refuses who leaves later, what the guest must come for (money that is open or due back), and
    whatever a check-out refuses.
    """
    hotel, day = _hold(session, asked, by)
    party = asked.reservation
    stay = session.scalars(
        sa.select(Stay).where(
            Stay.hotel_id == hotel.id,
            Stay.reservation_id == party.id,
            Stay.state == Presence.IN_HOUSE,
        )
    ).one_or_none()
    if stay is None:
        raise WrongState(party, "only a party in house can be checked out")
    if party.departure > day:
        raise NotYet(party.departure)
    stands = _stands(session, asked, stay)
    if stands.way is None:
        raise Open(stands.open)
    if stands.way is Settles.COMPANY:
        _bill(session, party, stands.open, by)
    leaving.check_out(session, stay, by=by)
    logbook.record(
        session, "settled express check-out", party, by=by, day=day, way=stands.way.value
    )
    return stay


def _bill(session: Session, party: Reservation, owed: dict[int, Money], by: Staff) -> None:
    folio = session.get_one(Folio, (party.hotel_id, party.folio_id))
    folios.lock_open(session, [folio])
    for no, amount in sorted(owed.items()):
        company = _company(session, party, no, amount)
        if company is not None:
            receivables.direct_bill(session, folio, window=no, company=company, by=by)


def note_mailed(session: Session, asked: ExpressCheckOut, letter: Letter, *, by: Staff) -> None:
    """Note by which letter the folio went to the guest."""
    _, day = _hold(session, asked, by)
    asked.letter_id = letter.id
    asked.version += 1
    session.flush()
    logbook.record(session, "mailed folio", asked.reservation, by=by, day=day)


def _hold(session: Session, asked: ExpressCheckOut, by: Staff) -> tuple[Hotel, date]:
    require(by, Permission.CHECK_OUT, asked.hotel_id)
    hotel = session.get_one(Hotel, asked.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, asked)
    if asked.withdrawn_at is not None:
        raise NotAsked
    return hotel, day
