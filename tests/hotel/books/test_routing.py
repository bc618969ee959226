"""Routing: who pays how much of which charge, on which nights, up to which limit."""

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, routing
from pms.hotel.books.folios import RoutedAmount, RoutingRule
from pms.hotel.books.folios.routes import Sent, shares
from pms.hotel.books.routing import Takes
from pms.hotel.close.verify import routing as rules
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role, Staff
from pms.hotel.tariff.charges import ChargeCode, Department
from pms.hotel.tariff.taxes import Levies, TaxedAmount
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.books.bills import euros, stands
from tests.hotel.books.days import roll
from tests.hotel.books.races import at_once

FOOD = Department.FOOD_AND_BEVERAGE
FRIDAY = date(2026, 11, 20)
MON_TO_THU = 0b0001111


def rule(no, **takes):
    """A rule that is in no database."""
    usual = {"weekdays": folios.EVERY_DAY, "percent": folios.WHOLE, "levies": Levies.ALONG}
    return RoutingRule(id=no, **(usual | takes))


def plain(minor):
    """A charge without taxes."""
    return TaxedAmount(euros(minor), (), euros(minor))


# --- the reckoning ------------------------------------------------------------------------------

ROOM = ChargeCode(id=7, department=Department.ROOMS)
HALF, ALL = {"percent": 5_000}, {}


@pytest.mark.parametrize(
    ("rules", "gross", "taken"),
    [
        ([ALL], 12_000, [12_000]),
        ([HALF], 12_001, [6_001]),
        ([HALF, HALF], 12_001, [6_001, 6_000]),  # a percentage is of the whole charge
        ([{"percent": 6_000}, HALF, ALL], 10_000, [6_000, 4_000]),
        ([{"percent": 6_000, "night_limit": 5_000}], 10_000, [5_000]),
        ([{"night_limit": 5_000}, {"total_limit": 3_000}, HALF], 10_000, [5_000, 3_000, 2_000]),
        ([{"charge_code_id": 8}, ALL], 10_000, [0, 10_000]),
        ([{"charge_code_id": 7}], 10_000, [10_000]),
        ([{"department": FOOD}, {"department": Department.ROOMS}], 100, [0, 100]),
        ([{"weekdays": MON_TO_THU}], 100, [0]),
        ([{"first_night": FRIDAY + timedelta(days=1)}, {"last_night": FRIDAY}], 100, [0, 100]),
        ([HALF, ALL], 0, [0]),  # what costs nothing goes to the first that fits
        ([HALF, {"night_limit": 10}], -101, [-51, -50]),
        ([], 100, []),
    ],
)
def test_rules_take_in_order_and_leave_the_rest(rules, gross, taken):
    given = [rule(no, **takes) for no, takes in enumerate(rules)]
    fitting = [each for each in given if each.fits(ROOM, FRIDAY, {})]

    found = {each.id: amount for each, amount in shares(fitting, FRIDAY, plain(gross), Sent())[0]}

    assert [found.get(no, 0) for no in range(len(taken))] == taken
    assert len(found) <= len(taken)


def test_limits_are_of_a_night_and_of_all_nights():
    limited, sent = rule(1, night_limit=60, total_limit=100), Sent()

    nights = [FRIDAY, FRIDAY, FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)]
    taken = [
        sum(amount for _, amount in shares([limited], night, plain(50), sent)[0])
        for night in nights
    ]

    assert taken == [50, 10, 40, 0]


# --- posting ------------------------------------------------------------------------------------


def test_the_room_goes_to_the_master_with_its_taxes_and_the_rest_stays(session, house, by, bar):
    folio, master = make.folio(session, house), make.folio(session, house)
    lodging = make.taxed_code(session, house)
    routing.route(session, folio, to_folio=master, to_window=1, takes=Takes(code=lodging), by=by)

    folios.charge(session, folio, code=lodging, amount=euros(10000), by=by)
    folios.charge(session, folio, code=bar, by=by)

    assert (stands(session, folio), stands(session, master)) == ({1: 450}, {1: 10200})
    assert logbook.history(session, folio)[1].verb == "routed"
    assert routing.leading_to(session, master) == routing.of(session, folio)


def test_a_company_pays_its_part_with_its_part_of_each_tax(session, house, by):
    folio = make.folio(session, house, windows=2)
    lodging = make.taxed_code(session, house)
    takes = Takes(code=lodging, percent=6_000, night_limit=euros(10_000))
    company = routing.route(session, folio, to_window=2, takes=takes, by=by)

    first = folios.charge(session, folio, code=lodging, amount=euros(10_000), by=by)
    folios.charge(session, folio, code=lodging, amount=euros(10_000), by=by)

    lines = [(line.amount, line.base) for line in ledger.lines_of(session, first)]
    assert lines == [
        (5_608, None), (3_738, None), (-9_346, None),
        (392, 5_608), (262, 3_738), (-654, 9_346),
        (120, 5_608), (80, 3_738), (-200, 9_346),
    ]  # fmt: skip
    assert stands(session, folio) == {1: 10_400, 2: 10_000}  # 61.20, then 38.80 to the limit
    assert routing.sent_in_all(session, folio) == {company.id: euros(10_000)}
    assert [line.verb for line in logbook.history(session, folio)][:4] == ["charged"] * 4

    folios.void(session, first, reason="wrong room", by=by)
    folios.charge(session, folio, code=lodging, amount=euros(10_000), by=by)
    assert stands(session, folio) == {1: 10_400, 2: 10_000}  # what was voided is free again


def test_rules_are_followed_in_their_order_and_put_earlier(session, house, by, bar):
    folio = make.folio(session, house, windows=3)
    routing.route(session, folio, to_window=2, by=by)
    food = routing.route(session, folio, to_window=3, takes=Takes(department=FOOD), by=by)

    folios.charge(session, folio, code=bar, by=by)
    assert stands(session, folio) == {1: 0, 2: 450, 3: 0}
    routing.put_earlier(session, food, by=by)
    folios.charge(session, folio, code=bar, by=by)
    folios.charge(session, folio, code=make.charge_code(session, house), amount=euros(100), by=by)
    folios.charge(session, folio, code=bar, window=1, by=by)

    assert stands(session, folio) == {1: 450, 2: 550, 3: 450}
    assert routing.of(session, folio)[0] is food
    routing.put_earlier(session, food, by=by)
    assert routing.of(session, folio)[0] is food


def test_a_rule_holds_for_its_nights_and_weekdays(session, house, by, bar):
    folio = make.folio(session, house, windows=3)
    tomorrow = make.DAY + timedelta(days=1)
    one_night = Takes(first_night=tomorrow, last_night=tomorrow)
    routing.route(session, folio, to_window=2, takes=one_night, by=by)
    routing.route(session, folio, to_window=3, takes=Takes(weekdays=1 << 6), by=by)

    for _ in range(3):  # Friday, Saturday, Sunday
        folios.charge(session, folio, code=bar, by=by)
        roll(session, house)

    assert stands(session, folio) == {1: 450, 2: 450, 3: 450}


@ONE_ENGINE
def test_a_charge_stays_at_home_when_the_master_is_closed(session, house, by, bar):
    folio, master = make.folio(session, house), make.folio(session, house)
    routing.route(session, folio, to_folio=master, to_window=1, by=by)
    folios.close(session, master, by=by)

    folios.charge(session, folio, code=bar, by=by)

    assert stands(session, folio) == {1: 450}


def test_the_same_charge_sent_again_is_answered_though_it_used_up_the_limit(
    session, house, by, bar
):
    folio = make.folio(session, house, windows=2)
    routing.route(session, folio, to_window=2, takes=Takes(night_limit=euros(400)), by=by)
    first = folios.charge(session, folio, code=bar, key="desk/1", by=by)

    assert folios.charge(session, folio, code=bar, key="desk/1", by=by) == first

    assert stands(session, folio) == {1: 50, 2: 400}
    with pytest.raises(ledger.KeyUsedForOther):
        folios.charge(session, folio, code=bar, quantity=2, key="desk/1", by=by)


def test_a_limit_holds_under_posts_at_once(engine, session, house, by, bar):
    folio, firm = make.folio(session, house), make.folio(session, house)
    takes = Takes(night_limit=euros(1_000))
    routing.route(session, folio, to_folio=firm, to_window=1, takes=takes, by=by)
    session.commit()

    def post(one):
        here = one.get_one(folios.Folio, (house.id, folio.id))
        code = one.get_one(ChargeCode, (house.id, bar.id))
        folios.charge(one, here, code=code, by=one.get_one(Staff, (by.chain_id, by.id)))
        return "posted"

    assert at_once(engine, post, times=4) == ["posted"] * 4

    session.expire_all()
    assert (stands(session, folio), stands(session, firm)) == ({1: 800}, {1: 1_000})


@ONE_ENGINE
def test_what_takes_off_a_bill_gives_a_limit_no_room_back(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    takes = Takes(total_limit=euros(10_000))
    routing.route(session, folio, to_window=2, takes=takes, by=by)
    folios.charge(session, folio, code=bar, amount=euros(10_000), by=by)
    off = {"amount": euros(-2_000), "window": 2, "reason": "Flat beer"}
    less = folios.adjust(session, folio, code=bar, **off, by=by)
    folios.charge(session, folio, code=bar, amount=euros(2_000), by=by)

    folios.void(session, less, reason="No discount", by=by)

    assert stands(session, folio) == {1: 2_000, 2: 10_000}
    assert [each.name for each in rules.RULES if not each.check(session, house).ok] == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_charge_that_waits_goes_by_the_rules_as_they_are_then(engine, session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    company = routing.route(session, folio, to_window=2, by=by)
    session.commit()
    routing.stop(session, company, by=by)  # and hasn't said so yet

    def post(one):
        here = one.get_one(folios.Folio, (house.id, folio.id))
        code = one.get_one(ChargeCode, (house.id, bar.id))
        folios.charge(one, here, code=code, by=one.get_one(Staff, (by.chain_id, by.id)))

    waits = threading.Thread(target=at_once, args=(engine, post, 1))
    waits.start()
    waits.join(0.5)
    session.commit()
    waits.join()

    session.expire_all()
    assert stands(session, folio) == {1: 450, 2: 0}


# --- rules --------------------------------------------------------------------------------------


def test_a_changed_rule_counts_what_it_sent(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    takes = Takes(total_limit=euros(700))
    company = routing.route(session, folio, to_window=2, takes=takes, by=by)
    folios.charge(session, folio, code=bar, by=by)

    with pytest.raises(routing.SentMore, match=r"sent €4\.50 already"):
        routing.change(session, company, takes=Takes(total_limit=euros(449)), by=by)
    with pytest.raises(routing.SentMore):
        routing.change(session, company, takes=Takes(night_limit=euros(449)), by=by)
    routing.change(session, company, takes=Takes(total_limit=euros(500)), by=by)
    folios.charge(session, folio, code=bar, by=by)

    assert stands(session, folio) == {1: 400, 2: 500}
    line = logbook.history(session, folio)[2]
    assert (line.verb, line.before, line.after) == (
        "changed routing", {"total_limit": "7.00 EUR"}, {"total_limit": "5.00 EUR"},
    )  # fmt: skip


def test_a_stopped_rule_leads_nowhere(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    company = routing.route(session, folio, to_window=2, takes=Takes(code=bar), by=by)
    folios.charge(session, folio, code=bar, by=by)

    routing.stop(session, company, by=by)

    folios.charge(session, folio, code=bar, by=by)
    assert stands(session, folio) == {1: 450, 2: 450}
    assert logbook.history(session, folio)[1].verb == "stopped routing"
    assert (routing.of(session, folio), routing.leading_to(session, folio)) == ([], [])
    for verb in (routing.stop, routing.put_earlier):
        with pytest.raises(routing.RuleEnded):
            verb(session, company, by=by)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_odd_rules_are_refused(session, house, by, bar):
    folio, closed = make.folio(session, house, windows=2), make.folio(session, house)
    folios.close(session, closed, by=by)
    day = make.DAY

    for refusal, details in (
        (routing.RoutesToItself, {"to_window": 1}),
        (folios.NoSuchWindow, {"to_window": 3}),
        (folios.FolioClosed, {"to_window": 1, "to_folio": closed}),
    ):
        with pytest.raises(refusal):
            routing.route(session, folio, **details, by=by)
    for field, takes in (
        ("department", Takes(code=bar, department=Department.ROOMS)),
        ("last_night", Takes(first_night=day + timedelta(days=1), last_night=day)),
        ("weekdays", Takes(weekdays=0)),
        ("percent", Takes(percent=0)),
        ("percent", Takes(percent=10_001)),
        ("night_limit", Takes(night_limit=euros(0))),
        ("total_limit", Takes(total_limit=Money(100, "USD"))),
    ):
        with pytest.raises(Invalid) as refused:
            routing.route(session, folio, to_window=2, takes=takes, by=by)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        routing.route(session, folio, to_window=2, by=make.by(session, house, Role.RESERVATIONS))


def test_the_database_itself_keeps_limits_and_what_was_sent(session, house, by, bar):
    folio = make.folio(session, house, windows=2)
    takes = Takes(night_limit=euros(1_000), total_limit=euros(1_200))
    company = routing.route(session, folio, to_window=2, takes=takes, by=by)
    sent = folios.charge(session, folio, code=bar, quantity=2, by=by)
    other = folios.charge(session, folio, code=bar, window=1, by=by)
    one = {"hotel_id": house.id, "entry_id": other.id, "rule_id": company.id}

    for statement in (
        sa.insert(RoutedAmount).values(**one, night=make.DAY, amount=101),
        sa.insert(RoutedAmount).values(**one, night=make.DAY + timedelta(days=1), amount=301),
        sa.update(RoutedAmount).where(RoutedAmount.entry_id == sent.id).values(amount=1),
        sa.update(RoutingRule).values(night_limit=899),
        sa.update(RoutingRule).values(total_limit=899),
        sa.update(RoutingRule).values(percent=0),
        sa.update(RoutingRule).values(weekdays=128),
        sa.delete(RoutingRule),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(statement)
    session.execute(sa.insert(RoutedAmount).values(**one, night=make.DAY, amount=100))
