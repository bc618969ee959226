"""Sharing: each day's money of a pool among those who worked it, to the last cent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pms.base.money import Money


@dataclass(frozen=True, slots=True)
class Share:
    """What one person gets of a pool for a day, in minor units, and by how many of how many."""

    day: date
    employee_id: int
    amount: int
    weight: int
    of_weight: int
    of_amount: int


def share(
    takings: Mapping[date, int], work: Mapping[date, Mapping[int, int]], currency: str
) -> tuple[list[Share], int]:
    """Return everybody's shares of each day's money by weight, and what nobody could be given.

    `work` says each day's weights (minutes, or minutes by points). Money of a day on which nobody
    of the pool worked waits for the next one on which somebody did, and what comes after the last
    goes to it. Shares of a day add up to its money: the largest remainders take the odd cents, the
    lower number first. So all of it is given out, unless nobody worked at all.
    """
    worked = sorted(day for day, weights in work.items() if sum(weights.values()) > 0)
    if not worked:
        return [], sum(takings.values())
    due = dict.fromkeys(worked, 0)
    for day, amount in takings.items():
        due[next((each for each in worked if each >= day), worked[-1])] += amount
    shares = []
    for day, amount in due.items():
        weights = {who: weight for who, weight in sorted(work[day].items()) if weight > 0}
        parts = Money(amount, currency).split(list(weights.values()))
        whole = sum(weights.values())
        shares += [
            Share(day, who, part.minor, weight, whole, amount)
            for (who, weight), part in zip(weights.items(), parts, strict=True)
            if part
        ]
    return shares, 0
