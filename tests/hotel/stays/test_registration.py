"""Parties with all their guests, and the card they sign."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base.db import new_id
from pms.hotel.guests import identity
from pms.hotel.house import documents, logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import parties, registration, reservations
from pms.hotel.stays.registration import PNG, Signed
from tests import make
from tests.asking import asked
from tests.engines import ONE_ENGINE
from tests.hotel.guests.test_identity import ANA

INK = PNG + b"\0" * 200


@ONE_ENGINE
def test_a_party_has_as_many_guests_as_it_is_of(session: Session) -> None:
    house = make.furnished(session)
    by, reservation = make.by(session, house), make.reservation(session, house, adults=2)
    wife, friend = make.guest(session, house, "Wife"), make.guest(session, house, "Friend")

    parties.add(session, reservation, wife, by=by)
    with pytest.raises(parties.PartyIsFull, match="of 2, and all are written down"):
        parties.add(session, reservation, friend, by=by)
    with pytest.raises(parties.InTheParty):
        parties.add(session, reservation, wife, by=by)

    names = [each.guest.surname for each in parties.members(session, reservation)]
    assert names == ["Dvořák", "Wife"]
    assert logbook.history(session, reservation)[0].verb == "added guest"


@ONE_ENGINE
def test_who_booked_stays_in_the_party_and_others_may_leave_it(session: Session) -> None:
    house = make.furnished(session)
    by, reservation = make.by(session, house), make.reservation(session, house)
    wife = make.guest(session, house, "Wife")
    parties.add(session, reservation, wife, by=by)

    parties.remove(session, reservation, wife, by=by)
    with pytest.raises(parties.NotInTheParty):
        parties.remove(session, reservation, reservation.guest, by=by)

    assert [each.booked for each in parties.members(session, reservation)] == [True]


@ONE_ENGINE
def test_a_cancelled_party_stays_as_it_was(session: Session) -> None:
    house = make.furnished(session)
    by, reservation = make.by(session, house), make.reservation(session, house)
    reservations.cancel(session, reservation, reason="ill", by=by)

    with pytest.raises(parties.PartyIsOver):
        parties.add(session, reservation, make.guest(session, house, "Late"), by=by)
    with pytest.raises(registration.NothingToSign):
        registration.sign_on_paper(session, reservation, by=by)


def test_members_are_two_questions_however_many(session: Session) -> None:
    house = make.furnished(session)
    kind = make.room_type(session, house, "BIG", sleeps=9)
    make.plan(session, house, kind)
    make.room(session, house, "901", kind=kind)
    session.flush()
    by = make.by(session, house)
    reservation = make.reservation(session, house, adults=2)
    reservation.adults = 8
    session.flush()
    _ = reservation.guest.name

    few = asked(session, lambda: parties.members(session, reservation))
    for n in range(6):
        guest = make.guest(session, house, f"Guest {n}")
        parties.add(session, reservation, guest, by=by)
        identity.keep(session, guest, ANA, hotel=house, by=by)

    assert asked(session, lambda: parties.members(session, reservation)) == few == 2


def test_a_signed_card_is_a_document_with_its_number(session: Session) -> None:
    house = make.furnished(session)
    by, reservation = make.by(session, house), make.reservation(session, house)

    card = registration.sign(session, reservation, paper=b"%PDF-1.7 card", picture=INK, by=by)

    kept = documents.read(session, house, documents.Kind.REGISTRATION_CARD, 1)
    assert (card.way, card.document_id) == (Signed.SCREEN, kept.id)
    assert documents.content_of(session, kept) == b"%PDF-1.7 card"
    assert kept.data["reservation"] == reservation.number
    found = registration.of(session, reservation)
    assert found is not None
    assert found.id == card.id


@ONE_ENGINE
@pytest.mark.parametrize("picture", [b"", b"GIF89a" + b"\0" * 200, PNG, PNG + b"\0" * 300_000])
def test_a_card_without_a_signature_is_refused(session: Session, picture: bytes) -> None:
    house = make.furnished(session)
    by, reservation = make.by(session, house), make.reservation(session, house)

    with pytest.raises(registration.NotSigned, match="Sign in the field, or on paper"):
        registration.sign(session, reservation, paper=b"%PDF", picture=picture, by=by)

    assert registration.of(session, reservation) is None


@ONE_ENGINE
def test_a_card_signed_on_paper_is_noted_and_a_housekeeper_signs_nobody(session: Session) -> None:
    house = make.furnished(session)
    by, reservation = make.by(session, house), make.reservation(session, house)

    card = registration.sign_on_paper(session, reservation, by=by)
    with pytest.raises(NotAllowed):
        registration.sign_on_paper(
            session, reservation, by=make.by(session, house, Role.HOUSEKEEPER)
        )

    assert (card.way, card.document_id) == (Signed.PAPER, None)


def test_the_database_itself_refuses_who_booked_twice(session: Session) -> None:
    house = make.furnished(session)
    reservation = make.reservation(session, house)

    with pytest.raises(IntegrityError, match="in the party already"):
        session.execute(
            sa.insert(parties.PartyGuest).values(
                hotel_id=house.id, id=new_id(), chain_id=house.chain_id,
                reservation_id=reservation.id, guest_id=reservation.guest_id,
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    ["UPDATE registration_cards SET way = 'paper'", "DELETE FROM registration_cards"],
)
def test_the_database_itself_keeps_signatures_in_ink(session: Session, broken: str) -> None:
    house = make.furnished(session)
    by, reservation = make.by(session, house), make.reservation(session, house)
    registration.sign_on_paper(session, reservation, by=by)

    with pytest.raises(IntegrityError, match="written in ink"):
        session.execute(sa.text(broken))
