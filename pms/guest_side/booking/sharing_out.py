"""Sharing out: whether rooms of several types do for several parties, each room counted once."""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Kind = TypeVar("Kind", bound=Hashable)


def least(
    wanted: Sequence[Mapping[Kind, int]], free: Mapping[Kind, int], *, house: int | None = None
) -> int | None:
    """Return the least that parties pay who each get a room of their own; None where they can't.

    `wanted` says for each party what each type that suits it costs in minor units, `free` how many
    of each type there are, `house` how many the house as a whole takes. Parties are few: those
    with the least choice choose first, and what can't become cheaper any more isn't followed.
    """
    if house is not None and len(wanted) > house:
        return None
    choices = [
        sorted(
            ((price, kind) for kind, price in each.items() if free.get(kind, 0) > 0),
            key=lambda choice: choice[0],
        )
        for each in sorted(wanted, key=len)
    ]
    if not all(choices):
        return None
    rest = [0]  # the least that all parties from one on pay, wherever they are
    for each in reversed(choices):
        rest.append(rest[-1] + each[0][0])
    return _least(choices, dict(free), list(reversed(rest)), 0, None)


def _least(
    choices: Sequence[Sequence[tuple[int, Kind]]],
    left: dict[Kind, int],
    rest: Sequence[int],
    spent: int,
    best: int | None,
) -> int | None:
    """Give the first party each type in turn, and the others what is left."""
    if not choices:
        return spent
    for price, kind in choices[0]:
        if best is not None and spent + price + rest[1] >= best:
            break
        if left[kind] > 0:
            left[kind] -= 1
            found = _least(choices[1:], left, rest[1:], spent + price, best)
            left[kind] += 1
            best = found if found is not None else best
    return best
