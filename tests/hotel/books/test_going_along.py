"""What goes along with an adjustment: the percentages its charge bears, and no others."""

import pytest

from pms.base.money import Money
from pms.hotel.books import folios, ledger
from pms.hotel.close import verify
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import Limits, Slept, TaxKind
from tests import make
from tests.engines import ONE_ENGINE

DAY = make.DAY


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def occupancy(session, house, by):
    """Return a way to add a charge code that bears an occupancy tax of 10 % on top."""

    def added(**limits):
        levy = limits.pop("levy", False)
        tax = taxes.add(
            session, house, code="OCC", name="Occupancy tax", kind=TaxKind.PERCENT,
            rate=10 * taxes.PERCENT, inclusive=False, levy=levy, limits=Limits(**limits), by=by,
        )  # fmt: skip
        bears = taxes.add_class(session, house, code="BED", name="Bed", taxes=[tax], by=by)
        return charges.add(
            session, house, code="BED", name="Bed", department=Department.ROOMS,
            tax_class_id=bears.id, by=by,
        )  # fmt: skip

    return added


def bears(session, house):
    """What the state is owed, in minor units."""
    return -ledger.open_balances(session, house, ledger.Ledger.TAX).get("tax/OCC", 0)


def night(session, folio, code, by, *, no=1, adults=2, minor=20_000, **other):
    """A night's charge, the how-manieth of its stay."""
    slept = Slept(adults, (), no)
    return folios.charge(
        session, folio, code=code, amount=euros(minor), slept=slept, by=by, **other
    )


def taken_off(session, folio, charge, code, by, *, minor=-5_000, **other):
    """What an adjustment of a charge did to the bill, in minor units."""
    before = folios.balance_of(session, folio)[1]
    folios.adjust(
        session, folio, code=code, amount=euros(minor), reason="Cold", concerns=charge, by=by,
        **other,
    )  # fmt: skip
    return folios.balance_of(session, folio)[1].minor - before.minor


def nothing_wrong(session, house):
    return [each.name for each in verify.checks(session, house) if not each.ok] == []


@ONE_ENGINE
@pytest.mark.parametrize("limits", [{"most_nights": 3}, {"exempt_from": 5}])
def test_a_night_that_was_not_taxed_gives_no_tax_back(session, house, by, occupancy, limits):
    folio, code = make.folio(session, house), occupancy(**limits)
    fifth = night(session, folio, code, by, no=5)

    assert taken_off(session, folio, fifth, code, by) == -5_000
    assert bears(session, house) == 0
    assert nothing_wrong(session, house)


@ONE_ENGINE
def test_a_fee_gives_no_levy_back(session, house, by, occupancy):
    folio, code = make.folio(session, house), occupancy(levy=True)
    fee = folios.charge(session, folio, code=code, amount=euros(20_000), is_fee=True, by=by)

    assert taken_off(session, folio, fee, code, by) == -5_000
    assert bears(session, house) == 0


@ONE_ENGINE
def test_a_tax_that_went_back_does_not_go_back_twice(session, house, by, occupancy):
    folio, code = make.folio(session, house), occupancy(exempt_from=3, refunds=True)
    first = night(session, folio, code, by)
    tax, window = taxes.rules(session, house.id, [code.tax_class_id], DAY)[code.tax_class_id], 1
    account = folios.window_account(session, folio, window)
    state = ledger.accounts(session, house, [folios.tax_account(tax[0])])["tax/OCC"]
    back = ledger.Draft(
        kind=ledger.Kind.ADJUSTMENT, key=f"{first.key}/exempt/{tax[0].tax_id:x}", text="Exempt",
        reason="Stays 3 nights or longer", concerns_id=first.id,
        lines=(
            ledger.Side(account, -2_000, code.id, tax[0].tax_id, base=-20_000),
            ledger.Side(state, 2_000, code.id, tax[0].tax_id, base=-20_000),
        ),
    )  # fmt: skip
    ledger.post(session, house, [back], by=by)

    assert taken_off(session, folio, first, code, by) == -5_000
    assert bears(session, house) == 0


@ONE_ENGINE
def test_a_price_above_which_a_tax_is_due_is_the_charges_own(session, house, by, occupancy):
    folio, code = make.folio(session, house), occupancy(only_over=10_000)
    first = night(session, folio, code, by)

    assert taken_off(session, folio, first, code, by) == -5_500
    assert bears(session, house) == 1_500


def test_what_a_most_per_head_kept_away_is_taken_off_first(session, house, by, occupancy):
    folio, code = make.folio(session, house), occupancy(cap=800)
    first = night(session, folio, code, by)  # 10 % of 200.00 is 20.00, of two at most 16.00
    assert bears(session, house) == 1_600

    assert taken_off(session, folio, first, code, by, minor=-3_000) == -3_000
    assert bears(session, house) == 1_600  # 17.00, still at most 16.00
    assert taken_off(session, folio, first, code, by, minor=-3_000, key="once") == -3_200
    assert bears(session, house) == 1_400
    assert taken_off(session, folio, first, code, by, minor=-3_000, key="once") == 0
    assert taken_off(session, folio, first, code, by, minor=-14_000) == -15_400
    assert bears(session, house) == 0
    assert nothing_wrong(session, house)


@ONE_ENGINE
def test_what_is_added_to_a_night_that_was_given_is_taxed(session, house, by, occupancy):
    code = occupancy()
    folio = make.folio(session, house)
    free = charges.add(
        session, house, code="FREE", name="Free", department=Department.ROOMS, price=0,
        tax_class_id=code.tax_class_id, by=by,
    )  # fmt: skip
    given = folios.charge(session, folio, code=free, by=by)

    assert taken_off(session, folio, given, free, by, minor=5_000) == 5_500


@ONE_ENGINE
def test_all_of_a_charge_taken_off_takes_its_tax_along_and_what_is_added_again_bears_it(
    session, house, by, occupancy
):
    folio, code = make.folio(session, house), occupancy()
    first = night(session, folio, code, by)

    with pytest.raises(
        folios.MoreThanCharged,
        match=r"€220\.00 of it are left on this window, and €220\.00 .* on top is €242\.00\.",
    ):
        taken_off(session, folio, first, code, by, minor=-22_000)
    assert taken_off(session, folio, first, code, by, minor=-20_000) == -22_000
    assert taken_off(session, folio, first, code, by, minor=1_000) == 1_100
    assert bears(session, house) == 100
