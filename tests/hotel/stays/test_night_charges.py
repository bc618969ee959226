"""Night charges: each night once, whoever posts it; what recurs; what is given away."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, routing
from pms.hotel.books.folios import NoPriceForCode
from pms.hotel.books.ledger import Entry, Ledger
from pms.hotel.close import verify
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import NotAllowed, Role, Staff
from pms.hotel.rooms import offers, quotes
from pms.hotel.stays import (
    night_charges,
    promised,
    recurring,
    reservations,
    settlements,
    stays,
)
from pms.hotel.stays.recurring import Rhythm
from pms.hotel.stays.reservations import Purpose
from pms.hotel.tariff import charges, taxes, versions
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import Tax
from tests import make
from tests.engines import ONE_ENGINE
from tests.hotel.books.days import roll
from tests.hotel.books.races import at_once

DAY, NEXT, THIRD = (make.DAY + timedelta(days=n) for n in range(3))


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    return make.furnished(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


def arrived(session, house, by, number="101", **details):
    booked = make.reservation(session, house, **details)
    stay = stays.check_in(session, booked, room=make.room(session, house, number), by=by)
    return booked, stay


def post(session, house, by, night=None, **details):
    rows = night_charges.due(session, house, night or house.business_date, **details)
    return night_charges.post(session, house, rows, by=by)


def entries(session, booked):
    return session.scalars(
        sa.select(Entry).where(Entry.subject_id == booked.id).order_by(Entry.id)
    ).all()


def revenue(session, house):
    return ledger.open_balances(session, house, Ledger.REVENUE)


def test_each_party_in_house_is_charged_once(session, house, by):
    first, _ = arrived(session, house, by)
    arrived(session, house, by, "102")
    make.reservation(session, house)

    assert (post(session, house, by), post(session, house, by)) == (2, 0)

    assert revenue(session, house) == {"revenue/rooms/ROOM": -20000}
    [entry] = entries(session, first)
    assert entry.key == f"night/{first.number}/{DAY}/room/0"
    assert settlements.open_balances(session, first) == {1: euros(10000)}


def test_rows_read_before_somebody_else_charged_are_charged_once(session, house, by):
    arrived(session, house, by)
    rows = night_charges.due(session, house, DAY)

    assert night_charges.post(session, house, rows, by=by) == 1
    assert night_charges.post(session, house, rows, by=by) == 0


@ONE_ENGINE
def test_rows_read_before_somebody_else_charged_neither_part_anew_nor_reopen(session, house, by):
    booked, _ = arrived(session, house, by)
    folio, firm = settlements.folio_of(session, booked, by=by), make.folio(session, house)
    takes = routing.Takes(total_limit=euros(9_000))
    routing.route(session, folio, to_folio=firm, to_window=1, takes=takes, by=by)
    rows = night_charges.due(session, house, DAY)
    assert night_charges.post(session, house, rows, by=by) == 1
    folios.transfer_balance(session, folio, to_folio=firm, by=by)
    folios.close(session, folio, by=by)

    assert night_charges.post(session, house, rows, by=by) == 0

    assert folio.state is folios.FolioState.CLOSED
    assert folios.balance_of(session, firm)[1] == euros(10_000)


def test_a_night_charged_at_once_is_charged_once(engine, session, house, by):
    for number in ("101", "102", "103"):
        arrived(session, house, by, number)
    session.commit()

    def deed(other):
        hotel = other.get_one(Hotel, house.id)
        rows = night_charges.due(other, hotel, DAY)
        return night_charges.post(other, hotel, rows, by=other.get_one(Staff, (by.chain_id, by.id)))

    assert sum(at_once(engine, deed, times=3)) == 3
    assert revenue(session, house) == {"revenue/rooms/ROOM": -30000}


def test_batches_add_up(session, house, by):
    for number in ("101", "102", "103"):
        arrived(session, house, by, number)

    some = night_charges.parties(session, house, DAY)
    batches = (some[:2], some, None)

    assert [post(session, house, by, reservation_ids=each) for each in batches] == [2, 1, 0]


@pytest.mark.parametrize("nights", [1, 2])
def test_what_is_due_is_put_into_words_once(session, house, by, nights):
    booked, _ = arrived(session, house, by)
    said = []

    def watch(_connection, _cursor, _statement, _parameters, context, _many):
        said.append(context.cache_hit.name)

    def ask():
        days = [DAY, NEXT][:nights]
        return night_charges.expected(session, house, booked, days)

    first = ask()
    sa.event.listen(session.connection(), "before_cursor_execute", watch)
    again = ask()

    assert first == again
    assert len(first) == nights
    assert said == ["CACHE_HIT"] * 2


def test_taxes_go_by_the_party_and_once_a_stay_only_on_the_first_night(session, house, by):
    plan = make.plan(session, house)
    plan.charge_code_id = make.taxed_code(session, house).id
    session.flush()
    booked, _ = arrived(session, house, by, adults=2)

    post(session, house, by)

    assert settlements.open_balances(session, booked) == {1: euros(10400)}
    assert ledger.open_balances(session, house, Ledger.TAX) == {
        "tax/CITY": -400,
        "tax/VAT7": -654,
    }


@ONE_ENGINE
@pytest.mark.parametrize("purpose", [Purpose.COMPLIMENTARY, Purpose.HOUSE_USE])
def test_a_night_given_away_is_a_fact_at_nothing(session, house, by, purpose):
    plan = make.plan(session, house)
    plan.charge_code_id = make.taxed_code(session, house).id
    session.flush()
    booked, _ = arrived(session, house, by, purpose=purpose)

    assert post(session, house, by) == 1

    [entry] = entries(session, booked)
    assert [line.amount for line in ledger.lines_of(session, entry)] == [0, 0]
    assert post(session, house, by) == 0


@ONE_ENGINE
def test_a_voided_night_is_due_again_at_its_next_turn(session, house, by):
    booked, _ = arrived(session, house, by)
    post(session, house, by)
    [entry] = entries(session, booked)

    folios.void(session, entry, reason="wrong rate", by=by)

    assert post(session, house, by) == 1
    assert [each.turn for each in entries(session, booked)] == [0, 1]
    assert settlements.open_balances(session, booked) == {1: euros(10000)}


@ONE_ENGINE
def test_who_leaves_before_the_audit_has_paid_tonight(session, house, by):
    _, stay = arrived(session, house, by)

    stays.check_out(session, stay, leave_owing="skipped", charge_tonight=True, by=by)

    assert post(session, house, by) == 0
    assert revenue(session, house) == {"revenue/rooms/ROOM": -10000}


@ONE_ENGINE
def test_who_comes_after_the_roll_is_charged_last_night(session, house, by):
    booked = make.reservation(session, house, nights=2)
    roll(session, house)

    stays.check_in(session, booked, room=make.room(session, house), by=by)
    post(session, house, by)

    assert [(each.service_night, each.business_day) for each in entries(session, booked)] == [
        (DAY, NEXT),
        (NEXT, NEXT),
    ]


@ONE_ENGINE
def test_a_no_show_who_comes_after_all_is_not_charged_twice(session, house, by):
    booked = make.reservation(session, house, nights=2)
    reservations.no_show(session, booked, by=by)

    code = make.charge_code(session, house, "NOSHOW")
    fee = {"nights": {DAY: euros(10_000)}, "code": code, "by": by}
    assert night_charges.no_show_fee(session, house, booked, **fee) == 1
    assert night_charges.no_show_fee(session, house, booked, **fee) == 0
    reservations.reinstate(session, booked, by=by)
    stays.check_in(session, booked, room=make.room(session, house), by=by)

    assert post(session, house, by) == 0
    assert revenue(session, house) == {"revenue/other/NOSHOW": -10000}


@ONE_ENGINE
def test_day_use_pays_once(session, house, by):
    booked, _ = arrived(session, house, by, nights=0)  # which charges it

    assert night_charges.charge_day_use(session, house, booked, by=by) == 0
    assert [each.rule for each in entries(session, booked)] == ["day-use"]
    assert post(session, house, by) == 0


@ONE_ENGINE
def test_the_room_goes_where_the_folio_routes_it(session, house, by):
    booked, _ = arrived(session, house, by)
    folio, master = settlements.folio_of(session, booked, by=by), make.folio(session, house)
    room = make.charge_code(session, house)
    routing.route(
        session, folio, to_folio=master, to_window=1, takes=routing.Takes(code=room), by=by
    )

    post(session, house, by)
    assert folios.balance_of(session, master)[1] == euros(10000)
    roll(session, house)
    folios.transfer_balance(session, master, to_folio=folio, by=by)
    folios.close(session, master, by=by)
    post(session, house, by)

    assert settlements.open_balances(session, booked) == {1: euros(20000)}


@ONE_ENGINE
def test_a_folio_closed_too_early_opens_for_its_night(session, house, by):
    booked, _ = arrived(session, house, by)
    folio = settlements.folio_of(session, booked, by=by)
    folios.close(session, folio, by=by)

    assert post(session, house, by) == 1

    assert logbook.history(session, folio)[0].why == "A night is due"


def test_the_database_itself_refuses_the_same_night_twice(session, house, by):
    booked, _ = arrived(session, house, by)
    post(session, house, by)
    [entry] = entries(session, booked)
    twin = ledger.Draft(
        kind=entry.kind,
        text="Twin",
        subject_id=booked.id,
        service_night=DAY,
        rule="room",
        lines=tuple(
            ledger.Side(line.account_id, line.amount) for line in ledger.lines_of(session, entry)
        ),
    )

    with pytest.raises(IntegrityError, match=r"service_night|night_charged_once"):
        ledger.post(session, house, [twin], by=by)


@ONE_ENGINE
def test_posting_needs_permission(session, house, by):
    arrived(session, house, by)
    rows = night_charges.due(session, house, DAY)

    with pytest.raises(NotAllowed):
        night_charges.post(session, house, rows, by=make.by(session, house, Role.HOUSEKEEPER))


# --- what recurs --------------------------------------------------------------------------------


@pytest.fixture
def parking(session, house, by):
    code = make.charge_code(session, house, "PARK")
    code.price = 1000
    session.flush()
    return code


@ONE_ENGINE
@pytest.mark.parametrize(
    ("details", "nights"),
    [
        ({}, [0, 1, 2, 3]),
        ({"rhythm": Rhythm.ARRIVAL_NIGHT}, [0]),
        ({"rhythm": Rhythm.LAST_NIGHT}, [3]),
        ({"rhythm": Rhythm.EVERY_N_NIGHTS, "every": 2}, [0, 2]),
        ({"rhythm": Rhythm.WEEKDAYS, "weekdays": 0b1100000}, [1, 2]),
        ({"first": NEXT, "last": NEXT}, [1]),
    ],
)
def test_what_recurs_is_charged_in_its_rhythm(session, house, by, parking, details, nights):
    """The stay of four nights begins on a Friday."""
    booked, _ = arrived(session, house, by, nights=4)
    recurring.add(session, booked, code=parking, quantity=2, **details, by=by)

    for _ in range(4):
        post(session, house, by)
        assert post(session, house, by) == 0
        roll(session, house)

    charged = [each for each in entries(session, booked) if each.rule == "recurring:1"]
    assert [(each.service_night - DAY).days for each in charged] == nights
    assert revenue(session, house)["revenue/other/PARK"] == -2000 * len(nights)


@ONE_ENGINE
def test_a_stopped_charge_recurs_no_more(session, house, by, parking):
    booked, _ = arrived(session, house, by)
    first = recurring.add(session, booked, code=parking, by=by)
    recurring.add(session, booked, code=parking, amount=euros(1), by=by)

    recurring.stop(session, booked, first, by=by)

    assert post(session, house, by) == 2
    assert revenue(session, house)["revenue/other/PARK"] == -1
    assert [each.no for each in recurring.of(session, booked)] == [1, 2]
    verbs = [line.verb for line in logbook.history(session, booked)]
    assert verbs[:3] == ["stopped recurring charge"] + ["added recurring charge"] * 2


@ONE_ENGINE
def test_odd_rhythms_are_refused(session, house, by, parking):
    booked = make.reservation(session, house)
    free = make.charge_code(session, house, "FREE")

    for refusal, details in (
        (NoPriceForCode, {"code": free}),
        (Invalid, {"code": parking, "quantity": 0}),
        (Invalid, {"code": parking, "weekdays": 0}),
        (Invalid, {"code": parking, "amount": Money(1, "USD")}),
        (Invalid, {"code": parking, "first": NEXT, "last": DAY}),
    ):
        with pytest.raises(refusal):
            recurring.add(session, booked, **details, by=by)
    reservations.cancel(session, booked, reason="x", by=by)
    with pytest.raises(recurring.StayIsOver, match="is cancelled"):
        recurring.add(session, booked, code=parking, by=by)


# --- how many ------------------------------------------------------------------------------------


def test_a_full_house_is_charged_in_few_statements(session, house, by):
    """The count of statements doesn't grow with the rooms."""
    for number in range(104, 124):
        arrived_in_new_room(session, house, by, str(number))
    for booked in session.scalars(sa.select(reservations.Reservation)):
        settlements.folio_of(session, booked, by=by)
    asked = []
    connection = session.connection()
    sa.event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))

    assert post(session, house, by) == 20

    assert len(asked) <= 17


def arrived_in_new_room(session, house, by, number):
    booked = make.reservation(session, house, force="full")
    stays.check_in(session, booked, room=make.room(session, house, number), by=by)


def test_a_stay_that_grows_long_enough_gets_its_tax_back_once(session, house, by):
    code = make.taxed_code(session, house)
    city = session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
    limits = taxes.Limits(exempt_from=3, refunds=True)
    taxes.set_rate(session, city, rate=200, limits=limits, from_day=DAY, by=by)
    plan = make.plan(session, house)
    plan.charge_code_id = code.id
    booked, _ = arrived(session, house, by, nights=3)
    nights = [DAY, NEXT, THIRD]

    night_charges.charge_nights(session, house, booked, nights, by=by)
    night_charges.charge_nights(session, house, booked, nights, by=by)

    owed = ledger.open_balances(session, house, Ledger.TAX)
    given_back = [each for each in entries_of(session) if each.kind is ledger.Kind.ADJUSTMENT]
    assert "tax/CITY" not in owed
    assert owed["tax/VAT7"] < 0
    assert [each.reason for each in given_back] == ["Stays 3 nights or longer"] * 2


def test_of_a_night_that_was_adjusted_only_the_tax_that_is_left_goes_back(session, house, by):
    tax = taxes.add(
        session, house, code="BED", name="Bed tax", kind=taxes.TaxKind.PERCENT, rate=50_000,
        inclusive=False, by=by, limits=taxes.Limits(exempt_from=3, refunds=True),
    )  # fmt: skip
    bed = taxes.add_class(session, house, code="BED", name="Bed", taxes=[tax], by=by)
    code = charges.add(
        session, house, code="BED", name="Bed", department=Department.ROOMS, tax_class_id=bed.id,
        by=by,
    )  # fmt: skip
    make.plan(session, house).charge_code_id = code.id
    booked, _ = arrived(session, house, by, nights=3)
    night_charges.charge_nights(session, house, booked, [DAY, NEXT], by=by)
    first = session.scalars(
        sa.select(Entry).where(Entry.service_night == DAY, Entry.kind == ledger.Kind.CHARGE)
    ).one()
    folio = settlements.folio_of(session, booked, by=by)
    folios.adjust(
        session, folio, code=code, amount=Money(-4_000, house.currency), reason="Cold", window=1,
        concerns=first, by=by,
    )  # fmt: skip

    night_charges.charge_nights(session, house, booked, [DAY, NEXT, THIRD], by=by)

    assert "tax/BED" not in ledger.open_balances(session, house, Ledger.TAX)
    owed = settlements.open_balances(session, booked)[1]
    assert owed == Money(3 * 10_000 - 4_000, house.currency)


def test_a_night_voided_after_its_tax_went_back_gives_it_back_once(session, house, by):
    code = make.taxed_code(session, house)
    city = session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
    limits = taxes.Limits(exempt_from=3, refunds=True)
    taxes.set_rate(session, city, rate=200, limits=limits, from_day=DAY, by=by)
    make.plan(session, house).charge_code_id = code.id
    booked, _ = arrived(session, house, by, nights=3)
    night_charges.charge_nights(session, house, booked, [DAY, NEXT, THIRD], by=by)
    first = session.scalars(
        sa.select(Entry).where(Entry.service_night == DAY, Entry.kind == ledger.Kind.CHARGE)
    ).one()

    folios.void(session, first, reason="Wrong price", by=by)

    assert "tax/CITY" not in ledger.open_balances(session, house, Ledger.TAX)
    owed = settlements.open_balances(session, booked)[1]
    assert owed == Money(2 * 10_000, house.currency)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_family_is_taxed_by_age_in_quote_promise_and_books_alike(session, house, by):
    code = make.taxed_code(session, house)
    city = session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
    bands = ((5, 0), (15, 100))
    taxes.set_rate(session, city, rate=300, children=bands, from_day=DAY, by=by)
    plan = make.plan(session, house)
    plan.charge_code_id = code.id
    versions.renew(session, house.id)
    room_type = make.room_type(session, house)
    room_type.sleeps = 5
    ages = (4, 9)
    family = {"adults": 2, "children": 2, "ages": ages}

    [quoted] = quotes.quote(session, house, DAY, THIRD, **family)
    [offer] = offers.offers(session, house, DAY, THIRD, **family)
    booked, _ = arrived(session, house, by, children=2, child_ages=ages)
    nights = [(night.night, night.price, night.plan_id, night.adults) for night in booked.nights]
    [promise] = promised.promised(session, house, [booked])
    reckoned = promised.with_taxes(session, house, booked, nights)
    night_charges.charge_nights(session, house, booked, [DAY], by=by)

    whole = euros(2 * (10_000 + 300 * 2 + 100))
    assert quoted.total == promise.total == reckoned == whole
    assert dict(offer.totals)["BAR"] == whole.minor
    assert settlements.open_balances(session, booked)[1] == euros(whole.minor // 2)
    assert [check.name for check in verify.checks(session, house) if not check.ok] == []


def entries_of(session):
    return session.scalars(sa.select(Entry)).all()
