"""Hand-overs: given by one, taken by another, then in ink."""

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.house.departments import Department
from pms.hotel.people.duty import Shift
from pms.hotel.service import handovers
from tests.engines import ONE_ENGINE
from tests.hotel.books.races import at_once
from tests.hotel.service import asked
from tests.hotel.service.asked import NOON, towels


@pytest.fixture
def there(session):
    with clock.set_to(NOON), transaction(session):
        return asked.house(session)


def given(session, there):
    with clock.set_to(NOON):
        return handovers.give(
            session, there.hotel, department=Department.HOUSEKEEPING,
            words="Key of 204 is at the bell desk", by=there.maid,
        )  # fmt: skip


def test_a_hand_over_names_what_is_open_and_is_signed_by_both(session, there):
    with clock.set_to(NOON):
        waits = towels(session, there)
        towels(session, there, code="INFO")

    made = given(session, there)
    handovers.sign(session, made, by=there.other)

    assert made.open_requests == [str(waits.number)]
    assert (made.shift, made.given_by, made.taken_by) == (
        Shift.EARLY, there.maid.id, there.other.id,
    )  # fmt: skip
    with pytest.raises(handovers.SignedAlready, match="Olga has signed"):
        handovers.sign(session, made, by=there.head)


@ONE_ENGINE
def test_nobody_signs_for_both(session, there):
    with pytest.raises(handovers.SignedByOne):
        handovers.sign(session, given(session, there), by=there.maid)


def test_of_two_who_sign_at_once_one_is_told(engine, session, there):
    with transaction(session):
        made = given(session, there)
    people = [there.other.id, there.head.id]

    def one(here):
        who = here.get_one(type(there.other), (there.hotel.chain_id, people.pop()))
        return handovers.sign(here, here.get_one(handovers.Handover, (made.hotel_id, made.id)),
                              by=who)  # fmt: skip

    answers = at_once(engine, one)

    assert sorted(isinstance(each, Refusal) for each in answers) == [False, True]


def test_the_database_itself_keeps_signatures(session, there):
    given(session, there)

    for sql, why in (
        ("UPDATE handovers SET taken_by = given_by, taken_at = given_at", "signed_by_two"),
        ("UPDATE handovers SET taken_at = given_at", "signed_at_a_time"),
        ("UPDATE handovers SET words = 'Something else'", "signed, not rewritten"),
        ("DELETE FROM handovers", "signed, not rewritten"),
    ):
        with pytest.raises(sa.exc.IntegrityError, match=why), session.begin_nested():
            session.execute(sa.text(sql))
