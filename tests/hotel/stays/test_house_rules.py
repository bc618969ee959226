"""House rules: what blocks keeps the key, a manager passes it for a reason, the rest is said."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base.refusal import Invalid
from pms.hotel.guests import guests, identity
from pms.hotel.guests.identity import IdentityKind, Sex
from pms.hotel.house.departments import Department
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms.rooms import Condition
from pms.hotel.stays import alerts, house_rules, registration, stays, traces
from pms.hotel.stays.house_rules import Check, RuleBlocks, RulePassed, Severity
from pms.hotel.stays.reservations import Guarantee, ReasonNeeded, State
from tests import make

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BLOCKS, WARNS, SILENT = Severity.BLOCKS, Severity.WARNS, Severity.SILENT


def strict(session, house, *checks, severity=BLOCKS, **details):
    for check in checks:
        house_rules.set_rule(session, house, check, severity, by=make.by(session, house), **details)


def found(session, party, room=None):
    facts = house_rules.Desk(session, party, make.DAY, room=room).facts()
    return {fact.check: fact.severity for fact in facts}


def test_what_blocks_keeps_the_key_until_it_is_cured_or_passed_with_a_reason(session):
    house = make.furnished(session)
    clerk, manager = make.by(session, house, Role.FRONT_DESK), make.by(session, house)
    party, room = make.reservation(session, house, adults=1), make.room(session, house)
    strict(session, house, Check.CARD, Check.DOCUMENT)

    with pytest.raises(RuleBlocks, match="0 of 1 guests have shown") as refused:
        stays.check_in(session, party, room=room, by=clerk)
    assert refused.value.parameters["rules"] == ["document", "card"]
    registration.sign_on_paper(session, party, by=clerk)
    with pytest.raises(NotAllowed):
        stays.check_in(session, party, room=room, passing="He is known", by=clerk)
    with pytest.raises(ReasonNeeded):
        stays.check_in(session, party, room=room, passing=" ", by=manager)
    stays.check_in(session, party, room=room, passing="He is known", by=manager)

    assert party.state is State.IN_HOUSE
    [passed] = house_rules.passed(session, party)
    assert (passed.rule, passed.why) == (Check.DOCUMENT, "He is known")
    assert session.scalar(sa.select(Line.why).where(Line.verb == "passed rules")) == "He is known"
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.update(RulePassed).values(why="Nothing"))


@SQLITE
def test_each_check_finds_its_fact_and_nothing_else(session):
    house = make.furnished(session)
    by, day = make.by(session, house), make.DAY
    guest = guests.welcome(session, house, surname="Roy", given_name="Mia", vip=True, by=by)
    party = make.reservation(session, house, adults=1, guest=guest)
    room = make.room(session, house, condition=Condition.CLEAN)
    strict(session, house, *(check for check in Check if not check.is_leaving), severity=WARNS)
    alerts.put(session, house, party, words="Pays cash", areas=[alerts.Area.CHECK_IN], by=by)
    traces.add(
        session, house, department=Department.FRONT_OFFICE, due_on=day, words="Cot",
        reservation=party, by=by,
    )  # fmt: skip
    everything = set(found(session, party, room))

    assert everything == {
        Check.DOCUMENT, Check.CONTACT, Check.CARD, Check.GUARANTEE, Check.INSPECTED,
        Check.VIP_ROOM, Check.ALERT, Check.TRACE,
    }  # fmt: skip
    identity.keep(session, guest, _passport(born=date(2009, 11, 21)), hotel=house, by=by)
    party.guarantee = Guarantee.CARD
    guests.mark_unwanted(session, guest, reason="Smoked", hotel=house, by=by)
    now = set(found(session, party, make.room(session, house, "102")))
    assert now == everything - {
        Check.DOCUMENT, Check.GUARANTEE, Check.INSPECTED, Check.VIP_ROOM
    } | {Check.AGE, Check.UNWANTED}  # fmt: skip
    strict(session, house, Check.AGE, severity=WARNS, least_age=16)
    assert Check.AGE not in found(session, party)


def _passport(*, born):
    return identity.Seen(
        kind=IdentityKind.PASSPORT, number="X1234567", issuing_country="FRA", nationality="FRA",
        surname="Roy", given_name="Mia", birth_date=born, sex=Sex.FEMALE, expires_on=None,
    )  # fmt: skip


@SQLITE
def test_a_balance_left_by_an_earlier_stay_and_one_left_now_are_held_against_it(session):
    house = make.furnished(session)
    by = make.by(session, house)
    first = make.reservation(session, house, nights=1)
    stay = stays.check_in(session, first, room=make.room(session, house), by=by)
    strict(session, house, Check.OWING, Check.OTHER_BALANCE)

    with pytest.raises(RuleBlocks, match="isn't settled"):
        stays.check_out(session, stay, leave_owing="Skipper", charge_tonight=True, by=by)
    stays.check_out(
        session, stay, leave_owing="Skipper", charge_tonight=True, passing="Gone", by=by
    )
    again = make.reservation(session, house, guest=first.guest)

    assert found(session, again) | {Check.OTHER_BALANCE: BLOCKS} == found(session, again)
    blocked = house_rules.Desk(session, again, make.DAY).facts([BLOCKS])
    assert [fact.says for fact in blocked] == ["€100.00 is open of an earlier stay."]


@SQLITE
def test_an_unwanted_guest_is_the_managers_decision_unless_the_house_says_otherwise(session):
    house = make.furnished(session)
    by, clerk = make.by(session, house), make.by(session, house, Role.FRONT_DESK)
    party, room = make.reservation(session, house), make.room(session, house)
    guests.mark_unwanted(session, party.guest, reason="Smoked", hotel=house, by=by)

    with pytest.raises(RuleBlocks, match="isn't wanted here: Smoked"):
        stays.check_in(session, party, room=room, by=by)
    strict(session, house, Check.UNWANTED, severity=WARNS)

    assert stays.check_in(session, party, room=room, by=clerk).room_id == room.id


@SQLITE
def test_only_a_manager_sets_a_rule_and_an_age_is_an_age(session):
    house = make.furnished(session)

    with pytest.raises(NotAllowed):
        house_rules.set_rule(
            session, house, Check.CARD, BLOCKS, by=make.by(session, house, Role.FRONT_DESK)
        )
    with pytest.raises(Invalid, match="1 to 30"):
        strict(session, house, Check.AGE, least_age=99)
    strict(session, house, Check.AGE, severity=SILENT)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.text("UPDATE house_rules SET least_age = NULL"))
    assert house_rules.read(session, house).of(Check.AGE) is SILENT
