"""Taxes given back to a stay grown long: to the window that bore each, whoever pays tonight."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base.money import Money
from pms.hotel.books import folios, payments, routing
from pms.hotel.books.folios import FolioState
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.payments import Method
from pms.hotel.books.routing import Takes
from pms.hotel.close import verify
from pms.hotel.house import logbook
from pms.hotel.stays import night_charges, settlements, stays
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Tax
from tests import make

DAY = make.DAY
NEXT, THIRD = DAY + timedelta(days=1), DAY + timedelta(days=2)


def stands(session, folio):
    return {no: balance.minor for no, balance in folios.balance_of(session, folio).items()}


@pytest.fixture
def house(session):
    """Rooms at 100.00 with a city tax of 2.00 that goes back to who stays three nights."""
    house = make.furnished(session)
    make.plan(session, house).charge_code_id = make.taxed_code(session, house).id
    city = session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
    long = taxes.Limits(exempt_from=3, refunds=True)
    taxes.set_rate(session, city, rate=200, limits=long, from_day=DAY, by=make.by(session, house))
    return house


def test_a_tax_goes_back_to_the_windows_that_bore_it(session, house):
    by = make.by(session, house)
    booked = make.reservation(session, house, nights=3)
    stays.check_in(session, booked, room=make.room(session, house, "101"), by=by)
    folio, firm = settlements.folio_of(session, booked, by=by), make.folio(session, house)
    folios.open_window(session, folio, no=2, payee_name="A friend", by=by)
    takes = Takes(last_night=NEXT, percent=7_500)  # 76.50 of 102.00: 1.50 of the city tax
    routing.route(session, folio, to_folio=firm, to_window=1, takes=takes, by=by)
    night_charges.charge_nights(session, house, booked, [DAY, NEXT], by=by)
    first = session.scalars(
        sa.select(Entry).where(Entry.service_night == DAY, Entry.kind == Kind.CHARGE)
    ).one()
    [leaving] = folio.windows[:1]
    moved = folios.transfer(session, first, to_folio=folio, to_window=2, leaving=leaving, by=by)
    folios.split(
        session, moved, amount=Money(2_040, "EUR"), to_folio=folio, to_window=1, by=by
    )  # 0.40 of its 0.50 of city tax
    payments.pay(session, firm, amount=Money(15_300, "EUR"), method=Method.CASH, by=by)
    folios.close(session, firm, by=by)

    night_charges.charge_nights(session, house, booked, [THIRD], by=by)

    assert stands(session, firm) == {1: -300}  # 1.50 of each night, though it pays nothing tonight
    assert firm.state is FolioState.OPEN
    assert logbook.history(session, firm)[0].why == "A tax is given back"
    assert stands(session, folio) == {1: 2_040 - 40 + 2_550 - 50 + 10_000, 2: 510 - 10}
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []
