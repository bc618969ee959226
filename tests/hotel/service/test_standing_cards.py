"""Standing cards: one card given for several rooms pays for each of them, and for nobody else's."""

from datetime import timedelta

import pytest

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.house import staff
from pms.hotel.rooms import policies, rates, web_sales
from pms.hotel.rooms.policies import Asks
from pms.hotel.service import guaranteeing, web_payments
from pms.hotel.service.checkout import Purpose, card_guarantees, cards, intending, standing_cards
from pms.hotel.service.checkout.standing_cards import NotTheirCard
from pms.hotel.stays import web_bookings
from pms.hotel.stays.reservations import Guarantee, separate
from pms.hotel.stays.web_bookings import Asked, Wanted
from pms.web.letters import paying as words
from tests import make
from tests.hotel.service.paying import Till, euros
from tests.hotel.stays import web
from tests.hotel.stays.test_web_bookings import ARRIVAL, SQLITE_ONLY

pytestmark = SQLITE_ONLY


@pytest.fixture
def till(session):
    """A hotel whose plan is guaranteed by card."""
    with clock.set_to(make.NOON):
        till = Till(session)
        with transaction(session):
            policy = make.policy(session, till.house, asks=Asks.CARD)
            plan = rates.by_code(session, till.house, "BAR")
            policies.attach(session, plan, policy, by=till.by)
            web.open_shop(session, till.house)
        yield till
        till.practice.store.close()


def books(till, rooms=2):
    """Book rooms on the web; return them and what is asked for."""
    session, house = till.session, till.house
    with transaction(session):
        asked = Asked(ARRIVAL, ARRIVAL + timedelta(days=2), adults=2)
        shop = web_sales.of(session, house)
        offer, *_ = web_bookings.offered(session, house, shop, asked, pays_online=True)
        one = Wanted(asked, offer.room_type.code, offer.plan.code, offer.total, "Agreed.")
        by = staff.a_guest(session, house)
        made = web_bookings.book_rooms(
            session, house, [one] * rooms, web.booker(), pays_online=True, by=by
        )
        web_payments.ask_rooms_at_booking(session, made, language="en", by=by)
        [request] = web_payments.open_requests(session, made[0])
    return made, request


def test_a_card_given_for_all_rooms_pays_for_each_and_no_more_than_it_owes(till):
    (first, second), request = books(till)
    strangers = till.books(guarantee=Guarantee.CARD)
    till.pays(request)
    [card] = standing_cards.of(till.session, second)
    folio = till.charges(second, 5_000)

    for wrong in ({"amount": euros(5_001), "party": second}, {"amount": euros(1)}):
        with pytest.raises(intending.MoreThanAgreed):
            till.does(intending.charge, card, reason="Minibar", **wrong)
    with pytest.raises(NotTheirCard):
        till.does(intending.charge, card, amount=euros(1), reason="Whim", party=strangers)
    till.does(intending.charge, card, amount=euros(5_000), reason="Minibar", party=second)

    assert card.reservation_id == first.id
    assert till.owes(folio) == 0
    assert standing_cards.of(till.session, strangers) == []


def test_it_stands_as_the_guarantee_of_each_room_until_it_is_forgotten_or_the_room_leaves(till):
    (_, second, third), request = books(till, rooms=3)
    till.pays(request)
    with transaction(till.session):
        second.guarantee = third.guarantee = Guarantee.NONE
        assert guaranteeing.guarantee(till.session, second, Guarantee.CARD, by=till.by)
        separate(till.session, third, by=till.by)
        with pytest.raises(guaranteeing.NoCardKept):
            guaranteeing.guarantee(till.session, third, Guarantee.CARD, by=till.by)


def test_each_room_loses_its_guarantee_when_the_card_for_all_is_forgotten(till):
    rooms, request = books(till, rooms=3)
    till.pays(request)
    own = till.keeps(rooms[2], "mastercard")
    [card] = standing_cards.of(till.session, rooms[1])

    with transaction(till.session):
        cards.end(till.session, card, reason="Asked to", by=till.by)

    assert [each.guarantee for each in rooms] == [Guarantee.NONE, Guarantee.NONE, Guarantee.CARD]
    assert standing_cards.of(till.session, rooms[2]) == [own]


def test_each_room_that_has_no_other_card_loses_its_guarantee_when_it_runs_out(till):
    rooms, request = books(till, rooms=3)
    till.pays(request)
    till.keeps(rooms[0], "mastercard")
    [card] = standing_cards.of(till.session, rooms[1])
    runs_out(till, card)

    till.reconciles()
    till.reconciles()

    till.session.expire_all()
    assert [each.guarantee for each in rooms] == [Guarantee.CARD, Guarantee.NONE, Guarantee.NONE]
    both = f"{rooms[1].number}, {rooms[2].number}"
    assert till.traced() == [f"The card kept for booking {both} has run out. Ask for another"]


def test_a_room_that_the_card_for_all_still_stands_for_has_no_card_that_ran_out(till):
    rooms, request = books(till)
    runs_out(till, till.keeps(rooms[1], "mastercard"))
    assert card_guarantees.expired(till.session, till.house) == [rooms[1]]
    till.pays(request)

    assert card_guarantees.expired(till.session, till.house) == []
    till.reconciles()
    assert [each.guarantee for each in rooms] == [Guarantee.CARD, Guarantee.CARD]


def test_a_card_that_comes_late_guarantees_each_room_again(till):
    rooms, request = books(till)
    with transaction(till.session):
        for each in rooms:
            each.guarantee = Guarantee.NONE

    till.pays(request)

    assert [each.guarantee for each in rooms] == [Guarantee.CARD, Guarantee.CARD]


def test_to_look_at_cards_makes_nobody_who_acts_for_guests(till):
    booked = till.books()
    request = till.asks(Purpose.CARD, reservation=booked)

    assert standing_cards.of(till.session, booked) == []
    assert not standing_cards.is_for_all_rooms(till.session, request)

    assert till.session.scalars(staff.id_of_a_guest(till.house)).all() == []


def runs_out(till, card):
    """The card was good until last month."""
    with transaction(till.session):
        card.expires = f"{make.DAY - timedelta(days=40):%Y-%m}"


def test_a_card_the_desk_asked_for_stands_for_that_room_only(till):
    (first, second), _ = books(till)
    till.keeps(first)

    assert standing_cards.of(till.session, second) == []


def test_the_guest_reads_that_it_is_for_all_rooms_and_of_one_that_it_is_for_one(till):
    (first, _), for_all = books(till)
    _, for_one = books(till, rooms=1)
    by_the_desk = till.asks(Purpose.CARD, reservation=first)

    def consent(request):
        return words.Asked(till.session, till.house, request).consent

    assert f"for all rooms of booking {first.number}" in consent(for_all)
    assert "for all rooms" not in consent(for_one) + consent(by_the_desk)
