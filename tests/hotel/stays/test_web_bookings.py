"""Web bookings: what everybody may book, at the price and terms they were shown, and once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms import worker
from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books.payments import Method
from pms.hotel.guests import companies
from pms.hotel.house import logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Claim
from pms.hotel.house.outbox import Letter
from pms.hotel.rooms import inventory, negotiated, packages, policies, rates, web_sales
from pms.hotel.rooms.packaging import Per
from pms.hotel.rooms.policies import Amount, Asks, By
from pms.hotel.service import checkout, unpaid_bookings, web_payments
from pms.hotel.service.checkout import asking, modes
from pms.hotel.stays import (
    arrival_details,
    deposits_due,
    guest_changes,
    settlements,
    web_bookings,
)
from pms.hotel.stays.correspondence import Tells
from pms.hotel.stays.guest_changes import AskTheDesk, Fixed, Stay
from pms.hotel.stays.reservations import Guarantee, State, cancel
from pms.hotel.stays.traces import Trace
from pms.hotel.stays.web_bookings import Asked, NotSoldNow, PriceIsAnother, WebClosed
from pms.web import letters
from tests import make
from tests.hotel.books.races import at_once, wait_for_one_who_waits
from tests.hotel.stays import web

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ARRIVAL, TODAY = make.DAY + timedelta(days=7), make.DAY


@pytest.fixture
def house(session):
    with clock.set_to(make.NOON), transaction(session):
        return web.open_shop(session, make.furnished(session))


@pytest.fixture(autouse=True)
def noon():
    with clock.set_to(make.NOON):
        yield


@pytest.mark.parametrize(
    ("asks", "due", "pays_online", "given"),
    [
        (Asks.NONE, None, False, Guarantee.NONE),
        (Asks.CARD, None, False, None),
        (Asks.CARD, None, True, Guarantee.CARD),
        (Asks.COMPANY, None, True, None),
        (Asks.DEPOSIT, 0, False, None),
        (Asks.DEPOSIT, 0, True, Guarantee.DEPOSIT),
        (Asks.DEPOSIT, 3, False, Guarantee.DEPOSIT),
        (Asks.ANY, 3, False, Guarantee.DEPOSIT),
        (Asks.ANY, None, True, Guarantee.CARD),
        (Asks.ANY, None, False, None),
    ],
)
def test_what_guarantees_a_booking(asks, due, pays_online, given):
    deposit = Amount() if due is None else Amount(By.NIGHTS, 1)
    terms = make.terms(asks=asks, deposit=deposit, deposit_days=due or None)

    def guarantee(arrival: date) -> Guarantee | None:
        return web_bookings.guarantee_for(
            terms, arrival=arrival, today=TODAY, pays_online=pays_online
        )

    assert guarantee(ARRIVAL) is given
    assert guarantee(TODAY) is Guarantee.NONE


def test_a_guest_books_at_the_price_and_terms_they_saw(session, house):
    with transaction(session):
        made = web.booked(session, house)

    assert (made.channel, made.guarantee, made.guest.language) == ("own page", "none", "de")
    kept = session.scalars(sa.select(web_bookings.WebBooking)).one()
    assert (kept.total, kept.terms, kept.language) == (20_000, "Cancelling is free.", "de")
    verbs = {line.verb: line.staff_id for line in logbook.history(session, made)}
    assert {"booked", "accepted terms", "told arrival"} <= verbs.keys()
    assert set(verbs.values()) == {staff.a_guest(session, house).id}
    told = arrival_details.of(session, made)
    assert (made.eta, told.transport, told.words) == (time(17), "train", "A cot")


@SQLITE_ONLY
def test_another_price_no_terms_a_closed_page_and_what_went_are_refused(session, house):
    by = make.by(session, house)
    wanted = web.wanted(session, house)

    def refuses(refusal, **other):
        with pytest.raises(refusal), transaction(session):
            asked = web.wanted(session, house, **other) if other else wanted
            web_bookings.book(session, house, asked, web.booker(), by=by)

    refuses(PriceIsAnother, total=Money(19_999, "EUR"))
    refuses(web_bookings.TermsNotAccepted, terms=" ")
    refuses(NotSoldNow, plan_code="CORP")
    with transaction(session):
        for _ in range(4):
            make.reservation(session, house, arrival=ARRIVAL, nights=1)
    refuses(NotSoldNow)
    with transaction(session):
        web_sales.write(session, house, web_sales.Shop(), by=by)
    refuses(WebClosed)


@SQLITE_ONLY
def test_a_guest_who_is_known_gets_a_profile_of_their_own_and_who_is_unwanted_none(session, house):
    by = make.by(session, house)
    with transaction(session):
        known = make.guest(session, house)
        known.email = "ana@mail.example"
    with transaction(session):
        made = web.booked(session, house)
    assert made.guest_id != known.id

    with transaction(session):
        web_bookings.guests.mark_unwanted(session, known, reason="Lamp", hotel=house, by=by)
    with pytest.raises(web_bookings.guests.Unwanted), transaction(session):
        web.booked(session, house)


@SQLITE_ONLY
def test_what_is_closed_or_agreed_with_companies_is_not_shown(session, house):
    with transaction(session):
        plan = make.plan(session, house, code="CORP")
        firm = companies.enter(session, house, code="X", name="X", by=make.by(session, house))
        negotiated.agree(session, plan, firm, first=TODAY, by=make.by(session, house))
    shop = web_sales.of(session, house)
    public = web_sales.Shop(is_open=True, plans={plan.id: ""}, types=shop.types)

    with pytest.raises(web_sales.AgreedWithSome), transaction(session):
        web_sales.write(session, house, public, by=make.by(session, house))
    asked = Asked(ARRIVAL, ARRIVAL + timedelta(days=1), adults=2)
    found = web_bookings.offered(session, house, public, asked, pays_online=False)
    assert found == []
    assert web_sales.offerable(session, house) == [rates.by_code(session, house, "BAR")]


@SQLITE_ONLY
def test_a_page_that_cannot_be_is_refused(session, house):
    for field, other in {
        "plans": {"plans": {}},
        "types": {"types": {}},
        "colour": {"colour": "red"},
        "greeting": {"greeting": "x" * 601},
    }.items():
        with pytest.raises(Invalid) as refused, transaction(session):
            web.open_shop(session, house, **other)
        assert refused.value.field == field


def test_the_database_itself_keeps_what_was_agreed_with_companies_from_everybody(session, house):
    with transaction(session):
        plan = make.plan(session, house, code="CORP")
        firm = companies.enter(session, house, code="X", name="X", by=make.by(session, house))
        negotiated.agree(session, plan, firm, first=TODAY, by=make.by(session, house))

    with pytest.raises(DBAPIError, match="not public"), transaction(session):
        row = {"hotel_id": house.id, "plan_id": plan.id, "about": ""}
        session.execute(sa.insert(web_sales.WebPlan), [row])
    with transaction(session):
        web.booked(session, house)
    with pytest.raises(DBAPIError, match="ink"), transaction(session):
        session.execute(sa.update(web_bookings.WebBooking).values(total=1))


# --- within the terms -----------------------------------------------------------------------------


@SQLITE_ONLY
def test_a_guest_changes_dates_and_party_at_the_total_they_saw(session, house):
    with transaction(session):
        made = web.booked(session, house)
        by = staff.a_guest(session, house)
    longer = Stay(made.arrival, made.departure + timedelta(days=1), 2)

    with pytest.raises(PriceIsAnother), transaction(session):
        guest_changes.change(session, made, longer, expected=Money(20_000, "EUR"), by=by)
    with transaction(session):
        now = guest_changes.change(session, made, longer, expected=Money(30_000, "EUR"), by=by)

    assert now == Money(30_000, "EUR")
    assert made.departure == longer.departure


@SQLITE_ONLY
def test_what_is_late_or_others_share_is_for_the_desk(session, house):
    with transaction(session):
        made = web.booked(session, house)
        shared = make.reservation(session, house, arrival=ARRIVAL, shares_with=made)
        policy = make.policy(session, house)
        policies.attach(session, made.plan, policy, by=make.by(session, house))
        late = make.reservation(session, house, arrival=ARRIVAL, guarantee=Guarantee.CARD)
        by = staff.a_guest(session, house)

    assert guest_changes.why_fixed(session, made) is Fixed.OTHERS
    assert guest_changes.why_fixed(session, shared) is Fixed.OTHERS
    assert guest_changes.why_fixed(session, late) is Fixed.LATE
    with pytest.raises(AskTheDesk), transaction(session):
        guest_changes.change(session, late, Stay(ARRIVAL, late.departure, 1), by=by)
    fee = Money(10_000, "EUR")
    with pytest.raises(guest_changes.fees.FeeChanged), transaction(session):
        guest_changes.cancel(session, late, expected=Money(0, "EUR"), by=by)
    with transaction(session):
        ended = guest_changes.cancel(session, late, expected=fee, by=by)
    assert (ended.fee, late.state) == (fee, State.CANCELLED)


# --- paying ---------------------------------------------------------------------------------------


@pytest.fixture
def prepaid(session, house):
    """A plan guaranteed by card and paid at booking, in a hotel that takes money online."""
    with transaction(session):
        whole = Amount(By.PERCENT, 10_000)
        policy = make.policy(session, house, asks=Asks.CARD, deposit=whole)
        plan = rates.by_code(session, house, "BAR")
        policies.attach(session, plan, policy, by=make.by(session, house))
        modes.set_mode(session, house, Mode.PRACTICE, by=make.by(session, house))
    return house


def _offered(session, house):
    asked = Asked(ARRIVAL, ARRIVAL + timedelta(days=2), adults=2)
    shop = web_sales.of(session, house)
    [offer] = web_bookings.offered(session, house, shop, asked, pays_online=True)
    return web_bookings.Wanted(
        asked, offer.room_type.code, offer.plan.code, offer.total, terms="Paid at booking."
    )


def _booked_to_pay(session, house):
    by, wanted = staff.a_guest(session, house), _offered(session, house)
    made = web_bookings.book(session, house, wanted, web.booker(), pays_online=True, by=by)
    web_payments.ask_rooms_at_booking(session, [made], language="de", by=by)
    return made, next(iter(web_payments.asked_at_booking(session, house, [made])), None)


def test_a_booking_that_nobody_pays_in_time_is_let_go(session, prepaid):
    with transaction(session):
        made, request = _booked_to_pay(session, prepaid)
        asked_again, _ = _booked_to_pay(session, prepaid)
    assert (made.guarantee, request.amount) == (Guarantee.CARD, 20_000)
    by = staff.the_house(session, prepaid)

    with clock.set_to(make.NOON + timedelta(hours=3)), transaction(session):
        asking.expire_due(session, prepaid, by=by, limit=10)
        checkout.ask(
            session, prepaid, purpose=checkout.Purpose.CARD, reservation=asked_again,
            expires_at=make.NOON + timedelta(days=1), by=by,
        )  # fmt: skip
        gone = unpaid_bookings.let_go(session, prepaid, by=by)
        again = unpaid_bookings.let_go(session, prepaid, by=by)

    assert (gone, again) == ([made], [])
    assert (made.state, asked_again.state) == (State.CANCELLED, State.BOOKED)
    left = inventory.availability(session, prepaid, ARRIVAL, ARRIVAL + timedelta(days=1))
    assert left[0].rooms == 3


@SQLITE_ONLY
def test_who_is_let_go_is_told_so_and_why(session, prepaid, app, tmp_path):
    handler = worker.handlers(tmp_path, {})["unpaid web bookings"]
    with transaction(session):
        made, _ = _booked_to_pay(session, prepaid)
        with app.test_request_context():
            confirmed = letters.written(session, prepaid, made, tells=Tells.CONFIRMATION)
    by = staff.the_house(session, prepaid)
    with clock.set_to(make.NOON + timedelta(hours=3)):
        with transaction(session):
            asking.expire_due(session, prepaid, by=by, limit=10)
        handler(session, Claim(prepaid.id, 1, "unpaid web bookings", {}, 1))

    for words in (confirmed.text, confirmed.html):
        assert "Bitte zahlen Sie 200,00\N{NO-BREAK SPACE}€ online bis 15:00 Uhr" in words
        assert "http://localhost/pay/" in words
    [letter] = session.scalars(sa.select(Letter))
    assert made.state is State.CANCELLED
    assert (letter.to, "ist storniert" in letter.subject) == ("ana@mail.example", True)
    assert "nicht rechtzeitig geschehen. Es wurde nichts abgebucht." in letter.text


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("the rooms below are cancelled.", "Cancellation number")),
        ("de", ("die folgenden Zimmer sind storniert.", "Stornonummer")),
        ("fr", ("les chambres ci-dessous sont annulées.", "Numéro d'annulation")),
        ("es", ("las habitaciones siguientes están canceladas.", "Número de cancelación")),
    ],
)
def test_who_booked_several_rooms_is_told_of_each_that_was_let_go(
    session, prepaid, tmp_path, language, words
):
    with transaction(session):
        guest = staff.a_guest(session, prepaid)
        made = web_bookings.book_rooms(
            session, prepaid, [_offered(session, prepaid)] * 2, web.booker(language=language),
            pays_online=True, by=guest,
        )  # fmt: skip
        web_payments.ask_rooms_at_booking(session, made, language=language, by=guest)
    with clock.set_to(make.NOON + timedelta(hours=3)):
        with transaction(session):
            asking.expire_due(session, prepaid, by=staff.the_house(session, prepaid), limit=10)
        said = worker.handlers(tmp_path, {})["unpaid web bookings"]
        said(session, Claim(prepaid.id, 1, "unpaid web bookings", {}, 1))

    [letter] = session.scalars(sa.select(Letter).options(sa.orm.undefer(Letter.html)))
    html = letter.html.replace("&#39;", "'")
    for room in made:
        assert room.cancel_number
        assert f"({room.number})\n{words[1]}: {room.cancel_number}\n" in letter.text
        assert f"({room.number})</h2>" in html
        assert f"{words[1]}</th><td>{room.cancel_number}</td>" in html
    assert words[0] in letter.text
    assert words[0] in html


@SQLITE_ONLY
def test_who_is_asked_on_for_a_card_is_told_so_with_the_way_to_it(session, house, app, tmp_path):
    with transaction(session):
        by = make.by(session, house)
        policy = make.policy(session, house, asks=Asks.CARD)
        policies.attach(session, rates.by_code(session, house, "BAR"), policy, by=by)
        modes.set_mode(session, house, Mode.PRACTICE, by=by)
    with transaction(session):
        guest = staff.a_guest(session, house)
        first, second = web_bookings.book_rooms(
            session, house, [_offered(session, house)] * 2, web.booker(), pays_online=True, by=guest
        )
        web_payments.ask_rooms_at_booking(session, [first, second], language="de", by=guest)
        cancel(session, first, reason="One is ill", by=by)
    said = worker.handlers(tmp_path, {}, app=app, root="https://inn.example")

    for _ in range(2):
        said["unpaid web bookings"](session, Claim(house.id, 1, "unpaid web bookings", {}, 1))

    [letter] = session.scalars(sa.select(Letter))
    [asked] = web_payments.asked_at_booking(session, house, [first, second])
    assert asked.reservation_id == second.id
    assert "Ihre Buchung wurde geändert" in letter.text
    assert "Bitte hinterlegen Sie online eine Karte bis 15:00 Uhr" in letter.text
    assert "https://inn.example/pay/" in letter.text


@SQLITE_ONLY
@pytest.mark.parametrize("address", ["ana@firm", None])
def test_who_cant_be_written_to_is_told_by_the_desk_and_keeps_nobody_behind(
    session, prepaid, tmp_path, address
):
    handler = worker.handlers(tmp_path, {})["unpaid web bookings"]
    with transaction(session):
        first, second = (_booked_to_pay(session, prepaid)[0] for _ in range(2))
        first.guest.email = address
    with clock.set_to(make.NOON + timedelta(hours=3)):
        with transaction(session):
            asking.expire_due(session, prepaid, by=staff.the_house(session, prepaid), limit=10)
        handler(session, Claim(prepaid.id, 1, "unpaid web bookings", {}, 1))

    assert {first.state, second.state} == {State.CANCELLED}
    assert session.scalars(sa.select(Letter.to)).all() == ["ana@mail.example"]
    [trace] = session.scalars(sa.select(Trace))
    assert trace.reservation_id == first.id
    begins = f"Booking {first.number} wasn't paid in time and is cancelled. Tell its guest: "
    assert trace.words.startswith(begins)


@SQLITE_ONLY
def test_what_the_desk_asked_for_ahead_of_its_day_ends_no_booking(session, house):
    with transaction(session):
        half = Amount(By.PERCENT, 5_000)
        policy = make.policy(session, house, asks=Asks.DEPOSIT, deposit=half, deposit_days=2)
        by = make.by(session, house)
        policies.attach(session, rates.by_code(session, house, "BAR"), policy, by=by)
        modes.set_mode(session, house, Mode.PRACTICE, by=by)
        made, request = _booked_to_pay(session, house)
        assert (made.guarantee, request) == (Guarantee.DEPOSIT, None)
        checkout.ask(
            session, house, purpose=checkout.Purpose.DEPOSIT, amount=Money(10_000, "EUR"),
            reservation=made, expires_at=make.NOON + timedelta(days=1), by=by,
        )  # fmt: skip

    with clock.set_to(make.NOON + timedelta(days=2)), transaction(session):
        asking.expire_due(session, house, by=by, limit=10)
        gone = unpaid_bookings.let_go(session, house, by=by)

    assert (gone, made.state) == ([], State.BOOKED)


@SQLITE_ONLY
def test_who_paid_at_the_desk_keeps_nobody_else_from_being_let_go(session, prepaid):
    by = make.by(session, prepaid)
    with transaction(session):
        paid, unpaid = (_booked_to_pay(session, prepaid)[0] for _ in range(2))
        settlements.take_deposit(
            session, paid, amount=Money(20_000, "EUR"), method=Method.CASH, by=by
        )

    with clock.set_to(make.NOON + timedelta(hours=3)), transaction(session):
        asking.expire_due(session, prepaid, by=by, limit=10)
        gone = unpaid_bookings.let_go(session, prepaid, by=by, limit=1)  # as the worker does

    assert gone == [unpaid]
    assert (paid.state, unpaid.state) == (State.BOOKED, State.CANCELLED)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_booking_whose_deposit_is_just_taken_isnt_let_go(session, prepaid, engine):
    by = make.by(session, prepaid)
    with transaction(session):
        made, _ = _booked_to_pay(session, prepaid)
    with clock.set_to(make.NOON + timedelta(hours=3)):
        with transaction(session):
            asking.expire_due(session, prepaid, by=by, limit=10)

        def lets_go(other):
            there = other.get_one(Hotel, prepaid.id)
            return unpaid_bookings.let_go(other, there, by=other.merge(by))

        with ThreadPoolExecutor(1) as worker, transaction(session):
            settlements.take_deposit(
                session, made, amount=Money(20_000, "EUR"), method=Method.CASH, by=by
            )
            gone = worker.submit(at_once, engine, lets_go, times=1)
            wait_for_one_who_waits(engine)
    assert gone.result(timeout=30) == [[]]
    assert made.state is State.BOOKED


@SQLITE_ONLY
def test_a_deposit_asked_at_booking_is_the_one_that_is_due(session, prepaid):
    with transaction(session):
        by = make.by(session, prepaid)
        garage = packages.add(
            session, prepaid, code="GARAGE", by=by,
            details=packages.Details(
                name="Garage", charge_code=make.charge_code(session, prepaid, "GARAGE"),
                price=Money(2_000, "EUR"), per=Per.ROOM,
            ),
        )  # fmt: skip
        packages.attach(
            session, rates.by_code(session, prepaid, "BAR"), garage, included=False, by=by
        )
    with transaction(session):
        made, request = _booked_to_pay(session, prepaid)

    [due] = deposits_due.due(session, prepaid, until=TODAY)

    assert request.amount == due.missing.minor == 20_000
    assert guest_changes.total(session, made) == Money(24_000, "EUR")
