"""Checking in: keys, rooms, moves and other days of leaving, from the page to the database."""

from datetime import timedelta
from typing import Any

from pms.base.db import transaction
from pms.hotel.guests.guests import Guest
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms.rooms import Condition
from pms.hotel.stays import reservations, stays
from pms.hotel.stays.reservations import State
from pms.web.database import db
from tests import forms_read, make
from tests.front_office.conftest import Clerk, House


def test_a_prepared_party_is_in_with_one_press(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")

    page = clerk.send(f"/check-in/{party.id}", room=hotel.room("102").id)

    assert "Ana Yamada is in room 102." in page.text
    assert hotel.state("Yamada") is State.IN_HOUSE


def test_who_stayed_before_is_welcomed_back(clerk: Clerk, hotel: House, app: Any) -> None:
    party = hotel.party("Yamada")
    page = f"/check-in/{party.id}"
    assert "Welcome back" not in clerk.get(page).text
    with app.app_context(), transaction(db.session()) as session:
        house = session.get_one(Hotel, hotel.hotel_id)
        guest = session.get_one(Guest, (house.chain_id, party.guest_id))
        by = make.by(session, house)
        never = make.reservation(session, house, guest=guest)
        reservations.cancel(session, never, reason="Ill", by=by)
        here = make.reservation(session, house, guest=guest)
        stays.check_in(session, here, room=make.room(session, house, "104"), by=by)

    assert "Welcome back: 2nd stay here" in clerk.get(page).text


def test_the_page_begins_with_the_room_that_was_given(clerk: Clerk, hotel: House) -> None:
    page = clerk.get(f"/check-in/{hotel.party('Yamada').id}").text

    assert "given to this party" in page
    assert "Still missing: " in page


def test_a_check_in_is_undone_from_the_toast(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")
    clerk.send(f"/check-in/{party.id}", room=hotel.room("102").id)

    page = clerk.press(f"/check-in/{party.id}/undo")

    assert "is expected again" in page.text
    assert hotel.state("Yamada") is State.BOOKED
    assert hotel.room("102").condition is Condition.PICKUP


def test_a_dirty_room_says_so_with_its_cure(clerk: Clerk, hotel: House) -> None:
    hotel.turn("102", Condition.DIRTY)
    party = hotel.party("Yamada")

    page = clerk.send(f"/check-in/{party.id}", room=hotel.room("102").id)

    assert "Room 102 is dirty." in page.text
    assert "Take 103" in page.text
    assert hotel.state("Yamada") is State.BOOKED


def test_no_room_chosen_is_refused(clerk: Clerk, hotel: House) -> None:
    page = clerk.send(f"/check-in/{hotel.party('Åkesson').id}", room="")

    assert "Choose a room first." in page.text


def test_a_page_older_than_its_party_is_refused(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")
    seen = clerk.hidden(f"/check-in/{party.id}")
    clerk.press(f"/check-in/{party.id}/pin", reason="anniversary")

    page = clerk.send(f"/check-in/{party.id}", seen, room=hotel.room("102").id)

    assert "Someone changed this reservation meanwhile" in page.text
    assert hotel.state("Yamada") is State.BOOKED


def test_a_room_is_given_and_taken_back(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Åkesson")

    given = clerk.send(f"/check-in/{party.id}/room", room=hotel.room("104").id)
    taken = clerk.press(f"/check-in/{party.id}/unassign")

    assert "Ana Åkesson has room 104." in given.text
    assert "has no room now" in taken.text
    assert all(night.room_id is None for night in hotel.party("Åkesson").nights)


def test_all_parties_of_the_day_get_their_rooms_at_once(clerk: Clerk, hotel: House) -> None:
    page = clerk.send("/check-in/rooms")

    assert "1 room given" in page.text
    assert hotel.party("Åkesson").nights[0].room_id is not None


def test_a_party_left_without_a_room_is_told_why(clerk: Clerk, hotel: House) -> None:
    suite = hotel.does(
        lambda session, house: (
            make.room_type(session, house, "STE"),
            make.room(session, house, "201", kind=make.room_type(session, house, "STE")),
            make.plan(session, house, make.room_type(session, house, "STE")),
            make.reservation(
                session, house, surname="Holm", kind=make.room_type(session, house, "STE")
            ),
        )
    )
    assert suite
    hotel.does(
        lambda session, house: make.reservation(
            session,
            house,
            surname="Late",
            kind=make.room_type(session, house, "STE"),
            force="promised by the owner",
        )
    )

    page = clerk.send("/check-in/rooms")

    assert "No room of its type is vacant all nights." in page.text


def test_a_party_not_due_is_told_when(clerk: Clerk, hotel: House) -> None:
    tomorrow = make.DAY + timedelta(days=1)
    hotel.does(
        lambda session, house: make.reservation(session, house, surname="Soon", arrival=tomorrow)
    )

    page = clerk.get(f"/check-in/{hotel.party('Soon').id}").text

    assert "The party is due on Sat 21 Nov." in page
    assert "Change the dates" in page


def test_a_party_moves_now_with_a_reason(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Novák")
    address, room = f"/check-in/{party.id}/move", hotel.room("103").id
    today = make.DAY.isoformat()

    without = clerk.send(address, room=room, first=today, reason="")
    done = clerk.send(address, room=room, first=today, reason="noise")

    assert "Say why" in without.text
    assert "is in room 103 now" in done.text
    assert hotel.room("101").condition is Condition.DIRTY


def test_a_longer_stay_is_priced_before_it_is_done(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Novák")
    until = (party.departure + timedelta(days=2)).isoformat()

    shown = clerk.get(f"/check-in/{party.id}/departure?departure={until}").text
    assert "for €200.00" in shown
    assert hotel.party("Novák").departure == party.departure

    seen = clerk.hidden(f"/check-in/{party.id}/departure?departure={until}")
    done = clerk.send(f"/check-in/{party.id}/departure", seen, departure=until)
    assert "leaves on Tue 24 Nov" in done.text
    assert hotel.party("Novák").departure.isoformat() == until


def test_a_shorter_stay_gives_its_nights_back(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Novák")
    until = (party.departure - timedelta(days=1)).isoformat()

    shown = clerk.get(f"/check-in/{party.id}/departure?departure={until}").text
    seen = clerk.hidden(f"/check-in/{party.id}/departure?departure={until}")
    clerk.send(f"/check-in/{party.id}/departure", seen, departure=until)

    assert "−€100.00" in shown
    assert hotel.party("Novák").departure.isoformat() == until


def test_a_party_is_marked_do_not_move_with_a_reason(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")

    refused = clerk.press(f"/check-in/{party.id}/pin", reason="")
    long = clerk.press(f"/check-in/{party.id}/pin", reason="wheel" * 50)
    clerk.press(f"/check-in/{party.id}/pin", reason="wheelchair")
    held = clerk.send(f"/check-in/{party.id}", room=hotel.room("103").id)
    freed = clerk.press(f"/check-in/{party.id}/pin", reason="")

    assert refused.status_code == 422
    assert 'aria-describedby="reason-refuses"' in refused.text
    assert "Say why this very room was promised." in refused.text
    assert forms_read.on(long.text, *2 * [f"/check-in/{party.id}/pin"])["reason"] == ["wheel" * 50]
    assert "marked do not move: wheelchair" in held.text
    assert "may be moved again" in freed.text
