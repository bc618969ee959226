"""Merging: one person, two profiles, made one and parted again."""

import dataclasses
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.hotel.books.folios import FolioWindow
from pms.hotel.guests import finding, guests, identity
from pms.hotel.guests.guests import Guest, Profile
from pms.hotel.guests.identity import IdentityDocument, IdentityKind, Seen
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.privacy import duplicates, merging
from pms.hotel.privacy.merging import GuestMerge, NotStanding, PartedAlready, SameParty, SameProfile
from pms.hotel.service import tickets
from pms.hotel.service.tickets import TicketKind
from pms.hotel.stays import alerts, house_rules, parties, police, settlements, stays, totals
from pms.hotel.stays.alerts import Area
from pms.hotel.stays.police import NothingDue, Stand
from pms.hotel.stays.reservations import Reservation
from tests import make

ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(session):
    return make.furnished(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def ana(session, house, by):
    found = make.guest(session, house)
    profile = Profile(surname="Dvořák", given_name="Ana", email="ana@x.cz")
    return guests.amend(session, found, profile, hotel=house, by=by)


@pytest.fixture
def anna(session, house, by):
    found = make.guest(session, house, given="Anna")
    profile = Profile(surname="Dvořák", given_name="Anna", phone="+420 1", vip=True)
    return guests.amend(session, found, profile, hotel=house, by=by)


def seen(number="XR1"):
    return Seen(
        kind=IdentityKind.PASSPORT, number=number, issuing_country="CZE", nationality="CZE",
        surname="Dvořák", given_name="Anna",
    )  # fmt: skip


def payee(session, reservation):
    return session.scalar(
        sa.select(FolioWindow.payee_guest_id).where(FolioWindow.folio_id == reservation.folio_id)
    )


def test_what_names_the_one_names_the_other_and_comes_back(session, house, ana, anna, by):
    mine = make.reservation(session, house, guest=ana)
    theirs = make.reservation(session, house, guest=anna)
    settlements.folio_of(session, theirs, by=by)
    paper = identity.keep(session, anna, seen(), hotel=house, by=by)

    done = merging.merge(session, ana, anna, hotel=house, by=by)
    session.expire_all()

    assert (theirs.guest_id, paper.guest_id, payee(session, theirs)) == (ana.id,) * 3
    assert (ana.phone, ana.email, ana.vip) == ("+420 1", "ana@x.cz", True)
    assert merging.standing(session, anna) is ana
    assert finding.search(session, house, "Dvořák") == [ana]
    assert totals.of_guests(session, house, [ana.id])[ana.id].to_come == 2

    merging.part(session, done, hotel=house, by=by)
    session.expire_all()

    assert (theirs.guest_id, paper.guest_id, payee(session, theirs)) == (anna.id,) * 3
    assert mine.guest_id == ana.id
    assert (ana.phone, ana.vip, anna.merged_into_id) == (None, False, None)
    with pytest.raises(PartedAlready):
        merging.part(session, done, hotel=house, by=by)


def test_the_database_itself_books_nobody_who_was_merged_away(session, house, ana, anna, by):
    other = make.reservation(session, house, guest=ana)
    merging.merge(session, ana, anna, hotel=house, by=by)

    for broken in (
        sa.update(Reservation).values(guest_id=anna.id).where(Reservation.id == other.id),
        sa.update(Guest).values(merged_into_id=anna.id).where(Guest.id == ana.id),
        sa.update(Guest).values(merged_into_id=Guest.id).where(Guest.id == ana.id),
        sa.update(GuestMerge).values(kept_id=GuestMerge.retired_id),
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(broken)


@ONE_ENGINE
def test_two_who_stay_together_are_two(session, house, ana, anna, by):
    booked = make.reservation(session, house, guest=ana)
    parties.add(session, booked, anna, by=by)

    with pytest.raises(SameParty, match=f"booking {booked.number}"):
        merging.merge(session, ana, anna, hotel=house, by=by)
    with pytest.raises(SameProfile):
        merging.merge(session, ana, ana, hotel=house, by=by)


@ONE_ENGINE
def test_a_profile_that_was_merged_away_stands_for_nobody(session, house, ana, anna, by):
    third = make.guest(session, house, surname="Dvorak")
    merging.merge(session, ana, anna, hotel=house, by=by)

    with pytest.raises(NotStanding):
        merging.merge(session, third, anna, hotel=house, by=by)
    with pytest.raises(guests.MergedAway):
        make.reservation(session, house, guest=anna)
    with pytest.raises(NotAllowed):
        merging.merge(
            session, ana, third, hotel=house, by=make.by(session, house, Role.HOUSEKEEPER)
        )


@ONE_ENGINE
def test_one_document_seen_twice_stays_where_it_was(session, house, ana, anna, by):
    for guest in (ana, anna):
        identity.keep(session, guest, seen(), hotel=house, by=by)

    merging.merge(session, ana, anna, hotel=house, by=by)

    assert sorted(session.scalars(sa.select(IdentityDocument.guest_id))) == sorted(
        [ana.id, anna.id]
    )


def test_every_room_that_names_a_guest_is_handed_over():
    assert {f"{table.name}.{column.name}" for table, column in merging.naming()} >= {
        "reservations.guest_id", "party_guests.guest_id", "identity_documents.guest_id",
        "folio_windows.payee_guest_id", "requests.guest_id", "tickets.guest_id",
    }  # fmt: skip


@ONE_ENGINE
def test_a_likeness_says_what_speaks_for_it(session, house, ana, anna, by):
    turned = make.guest(session, house, surname="Ana", given="Dvořák")
    for guest in (ana, anna):
        identity.keep(session, guest, seen(), hotel=house, by=by)
    make.guest(session, house, surname="Dvořáková", given="Ana")
    make.guest(session, house, given="Alois")  # half a town has that initial

    found = duplicates.likely(session, ana)

    assert [(each.guest.id, each.reasons) for each in found] == [
        (anna.id, ("The same document", "The same surname and initial")),
        (turned.id, ("The names the other way round",)),
    ]


@ONE_ENGINE
def test_a_name_in_its_own_script_is_found(session, house, by):
    found = make.guest(session, house, surname="Tanaka", given="Haruka")
    guests.amend(
        session, found, Profile(surname="Tanaka", given_name="Haruka", native_name="田中 春香"),
        hotel=house, by=by,
    )  # fmt: skip

    assert finding.search(session, house, "田中") == [found]


@ONE_ENGINE
def test_an_unwanted_guest_is_a_managers_decision(session, house, ana, by):
    booked = make.reservation(session, house, guest=ana)
    clerk = make.by(session, house, Role.FRONT_DESK)
    with pytest.raises(NotAllowed):
        guests.mark_unwanted(session, ana, reason="Smoked", hotel=house, by=clerk)

    guests.mark_unwanted(session, ana, reason="Smoked in bed", hotel=house, by=by)

    room = make.room(session, house, "201", kind=booked.room_type)
    with pytest.raises(house_rules.RuleBlocks, match="Smoked in bed"):
        stays.check_in(session, booked, room=room, by=clerk)
    with pytest.raises(guests.Unwanted):
        make.reservation(session, house, guest=ana, by=clerk)
    guests.lift_unwanted(session, ana, hotel=house, by=by)
    make.reservation(session, house, guest=ana, by=clerk)


def test_what_was_handed_over_or_reported_stays_the_persons(session, house, ana, anna, by):
    parcel = tickets.keep(
        session, house, kind=TicketKind.PARCEL, words="Box", kept_in="Shelf", guest=anna, by=by
    )
    tickets.hand_over(session, parcel, to="Anna", by=by)
    booked = make.reservation(session, house, guest=anna, adults=1)
    paper = dataclasses.replace(seen(), birth_date=date(1990, 1, 1), lives_in="CZE")
    identity.keep(session, anna, paper, hotel=house, by=by)
    profile = Profile(surname="Dvořák", given_name="Anna", country="CZE")
    guests.amend(session, anna, profile, hotel=house, by=by)
    stays.check_in(session, booked, room=make.room(session, house, "201"), by=by)
    unit = police.Unit(
        code="123456789", short_name="H", street="S", town="T", postcode="1000", zone="100",
        phone="1", contact="C", email="a@b.cz",
    )  # fmt: skip
    police.set_up(session, house, unit, by=by)
    police.export(session, house, by=by)

    done = merging.merge(session, ana, anna, hotel=house, by=by)
    session.expire_all()

    assert parcel.guest_id == ana.id
    assert [entry.stand for entry in police.register(session, house)] == [Stand.EXPORTED]
    with pytest.raises(NothingDue):
        police.export(session, house, by=by)
    merging.part(session, done, hotel=house, by=by)
    session.expire_all()
    assert parcel.guest_id == anna.id


@ONE_ENGINE
def test_nothing_more_is_written_of_who_was_merged_away(session, house, ana, anna, by):
    booked, version = make.reservation(session, house, guest=ana), anna.version
    merging.merge(session, ana, anna, hotel=house, by=by)

    assert anna.version > version  # a page of hers that is open is stale
    for deed in (
        lambda: guests.amend(session, anna, Profile(surname="X"), hotel=house, by=by),
        lambda: guests.mark_unwanted(session, anna, reason="Smoked", hotel=house, by=by),
        lambda: identity.keep(session, anna, seen(), hotel=house, by=by),
        lambda: parties.add(session, booked, anna, by=by),
        lambda: alerts.put(session, house, anna, words="Cash", areas=[Area.FOLIO], by=by),
    ):
        with pytest.raises(guests.MergedAway):
            deed()


@ONE_ENGINE
def test_an_unwanted_guest_doesnt_come_in_by_being_written_anew(session, house, ana, by):
    guests.mark_unwanted(session, ana, reason="Smoked in bed", hotel=house, by=by)
    clerk, anew = make.by(session, house, Role.FRONT_DESK), {"surname": "Novák", "given_name": "A"}

    with pytest.raises(guests.Unwanted, match="Smoked in bed"):
        guests.welcome(session, house, **anew, email=" Ana@X.cz ", by=clerk)
    guests.welcome(session, house, **anew, email="other@x.cz", by=clerk)
    guests.welcome(session, house, **anew, email="ana@x.cz", by=by)
