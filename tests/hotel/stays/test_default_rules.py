"""Default rules: what an agreement or a rate plan lets the company pay of each new stay."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import clock
from pms.base.money import Money
from pms.hotel.books import folios, routing, taking
from pms.hotel.books.taking import Takes
from pms.hotel.close import verify
from pms.hotel.guests import agreements, companies
from pms.hotel.guests.agreements import Party
from pms.hotel.house import logbook
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import agreed_routing, credit_watch, default_rules, settlements
from pms.hotel.stays.booked_for import BookedForThem, StayIsOver, book_for
from pms.hotel.stays.groups import Terms, open_group
from pms.hotel.stays.reservations import cancel
from pms.hotel.tariff import charge_sets
from pms.hotel.tariff.charges import Department
from tests import make
from tests.engines import ONE_ENGINE

ROOMS = Takes(department=Department.ROOMS)


@pytest.fixture
def house(session):
    return make.furnished(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def acme(session, house, by):
    return companies.enter(session, house, code="ACME", name="Acme", direct_bill=True, by=by)


@pytest.fixture
def agreement(session, house, by, acme):
    until = make.DAY + timedelta(days=90)
    return agreements.make(
        session, house, acme, party=Party.COMPANY, first=make.DAY, until=until, by=by
    )


def laid(session, house, party, by):
    """What is laid down on a party's folio, and where it leads."""
    folio = settlements.folio_of(session, party, by=by)
    rules = routing.of(session, folio)
    taken = taking.of_rules(session, house, rules)
    return folio, [
        (rule.to_window, takes.words()["what"]) for rule, takes in zip(rules, taken, strict=True)
    ]


def test_a_stay_follows_what_was_agreed_when_it_was_booked(session, house, by, acme, agreement):
    code = make.charge_code(session, house)
    extras = charge_sets.add(session, house, name="Extras", codes=[code], by=by)
    with clock.set_to(make.NOON):
        before = make.reservation(session, house, company=acme)
    with clock.set_to(make.NOON + timedelta(minutes=1)):
        rooms = default_rules.add(session, house, agreement, takes=ROOMS, by=by)
        default_rules.add(session, house, agreement, takes=Takes(charge_set=extras), by=by)
        party = make.reservation(session, house, company=acme)
        guest = make.reservation(session, house)
    with clock.set_to(make.NOON + timedelta(minutes=2)):
        default_rules.end(session, rooms, by=by)
        after = make.reservation(session, house, company=acme)

    folio, rules = laid(session, house, party, by)

    assert rules == [(2, "rooms"), (2, "Extras")]
    assert [window.payee_company_id for window in folio.windows] == [None, acme.id]
    assert {rule.default_id is not None for rule in routing.of(session, folio)} == {True}
    assert logbook.history(session, folio)[0].after == {
        "company": "ACME", "rules": 2, "window": 2,
    }  # fmt: skip
    folios.charge(session, folio, code=code, amount=Money(10_000, "EUR"), by=by)
    owed = {no: balance.minor for no, balance in folios.balance_of(session, folio).items()}
    assert owed == {1: 0, 2: 10_000}
    assert laid(session, house, before, by)[1] == []
    assert laid(session, house, guest, by)[1] == []
    assert laid(session, house, after, by)[1] == [(2, "Extras")]
    routing.stop(session, routing.of(session, folio)[0], by=by)  # the desk may
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


@ONE_ENGINE
def test_a_company_put_on_later_brings_what_is_agreed_now(session, house, by, acme, agreement):
    party = make.reservation(session, house)
    folio = settlements.folio_of(session, party, by=by)
    folios.open_window(session, folio, no=2, by=by)
    routing.route(session, folio, to_window=2, takes=Takes(percent=1_000), by=by)
    with clock.set_to(make.NOON + timedelta(minutes=1)):
        default_rules.add(session, house, agreement, takes=ROOMS, by=by)
        desk = make.by(session, house, Role.RESERVATIONS)
        assert len(book_for(session, party, acme, by=desk)) == 1

    assert laid(session, house, party, by)[1] == [(2, "all"), (3, "rooms")]
    with pytest.raises(BookedForThem):
        book_for(session, party, acme, by=by)
    assert book_for(session, party, None, by=by) == []
    assert laid(session, house, party, by)[1] == [(2, "all")]  # the desk's own stays
    cancel(session, party, reason="Ill", by=by)
    with pytest.raises(StayIsOver):
        book_for(session, party, acme, by=by)


@ONE_ENGINE
def test_whom_a_stay_puts_over_its_limit_is_known_at_check_in(session, house, by, acme, agreement):
    with clock.set_to(make.NOON):
        default_rules.add(session, house, agreement, takes=ROOMS, by=by)
    with clock.set_to(make.NOON + timedelta(minutes=1)):
        party = make.reservation(session, house, company=acme, nights=1)
        other = make.reservation(session, house, nights=1)

    def warned(most):
        agreements.grant_credit(
            session, acme, direct_bill=True, credit_limit=most, hotel=house, by=by
        )
        return [
            (each.name, each.part, each.over)
            for each in credit_watch.at_check_in(session, party, by=by)
        ]

    assert warned(None) == warned(Money(10_000, "EUR")) == []
    assert warned(Money(9_900, "EUR")) == [(acme.name, Money(10_000, "EUR"), Money(100, "EUR"))]
    assert party.folio_id is None
    settlements.folio_of(session, party, by=by)
    assert len(warned(Money(9_900, "EUR"))) == 1
    assert credit_watch.at_check_in(session, other, by=by) == []


@ONE_ENGINE
def test_a_plan_lets_any_company_pay_and_a_group_its_own(session, house, by, acme, agreement):
    party = make.reservation(session, house, company=acme)
    plan = party.plan
    with clock.set_to(make.NOON + timedelta(minutes=1)):
        default_rules.add(session, house, plan, takes=ROOMS, by=by)
        default_rules.add(session, house, agreement, takes=Takes(percent=5_000), by=by)
        firms = make.reservation(session, house, company=acme)
        nobodys = make.reservation(session, house)
        leaves = make.DAY + timedelta(days=5)
        terms = Terms(arrival=make.DAY, departure=leaves, plan=plan, company=acme)
        group = open_group(session, house, code="G", name="Acme", terms=terms, by=by)
        member = make.reservation(session, house, group=group)

    assert laid(session, house, firms, by)[1] == [(2, "all"), (2, "rooms")]
    assert laid(session, house, nobodys, by)[1] == []
    assert agreed_routing.payer_of(session, member) == acme
    assert laid(session, house, member, by)[1] == [(2, "all"), (2, "rooms")]


@ONE_ENGINE
def test_defaults_are_agreed_by_who_sets_up_and_end_once(session, house, by, agreement):
    rule = default_rules.add(session, house, agreement, takes=ROOMS, by=by)

    with pytest.raises(NotAllowed):
        desk = make.by(session, house, Role.FRONT_DESK)
        default_rules.add(session, house, agreement, takes=ROOMS, by=desk)
    default_rules.end(session, rule, by=by)
    with pytest.raises(default_rules.DefaultEnded):
        default_rules.end(session, rule, by=by)
    assert default_rules.of(session, agreement) == []


def test_the_database_itself_keeps_what_was_agreed(session, house, by, agreement):
    rule = default_rules.add(session, house, agreement, takes=ROOMS, by=by)
    ended = default_rules.add(session, house, agreement, takes=ROOMS, by=by)
    default_rules.end(session, ended, by=by)
    session.commit()
    kept = "hotel_id, chain_id, staff_id, made_at, levies, weekdays, percent"  # and whose it is not

    for wrong in (
        f"DELETE FROM default_rules WHERE id = {rule.id}",
        f"UPDATE default_rules SET percent = 5000 WHERE id = {rule.id}",
        f"UPDATE default_rules SET ended_at = NULL WHERE id = {ended.id}",
        f"INSERT INTO default_rules ({kept}, id) SELECT {kept}, id + 1 FROM default_rules",
    ):
        with pytest.raises(IntegrityError):
            session.execute(sa.text(wrong))
        session.rollback()
