"""What a cashier is refused, and the way out of each."""

from pms.base.money import Money
from pms.base.refusal import Invalid, Refusal


class ShiftOpenAlready(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has a shift open already. Count and close that one first.")


class NoShift(Refusal):
    def __init__(self) -> None:
        super().__init__("Cash goes through a drawer here. Open your shift at the cashier first.")


class ForeignWithoutShift(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Foreign notes go into a drawer. Open your shift at the cashier first.",
            field="tendered",
        )


class BeingCounted(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "This drawer is being counted. Close the shift, or go back to work, then try again."
        )


class NotBeingCounted(Refusal):
    def __init__(self) -> None:
        super().__init__("This drawer isn't being counted. Begin the count first.")


class ShiftOver(Refusal):
    def __init__(self) -> None:
        super().__init__("This shift is closed and counted. Open a new one.")


class CountedSince(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "The drawer this went through is counted and closed. Refund it instead.",
            field="payment",
        )


class NotYourShift(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"This is {name}'s drawer. Use your own shift, or ask a manager.")


class YourOwnShift(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody reviews their own drawer. Ask somebody else who may.")


class CountedByYou(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "You counted this drawer yourself. Somebody else accepts it, or counts it again."
        )


class DropTakenBack(Refusal):
    def __init__(self) -> None:
        super().__init__("This drop is taken back already. Look at the shift again.")


class NotToReview(Refusal):
    def __init__(self) -> None:
        super().__init__("This shift isn't waiting for a review. Look at it again.")


class NothingCounted(Invalid):
    def __init__(self, currency: str) -> None:
        super().__init__(
            f"The {currency} in the drawer isn't counted. Count it, none included.",
            field=currency.lower(),
        )


class NotTaken(Invalid):
    def __init__(self, currency: str) -> None:
        super().__init__(
            f"The house takes no {currency[:8]}. Choose another currency, or set its rate.",
            field="currency",
        )


class NotInNotes(Invalid):
    def __init__(self, smallest: Money, *, field: str) -> None:
        super().__init__(
            f"Foreign money is taken in notes; the smallest is {smallest.said}.",
            field=field,
        )


class WorthLess(Invalid):
    def __init__(self, tendered: Money, worth: Money) -> None:
        super().__init__(
            f"{tendered.said} is worth {worth.said}. Take that amount, or ask for more.",
            field="tendered",
        )


class NotThere(Refusal):
    def __init__(self, there: Money, *, field: str = "amount") -> None:
        super().__init__(f"There are {there.said} there. Write that, or less.", field=field)


class SafeTooEmpty(Refusal):
    """The safe would owe; how much lies there is said to nobody who only has a drawer."""

    def __init__(self, wanted: Money, *, field: str | None = None) -> None:
        super().__init__(
            f"The safe doesn't hold {wanted.said} by the books. Bring money into it first: who "
            "keeps the cash books what comes from the bank under Safe.",
            field=field,
        )


class NothingLeftOver(Refusal):
    def __init__(self, currency: str) -> None:
        super().__init__(
            f"Nothing of {currency} stands in the books without its notes. Look at the safe again."
        )


class BankedSince(Refusal):
    def __init__(self, banked: Money) -> None:
        super().__init__(
            f"{banked.said} of that went to the bank since. Undo today's banking first; what the "
            "bank took on an earlier day was there, so count again.",
            field=banked.currency.lower(),
        )


class BankingUndone(Refusal):
    def __init__(self) -> None:
        super().__init__("That banking is undone already. Look at the safe again.")


class BankedAnotherDay(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Only today's banking is undone. Correct it with the bank, and bank the rest."
        )
