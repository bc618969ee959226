"""Key orders: said to the lock system after the commit, its answers looked for and settled."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, transaction
from pms.hotel.house import jobs
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Claim
from pms.hotel.stays.keys import JOB, Key, KeyState

LOOK = "look for keys"
LOOKS = 10
LONGEST_ANSWER = 200


class Answer(Protocol):
    """What a lock system said to the order of a key."""

    @property
    def file(self) -> Path:
        """Where it lies, to be taken away once it is written down."""

    @property
    def key_id(self) -> int:
        """Which key it is about."""

    @property
    def made(self) -> bool:
        """Whether the key was made."""

    @property
    def words(self) -> str:
        """The serial of the key, or why there is none."""


class Drop(Protocol):
    """Where orders are dropped and answers lie."""

    def order(self, order: Mapping[str, Any]) -> None:
        """Drop an order."""

    def answers(self) -> Iterable[Answer]:
        """Yield what was answered since."""


def handlers(drop_of: Callable[[str], Drop]) -> dict[str, jobs.Handler]:
    """Return who does the keys' jobs; `drop_of` gives the folder for a hotel's code."""

    def order(session: Session, claim: Claim) -> None:
        hotel = session.get_one(Hotel, claim.hotel_id)
        words, drop = order_words(session, hotel, claim.payload), drop_of(hotel.code)
        makes, key_id = claim.payload["verb"] == "make", claim.payload["key"]
        is_wanted = not makes or _is_ordered(session, hotel, key_id)
        session.rollback()  # nothing is open while the outside is spoken to
        if not is_wanted:
            return  # it was cancelled before the share came back
        drop.order(words)
        if not makes:
            return
        with transaction(session):
            still = _is_ordered(session, hotel, key_id)
            if still:
                _look_again(session, hotel, key_id, 1)
        if not still:
            drop.order(words | {"order": f"cancel-{key_id}", "verb": "cancel"})

    def look(session: Session, claim: Claim) -> None:
        hotel = session.get_one(Hotel, claim.hotel_id)
        code = hotel.code
        session.rollback()
        for answer in drop_of(code).answers():
            with transaction(session):
                settle(session, hotel, answer.key_id, made=answer.made, words=answer.words)
            answer.file.unlink(missing_ok=True)
        with transaction(session):
            asked = session.get_one(Key, {"hotel_id": hotel.id, "id": claim.payload["key"]})
            if asked.state is KeyState.ORDERED and claim.payload["look"] < LOOKS:
                _look_again(session, hotel, asked.id, claim.payload["look"] + 1)

    return {JOB: order, LOOK: look}


def _is_ordered(session: Session, hotel: Hotel, key_id: int) -> bool:
    found = session.get_one(Key, {"hotel_id": hotel.id, "id": key_id}, populate_existing=True)
    return found.state is KeyState.ORDERED


def _look_again(session: Session, hotel: Hotel, key_id: int, look: int) -> None:
    """Look for the answer after 2, 4, 8 … seconds, and for half an hour in all."""
    jobs.enqueue(
        session, hotel, LOOK, {"key": key_id, "look": look}, key=f"keys/look/{key_id}/{look}",
        run_at=clock.now() + timedelta(seconds=2**look),
    )  # fmt: skip


def order_words(session: Session, hotel: Hotel, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return an order as it is said to the lock system: ids, room and days, and nobody's name."""
    found = session.get_one(Key, {"hotel_id": hotel.id, "id": payload["key"]})
    return {
        "order": f"{payload['verb']}-{found.id}",
        "hotel": hotel.code,
        "verb": payload["verb"],
        "key": str(found.id),
        "room": found.room.number,
        "copy": found.no,
        "from": found.made_at.isoformat(),
        "until": found.until.isoformat(),
    }


def settle(session: Session, hotel: Hotel, key_id: int, *, made: bool, words: str) -> None:
    """Write down what the lock system answered; an answer to a key that was ended changes nothing.

    Said twice, the second time changes nothing, too.
    """
    found = session.get(Key, {"hotel_id": hotel.id, "id": key_id})
    if found is None:
        return
    lock(session, found)
    if found.state is not KeyState.ORDERED:
        return
    found.answer = words[:LONGEST_ANSWER] or None
    found.state = KeyState.ISSUED if made else KeyState.REFUSED
    found.ended_at = None if made else clock.now()
    session.flush()
