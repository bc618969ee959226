"""A promise changed, ended and taken back from its page."""

import re
from datetime import timedelta
from typing import Any

from pms.hotel.guests.guests import Guest
from pms.hotel.house import logbook
from pms.hotel.stays.correspondence import ReservationLetter
from pms.hotel.stays.reservations import State
from pms.web.database import db
from tests import make
from tests.front_office.conftest import Clerk, House


def change(clerk: Clerk, hotel: House, surname: str = "Yamada", **typed: Any) -> Any:
    """Send the page that changes a stay, as it stands but for what is typed."""
    party = hotel.party(surname)
    return clerk.send(
        f"/reservations/{party.id}/change",
        **{
            "do": "amend",
            "arrival": party.arrival.isoformat(),
            "departure": party.departure.isoformat(),
            "room_type": party.type_id,
            "rate_plan": party.plan_id,
            "adults": party.adults,
            "children": party.children,
            **typed,
        },
    )


def test_a_stale_change_takes_what_wasnt_touched_from_the_colleague(
    clerk: Clerk, hotel: House
) -> None:
    party = hotel.party("Yamada")
    asis = {"do": "amend", "arrival": party.arrival, "room_type": party.type_id}
    asis |= {"rate_plan": party.plan_id, "children": party.children}
    later = party.departure + timedelta(days=1)
    address = f"/reservations/{party.id}/change"
    older = clerk.hidden(address)
    clerk.send(address, **asis, departure=party.departure, adults=party.adults + 1)

    refused = clerk.send(address, older, **asis, departure=later, adults=party.adults).text

    assert "Someone changed this reservation meanwhile" in refused
    assert re.search(rf'id="adults"[^>]*value="{party.adults + 1}"', refused)
    assert re.search(rf'id="departure"[^>]*value="{later}"', refused)


def test_the_guarantee_is_changed_with_the_stay_and_refused_beside_its_field(
    clerk: Clerk, hotel: House
) -> None:
    refused = change(clerk, hotel, guarantee="company", reprice="keep").text
    done = change(clerk, hotel, guarantee="card", reprice="keep").text

    assert 'id="guarantee-refuses"' in refused
    assert "The stay is for no company" in refused
    assert "is changed" in done
    assert "By card" in done
    assert hotel.party("Yamada").guarantee.value == "card"


def test_a_change_without_a_difference_does_nothing(app: Any, clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")

    def has_mail(session: Any, _house: Any) -> None:
        session.get(Guest, (party.guest.chain_id, party.guest_id)).email = "h@x.jp"

    hotel.does(has_mail)

    page = change(clerk, hotel, write="y", reprice="keep").text

    assert "Nothing is changed." in page
    assert hotel.party("Yamada").version == party.version
    with app.app_context():
        assert not db.session().query(ReservationLetter).count()
        lines = db.session().query(logbook.Line).filter_by(verb="amended")
        assert not lines.count()
    guest = hotel.party("Yamada").guest
    asis = {"surname": guest.surname, "given_name": guest.given_name, "email": "h@x.jp"}
    kept = clerk.send(f"/guests/{guest.id}", **asis, language=guest.language or "")
    assert "Nothing is changed." in kept.text


def test_a_search_that_finds_nobody_to_come_says_who_is_cancelled(
    clerk: Clerk, hotel: House
) -> None:
    party = hotel.party("Yamada")
    clerk.send(f"/reservations/{party.id}/cancel", reason="ill")

    page = clerk.get(f"/reservations?q={party.number}").text
    named = clerk.get("/reservations?q=yamada&show=in_house").text

    assert f"Nobody to come answers to “{party.number}”." in page
    assert "Nobody in house answers to" in named
    for each in (page, named):
        assert "This one does:" in each
        assert f"/reservations/{party.id}" in each
    assert "in whatever state" in clerk.get("/reservations?q=987654321").text


def better(hotel: House) -> tuple[int, int]:
    """Open a plan at 130.00; return its id and the type's."""

    def opened(session: Any, house: Any) -> tuple[int, int]:
        kind = make.room_type(session, house)
        return make.plan(session, house, kind, "FLEX", price="130.00").id, kind.id

    opened_now: tuple[int, int] = hotel.does(opened)
    return opened_now


def test_both_prices_are_shown_before_one_is_taken(clerk: Clerk, hotel: House) -> None:
    plan, _ = better(hotel)

    page = clerk.get(f"/reservations/{hotel.party('Yamada').id}/change?rate_plan={plan}").text

    assert "now €200.00" in page
    assert "€260.00" in page


def test_another_plan_asks_which_price(clerk: Clerk, hotel: House) -> None:
    plan, _ = better(hotel)

    asked = change(clerk, hotel, rate_plan=plan)
    assert "Say whether the party keeps its price" in asked.text

    done = change(clerk, hotel, rate_plan=plan, reprice="anew")
    assert "is changed" in done.text
    assert [night.price for night in hotel.party("Yamada").nights] == [13_000, 13_000]


def test_other_dates_keep_the_price_that_was_promised(clerk: Clerk, hotel: House) -> None:
    until = (make.DAY + timedelta(days=3)).isoformat()

    page = change(clerk, hotel, departure=until, reprice="keep")

    assert "is changed" in page.text
    assert hotel.party("Yamada").departure.isoformat() == until


def test_dates_that_cannot_be_are_refused_with_what_was_typed(clerk: Clerk, hotel: House) -> None:
    page = change(clerk, hotel, departure=(make.DAY - timedelta(days=2)).isoformat())

    assert 'role="alert"' in page.text
    assert "2026-11-18" in page.text


def test_a_cancellation_says_its_number_and_can_be_undone(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")

    without = clerk.send(f"/reservations/{party.id}/cancel", reason="")
    done = clerk.send(f"/reservations/{party.id}/cancel", reason="ill")
    assert "Say why" in without.text
    assert f"number is {hotel.party('Yamada').cancel_number}" in done.text

    back = clerk.press(f"/reservations/{party.id}/take-back")
    assert "is expected on Fri 20 Nov again" in back.text
    assert hotel.state("Yamada") is State.BOOKED


def test_a_no_show_gives_its_nights_back(clerk: Clerk, hotel: House) -> None:
    clerk.send(f"/reservations/{hotel.party('Yamada').id}/no-show", scope="all")

    assert hotel.state("Yamada") is State.NO_SHOW


def test_a_no_show_may_be_expected_tomorrow(clerk: Clerk, hotel: House) -> None:
    page = clerk.send(f"/reservations/{hotel.party('Yamada').id}/no-show", scope="tonight")

    assert "is expected tomorrow" in page.text
    assert hotel.party("Yamada").arrival == make.DAY + timedelta(days=1)


def test_a_no_show_is_reinstated(clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Yamada")
    clerk.send(f"/reservations/{party.id}/no-show", scope="all")

    page = clerk.send(f"/reservations/{party.id}/reinstate")

    assert "again" in page.text
    assert hotel.state("Yamada") is State.BOOKED


def test_the_page_shows_what_can_be_done_and_why_the_rest_cannot(
    clerk: Clerk, hotel: House
) -> None:
    page = clerk.get(f"/reservations/{hotel.party('Novák').id}").text

    assert "Check out of 101" in page
    assert "Change room" in page
    assert "It is neither cancelled nor a no-show." in page


def test_rooms_of_one_booking_know_each_other(clerk: Clerk, hotel: House) -> None:
    first = hotel.party("Yamada")
    hotel.does(
        lambda session, house: make.reservation(
            session, house, surname="Second", with_booking=session.merge(first, load=False)
        )
    )

    assert "Ana Second" in clerk.get(f"/reservations/{first.id}").text


def test_a_room_is_taken_out_of_its_booking_and_put_back(clerk: Clerk, hotel: House) -> None:
    first = hotel.party("Yamada")
    second = hotel.does(
        lambda session, house: (
            make.reservation(
                session, house, surname="Second", with_booking=session.merge(first, load=False)
            ).id
        )
    )
    page = f"/reservations/{second}"

    said = clerk.press(f"{page}/separate", page).text
    assert f"Put it back into booking {first.number}" in said
    assert "It is a booking of its own" in said
    assert f"is of booking {first.number} again" in clerk.press(f"{page}/put-back", page).text
    assert "wasn&#39;t taken out" in clerk.press(f"{page}/put-back", page).text
