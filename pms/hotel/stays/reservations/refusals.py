"""What the promise says no to."""

from datetime import date

from pms.base.refusal import Invalid, Refusal
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.stays.reservations.promise import Reservation, State

_WORDS = {
    State.BOOKED: "booked",
    State.IN_HOUSE: "in house",
    State.DEPARTED: "departed",
    State.CANCELLED: "cancelled",
    State.NO_SHOW: "a no-show",
}


class InThePast(Invalid):
    def __init__(self, day: date) -> None:
        super().__init__(f"{day:%a %d %b %Y} is past. Book from today on.", field="arrival")


class TooManyForTheRoom(Invalid):
    def __init__(self, sleeps: int) -> None:
        super().__init__(
            f"That type sleeps {sleeps}. Choose a larger type or several rooms.", field="adults"
        )


class NobodyComes(Invalid):
    def __init__(self) -> None:
        super().__init__("A party has at least one guest.", field="adults")


class WrongState(Refusal):
    """The reservation stands where this can't be done."""

    def __init__(self, reservation: Reservation, wanted: str) -> None:
        super().__init__(
            f"Reservation {reservation.number} is {_WORDS[reservation.state]}; {wanted}."
        )


class ReasonNeeded(Invalid):
    def __init__(self, deed: str, field: str = "reason") -> None:
        super().__init__(f"Say why: {deed} is kept with its reason.", field=field)


class BeyondTheGroup(Invalid):
    """A party of a group stays on nights that aren't the group's, and its plan has no price."""

    def __init__(self, missing: Refusal) -> None:
        super().__init__(
            "Nights beyond those of the group cost what its plan asks, and there is no price: "
            f"{missing.sentence}",
            field="departure",
        )


class GuaranteeNeeded(Invalid):
    """The plan's policy asks for another guarantee."""

    def __init__(self, plan: RatePlan, asks: str) -> None:
        wanted = "a guarantee" if asks == "any" else f"{asks} as guarantee"
        super().__init__(
            f"{plan.name} is booked with {wanted}. Take it, or choose another plan.",
            field="guarantee",
        )


class ChannelRefTaken(Refusal):
    def __init__(self, channel: str, ref: str) -> None:
        super().__init__(
            f"{channel} booking {ref} is entered already. Open that reservation.",
            field="channel_ref",
        )


class SharesNot(Refusal):
    """The two can't share a room."""

    def __init__(self, why: str) -> None:
        super().__init__(f"They can't share a room: {why}.", field="shares_with")


class SayWhetherToReprice(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "Say whether the party keeps its price or pays the new one.", field="reprice"
        )


class NoDayUseAfterNights(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "A party in house for nights can't become day use. Check it out instead.",
            field="departure",
        )


class HotelIsOpen(Refusal):
    """Past deeds are entered only on the hotel's first day."""

    def __init__(self) -> None:
        super().__init__(
            "Bookings with a date of their own are entered on the hotel's first day only.",
            field="booked_on",
        )


class StillHeldBySharers(Refusal):
    def __init__(self) -> None:
        super().__init__("Sharers are in that room. Move or end their stay first.", field="room")
