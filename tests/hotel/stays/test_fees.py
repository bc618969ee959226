"""Fees: what not coming costs by the terms of the booking, charged or waived, by whose clock."""

from datetime import UTC, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base import clock
from pms.base.db import transaction
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, payments
from pms.hotel.books.folios import Folio, FolioKind
from pms.hotel.books.ledger import Entry, Line
from pms.hotel.books.payments import Method
from pms.hotel.close import night_audit, verify
from pms.hotel.close.night_audit import Blocked, Choice, Rules, decide
from pms.hotel.close.night_audit.choices import Decisions
from pms.hotel.house import staff
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Line as Deed
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import policies, rates
from pms.hotel.rooms.blocks import Block
from pms.hotel.rooms.policies import Amount, Asks, By, Policy
from pms.hotel.service import maintenance
from pms.hotel.stays import (
    deposits_due,
    fees,
    reservations,
    settlements,
    stays,
    together,
    traces,
)
from pms.hotel.stays.fees import ReservationFee
from pms.hotel.stays.groups import Billing
from pms.hotel.stays.reservations import Guarantee, GuaranteeNeeded, Purpose, State, agreed
from pms.hotel.tariff import fee_codes, taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.fee_codes import FeeOf
from pms.hotel.tariff.taxes import Tax, TaxClass, TaxClassTax, TaxKind
from tests import make
from tests.hotel.close import lived
from tests.hotel.stays import allotted

DAY = make.DAY
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CARD = {"guarantee": Guarantee.CARD}


def under(session, house, code="STRICT", **terms):
    """Let BAR be booked under a policy from now on."""
    policy = make.policy(session, house, code, **terms)
    bar = rates.by_code(session, house, "BAR")
    policies.attach(session, bar, policy, by=make.by(session, house))
    return policy


def owed(session, party):
    house = session.get_one(Hotel, party.hotel_id)
    folio = settlements.folio_of(session, party, by=make.by(session, house))
    return folios.balance_of(session, folio)[1]


def test_cancelling_late_costs_what_was_agreed_and_a_deposit_pays_for_it(session):
    house = make.furnished(session)
    by = make.by(session, house)
    under(session, house)
    party = make.reservation(session, house, arrival=DAY + timedelta(days=3))
    paid = Money(15_000, "EUR")
    settlements.take_deposit(session, party, amount=paid, method=Method.CASH, by=by)

    due = fees.of_cancelling(session, party)
    assert (due.amount, due.free_until) == (Money(10_000, "EUR"), None)
    ended = fees.cancel(session, party, reason="Ill", expected=due.amount, by=by)

    assert ended.fee == Money(10_000, "EUR")
    assert party.state is State.CANCELLED
    assert owed(session, party) == Money(0, "EUR")
    assert settlements.deposit_held(session, party) == Money(5_000, "EUR")
    [left] = deposits_due.left(session, house)
    assert (left.reservation, left.held) == (party, Money(5_000, "EUR"))
    [trace] = traces.of_day(session, house, DAY)
    assert (trace.reservation, trace.department) == (party, Department.FRONT_OFFICE)
    assert "€50.00 is held" in trace.words
    verbs = set(session.scalars(sa.select(Deed.verb)))
    assert {"cancelled", "charged cancellation fee"} <= verbs
    with pytest.raises(DBAPIError), session.begin_nested():  # a second fee, past the verbs
        fee = fees.standing(session, party)
        columns = {c.key: getattr(fee, c.key) for c in sa.inspect(ReservationFee).column_attrs}
        session.execute(sa.insert(ReservationFee).values({**columns, "id": fee.id + 1}))

    fees.reinstate(session, party, by=by)

    assert settlements.deposit_held(session, party) == Money(15_000, "EUR")
    assert owed(session, party) == Money(0, "EUR")
    assert fees.standing(session, party) is None
    assert deposits_due.left(session, house) == []
    assert fees.cancel(session, party, reason="Ill again", by=by).fee == Money(10_000, "EUR")


@SQLITE
def test_what_is_held_for_a_no_show_is_traced_and_nothing_where_the_fee_took_all(session):
    house = make.furnished(session)
    by = make.by(session, house)
    under(session, house)
    for surname, minor in (("Rest", 20_001), ("All", 20_000)):
        party = make.reservation(session, house, surname=surname)
        paid = Money(minor, "EUR")
        settlements.take_deposit(session, party, amount=paid, method=Method.CASH, by=by)
        fees.no_show(session, party, by=by)

    [trace] = traces.of_day(session, house, DAY)
    assert "€0.01 is held" in trace.words
    assert [each.held.minor for each in deposits_due.left(session, house)] == [1]


def test_who_booked_before_keeps_what_was_agreed(session):
    house = make.furnished(session)
    by = make.by(session, house)
    policy = under(session, house)
    party = make.reservation(session, house, arrival=DAY + timedelta(days=3), **CARD)

    softer = policies.change(
        session, policy, name="Soft", fee_code=make.charge_code(session, house),
        terms=make.terms(cancel=Amount(), no_show=Amount()), by=by,
    )  # fmt: skip

    assert fees.of_cancelling(session, party).amount == Money(10_000, "EUR")
    later = make.reservation(session, house, arrival=DAY + timedelta(days=3), **CARD)
    assert agreed.policy_of(session, later).id == softer.id
    assert not fees.of_cancelling(session, later)
    for sql in ("UPDATE policies SET cancel_value = 2", "UPDATE policies SET cancel_days = 400"):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(sa.text(sql))


@SQLITE
@pytest.mark.parametrize(
    ("at", "costs"),
    [
        (datetime(2026, 3, 28, 17, 0, tzinfo=UTC), False),  # 18:00 in Berlin, to the minute
        (datetime(2026, 3, 28, 17, 0, 1, tzinfo=UTC), True),
    ],
)
def test_the_deadline_is_the_hotels_own_hour(session, at, costs):
    house = make.furnished(session, opens_on=datetime(2026, 3, 20, tzinfo=UTC).date())
    under(session, house, cancel_days=1, cancel_at=time(18, 0))
    arrival = datetime(2026, 3, 29, tzinfo=UTC).date()  # the night the clocks go forward
    party = make.reservation(session, house, arrival=arrival, **CARD)

    with clock.set_to(at):
        assert bool(fees.of_cancelling(session, party)) is costs


@SQLITE
def test_a_fee_is_waived_with_a_reason_by_who_may(session):
    house = make.furnished(session)
    under(session, house)
    party = make.reservation(session, house, arrival=DAY + timedelta(days=3), **CARD)
    clerk, manager = make.by(session, house, Role.FRONT_DESK), make.by(session, house)

    with pytest.raises(NotAllowed), session.begin_nested():
        fees.cancel(session, party, reason="Ill", waive="Regular", by=clerk)
    with pytest.raises(Invalid, match="why"), session.begin_nested():
        fees.cancel(session, party, reason="Ill", waive=" ", by=manager)
    with pytest.raises(fees.FeeChanged, match=r"100\.00"), session.begin_nested():
        fees.cancel(session, party, reason="Ill", expected=Money(0, "EUR"), by=clerk)
    ended = fees.cancel(session, party, reason="Ill", waive="Regular guest", by=manager)

    assert not ended.fee
    assert fees.standing(session, party).waived_why == "Regular guest"
    assert session.scalar(sa.select(Deed.why).where(Deed.verb == "waived cancellation fee"))


@SQLITE
def test_a_fee_is_waived_by_who_may_also_where_the_party_is_expected_tomorrow(session):
    house = make.furnished(session)
    under(session, house)
    party = make.reservation(session, house, **CARD)
    clerk, manager = make.by(session, house, Role.FRONT_DESK), make.by(session, house)

    with pytest.raises(NotAllowed), session.begin_nested():
        fees.no_show(session, party, keep_remaining=True, waive="Regular", by=clerk)
    with pytest.raises(Invalid, match="why"), session.begin_nested():
        fees.no_show(session, party, keep_remaining=True, waive="", by=manager)
    fees.no_show(session, party, keep_remaining=True, waive="Late train", by=manager)

    assert (party.state, owed(session, party).minor) == (State.BOOKED, 0)
    waived = sa.select(Deed.why).where(Deed.verb == "waived no-show fee")
    assert session.scalar(waived) == "Late train"


def test_the_audit_charges_a_no_show_what_was_agreed(session):
    house = make.furnished(session)
    by = make.by(session, house)
    under(session, house)
    sure = make.reservation(session, house, **CARD)
    unsure = make.reservation(session, house, surname="Unsure")
    nights = policies.change(
        session, session.scalar(sa.select(Policy)), name="One", by=by,
        fee_code=make.charge_code(session, house),
        terms=make.terms(no_show=Amount(By.NIGHTS, 1)),
    )  # fmt: skip
    one = make.reservation(session, house, surname="One", **CARD)
    assert agreed.policy_of(session, one).id == nights.id

    decisions = Decisions(house, DAY, Rules(), by, staff.the_house(session, house))
    assert len(list(decisions.arrivals(session))) == 3

    assert [owed(session, party).minor for party in (sure, unsure, one)] == [20_000, 0, 10_000]
    # who is taken back the same day will sleep here: that night is charged as one
    fees.reinstate(session, one, by=by)
    assert owed(session, one) == Money(0, "EUR")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_dry_run_shows_the_fees_of_who_wont_come(session):
    house = make.furnished(session)
    by = make.by(session, house)
    under(session, house)
    sure = make.reservation(session, house, **CARD)
    session.commit()

    seen = night_audit.dry_run(session, house, by=by, rules=Rules(arrivals=Choice.NO_SHOW))

    assert [(each.reservation, each.gross.minor) for each in seen.postings] == [
        (sure.number, 20_000)
    ]


def test_a_deposit_is_due_until_it_is_held(session):
    house = make.furnished(session)
    by, half = make.by(session, house), Amount(By.PERCENT, 5_000)
    under(session, house, deposit=half, deposit_days=10)
    later = DAY + timedelta(days=12)
    party = make.reservation(session, house, arrival=later, children=1, child_ages=(4,))
    make.reservation(session, house, arrival=later + timedelta(days=9))

    [due] = deposits_due.due(session, house, until=DAY + timedelta(days=7))
    assert (due.reservation.id, due.due_on) == (party.id, DAY + timedelta(days=2))
    assert (due.asked, due.missing) == (Money(10_000, "EUR"), Money(10_000, "EUR"))
    some = Money(4_000, "EUR")
    settlements.take_deposit(session, party, amount=some, method=Method.CASH, by=by)
    [due] = deposits_due.due(session, house, until=DAY + timedelta(days=7))
    assert due.missing == Money(6_000, "EUR")
    rest = due.missing
    settlements.take_deposit(session, party, amount=rest, method=Method.CASH, by=by)
    assert deposits_due.due(session, house, until=DAY + timedelta(days=7)) == []


@SQLITE
def test_who_guaranteed_nothing_pays_for_cancelling_no_more_than_for_not_coming(session):
    house = make.furnished(session)
    under(session, house)
    party = make.reservation(session, house)

    assert not fees.of_cancelling(session, party)
    assert not fees.of_no_show(session, party)

    settlements.take_deposit(
        session, party, amount=Money(5_000, "EUR"), method=Method.CASH, by=make.by(session, house)
    )
    assert fees.of_cancelling(session, party).amount == Money(10_000, "EUR")
    assert fees.of_no_show(session, party).amount == Money(20_000, "EUR")


@SQLITE
def test_a_fee_goes_to_the_master_that_pays_for_everything(session):
    house = make.furnished(session)
    by = make.by(session, house)
    under(session, house)
    wedding = allotted.group(session, house, billing=Billing.ALL)
    allotted.allot(session, house, wedding, 2)
    party = make.reservation(session, house, arrival=allotted.IN_A_WEEK, group=wedding, **CARD)

    fees.cancel(session, party, reason="Ill", by=by)

    assert owed(session, party) == Money(0, "EUR")
    assert together.master_balance(session, wedding) == Money(10_000, "EUR")
    fees.reinstate(session, party, by=by)
    assert together.master_balance(session, wedding) == Money(0, "EUR")


@SQLITE
def test_a_plan_asks_for_its_guarantee_but_not_of_who_stands_at_the_desk(session):
    house = make.furnished(session)
    under(session, house, asks=Asks.CARD)
    tomorrow = DAY + timedelta(days=1)

    with pytest.raises(GuaranteeNeeded, match="booked with card"):
        make.reservation(session, house, arrival=tomorrow)
    assert make.reservation(session, house, arrival=tomorrow, **CARD)
    assert make.reservation(session, house)


@SQLITE
def test_another_plan_is_another_plans_terms(session):
    house = make.furnished(session)
    by = make.by(session, house)
    policy = under(session, house)
    party = make.reservation(session, house, arrival=DAY + timedelta(days=3))
    free = make.plan(session, house, code="FREE")

    reservations.amend(session, party, reservations.Wanted(plan=free), reprice=True, by=by)
    assert agreed.policy_of(session, party) is None

    bar = rates.by_code(session, house, "BAR")
    reservations.amend(session, party, reservations.Wanted(plan=bar), reprice=True, by=by)
    assert agreed.policy_of(session, party).id == policy.id


@SQLITE
@pytest.mark.parametrize(
    ("amount", "is_"),
    [
        (Amount(), 0),
        (Amount(By.NIGHTS, 2), 20_001),
        (Amount(By.PERCENT, 3_333), 9_999),
        (Amount(By.AMOUNT, 5_000), 5_000),
        (Amount(By.AMOUNT, 99_999), 30_001),
    ],
)
def test_an_amount_is_reckoned_of_the_stay(session, amount, is_):
    nights = [Money(10_000, "EUR"), Money(10_001, "EUR"), Money(10_000, "EUR")]

    assert amount.of(nights, "EUR") == Money(is_, "EUR")
    terms = make.terms(deposit=amount, deposit_days=10)
    due = terms.deposit_due(DAY, DAY + timedelta(days=14))
    assert due == (DAY + timedelta(days=4) if amount else None)


@SQLITE
def test_a_party_expected_tomorrow_pays_what_was_agreed_once(session):
    house = lived.plain(session, parties=0)
    by = make.by(session, house)
    with clock.set_to(make.NOON), transaction(session):
        under(session, house, no_show=Amount(By.AMOUNT, 2_000))
        fixed = make.reservation(session, house, nights=3, **CARD)
        under(session, house, "WHOLE")
        whole = make.reservation(session, house, nights=3, **CARD)
        under(session, house, "NIGHT", no_show=Amount(By.NIGHTS, 1))
        night = make.reservation(session, house, nights=3, **CARD)
        parties = (fixed, whole, night)
        rolled = [fees.no_show(session, each, keep_remaining=True, by=by) for each in parties]

    assert [each.minor for each in rolled] == [2_000, 10_000, 10_000]
    assert [fees.standing(session, each) for each in parties] == [None] * 3
    session.rollback()
    for _ in range(2):
        lived.close(session, house)

    assert {each.state for each in parties} == {State.NO_SHOW}
    assert [owed(session, each).minor for each in parties] == [2_000, 30_000, 10_000]
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


@SQLITE
def test_a_night_that_stands_charged_is_not_paid_again(session):
    house = make.furnished(session)
    by = make.by(session, house)
    under(session, house, no_show=Amount(By.NIGHTS, 1), cancel=Amount(By.PERCENT, 10_000))
    party = make.reservation(session, house, **CARD)

    paid = [fees.no_show(session, party, by=by)]
    fees.reinstate(session, party, by=by)
    paid.append(fees.no_show(session, party, by=by))
    fees.reinstate(session, party, by=by)
    paid.append(fees.cancel(session, party, reason="Ill", by=by).fee)

    # taken back on the same day, a night is charged as a night when they sleep here
    assert [each.minor for each in paid] == [10_000, 10_000, 20_000]
    assert owed(session, party) == Money(20_000, "EUR")


@SQLITE
def test_a_day_without_a_night_is_paid_as_a_fee(session):
    house = make.furnished(session)
    under(session, house, no_show=Amount(By.NIGHTS, 1))
    party = make.reservation(session, house, nights=0, **CARD)

    charged = fees.no_show(session, party, by=make.by(session, house))

    assert charged == owed(session, party) == Money(10_000, "EUR")
    assert fees.standing(session, party).entry_id is not None


def posted_as(session, party):
    """What a party was charged as, by code."""
    return session.execute(
        sa.select(ChargeCode.code, sa.func.sum(Line.amount))
        .join(Line, Line.charge_code_id == ChargeCode.id)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Entry.subject_id == party.id, Line.amount > 0)
        .group_by(ChargeCode.code)
    ).all()


@SQLITE
def test_a_no_show_without_a_policy_pays_its_first_night_once_and_as_a_fee(session):
    house = lived.plain(session, parties=0)
    by = make.by(session, house)
    with clock.set_to(make.NOON), transaction(session):
        party = make.reservation(session, house, nights=4, **CARD)
        decide(session, house, party, Choice.NO_SHOW_KEEP_NIGHTS, by=by)
    lived.close(session, house)
    lived.close(session, house)

    assert party.state is State.NO_SHOW
    assert posted_as(session, party) == [("NOSHOW", 10_000)]
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


@SQLITE
def test_fees_are_posted_as_the_hotel_says_with_the_tax_in_them(session):
    house = make.furnished(session)
    by = make.by(session, house)
    under(session, house, no_show=Amount(By.NIGHTS, 1))
    city = make.taxed_code(session, house)
    with pytest.raises(fee_codes.TaxesOnTop):
        fee_codes.put(session, house, FeeOf.NO_SHOW, city, by=by)
    vat = session.scalars(sa.select(Tax).where(Tax.code == "VAT7")).one()
    kind = taxes.add_class(session, house, code="FEES", name="Fees", taxes=[vat], by=by)
    code = make.charge_code(session, house, "NOSHOW")
    code.tax_class_id = kind.id
    fee_codes.put(session, house, FeeOf.NO_SHOW, code, by=by)
    party = make.reservation(session, house, **CARD)

    due = fees.of_no_show(session, party)
    taken_apart = fee_codes.reckoned(session, house, fees.code_of(session, house, due), due.amount)
    fees.no_show(session, party, by=by)

    assert [line.amount.minor for line in taken_apart.taxes] == [654]
    assert posted_as(session, party) == [("NOSHOW", 10_000)]
    fee_codes.put(session, house, FeeOf.NO_SHOW, None, by=by)
    assert fee_codes.said(session, house) == {}


@SQLITE
def test_who_pays_nothing_is_told_no_fee(session):
    house = make.furnished(session)
    under(session, house, no_show=Amount(By.NIGHTS, 1))
    party = make.reservation(session, house, purpose=Purpose.COMPLIMENTARY, **CARD)
    session.execute(sa.text("UPDATE reservation_nights SET price = 5000"))  # a share of a room

    assert not fees.of_no_show(session, party)
    assert not fees.of_cancelling(session, party)


@SQLITE
def test_a_fee_on_a_closed_master_is_not_taken_back_unseen(session):
    house = make.furnished(session)
    by = make.by(session, house)
    under(session, house)
    wedding = allotted.group(session, house, billing=Billing.ALL)
    allotted.allot(session, house, wedding, 2)
    party = make.reservation(session, house, arrival=allotted.IN_A_WEEK, group=wedding, **CARD)
    fees.cancel(session, party, reason="Ill", by=by)
    [master] = session.scalars(sa.select(Folio).where(Folio.kind == FolioKind.GROUP)).all()
    payments.pay(session, master, amount=Money(10_000, "EUR"), method=Method.CASH, by=by)
    folios.close(session, master, by=by)

    with pytest.raises(fees.FeeOnClosedBill, match=f"folio {master.number} .* Reopen that folio"):
        fees.reinstate(session, party, by=by)


@SQLITE
def test_who_lost_the_room_to_us_is_no_no_show_by_rule(session):
    house = lived.plain(session, parties=0)
    by = make.by(session, house)
    with clock.set_to(make.NOON), transaction(session):
        party = make.reservation(session, house, nights=3)
        room = make.room(session, house, "101")
        stays.assign(session, party, room=room, by=by)
        order = maintenance.report(session, house, words="Burst pipe", room=room, by=by)
        maintenance.keep_from_guests(
            session, order, Block.OUT_OF_ORDER, first=DAY, until=DAY + timedelta(days=1),
            confirmed=[party.id], by=by,
        )  # fmt: skip

    with pytest.raises(Blocked, match="lost the room to us: Ana Dvořák"):
        lived.close(session, house)
    session.rollback()
    assert party.state is State.BOOKED
    with clock.set_to(make.NOON), transaction(session):
        decide(session, house, party, Choice.KEEP, by=by)
    lived.close(session, house)
    assert party.state is State.BOOKED


@SQLITE
def test_nobody_who_stays_away_pays_city_tax_and_rolled_nights_are_counted_on(session):
    """2.00 a head and night, and 5.00 once a booking, that is no levy: night 2 doesn't bear it."""
    house = make.furnished(session)
    by = make.by(session, house)
    code = make.taxed_code(session, house)
    once = taxes.add(
        session, house, code="ONCE", name="Booking fee", kind=TaxKind.PER_BOOKING, rate=500,
        inclusive=False, levy=False, by=by,
    )  # fmt: skip
    bears = session.scalars(sa.select(TaxClass)).one()
    session.add(TaxClassTax(hotel_id=house.id, tax_class_id=bears.id, no=3, tax_id=once.id))
    rates.by_code(session, house, "BAR").charge_code_id = code.id
    under(session, house, no_show=Amount(By.NIGHTS, 2))
    party = make.reservation(session, house, nights=3, **CARD)

    first = fees.of_no_show(session, party)
    charged = fees.no_show(session, party, keep_remaining=True, by=by)
    second = fees.of_no_show(session, party)

    assert first.amount == Money(10_500 + 10_000, "EUR")
    assert charged == Money(10_500, "EUR")
    assert second.amount == Money(10_000, "EUR")
    assert second.tonight == (DAY + timedelta(days=1), Money(10_000, "EUR"))
