"""Rooms of one web booking: all or none, each at the price it was shown, let go together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import repeat

import pytest
import sqlalchemy as sa

from pms import worker
from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.hotel.books.payments import Method
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Claim
from pms.hotel.house.outbox import Letter
from pms.hotel.rooms import inventory, policies, rates, web_sales, yields
from pms.hotel.rooms.policies import Asks
from pms.hotel.rooms.yields import Does
from pms.hotel.service import booked_rooms, unpaid_bookings, web_payments
from pms.hotel.service.checkout import (
    PaymentRequest,
    Purpose,
    RequestState,
    asking,
    intending,
    modes,
)
from pms.hotel.stays import guest_links, settlements, web_bookings
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.reservations import Guarantee, Reservation, State, cancel, reinstate
from pms.hotel.stays.traces import Trace
from pms.hotel.stays.web_bookings import Asked, NotSoldNow, NotTogether, PriceIsAnother, Wanted
from pms.web import letters
from tests import make
from tests.hotel.books.races import at_once, wait_for_one_who_waits
from tests.hotel.stays import web
from tests.hotel.stays.test_web_bookings import ARRIVAL, SQLITE_ONLY, house, noon, prepaid

__all__ = ["house", "noon", "prepaid"]  # fixtures
LATER = make.NOON + timedelta(hours=3)


def suite(session, house, rooms=2):
    """Another type, at the same price, with so many rooms."""
    kind = make.room_type(session, house, "SUI", rank=9)
    for no in range(rooms):
        make.room(session, house, f"90{no}", kind=kind)
    inventory.extend(session, house, until=house.business_date + timedelta(days=60))
    make.plan(session, house, kind)
    return web.open_shop(session, house)


def wanted(session, house, *kinds, arrival=ARRIVAL):
    """The wish for rooms of these types for two nights, at the prices of now, terms accepted."""
    asked = Asked(arrival, arrival + timedelta(days=2), adults=2)
    shop = web_sales.of(session, house)
    found = web_bookings.offered(session, house, shop, asked, pays_online=True)
    return [
        Wanted(asked, kind, "BAR", web_bookings.find(found, kind, "BAR").total, "Agreed.")
        for kind in kinds or ("DBL",)
    ]


def books(session, house, asked, *, pays_online=False):
    """Book on the web."""
    by = staff.a_guest(session, house)
    return web_bookings.book_rooms(
        session, house, asked, web.booker(), pays_online=pays_online, by=by
    )


def counted(session):
    """How many rooms were booked on the web."""
    there = sa.select(sa.func.count()).where(Reservation.channel == web_bookings.CHANNEL)
    return session.scalar(there)


@SQLITE_ONLY
def test_what_is_kept_of_each_room_is_what_was_shown_of_it(session, house):
    with transaction(session):
        first, second = books(session, house, wanted(session, house, "DBL", "DBL"))

    assert {first.booking_number, second.booking_number} == {first.number}
    assert first.guest_id == second.guest_id
    kept = session.scalars(sa.select(web_bookings.WebBooking)).all()
    assert {each.reservation_id for each in kept} == {first.id, second.id}
    assert {each.total for each in kept} == {20_000}


@SQLITE_ONLY
def test_too_many_rooms_other_nights_and_more_than_is_free_are_refused(session, house):
    def refuses(refusal, asked):
        with pytest.raises(refusal), transaction(session):
            books(session, house, asked)

    later = wanted(session, house, arrival=ARRIVAL + timedelta(days=1))
    refuses(NotTogether, [])
    refuses(NotTogether, wanted(session, house, *repeat("DBL", web_bookings.MOST_ROOMS + 1)))
    refuses(NotTogether, [*wanted(session, house), *later])
    refuses(NotSoldNow, wanted(session, house, *repeat("DBL", 5)))
    dearer = wanted(session, house, "DBL", "DBL")
    dearer[1] = Wanted(dearer[1].asked, "DBL", "BAR", Money(19_999, "EUR"), "Agreed.")
    with pytest.raises(PriceIsAnother) as refused, transaction(session):
        books(session, house, dearer)
    assert refused.value.now == Money(40_000, "EUR")
    assert counted(session) == 0


@SQLITE_ONLY
def test_the_first_rooms_make_the_last_no_dearer_nor_shut_it(session, house):
    """Of four rooms the second makes half, from which on the house asks for more."""
    with transaction(session):
        by = make.by(session, house)
        yields.add(session, house, make.rule(make.DAY, mark=25), by=by)
        shut = make.rule(make.DAY, name="Full", mark=50, does=Does.CLOSED, value=None)
        yields.add(session, house, shut, by=by)
    with transaction(session):
        made = books(session, house, wanted(session, house, "DBL", "DBL", "DBL"))

    prices = [[night.price for night in each.nights] for each in made]
    assert prices == [[10_000, 10_000]] * 3


def test_of_two_guests_at_once_one_gets_the_last_two_rooms_and_the_other_none(
    session, house, engine
):
    with transaction(session):
        for _ in range(2):
            make.reservation(session, house, arrival=ARRIVAL)
        staff.a_guest(session, house)
    asked = wanted(session, house, "DBL", "DBL")
    session.commit()

    def deed(other):
        with clock.set_to(make.NOON):
            return len(books(other, other.get_one(Hotel, house.id), asked))

    answers = at_once(engine, deed)

    assert sorted(str(type(each).__name__) for each in answers) == ["NotSoldNow", "int"]
    assert counted(session) == 2
    left = inventory.availability(session, house, ARRIVAL, ARRIVAL + timedelta(days=2))
    assert left[0].rooms == 0


# --- paid together, or let go together ------------------------------------------------------------


def _asked_for(session, house, *kinds):
    """Book rooms whose price is paid at once; return them and what is asked for."""
    made = books(session, house, wanted(session, house, *kinds), pays_online=True)
    by = staff.a_guest(session, house)
    web_payments.ask_rooms_at_booking(session, made, language="de", by=by)
    first = made[0]
    rooms = booked_rooms.of(session, house, guest_links.rooms(session, first))
    request = web_payments.to_do_first(session, first, rooms, language="de", by=by)
    return made, request


def _let_go(session, house):
    by = staff.the_house(session, house)
    with clock.set_to(LATER), transaction(session):
        asking.expire_due(session, house, by=by, limit=20)
        return len(unpaid_bookings.let_go(session, house, by=by, limit=1))  # as the worker does


def test_rooms_that_nobody_pays_in_time_are_let_go_together(session, prepaid):
    with transaction(session):
        suite(session, prepaid)
    with transaction(session):
        made, request = _asked_for(session, prepaid, "DBL", "SUI")
        others, _ = _asked_for(session, prepaid, "SUI", "DBL")
    assert (request.purpose, request.amount) == (Purpose.ROOMS, 40_000)

    assert [_let_go(session, prepaid) for _ in range(3)] == [2, 2, 0]

    assert {each.state for each in (*made, *others)} == {State.CANCELLED}
    left = inventory.availability(session, prepaid, ARRIVAL, ARRIVAL + timedelta(days=1))
    assert [each.rooms for each in left] == [4, 2]


@SQLITE_ONLY
def test_a_room_without_a_promise_of_money_goes_with_those_that_promised_some(session, prepaid):
    with transaction(session):
        by = make.by(session, prepaid)
        free = make.plan(session, prepaid, code="FREE")
        bar = rates.by_code(session, prepaid, "BAR")
        web_sales.write(
            session, prepaid,
            web_sales.Shop(True, plans={bar.id: "", free.id: ""},
                           types=web_sales.of(session, prepaid).types),
            by=by,
        )  # fmt: skip
    with transaction(session):
        asked = wanted(session, prepaid, "DBL", "DBL")
        asked[1] = Wanted(asked[1].asked, "DBL", "FREE", asked[1].total, "Nothing is asked for.")
        made = books(session, prepaid, asked, pays_online=True)
        by = staff.a_guest(session, prepaid)
        web_payments.ask_rooms_at_booking(session, made, language="de", by=by)

    assert _let_go(session, prepaid) == 2
    assert {each.state for each in made} == {State.CANCELLED}


@SQLITE_ONLY
def test_where_one_room_was_paid_or_a_guest_is_paying_none_is_let_go(session, prepaid):
    by = make.by(session, prepaid)
    with transaction(session):
        paid, _ = _asked_for(session, prepaid, "DBL", "DBL")
        paying, request = _asked_for(session, prepaid, "DBL", "DBL")
        settlements.take_deposit(
            session, paid[1], amount=Money(20_000, "EUR"), method=Method.CASH, by=by
        )
        intending.pay(session, request, words="Rooms", consent=None, by=by)

    assert _let_go(session, prepaid) == 0
    assert {each.state for each in (*paid, *paying)} == {State.BOOKED}


@SQLITE_ONLY
def test_what_the_desk_added_to_a_web_booking_stays(session, prepaid):
    with transaction(session):
        made, _ = _asked_for(session, prepaid, "DBL", "DBL")
        added = make.reservation(
            session, prepaid, arrival=ARRIVAL, guest=made[0].guest, with_booking=made[0],
            guarantee=Guarantee.CARD,
        )  # fmt: skip

    assert _let_go(session, prepaid) == 2
    assert added.state is State.BOOKED


@SQLITE_ONLY
def test_what_the_desk_reinstated_stays_though_nobody_paid_it_at_booking(session, prepaid):
    by = make.by(session, prepaid)
    with transaction(session):
        made, _ = _asked_for(session, prepaid, "DBL")
        rooms, _ = _asked_for(session, prepaid, "DBL", "DBL")
        cancel(session, rooms[1], reason="One is ill", by=by)
        reinstate(session, rooms[1], by=by)
    assert [_let_go(session, prepaid) for _ in range(2)] == [1, 1]
    with clock.set_to(LATER), transaction(session):
        reinstate(session, made[0], by=by)

    assert _let_go(session, prepaid) == 0
    assert [each.state for each in (*made, *rooms)] == [
        State.BOOKED, State.CANCELLED, State.BOOKED,
    ]  # fmt: skip


@SQLITE_ONLY
def test_who_gives_up_one_room_is_still_asked_for_the_other_and_loses_it_unpaid(session, prepaid):
    by = make.by(session, prepaid)
    with transaction(session):
        (first, second), request = _asked_for(session, prepaid, "DBL", "DBL")
        cancel(session, second, reason="One is ill", by=by)
        rooms = booked_rooms.of(session, prepaid, guest_links.rooms(session, first))
        asked = web_payments.to_do_first(session, first, rooms, language="de", by=by)

    assert not request.is_open
    assert (asked.purpose, asked.amount, asked.is_open) == (Purpose.DEPOSIT, 20_000, True)
    assert _let_go(session, prepaid) == 1
    assert first.state is State.CANCELLED


def _mixed(session, house):
    """Book a room whose deposit is due at once and one that is guaranteed by card."""
    rates_of = rates.by_code(session, house, "BAR")
    with transaction(session):
        by = make.by(session, house)
        card = make.plan(session, house, code="CARD")
        policies.attach(session, card, make.policy(session, house, "CARD", asks=Asks.CARD), by=by)
        shop = web_sales.Shop(
            True, plans={rates_of.id: "", card.id: ""}, types=web_sales.of(session, house).types
        )
        web_sales.write(session, house, shop, by=by)
    with transaction(session):
        asked = wanted(session, house, "DBL", "DBL")
        asked[1] = Wanted(asked[1].asked, "DBL", "CARD", asked[1].total, "By card.")
        made = books(session, house, asked, pays_online=True)
        by = staff.a_guest(session, house)
        web_payments.ask_rooms_at_booking(session, made, language="en", by=by)
        deposit, card = web_payments.asked_at_booking(session, house, made)
    assert (deposit.purpose, card.purpose) == (Purpose.DEPOSIT, Purpose.CARD)
    return made, deposit, card


@SQLITE_ONLY
def test_a_card_given_for_one_room_is_no_deposit_for_another(session, prepaid):
    made, _, card = _mixed(session, prepaid)
    with transaction(session):
        asking.end(session, card, RequestState.PAID)

    assert _let_go(session, prepaid) == 2
    assert {each.state for each in made} == {State.CANCELLED}
    assert session.scalars(sa.select(Trace)).all() == []


@SQLITE_ONLY
def test_where_a_deposit_was_paid_and_a_card_didnt_come_the_desk_is_told_once(session, prepaid):
    made, _, _ = _mixed(session, prepaid)
    with transaction(session):
        by = make.by(session, prepaid)
        settlements.take_deposit(
            session, made[0], amount=Money(20_000, "EUR"), method=Method.CASH, by=by
        )

    assert [_let_go(session, prepaid) for _ in range(2)] == [0, 0]

    [trace] = session.scalars(sa.select(Trace))
    assert trace.reservation_id == made[1].id
    assert trace.words.startswith(f"Booked on the web: the card for booking {made[1].number}")
    assert {each.state for each in made} == {State.BOOKED}


@SQLITE_ONLY
def test_whose_company_vouches_by_now_is_no_matter_for_the_desk(session, prepaid):
    made, _, _ = _mixed(session, prepaid)
    with transaction(session):
        by = make.by(session, prepaid)
        settlements.take_deposit(
            session, made[0], amount=Money(20_000, "EUR"), method=Method.CASH, by=by
        )
        made[1].guarantee = Guarantee.COMPANY

    assert _let_go(session, prepaid) == 0
    assert session.scalars(sa.select(Trace)).all() == []


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@SQLITE_ONLY
def test_who_must_pay_and_give_a_card_reads_both(session, prepaid, app, language):
    made, _, _ = _mixed(session, prepaid)
    with app.test_request_context():
        paper = letters.written(
            session, prepaid, made[0], tells=Tells.CONFIRMATION, language=language
        )

    [pays] = [line for line in paper.text.splitlines() if "200" in line and "15:00" in line]
    card = {"en": "give a card", "de": "eine Karte", "fr": "une carte", "es": "una tarjeta"}
    assert card[language] in pays


@pytest.fixture
def by_card(session, house):
    """A plan guaranteed by card, in a hotel that takes cards online."""
    with transaction(session):
        by = make.by(session, house)
        policies.attach(
            session, rates.by_code(session, house, "BAR"),
            make.policy(session, house, asks=Asks.CARD), by=by,
        )  # fmt: skip
        modes.set_mode(session, house, Mode.PRACTICE, by=by)
    return house


def _asks_on(session, house, at=make.NOON, limit=9):
    with clock.set_to(at), transaction(session):
        by = staff.a_guest(session, house)
        return unpaid_bookings.ask_on(session, house, by=by, limit=limit)


def test_the_card_of_a_room_that_is_given_up_is_asked_of_the_next_until_the_same_hour(
    session, by_card
):
    by = make.by(session, by_card)
    with transaction(session):
        (first, second, third), request = _asked_for(session, by_card, "DBL", "DBL", "DBL")
    assert _asks_on(session, by_card) == []
    with transaction(session):
        cancel(session, first, reason="One is ill", by=by)

    [again] = _asks_on(session, by_card)

    asked = (again.reservation_id, again.purpose, again.expires_at, again.language)
    assert asked == (second.id, Purpose.CARD, request.expires_at, "de")
    assert again.asked_by == request.asked_by
    assert web_payments.asked_at_booking(session, by_card, [first, second, third]) == [again]
    assert _asks_on(session, by_card) == []
    assert _let_go(session, by_card) == 2
    assert {each.state for each in (first, second, third)} == {State.CANCELLED}


@SQLITE_ONLY
def test_who_is_asked_on_has_half_an_hour_at_least_and_is_asked_one_booking_a_turn(
    session, by_card
):
    by = make.by(session, by_card)
    late = make.NOON + timedelta(minutes=119)
    with transaction(session):
        bookings = [_asked_for(session, by_card, "DBL", "DBL")[0] for _ in range(2)]
    with clock.set_to(late), transaction(session):
        for first, _ in bookings:
            cancel(session, first, reason="One is ill", by=by)
        asking.expire_due(session, by_card, by=by, limit=9)

    asked = [_asks_on(session, by_card, late, limit=1) for _ in range(3)]

    assert [len(each) for each in asked] == [1, 1, 0]
    assert {each.expires_at for [each] in asked[:2]} == {late + timedelta(minutes=30)}
    assert [each.reservation_id for [each] in asked[:2]] == [room.id for _, room in bookings]


@SQLITE_ONLY
def test_where_no_link_can_be_written_the_desk_tells_who_is_asked_on(session, by_card, tmp_path):
    with transaction(session):
        (first, second), _ = _asked_for(session, by_card, "DBL", "DBL")
        cancel(session, first, reason="One is ill", by=make.by(session, by_card))

    with clock.set_to(make.NOON):
        claim = Claim(by_card.id, 1, "unpaid web bookings", {}, 1)
        worker.handlers(tmp_path, {})[claim.name](session, claim)

    [trace] = session.scalars(sa.select(Trace))
    assert trace.reservation_id == second.id
    assert "is asked for a card anew. Tell its guest: send the link" in trace.words
    assert session.scalars(sa.select(Letter)).all() == []


@SQLITE_ONLY
def test_nobody_is_asked_on_whose_card_the_desk_took_back_or_who_gave_it(session, by_card):
    by = make.by(session, by_card)
    with transaction(session):
        taken_back, request = _asked_for(session, by_card, "DBL", "DBL")
        gave, given = _asked_for(session, by_card, "DBL", "DBL")
        asking.withdraw(session, request, reason="A regular", by=by)
        asking.end(session, given, RequestState.PAID)
    with clock.set_to(make.NOON + timedelta(minutes=1)), transaction(session):
        for rooms in (taken_back, gave):
            cancel(session, rooms[0], reason="One is ill", by=by)

    assert _asks_on(session, by_card) == []


@SQLITE_ONLY
def test_a_card_that_was_never_given_lets_all_its_rooms_go(session, by_card):
    house = by_card
    with transaction(session):
        made, request = _asked_for(session, house, "DBL", "DBL", "DBL")

    assert (request.purpose, request.reservation_id) == (Purpose.CARD, made[0].id)
    assert session.scalar(sa.select(sa.func.count()).select_from(PaymentRequest)) == 1
    assert _let_go(session, house) == 3


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_rooms_whose_money_is_just_taken_arent_let_go(session, prepaid, engine):
    by = make.by(session, prepaid)
    with transaction(session):
        made, _ = _asked_for(session, prepaid, "DBL", "DBL")
    with clock.set_to(LATER), transaction(session):
        asking.expire_due(session, prepaid, by=by, limit=10)

    def lets_go(other):
        with clock.set_to(LATER):
            there = other.get_one(Hotel, prepaid.id)
            return unpaid_bookings.let_go(other, there, by=other.merge(by))

    with ThreadPoolExecutor(1) as beside:
        with clock.set_to(LATER), transaction(session):
            settlements.take_deposit(
                session, made[1], amount=Money(20_000, "EUR"), method=Method.CASH, by=by
            )
            gone = beside.submit(at_once, engine, lets_go, times=1)
            wait_for_one_who_waits(engine)
        assert gone.result(timeout=30) == [[]]
    assert {each.state for each in made} == {State.BOOKED}
