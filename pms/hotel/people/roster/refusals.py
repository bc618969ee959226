"""Why somebody can't have a shift, in sentences."""

from datetime import date, datetime

from pms.base.refusal import Invalid, Refusal
from pms.hotel.house.departments import Department
from pms.hotel.people.employees import Employee, Position
from pms.hotel.people.rules import in_hours


class NotInPosition(Refusal):
    def __init__(self, employee: Employee, position: Position, day: date) -> None:
        super().__init__(
            f"{employee.name} isn't employed as {position.title} on {day:%a %d %b}. "
            "Choose somebody who is.",
            field="employee",
        )


class Absent(Refusal):
    def __init__(self, employee: Employee, day: date, why: str) -> None:
        super().__init__(
            f"{employee.name} is absent on {day:%a %d %b} ({why}). Choose somebody else.",
            field="employee",
        )


class Overlaps(Refusal):
    def __init__(self, employee: Employee, since: datetime, until: datetime) -> None:
        super().__init__(
            f"{employee.name} has a shift from {since:%a %H:%M} to {until:%H:%M} already. "
            "Change that one, or choose somebody else.",
            field="employee",
        )


class TooLittleRest(Refusal):
    def __init__(self, employee: Employee, got: int, least: int) -> None:
        super().__init__(
            f"{employee.name} would rest {in_hours(got)} h between shifts; the least is "
            f"{in_hours(least)} h. Begin later, or choose somebody else.",
            field="employee",
        )


class TooLongADay(Refusal):
    def __init__(self, employee: Employee, minutes: int, most: int) -> None:
        super().__init__(
            f"{employee.name} would work {in_hours(minutes)} h that day; the most is "
            f"{in_hours(most)} h. Make it shorter, or choose somebody else.",
            field="employee",
        )


class TooShortABreak(Refusal):
    def __init__(self, employee: Employee, minutes: int, got: int, least: int) -> None:
        super().__init__(
            f"{employee.name} would work {in_hours(minutes)} h that day with a break of "
            f"{got} min; the least is {least} min. Who makes the roster "
            "can make it longer.",
            field="break_minutes",
        )


class TooLongAWeek(Refusal):
    def __init__(self, employee: Employee, minutes: int, most: int) -> None:
        super().__init__(
            f"{employee.name} would work {in_hours(minutes)} h that week; the most is "
            f"{in_hours(most)} h. Choose somebody with fewer.",
            field="employee",
        )


class MinorsHours(Refusal):
    def __init__(self, employee: Employee, since: str, until: str) -> None:
        super().__init__(
            f"{employee.name} isn't 18 and works between {since} and {until} only.",
            field="employee",
        )


class ForAdults(Refusal):
    def __init__(self, employee: Employee, position: Position) -> None:
        super().__init__(
            f"{employee.name} isn't 18, and {position.title} is for adults.", field="employee"
        )


class NotOfTheDepartment(Invalid):
    def __init__(self, position: Position, department: Department) -> None:
        super().__init__(
            f"{position.title} belongs to {position.department.words.lower()}, not to "
            f"{department.words.lower()}.",
            field="position",
        )


class ShiftGone(Refusal):
    def __init__(self) -> None:
        super().__init__("That shift was cancelled. Put a new one.")


class NothingToPublish(Refusal):
    def __init__(self) -> None:
        super().__init__("Nothing of that week waits to be published.")


class NotOpen(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has that shift already. Look for another open one.")


class ShiftBegun(Refusal):
    def __init__(self, begins: datetime) -> None:
        super().__init__(
            f"That shift began at {begins:%a %H:%M}. Ask who makes the roster to put you on it."
        )


class ShiftOver(Refusal):
    def __init__(self, ended: datetime) -> None:
        super().__init__(f"That shift ended at {ended:%a %H:%M}. Look for another open one.")


class TemplateTaken(Refusal):
    def __init__(self, code: str) -> None:
        super().__init__(f"There is a shift {code} in that department already.", field="code")
