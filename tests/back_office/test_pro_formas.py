"""A pro forma says what its own window will pay: nights that others pay aren't on it."""

from datetime import timedelta

import pytest

from pms.base.money import Money
from pms.hotel.books import folios, papers, routing
from pms.hotel.books.routing import Takes
from pms.hotel.stays import billing, night_charges, settlements, stays
from pms.hotel.tariff.charges import Department
from tests import make, papered, prepaid

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def stay(session):
    """Two nights at 104.00 in the house, and a bar bill of 13.00 that window 2 pays."""
    house = prepaid.house(session)
    by, booked = make.by(session, house), make.reservation(session, house, nights=2)
    stays.check_in(session, booked, room=make.room(session, house), by=by)
    folio = settlements.folio_of(session, booked, by=by)
    folios.open_window(session, folio, no=2, by=by)
    bar = make.charge_code(session, house, "BAR")
    folios.charge(session, folio, code=bar, amount=Money(1_300, "EUR"), window=2, by=by)
    return house, booked, folio


def made(session, house, folio, window):
    """The pro forma of a window, as the desk issues it."""
    return papers.pro_forma(
        session, folio, window=window, to=papered.FIRM,
        expected=billing.expected(session, folio, window=window), by=make.by(session, house),
    )  # fmt: skip


@ON_SQLITE
def test_the_nights_to_come_are_on_the_window_that_pays_them(session, stay):
    house, _, folio = stay

    assert [made(session, house, folio, no).gross for no in (1, 2)] == [20_800, 1_300]


@ON_SQLITE
def test_what_routing_lets_a_company_pay_is_on_its_pro_forma_to_the_cent(session, stay):
    house, booked, folio = stay
    by = make.by(session, house)
    half = Takes(department=Department.ROOMS, percent=5_000)
    routing.route(session, folio, to_folio=folio, to_window=2, takes=half, by=by)

    ahead = {no: made(session, house, folio, no) for no in (1, 2)}
    nights = [booked.arrival + timedelta(days=n) for n in range(2)]
    night_charges.charge_nights(session, house, booked, nights, by=by)

    stands = {no: money.minor for no, money in folios.balance_of(session, folio).items()}
    assert {no: paper.gross for no, paper in ahead.items()} == stands
    invoiced = papers.invoice(session, folio, window=2, to=papered.FIRM, by=by)
    assert (invoiced.net, invoiced.tax) == (ahead[2].net, ahead[2].tax)
