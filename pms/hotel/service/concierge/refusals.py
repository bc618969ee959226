"""What the concierge refuses, each as a fact and the way out."""

from pms.base.refusal import Invalid, Refusal
from pms.hotel.service.concierge.tables import ActivityBooking
from pms.hotel.stays.reservations import Reservation


class Full(Refusal):
    """The places that are left aren't enough."""

    def __init__(self, name: str, left: int, wanted: int) -> None:
        if left:
            said = f"{name} has {left} left at that time, not {wanted}. Take fewer, or another time"
        else:
            said = f"{name} is full at that time. Choose another time"
        super().__init__(f"{said}.", field="persons", left=left)


class TimeClosed(Refusal):
    """Nothing more is booked for that time."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is closed at that time. Choose another time.", field="time")


class TimePast(Invalid):
    def __init__(self) -> None:
        super().__init__("That time is past. Choose a later one.", field="time")


class NotOffered(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} isn't offered any more. Choose another.", field="time")


class NoGuestOfOurs(Refusal):
    """The party isn't coming, or has left."""

    def __init__(self, reservation: Reservation) -> None:
        state = reservation.state.value.replace("_", " ")
        super().__init__(
            f"Reservation {reservation.number} is {state}. Book for a party that comes or is here.",
            field="room",
        )


class WrongStep(Refusal):
    """The booking stands elsewhere."""

    def __init__(self, booking: ActivityBooking, why: str) -> None:
        super().__init__(f"Booking {booking.number} is {booking.state.words.lower()}; {why}.")


class NotChargeable(Refusal):
    """There is no bill, no price or no code to charge it by."""

    def __init__(self, why: str) -> None:
        super().__init__(f"It can't be charged: {why}.", field="charge")


class TooLateToMove(Refusal):
    """A move would go round the vendor's rule."""

    def __init__(self, booking: ActivityBooking) -> None:
        super().__init__(
            f"Booking {booking.number} is past its free cancellation. Cancel it and book anew.",
            field="time",
        )


class BookingsThere(Refusal):
    """Fewer places than are taken."""

    def __init__(self, taken: int) -> None:
        super().__init__(
            f"{taken} places are taken already. Keep as many, or move bookings first.",
            field="capacity",
        )


class NameTaken(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” is there already. Choose another name.", field="name")
