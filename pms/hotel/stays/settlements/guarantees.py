"""Guarantees: money held before arrival, or a card kept, makes the hotel sure of its party."""

from datetime import date

from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.money import Money
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms.policies import Asks, terms_of
from pms.hotel.stays import promised
from pms.hotel.stays.reservations import agreed
from pms.hotel.stays.reservations.promise import Guarantee, Reservation, State

OVER = {State.CANCELLED, State.NO_SHOW}  # may be reinstated


def follow(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    held: Money,
    *,
    day: date,
    by: Staff,
) -> None:
    """Let the guarantee of a party that is still to come follow what is held for it.

    What its terms ask for (anything, where they ask for no deposit) guarantees who guaranteed
    nothing; once nothing is held any more, a deposit guarantees nothing.
    """
    if reservation.state is not State.BOOKED and reservation.state not in OVER:
        return
    if reservation.guarantee is Guarantee.NONE and held.minor > 0:
        if held >= _asked(session, hotel, reservation):
            guarantee(session, reservation, Guarantee.DEPOSIT, held=held, day=day, by=by)
    elif reservation.guarantee is Guarantee.DEPOSIT and held.minor <= 0:
        guarantee(session, reservation, Guarantee.NONE, held=held, day=day, by=by)


def follow_card(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    held: Money,
    *,
    has_card: bool,
    day: date,
    by: Staff,
) -> None:
    """Let the guarantee of a locked party that is still to come follow whether it has a card.

    A card guarantees who guaranteed nothing, unless its terms ask for something else. Once there is
    none any more, the deposit that is held guarantees the stay, or nothing does.
    """
    if reservation.state is not State.BOOKED and reservation.state not in OVER:
        return
    if reservation.guarantee is Guarantee.NONE and has_card:
        if _takes_card(session, reservation):
            guarantee(session, reservation, Guarantee.CARD, held=held, day=day, by=by)
    elif reservation.guarantee is Guarantee.CARD and not has_card:
        enough = held.minor > 0 and held >= _asked(session, hotel, reservation)
        given = Guarantee.DEPOSIT if enough else Guarantee.NONE
        guarantee(session, reservation, given, held=held, day=day, by=by)


def guarantee(
    session: Session,
    reservation: Reservation,
    given: Guarantee,
    *,
    held: Money,
    day: date,
    by: Staff,
) -> None:
    """Write down what guarantees a locked reservation from now on.

    Who guarantees nothing any more is kept as if promised now: nobody loses the room at the moment
    in which a payment is given back to be made in another way.
    """
    before = reservation.guarantee
    reservation.guarantee = given
    if given is Guarantee.NONE:
        reservation.promised_at = clock.now()
    reservation.version += 1
    session.flush()
    logbook.record(
        session, "guaranteed" if given is not Guarantee.NONE else "lost its guarantee",
        reservation, by=by, day=day, before={"guarantee": before.value}, guarantee=given.value,
        held=held,
    )  # fmt: skip


def _takes_card(session: Session, reservation: Reservation) -> bool:
    """Tell whether a card is guarantee enough by the terms that a party was booked under."""
    policy = agreed.policy_of(session, reservation)
    return policy is None or terms_of(policy).asks in {Asks.NONE, Asks.ANY, Asks.CARD}


def _asked(session: Session, hotel: Hotel, reservation: Reservation) -> Money:
    """Return the deposit that a party's terms ask for, zero where they ask for none."""
    policy = agreed.policy_of(session, reservation)
    if policy is None or not (deposit := terms_of(policy).deposit):
        return Money.zero(hotel.currency)
    [room] = promised.promised(session, hotel, [reservation])
    return deposit.of([night.room for night in room.nights], hotel.currency)
