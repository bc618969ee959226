"""Reception: messages, calls and visitors, each ended once; and who isn't to be disturbed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import logbook
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.service import handovers, reception
from pms.hotel.service.reception import Direction, How, MessageState, Outcome
from pms.hotel.service.reception.phone_calls import About
from pms.hotel.stays import stays
from tests import make
from tests.hotel.service import asked
from tests.hotel.service.asked import NOON, later

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def there(session):
    with clock.set_to(NOON):
        made = asked.house(session)
        made.by = make.by(session, made.hotel)
        [made.stay] = stays.in_house(session, made.hotel)
        made.party = made.stay.reservation
        yield made


def message(session, there, **details):
    details = {"sender": "Dr Abel", "words": "Ring me tonight", **details}
    return reception.take(session, there.party, by=there.by, **details)


def call(session, there, **details):
    details = {
        "direction": Direction.INCOMING,
        "with_whom": "Ms Berg",
        "phone": "+49 30 1",
        "matter": "Flowers for tonight",
        "outcome": Outcome.DEALT_WITH,
        **details,
    }
    return reception.log(session, there.hotel, by=there.by, **details)


def test_a_message_waits_until_the_guest_has_it(session, there):
    first = message(session, there)
    urgent = message(session, there, sender="Mother", phone="0151 2", urgent=True)
    assert [each.number for each in reception.waiting(session, there.hotel)] == [10002, 10001]

    reception.deliver(session, urgent, how=How.READ_BACK, by=there.by)
    reception.withdraw(session, first, reason="He came by himself", by=there.by)

    assert (urgent.state, urgent.ended_by) == (MessageState.DELIVERED, there.by.id)
    assert first.why == "He came by himself"
    assert not reception.waiting(session, there.hotel, reservation=there.party)
    with pytest.raises(reception.WentAlready, match="Message 10002 is delivered already"):
        reception.withdraw(session, urgent, reason="Again", by=there.by)
    verbs = [line.verb for line in logbook.history(session, urgent)]
    assert verbs == ["delivered message", "took urgent message"]


@SQLITE
def test_no_message_is_taken_for_who_has_gone_nor_by_who_may_not(session, there):
    with pytest.raises(NotAllowed):
        reception.take(session, there.party, sender="A", words="B", by=there.maid)
    with pytest.raises(Refusal, match="card number"):
        message(session, there, words="Pay with 4111 1111 1111 1111")
    stays.check_out(session, there.stay, leave_owing="Later", by=there.by)
    with pytest.raises(reception.NobodyExpected, match="neither in the house nor arriving"):
        message(session, there)


def test_a_call_is_logged_called_back_and_becomes_one_thing(session, there):
    room = make.room(session, there.hotel, "101")
    logged = call(session, there, about=About(room=room), back_by=later(60))
    assert logged.reservation_id == there.party.id
    assert [each.id for each in reception.to_call_back(session, there.hotel)] == [logged.id]

    reception.call_back(session, logged, by=there.by)
    made = reception.pass_on(session, logged, urgent=True, by=there.by)

    assert (made.sender, made.words, made.urgent) == ("Ms Berg", "Flowers for tonight", True)
    assert not reception.to_call_back(session, there.hotel)
    kind = asked.categories.by_code(session, there.hotel, "TOWELS")
    with pytest.raises(reception.BecameAlready, match="Call 10001 is a message already"):
        reception.make_request(session, logged, category=kind, by=there.by)
    with pytest.raises(reception.NotToBeCalledBack, match="was called back already"):
        reception.call_back(session, logged, by=there.by)

    other = call(session, there, matter="Two towels", about=About(room=room))
    wanted = reception.make_request(session, other, category=kind, by=there.by)
    assert (wanted.words, wanted.room_id, other.request_id) == ("Two towels", room.id, wanted.id)


@SQLITE
def test_a_call_back_needs_a_number_and_a_time_to_come(session, there):
    with pytest.raises(Invalid, match="Ask for the number"):
        call(session, there, phone=None, back_by=later(5))
    with pytest.raises(Invalid, match="past"):
        call(session, there, back_by=NOON)
    with pytest.raises(Invalid, match="about no party"):
        reception.pass_on(session, call(session, there), by=there.by)
    assert call(session, there, phone=None, about=About(there.party), back_by=later(5)).back_by


def test_a_visitor_comes_with_a_badge_and_leaves_it(session, there):
    visitor = reception.arrive(
        session, there.hotel, name="Ines Roy", visits=there.party, badge="7", by=there.by
    )
    with pytest.raises(reception.BadgeGiven, match="Badge 7 is with Ines Roy"):
        reception.arrive(session, there.hotel, name="X", host="Kitchen", badge="7", by=there.by)
    with pytest.raises(Invalid, match="Say whom they visit"):
        reception.arrive(session, there.hotel, name="X", by=there.by)
    assert [each.name for each in reception.still_in(session, there.hotel)] == ["Ines Roy"]

    reception.leave(session, visitor, by=there.by)

    assert not reception.still_in(session, there.hotel)
    again = reception.arrive(session, there.hotel, name="X", host="Kitchen", badge="7", by=there.by)
    assert again.badge == "7"
    with pytest.raises(reception.SeenOut, match="Ines Roy has left already"):
        reception.leave(session, visitor, by=there.by)


def test_who_wants_privacy_is_hidden_from_every_desk(session, there):
    guest = there.party.guest
    assert reception.asked_for(session, there.hotel, guest.surname)[0].room == "101"

    reception.wish(session, there.party, no_information=True, by=there.by)

    [found] = reception.asked_for(session, there.hotel, guest.surname)
    assert (found.room, found.in_house) == (None, True)
    assert found.wish.words.startswith("No information")
    through = {"outcome": Outcome.PUT_THROUGH, "about": About(there.party)}
    with pytest.raises(reception.TakesNoCalls, match="don't put it through"):
        call(session, there, **through)
    with pytest.raises(reception.SeesNobody, match="don't say whether they are here"):
        reception.arrive(session, there.hotel, name="X", visits=there.party, by=there.by)
    assert message(session, there).state is MessageState.WAITING

    reception.wish(session, there.party, no_visitors=True, by=there.by)
    assert call(session, there, **through).outcome is Outcome.PUT_THROUGH
    assert reception.asked_for(session, there.hotel, "101")[0].wish.words == "No visitors"


@SQLITE
def test_a_hand_over_names_what_reception_left(session, there):
    left = message(session, there)
    call(session, there, back_by=later(30))
    visitor = reception.arrive(session, there.hotel, name="Y", host="Bar", by=there.by)

    given = handovers.give(
        session, there.hotel, department=Department.FRONT_OFFICE, words="Quiet", by=there.by
    )
    rooms = handovers.give(
        session, there.hotel, department=Department.HOUSEKEEPING, words="Quiet", by=there.maid
    )
    reception.leave(session, visitor, by=there.by)

    assert (given.open_messages, given.open_calls) == (["10001"], ["10001"])
    assert (given.visitors_in, rooms.visitors_in) == (["10001"], [])
    found = handovers.left_by_reception(session, there.hotel, [given, rooms])
    assert found.messages == {"10001": left}
    assert found.visitors["10001"].left_at == NOON


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.NIGHT_AUDITOR, Role.RESERVATIONS])
@SQLITE
def test_whoever_stands_at_a_desk_receives(session, there, role):
    who = asked.person(session, there.hotel, role.value, role)
    assert reception.take(session, there.party, sender="A", words="B", by=who).staff_id == who.id


BROKEN = [
    ("UPDATE guest_messages SET state = 'delivered'", "delivered_somehow|ended_"),
    ("UPDATE guest_messages SET state = 'withdrawn', ended_at = taken_at, ended_by = staff_id",
     "withdrawn_for_why"),
    ("UPDATE phone_calls SET called_back_at = called_at, called_back_by = staff_id",
     "called_back_as_promised"),
    ("UPDATE phone_calls SET back_by = called_at", "called_back_later"),
    ("UPDATE visitors SET host = NULL, reservation_id = NULL", "visits_someone"),
    ("UPDATE visitors SET left_at = came_at", "seen_out_by_somebody"),
    ("UPDATE privacy_wishes SET no_calls = FALSE", "hidden_from_all"),
    ("DELETE FROM visitors", "stays"),
]  # fmt: skip


def test_the_database_itself_keeps_what_reception_wrote(session, there):
    kept = message(session, there)
    logged = call(session, there)
    visitor = reception.arrive(session, there.hotel, name="X", host="Bar", badge="7", by=there.by)
    reception.wish(session, there.party, no_information=True, by=there.by)

    for sql, name in BROKEN:
        refused(session, sql, name)
    reception.deliver(session, kept, how=How.ON_PAPER, by=there.by)
    refused(session, "UPDATE guest_messages SET how = 'in_person'", "seen to this message first")
    reception.leave(session, visitor, by=there.by)
    refused(session, "UPDATE visitors SET left_at = NULL, left_by = NULL", "has left already")
    kind = asked.categories.by_code(session, there.hotel, "TOWELS")
    reception.make_request(session, logged, category=kind, by=there.by)
    refused(session, "UPDATE phone_calls SET request_id = NULL", "became something already")
    with clock.set_to(NOON + timedelta(minutes=1)):
        for name in ("A", "B"):
            reception.arrive(session, there.hotel, name=name, host="Bar", badge=name, by=there.by)
    refused(session, "UPDATE visitors SET badge = 'A' WHERE name = 'B'", "one_per_badge|visitors.")


def refused(session, sql, match):
    """Say raw SQL and see it refused; what went before stands."""
    with pytest.raises(sa.exc.IntegrityError, match=match), session.begin_nested():
        session.execute(sa.text(sql))
