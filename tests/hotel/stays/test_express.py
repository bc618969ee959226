"""Express check-out: asked for, settled by the desk in one go, and who can't be is named."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, receivables
from pms.hotel.guests import companies
from pms.hotel.stays import express, settlements, stays
from pms.hotel.stays.express import ExpressCheckOut, Settles
from pms.hotel.stays.reservations import State
from tests import make

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def leaving(session, house, surname, *, owes=0, company=None):
    """A party that leaves today and asked for the express check-out."""
    by = make.by(session, house)
    party = make.reservation(session, house, surname=surname, nights=1)
    free = next(each for each in ("101", "102", "103") if not stays.in_room(
        session, make.room(session, house, each)))  # fmt: skip
    stays.check_in(session, party, room=make.room(session, house, free), by=by)
    folio = settlements.folio_of(session, party, by=by)
    if company is not None:
        folios.open_window(session, folio, no=2, payee_company=company, by=by)
    if owes:
        code = make.charge_code(session, house)
        folios.charge(
            session, folio, code=code, amount=Money(owes, "EUR"), by=by,
            window=2 if company else 1,
        )  # fmt: skip
    return party, express.ask(session, party, email="ana@example.org", by=by)


def test_what_is_settled_or_a_companys_goes_and_what_is_open_is_refused(session):
    house = make.furnished(session)
    by = make.by(session, house)
    firm = companies.enter(session, house, code="ACME", name="Acme", direct_bill=True, by=by)
    paid, asked = leaving(session, house, "Paid")
    _firm, billed = leaving(session, house, "Firm", owes=5_000, company=firm)
    open_, owing = leaving(session, house, "Open", owes=700)
    with pytest.raises(express.NotYet):
        express.settle(session, asked, by=by)
    house.business_date = make.DAY + timedelta(days=1)
    session.flush()

    ways = [each.way for each in express.morning(session, house, house.business_date)]
    assert ways == [Settles.NOTHING_OWED, Settles.COMPANY, None]
    for each in (asked, billed):
        express.settle(session, each, by=by)
    with pytest.raises(express.Open, match=r"window 1: €7\.00"):
        express.settle(session, owing, by=by)

    assert paid.state is State.DEPARTED
    assert open_.state is State.IN_HOUSE
    assert receivables.balance_of(session, house, firm) == Money(5_000, "EUR")
    assert [e.asked.id for e in express.morning(session, house, house.business_date)] == [owing.id]
    with pytest.raises(DBAPIError), session.begin_nested():  # twice, past the verbs
        columns = {c.key: getattr(owing, c.key) for c in sa.inspect(ExpressCheckOut).column_attrs}
        session.execute(sa.insert(ExpressCheckOut).values({**columns, "id": owing.id + 1}))


@SQLITE
def test_it_wants_an_address_is_asked_once_and_withdrawn(session):
    house = make.furnished(session)
    by = make.by(session, house)
    party, asked = leaving(session, house, "Paid")
    other = make.reservation(session, house, surname="Other")

    for address in ("", "nobody"):
        with pytest.raises(Invalid):
            express.ask(session, other, email=address, by=by)
    with pytest.raises(express.AskedAlready):
        express.ask(session, party, email="ana@example.org", by=by)
    express.withdraw(session, asked, by=by)
    assert express.of(session, party) is None
    with pytest.raises(express.NotAsked):
        express.settle(session, asked, by=by)
