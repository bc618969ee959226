"""Sharing out: every room once, nobody farther than a room from fair, floors together."""

from hypothesis import given
from hypothesis import strategies as st

from pms.hotel.service.housekeeping.sharing import Hand, Piece, fair, share


@st.composite
def days(draw):
    """A morning: rooms of some minutes on some floors, and hands with some work already."""
    floors = draw(st.lists(st.integers(0, 30), min_size=1, max_size=6))
    minutes = st.integers(1, 60)
    pieces, key = [], 0
    for floor, count in enumerate(floors):
        for _ in range(count):
            key += 1
            pieces.append(Piece(key, f"{floor}{key:02}", str(floor), draw(minutes)))
    hands = [
        Hand(
            number,
            f"Hand {number}",
            draw(st.integers(30, 480)),
            draw(st.integers(0, 300)),
            frozenset(map(str, draw(st.sets(st.integers(0, 5), max_size=2)))),
        )
        for number in range(draw(st.integers(1, 8)))
    ]
    return pieces, hands


@given(days())
def test_every_room_goes_to_somebody_once_and_nobody_is_a_room_from_fair(day):
    pieces, hands = day

    given_ = share(pieces, hands)

    assert sorted(each.piece.key for each in given_) == [piece.key for piece in pieces]
    if not pieces:
        return
    longest = max(piece.minutes for piece in pieces)
    shares = fair(hands, sum(piece.minutes for piece in pieces))
    assert sum(shares.values()) == sum(p.minutes for p in pieces) + sum(h.has for h in hands)
    for hand in hands:
        has = hand.has + sum(e.piece.minutes for e in given_ if e.hand.key == hand.key)
        assert abs(has - shares[hand.key]) <= longest
    assert all(each.why for each in given_)


@given(days())
def test_each_walks_by_doors_that_follow_each_other(day):
    pieces, hands = day

    given_ = share(pieces, hands)

    places = {piece.key: place for place, piece in enumerate(pieces)}
    for hand in hands:
        mine = [places[each.piece.key] for each in given_ if each.hand.key == hand.key]
        assert mine == list(range(mine[0], mine[0] + len(mine))) if mine else True


def test_equal_floors_go_whole_and_say_so():
    pieces = [
        Piece(n, str(n), str(n // 100), 20) for f in (1, 2) for n in range(f * 100, f * 100 + 5)
    ]

    given_ = share(pieces, [Hand(1, "Amira", 420), Hand(2, "Hoa", 420)])

    assert {(each.piece.floor, each.hand.name) for each in given_} == {("1", "Amira"), ("2", "Hoa")}
    assert {each.why for each in given_} == {"All of floor 1.", "All of floor 2."}


def test_who_has_a_floor_already_goes_on_there_and_gets_less():
    pieces = [Piece(n, str(n), "2", 30) for n in range(201, 207)]

    given_ = share(
        pieces, [Hand(1, "Amira", 420), Hand(2, "Hoa", 420, has=60, floors=frozenset("2"))]
    )

    hoa = [each for each in given_ if each.hand.name == "Hoa"]
    assert [each.piece.door for each in hoa] == ["201", "202"]
    assert hoa[0].why == (
        "Floor 2 is split to be fair: 201 to 202 are together. Hoa is on this floor already."
    )


def test_who_is_there_half_the_time_gets_half():
    pieces = [Piece(n, str(n), "1", 20) for n in range(9)]

    given_ = share(pieces, [Hand(1, "Amira", 400), Hand(2, "Hoa", 200)])

    assert sum(each.hand.name == "Hoa" for each in given_) == 3
