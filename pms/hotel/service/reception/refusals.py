"""What reception refuses, each as a fact and the way out."""

from pms.base.refusal import Refusal
from pms.hotel.service.reception.tables import GuestMessage, PhoneCall, Visitor
from pms.hotel.stays.reservations import Reservation


class NobodyExpected(Refusal):
    """The party is neither in the house nor arriving."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"{reservation.guest.name} is neither in the house nor arriving. "
            "Ask for a telephone number to call back.",
            field="reservation",
        )


class TakesNoCalls(Refusal):
    """The party wants no calls."""

    def __init__(self) -> None:
        super().__init__(
            "This party wants no calls: don't put it through. Take a message instead.",
            field="outcome",
        )


class SeesNobody(Refusal):
    """The party wants no visitors."""

    def __init__(self) -> None:
        super().__init__(
            "This party sees no visitors: don't say whether they are here. Take a message instead.",
            field="room",
        )


class WentAlready(Refusal):
    """The message isn't waiting any more."""

    def __init__(self, message: GuestMessage) -> None:
        super().__init__(f"Message {message.number} is {message.state.value} already.")


class BecameAlready(Refusal):
    """The call is a request or a message already."""

    def __init__(self, call: PhoneCall) -> None:
        thing = "request" if call.request_id is not None else "message"
        super().__init__(f"Call {call.number} is a {thing} already. Look at it there.")


class NotToBeCalledBack(Refusal):
    """Nobody waits for a call back."""

    def __init__(self, call: PhoneCall) -> None:
        fact = "was called back already" if call.back_by is not None else "wants no call back"
        super().__init__(f"{call.with_whom} {fact}. Nothing is missing.")


class BadgeGiven(Refusal):
    """The badge is on another visitor."""

    def __init__(self, badge: str, name: str) -> None:
        super().__init__(
            f"Badge {badge} is with {name}, who hasn't left. Give another, or see them out.",
            field="badge",
        )


class SeenOut(Refusal):
    """The visitor has left."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__(f"{visitor.name} has left already.")
