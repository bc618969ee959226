"""Sharing out: rooms in door order, cut where each has had a fair share; floors stay together.

Every attendant's fair share is the same part of their time: those who have much on their sheet
already get less, by filling up to one level. Then the doors are walked once, and the walk is cut
where the shares end, at the nearest door, or at the end of a floor if that is as near. A cut is
never farther from its place than half the longest room, so nobody is more than the longest room
away from their fair share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Piece:
    """A room to be cleaned, in the order in which one walks by the doors."""

    key: int
    door: str
    floor: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Hand:
    """An attendant: for how long they are there, and what is on their sheet already."""

    key: int
    name: str
    minutes: int
    has: int = 0
    floors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """A room given to somebody, and why."""

    piece: Piece
    hand: Hand
    why: str


def fair(hands: Sequence[Hand], minutes: int) -> dict[int, Fraction]:
    """Return what each should have in all when so many minutes are added, fairly by their time.

    Who has more than that already keeps it and gets nothing: the others fill up to one level.
    """
    left = list(hands)
    while True:
        whole = sum(hand.minutes for hand in left)
        level = Fraction(minutes + sum(hand.has for hand in left), whole)
        over = [hand for hand in left if hand.has > level * hand.minutes]
        if not over:
            break
        left = [hand for hand in left if hand not in over]
    stays = {hand.key for hand in left}
    return {
        hand.key: level * hand.minutes if hand.key in stays else Fraction(hand.has)
        for hand in hands
    }


def share(pieces: Sequence[Piece], hands: Sequence[Hand]) -> list[Given]:
    """Give every room to one of the hands; each ends within the longest room of what is fair."""
    if not pieces:
        return []
    walk = _walk(pieces, hands)
    shares = fair(walk, sum(piece.minutes for piece in pieces))
    ends = list(accumulate(shares[hand.key] - hand.has for hand in walk))
    cuts = [0, *_cuts(pieces, ends[:-1]), len(pieces)]
    given: list[Given] = []
    for hand, first, last in zip(walk, cuts, cuts[1:], strict=False):
        mine = pieces[first:last]
        given += [Given(piece, hand, _why(piece, hand, mine, pieces)) for piece in mine]
    return given


def _walk(pieces: Sequence[Piece], hands: Sequence[Hand]) -> list[Hand]:
    """Order the hands as they come along the doors: who is on a floor already begins there."""
    first: dict[str, int] = {}
    for place, piece in enumerate(pieces):
        first.setdefault(piece.floor, place)

    def begins(hand: Hand) -> tuple[int, str, int]:
        places = [first[floor] for floor in hand.floors if floor in first]
        return (min(places, default=len(pieces)), hand.name, hand.key)

    return sorted(hands, key=begins)


def _cuts(pieces: Sequence[Piece], ends: Sequence[Fraction]) -> list[int]:
    """Return before which door each share ends, the last share apart."""
    gone = [0, *accumulate(piece.minutes for piece in pieces)]
    doors = range(len(gone))
    floors = [
        place
        for place in doors
        if place in (0, len(pieces)) or pieces[place - 1].floor != pieces[place].floor
    ]
    half = Fraction(max(piece.minutes for piece in pieces), 2)
    found: list[int] = []
    for end in ends:
        nearest = min(doors, key=lambda place, end=end: abs(gone[place] - end))  # type: ignore[misc]
        floor = min(floors, key=lambda place, end=end: abs(gone[place] - end))  # type: ignore[misc]
        cut = floor if abs(gone[floor] - end) <= half else nearest
        found.append(max(cut, found[-1] if found else 0))
    return found


def _why(piece: Piece, hand: Hand, mine: Sequence[Piece], pieces: Sequence[Piece]) -> str:
    """Say why a room is with somebody, in a sentence they can check."""
    there = [each for each in pieces if each.floor == piece.floor]
    ours = [each for each in mine if each.floor == piece.floor]
    if len(there) == len(ours):
        said = f"All of floor {piece.floor}."
    else:
        said = (
            f"Floor {piece.floor} is split to be fair: "
            f"{ours[0].door} to {ours[-1].door} are together."
        )
        if len(ours) == 1:
            said = f"Floor {piece.floor} is split to be fair, and this room evens it out."
    return f"{said} {hand.name} is on this floor already." if piece.floor in hand.floors else said
