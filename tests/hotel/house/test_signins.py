"""Sign-ins: throttled before hashing, alive for so long, and over everywhere at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.house import signins
from pms.hotel.house import staff as people
from pms.hotel.house.signins import SignIn, SignInTry
from pms.hotel.house.staff import Staff
from tests import founding
from tests.engines import ONE_ENGINE

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HERE = "192.0.2.7"


@pytest.fixture(autouse=True)
def _eight_in_the_morning() -> Iterator[None]:
    with clock.set_to(START):
        yield


@pytest.fixture
def ana(session: Session) -> Staff:
    """Someone with a password."""
    return founding.staff(
        session, founding.hotel(session), email="ana@example.com", password=founding.PASSWORD
    )


def sign_in(session: Session, person: Staff) -> str:
    """Open a sign-in on a device."""
    with transaction(session):
        return signins.open_(session, person, address=HERE, agent="Firefox")


def fail(session: Session, times: int, *, email: str = "ana@example.com") -> None:
    """Fail some tries."""
    with transaction(session):
        for _ in range(times):
            signins.note_failure(session, email=email, address=HERE)


# --- the password -----------------------------------------------------------------------------


def test_the_right_pair_signs_in_whatever_the_case_of_the_address(
    session: Session, ana: Staff
) -> None:
    found = signins.check(
        session, email=" Ana@Example.COM", password=founding.PASSWORD, address=HERE
    )

    assert found is ana


@ONE_ENGINE
@pytest.mark.parametrize("email", ["ana@example.com", "who@example.com"])
def test_a_wrong_pair_is_refused_in_the_same_words(
    session: Session, ana: Staff, email: str
) -> None:
    with pytest.raises(signins.WrongSignIn, match="don't go together"):
        signins.check(session, email=email, password="not this one", address=HERE)


@ONE_ENGINE
def test_who_is_disabled_cant_sign_in(session: Session, ana: Staff) -> None:
    with transaction(session):
        ana.disabled = True

    with pytest.raises(signins.WrongSignIn):
        signins.check(session, email=ana.email, password=founding.PASSWORD, address=HERE)


# --- the throttle -----------------------------------------------------------------------------


def test_too_many_tries_are_refused_before_anything_is_hashed(
    session: Session, ana: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(people, "password_is_right", lambda _who, word: hashed.append(word))
    fail(session, signins.TRIES_PER_ACCOUNT)

    with pytest.raises(signins.TooManyTries) as refused:
        signins.check(session, email=ana.email, password=founding.PASSWORD, address="198.51.100.1")

    assert hashed == []
    assert refused.value.status == 429


@ONE_ENGINE
def test_an_address_that_tries_many_accounts_is_refused(session: Session, ana: Staff) -> None:
    for number in range(signins.TRIES_PER_ADDRESS // 5):
        fail(session, 5, email=f"guess{number}@example.com")

    with pytest.raises(signins.TooManyTries):
        signins.check(session, email=ana.email, password=founding.PASSWORD, address=HERE)
    assert signins.check(
        session, email=ana.email, password=founding.PASSWORD, address="198.51.100.1"
    )


@ONE_ENGINE
def test_a_quarter_of_an_hour_later_the_tries_are_forgotten(session: Session, ana: Staff) -> None:
    fail(session, signins.TRIES_PER_ACCOUNT)

    with clock.set_to(START + signins.TRIES_WITHIN):
        assert signins.check(session, email=ana.email, password=founding.PASSWORD, address=HERE)
    with clock.set_to(START + signins.TRIES_WITHIN + timedelta(seconds=1)):
        fail(session, 1)

    assert session.scalar(sa.select(sa.func.count()).select_from(SignInTry)) == 1


# --- how long it lives ------------------------------------------------------------------------


def test_the_token_is_kept_as_a_digest_only(session: Session, ana: Staff) -> None:
    token = sign_in(session, ana)

    row = session.scalars(sa.select(SignIn)).one()
    assert len(token) >= 43
    assert token not in (row.token_digest, row.address, row.agent)
    assert signins.find(session, token) is row
    assert signins.person_of(row) is ana
    assert signins.find(session, "another token") is None


@ONE_ENGINE
def test_it_ends_after_two_idle_hours(session: Session, ana: Staff) -> None:
    token = sign_in(session, ana)

    with clock.set_to(START + signins.IDLE - timedelta(seconds=1)):
        assert signins.find(session, token)
    with clock.set_to(START + signins.IDLE):
        assert signins.find(session, token) is None


@ONE_ENGINE
def test_it_ends_after_a_double_shift_however_busy(session: Session, ana: Staff) -> None:
    token = sign_in(session, ana)
    at = START
    while at < START + signins.AT_MOST:
        with clock.set_to(at):
            row = signins.find(session, token)
            assert row
            with transaction(session):
                signins.touch(session, row)
        at += timedelta(hours=1)

    with clock.set_to(START + signins.AT_MOST):
        assert signins.find(session, token) is None
        assert signins.living(session, ana) == []


@ONE_ENGINE
def test_it_is_touched_every_five_minutes_only(session: Session, ana: Staff) -> None:
    row = signins.find(session, sign_in(session, ana))

    assert row
    with clock.set_to(START + signins.TOUCH_EVERY):
        assert not signins.wants_touch(row)
    with clock.set_to(START + signins.TOUCH_EVERY + timedelta(seconds=1)):
        assert signins.wants_touch(row)


# --- how it ends ------------------------------------------------------------------------------


def test_closed_by_one_server_it_is_over_for_another_that_has_it_at_hand(
    session: Session, engine: Engine, ana: Staff
) -> None:
    token = sign_in(session, ana)
    with Session(engine, expire_on_commit=False) as other_server:
        assert signins.find(other_server, token)
        other_server.rollback()

        with transaction(session):
            signins.close(session, signins.digest(token), person=ana)

        assert signins.find(other_server, token) is None


def test_all_are_closed_but_the_one_it_is_told_from(session: Session, ana: Staff) -> None:
    tokens = [sign_in(session, ana) for _ in range(3)]
    bruno = founding.staff(session, founding.hotel(session))
    theirs = sign_in(session, bruno)

    with transaction(session):
        signins.close_all(session, ana, but=signins.digest(tokens[1]))

    assert [signins.find(session, token) is not None for token in tokens] == [False, True, False]
    assert signins.find(session, theirs)
    with transaction(session):
        signins.close_all(session, ana)
    assert signins.living(session, ana) == []


@ONE_ENGINE
def test_nobody_closes_somebody_elses(session: Session, ana: Staff) -> None:
    token = sign_in(session, ana)
    bruno = founding.staff(session, founding.hotel(session))

    with transaction(session):
        signins.close(session, signins.digest(token), person=bruno)

    assert signins.find(session, token)


@ONE_ENGINE
def test_who_is_disabled_is_out_at_once(session: Session, ana: Staff) -> None:
    token = sign_in(session, ana)

    with transaction(session):
        ana.disabled = True

    row = signins.find(session, token)
    assert row
    assert signins.person_of(row) is None


def test_an_ended_sign_in_cant_be_touched_back_to_life(session: Session, ana: Staff) -> None:
    token = sign_in(session, ana)
    row = signins.find(session, token)
    assert row
    with transaction(session):
        signins.close(session, row.token_digest, person=ana)

    with transaction(session), clock.set_to(START + timedelta(minutes=9)):
        signins.touch(session, row)

    assert session.scalars(sa.select(SignIn.seen_at)).one() == START
    assert signins.find(session, token) is None
