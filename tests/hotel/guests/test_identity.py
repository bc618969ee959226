"""Documents of guests: written down, masked, looked up with a line, forgotten."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base.refusal import Invalid
from pms.hotel.guests import identity
from pms.hotel.guests.identity import IdentityKind, Seen, Sex
from pms.hotel.house import logbook, staff
from pms.hotel.house.hotels import Chain
from pms.hotel.house.staff import NotAllowed, Role
from tests import make
from tests.engines import ONE_ENGINE

ANA = Seen(
    kind=IdentityKind.PASSPORT,
    number="l898902c3",
    issuing_country="uto",
    nationality="UTO",
    surname="Eriksson",
    given_name="Anna Maria",
    birth_date=date(1974, 8, 12),
    sex=Sex.FEMALE,
    expires_on=date(2030, 4, 15),
    from_lines=True,
)


def test_a_document_is_kept_once_however_often_it_is_seen(session: Session) -> None:
    house = make.furnished(session)
    by, guest = make.by(session, house), make.guest(session, house)

    first = identity.keep(session, guest, ANA, hotel=house, by=by)
    again = identity.keep(
        session, guest, replace(ANA, expires_on=date(2031, 1, 1)), hotel=house, by=by
    )

    assert again.id == first.id
    assert (again.number, again.issuing_country) == ("L898902C3", "UTO")
    assert again.expires_on == date(2031, 1, 1)
    assert identity.newest(session, house.chain_id, [guest.id]) == {guest.id: again}


def test_what_the_desk_has_seen_stays_the_desks_though_its_guest_sends_it_anew(
    session: Session,
) -> None:
    house = make.furnished(session)
    by, guest = make.by(session, house), make.guest(session, house)
    own = staff.a_guest(session, house)
    document = identity.keep(session, guest, ANA, hotel=house, by=by)

    identity.keep(session, guest, replace(ANA, lives_in="Linz"), hotel=house, knowing="", by=own)

    assert (document.staff_id, document.lives_in) == (by.id, "Linz")
    assert not identity.is_guests_own(session, document)
    with pytest.raises(identity.WrittenOtherwise):
        identity.keep(session, guest, replace(ANA, given_name="Eve"), hotel=house, knowing="",
                      by=own)  # fmt: skip


def test_what_a_guest_wrote_is_their_own_in_the_whole_chain_until_the_desk_sees_it(
    session: Session,
) -> None:
    house = make.furnished(session)
    sister = make.hotel(session, "SISTER", chain=session.get_one(Chain, house.chain_id))
    guest = make.guest(session, house)
    there = staff.a_guest(session, sister)

    document = identity.keep(session, guest, ANA, hotel=sister, by=there)
    was_own = identity.is_guests_own(session, document)
    identity.keep(session, guest, ANA, hotel=house, by=make.by(session, house))

    assert was_own
    assert document.hotel_id == house.id
    assert not identity.is_guests_own(session, document)


def test_a_document_is_compared_as_it_stands_not_as_it_was_read_before(session: Session) -> None:
    house = make.furnished(session)
    own, guest = staff.a_guest(session, house), make.guest(session, house)
    document = identity.keep(session, guest, ANA, hotel=house, by=own)
    knowing = identity.known(document)
    other = sa.text("UPDATE identity_documents SET surname = 'Roy', seen_at = :later")
    later = sa.bindparam("later", document.seen_at + timedelta(minutes=1), sa.DateTime(True))
    session.execute(other.bindparams(later))

    with pytest.raises(identity.WrittenOtherwise):
        identity.keep(session, guest, ANA, hotel=house, knowing=knowing, by=own)


def test_a_number_is_masked_and_who_looks_it_up_is_noted(session: Session) -> None:
    house = make.furnished(session)
    by, guest = make.by(session, house), make.guest(session, house)
    document = identity.keep(session, guest, ANA, hotel=house, by=by)
    desk = make.by(session, house, Role.FRONT_DESK)

    number = identity.look_up(session, document, hotel=house, by=desk)
    with pytest.raises(NotAllowed):
        identity.look_up(
            session, document, hotel=house, by=make.by(session, house, Role.RESERVATIONS)
        )

    lines = session.scalars(
        sa.select(logbook.Line).where(logbook.Line.noun == "guests").order_by(logbook.Line.id)
    ).all()
    assert number == "L898902C3"
    assert document.masked == "••••••2C3"
    assert [each.verb for each in lines][-2:] == ["saw document", "looked up document"]
    assert lines[-1].staff_id == desk.id
    assert all("898902" not in str(each.after) for each in lines)


@pytest.mark.parametrize(("number", "masked"), [("1", "•"), ("1234", "••34"), ("123456", "•••456")])
def test_no_more_than_half_of_a_number_is_shown(number: str, masked: str) -> None:
    assert identity.IdentityDocument(number=number).masked == masked


@ONE_ENGINE
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "9" * 41}, "number"),
        ({"issuing_country": "Utopia"}, "issuing_country"),
        ({"nationality": ""}, "nationality"),
        ({"surname": " "}, "surname"),
        ({"birth_date": date(2027, 1, 1)}, "birth_date"),
        ({"expires_on": date(1970, 1, 1)}, "expires_on"),
    ],
)
def test_a_document_that_cannot_be_is_refused_beside_its_field(
    session: Session, wrong: dict[str, object], field: str
) -> None:
    house = make.furnished(session)
    guest = make.guest(session, house)
    seen = replace(ANA, **wrong)  # type: ignore[arg-type]

    with pytest.raises(Invalid) as no:
        identity.keep(session, guest, seen, hotel=house, by=make.by(session, house))

    assert no.value.field == field


@ONE_ENGINE
def test_a_document_is_forgotten_and_the_line_stays(session: Session) -> None:
    house = make.furnished(session)
    by, guest = make.by(session, house), make.guest(session, house)
    document = identity.keep(session, guest, ANA, hotel=house, by=by)

    identity.forget(session, document, hotel=house, by=by)

    assert identity.newest(session, house.chain_id, [guest.id]) == {}
    verbs = session.scalars(sa.select(logbook.Line.verb).where(logbook.Line.noun == "guests"))
    assert list(verbs)[-1] == "forgot document"


def test_the_database_itself_refuses_a_broken_document(session: Session) -> None:
    house = make.furnished(session)
    by, guest = make.by(session, house), make.guest(session, house)
    identity.keep(session, guest, ANA, hotel=house, by=by)

    for broken in (
        "number = 'L898902C3'",
        "sex = 'Q'",
        "kind = 'library_card'",
        "birth_date = '1974-08-12'",
        "guest_id = 1",
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.text(f"UPDATE identity_documents SET {broken}"))
