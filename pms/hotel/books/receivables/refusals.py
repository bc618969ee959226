"""What an account says no to."""

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests.companies import Company
from pms.hotel.house.hotels import Hotel


class NoDirectBill(Refusal):
    """The company has no account with the house."""

    def __init__(self, company: Company) -> None:
        super().__init__(
            f"{company.name} has no direct billing. Take payment, or let a manager grant it.",
            field="company",
        )


class NothingToBill(Refusal):
    """The window owes nothing."""

    def __init__(self, window: int) -> None:
        super().__init__(f"Window {window} owes nothing that could be billed.", field="window")


class NoCreditHere(Refusal):
    """Another hotel of the chain granted it credit, in money of its own; this one didn't."""

    def __init__(self, company: Company, hotel: Hotel) -> None:
        super().__init__(
            f"{company.name} has credit at other hotels of the chain, and none at {hotel.name}. "
            "Take payment, or let a manager grant it.",
            field="company",
        )


class OverCreditLimit(Refusal):
    """The company would owe more than it may."""

    def __init__(self, company: Company, limit: Money, *, owes: Money) -> None:
        super().__init__(
            f"{company.name} may owe {limit.said} at most, and owes {owes.said} already. "
            "Take payment, or let a manager raise the limit.",
            field="company",
        )


class MoreThanOpen(Refusal):
    """What is allocated or written off is at most what is open."""

    def __init__(self, open_: Money) -> None:
        super().__init__(
            f"Only {open_.said} of that is open. Take that much at most.",
            field="amount",
        )


class NothingOpen(Refusal):
    def __init__(self) -> None:
        super().__init__("Nothing is open that it could be set against. It stays on account.")


class NotTwoSides(Refusal):
    """An allocation sets a credit against a debit of the same account."""

    def __init__(self) -> None:
        super().__init__("Only money in a company's favour is set against what it owes.")


class UndoneAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("That allocation was taken back already. Look at the account again.")


class SetByItsDeed(Refusal):
    """A write-off, a refund and a reversal are what they are set against."""

    def __init__(self) -> None:
        super().__init__("That is no payment of a bill. Undo the write-off, or enter it anew.")


class StillAllocated(Refusal):
    def __init__(self) -> None:
        super().__init__("That payment is set against bills. Take the allocations back first.")


class SameAccount(Invalid):
    """An item moves to another account."""

    def __init__(self, company: Company) -> None:
        super().__init__(f"It is on the account of {company.name}. Choose another.", field="to")


class NothingToMove(Refusal):
    def __init__(self) -> None:
        super().__init__("Nothing of that is open any more. There is nothing to move.")


class InDispute(Refusal):
    """What is in dispute stays where it is until that is resolved."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"It is in dispute: “{reason}”. Resolve that first.")


class NotAMove(Refusal):
    def __init__(self) -> None:
        super().__init__("That didn't come from another account, or went back. Look at it again.")


class NotAPayment(Refusal):
    def __init__(self) -> None:
        super().__init__("That isn't a payment. Choose a payment of the account.")


class NotAWriteOff(Refusal):
    def __init__(self) -> None:
        super().__init__("That isn't a write-off that stands. Look at the account again.")


class DisputedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("That item is in dispute already. Resolve it first.")


class NotInDispute(Refusal):
    def __init__(self) -> None:
        super().__init__("That item isn't in dispute. Look at the account again.")


class NothingToDispute(Refusal):
    def __init__(self) -> None:
        super().__init__("Nothing of that is owed any more. There is nothing to dispute.")


class AboveTheLimit(Refusal):
    """Somebody above decides."""

    status = 403

    def __init__(self, limit: Money) -> None:
        super().__init__(
            f"You may write off {limit.said} at most of one bill or company in a day. "
            "A manager decides on more.",
            field="amount",
        )


class NothingToTell(Refusal):
    """A statement says what is open, a reminder what is overdue."""

    def __init__(self, company: Company, *, overdue: bool) -> None:
        what = "overdue" if overdue else "open"
        super().__init__(f"Nothing is {what} on the account of {company.name}.")


class BroughtForwardAlready(Refusal):
    def __init__(self, reference: str) -> None:
        super().__init__(
            f"{reference} is brought forward already. Look at the account.", field="reference"
        )


class NotDatedThen(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "What is brought forward was billed before today. Check the day.", field="dated"
        )
