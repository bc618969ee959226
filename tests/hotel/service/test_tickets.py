"""Tickets: kept, handed over once, and gone for good."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base.db import transaction
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house.staff import NotAllowed
from pms.hotel.service import tickets
from pms.hotel.service.tickets import TicketKind, TicketState
from tests.engines import ONE_ENGINE
from tests.hotel.books.races import at_once
from tests.hotel.service import asked


@pytest.fixture
def there(session):
    with transaction(session):
        return asked.house(session, staffed=False)


def umbrella(session, there, **details):
    return tickets.keep(
        session, there.hotel, kind=TicketKind.LOST_PROPERTY, words="Black umbrella",
        kept_in="Shelf 3", by=there.maid, **details,
    )  # fmt: skip


def test_what_is_kept_is_listed_until_it_is_handed_over(session, there):
    day = there.hotel.business_date
    later = umbrella(session, there, remind_on=day + timedelta(days=3))
    plain, sooner = umbrella(session, there), umbrella(session, there, remind_on=day)

    assert [each.number for each in (later, plain, sooner)] == [10_001, 10_002, 10_003]
    assert list(tickets.kept(session, there.hotel)) == [sooner, later, plain]
    tickets.hand_over(session, sooner, to="Ana Dvořák", by=there.other)

    assert list(tickets.kept(session, there.hotel)) == [later, plain]
    assert list(tickets.kept(session, there.hotel, gone=True)) == [sooner]
    with pytest.raises(tickets.NotKept, match="handed over already"):
        tickets.hand_over(session, sooner, to="Somebody else", by=there.other)


@ONE_ENGINE
def test_only_who_is_in_charge_disposes(session, there):
    ticket = umbrella(session, there)

    with pytest.raises(NotAllowed):
        tickets.dispose(session, ticket, to="Charity", by=there.maid)
    assert tickets.dispose(session, ticket, to="Charity", by=there.head).state is (
        TicketState.DISPOSED
    )


@ONE_ENGINE
def test_what_makes_no_sense_is_refused(session, there):
    with pytest.raises(Invalid, match="pieces"):
        umbrella(session, there, pieces=0)
    with pytest.raises(Invalid, match="today or later"):
        umbrella(session, there, remind_on=there.hotel.business_date - timedelta(days=1))


def test_of_two_hands_one_gets_it(engine, session, there):
    with transaction(session):
        ticket = umbrella(session, there)

    def one(here):
        found = here.get_one(tickets.Ticket, (ticket.hotel_id, ticket.id))
        who = here.get_one(type(there.other), (there.hotel.chain_id, there.other.id))
        return tickets.hand_over(here, found, to="Ana", by=who)

    answers = at_once(engine, one)

    assert sorted(isinstance(each, Refusal) for each in answers) == [False, True]


def test_the_database_itself_keeps_tickets_whole(session, there):
    ticket = umbrella(session, there)

    for sql, why in (
        ("UPDATE tickets SET pieces = 0", "something_is_kept"),
        ("UPDATE tickets SET state = 'disposed', gone_to = 'x'", "gone_at_a_time"),
        ("UPDATE tickets SET state = 'disposed', gone_at = taken_at", "gone_to_somebody"),
    ):
        with pytest.raises(sa.exc.IntegrityError, match=why), session.begin_nested():
            session.execute(sa.text(sql))
    tickets.hand_over(session, ticket, to="Ana", by=there.maid)
    back = "UPDATE tickets SET state = 'kept', gone_at = NULL, gone_to = NULL"
    with pytest.raises(sa.exc.IntegrityError, match="not kept any more"), session.begin_nested():
        session.execute(sa.text(back))
