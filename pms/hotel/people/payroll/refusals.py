"""What payroll says no to."""

from collections.abc import Iterable
from datetime import date

from pms.base.refusal import Refusal
from pms.hotel.people.payroll.figures import Gap
from pms.hotel.people.payroll.tables import PayPeriod, PeriodState


class PeriodsMeet(Refusal):
    def __init__(self, before: PayPeriod) -> None:
        super().__init__(
            f"The period before ends on {before.last:%d %b %Y}. Begin on the day after, so that "
            "every day is paid once.",
            field="first",
        )


class AnotherFollows(Refusal):
    def __init__(self, last: PayPeriod) -> None:
        super().__init__(
            f"The period until {last.last:%d %b %Y} comes after this one, and every day is paid "
            "once. Take that one back first."
        )


class WrongState(Refusal):
    def __init__(self, period: PayPeriod, wanted: PeriodState) -> None:
        super().__init__(
            f"This pay period is {period.state.words.lower()}. That is done with one that is "
            f"{wanted.words.lower()}."
        )


class NotOver(Refusal):
    def __init__(self, last: date) -> None:
        super().__init__(
            f"The period isn't over: it locks when {last:%d %b %Y} is closed by the night audit."
        )


class LockInOrder(Refusal):
    def __init__(self, before: PayPeriod) -> None:
        super().__init__(
            f"The period until {before.last:%d %b %Y} isn't locked. Lock that one first."
        )


class SomethingMissing(Refusal):
    def __init__(self, gaps: Iterable[Gap]) -> None:
        super().__init__(" ".join(gap.words for gap in gaps))


class NobodyToPay(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody worked in this period. There is nothing to review.")


class FiguresChanged(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "Hours, rates or tips changed since these figures were reviewed. Reopen the period, "
            "look at them, and review them again."
        )


class OwnReview(Refusal):
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "You reviewed these figures. Somebody else approves them, or reopens the period and "
            "reviews them."
        )


class NotLocked(Refusal):
    def __init__(self) -> None:
        super().__init__("Only a locked period is exported. Lock it first.")
