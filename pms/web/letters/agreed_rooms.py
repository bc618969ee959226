"""Agreed rooms: what guarantees each room of a booking, and its terms; once where all are alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from pms.base.money import Money
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.policies import Policy, terms_of
from pms.hotel.stays.promised import PromisedRoom
from pms.hotel.stays.reservations import Guarantee, Reservation, agreed, kept_until
from pms.web.letters import agreeing
from pms.web.letters.agreeing import Speaks


class Names(Speaks, Protocol):
    """What says phrases, and the house's own names, in one language."""

    def name(self, own: str) -> str:
        """Say what the house calls a thing."""


@dataclass(frozen=True, slots=True)
class AgreedRoom:
    """What is agreed of one room; of all, where it has no name.

    `guarantee` is which phrase says what guarantees it, and until when it is kept.
    """

    room: str
    guarantee: str
    sentences: tuple[str, ...]


def of(
    session: Session,
    hotel: Hotel,
    tongue: Names,
    rooms: Sequence[PromisedRoom],
    held: Mapping[int, Money],
) -> list[AgreedRoom]:
    """Return what was agreed of a booking's rooms: one question, however many they are.

    `held` is what was paid for each (by its id) before the arrival: who paid makes the hotel sure.
    """
    parties = [room.reservation for room in rooms]
    policies = agreed.policies_of(session, hotel, parties)
    found = [_of(hotel, tongue, each, policies.get(each.id), held) for each in parties]
    if len({(each.guarantee, each.sentences) for each in found}) == 1:
        return [AgreedRoom("", found[0].guarantee, found[0].sentences)]
    return found


def _of(
    hotel: Hotel,
    tongue: Names,
    party: Reservation,
    policy: Policy | None,
    held: Mapping[int, Money],
) -> AgreedRoom:
    sentences: list[str] = []
    if policy is not None:
        is_sure = party.guarantee is not Guarantee.NONE or bool(held.get(party.id))
        sentences = agreeing.sentences(
            tongue, hotel, terms_of(policy), arrival=party.arrival, booked_on=party.booked_on,
            promised_at=party.promised_at, is_sure=is_sure,
        )  # fmt: skip
    room = f"{tongue.name(party.room_type.name)} ({party.number})"
    return AgreedRoom(room, _guarantee(hotel, party), tuple(sentences))


def _guarantee(hotel: Hotel, party: Reservation) -> str:
    late = kept_until(hotel, party.arrival, party.promised_at) is None
    return "none_late" if party.guarantee is Guarantee.NONE and late else party.guarantee.value
