"""What the house refuses to write, in sentences."""

from pms.base.refusal import Refusal
from pms.hotel.stays.correspondence.tables import Tells
from pms.hotel.stays.reservations.promise import Reservation


class NoAddress(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no e-mail address of {name}. Write one in, or print the letter.",
            field="to",
        )


class NothingToTell(Refusal):
    def __init__(self, tells: Tells, reservation: Reservation) -> None:
        state = reservation.state.value.replace("_", " ")
        super().__init__(
            f"Booking {reservation.number} is {state}: no {tells.words} is written for that.",
            field="tells",
        )


class WrittenAlready(Refusal):
    def __init__(self, to: str) -> None:
        super().__init__(
            f"This very letter went to {to} already. Resend that one if it was lost.", field="to"
        )


class ToldBeforeArrival(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "The letter before the arrival was written already. Resend that one.", field="tells"
        )


class WrittenMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__("A letter was written meanwhile. Look at it before you write another.")


class NotMail(Refusal):
    def __init__(self) -> None:
        super().__init__("That letter was printed. Print it again, or write one by mail.")
