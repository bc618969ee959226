"""Guest links: one stay, a second secret, few tries, and an end."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from pms.base import clock
from pms.base.db import new_id, transaction
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import guest_links, reservations
from pms.hotel.stays.guest_links import (
    AT_MOST,
    IDLE,
    OPEN_AFTER_DEPARTURE,
    WITHIN,
    Door,
    GuestLink,
    GuestVisit,
    Opens,
    TooManyKnocks,
    WrongSecret,
)
from pms.hotel.stays.reservations import Reservation
from tests import make

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sealed(hotel_id, link_id):
    """A token as the web would sign it."""
    return f"{hotel_id}~{link_id}"


@pytest.fixture
def party(session):
    with clock.set_to(make.NOON), transaction(session):
        house = make.furnished(session)
        made = make.reservation(session, house, arrival=make.DAY + timedelta(days=3))
        made.guest.email = "ana@mail.example"
        session.flush()
        return made


@pytest.fixture
def house(session, party):
    return session.get_one(make.hotels.Hotel, party.hotel_id)


def issue(session, party, house):
    with transaction(session):
        return guest_links.issue(session, party, sealed=sealed, by=make.by(session, house))


def test_a_stay_has_one_link_that_opens_it_until_it_is_withdrawn(session, party, house):
    link = issue(session, party, house)
    token = sealed(house.id, link.id)

    assert issue(session, party, house).id == link.id
    assert token not in link.digest
    assert guest_links.find(session, token)[1].id == party.id
    assert guest_links.find(session, f"{token}x") is None
    with transaction(session):
        visit = guest_links.open_visit(session, party)
        guest_links.withdraw(session, party, by=make.by(session, house))
    assert guest_links.find(session, token) is None
    assert guest_links.visit(session, visit) is None


@SQLITE_ONLY
def test_a_link_ends_some_days_after_the_departure(session, party, house):
    link = issue(session, party, house)
    last = party.departure + OPEN_AFTER_DEPARTURE

    assert guest_links.is_open(party.departure, last)
    assert not guest_links.is_open(party.departure, last + timedelta(days=1))
    with transaction(session):
        session.execute(sa.update(make.hotels.Hotel).values(business_date=last + timedelta(days=1)))
    assert guest_links.find(session, sealed(house.id, link.id)) is None


@SQLITE_ONLY
def test_the_second_secret_is_number_and_name_or_mail(session, party):
    number = party.number

    for who in ("Dvořák", "  dvorak ", "ANA@mail.example"):
        guest_links.check(party, party.guest, number=number, who=who)
    wrong = [(number + 1, "Dvořák"), (None, "Dvořák")]
    for said, who in [*wrong, (number, "Novák"), (number, ""), (number, "Ana")]:
        with pytest.raises(WrongSecret):
            guest_links.check(party, party.guest, number=said, who=who)


@SQLITE_ONLY
def test_an_umlaut_is_also_written_as_two_letters(session, house):
    party = make.reservation(session, house, surname="Müller-Lüdenscheidt")

    for who in ("Müller-Lüdenscheidt", "muller-ludenscheidt", "MUELLER-LUEDENSCHEIDT"):
        guest_links.check(party, party.guest, number=party.number, who=who)
    with pytest.raises(WrongSecret):
        guest_links.check(party, party.guest, number=party.number, who="mueler-ludenscheidt")


@SQLITE_ONLY
def test_few_knocks_are_answered_and_then_one_waits(session, house):
    with clock.set_to(make.NOON):
        for _ in range(Door.STAY.most):
            with transaction(session):
                guest_links.throttle(session, house, Door.STAY, "1")
                guest_links.knock(session, house, Door.STAY, "1")
        with pytest.raises(TooManyKnocks):
            guest_links.throttle(session, house, Door.STAY, "1")
        guest_links.throttle(session, house, Door.STAY, "2")
    with clock.set_to(make.NOON + WITHIN):
        guest_links.throttle(session, house, Door.STAY, "1")


@SQLITE_ONLY
def test_a_visit_is_short(session, party):
    def opened():
        with clock.set_to(make.NOON), transaction(session):
            return guest_links.open_visit(session, party)

    token = opened()
    with clock.set_to(make.NOON + IDLE - timedelta(seconds=1)):
        visit = guest_links.visit(session, token)
        with transaction(session):
            guest_links.touch(session, visit)
    with clock.set_to(make.NOON + IDLE + timedelta(seconds=1)):
        assert guest_links.visit(session, token) is not None
    with clock.set_to(make.NOON + IDLE * 2):
        assert guest_links.visit(session, token) is None
    with transaction(session):
        visit.seen_at = make.NOON + AT_MOST
    with clock.set_to(make.NOON + AT_MOST):
        assert guest_links.visit(session, token) is None


def test_the_database_itself_keeps_a_stay_to_one_link_and_a_withdrawn_one_shut(
    session, party, house
):
    link = issue(session, party, house)
    row = {
        "hotel_id": house.id, "id": new_id(), "chain_id": house.chain_id, "digest": "0" * 64,
        "reservation_id": party.id, "staff_id": link.staff_id, "made_at": make.NOON,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction(session):
        session.execute(sa.insert(GuestLink), [row])
    with transaction(session):
        guest_links.withdraw(session, party, by=make.by(session, house))
    with pytest.raises(DBAPIError, match="nothing"), transaction(session):
        session.execute(sa.update(GuestLink).values(withdrawn_at=None))


def test_who_booked_several_rooms_has_one_link_to_those_of_the_booking(session, party, house):
    with clock.set_to(make.NOON), transaction(session):
        second = make.reservation(
            session, house, arrival=party.arrival, nights=5, guest=party.guest, with_booking=party
        )
        for_another = make.reservation(
            session, house, arrival=party.arrival, surname="Novák", with_booking=party
        )
        sharer = make.reservation(
            session, house, arrival=party.arrival, surname="Sharer", adults=1,
            with_booking=party, shares_with=party,
        )  # fmt: skip
        stranger = make.reservation(session, house, arrival=party.arrival, surname="Stranger")
    with transaction(session):
        by = make.by(session, house)
        link = guest_links.issue(session, second, opens=Opens.BOOKING, sealed=sealed, by=by)

    assert link.reservation_id == party.id
    assert guest_links.of(session, party) is None
    assert guest_links.rooms(session, party) == [party, second, for_another]
    with_it = {each.surname for each in (sharer.guest, stranger.guest)}
    assert not with_it & {each.guest.surname for each in guest_links.rooms(session, party)}
    for other in (sharer, stranger):
        assert guest_links.room(session, party, other.number) is None
        assert guest_links.booked_with(session, other) is None
    assert guest_links.booked_with(session, second) is party
    assert guest_links.booked_with(session, for_another) is None
    last = second.departure + OPEN_AFTER_DEPARTURE
    with transaction(session):
        session.execute(sa.update(make.hotels.Hotel).values(business_date=last))
    assert guest_links.find(session, sealed(house.id, link.id)) == (link, party)
    with transaction(session):
        reservations.separate(session, second, by=make.by(session, house))
    assert guest_links.room(session, party, second.number) is None
    assert guest_links.find(session, sealed(house.id, link.id)) is None
    with pytest.raises(reservations.BookedFirst), transaction(session):
        reservations.separate(session, party, by=make.by(session, house))


def test_a_room_that_was_taken_out_of_its_booking_goes_back_until_it_has_rooms_of_its_own(
    session, party, house
):
    with clock.set_to(make.NOON), transaction(session):
        by = make.by(session, house)
        second = make.reservation(session, house, arrival=party.arrival, with_booking=party)
        reservations.separate(session, second, by=by)
        reservations.put_back(session, second, by=by)

    assert guest_links.rooms(session, party) == [party, second]
    [line] = logbook.history(session, second)[:1]
    assert (line.verb, line.before["booking"]) == ("put back", second.number)
    session.rollback()
    with transaction(session):
        attendant = make.by(session, house, Role.HOUSEKEEPER)
    for refusal, whom, clerk in (
        (reservations.NotSeparated, second, by),
        (reservations.NotSeparated, party, by),
        (NotAllowed, second, attendant),
    ):
        with pytest.raises(refusal), transaction(session):
            reservations.put_back(session, whom, by=clerk)
    with clock.set_to(make.NOON), transaction(session):
        reservations.separate(session, second, by=by)
        third = make.reservation(session, house, arrival=party.arrival, with_booking=second)
    assert (third.booking_number, second.separated_from) == (second.number, None)
    with pytest.raises(reservations.NotSeparated), transaction(session):
        reservations.put_back(session, second, by=by)
    for number, message in ((party.number, "first room"), (999_999, "first room")):
        change = sa.update(Reservation).where(Reservation.id == second.id)
        with pytest.raises(DBAPIError, match=message), transaction(session):
            session.execute(change.values(booking_number=number))


def test_the_database_itself_opens_a_booking_by_its_first_room_and_keeps_a_visit_to_it(
    session, party, house
):
    with clock.set_to(make.NOON), transaction(session):
        second = make.reservation(session, house, arrival=party.arrival, with_booking=party)
        guest_links.open_visit(session, second)
    row = {
        "hotel_id": house.id, "id": new_id(), "digest": "0" * 64, "opens": Opens.BOOKING,
        "reservation_id": second.id,
    }  # fmt: skip
    link = {"chain_id": house.chain_id, "staff_id": make.by(session, house).id}
    for table, more in (
        (GuestLink, {**link, "made_at": make.NOON}),
        (GuestVisit, {"opened_at": make.NOON, "seen_at": make.NOON}),
    ):
        with pytest.raises(DBAPIError, match="first room"), transaction(session):
            session.execute(sa.insert(table), [{**row, **more}])
    for wider in ({"opens": Opens.BOOKING}, {"reservation_id": party.id}):
        with pytest.raises(DBAPIError, match="opened for"), transaction(session):
            session.execute(sa.update(GuestVisit).values(**wider))
