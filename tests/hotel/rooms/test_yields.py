"""Yields: what a rule does is reckoned from what is sold, said with its reason, and ends."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base.refusal import Invalid
from pms.hotel.guests import companies
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import inventory, negotiated, offers, quotes, restrictions, yields
from pms.hotel.rooms.pricing import Why
from pms.hotel.rooms.restrictions import Restricted, Restriction
from pms.hotel.rooms.yields import Does, Measure
from pms.hotel.stays import reservations
from tests import make
from tests.asking import asked

DAY = make.DAY
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PICK_UP = {"measure": Measure.PICK_UP, "mark": 2, "days": 3}


def of(session, house, plan="BAR", nights=1, **party):
    """The quote of a plan, which the offers agree with."""
    stay = (DAY, DAY + timedelta(days=nights))
    found = quotes.quote(session, house, *stay, adults=2, **party)
    quote = next(quote for quote in found if quote.plan.code == plan)
    offered = dict(offers.offers(session, house, *stay, adults=2, **party)[0].totals)
    assert offered.get(plan) == (quote.total.minor if quote.can_be_sold else None)
    return quote


@SQLITE
def test_what_is_held_counts_as_sold(session):
    house = make.furnished(session)
    by = make.by(session, house)
    yields.add(session, house, make.rule(DAY), by=by)

    inventory.hold(
        session, house, room_type=make.room_type(session, house), arrival=DAY,
        departure=DAY + timedelta(days=1), rooms=2, by=by,
    )  # fmt: skip

    assert of(session, house).total.minor == 11_000


def test_a_busy_night_costs_more_until_it_is_not_busy_any_more(session):
    house = make.furnished(session)
    by = make.by(session, house)
    rule = yields.add(session, house, make.rule(DAY), by=by)
    assert of(session, house).total.minor == 10_000
    first, _ = (make.reservation(session, house, nights=1) for _ in range(2))

    busy = of(session, house)
    assert busy.total.minor == 11_000
    part = busy.nights[0].parts[-1]
    assert (part.why, part.words, part.amount) == (Why.RULE, "Busy: 50 % sold", 1_000)
    late = make.reservation(session, house, nights=1)
    assert late.nights[0].price == 11_000
    assert first.nights[0].price == 10_000

    for party in (first, late):
        reservations.cancel(session, party, reason="ill", by=by)
    assert of(session, house).total.minor == 10_000
    make.reservation(session, house, nights=1)
    assert of(session, house).total.minor == 11_000
    yields.stop(session, rule, by=by)
    assert of(session, house).total.minor == 10_000
    with pytest.raises(yields.RuleStopped):
        yields.stop(session, rule, by=by)
    verbs = set(session.scalars(sa.select(Line.verb)))
    assert {"added yield rule", "stopped yield rule"} <= verbs
    for sql in ("UPDATE yield_rules SET mark = 101", "UPDATE yield_rules SET value = NULL"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(sa.text(sql))


def test_a_night_that_is_picked_up_is_held_back_and_nothing_is_left_over(session):
    house = make.furnished(session)
    by = make.by(session, house)
    hold = make.rule(DAY, name="Rush", does=Does.MIN_STAY, value=3, **PICK_UP)
    yields.add(session, house, hold, by=by)
    parties = [make.reservation(session, house, nights=1) for _ in range(2)]

    quote = of(session, house)
    assert quote.restricted == ("at least 3 nights from Fri 20 Nov (Rush: 2 sold in 3 days)",)
    with pytest.raises(Restricted, match="Rush: 2 sold"), session.begin_nested():
        make.reservation(session, house, nights=1)
    assert make.reservation(session, house, nights=1, force="promised by phone")
    assert of(session, house, nights=3).can_be_sold
    assert session.scalar(sa.select(sa.func.count()).select_from(Restriction)) == 0
    for party in parties:
        reservations.cancel(session, party, reason="ill", by=by)
    assert of(session, house).can_be_sold


@SQLITE
def test_a_rule_is_for_its_nights_its_plan_and_never_unasked_for_what_was_agreed(session):
    house = make.furnished(session)
    by, ours = make.by(session, house), None
    corp, other = make.plan(session, house, code="CORP"), make.plan(session, house, code="OTHER")
    ours = companies.enter(session, house, code="OURS", name="Ours", by=by)
    negotiated.agree(session, corp, ours, first=DAY, by=by)
    quiet = {"name": "Quiet", "below": True, "value": -1_000}
    tomorrow = DAY + timedelta(days=1)
    yields.add(session, house, make.rule(tomorrow, **quiet), by=by)
    yields.add(
        session, house,
        make.rule(DAY, name="More", mark=0, plan_id=other.id, does=Does.AMOUNT, value=555),
        by=by,
    )  # fmt: skip

    mine = {"company_id": ours.id}
    assert of(session, house, nights=2).total.minor == 10_000 + 9_000
    assert of(session, house, "OTHER", nights=2).total.minor == 10_555 + 9_499  # by name
    assert of(session, house, "CORP", nights=2, **mine).total.minor == 20_000


@SQLITE
def test_what_no_rule_can_be_is_refused(session):
    house = make.furnished(session)
    by = make.by(session, house)

    for wrong in (
        {"name": " "},
        {"mark": 101},
        {"days": 3},
        {"measure": Measure.PICK_UP},
        {"value": None},
        {"value": 60_000},
        {"does": Does.CLOSED},
        {"does": Does.MIN_STAY, "value": 0},
        {"last": DAY - timedelta(days=1)},
        {"plan_id": 1},
    ):
        with pytest.raises(Invalid):
            yields.add(session, house, make.rule(DAY, **wrong), by=by)
    with pytest.raises(NotAllowed):
        yields.add(session, house, make.rule(DAY), by=make.by(session, house, Role.FRONT_DESK))


@SQLITE
def test_rules_by_occupancy_cost_one_question_however_many(session):
    house = make.furnished(session)
    by = make.by(session, house)

    def offered():
        return asked(
            session,
            lambda: offers.offers(session, house, DAY, DAY + timedelta(days=3), adults=2),
        )

    offered()
    few = offered()
    for mark in range(0, 100, 20):
        yields.add(session, house, make.rule(DAY, mark=mark), by=by)
    offered()
    assert (few, offered()) == (2, 3)
    assert restrictions.of_stay(session, house, DAY, DAY).rows == ()
