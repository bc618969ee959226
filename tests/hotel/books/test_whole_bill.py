"""What is taken off a bill without naming a line: no more than was charged, in all and by tax."""

import pytest

from pms.base.money import Money
from pms.hotel.books import folios, payments
from pms.hotel.books.ledger import Entry
from pms.hotel.books.payments import Method
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import TaxKind
from tests import make
from tests.engines import ONE_ENGINE


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    return make.furnished(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


@pytest.fixture
def bar(session, house, by):
    """Drinks, with 19 % inside."""
    vat = taxes.add(
        session, house, code="VAT19", name="VAT 19 %", kind=TaxKind.PERCENT,
        rate=19 * taxes.PERCENT, inclusive=True, by=by,
    )  # fmt: skip
    drinks = taxes.add_class(session, house, code="DRINKS", name="Drinks", taxes=[vat], by=by)
    return charges.add(
        session, house, code="DRINK", name="Drinks", department=Department.FOOD_AND_BEVERAGE,
        tax_class_id=drinks.id, by=by,
    )  # fmt: skip


@pytest.fixture
def goodwill(session, house, by):
    """Outside VAT: nothing is supplied."""
    return charges.add(
        session, house, code="GOODWILL", name="Goodwill", department=Department.ROOMS, by=by
    )


def test_no_more_is_taken_off_a_window_than_was_charged_on_it(session, house, by, goodwill):
    folio, lodging = make.folio(session, house, windows=2), make.taxed_code(session, house)
    night = folios.charge(session, folio, code=lodging, amount=euros(10_000), by=by)
    off = {"code": goodwill, "reason": "Noise", "by": by}

    with pytest.raises(folios.MoreThanTheBill, match=r"At most €100\.00 can be taken off") as no:
        folios.adjust(session, folio, amount=euros(-10_001), **off)
    assert no.value.field == "amount"  # the city tax of 2.00 stays: nobody slept less
    taken = folios.adjust(session, folio, amount=euros(-6_000), **off)
    payments.pay(session, folio, amount=euros(4_200), method=Method.CASH, by=by)
    with pytest.raises(folios.MoreThanTheBill, match=r"At most €40\.00"):
        folios.adjust(session, folio, amount=euros(-4_001), **off)
    with pytest.raises(folios.MoreThanTheBill, match=r"At most €0\.00"):
        folios.adjust(session, folio, amount=euros(-1), window=2, **off)
    folios.split(session, night, amount=euros(3_000), to_folio=folio, to_window=2, by=by)
    folios.adjust(session, folio, amount=euros(-1), window=2, **off)
    folios.void(session, taken, reason="It was quiet", by=by)
    folios.adjust(session, folio, amount=euros(-5_000), **off)


def test_no_more_of_a_tax_is_taken_off_than_the_window_bears(session, house, by, bar):
    folio, lodging = make.folio(session, house), make.taxed_code(session, house)
    folios.charge(session, folio, code=lodging, amount=euros(10_000), by=by)
    off = {"reason": "Noise", "by": by}

    with pytest.raises(folios.TaxNotCharged, match=r"bears VAT 19 % on €0\.00 only") as no:
        folios.adjust(session, folio, code=bar, amount=euros(-1_190), **off)
    assert no.value.field == "code"
    folios.charge(session, folio, code=bar, amount=euros(1_190), by=by)
    folios.adjust(session, folio, code=bar, amount=euros(-1_190), **off)
    with pytest.raises(folios.TaxNotCharged):
        folios.adjust(session, folio, code=bar, amount=euros(-1_190), **off)
    folios.adjust(session, folio, code=lodging, amount=euros(-10_000), **off)


@ONE_ENGINE
def test_what_names_a_line_that_is_no_charge_is_held_to_the_whole_bill(
    session, house, by, goodwill
):
    folio = make.folio(session, house)
    paid = payments.pay(session, folio, amount=euros(5_000), method=Method.CASH, by=by)
    entry = session.get_one(Entry, (house.id, paid.entry_id))

    with pytest.raises(folios.MoreThanTheBill):
        folios.adjust(session, folio, code=goodwill, amount=euros(-5_000), reason="Nice guest",
                      concerns=entry, by=by)  # fmt: skip


@ONE_ENGINE
def test_the_same_key_answers_and_an_addition_has_no_such_limit(session, house, by, goodwill):
    folio, lodging = make.folio(session, house), make.taxed_code(session, house)
    folios.charge(session, folio, code=lodging, amount=euros(10_000), by=by)
    off = {"code": goodwill, "amount": euros(-10_000), "reason": "Noise", "key": "once", "by": by}

    first = folios.adjust(session, folio, **off)

    assert folios.adjust(session, folio, **off).id == first.id
    folios.adjust(session, folio, code=goodwill, amount=euros(50_000), reason="Damage", by=by)
