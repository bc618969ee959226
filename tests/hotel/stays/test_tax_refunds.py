"""Taxes given back to a stay grown long: to the window that bore each, whoever pays tonight."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base.db import transaction
from pms.base.money import Money
from pms.hotel.books import folios, payments, routing
from pms.hotel.books.folios import FolioState, FolioWindow
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.books.payments import Method
from pms.hotel.books.routing import Takes
from pms.hotel.close import verify
from pms.hotel.house import logbook
from pms.hotel.stays import night_charges, settlements, stays
from pms.hotel.tariff import taxes
from pms.hotel.tariff.taxes import Tax
from tests import make
from tests.hotel.close import lived

DAY = make.DAY
NEXT = DAY + timedelta(days=1)


def stands(session, folio):
    return {no: balance.minor for no, balance in folios.balance_of(session, folio).items()}


@pytest.fixture
def house(session):
    """Rooms at 100.00 with a city tax of 2.00 that goes back to who stays three nights."""
    long = taxes.Limits(exempt_from=3, refunds=True)
    with transaction(session):
        house = make.furnished(session)
        make.plan(session, house).charge_code_id = make.taxed_code(session, house).id
        city = session.scalars(sa.select(Tax).where(Tax.code == "CITY")).one()
        by = make.by(session, house)
        taxes.set_rate(session, city, rate=200, limits=long, from_day=DAY, by=by)
    return house


def test_a_tax_goes_back_to_the_windows_that_bore_it(session, house):
    by = make.by(session, house)
    with transaction(session):
        booked = make.reservation(session, house, nights=3)
        stays.check_in(session, booked, room=make.room(session, house, "101"), by=by)
        folio, firm = settlements.folio_of(session, booked, by=by), make.folio(session, house)
        folios.open_window(session, folio, no=2, payee_name="A friend", by=by)
        takes = Takes(last_night=NEXT, percent=7_500)  # 78.00 of 104.00: 3.00 of the city tax
        routing.route(session, folio, to_folio=firm, to_window=1, takes=takes, by=by)
    for _ in range(2):
        lived.close(session, house)
    with transaction(session):
        night = sa.select(Entry).where(Entry.service_night == DAY, Entry.kind == Kind.CHARGE)
        mine = session.get_one(FolioWindow, (house.id, folio.id, 1))
        [first] = session.scalars(night)
        moved = folios.transfer(session, first, to_folio=folio, to_window=2, leaving=mine, by=by)
        part = Money(2_080, "EUR")  # 0.80 of its 1.00 of city tax
        folios.split(session, moved, amount=part, to_folio=folio, to_window=1, by=by)
        paid = Money(15_600, "EUR")
        payments.pay(session, firm, amount=paid, method=Method.CASH, by=by)
        folios.close(session, firm, by=by)

    lived.close(session, house)

    assert stands(session, firm) == {1: -600}  # 3.00 of each night, though it pays none tonight
    assert firm.state is FolioState.OPEN
    assert logbook.history(session, firm)[0].why == "A tax is given back"
    assert stands(session, folio) == {1: 2_080 - 80 + 2_600 - 100 + 10_000, 2: 520 - 20}
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


def test_a_tax_is_due_again_where_it_went_back_when_the_night_is_voided(session, house):
    by = make.by(session, house)
    with transaction(session):
        booked = make.reservation(session, house, nights=3)
        stays.check_in(session, booked, room=make.room(session, house, "101"), by=by)
        folio, firm = settlements.folio_of(session, booked, by=by), make.folio(session, house)
        takes = Takes(last_night=NEXT, percent=7_500)  # 78.00 of 104.00: 3.00 of the city tax
        routing.route(session, folio, to_folio=firm, to_window=1, takes=takes, by=by)
    for _ in range(2):
        lived.close(session, house)

    def night_3():
        """Charge it, and return its charge."""
        night_charges.charge_nights(session, house, booked, [house.business_date], by=by)
        wanted = sa.select(Entry).where(
            Entry.service_night == house.business_date, Entry.kind == Kind.CHARGE
        )
        return session.scalars(wanted.order_by(Entry.turn.desc())).first()

    with transaction(session):
        charge = night_3()
        assert (stands(session, firm), stands(session, folio)) == ({1: 15_000}, {1: 15_000})
        paid = Money(15_000, "EUR")
        payments.pay(session, firm, amount=paid, method=Method.CASH, by=by)
        folios.close(session, firm, by=by)

        night_charges.void(session, charge, reason="They leave", by=by)

        assert (stands(session, firm), stands(session, folio)) == ({1: 600}, {1: 5_200})
        assert firm.state is FolioState.OPEN
        first = logbook.history(session, firm)[0]
        assert (first.verb, first.why) == ("charged tax again", "They leave")

        charge = night_3()  # they stay after all
        assert (stands(session, firm), stands(session, folio)) == ({1: 0}, {1: 15_000})
        night_charges.void(session, charge, reason="They leave", by=by)
    assert (stands(session, firm), stands(session, folio)) == ({1: 600}, {1: 5_200})

    with transaction(session):
        night = sa.select(Entry).where(Entry.service_night == NEXT, Entry.kind == Kind.CHARGE)
        [second] = session.scalars(night)
        night_charges.void(session, second, reason="Never slept", by=by)
    assert (stands(session, firm), stands(session, folio)) == ({1: 7_800 - 15_000}, {1: 2_600})
    assert wrong(session, house) == []


def wrong(session, house):
    """What `verify` finds wrong but for nights that are due again."""
    found = [each.name for each in verify.checks(session, house) if not each.ok]
    return [name for name in found if not name.startswith("N1 ")]
