"""What maintenance says no to."""

from collections.abc import Sequence

from pms.base.refusal import Refusal
from pms.hotel.rooms.rooms import Room
from pms.hotel.service.maintenance.tables import WorkOrder


class WrongOrderStep(Refusal):
    def __init__(self, order: WorkOrder, why: str) -> None:
        super().__init__(f"Work order {order.number} is {order.state.words.lower()}: {why}.")


class NotARoom(Refusal):
    def __init__(self, order: WorkOrder) -> None:
        super().__init__(f"{order.place} is no room that is sold: nothing is kept from guests.")


class KeptAlready(Refusal):
    def __init__(self, room: Room) -> None:
        super().__init__(
            f"Room {room.number} is kept from guests for this already. Return it first, then say "
            "other nights."
        )


class WouldDisplace(Refusal):
    """Somebody has the room on those nights, and whoever presses hasn't seen that."""

    def __init__(self, room: Room, names: Sequence[str]) -> None:
        super().__init__(
            f"Room {room.number} is promised on those nights to {_listed(names)}. "
            "Look at who would lose it, and confirm.",
            field="confirmed",
        )


class PartyIsInside(Refusal):
    def __init__(self, room: Room, name: str) -> None:
        super().__init__(
            f"{name} is in room {room.number}. Move the party first, or say why it is a fact all "
            "the same.",
            field="force",
        )


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
