"""What the time clock refuses, in sentences."""

from collections.abc import Sequence
from datetime import date, datetime

from pms.base.refusal import Invalid, Refusal
from pms.hotel.people.employees import Employee

_NAMED = 3


class ClockedIn(Refusal):
    def __init__(self, employee: Employee) -> None:
        super().__init__(f"{employee.name} is at work already. Take a break, or clock out.")


class NotClockedIn(Refusal):
    def __init__(self, employee: Employee) -> None:
        super().__init__(f"{employee.name} isn't at work. Clock in first.")


class NeverClockedOut(Refusal):
    def __init__(self, employee: Employee, since: datetime) -> None:
        super().__init__(
            f"{employee.name} is on the clock since {since:%a %d %b, %H:%M}, more than a day: the "
            "clock-out was forgotten. Clock in for today, and tell a manager when that shift ended."
        )


class OnBreak(Refusal):
    def __init__(self, employee: Employee) -> None:
        super().__init__(f"{employee.name} is on a break. Come back from it first.")


class NotOnBreak(Refusal):
    def __init__(self, employee: Employee) -> None:
        super().__init__(f"{employee.name} is on no break.")


class SameMinute(Refusal):
    def __init__(self) -> None:
        super().__init__("That was this very minute. Wait for the next one.")


class NotEmployed(Refusal):
    def __init__(self, employee: Employee, day: date) -> None:
        super().__init__(
            f"{employee.name} holds no such position on {day:%d %b %Y}. Ask a manager to add it.",
            field="employment",
        )


class TimesOverlap(Invalid):
    def __init__(self, employee: Employee) -> None:
        super().__init__(
            f"{employee.name} has other hours at that time. Correct or strike those.",
            field="started_at",
        )


class OwnHours(Refusal):
    status = 403

    def __init__(self) -> None:
        super().__init__("Nobody corrects their own hours. Ask somebody else who may.")


class FourEyes(Refusal):
    """Who worked or corrected hours doesn't approve them; `alone` where nobody else could."""

    status = 403

    def __init__(self, others: Sequence[str], *, own: bool) -> None:
        self.alone = not others
        what = "These are your own hours" if own else "You corrected these hours"
        if others:
            may = f"{', '.join(others[:_NAMED])}{' and others' if len(others) > _NAMED else ''}"
            says = f"so somebody else approves them: {may} may."
        else:
            says = (
                "and nobody else here may approve them. Say why they are right; it stays with the "
                "approval."
            )
        super().__init__(f"{what}, {says}", field="why" if self.alone else None)


class NotOver(Refusal):
    def __init__(self, employee: Employee, day: date) -> None:
        super().__init__(
            f"{employee.name} never clocked out on {day:%a %d %b}. Say when, then approve."
        )


class NothingToApprove(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "No hours wait for approval there that you may approve. Those that aren't over, your "
            "own and those you corrected are left: open them to see who may."
        )


class Struck(Refusal):
    def __init__(self) -> None:
        super().__init__("These hours were struck. Write new ones down.")


class WrongPin(Refusal):
    status = 422

    def __init__(self) -> None:
        super().__init__("That number and PIN don't go together.", field="pin")


class TooManyPins(Refusal):
    status = 429

    def __init__(self) -> None:
        super().__init__("Too many wrong PINs. Wait a quarter of an hour, or ask a manager.")
