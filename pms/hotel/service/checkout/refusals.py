"""What hosted checkout says no to."""

from pms.base.gateway import Mode
from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.service.checkout.tables import CardHold, KeptCard, PaymentRequest


class NotAsked(Refusal):
    """The request isn't open any more."""

    def __init__(self, request: PaymentRequest) -> None:
        super().__init__(
            f"Request {request.number} asks for nothing any more: its booking is over."
            if request.is_off
            else f"Request {request.number} ended with its booking, which is reinstated. "
            "Ask for a new payment instead."
            if request.is_over
            else f"Request {request.number} is {request.state.value}. "
            "Ask for a new payment instead."
        )


class NobodyToAsk(Refusal):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what} Take the money at the desk, or on the folio.")


class NothingOwed(Refusal):
    def __init__(self, owed: Money) -> None:
        super().__init__(f"{owed.said} is owed. Ask for that much at most.", field="amount")


class FinerThanCards(Invalid):
    """Cards are charged in steps, of 10 fils for one."""

    def __init__(self, amount: Money, step: int) -> None:
        below = Money(amount.minor // step * step, amount.currency)
        above = Money(below.minor + step, amount.currency)
        nearest = f"{below.said} or {above.said}" if below else above.said
        super().__init__(
            f"Cards can't be charged {amount.said} to the last digit: say {nearest}. "
            "Take what is left over at the desk.",
            field="amount",
        )


class ModeInUse(Refusal):
    """Money of the other mode is still on its way."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The mode can't change: {what}. End that first, then change the mode.", field="mode"
        )


class AccountInUse(Refusal):
    """The payouts of one account would be booked by two hotels."""

    def __init__(self, code: str | None) -> None:
        super().__init__(
            f"{code or 'Another hotel'} takes its money through that same account, and its payouts "
            "can be booked once only. Open an account of its own at the gateway for this hotel, "
            "and put its keys in.",
            field="mode",
        )


class AnotherAccount(Refusal):
    """What is open at one account would be unknown to another, and look as if it never was."""

    def __init__(self) -> None:
        super().__init__(
            "The keys that are in now are of another account at the gateway than this hotel's. Put "
            "the former ones back; keys of a new account go in while online payment is off."
        )


class OtherMode(Refusal):
    """Test money and real money are never mixed."""

    def __init__(self, kept: Mode, now: Mode) -> None:
        super().__init__(
            f"That was asked for in {kept.value} mode, and the hotel is in {now.value} mode now."
        )


class HoldOver(Refusal):
    def __init__(self, hold: CardHold) -> None:
        super().__init__(f"That hold is {hold.state.value} already. Look at the reservation again.")


class HoldLapsed(Refusal):
    def __init__(self) -> None:
        super().__init__("The bank let that hold go: its last day is past. Ask for a new one.")


class HoldRenewed(Refusal):
    """What was held anew isn't taken twice."""

    def __init__(self) -> None:
        super().__init__("That hold was renewed, and is being let go. Take the new one.")


class HoldBusy(Refusal):
    def __init__(self) -> None:
        super().__init__("That hold is being taken or let go just now. Look again in a minute.")


class MoreThanHeld(Invalid):
    def __init__(self, held: Money) -> None:
        super().__init__(f"{held.said} is held. Take that much at most.", field="amount")


class MoreThanLeft(Refusal):
    """Of that payment not so much can be given back online."""

    def __init__(self, left: Money) -> None:
        super().__init__(
            f"At most {left.said} can be given back through the gateway here.",
            field="amount",
        )


class CardOver(Refusal):
    def __init__(self, card: KeptCard) -> None:
        super().__init__(f"{card.words} isn't kept any more. Ask the guest for a card again.")


class MoreThanAgreed(Refusal):
    """A kept card pays what its guest agreed to: what is owed on the folio, and no more."""

    def __init__(self, owed: Money) -> None:
        super().__init__(
            f"The guest agreed to what is owed on the folio: {owed.said}. Post the fee "
            "or the late charge first.",
            field="amount",
        )
