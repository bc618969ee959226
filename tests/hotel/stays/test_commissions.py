"""Commissions: approved once for a stay, paid once, and taken back with a reason."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.base.refusal import Invalid
from pms.hotel.close.verify import accounts as rules
from pms.hotel.guests import agreements, companies
from pms.hotel.guests.agreements import Party
from pms.hotel.guests.companies import Company
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import commissions
from pms.hotel.stays.commissions import CommissionState
from tests import make
from tests.hotel.books.races import at_once
from tests.hotel.stays.test_agreements import YEAR, leaves

DAYS = {"first": make.DAY, "last": make.DAY + timedelta(days=9)}


@pytest.fixture
def house(session):
    with clock.set_to(make.NOON), transaction(session):
        return make.furnished(session)


@pytest.fixture
def agent(session, house):
    with clock.set_to(make.NOON), transaction(session):
        by = make.by(session, house)
        agent = companies.enter(session, house, code="SAKURA", name="Sakura", by=by)
        agreements.make(session, house, agent, party=Party.AGENT, commission=1_250, by=by, **YEAR)
        leaves(session, house, company=agent)
        leaves(session, house, company=agent, surname="Second")
        return agent


def wrong(session, house):
    return [check for rule in rules.RULES if not (check := rule.check(session, house)).ok]


def test_a_commission_is_approved_paid_once_and_taken_back(session, house, agent):
    by = make.by(session, house, Role.ACCOUNTANT)
    made = commissions.approve(session, house, agent, by=by, **DAYS)

    assert (made.amount, len(commissions.stays_of(session, made))) == (2_500, 2)
    with pytest.raises(commissions.NothingEarned):
        commissions.approve(session, house, agent, by=by, **DAYS)
    for paid_on, reference in ((make.DAY + timedelta(days=1), "x"), (make.DAY, " ")):
        with pytest.raises(Invalid):
            commissions.pay(session, made, paid_on=paid_on, reference=reference, by=by)
    with pytest.raises(NotAllowed):
        desk = make.by(session, house, Role.FRONT_DESK)
        commissions.pay(session, made, paid_on=make.DAY, reference="x", by=desk)
    commissions.pay(session, made, paid_on=make.DAY, reference="SEPA 1", by=by)
    with pytest.raises(commissions.NotToBePaid, match="is paid"):
        commissions.pay(session, made, paid_on=make.DAY, reference="SEPA 2", by=by)
    assert {each.statement_id for each in commissions.earned(session, house, **DAYS)} == {made.id}

    commissions.reverse(session, made, reason="Wrong rate", by=by)

    with pytest.raises(commissions.ReversedBefore):
        commissions.reverse(session, made, reason="Again", by=by)
    again = commissions.approve(session, house, agent, by=by, **DAYS)
    assert (again.number, again.state) == (made.number + 1, CommissionState.APPROVED)
    assert commissions.of_period(session, house, **DAYS) == [again, made]
    assert wrong(session, house) == []


def test_two_who_approve_at_once_approve_it_once(engine, session, house, agent):
    session.rollback()

    def approves(session):
        found = session.get_one(Company, (house.chain_id, agent.id))
        return commissions.approve(session, house, found, by=make.by(session, house), **DAYS)

    answers = at_once(engine, approves)

    refused = [isinstance(each, commissions.NothingEarned) for each in answers]
    assert sorted(refused) == [False, True]
    with Session(engine) as fresh:
        assert wrong(fresh, house) == []


SPOILS = {
    "UPDATE commission_statements SET amount = 1 WHERE state = 'paid'": "once",
    "UPDATE commission_statements SET state = 'approved', paid_on = NULL, reference = NULL"
    " WHERE state = 'paid'": "once",
    "UPDATE commission_statements SET reason = 'x' WHERE state = 'approved'":
        "reversed_with_reason",
    "DELETE FROM commission_lines": "what was approved stays",
    "UPDATE commission_lines SET amount = 0": "what was approved stays",
    "INSERT INTO commission_lines (hotel_id, statement_id, reservation_id, revenue, percent,"
    " amount, live) SELECT hotel_id, 7, reservation_id, 1, 1, 1, live FROM commission_lines":
        "a_stay_once|reservation_id",
}  # fmt: skip


def test_the_database_itself_pays_a_stay_once(session, house, agent):
    by = make.by(session, house)
    made = commissions.approve(session, house, agent, by=by, **DAYS)
    commissions.pay(session, made, paid_on=make.DAY, reference="SEPA 1", by=by)
    session.execute(
        sa.text(
            "INSERT INTO commission_statements (chain_id, company_id, number, first, last, amount,"
            " state, approved_on, approved_by, version, hotel_id, id) SELECT chain_id, company_id,"
            " 1, first, last, 1, 'approved', approved_on, approved_by, 1, hotel_id, 7"
            " FROM commission_statements"
        )
    )

    for sql, says in SPOILS.items():
        with pytest.raises(IntegrityError, match=says), session.begin_nested():
            session.execute(sa.text(sql))
