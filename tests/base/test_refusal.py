"""Refusals: a sentence for people, a name for machines."""

from pms.base.refusal import Busy, Invalid, Refusal, Stale


class RoomTaken(Refusal):
    def __init__(self, number: str) -> None:
        super().__init__(f"Room {number} is taken.", field="room", number=number)


def test_a_refusal_says_its_sentence_field_name_and_parameters() -> None:
    refusal = RoomTaken("204")

    assert str(refusal) == refusal.sentence == "Room 204 is taken."
    assert refusal.field == "room"
    assert refusal.message_id == "room_taken"
    assert refusal.parameters == {"number": "204"}
    assert refusal.status == 409


def test_what_cant_be_what_it_says_is_told_apart_from_what_is_not_allowed_now() -> None:
    assert Invalid("No.").status == 422
    assert Busy().status == 503
    assert Stale("folio").message_id == "stale"
    assert "folio" in Stale("folio").sentence
