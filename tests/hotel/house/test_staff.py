"""Staff: what someone may do is said by their role in that hotel."""

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.refusal import Invalid
from pms.hotel.house import hiring, staff
from pms.hotel.house.hotels import Chain
from pms.hotel.house.staff import MAY, Permission, Role
from tests import founding
from tests.engines import ONE_ENGINE


def test_every_role_says_what_it_may() -> None:
    assert set(MAY) == set(Role)
    assert Role.NIGHT_AUDITOR.words == "Night auditor"
    assert Permission.MANAGE_STAFF not in MAY[Role.FRONT_DESK]


def test_the_database_itself_knows_every_role(session: Session) -> None:
    hotel = founding.hotel(session)
    person = founding.staff(session, hotel)

    with transaction(session):
        for role in Role:
            hiring.give_role(session, person, hotel=hotel, role=role)
    wrong = sa.text("UPDATE staff_roles SET role = 'butler'")
    with pytest.raises(IntegrityError), transaction(session):
        session.execute(wrong)

    assert person.role_in(hotel.id) is list(Role)[-1]


def test_a_role_counts_in_its_own_hotel_only(session: Session) -> None:
    hotel = founding.hotel(session)
    with transaction(session):
        sister = founding.hotel(session, of=session.get_one(Chain, hotel.chain_id))
    person = founding.staff(session, hotel, Role.FRONT_DESK)

    assert person.may(Permission.CHECK_IN, hotel.id)
    assert not person.may(Permission.CHECK_IN, sister.id)
    assert not person.may(Permission.AUDIT, hotel.id)
    with pytest.raises(staff.NotAllowed, match="doesn't include “check in”"):
        staff.require(person, Permission.CHECK_IN, sister.id)


@ONE_ENGINE
def test_who_is_disabled_may_nothing(session: Session) -> None:
    hotel = founding.hotel(session)
    person = founding.staff(session, hotel)

    with transaction(session):
        person.disabled = True

    assert not person.may(Permission.LOOK, hotel.id)


def test_a_new_role_replaces_the_old_one(session: Session) -> None:
    hotel = founding.hotel(session)
    person = founding.staff(session, hotel, Role.FRONT_DESK)

    with transaction(session):
        hiring.give_role(session, person, hotel=hotel, role=Role.ACCOUNTANT)

    assert person.role_in(hotel.id) is Role.ACCOUNTANT


def test_an_address_signs_in_one_person(session: Session) -> None:
    hotel = founding.hotel(session)
    founding.staff(session, hotel, email="ana@example.com")

    with pytest.raises(hiring.EmailTaken, match="signs in already"):
        founding.staff(session, hotel, email=" Ana@Example.com ")
    with pytest.raises(IntegrityError), transaction(session):
        other = founding.staff(session, hotel)
        session.execute(
            sa.update(staff.Staff).where(staff.Staff.id == other.id).values(email="ana@example.com")
        )


@ONE_ENGINE
def test_no_address_is_refused(session: Session) -> None:
    with pytest.raises(Invalid, match="no e-mail address"):
        founding.staff(session, founding.hotel(session), email="nobody")


@pytest.mark.parametrize("password", ["short", "password1", "PASSWORD1", "x" * 513])
def test_a_password_anyone_would_try_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        staff.hash_password(password)

    assert refused.value.field == "password"


@ONE_ENGINE
def test_a_password_is_kept_as_argon2id_only(
    session: Session, real_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "_hasher", real_hasher)
    person = founding.staff(session, founding.hotel(session), password=founding.PASSWORD)

    assert str(person.password_hash).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert staff.password_is_right(person, founding.PASSWORD)
    assert not staff.password_is_right(person, "something else")


@ONE_ENGINE
def test_nobody_signs_in_as_nobody_or_without_a_password(session: Session) -> None:
    person = founding.staff(session, founding.hotel(session))

    assert not staff.password_is_right(person, "nobody signs in with this")
    assert not staff.password_is_right(None, "nobody signs in with this")


def test_the_house_acts_as_one_person_per_hotel(session: Session) -> None:
    hotel, other = founding.hotel(session), founding.hotel(session)

    with transaction(session):
        house = staff.the_house(session, hotel)
        again = staff.the_house(session, hotel)
        elsewhere = staff.the_house(session, other)

    assert house is again
    assert house is not elsewhere
    assert house.may(Permission.AUDIT, hotel.id)
    assert not house.may(Permission.AUDIT, other.id)
    assert house.password_hash is None
