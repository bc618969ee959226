"""Guaranteeing: what makes the house sure of a booked party, changed after it was booked."""

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.refusal import Invalid
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.rooms.policies import Asks, terms_of
from pms.hotel.service.checkout import card_guarantees
from pms.hotel.service.web_payments import pays_online
from pms.hotel.stays import settlements
from pms.hotel.stays.reservations import Guarantee, Reservation, State, WrongState, agreed
from pms.hotel.stays.reservations.promise import Purpose
from pms.hotel.stays.reservations.refusals import GuaranteeNeeded


class DepositHeld(Invalid):
    """Money is held for the stay, so it is guaranteed."""

    def __init__(self, said: str) -> None:
        super().__init__(
            f"{said} is held as deposit, and money held guarantees the stay. Give it back first.",
            field="guarantee",
        )


class NoDepositHeld(Invalid):
    """A deposit guarantees once it is there."""

    def __init__(self) -> None:
        super().__init__(
            "No deposit is held. Take it or ask for it; it guarantees the stay when it comes.",
            field="guarantee",
        )


class NoCardKept(Invalid):
    """A hotel that keeps cards online has none of this party."""

    def __init__(self) -> None:
        super().__init__(
            "No card of theirs is kept or held. Ask for one by link first.", field="guarantee"
        )


class NoCompanyToPay(Invalid):
    """No company stands behind the stay."""

    def __init__(self) -> None:
        super().__init__("The stay is for no company. Put the company on first.", field="guarantee")


def guarantee(session: Session, reservation: Reservation, given: Guarantee, *, by: Staff) -> bool:
    """Say what guarantees a party that is still to come; returns whether that is another now.

    Refuses a promise that isn't open; none while a deposit is held, or where the terms it was
    booked under ask for one; a deposit that isn't there; a card that isn't kept, where the hotel
    keeps them online; and a company where the stay is for none.
    """
    require(by, Permission.RESERVE, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if given is reservation.guarantee:
        return False
    if reservation.state is not State.BOOKED:
        raise WrongState(reservation, "only one still to come is guaranteed")
    held = settlements.deposit_held(session, reservation)
    if given is Guarantee.NONE and held.minor > 0:
        raise DepositHeld(held.said)
    if given is Guarantee.DEPOSIT and held.minor <= 0:
        raise NoDepositHeld
    if given is Guarantee.COMPANY and reservation.company_id is None:
        raise NoCompanyToPay
    if given is Guarantee.CARD and not _has_card(session, hotel, reservation):
        raise NoCardKept
    _refuse_too_little(session, reservation, given)
    settlements.guarantee(session, reservation, given, held=held, day=day, by=by)
    return True


def _has_card(session: Session, hotel: Hotel, reservation: Reservation) -> bool:
    """Tell whether a card stands for a party; a hotel that keeps none online is believed."""
    if not pays_online(session, hotel):
        return True
    return card_guarantees.has_card(session, hotel, reservation)


def _refuse_too_little(session: Session, reservation: Reservation, given: Guarantee) -> None:
    """Refuse less than the terms it was booked under ask for, as booking does."""
    policy = agreed.policy_of(session, reservation)
    if policy is None or reservation.purpose is not Purpose.PAYING or reservation.group_id:
        return
    asks = terms_of(policy).asks
    if asks is Asks.NONE:
        return
    enough = given is not Guarantee.NONE if asks is Asks.ANY else asks.value == given.value
    if not enough:
        raise GuaranteeNeeded(reservation.plan, asks.value)
