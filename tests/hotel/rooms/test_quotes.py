"""Quotes: every type and plan for a stay, night by night, to the cent the folio will show."""

from datetime import timedelta

import sqlalchemy as sa

from pms.base.money import Money
from pms.hotel.rooms import quotes, rates
from pms.hotel.rooms.rates import NightPrice
from tests import make
from tests.engines import ONE_ENGINE

DAY = make.DAY
THIRD = DAY + timedelta(days=2)


def test_a_quote_adds_its_nights_up_with_what_is_on_top(session):
    house = make.furnished(session)
    code = make.taxed_code(session, house, "ROOM7")
    rates.add_plan(
        session,
        house,
        code="FLEX",
        name="Flexible",
        market="transient",
        charge_code=code,
        by=make.by(session, house),
    )
    flex, kind = rates.by_code(session, house, "FLEX"), make.room_type(session, house)
    hundred = Money(10000, "EUR")
    prices = {DAY: hundred, DAY + timedelta(days=1): hundred}
    rates.set_prices(session, flex, kind, prices, by=make.by(session, house))

    quoted = {q.plan.code: q for q in quotes.quote(session, house, DAY, THIRD, adults=2)}

    assert quoted["BAR"].total == Money(20000, "EUR")
    assert quoted["BAR"].average == hundred
    assert quoted["FLEX"].total == quotes.total(
        (night.taxed.gross for night in quoted["FLEX"].nights), "EUR"
    )
    assert quoted["FLEX"].total > quoted["BAR"].total


def test_a_plan_without_a_price_for_a_night_is_shown_and_not_sold(session):
    house = make.furnished(session)
    session.execute(sa.delete(NightPrice).where(NightPrice.night == DAY))

    [quoted] = quotes.quote(session, house, DAY, THIRD, adults=2)

    assert quoted.nights == ()
    assert not quoted.can_be_sold


@ONE_ENGINE
def test_quoting_asks_no_more_for_more_types_and_nights(session):
    house = make.furnished(session)
    quotes.quote(session, house, DAY, THIRD, adults=2)  # the sheet is read after each change
    asked: list[str] = []
    sa.event.listen(
        session.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2])
    )
    quotes.quote(session, house, DAY, THIRD, adults=2)
    few, asked[:] = len(asked), []
    make.plan(session, house, make.room_type(session, house, "STE"))
    session.flush()
    asked.clear()

    quotes.quote(session, house, DAY, DAY + timedelta(days=20), adults=2)

    assert len(asked) <= few <= 8
