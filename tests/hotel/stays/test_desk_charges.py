"""Desk charges: nights posted by hand bear the taxes of who sleeps there, as the audit's do."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger
from pms.hotel.books.ledger import Line
from pms.hotel.close import verify
from pms.hotel.house import logbook
from pms.hotel.stays import desk_charges, night_charges, reservations, settlements, stays
from pms.hotel.stays.desk_charges import (
    AgreedOtherwise,
    AuditCharges,
    NothingDueTonight,
    NotItsNight,
    OneNightAtATime,
    Tonight,
)
from pms.hotel.stays.reservations import ReservationNight, Wanted, agreed
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


def test_a_night_posted_by_hand_bears_what_the_audits_do(session, house, by):
    code = city_tax(session, house, by)
    make.plan(session, house).charge_code_id = code.id
    party, folio = family(session, house, by)
    on_top = {"code": code, "amount": HUNDRED, "tonight": Tonight.ON_TOP}

    foreseen = desk_charges.foresee(session, folio, **on_top)
    posted = desk_charges.charge(session, folio, **on_top, window=1, by=by)
    two = desk_charges.charge(session, folio, **on_top, persons=2, by=by)

    assert borne(session, posted) == 2 * 200 + 100
    assert foreseen.taxed.gross == Money(10_500, "EUR")
    assert borne(session, two) == 2 * 200
    heads = agreed.heads_of_entries(session, house, {posted.id})[posted.id]
    assert (heads.adults, heads.children, heads.nights) == (2, (8,), 1)
    by_audit = night_charges.due(session, house, DAY, reservation_ids=[party.id])
    [night] = night_charges.reckon(session, house, by_audit)
    assert [line.amount.minor for line in night.taxed.taxes if line.rule.code == "CITY"] == [500]

    night_charges.void(session, posted, reason="Posted twice", by=by)

    assert folios.balance_of(session, folio)[1] == Money(10_400, "EUR")
    with pytest.raises(Invalid, match="1 to 999 persons"):
        desk_charges.charge(session, folio, **on_top, persons=0, by=by)
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


def test_nights_of_a_stay_are_posted_one_by_one_and_none_before_it_has_come(session, house, by):
    code = city_tax(session, house, by)
    _, folio = family(session, house, by)

    with pytest.raises(OneNightAtATime, match="one night at a time"):
        desk_charges.charge(session, folio, code=code, amount=HUNDRED, quantity=3, by=by)
    with pytest.raises(NotItsNight, match="still to come"):
        desk_charges.charge(
            session, folio, code=code, amount=HUNDRED, night=DAY + timedelta(days=1), by=by
        )
    with pytest.raises(NotItsNight, match="no night of this stay"):
        desk_charges.foresee(
            session, folio, code=code, amount=HUNDRED, night=DAY - timedelta(days=1)
        )
    with pytest.raises(NotItsNight, match="for no stay"):
        bill = make.folio(session, house)
        desk_charges.foresee(session, bill, code=code, amount=HUNDRED, night=DAY)

    assert folios.balance_of(session, folio)[1] == Money(0, "EUR")


def test_a_night_that_is_past_bears_its_own_price_heads_and_taxes(session, house, by):
    code = city_tax(session, house, by)
    make.plan(session, house).charge_code_id = code.id
    party, folio = family(session, house, by)
    roll(session, house)
    city = session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
    taxes.set_rate(session, city, rate=300, from_day=DAY + timedelta(days=1), by=by)
    reservations.amend(session, party, Wanted(adults=1, children=0), reprice=False, by=by)
    session.execute(
        sa.update(ReservationNight)
        .where(ReservationNight.reservation_id == party.id, ReservationNight.night == DAY)
        .values(price=7_700)
    )

    yesterday = desk_charges.charge(session, folio, code=code, night=DAY, by=by)
    tonight = desk_charges.charge(
        session, folio, code=code, amount=HUNDRED, tonight=Tonight.ON_TOP, by=by
    )

    assert borne(session, yesterday) == 2 * 200 + 100
    assert folios.balance_of(session, folio)[1] == Money(7_700 + 500 + 10_000 + 300, "EUR")
    assert (yesterday.service_night, tonight.service_night) == (DAY, DAY + timedelta(days=1))
    heads = agreed.heads_of_entries(session, house, {yesterday.id, tonight.id})
    assert (heads[yesterday.id].adults, heads[tonight.id].adults) == (2, 1)


def test_who_posts_tonight_says_whether_the_audit_charges_it_as_well(session, house, by):
    code = city_tax(session, house, by)
    make.plan(session, house).charge_code_id = code.id
    party, folio = family(session, house, by)
    nightly = Money(10_500, "EUR")

    with pytest.raises(AuditCharges, match=r"The night audit charges Lodging") as told:
        desk_charges.charge(session, folio, code=code, amount=HUNDRED, by=by)
    with pytest.raises(AgreedOtherwise) as otherwise:
        desk_charges.charge(
            session, folio, code=code, amount=HUNDRED, tonight=Tonight.ITS_NIGHT, by=by
        )
    foreseen = desk_charges.foresee(session, folio, code=code, amount=HUNDRED)
    own = desk_charges.foresee(session, folio, code=code, tonight=Tonight.ITS_NIGHT)

    assert (told.value.field, otherwise.value.field) == ("tonight", "amount")
    assert foreseen.by_audit == own.taxed.gross == nightly
    assert folios.balance_of(session, folio)[1] == Money(0, "EUR")

    entry = desk_charges.charge(session, folio, code=code, tonight=Tonight.ITS_NIGHT, by=by)

    assert (entry.rule, entry.service_night) == ("room", DAY)
    assert folios.balance_of(session, folio)[1] == nightly
    assert night_charges.due(session, house, DAY, reservation_ids=[party.id]) == []
    with pytest.raises(NothingDueTonight):
        desk_charges.charge(session, folio, code=code, tonight=Tonight.ITS_NIGHT, by=by)
    assert desk_charges.code_of_tonight(session, folio) is None
    assert "charged tonight" in [line.verb for line in logbook.history(session, folio)]
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


def test_who_has_not_come_pays_ahead_and_is_charged_no_night(session, house, by):
    code = city_tax(session, house, by)
    make.plan(session, house).charge_code_id = code.id
    party = make.reservation(session, house, nights=2, by=by)
    folio = settlements.folio_of(session, party, by=by)

    with pytest.raises(AuditCharges, match="Take a deposit"):
        desk_charges.charge(session, folio, code=code, amount=HUNDRED, by=by)
    with pytest.raises(NothingDueTonight):
        desk_charges.charge(session, folio, code=code, tonight=Tonight.ITS_NIGHT, by=by)


def test_a_key_sent_again_is_the_charge_there_is(session, house, by):
    code = city_tax(session, house, by)
    _, folio = family(session, house, by)
    asked = {"code": code, "amount": HUNDRED, "key": "desk/1", "by": by}

    first = desk_charges.charge(session, folio, **asked)
    again = desk_charges.charge(session, folio, **asked)
    other = desk_charges.charge(session, folio, **{**asked, "key": "desk/2"})

    assert first.id == again.id != other.id
    assert folios.balance_of(session, folio)[1] == Money(2 * 10_500, "EUR")
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


def test_a_night_that_falls_away_takes_its_taxes_along_and_no_more_than_are_left(
    session, house, by
):
    code, folio = city_tax(session, house, by), make.folio(session, house)
    three = desk_charges.charge(
        session, folio, code=code, amount=HUNDRED, quantity=3, persons=2, by=by
    )
    one = {"code": code, "amount": -HUNDRED, "reason": "Left a day early", "by": by}

    kept = folios.adjust(session, folio, concerns=three, **one)
    gone = folios.adjust(session, folio, concerns=three, nights=1, **one)

    assert folios.balance_of(session, folio)[1] == Money(30_000 + 1_200 - 20_000 - 400, "EUR")
    assert borne(session, kept) is None
    with pytest.raises(folios.NotSoManyNights, match="hasn't that many nights left"):
        folios.adjust(session, folio, concerns=three, nights=3, **one)
    with pytest.raises(folios.NotSoManyNights, match="Choose the charge"):
        folios.adjust(session, folio, nights=1, **one)
    folios.void(session, gone, reason="Stayed after all", by=by)
    assert folios.balance_of(session, folio)[1] == Money(30_000 + 1_200 - 10_000, "EUR")
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


def test_a_bill_without_a_stay_bears_one_person(session, house, by):
    code, folio = city_tax(session, house, by), make.folio(session, house)

    alone = desk_charges.charge(session, folio, code=code, amount=HUNDRED, quantity=2, by=by)

    assert borne(session, alone) == 2 * 200


def test_a_night_by_hand_is_given_its_tax_back_when_its_stay_grows_long(session, house, by):
    code = city_tax(session, house, by, exempt_from=3, refunds=True)
    make.plan(session, house).charge_code_id = code.id
    _, folio = family(session, house, by, nights=4)
    again = {"code": code, "amount": HUNDRED, "tonight": Tonight.ON_TOP, "by": by}
    desk_charges.charge(session, folio, **again)
    for days in range(3):
        night = DAY + timedelta(days=days)
        night_charges.post(session, house, night_charges.due(session, house, night), by=by)
        roll(session, house)

    late = desk_charges.charge(session, folio, **again)

    assert borne(session, late) is None
    city = ledger.open_balances(session, house, ledger.Ledger.TAX)
    assert city.get("tax/CITY", 0) == 0
