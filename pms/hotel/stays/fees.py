"""Fees: what it costs not to come, by the terms a party booked under; charged, or waived and why.

Whoever ends a promise is told before: `of_cancelling` and `of_no_show` say what it would cost now,
by the clocks of the hotel. A fee stands once for a reservation; taken back when it is reinstated.
"""

import enum
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base import clock
from pms.base.db import Base, OfHotel, choice, lock, new_id, within_hotel
from pms.base.money import Money, total
from pms.base.refusal import Refusal
from pms.hotel.books import folios, ledger
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.policies import Amount, By, Policy, Terms, terms_of
from pms.hotel.stays import night_charges, promised, reservations, settlements, standing_charges
from pms.hotel.stays.reservations import Guarantee, ReasonNeeded, Reservation, State, agreed
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.tariff.charges import ChargeCode


class Of(enum.StrEnum):
    """What a fee is for."""

    CANCELLATION = "cancellation"
    NO_SHOW = "no_show"


class ReservationFee(OfHotel, Base):
    """A fee of a reservation: what was due, and that it was charged, or why it wasn't.

    `entry_id` is the charge; a no-show's nights are charged as nights and have no entry here.
    """

    __tablename__ = "reservation_fees"
    __table_args__ = (
        within_hotel("reservation_id", "reservations"),
        within_hotel("entry_id", "entries"),
        sa.CheckConstraint("due > 0", name="of_something"),
        sa.CheckConstraint("waived_why IS NULL OR entry_id IS NULL", name="charged_or_waived"),
        sa.Index(
            "uq_reservation_fees_standing",
            "hotel_id",
            "reservation_id",
            unique=True,
            sqlite_where=sa.text("taken_back_on IS NULL"),
            postgresql_where=sa.text("taken_back_on IS NULL"),
        ),
        sa.Index(None, "hotel_id", "day"),
    )

    reservation_id: Mapped[int]
    of: Mapped[Of] = mapped_column(choice(Of))
    due: Mapped[int]
    waived_why: Mapped[str | None]
    entry_id: Mapped[int | None]
    staff_id: Mapped[int]
    day: Mapped[date]
    at: Mapped[datetime]
    taken_back_on: Mapped[date | None]


class FeeChanged(Refusal):
    """The clock passed a deadline while somebody was deciding."""

    def __init__(self, fee: Money) -> None:
        super().__init__(
            f"It costs {fee} {fee.currency} by now. Look again, then decide.", field="fee"
        )


@dataclass(frozen=True, slots=True)
class Due:
    """What ending a promise costs now, and until when it was (or is) free.

    `nights` are those a no-show's fee is charged as; `tonight` is the first night that is still
    promised, and what is left to pay of it.
    """

    of: Of
    amount: Money
    free_until: datetime | None
    terms: Terms | None
    policy: Policy | None = None
    nights: tuple[date, ...] = ()
    tonight: tuple[date, Money] | None = None

    def until_tomorrow(self) -> "Due":
        """Return what a party pays that is expected tomorrow: the first night at most.

        Where it comes to that night it is charged as one: who comes tonight has paid it.
        """
        if self.tonight is None:
            return self
        night, left = self.tonight
        nights = (night,) if self.amount >= left else ()
        return replace(self, amount=min(self.amount, left), nights=nights)

    def __bool__(self) -> bool:
        return self.amount.minor > 0


@dataclass(frozen=True, slots=True)
class Ended:
    """A promise that was cancelled: its number, and the fee that was charged, if one was."""

    number: int
    fee: Money


def of_cancelling(session: Session, reservation: Reservation) -> Due:
    """Return what cancelling now costs; nothing before the deadline, or without a policy."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    policy = agreed.policy_of(session, reservation)
    nothing = Money.zero(hotel.currency)
    if policy is None:
        return Due(Of.CANCELLATION, nothing, None, None)
    terms = terms_of(policy)
    until = terms.free_until(reservation.arrival, hotel.time_zone)
    if not terms.is_late(reservation.arrival, hotel.time_zone, clock.now()):
        return Due(Of.CANCELLATION, nothing, until, terms, policy)
    due = Due(Of.CANCELLATION, nothing, until, terms, policy)
    return replace(_reckon(session, hotel, reservation, due, terms.cancel), nights=())


def of_no_show(session: Session, reservation: Reservation) -> Due:
    """Return what not coming costs; nothing for who guaranteed nothing and paid nothing."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    policy = agreed.policy_of(session, reservation)
    terms = terms_of(policy) if policy else None
    due = Due(Of.NO_SHOW, Money.zero(hotel.currency), None, terms, policy)
    if terms is not None and _is_sure(session, reservation):
        return _reckon(session, hotel, reservation, due, terms.no_show)
    return due


def _is_sure(session: Session, reservation: Reservation) -> bool:
    return reservation.guarantee is not Guarantee.NONE or bool(
        settlements.deposit_held(session, reservation)
    )


def _reckon(
    session: Session, hotel: Hotel, reservation: Reservation, due: Due, asked: Amount
) -> Due:
    """Reckon a fee of all the nights that were promised, less what stands charged of it already.

    A party that was rolled, or taken back after it hadn't come, has paid that part once.
    """
    [room] = promised.promised(session, hotel, [reservation])
    as_nights, as_fees = standing_charges.before_arrival(session, reservation)
    given_up = {
        night.night: promised.with_taxes(
            session,
            hotel,
            reservation,
            [(night.night, night.price, night.plan_id, night.adults)],
            packages=False,
        )
        for night in of_nights.read(session, reservation)
        if not night.live and night.night in as_fees
    }
    priced = dict(sorted({**given_up, **room.room_by_night, **as_nights}.items()))
    paid = total([*as_nights.values(), *as_fees.values()], hotel.currency)
    nothing = Money.zero(hotel.currency)
    amount = max(asked.of(list(priced.values()), hotel.currency) - paid, nothing)
    nights: tuple[date, ...] = ()
    if asked.by is By.NIGHTS and not reservation.is_day_use:
        first = tuple(night for night in [*priced][: asked.value] if night not in as_nights)
        if total((priced[night] for night in first), hotel.currency) == amount:
            nights = first
    first_night = min(room.room_by_night, default=None)
    if first_night is None:
        return replace(due, amount=amount, nights=nights)
    stands = as_nights.get(first_night, nothing) + as_fees.get(first_night, nothing)
    left = max(room.room_by_night[first_night] - stands, nothing)
    return replace(due, amount=amount, nights=nights, tonight=(first_night, left))


# --- ending with a fee ----------------------------------------------------------------------------


def cancel(
    session: Session,
    reservation: Reservation,
    *,
    reason: str,
    waive: str | None = None,
    expected: Money | None = None,
    by: Staff,
) -> Ended:
    """Cancel a promise and charge what its terms say, or waive it with a reason.

    Refuses what `reservations.cancel` refuses, a fee other than the `expected` one, and waiving by
    who may not.
    """
    _begin(session, reservation, Permission.RESERVE, by=by)
    due = of_cancelling(session, reservation)
    if expected is not None and expected != due.amount:
        raise FeeChanged(due.amount)
    number = reservations.cancel(session, reservation, reason=reason, by=by)
    fee = _settle(session, reservation, due, waive=waive, by=by)
    return Ended(number, fee)


def no_show(
    session: Session,
    reservation: Reservation,
    *,
    keep_remaining: bool = False,
    waive: str | None = None,
    expected: Money | None = None,
    by: Staff,
) -> Money:
    """Note that a party hasn't come and charge what its terms say; return the fee charged.

    A party that is expected tomorrow pays the first night at most. Refuses what
    `reservations.no_show` refuses, and what `cancel` here refuses.
    """
    _begin(session, reservation, Permission.CHECK_IN, by=by)
    due = of_no_show(session, reservation)
    if expected is not None and expected != due.amount:
        raise FeeChanged(due.amount)
    if due:
        _refuse_waiver(reservation, waive, by=by)  # before it is rolled: that may be waived too
    reservations.no_show(session, reservation, keep_remaining=keep_remaining, by=by)
    if reservation.state is State.BOOKED:
        due = due.until_tomorrow()
    return _settle(session, reservation, due, waive=waive, by=by)


def _begin(
    session: Session, reservation: Reservation, permission: Permission, *, by: Staff
) -> None:
    require(by, permission, reservation.hotel_id)
    business_day.hold(session, session.get_one(Hotel, reservation.hotel_id))
    lock(session, reservation)


def _settle(
    session: Session,
    reservation: Reservation,
    due: Due,
    *,
    waive: str | None,
    by: Staff,
) -> Money:
    """Charge a fee or waive it; the house posts it, since its own terms ask for it.

    The fee of a promise that goes on (a rolled no-show) counts against the one of its end.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    if not due or due.policy is None:
        return Money.zero(hotel.currency)
    _refuse_waiver(reservation, waive, by=by)
    house = _house(session, hotel)
    entry: ledger.Entry | None = None
    if waive is None:
        entry = _charge(session, hotel, reservation, due, house)
    if reservation.state is not State.BOOKED:
        _keep(session, reservation, due, waive=waive, entry=entry, by=by)
    _note(session, reservation, due, waive=waive, by=by)
    return Money.zero(hotel.currency) if waive is not None else due.amount


def _keep(
    session: Session,
    reservation: Reservation,
    due: Due,
    *,
    waive: str | None,
    entry: ledger.Entry | None,
    by: Staff,
) -> None:
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.today(session, hotel)
    fee = ReservationFee(
        hotel_id=hotel.id,
        id=new_id(),
        reservation_id=reservation.id,
        of=due.of,
        due=due.amount.minor,
        waived_why=waive.strip() if waive is not None else None,
        entry_id=entry.id if entry else None,
        staff_id=by.id,
        day=day,
        at=clock.now(),
    )
    session.add(fee)
    session.flush()


def _refuse_waiver(reservation: Reservation, waive: str | None, *, by: Staff) -> None:
    """Refuse waiving by who may not, and without a reason."""
    if waive is None:
        return
    require(by, Permission.WAIVE_FEE, reservation.hotel_id)
    if not waive.strip():
        raise ReasonNeeded("a fee that is waived", field="waive_reason")


def _note(
    session: Session, reservation: Reservation, due: Due, *, waive: str | None, by: Staff
) -> None:
    """Write in the logbook that a fee was charged, or waived and why."""
    day = business_day.today(session, session.get_one(Hotel, reservation.hotel_id))
    verb = f"{'waived' if waive is not None else 'charged'} {due.of.value.replace('_', '-')} fee"
    logbook.record(session, verb, reservation, by=by, day=day, why=waive, amount=due.amount)


def _charge(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    due: Due,
    house: Staff,
) -> ledger.Entry | None:
    """Put the fee where the folio's routing says, and let a deposit pay for it as far as it goes.

    A no-show's nights are charged as nights, so that who comes after all never pays them again.
    """
    folio = settlements.folio_of(session, reservation, by=house)
    settlements.reopen_folio(session, reservation, by=house)
    entry = None
    if due.nights:
        night_charges.no_show_fee(session, hotel, reservation, due.nights, by=house)
    elif due.policy is not None:
        code = session.get_one(ChargeCode, (hotel.id, due.policy.fee_code_id))
        entry = folios.charge(
            session, folio, code=code, amount=due.amount, subject_id=reservation.id, by=house
        )
    owed = folios.balance_of(session, folio)[1]
    if owed.minor > 0:
        settlements.apply_deposit(session, reservation, amount=owed, by=house)
    if reservation.state is not State.BOOKED and folios.settled(session, folio):
        folios.close(session, folio, by=house)
    return entry


def _house(session: Session, hotel: Hotel) -> Staff:
    return staff.the_house(session, hotel)


# --- taking back ----------------------------------------------------------------------------------


def reinstate(
    session: Session, reservation: Reservation, *, force: str | None = None, by: Staff
) -> None:
    """Promise a party its nights again and take back the fee of its ending.

    What paid it is held as a deposit again; nights charged to a no-show stay charged: it has had
    them. Refuses what `reservations.reinstate` refuses.
    """
    require(by, Permission.RESERVE, reservation.hotel_id)
    reservations.reinstate(session, reservation, force=force, by=by)
    fee = standing(session, reservation)
    if fee is None:
        return
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.today(session, hotel)
    if fee.entry_id is not None:
        house, why = _house(session, hotel), "Booking reinstated"
        settlements.reopen_folio(session, reservation, by=house)
        settlements.unapply_deposit(session, reservation, reason=why, by=house)
        entry = session.get_one(ledger.Entry, (hotel.id, fee.entry_id))
        if not ledger.is_reversed(session, entry):
            folios.void(session, entry, reason=why, by=house)
    fee.taken_back_on = day
    session.flush()
    amount = Money(fee.due, hotel.currency)
    logbook.record(session, "took back fee", reservation, by=by, day=day, amount=amount)


def standing(session: Session, reservation: Reservation) -> ReservationFee | None:
    """Return the fee that stands for a reservation, charged or waived."""
    return session.scalar(
        sa.select(ReservationFee).where(
            ReservationFee.hotel_id == reservation.hotel_id,
            ReservationFee.reservation_id == reservation.id,
            ReservationFee.taken_back_on.is_(None),
        )
    )
