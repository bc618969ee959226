"""Ending a promise with its fee: charged, or waived and why."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios, ledger
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import (
    night_charges,
    reservations,
    settlements,
    standing_charges,
    traces,
)
from pms.hotel.stays.fees.reckoning import Due, of_cancelling, of_no_show
from pms.hotel.stays.fees.tables import ReservationFee
from pms.hotel.stays.reservations import (
    Purpose,
    ReasonNeeded,
    Reservation,
    State,
)
from pms.hotel.stays.reservations import nights as of_nights
from pms.hotel.tariff import fee_codes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.fee_codes import FeeOf


class FeeChanged(Refusal):
    """The clock passed a deadline while somebody was deciding."""

    def __init__(self, fee: Money) -> None:
        super().__init__(f"It costs {fee.said} by now. Look again, then decide.", field="fee")


@dataclass(frozen=True, slots=True)
class Ended:
    """A promise that was cancelled: its number, and the fee that was charged, if one was."""

    number: int
    fee: Money


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

    A deposit that is left over is traced for the front office, here and in `no_show`. Refuses what
    `reservations.cancel` refuses, a fee other than the `expected` one, and waiving by
    who may not.
    """
    _begin(session, reservation, Permission.RESERVE, by=by)
    due = of_cancelling(session, reservation)
    if expected is not None and expected != due.amount:
        raise FeeChanged(due.amount)
    number = reservations.cancel(session, reservation, reason=reason, by=by)
    fee = _settle(session, reservation, due, waive=waive, by=by)
    _trace_deposit(session, reservation)
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
    fee = _settle(session, reservation, due, waive=waive, by=by)
    _trace_deposit(session, reservation)
    return fee


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
    house = staff.the_house(session, hotel)
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


def _trace_deposit(session: Session, reservation: Reservation) -> None:
    """Tell the desk what is still held for who won't come: nobody else would think of it."""
    held = settlements.deposit_held(session, reservation)
    if reservation.state is State.BOOKED or held.minor <= 0:
        return
    hotel = session.get_one(Hotel, reservation.hotel_id)
    traces.add(
        session, hotel, department=Department.FRONT_OFFICE,
        due_on=business_day.today(session, hotel),
        words=f"Booking {reservation.number} is over: {held.said} is held. Give it back",
        reservation=reservation, by=staff.the_house(session, hotel),
    )  # fmt: skip


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
    code = code_of(session, hotel, due)
    if due.nights:
        night_charges.no_show_fee(
            session, hotel, reservation, dict(due.nights), code=code, by=house
        )
    else:
        entry = folios.charge(
            session, folio, code=code, amount=due.amount, is_fee=True,
            subject_id=reservation.id, by=house,
        )  # fmt: skip
    owed = folios.balance_of(session, folio)[1]
    if owed.minor > 0:
        settlements.apply_deposit(session, reservation, amount=owed, by=house)
    if reservation.state is not State.BOOKED and folios.settled(session, folio):
        folios.close(session, folio, by=house)
    return entry


def code_of(session: Session, hotel: Hotel, due: Due) -> ChargeCode:
    """Return what a fee is posted as: the hotel's choice for its kind, or its policy's."""
    otherwise = due.policy.fee_code_id if due.policy else None
    return fee_codes.of(session, hotel, due.of, otherwise=otherwise)


def charge_first_night(
    session: Session, reservation: Reservation, first_night: date, *, by: Staff
) -> Money:
    """Charge who guaranteed to come, under no policy, the first night; return what was charged.

    For a house whose rule that is. A party that was rolled and fails to come again has paid it.
    """
    hotel = session.get_one(Hotel, reservation.hotel_id)
    nothing = Money.zero(hotel.currency)
    stands, _ = standing_charges.before_arrival(session, reservation)
    first = next((n for n in of_nights.read(session, reservation) if n.night == first_night), None)
    if stands or first is None or reservation.purpose is not Purpose.PAYING:
        return nothing
    worth = Money(first.price, hotel.currency)  # no city tax: nobody sleeps here
    due = Due(FeeOf.NO_SHOW, worth, None, None)
    code = code_of(session, hotel, due)
    nights_owed = {first.night: worth}
    night_charges.no_show_fee(session, hotel, reservation, nights_owed, code=code, by=by)
    return worth
