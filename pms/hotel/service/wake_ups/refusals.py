"""What wake-ups refuse, each as a fact and the way out."""

from datetime import date, time

from pms.base.refusal import Invalid, Refusal
from pms.hotel.service.wake_ups.tables import WakeUpCall
from pms.hotel.stays.reservations import Reservation


class NotHereThen(Refusal):
    """The party sleeps elsewhere on that day."""

    def __init__(self, reservation: Reservation, day: date) -> None:
        super().__init__(
            f"{reservation.guest.name} isn't here on {day:%a} {day.day} {day:%b}. "
            "Choose a day of the stay.",
            field="first_on",
        )


class CalledThen(Refusal):
    """It was asked for before."""

    def __init__(self, reservation: Reservation, at: time) -> None:
        super().__init__(
            f"{reservation.guest.name} has a call at {at:%H:%M} already. Nothing is missing.",
            field="at",
        )


class NobodyToCall(Invalid):
    def __init__(self) -> None:
        super().__init__("Nobody is in these rooms. Check the numbers.", field="rooms")


class SeenTo(Refusal):
    """Somebody was quicker."""

    def __init__(self, call: WakeUpCall) -> None:
        super().__init__(
            f"That call is seen to already: {call.state.words.lower()}. Look at the list again."
        )


class TooEarly(Refusal):
    def __init__(self, due: str) -> None:
        super().__init__(f"That call is for {due}. Make it then, or take it off.")
