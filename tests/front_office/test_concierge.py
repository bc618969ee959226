"""The concierge's desk: booked, confirmed, cancelled; calls; papers; what the house knows."""

import re
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from pms.base.db import transaction
from pms.hotel.house import translations
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Role
from pms.hotel.service import concierge, itineraries, knowledge, wake_ups
from pms.hotel.service.concierge import Activity, ActivityBooking, ActivityTime, BookingState
from pms.hotel.service.concierge.vouchers import Voucher
from pms.hotel.service.knowledge import Topic, Written
from pms.hotel.service.wake_ups import CallState, WakeUpCall
from pms.hotel.stays import groups
from pms.hotel.stays.reservations import Reservation
from pms.web.database import db
from pms.web.letters import outings
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.hotel.service import outing
from tests.web.conftest import SQLITE_ONLY, sign_in
from tests.web.test_letters import places
from tests.web.test_query_counts import queries

pytestmark = SQLITE_ONLY


@pytest.fixture(autouse=True)
def noon() -> Iterator[Any]:
    """One in the afternoon in Berlin, on the hotel's day; the clock can be moved on."""
    with time_machine.travel(make.NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def walk(noon: Any, hotel: House) -> int:
    """A walk tomorrow at 13:00; the id of its time."""
    return hotel.does(lambda session, house: outing.walk(session, house).id)


def newest(app: Any, table: Any) -> Any:
    """The newest row of a table."""
    with app.app_context():
        found = db.session().scalars(sa.select(table).order_by(table.id.desc())).first()
        assert found is not None
        return found


def book(clerk: Clerk, walk: int, **typed: Any) -> Any:
    """Fill in the form for the party in 101."""
    return clerk.send(
        f"/concierge/times/{walk}/book",
        **{"room": "101", "persons": "2", "pays": "folio", "charge": "y", **typed},
    )


def test_a_booking_goes_from_the_catalogue_to_the_bill_and_off_again(
    app: Any, clerk: Clerk, walk: int, noon: Any
) -> None:
    assert "Sat 21 Nov 13:00" in clerk.get("/concierge/catalogue").text
    said = book(clerk, walk, pickup="12:40", pickup_place="Lobby", notes="Slowly").text
    assert "Booking 10001 is made. Tell Berlin Walks, then confirm it." in said
    made = newest(app, ActivityBooking)
    page = f"/concierge/bookings/{made.id}"
    assert "On the bill" in said
    assert "Cancel: free now" in said

    docket = clerk.get("/concierge?day=2026-11-21").text
    assert "Pick-up for City walk" in docket
    assert "12:40" in docket
    confirmed = clerk.send(f"{page}/confirm", vendor_ref="BW-1").text
    assert "Booking 10001 is confirmed." in confirmed
    assert "BW-1" in confirmed
    noon.shift(timedelta(hours=12))
    sign_in(clerk.client)
    assert "€20.00 (50 % of the price) is due" in clerk.get(f"{page}/cancel").text
    gone = clerk.send(f"{page}/cancel", reason="Overslept").text
    assert "Booking 10001 is cancelled; it costs a fee of €20.00." in gone
    assert newest(app, ActivityBooking).state is BookingState.CANCELLED
    assert newest(app, ActivityTime).taken == 0
    assert clerk.get(f"{page}/voucher.pdf").status_code == 404
    earned = clerk.get("/concierge/commission?month=2026-11").text
    assert "€2.50" in earned


def test_a_page_sent_twice_books_once(app: Any, clerk: Clerk, walk: int) -> None:
    page = f"/concierge/times/{walk}/book"
    key = re.search(r'name="key"[^>]*value="([^"]+)"', clerk.get(page).text)
    assert key
    for _ in range(2):
        assert "Booking 10001 is made." in book(clerk, walk, key=key[1]).text

    assert newest(app, ActivityTime).taken == 2


def test_errors_stand_beside_their_fields(clerk: Clerk, walk: int) -> None:
    nobody = book(clerk, walk, room="104")
    unknown = book(clerk, walk, room="999")
    many = book(clerk, walk, persons="5")

    assert nobody.status_code == unknown.status_code == many.status_code == 422
    assert "Nobody is in room 104." in nobody.text
    assert "There is no room 999." in unknown.text
    assert "City walk has 4 left at that time, not 5." in many.text
    wrong = clerk.send("/concierge/vendors/new", name="Berlin Walks", free_hours="24",
                       fee_percent="100", commission="12.345", active="y")  # fmt: skip
    assert "two decimals at most" in wrong.text


def test_a_party_to_come_is_booked_from_its_page_and_moved(
    app: Any, clerk: Clerk, walk: int, hotel: House
) -> None:
    coming = hotel.party("Yamada").id
    assert f"/concierge/catalogue?reservation={coming}" in clerk.get(f"/reservations/{coming}").text
    address = f"/concierge/times/{walk}/book?reservation={coming}"
    clerk.send(address, persons="3", pays="vendor")
    made = newest(app, ActivityBooking)
    later = hotel.does(
        lambda session, house: outing.open_time(
            session, house, session.scalars(sa.select(Activity)).one(),
            outing.STARTS + timedelta(hours=2), by=make.by(session, house),
        ).id
    )  # fmt: skip

    moved = clerk.send(f"/concierge/bookings/{made.id}/move", time=later).text

    assert "Booking 10001 is moved." in moved
    assert newest(app, ActivityBooking).time_id == later
    only = clerk.get(f"/concierge/bookings?reservation={coming}").text
    assert "Ana Yamada" in only


def test_vendors_activities_and_times_are_set_up(app: Any, clerk: Clerk, hotel: House) -> None:
    assert "Begin with a vendor" in clerk.get("/concierge/catalogue").text
    clerk.send("/concierge/vendors/new", name="Boats", free_hours="2", fee_percent="100",
               commission="12,5 %", active="y")  # fmt: skip
    assert "12.5 %" in clerk.get("/concierge/vendors").text
    vendor = re.findall(r"/concierge/vendors/(\d+)", clerk.get("/concierge/vendors").text)[0]
    said = clerk.send("/concierge/activities/new", vendor=vendor, kind="tour", name="Boat",
                      counts="persons", capacity="3", active="y").text  # fmt: skip
    assert "Boat is in the catalogue." in said
    page = f"/concierge/activities/{newest(app, Activity).id}"
    opened = clerk.send(page, first="2026-11-21", last="2026-11-22", hours="9, 14:30",
                        weekdays=["5"], capacity="2").text  # fmt: skip
    assert "2 times of Boat can be booked." in opened
    bad = clerk.send(page, first="2026-11-21", last="2026-11-22", hours="25:00", weekdays=["5"])
    assert "Write hours like 9:00, 14:30." in bad.text
    time_id = newest(app, ActivityTime).id
    assert "has 7 places" in clerk.send(f"/concierge/times/{time_id}", capacity="7").text
    changed = clerk.send(f"{page}/change", vendor=vendor, kind="tour", name="Boat by night",
                         counts="persons", capacity="3").text  # fmt: skip
    assert "Boat by night is changed." in changed
    assert "Not offered" in changed


def test_calls_are_written_down_made_and_told_on_today(
    app: Any, clerk: Clerk, hotel: House, noon: Any
) -> None:
    said = clerk.send("/concierge/wake-ups", rooms="101", at="07:00", again_minutes="5").text
    assert "1 call at 07:00 from Sat 21 Nov." in said
    empty = clerk.send("/concierge/wake-ups", rooms="101, 103", at="08:00", again_minutes="5")
    assert empty.status_code == 422
    assert "Nobody is in 103." in empty.text
    many = clerk.send(
        "/concierge/wake-ups", rooms="101 " * 60 + "103", at="08:00", again_minutes="5"
    )
    assert "Nobody is in 103." in many.text
    assert "wake-up call to make now" not in clerk.get("/").text

    noon.shift(timedelta(hours=18, minutes=1))
    sign_in(clerk.client)
    assert "1 wake-up call to make now" in clerk.get("/").text
    call = newest(app, WakeUpCall).id
    press = f"/concierge/wake-ups/calls/{call}"
    again = clerk.press(f"{press}/no-answer", "/concierge/wake-ups").text
    assert "Call again at 07:06." in again
    twice = clerk.press(f"{press}/no-answer", "/concierge/wake-ups").text
    assert "somebody is asked to go up and knock" in twice
    assert "No answer, sent up" in twice
    late = clerk.press(f"{press}/answered", "/concierge/wake-ups").text
    assert "That call is seen to already" in late
    assert newest(app, WakeUpCall).state is CallState.NO_ANSWER


def test_calls_are_taken_back(app: Any, clerk: Clerk, hotel: House) -> None:
    party = hotel.party("Novák").id
    address = f"/concierge/wake-ups?reservation={party}"
    clerk.send(address, at="07:00", daily="y", again_minutes="5")
    first = newest(app, WakeUpCall)
    clerk.press(f"/concierge/wake-ups/calls/{first.id}/skip", "/concierge/wake-ups")
    assert newest(app, WakeUpCall).day == make.DAY + timedelta(days=2)

    back = clerk.press(f"/concierge/wake-ups/{first.wake_up_id}/take-back", "/concierge/wake-ups")

    assert "1 room won&#39;t be called." in back.text
    assert newest(app, WakeUpCall).state is CallState.CANCELLED


def gathered(session: Any, house: Any) -> int:
    """A choir of everybody there is; its id."""
    choir = groups.open_group(
        session, house, code="CHOIR", name="Choir", by=make.by(session, house)
    )
    for party in session.scalars(sa.select(Reservation)):
        party.group_id = choir.id
    return choir.id


def test_a_group_is_called_and_taken_back_as_one(app: Any, clerk: Clerk, hotel: House) -> None:
    choir = hotel.does(gathered)
    said = clerk.send("/concierge/wake-ups", group=choir, at="06:45", again_minutes="5").text
    assert "3 calls at 06:45 from Sat 21 Nov." in said
    assert said.count("several rooms") == 3

    wake_up = newest(app, WakeUpCall).wake_up_id
    back = clerk.press(f"/concierge/wake-ups/{wake_up}/take-back-all", "/concierge/wake-ups")

    assert "3 rooms won&#39;t be called." in back.text


def test_no_room_that_was_typed_is_passed_over_and_no_group_beside_it(
    clerk: Clerk, hotel: House
) -> None:
    choir = hotel.does(gathered)
    typed = {"at": "06:45", "again_minutes": "5"}

    many = clerk.send("/concierge/wake-ups", rooms=" ".join(["101"] * 60 + ["103"]), **typed)
    both = clerk.send("/concierge/wake-ups", rooms="101", group=choir, **typed)

    assert (many.status_code, both.status_code) == (422, 422)
    assert "Nobody is in 103." in many.text
    assert "Type rooms or choose a group, not both." in both.text


def test_papers_speak_the_guests_language(app: Any, clerk: Clerk, walk: int, hotel: House) -> None:
    book(clerk, walk, pickup_place="Lobby")
    made = newest(app, ActivityBooking)
    paper = f"/concierge/bookings/{made.id}/voucher.pdf"
    assert clerk.get(paper).status_code == 404
    page = f"/concierge/bookings/{made.id}"
    original = clerk.press(paper, page)
    assert "voucher-10001.pdf" in original.headers["Content-Disposition"]
    assert "Copy of voucher 10001" in clerk.get(page).text
    assert "Voucher 10001 is issued for it as it stands" in clerk.press(paper, page).text
    papers = ("/concierge/docket.pdf?day=2026-11-21", f"/concierge/bookings/{made.id}/voucher.pdf",
              f"/concierge/itinerary/{made.reservation_id}.pdf")  # fmt: skip
    for address in papers:
        answer = clerk.get(address)
        assert answer.status_code == 200
        assert answer.data.startswith(b"%PDF")

    mail = f"/concierge/bookings/{made.id}/mail"
    assert "The voucher goes to ana@example.com." in clerk.send(mail, to="ana@example.com").text
    assert "went to ana@example.com already" in clerk.send(mail, to="ana@example.com").text
    letter = newest(app, Letter)
    assert letter.subject == "Voucher 10001: City walk, Hotel Test"
    assert "Settled with the hotel" in letter.text
    assert "Saturday, 21 November 2026, 13:00" in (letter.html or "")

    def write(session: Any, house: Any) -> tuple[Any, str]:
        booking = session.get(ActivityBooking, (made.hotel_id, made.id))
        booking.reservation.guest.language = "fr-CH"
        french = {"City walk": {"fr": "Balade en ville"}}
        translations.write(session, house, french, by=make.by(session, house))
        items = itineraries.of_party(session, house, booking.reservation)
        return (
            outings.voucher(session, house, booking, number=10_002),
            outings.itinerary(session, house, booking.reservation, items),
        )

    written, itinerary = hotel.does(write)
    voucher = written.page
    issued = Voucher(page=voucher, language=written.language)
    assert "Copie" in outings.copied(issued)
    assert "Copie" not in voucher
    assert "samedi 21 novembre 2026" in voucher
    assert "Réglé par l&#39;hôtel" in voucher
    assert "Prise en charge" in voucher
    assert "Votre programme" in itinerary
    assert "<h1>Balade en ville</h1>" in voucher
    assert "Balade en ville" in itinerary
    for language, words in outings.WORDS.items():
        assert set(words) == set(outings.WORDS["en"]), language
        for key, text in words.items():
            assert places(text) == places(outings.WORDS["en"][key]), (language, key)


def test_what_the_house_knows_is_found_by_everybody(
    clerk: Clerk, hotel: House, as_role: Callable[[Role], Clerk]
) -> None:
    new = {"title": "Café Müller", "topic": "eating", "words": "Cake. 100% butter."}
    assert "can be looked up" in clerk.send("/knowledge/new", **new, hours="8 to 18").text
    assert clerk.send("/knowledge/new", **new).status_code == 422
    bad = clerk.send("/knowledge/new", **{**new, "title": "X", "map_url": "javascript:alert(1)"})
    assert "begins with https://" in bad.text
    address = re.findall(r"/knowledge/\d+", clerk.get("/knowledge").text)[0]
    maid = as_role(Role.HOUSEKEEPER)

    for words in ("cafe mull", "BUTTER cake", "100%"):
        assert "Café Müller" in maid.get(f"/knowledge?q={words.replace('%', '%25')}").text, words
    assert "Nothing answers" in maid.get("/knowledge?q=1_0").text
    assert "Nothing is written" in maid.get("/knowledge?topic=health").text
    assert "Café Müller" in clerk.get("/search?q=muller").text
    assert 'data-key="/"' in maid.get("/knowledge").text  # one key, also without the big search
    assert maid.get("/knowledge/new").status_code == 403
    assert maid.get(address).status_code == 200
    assert "is changed" in clerk.send(f"{address}/change", **{**new, "title": "Müller"}).text
    clerk.press(f"{address}/away", address)
    assert "Müller" not in maid.get("/knowledge").text
    assert "Müller" in clerk.get("/knowledge?show=away").text


def test_doors(
    app: Any, clerk: Clerk, walk: int, hotel: House, as_role: Callable[[Role], Clerk]
) -> None:
    book(clerk, walk)
    made = newest(app, ActivityBooking)
    owner, clerk_ = as_role(Role.OWNER), as_role(Role.FRONT_DESK)
    with app.app_context(), transaction(db.session()) as session:
        other = make.furnished(session, "OTHER")
        foreign = outing.walk(session, other)
        article = knowledge.write(
            session, other, Written(title="?", topic=Topic.HOUSE, words="?"),
            by=make.by(session, other),
        ).id  # fmt: skip
        ids = (foreign.activity_id, foreign.id, foreign.activity.vendor_id, article)

    for address in ("/concierge", "/concierge/wake-ups", f"/concierge/bookings/{made.id}"):
        assert owner.get(address).status_code == 403
        assert clerk_.get(address).status_code == 200
    assert clerk_.get("/concierge/vendors/new").status_code == 403
    strange = ("/concierge/activities/{}", "/concierge/times/{}/book", "/concierge/vendors/{}",
               "/knowledge/{}")  # fmt: skip
    for address, id_ in zip(strange, ids, strict=True):
        assert clerk.get(address.format(id_)).status_code == 404
    for nonsense, said in (
        ("?day=0001-01-01", "That is no day. Here is"), ("?day=x", "That is no day. Here is"),
        ("/commission?month=2026-13", "That is no month. Here is this one."),
        ("/bookings?show=x", ""), ("/catalogue?kind=x", ""),
        (f"/catalogue?reservation={9**30}", ""),
    ):  # fmt: skip
        shown = clerk.get(f"/concierge{nonsense}")
        assert (shown.status_code, said in shown.text) == (200, True), nonsense
    assert clerk.get("/concierge/activities/1").status_code == 404
    assert clerk.press(f"/concierge/bookings/{made.id}/eat").status_code == 404


def test_questions_do_not_grow_with_the_rows(
    app: Any, clerk: Clerk, walk: int, hotel: House
) -> None:
    book(clerk, walk, persons="1")
    made = newest(app, ActivityBooking)
    activity = newest(app, Activity)
    clerk.send("/concierge/wake-ups", rooms="101", at="07:00", again_minutes="5")
    addresses = [
        "/concierge?day=2026-11-21", "/concierge", "/concierge/bookings", "/concierge/catalogue",
        "/concierge/wake-ups", "/concierge/vendors", "/knowledge",
        f"/concierge/commission?vendor={activity.vendor_id}", f"/concierge/bookings/{made.id}",
        f"/concierge/activities/{activity.id}", f"/concierge/times/{walk}/book",
    ]  # fmt: skip
    few = {address: queries(app, clerk.client, address) for address in addresses}

    def grow(session: Any, house: Any) -> None:
        by = make.by(session, house)
        for n in range(3):
            walk_ = session.scalars(sa.select(Activity)).first()
            later = outing.open_time(
                session, house, walk_, outing.STARTS + timedelta(hours=n + 1), by=by
            )
            party = session.get(Reservation, (house.id, made.reservation_id))
            concierge.book(session, later, party, concierge.Asked(persons=1), by=by)
            wake_ups.ask(session, house, [party], at=time(8 + n), by=by)
            knowledge.write(
                session, house, Written(title=f"T{n}", topic=Topic.HOUSE, words="W"), by=by
            )

    hotel.does(grow)
    many = {address: queries(app, clerk.client, address) for address in addresses}

    assert all(many[each] <= few[each] for each in addresses), (few, many)
    assert max(many.values()) <= 18, many
