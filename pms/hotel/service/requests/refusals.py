"""What requests refuse, each as a fact and the way out."""

from pms.base.refusal import Invalid, Refusal
from pms.hotel.service.requests.tables import Request


class TakenByAnother(Refusal):
    """Somebody was quicker, or it was given to them."""

    def __init__(self, request: Request, name: str, since: str) -> None:
        super().__init__(
            f"{name} has request {request.number} since {since}. "
            "Ask them, or have somebody in charge give it to you.",
            request=request.number,
            has_it=name,
        )


class WrongStep(Refusal):
    """The request stands elsewhere."""

    def __init__(self, request: Request, why: str) -> None:
        super().__init__(f"Request {request.number} is {request.state.words.lower()}; {why}.")


class NowhereToGo(Invalid):
    """Nobody could find out where it is wanted."""

    def __init__(self) -> None:
        super().__init__("Say where: a room's number, a party, or a place.", field="place")


class CauseUnknown(Refusal):
    """A complaint is closed when the house knows what was behind it."""

    def __init__(self, request: Request) -> None:
        super().__init__(
            f"Request {request.number} is a complaint. Say what caused it, then close it.",
            field="cause",
        )


class NoBill(Refusal):
    """There is nobody's bill to put it on."""

    def __init__(self, request: Request) -> None:
        super().__init__(
            f"Request {request.number} belongs to no party, so there is no bill. "
            "Note a gift, or enter it for the party."
        )


class NothingToFollow(Refusal):
    """No follow-up was agreed, or it was done."""

    def __init__(self, request: Request) -> None:
        super().__init__(
            f"No follow-up of request {request.number} is open. Say on which day there is one."
        )
