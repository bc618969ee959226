"""Agreements, and what agents earn by them: a share of what stands posted, no more."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import clock
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger
from pms.hotel.guests import agreements, companies, credit_limits
from pms.hotel.guests.agreements import Party
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms.rooms import by_number
from pms.hotel.stays import commissions, night_charges, settlements, stays
from tests import make

YEAR = {"first": make.DAY, "until": make.DAY + timedelta(days=365)}


@pytest.fixture
def house(session):
    with clock.set_to(make.NOON):
        yield make.furnished(session)


@pytest.fixture
def agent(session, house):
    return companies.enter(session, house, code="SAKURA", name="Sakura", by=make.by(session, house))


def leaves(session, house, *, number="101", **details):
    """A stay of one night that was charged and left owing."""
    by = make.by(session, house)
    party = make.reservation(session, house, nights=1, **details)
    stay = stays.check_in(session, party, room=by_number(session, house, number), by=by)
    night_charges.charge_nights(session, house, party, [make.DAY], by=by)
    stays.check_out(session, stay, leave_owing="agent pays", by=by)
    make.room(session, house, number)
    return party


def test_what_is_given_back_of_a_room_earns_no_commission(session, house, agent):
    by = make.by(session, house)
    agreements.make(session, house, agent, party=Party.AGENT, commission=1_000, by=by, **YEAR)
    named, unnamed, other = (
        leaves(session, house, company=agent, surname=surname)
        for surname in ("Named", "Unnamed", "Other")
    )
    bar = make.charge_code(session, house, "BAR")
    for party, code in ((named, None), (unnamed, None), (other, bar)):
        night = session.scalars(
            sa.select(ledger.Entry).where(ledger.Entry.subject_id == party.id)
        ).one()
        bill = settlements.folio_of(session, party, by=by)
        [line] = folios.adjustables(session, bill)
        assert (line.entry, line.amount) == (night, Money(10_000, "EUR"))
        if party is named:
            elsewhere = make.folio(session, house)
            night = folios.transfer(session, night, to_folio=elsewhere, by=by)
            [line] = folios.adjustables(session, elsewhere)
            assert folios.adjustables(session, bill) == []
            bill = elsewhere
        folios.adjust(
            session, bill, code=code or line.code, amount=Money(-4_000, "EUR"),
            reason="Noise", concerns=night if party is named else None, by=by,
        )  # fmt: skip
    adjusted = folios.adjust(
        session, bill, code=line.code, amount=Money(-100, "EUR"), reason="Wrong", by=by
    )
    folios.void(session, adjusted, reason="Wrong", by=by)

    earned = commissions.earned(session, house, make.DAY, make.DAY + timedelta(days=1))

    assert {each.number: (each.revenue.minor, each.amount.minor) for each in earned} == {
        named.number: (6_000, 600),
        unnamed.number: (6_000, 600),
        other.number: (10_000, 1_000),
    }


def test_an_agent_earns_a_share_of_the_room_revenue_that_stands(session, house, agent):
    by = make.by(session, house)
    agreements.make(session, house, agent, party=Party.AGENT, commission=1_250, by=by, **YEAR)
    first = leaves(session, house, company=agent)
    leaves(session, house, surname="Nobody's")
    second = leaves(session, house, company=agent, surname="Reversed")
    room = session.scalars(
        sa.select(ledger.Entry).where(ledger.Entry.subject_id == second.id)
    ).one()
    folio = settlements.folio_of(session, second, by=by)
    assert folios.balance_of(session, folio) == {1: Money(10_000, "EUR")}
    folios.void(session, room, reason="was ill", by=by)

    earned = commissions.earned(session, house, make.DAY, make.DAY + timedelta(days=1))

    assert [(each.number, each.revenue.minor, each.amount.minor) for each in earned] == [
        (first.number, 10_000, 1_250),
        (second.number, 0, 0),
    ]
    agreement = agreements.of(session, house, agent)[0]
    agreements.end(session, agreement, by=by)
    assert agreement.until == make.DAY


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_agreements_do_not_overlap_and_only_agents_earn(session, house, agent):
    by = make.by(session, house)
    agreements.make(session, house, agent, party=Party.COMPANY, by=by, **YEAR)

    with pytest.raises(agreements.AgreedAlready, match="has an agreement until"):
        agreements.make(session, house, agent, party=Party.AGENT, by=by, **YEAR)
    with pytest.raises(Invalid, match="for agents only"):
        agreements.make(session, house, agent, party=Party.COMPANY, commission=1, by=by, **YEAR)
    with pytest.raises(NotAllowed):
        desk = make.by(session, house, Role.FRONT_DESK)
        agreements.grant_credit(
            session, agent, direct_bill=True, credit_limit=None, hotel=house, by=desk
        )
    limit = Money(50_000, "EUR")
    agreements.grant_credit(
        session, agent, direct_bill=True, credit_limit=limit, hotel=house, by=by
    )
    assert (agent.direct_bill, credit_limits.limit_of(session, house, agent.id)) == (True, limit)
    with pytest.raises(IntegrityError):
        session.execute(sa.text("UPDATE agreements SET commission = 5"))
