"""The deposit of a reservation: what is held, what is missing since when, and what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from pms.base.money import Money
from pms.hotel.books import reserving
from pms.hotel.rooms.policies import Policy
from pms.hotel.service.checkout import PaymentRequest, Purpose, asking, disputes
from pms.hotel.service.checkout.disputes import Dispute
from pms.hotel.stays import deposits_due, settlements
from pms.hotel.stays.deposits_due import DepositDue
from pms.hotel.stays.promised import PromisedRoom
from pms.hotel.stays.reservations import Reservation, State
from pms.web.auth import here
from pms.web.database import session


@dataclass(frozen=True, slots=True)
class Deposit:
    """What is held for a party; what it still owes by its terms; the link it hasn't paid by yet.

    Of what is held so much is `disputed`; `disputes` are about anything the party paid.
    """

    held: Money
    disputed: Money
    disputes: Sequence[Dispute]
    due: DepositDue | None
    asked: PaymentRequest | None
    is_awaited: bool


def deposit_of(party: Reservation, policy: Policy | None, room: PromisedRoom) -> Deposit:
    """Return how the deposit of a reservation stands."""
    asked = [
        each
        for each in asking.of_reservation(session(), party)
        if each.is_open and each.purpose is Purpose.DEPOSIT
    ]
    found, disputed = disputes.of_party(session(), party), Money.zero(here().currency)
    if found and (account_id := settlements.deposit_there(session(), party)):
        disputed = reserving.disputed(session(), here(), account_id)
    return Deposit(
        settlements.deposit_held(session(), party),
        disputed,
        found,
        deposits_due.of(session(), party, policy, room),
        asked[0] if asked else None,
        party.state is State.BOOKED,
    )
