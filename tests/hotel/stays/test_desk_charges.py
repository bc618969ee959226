"""Desk charges: nights posted by hand bear the taxes of who sleeps there, as the audit's do."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger
from pms.hotel.books.ledger import Line
from pms.hotel.close import verify
from pms.hotel.stays import desk_charges, night_charges, settlements, stays
from pms.hotel.stays.reservations import agreed
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Limits, Tax
from tests import make
from tests.hotel.books.days import roll

DAY = make.DAY
HUNDRED = Money(10_000, "EUR")
BANDS = ((5, 0), (15, 100))


@pytest.fixture
def house(session):
    return make.furnished(session)


@pytest.fixture
def by(session, house):
    return make.by(session, house)


def city_tax(session, house, by, **limits):
    """Lodging with 2.00 a head and night on top, children up to 15 half of it, up to 5 none."""
    code = make.taxed_code(session, house)
    tax = session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
    taxes.set_rate(
        session, tax, rate=200, limits=Limits(**limits), children=BANDS, from_day=DAY, by=by
    )
    return code


def family(session, house, by, nights=3):
    """Two adults and a child of eight, in house."""
    party = make.reservation(session, house, nights=nights, children=1, child_ages=(8,), by=by)
    stays.check_in(session, party, room=make.room(session, house, "101"), by=by)
    return party, settlements.folio_of(session, party, by=by)


def borne(session, entry, code="CITY"):
    return session.scalar(
        sa.select(sa.func.sum(Line.amount))
        .join(Tax, sa.and_(Tax.hotel_id == Line.hotel_id, Tax.id == Line.tax_id))
        .where(Line.entry_id == entry.id, Line.amount > 0, Tax.code == code)
    )


def test_nights_posted_by_hand_bear_what_the_audits_do(session, house, by):
    code = city_tax(session, house, by)
    make.plan(session, house).charge_code_id = code.id
    party, folio = family(session, house, by)

    foreseen = desk_charges.foresee(session, folio, code=code, amount=HUNDRED, quantity=3)
    posted = desk_charges.charge(
        session, folio, code=code, amount=HUNDRED, quantity=3, window=1, by=by
    )
    two = desk_charges.charge(session, folio, code=code, amount=HUNDRED, persons=2, by=by)

    assert borne(session, posted) == 3 * (2 * 200 + 100)
    assert foreseen.taxed.gross == Money(31_500, "EUR")
    assert borne(session, two) == 2 * 200
    heads = agreed.heads_of_entries(session, house, {posted.id})[posted.id]
    assert (heads.adults, heads.children, heads.nights) == (2, (8,), 3)
    by_audit = night_charges.due(session, house, DAY, reservation_ids=[party.id])
    [night] = night_charges.reckon(session, house, by_audit)
    assert [line.amount.minor for line in night.taxed.taxes if line.rule.code == "CITY"] == [500]

    night_charges.void(session, posted, reason="Posted twice", by=by)

    assert folios.balance_of(session, folio)[1] == Money(10_400, "EUR")
    with pytest.raises(Invalid, match="1 to 999 persons"):
        desk_charges.charge(session, folio, code=code, amount=HUNDRED, persons=0, by=by)
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


def test_a_night_that_falls_away_takes_its_taxes_along_and_no_more_than_are_left(
    session, house, by
):
    code = city_tax(session, house, by)
    _, folio = family(session, house, by)
    three = desk_charges.charge(session, folio, code=code, amount=HUNDRED, quantity=3, by=by)
    one = {"code": code, "amount": -HUNDRED, "reason": "Left a day early", "by": by}

    kept = folios.adjust(session, folio, concerns=three, **one)
    gone = folios.adjust(session, folio, concerns=three, nights=1, **one)

    assert folios.balance_of(session, folio)[1] == Money(30_000 + 1_500 - 20_000 - 500, "EUR")
    assert borne(session, kept) is None
    with pytest.raises(folios.NotSoManyNights, match="hasn't that many nights left"):
        folios.adjust(session, folio, concerns=three, nights=3, **one)
    with pytest.raises(folios.NotSoManyNights, match="Choose the charge"):
        folios.adjust(session, folio, nights=1, **one)
    folios.void(session, gone, reason="Stayed after all", by=by)
    assert folios.balance_of(session, folio)[1] == Money(30_000 + 1_500 - 10_000, "EUR")
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


def test_a_bill_without_a_stay_bears_one_person(session, house, by):
    code, folio = city_tax(session, house, by), make.folio(session, house)

    alone = desk_charges.charge(session, folio, code=code, amount=HUNDRED, quantity=2, by=by)

    assert borne(session, alone) == 2 * 200


def test_a_night_by_hand_is_given_its_tax_back_when_its_stay_grows_long(session, house, by):
    code = city_tax(session, house, by, exempt_from=3, refunds=True)
    make.plan(session, house).charge_code_id = code.id
    _, folio = family(session, house, by, nights=4)
    desk_charges.charge(session, folio, code=code, amount=HUNDRED, by=by)
    for days in range(3):
        night = DAY + timedelta(days=days)
        night_charges.post(session, house, night_charges.due(session, house, night), by=by)
        roll(session, house)

    late = desk_charges.charge(session, folio, code=code, amount=HUNDRED, by=by)

    assert borne(session, late) is None
    city = ledger.open_balances(session, house, ledger.Ledger.TAX)
    assert city.get("tax/CITY", 0) == 0
