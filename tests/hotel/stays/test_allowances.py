"""Allowances: what is consumed against a package comes off the bill, once, and no further."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger, routing
from pms.hotel.books.routing import Takes
from pms.hotel.close import verify
from pms.hotel.rooms import package_allowances, packages, rates
from pms.hotel.rooms.packages import Details
from pms.hotel.rooms.packaging import Allowance, Element, Per, Rhythm, Span
from pms.hotel.rooms.pricing import Party
from pms.hotel.stays import allowances, night_charges, settlements, stays
from pms.hotel.stays.allowances import AllowanceUse
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import TaxKind
from tests import make
from tests.hotel.books.days import roll

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    """A hotel whose half board (7 % inside) lets two consume 25.00 each a day (19 % inside)."""
    house = make.furnished(session)
    by = make.by(session, house)
    make.taxed_code(session, house)
    classes = {}
    for code, rate in (("FOOD", 7), ("BAR", 19)):
        vat = taxes.add(
            session, house, code=f"V{rate}", name=f"VAT {rate} %", kind=TaxKind.PERCENT,
            rate=rate * taxes.PERCENT, inclusive=True, by=by,
        )  # fmt: skip
        classes[code] = taxes.add_class(session, house, code=code, name=code, taxes=[vat], by=by).id
    for code, taxed in (("HALF", "FOOD"), ("DINNER", "BAR"), ("SPA", "BAR")):
        charges.add(
            session, house, code=code, name=code.capitalize(), by=by,
            department=Department.FOOD_AND_BEVERAGE, tax_class_id=classes[taxed],
        )  # fmt: skip
    return house


def half_board(session, house, *, span=Span.DAY, amount=2_500, rhythm=Rhythm.EVERY_NIGHT):
    by = make.by(session, house)
    made = packages.add(
        session, house, code=f"HB{span}", by=by,
        details=Details(
            name=f"Half board {span}", charge_code=charges.by_code(session, house, "HALF"),
            per=Per.PERSON, price=euros(2_000), rhythm=rhythm,
        ),
    )  # fmt: skip
    dinner = [charges.by_code(session, house, "DINNER")]
    package_allowances.allow(session, made, span=span, amount=euros(amount), codes=dinner, by=by)
    packages.attach(session, rates.by_code(session, house, "BAR"), made, included=False, by=by)
    return made


def here(session, house, nights=2):
    party = make.reservation(session, house, nights=nights)
    by = make.by(session, house)
    stays.check_in(session, party, room=make.room(session, house, "101"), by=by)
    return party, settlements.folio_of(session, party, by=by)


def eat(session, house, folio, minor, code="DINNER"):
    entry = folios.charge(
        session, folio, code=charges.by_code(session, house, code), amount=euros(minor),
        by=make.by(session, house),
    )  # fmt: skip
    return entry, allowances.absorb(session, folio, entry)


def wrong(session, house):
    """What verify finds of the books and of packages; a day was rolled without its audit."""
    found = verify.checks(session, house)
    return [each.name for each in found if not each.ok and each.name[0] in "LP"]


def owed(session, folio):
    return folios.balance_of(session, folio)[1].minor


def test_a_days_allowance_absorbs_dinner_and_the_guest_pays_what_is_over(session, house):
    half_board(session, house)
    party, folio = here(session, house)

    first, taken = eat(session, house, folio, 3_000)
    _, rest = eat(session, house, folio, 4_500)
    _, none = eat(session, house, folio, 1_000)
    _, spa = eat(session, house, folio, 2_000, "SPA")

    assert (taken, rest, none, spa) == (euros(3_000), euros(2_000), None, None)
    assert owed(session, folio) == 2_500 + 1_000 + 2_000
    [left] = allowances.of_day(session, party, house.business_date)
    assert (left.allowed, left.used, left.left) == (euros(5_000), euros(5_000), euros(0))
    assert allowances.absorb(session, folio, first) is None  # asked again
    folios.void(session, first, reason="Wrong room", by=make.by(session, house))
    assert owed(session, folio) == 2_500 + 1_000 + 2_000
    [left] = allowances.of_day(session, party, house.business_date)
    assert left.left == euros(3_000)

    rows = night_charges.due(session, house, house.business_date)
    night_charges.post(session, house, rows, by=make.by(session, house))
    roll(session, house)
    [left] = allowances.of_day(session, party, house.business_date)
    assert left.left == euros(5_000)  # another day, another allowance
    day = make.DAY
    [result] = allowances.used(session, house, day, day)
    # 40.00 with 7 % inside came in, 20.00 with 19 % inside was eaten
    assert (result.posted, result.consumed) == (euros(3_738), euros(1_681))
    assert result.result == euros(3_738 - 1_681)
    assert wrong(session, house) == []


@SQLITE
def test_a_stays_allowance_lasts_until_the_party_leaves_and_comes_after_the_days(session, house):
    half_board(session, house)
    half_board(session, house, span=Span.STAY, amount=5_000, rhythm=Rhythm.ONCE)
    party, folio = here(session, house)

    _, taken = eat(session, house, folio, 12_000)
    assert taken == euros(12_000)
    by_span = {left.element.allowance.span: left for left in allowances.of_day(
        session, party, house.business_date
    )}  # fmt: skip
    assert by_span[Span.DAY].left == euros(0)
    assert by_span[Span.STAY].left == euros(10_000 - 7_000)
    leaves = allowances.of_day(session, party, party.departure)
    assert [left.element.allowance.span for left in leaves] == [Span.STAY]
    stays_before = make.reservation(session, house, surname="Later")
    later = settlements.folio_of(session, stays_before, by=make.by(session, house))
    assert eat(session, house, later, 1_000)[1] is None  # who isn't here consumes nothing
    assert wrong(session, house) == []


def test_the_database_itself_lets_no_allowance_be_overdrawn_or_rewritten(session, house):
    half_board(session, house)
    party, folio = here(session, house)
    entry, _ = eat(session, house, folio, 4_000)
    other, _ = eat(session, house, folio, 9_000, "SPA")
    session.flush()
    row = {
        "hotel_id": house.id, "entry_id": other.id, "charge_id": other.id,
        "reservation_id": party.id, "no": 1, "since": house.business_date, "allowed": 5_000,
    }  # fmt: skip

    with pytest.raises(IntegrityError, match="goes as far"), session.begin_nested():
        session.execute(sa.insert(AllowanceUse).values(row | {"amount": 1_001}))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(sa.insert(AllowanceUse).values(row | {"amount": 0}))
    with pytest.raises(IntegrityError, match="ink"), session.begin_nested():
        session.execute(sa.update(AllowanceUse).values(amount=1))
    assert ledger.is_reversed(session, entry) is False


@SQLITE
def test_what_is_no_allowance_is_refused_and_bookings_keep_theirs(session, house):
    by, made = make.by(session, house), half_board(session, house)
    dinner = charges.by_code(session, house, "DINNER")
    half = charges.by_code(session, house, "HALF")

    def allow(**said):
        details = {"span": Span.DAY, "amount": euros(1_000), "codes": [dinner]} | said
        package_allowances.allow(session, made, **details, by=by)

    for wrong in (
        {"amount": euros(0)}, {"amount": Money(100, "USD")}, {"codes": []}, {"codes": [half]},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            allow(**wrong)
    party, folio = here(session, house)
    package_allowances.allow_nothing(session, made, by=by)
    package_allowances.allow_nothing(session, made, by=by)
    assert package_allowances.of(session, house) == {}
    assert eat(session, house, folio, 6_000)[1] == euros(5_000)
    assert party.departure - party.arrival == timedelta(days=2)


@pytest.mark.parametrize(
    ("per", "quantity", "allowed"),
    [(Per.PERSON, 1, 2 * 2_500 + 900), (Per.ROOM, 1, 2_500), (Per.FIXED, 3, 7_500)],
)
def test_an_allowance_counts_as_the_price_does(per, quantity, allowed):
    element = Element(
        1, "HB", "Half board", 1, None, per, 2_000, Rhythm.EVERY_NIGHT, quantity=quantity,
        children_price=900, allowance=Allowance(Span.DAY, 2_500),
    )  # fmt: skip

    assert element.allows(Party(2, 1)) == allowed


@SQLITE
def test_what_is_taken_off_goes_to_all_who_pay_the_charge(session, house):
    half_board(session, house, amount=500)  # 10.00 a day for the two of them
    _, folio = here(session, house)
    by = make.by(session, house)
    folios.open_window(session, folio, no=2, payee_name="Acme", by=by)
    routing.route(session, folio, to_window=2, takes=Takes(percent=6_000), by=by)

    _, taken = eat(session, house, folio, 3_000)

    assert taken == euros(1_000)
    assert {no: owes.minor for no, owes in folios.balance_of(session, folio).items()} == {
        1: 800,  # 40 % of 30.00 less 40 % of 10.00
        2: 1_200,
    }
    assert wrong(session, house) == []
