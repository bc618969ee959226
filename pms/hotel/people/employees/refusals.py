"""What is refused about employees, in sentences."""

from datetime import date

from pms.base.refusal import Refusal
from pms.hotel.people.employees.tables import Employee, Position


class NumberTaken(Refusal):
    def __init__(self, number: str) -> None:
        super().__init__(
            f"Another employee has the number {number}. Choose the next.", field="number"
        )


class OwnSignIn(Refusal):
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "That is your own sign-in: somebody else takes it off, so that nobody approves their "
            "own hours.",
            field="sign_in",
        )


class SignInTaken(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} signs in with that already.", field="sign_in")


class PayrollNumberTaken(Refusal):
    def __init__(self, number: str, name: str) -> None:
        super().__init__(f"{number} is {name}'s there. Check the number.", field="number")


class HasLeft(Refusal):
    def __init__(self, employee: Employee, left_on: date) -> None:
        super().__init__(
            f"{employee.name} left on {left_on:%d %b %Y}. Let them stay, or hire them anew."
        )


class HasNotLeft(Refusal):
    def __init__(self, employee: Employee) -> None:
        super().__init__(f"{employee.name} works here: there is no leaving to take back.")


class HeldAlready(Refusal):
    def __init__(self, employee: Employee, position: Position) -> None:
        super().__init__(
            f"{employee.name} is {position.title} in those days already. End that first.",
            field="position",
        )


class TooYoung(Refusal):
    def __init__(self, employee: Employee, position: Position) -> None:
        super().__init__(
            f"{employee.name} isn't 18 on that day, and {position.title} is for adults.",
            field="position",
        )


class BeginsLater(Refusal):
    def __init__(self, employee: Employee, day: date) -> None:
        super().__init__(
            f"{employee.name} begins a position on {day:%d %b %Y}. They leave then, or later.",
            field="left_on",
        )
